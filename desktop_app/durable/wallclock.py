"""The computer's clock, which is asked for times to show and trusted for nothing."""

from __future__ import annotations

import time


def wall_milliseconds() -> int:
    """Read the clock in UTC milliseconds."""
    return time.time_ns() // 1_000_000
