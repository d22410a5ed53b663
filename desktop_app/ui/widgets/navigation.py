"""The navigation: number, icon, word and badge; Alt and the number go there from anywhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.icons import icon_pixmap
from desktop_app.ui.look import Look, Shape, look
from desktop_app.ui.units import column, row, set_units
from desktop_app.ui.views import NavItem
from desktop_app.ui.widgets.keys import KeyCap
from desktop_app.ui.widgets.labels import Plain, Text

_CENTRE = Qt.AlignmentFlag.AlignVCenter
PLACES = "1234567890-=["
"""The keys that go to a page together with Alt: the row of digits, then the row below."""
_TALL, _LEAST = 46, 20
"""How high an entry is, and at least where there are many; in design units."""
_MANY = "99+"


def place_of(index: int, item: NavItem) -> str:
    """Give the key that goes to an entry together with Alt: by its own place, else the list's."""
    at = (item.place or index + 1) - 1
    return PLACES[at : at + 1]


class NavRow(QWidget):
    """One entry; painted whole."""

    clicked = Signal(str)

    def __init__(self, place: str, item: NavItem, parent: QWidget) -> None:
        super().__init__(parent)
        self._place = place
        self._height = 0
        self._item = item
        self._current = False
        self.words_shown = True
        self.setAccessibleName(f"Alt+{place} {item.label}" if place else item.label)
        self.setToolTip(item.label)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_height(self, height: int) -> None:
        """Take another height, in pixels."""
        if height != self._height:
            self._height = height
            self.updateGeometry()

    def set_item(self, item: NavItem) -> None:
        """Show another badge."""
        self._item = item
        self.update()

    def set_current(self, *, current: bool) -> None:
        """Mark the entry of the page of now."""
        self._current = current
        self.update()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Go to the page."""
        self.clicked.emit(self._item.key)

    def sizeHint(self) -> QSize:
        """Have the height of an entry."""
        return QSize(look().u(58), self._height or look().u(_TALL))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw band, number, icon, word and badge."""
        now = look()
        painter = QPainter(self)
        area = self.rect()
        token = "pri" if self._current else "ink2"
        if self._current:
            painter.fillRect(area, now.colour("prit"))
            painter.fillRect(0, 0, now.u(4), area.height(), now.colour("pri"))
        painter.setFont(now.font("check"))
        painter.setPen(now.colour("ink2"))
        painter.drawText(area.adjusted(now.u(12), 0, 0, 0), _CENTRE, self._place)
        side = now.u(20)
        left = now.u(28 if self.words_shown else 30)
        top = (area.height() - side) // 2
        drawn = icon_pixmap(self._item.icon, side, now.hex(token), self.devicePixelRatioF())
        painter.drawPixmap(left, top, drawn)
        if self.words_shown:
            painter.setFont(now.font("nav", bold=self._current))
            painter.setPen(now.colour(token))
            painter.drawText(area.adjusted(now.u(54), 0, 0, 0), _CENTRE, self._item.label)
        if self._item.badge:
            self._draw_badge(painter, now, area)
        painter.end()

    def _draw_badge(self, painter: QPainter, now: Look, area: QRect) -> None:
        """Draw the count of what waits there; a dot where there is no room for it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.colour("stop"))
        if not self.words_shown:
            side = now.u(9)
            painter.drawEllipse(area.right() - side - now.u(4), now.u(7), side, side)
            return
        font = now.font("check", bold=True)
        spoken = QFontMetrics(now.font("nav", bold=self._current))
        end = now.u(56) + spoken.horizontalAdvance(self._item.label)
        words, width = self._count(QFontMetrics(font), area.right() - now.u(1) - end)
        left = max(end, area.right() - now.u(8) - width)
        spot = QRect(left, 0, width, now.u(20))
        spot.moveTop((area.height() - spot.height()) // 2)
        painter.drawRoundedRect(spot, now.u(3), now.u(3))
        painter.setFont(font)
        painter.setPen(now.colour("surface"))
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, words)

    def _count(self, metrics: QFontMetrics, room: int) -> tuple[str, int]:
        """Give the words of the badge and their width; what has no room beside the label is 99+."""

        def wide(words: str) -> int:
            return max(look().u(18), metrics.horizontalAdvance(words) + look().u(6))

        words = str(self._item.badge)
        words = words if wide(words) <= room else _MANY
        return words, wide(words)


class Navigation(Plain):
    """The column of entries; shows icons alone at large type, or floats as a list at 200 %."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "navigation")
        self._lines = column(self, 0, (0, 8, 1, 10))
        self._rows: dict[str, NavRow] = {}
        self._hints = Plain(self)
        hints = column(self._hints, 6, (14, 0, 4, 0))
        hints.addWidget(Text(self.tr("Alt + 左侧键 切换"), "caption", self))
        self._lock_word = Text(self.tr("锁屏"), "caption", self)
        for key, word in (
            ("F11", Text(self.tr("大字"), "caption", self)),
            ("F12", self._lock_word),
        ):
            line = row(None, 6)
            line.addWidget(KeyCap(key, self))
            line.addWidget(word)
            line.addStretch(1)
            hints.addLayout(line)
        self._lines.addStretch(1)
        self._lines.addWidget(self._hints)
        self._floating = False
        self._current = ""
        self.fit()

    def set_items(self, items: Sequence[NavItem]) -> None:
        """Show entries; those that stay keep their place."""
        if list(self._rows) != [item.key for item in items]:
            for made in self._rows.values():
                self._lines.removeWidget(made)
                made.hide()
                made.deleteLater()
            self._rows = {}
            for index, item in enumerate(items):
                made = NavRow(place_of(index, item), item, self)
                made.clicked.connect(self.chosen)
                self._lines.insertWidget(index, made)
                self._rows[item.key] = made
        for item in items:
            self._rows[item.key].set_item(item)
        self.fit()

    def say_lock(self, words: str) -> None:
        """Say what F12 does, where it does not lock."""
        self._lock_word.setText(words)

    @property
    def current(self) -> str:
        """Tell which entry is marked."""
        return self._current

    def set_current(self, key: str) -> None:
        """Mark the entry of the page of now."""
        self._current = key
        for name, made in self._rows.items():
            made.set_current(current=name == key)

    def float_over(self, spot: QRect) -> None:
        """Lie over the page as a list (200 %)."""
        self._floating = True
        self.fit()
        self.setGeometry(spot)
        self.raise_()
        self.show()

    def sink(self) -> None:
        """Be the column at the left again."""
        self._floating = False
        self.fit()

    def fit(self) -> None:
        """Take the width of a new scale."""
        words = look().shape is Shape.WIDE or self._floating
        set_units(self, width=156 if words else 58)
        self._hints.setVisible(look().shape is Shape.WIDE)
        for made in self._rows.values():
            made.words_shown = words
            made.update()
        self._share_height()

    def _share_height(self) -> None:
        """Have every entry be seen: where there are many, each is lower."""
        if not self._rows:
            return
        now = look()
        hints = self._hints.sizeHint().height() if self._hints.isVisibleTo(self) else 0
        room = (self.height() - hints - now.u(22)) // len(self._rows)
        height = max(now.u(_LEAST), min(now.u(_TALL), room))
        for made in self._rows.values():
            made.set_height(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share another height anew."""
        super().resizeEvent(event)
        self._share_height()

    def minimumSizeHint(self) -> QSize:
        """Never ask for more height than the window has."""
        return QSize(self.width(), look().u(60))
