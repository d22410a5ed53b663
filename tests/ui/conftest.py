"""What every test of the window starts from: the light look at 100 %, and no thread left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.domain.errors import ProductError
from desktop_app.durable.sticks import Stick
from desktop_app.security import kdf
from desktop_app.services.policies import shipped_policy
from desktop_app.services.workplace import Workplace
from desktop_app.ui.look import Look, look
from desktop_app.ui.page import Page
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.theme import apply_look
from desktop_app.ui.window import Window
from tests.sync import counting
from tests.sync.site import SCHOOL, Site
from tests.ui.school import CHEAP


def pytest_configure(config: pytest.Config) -> None:
    """Let the platform without a screen say that it has no window manager."""
    config.addinivalue_line("qt_log_ignore", "propagateSizeHints")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the long runs counted."""
    counting.say(terminalreporter)


W = TypeVar("W", bound=QWidget)
Show = Callable[[QWidget], None]
Stand = Callable[[Page], None]


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


# --- a real site behind the window ----------------------------------------------------------


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch passwords at almost no cost: that they cost much is tested with the vault."""
    monkeypatch.setattr(kdf, "STANDARD", CHEAP)


@pytest.fixture
def site(tmp_path: Path, cheap_passwords: None) -> Iterator[Site]:
    made = Site(tmp_path / "site", shipped_policy())
    made.folder.mkdir()
    yield made
    made.close()


@pytest.fixture
def district(site: Site) -> Workplace:
    return site.found()


@pytest.fixture
def laptop(site: Site) -> Workplace:
    """A school's laptop that has not joined."""
    return site.set_up("fresh", "school", SCHOOL)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "ZHW"
    folder.mkdir()
    return folder


class Plugged:
    """The sticks a page finds."""

    def __init__(self, *folders: Path) -> None:
        self.folders = list(folders)

    def __call__(self) -> Sequence[Stick]:
        return [Stick(one, one.name, 11_200_000_000, 16_000_000_000) for one in self.folders]


@pytest.fixture
def stand(window: Window, tasks: Tasks, qtbot: QtBot) -> Iterator[Stand]:
    """Open a page in the window and wait until it is at rest."""
    pages: list[Page] = []

    def made(page: Page) -> None:
        pages.append(page)
        window.add_page(page)
        window.open_page(page.nav_key)
        rest(qtbot, tasks)

    yield made
    for page in pages:  # none looks for sticks any more when the worker thread is closed
        page.on_leave()
    rest(qtbot, tasks)


def rest(qtbot: QtBot, tasks: Tasks) -> None:
    """Wait until no work is under way."""
    qtbot.waitUntil(lambda: not tasks.busy, timeout=20_000)


def press(*keys: Qt.Key) -> None:
    """Press keys where the focus is."""
    for key in keys:
        QTest.keyClick(focused(), key)


def said(page: Page) -> str:
    """What the banner of a page says."""
    view = page.banner_place.view
    return view.what if view is not None else ""
