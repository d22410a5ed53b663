"""The day on a paper form: the season decides, the clock only tells."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.paper_dates import check_paper_date

FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 10, 31)
days = st.dates(dt.date(2020, 1, 1), dt.date(2028, 12, 31))


def told(text: str, today: dt.date | None = None) -> list[tuple[str, bool]]:
    return [(one.code, one.blocks) for one in check_paper_date(text, FIRST, LAST, today)]


def test_a_paper_without_a_day_is_a_paper_all_the_same() -> None:
    assert told("", LAST) == []


def test_what_is_no_day_is_refused() -> None:
    for text in ("20240230", "8月20日", "24.8.20", "明天"):
        assert told(text) == [("form.paper_day", True)]


@given(days, st.none() | days)
def test_outside_the_season_it_is_refused_whatever_the_clock_says(
    day: dt.date, today: dt.date | None
) -> None:
    found = told(day.isoformat(), today)
    outside = not FIRST <= day <= LAST
    assert (("form.paper_season", True) in found) is outside
    if not outside:
        assert all(not blocks for _, blocks in found), "no clock refuses a paper"


@given(st.dates(FIRST, LAST), days)
def test_a_day_that_is_to_come_by_a_believed_clock_is_told_and_goes_through(
    day: dt.date, today: dt.date
) -> None:
    assert told(day.isoformat(), today) == ([("form.paper_future", False)] if day > today else [])
    assert told(day.isoformat()) == []
