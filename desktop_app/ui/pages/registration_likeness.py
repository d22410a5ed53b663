"""The panel of look-alikes 疑似重复: why two children look like one, and what the desk decides.

Never a dialog, never a refusal: even a number that is taken has a way through, "number disputed"
with a reason, which a reviewer then looks into.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.domain.masks import mask_number
from desktop_app.services.form import Assessment
from desktop_app.services.registration import DISPUTED, Decision, DuplicateHint
from desktop_app.ui.models.listing import state_word
from desktop_app.ui.pages.registration_digits import DigitPanel
from desktop_app.ui.text import moment
from desktop_app.ui.units import column, row, set_units
from desktop_app.ui.views import KeyAction, State
from desktop_app.ui.widgets.inputs import TextInput
from desktop_app.ui.widgets.keys import KeyButton
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.panel import clear_layout
from desktop_app.ui.widgets.pill import StateLine

DIFFERENT, SAME, SIBLINGS = "different", "same", "siblings"
TWINS = "D4"
_LEAST_REASON = 2


def by_child(hints: Iterable[DuplicateHint]) -> tuple[tuple[DuplicateHint, ...], ...]:
    """Gather the findings about each other child, the gravest first."""
    gathered: dict[str, list[DuplicateHint]] = {}
    for hint in hints:
        gathered.setdefault(hint.finding.other, []).append(hint)
    return tuple(tuple(one) for one in gathered.values())


def likeness_words(rule: str) -> str:
    """Say why two children look like one."""
    words = QCoreApplication.translate
    return {
        "D1": words("Likeness", "证件号已经登记过"),
        "D2": words("Likeness", "证件号在别的学校登记过"),
        "D3": words("Likeness", "同名、同性别、同生日"),
        "D4": words("Likeness", "同一个家长、同一天生日"),
        "D5": words("Likeness", "读音、生日、家长或住址都相同"),
        "D6": words("Likeness", "出生证编号已经登记过"),
        "D7": words("Likeness", "证件号只差一处，核对一下"),
    }[rule]


def decided(hints: Sequence[DuplicateHint], decisions: Mapping[tuple[str, str], Decision]) -> bool:
    """Tell whether somebody has decided about a look-alike."""
    return all((one.finding.rule, one.finding.other) in decisions for one in hints)


class LikenessPanel(DigitPanel):
    """Shows one look-alike at a time, and takes the decision with its reason."""

    decide = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("疑似重复"), "F5", parent)
        self._children: tuple[tuple[DuplicateHint, ...], ...] = ()
        self._decisions: Mapping[tuple[str, str], Decision] = {}
        self._choice = ""
        self._about = ""
        self._anew = False
        self._buttons: QWidget | None = None
        self._drawn: object = None
        self._body = Plain(self)
        self._lines = column(self._body, 6)
        self.body.addWidget(self._body)
        self.reason = _Reason(self)
        self.reason.entered.connect(self._confirm)
        self.reason.given_up.connect(self._no_choice)
        self.body.addWidget(self.reason)
        self.reason.hide()
        self.summary: tuple[State | None, str] = (None, "")
        self._people: Mapping[str, str] = {}
        self.digit.connect(self._take)

    def know_people(self, people: Mapping[str, str]) -> None:
        """Learn the names of colleagues by their key ids."""
        self._people, self._drawn = people, None

    @property
    def words(self) -> str:
        """Tell all words that are shown."""
        return " ".join(one.text() for one in self.findChildren(Text))

    @property
    def open_children(self) -> tuple[tuple[DuplicateHint, ...], ...]:
        """Tell the look-alikes nobody has decided about yet."""
        return tuple(one for one in self._children if not decided(one, self._decisions))

    def show_hints(
        self,
        hints: Sequence[DuplicateHint],
        found: Assessment,
        decisions: Mapping[tuple[str, str], Decision],
    ) -> None:
        """Show the look-alikes of a form, those not decided first."""
        names = ("full_name", "birth_date", "guardian_name", "id_number")
        drawn = (tuple(hints), dict(decisions), *(found.value(name) for name in names))
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self._children, self._decisions = by_child(hints), dict(decisions)
        self._buttons = None
        clear_layout(self._lines)
        self.forget_caps()
        count = len(self._children)
        self.set_title(
            self.tr("疑似重复  {count} 人").format(count=count) if count else self.tr("疑似重复")
        )
        if not count:
            self._no_choice()
            self.clear_pill()
            self._lines.addWidget(Text(self.tr("本机没有相像的孩子"), "caption", self._body))
            self.summary = (State.DONE, self.tr("没有"))
            return
        undecided = self.open_children
        if self._choice and not self._asked_about():
            self._no_choice()
        stops = any(one.finding.stops for child in undecided for one in child)
        state = (State.REFUSED if stops else State.CONFLICT) if undecided else State.DONE
        self.set_pill(state, self.tr("待你判断") if undecided else self.tr("已判断"))
        self.summary = (state, self.tr("{count} 人").format(count=count))
        self._draw((undecided or self._children)[0], found, is_open=bool(undecided))

    # --- drawing ----------------------------------------------------------------------------

    def _draw(self, child: tuple[DuplicateHint, ...], found: Assessment, *, is_open: bool) -> None:
        """Draw one look-alike: both side by side, why, and the choices."""
        hint = child[0]
        table = Plain(self._body)
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        set_units(grid, spacing=8, row_spacing=5)
        self._lines.addWidget(Text(self._source(hint), "caption", self._body, wrap=True))
        heads = ("", self.tr("本件"), self.tr("那一件"), "", "caption")
        rows = [heads, *self._compared(hint, found)]
        for place, (caption, mine, theirs, word, role) in enumerate(rows):
            grid.addWidget(Text(caption, "caption", table), place, 0)
            grid.addWidget(Text(mine, role, table, elide=True), place, 1)
            grid.addWidget(Text(theirs, role, table, elide=True), place, 2)
            mark = Text(word, "caption", table)
            mark.set_state("conflict" if word == self.tr("相同") else "")
            grid.addWidget(mark, place, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        self._lines.addWidget(table)
        why = StateLine(self._body)
        state = State.REFUSED if hint.finding.stops else State.CONFLICT
        twins = self.tr("可能是双胞胎：两件都留，互相关联")
        why.say(state, twins if hint.finding.rule == TWINS else likeness_words(hint.finding.rule))
        self._lines.addWidget(why)
        if not is_open:
            self._lines.addWidget(self._outcome(hint))
        self._lines.addWidget(self._choices(hint))

    def _source(self, hint: DuplicateHint) -> str:
        """Say who registered the other child, when, under which number, and how it stands."""
        who = self._people.get(hint.created_by, "")
        state = state_word(hint.state) if hint.state else ""
        parts = (who, moment(hint.registered_at), hint.receipt_number, state)
        return " · ".join(part for part in parts if part)

    def _compared(
        self, hint: DuplicateHint, found: Assessment
    ) -> list[tuple[str, str, str, str, str]]:
        """Give the rows of the comparison; numbers are masked."""
        pairs = (
            (self.tr("姓名"), found.value("full_name"), hint.name),
            (self.tr("出生"), found.value("birth_date"), hint.birth_date),
            (self.tr("监护人"), found.value("guardian_name"), hint.guardian_name),
            (
                self.tr("证件尾号"),
                mask_number(found.value("id_number"))[-4:],
                hint.masked_number[-4:],
            ),
        )
        same, differs = self.tr("相同"), self.tr("不同")
        return [
            (caption, mine or "–", theirs or "–", _word(mine, theirs, same, differs), "body")
            for caption, mine, theirs in pairs
        ]

    def choices(self, hint: DuplicateHint) -> tuple[str, str]:
        """Give what digits 1 and 2 mean for a look-alike."""
        if hint.finding.stops:
            return (DISPUTED, SAME)
        return (SIBLINGS if hint.finding.rule == TWINS else DIFFERENT, SAME)

    def _choices(self, hint: DuplicateHint) -> QWidget:
        """Draw the two choices with their digits."""
        box = Plain(self._body)
        line = row(box, 8)
        words = {
            DISPUTED: self.tr("号码有争议"),
            SIBLINGS: self.tr("不同的孩子"),
            DIFFERENT: self.tr("不同的孩子"),
            SAME: self.tr("同一个孩子"),
        }
        for number, choice in enumerate(self.choices(hint), 1):
            action = KeyAction(str(number), words[choice], partial(self._take, number))
            button = KeyButton(action, box, later=not self.hasFocus())
            self.follow_cap(button)
            line.addWidget(button)
        line.addStretch(1)
        box.setVisible(not self._choice)
        self._buttons = box
        return box

    def _outcome(self, hint: DuplicateHint) -> QWidget:
        """Say what has been decided."""
        made = self._decisions[hint.finding.rule, hint.finding.other]
        words = {
            DISPUTED: self.tr("号码有争议，交审核员核对"),
            SIBLINGS: self.tr("不同的孩子，互相关联"),
            DIFFERENT: self.tr("不同的孩子"),
            SAME: self.tr("同一个孩子"),
        }[made.decision]
        line = StateLine(self._body)
        line.say(State.DONE, f"{words}　{made.reason}".strip())
        return line

    # --- deciding ---------------------------------------------------------------------------

    def _take(self, number: int) -> None:
        """Take a choice; one that parts two children asks why.

        Where all are decided, the one that is shown is decided anew.
        """
        waiting = self.open_children or self._children
        if not waiting or number > 2:
            return
        self._anew = not self.open_children
        choice = self.choices(waiting[0][0])[number - 1]
        if choice in {SAME, SIBLINGS}:
            self._settle(waiting[0], choice, "")
            return
        self._choice, self._about = choice, waiting[0][0].finding.other
        if self._buttons is not None:
            self._buttons.hide()
        self.reason.show()
        # The focus brings the line into view, so it waits until there is room for it.
        QTimer.singleShot(0, self.reason, self._ask_reason)

    def _ask_reason(self) -> None:
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _confirm(self, reason: str) -> None:
        """Take the reason; a decision without one is none."""
        if len(reason) >= _LEAST_REASON and self._choice:
            choice, asked_about = self._choice, self._asked_about()
            self._no_choice()
            for child in asked_about:
                self._settle(child, choice, reason)

    def _asked_about(self) -> tuple[tuple[DuplicateHint, ...], ...]:
        """Give the child a reason is asked for, as long as the answer is still wanted.

        An answer on its way may have changed who stands open: the reason is about one child.
        """
        standing = self._children if self._anew else self.open_children
        return tuple(child for child in standing if child[0].finding.other == self._about)

    def _no_choice(self) -> None:
        """Put the reason away."""
        self._choice = ""
        if self.reason.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reason.set_value("")
        self.reason.hide()
        if self._buttons is not None:
            self._buttons.show()

    def _settle(self, child: tuple[DuplicateHint, ...], choice: str, reason: str) -> None:
        """Tell the decision about every rule that joins the two."""
        self.decide.emit(
            tuple(Decision(one.finding.rule, one.finding.other, choice, reason) for one in child)
        )


class _Reason(TextInput):
    """The line for a reason; Enter takes it, Esc gives up."""

    entered = Signal(str)
    given_up = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, name="reason", longest=120)
        self.setPlaceholderText(self.tr("写一句理由，按 Enter"))
        self.setAccessibleName(self.tr("理由"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take or give up the reason."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not self.composing:
            self.entered.emit(self.value())
        else:
            super().keyPressEvent(event)


def _word(mine: str, theirs: str, same: str, differs: str) -> str:
    if not mine or not theirs:
        return ""
    return same if mine == theirs else differs
