"""Which applicants were merged into a twin: a fact across records, kept beside their rows.

Every record is folded alone; what several decisions come to together is worked out here from the
folded rows of a school (``domain.merging``), in the transaction that touched one of them. The
applicant's row notes its twin, so that the indexes of the lists leave it out; nothing else of the
row is touched, so a merge that is taken back leaves no trace in it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.merging import Edge, Twin, twins
from desktop_app.storage import oplog
from desktop_app.storage.tables import table_of

DECISION = "duplicate_decision"
"""The kind by which two records are said to be one child."""

TANGLED, CHANGED = "tangled", "changed"
"""Why a merge waits for a person: decisions contradict each other, or the record that left was
changed by somebody who did not know."""

Place = tuple[str, str]
"""Scope and record of an applicant."""

_DECISIONS = (
    "SELECT record, applicant, other, stays, coalesce(seen, '') FROM projected_duplicate_decision"
    " INDEXED BY projected_duplicate_decision_stays WHERE scope = ? AND stays IS NOT NULL"
)
_STANDING = "SELECT record FROM projected_applicant WHERE scope = ? AND record IN (??)"
_HELD = "SELECT record, twin, matter FROM projected_twin WHERE scope = ?"
_NOTED = "SELECT record, twin FROM projected_applicant WHERE scope = ? AND twin IS NOT NULL"
_PARTS = ("guardian", "material_check", "scan")


@dataclass(frozen=True, slots=True)
class MergeDecision:
    """A decision that puts one record into another: ``seen`` is what the one that left was."""

    record: str
    gone: str
    stays: str
    seen: str

    @property
    def edge(self) -> Edge:
        """Give what the decision says."""
        return (self.gone, self.stays)


def merge_decisions(connection: Connection, scope: str) -> list[MergeDecision]:
    """Read every decision of a school that merges, in the order of their records."""
    found = []
    for record, applicant, other, stays, seen in connection.exec_driver_sql(_DECISIONS, (scope,)):
        if stays in {applicant, other} and applicant != other:
            gone = other if stays == applicant else applicant
            found.append(MergeDecision(record, gone, stays, seen))
    return sorted(found, key=lambda one: one.record)


def seen_of(connection: Connection, scope: str, record: str) -> str:
    """Digest what an applicant and what belongs to them is now: it changes with every operation."""
    lines = [
        f"{kind} {name} {heads}"
        for kind, statement in _CONTENT.items()
        for name, heads in connection.exec_driver_sql(statement, (scope, record))
    ]
    return hashlib.sha256("\0".join(sorted(lines)).encode()).hexdigest()


_CONTENT = {
    "applicant": "SELECT record, heads FROM projected_applicant WHERE scope = ? AND record = ?"
} | {
    kind: f"SELECT record, heads FROM {table_of(kind)} WHERE scope = ? AND applicant = ?"  # noqa: S608
    for kind in _PARTS
}


def expected(connection: Connection, scope: str) -> dict[str, tuple[str, str]]:
    """Work out every merged record of a school: its twin, and why it waits for a person."""
    return _expected(connection, scope, merge_decisions(connection, scope))


def _expected(
    connection: Connection, scope: str, decisions: Sequence[MergeDecision]
) -> dict[str, tuple[str, str]]:
    named = sorted({record for one in decisions for record in one.edge})
    standing = {
        str(record)
        for chunk in oplog.chunks(named)
        for (record,) in connection.exec_driver_sql(oplog.spread(_STANDING, chunk), (scope, *chunk))
    }
    seen = defaultdict(set)
    for one in decisions:
        seen[one.gone].add(one.seen)
    found = twins((one.edge for one in decisions), standing)
    return {
        record: (twin.into, _matter(connection, (scope, record), twin, seen[record]))
        for record, twin in found.items()
    }


def _matter(connection: Connection, place: Place, twin: Twin, seen: set[str]) -> str:
    if twin.tangled:
        return TANGLED
    return "" if seen_of(connection, *place) in seen else CHANGED


def noted(connection: Connection, scope: str) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Give what is noted of merges: beside the applicants, and in their rows."""
    held = {row[0]: (row[1], row[2]) for row in connection.exec_driver_sql(_HELD, (scope,))}
    return held, {row[0]: row[1] for row in connection.exec_driver_sql(_NOTED, (scope,))}


class Merged:
    """Keeps what is noted of merges what the decisions say."""

    def __init__(self) -> None:
        """Know nothing yet of who has a part in a merge."""
        self._named: dict[str, frozenset[str]] = {}

    def forget(self) -> None:
        """Forget what was read: the transaction it was read in has failed."""
        self._named.clear()

    def settle(
        self, connection: Connection, touched: Iterable[Place], decided: Iterable[str]
    ) -> None:
        """Note merges anew where something of them was touched.

        Args:
            connection: an open write transaction whose records are folded.
            touched: applicants whose row, or what belongs to them, was folded.
            decided: scopes in which a decision was.
        """
        again, records = set(decided), defaultdict(set)
        for scope, record in touched:
            records[scope].add(record)
        again |= {
            scope for scope in records if not records[scope].isdisjoint(self._of(connection, scope))
        }
        for scope in sorted(again):
            self._settle(connection, scope)

    def _of(self, connection: Connection, scope: str) -> frozenset[str]:
        """Give every record that a decision of a scope names, whether it stands or not."""
        if scope not in self._named:
            decisions = merge_decisions(connection, scope)
            self._named[scope] = frozenset(record for one in decisions for record in one.edge)
        return self._named[scope]

    def _settle(self, connection: Connection, scope: str) -> None:
        decisions = merge_decisions(connection, scope)
        self._named[scope] = frozenset(record for one in decisions for record in one.edge)
        held, rows = noted(connection, scope)
        wanted = _expected(connection, scope, decisions)
        for record in held.keys() - wanted.keys():
            connection.exec_driver_sql(
                "DELETE FROM projected_twin WHERE scope = ? AND record = ?", (scope, record)
            )
        for record, (twin, matter) in wanted.items():
            if held.get(record) != (twin, matter):
                connection.exec_driver_sql(
                    "INSERT OR REPLACE INTO projected_twin VALUES (?, ?, ?, ?)",
                    (scope, record, twin, matter),
                )
        for record in rows.keys() | wanted.keys():
            twin_now = wanted[record][0] if record in wanted else None
            if rows.get(record) != twin_now:
                connection.exec_driver_sql(
                    "UPDATE projected_applicant SET twin = ? WHERE scope = ? AND record = ?",
                    (twin_now, scope, record),
                )
