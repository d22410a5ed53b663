"""The one write path: operations are appended and folded in the same transaction.

A use case takes a ``Work`` from ``Journal.begin``, reads plain rows, and creates or edits records;
at the end everything is committed at once or nothing is. Operations from a bundle go through
``Work.take_in`` and the same fold. Nothing else writes a projected table.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.declare import RecordType
from desktop_app.domain.errors import WorkplaceError
from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.feeds.authority import Verify
from desktop_app.feeds.clock import Clock
from desktop_app.feeds.operation import Operation, held
from desktop_app.storage import oplog
from desktop_app.storage.database import Database
from desktop_app.storage.oplog import FeedRow
from desktop_app.storage.projector import Placed, Projector
from desktop_app.storage.schema import migrate
from desktop_app.storage.tables import make_projected, note_projected, noted_projected, shape
from desktop_app.storage.work import Actor, Work, new_record_id

__all__ = ["Actor", "Committed", "Journal", "Work", "new_record_id"]

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit changed: the kinds of rows, and the new end of each own feed written."""

    kinds: frozenset[str]
    heads: Mapping[str, tuple[int, bytes]]


class Journal:
    """Feeds and their projection in one database; one thread writes at a time."""

    def __init__(
        self,
        database: Database,
        record_types: Mapping[str, RecordType],
        verify: Verify,
        officers: Callable[[], Iterable[bytes]] = tuple,
        on_commit: Callable[[Committed], None] | None = None,
        sign_head: Callable[[FeedRow], bytes] | None = None,
    ) -> None:
        """Open the journal, migrating and folding again where the program is newer than the file.

        Args:
            database: the open database.
            record_types: the declared kinds.
            verify: checks the Ed25519 signature of an act.
            officers: gives the officers' keys; asked at the beginning of every work, and where
                they have changed everything signed is judged again.
            on_commit: told what every commit changed, after it. A disk that refuses what follows a
                commit takes nothing of it back: an anchor behind its database is in order.
            sign_head: gives the author's signature over how far an own feed reaches. Every commit
                is signed, so that whoever gets this database, be it by a disk out of a dead
                computer, can hand on all that was written in it: nobody takes in what lies beyond
                a signed head (ADR 0011).

        Raises:
            UntrustedError: the file is from a newer program.
        """
        self.database = database
        self.record_types = record_types
        self.projector = Projector(record_types, verify, officers)
        self.clock = Clock(now=wall_milliseconds)
        self._on_commit = on_commit
        self._sign_head = sign_head
        with database.write() as connection:
            migrate(connection)
            noted, self._officers = noted_projected(connection)
            if noted != shape(record_types):
                self._fold_everything(connection)
            self.clock.observe(_last_stamp(connection))

    @contextlib.contextmanager
    def begin(self, actor: Actor | None = None, scope: str | None = None) -> Iterator[Work]:
        """Give a unit of work: one transaction, committed whole at the end.

        Args:
            actor: who writes; None only where operations are taken in, not made.
            scope: which own feed is written; None where there is only one.
        """
        officers = self.projector.authorities.officers_mark()
        try:
            with self.database.write() as connection:
                work = Work(connection, self.projector, self.record_types, self.clock)
                if actor is not None:
                    work.write_as(actor, scope)
                if officers != self._officers:
                    work.judge_everything_again()
                    note_projected(connection, self.record_types, officers)
                yield work
                work.flush()
                if self._sign_head is not None:
                    work.sign_heads(self._sign_head)
        except BaseException:
            self.projector.forget()
            raise
        self._officers = officers
        if self._on_commit is not None and work.kinds:
            # Saying now that it failed would have the child registered a second time.
            with contextlib.suppress(WorkplaceError):
                self._on_commit(Committed(frozenset(work.kinds), dict(work.heads)))

    def fold_everything(self) -> None:
        """Make the projected tables anew from the feeds, as after a change of their shape."""
        with self.database.write() as connection:
            self._fold_everything(connection)

    def _fold_everything(self, connection: Connection) -> None:
        make_projected(connection, self.record_types)
        self.projector.forget()
        feeds = {row.number: row.facts for row in oplog.load_feeds(connection).values()}
        for batch in _by_record(connection):
            self.projector.fold_all(connection, feeds, batch)
        self._officers = self.projector.authorities.officers_mark()
        note_projected(connection, self.record_types, self._officers)


def _by_record(connection: Connection, size: int = _BATCH) -> Iterator[list[Placed]]:
    """Give all operations in batches that never cut a record in two."""
    rows = connection.exec_driver_sql(
        "SELECT feed, header, payload FROM operation ORDER BY scope, kind, record"
    )
    batch: list[Placed] = []
    for number, header, payload in rows:
        op: Operation = held(header, payload)
        if len(batch) >= size and (op.kind, op.record) != (batch[-1][1].kind, batch[-1][1].record):
            yield batch
            batch = []
        batch.append((number, op))
    if batch:
        yield batch


def _last_stamp(connection: Connection) -> tuple[int, int]:
    """Give the latest stamp that ends a feed."""
    stamps = [(0, 0)]
    for row in oplog.load_feeds(connection).values():
        for _, header, payload in oplog.feed_bytes(connection, row.number, row.sequence - 1):
            last = held(header, payload).header
            if last is not None:
                stamps.append(last.stamp)
    return max(stamps)
