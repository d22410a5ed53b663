"""Target 7: from the password entered to the first keystroke accepted on the first page.

The limit is one Argon2id, the database opened by the driver, and a bare window with one field that
is shown and takes a key. Ours unlocks in the worker as the product does, with the checks of a start
(folder lock, slot file, anchor, feeds), composes the pages of the seat and takes a key on the first
of them. What the product loads while the person is still typing is loaded before the clock starts,
on both sides.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from benchmarks.bundle import DATABASE, KEY_FILE, PASSWORD, SCHOOL_FOLDER, prepare
from benchmarks.measure import Case
from benchmarks.season import open_raw
from desktop_app.security.kdf import STANDARD
from desktop_app.services.progress import Progress
from desktop_app.ui.app import Workstation, make_application
from desktop_app.ui.loading import load_everything
from desktop_app.ui.pages.login import LoginPage
from desktop_app.ui.start import Start

_PATIENCE = 60.0
"""Seconds."""
_LOOK_EVERY = 20
"""Milliseconds, where no event wakes the loop before."""


def _wait(until: Callable[[], bool]) -> None:
    """Run the event loop until something holds, sleeping where nothing happens."""
    patience = time.monotonic() + _PATIENCE
    waking = QTimer()
    waking.start(_LOOK_EVERY)
    while not until():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        assert time.monotonic() < patience, "it did not come"


class _Keys(QObject):
    """Hears whether a key was delivered inside a window."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = False

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take note, and let it pass."""
        self.taken = self.taken or event.type() is QEvent.Type.KeyPress
        return False


class Limit:
    """One key stretched, one file opened, one bare window."""

    def open(self, prepared: Path, own: Path) -> None:
        """Make the application and read what is needed."""
        del own
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        self._application = make_application()
        self._prepared = prepared
        self._key = (prepared / KEY_FILE).read_bytes()

    def run(self) -> None:
        """Stretch, open, show, take a key."""
        Argon2id(
            salt=bytes(16),
            length=32,
            iterations=STANDARD.passes,
            lanes=STANDARD.lanes,
            memory_cost=STANDARD.memory,
        ).derive(PASSWORD)
        database = open_raw(self._prepared / SCHOOL_FOLDER / DATABASE, key=self._key)
        self._applicants = database.execute("SELECT count(*) FROM projected_applicant").fetchone()
        database.close()
        window = QWidget()
        field = QLineEdit(window)
        QVBoxLayout(window).addWidget(field)
        window.resize(1366, 768)
        window.show()
        field.setFocus()
        QApplication.processEvents()
        QTest.keyClick(field, Qt.Key.Key_7)
        self._typed = field.text()
        window.close()

    def check(self) -> None:
        """Assert that there are data and that the key was taken."""
        assert self._applicants[0] > 0
        assert self._typed == "7"

    def close(self) -> None:
        """Nothing is open."""


class Ours:
    """The workstation, from the login page on."""

    def open(self, prepared: Path, own: Path) -> None:
        """Make the application, and load what is loaded while somebody types."""
        del own
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        self._application = make_application()
        load_everything(Progress())
        self._folder = prepared / SCHOOL_FOLDER
        self._ready()

    def _ready(self) -> None:
        """Stand at the login page, as before every run."""
        self._station = Workstation(Start(self._folder), first_look=False)
        self._station.begin()
        _wait(lambda: self._station.painted and not self._station.tasks.busy)

    def run(self) -> None:
        """Enter the password and press a key on the page that comes."""
        page = self._station.window.page
        assert isinstance(page, LoginPage)
        page.password.set_value(PASSWORD.decode())
        page.submit()
        window = self._station.window
        _wait(lambda: self._station.workplace is not None and window.page is not page)
        QApplication.processEvents()
        keys = _Keys()
        focus = QApplication.focusWidget()
        target = window if focus is None else focus
        target.installEventFilter(keys)
        QTest.keyClick(target, Qt.Key.Key_7)
        target.removeEventFilter(keys)
        self._taken = keys.taken

    def check(self) -> None:
        """Assert that the pages stand and the key was taken; then go back to the login."""
        assert self._taken
        assert not isinstance(self._station.window.page, LoginPage)
        self._end()
        self._ready()

    def _end(self) -> None:
        """End in the product's own order, the process excepted."""
        self._station.leave()
        _wait(lambda: self._station.ended)
        self._station.window.deleteLater()
        QApplication.processEvents()

    def close(self) -> None:
        """End the workstation."""
        self._end()


CASES = (
    Case(
        number=7,
        title="password entered to first key accepted",
        target=1.5,
        prepare=prepare,
        limit=Limit,
        ours=Ours,
        weight=3,
    ),
)
