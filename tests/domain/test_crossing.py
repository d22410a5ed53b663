"""Which of two registrations came first, and which reasons a decision about them can have."""

from __future__ import annotations

import pytest

from desktop_app.domain.crossing import DIFFERENT, SAME, came_first, reasons_for


@pytest.mark.parametrize(
    ("left", "right", "first"),
    [
        ("2024-08-22 09:14", "2024-08-22 09:15", 0),
        ("2024-08-22 09:14", "2024-08-22 09:14", None),
        ("2024-08-23 09:14", "2024-08-22 16:40", 1),
        # A paper form says the day alone.
        ("2024-08-22", "2024-08-22 09:14", None),
        ("2024-08-21", "2024-08-22 09:14", 0),
        # A clock that was never set.
        ("2009-01-01 00:07", "2024-08-22 09:14", None),
    ],
)
def test_times_tell_no_more_than_they_can(left: str, right: str, first: int | None) -> None:
    assert came_first(left, right) == first
    assert came_first(right, left) == (None if first is None else 1 - first)


def test_a_reason_is_offered_where_it_can_be_true() -> None:
    every = ["family", "earlier", "zone", "papers", "slip"]
    assert reasons_for(SAME, 0, 0) == every
    assert reasons_for(SAME, 1, None) == every
    assert reasons_for(SAME, 1, 0) == ["family", "zone", "papers", "slip"]
    assert reasons_for(DIFFERENT, None, 0) == ["papers", "slip"]
