"""The page 跨校查重 by key presses, on a real district with two real schools."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.services.cross_school import CrossSchoolDesk
from desktop_app.services.workplace import Workplace
from desktop_app.ui.look import Look
from desktop_app.ui.pages.crossing import CrossingPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State, cell_text
from desktop_app.ui.window import Window
from tests.sync.site import OTHER_SCHOOL, SCHOOL, Site, hand, register, row_of, take
from tests.ui.conftest import focused, press, rest

Key = Qt.Key
NUMBERS = ("419999201803152654", "419999201803152670")


class Room:
    """A district's window with one child registered at two schools."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.district = site.found()
        self.records = []
        for name, school in (("one", SCHOOL), ("other", OTHER_SCHOOL)):
            laptop: Workplace = site.laptop(self.district, name, school)
            self.records.append((school, register(laptop)))
            take(self.district, hand(laptop, folder / name).path)

    def status(self, side: int) -> object:
        school, record = self.records[side]
        return row_of(self.district, "applicant", record, school)["district_status"]


@pytest.fixture
def room(site: Site, tmp_path: Path) -> Room:
    return Room(site, tmp_path)


@pytest.fixture
def page(room: Room, window: Window, tasks: Tasks, qtbot: QtBot) -> CrossingPage:
    made = CrossingPage(CrossSchoolDesk(room.district), tasks)
    window.add_page(made)
    window.open_page(made.nav_key)
    rest(qtbot, tasks)
    return made


def rows(page: CrossingPage) -> list[list[str]]:
    found = [page.model.row_at(place) for place in range(page.model.rowCount())]
    return [[cell_text(cell) for cell in row.cells] for row in found if row is not None]


def test_the_pair_stands_side_by_side_and_two_keys_decide(
    page: CrossingPage, room: Room, tasks: Tasks, qtbot: QtBot
) -> None:
    (line,) = rows(page)
    assert (line[0], line[1], line[3]) == ("100", "单梓涵", "待判断")
    number = page.fields.row_at(page.fields.place("证件号"))
    assert number is not None
    assert [cell_text(cell) for cell in number.cells[1:]] == ["419999********2640"] * 2 + ["相同"]
    press(Key.Key_2)
    assert page.choice is not None
    assert room.status(0) is None
    press(Key.Key_1)
    rest(qtbot, tasks)
    assert page.banner_place.view is not None
    assert page.banner_place.view.state is State.DONE
    assert [room.status(0), room.status(1)] == ["duplicate_void", None]
    assert rows(page)[0][3] == "保留右边"


def test_esc_before_the_reason_changes_nothing_and_f8_puts_aside(
    page: CrossingPage, room: Room, tasks: Tasks, qtbot: QtBot
) -> None:
    press(Key.Key_1)
    press(Key.Key_Escape)
    rest(qtbot, tasks)
    assert rows(page)[0][3] == "待判断"
    press(Key.Key_F8)
    rest(qtbot, tasks)
    assert rows(page)[0][3] == "先放着"
    press(Key.Key_3)
    press(Key.Key_4)
    rest(qtbot, tasks)
    assert rows(page)[0][3] == "不同的孩子"
    assert [room.status(0), room.status(1)] == [None, None]


def test_a_refusal_is_said_and_the_keys_open_again(
    page: CrossingPage, room: Room, tasks: Tasks, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.services.cross_school.PeopleDesk", _Nobody)
    press(Key.Key_1)
    press(Key.Key_1)
    rest(qtbot, tasks)
    assert page.banner_place.view is not None
    assert page.banner_place.view.number == "D528"
    assert not page.busy
    assert room.status(1) is None


def note_times(room: Room, *times: int) -> None:
    """Let the sides have been registered at these times, as their laptops' clocks said."""
    with room.district.database.write() as connection:
        for (scope, record), at in zip(room.records, times, strict=True):
            connection.exec_driver_sql(
                "UPDATE projected_applicant SET created_at = ? WHERE scope = ? AND record = ?",
                (at, scope, record),
            )


def test_the_later_school_is_not_kept_as_the_first_one(
    page: CrossingPage, room: Room, tasks: Tasks, qtbot: QtBot
) -> None:
    note_times(room, 1_724_300_000_000, 1_724_303_600_000)
    press(Key.Key_F5)
    rest(qtbot, tasks)
    press(Key.Key_2)
    shown = {code: fact.isVisible() for code, fact in page.reasons.facts.items()}
    assert [code for code, seen in shown.items() if not seen] == ["earlier"]
    press(Key.Key_2)  # the reason that is not so
    rest(qtbot, tasks)
    assert page.choice is not None
    assert [room.status(0), room.status(1)] == [None, None]
    press(Key.Key_Escape)
    press(Key.Key_1)
    press(Key.Key_2)
    rest(qtbot, tasks)
    assert [room.status(0), room.status(1)] == [None, "duplicate_void"]


def test_after_a_decision_the_next_pair_that_waits_is_shown(
    page: CrossingPage, room: Room, site: Site, tmp_path: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    for name, school in (("third", SCHOOL), ("fourth", OTHER_SCHOOL)):
        laptop = site.laptop(room.district, name, school)
        for number, child in enumerate(("李一", "王二")):
            said = {"id_type": "1", "id_number": NUMBERS[number], "birth_date": "2018-03-15"}
            register(laptop, child, **said)
        take(room.district, hand(laptop, tmp_path / name).path)
    press(Key.Key_F5)
    rest(qtbot, tasks)
    names = [row[1] for row in rows(page)]
    page.table.go_to_row(1)
    press(Key.Key_3)
    press(Key.Key_4)
    rest(qtbot, tasks)
    here = page.model.row_at(page.model.place(page.table.current_key))
    assert here is not None
    assert (cell_text(here.cells[1]), cell_text(here.cells[3])) == (names[2], "待判断")
    press(Key.Key_F8)
    rest(qtbot, tasks)
    here = page.model.row_at(page.model.place(page.table.current_key))
    assert here is not None
    assert (cell_text(here.cells[1]), cell_text(here.cells[3])) == (names[0], "待判断")


class _Nobody:
    """A desk where the person at the seat has no role."""

    def __init__(self, _workplace: Workplace) -> None:
        pass

    def roles(self) -> frozenset[str]:
        return frozenset()


def test_at_large_type_f6_shows_the_other_side_and_the_reasons_show_themselves(
    page: CrossingPage, window: Window
) -> None:
    window.wear(Look("light", 200))
    assert page.panel.isVisible()
    assert not page.side.isVisible()
    press(Key.Key_F6)
    assert page.side.isVisible()
    QTest.keyClick(focused(), Key.Key_F6)
    assert page.panel.isVisible()
    press(Key.Key_1)
    assert page.reasons.isVisible()
    press(Key.Key_Escape)
    assert page.panel.isVisible()
