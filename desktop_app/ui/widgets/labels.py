"""Words on the screen: always plain text, since a name may hold ``<``."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from desktop_app.ui.look import look


def restyle(widget: QWidget, **properties: object) -> None:
    """Set properties the style sheet selects by, and polish when one of them changed."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


class Text(QLabel):
    """A label of one role of type.

    ``elide`` lets it shrink below its words, which then end in an ellipsis; ``wrap`` breaks lines.
    Both together cut the last line there is room for.
    """

    def __init__(
        self,
        words: str = "",
        role: str = "body",
        parent: QWidget | None = None,
        *,
        tone: str = "",
        wrap: bool = False,
        elide: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("r", role)
        if tone:
            self.setProperty("tone", tone)
        self._elide = elide
        self.setWordWrap(wrap)
        if elide and not wrap:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        elif not wrap:
            self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.setText(words)

    def set_state(self, state: str) -> None:
        """Colour the words by a state; an empty state takes the colour of the role."""
        restyle(self, st=state)

    def minimumSizeHint(self) -> QSize:
        """Need little width when the words may be cut."""
        full = super().minimumSizeHint()
        if self.wordWrap() or not self._elide:
            return full
        return QSize(min(full.width(), look().u(40)), full.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words, cut with an ellipsis where they do not fit."""
        if self._elide and self.wordWrap():
            painter = QPainter(self)
            painter.setPen(self.palette().color(self.foregroundRole()))
            left = self.alignment() & ~Qt.AlignmentFlag.AlignVertical_Mask
            painter.drawText(
                self.rect(), left | Qt.AlignmentFlag.AlignVCenter, "\n".join(self.lines())
            )
            painter.end()
            return
        if not self._elide or self.fontMetrics().horizontalAdvance(self.text()) <= self.width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(self.rect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()

    def lines(self) -> list[str]:
        """Give the lines that are drawn of words that wrap, the last one cut if need be."""
        room = max(1, self.height() // max(1, self.fontMetrics().lineSpacing()))
        layout = QTextLayout(self.text(), self.font())
        layout.beginLayout()
        starts: list[int] = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.width())
            starts.append(line.textStart())
        layout.endLayout()
        ends = [*starts[1:], len(self.text())]
        parts = [self.text()[start:end] for start, end in zip(starts, ends, strict=True)]
        if len(parts) > room:
            rest = self.text()[starts[room - 1] :]
            cut = self.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, self.width())
            parts = [*parts[: room - 1], cut]
        return parts

    def changeEvent(self, event: QEvent) -> None:
        """Take the metrics of a new style."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()


class Hairline(QFrame):
    """A thin line between parts; decoration only."""

    def __init__(self, parent: QWidget | None = None, *, upright: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("r", "hairline")
        if upright:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)


class Plain(QWidget):
    """A part of a sheet with no look of its own, or with the role of a bar."""

    def __init__(self, parent: QWidget | None = None, role: str = "plain") -> None:
        super().__init__(parent)
        self.setProperty("r", role)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
