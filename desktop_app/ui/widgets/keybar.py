"""The bar at the bottom: the keys of the page from F1 on, a hint, and the primary key right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.look import Shape, look
from desktop_app.ui.units import set_units
from desktop_app.ui.views import KeyAction
from desktop_app.ui.widgets.keys import KeyButton
from desktop_app.ui.widgets.labels import Plain, Text

_EDGE = 12
_GAP = 6
_BETWEEN = " · "


class KeyBar(Plain):
    """Lays its buttons out itself: full words while there is room, then short ones, then keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "keybar")
        self._left: list[KeyButton] = []
        self._right: list[KeyButton] = []
        self._hint = Text("", "secondary", self, elide=True)
        self._said = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_units(self, height=50)

    @property
    def buttons(self) -> tuple[KeyButton, ...]:
        """List the buttons, left to right."""
        return (*self._left, *self._right)

    def show_keys(self, actions: Sequence[KeyAction], hint: str = "") -> None:
        """Show other keys; a button that would look the same stays."""
        spare = list(self.buttons)
        shown = [(action, self._button(action, spare)) for action in actions if action.shown]
        for button in spare:
            button.hide()
            button.deleteLater()
        self._left = [button for action, button in shown if not _at_right(action)]
        self._right = [button for action, button in shown if _at_right(action)]
        self._right.sort(key=lambda button: button.action_view.primary)
        self._said = hint
        for button in self.buttons:
            button.show()
        self._place()
        self.updateGeometry()

    def _button(self, action: KeyAction, spare: list[KeyButton]) -> KeyButton:
        """Take a button of before that looks like this key, or make one."""
        kept = next((button for button in spare if button.take(action)), None)
        if kept is None:
            return KeyButton(action, self)
        spare.remove(kept)
        return kept

    def fit(self) -> None:
        """Lay the buttons out for a new scale."""
        self._place()
        self.updateGeometry()

    def _needed(self, left: str, right: str, bare: int = 0) -> int:
        """Measure the bar in some modes, the last ``bare`` of the left keys without words."""
        now = look()
        worded = len(self._left) - bare
        widths = [button.width_in(left) for button in self._left[:worded]]
        widths += [button.width_in("key") for button in self._left[worded:]]
        widths += [button.width_in(right) for button in self._right]
        return sum(widths) + now.u(_GAP) * len(widths) + 2 * now.u(_EDGE)

    def minimumSizeHint(self) -> QSize:
        """Need room for the key caps at the left and short words at the right."""
        return QSize(self._needed("key", "short"), look().u(50))

    def sizeHint(self) -> QSize:
        """Wish for all words."""
        return QSize(self._needed("full", "full"), look().u(50))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the wording for the room there is."""
        super().resizeEvent(event)
        self._place()

    def _modes(self) -> tuple[str, str, int]:
        """Choose the longest wording that fits; words go from the right end of the left keys."""
        for left, right in (("full", "full"), ("short", "full"), ("short", "short")):
            if self._needed(left, right) <= self.width():
                return left, right, 0
        for bare in range(1, len(self._left)):
            if self._needed("short", "short", bare) <= self.width():
                return "short", "short", bare
        return "key", "short", 0

    def _place(self) -> None:
        """Put every button in its place, and the hint between them if there is room."""
        now = look()
        left_mode, right_mode, bare = self._modes()
        top = (self.height() - now.u(36)) // 2
        left = now.u(_EDGE)
        for place, button in enumerate(self._left):
            button.set_mode("key" if place >= len(self._left) - bare else left_mode)
            width = button.sizeHint().width()
            button.setGeometry(left, top, width, now.u(36))
            left += width + now.u(_GAP)
        right = self.width() - now.u(_EDGE)
        for button in reversed(self._right):
            button.set_mode(right_mode)
            width = button.sizeHint().width()
            button.setGeometry(right - width, top, width, now.u(36))
            right -= width + now.u(_GAP)
        room = right - left - now.u(4)
        wide = now.shape is Shape.WIDE and bool(self._said) and room > now.u(120)
        self._hint.setVisible(wide)
        self._hint.setText(self._hint_within(room))
        self._hint.setGeometry(left + now.u(4), 0, max(0, room), self.height())

    def _hint_within(self, room: int) -> str:
        """Leave out what comes last of the hint where there is no room for all of it."""
        parts = self._said.split(_BETWEEN)
        metrics = self._hint.fontMetrics()
        while len(parts) > 1 and metrics.horizontalAdvance(_BETWEEN.join(parts)) > room:
            parts.pop()
        return _BETWEEN.join(parts)


def _at_right(action: KeyAction) -> bool:
    """Tell whether a key stands at the right end of the bar."""
    return action.primary or action.right
