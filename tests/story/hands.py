"""A hand at the window of a story: sticks it plugs in, keys it presses, and the wait after each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.durable.sticks import Stick
from desktop_app.ui.page import Page
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import Row, cell_text
from desktop_app.ui.window import Window


class Hands:
    """Presses keys at a window, and counts them."""

    def __init__(self, window: Window, tasks: Tasks, qtbot: QtBot) -> None:
        self.window, self.tasks, self.qtbot = window, tasks, qtbot
        self.keys = 0

    def add(self, *pages: Page) -> None:
        for page in pages:
            self.window.add_page(page)

    def open(self, page: str) -> None:
        self.window.open_page(page)
        self.rest()

    def rest(self) -> None:
        self.qtbot.waitUntil(lambda: not self.tasks.busy, timeout=60_000)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            self.keys += 1
            QTest.keyClick(focused(), key)
            self.rest()

    def chord(self, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
        self.keys += 1
        QTest.keyClick(focused(), key, held)
        self.rest()

    def type(self, words: str) -> None:
        self.keys += len(words)
        QTest.keyClicks(focused(), words)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def plugged(*folders: Path) -> Callable[[], Sequence[Stick]]:
    """Give what finds the sticks that are plugged in."""
    return lambda: [Stick(one, one.name, 11_200_000_000, 16_000_000_000) for one in folders]


class Rows(Protocol):
    """A model of a table of the product."""

    def rowCount(self) -> int: ...  # noqa: N802 - Qt's name

    def row_at(self, row: int, /) -> Row | None: ...


def rows(model: Rows) -> list[list[str]]:
    """Give the words of a table's rows, as far as they are there."""
    found = [model.row_at(place) for place in range(model.rowCount())]
    return [[cell_text(cell) for cell in row.cells] for row in found if row is not None]
