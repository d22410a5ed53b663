"""From the words printed on a key cap to the keys Qt knows, and the keys of the page of now.

Function keys and chords are shortcuts, so that no field can swallow them. Enter, Esc and single
letters come to the window only when no field wanted them: that is what "single letters only where
no text field has the focus" means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from desktop_app.ui.views import KeyAction

_ARROWS = {"←": "Left", "→": "Right", "↑": "Up", "↓": "Down"}
_FUNCTION = re.compile(r"F\d{1,2}")


def key_sequence(key: str) -> str:
    """Write a key as Qt does: ``Alt+←`` becomes ``Alt+Left``."""
    for arrow, name in _ARROWS.items():
        key = key.replace(arrow, name)
    return key.replace(" ", "+")


def is_chord(key: str) -> bool:
    """Tell whether a key is a function key or a chord, which no field may swallow."""
    return bool(_FUNCTION.fullmatch(key)) or "+" in key_sequence(key)[:-1]


def pressed(event: QKeyEvent) -> str:
    """Name the key of an event as it is printed on a cap."""
    if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
        return "Enter"
    if event.key() == Qt.Key.Key_Escape:
        return "Esc"
    return QKeySequence(event.keyCombination()).toString()


class KeyMap(QObject):
    """The keys of the window: global ones, and those of the page of now."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._page: list[QShortcut] = []
        self._plain: dict[str, KeyAction] = {}

    def bind(self, key: str, call: Callable[[], object]) -> QShortcut:
        """Bind a key of the window for good."""
        shortcut = QShortcut(QKeySequence(key_sequence(key)), self._window)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(call)
        return shortcut

    def set_page_keys(self, actions: Iterable[KeyAction]) -> None:
        """Bind the keys of a page in place of those of the former one."""
        for shortcut in self._page:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        self._page = []
        self._plain = {}
        for action in actions:
            if not action.enabled or not action.key:
                continue
            if is_chord(action.key):
                self._page.append(self.bind(action.key, action.callback))
            else:
                self._plain[action.key] = action

    def plain_key(self, event: QKeyEvent) -> bool:
        """Do what a plain key does on the page; tell whether it was one of the page's."""
        action = self._plain.get(pressed(event))
        if action is None or event.isAutoRepeat():
            return False
        action.callback()
        return True
