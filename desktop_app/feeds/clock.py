"""Hybrid logical clock: orders what one person could have seen, whatever the PC's clock says.

A stamp decides nothing but which of two contact values is shown first (design §2); a stamp more
than a day ahead of this computer never advances its clock, so one PC living in 2099 drags nobody.
"""

from __future__ import annotations

from collections.abc import Callable

Stamp = tuple[int, int]
"""UTC milliseconds and a counter within the millisecond."""

AHEAD_LIMIT = 24 * 60 * 60 * 1000
_MOST_COUNTED = 2**32


class Clock:
    """Gives stamps that never go back, even when the computer's clock does."""

    def __init__(self, now: Callable[[], int], last: Stamp = (0, 0)) -> None:
        """Count on from ``last``; ``now`` reads the computer's clock in UTC milliseconds."""
        self._last = last
        self._now = now

    def tick(self) -> Stamp:
        """Give the next stamp."""
        now = self._now()
        seen, counter = self._last
        self._last = (now, 0) if now > seen else (seen, counter + 1)
        return self._last

    def observe(self, stamp: Stamp) -> None:
        """Take note of a stamp read elsewhere, unless it lies too far ahead to be believed."""
        believable = stamp[0] <= self._now() + AHEAD_LIMIT and stamp[1] < _MOST_COUNTED
        if stamp > self._last and believable:
            self._last = stamp
