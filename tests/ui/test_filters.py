"""Kept filters by keys: from 今日名单 and back, with search, list and village."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.services.case_file import CaseDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.ui.desk_pages import promise_filters
from desktop_app.ui.pages.filters import FilterPage
from desktop_app.ui.pages.registration_case import RegistrationDesks
from desktop_app.ui.pages.today import TodayDesks, TodayPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import cell_text
from desktop_app.ui.window import Window
from tests.ui.conftest import focused, press, rest, said
from tests.ui.registering import VILLAGE, Tray, filled, make_school, number

pytestmark = pytest.mark.usefixtures("cheap_passwords")

Key = Qt.Key


@pytest.fixture
def school(tmp_path: Path, cheap_passwords: None) -> Iterator[Workplace]:
    workplace = make_school(tmp_path / "data")
    desk = RegistrationDesk(workplace)
    desk.register(filled())
    other = {"id_number": number(order=281), "full_name": "钱多多", "guardian_phone": "13800004321"}
    desk.register(filled(**other, hukou_village="410411200203"))
    yield workplace
    workplace.close()


def names(page: TodayPage) -> list[str]:
    model = page.list.model
    found = [model.row_at(place) for place in range(model.rowCount())]
    return [cell_text(row.cells[0]) for row in found if row is not None]


def test_a_filter_is_kept_chosen_and_removed_by_key(
    school: Workplace, window: Window, tasks: Tasks, qtbot: QtBot
) -> None:
    desks = TodayDesks(ListDesk(school), CaseDesk(school), ReceiptDesk(school))
    page = TodayPage(desks, Tray(), tasks)
    window.add_page(page)
    promise_filters(page, school, tasks, window, RegistrationDesks.of(school))
    window.open_page("today")
    page._typing.setInterval(0)
    rest(qtbot, tasks)
    assert len(names(page)) == 2
    press(Key.Key_F5)
    rest(qtbot, tasks)
    filters = window.page
    assert isinstance(filters, FilterPage)
    press(Key.Key_F4, Key.Key_F10)
    rest(qtbot, tasks)
    assert said(filters).startswith("还没写名字")
    filters.form.go_to("village")
    QTest.keyClicks(focused(), "zhw")
    press(Key.Key_Return)
    filters.name.setText("湛河湾")
    press(Key.Key_F10)
    rest(qtbot, tasks)
    rest(qtbot, tasks)
    assert filters.table.rows.rowCount() == 2
    press(Key.Key_1)
    rest(qtbot, tasks)
    assert window.page is page
    assert page.filter.village == VILLAGE
    assert "只看" in page.head.switch.text()
    qtbot.waitUntil(lambda: len(names(page)) == 1, timeout=5000)
    press(Key.Key_F5)
    rest(qtbot, tasks)
    press(Key.Key_Down, Key.Key_D)
    rest(qtbot, tasks)
    rest(qtbot, tasks)
    assert filters.table.rows.rowCount() == 1
    press(Key.Key_Return)  # all of them again
    rest(qtbot, tasks)
    qtbot.waitUntil(lambda: len(names(page)) == 2, timeout=5000)
    press(Key.Key_F5)
    press(Key.Key_Escape)
    assert window.page is page
    rest(qtbot, tasks)
    page.on_leave()
