"""Keys typed while a page cannot take them: held, and given to whatever has the focus afterwards.

A save takes some twenty milliseconds, and a quick hand begins the next number within them.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

MOST = 200
_CHORDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_PLAIN = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace, Qt.Key.Key_Delete}


class HeldKeys(QObject):
    """Holds keys and committed words of one widget; chords and function keys pass."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._watched: QWidget | None = None
        self._events: list[QEvent] = []

    def hold(self) -> None:
        """Hold from now on what is typed where the focus is."""
        focus = QApplication.focusWidget()
        if self._watched is None and focus is not None and self._page.isAncestorOf(focus):
            self._watched = focus
            focus.installEventFilter(self)

    def release(self) -> None:
        """Type what was held, where the focus is now; away from the page it is dropped."""
        if self._watched is not None:
            self._watched.removeEventFilter(self)
        self._watched = None
        events, self._events = self._events, []
        for event in events:
            focus = QApplication.focusWidget()
            if focus is not None and self._page.isAncestorOf(focus):
                QApplication.sendEvent(focus, event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold what types; let everything else through."""
        if isinstance(event, QInputMethodEvent):
            # Unfinished words stay out too: the field would go on composing in another form.
            made = QInputMethodEvent("", [])
            made.setCommitString(event.commitString())
            self._keep(made if event.commitString() else None)
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and _types(event):
            kind, key, held = event.type(), event.key(), event.modifiers()
            self._keep(QKeyEvent(kind, key, held, event.text(), event.isAutoRepeat()))
            return True
        return super().eventFilter(watched, event)

    def _keep(self, event: QEvent | None) -> None:
        if event is not None and len(self._events) < MOST:
            self._events.append(event)


def _types(event: QKeyEvent) -> bool:
    """Tell whether a key writes, deletes, or goes on to the next field."""
    if event.modifiers() & _CHORDS:
        return False
    return event.key() in _PLAIN or (event.text().isprintable() and bool(event.text()))
