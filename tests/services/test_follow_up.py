"""Who owes what until when: told whole, once, masked, by the policy's days and an honest clock."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest

from desktop_app.documents.repair_notice import repair_notice_html
from desktop_app.domain.acts import Role
from desktop_app.domain.errors import ProductError
from desktop_app.services.follow_up import FollowUpDesk, FollowUpLine
from desktop_app.services.materials import Mark, MaterialsDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.wording import paper_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import Row
from tests.services.kit import form, let_in, log_in, number, registered
from tests.sync.site import Site

Day = Callable[[str], None]
UNTIL = "2024-08-28"
"""The end of the repair window in the shipped package."""
PHONE = "13800001234"


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> Day:
    """Set the clock of this computer to noon of a day; it begins within the season."""

    def set_to(text: str) -> None:
        noon = dt.datetime.fromisoformat(f"{text}T12:00:00").astimezone()
        now = int(noon.timestamp() * 1000)
        monkeypatch.setattr("desktop_app.services.calendar.wall_milliseconds", lambda: now)

    set_to("2024-08-20")
    return set_to


def owing(
    workplace: Workplace, order: int = 264, *, household: str = "accepted", **more: str
) -> str:
    """Register a child without the guardian's card, with the register of households or not."""
    papers = {"material.GID": "", "material.HKB": household}
    return registered(workplace, **papers, **more, id_number=number(order=order))


def line_of(workplace: Workplace, record: str) -> FollowUpLine:
    (found,) = [one for one in FollowUpDesk(workplace).list().lines if one.record == record]
    return found


def looks(workplace: Workplace) -> list[Row]:
    with workplace.journal.begin(workplace.actor()) as work:
        return list(work.rows("access"))


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ProductError) as caught:
        call()
    return caught.value.code


# --- the list -------------------------------------------------------------------------------


def test_who_owes_nothing_or_was_taken_back_stands_nowhere(laptop: Workplace) -> None:
    registered(laptop)
    gone = owing(laptop, 301, full_name="王子涵")
    RegistrationDesk(laptop).take_back(gone)
    found = FollowUpDesk(laptop).list()
    assert (found.lines, found.overdue, found.villages) == ((), 0, ())


def test_a_line_has_everything_at_once_with_the_earliest_day_and_a_masked_telephone(
    laptop: Workplace,
) -> None:
    record = owing(laptop, household="")
    line = line_of(laptop, record)
    assert [(one.material, one.state, one.due) for one in line.papers] == [
        ("HKB", "missing", UNTIL),
        ("GID", "missing", UNTIL),
    ]
    assert (line.due, line.overdue, line.village) == (UNTIL, False, "湛河湾村")
    assert line.receipt
    assert line.masked_phone.endswith("1234")
    assert PHONE not in repr(line)


def test_what_the_desk_noted_of_a_paper_is_told_with_its_reason_and_its_own_day(
    laptop: Workplace,
) -> None:
    record = owing(laptop, household="")
    desk = MaterialsDesk(laptop)
    desk.mark(record, Mark("HKB", "correction_required", reason="PAGE_MISSING"))
    desk.mark(record, Mark("GID", "rejected", reason="OTHER", note="照片  看不清"))
    household, guardian = line_of(laptop, record).papers
    assert (household.state, household.reason) == ("correction_required", "缺页")
    assert (guardian.state, guardian.reason) == ("rejected", "照片 看不清")
    desk.mark(record, Mark("HKB", "accepted"))
    assert [one.material for one in line_of(laptop, record).papers] == ["GID"]
    desk.mark(record, Mark("GID", "accepted"))
    assert FollowUpDesk(laptop).list().lines == ()


def test_a_day_noted_once_stays_though_the_policy_s_window_moves(
    laptop: Workplace, day: Day
) -> None:
    record = owing(laptop)
    MaterialsDesk(laptop).mark(record, Mark("GID", "pending_original"))
    unmarked = owing(laptop, 301, full_name="王子涵")
    moved = dataclasses.replace(laptop.policy.correction, repair_until="2024-09-06")
    laptop.policy = dataclasses.replace(laptop.policy, correction=moved)
    assert line_of(laptop, record).due == UNTIL
    assert line_of(laptop, unmarked).due == "2024-09-06"
    day("2024-08-29")
    assert line_of(laptop, record).overdue
    assert not line_of(laptop, unmarked).overdue


@pytest.mark.parametrize(
    ("today", "until"),
    [
        ("2024-08-20", UNTIL),
        ("2024-08-23", UNTIL),
        ("2024-08-26", "2024-08-29"),
        ("2024-08-30", "2024-09-04"),
        ("2024-09-12", "2024-09-18"),
        ("2024-09-29", "2024-10-09"),
    ],
)
def test_whoever_hears_of_it_late_has_three_working_days_by_the_calendar_of_the_package(
    laptop: Workplace, day: Day, today: str, until: str
) -> None:
    day(today)
    record = owing(laptop)
    MaterialsDesk(laptop).mark(record, Mark("GID", "pending_original"))
    line = line_of(laptop, record)
    assert (line.due, line.overdue) == (until, False)


def test_the_overdue_stand_first_and_then_village_by_village(laptop: Workplace, day: Day) -> None:
    villages = sorted(laptop.policy.villages)[:3]
    for place, village in enumerate(villages):
        owing(laptop, 301 + 2 * place, full_name=f"王子{'涵轩宇'[place]}", hukou_village=village)
    late = owing(laptop, 401, full_name="赵一诺")
    MaterialsDesk(laptop).mark(late, Mark("GID", "pending_original"))
    moved = dataclasses.replace(laptop.policy.correction, repair_until="2024-09-06")
    laptop.policy = dataclasses.replace(laptop.policy, correction=moved)
    day("2024-08-29")
    found = FollowUpDesk(laptop).list()
    assert [one.overdue for one in found.lines] == [True, False, False, False]
    assert found.lines[0].record == late
    assert found.overdue == 1
    rest = [one.village for one in found.lines[1:]]
    assert rest == sorted(rest)
    assert set(found.villages) == {one.village for one in found.lines}


def test_who_has_no_number_yet_stays_on_the_list_when_the_papers_have_come(
    laptop: Workplace, day: Day
) -> None:
    born = {"birth_date": "2018-03-14", "sex": "1"}
    record = registered(laptop, id_type="Z", id_number="", **born)
    for code in laptop.policy.materials:
        with contextlib.suppress(ProductError):
            MaterialsDesk(laptop).mark(record, Mark(code, "accepted"))
    day("2024-12-30")
    line = line_of(laptop, record)
    assert (line.no_number, line.papers, line.due, line.overdue) == (True, (), "", False)


def test_a_clock_of_another_year_calls_nobody_overdue_and_names_the_package_s_day(
    laptop: Workplace, day: Day
) -> None:
    record = owing(laptop)
    MaterialsDesk(laptop).mark(record, Mark("GID", "pending_original"))
    for clock in ("1970-01-02", "2023-12-31", "2025-01-01", "2038-01-19"):
        day(clock)
        found = FollowUpDesk(laptop).list()
        assert (found.stray_year, found.overdue) == (int(clock[:4]), 0)
        notice = FollowUpDesk(laptop).notice(record)
        assert [one.overdue for one in notice.papers] == [False]
        assert notice.deadline == "8 月 28 日17:30"
        other = owing(laptop, 301, full_name="王子涵")
        assert line_of(laptop, other).due == UNTIL
        RegistrationDesk(laptop).take_back(other)


def test_the_list_is_whole_beyond_one_page(
    laptop: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.services.follow_up._PAGE", 2)
    records = {
        owing(laptop, 301 + 2 * place, full_name=f"王子{letter}")
        for place, letter in enumerate("涵轩宇欣怡")
    }
    assert {one.record for one in FollowUpDesk(laptop).list().lines} == records


# --- the telephone and the notice -----------------------------------------------------------


def test_a_telephone_shown_is_logged_with_who_looked_and_one_of_nobody_is_not(
    laptop: Workplace,
) -> None:
    record, desk = owing(laptop), FollowUpDesk(laptop)
    desk.list()
    assert looks(laptop) == []
    assert desk.phone(record) == PHONE
    (look,) = looks(laptop)
    assert (look.text("applicant"), look.text("what")) == (record, "unmask")
    assert look.created_by == laptop.person
    RegistrationDesk(laptop).take_back(record)
    assert refused(lambda: desk.phone(record)) == "record.gone"
    assert refused(lambda: desk.notice(record)) == "record.gone"
    assert refused(lambda: desk.log_print(record)) == "record.gone"
    assert refused(lambda: desk.phone("nobody")) == "record.gone"
    assert len(looks(laptop)) == 1


def test_a_notice_says_all_at_once_with_what_mends_each_and_the_last_day(
    laptop: Workplace, day: Day
) -> None:
    record = owing(laptop, household="")
    desk = MaterialsDesk(laptop)
    desk.mark(record, Mark("HKB", "correction_required", reason="PAGE_MISSING"))
    day("2024-08-27")
    view = FollowUpDesk(laptop).notice(record)
    household, guardian = view.papers
    assert household.remedy == laptop.policy.reasons["PAGE_MISSING"].remedy
    assert (household.why, household.due) == ("缺页", "8 月 28 日")
    assert (guardian.why, guardian.remedy, guardian.due) == ("", "", "8 月 30 日")
    assert view.deadline == "8 月 30 日17:30"
    assert (view.name, view.village, view.clerk) == ("罗雨桐", "湛河湾村", "赵志强")
    assert view.number == line_of(laptop, record).receipt
    shown = repair_notice_html(view)
    for line in (household.label, guardian.label, "缺页", view.deadline, view.number):
        assert line in shown
    for private in (PHONE, form()["id_number"], form()["guardian_id_number"], "3组27号"):
        assert private not in shown


def test_a_notice_tells_a_day_that_has_passed_and_asks_for_the_paper_still(
    laptop: Workplace, day: Day
) -> None:
    record = owing(laptop)
    MaterialsDesk(laptop).mark(record, Mark("GID", "pending_original"))
    day(UNTIL)
    assert "已过期限" not in repair_notice_html(FollowUpDesk(laptop).notice(record))
    day("2024-08-29")
    assert "已过期限，仍请补来" in repair_notice_html(FollowUpDesk(laptop).notice(record))


def test_where_nothing_is_missing_there_is_no_notice_and_a_print_is_logged_by_whoever_prints(
    site: Site, laptop: Workplace
) -> None:
    complete, record = registered(laptop), owing(laptop, 301, full_name="王子涵")
    assert refused(lambda: FollowUpDesk(laptop).notice(complete)) == "notice.nothing_missing"
    let_in(laptop, "刘素琴", Role.REGISTRAR)
    clerk = log_in(site, laptop, "刘素琴")
    desk = FollowUpDesk(clerk)
    assert desk.notice(record).clerk == "刘素琴"
    assert looks(clerk) == []
    desk.log_print(record)
    (look,) = looks(clerk)
    assert (look.text("what"), look.created_by) == ("print", clerk.person)


def test_no_paper_of_a_special_group_is_named_on_the_list_or_the_notice(laptop: Workplace) -> None:
    record = owing(laptop, category="D1", household="")
    papers = {one.material for one in line_of(laptop, record).papers}
    assert papers & {"ORPH", "WELF"}
    shown = repair_notice_html(FollowUpDesk(laptop).notice(record))
    for word in ("孤儿", "福利", "残疾", "事实无人抚养"):
        assert word not in shown
    assert paper_label(laptop.policy, "GID") in shown
