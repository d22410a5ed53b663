"""The parts of 诉求: complaints as rows, one in full, the child it is about, what is written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.domain.appeals import ABOUT_SCHOOL, ANSWERED, LONGEST
from desktop_app.domain.codes_desk import APPEAL_MATTER
from desktop_app.services.appeals import AppealLine, Known, Step
from desktop_app.ui.models.listing import (
    NOTHING,
    STATES,
    long_day,
    short_receipt,
    state_word,
)
from desktop_app.ui.pages.correction import options
from desktop_app.ui.pages.today_parts import SearchInput
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import moment
from desktop_app.ui.units import column, row
from desktop_app.ui.views import Column, PillCell, Row, State
from desktop_app.ui.widgets.choice import Derived
from desktop_app.ui.widgets.form import Form
from desktop_app.ui.widgets.inputs import TextInput
from desktop_app.ui.widgets.labels import Hairline, Plain, Text
from desktop_app.ui.widgets.panel import Panel, Sheet
from desktop_app.ui.widgets.pick import PickInput
from desktop_app.ui.widgets.pill import StatusPill
from desktop_app.ui.widgets.reading import ReadingPanel
from desktop_app.ui.widgets.table import WholeTable

_CELL = 84
CHIP = "appeal_"
"""Stands before where a complaint stands, in the names of states."""


def _tr(words: str) -> str:
    return QCoreApplication.translate("Appeals", words)


def appeal_columns(*, district: bool) -> tuple[Column, ...]:
    """Name the columns; the district sees whose child it is in place of the receipt."""
    return (
        Column(_tr("学校"), 120, secondary=True, compact=False)
        if district
        else Column(_tr("回执号"), 84, secondary=True, compact=False),
        Column(_tr("姓名"), 110, strong=True),
        Column(_tr("诉求"), 0),
        Column(_tr("答复期限"), 192),
        Column(_tr("状态"), 114),
    )


def due_words(line: AppealLine) -> str:
    """Say by when it is to be answered, and how many working days are left."""
    day = long_day(line.due)
    if line.standing == ANSWERED or not line.due:
        return day or NOTHING
    if line.late:
        return _tr("{day}，已过").format(day=day)
    if not line.left:
        return _tr("{day}，就是今天").format(day=day)
    return _tr("{day}，剩 {left} 个工作日").format(day=day, left=line.left)


def name_words(line: AppealLine) -> str:
    """Name the child, and that its registration was taken back."""
    return _tr("{name}（登记已撤）").format(name=line.name) if line.gone else line.name or NOTHING


def appeal_pill(line: AppealLine) -> PillCell:
    """Say where it stands; what is late says so first."""
    if line.late:
        return PillCell(State.REFUSED, _tr("过期限"))
    if line.standing != ANSWERED and not line.left:
        return PillCell(State.NEEDS, _tr("今天到期"))
    return PillCell(STATES[CHIP + line.standing], state_word(CHIP + line.standing))


def appeal_row(line: AppealLine, school: str = "") -> Row:
    """Say one complaint as a row; no word of the family stands in the list."""
    return Row(
        line.record,
        (
            school or short_receipt(line.receipt),
            line.name or NOTHING,
            _tr("登记已撤 · {matter}").format(matter=line.matter) if line.gone else line.matter,
            due_words(line),
            appeal_pill(line),
        ),
    )


class AppealPanel(ReadingPanel):
    """One complaint in full: what was said, what was answered, who did what when."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=8)

    def clear(self) -> None:
        """Show none."""
        self.begin("")
        self._lines.addStretch(1)

    def show_line(self, line: AppealLine, steps: Sequence[Step], school: str) -> None:
        """Show a complaint."""
        self.begin(name_words(line))
        holder = Plain(self._content)
        head = row(holder, 8)
        pill = appeal_pill(line)
        head.addWidget(StatusPill(pill.state, pill.word, holder))
        head.addWidget(Text(due_words(line), "caption", holder))
        head.addStretch(1)
        self._lines.addWidget(holder)
        if line.gone:
            words = _tr("这件登记已经撤了，诉求还在：答复了就办结。")
            self._say(words, "strong", "needs")
        self._say(_tr("{school}  回执 {number}").format(school=school, number=line.receipt))
        self._say(line.matter, "strong")
        self._say(line.words, "body")
        if line.answer:
            self._say(_tr("学校说的"), "caption")
            self._say(line.answer, "body")
        if line.district_answer:
            self._say(_tr("区里答复"), "caption")
            self._say(line.district_answer, "body")
        self._lines.addWidget(Hairline(self._content))
        for step in steps:
            who = step.person or _tr("区招生办")
            self._say(f"{moment(step.at)} {who} {state_word(CHIP + step.standing)}")
        self._lines.addStretch(1)

    def _say(self, words: str, role: str = "secondary", state: str = "") -> None:
        made = Text(words, role, self._content, wrap=True)
        made.set_state(state)
        self._lines.addWidget(made)


class FindPanel(Panel):
    """The child a complaint is about: found by a few keys, chosen in the list."""

    asked = Signal(str)
    moved = Signal()

    def __init__(self, tasks: Tasks, parent: QWidget | None = None, *, district: bool) -> None:
        """Take the door to the worker thread."""
        super().__init__(_tr("哪个孩子的诉求？"), parent, margins=(0, 0, 0, 0))
        self._district = district
        self._known: dict[str, Known] = {}
        holder = Plain(self)
        line = row(holder, 8, (13, 10, 13, 6))
        self.search = SearchInput(holder)
        line.addWidget(self.search, 1)
        self.body.addWidget(holder)
        columns = (
            Column(_tr("姓名"), 96, strong=True),
            Column(_tr("回执号"), 92, secondary=True),
            Column(_tr("学校") if district else _tr("户籍地"), 0, secondary=True),
        )
        self.table = WholeTable(columns, tasks.run, self, row=36)
        self.table.say_nothing(_tr("打姓名、拼音首字母、尾号、回执号。没登记过的，先登记再记。"))
        self.body.addWidget(self.table, 1)
        self.search.changed.connect(self.asked)
        self.search.list_key.connect(self._take_key)
        self.table.moved.connect(lambda _key: self.moved.emit())

    @property
    def known(self) -> Known | None:
        """Give the child of now."""
        return self._known.get(self.table.current_key)

    def begin(self) -> None:
        """Begin with an empty field."""
        self.search.set_value("")
        self.show_found((), {})

    def show_found(self, found: Sequence[Known], schools: dict[str, str]) -> None:
        """List who was found."""
        self._known = {f"{one.school} {one.record}": one for one in found}
        self.table.show_rows(
            Row(
                key,
                (
                    one.name or NOTHING,
                    short_receipt(one.receipt),
                    schools.get(one.school, one.school) if self._district else one.village,
                ),
            )
            for key, one in self._known.items()
        )
        self.moved.emit()

    def _take_key(self, event: QKeyEvent) -> None:
        again = QKeyEvent(event.type(), event.key(), event.modifiers(), event.text())
        QApplication.sendEvent(self.table, again)


class WriteForm(Sheet):
    """A complaint as it is said: about what, in which words."""

    def __init__(self, parent: QWidget | None = None, *, district: bool) -> None:
        super().__init__(parent)
        lines = column(self, 0, (1, 1, 1, 1))
        self.form = Form(self)
        what = self.form.group(_tr("记下"), cell=_CELL)
        self._child = Derived(name="child")
        what.field(_tr("孩子"), self._child, width=280)
        shut = ABOUT_SCHOOL if district else frozenset[str]()
        matters = [(one.value, one.label) for one in APPEAL_MATTER.entries if one.value not in shut]
        what.field(_tr("哪一类"), PickInput(options(matters), name="matter"), width=280)
        what.field(_tr("原话"), TextInput(name="words", longest=LONGEST)).widen()
        lines.addWidget(self.form)
        notes = column(None, 6, (20, 10, 20, 12))
        said = (
            _tr("学校也会看到。对学校办理过程的举报不写在这里，记在区里的举报登记里。")
            if district
            else _tr("照家长的话写，简短些。对本校办理过程的意见由区里答复。")
        )
        for words in (said, _tr("五个工作日内答复，期限按招生日历算，节假日不算。")):
            notes.addWidget(Text(words, "secondary", self, wrap=True))
        lines.addLayout(notes)
        lines.addStretch(1)

    def begin(self, known: Known) -> None:
        """Begin an empty form about a child."""
        self.form.clear()
        self.form.derive("child", f"{known.name} {short_receipt(known.receipt)}".strip())

    def is_right(self) -> bool:
        """Tell whether both fields are there."""
        values = self.form.values()
        return self.form.refuse({one: _tr("还没填") for one in values if not values[one]})


class ReplyForm(Sheet):
    """The answer to a complaint, or what is said where it is passed on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 0, (1, 1, 1, 1))
        head = column(None, 6, (20, 14, 20, 10))
        self._title = Text("", "title", self, wrap=True)
        self._said = Text("", "body", self, wrap=True)
        self._school = Text("", "secondary", self, wrap=True)
        for part in (self._title, self._said, self._school):
            head.addWidget(part)
        lines.addLayout(head)
        self.form = Form(self)
        words = TextInput(name="words", longest=LONGEST)
        self._group = self.form.group(_tr("写明"), cell=_CELL)
        self._group.field(_tr("答复"), words).widen()
        lines.addWidget(self.form)
        notes = column(None, 6, (20, 10, 20, 12))
        self._note = Text("", "secondary", self, wrap=True)
        notes.addWidget(self._note)
        lines.addLayout(notes)
        lines.addStretch(1)

    @property
    def asked(self) -> str:
        """Tell what is asked for."""
        return self._title.text()

    def begin(self, line: AppealLine, *, pass_on: bool) -> None:
        """Begin an empty answer to a complaint."""
        self.form.clear()
        title = _tr("转给区里：{name}") if pass_on else _tr("答复：{name}")
        self._title.setText(title.format(name=name_words(line)))
        self._said.setText(f"{line.matter}：{line.words}")
        self._school.setText(_tr("学校说的：{words}").format(words=line.answer))
        self._school.setVisible(bool(line.answer))
        self._note.setText(
            _tr("写学校的说明，区里看了再答复家长。下次交换时带到区里。")
            if pass_on
            else _tr("照实写怎么办的，家长要打印件时这句话也在上面。签名后不能再改。")
        )

    def is_right(self) -> bool:
        """Tell whether there are words."""
        return self.form.refuse({} if self.form.value("words") else {"words": _tr("还没填")})
