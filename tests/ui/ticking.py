"""How long the window was deaf: the longest pause of a timer of five milliseconds.

By the clock, and by the processor time this program itself used meanwhile: on a machine that is
busy with something else the first says little, the second still says who was to blame.
"""

from __future__ import annotations

import time
from typing import Self

from PySide6.QtCore import Qt, QTimer

EVERY_MS = 5


class Ticks:
    """Counts while a block runs; the longest pause between two ticks is what a person waits."""

    def __init__(self) -> None:
        """Make a timer that is not running."""
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._tick)
        self._last = self._last_used = 0.0
        self.longest = 0.0
        """Seconds by the clock."""
        self.used = 0.0
        """Seconds of this program's own processor time, at most, between two ticks."""
        self.count = 0

    def _tick(self) -> None:
        now, used = time.perf_counter(), time.process_time()
        self.longest = max(self.longest, now - self._last)
        self.used = max(self.used, used - self._last_used)
        self._last, self._last_used = now, used
        self.count += 1

    def __enter__(self) -> Self:
        self._last, self._last_used = time.perf_counter(), time.process_time()
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._tick()
        self._timer.stop()
