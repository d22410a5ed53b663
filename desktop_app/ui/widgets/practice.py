"""The marks of practice 练习: stripes and a word, unmistakable in colour and in grey."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPolygon
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.look import look

_LIGHT, _DARK = QColor("#FFD24D"), QColor("#1A1A1A")
"""Far apart in grey too, on every theme."""


def paint_stripes(painter: QPainter, area: QRect, step: int) -> None:
    """Fill an area with slanting stripes, light and dark."""
    painter.save()
    painter.setClipRect(area)
    painter.fillRect(area, _LIGHT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_DARK)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    top, foot = area.top(), area.bottom() + 1
    for left in range(area.left() - 2 * step, area.right() + step, 2 * step):
        corners = (
            QPoint(left, foot),
            QPoint(left + step, foot),
            QPoint(left + 2 * step, top),
            QPoint(left + step, top),
        )
        painter.drawPolygon(QPolygon(list(corners)))
    painter.restore()


class PracticeChip(QWidget):
    """The word 练习, dark on light."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word = self.tr("练习")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._word)

    def sizeHint(self) -> QSize:
        """Have room for the word."""
        now = look()
        width = QFontMetrics(now.font("title")).horizontalAdvance(self._word)
        return QSize(width + now.u(14), now.u(26))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the word on its ground."""
        now = look()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_LIGHT)
        painter.drawRoundedRect(self.rect(), now.u(3), now.u(3))
        painter.setFont(now.font("title"))
        painter.setPen(_DARK)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._word)
        painter.end()
