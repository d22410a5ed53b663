"""Choices among two or three, ticks, and values that come from another field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QCheckBox, QLabel, QSizePolicy, QWidget

from desktop_app.ui.look import Look, look
from desktop_app.ui.units import set_units
from desktop_app.ui.views import Option
from desktop_app.ui.widgets.labels import restyle


class SegmentedChoice(QWidget):
    """Two or three choices side by side; nothing is chosen until a hand does it.

    Keys: arrows, a digit, or the first letter of the pinyin. Esc takes the choice back.
    """

    changed = Signal(str)
    committed = Signal(str)

    def __init__(
        self, options: Sequence[Option], parent: QWidget | None = None, *, name: str = ""
    ) -> None:
        super().__init__(parent)
        self._options = tuple(options)
        self._value = ""
        self._state = ""
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def options(self) -> tuple[Option, ...]:
        """Give the entries that are offered."""
        return self._options

    def value(self) -> str:
        """Give the code chosen, or nothing."""
        return self._value

    def set_value(self, value: str) -> None:
        """Choose by code; nothing is reported."""
        self._value = value if any(one.code == value for one in self._options) else ""
        self.update()

    def is_blank(self) -> bool:
        """Tell whether nothing has been chosen."""
        return not self._value

    def set_state(self, state: str) -> None:
        """Colour the border: "needs", "refused", or nothing."""
        self._state = state
        self.update()

    def commit(self) -> None:
        """Report nothing: each choice was reported when it was made."""

    def _take(self, index: int) -> None:
        """Choose by place and report it."""
        if 0 <= index < len(self._options) and self._options[index].code != self._value:
            self._value = self._options[index].code
            self.update()
            self.changed.emit(self._value)
            self.committed.emit(self._value)

    def _place(self) -> int:
        """Tell the place chosen, -1 without one."""
        codes = [one.code for one in self._options]
        return codes.index(self._value) if self._value in codes else -1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by key."""
        sign = event.text().lower()
        key = event.key()
        if key in {Qt.Key.Key_Right, Qt.Key.Key_Space}:
            self._take((self._place() + 1) % len(self._options))
        elif key == Qt.Key.Key_Left:
            self._take(max(0, self._place() - 1))
        elif sign.isdigit() and sign.isascii() and 1 <= int(sign) <= len(self._options):
            self._take(int(sign) - 1)
        elif sign and sign.isalpha() and self._by_letter(sign) >= 0:
            self._take(self._by_letter(sign))
        else:
            event.ignore()

    def _by_letter(self, sign: str) -> int:
        """Find the choice whose pinyin begins with a letter."""
        places = (i for i, one in enumerate(self._options) if one.keys[:1])
        return next((i for i in places if self._options[i].keys[0].startswith(sign)), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the segment under the pointer."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._take(int(event.position().x() * len(self._options) / max(1, self.width())))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def fit(self) -> None:
        """Take the size of a new scale."""
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Give every segment the width of the longest."""
        now = look()
        metrics = QFontMetrics(now.font("nav", bold=True))
        widest = max(metrics.horizontalAdvance(one.label) for one in self._options)
        each = max(now.u(90), widest + now.u(40))
        return QSize(each * len(self._options), now.u(34))

    def minimumSizeHint(self) -> QSize:
        """Never cut a choice."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw frame and segments."""
        now = look()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.hasFocus()
        thick = now.u(2) if focus or self._state == "refused" else 1
        token = {"needs": "warn", "refused": "stop"}.get(self._state, "ctl")
        painter.setPen(QPen(now.colour("pri" if focus else token), thick))
        painter.setBrush(now.colour("warnt" if self._state == "needs" else "surface"))
        frame = QRectF(self.rect()).adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
        painter.drawRoundedRect(frame, now.u(3), now.u(3))
        width = self.width() / len(self._options)
        for index, option in enumerate(self._options):
            left, right = round(index * width), round((index + 1) * width)
            area = QRect(left, 0, right - left, self.height())
            self._draw_segment(painter, now, area, option)
        painter.end()

    def _draw_segment(self, painter: QPainter, now: Look, area: QRect, option: Option) -> None:
        """Draw one choice; the chosen one is filled and ticked."""
        chosen = option.code == self._value
        words = f"✓ {option.label}" if chosen else option.label
        if chosen:
            gap = now.u(3)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.colour("pri"))
            painter.drawRoundedRect(area.adjusted(gap, gap, -gap, -gap), now.u(2), now.u(2))
        painter.setFont(now.font("nav", bold=chosen))
        painter.setPen(now.colour("onpri" if chosen else "ink2"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)


class CheckInput(QCheckBox):
    """A tick with its words; never ticked beforehand."""

    changed = Signal(str)
    committed = Signal(str)

    def __init__(
        self, words: str, parent: QWidget | None = None, *, name: str = "", short: str = ""
    ) -> None:
        super().__init__(parent)
        self._words = words
        self._short = short or words
        self.setAccessibleName(words)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._report)

    def value(self) -> str:
        """Give "1" when ticked, "" when not."""
        return "1" if self.isChecked() else ""

    def set_value(self, value: str) -> None:
        """Tick or untick; nothing is reported."""
        self.setChecked(bool(value))

    def is_blank(self) -> bool:
        """Tell whether it is not ticked."""
        return not self.isChecked()

    def set_state(self, state: str) -> None:
        """Colour by a state."""
        restyle(self, st=state)

    def commit(self) -> None:
        """Report nothing: each tick was reported when it was made."""

    def _report(self) -> None:
        """Report a tick made by hand."""
        self.changed.emit(self.value())
        self.committed.emit(self.value())

    def _label(self) -> str:
        """Choose the wording for the scale."""
        return self._short if look().scale >= 190 else self._words

    def fit(self) -> None:
        """Take the size of a new scale."""
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Measure box and words."""
        now = look()
        metrics = QFontMetrics(now.font("nav"))
        return QSize(metrics.horizontalAdvance(self._label()) + now.u(34), now.u(34))

    def minimumSizeHint(self) -> QSize:
        """Never cut the words."""
        return self.sizeHint()

    def hitButton(self, _place: object) -> bool:
        """Let a click anywhere on it count."""
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw box, tick and words."""
        now = look()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = now.u(18)
        box = QRectF(now.u(2), (self.height() - side) / 2, side, side)
        on = self.isChecked()
        refused = self.property("st") == "refused"
        edge = "pri" if on or self.hasFocus() else ("stop" if refused else "ctl")
        painter.setPen(QPen(now.colour(edge), now.u(2)))
        painter.setBrush(now.colour("pri" if on else "surface"))
        painter.drawRoundedRect(box, now.u(2), now.u(2))
        if on:
            painter.setPen(QPen(now.colour("onpri"), now.u(2)))
            x, y, unit = box.x(), box.y(), side / 18
            tick = ((5, 9.2), (8, 12.2), (13.2, 6.4))
            painter.drawPolyline(QPolygonF([QPointF(x + a * unit, y + b * unit) for a, b in tick]))
        painter.setFont(now.font("nav"))
        painter.setPen(now.colour("ink" if self.isEnabled() else "ink3"))
        words = self.rect().adjusted(now.u(28), 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self._label())
        if self.hasFocus():
            painter.setPen(QPen(now.colour("pri"), now.u(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            words = self.rect().adjusted(now.u(23), 1, -1, -1)
            painter.drawRoundedRect(words, now.u(3), now.u(3))
        painter.end()


class Derived(QLabel):
    """A value that follows from another field: grey, dashed, skipped by Enter."""

    def __init__(self, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setObjectName(name)
        self.setProperty("r", "derived")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_units(self, height=34, min_width=40)

    def value(self) -> str:
        """Give what is shown."""
        return self.text()

    def set_value(self, value: str) -> None:
        """Show a value."""
        self.setText(value)
