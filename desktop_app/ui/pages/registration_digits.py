"""A panel beside the registration form that hears digits, and the one for drafts 草稿.

A panel is entered with its F-key; digits choose in it, Enter or Esc goes back to the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop_app.ui.look import look
from desktop_app.ui.units import column, row, set_units
from desktop_app.ui.widgets.keys import KeyCap
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.panel import Panel, clear_layout

_LEAVE = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}


class DigitPanel(Panel):
    """A panel that hears digits while it has the focus."""

    digit = Signal(int)
    left = Signal()

    def __init__(self, title: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent, key=key)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self._caps: list[KeyCap] = []

    def cap(self, number: int, parent: QWidget) -> KeyCap:
        """Make the cap of a digit; it is solid while the panel hears digits."""
        made = KeyCap(str(number), parent, later=not self.hasFocus())
        self._caps.append(made)
        return made

    def follow_cap(self, widget: QWidget) -> None:
        """Let the cap of a button be solid while the panel hears digits."""
        found = widget.findChild(KeyCap)
        if isinstance(found, KeyCap):
            self._caps.append(found)

    def forget_caps(self) -> None:
        """Forget the caps of lines that are drawn anew."""
        self._caps = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hear digits, Enter and Esc; the rest is the window's."""
        sign = event.text()
        if event.key() in _LEAVE:
            self.left.emit()
        elif len(sign) == 1 and sign.isascii() and sign.isdigit() and sign != "0":
            if not event.isAutoRepeat():
                self.digit.emit(int(sign))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that digits work now."""
        super().focusInEvent(event)
        self._show_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that digits go elsewhere."""
        super().focusOutEvent(event)
        self._show_focus()

    def _show_focus(self) -> None:
        for one in self._caps:
            one.set_later(later=not self.hasFocus())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the blue border of what has the focus."""
        super().paintEvent(event)
        if not self.hasFocus():
            return
        now, area = look(), self.rect()
        thick, blue = now.u(2), now.colour("pri")
        painter = QPainter(self)
        painter.fillRect(0, 0, area.width(), thick, blue)
        painter.fillRect(0, area.height() - thick, area.width(), thick, blue)
        painter.fillRect(area.width() - thick, 0, thick, area.height(), blue)
        painter.fillRect(0, 0, now.u(4), area.height(), blue)
        painter.end()


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft in the list: whose, and when it was last touched."""

    id: str
    name: str
    at: str


class DraftsPanel(DigitPanel):
    """The person's own drafts, by minute; a digit takes one up again."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("草稿"), "F8", parent)
        self._drafts: tuple[DraftLine, ...] = ()
        self._list = Plain(self)
        self._lines = column(self._list, 5)
        self.body.addWidget(self._list)
        self.digit.connect(self._take)

    @property
    def drafts(self) -> tuple[DraftLine, ...]:
        """Tell the drafts shown."""
        return self._drafts

    def show_drafts(self, drafts: Sequence[DraftLine]) -> None:
        """Show the drafts; nine have a digit."""
        self._drafts = tuple(drafts)
        clear_layout(self._lines)
        self.forget_caps()
        self.set_title(self.tr("草稿 {count} 件").format(count=len(drafts)))
        for number, draft in enumerate(drafts[:9], 1):
            line = Plain(self._list)
            set_units(line, min_height=28)
            parts = row(line, 10)
            parts.addWidget(self.cap(number, line))
            parts.addWidget(Text(draft.name, "strong", line, elide=True), 1)
            parts.addWidget(Text(draft.at, "caption", line))
            self._lines.addWidget(line)

    def _take(self, number: int) -> None:
        if number <= len(self._drafts[:9]):
            self.chosen.emit(self._drafts[number - 1].id)
