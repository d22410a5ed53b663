"""One's own statistics of entry 我的统计: per person and day, on this computer alone.

They are settings, no records: nothing of them is ever packed. The desk's figures are the sum of
all who worked here that day; nobody else's are shown, and nobody is ranked.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from desktop_app.services.calendar import local_day
from desktop_app.services.workplace import Workplace

_SETTING = "work."
DAYS = 14
"""So many days are shown, and kept."""


@dataclass(frozen=True, slots=True)
class Work:
    """What was entered: cases, seconds at the keys, key presses, cases mended, saves refused."""

    cases: int = 0
    seconds: int = 0
    keys: int = 0
    mended: int = 0
    refused: int = 0

    def __add__(self, other: Work) -> Work:
        """Sum two."""
        return Work(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Work)))

    def per_case(self, name: str) -> int:
        """Give a figure per case, nought where there is no case."""
        value: int = getattr(self, name)
        return round(value / self.cases) if self.cases else 0


@dataclass(frozen=True, slots=True)
class Day:
    """A day: what the acting person entered, and all of this desk together."""

    day: str
    own: Work
    desk: Work


class StatisticsDesk:
    """Keeps and shows the figures of whoever is at work."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def add(self, work: Work) -> None:
        """Add what was just done to the acting person's figures of today."""
        name = f"{_SETTING}{local_day().isoformat()}.{self._workplace.person}"
        settings = self._workplace.settings
        whole = _read(settings.get(name)) + work
        settings.set(name, json.dumps(asdict(whole)))

    def days(self) -> tuple[Day, ...]:
        """Give the days somebody worked here, the latest first; what is older is forgotten."""
        settings, person = self._workplace.settings, self._workplace.person
        first = (local_day() - dt.timedelta(days=DAYS)).isoformat()
        found: dict[str, dict[str, Work]] = {}
        for name, text in settings.named(_SETTING).items():
            day, _, who = name.partition(".")
            if day > first and text:
                found.setdefault(day, {})[who] = _read(text)
            elif text:
                settings.set(f"{_SETTING}{name}", "")
        return tuple(
            Day(day, of_day.get(person, Work()), _sum(of_day.values()))
            for day, of_day in sorted(found.items(), reverse=True)
        )


def _sum(works: Iterable[Work]) -> Work:
    whole = Work()
    for one in works:
        whole += one
    return whole


def _read(text: str) -> Work:
    """Read figures; torn ones count nothing, they are nobody's record."""
    try:
        given = json.loads(text or "{}")
        return Work(**{one.name: int(given.get(one.name, 0)) for one in fields(Work)})
    except (ValueError, TypeError, AttributeError, OverflowError):
        return Work()
