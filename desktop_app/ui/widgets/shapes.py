"""The shapes a state is known by, and the mark of the product, as paths of our own.

All paths live in a square of 16; one painter serves labels, pills and table cells alike.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.look import look, tokens
from desktop_app.ui.views import State

INK = {
    State.DONE: "ok",
    State.NEEDS: "warn",
    State.REFUSED: "stop",
    State.WAITING: "info",
    State.CONFLICT: "conf",
    State.UNFINISHED: "idle",
}
TINT = {
    State.DONE: "okt",
    State.NEEDS: "warnt",
    State.REFUSED: "stopt",
    State.WAITING: "infot",
    State.CONFLICT: "conft",
    State.UNFINISHED: "idlet",
}


def bar_colour(state: State) -> QColor:
    """Choose the colour of a state on the dark masthead, whatever the theme."""
    if state is State.WAITING:
        return look().colour("barsub")
    return QColor(tokens()["dark"][INK[state]])


def _pen(colour: QColor, width: float) -> QPen:
    """Make a round pen."""
    return QPen(
        colour,
        width,
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )


def _done(painter: QPainter, ink: QColor, ground: QColor) -> None:
    """Draw a filled circle with a tick."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawEllipse(QPointF(8, 8), 7.5, 7.5)
    painter.setPen(_pen(ground, 2))
    painter.drawPolyline(QPolygonF([QPointF(4.8, 8.3), QPointF(7.2, 10.6), QPointF(11.4, 5.8)]))


def _needs(painter: QPainter, ink: QColor, ground: QColor) -> None:
    """Draw a filled triangle with an exclamation mark."""
    painter.setPen(_pen(ink, 1.6))
    painter.setBrush(ink)
    painter.drawPolygon(QPolygonF([QPointF(8, 1.6), QPointF(15, 14), QPointF(1, 14)]))
    painter.setPen(_pen(ground, 1.8))
    painter.drawLine(QPointF(8, 5.8), QPointF(8, 9.4))
    painter.drawPoint(QPointF(8, 12.1))


def _refused(painter: QPainter, ink: QColor, ground: QColor) -> None:
    """Draw a filled square with a cross."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawRoundedRect(QRectF(1, 1, 14, 14), 1.6, 1.6)
    painter.setPen(_pen(ground, 2))
    painter.drawLine(QPointF(5.2, 5.2), QPointF(10.8, 10.8))
    painter.drawLine(QPointF(10.8, 5.2), QPointF(5.2, 10.8))


def _waiting(painter: QPainter, ink: QColor, _ground: QColor) -> None:
    """Draw a ring around a dot."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(ink, 2))
    painter.drawEllipse(QPointF(8, 8), 6.5, 6.5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawEllipse(QPointF(8, 8), 2.4, 2.4)


def _conflict(painter: QPainter, ink: QColor, ground: QColor) -> None:
    """Draw a filled diamond with two bars: two versions."""
    painter.setPen(_pen(ink, 1))
    painter.setBrush(ink)
    painter.drawPolygon(
        QPolygonF([QPointF(8, 0.8), QPointF(15.2, 8), QPointF(8, 15.2), QPointF(0.8, 8)])
    )
    painter.setPen(_pen(ground, 1.7))
    painter.drawLine(QPointF(5.2, 6.6), QPointF(10.8, 6.6))
    painter.drawLine(QPointF(5.2, 9.6), QPointF(10.8, 9.6))


def _unfinished(painter: QPainter, ink: QColor, _ground: QColor) -> None:
    """Draw a dashed ring."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    for part in range(8):
        painter.drawArc(QRectF(1.7, 1.7, 12.6, 12.6), (part * 45 + 8) * 16, 29 * 16)


_DRAW = {
    State.DONE: _done,
    State.NEEDS: _needs,
    State.REFUSED: _refused,
    State.WAITING: _waiting,
    State.CONFLICT: _conflict,
    State.UNFINISHED: _unfinished,
}


def paint_state(painter: QPainter, area: QRectF, state: State, ink: QColor, ground: QColor) -> None:
    """Draw the shape of a state into a square area; ``ground`` is what lies behind it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = min(area.width(), area.height())
    painter.translate(area.x() + (area.width() - side) / 2, area.y() + (area.height() - side) / 2)
    painter.scale(side / 16, side / 16)
    _DRAW[state](painter, ink, ground)
    painter.restore()


def paint_mark(painter: QPainter, area: QRectF, sun: QColor, book: QColor) -> None:
    """Draw the mark: a sun rising over an open book."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(area.x(), area.y())
    painter.scale(area.width() / 64, area.height() / 64)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(sun)
    disc = QPainterPath(QPointF(16, 32))
    disc.arcTo(QRectF(16, 16, 32, 32), 180, -180)
    disc.closeSubpath()
    painter.drawPath(disc)
    painter.setPen(_pen(sun, 4.4))
    for degrees in (10, 50, 90, 130, 170):
        angle = math.radians(degrees)
        x, y = math.cos(angle), -math.sin(angle)
        painter.drawLine(QPointF(32 + 23 * x, 31 + 23 * y), QPointF(32 + 28 * x, 31 + 28 * y))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(book, 4))
    painter.drawPath(_book())
    painter.restore()


def _book() -> QPainterPath:
    """Trace an open book, seen from the front, in a square of 64."""
    path = QPainterPath(QPointF(32, 43))
    path.cubicTo(24, 37, 14, 37, 4, 40)
    path.lineTo(4, 58)
    path.cubicTo(14, 55, 24, 55, 32, 61)
    path.cubicTo(40, 55, 50, 55, 60, 58)
    path.lineTo(60, 40)
    path.cubicTo(50, 37, 40, 37, 32, 43)
    path.lineTo(32, 61)
    return path


class _Square(QWidget):
    """A painted square, fixed at some units."""

    def __init__(self, units: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._units = units
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        """Tell the side at the scale of now."""
        side = look().u(self._units)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Never draw it smaller."""
        return self.sizeHint()

    def fit(self) -> None:
        """Take the size of a new scale."""
        self.updateGeometry()

    def area(self) -> QRectF:
        """Give the square to draw into, centred in the widget."""
        side = float(look().u(self._units))
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)


class StateShape(_Square):
    """The shape of a state alone; it always stands beside its word."""

    def __init__(
        self,
        state: State,
        units: float = 18,
        parent: QWidget | None = None,
        *,
        on_bar: bool = False,
    ) -> None:
        super().__init__(units, parent)
        self._state = state
        self._on_bar = on_bar

    @property
    def state(self) -> State:
        """Tell the state that is shown."""
        return self._state

    def set_state(self, state: State) -> None:
        """Show another state."""
        self._state = state
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the shape."""
        painter = QPainter(self)
        ink = bar_colour(self._state) if self._on_bar else look().colour(INK[self._state])
        ground = look().colour("bar" if self._on_bar else "surface")
        paint_state(painter, self.area(), self._state, ink, ground)
        painter.end()


class Mark(_Square):
    """The mark of the product, on a dark ground."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw sun and book."""
        painter = QPainter(self)
        paint_mark(painter, self.area(), look().colour("gold"), look().colour("barink"))
        painter.end()
