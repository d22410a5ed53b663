"""A stand-in for the worker thread: what is asked is answered at once, or when the test says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from desktop_app.services.progress import Progress

R = TypeVar("R")


class Answering:
    """Runs use cases on the thread of the test."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []
        self.at_once = True

    def run(
        self, use_case: Callable[[Progress], R], on_success: Callable[[R], None], **_rest: object
    ) -> None:
        def answer() -> None:
            on_success(use_case(Progress()))

        if self.at_once:
            answer()
        else:
            self.waiting.append(answer)

    def answer_all(self) -> None:
        waiting, self.waiting = self.waiting, []
        for answer in waiting:
            answer()
