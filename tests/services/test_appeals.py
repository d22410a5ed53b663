"""Complaints: written down with a day, answered once, told in the story, gone with the child."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.services import appeals
from desktop_app.services.appeals import AppealDesk
from desktop_app.services.calendar import local_day
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.erasure import ErasureDesk
from desktop_app.services.merging import MergeDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.database import Connection
from tests.services.kit import let_in, log_in, number, registered
from tests.sync.site import PASSWORD, SCHOOL, Site, hand, reply, take


def test_a_complaint_has_a_day_an_answer_and_goes_with_its_child(laptop: Workplace) -> None:
    let_in(laptop, "周敏", Role.REVIEWER)
    record, desk = registered(laptop), AppealDesk(laptop)
    for matter, words, code in (
        ("whim", "要看登记表", "appeal.matter"),
        ("materials", "  ", "appeal.words"),
        ("materials", "字" * 401, "appeal.words"),
    ):
        with pytest.raises(RuleError, match=code.replace(".", r"\.")):
            desk.record(record, matter, words)
    first = desk.record(record, "materials", "为什么还要 租房合同")
    second = desk.record(record, "placement", "想去离家近的学校")
    due = laptop.policy.working_days_after(local_day().isoformat(), 5)[-1]
    lines = desk.lines()
    assert [(one.record, one.due, one.late) for one in lines] == [
        (first, due, False),
        (second, due, False),
    ]
    assert (lines[0].words, lines[0].matter) == ("为什么还要 租房合同", "对材料要求有意见")
    desk.answer(first, "不用交，已经核对过")
    desk.answer(second, "片区由区里定", passed_on=True)
    assert desk.lines() == ()
    assert [one.standing for one in desk.lines(record)] == ["answered", "passed_on"]
    with pytest.raises(RuleError, match=r"appeal\.settled"):
        desk.answer(first, "再答一次")
    told = [one.detail for one in CaseDesk(laptop).open(record).events if one.act == "appeal"]
    assert told == ["在办", "在办", "已答复", "转区里"]
    eraser = ErasureDesk(laptop)
    eraser.erase(record, "request", eraser.second("周敏", PASSWORD))
    assert desk.lines(record) == ()


def test_a_school_closes_nothing_about_itself_and_the_district_answers_what_came(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    """Both answers are kept apart, each is told at both ends, and an auditor gives none."""
    record, desk = registered(laptop), AppealDesk(laptop)
    about_us = desk.record(record, "conduct", "让我们跑了三趟")
    with pytest.raises(RuleError, match=r"appeal\.about_school"):
        desk.answer(about_us, "已道歉")
    desk.answer(about_us, "第二趟是来补户口簿", passed_on=True)
    assert (desk.waiting(), desk.book("passed_on").lines[0].late) == (0, False)
    take(district, hand(laptop, tmp_path / "there").path)

    office = AppealDesk(district)
    assert office.lists[0] == "passed_on"
    (line,) = office.book("passed_on").lines
    assert (line.name, line.school, line.answer, office.waiting()) == (
        "罗雨桐", SCHOOL, "第二趟是来补户口簿", 1,
    )  # fmt: skip
    with pytest.raises(RuleError, match=r"appeal\.settled"):
        office.answer(line.record, "转走", passed_on=True, school=SCHOOL)
    (found,) = office.find("罗雨桐")
    assert (found.record, found.school) == (record, SCHOOL)
    with pytest.raises(RuleError, match=r"appeal\.confidential"):
        office.record(found.record, "conduct", "举报学校", SCHOOL)
    direct = office.record(found.record, "placement", "想去离家近的学校", SCHOOL)
    office.answer(line.record, "已要求学校一次说清", school=SCHOOL)
    assert [one.record for one in office.book("passed_on").lines] == [direct]
    take(laptop, reply(district, tmp_path / "back").path)

    told = {one.record: one for one in desk.lines(record)}
    assert told[about_us].answer == "第二趟是来补户口簿"
    assert told[about_us].district_answer == "已要求学校一次说清"
    assert [one.standing for one in desk.steps(told[about_us])] == ["open", "passed_on", "answered"]
    assert told[direct].standing == "passed_on"
    with pytest.raises(RuleError, match=r"appeal\.settled"):
        desk.answer(direct, "学校先答")

    let_in(district, "某督导", Role.AUDITOR)
    auditor = AppealDesk(log_in(site, district, "某督导"))
    assert auditor.waiting() == 1
    with pytest.raises(RuleError, match=r"decision\.not_officer"):
        auditor.answer(direct, "督导答", school=SCHOOL)
    with pytest.raises(RuleError, match=r"decision\.not_officer"):
        auditor.record(record, "other", "督导记", SCHOOL)


def test_a_complaint_of_a_registration_taken_back_is_seen_as_such_and_answered(
    laptop: Workplace,
) -> None:
    record, desk = registered(laptop), AppealDesk(laptop)
    made = desk.record(record, "materials", "为什么还要租房合同")
    with laptop.journal.begin(laptop.actor()) as work:
        receipt = work.row("applicant", record).text("receipt_number")
        work.remove("applicant", record)
    (line,) = desk.book("open").lines
    assert (line.gone, line.name, line.receipt) == (True, "罗雨桐", receipt)
    with pytest.raises(StaleError, match=r"record\.gone"):
        desk.record(record, "other", "再说一句")
    assert desk.find("罗雨桐") == ()
    desk.answer(made, "登记已撤，不用交")
    assert (desk.waiting(), desk.book("answered").lines[0].gone) == (0, True)


def test_the_days_left_are_working_days(laptop: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    record, desk = registered(laptop), AppealDesk(laptop)
    friday = dt.date(2024, 8, 23)
    monkeypatch.setattr(appeals, "local_day", lambda: friday)
    desk.record(record, "materials", "问一句")
    for day, left, late in (
        (friday, 5, False),
        (friday + dt.timedelta(days=2), 5, False),
        (friday + dt.timedelta(days=3), 4, False),
        (friday + dt.timedelta(days=7), 0, False),
        (friday + dt.timedelta(days=8), 0, True),
    ):
        monkeypatch.setattr(appeals, "local_day", lambda now=day: now)
        (line,) = desk.book("open").lines
        assert (line.left, line.late) == (left, late), day
    assert desk.book("open").late == 1


def test_a_twin_s_complaints_are_the_child_s(laptop: Workplace) -> None:
    record, desk = registered(laptop), AppealDesk(laptop)
    other = registered(laptop, id_number=number(order=301), full_name="罗雨彤")
    desk.record(other, "other", "写错名字的那一份")
    MergeDesk(laptop).merge(other, record)
    assert [one.words for one in desk.lines(record)] == ["写错名字的那一份"]
    assert {one.record for one in desk.find("罗雨")} == {record}


def test_what_the_district_said_goes_off_the_lists_with_the_child_and_is_erased_by_an_officer(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    """A school's erasure reaches its own feeds alone (ADR 0012)."""
    let_in(laptop, "周敏", Role.REVIEWER)
    record, desk = registered(laptop), AppealDesk(laptop)
    made = desk.record(record, "materials", "家长原话")
    desk.answer(made, "学校的话", passed_on=True)
    take(district, hand(laptop, tmp_path / "there").path)
    office = AppealDesk(district)
    office.answer(made, "区里的话", school=SCHOOL)
    office.record(record, "other", "到区里说的话", SCHOOL)
    take(laptop, reply(district, tmp_path / "back").path)
    assert len(desk.lines(record)) == 2
    eraser = ErasureDesk(laptop)
    eraser.erase(record, "request", eraser.second("周敏", PASSWORD))
    take(district, hand(laptop, tmp_path / "again").path)
    assert [desk.lines(record), office.book("all").lines] == [(), ()]
    with district.database.read() as connection:
        assert said(connection) == 2
    ErasureDesk(district).erase(record, "request", school=SCHOOL)
    take(laptop, reply(district, tmp_path / "last").path)
    for one in (laptop, district):
        with one.database.read() as connection:
            assert (one.seat.kind, said(connection)) == (one.seat.kind, 0)


def said(connection: Connection) -> int:
    """Count the operations that still hold a word of a complaint."""
    statement = (
        "SELECT count(*) FROM operation WHERE kind = 'appeal'"
        " AND instr(CAST(payload AS TEXT), '话') > 0"
    )
    return int(connection.exec_driver_sql(statement).scalar_one())
