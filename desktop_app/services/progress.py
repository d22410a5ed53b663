"""How a long use case says how far it is, and how it learns that it is to stop.

Free of any screen: the worker thread hands a `Progress` to a use case, a command hands one that
prints, a test hands one that counts. Stopping is an exception, so that it becomes a rollback.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock

from desktop_app.domain.errors import CancelledError


@dataclass(frozen=True, slots=True)
class Step:
    """How far a use case is: records done, records in all, and the code of what is being done."""

    done: int
    total: int
    note_code: str = ""


class Progress:
    """The line between a running use case and whoever waits for it; safe across threads."""

    def __init__(self, report: Callable[[], None] | None = None) -> None:
        """Take a function that is told when there is news; it is not told again until `news`."""
        self._report = report
        self._stop = Event()
        self._lock = Lock()
        self._news: Step | None = None

    def step(self, done: int, total: int, note_code: str = "") -> None:
        """Say how far the work is, in records.

        Raises:
            CancelledError: the person stopped it; whatever was begun is to be rolled back.
        """
        if self._stop.is_set():
            raise CancelledError
        with self._lock:
            told = self._news is not None
            self._news = Step(done, total, note_code)
        if self._report is not None and not told:
            self._report()

    def news(self) -> Step | None:
        """Take the latest step not yet taken; those between are not of interest to anybody."""
        with self._lock:
            step, self._news = self._news, None
        return step

    def cancel(self) -> None:
        """Ask the use case to stop at its next step."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """Tell whether it has been asked to stop."""
        return self._stop.is_set()
