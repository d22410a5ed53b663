"""Everything held about one applicant: rows, values that do not show, and the history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from desktop_app.domain.declare import Value
from desktop_app.domain.errors import StaleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.feeds.operation import Header, held
from desktop_app.storage import oplog
from desktop_app.storage.database import Connection
from desktop_app.storage.rows import Row, columns_of, read_row, read_rows, rows_of
from desktop_app.storage.tables import UNMERGED, table_of

_PARTS = ("guardian", "material_check", "scan", "duplicate_decision")
_TOLD = (*_PARTS, "consent", "correction", "appeal")
"""What belongs to the story of an applicant."""


@dataclass(frozen=True, slots=True)
class HeadValue:
    """One of several values of a field: who wrote it, where and when."""

    kind: str
    record: str
    field: str
    reference: str
    value: Value
    person: str
    feed: str
    at: int
    conflict: int
    """1 where a person must choose, 0 where the later value shows and this one is only listed."""


@dataclass(frozen=True, slots=True)
class ApplicantFile:
    """An applicant with everything that belongs to them."""

    applicant: Row
    guardians: tuple[Row, ...]
    checks: tuple[Row, ...] = ()
    scans: tuple[Row, ...] = ()
    decisions: tuple[Row, ...] = ()
    heads: tuple[HeadValue, ...] = ()

    @property
    def record(self) -> str:
        """Give the applicant's record id."""
        return self.applicant.record

    @property
    def scope(self) -> str:
        """Give the school the applicant is registered at."""
        return self.applicant.scope

    def all_values(self, kind: str, field: str) -> frozenset[str]:
        """Give every value a field has, also those that do not show; texts, none empty."""
        rows = (self.applicant,) if kind == "applicant" else self.guardians
        found = {row.values.get(field) for row in rows}
        found |= {one.value for one in self.heads if (one.kind, one.field) == (kind, field)}
        return frozenset(str(value) for value in found if value not in {None, ""})


def applicant_file(connection: Connection, scope: str, record: str) -> ApplicantFile:
    """Read everything about an applicant.

    Raises:
        StaleError: it is not there, or no longer.
    """
    applicant = read_row(connection, RECORD_TYPES["applicant"], scope, record)
    if applicant is None:
        raise StaleError("record.gone", kind="applicant")
    guardians, checks, scans, decisions = (
        tuple(read_rows(connection, RECORD_TYPES[kind], scope, {"applicant": record}))
        for kind in _PARTS
    )
    return ApplicantFile(
        applicant=applicant,
        guardians=guardians,
        checks=checks,
        scans=scans,
        decisions=decisions,
        heads=tuple(
            head
            for row in (applicant, *guardians, *checks, *scans, *decisions)
            if row.state
            for head in head_values(connection, row)
        ),
    )


def head_values(connection: Connection, row: Row) -> tuple[HeadValue, ...]:
    """Read the values of a row's fields that have more than one; a removal is no value."""
    found = connection.exec_driver_sql(
        "SELECT kind, record, field, reference, value, person, feed, at, conflict"
        " FROM projected_head WHERE scope = ? AND kind = ? AND record = ? AND field > ''",
        (row.scope, row.kind, row.record),
    )
    return tuple(HeadValue(*one) for one in found)


def applicant_files(
    connection: Connection, places: Iterable[tuple[str, str]], *, merged: bool = True
) -> list[ApplicantFile]:
    """Read applicants with their guardians and all values; places are scope and record.

    Those that were merged into a twin are left out where ``merged`` says so.
    """
    by_scope: dict[str, list[str]] = defaultdict(list)
    for scope, record in sorted(places):
        by_scope[scope].append(record)
    files = []
    for scope, records in by_scope.items():
        for chunk in oplog.chunks(records):
            files += _files(connection, scope, chunk, _APPLICANTS if merged else _UNMERGED)
    return files


def _in_statement(kind: str, field: str) -> str:
    columns, table = columns_of(RECORD_TYPES[kind]), table_of(kind)
    return f"SELECT {columns} FROM {table} WHERE scope = ? AND {field} IN (??)"  # noqa: S608


_APPLICANTS = _in_statement("applicant", "record")
_UNMERGED = f"{_APPLICANTS} AND {UNMERGED}"
_GUARDIANS = _in_statement("guardian", "applicant")


def _files(
    connection: Connection, scope: str, records: Sequence[str], statement: str
) -> list[ApplicantFile]:
    parameters = (scope, *records)
    guardians: dict[str, list[Row]] = defaultdict(list)
    found = connection.exec_driver_sql(oplog.spread(_GUARDIANS, records), parameters)
    for guardian in rows_of(RECORD_TYPES["guardian"], found):
        guardians[guardian.text("applicant")].append(guardian)
    found = connection.exec_driver_sql(oplog.spread(statement, records), parameters)
    files = []
    for applicant in rows_of(RECORD_TYPES["applicant"], found):
        family = tuple(sorted(guardians[applicant.record], key=lambda row: row.created_at))
        disputed = [row for row in (applicant, *family) if row.state]
        heads = [head for row in disputed for head in head_values(connection, row)]
        files.append(ApplicantFile(applicant, family, heads=tuple(heads)))
    return files


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field as it was and as it became."""

    field: str
    before: tuple[Value, ...]
    after: Value


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Who changed what when; ``verdict`` is empty where the operation counts."""

    at: int
    person: str
    feed: str
    sequence: int
    kind: str
    record: str
    act: str
    verdict: str
    changes: tuple[FieldChange, ...]
    signers: tuple[str, ...] = ()
    """The persons whose signatures it carries; whether they hold is in the verdict."""


_OPERATIONS = (
    "SELECT operation.header, operation.payload, coalesce(projected_attention.verdict, '')"
    " FROM operation LEFT JOIN projected_attention"
    " ON projected_attention.feed = operation.feed"
    " AND projected_attention.sequence = operation.sequence"
    " WHERE operation.scope = ? AND operation.kind = ? AND operation.record = ?"
)
_GONE = "SELECT kind, record FROM projected_gone WHERE scope = ? AND applicant = ?"
_TWINS = "SELECT record FROM projected_applicant WHERE scope = ? AND twin = ?"


def history(
    connection: Connection, scope: str, record: str, kinds: Collection[str] = ()
) -> tuple[HistoryEntry, ...]:
    """Give everything that happened to an applicant and what belongs to them, oldest first.

    What was removed is part of it, and so is an applicant who was, and so are those who were
    merged into this one, with all that belongs to them. Where ``kinds`` are named, others are left
    out.
    """
    twins = connection.exec_driver_sql(_TWINS, (scope, record)).scalars()
    places = {place for one in (record, *twins) for place in _places(connection, scope, one, kinds)}
    entries = [
        (stamp, entry)
        for kind, one in sorted(places)
        for stamp, entry in _entries(connection, scope, kind, one)
    ]
    entries.sort(key=lambda pair: (pair[0], pair[1].feed, pair[1].sequence))
    return tuple(entry for _, entry in entries)


def _places(
    connection: Connection, scope: str, record: str, kinds: Collection[str]
) -> set[tuple[str, str]]:
    """Give kind and record of what belongs, or belonged, to an applicant; of all kinds or some."""
    places = {("applicant", record)}
    for kind in (one for one in _TOLD if not kinds or one in kinds):
        found = read_rows(connection, RECORD_TYPES[kind], scope, {"applicant": record})
        places |= {(kind, row.record) for row in found}
    gone = {(row[0], row[1]) for row in connection.exec_driver_sql(_GONE, (scope, record))}
    return {place for place in places | gone if not kinds or place[0] in kinds}


def _entries(
    connection: Connection, scope: str, kind: str, record: str
) -> list[tuple[tuple[int, int], HistoryEntry]]:
    """Give the entries of one record, each with its stamp."""
    values: dict[str, dict[str, Value]] = {}
    known: list[tuple[Header, str, str]] = []
    for header_bytes, payload_bytes, verdict in connection.exec_driver_sql(
        _OPERATIONS, (scope, kind, record)
    ):
        op = held(header_bytes, payload_bytes)
        payload = op.payload()
        values[op.reference] = {} if payload is None else payload.values
        if op.header is not None:
            known.append((op.header, op.reference, verdict))
    return [
        (header.stamp, _entry(header, values, values[reference], verdict))
        for header, reference, verdict in known
    ]


def _entry(
    header: Header,
    values: dict[str, dict[str, Value]],
    own: dict[str, Value],
    verdict: str,
) -> HistoryEntry:
    changes = []
    for name, replaced in header.sets.items():
        before = tuple(values[one][name] for one in replaced if name in values.get(one, {}))
        if own.get(name) is not None or any(value is not None for value in before):
            changes.append(FieldChange(name, before, own.get(name)))
    return HistoryEntry(
        at=header.stamp[0],
        person=header.person,
        feed=header.feed,
        sequence=header.sequence,
        kind=header.kind,
        record=header.record,
        act=header.act,
        verdict=verdict,
        changes=tuple(changes),
        signers=tuple(one.key for one in header.signatures),
    )
