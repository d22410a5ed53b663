"""复录: a paper form is keyed again by another person, who does not see what the first one keyed.

Above stand the forms that wait, below the five fields. Where both agree the next form comes; where
they differ both stand side by side, and a digit keeps either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.domain.errors import ProductError, StaleError
from desktop_app.services.people import PeopleDesk
from desktop_app.services.progress import Progress
from desktop_app.services.second_keying import (
    FIRST,
    SECOND,
    Difference,
    SecondKeyingDesk,
    Waiting,
)
from desktop_app.ui.look import Shape, look
from desktop_app.ui.page import Page
from desktop_app.ui.pages.registration_questions import AskPanel, Choice
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import moment
from desktop_app.ui.units import column
from desktop_app.ui.views import BannerView, Column, HelpView, KeyAction, PillCell, Row, State
from desktop_app.ui.widgets.dateinput import DateInput
from desktop_app.ui.widgets.form import Form
from desktop_app.ui.widgets.formats import DOCUMENT, PHONE
from desktop_app.ui.widgets.inputs import NumberInput, TextInput
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Panel, Sheet
from desktop_app.ui.widgets.scroll import FocusScroll
from desktop_app.ui.widgets.table import WholeTable


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, and the names of whoever keyed it."""

    lines: tuple[Waiting, ...] = ()
    people: Mapping[str, str] | None = None


class SecondKeyingPage(Page):
    """The forms that wait to be keyed again, one after the other."""

    nav_key = "keying"
    within = "today"

    def __init__(
        self,
        desk: SecondKeyingDesk,
        people: PeopleDesk,
        tasks: Tasks,
        leave: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, who works here, the worker thread, and the way back."""
        super().__init__(parent)
        self._desk, self._people, self._tasks, self._leave = desk, people, tasks, leave
        self._queue = Queue()
        self._typed: dict[str, str] = {}
        self._open: list[Difference] = []
        self._kept: dict[str, str] = {}
        self.panel = Panel(self.tr("待复录"), self, margins=(0, 0, 0, 0))
        columns = (
            Column(self.tr("回执"), 210, strong=True),
            Column(self.tr("村（居）"), 0),
            Column(self.tr("纸表日期"), 110),
            Column(self.tr("第一遍谁录"), 130, compact=False),
            Column(self.tr("时间"), 150, secondary=True, compact=False),
            Column(self.tr("状态"), 150),
        )
        self.table = WholeTable(columns, tasks.run, self.panel, row=36)
        self.table.say_nothing(self.tr("没有纸表等着复录"))
        self.table.moved.connect(lambda _key: self._begin())
        self.panel.body.addWidget(self.table)
        self.below = QStackedWidget(self)
        self.below.addWidget(self._make_sheet())
        self.question = AskPanel(self)
        self.question.left.connect(self._back)
        self.below.addWidget(self.question)
        self.lines.addWidget(self.panel, 1)
        self.lines.addWidget(FocusScroll(self.below, self, least=150), 1)
        self.lines.addWidget(self.banner_place)
        self.arrange()

    def _make_sheet(self) -> Sheet:
        """Make the fields; the kind of a document is not asked, so any number may be keyed."""
        sheet = Sheet(self)
        self.form = Form(sheet)
        group = self.form.group(self.tr("照纸表"))
        group.field(self.tr("孩子姓名"), TextInput(name="full_name"), width=240)
        group.field(self.tr("证件号"), NumberInput(DOCUMENT, name="id_number"), width=300)
        group.field(self.tr("出生日期"), DateInput(name="birth_date"), width=180)
        number = NumberInput(DOCUMENT, name="guardian_id_number")
        group.field(self.tr("家长证件"), number, width=300)
        group.field(self.tr("电话"), NumberInput(PHONE, name="guardian_phone"), width=200)
        self.form.filled.connect(self.compare)
        lines = column(sheet, 4, (1, 8, 1, 1))
        self.paper = Text("", "strong", sheet, elide=True)
        lines.addWidget(self.paper)
        lines.addWidget(self.form)
        return sheet

    def arrange(self) -> None:
        """Show the list beside its form where there is room for both."""
        self.panel.setVisible(look().shape is Shape.WIDE)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("复录")

    @property
    def deciding(self) -> bool:
        """Tell whether two keyings stand side by side."""
        return bool(self._open)

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        if self.deciding:
            return [
                KeyAction("Esc", self.tr("回去改"), self._back),
                KeyAction("1", self.tr("留第一遍"), partial(self._keep, FIRST)),
                KeyAction("2", self.tr("留第二遍"), partial(self._keep, SECOND)),
            ]
        line = self.line
        own = line is not None and line.is_own
        why = self.tr("这张是您自己录的，要由另一个人复录")
        none = self.tr("没有纸表等着复录")
        back, on = partial(self._step, -1), partial(self._step, 1)
        return [
            KeyAction("Esc", self.tr("返回"), self._leave),
            KeyAction("Alt+←", self.tr("换一张"), back),
            KeyAction("Alt+→", self.tr("换一张"), on, shown=False),
            KeyAction(
                "F10",
                self.tr("对一对"),
                self.compare,
                primary=True,
                enabled=line is not None and not own,
                why=why if own else none,
            ),
        ]

    def hint(self) -> str:
        """Say how one moves."""
        return self.tr("看纸表，按 1 或 2") if self.deciding else self.tr("Enter 到下一格")

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.title,
            self.tr("纸表由另一个人照着再录一遍五格，看不到第一遍；不同的再看纸表定。"),
            explanation=self.tr("谁录的第一遍，谁就不能复录同一张。"),
        )

    def on_enter(self) -> None:
        """Take the focus and fresh lines."""
        self.refresh()

    def on_leave(self) -> None:
        """Leave nothing of a child behind the other pages."""
        self._forget()
        self.show_banner(None)

    # --- the queue --------------------------------------------------------------------------

    @property
    def line(self) -> Waiting | None:
        """Tell the form of now."""
        key = self.table.current_key
        return next((one for one in self._queue.lines if one.record == key), None)

    def refresh(self) -> None:
        """Fetch what waits."""
        self._tasks.run(self._read, self._show, owner=self)

    def _read(self, _progress: Progress) -> Queue:
        people = {one.key: one.name for one in self._people.lines()}
        return Queue(self._desk.waiting(), people)

    def _show(self, queue: Queue) -> None:
        self._queue = queue
        mine = sum(not one.is_own for one in queue.lines)
        words = self.tr("待复录 {count} 张，您可以录 {mine} 张")
        self.panel.set_title(words.format(count=len(queue.lines), mine=mine))
        self.table.show_rows([self._row(one) for one in queue.lines])
        self._begin()

    def _row(self, one: Waiting) -> Row:
        who = (self._queue.people or {}).get(one.by, "")
        own = PillCell(State.WAITING, self.tr("自己录的"))
        state = own if one.is_own else PillCell(State.NEEDS, self.tr("等复录"))
        day = one.paper_date or self.tr("没写")
        return Row(one.record, (one.receipt, one.village, day, who, moment(one.at), state))

    def _step(self, by: int) -> None:
        """Go to another form."""
        self.table.go_to_row(self.table.currentIndex().row() + by)

    def _begin(self) -> None:
        """Begin the form of now with empty fields."""
        self._forget()
        self.form.go_to("full_name")
        self.keys_changed.emit()

    def _paper_words(self, line: Waiting | None) -> str:
        """Say by what a paper is found in its pile; nothing of it names a child."""
        if line is None:
            return self.tr("　没有纸表等着复录")
        words = self.tr("　回执 {receipt}　{village}").format(
            receipt=line.receipt, village=line.village
        )
        dated = self.tr("{words}　纸表 {day}").format(words=words, day=line.paper_date)
        return dated if line.paper_date else words

    def _forget(self) -> None:
        self._typed, self._open, self._kept = {}, [], {}
        self.form.clear()
        line = self.line
        self.form.want("id_number", wanted=line is None or line.has_number)
        self.paper.setText(self._paper_words(line))
        self.below.setCurrentIndex(0)

    # --- comparing --------------------------------------------------------------------------

    def compare(self) -> None:
        """Hold both keyings against each other (F10)."""
        line = self.line
        if self.busy or line is None or line.is_own:
            return
        current = self.form.current()
        if current:
            self.form.control(current).commit()
        self._typed = dict(self.form.values())
        record, typed = line.record, dict(self._typed)
        self._run(lambda: self._desk.compare(record, typed), partial(self._compared, record))

    def _run(self, work: Callable[[], object], then: Callable[..., None]) -> None:
        self.run_alone(self._tasks, lambda _: work(), then, self._refused)

    def _refused(self, error: ProductError) -> None:
        """Say why; a form that is gone or done is fetched away."""
        if isinstance(error, StaleError):
            self.refresh()
        self.show_error(error)

    def _compared(self, record: str, found: Sequence[Difference]) -> None:
        """Note that both agree, or ask about the first difference."""
        self._open, self._kept = list(found), {}
        if found:
            self._ask()
        else:
            self._settle(record)

    def _ask(self) -> None:
        one, total = self._open[0], len(self._open) + len(self._kept)
        names = {
            "full_name": self.tr("孩子姓名"),
            "id_number": self.tr("证件号"),
            "birth_date": self.tr("出生日期"),
            "guardian_id_number": self.tr("家长证件"),
            "guardian_phone": self.tr("电话"),
        }
        empty = self.tr("（空着）")
        choices = (
            Choice(
                self.tr("第一遍　{value}").format(value=one.first or empty),
                partial(self._keep, FIRST),
            ),
            Choice(
                self.tr("第二遍　{value}").format(value=one.second or empty),
                partial(self._keep, SECOND),
            ),
        )
        title = self.tr("{field}两遍不同　第 {number} 处，共 {count} 处").format(
            field=names[one.field], number=len(self._kept) + 1, count=total
        )
        foot = self.tr("按 1 留第一遍，按 2 留第二遍；按 Esc 回去再看自己录的")
        self.question.ask(title, self.tr("再看一遍纸表，哪个对？"), choices, foot)
        self.below.setCurrentIndex(1)
        self.question.setFocus()
        self.keys_changed.emit()

    def _keep(self, which: str) -> None:
        """Keep one of both, and ask about the next difference."""
        line = self.line
        if not self._open or line is None or self.busy:
            return
        self._kept[self._open.pop(0).field] = which
        if self._open:
            self._ask()
        else:
            self._settle(line.record)

    def _back(self) -> None:
        """Go back to what was keyed; nothing was decided."""
        self._open, self._kept = [], {}
        self.below.setCurrentIndex(0)
        self.form.go_to("full_name")
        self.keys_changed.emit()

    def _settle(self, record: str) -> None:
        typed, kept = dict(self._typed), dict(self._kept)
        self._run(lambda: self._desk.settle(record, typed, kept), self._settled)

    def _settled(self, standing: str) -> None:
        """Say what became of it, and begin the next."""
        words = self.tr("两遍一致") if standing == "matched" else self.tr("已核对，照定下的存了")
        self.show_banner(BannerView(State.DONE, words))
        self.refresh()
