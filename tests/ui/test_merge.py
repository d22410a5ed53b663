"""午间汇总 by key presses: two real laptops, one folder for the stick, nobody touches the mouse."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.services.workplace import Workplace
from desktop_app.sync.round import RoundDesk
from desktop_app.ui.look import Look
from desktop_app.ui.pages.merge import MergePage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State, cell_text
from desktop_app.ui.window import Window
from tests.sync.site import Site, register_many
from tests.ui.conftest import Plugged, focused, press, rest, said

Key = Qt.Key


class Walk:
    """Walks with one stick from window to window; counts the keys."""

    def __init__(self, window: Window, tasks: Tasks, qtbot: QtBot, stick: Path) -> None:
        self.window, self.tasks, self.qtbot, self.stick = window, tasks, qtbot, stick

    def sit_down(self, laptop: Workplace) -> MergePage:
        """Open the page of a laptop."""
        if self.window.page is not None:
            self.window.remove_page("merge")
        page = MergePage(RoundDesk(laptop), self.tasks, find=Plugged(self.stick))
        self.window.add_page(page)
        self.window.open_page("merge")
        rest(self.qtbot, self.tasks)
        return page

    def visit(self, laptop: Workplace) -> tuple[MergePage, int]:
        """Press F10 until it may be pulled; give the page and the keys."""
        page, keys = self.sit_down(laptop), 0
        while keys == 0 or not said(page).startswith(("可以拔出", "各台一致")):
            press(Key.Key_F10)
            rest(self.qtbot, self.tasks)
            keys += 1
            assert keys <= 2
        return page, keys


def rows(page: MergePage) -> list[list[str]]:
    found = [page.model.row_at(place) for place in range(page.model.rowCount())]
    return [[cell_text(cell) for cell in row.cells] for row in found if row is not None]


def states(page: MergePage) -> list[State | None]:
    return [page.steps.state(place) for place in range(4)]


def test_two_rounds_with_f10_alone_end_with_equal_boards(
    site: Site, window: Window, tasks: Tasks, qtbot: QtBot, stick: Path
) -> None:
    district = site.found()
    one, two = site.laptop(district, "one"), site.laptop(district, "two")
    register_many(one, 4)
    register_many(two, 3)
    walk = Walk(window, tasks, qtbot, stick)
    page = walk.sit_down(one)
    assert states(page) == [State.WAITING] + [State.UNFINISHED] * 3
    page, _ = walk.visit(one)
    assert states(page)[:3] == [State.DONE, State.DONE, State.WAITING]
    walk.visit(two)
    walk.visit(one)
    page, keys = walk.visit(two)
    assert keys <= 2
    assert said(page) == "各台一致，可以拔出 U 盘"
    assert states(page) == [State.DONE] * 4
    assert [(row[0], row[2], row[6]) for row in rows(page)] == [
        ("2 号台（本机）", "3", "本机"),
        ("1 号台", "4", "一致"),
    ]
    page, keys = walk.visit(one)
    assert (keys, said(page)) == (1, "各台一致，可以拔出 U 盘")


def test_the_list_goes_on_after_a_restart(
    site: Site, window: Window, tasks: Tasks, qtbot: QtBot, stick: Path
) -> None:
    laptop = site.laptop(site.found(), "one")
    register_many(laptop, 2)
    walk = Walk(window, tasks, qtbot, stick)
    page = walk.sit_down(laptop)
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page).startswith("U 盘先别拔")
    page = walk.sit_down(site.again(laptop))
    assert states(page) == [State.DONE, State.WAITING, State.UNFINISHED, State.UNFINISHED]
    assert [one.label for one in page.key_actions() if one.primary] == ["交出去"]


def test_without_a_stick_the_caret_goes_to_the_place(
    site: Site, window: Window, tasks: Tasks, qtbot: QtBot, stick: Path
) -> None:
    laptop = site.laptop(site.found(), "one")
    page = MergePage(RoundDesk(laptop), tasks, find=Plugged())
    window.add_page(page)
    window.open_page("merge")
    rest(qtbot, tasks)
    press(Key.Key_F10)
    assert focused() is page.place.path
    page.place.path.set_value(str(stick / "gone"))
    page.place._path_typed()
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert page.banner_place.view is not None
    assert page.banner_place.view.state is State.REFUSED
    assert not page.busy


def test_at_large_type_f2_shows_the_board(
    site: Site, window: Window, tasks: Tasks, qtbot: QtBot, stick: Path
) -> None:
    page = Walk(window, tasks, qtbot, stick).sit_down(site.laptop(site.found(), "one"))
    window.wear(Look("light", 200))
    assert page.guide.isVisible()
    press(Key.Key_F2)
    assert page.board.isVisible()
    assert not page.guide.isVisible()
    press(Key.Key_F2)
    assert page.guide.isVisible()
