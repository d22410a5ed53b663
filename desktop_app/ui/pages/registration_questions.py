"""The panel of questions beside the registration form: a digit answers, no field is typed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop_app.ui.pages.registration_digits import DigitPanel
from desktop_app.ui.units import column, row, set_units
from desktop_app.ui.views import State
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.panel import clear_layout
from desktop_app.ui.widgets.pill import StatusPill


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: its words, whether it stands now, and what it does."""

    words: str
    take: Callable[[], object]
    stands: bool = False


class AskPanel(DigitPanel):
    """One question with its answers; Backspace goes back to the one before."""

    back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("问一问"), "", parent)
        self._choices: tuple[Choice, ...] = ()
        self._body = Plain(self)
        self._lines = column(self._body, 5)
        self.body.addWidget(self._body)
        self.body.addStretch(1)
        self.digit.connect(self._take)

    @property
    def words(self) -> str:
        """Tell what is shown."""
        return " ".join(one.text() for one in self._body.findChildren(Text))

    def ask(self, title: str, question: str, choices: Sequence[Choice], foot: str = "") -> None:
        """Ask a question; the answers have the digits in their order."""
        self._choices = tuple(choices)
        self.set_title(title)
        clear_layout(self._lines)
        self.forget_caps()
        self._lines.addWidget(Text(question, "strong", self._body, wrap=True))
        for number, choice in enumerate(self._choices, 1):
            line = Plain(self._body)
            set_units(line, min_height=26)
            parts = row(line, 10)
            parts.addWidget(self.cap(number, line))
            parts.addWidget(Text(choice.words, "body", line, elide=True), 1)
            if choice.stands:
                parts.addWidget(StatusPill(State.DONE, self.tr("现在"), line))
            self._lines.addWidget(line)
        if foot:
            self._lines.addWidget(Text(foot, "caption", self._body, wrap=True))

    def _take(self, number: int) -> None:
        if number <= len(self._choices):
            self._choices[number - 1].take()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back with Backspace; the rest is as in every panel of digits."""
        if event.key() == Qt.Key.Key_Backspace:
            self.back.emit()
        else:
            super().keyPressEvent(event)
