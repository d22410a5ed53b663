"""The sealed pages of the case at 材料审核: opened one by one into memory, looked at by keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from desktop_app.domain.errors import ProductError
from desktop_app.messages.catalogue import sentence
from desktop_app.services.examination import Examination, ExaminationDesk, ScanLine
from desktop_app.ui.models.latest import Latest
from desktop_app.ui.pages.review_scan import ScanPane
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import language

_MOVE = 0.25


class SealedPages(QObject):
    """Opens the page of now; the first look at a case is logged."""

    def __init__(self, pane: ScanPane, desk: ExaminationDesk, tasks: Tasks) -> None:
        """Take the pane, and what opens a page."""
        super().__init__(pane)
        self._pane, self._desk = pane, desk
        self._looked = self._wanted = ""
        self._sights: Latest[QImage] = Latest(tasks, self._gone, self)

    @property
    def page(self) -> ScanLine | None:
        """Give the page of now."""
        return self._pane.page

    @property
    def turns(self) -> int:
        """Tell by how many quarters it is turned for the eye."""
        return self._pane.sight.turns

    def forget(self) -> None:
        """Show no page; the next look at a case is its first."""
        self._looked = ""
        self._pane.set_pages(())

    def want(self, scan: str) -> None:
        """Show this page once it has come: it was just taken in."""
        self._wanted = scan

    def take(self, case: Examination, *, same: bool) -> bool:
        """Take the pages of a case; tell whether they are others than before."""
        keep = self._pane.page.scan if same and self._pane.page is not None else ""
        if not same:
            self._looked = ""
        elif case.scans == self._pane.pages:
            return False
        if self._wanted in {one.scan for one in case.scans}:
            keep, self._wanted = self._wanted, ""
        self._pane.set_pages(case.scans, keep)
        return True

    def ask(self, record: str) -> None:
        """Ask for the page of now of a case."""
        page = self._pane.page
        if page is None:
            return
        scan, first = page.scan, self._looked != record
        self._looked = record

        def opened() -> QImage:
            return QImage.fromData(self._desk.look_at(record, scan, first=first))

        self._sights.ask(opened, partial(self._pane.show_image, scan))

    def _gone(self, error: ProductError) -> None:
        """Say in the pane why the page cannot be shown."""
        said = sentence(error, language())
        self._pane.sight.say(f"{said.what}\n{said.now}")

    def calls(self, turn: Callable[[int], object]) -> dict[str, Callable[[], object]]:
        """Give what the keys of the page in sight do; ``turn`` goes to another page."""
        sight = self._pane.sight
        return {
            "[": partial(turn, -1),
            "]": partial(turn, 1),
            "+": sight.enlarge,
            "=": sight.enlarge,
            "Shift++": sight.enlarge,
            "T": sight.turn,
            "Shift+←": partial(sight.shift, -_MOVE, 0),
            "Shift+→": partial(sight.shift, _MOVE, 0),
            "Shift+↑": partial(sight.shift, 0, -_MOVE),
            "Shift+↓": partial(sight.shift, 0, _MOVE),
        }
