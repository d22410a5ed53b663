"""Asking the worker thread again and again, where only the latest answer is of use.

A key held down in a list, or a name being typed, asks faster than answers come: what was asked in
between is never begun.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from desktop_app.domain.errors import ProductError
from desktop_app.services.progress import Progress
from desktop_app.ui.tasks import OnError, Tasks

T = TypeVar("T")


class Latest(Generic[T]):
    """One question at a time; a newer one waits in place of the one that waited."""

    def __init__(self, tasks: Tasks, on_error: OnError, owner: QObject) -> None:
        """Take the door to the worker thread; nothing is told once the owner is gone."""
        self._tasks = tasks
        self._on_error = on_error
        self._owner = owner
        self._running = False
        self._outdated = False
        self._waiting: tuple[Callable[[], T], Callable[[T], object]] | None = None

    @property
    def busy(self) -> bool:
        """Tell whether an answer is still to come."""
        return self._running

    def ask(self, use_case: Callable[[], T], on_answer: Callable[[T], object]) -> None:
        """Ask; an older question that has not been answered is forgotten."""
        if self._running:
            self._waiting = (use_case, on_answer)
            return
        self._running = True
        self._outdated = False

        def work(_progress: Progress) -> T:
            return use_case()

        def answer(result: T) -> None:
            if self._waiting is None and not self._outdated:
                on_answer(result)

        self._tasks.run(work, answer, self._refused, on_finish=self._finished, owner=self._owner)

    def forget(self) -> None:
        """Take no answer to what was asked so far."""
        self._waiting = None
        self._outdated = True

    def _refused(self, error: ProductError) -> None:
        if self._waiting is None and not self._outdated:
            self._on_error(error)

    def _finished(self) -> None:
        """Ask what has been waiting."""
        self._running = False
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.ask(*waiting)
