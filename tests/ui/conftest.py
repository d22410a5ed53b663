"""What every test of the window starts from: the light look at 100 %, and no thread left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.domain.errors import ProductError
from desktop_app.ui.look import Look, look
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.theme import apply_look
from desktop_app.ui.window import Window


def pytest_configure(config: pytest.Config) -> None:
    """Let the platform without a screen say that it has no window manager."""
    config.addinivalue_line("qt_log_ignore", "propagateSizeHints")


W = TypeVar("W", bound=QWidget)
Show = Callable[[QWidget], None]


@pytest.fixture(autouse=True)
def _light_look(qapp: QApplication) -> Iterator[None]:
    if look() != Look() or not qapp.styleSheet():
        apply_look(qapp, Look())
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert [thread.name for thread in threading.enumerate() if thread.name == "tasks"] == []


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Show a widget as the active window, so that keys and focus work."""

    def shown(widget: QWidget) -> None:
        qtbot.addWidget(widget)
        with qtbot.waitActive(widget):
            widget.show()
            widget.activateWindow()

    return shown


@pytest.fixture
def window(show: Show) -> Window:
    """A window of the design size, without pages."""
    made = Window()
    made.resize(1366, 768)
    show(made)
    return made


class Heard:
    """What reached the default callbacks of the worker thread."""

    def __init__(self) -> None:
        self.errors: list[ProductError] = []
        self.bugs: list[BaseException] = []


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def tasks(heard: Heard, qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks(heard.errors.append, heard.bugs.append)
    yield made
    assert made.close()
    qapp.processEvents()


def focused() -> QWidget:
    """The widget that has the focus."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def child(widget: QWidget, kind: type[W]) -> W:
    """The first part of a kind within a widget."""
    found = widget.findChild(kind)
    assert found is not None
    return found
