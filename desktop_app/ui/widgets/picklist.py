"""The list that opens under a pick field: a child of the window, never a window of its own.

(Input methods fail in pop-up windows, and a pop-up would take the focus.)
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QWidget

from desktop_app.ui.look import Look, look
from desktop_app.ui.views import Option

_ROW = 34
_FOOT = 26
VISIBLE = 7


class PickList(QFrame):
    """Shows the matches of a pick field; numbered lines, one of them current."""

    picked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self.setProperty("r", "picklist")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self._options: tuple[Option, ...] = ()
        self._current = 0
        self._first = 0
        self._numbered = True
        self.nothing = ""
        """What is said where nothing matches, in place of the general hint."""
        self.hide()

    @property
    def options(self) -> tuple[Option, ...]:
        """List the entries shown."""
        return self._options

    @property
    def current(self) -> Option | None:
        """Tell the current entry."""
        return self._options[self._current] if self._options else None

    def set_options(self, options: tuple[Option, ...], current: Option | None = None) -> None:
        """Show entries and make one of them current, the first unless told."""
        self._options = options
        self._current = options.index(current) if current in options else 0
        self._first = 0
        self._follow()
        self.update()

    def set_numbered(self, *, numbered: bool) -> None:
        """Tell whether digits choose at this moment; the caps are drawn solid then."""
        self._numbered = numbered
        self.update()

    def step(self, by: int) -> None:
        """Move the current line, staying within the list."""
        if self._options:
            self._current = max(0, min(len(self._options) - 1, self._current + by))
            self._follow()
            self.update()

    def numbered(self, digit: int) -> Option | None:
        """Tell the entry that stands beside a digit on the screen."""
        place = self._first + digit - 1
        shown = min(self._first + VISIBLE, len(self._options))
        return self._options[place] if digit > 0 and place < shown else None

    def _follow(self) -> None:
        """Keep the current line among the visible ones."""
        if self._current < self._first:
            self._first = self._current
        elif self._current >= self._first + VISIBLE:
            self._first = self._current - VISIBLE + 1

    def place_under(self, field: QWidget) -> None:
        """Lie under a field, or above it where the window ends, and never leave the window."""
        now = look()
        host = self._host
        lines = max(1, min(VISIBLE, len(self._options)))
        size = QSize(max(field.width(), now.u(360)), lines * now.u(_ROW) + now.u(_FOOT) + 4)
        spot = field.mapTo(host, QPoint(0, field.height() + now.u(2)))
        if spot.y() + size.height() > host.height():
            above = field.mapTo(host, QPoint(0, 0)).y() - size.height() - now.u(2)
            spot.setY(max(0, above))
        spot.setX(max(0, min(spot.x(), host.width() - size.width())))
        self.setGeometry(QRect(spot, size))
        self.raise_()

    def _line_at(self, y: int) -> int:
        """Tell the entry at a height."""
        return self._first + (y - 2) // look().u(_ROW)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the entry under the pointer."""
        place = self._line_at(round(event.position().y()))
        if 0 <= place < len(self._options):
            self.picked.emit(self._options[place])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines and the hint below them."""
        super().paintEvent(event)
        now = look()
        painter = QPainter(self)
        height = now.u(_ROW)
        for line, option in enumerate(self._options[self._first : self._first + VISIBLE]):
            area = QRect(2, 2 + line * height, self.width() - 4, height)
            self._draw_line(painter, now, area, line + 1, option)
        foot = QRect(now.u(12), self.height() - now.u(_FOOT), self.width(), now.u(_FOOT) - 2)
        painter.setFont(now.font("caption"))
        painter.setPen(now.colour("ink3"))
        painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter, self._hint())
        painter.end()

    def _hint(self) -> str:
        """Say which keys work in the list."""
        if not self._options:
            return self.nothing or self.tr("没有这一项。改几个字母再试，Esc 收")
        return self.tr("↑↓ 或数字选，Enter 定，Esc 收（共 {count} 项）").format(
            count=len(self._options)
        )

    def _draw_line(
        self, painter: QPainter, now: Look, area: QRect, number: int, option: Option
    ) -> None:
        """Draw one entry: number, label, how to type it, note."""
        current = option is self.current
        if current:
            painter.fillRect(area, now.colour("prit"))
            painter.fillRect(area.x(), area.y(), now.u(4), area.height(), now.colour("pri"))
        self._draw_cap(painter, now, area, number, solid=current or self._numbered)
        left = area.x() + now.u(52)
        centre = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(now.font("nav", bold=current))
        painter.setPen(now.colour("ink"))
        note_width = QFontMetrics(now.font("caption")).horizontalAdvance(option.note)
        room = area.right() - left - note_width - now.u(24)
        label = painter.fontMetrics().elidedText(option.label, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, area.y(), room, area.height()), centre, label)
        used = painter.fontMetrics().horizontalAdvance(label) + now.u(12)
        painter.setFont(now.font("caption"))
        painter.setPen(now.colour("ink2"))
        typed = " · ".join((*option.keys[:1], *_typed_code(option)))
        rest = QRect(left + used, area.y(), room - used, area.height())
        if rest.width() > painter.fontMetrics().horizontalAdvance(typed):
            painter.drawText(rest, centre, typed)
        painter.drawText(
            area.adjusted(0, 0, -now.u(12), 0), centre | Qt.AlignmentFlag.AlignRight, option.note
        )

    @staticmethod
    def _draw_cap(painter: QPainter, now: Look, area: QRect, number: int, *, solid: bool) -> None:
        """Draw the number of a line as a key cap."""
        cap = QRect(area.x() + now.u(14), area.center().y() - now.u(10), now.u(26), now.u(21))
        painter.setPen(QPen(now.colour("ctl" if solid else "line"), 1))
        painter.setBrush(now.colour("key"))
        painter.drawRoundedRect(cap, now.u(3), now.u(3))
        painter.setFont(now.font("keycap", bold=solid))
        painter.setPen(now.colour("keyink" if solid else "ink3"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, str(number))


def _typed_code(option: Option) -> tuple[str, ...]:
    """Give the code as a hand types it; the program's own words and names are none."""
    own = option.code == option.label or (option.code.isascii() and option.code.islower())
    return () if own else (option.code,)
