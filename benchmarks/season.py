"""What the cases share: a school's file with a fixed key, and the driver opened upon it raw."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import sqlcipher3.dbapi2 as sqlcipher

from desktop_app.domain.declare import Value
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.feeds.authority import FeedFacts
from desktop_app.feeds.clock import Clock
from desktop_app.feeds.fold import CREATE
from desktop_app.feeds.identity import feed_id, key_id
from desktop_app.feeds.operation import SALT_LENGTH, Change, Operation, Signature, write
from desktop_app.services.workplace import Workplace
from desktop_app.storage import oplog
from desktop_app.storage.database import Database
from desktop_app.storage.journal import Actor, Journal, new_record_id

KEY = bytes(range(48))
SCOPE = "2141041101"
PERSON = key_id(bytes(32))
_AT_ONCE = 2000


def _no_signature(_message: bytes) -> Signature:
    raise AssertionError("a registration is not signed")


ACTOR = Actor(PERSON, _no_signature)


def open_journal(path: Path) -> Journal:
    """Open a journal as the product does, with a fixed key; nothing signed occurs here."""
    return Journal(Database(path, lambda: bytearray(KEY)), RECORD_TYPES, lambda *_: False)


def begin_feed(journal: Journal) -> None:
    """Begin the feed that the registrations go to."""
    facts = FeedFacts(
        feed_id(bytes(32), SCOPE), SCOPE, district=False, lead=PERSON, lead_public=bytes(32)
    )
    with journal.begin() as work:
        work.add_feed(facts, bytes(32), None, own=True)


def open_raw(path: Path, synchronous: str = "FULL", key: bytes = KEY) -> Any:
    """Open the file with the driver alone, under the product's settings; plain without a key."""
    connection = sqlcipher.connect(str(path), isolation_level=None)
    if key:
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_memory_security=ON")
    for setting in (
        "journal_mode=wal",
        f"synchronous={synchronous}",
        "temp_store=2",
        "cache_size=-49152",
        "foreign_keys=1",
        "secure_delete=FAST",
    ):
        connection.execute(f"PRAGMA {setting}")
    return connection


class Written:
    """Writes operations into a laptop's own feed, chained and signed but not folded.

    What a laptop hands over is the same; only its own lists do not show it. So a season of very
    many operations is there in a minute.
    """

    def __init__(self, workplace: Workplace) -> None:
        """Write in the feed of the workplace's own seat."""
        self._workplace = workplace
        self._row = workplace.own_feed()
        self._clock = Clock(now=wall_milliseconds)
        self._made: list[Operation] = []

    def __enter__(self) -> Self:
        return self

    def create(self, kind: str, values: Mapping[str, Value]) -> str:
        """Write a new record's operation."""
        last = self._made[-1] if self._made else None
        record = new_record_id()
        operation = write(
            Change(kind, record, CREATE, RECORD_TYPES[kind].schema, values, {}),
            feed=self._row.facts.feed,
            sequence=(last.sequence if last else self._row.sequence) + 1,
            previous=last.hash if last else self._row.hash,
            person=self._workplace.person,
            stamp=self._clock.tick(),
            salt=os.urandom(SALT_LENGTH),
        )
        self._made.append(operation)
        if len(self._made) == _AT_ONCE:
            self._flush()
        return record

    def _flush(self) -> None:
        with self._workplace.database.write() as connection:
            oplog.append(connection, self._row, self._made)
        last = self._made[-1]
        self._row = replace(self._row, sequence=last.sequence, hash=last.hash)
        self._made = []

    def __exit__(self, *_: object) -> None:
        if self._made:
            self._flush()
