"""The list at the district: who may, what is refused, what stays when it is stopped, and moving."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.documents.writer import SheetContent, write_workbook
from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import CancelledError, RuleError, StaleError
from desktop_app.services.arrivals import ArrivalDesk
from desktop_app.services.graduates import GraduateDesk
from desktop_app.services.progress import Progress
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.overview import attention
from tests.services.kit import form, let_in, log_in, number
from tests.services.test_graduates import BORN, GOOD, JUNIOR, NEXT_JUNIOR, book, child
from tests.sync.site import Site, hand, reply, take


@pytest.fixture
def desk(district: Workplace) -> GraduateDesk:
    return GraduateDesk(district)


def names(desk: GraduateDesk, school: str) -> list[str]:
    return sorted(row.text("full_name") for row in desk.children(school))


# --- the workbook -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "column"),
    [(("证件号", "毕业学校"), "姓名"), (("姓名", "毕业学校"), "证件号")],
)
def test_a_table_without_names_or_numbers_is_refused_whole(
    desk: GraduateDesk, tmp_path: Path, headers: tuple[str, ...], column: str
) -> None:
    path = tmp_path / "list.xlsx"
    write_workbook(path, [SheetContent("名单", headers, [tuple(GOOD[one] for one in headers)])])
    with pytest.raises(RuleError, match=r"column\.missing") as caught:
        desk.look(path)
    assert caught.value.details["column"] == column


def test_a_list_of_first_graders_is_no_list_of_graduates(
    desk: GraduateDesk, tmp_path: Path
) -> None:
    headers = ("姓名", "证件号", "户籍地")
    path = tmp_path / "list.xlsx"
    write_workbook(path, [SheetContent("名单", headers, [tuple(GOOD[one] for one in headers)])])
    with pytest.raises(RuleError, match=r"graduate\.no_primary") as caught:
        desk.look(path)
    assert caught.value.details["column"] == "毕业学校"


def test_the_student_number_alone_is_number_enough(desk: GraduateDesk, tmp_path: Path) -> None:
    headers = ("姓名", "学籍号", "出生日期", "毕业学校", "备注")
    row = ("罗雨桐", GOOD["学籍号"], "2012-03-14", "湛河湾小学", "无")
    path = tmp_path / "list.xlsx"
    write_workbook(path, [SheetContent("名单", headers, [row])])
    preview = desk.look(path)
    assert (preview.unknown, dict(preview.counts)) == (("备注",), {"good": 1})
    assert desk.enter(preview).entered == {JUNIOR: 1}


def test_looking_writes_nothing(desk: GraduateDesk, district: Workplace, tmp_path: Path) -> None:
    with district.database.read() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM operation").scalar_one()
    listed = desk.look(book(tmp_path / "list.xlsx", [GOOD])).outcome()
    assert (listed.entered, listed.rejected_rows) == ({JUNIOR: 1}, 0)
    with district.database.read() as connection:
        after = connection.exec_driver_sql("SELECT count(*) FROM operation").scalar_one()
    assert (before, names(desk, JUNIOR)) == (after, [])


def test_a_workbook_that_was_written_meanwhile_is_nobody_twice(
    desk: GraduateDesk, tmp_path: Path
) -> None:
    """Two officers looked at the same table; the second write finds everybody there."""
    source = book(tmp_path / "list.xlsx", [GOOD, child(272, "孟一诺")])
    first, second = desk.look(source), desk.look(source)
    assert desk.enter(first).entered == {JUNIOR: 2}
    late = desk.enter(second)
    assert (late.entered, late.held) == ({}, 2)
    assert len(desk.children(JUNIOR)) == 2


def test_the_same_child_by_another_number_of_two_is_held_with_the_school_named(
    desk: GraduateDesk, tmp_path: Path
) -> None:
    desk.enter(desk.look(book(tmp_path / "one.xlsx", [GOOD])))
    other = {**GOOD, "证件号": number(BORN, 272)}
    (line,) = desk.look(book(tmp_path / "two.xlsx", [other])).lines
    assert (line.state, line.held) == ("held", desk.junior_schools()[JUNIOR])


def test_a_row_is_assigned_only_where_it_is_there_and_would_be_written(
    desk: GraduateDesk, tmp_path: Path
) -> None:
    """A slip in the number of a row is told, and not lost."""
    rows = [GOOD, child(272, "无处去", 去向意向="民办"), child(310, "坏号码", 证件号="1"), GOOD]
    preview = desk.look(book(tmp_path / "list.xlsx", rows))
    good, waits, wrong, twice = (line.row for line in preview.lines)
    for row in (0, wrong, twice, 99):
        with pytest.raises(RuleError, match=r"graduate\.no_row"):
            preview.assigned(row, JUNIOR)
    by_hand = preview.assigned(waits, NEXT_JUNIOR).assigned(good, NEXT_JUNIOR)
    assert {line.school for line in by_hand.lines[:2]} == {NEXT_JUNIOR}
    assert by_hand.lines[1].basis == ""
    with pytest.raises(RuleError, match=r"graduate\.no_school"):
        desk.enter(preview.assigned(waits, "2141041101"))
    assert names(desk, JUNIOR) == []  # not even those before it
    assert desk.enter(by_hand).entered == {NEXT_JUNIOR: 2}


def test_what_went_in_before_it_was_stopped_stays_and_the_rest_comes_later(
    desk: GraduateDesk, tmp_path: Path
) -> None:
    rows = [
        child(100 + at, f"罗{'甲乙丙丁戊'[at % 5]}{'子丑寅卯'[at // 5 % 4]}")
        for at in range(0, 16, 2)
    ]
    rows += [child(201 + 2 * at, "孟一诺", 毕业学校="东园小学") for at in range(3)]
    preview = desk.look(book(tmp_path / "list.xlsx", rows))
    progress = Stopping()
    with pytest.raises(CancelledError):
        desk.enter(preview, progress)
    assert (len(desk.children(JUNIOR)), len(desk.children(NEXT_JUNIOR))) == (8, 0)
    again = desk.enter(preview)
    assert (again.entered, again.held) == ({NEXT_JUNIOR: 3}, 8)


class Stopping(Progress):
    """Somebody who presses Esc once one school's children are in."""

    def step(self, done: int, total: int, note: str = "") -> None:
        if done:
            self.cancel()
        super().step(done, total, note)


# --- who may ------------------------------------------------------------------------------------


def test_only_an_officer_writes_or_moves_and_an_auditor_counts(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    desk = GraduateDesk(district)
    preview = desk.look(book(tmp_path / "list.xlsx", [GOOD]))
    desk.enter(preview)
    (row,) = desk.children(JUNIOR)
    let_in(district, "某督导", Role.AUDITOR)
    desk = GraduateDesk(log_in(site, district, "某督导"))
    for act in (
        lambda: desk.look(tmp_path / "list.xlsx"),
        lambda: desk.enter(preview),
        lambda: desk.move(row.record, JUNIOR, NEXT_JUNIOR),
    ):
        with pytest.raises(RuleError, match=r"graduate\.not_officer"):
            act()
    counted = {one.school: (one.listed, one.come, one.absent) for one in desk.counts()}
    assert counted[JUNIOR] == (1, 0, 1)
    assert names(desk, JUNIOR) == ["罗雨桐"]


def test_what_a_school_writes_into_the_list_does_not_count(site: Site, tmp_path: Path) -> None:
    """The list is the district's: an entry of a school's own feed stands nowhere."""
    district = site.found()
    junior = site.laptop(district, "junior", JUNIOR)
    values: dict[str, Value] = {"season": 2024, "full_name": "自己加", "sex": "1"}
    with junior.journal.begin(junior.actor()) as work:
        work.create("graduate", values | {"birth_date": "2012-03-14"})
    take(district, hand(junior, tmp_path / "in").path)
    assert names(GraduateDesk(district), JUNIOR) == []
    with district.database.read() as connection:
        assert len(attention(connection, None, 10)) == 1


# --- moving -------------------------------------------------------------------------------------


def test_moving_keeps_every_value_and_one_entry(desk: GraduateDesk, tmp_path: Path) -> None:
    desk.enter(desk.look(book(tmp_path / "list.xlsx", [GOOD])))
    (before,) = desk.children(JUNIOR)
    desk.move(before.record, JUNIOR, NEXT_JUNIOR)
    (after,) = desk.children(NEXT_JUNIOR)
    assert after.values == before.values
    assert desk.children(JUNIOR) == ()
    desk.move(after.record, NEXT_JUNIOR, JUNIOR)
    assert (len(desk.children(JUNIOR)), len(desk.children(NEXT_JUNIOR))) == (1, 0)


def test_nobody_is_moved_to_no_school_from_no_list_or_twice(
    desk: GraduateDesk, tmp_path: Path
) -> None:
    desk.enter(desk.look(book(tmp_path / "list.xlsx", [GOOD])))
    (row,) = desk.children(JUNIOR)
    for to in ("2141041101", "", JUNIOR):
        with pytest.raises(RuleError, match=r"graduate\.no_school"):
            desk.move(row.record, JUNIOR, to)
    desk.move(row.record, JUNIOR, NEXT_JUNIOR)
    with pytest.raises(StaleError):
        desk.move(row.record, JUNIOR, NEXT_JUNIOR)
    assert len(desk.children(NEXT_JUNIOR)) == 1


# --- at the school ------------------------------------------------------------------------------


def test_the_school_finds_by_number_and_sees_numbers_masked(
    site: Site, district: Workplace, desk: GraduateDesk, tmp_path: Path
) -> None:
    junior = site.laptop(district, "junior", JUNIOR)
    away = child(272, "孟一诺", 现住址="矿工路8号", 毕业班级="六2班")
    desk.enter(desk.look(book(tmp_path / "list.xlsx", [away, GOOD])))
    take(district, hand(junior, tmp_path / "in").path)
    take(junior, reply(district, tmp_path / "out", JUNIOR).path)
    arrivals = ArrivalDesk(junior)
    listed = arrivals.book()
    assert [one.name for one in listed.entries] == ["罗雨桐", "孟一诺"]  # by class
    for entry in listed.entries:
        shown = " ".join(map(str, (entry.masked_number, entry.masked_phone)))
        assert not {GOOD["证件号"], away["证件号"], GOOD["电话"]} & {*shown.split()}
        assert listed.by_number(listed.fills[entry.record]["id_number"]) == entry.record
        assert arrivals.fill(entry.record) == listed.fills[entry.record]
    fill = listed.fills[listed.by_number(away["证件号"])]
    assert (fill["current_address"], "same_address" in fill) == ("矿工路8号", False)
    assert "current_village" not in fill
    assert (listed.by_number(number(BORN, 333)), arrivals.fill("nobody")) == ("", {})
    with pytest.raises(StaleError):
        arrivals.unmask("nobody")


def test_a_child_is_recognised_by_the_student_number_and_what_a_person_said_stands(
    site: Site, district: Workplace, desk: GraduateDesk, tmp_path: Path
) -> None:
    junior = site.laptop(district, "junior", JUNIOR)
    desk.enter(desk.look(book(tmp_path / "list.xlsx", [GOOD, child(272, "孟一诺")])))
    take(district, hand(junior, tmp_path / "in").path)
    take(junior, reply(district, tmp_path / "out", JUNIOR).path)
    register, arrivals = RegistrationDesk(junior, "J1"), ArrivalDesk(junior)
    entry = {one.name: one.record for one in arrivals.entries()}
    without = {"id_type": "Z", "id_number": "", "sex": "2", "birth_date": "2012-03-14"}
    known = form(**without, national_student_no=GOOD["学籍号"])
    register.register(known)
    said = form(
        full_name="孟一诺",
        id_number=number(BORN, 272),
        graduate="repeating",
        guardian_phone="13800009999",
        guardian_id_number=number("19890522", 272),
    )
    register.register(said)
    come = {one.record for one in arrivals.entries() if one.come}
    assert come == {entry["罗雨桐"]}
    assert arrivals.off_list() == 1
