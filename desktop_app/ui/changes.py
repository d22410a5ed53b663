"""Tells pages what kinds of record have changed, on their own thread and a few times a second.

The journal reports every commit on the worker thread; a workbook of families makes hundreds. Kinds
are gathered for a moment and told once, and only whoever shows such records fetches them again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

GATHER = 60  # milliseconds


class Changes(QObject):
    """The one distributor of ``changed(kinds)``."""

    changed = Signal(frozenset)
    _heard = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kinds: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(GATHER)
        self._timer.timeout.connect(self._tell)
        self._heard.connect(self._gather, Qt.ConnectionType.QueuedConnection)

    def tell(self, kinds: Iterable[str]) -> None:
        """Hear what changed; may be called from any thread."""
        self._heard.emit(frozenset(kinds))

    @Slot(object)
    def _gather(self, kinds: frozenset[str]) -> None:
        """Keep kinds until they are told together."""
        self._kinds |= kinds
        if not self._timer.isActive():
            self._timer.start()

    def _tell(self) -> None:
        """Tell everything gathered."""
        kinds, self._kinds = frozenset(self._kinds), set()
        self.changed.emit(kinds)

    def when(self, kinds: Iterable[str], call: Callable[[], object], owner: QObject) -> None:
        """Call when any of some kinds has changed, as long as ``owner`` is there."""
        wanted = frozenset(kinds)
        listener = _Listener(wanted, call, owner)
        self.changed.connect(listener.hear)


class _Listener(QObject):
    """Calls for some kinds; ends with its owner."""

    def __init__(self, wanted: frozenset[str], call: Callable[[], object], owner: QObject) -> None:
        super().__init__(owner)
        self._wanted = wanted
        self._call = call

    @Slot(frozenset)
    def hear(self, kinds: frozenset[str]) -> None:
        """Call where a wanted kind is among those that changed."""
        if kinds & self._wanted:
            self._call()
