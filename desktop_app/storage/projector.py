"""Folds operations into the projected tables, in the transaction that stored them.

A record nobody has written before, made by one eligible operation, is inserted as it is: that is
what its fold gives (a test holds the two together). Every other record is folded again from all
its operations, read by index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import Connection

from desktop_app.domain.declare import RecordType, Value
from desktop_app.feeds.authority import NOTHING_ERASED, FeedFacts, Verify
from desktop_app.feeds.fold import CREATE, Held, Projection, fold, folded
from desktop_app.feeds.judging import Judgement, judge
from desktop_app.feeds.operation import Operation
from desktop_app.storage import branches, oplog, search
from desktop_app.storage.authorities import Authorities, Facts
from desktop_app.storage.erasing import Dropped, drop_payloads
from desktop_app.storage.folded import head_rows, held_of, state_of, subjects_of
from desktop_app.storage.heads import write_heads
from desktop_app.storage.merged import DECISION, Merged
from desktop_app.storage.oplog import FeedRow, Key
from desktop_app.storage.tables import (
    ENVELOPE,
    table_of,
)

Placed = tuple[int, Operation]
"""An operation with its feed's number."""


class Projector:
    """Keeps the projected tables what the feeds say."""

    def __init__(
        self,
        record_types: Mapping[str, RecordType],
        verify: Verify,
        officers: Callable[[], Iterable[bytes]],
    ) -> None:
        """Fold with these declarations; see ``Authorities`` for the arguments."""
        self._types = record_types
        self.authorities = Authorities(record_types, verify, officers)
        self._upserts = {kind: _upsert(known) for kind, known in record_types.items()}
        self._merged = Merged()

    def forget(self) -> None:
        """Forget what was worked out: the transaction that it came of failed."""
        self.authorities.forget()
        self._merged.forget()

    def append(
        self,
        connection: Connection,
        feeds: Facts,
        feed: FeedRow,
        operations: Sequence[Operation],
        fresh: set[Key],
    ) -> set[str]:
        """Store operations and fold them.

        Args:
            connection: an open write transaction.
            feeds: what is known of every feed, by number.
            feed: the feed they continue.
            operations: what to store, in order.
            fresh: records known to have had no operation before.

        Returns:
            The kinds whose rows may have changed.

        Raises:
            UntrustedError: an operation does not continue the feed.
        """
        placed = [(feed.number, op) for op in operations]
        scopes = self.authorities.touched_by(feeds, placed)
        before = self.authorities.snapshot(connection, feeds, scopes)
        scope = feed.facts.scope
        keys = {(scope, op.kind, op.record) for op in operations}
        prior = oplog.prior_records(connection, keys - fresh)
        oplog.append(connection, feed, operations)
        again = self.authorities.changed_since(connection, feeds, before)
        dropped = Dropped()
        for one, old in before.items():
            erased = self.authorities.of(connection, feeds, one).erased_in(one)
            named = erased.beyond(old.erased_in(one))
            drop_payloads(connection, feeds, one, erased, named, dropped)
        late = self.erased(connection, feeds, feed.facts, operations)
        if late:
            known = self.authorities.of(connection, feeds, scope).erased_in(scope)
            drop_payloads(connection, feeds, scope, known, late, dropped)
        again |= dropped.keys
        return self._fold(connection, feeds, placed, prior | again, again, dropped.applicants)

    def erased(
        self,
        connection: Connection,
        feeds: Facts,
        facts: FeedFacts,
        operations: Iterable[Operation],
    ) -> list[str]:
        """Give the references of those of a feed's operations that are erased."""
        authority = self.authorities.of(connection, feeds, facts.scope)
        if facts.scope not in authority.erasures:
            return []
        return [op.reference for op in operations if authority.erases(op, facts)]

    def cut_off(self, connection: Connection, feeds: Facts, feed: FeedRow, after: int) -> set[str]:
        """Set what a feed holds behind a sequence apart, and fold again what it was about."""
        scope = feed.facts.scope
        placed = list(oplog.operations_after(connection, feed.number, after))
        scopes = self.authorities.touched_by(feeds, placed)
        before = self.authorities.snapshot(connection, feeds, scopes)
        again = {(scope, op.kind, op.record) for _, op in placed}
        about = {
            one
            for _, op in placed
            for one in subjects_of((scope, op.kind, op.record), [op.payload()])
        }
        branches.cut_off(connection, feed, after)
        again |= self.authorities.changed_since(connection, feeds, before)
        return self._fold(connection, feeds, (), again, again, about)

    def judge_all_again(
        self, connection: Connection, feeds: Facts, scopes: Iterable[str]
    ) -> set[str]:
        """Fold again everything in some scopes that any authority could judge differently."""
        self.authorities.forget()
        again: set[Key] = set()
        dropped = Dropped()
        for scope in scopes:
            again |= self.authorities.signed(connection, scope)
            authority = self.authorities.of(connection, feeds, scope)
            erased, limits = authority.erased_in(scope), authority.limits
            drop_payloads(connection, feeds, scope, erased, erased.beyond(NOTHING_ERASED), dropped)
            for number, facts in feeds.items():
                if facts.scope == scope:
                    touched = oplog.revoked_records(connection, number)
                    if facts.feed in limits:
                        touched |= oplog.records_after(connection, number, limits[facts.feed])
                    again |= {(scope, *pair) for pair in touched}
        again |= dropped.keys
        return self._fold(connection, feeds, (), again, again, dropped.applicants)

    def fold_all(self, connection: Connection, feeds: Facts, placed: Sequence[Placed]) -> None:
        """Fold all operations of some records into tables that do not have them yet."""
        self._fold(connection, feeds, placed, set(), set())

    def _fold(
        self,
        connection: Connection,
        feeds: Facts,
        placed: Sequence[Placed],
        prior: set[Key],
        again: set[Key],
        about: Iterable[tuple[str, str]] = (),
    ) -> set[str]:
        """Insert the rows of new records, and fold again those that are not new.

        ``prior`` are records that had operations before; ``again`` those to fold again anyway;
        ``about`` applicants whose search row may have lost something besides.
        """
        groups: dict[Key, list[Placed]] = defaultdict(list)
        for number, op in placed:
            groups[feeds[number].scope, op.kind, op.record].append((number, op))
        rows: dict[str, list[tuple[Value, ...]]] = defaultdict(list)
        refold = set(again)
        applicants = set(about)
        for key, members in groups.items():
            row = None if key in prior else self._created_row(connection, feeds, members)
            if row is None:
                refold.add(key)
                continue
            rows[key[1]].append(row)
            applicants |= subjects_of(key, [members[0][1].payload()])
        for kind, batch in rows.items():
            connection.exec_driver_sql(self._upserts[kind], batch)
        for key in sorted(refold):
            applicants |= self._refold(connection, feeds, key)
        touched = groups.keys() | refold
        decided = {scope for scope, kind, _ in touched if kind == DECISION}
        self._merged.settle(connection, applicants, decided)
        search.index(connection, applicants)
        return {kind for _, kind, _ in touched}

    def _created_row(
        self, connection: Connection, feeds: Facts, members: Sequence[Placed]
    ) -> tuple[Value, ...] | None:
        """Give the row of a record made by one eligible creation; None where it must be folded."""
        if len(members) != 1:
            return None
        number, op = members[0]
        record_type, header, payload = self._types.get(op.kind), op.header, op.payload()
        if record_type is None or header is None or payload is None or header.act != CREATE:
            return None
        facts = feeds[number]
        authority = self.authorities.of(connection, feeds, facts.scope)
        judged = judge(op, payload, facts, authority, self._types)
        if not judged.eligible or any(header.sets.values()):
            return None
        at = header.stamp[0]
        envelope = (facts.scope, op.record, op.reference, header.person, header.feed, at, at, 0)
        return envelope + tuple(payload.values.get(name) for name in record_type.fields)

    def removed(self, connection: Connection, feeds: Facts, key: Key) -> Projection | None:
        """Give what a removed record was, with its tombstones as heads; None where it stands."""
        operations, _ = self._judged(connection, feeds, key)
        found = folded(self._types[key[1]], operations)
        return found[0] if found is not None and found[1] else None

    def _judged(
        self, connection: Connection, feeds: Facts, key: Key
    ) -> tuple[list[Held], list[tuple[int, int, Judgement]]]:
        """Read the operations of a record and judge each."""
        scope, kind, record = key
        authority = self.authorities.of(connection, feeds, scope)
        operations, judgements = [], []
        for number, op in oplog.operations_of(connection, scope, kind, record):
            payload = op.payload()
            judged = judge(op, payload, feeds[number], authority, self._types)
            operations.append(held_of(op, payload, judged))
            judgements.append((number, op.sequence, judged))
        return operations, judgements

    def _refold(self, connection: Connection, feeds: Facts, key: Key) -> set[tuple[str, str]]:
        """Fold one record again and store what comes out; give the applicants it concerns."""
        kind = key[1]
        operations, judgements = self._judged(connection, feeds, key)
        if judgements:
            _note_attention(connection, judgements)
        record_type = self._types.get(kind)
        if record_type is None:
            return set()
        subjects = subjects_of(key, operations)
        _clear(connection, key)
        projection = fold(record_type, operations)
        if projection is None:
            search.drop(connection, key)
            _drop(connection, key, subjects if operations else ())
        else:
            self._store(connection, record_type, key, projection)
        return subjects

    def _store(
        self, connection: Connection, record_type: RecordType, key: Key, projection: Projection
    ) -> None:
        scope, kind, record = key
        envelope = (
            scope,
            record,
            write_heads(projection),
            projection.created_by,
            projection.created_in,
            projection.created_at,
            projection.changed_at,
            state_of(projection),
        )
        values = tuple(projection.values.get(name) for name in record_type.fields)
        connection.exec_driver_sql(self._upserts[kind], envelope + values)
        listed = head_rows(key, projection)
        if listed:
            connection.exec_driver_sql(_INSERT_HEAD, listed)


_INSERT_HEAD = "INSERT INTO projected_head VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def _note_attention(
    connection: Connection, judgements: Sequence[tuple[int, int, Judgement]]
) -> None:
    """List the operations that do not count, and no others."""
    connection.exec_driver_sql(
        "DELETE FROM projected_attention WHERE feed = ? AND sequence = ?",
        [(number, sequence) for number, sequence, _ in judgements],
    )
    listed = [
        (number, sequence, judged.attention)
        for number, sequence, judged in judgements
        if judged.attention
    ]
    if listed:
        connection.exec_driver_sql(
            "INSERT INTO projected_attention (feed, sequence, verdict) VALUES (?, ?, ?)", listed
        )


def _clear(connection: Connection, key: Key) -> None:
    """Take away what stands beside a record's row."""
    connection.exec_driver_sql(
        "DELETE FROM projected_head WHERE scope = ? AND kind = ? AND record = ?", key
    )
    connection.exec_driver_sql(
        "DELETE FROM projected_gone WHERE scope = ? AND kind = ? AND record = ?", key
    )


def _drop(connection: Connection, key: Key, subjects: Iterable[tuple[str, str]]) -> None:
    """Take a record's row away, and note whose it was, so that its history can be found."""
    scope, kind, record = key
    connection.exec_driver_sql(
        f"DELETE FROM {table_of(kind)} WHERE scope = ? AND record = ?",  # noqa: S608 - declared
        (scope, record),
    )
    gone = sorted((scope, applicant, kind, record) for _, applicant in subjects)
    if gone:
        connection.exec_driver_sql(
            "INSERT INTO projected_gone (scope, applicant, kind, record) VALUES (?, ?, ?, ?)", gone
        )


def _upsert(record_type: RecordType) -> str:
    columns = (*ENVELOPE, *record_type.fields)
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns[2:])
    return (
        f"INSERT INTO {table_of(record_type.kind)} ({', '.join(columns)})"  # noqa: S608 - declared
        f" VALUES ({oplog.marks(columns)})"
        f" ON CONFLICT (scope, record) DO UPDATE SET {changed}"
    )
