"""Fold every record again by the pure rules and compare with the projected tables."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from desktop_app.domain.declare import RecordType
from desktop_app.domain.errors import UntrustedError
from desktop_app.feeds.authority import FeedFacts
from desktop_app.feeds.fold import Held, Projection, fold
from desktop_app.feeds.judging import Judgement, judge
from desktop_app.feeds.operation import held
from desktop_app.storage import merged, oplog
from desktop_app.storage.authorities import Authorities
from desktop_app.storage.database import Connection
from desktop_app.storage.erasing import SUBJECT
from desktop_app.storage.folded import head_rows, held_of, state_of, subjects_of
from desktop_app.storage.heads import write_heads
from desktop_app.storage.oplog import Key
from desktop_app.storage.rows import Row, row_of, select
from desktop_app.storage.tables import table_of

Judged = tuple[int, Judgement, Held]
"""An operation's feed number, its judgement, and what the fold sees of it."""

Unless = Callable[[bool, str, str], None]
"""Note a flaw (code, place) unless a condition holds."""

_STEP = 1000
_ALL = (
    "SELECT feed, scope, kind, record, header, payload FROM operation ORDER BY scope, kind, record"
)
_HEADS = "SELECT * FROM projected_head WHERE scope = ? AND kind = ? AND record = ?"
_ATTENTION = "SELECT feed, sequence, verdict FROM projected_attention"
_GONE = "SELECT applicant FROM projected_gone WHERE scope = ? AND kind = ? AND record = ?"


class Refolding:
    """One comparison of all records with what is shown of them."""

    def __init__(
        self,
        connection: Connection,
        record_types: Mapping[str, RecordType],
        authorities: Authorities,
    ) -> None:
        """Compare within a read transaction; the authority is worked out afresh."""
        self._connection = connection
        self._types = record_types
        self._authorities = authorities.afresh()
        feeds = oplog.load_feeds(connection).values()
        self._feeds: Mapping[int, FeedFacts] = {row.number: row.facts for row in feeds}
        self._expected = {"projected_head": 0, "projected_attention": 0, "projected_gone": 0}
        self._shown = dict.fromkeys(record_types, 0)
        self._listed = {(row[0], row[1]): row[2] for row in connection.exec_driver_sql(_ATTENTION)}
        self._rows = _Rows(connection, record_types)

    def compare(self, unless: Unless, step: Callable[[int], None]) -> int:
        """Compare every record, then the numbers of rows; give how many records there are."""
        count = 0
        for key, members in self._records():
            self._compare_one(key, members, unless)
            count += 1
            if count % _STEP == 0:
                step(_STEP)
        for kind, shown in self._shown.items():
            unless(self._count(table_of(kind)) == shown, "record_extra", kind)
        for table, expected in self._expected.items():
            unless(self._count(table) == expected, f"{table.partition('_')[2]}_listed", table)
        for scope in sorted({facts.scope for facts in self._feeds.values()}):
            self._compare_twins(scope, unless)
        indexed = self._shown.get(SUBJECT, 0)
        unless(self._count("projected_search") == indexed, "search_rows", "projected_search")
        return count

    def _compare_twins(self, scope: str, unless: Unless) -> None:
        wanted = merged.expected(self._connection, scope)
        held, rows = merged.noted(self._connection, scope)
        agrees = rows == {record: twin for record, (twin, _) in wanted.items()}
        unless(held == wanted and agrees, "twins_listed", scope)

    def _count(self, table: str) -> int:
        statement = f"SELECT count(*) FROM {table}"  # noqa: S608 - our own names
        return int(self._connection.exec_driver_sql(statement).scalar_one())

    def _records(self) -> Iterator[tuple[Key, list[Sequence[Any]]]]:
        """Give every record with its operations' rows."""
        rows: Iterable[Sequence[Any]] = self._connection.exec_driver_sql(_ALL)
        for key, members in itertools.groupby(rows, key=lambda row: (row[1], row[2], row[3])):
            yield key, list(members)

    def _judged(self, scope: str, members: Iterable[Sequence[Any]], unless: Unless) -> list[Judged]:
        authority = self._authorities.of(self._connection, self._feeds, scope)
        found = []
        for number, _, _, _, header, content in members:
            op = held(header, content)
            payload = op.payload()
            facts = self._feeds[number]
            judged = judge(op, payload, facts, authority, self._types)
            unless((content is None) == authority.erases(op, facts), "payload_erased", op.id)
            found.append((number, judged, held_of(op, payload, judged)))
        return found

    def _compare_one(self, key: Key, members: Iterable[Sequence[Any]], unless: Unless) -> None:
        scope, kind, record = key
        where = f"{kind} {record}"
        try:
            judgements = self._judged(scope, members, unless)
        except (ValueError, UntrustedError):
            unless(False, "record_unreadable", where)
            return
        for number, judged, one in judgements:
            verdict = judged.attention
            self._expected["projected_attention"] += bool(verdict)
            found = self._listed.get((number, one.sequence), "")
            unless(found == verdict, "attention_listed", f"{one.feed}:{one.sequence}")
        operations = [one for _, _, one in judgements]
        record_type = self._types.get(kind)
        if record_type is None:
            return
        projection = fold(record_type, operations)
        shown = self._rows.at(key)
        if projection is None:
            unless(shown is None, "record_shown", where)
            self._compare_gone(key, {name for _, name in subjects_of(key, operations)}, unless)
            return
        self._shown[kind] += 1
        unless(shown is not None, "record_missing", where)
        if shown is not None:
            unless(shown == expected_row(record_type, key, projection), "record_shown", where)
        self._compare_heads(key, projection, unless)

    def _compare_heads(self, key: Key, projection: Projection, unless: Unless) -> None:
        rows = head_rows(key, projection)
        self._expected["projected_head"] += len(rows)
        if rows:
            found = {tuple(row) for row in self._connection.exec_driver_sql(_HEADS, key)}
            unless(found == set(rows), "heads_listed", f"{key[1]} {key[2]}")

    def _compare_gone(self, key: Key, subjects: set[str], unless: Unless) -> None:
        self._expected["projected_gone"] += len(subjects)
        found = set(self._connection.exec_driver_sql(_GONE, key).scalars())
        unless(found == subjects, "gone_listed", f"{key[1]} {key[2]}")


class _Rows:
    """The rows of the projected tables, read alongside the records in the same order."""

    def __init__(self, connection: Connection, record_types: Mapping[str, RecordType]) -> None:
        self._connection = connection
        self._types = record_types
        self._place: tuple[str, str] | None = None
        self._coming: Iterator[Row] = iter(())
        self._next: Row | None = None

    def at(self, key: Key) -> Row | None:
        """Give a record's row; keys must come in order."""
        scope, kind, record = key
        if self._place != (scope, kind):
            self._place = (scope, kind)
            self._coming = self._read(scope, kind)
            self._next = next(self._coming, None)
        while self._next is not None and self._next.record.encode() < record.encode():
            self._next = next(self._coming, None)
        found = self._next
        return found if found is not None and found.record == record else None

    def _read(self, scope: str, kind: str) -> Iterator[Row]:
        record_type = self._types[kind]
        statement = f"{select(record_type)} ORDER BY record"
        for columns in self._connection.exec_driver_sql(statement, (scope,)):
            yield row_of(record_type, tuple(columns))


def expected_row(record_type: RecordType, key: Key, projection: Projection) -> Row:
    """Give the row a projection shows as."""
    scope, kind, record = key
    return Row(
        kind=kind,
        scope=scope,
        record=record,
        heads=write_heads(projection),
        created_by=projection.created_by,
        created_in=projection.created_in,
        created_at=projection.created_at,
        changed_at=projection.changed_at,
        state=state_of(projection),
        values={name: projection.values.get(name) for name in record_type.fields},
    )
