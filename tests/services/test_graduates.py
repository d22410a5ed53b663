"""The list of primary graduates: from a workbook to the junior schools, and who has come."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from desktop_app.documents.writer import SheetContent, write_workbook
from desktop_app.domain.errors import RuleError
from desktop_app.services.arrivals import ArrivalDesk, listed_as
from desktop_app.services.graduate_rows import COLUMNS, LeaverReader
from desktop_app.services.graduates import GraduateDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from tests.services.kit import form, number
from tests.sync.site import Site, hand, reply, take

JUNIOR, NEXT_JUNIOR = "3141041101", "3141041102"
HEADERS = tuple(column.header for column in COLUMNS)
BORN = "20120314"
GOOD = {
    "姓名": "罗雨桐",
    "证件号": number(BORN),
    "学籍号": "G" + number(BORN),
    "毕业学校": "湛河湾小学",
    "毕业班级": "六1班",
    "户籍地": "湛河湾村3组27号",
    "现住址": "湛河湾村3组27号",
    "监护人": "罗志远",
    "电话": "13800001234",
    "去向意向": "对口",
}


def child(order: int, name: str, **more: str) -> dict[str, str]:
    """Give a row of another child."""
    said = {"姓名": name, "证件号": number(BORN, order), "学籍号": "G" + number(BORN, order)}
    return {**GOOD, **said, **more}


def book(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    """Write a list as a workbook."""
    lines = [tuple(row.get(header, "") for header in HEADERS) for row in rows]
    write_workbook(path, [SheetContent("名单", HEADERS, lines)])
    return path


ROWS = (
    GOOD,
    child(272, "孟一诺", 毕业学校="东园小学"),
    child(280, "单于飞", 毕业学校="外地小学", 户籍地="平顶山市湛河区南湖社区5号楼"),
    child(299, "买买提·吐尔逊", 毕业学校="外地小学", 户籍地="外县", 现住址="外县"),
    child(302, "李四喜", 去向意向="民办"),
    child(305, "两个生日", 出生日期="2012-04-14"),
    child(310, "坏号码", 证件号="419999201203140017"),
    {**GOOD, "姓名": "罗雨桐"},
)


@pytest.fixture
def junior(site: Site, district: Workplace) -> Workplace:
    return site.laptop(district, "junior", JUNIOR)


def test_good_rows_go_to_their_schools_and_twice_makes_nobody_twice(
    district: Workplace, junior: Workplace, tmp_path: Path
) -> None:
    """From the workbook to the school's desk, with what no rule assigns assigned by hand."""
    desk, source = GraduateDesk(district), book(tmp_path / "list.xlsx", ROWS)
    preview = desk.look(source)
    assert [line.state for line in preview.lines] == [
        "good",
        "good",
        "good",
        "unassigned",
        "unassigned",
        "wrong",
        "wrong",
        "held",
    ]
    assert [line.school for line in preview.lines[:3]] == [JUNIOR, NEXT_JUNIOR, NEXT_JUNIOR]
    assert {one.column for one in preview.lines[6].repairs} == {"证件号"}
    by_hand = preview.assigned(preview.lines[3].row, JUNIOR)
    listed = desk.enter(by_hand)
    assert listed.entered[JUNIOR] == 2
    assert listed.rejected_rows == 2
    again = desk.enter(desk.look(source))
    assert again.entered == {}
    assert again.held == preview.counts["good"] + 2

    take(district, hand(junior, tmp_path / "in").path)
    take(junior, reply(district, tmp_path / "out", JUNIOR).path)
    arrivals = ArrivalDesk(junior)
    assert sorted(one.name for one in arrivals.entries()) == ["买买提·吐尔逊", "罗雨桐"]
    entry = next(one for one in arrivals.entries() if one.name == "罗雨桐")
    assert not entry.come
    filled = arrivals.fill(entry.record)
    assert filled["hukou_village"] == "410411200201"
    assert filled["hukou_address"] == "3组27号"
    assert filled["same_address"] == "1"
    assert filled["national_student_no"] == GOOD["学籍号"]
    assert arrivals.unmask(entry.record) == GOOD["电话"]

    register = RegistrationDesk(junior, "J1")
    typed = form(**filled, guardian_id_number="", category="A1")
    wrong = {"full_name": "罗雨彤", "list_fault": "full_name:misspelt"}
    register.register({**typed, **wrong, "graduate": ""})  # the number alone says who it is
    register.register(form(**_stranger()))
    assert [one.come for one in arrivals.entries() if one.record == entry.record] == [True]
    assert arrivals.off_list() == 1
    take(district, hand(junior, tmp_path / "in again").path)
    count = next(one for one in desk.counts() if one.school == JUNIOR)
    assert (count.listed, count.come, count.absent, count.unlisted) == (2, 1, 1, 1)
    assert count.faulted == 1
    assert desk.faults(JUNIOR) == {entry.record: "姓名（名册写错了）"}
    with pytest.raises(RuleError, match=r"graduate\.came"):
        desk.move(entry.record, JUNIOR, NEXT_JUNIOR)
    other = next(one.record for one in arrivals.entries() if not one.come)
    desk.move(other, JUNIOR, NEXT_JUNIOR)
    assert {row.text("full_name") for row in desk.children(NEXT_JUNIOR)} >= {"买买提·吐尔逊"}
    assert len(desk.children(JUNIOR)) == 1


def test_one_child_listed_by_one_number_each_time_waits_for_a_person(
    district: Workplace, tmp_path: Path
) -> None:
    """Once by ID number, once by roll number alone: never merged by itself, never twice."""
    desk = GraduateDesk(district)
    by_id = {**GOOD, "学籍号": ""}
    by_roll = {**GOOD, "证件号": "", "学籍号": "L" + number(BORN, 901), "出生日期": "2012-03-14"}
    twin = {**by_roll, "学籍号": "L" + number(BORN, 903), "姓名": "罗雨晨"}
    rows = [by_id, {**by_roll, "性别": "女"}, {**twin, "性别": "女"}]
    preview = desk.look(book(tmp_path / "one.xlsx", rows))
    assert [(one.state, one.alike) for one in preview.lines] == [
        ("good", ""),
        ("alike", "第 2 行"),
        ("good", ""),
    ]
    assert desk.enter(preview).alike == 1
    again = desk.look(book(tmp_path / "two.xlsx", rows[1:2]))
    assert [(one.state, bool(one.alike)) for one in again.lines] == [("alike", True)]
    assert desk.enter(again).entered == {}
    apart = again.assigned(again.lines[0].row, JUNIOR)
    assert desk.enter(apart).entered == {JUNIOR: 1}, "a person has said that they are two"
    assert desk.look(book(tmp_path / "three.xlsx", rows)).counts == {"held": 3}


def _stranger() -> dict[str, str]:
    return {
        "full_name": "返乡娃",
        "id_number": number(BORN, 333),
        "graduate": "returning",
        "guardian_name": "返大山",
        "guardian_id_number": number("19890522", 333),
        "guardian_phone": "13800009999",
    }


def test_only_an_officer_takes_a_list_in(laptop: Workplace, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"graduate\.not_officer"):
        GraduateDesk(laptop).look(book(tmp_path / "list.xlsx", ROWS[:1]))


def test_a_village_is_read_out_of_an_address_only_where_it_names_one(laptop: Workplace) -> None:
    reader = LeaverReader(laptop.policy)
    assert reader.home("河南省平顶山市湛河区曹镇乡湛河湾村第三村民小组") == ("410411200201", 3)
    assert reader.home("湛河湾村或柳树营村") == ("", None)
    assert reader.home("某某路5号") == ("", None)


def test_why_a_child_is_off_the_list_is_said_in_words() -> None:
    assert listed_as("returning").startswith("返乡")
    assert listed_as("019af000-0000-7000-8000-000000000000") == ""
