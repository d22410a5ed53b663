"""State pills and state lines: shape, colour and word together, always."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.look import look
from desktop_app.ui.views import State
from desktop_app.ui.widgets.shapes import INK, TINT, paint_state

_HEIGHT = 24
_SHAPE = 14
_PAD = 7


def pill_size(word: str) -> QSize:
    """Measure a pill at the scale of now."""
    now = look()
    width = QFontMetrics(now.font("check")).horizontalAdvance(word)
    return QSize(width + now.u(2 * _PAD + _SHAPE + 5) + 2, now.u(_HEIGHT))


def paint_pill(painter: QPainter, area: QRect, state: State, word: str) -> None:
    """Draw a pill at the left of an area, centred upright; too long a word is cut."""
    now = look()
    size = pill_size(word)
    box = QRectF(
        area.x() + 0.5,
        area.y() + (area.height() - size.height()) // 2 + 0.5,
        min(size.width(), area.width()) - 1,
        size.height() - 1,
    )
    ink, tint = now.colour(INK[state]), now.colour(TINT[state])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 1))
    painter.setBrush(tint)
    painter.drawRoundedRect(box, now.u(3), now.u(3))
    side = now.u(_SHAPE)
    left = box.x() + now.u(_PAD)
    paint_state(painter, QRectF(left, box.center().y() - side / 2, side, side), state, ink, tint)
    painter.setFont(now.font("check"))
    painter.setPen(ink)
    words = box.adjusted(now.u(_PAD + _SHAPE + 5), 0, -now.u(_PAD) + 2, 0)
    shown = painter.fontMetrics().elidedText(
        word, Qt.TextElideMode.ElideRight, round(words.width()) + 2
    )
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    painter.restore()


class StatusPill(QWidget):
    """A pill such as 待补, drawn like the one in a table."""

    def __init__(self, state: State, word: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._word = word
        self.setAccessibleName(word)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def word(self) -> str:
        """Tell the word that is shown."""
        return self._word

    def set_state(self, state: State, word: str) -> None:
        """Show another state."""
        self._state, self._word = state, word
        self.setAccessibleName(word)
        self.updateGeometry()
        self.update()

    def fit(self) -> None:
        """Take the size of a new scale."""
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Measure the pill."""
        return pill_size(self._word)

    def minimumSizeHint(self) -> QSize:
        """Never cut a pill that stands alone."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pill."""
        painter = QPainter(self)
        paint_pill(painter, self.rect(), self._state, self._word)
        painter.end()


class StateLine(QWidget):
    """A shape and a few words in its colour: the check beside a field, a line of a list.

    Without a state the words stand alone, in grey. ``short`` is the wording at 200 %.
    """

    def __init__(self, parent: QWidget | None = None, *, bold: bool = False) -> None:
        super().__init__(parent)
        self._state: State | None = None
        self._words = ""
        self._short = ""
        self._bold = bold
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def state(self) -> State | None:
        """Tell the state that is shown."""
        return self._state

    @property
    def words(self) -> str:
        """Tell the words that are shown at 100 %."""
        return self._words

    def say(self, state: State | None, words: str, short: str = "") -> None:
        """Show a state with its words."""
        self._state, self._words, self._short = state, words, short
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def fit(self) -> None:
        """Take the size of a new scale."""
        self.updateGeometry()

    def _shown(self) -> str:
        """Choose the wording for the scale."""
        return self._short if self._short and look().scale >= 190 else self._words

    def sizeHint(self) -> QSize:
        """Measure shape and words."""
        now = look()
        metrics = QFontMetrics(now.font("check", bold=self._bold))
        width = metrics.horizontalAdvance(self._shown()) + (now.u(23) if self._state else 0)
        return QSize(width + 2, max(now.u(20), metrics.height()))

    def minimumSizeHint(self) -> QSize:
        """Shrink when it must; the words are then cut with an ellipsis."""
        full = self.sizeHint()
        return QSize(min(full.width(), look().u(64)), full.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw shape and words."""
        now = look()
        painter = QPainter(self)
        left = 0
        ink = now.colour("ink3")
        if self._state is not None:
            ink = now.colour(INK[self._state])
            side = now.u(16)
            area = QRectF(0, (self.height() - side) / 2, side, side)
            paint_state(painter, area, self._state, ink, now.colour("surface"))
            left = now.u(23)
        painter.setFont(now.font("check", bold=self._bold))
        painter.setPen(ink)
        box = self.rect().adjusted(left, 0, 0, 0)
        shown = painter.fontMetrics().elidedText(
            self._shown(), Qt.TextElideMode.ElideRight, box.width()
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()
