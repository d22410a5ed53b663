"""Long work: a counted bar (records, not per cent), its steps as shapes, and Esc to stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.look import Shape, look
from desktop_app.ui.units import column, row
from desktop_app.ui.views import KeyAction, State
from desktop_app.ui.widgets.keys import KeyButton
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.pill import StateLine


class CountedBar(QWidget):
    """A bar filled by the records done; green once all of them are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done, self._total = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def count(self, done: int, total: int) -> None:
        """Show how many of how many are done."""
        self._done, self._total = done, total
        self.update()

    def fit(self) -> None:
        """Take the size of a new scale."""
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Be as high as a line of small print."""
        return QSize(look().u(160), look().u(14))

    def minimumSizeHint(self) -> QSize:
        """Stay readable as a bar."""
        return QSize(look().u(60), look().u(14))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw frame and filling."""
        painter = QPainter(self)
        paint_bar(painter, self.rect().adjusted(0, 0, -1, -1), self._done, self._total)
        painter.end()


def paint_bar(painter: QPainter, area: QRect, done: int, total: int) -> None:
    """Draw a counted bar into a rectangle; shared with table cells."""
    now = look()
    part = min(1.0, done / total) if total else 0.0
    painter.setPen(now.colour("ctl"))
    painter.setBrush(now.colour("sub"))
    painter.drawRect(area)
    filled = area.adjusted(0, 0, 1, 1)
    filled.setWidth(round(filled.width() * part))
    painter.fillRect(filled, now.colour("ok" if total and done >= total else "pri"))


class ProgressLine(QWidget):
    """A bar, ``96 / 143 条``, and the key that stops without losing anything."""

    def __init__(
        self, on_stop: Callable[[], object] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        line = row(self, 10)
        self._bar = CountedBar(self)
        self._words = Text("", "strong", self)
        line.addWidget(self._bar, 1, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._words)
        self._stop: KeyButton | None = None
        if on_stop is not None:
            label, short = self.tr("停下（不丢）"), self.tr("停下")
            self._stop = KeyButton(KeyAction("Esc", label, on_stop, short=short), self)
            line.addWidget(self._stop)
        self._stoppable = True
        self.fit()

    @property
    def words(self) -> str:
        """Tell the count that is shown."""
        return self._words.text()

    def count(self, done: int, total: int, unit: str = "") -> None:
        """Show how many of how many are done: records, or what ``unit`` names."""
        self._bar.count(done, total)
        self._words.setText(f"{done} / {total} {unit or self.tr('条')}")

    def set_stoppable(self, *, stoppable: bool) -> None:
        """Show or hide the key that stops."""
        self._stoppable = stoppable
        self.fit()

    def fit(self) -> None:
        """Leave the key to the bar at the largest type: it would take a line of its own."""
        if self._stop is not None:
            self._stop.setVisible(self._stoppable and look().shape is not Shape.NARROW)


class Steps(QWidget):
    """The steps of long work, each a shape with its words."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 6)
        self._names = tuple(names)
        self._lines: list[StateLine] = []
        self._notes: list[Text] = []
        for name in names:
            line = row(None, 8)
            state = StateLine(self)
            state.say(State.UNFINISHED, name)
            note = Text("", "caption", self)
            line.addWidget(state, 1)
            line.addWidget(note)
            lines.addLayout(line)
            self._lines.append(state)
            self._notes.append(note)

    def state(self, index: int) -> State | None:
        """Tell the state of a step."""
        return self._lines[index].state

    def set_step(self, index: int, state: State, note: str = "") -> None:
        """Show the state of a step, with a count or a result."""
        self._lines[index].say(state, self._names[index])
        self._notes[index].setText(note)
