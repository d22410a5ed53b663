"""Merging 并件: two records of one child become one in the lists, and come apart by one key.

A merge is a duplicate decision that names which record stays. The other one is not touched: it
leaves lists, counts and duplicate checks, is found by search, and is told under its twin. Taking
the decision back brings it back exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.domain.masks import mask_number
from desktop_app.services.laptops import Names
from desktop_app.services.wording import code_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage import merged, queries
from desktop_app.storage.database import Connection
from desktop_app.storage.journal import Work
from desktop_app.storage.merged import MergeDecision

SAME, DIFFERENT, DISPUTED = "same", "different", "disputed"
BY_NUMBER, BY_HAND = "D1", "HAND"
"""By which rule two records were found to be one child: the same number, or a person's eye."""

_UNMERGED: dict[str, Value] = {"stays": None, "decision": DIFFERENT}


@dataclass(frozen=True, slots=True)
class TwinSide:
    """One of two records of perhaps one child, as a person compares them; numbers are masked."""

    record: str
    name: str
    receipt: str
    masked_number: str
    birth_date: str
    sex: str
    guardian: str
    papers: int
    person: str
    at: int
    laptop: str
    stays: bool
    """Whether this one stands in the lists now."""


@dataclass(frozen=True, slots=True)
class TwinView:
    """Two records side by side.

    ``matter`` is pair, tangled or changed, and empty where a merge is in order.
    """

    matter: str
    sides: tuple[TwinSide, TwinSide]


class MergeDesk:
    """Merge two records of a school, take a merge back, or say that they are two children."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace of a school."""
        self._workplace = workplace

    def compare(self, record: str, other: str) -> TwinView:
        """Give two records side by side.

        Raises:
            StaleError: one of them is gone.
        """
        with self._workplace.database.read() as connection:
            held, _ = merged.noted(connection, self._workplace.seat.scope)
            matter = held.get(record, ("", "pair"))[1]
            names = Names(connection, self._workplace)
            one = self._side(connection, names, record, stays=record not in held)
            two = self._side(connection, names, other, stays=other not in held)
        return TwinView(matter, (one, two))

    def _side(self, connection: Connection, names: Names, record: str, *, stays: bool) -> TwinSide:
        file = queries.applicant_file(connection, self._workplace.seat.scope, record)
        row = file.applicant
        return TwinSide(
            record=record,
            name=row.text("full_name"),
            receipt=row.text("receipt_number"),
            masked_number=mask_number(row.text("id_number")),
            birth_date=row.text("birth_date"),
            sex=code_label("sex", row.text("sex")),
            guardian=file.guardians[0].text("full_name") if file.guardians else "",
            papers=len(file.checks),
            person=names.person(row.created_by),
            at=row.created_at,
            laptop=names.laptop(row.created_in),
            stays=stays,
        )

    def twin_of(self, record: str) -> str:
        """Give the record an applicant was merged into, empty where it was not."""
        with self._workplace.database.read() as connection:
            held, _ = merged.noted(connection, self._workplace.seat.scope)
        return held.get(record, ("", ""))[0]

    def merge(self, gone: str, stays: str, rule: str = BY_NUMBER) -> None:
        """Put one record into the other.

        Raises:
            RuleError: ``merge.itself``.
            StaleError: one of them is gone, or was merged meanwhile.
        """
        if gone == stays:
            raise RuleError("merge.itself")
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            for record in (gone, stays):
                work.row("applicant", record)
            held, _ = merged.noted(work.connection, work.scope)
            if gone in held or stays in held:
                raise StaleError("conflict.settled")
            _decide(work, gone, stays, rule)

    def separate(self, record: str) -> None:
        """Take a merge back: the record stands in the lists again, exactly as it was.

        Where decisions contradict each other, all of them that hold the same child are taken back.

        Raises:
            StaleError: it is not merged, or no longer.
        """
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            for one in _holding(work, record):
                work.edit(merged.DECISION, one.record, _UNMERGED, act="separate", signed=True)

    def confirm(self, record: str) -> None:
        """Merge again, knowing how both records are now; contradicting decisions are taken back.

        Raises:
            StaleError: it is not merged, or no longer.
        """
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            twin = _twin(work, record)
            kept = False
            for one in _holding(work, record):
                if one.edge == (record, twin) and not kept:
                    kept = True
                    seen: Value = merged.seen_of(work.connection, work.scope, record)
                    work.edit(merged.DECISION, one.record, {"seen": seen}, signed=True)
                else:
                    work.edit(merged.DECISION, one.record, _UNMERGED, act="separate", signed=True)
            if not kept:
                _decide(work, record, twin, BY_HAND)

    def dispute(self, record: str, other: str) -> None:
        """Say that two records with one number are two children: the number is disputed 号码有争议.

        Raises:
            StaleError: one of them is gone.
        """
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            for one in (record, other):
                if not work.row("applicant", one).values.get("number_disputed"):
                    work.edit("applicant", one, {"number_disputed": True})
            values: dict[str, Value] = {
                "rule": BY_NUMBER,
                "applicant": other,
                "other": record,
                "decision": DISPUTED,
            }
            work.create(merged.DECISION, values, signed=True)


def _decide(work: Work, gone: str, stays: str, rule: str) -> None:
    values: dict[str, Value] = {
        "rule": rule,
        "applicant": gone,
        "other": stays,
        "decision": SAME,
        "stays": stays,
        "seen": merged.seen_of(work.connection, work.scope, gone),
    }
    work.create(merged.DECISION, values, signed=True)


def _twin(work: Work, record: str) -> str:
    held, _ = merged.noted(work.connection, work.scope)
    if record not in held:
        raise StaleError("conflict.settled")
    return held[record][0]


def _holding(work: Work, record: str) -> list[MergeDecision]:
    """Give the decisions that hold a record merged: its own, or all around it where they tangle."""
    twin = _twin(work, record)
    held, _ = merged.noted(work.connection, work.scope)
    decisions = merged.merge_decisions(work.connection, work.scope)
    if held[record][1] != merged.TANGLED:
        return [one for one in decisions if one.gone == record]
    group = {name for name, (into, _) in held.items() if into == twin} | {twin}
    return [one for one in decisions if one.gone == record or set(one.edge) <= group]
