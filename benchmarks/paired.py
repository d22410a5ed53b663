"""What paired timings say: median ratio, bootstrap interval, verdict. Pure; no clock is read.

A round runs limit, ours, ours, limit, so that a machine that slows down evenly slows both sides
alike: the ratio of a round is the sum of ours over the sum of the limit's. A control whose two
sides are the same must come out at one; where it does not, the machine was too restless and the
run is void.
"""

from __future__ import annotations

import enum
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Clock = Literal["wall", "cpu"]

CONTROL_LOW, CONTROL_HIGH = 0.95, 1.05
LEAST_ROUNDS = 5
_DRAWS = 4000
_TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds one run took: by the wall, and of both processors together."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Round:
    """One round: the limit's two runs around our two."""

    limit: tuple[Timing, Timing]
    ours: tuple[Timing, Timing]

    def ratio(self, clock: Clock) -> float:
        """Give our time over the limit's.

        Raises:
            ValueError: the limit took no measurable time, so nothing can be said.
        """
        limit = sum(getattr(one, clock) for one in self.limit)
        if limit <= 0:
            raise ValueError("the limit took no time")
        return float(sum(getattr(one, clock) for one in self.ours) / limit)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A median with its 95 % bootstrap interval."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} [{self.low:.2f}, {self.high:.2f}]"


class Verdict(enum.Enum):
    """What may be said of a target; only the first is a pass."""

    PASS = "pass"  # noqa: S105 - a verdict, no word to enter by
    FAIL = "FAIL"
    UNDECIDED = "undecided"
    VOID = "void"


def estimate(values: Sequence[float], seed: int = 1) -> Estimate:
    """Estimate the median of paired ratios.

    Raises:
        ValueError: too few rounds for an interval to mean anything.
    """
    if len(values) < LEAST_ROUNDS:
        raise ValueError("rounds")
    chance = random.Random(seed)
    medians = sorted(
        statistics.median(chance.choices(values, k=len(values))) for _ in range(_DRAWS)
    )
    low, high = medians[int(_TAIL * _DRAWS)], medians[int((1 - _TAIL) * _DRAWS) - 1]
    return Estimate(statistics.median(values), low, high)


def judge(ratio: Estimate, control: Estimate, target: float) -> Verdict:
    """Judge a ratio against its target: the whole interval must stand on one side of it."""
    if not CONTROL_LOW <= control.median <= CONTROL_HIGH:
        return Verdict.VOID
    if ratio.high <= target:
        return Verdict.PASS
    return Verdict.FAIL if ratio.low > target else Verdict.UNDECIDED


def ratios(rounds: Sequence[Round], clock: Clock) -> list[float]:
    """Give the ratio of every round by one clock."""
    return [one.ratio(clock) for one in rounds]
