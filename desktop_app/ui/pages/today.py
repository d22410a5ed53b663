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
from desktop_app.services.lists import ALL, DRAFT, Found, ListDesk, ListLine
from desktop_app.services.progress import Progress
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.ui.look import Shape, look
from desktop_app.ui.models.latest import Latest
from desktop_app.ui.page import Page
from desktop_app.ui.pages.today_detail import DetailPanel
from desktop_app.ui.pages.today_list import Answer, TodayList
from desktop_app.ui.pages.today_parts import Chips, SearchInput
from desktop_app.ui.printing.printer import ReceiptPrinter
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import column, row, set_units
from desktop_app.ui.views import BannerView, KeyAction, State
from desktop_app.ui.widgets.labels import Text
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
        head = column(None, 8, (13, 11, 13, 10))
        first, second = row(None, 10), row(None, 10)
        self.search = SearchInput(self.sheet)
        self.found = Text("", "strong", self.sheet)
        self._spent = Text("", "caption", self.sheet)
        how = self.tr("拼音首字母、姓名、证件或电话尾号、回执号")
        self._how = Text(how, "caption", self.sheet, elide=True)
        for part, stretch in ((self.search, 5), (self.found, 0), (self._spent, 0)):
            first.addWidget(part, stretch)
        first.addStretch(1)
        first.addWidget(self._how)
        self.chips = Chips(self.sheet)
        self._switch = Text(self.tr("Alt ← → 换状态"), "caption", self.sheet)
        second.addWidget(self.chips, 1)
        second.addWidget(self._switch)
        head.addLayout(first)
        head.addLayout(second)
        lines.addLayout(head)
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
        """List the keys; those of a case are closed while none is chosen."""
        line = self.list.line
        case = line is not None and line.state != DRAFT
        show, again = self.tr("显示证件号"), self.tr("重打回执")
        none = self.tr("先在名单里选一件已登记的（↑↓），再按这个键")
        back, on = partial(self.chips.step, -1), partial(self.chips.step, 1)
        amend = (self.tr("改登记"), self.tr("改"))
        sight = (self.tr("看回执"), self.tr("看"))
        keys = [
            KeyAction("F3", self.tr("查找"), self._find),
            KeyAction("Enter", self.tr("打开"), self._open, enabled=line is not None),
            KeyAction("F2", amend[0], self._amend, amend[1], enabled=case, why=none),
            KeyAction("F6", self.tr("补材料"), self._papers, enabled=case, why=none),
            KeyAction("F8", show, self.unmask, self.tr("显示"), enabled=case, why=none),
            KeyAction("Shift+F2", self.tr("应到未到"), self.absent_wanted.emit, shown=False),
            KeyAction(
                "Shift+F7",
                self.tr("给家长看"),
                self._show_guardian,
                enabled=case,
                why=none,
                shown=False,
            ),
            # At 200 % the bar has no room for it; the key works all the same.
            KeyAction(
                "Shift+F9",
                sight[0],
                self._look,
                sight[1],
                enabled=case,
                why=none,
                shown=look().shape is not Shape.NARROW,
            ),
            *self._table_keys(),
            self._filter_key(),
            KeyAction("Alt+←", self.tr("换状态"), back, shown=False),
            KeyAction("Alt+→", self.tr("换状态"), on, shown=False),
            KeyAction(
                "F9",
                again,
                self.print_again,
                self.tr("重打"),
                enabled=case,
                primary=True,
                icon="printer",
                why=none,
            ),
        ]
        if self._detail_alone:
            keys.insert(0, KeyAction("Esc", self.tr("返回"), self._show_list))
        return keys

    def _table_keys(self) -> list[KeyAction]:
        """List the keys that take a table in, and a list out."""
        shown = look().shape is Shape.WIDE
        return [
            KeyAction(
                "F4", self.tr("导入名册"), self.import_wanted.emit, self.tr("导入"), shown=shown
            ),
            KeyAction("F7", self.tr("导出名单"), self._export, self.tr("导出"), shown=shown),
            KeyAction(
                "Shift+F4",
                self.tr("复录纸表"),
                self.keying_wanted.emit,
                self.tr("复录"),
                shown=False,
            ),
        ]

    def _filter_key(self) -> KeyAction:
        """Give the key to the filters that were kept."""
        words, short = self.tr("存的筛选"), self.tr("筛选")
        shown = look().shape is Shape.WIDE
        return KeyAction("F5", words, self.filters_wanted.emit, short, shown=shown)

    def _export(self) -> None:
        """Take out the list of now; drafts are nobody's registration and stay here."""
        which = self.chips.current
        self.export_wanted.emit(ALL if which == DRAFT else which)

    def hint(self) -> str:
        """Say how one moves in the list."""
        return self.tr("↑↓ 选人")

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
        # What goes goes first: showing lays out at once, and both would not fit.
        for part, visible in sorted(parts, key=lambda one: one[1]):
            part.setVisible(visible)
        set_units(self.detail, min_width=300 if wide else 0, max_width=300 if wide else 2000)
        self._spent.setVisible(wide)
        self._switch.setVisible(wide)
        self._how.setVisible(wide and bool(self.found.text()))
        set_units(self.search, max_width=340 if wide else 2000)
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
        self._switch.setText(words or self.tr("Alt ← → 换状态"))
        self.search.setText(wanted.text)
        self.chips.choose(wanted.which)
        self._ask_list()

    def _shown(self, answer: Answer) -> None:
        """Say what came with the list."""
        self.chips.set_counts(answer.counts)
        self.found.setText(self._found_words(answer.found))
        spent = "" if answer.found is None else self.tr("{seconds:.2f} 秒")
        if answer.found is not None:
            spent = spent.format(seconds=answer.found.milliseconds / 1000)
        self._spent.setText(spent)
        self._how.setVisible(bool(spent) and look().shape is Shape.WIDE)
        self._moving.start()
        self._follow_keys()

    def _found_words(self, found: Found | None) -> str:
        """Say how many match every word, and how many only some."""
        if found is None:
            return ""
        if found.more and not found.some:
            words = self.tr("都符合 {every} 人以上")
        elif found.more:
            words = self.tr("都符合 {every} 人 · 符合一项 {some} 人以上")
        elif look().shape is Shape.NARROW:
            words = self.tr("都符合 {every} · 符合一项 {some}")
        else:
            words = self.tr("都符合 {every} 人 · 符合一项 {some} 人")
        return words.format(every=found.every, some=found.some)

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
        """Do one thing at a time; a second press meanwhile does nothing."""
        if self.busy:
            return
        self.set_busy(busy=True)
        self.show_banner(None)
        done = partial(self.set_busy, busy=False)
        self._tasks.run(use_case, on_success, self.show_error, on_finish=done, owner=self)

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
