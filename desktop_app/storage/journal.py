"""The one write path: operations are appended and folded in the same transaction.

A use case takes a ``Work`` from ``Journal.begin``, reads plain rows, and creates or edits records;
at the end everything is committed at once or nothing is. Operations from a bundle go through
``Work.take_in`` and the same fold. Nothing else writes a projected table.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.declare import RecordType, Value
from desktop_app.domain.errors import StaleError
from desktop_app.feeds.authority import FeedFacts, Verify
from desktop_app.feeds.clock import Clock
from desktop_app.feeds.fold import CREATE, REMOVE
from desktop_app.feeds.operation import Change, Operation, Signer, write
from desktop_app.storage import oplog
from desktop_app.storage.database import Database
from desktop_app.storage.oplog import FeedRow
from desktop_app.storage.projector import Key, Projector, prior_records, read_heads
from desktop_app.storage.rows import Row, read_row, read_rows
from desktop_app.storage.schema import make_projected, migrate, projected_is_current

_SALT = 16


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes: the person's key id, and their signature for acts of authority."""

    person: str
    sign: Signer


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit changed: the kinds of rows, and the new end of each own feed written."""

    kinds: frozenset[str]
    heads: Mapping[str, tuple[int, bytes]]


def new_record_id() -> str:
    """Give a UUIDv7: unique anywhere, and in the order of making."""
    moment = time.time_ns() // 1_000_000
    number = (moment << 80) | (7 << 76) | (secrets.randbits(12) << 64)
    number |= (2 << 62) | secrets.randbits(62)
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Journal:
    """Feeds and their projection in one database."""

    def __init__(
        self,
        database: Database,
        record_types: Mapping[str, RecordType],
        verify: Verify,
        officers: Callable[[], Iterable[bytes]] = tuple,
        on_commit: Callable[[Committed], None] | None = None,
    ) -> None:
        """Open the journal, migrating and folding again where the program is newer than the file.

        Raises:
            UntrustedError: the file is from a newer program.
        """
        self.database = database
        self.record_types = record_types
        self.projector = Projector(record_types, verify, officers)
        self._on_commit = on_commit
        self.clock = Clock()
        with database.write() as connection:
            migrate(connection)
            if not projected_is_current(connection, record_types):
                self.fold_everything(connection)
            self.clock.observe(_last_stamp(connection))

    @contextlib.contextmanager
    def begin(self, actor: Actor | None = None, scope: str | None = None) -> Iterator[Work]:
        """Give a unit of work: one transaction, committed whole at the end.

        Args:
            actor: who writes; None only where operations are taken in, not made.
            scope: which own feed is written; None where there is only one.
        """
        with self.database.write() as connection:
            try:
                work = Work(self, connection, actor, scope)
                yield work
                work.flush()
            except BaseException:
                self.projector.forget()
                raise
        if self._on_commit is not None and work.kinds:
            self._on_commit(Committed(frozenset(work.kinds), dict(work.heads)))

    def fold_everything(self, connection: Connection) -> None:
        """Make the projected tables anew from the feeds."""
        make_projected(connection, self.record_types)
        self.projector.forget()
        feeds = {row.number: row.facts for row in oplog.load_feeds(connection).values()}
        rows = connection.exec_driver_sql(
            "SELECT feed, sequence, header, payload FROM operation ORDER BY scope, kind, record"
        )
        for batch in _by_record(rows):
            self.projector.apply(connection, feeds, batch, set())


def _by_record(
    rows: Iterable[Sequence[object]], size: int = 2000
) -> Iterator[list[tuple[int, Operation]]]:
    """Give operations in batches that never cut a record in two."""
    batch: list[tuple[int, Operation]] = []
    last: tuple[str, str] | None = None
    for row in rows:
        number, _, header, payload = row
        op = oplog.held(header, payload)  # type: ignore[arg-type]
        if len(batch) >= size and (op.kind, op.record) != last:
            yield batch
            batch = []
        last = (op.kind, op.record)
        batch.append((number, op))  # type: ignore[arg-type]
    if batch:
        yield batch


def _last_stamp(connection: Connection) -> tuple[int, int]:
    stamps = [(0, 0)]
    for row in oplog.load_feeds(connection).values():
        for _, header, payload in oplog.feed_bytes(connection, row.number, row.sequence - 1):
            last = oplog.held(header, payload).header
            if last is not None:
                stamps.append(last.stamp)
    return max(stamps)


class Work:
    """One unit of work on the journal."""

    def __init__(
        self, journal: Journal, connection: Connection, actor: Actor | None, scope: str | None
    ) -> None:
        """Work in an open write transaction."""
        self.connection = connection
        self.kinds: set[str] = set()
        self.heads: dict[str, tuple[int, bytes]] = {}
        self._journal = journal
        self._actor = actor
        self._feeds = oplog.load_feeds(connection)
        self._own = _own_feed(self._feeds, scope) if actor is not None else None
        self._made: list[Operation] = []

    @property
    def scope(self) -> str:
        """Give the scope the work writes for."""
        return self._writing().facts.scope

    @property
    def feeds(self) -> Mapping[str, FeedRow]:
        """Give all feeds by name, as they stood when the work began."""
        return self._feeds

    def row(self, kind: str, record: str) -> Row:
        """Read one record, with what this work has already written.

        Raises:
            StaleError: it is not there, or no longer.
        """
        self.flush()
        found = read_row(self.connection, self._journal.record_types[kind], self.scope, record)
        if found is None:
            raise StaleError("record.gone", kind=kind)
        return found

    def rows(self, kind: str, **equal: Value) -> list[Row]:
        """Read the records of a kind whose fields equal the values given."""
        self.flush()
        return read_rows(self.connection, self._journal.record_types[kind], self.scope, equal)

    def create(
        self,
        kind: str,
        values: Mapping[str, Value],
        *,
        record: str | None = None,
        signed: bool = False,
    ) -> str:
        """Create a record and give its id; fields without a value are left out."""
        name = record or new_record_id()
        given = {field: value for field, value in values.items() if value is not None}
        self._write(Change(kind, name, CREATE, self._schema(kind), given, {}), signed=signed)
        return name

    def edit(
        self,
        kind: str,
        record: str,
        values: Mapping[str, Value],
        *,
        act: str = "edit",
        signed: bool = False,
    ) -> None:
        """Change fields of a record, naming the heads they replace.

        Raises:
            StaleError: the record is not there, or no longer.
        """
        heads = read_heads(self.row(kind, record).heads, values)
        self._write(Change(kind, record, act, self._schema(kind), values, heads), signed=signed)

    def remove(self, kind: str, record: str, *, signed: bool = False) -> None:
        """Remove a record: a tombstone that names every head it saw.

        Raises:
            StaleError: the record is not there, or no longer.
        """
        fields = self._journal.record_types[kind].fields
        heads = read_heads(self.row(kind, record).heads, fields)
        gone: dict[str, Value] = dict.fromkeys(fields)
        self._write(Change(kind, record, REMOVE, self._schema(kind), gone, heads), signed=signed)

    def _schema(self, kind: str) -> int:
        return self._journal.record_types[kind].schema

    def _writing(self) -> FeedRow:
        if self._own is None:
            message = "this work has no feed of its own to write"
            raise LookupError(message)
        return self._own

    def _write(self, change: Change, *, signed: bool) -> None:
        own, actor = self._writing(), self._actor
        if actor is None:
            raise LookupError
        last = self._made[-1] if self._made else None
        operation = write(
            change,
            feed=own.facts.feed,
            sequence=(last.sequence if last else own.sequence) + 1,
            previous=last.hash if last else own.hash,
            person=actor.person,
            stamp=self._journal.clock.tick(),
            salt=os.urandom(_SALT),
            signers=(actor.sign,) if signed else (),
        )
        self._made.append(operation)

    def flush(self) -> None:
        """Append and fold what was made since the last flush; the transaction stays open."""
        if not self._made:
            return
        made, self._made = self._made, []
        self._append(self._writing(), made)
        own = oplog.load_feeds(self.connection)[self._writing().facts.feed]
        self._own = own
        self.heads[own.facts.feed] = (own.sequence, own.hash)

    def take_in(self, feed: str, operations: Sequence[Operation]) -> None:
        """Append checked operations of another feed that follow its head, and fold them."""
        row = oplog.load_feeds(self.connection)[feed]
        self._append(row, operations)
        for operation in operations:
            if operation.header is not None:
                self._journal.clock.observe(operation.header.stamp)

    def _append(self, feed: FeedRow, operations: Sequence[Operation]) -> None:
        keys: list[Key] = [(feed.facts.scope, op.kind, op.record) for op in operations]
        prior = prior_records(self.connection, keys)
        oplog.append(self.connection, feed, operations)
        numbers = {row.number: row.facts for row in self._all_feeds().values()}
        placed = [(feed.number, operation) for operation in operations]
        self.kinds |= self._journal.projector.apply(self.connection, numbers, placed, prior)

    def _all_feeds(self) -> dict[str, FeedRow]:
        return oplog.load_feeds(self.connection)

    def add_feed(
        self, facts: FeedFacts, public: bytes, identity: bytes | None, *, own: bool = False
    ) -> None:
        """Add a feed that holds nothing yet."""
        oplog.add_feed(self.connection, facts, public, identity, own=own)
        self._feeds = oplog.load_feeds(self.connection)

    def prove_feed(self, facts: FeedFacts, identity: bytes) -> None:
        """Note what proves a feed, and judge again what depends on it."""
        oplog.prove_feed(self.connection, facts, identity)
        self._feeds = oplog.load_feeds(self.connection)
        self.judge_again(facts.scope)

    def judge_again(self, scope: str) -> None:
        """Fold again everything signed in a scope: what proves it has changed."""
        self.flush()
        self._journal.projector.forget()
        numbers = {row.number: row.facts for row in self._all_feeds().values()}
        for kind, record in sorted(oplog.signed_records(self.connection, scope)):
            self._journal.projector.refold(self.connection, numbers, (scope, kind, record))
            self.kinds.add(kind)


def _own_feed(feeds: Mapping[str, FeedRow], scope: str | None) -> FeedRow:
    own = [row for row in feeds.values() if row.own and scope in (None, row.facts.scope)]
    if len(own) != 1:
        message = "which feed is to be written is not clear"
        raise LookupError(message)
    return own[0]
