"""Undoing a decision 撤销: what stood before it stands again, exactly, and both acts stay told.

What stood before is read from the history, not remembered: so it may be undone after a restart too.
What somebody else has changed since is left as they have it, and named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.domain.acts import REVIEWERS
from desktop_app.domain.declare import Value
from desktop_app.domain.district_answers import PLACED
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.services.people import PeopleDesk
from desktop_app.services.review import DECISIONS, STATUS, UNDO
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.heads import read_heads
from desktop_app.storage.journal import Work
from desktop_app.storage.queries import HistoryEntry
from desktop_app.storage.rows import Row


@dataclass(frozen=True, slots=True)
class Kept:
    """A case whose decision was not undone: gone, nothing, others, changed or decided."""

    record: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Undone:
    """What was undone, and what was not."""

    records: tuple[str, ...]
    names: tuple[str, ...]
    kept: tuple[Kept, ...]


class UndoDesk:
    """Take back the last decision about some cases."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def undo(self, records: Iterable[str]) -> Undone:
        """Restore what stood before the acting person's last decision about each case.

        Raises:
            RuleError: the acting person is no reviewer.
        """
        if not PeopleDesk(self._workplace).roles() & REVIEWERS:
            raise RuleError("review.not_reviewer")
        done: list[str] = []
        names: list[str] = []
        kept: list[Kept] = []
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            for record in records:
                try:
                    row = work.row("applicant", record)
                except StaleError:
                    kept.append(Kept(record, "", "gone"))
                    continue
                last = _last(work, record)
                why = self._why_not(row, last)
                if why or last is None:
                    kept.append(Kept(record, row.text("full_name"), why))
                    continue
                work.edit("applicant", record, _before(row, last), act=UNDO, signed=True)
                done.append(record)
                names.append(row.text("full_name"))
        return Undone(tuple(done), tuple(names), tuple(kept))

    def _why_not(self, row: Row, last: HistoryEntry | None) -> str:
        """Say why a decision stays; nothing where it may be undone."""
        if last is None or last.act == UNDO:
            return "nothing"
        if last.person != self._workplace.person:
            return "others"
        if row.text("district_status") in PLACED:
            return "decided"
        return "" if _stands(row, last) else "changed"


def _last(work: Work, record: str) -> HistoryEntry | None:
    """Give the last decision about a case, or the undoing of it."""
    found = [
        entry
        for entry in queries.history(work.connection, work.scope, record, ("applicant",))
        if entry.record == record and not entry.verdict and entry.act in {*DECISIONS, UNDO}
    ]
    return found[-1] if found else None


def _stands(row: Row, last: HistoryEntry) -> bool:
    """Say whether everything the decision said is still the last word."""
    return all(_is_last_word(row, name, last) for name in STATUS)


def _is_last_word(row: Row, field: str, last: HistoryEntry) -> bool:
    """Say whether nobody has written a field since a decision did."""
    heads = read_heads(row.heads, (field,))[field]
    return len(heads) == 1 and heads[0].startswith(f"{last.feed}:{last.sequence}:")


def _before(row: Row, last: HistoryEntry) -> dict[str, Value]:
    """Give what stood before a decision; of several versions the last one written.

    What was written since, such as the answer to a later question, is left as it is.
    """
    values: dict[str, Value] = dict.fromkeys(STATUS)
    for change in last.changes:
        if change.field in row.values and _is_last_word(row, change.field, last):
            values[change.field] = change.before[-1] if change.before else None
    return values
