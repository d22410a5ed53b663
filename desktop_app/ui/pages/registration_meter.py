"""Measures entry at the form: keys and seconds at the keys, per case; idle time does not count.

It listens at the native window, where keys arrive once, and adds two numbers a key press.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWindow

from desktop_app.services.statistics import StatisticsDesk, Work
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.tasks import Tasks

IDLE = 30.0
"""A pause of so many seconds is no work at the keys: somebody looks for a paper, or talks."""


class Meter(QObject):
    """Counts for the case on the form, and adds it to one's figures when it is registered."""

    def __init__(
        self,
        page: RegistrationPage,
        desk: StatisticsDesk,
        tasks: Tasks,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Follow a registration page; ``clock`` gives seconds."""
        super().__init__(page)
        self._page, self._desk, self._tasks, self._clock = page, desk, tasks, clock
        self.keys = 0
        self.seconds = 0.0
        self._last = 0.0
        page.registered.connect(self._registered)
        page.saver.amended.connect(lambda *_what: self._add(Work(mended=1)))
        page.after.taken_back.connect(self._taken_back)

    def listen(self, window: QWindow) -> None:
        """Hear the keys of a native window."""
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Count a key press at the form; never keep an event."""
        if event.type() == QEvent.Type.KeyPress and self._page.isVisible():
            now = self._clock()
            if self._last and now - self._last < IDLE:
                self.seconds += now - self._last
            self._last = now
            self.keys += 1
            if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F10:
                QTimer.singleShot(0, self, self._saved_or_not)
        return False

    def _saved_or_not(self) -> None:
        """Count a save that the form refused."""
        page = self._page
        if not page.busy and page.live.strict and page.saver.obstacles():
            self._add(Work(refused=1))

    def _registered(self, _record: str) -> None:
        keys, seconds = self.keys, round(self.seconds)
        self.keys, self.seconds, self._last = 0, 0.0, 0.0
        self._add(Work(cases=1, seconds=seconds, keys=keys))

    def _taken_back(self, _fields: Mapping[str, str]) -> None:
        """Take a case that was undone off again, and count that it was mended."""
        self._add(Work(cases=-1, mended=1))

    def _add(self, work: Work) -> None:
        self._tasks.run(
            lambda _progress: self._desk.add(work), lambda _done: None, _ignore, owner=self
        )


def _ignore(_error: object) -> None:
    """Say nothing: figures are a courtesy, and the case is saved."""
