"""Entry is measured at the form, and read under 人员 by keys."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from pytestqt.qtbot import QtBot

from desktop_app.services.people import PeopleDesk
from desktop_app.services.statistics import StatisticsDesk, Work
from desktop_app.services.workplace import Workplace
from desktop_app.ui.desk_pages import promise_statistics
from desktop_app.ui.pages.people import PeoplePage
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.registration_case import RegistrationDesks
from desktop_app.ui.pages.registration_meter import IDLE, Meter
from desktop_app.ui.pages.statistics import StatisticsPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import cell_text
from desktop_app.ui.window import Window
from tests.ui.conftest import press, rest
from tests.ui.registering import Tray, filled, make_school

pytestmark = pytest.mark.usefixtures("cheap_passwords")

Key = Qt.Key


class Clock:
    """Seconds that pass when a test says so."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def school(tmp_path: Path, cheap_passwords: None) -> Iterator[Workplace]:
    workplace = make_school(tmp_path / "data")
    yield workplace
    workplace.close()


def key(meter: Meter, code: Key = Key.Key_1) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, code, Qt.KeyboardModifier.NoModifier)
    assert not meter.eventFilter(meter, event)


def test_keys_and_time_at_the_form_are_counted_and_pauses_are_not(
    school: Workplace, window: Window, tasks: Tasks, qtbot: QtBot
) -> None:
    page = RegistrationPage(tasks, RegistrationDesks.of(school), Tray())
    clock, desk = Clock(), StatisticsDesk(school)
    meter = Meter(page, desk, tasks, clock)
    window.add_page(page)
    window.open_page("register")
    rest(qtbot, tasks)
    for passed in (0, 2, 3, IDLE + 1, 4):
        clock.now += passed
        key(meter)
    assert (meter.keys, meter.seconds) == (5, 9)
    begun = time.perf_counter()
    for _ in range(1000):
        key(meter)
    assert time.perf_counter() - begun < 0.5  # half a millisecond a key, and far less in truth
    meter.keys = 5
    page.form.take("full_name", "罗雨桐")
    press(Key.Key_F10)
    key(meter, Key.Key_F10)
    rest(qtbot, tasks)
    qtbot.waitUntil(lambda: bool(desk.days()), timeout=5000)
    assert desk.days()[0].own == Work(refused=1)
    for name, value in filled().items():
        page.form.take(name, value)
    press(Key.Key_F10)
    qtbot.waitUntil(lambda: desk.days()[0].own.cases == 1, timeout=5000)
    own = desk.days()[0].own
    assert (own.seconds, own.keys) == (9, 6)
    assert meter.keys == 0
    people = PeoplePage(PeopleDesk(school), tasks)
    promise_statistics(people, school, tasks, window)
    window.add_page(people)
    window.open_page("people")
    rest(qtbot, tasks)
    key(meter)
    assert meter.keys == 0  # another page
    press(Key.Key_F2)
    rest(qtbot, tasks)
    shown = window.page
    assert isinstance(shown, StatisticsPage)
    row = shown.table.rows.row_at(0)
    assert row is not None
    assert [cell_text(cell) for cell in row.cells][1:5] == ["我", "1 件", "0:09", "6 次"]
    press(Key.Key_Escape)
    assert window.page is people
    rest(qtbot, tasks)
