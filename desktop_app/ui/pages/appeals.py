"""诉求: what families complain of, by the day it is due; written down, answered, passed on.

One thing at a time: the list, the search for a child, what was said, the answer. No word of a
family stands in the list, since the next family looks at the screen too.
"""

from __future__ import annotations

from enum import Enum
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.domain.appeals import why_not_answer, why_not_pass_on
from desktop_app.domain.errors import RuleError
from desktop_app.messages.catalogue import sentence
from desktop_app.services.appeals import AppealDesk, AppealLine, Book, Known, Step
from desktop_app.ui.look import Shape, look
from desktop_app.ui.models.latest import Latest
from desktop_app.ui.page import Page
from desktop_app.ui.pages.appeals_parts import (
    CHIP,
    AppealPanel,
    FindPanel,
    ReplyForm,
    WriteForm,
    appeal_columns,
    appeal_row,
)
from desktop_app.ui.pages.today_parts import Chips
from desktop_app.ui.panes import show_panes, stand_beside
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import language
from desktop_app.ui.units import row
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.scroll import FocusScroll
from desktop_app.ui.widgets.table import WholeTable

_PAUSE = 120  # milliseconds before the complaint of another row is read


class Mode(Enum):
    """What is being done; the number is the part at the side."""

    LIST = 0
    FIND = 1
    WRITE = 2
    ANSWER = 3
    PASS_ON = 4


_WRITES = frozenset({Mode.WRITE, Mode.ANSWER, Mode.PASS_ON})


class AppealsPage(Page):
    """诉求, at a school and at the district."""

    nav_key = "appeals"

    def __init__(self, desk: AppealDesk, tasks: Tasks, parent: QWidget | None = None) -> None:
        """Take the desk and the door to the worker thread."""
        super().__init__(parent)
        self._desk, self._tasks, self._district = desk, tasks, desk.at_district
        self._book = Book((), {})
        self._known: Known | None = None
        self._asked: AppealLine | None = None
        """What is being answered; a list that comes anew meanwhile changes nothing of it."""
        self._beside = False
        self.mode = Mode.LIST
        self._told: Latest[tuple[AppealLine, tuple[Step, ...]]] = Latest(
            tasks, self.show_error, self
        )
        self._books: Latest[Book] = Latest(tasks, self.show_error, self)
        self._found: Latest[tuple[Known, ...]] = Latest(tasks, self.show_error, self)
        self._moving = QTimer(self, singleShot=True, interval=_PAUSE)
        self._moving.timeout.connect(self._ask_steps)
        self._build()
        self.arrange()

    def _build(self) -> None:
        halves = row(None, 9)
        self.panel = Panel(self.tr("诉求"), self, margins=(0, 0, 0, 0))
        self.counted = Text("", "caption", self.panel, elide=True)
        self.panel.add_to_head(self.counted)
        holder = Plain(self.panel)
        line = row(holder, 8, (13, 8, 13, 8))
        names = [one if one == "all" else CHIP + one for one in self._desk.lists]
        self._first = names[0]
        self.chips = Chips(holder, names)
        self.chips.chosen.connect(lambda _which: self.refresh())
        line.addWidget(self.chips, 1)
        self.panel.body.addWidget(holder)
        columns = appeal_columns(district=self._district)
        self.table = WholeTable(columns, self._tasks.run, self.panel, row=38)
        self.table.say_nothing(self.tr("这一类没有诉求。家长来反映，按 F4 记一件。"))
        self.table.moved.connect(lambda _key: self._moved())
        self.table.opened.connect(lambda _key: self.open_here())
        self.panel.body.addWidget(self.table, 1)
        halves.addWidget(self.panel, 1)
        self.side = QStackedWidget(self)
        self.detail = AppealPanel(self.side)
        self.finding = FindPanel(self._tasks, self.side, district=self._district)
        self.writing = WriteForm(self.side, district=self._district)
        self.reply = ReplyForm(self.side)
        self.side.addWidget(self.detail)
        self.side.addWidget(self.finding)
        for form in (self.writing, self.reply):
            self.side.addWidget(FocusScroll(form, self.side, least=150))
        halves.addWidget(self.side, 1)
        self.lines.addLayout(halves, 1)
        self.lines.addWidget(self.banner_place)
        self.finding.asked.connect(self._ask_found)
        self.finding.search.cleared.connect(self.leave)
        self.finding.moved.connect(self.keys_changed)

    def arrange(self) -> None:
        """Stand side by side; what is written, and at large type the list too, stands alone."""
        writes = self.mode in _WRITES
        wide = look().shape is Shape.WIDE and not writes
        beside = self._beside or self.mode is not Mode.LIST
        stand_beside(self.side, 440, beside=wide)
        show_panes(((self.panel, wide or not beside), (self.side, wide or beside)))
        self.panel.set_head_visible(visible=look().shape is not Shape.NARROW)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page for people."""
        return self.tr("诉求")

    def key_actions(self) -> list[KeyAction]:
        """List the keys for what is being done."""
        if self.mode is Mode.LIST:
            return self._list_keys()
        leave = KeyAction("Esc", self.tr("不改，返回"), self.leave, self.tr("返回"))
        if self.mode is Mode.FIND:
            take = (self.tr("记这个孩子的"), self.tr("记"))
            here = self.finding.known is not None
            why = self.tr("先找到孩子：打姓名、尾号或回执号")
            return [
                leave,
                KeyAction(
                    "Enter", take[0], self.take, take[1], primary=True, enabled=here, why=why
                ),
            ]
        words, short, done = {
            Mode.WRITE: (self.tr("记下这件诉求"), self.tr("记下"), self.write),
            Mode.ANSWER: (self.tr("签名答复，办结"), self.tr("办结"), self.answer),
            Mode.PASS_ON: (self.tr("签名转给区里"), self.tr("转区里"), self.answer),
        }[self.mode]
        return [leave, KeyAction("F10", words, done, short, primary=True)]

    def _list_keys(self) -> list[KeyAction]:
        keys = [
            KeyAction("F4", self.tr("记一件诉求"), self.begin_finding, self.tr("记一件")),
            KeyAction("Alt+←", self.tr("换状态"), partial(self.chips.step, -1), shown=False),
            KeyAction("Alt+→", self.tr("换状态"), partial(self.chips.step, 1), shown=False),
        ]
        if self._beside:
            keys.insert(0, KeyAction("Esc", self.tr("返回"), self._back))
        elif look().shape is not Shape.WIDE:
            here = self.line is not None
            keys.append(KeyAction("Enter", self.tr("打开"), self.open_here, enabled=here))
        if not self._district:
            why = self._why_not(pass_on=True)
            words = self.tr("转区里…")
            keys.append(
                KeyAction(
                    "T", words, partial(self.begin_reply, Mode.PASS_ON), enabled=not why, why=why
                )
            )
        why = self._why_not(pass_on=False)
        long, short = self.tr("答复…"), self.tr("答复")
        give = partial(self.begin_reply, Mode.ANSWER)
        return [
            *keys,
            KeyAction("F10", long, give, short, enabled=not why, why=why, primary=True),
        ]

    def _why_not(self, *, pass_on: bool) -> str:
        """Say why the complaint of now is not answered, or passed on, from here."""
        line = self.line
        if line is None:
            return self.tr("先在名单里选一件（↑↓）")
        refused = (
            why_not_pass_on(line.standing, district=self._district)
            if pass_on
            else why_not_answer(line.code, line.standing, district=self._district)
        )
        said = sentence(RuleError(refused), language()) if refused else None
        return f"{said.what}{said.now}" if said is not None else ""

    def hint(self) -> str:
        """Say how one moves."""
        return {
            Mode.LIST: self.tr("↑↓ 选一件 · Alt ← → 换状态"),
            Mode.FIND: self.tr("打几个字，↑↓ 选孩子"),
            Mode.WRITE: self.tr("Enter 到下一格"),
        }.get(self.mode, "")

    def help_view(self) -> HelpView:
        """Explain the page, with the duty it stands on."""
        text, basis, version = self._desk.duty()
        how = (
            self.tr("学校转来的、家长直接到区里的，都在这里等区里答复；学校在办的也看得到。")
            if self._district
            else self.tr("材料、安排、信息的意见学校答复或转区里；对本校办理过程的，一律转区里。")
        )
        return HelpView(
            self.tr("诉求"),
            text or self.tr("家长反映的都记下来，五个工作日内答复。"),
            basis,
            self.tr("五个工作日内答复，最急的在最上面。{how}").format(how=how),
            version,
        )

    def on_enter(self) -> None:
        """Take the focus and fresh lines."""
        self._take_focus()
        self.refresh()

    def on_leave(self) -> None:
        """Leave no word of a family behind another page; what is being written is kept."""
        if self.mode in {Mode.LIST, Mode.FIND}:
            self._go(Mode.LIST)

    # --- the list ---------------------------------------------------------------------------

    @property
    def line(self) -> AppealLine | None:
        """Give the complaint of now."""
        here = self.table.current_key
        return next((one for one in self._book.lines if one.record == here), None)

    @property
    def which(self) -> str:
        """Name the list that is shown."""
        return self.chips.current.removeprefix(CHIP)

    def refresh(self) -> None:
        """Fetch the list anew where it is seen."""
        if self.isVisible():
            desk, which = self._desk, self.which
            self._books.ask(lambda: desk.book(which), self.show_book)

    def show_book(self, book: Book) -> None:
        """Show a list."""
        self._book = book
        counts = {key if key == "all" else CHIP + key: n for key, n in book.counts.items()}
        self.chips.set_counts(counts)
        name = self._desk.school_name if self._district else lambda _code: ""
        self.table.show_rows(appeal_row(one, name(one.school)) for one in book.lines)
        words = self.tr("{count} 件，过期限 {late} 件")
        self.counted.setText(words.format(count=len(book.lines), late=book.late))
        self._moved()

    def _moved(self) -> None:
        """Another complaint: it is shown with its story once the hand rests."""
        line = self.line
        if line is None:
            self.detail.clear()
            self._beside = False
            self.arrange()
        else:
            self._moving.start()
        self.keys_changed.emit()

    def _ask_steps(self) -> None:
        line = self.line
        if line is not None:
            self._told.ask(lambda: (line, self._desk.steps(line)), self.show_line)

    def show_line(self, told: tuple[AppealLine, tuple[Step, ...]]) -> None:
        """Show a complaint, unless the person has gone on meanwhile."""
        line, steps = told
        if line.record == self.table.current_key:
            self.detail.show_line(line, steps, self._desk.school_name(line.school))

    def open_here(self) -> None:
        """Show the complaint in place of the list (large type)."""
        if look().shape is not Shape.WIDE and self.line is not None:
            self._beside = True
            self._arranged()

    def _back(self) -> None:
        self._beside = False
        self._arranged()

    def _arranged(self) -> None:
        self.arrange()
        self.keys_changed.emit()
        if self.isVisible():
            self._take_focus()

    # --- what is done -----------------------------------------------------------------------

    def _go(self, mode: Mode) -> None:
        """Begin something, or leave it without a change."""
        if self.busy:
            return
        self.mode = mode
        self.side.setCurrentIndex(min(mode.value, Mode.ANSWER.value))
        self._arranged()

    def _take_focus(self) -> None:
        if self.mode is Mode.FIND:
            self.focus_on(self.finding.search)
        elif self.mode is Mode.LIST:
            self.focus_on(self.table)
        else:
            (self.writing if self.mode is Mode.WRITE else self.reply).form.go_first()

    def leave(self) -> None:
        """Change nothing (Esc)."""
        self.show_banner(None)
        self._go(Mode.LIST)

    def begin_finding(self) -> None:
        """Find the child a complaint is about (F4)."""
        self.show_banner(None)
        self.finding.begin()
        self._go(Mode.FIND)

    def _ask_found(self, text: str) -> None:
        self._found.ask(lambda: self._desk.find(text), self._show_found)

    def _show_found(self, found: tuple[Known, ...]) -> None:
        names = {one.school: self._desk.school_name(one.school) for one in found}
        self.finding.show_found(found, names)

    def take(self) -> None:
        """Write about the child of now (Enter)."""
        known = self.finding.known
        if known is not None and self.mode is Mode.FIND:
            self._known = known
            self.writing.begin(known)
            self._go(Mode.WRITE)

    def write(self) -> None:
        """Write the complaint down (F10)."""
        known, form = self._known, self.writing.form
        if known is None or not self.writing.is_right():
            return
        matter, words = form.value("matter"), form.value("words")
        self.run_alone(
            self._tasks,
            lambda _progress: self._desk.record(known.record, matter, words, known.school),
            partial(self._written, known),
        )

    def _written(self, known: Known, _record: str) -> None:
        self._go(Mode.LIST)
        words = self.tr("{name}的诉求已记下").format(name=known.name)
        self.show_banner(BannerView(State.DONE, words, self.tr("到期前在这里答复。")))
        self.chips.choose(self._first)
        self.refresh()

    def begin_reply(self, mode: Mode) -> None:
        """Begin an answer (F10), or to pass the complaint on (T)."""
        line = self.line
        pass_on = mode is Mode.PASS_ON
        if line is not None and not self._why_not(pass_on=pass_on):
            self._asked = line
            self.show_banner(None)
            self.reply.begin(line, pass_on=pass_on)
            self._go(mode)

    def answer(self) -> None:
        """Sign the answer, or pass the complaint on (F10)."""
        line, pass_on = self._asked, self.mode is Mode.PASS_ON
        if line is None or not self.reply.is_right():
            return
        words = self.reply.form.value("words")
        self.run_alone(
            self._tasks,
            lambda _progress: self._desk.answer(
                line.record, words, passed_on=pass_on, school=line.school
            ),
            partial(self._answered, line, pass_on=pass_on),
        )

    def _answered(self, line: AppealLine, _nothing: None, *, pass_on: bool) -> None:
        self._go(Mode.LIST)
        words = self.tr("{name}的诉求已转区里") if pass_on else self.tr("{name}的诉求已答复，办结")
        now = self.tr("下次交换时带过去。") if pass_on or self._district else ""
        self.show_banner(BannerView(State.DONE, words.format(name=line.name), now))
        self.refresh()
