"""What is done about the papers of a case at 材料审核: noted with its keys, and pages sealed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop_app.services.materials import Mark
from desktop_app.ui.pages.materials import material_of
from desktop_app.ui.pages.review_case import CasePanel, Mode
from desktop_app.ui.pages.review_desks import ReviewDesks

MATCHED = "data_match"
"""Why a paper need not be brought: what it proves was found by a data match."""

Run = Callable[[Callable[[], object], Callable[[object], None]], None]
"""Does a use case on the worker thread, one at a time, and says that it is done."""


class PaperWork(QObject):
    """Notes what became of the paper of now, and keeps pages with it."""

    asked = Signal(object)
    """Something is to be entered first: the `Mode`."""
    noted = Signal()
    attached = Signal()

    def __init__(self, case: CasePanel, desks: ReviewDesks, run: Run) -> None:
        """Take the case, the use cases, and what runs them."""
        super().__init__(case)
        self._case, self._desks, self._run = case, desks, run

    def accept(self) -> None:
        """Note that the original was seen; ask for what the policy lets the school keep of it."""
        paper = self._case.paper
        if paper is None or self._case.mode is not Mode.LOOK:
            return
        if paper.notes:
            self.asked.emit(Mode.NOTE)
        else:
            self.mark(Mark(paper.material, "accepted"))

    def calls(self) -> dict[str, Callable[[], object]]:
        """Give what the keys do that ask for nothing more."""
        return {
            "Enter": self.accept,
            "L": lambda: self._mark_as("pending_original"),
            "M": lambda: self._mark_as("waived", MATCHED),
        }

    def judge(self, reason: str, words: str) -> None:
        """Note why the paper of now does not do, as it was begun: to be mended, or not accepted."""
        found = self._case.row
        if found is not None:
            state = self._case.begun.value
            self.mark(Mark(material_of(found.pin), state, reason=reason, note=words))

    def _mark_as(self, state: str, reason: str = "") -> None:
        """Note a state of the paper of now."""
        paper = self._case.paper
        if paper is not None:
            self.mark(Mark(paper.material, state, reason=reason))

    def mark(self, mark: Mark) -> None:
        """Note what became of a paper; what was typed stays while it is refused."""
        case = self._case.case
        if case is not None:
            record = case.record
            self._run(
                lambda: self._desks.materials.mark(record, mark), lambda _list: self.noted.emit()
            )

    def attach(self, source: Path) -> None:
        """Seal a page and keep it with the paper of now, or with the first one."""
        case, found = self._case.case, self._case.row
        if case is None:
            return
        material = material_of(found.pin) if found is not None else ""
        if not material and case.papers:
            material = case.papers[0].material
        record = case.record
        self._run(
            lambda: self._desks.scans.attach(record, material, source),
            lambda _scan: self.attached.emit(),
        )
