"""排号 by keys alone, on a real school: given at triage, called, taken into the form, done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.domain.errors import WorkplaceError
from desktop_app.security import kdf
from desktop_app.services.queueing import QueueDesk
from desktop_app.services.workplace import Workplace
from desktop_app.ui.changes import Changes
from desktop_app.ui.compose import Site, prepare
from desktop_app.ui.desk_pages import queue_page
from desktop_app.ui.pages.queue import QueuePage
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.printing.sheet import Draw
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import cell_text
from desktop_app.ui.window import Window
from tests.ui.conftest import focused, press, rest, said
from tests.ui.registering import CHEAP, VILLAGE, Tray, filled, make_school

Key = Qt.Key


class Slips(Tray):
    """A printer that keeps the titles of its pages, or refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.titles: list[str] = []
        self.refuses = False

    def print_page(self, _draw: Draw, title: str) -> None:
        if self.refuses:
            raise WorkplaceError("print.none")
        self.titles.append(title)


@dataclass
class Room:
    workplace: Workplace
    window: Window
    register: RegistrationPage
    queue: QueuePage
    slips: Slips
    tasks: Tasks
    qtbot: QtBot

    def rest(self) -> None:
        rest(self.qtbot, self.tasks)

    def press(self, *keys: Key) -> None:
        for key in keys:
            press(key)
            self.rest()

    def rows(self) -> list[list[str]]:
        model = self.queue.table.rows
        found = [model.row_at(place) for place in range(model.rowCount())]
        return [[cell_text(cell) for cell in row.cells] for row in found if row is not None]


@pytest.fixture
def room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: Window, tasks: Tasks, qtbot: QtBot
) -> Iterator[Room]:
    monkeypatch.setattr(kdf, "STANDARD", CHEAP)
    workplace = make_school(tmp_path / "data")
    parts, slips = prepare(workplace), Slips()
    site = Site(parts, tasks, window, Changes(window), slips)
    assert parts.registration is not None
    register = RegistrationPage(tasks, parts.registration, slips)
    register.strip_changed.connect(window.set_strip)
    window.add_page(register)
    window.open_page("register")
    rest(qtbot, tasks)
    queue = queue_page(site, workplace, parts.registration)
    window.add_page(queue)
    window.open_page("queue")
    rest(qtbot, tasks)
    yield Room(workplace, window, register, queue, slips, tasks, qtbot)
    register.on_leave()
    rest(qtbot, tasks)
    workplace.close()


def test_a_number_goes_from_triage_into_the_form_and_out_of_the_queue(room: Room) -> None:
    queue = room.queue
    room.press(Key.Key_F4)
    QTest.keyClicks(focused(), "zhw")
    room.press(Key.Key_Return)
    QTest.keyClicks(focused(), "A1")
    room.press(Key.Key_Return)
    assert "户口" in queue.form.papers
    room.press(Key.Key_F10)
    assert said(queue).endswith(f"号，{queue._policy.villages[VILLAGE].label}")
    assert room.slips.titles == ["号条"]
    room.slips.refuses = True
    room.press(Key.Key_F4, Key.Key_Escape, Key.Key_F4)
    assert queue.form.village.value() == VILLAGE  # a queue comes by villages
    room.press(Key.Key_F10)
    view = queue.banner_place.view
    assert view is not None
    assert "把号念给家长" in view.now
    assert [row[1] for row in room.rows()] == ["等候", "等候"]
    room.press(Key.Key_F10)  # call the next
    assert said(queue).startswith("请 ")
    assert [row[1] for row in room.rows()] == ["已叫号", "等候"]
    room.press(Key.Key_Return)  # into the form
    form = room.register.form
    assert room.window.page is room.register
    assert (form.value("hukou_village"), form.value("category")) == (VILLAGE, "A1")
    assert form.current() == "id_number"
    for name, value in filled().items():
        form.take(name, value)
    room.press(Key.Key_F10)
    room.qtbot.waitUntil(
        lambda: QueueDesk(room.workplace).view().count("entered") == 1, timeout=5000
    )
    room.window.open_page("queue")
    room.rest()
    room.press(Key.Key_Down, Key.Key_Up)
    assert [row[1] for row in room.rows()] == ["等候", "已登记"]
    room.press(Key.Key_Down, Key.Key_D)
    assert [row[1] for row in room.rows()] == ["等候", "办完"]
    room.press(Key.Key_Up, Key.Key_W)
    assert "没来" in {row[1] for row in room.rows()}
    assert "等候 0" in queue.counts.text()


def test_a_village_that_is_none_gives_no_number_and_the_form_says_which_is_served(
    room: Room,
) -> None:
    room.press(Key.Key_F4)
    QTest.keyClicks(focused(), "sichuan")
    room.press(Key.Key_F10)
    assert said(room.queue) == "没有发号：村（居）“sichuan”没有选定"
    assert room.rows() == []
    room.press(Key.Key_Escape, Key.Key_F10)
    assert [row[2] for row in room.rows()] == ["外地或没说"]
    room.press(Key.Key_Return)
    (ticket,) = QueueDesk(room.workplace).view().tickets
    assert f"{ticket.spoken} 号" in room.register.view.sheet._title.text()


def test_a_word_that_is_no_village_is_told_when_the_field_is_left(room: Room) -> None:
    room.press(Key.Key_F4)
    QTest.keyClicks(focused(), "sichuan")
    room.press(Key.Key_Tab)
    assert room.queue.form.form.current() == "category"
    assert said(room.queue) == "没有选定“sichuan”，村（居）空着"
    room.queue.form.village.set_value(VILLAGE)
    QTest.keyClick(focused(), Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(focused(), "sichuan")
    room.press(Key.Key_Tab)
    assert said(room.queue) == "没有选定“sichuan”，村（居）没有改"
    assert room.queue.form.village.value() == VILLAGE


def test_a_ticket_taken_puts_the_open_case_aside_and_comes_back_with_it(room: Room) -> None:
    desk = QueueDesk(room.workplace)
    desk.give("", "")
    room.register.form.take("full_name", "罗雨晨")
    room.queue.refresh()
    room.rest()
    room.press(Key.Key_Return)
    assert room.register.form.value("full_name") == ""
    assert [one.fields["full_name"] for one in room.register.keeper.others()] == ["罗雨晨"]
    assert desk.view().tickets[0].standing == "called"
    for name, value in filled().items():
        room.register.form.take(name, value)
    room.press(Key.Key_F10)
    room.qtbot.waitUntil(lambda: desk.view().tickets[0].standing == "entered", timeout=5000)
    room.rest()
    QTest.keyClick(focused(), Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(focused(), Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    room.qtbot.waitUntil(lambda: desk.view().tickets[0].standing == "called", timeout=5000)
    room.rest()


def test_the_villages_that_wait_are_walked_by_key(room: Room) -> None:
    desk = QueueDesk(room.workplace)
    for village in ("", VILLAGE, VILLAGE):
        desk.give(village, "")
    room.queue.refresh()
    room.rest()
    label = room.queue._policy.villages[VILLAGE].label
    assert f"{label}　2" in room.queue.waiting.words
    alt = Qt.KeyboardModifier.AltModifier
    QTest.keyClick(focused(), Key.Key_Right, alt)
    assert len(room.rows()) == 2
    QTest.keyClick(focused(), Key.Key_Left, alt)
    assert len(room.rows()) == 3
