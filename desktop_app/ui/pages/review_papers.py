"""What is done about the papers of a case at 材料审核: noted with its keys, and pages sealed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.services.examination import ScanLine
from desktop_app.services.materials import Mark
from desktop_app.ui.clipboard import picture
from desktop_app.ui.pages.materials import material_of
from desktop_app.ui.pages.review_case import CasePanel, Mode
from desktop_app.ui.pages.review_desks import ReviewDesks
from desktop_app.ui.pages.review_sealed import SealedPages

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
    watching = Signal()
    """A folder was named from which pages are taken from now on."""

    def __init__(self, case: CasePanel, sealed: SealedPages, desks: ReviewDesks, run: Run) -> None:
        """Take the case, its sealed pages, the use cases, and what runs them."""
        super().__init__(case)
        self._case, self._sealed, self._desks, self._run = case, sealed, desks, run
        self._instead: ScanLine | None = None

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
            "F4": self.ask_page,
            "P": self.take_newest,
            "clipboard": self.take_copied,
            "X": self.ask_again,
            "Shift+T": self.keep_turned,
            ",": partial(self._move, -1),
            ".": partial(self._move, 1),
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

    # --- pages ------------------------------------------------------------------------------

    def ask_page(self) -> None:
        """Ask where a page lies that is one more."""
        self._instead = None
        self.asked.emit(Mode.ATTACH)

    def ask_again(self) -> None:
        """Ask for a page in place of the one in sight."""
        page = self._sealed.page
        if page is not None:
            self.asked.emit(Mode.ATTACH)
            self._instead = page
            self._case.attach.show_paper(page.label, again=True)

    def attach(self, source: Path) -> None:
        """Seal a page and keep it with the paper of now; a folder is watched from now on."""
        self._take(lambda: source)

    def take_newest(self) -> None:
        """Take the newest page of the folder a scanning program saves into."""
        if self._case.mode is not Mode.ATTACH:
            self._instead = None

        def taken(source: Path | bytes) -> None:
            if isinstance(source, Path):
                self._desks.capture.taken(source)

        self._take(self._desks.capture.newest, taken)

    def take_copied(self) -> None:
        """Take the picture another program put on the clipboard."""
        copied = picture()

        def source() -> Path | bytes:
            if copied is None:
                raise RuleError("scan.no_clipboard")
            return copied

        self._take(source)

    def _take(
        self,
        find: Callable[[], Path | bytes],
        taken: Callable[[Path | bytes], object] = lambda _source: None,
    ) -> None:
        """Find a page and keep it with the paper of now, or with the first one."""
        case, found, instead = self._case.case, self._case.row, self._instead
        if case is None:
            return
        material = material_of(found.pin) if found is not None else ""
        if not material and case.papers:
            material = case.papers[0].material
        if instead is not None:
            material = instead.material
        record, replaced = case.record, instead.scan if instead is not None else ""

        def work() -> str:
            source = find()
            if isinstance(source, Path) and self._desks.capture.is_folder(source):
                self._desks.capture.watch(source)
                return ""
            try:
                scan = self._desks.scans.attach(record, material, source, replaced)
            except UntrustedError:
                taken(source)  # offered again and again, it would hide the pages before it
                raise
            taken(source)
            return scan

        self._run(work, self._taken)

    def _taken(self, scan: object) -> None:
        """Show the page that came, or say that a folder is known now."""
        if isinstance(scan, str) and scan:
            self._instead = None
            self._sealed.want(scan)
            self.attached.emit()
        else:
            self.watching.emit()

    def keep_turned(self) -> None:
        """Keep the page in sight turned as it is seen now."""
        page, turns = self._sealed.page, self._sealed.turns
        if page is not None and turns:
            self._run(lambda: self._desks.scans.turn(page.scan, turns), self._taken)

    def _move(self, by: int) -> None:
        """Put the page in sight before or after the one beside it."""
        page = self._sealed.page
        if page is not None:
            self._run(
                lambda: self._desks.scans.move(page.scan, by), lambda _: self._taken(page.scan)
            )
