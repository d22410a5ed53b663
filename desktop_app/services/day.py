"""Close of day 日结: what is open is listed and explained, then the principal signs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.calendar import day_bounds, local_day
from desktop_app.services.people import PeopleDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.drafts import Drafts
from desktop_app.storage.rows import read_rows


@dataclass(frozen=True, slots=True)
class DaySummary:
    """One day at this school as this computer sees it."""

    day: dt.date
    registered: int
    complete: int
    unreviewed: int
    drafts: int

    @property
    def open_items(self) -> int:
        """Count what must be explained before the day can be closed."""
        return self.unreviewed + self.drafts


class DayDesk:
    """The use cases of the close of day."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def summary(self, day: dt.date | None = None) -> DaySummary:
        """Count a day, today where none is given."""
        wanted = day or local_day()
        with self._workplace.database.read() as connection:
            registered, complete, unreviewed = queries.day_counts(
                connection, self._workplace.seat.scope, *day_bounds(wanted)
            )
        return DaySummary(
            day=wanted,
            registered=registered,
            complete=complete,
            unreviewed=unreviewed,
            drafts=Drafts(self._workplace.database).count(),
        )

    def close(self, explanation: str = "", day: dt.date | None = None) -> DaySummary:
        """Close a day with the principal's signature.

        Raises:
            RuleError: the day is closed already, or something is open and not explained.
        """
        if Role.PRINCIPAL not in PeopleDesk(self._workplace).roles():
            raise RuleError("day.not_principal")
        summary = self.summary(day)
        if self._is_closed(summary.day):
            raise RuleError("day.closed", day=summary.day.isoformat())
        if summary.open_items and not explanation.strip():
            raise RuleError("day.open_items", unreviewed=summary.unreviewed, drafts=summary.drafts)
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            work.create(
                "day_close",
                {
                    "day": summary.day.isoformat(),
                    "registered": summary.registered,
                    "complete": summary.complete,
                    "unreviewed": summary.unreviewed,
                    "drafts": summary.drafts,
                    "explanation": explanation.strip() or None,
                },
                signed=True,
            )
        return summary

    def _is_closed(self, day: dt.date) -> bool:
        scope, wanted = self._workplace.seat.scope, {"day": day.isoformat()}
        with self._workplace.database.read() as connection:
            return bool(read_rows(connection, RECORD_TYPES["day_close"], scope, wanted))
