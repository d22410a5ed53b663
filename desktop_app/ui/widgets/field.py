"""One row of a form: label, controls, check; the row of now wears the band and the blue edge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.look import Shape, look
from desktop_app.ui.units import row, set_units
from desktop_app.ui.views import State
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.pill import StateLine

CONTROL_WIDTH = {Shape.WIDE: 424, Shape.COMPACT: 424, Shape.NARROW: 326}
_WIDE_WIDTH = {Shape.WIDE: 560, Shape.COMPACT: 560, Shape.NARROW: 426}
_LABEL_WIDTH = {Shape.WIDE: 72, Shape.COMPACT: 72, Shape.NARROW: 68}


@runtime_checkable
class Control(Protocol):
    """What every input of the kit can do."""

    def value(self) -> str:
        """Give the bare value."""

    def set_value(self, value: str) -> None:
        """Show a value without reporting it."""

    def is_blank(self) -> bool:
        """Tell whether nothing has been entered."""

    def set_state(self, state: str) -> None:
        """Colour by a state: "needs", "refused", or nothing."""

    def commit(self) -> None:
        """Report a changed value now."""


class FieldRow(QWidget):
    """A row: edge 4 | label 72 | controls 424 | check."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._active = False
        self._wide = False
        self._widths: dict[QWidget, tuple[int, int]] = {}
        set_units(self, min_height=40)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        line = row(self, 10, (8, 2, 10, 2))
        self._label = Text(label, "label", self)
        self._label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._box = Plain(self)
        self._controls = row(self._box, 8)
        self._controls.addStretch(1)
        self.check = StateLine(self)
        line.addWidget(self._label)
        line.addWidget(self._box)
        line.addWidget(self.check, 1)
        self.fit()

    @property
    def label(self) -> str:
        """Tell the label."""
        return self._label.text()

    def set_label(self, label: str) -> None:
        """Change the label."""
        self._label.setText(label)

    @property
    def active(self) -> bool:
        """Tell whether the focus is in this row."""
        return self._active

    def set_active(self, *, active: bool) -> None:
        """Put the band on or take it off."""
        if active != self._active:
            self._active = active
            self.update()

    def add(self, widget: QWidget, width: int = 0, narrow: int = 0) -> None:
        """Add a control; ``width`` in units, 0 takes the rest; ``narrow`` is the width at 200 %.

        A control whose own policy is to stay as wide as it is does not take the rest.
        """
        fixed = widget.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Fixed
        elastic = not width and not fixed
        self._put(widget, stretch=1 if elastic else 0)
        if elastic:
            self._controls.setStretch(self._controls.count() - 1, 0)
        if width:
            self._widths[widget] = (width, narrow or round(width * 0.78))
        self._fit_control(widget)

    def add_word(self, words: str) -> Text:
        """Add a label between two controls."""
        word = Text(words, "label", self._box)
        self._put(word)
        return word

    def add_note(self, words: str) -> Text:
        """Add a grey note after a control."""
        note = Text(words, "caption", self._box, elide=True)
        self._put(note)
        return note

    def _put(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget before the room that is left over."""
        self._controls.insertWidget(self._controls.count() - 1, widget, stretch)

    def widen(self) -> None:
        """Give the control the room of the check too, but for a few characters."""
        self._wide = True
        self.fit()

    def say(self, state: State | None, words: str = "", short: str = "") -> None:
        """Show the check of the row."""
        self.check.say(state, words, short)

    def fit(self) -> None:
        """Take the widths of a new scale."""
        shape = look().shape
        set_units(self._label, width=_LABEL_WIDTH[shape])
        set_units(self._box, width=(_WIDE_WIDTH if self._wide else CONTROL_WIDTH)[shape])
        for widget in self._widths:
            self._fit_control(widget)

    def _fit_control(self, widget: QWidget) -> None:
        """Give a control of fixed width its width."""
        widths = self._widths.get(widget)
        if widths is not None:
            set_units(widget, width=widths[1] if look().shape is Shape.NARROW else widths[0])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw band and edge of the row of now."""
        if not self._active:
            return
        now = look()
        painter = QPainter(self)
        painter.fillRect(self.rect(), now.colour("prit"))
        painter.fillRect(0, 0, now.u(4), self.height(), now.colour("pri"))
        painter.end()


class GroupCell(QWidget):
    """The head cell at the left of a group, as in an official form 儿童 / 户籍住址 / 监护人."""

    def __init__(self, title: str, parent: QWidget | None = None, *, width: int = 62) -> None:
        super().__init__(parent)
        self._title = title
        self._width = width
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(title)
        self.fit()

    def fit(self) -> None:
        """Take the width of a new scale."""
        set_units(self, width=30 if look().shape is Shape.NARROW else self._width)
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Need the height of all lines of the title."""
        now = look()
        lines = self._lines().count("\n") + 1
        height = lines * QFontMetrics(now.font("title")).lineSpacing() + now.u(8)
        return QSize(self.minimumWidth(), height)

    def _lines(self) -> str:
        """Break the title: upright at 200 %, else into lines of two or three characters."""
        if look().shape is Shape.NARROW:
            return "\n".join(self._title)
        if "\n" in self._title or len(self._title) <= 3 or self._width > 62:
            return self._title
        half = (len(self._title) + 1) // 2
        return f"{self._title[:half]}\n{self._title[half:]}"

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, line and title."""
        now = look()
        painter = QPainter(self)
        painter.fillRect(self.rect(), now.colour("sub"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), now.colour("line"))
        painter.setFont(now.font("title"))
        painter.setPen(now.colour("ink2"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._lines())
        painter.end()


def values_of(controls: Mapping[str, Control]) -> dict[str, str]:
    """Read the bare values of controls by name."""
    return {name: control.value() for name, control in controls.items()}
