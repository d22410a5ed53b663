"""Two registrations of one child: which came first, and the reasons a decision can truly have."""

from __future__ import annotations

from desktop_app.domain.codes_case import CROSS_REASON

SAME, DIFFERENT, OPEN = "same", "different", "open"

_EARLIER = "earlier"
_OF_A_SCHOOL = frozenset({"family", _EARLIER, "zone"})
"""Reasons why one school keeps a child, and so none why two children are two."""


def came_first(left: str, right: str) -> int | None:
    """Say which of two registrations came first, 0 or 1; None where their times do not tell.

    A time is ``2024-08-22 09:14``, or the day alone where it is the one on a paper form. Two
    laptops agree to the minute at best; where they do not even agree about the year, one of the
    clocks was never set.
    """
    length = min(len(left), len(right))
    one, other = left[:length], right[:length]
    if one == other or one[:4] != other[:4]:
        return None
    return int(other < one)


def reasons_for(decision: str, keeps: int | None = None, first: int | None = None) -> list[str]:
    """Give the codes that can be true of a decision.

    Args:
        decision: what is decided.
        keeps: the side that keeps the child, 0 or 1, where it is one child.
        first: the side that registered first, None where nobody can say: then either may have.
    """
    if decision == DIFFERENT:
        return [code for code in CROSS_REASON.values if code not in _OF_A_SCHOOL]
    late = first is not None and keeps != first
    return [code for code in CROSS_REASON.values if code != _EARLIER or not late]
