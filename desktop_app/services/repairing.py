"""The repair list 待改清单 at the desk: rows of workbooks, opened in the form one by one.

A row that is opened becomes a draft of whoever opened it; when that draft is registered or thrown
away the row leaves the list by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.services.intake_rows import Repair
from desktop_app.services.laptops import Names
from desktop_app.services.workplace import Workplace
from desktop_app.storage import repairs as kept
from desktop_app.storage.database import Connection


@dataclass(frozen=True, slots=True)
class RepairLine:
    """One row that waits: where it stood, whose child it seems to be, what is wrong with it."""

    id: str
    source: str
    row: int
    form: Mapping[str, str]
    repairs: Sequence[Repair]
    brought_by: str
    kept_at: int
    in_hand_of: str
    mine: bool


class RepairDesk:
    """The rows that could not go in."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def lines(self) -> tuple[RepairLine, ...]:
        """Give the rows that wait, workbook by workbook; what was settled meanwhile has left."""
        with self._workplace.database.write() as connection:
            kept.settle(connection)
            names = Names(connection, self._workplace)
            return tuple(self._line(names, one) for one in kept.waiting(connection))

    def count(self) -> int:
        """Count the rows that wait."""
        with self._workplace.database.read() as connection:
            return kept.count(connection)

    def open(self, name: str) -> str:
        """Make a draft of a row, with what was read of it, and give the draft.

        Raises:
            StaleError: ``repair.gone``: it was mended or put away meanwhile.
            RuleError: ``repair.in_hand``: somebody else has it open.
        """
        with self._workplace.database.write() as connection:
            found = self._find(connection, name)
            if found.in_hand_of not in {"", self._workplace.person}:
                raise RuleError("repair.in_hand")
            kept.take_in_hand(connection, found, self._workplace.person)
        return found.id

    def put_away(self, name: str) -> None:
        """Take a row off the list for good; nobody is registered, nobody is removed.

        Raises:
            StaleError: ``repair.gone``.
            RuleError: ``repair.in_hand``: it is a draft already, and is thrown away as one.
        """
        with self._workplace.database.write() as connection:
            if self._find(connection, name).in_hand_of:
                raise RuleError("repair.in_hand")
            kept.put_away(connection, name)

    def _find(self, connection: Connection, name: str) -> kept.Kept:
        found = kept.find(connection, name)
        if found is None:
            raise StaleError("repair.gone")
        return found

    def _line(self, names: Names, one: kept.Kept) -> RepairLine:
        person = self._workplace.person
        return RepairLine(
            id=one.id,
            source=one.source,
            row=one.row,
            form=one.form,
            repairs=[
                Repair(one.row, fault.column, fault.code, fault.details, fault.found)
                for fault in one.faults
            ],
            brought_by=names.person(one.brought_by),
            kept_at=one.kept_at,
            in_hand_of=names.person(one.in_hand_of),
            mine=one.in_hand_of == person,
        )
