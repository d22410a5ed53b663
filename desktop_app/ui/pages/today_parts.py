"""Parts of 今日名单: the search field, the chips of the lists, and the line under the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.services.lists import ALL, FILTERS
from desktop_app.ui.icons import icon_pixmap
from desktop_app.ui.look import Shape, look
from desktop_app.ui.models.listing import STATES, state_word
from desktop_app.ui.units import row, set_units
from desktop_app.ui.views import State
from desktop_app.ui.widgets.inputs import TextInput
from desktop_app.ui.widgets.keys import KeyCap
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.shapes import INK, paint_state

_LIST_KEYS = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


class SearchInput(TextInput):
    """The one field of the page; the keys of the list pass through it to the table."""

    list_key = Signal(object)
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, name="search", longest=40)
        self.setProperty("r", "search")
        self.setPlaceholderText(self.tr("姓名、拼音首字母、尾号、回执号"))
        set_units(self, height=40)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand ↑ ↓ PgUp PgDn to the list; Esc empties the field."""
        if event.key() in _LIST_KEYS and not self.composing:
            self.list_key.emit(event)
            return
        if event.key() == Qt.Key.Key_Escape and self.text() and not self.composing:
            self.clear()
            self.cleared.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the glass at the left."""
        super().paintEvent(event)
        now = look()
        side = now.u(20)
        painter = QPainter(self)
        glass = icon_pixmap("search", side, now.hex("pri"), self.devicePixelRatioF())
        painter.drawPixmap(now.u(12), (self.height() - side) // 2, glass)
        painter.end()


class Chips(QWidget):
    """The lists one can choose from, each with its count.

    Numbers go where there is no room; at 200 % the shapes go, as the word beside each says it all.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None, filters: Sequence[str] = FILTERS) -> None:
        super().__init__(parent)
        self._filters = tuple(filters)
        self._current = self._filters[0]
        self._counts: Mapping[str, int] = {}
        self._shapes: Mapping[str, State] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_units(self, height=34)

    @property
    def current(self) -> str:
        """Tell the list of now."""
        return self._current

    def count(self, which: str) -> int:
        """Tell the count of a list."""
        return self._counts.get(which, 0)

    def set_counts(
        self, counts: Mapping[str, int], shapes: Mapping[str, State] | None = None
    ) -> None:
        """Show other counts; ``shapes`` names lists in which something waits."""
        self._counts, self._shapes = dict(counts), dict(shapes or {})
        words = [f"{state_word(one)} {self.count(one)}" for one in self._filters]
        self.setAccessibleName(" ".join(words))
        self.update()

    def choose(self, which: str) -> None:
        """Go to another list."""
        if which != self._current:
            self._current = which
            self.update()
            self.chosen.emit(which)

    def step(self, by: int) -> None:
        """Go to the next list, or the one before."""
        self.choose(self._filters[(self._filters.index(self._current) + by) % len(self._filters)])

    # --- drawing ----------------------------------------------------------------------------

    def _width(self, which: str, *, counted: bool) -> int:
        now = look()
        bold = QFontMetrics(now.font("strong"))
        width = now.u(20) + bold.horizontalAdvance(state_word(which))
        if _shaped(which):
            width += now.u(23)
        if counted:
            width += now.u(7) + bold.horizontalAdvance(str(self.count(which)))
        return width

    def spots(self) -> dict[str, tuple[QRect, bool]]:
        """Lay the chips out: where each stands, and whether its count is shown."""
        now = look()
        gap = now.u(6)
        counted = dict.fromkeys(self._filters, True)
        for which in reversed(self._filters):
            needed = sum(self._width(one, counted=counted[one]) + gap for one in self._filters)
            if needed <= self.width() + gap:
                break
            counted[which] = which == self._current
        left, found = 0, {}
        for which in self._filters:
            width = self._width(which, counted=counted[which])
            found[which] = (QRect(left, 0, width, self.height()), counted[which])
            left += width + gap
        return found

    def minimumSizeHint(self) -> QSize:
        """Need room for the words."""
        gap = look().u(6)
        width = sum(self._width(one, counted=False) + gap for one in self._filters)
        return QSize(width, look().u(34))

    def sizeHint(self) -> QSize:
        """Wish for words and counts."""
        gap = look().u(6)
        width = sum(self._width(one, counted=True) + gap for one in self._filters)
        return QSize(width, look().u(34))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the chips."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for which, (spot, counted) in self.spots().items():
            self._draw(painter, which, spot, counted=counted)
        painter.end()

    def _draw(self, painter: QPainter, which: str, spot: QRect, *, counted: bool) -> None:
        """Draw one chip: shape, word, number."""
        now = look()
        active = which == self._current
        painter.setPen(QPen(now.colour("pri" if active else "ctl"), 1))
        painter.setBrush(now.colour("pri" if active else "surface"))
        box = QRectF(spot).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, now.u(3), now.u(3))
        left = spot.x() + now.u(10)
        if _shaped(which):
            side = now.u(16)
            area = QRectF(left, spot.center().y() - side / 2 + 0.5, side, side)
            state = self._shapes.get(which, STATES[which])
            ink = now.colour("onpri" if active else INK[state])
            ground = now.colour("pri" if active else "surface")
            paint_state(painter, area, state, ink, ground)
            left += now.u(23)
        painter.setPen(now.colour("onpri" if active else "ink"))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        words = [(state_word(which), now.font("body", bold=active or which == ALL))]
        if counted:
            words.append((str(self.count(which)), now.font("strong")))
        for text, font in words:
            painter.setFont(font)
            painter.drawText(QRect(left, 0, spot.width(), spot.height()), middle, text)
            left += QFontMetrics(font).horizontalAdvance(text) + now.u(7)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the chip that was hit."""
        for which, (spot, _) in self.spots().items():
            if spot.contains(event.position().toPoint()):
                self.choose(which)


def _shaped(which: str) -> bool:
    """Tell whether a chip has a shape before its word."""
    return which != ALL and look().shape is not Shape.NARROW


class Footer(Plain):
    """The line under the table: which rows are in sight, and the keys that turn pages."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = row(self, 6, (14, 4, 14, 6))
        self._words = Text("", "secondary", self, elide=True)
        line.addWidget(self._words, 1)
        for key in ("PgUp", "PgDn"):
            line.addWidget(KeyCap(key, self))
        line.addWidget(Text(self.tr("翻页"), "secondary", self))

    @property
    def words(self) -> str:
        """Tell what is said."""
        return self._words.text()

    def say(self, first: int, last: int, total: int) -> None:
        """Say which rows of how many are in sight, counted from one."""
        if not total:
            self._words.setText("")
            return
        words = self.tr("第 {first}–{last} 行，共 {total} 行")
        self._words.setText(words.format(first=first, last=last, total=total))
