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
from desktop_app.ui.masthead_values import read_numbers
from desktop_app.ui.pages.intake import IntakePage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State, cell_text
from desktop_app.ui.window import DESIGN_SIZE, Window
from tests.sync.site import OTHER_SCHOOL, SCHOOL, Site, register, register_many
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
    which = f"第 1 包 · {bundle.name}"
    assert [cell_text(cell) for cell in refused.cells[1:3]] == ["没有收", which]
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


def test_new_pairs_are_told_and_refused_files_of_no_school_are_listed(
    window: Window,
    tasks: Tasks,
    qtbot: QtBot,
    site: Site,
    district: Workplace,
    stick: Path,
) -> None:
    for name, school in (("one", SCHOOL), ("other", OTHER_SCHOOL)):
        laptop = site.laptop(district, name, school)
        register(laptop)
        ExchangeDesk(laptop).hand_over(stick, Progress())
    (stick / "empty.enb").write_bytes(b"")
    assert read_numbers(district).pairs == 0
    page = IntakePage(ExchangeDesk(district), tasks, {}, find=Plugged(stick))
    window.add_page(page)
    window.open_page("intake")
    rest(qtbot, tasks)
    QTest.keyClick(focused(), Key.Key_F4)
    rest(qtbot, tasks)
    view = page.banner_place.view
    assert view is not None
    assert view.what == "1 个包没有收，2 个收好了"
    assert "1 对孩子两所学校都登记，在“跨校查重”" in view.now
    counted = read_numbers(district)
    assert (counted.pairs, counted.waiting, counted.done) == (1, len(rows(page)) - 1, 2)
    unnamed = page.model.row_at(2)  # below those that came, above those that did not
    assert unnamed is not None
    cells = [cell_text(unnamed.cells[place]) for place in (0, 2, 4, 5)]
    assert cells == ["来历不明的文件", "—", "没有收", "1"]
    page.table.go_to_row(2)
    QTest.keyClick(focused(), Key.Key_Return)
    rest(qtbot, tasks)
    refused = page.detail.model.row_at(0)
    assert refused is not None
    assert cell_text(refused.cells[2]) == "empty.enb"
    wanted: list[str] = []
    page.children_wanted.connect(wanted.append)
    QTest.keyClick(focused(), Key.Key_Return)  # there are no children of no school
    assert wanted == []
    assert page.detail.isVisible()
