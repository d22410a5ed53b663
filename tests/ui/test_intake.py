"""The district's intake: schools by key presses, through a real folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.ui.look import SCALES, Look
from desktop_app.ui.pages.intake import IntakePage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State, cell_text
from desktop_app.ui.window import DESIGN_SIZE, Window
from tests.sync.site import SCHOOL, Site, register_many
from tests.ui.conftest import Plugged, focused, rest

Key = Qt.Key


def rows(page: IntakePage) -> list[list[str]]:
    found = [page.model.row_at(place) for place in range(page.model.rowCount())]
    return [[cell_text(cell) for cell in row.cells] for row in found if row is not None]


def test_a_stick_is_taken_in_and_answered(
    window: Window,
    tasks: Tasks,
    qtbot: QtBot,
    site: Site,
    district: Workplace,
    stick: Path,
) -> None:
    school = site.laptop(district, "laptop")
    register_many(school, 5)
    ExchangeDesk(school).hand_over(stick, Progress())
    labels = {code: one.label for code, one in site.policy.schools.items()}
    page = IntakePage(ExchangeDesk(district), tasks, labels, find=Plugged(stick))
    window.add_page(page)
    window.open_page("intake")
    rest(qtbot, tasks)
    assert {row[4] for row in rows(page)} == {"未到"}
    QTest.keyClick(focused(), Key.Key_F10)
    rest(qtbot, tasks)
    assert page.banner_place.view is not None
    assert page.banner_place.view.number == "U202"
    page.place.path.setFocus()
    QTest.keyClick(focused(), Key.Key_Return)  # goes on to the list and opens nothing yet
    assert focused() is page.table
    assert page.school == ""
    QTest.keyClick(focused(), Key.Key_F4)
    rest(qtbot, tasks)
    assert page.banner_place.view.state is State.DONE
    mine = next(row for row in rows(page) if row[0] == labels[SCHOOL])
    assert mine[1:6] == ["1 个", "5", "0", "已收", "0"]
    assert rows(page)[0] == mine  # who came stands above who did not
    for scale in SCALES:
        window.wear(Look("light", scale))
        window.resize(DESIGN_SIZE)
        least = window.minimumSizeHint()
        assert (least.width() <= 1366, least.height() <= 768) == (True, True)
    for bundle in stick.glob("*.enb"):
        bundle.unlink()
    QTest.keyClick(focused(), Key.Key_F10)
    rest(qtbot, tasks)
    assert page.banner_place.view.what == "可以拔出 U 盘"
    assert len(list(stick.glob(f"{SCHOOL}-*.enb"))) == 1
    ExchangeDesk(school).take_in(stick, Progress())
    assert ExchangeDesk(school).board().counts.received == 5


def test_enter_opens_what_is_missing_with_its_sentence_and_esc_goes_back(
    window: Window,
    tasks: Tasks,
    qtbot: QtBot,
    site: Site,
    district: Workplace,
    stick: Path,
) -> None:
    school = site.laptop(district, "laptop")
    register_many(school, 5)
    bundle = ExchangeDesk(school).hand_over(stick, Progress()).path
    data = bytearray(bundle.read_bytes())
    data[len(data) // 2] ^= 1
    bundle.write_bytes(data)
    labels = {code: one.label for code, one in site.policy.schools.items()}
    page = IntakePage(ExchangeDesk(district), tasks, labels, find=Plugged(stick))
    window.add_page(page)
    window.open_page("intake")
    rest(qtbot, tasks)
    QTest.keyClick(focused(), Key.Key_F4)
    rest(qtbot, tasks)
    page.table.go_to_row(page.model.place(SCHOOL))
    QTest.keyClick(focused(), Key.Key_Return)
    rest(qtbot, tasks)
    assert page.detail.isVisible()
    assert not page.table.isVisible()
    refused = page.detail.model.row_at(0)
    assert refused is not None
    assert [cell_text(cell) for cell in refused.cells[1:3]] == ["没有收", "第 1 包"]
    told = page.detail.telling.view
    assert told is not None
    assert told.number.startswith("B")
    assert told.now
    QTest.keyClick(focused(), Key.Key_F4)
    rest(qtbot, tasks)
    assert page.detail.isVisible()
    QTest.keyClick(focused(), Key.Key_Escape)
    assert page.table.isVisible()
    assert focused() is page.table
    assert page.table.current_key == SCHOOL
