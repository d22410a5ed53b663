"""How long a scripted hand waits for a window: by the processor's time, and at last by the clock."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], float]
WORKED = 30.0
"""Seconds of the processor within which a window has to answer: one that gets little of a busy
computer is late, and not stuck. A window that waits for nothing takes a tenth of them by looking."""
LONGEST = 600.0
"""Seconds by the clock after which it is stuck all the same."""


class Patience:
    """Is over once a window had the time it needs and gave no answer."""

    def __init__(self, clock: Clock = time.monotonic, processor: Clock = time.process_time) -> None:
        self._clock, self._processor = clock, processor
        self._end, self._worked = clock() + LONGEST, processor() + WORKED

    @property
    def over(self) -> bool:
        """Tell whether it makes no sense to wait any longer."""
        return self._clock() > self._end or self._processor() > self._worked
