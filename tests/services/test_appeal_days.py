"""Complaints by the calendar: due on a working day, late from the next, listed soonest first."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.codes_desk import APPEAL_MATTER
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.services import appeals
from desktop_app.services.appeals import LONGEST, WORKING_DAYS, AppealDesk
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.workplace import Workplace
from tests.services.conftest import Exchange
from tests.services.kit import let_in, log_in, number, registered
from tests.sync.site import Site

MONDAY = dt.date(2024, 8, 19)


@pytest.fixture
def desk(site: Site) -> Workplace:
    """A school's computer by itself: complaints need no district."""
    return site.set_up("desk", "school", "2141041101")


@pytest.fixture
def record(desk: Workplace) -> str:
    return registered(desk)


def on(monkeypatch: pytest.MonkeyPatch, day: dt.date) -> None:
    """Let it be a day."""
    monkeypatch.setattr(appeals, "local_day", lambda: day)


def test_every_day_s_complaint_is_due_on_the_fifth_working_day_after_it(
    desk: Workplace, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    appeal, before = AppealDesk(desk), ""
    for ahead in range(16):
        day = MONDAY + dt.timedelta(days=ahead)
        on(monkeypatch, day)
        made = appeal.record(record, "materials", f"第{ahead}天")
        due = next(one.due for one in appeal.lines() if one.record == made)
        within = desk.policy.working_days_after(day.isoformat(), WORKING_DAYS)
        assert due == within[-1]
        assert len({*within}) == WORKING_DAYS
        assert day.isoformat() < min(within)
        assert due >= before  # who comes later is never answered sooner
        before = due
    lines = appeal.lines()
    assert [one.due for one in lines] == sorted(one.due for one in lines)
    assert [one.words for one in lines] == [f"第{ahead}天" for ahead in range(16)]


def test_it_is_late_from_the_day_after_and_never_once_it_is_answered(
    desk: Workplace, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    appeal = AppealDesk(desk)
    on(monkeypatch, MONDAY)
    made = appeal.record(record, "materials", "排队排了一上午")
    due = dt.date.fromisoformat(appeal.lines()[0].due)
    for day, late in ((MONDAY, False), (due, False), (due + dt.timedelta(days=1), True)):
        on(monkeypatch, day)
        assert [one.late for one in appeal.lines()] == [late]
    appeal.answer(made, "已道歉")
    (line,) = appeal.lines(record)
    assert (line.late, line.standing, line.answer) == (False, "answered", "已道歉")
    assert line.due == due.isoformat()


@pytest.mark.parametrize("matter", [one.value for one in APPEAL_MATTER.entries])
def test_every_matter_is_listed_and_told_in_its_words(
    desk: Workplace, record: str, matter: str
) -> None:
    AppealDesk(desk).record(record, matter, "有话要说")
    (label,) = [one.label for one in APPEAL_MATTER.entries if one.value == matter]
    (line,) = AppealDesk(desk).lines()
    event = CaseDesk(desk).open(record).events[-1]
    assert (line.matter, line.name, bool(line.receipt)) == (label, "罗雨桐", True)
    assert (event.act, event.subject, event.detail) == ("appeal", label, "在办")


def test_words_are_kept_as_one_line_up_to_the_longest(desk: Workplace, record: str) -> None:
    appeal = AppealDesk(desk)
    made = appeal.record(record, "other", "  头一行\n\t第二行  ")
    assert appeal.lines()[0].words == "头一行 第二行"
    for words in ("", " \n\t ", "字" * (LONGEST + 1)):
        with pytest.raises(RuleError, match=r"appeal\.words"):
            appeal.answer(made, words)
    assert appeal.lines()[0].standing == "open"
    appeal.answer(made, "字" * LONGEST)
    assert appeal.lines(record)[0].answer == "字" * LONGEST


def test_the_story_tells_no_word_of_a_complaint(desk: Workplace, record: str) -> None:
    appeal = AppealDesk(desk)
    appeal.answer(appeal.record(record, "conduct", "家长的原话"), "学校的原话", passed_on=True)
    told = [f"{one.subject}{one.detail}" for one in CaseDesk(desk).open(record).events]
    assert not [one for one in told if "原话" in one]
    assert [one for one in told if "转区里" in one]


def test_each_child_has_its_own_and_the_list_has_them_all(desk: Workplace, record: str) -> None:
    other = registered(
        desk,
        id_number=number(order=301),
        full_name="王子涵",
        guardian_id_number=number("19890522", 301),
        guardian_phone="13800000301",
    )
    appeal = AppealDesk(desk)
    mine, theirs = appeal.record(record, "other", "一"), appeal.record(other, "other", "二")
    assert [one.record for one in appeal.lines(record)] == [mine]
    assert {one.name for one in appeal.lines()} == {"罗雨桐", "王子涵"}
    appeal.answer(mine, "答")
    assert [one.record for one in appeal.lines()] == [theirs]
    assert appeal.lines("never-heard-of") == ()


def test_nobody_complains_about_a_child_that_is_not_there(desk: Workplace, record: str) -> None:
    appeal = AppealDesk(desk)
    with pytest.raises(StaleError, match=r"record\.gone"):
        appeal.record("never-heard-of", "other", "话")
    with pytest.raises(StaleError, match=r"record\.gone"):
        appeal.answer("never-heard-of", "话")
    assert appeal.lines() == ()
    assert [one.act for one in CaseDesk(desk).open(record).events] == ["registered"]


def test_whoever_sits_there_writes_it_down_and_another_answers(
    site: Site, laptop: Workplace
) -> None:
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    record = registered(laptop)
    made = AppealDesk(laptop).record(record, "information", "要看登记表")
    registrar = log_in(site, laptop, "刘素琴")
    AppealDesk(registrar).answer(made, "已打印给家长")
    told = [one for one in CaseDesk(registrar).open(record).events if one.act == "appeal"]
    assert [(one.person, one.detail) for one in told] == [("赵志强", "在办"), ("刘素琴", "已答复")]


def test_answered_at_two_laptops_both_answers_are_told_and_none_is_open(
    laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    record = registered(laptop)
    made = AppealDesk(laptop).record(record, "placement", "想去离家近的学校")
    meet()
    meet()
    assert [one.words for one in AppealDesk(other).lines()] == ["想去离家近的学校"]
    AppealDesk(laptop).answer(made, "按片区安排")
    AppealDesk(other).answer(made, "由区里定", passed_on=True)
    meet()
    meet()
    for one in (laptop, other):
        assert AppealDesk(one).lines() == ()
        told = [each.detail for each in CaseDesk(one).open(record).events if each.act == "appeal"]
        assert sorted(told) == sorted(["在办", "已答复", "转区里"])
        with pytest.raises(RuleError, match=r"appeal\.settled"):
            AppealDesk(one).answer(made, "再答")
    shown = [AppealDesk(one).lines(record)[0] for one in (laptop, other)]
    assert (shown[0].standing, shown[0].answer) == (shown[1].standing, shown[1].answer)
