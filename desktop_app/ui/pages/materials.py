"""What stands under the case: the keys for a paper, reasons by digit, what is noted, a scan's file.

One of them at a time; each tells by a signal what was chosen and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.domain.dates import parse_iso
from desktop_app.policy.entries import Reason
from desktop_app.policy.package import Policy
from desktop_app.services.examination import MATERIAL_PIN, PaperLine
from desktop_app.services.materials import Mark
from desktop_app.services.sent_back import LONGEST_NOTE, OTHER
from desktop_app.ui.look import Shape, look
from desktop_app.ui.units import column, row, set_units
from desktop_app.ui.views import KeyAction
from desktop_app.ui.widgets.dateinput import DateInput
from desktop_app.ui.widgets.inputs import TextInput
from desktop_app.ui.widgets.keys import KeyButton, KeyCap
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.panel import clear_layout

_MOST_DIGITS = 9
_WORDS = frozenset({"number", "owner"})
_SHARES = {"number": 4, "owner": 1}
"""How much of the room a field of a paper has; a day has two parts."""
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}

Numbered = tuple[tuple[str, Reason], ...]


def numbered(reasons: Iterable[Reason], pin: str = "") -> Numbered:
    """Give reasons their digits: those of the field first, 其他 always under 0."""
    listed = [one for one in reasons if one.code != OTHER]
    listed.sort(key=lambda one: 0 if pin and one.field == pin else 1 if one.field is None else 2)
    digits = [(str(place), one) for place, one in enumerate(listed[:_MOST_DIGITS], 1)]
    return (*digits, *(("0", one) for one in reasons if one.code == OTHER))


def reasons_to_return(policy: Policy, pin: str) -> Numbered:
    """Give the reasons to send a case back, those about a field first."""
    reasons = [one for one in policy.reasons.values() if one.scope != "material"]
    return numbered(reasons, pin)


def reasons_of_paper(policy: Policy, material: str) -> Numbered:
    """Give the reasons why a paper will not do: its own first, then those for any paper."""
    own = [policy.reasons[code] for code in policy.materials[material].reasons]
    common = [one for one in policy.reasons.values() if one.scope == "both" and one.field is None]
    return numbered(dict.fromkeys([*own, *common]))


class Lower(Plain):
    """A part under the case; a title, and whatever it is about."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = column(self, 7, (14, 9, 14, 11))
        self.lines.setAlignment(Qt.AlignmentFlag.AlignTop)
        head = row(None, 8)
        self._title = Text("", "strong", self)
        self._note = Text("", "secondary", self, elide=True)
        head.addWidget(self._title)
        head.addWidget(self._note, 1)
        self.lines.addLayout(head)

    def say(self, title: str, note: str) -> None:
        """Say what this is about."""
        self._title.setText(title)
        self._note.setText(note)

    @property
    def note(self) -> str:
        """Tell what is said beside the title."""
        return self._note.text()


class PaperKeys(Lower):
    """The keys for the paper of now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = row(None, 6)
        self.lines.addLayout(self._keys)

    def show_paper(self, paper: PaperLine, actions: Sequence[KeyAction]) -> None:
        """Show a paper's name, who issues it, and its keys."""
        self.say(paper.label, " · ".join(filter(None, (paper.issuer, paper.validity))))
        for said in (self._title, self._note):  # at 200 % its row, which is marked, says it
            said.setVisible(look().shape is not Shape.NARROW)
        clear_layout(self._keys)
        for action in actions:
            button = KeyButton(action, self)
            button.set_mode("short")
            self._keys.addWidget(button)
        self._keys.addStretch(1)


class ReasonList(Lower):
    """Reasons in two columns, chosen by digit; outlined while another key comes first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = Plain(self)
        self._grid = QGridLayout(self._box)
        self._grid.setContentsMargins(0, 0, 0, 0)
        set_units(self._grid, spacing=5)
        for place in (0, 1):
            self._grid.setColumnStretch(place, 1)
        self.lines.addWidget(self._box)
        self._reasons: Numbered = ()
        self._later = True

    @property
    def reasons(self) -> Numbered:
        """Give the reasons with their digits."""
        return self._reasons

    def show_reasons(self, reasons: Numbered, *, later: bool) -> None:
        """Show reasons; ``later`` while their digits do not work yet."""
        if (reasons, later) == (self._reasons, self._later):
            return
        self._reasons, self._later = reasons, later
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, (digit, reason) in enumerate(reasons):
            cell = Plain(self._box)
            line = row(cell, 8)
            line.addWidget(KeyCap(digit, cell, later=later))
            line.addWidget(
                Text(reason.label, "secondary" if later else "body", cell, elide=True), 1
            )
            self._grid.addWidget(cell, place // 2, place % 2)


class _Entry(Lower):
    """A few fields one walks with Enter; the last Enter saves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = row(None, 8)
        self.lines.addLayout(self._line)
        self._fields: list[TextInput] = []

    def begin(self) -> None:
        """Take the focus into the first field."""
        if self._fields:
            self._fields[0].setFocus()
            self._fields[0].selectAll()

    def _add(self, label: str, made: TextInput, share: int = 1) -> None:
        self._line.addWidget(Text(label, "label", self))
        self._line.addWidget(made, share)
        self._fields.append(made)

    def save(self) -> None:
        """Tell what was entered."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with Enter."""
        if event.key() not in _ENTER or event.isAutoRepeat():
            super().keyPressEvent(event)
            return
        focused = [place for place, one in enumerate(self._fields) if one.hasFocus()]
        after = focused[0] + 1 if focused else 0
        if after < len(self._fields):
            self._fields[after].setFocus()
        else:
            self.save()


class NoteForm(_Entry):
    """What is kept of a paper whose original was seen: number, date, until when it is good."""

    noted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._material = self._label = ""
        self._inputs: dict[str, TextInput] = {}

    def show_paper(self, paper: PaperLine) -> None:
        """Ask for what the policy lets the school keep of a paper; every field may stay empty."""
        self.say(paper.label, self.tr("已见原件；不填也行，Enter 存好，Esc 不改"))
        clear_layout(self._line)
        self._fields, self._inputs = [], {}
        self._material, self._label = paper.material, paper.label
        labels = {
            "number": self.tr("编号"),
            "dated": self.tr("日期"),
            "valid_to": self.tr("有效期至"),
            "owner": self.tr("所有人"),
        }
        for name in paper.notes:
            made = (
                TextInput(self, name=name, longest=40)
                if name in _WORDS
                else DateInput(self, name=name)
            )
            hints = {"number": "", "owner": self.tr("如父亲")}
            made.setPlaceholderText(hints.get(name, self.tr("如 2024.8.20")))
            made.set_value(getattr(paper, name))
            self._inputs[name] = made
            self._add(labels[name], made, _SHARES.get(name, 2))

    def save(self) -> None:
        """Tell the mark; what is no day is marked where it stands, and nothing is noted."""
        values = {name: one.value() for name, one in self._inputs.items()}
        wrong = [
            one
            for name, one in self._inputs.items()
            if name not in _WORDS and one.value() and parse_iso(one.value()) is None
        ]
        if wrong:
            wrong[0].set_state("refused")
            wrong[0].setFocus()
            self.say(self._label, self.tr("没有这一天，请再看；如 2024.8.20"))
            return
        self.noted.emit(Mark(self._material, "accepted", **values))


class AttachForm(_Entry):
    """Where the page lies that is to be sealed; the file itself stays where it is.

    A folder typed in its place is watched from then on: a scanning program saves there.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = TextInput(self, name="scan_path", longest=1000)
        self._add(self.tr("图片或文件夹"), self.path)

    def show_paper(self, title: str, *, again: bool = False) -> None:
        """Ask for the file of a page of a paper; ``again`` where it takes a page's place."""
        words = self.tr("重拍{paper}这一页") if again else self.tr("存{paper}扫描件")
        self.say(
            words.format(paper=title),
            self.tr("写图片的位置，或高拍仪存图的文件夹"),
        )

    def save(self) -> None:
        """Tell the file."""
        if self.path.value():
            self.chosen.emit(Path(self.path.value()).expanduser())


class ExplainForm(_Entry):
    """What the reason 其他 means, in a sentence the desk and the family can act on."""

    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = TextInput(self, name="reason_note", longest=LONGEST_NOTE)
        self._add(self.tr("写明"), self.words)

    def ask(self, title: str) -> None:
        """Ask for the words, from an empty field."""
        self.words.set_value("")
        self.words.set_state("")
        self.say(title, self.tr("其他原因要写明，Enter 存好，Esc 不改"))

    def save(self) -> None:
        """Tell the words; without any, the field says that they are missing."""
        if self.words.value():
            self.said.emit(self.words.value())
        else:
            self.words.set_state("refused")


def material_of(pin: str) -> str:
    """Give the material a pin is about, or nothing."""
    return pin.removeprefix(MATERIAL_PIN) if pin.startswith(MATERIAL_PIN) else ""
