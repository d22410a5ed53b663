"""Close of day 日结: what is open is listed and explained, then the principal signs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.calendar import day_bounds, local_day
from desktop_app.services.day_sheet import DaySheetDesk, must_be_explained
from desktop_app.services.explaining import write_explanations
from desktop_app.services.people import PeopleDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.drafts import Drafts
from desktop_app.storage.rows import read_rows

_NONE: Mapping[str, str] = MappingProxyType({})


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

    def close(
        self,
        explanation: str = "",
        day: dt.date | None = None,
        items: Mapping[str, str] = _NONE,
    ) -> DaySummary:
        """Close a day with the principal's signature.

        Args:
            explanation: why whatever has no explanation of its own is open.
            day: today where none is given.
            items: explanations of single items, by receipt number or draft.

        Raises:
            RuleError: the day is closed already, or something is open and not explained.
        """
        if Role.PRINCIPAL not in PeopleDesk(self._workplace).roles():
            raise RuleError("day.not_principal")
        summary = self.summary(day)
        if self._is_closed(summary.day):
            raise RuleError("day.closed", day=summary.day.isoformat())
        written = self._explained(summary, explanation, items)
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            work.create(
                "day_close",
                {
                    "day": summary.day.isoformat(),
                    "registered": summary.registered,
                    "complete": summary.complete,
                    "unreviewed": summary.unreviewed,
                    "drafts": summary.drafts,
                    "explanation": written or None,
                },
                signed=True,
            )
        return summary

    def _explained(self, summary: DaySummary, others: str, items: Mapping[str, str]) -> str:
        """Give the explanations as one text; nothing that waits may be without one."""
        listed = DaySheetDesk(self._workplace).open_items(summary.day)
        unknown = items.keys() - {one.receipt for one in listed}
        if unknown:
            raise RuleError("day.no_such_item", item=min(unknown))
        silent = [one for one in listed if must_be_explained(one) and not items.get(one.receipt)]
        if silent and summary.open_items and not others.strip():
            raise RuleError("day.open_items", unreviewed=summary.unreviewed, drafts=summary.drafts)
        return write_explanations(items, others)

    def _is_closed(self, day: dt.date) -> bool:
        scope, wanted = self._workplace.seat.scope, {"day": day.isoformat()}
        with self._workplace.database.read() as connection:
            return bool(read_rows(connection, RECORD_TYPES["day_close"], scope, wanted))
