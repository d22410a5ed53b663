"""Notices that nobody has touched keyboard or mouse for a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QWindow

_SIGNS_OF_LIFE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
    }
)


class IdleWatch(QObject):
    """Calls once when a native window has had no input for some time.

    It listens at the native window, where input arrives first, so that painting costs nothing.
    """

    def __init__(
        self, window: QWindow, seconds: float, on_idle: Callable[[], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(seconds * 1000))
        self._timer.timeout.connect(on_idle)
        window.installEventFilter(self)
        self._timer.start()

    @property
    def running(self) -> bool:
        """Tell whether time is being counted."""
        return self._timer.isActive()

    def touch(self) -> None:
        """Count from now on again."""
        self._timer.start()

    def stop(self) -> None:
        """Count no more."""
        self._timer.stop()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Start counting again at every sign of life; never keep an event."""
        if event.type() in _SIGNS_OF_LIFE and self._timer.isActive():
            self._timer.start()
        return False
