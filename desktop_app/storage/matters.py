"""What waits for a person's decision: values in conflict, disputed removals, merges, same numbers.

Every list is a page by key, read by index; what a page needs to be shown is read for all of its
lines at once, so that a page costs the same few statements however long the list is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desktop_app.domain.declare import Merge, Stage, Value
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.feeds.fold import REMOVE
from desktop_app.feeds.operation import held
from desktop_app.storage import oplog
from desktop_app.storage.applicant_file import HeadValue
from desktop_app.storage.database import Connection
from desktop_app.storage.tables import UNMERGED, table_of

Place = tuple[str, str]
"""Scope and record of an applicant."""

FieldKey = tuple[str, str, str, str]
"""Where a page of disputed fields ends: scope, kind, record and field."""

FIRST: FieldKey = ("", "", "", "")
_BY_DISTRICT = "(field = 'district_status' OR kind = 'cross_duplicate')"
_HIGHEST = "\U0010ffff"
_PARTS = (
    "guardian",
    "material_check",
    "scan",
    "consent",
    "duplicate_decision",
    "cross_duplicate",
)

_MINE = f"conflict = 1 AND scope >= ? AND scope <= ? AND {_BY_DISTRICT} = ?"
_FIELDS = (
    "SELECT scope, kind, record, field FROM projected_head INDEXED BY projected_head_conflict"  # noqa: S608
    f" WHERE {_MINE} AND (scope, kind, record, field) > (?, ?, ?, ?)"
    " GROUP BY scope, kind, record, field ORDER BY scope, kind, record, field LIMIT ? + 0"
)
_LATEST = tuple(
    name
    for kind in ("applicant", "guardian")
    for name, declared in RECORD_TYPES[kind].fields.items()
    if declared.item.merge is Merge.LATEST
    and declared.item.stage is Stage.REGISTRATION
    and name not in {"number_disputed", "notice_version"}
)
"""Fields of the form of which the later value shows meanwhile: addresses and telephones."""
_OTHERS = (
    "SELECT scope, kind, record, field FROM projected_head"  # noqa: S608 - our own names
    " WHERE scope = ? AND (kind, record, field) > (?, ?, ?) AND conflict = 0"
    f" AND kind IN ('applicant', 'guardian') AND field IN ({oplog.marks(_LATEST)})"
    " GROUP BY scope, kind, record, field HAVING count(DISTINCT coalesce(value, '')) > 1"
    " ORDER BY scope, kind, record, field LIMIT ? + 0"
)
_COUNT_FIELDS = (
    "SELECT count(*) FROM (SELECT 1 FROM projected_head INDEXED BY projected_head_conflict"  # noqa: S608
    f" WHERE {_MINE} GROUP BY scope, kind, record, field)"
)
_HEADS = (
    "SELECT kind, record, field, reference, value, person, feed, at, conflict FROM projected_head"
    " WHERE scope = ? AND kind = ? AND record = ? AND field = ?"
)
_TWINS = (
    "SELECT record, twin, matter FROM projected_twin INDEXED BY projected_twin_matter"
    " WHERE scope = ? AND matter <> '' AND record > ? ORDER BY record LIMIT ? + 0"
)
_MERGED = (
    "SELECT record, twin, matter FROM projected_twin WHERE scope = ? AND record > ?"
    " ORDER BY record LIMIT ? + 0"
)
_COUNT_TWINS = (
    "SELECT count(*) FROM projected_twin INDEXED BY projected_twin_matter"
    " WHERE scope = ? AND matter <> ''"
)
_SAME_NUMBER = (
    "FROM projected_applicant AS one INDEXED BY projected_applicant_created"  # noqa: S608
    " CROSS JOIN projected_applicant AS other INDEXED BY projected_applicant_id_number"
    " ON other.id_number = one.id_number AND other.scope = one.scope"
    f" WHERE one.scope = ? AND one.{UNMERGED} AND one.id_number <> '' AND other.{UNMERGED}"
    " AND other.record > one.record"
    " AND NOT EXISTS (SELECT 1 FROM projected_duplicate_decision AS made"
    " INDEXED BY projected_duplicate_decision_other WHERE made.scope = one.scope"
    " AND made.decision IN ('different', 'siblings', 'disputed')"
    " AND (made.other, made.applicant) IN"
    " (VALUES (one.record, other.record), (other.record, one.record)))"
)
_PAIRS = (
    f"SELECT one.created_at, one.record, min(other.record) {_SAME_NUMBER}"
    " AND (one.created_at, one.record) > (?, ?)"
    " GROUP BY one.created_at, one.record ORDER BY one.created_at, one.record LIMIT ? + 0"
)
_COUNT_PAIRS = (
    f"SELECT count(*) FROM (SELECT 1 {_SAME_NUMBER}"  # noqa: S608
    " GROUP BY one.created_at, one.record)"
)
_BEFORE = (
    "SELECT kind, record, header FROM operation WHERE feed = (SELECT number FROM feed"
    " WHERE feed = ?) AND sequence < ? ORDER BY sequence DESC LIMIT 80"
)
_GONE = "SELECT kind, record FROM projected_gone WHERE scope = ? AND applicant = ?"
_DESK = (
    "SELECT coalesce(receipt_number, '') FROM projected_applicant WHERE created_in = ?"  # noqa: S608
    f" AND {UNMERGED} LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class TwinLine:
    """A merged record; ``matter`` is tangled or changed where it waits for a person."""

    record: str
    twin: str
    matter: str


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two records with one number that nobody has judged yet; the older one first."""

    at: int
    record: str
    other: str


@dataclass(frozen=True, slots=True)
class Child:
    """As much of an applicant as a line shows."""

    record: str
    name: str
    receipt: str
    id_number: str
    twin: str


def disputed_fields(
    connection: Connection, scope: str | None, after: FieldKey | None, limit: int
) -> list[FieldKey]:
    """Give a page of the fields somebody must choose a value of; an empty field is a removal.

    Args:
        connection: an open database.
        scope: a school, whose own fields are meant; None means the district's, of all schools.
        after: the last of the page before.
        limit: as many at most.
    """
    rows = connection.exec_driver_sql(_FIELDS, (*_mine(scope), *(after or FIRST), limit))
    return [(str(s), str(k), str(r), str(f)) for s, k, r, f in rows]


def other_fields(
    connection: Connection, scope: str, after: FieldKey | None, limit: int
) -> list[FieldKey]:
    """Give a page of a school's fields that were written apart and of which the later shows."""
    values = (scope, *(after or FIRST)[1:], *_LATEST, limit)
    rows = connection.exec_driver_sql(_OTHERS, values)
    return [(str(s), str(k), str(r), str(f)) for s, k, r, f in rows]


def _mine(scope: str | None) -> tuple[str, str, int]:
    return ("", _HIGHEST, 1) if scope is None else (scope, scope, 0)


def heads_of(connection: Connection, key: FieldKey) -> tuple[HeadValue, ...]:
    """Read the values of one field that has several, in the order of their references."""
    return tuple(HeadValue(*row) for row in connection.exec_driver_sql(_HEADS, key))


def value_of(connection: Connection, key: FieldKey) -> Value:
    """Give the value of a field that shows.

    Raises:
        KeyError: there is no such kind or field.
    """
    scope, kind, record, field = key
    name = RECORD_TYPES[kind].fields[field].name
    statement = f"SELECT {name} FROM {table_of(kind)} WHERE scope = ? AND record = ?"  # noqa: S608
    value: Value = connection.exec_driver_sql(statement, (scope, record)).scalar()
    return value


def twin_matters(connection: Connection, scope: str, after: str, limit: int) -> list[TwinLine]:
    """Give a page of the merges a person should look at."""
    return [TwinLine(*row) for row in connection.exec_driver_sql(_TWINS, (scope, after, limit))]


def merged_records(connection: Connection, scope: str, after: str, limit: int) -> list[TwinLine]:
    """Give a page of all merged records of a school."""
    return [TwinLine(*row) for row in connection.exec_driver_sql(_MERGED, (scope, after, limit))]


def same_number_pairs(
    connection: Connection, scope: str, after: tuple[int, str] | None, limit: int
) -> list[PairLine]:
    """Give a page of the pairs with one number that nobody has judged, the oldest first."""
    rows = connection.exec_driver_sql(_PAIRS, (scope, *(after or (-1, "")), limit))
    return [PairLine(*row) for row in rows]


def removed_with(
    connection: Connection, scope: str, record: str, tombstone: HeadValue
) -> list[tuple[str, str]]:
    """Give what belonged to an applicant and was removed with them, in one act: kind and record."""
    gone = {(row[0], row[1]) for row in connection.exec_driver_sql(_GONE, (scope, record))}
    sequence = int(tombstone.reference.split(":")[1])
    found = []
    for kind, name, header in connection.exec_driver_sql(_BEFORE, (tombstone.feed, sequence)):
        read = held(header, None).header
        if read is None or read.act != REMOVE or kind not in _PARTS:
            break
        if (kind, name) in gone:
            found.append((kind, name))
    return found


def desk_receipt(connection: Connection, feed: str) -> str:
    """Give a receipt number that a laptop's feed gave, whose mark names the laptop; or nothing."""
    return str(connection.exec_driver_sql(_DESK, (feed,)).scalar() or "")


def count_matters(connection: Connection, scope: str | None) -> int:
    """Count everything that waits for a decision of this seat."""
    counted = [(_COUNT_FIELDS, _mine(scope))]
    if scope is not None:
        counted += [(_COUNT_TWINS, (scope,)), (_COUNT_PAIRS, (scope,))]  # type: ignore[list-item]
    return sum(int(connection.exec_driver_sql(*one).scalar_one()) for one in counted)


def children_of(connection: Connection, keys: Iterable[FieldKey]) -> dict[FieldKey, str]:
    """Give the applicant each record belongs to, empty where it names none that is known."""
    found = {key: key[2] for key in keys}
    by_kind: dict[tuple[str, str], list[str]] = defaultdict(list)
    for scope, kind, record, _ in found:
        if kind in _PARTS:
            by_kind[scope, kind].append(record)
    owners: dict[tuple[str, str, str], str] = {}
    for (scope, kind), records in by_kind.items():
        for chunk in oplog.chunks(sorted(set(records))):
            rows = connection.exec_driver_sql(oplog.spread(_OWNERS[kind], chunk), (scope, *chunk))
            owners |= {(scope, kind, record): applicant or "" for record, applicant in rows}
    return {key: owners.get(key[:3], found[key] if key[1] == "applicant" else "") for key in found}


_OWNERS = {
    kind: f"SELECT record, applicant FROM {table_of(kind)} WHERE scope = ? AND record IN (??)"  # noqa: S608
    for kind in _PARTS
}
_CHILDREN = (
    "SELECT record, coalesce(full_name, ''), coalesce(receipt_number, ''),"
    " coalesce(id_number, ''), coalesce(twin, '')"
    " FROM projected_applicant WHERE scope = ? AND record IN (??)"
)


def children(connection: Connection, places: Iterable[Place]) -> dict[Place, Child]:
    """Read as much of some applicants as lines show, one statement a school."""
    by_scope: dict[str, set[str]] = defaultdict(set)
    for scope, record in places:
        by_scope[scope].add(record)
    found: dict[Place, Child] = {}
    for scope, records in by_scope.items():
        for chunk in oplog.chunks(sorted(records)):
            found |= _children(connection, scope, chunk)
    return found


def _children(connection: Connection, scope: str, records: Sequence[str]) -> dict[Place, Child]:
    rows = connection.exec_driver_sql(oplog.spread(_CHILDREN, records), (scope, *records))
    return {(scope, row[0]): Child(*row) for row in rows}
