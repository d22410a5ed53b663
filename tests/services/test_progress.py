"""A long use case says how far it is, and stops when it is told."""

from __future__ import annotations

import pytest

from desktop_app.domain.errors import CancelledError
from desktop_app.services.progress import Progress, Step


def test_the_listener_is_told_once_until_it_takes_the_news() -> None:
    calls: list[int] = []
    progress = Progress(lambda: calls.append(1))
    progress.step(1, 9, "rows.read")
    progress.step(2, 9, "rows.read")
    assert len(calls) == 1
    assert progress.news() == Step(2, 9, "rows.read")
    assert progress.news() is None
    progress.step(3, 9)
    assert len(calls) == 2


def test_a_cancelled_use_case_stops_at_its_next_step() -> None:
    progress = Progress()
    progress.step(1, 2)
    assert not progress.cancelled
    progress.cancel()
    assert progress.cancelled
    with pytest.raises(CancelledError):
        progress.step(2, 2)
    assert progress.news() == Step(1, 2)
