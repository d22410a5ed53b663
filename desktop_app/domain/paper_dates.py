"""The day on a paper form 纸质表日期: read strictly, and held against the season, not the clock.

The season is policy data, so a day outside it is refused. A day that is still to come by this
computer's clock is only told of: the clock may be the one that is wrong.
"""

from __future__ import annotations

import datetime as dt

from desktop_app.domain.dates import parse_date
from desktop_app.domain.errors import Problem

PAPER_DATE = "paper_date"


def check_paper_date(
    text: str, first: dt.date, last: dt.date, today: dt.date | None = None
) -> tuple[Problem, ...]:
    """Say what is wrong with a day as it was typed; an empty one is none.

    Args:
        text: what was typed.
        first: the first day of the season.
        last: its last day.
        today: what the clock says, where it can be believed at all.
    """
    if not text:
        return ()
    day = parse_date(text)
    if day is None:
        return (Problem(PAPER_DATE, "form.paper_day", blocks=True),)
    if not first <= day <= last:
        details = {"first": first.isoformat(), "last": last.isoformat()}
        return (Problem(PAPER_DATE, "form.paper_season", blocks=True, details=details),)
    if today is not None and day > today:
        return (Problem(PAPER_DATE, "form.paper_future", blocks=False),)
    return ()
