"""Days and times as a person at the desk reads them: local ones, and trusted for nothing else."""

from __future__ import annotations

import datetime as dt

from desktop_app.durable.wallclock import wall_milliseconds


def local_day(milliseconds: int | None = None) -> dt.date:
    """Give the local calendar day of a moment, today where none is given."""
    return local_time(milliseconds).date()


def local_time(milliseconds: int | None = None) -> dt.datetime:
    """Give the local time of a moment in UTC milliseconds, now where none is given."""
    moment = wall_milliseconds() if milliseconds is None else milliseconds
    return dt.datetime.fromtimestamp(moment / 1000, dt.UTC).astimezone()


def local_month_day(milliseconds: int | None = None) -> str:
    """Give month and day as four digits, for receipt numbers."""
    return f"{local_day(milliseconds):%m%d}"


def day_bounds(day: dt.date) -> tuple[int, int]:
    """Give the first millisecond of a local day and of the next, in UTC milliseconds."""
    start = dt.datetime.combine(day, dt.time()).astimezone()
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time()).astimezone()
    return int(start.timestamp() * 1000), int(end.timestamp() * 1000)


def stray_year(season_year: int, milliseconds: int | None = None) -> int:
    """Give the year the clock shows where that is not the season's, else 0."""
    year = local_day(milliseconds).year
    return 0 if year == season_year else year
