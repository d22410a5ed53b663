"""Sheets on the page: panels with a head, cards that summarise one, empty states."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.ui.icons import Icon
from desktop_app.ui.look import look
from desktop_app.ui.units import column, row, set_units
from desktop_app.ui.views import KeyAction, State
from desktop_app.ui.widgets.keys import KeyButton, KeyCap
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.pill import StateLine, StatusPill


class Sheet(QFrame):
    """A white sheet on the grey page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("r", "sheet")
        self.setFrameShape(QFrame.Shape.NoFrame)


class Panel(Sheet):
    """A sheet with a head band: title left, notes, pill and key right; body below."""

    def __init__(
        self,
        title: str,
        parent: QWidget | None = None,
        *,
        key: str = "",
        head: int = 38,
        margins: tuple[int, int, int, int] = (15, 10, 15, 10),
        title_role: str = "title",
    ) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        band = Plain(self, "sheethead")
        set_units(band, height=head)
        self._head = row(band, 8, (14, 0, 12, 0))
        self._band = band
        self._title = Text(title, title_role, band, elide=True)
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._head.addWidget(self._title)
        self._stretch_at = self._head.count()
        self._head.addStretch(1)
        self._pill: StatusPill | None = None
        self._cap = KeyCap(key, band) if key else None
        if self._cap is not None:
            self._head.addWidget(self._cap)
        outer.addWidget(band)
        inner = Plain(self)
        self.body: QBoxLayout = column(inner, 8, margins)
        outer.addWidget(inner, 1)

    def set_head_visible(self, *, visible: bool) -> None:
        """Show the head, or save its height at large type."""
        self._band.setVisible(visible)

    def set_title(self, title: str) -> None:
        """Change the title."""
        self._title.setText(title)

    def add_to_head(self, widget: QWidget, *, left: bool = False) -> None:
        """Put a widget into the head: beside the title, or at the right before the key."""
        if left:
            self._head.insertWidget(self._stretch_at, widget)
            self._stretch_at += 1
        else:
            place = self._head.count() - (1 if self._cap is not None else 0)
            self._head.insertWidget(place, widget)

    def set_pill(self, state: State, word: str) -> None:
        """Show a state at the right of the head."""
        if self._pill is None:
            self._pill = StatusPill(state, word, self)
            self.add_to_head(self._pill)
        self._pill.set_state(state, word)
        self._pill.show()

    def clear_pill(self) -> None:
        """Show no state."""
        if self._pill is not None:
            self._pill.hide()


class SummaryCard(Sheet):
    """A panel at large type, folded to one line: word, state and the key that opens it."""

    opened = Signal()

    def __init__(self, title: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = row(self, 8, (12, 6, 10, 6))
        line.addWidget(Text(title, "label", self))
        self._state = StateLine(self, bold=True)
        line.addWidget(self._state, 1)
        line.addWidget(KeyCap(key, self))
        set_units(self, min_height=36)

    def say(self, state: State | None, words: str) -> None:
        """Show the state of the panel in a few words."""
        self._state.say(state, words)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Open the panel."""
        self.opened.emit()


class Card(QFrame):
    """A choice among a few: the active one wears the band and the blue edge."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._active = False

    @property
    def active(self) -> bool:
        """Tell whether this is the card of now."""
        return self._active

    def set_active(self, *, active: bool) -> None:
        """Mark the card as the one of now."""
        self._active = active
        self.update()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Choose the card."""
        self.clicked.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground and border."""
        now = look()
        painter = QPainter(self)
        painter.fillRect(self.rect(), now.colour("prit" if self._active else "surface"))
        _border(painter, self, now.colour("pri" if self._active else "line"), thick=self._active)
        painter.end()


def _border(painter: QPainter, widget: QWidget, colour: QColor, *, thick: bool) -> None:
    """Draw a border, two units thick or a hairline."""
    width = look().u(2) if thick else 1
    area = widget.rect()
    painter.fillRect(0, 0, area.width(), width, colour)
    painter.fillRect(0, area.height() - width, area.width(), width, colour)
    painter.fillRect(0, 0, look().u(4) if thick else width, area.height(), colour)
    painter.fillRect(area.width() - width, 0, width, area.height(), colour)


class EmptyState(QWidget):
    """An empty page says why it is empty and which key goes on."""

    def __init__(
        self,
        icon: str,
        why: str,
        text: str,
        key: KeyAction | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        lines = column(self, 10, (16, 16, 16, 16))
        lines.addStretch(1)
        centre = Qt.AlignmentFlag.AlignHCenter
        lines.addWidget(Icon(icon, "ink3", 40, self), 0, centre)
        lines.addWidget(Text(why, "title", self), 0, centre)
        lines.addWidget(Text(text, "secondary", self), 0, centre)
        if key is not None:
            lines.addWidget(KeyButton(key, self), 0, centre)
        lines.addStretch(1)


class Fact(QWidget):
    """A caption and its value on one line, as in the side panels."""

    def __init__(
        self, caption: str, value: str, parent: QWidget | None = None, *, width: int = 62
    ) -> None:
        super().__init__(parent)
        line = row(self, 8)
        name = Text(caption, "caption", self)
        set_units(name, width=width)
        self._value = Text(value, "body", self, elide=True)
        line.addWidget(name)
        line.addWidget(self._value, 1)

    def set_value(self, value: str) -> None:
        """Change the value."""
        self._value.setText(value)


def clear_layout(layout: QBoxLayout, *, keep: Callable[[QWidget], bool] | None = None) -> None:
    """Take all widgets out of a layout and delete them, apart from those to keep."""
    for index in reversed(range(layout.count())):
        item = layout.itemAt(index)
        widget = item.widget() if item is not None else None
        if widget is not None and keep is not None and keep(widget):
            continue
        layout.takeAt(index)
        if widget is not None:
            widget.hide()
            widget.deleteLater()
