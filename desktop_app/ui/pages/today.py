"""今日名单: find anyone, see what is missing, open, mend papers, show a number, print again.

The field of search keeps the focus; ↑ ↓ PgUp PgDn pass through it to the table, so that a hand
never leaves the keys.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import ProductError
from desktop_app.services.case_file import CaseDesk, CaseFile, Unmasked
from desktop_app.services.filters import Filter
from desktop_app.services.lists import ALL, DRAFT, KEYING, ListDesk, ListLine
from desktop_app.services.progress import Progress
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.ui.look import Shape, look
from desktop_app.ui.models.latest import Latest
from desktop_app.ui.page import Page
from desktop_app.ui.pages.today_detail import DetailPanel
from desktop_app.ui.pages.today_head import ListHead
from desktop_app.ui.pages.today_keys import Calls, Standing, list_help, list_keys
from desktop_app.ui.pages.today_list import Answer, TodayList
from desktop_app.ui.panes import show_panes, stand_beside
from desktop_app.ui.printing.printer import ReceiptPrinter
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import column, row
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State
from desktop_app.ui.widgets.panel import Sheet

T = TypeVar("T")
TYPING_PAUSE = 60  # milliseconds


@dataclass(frozen=True, slots=True)
class TodayDesks:
    """The use cases of the page."""

    lists: ListDesk
    cases: CaseDesk
    receipts: ReceiptDesk


class TodayPage(Page):
    """The list of the day with its search; what opens a case is told by signals."""

    nav_key = "today"
    prints_help = False

    opened = Signal(str)
    """A registration is to be opened, by its record."""
    draft_opened = Signal(str)
    """A draft is to be gone on with, by its id."""
    papers_wanted = Signal(str)
    """Papers of a registration are to be noted, by its record."""
    amend_wanted = Signal(str)
    """A registration is to be amended, by its record."""
    absent_wanted = Signal()
    """Who of the district's list has not come is to be seen (junior schools)."""
    guardian_wanted = Signal(str, str)
    """A guardian asks what is held: the record and the name of the child."""
    receipt_asked = Signal(str)
    """The receipt of a registration is to be seen, by its record."""
    import_wanted = Signal()
    """A table of families is to be taken in."""
    keying_wanted = Signal()
    """The paper forms that wait for a second keying are to be seen."""
    filters_wanted = Signal()
    """The filters that were kept are to be chosen from."""
    export_wanted = Signal(str)
    """A list is to be taken out, by its name."""

    def __init__(
        self,
        desks: TodayDesks,
        printer: ReceiptPrinter,
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        """Take the use cases, the printer and the door to the worker thread."""
        super().__init__(parent)
        self._desks, self._printer, self._tasks = desks, printer, tasks
        self._case: CaseFile | None = None
        self._detail_alone = False
        self._kind = ""
        self._village = ""
        self._latest: Latest[CaseFile] = Latest(tasks, self._case_gone, self)
        self._build()
        self._calls = self._make_calls()
        self._typing = self._timer(self._ask_list)
        self._moving = self._timer(self._ask_case)
        self.search.changed.connect(lambda _text: self._typing.start())
        self.search.cleared.connect(self._ask_list)
        self.search.list_key.connect(self.list.take_key)
        self.chips.chosen.connect(lambda _which: self._ask_list())
        self.list.shown.connect(self._shown)
        self.list.moved.connect(self._moved)
        self.list.opened.connect(self._open)
        self.list.model.dataChanged.connect(self._follow_keys)
        self.arrange()

    def _timer(self, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(TYPING_PAUSE)
        timer.timeout.connect(call)
        return timer

    def _build(self) -> None:
        """Make the sheet with the list, and the panel beside it."""
        halves = row(None, 9)
        self.sheet = Sheet(self)
        lines = column(self.sheet, 0, (1, 1, 1, 1))
        self.head = ListHead(self.sheet)
        self.search, self.chips = self.head.search, self.head.chips
        lines.addWidget(self.head)
        self.list = TodayList(self._desks.lists, self._tasks, self.show_error, self.sheet)
        lines.addWidget(self.list, 1)
        halves.addWidget(self.sheet, 1)
        self.detail = DetailPanel(self)
        halves.addWidget(self.detail)
        self.lines.addLayout(halves, 1)
        self.lines.addWidget(self.banner_place)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page for people."""
        return self.tr("今日名单")

    def key_actions(self) -> list[KeyAction]:
        """List the keys for the line of now."""
        here = self.list.line is not None
        case = self._registration() is not None
        return list_keys(Standing(here, case, self._detail_alone), self._calls)

    def _make_calls(self) -> Calls:
        return {
            "Esc": self._show_list,
            "F3": self._find,
            "Enter": self._open,
            "F2": self._amend,
            "F6": self._papers,
            "F8": self.unmask,
            "Shift+F7": self._show_guardian,
            "Shift+F9": self._look,
            "F4": self.import_wanted.emit,
            "F7": self._export,
            "Shift+F4": self.keying_wanted.emit,
            "Shift+F2": self.absent_wanted.emit,
            "F5": self.filters_wanted.emit,
            "Alt+←": partial(self.chips.step, -1),
            "Alt+→": partial(self.chips.step, 1),
            "F9": self.print_again,
        }

    def _export(self) -> None:
        """Take out the list of now; drafts are nobody's registration and stay here."""
        which = self.chips.current
        self.export_wanted.emit(ALL if which == DRAFT else which)

    def hint(self) -> str:
        """Say how one moves in the list."""
        return self.tr("↑↓ 选人")

    def help_view(self) -> HelpView:
        """Explain the page."""
        return list_help()

    def on_enter(self) -> None:
        """Take the focus into the field of search, and fresh lines: drafts may have changed too."""
        self._find()
        self.refresh()

    def on_leave(self) -> None:
        """Cover what was shown."""
        if self._case is not None:
            self.detail.show_case(self._case)

    def arrange(self) -> None:
        """Stand side by side, or the list alone with the case behind Enter."""
        shape = look().shape
        wide = shape is Shape.WIDE
        self._detail_alone = self._detail_alone and not wide
        parts = ((self.sheet, not self._detail_alone), (self.detail, wide or self._detail_alone))
        show_panes(parts)
        stand_beside(self.detail, 300, beside=wide)
        self.head.arrange()
        self.list.footer.setVisible(shape is not Shape.NARROW)

    # --- the list ---------------------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch lines and counts anew, at once or on entering; what was chosen stays chosen."""
        if self.isVisible():
            self._ask_list()

    def _ask_list(self) -> None:
        """Ask for the list of now."""
        self._typing.stop()
        self.list.ask(self.search.value(), self.chips.current, self._village)

    @property
    def filter(self) -> Filter:
        """Tell search, list and village of now."""
        return Filter(self.search.value(), self.chips.current, self._village)

    def apply(self, wanted: Filter, words: str) -> None:
        """Show what a filter asks for; ``words`` name its village."""
        self._village = wanted.village
        self.head.name_village(words)
        self.search.setText(wanted.text)
        self.chips.choose(wanted.which)
        self._ask_list()

    def _shown(self, answer: Answer) -> None:
        """Say what came with the list."""
        self.chips.set_counts(answer.counts)
        self.head.say_keying(answer.counts.get(KEYING, 0))
        self.head.show_found(answer.found)
        self._moving.start()
        self._follow_keys()

    # --- the case of now --------------------------------------------------------------------

    def _moved(self) -> None:
        """Another row: its numbers are covered, its keys may be others."""
        self._case = None
        self._follow_keys()
        self._moving.start()

    def _follow_keys(self) -> None:
        """Tell the window where other keys are open than before; a list is walked fast."""
        line = self.list.line
        kind = "" if line is None else "draft" if line.state == DRAFT else "case"
        if kind != self._kind:
            self._kind = kind
            self.keys_changed.emit()

    def _ask_case(self) -> None:
        """Ask for the case of now."""
        line = self.list.line
        if line is not None and line.state != DRAFT:
            record = line.record
            self._latest.ask(lambda: self._desks.cases.open(record), self._take_case)
            return
        self._latest.forget()
        self._case = None
        if line is None:
            self.detail.clear()
        else:
            self.detail.show_draft(line)

    def _take_case(self, case: CaseFile) -> None:
        """Show the case, unless the person has gone on meanwhile."""
        if case.record == self.list.table.current_key:
            self._case = case
            self.detail.show_case(case)

    def _case_gone(self, error: ProductError) -> None:
        """Say why the case of now cannot be shown."""
        self.detail.clear()
        self.show_error(error)

    def _registration(self) -> ListLine | None:
        """Give the line of now where it is a registration, not a draft."""
        line = self.list.line
        return line if line is not None and line.state != DRAFT else None

    # --- keys -------------------------------------------------------------------------------

    def _find(self) -> None:
        """Go to the field of search."""
        self._show_list()
        self.search.setFocus()
        self.search.selectAll()

    def _show_list(self) -> None:
        """Come back from a case to the list (large type)."""
        if self._detail_alone:
            self._detail_alone = False
            self.arrange()
            self.search.setFocus()
            self.keys_changed.emit()

    def _open(self) -> None:
        """Open what is chosen; at large type the case is shown first."""
        line = self.list.line
        if line is None:
            return
        if line.state == DRAFT:
            self.draft_opened.emit(line.record)
        elif look().shape is Shape.WIDE or self._detail_alone:
            self.opened.emit(line.record)
        else:
            self._detail_alone = True
            self.arrange()
            self.setFocus()
            self.keys_changed.emit()

    def _papers(self) -> None:
        """Go to the papers of the case."""
        line = self._registration()
        if line is not None:
            self.papers_wanted.emit(line.record)

    def _amend(self) -> None:
        """Open the case in the form; a passed one is corrected there."""
        line = self._registration()
        if line is not None:
            self.show_banner(None)
            self.amend_wanted.emit(line.record)

    def _show_guardian(self) -> None:
        """Go to what a guardian may ask for: a print of all that is held, consents."""
        line = self._registration()
        if line is not None:
            self.guardian_wanted.emit(line.record, line.name)

    def _look(self) -> None:
        """Show the receipt on the screen; no copy is counted."""
        line = self._registration()
        if line is not None:
            self.receipt_asked.emit(line.record)

    def _run(self, use_case: Callable[[Progress], T], on_success: Callable[[T], None]) -> None:
        """Do one thing at a time."""
        self.run_alone(self._tasks, use_case, on_success)

    def unmask(self) -> None:
        """Show the numbers of the case; that is logged with the person's signature."""
        case = self._case
        if case is not None:
            record, shown = case.record, partial(self._show_unmasked, case)
            self._run(lambda _progress: self._desks.cases.unmask(record), shown)

    def _show_unmasked(self, case: CaseFile, unmasked: Unmasked) -> None:
        if case.record == self.list.table.current_key:
            self.detail.show_case(case, unmasked)

    def print_again(self) -> None:
        """Print the receipt again; the copy is counted before the paper moves."""
        line = self._registration()
        if line is not None:
            self._run(partial(self._print, line.record), partial(self._say_printed, line.name))

    def _print(self, record: str, _progress: Progress) -> int:
        """Count a copy and print it (on the worker thread)."""
        self._printer.require()
        copy = self._desks.receipts.log_print(record)
        self._printer.print_receipt(self._desks.receipts.view(record))
        return copy

    def _say_printed(self, name: str, copy: int) -> None:
        words = self.tr("{name}的回执已送打印，第 {copy} 份").format(name=name, copy=copy)
        self.show_banner(BannerView(State.DONE, words))
        self._moving.start()
