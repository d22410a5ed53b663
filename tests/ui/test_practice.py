"""Practice in the window: reached by one key, marked everywhere, gone when it is left."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.commands.practice import furnish_practice
from desktop_app.ui import taking_over
from desktop_app.ui.app import Workstation
from desktop_app.ui.look import Look
from desktop_app.ui.pages.lock import PracticeCover
from desktop_app.ui.practice import PracticeStation
from desktop_app.ui.printing.practice import PracticePrinter
from desktop_app.ui.printing.sheet import Draw, draw_page, pdf
from desktop_app.ui.start import Start
from desktop_app.ui.window import DESIGN_SIZE
from tests.ui.conftest import focused
from tests.ui.school import make_school

pytestmark = pytest.mark.usefixtures("cheap_passwords")

Key = Qt.Key


class Paper:
    """A printer that keeps what it was to print."""

    def __init__(self) -> None:
        self.pages: list[bytes] = []

    def require(self) -> None:
        """Be there."""

    def print_receipt(self, _view: object) -> None:
        pytest.fail("a receipt without the word")

    def print_page(self, draw: Draw, title: str) -> None:
        self.pages.append(pdf(draw, title))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Keep the words new processes are started with, and start none."""
    words: list[list[str]] = []

    def start(given: list[str], _told: int) -> int:
        words.append(given)
        return 1

    monkeypatch.setattr(taking_over, "start_anew", start)
    monkeypatch.setattr(QApplication, "exit", lambda _status: None)
    return words


def begin(station: Workstation, qtbot: QtBot) -> None:
    with qtbot.waitActive(station.window):
        station.begin()
        station.window.activateWindow()
    qtbot.waitUntil(lambda: station.painted and not station.tasks.busy, timeout=30_000)


def wait_for_end(station: Workstation, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: station.ended, timeout=30_000)
    station.window.deleteLater()


@pytest.fixture
def practice(
    tmp_path: Path, started: list[list[str]], qtbot: QtBot
) -> Iterator[tuple[PracticeStation, Paper]]:
    paper = Paper()
    station = PracticeStation(Start(tmp_path / "data"), furnish_practice, printer=paper)
    begin(station, qtbot)
    qtbot.waitUntil(lambda: station.shell is not None and not station.tasks.busy, timeout=30_000)
    yield station, paper
    if not station.ended:
        station.leave()
        wait_for_end(station, qtbot)


def test_one_key_at_the_login_and_at_the_first_use_leads_to_practice(
    tmp_path: Path, started: list[list[str]], qtbot: QtBot
) -> None:
    for folder in (tmp_path / "new", make_school(tmp_path / "data")):
        station = Workstation(Start(folder))
        begin(station, qtbot)
        QTest.keyClick(focused(), Key.Key_F7)
        wait_for_end(station, qtbot)
        assert started.pop() == ["practice", "--data", str(folder)]


def dark_and_light(image: QImage, y: int) -> int:
    """Count how often grey changes along a line."""
    line = [image.pixelColor(x, y).lightness() > 128 for x in range(image.width())]
    return sum(one != other for one, other in itertools.pairwise(line))


def test_practice_is_marked_everywhere_leads_through_a_case_and_is_gone_afterwards(
    practice: tuple[PracticeStation, Paper], started: list[list[str]], tmp_path: Path, qtbot: QtBot
) -> None:
    station, paper = practice
    window = station.window
    assert list((tmp_path / "data.practice").iterdir())
    assert not (tmp_path / "data").exists()
    lead_on(station, qtbot)
    look_at_every_page(station)
    qtbot.waitUntil(lambda: not station.tasks.busy, timeout=20_000)
    window.open_page("today")
    qtbot.waitUntil(lambda: not station.tasks.busy, timeout=20_000)
    QTest.keyClick(focused(), Key.Key_F9)
    qtbot.waitUntil(lambda: len(paper.pages) == 1, timeout=20_000)
    qtbot.waitUntil(lambda: not station.tasks.busy, timeout=20_000)
    QTest.keyClick(focused(), Key.Key_F12)
    cover = window.page
    assert isinstance(cover, PracticeCover)
    assert "擦掉" in cover.words
    wait_for_end(station, qtbot)
    assert started == [["open", "--data", str(tmp_path / "data")]]
    assert list(tmp_path.iterdir()) == []


def lead_on(station: PracticeStation, qtbot: QtBot) -> None:
    """See that the guided case has begun with its first step."""
    guide, page = station.guide, station.window.page
    assert guide is not None
    assert page is not None
    qtbot.waitUntil(lambda: page.banner_place.view is not None, timeout=5000)
    view = page.banner_place.view
    assert view is not None
    assert view.what.startswith("练习 1/")
    assert guide.steps["id_number"] in view.what


def look_at_every_page(station: PracticeStation) -> None:
    """See stripes and word on every page, at the smallest and the largest type."""
    window = station.window
    assert station.shell is not None
    keys = set(station.shell.pages)
    assert keys == {"register", "review", "today", "queue", "day"}
    for digit, key in ((Key.Key_7, "day"), (Key.Key_0, "queue"), (Key.Key_1, "register")):
        QTest.keyClick(window, digit, Qt.KeyboardModifier.AltModifier)  # as in the real window
        assert window.page is not None
        assert window.page.nav_key == key
    for scale in (200, 100):
        window.wear(Look("light", scale))
        window.resize(DESIGN_SIZE)
        for key in sorted(keys):
            window.open_page(key)
            QApplication.processEvents()
            head = window.masthead
            assert window.size() == QSize(DESIGN_SIZE)
            assert head._chip.isVisible()
            assert dark_and_light(head.grab().toImage(), head.height() - 2) > 40


def test_every_print_of_practice_has_the_word_across_it() -> None:
    paper = Paper()
    printer = PracticePrinter(paper)
    printer.print_page(lambda device, painter: draw_page(device, painter, "<p>x</p>"), "t")
    plain = pdf(lambda device, painter: draw_page(device, painter, "<p>x</p>"), "t")
    assert len(paper.pages[0]) > len(plain) + 500
