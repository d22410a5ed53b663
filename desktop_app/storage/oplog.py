"""Feeds and operations as they lie in the database: appended, read by index, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.feeds.authority import FeedFacts
from desktop_app.feeds.operation import GENESIS, Operation, held


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed as it is held: what is known of its writer, and how far it reaches.

    ``identity`` holds the bytes that proved it (certificate or ticket chain); ``signed_*`` and
    ``signature`` are the author's last signed head, with which anybody may carry the feed on.
    """

    number: int
    facts: FeedFacts
    own: bool
    public: bytes
    identity: bytes | None
    sequence: int
    hash: bytes
    signed_sequence: int
    signed_hash: bytes | None
    signature: bytes | None


_FEED_COLUMNS = (
    "number, feed, scope, district, own, public_key, lead, lead_public, identity, sequence, hash,"
    " signed_sequence, signed_hash, signature"
)


def load_feeds(connection: Connection) -> dict[str, FeedRow]:
    """Read all feeds by name."""
    rows = connection.exec_driver_sql(f"SELECT {_FEED_COLUMNS} FROM feed ORDER BY feed")
    return {row[1]: _feed_row(tuple(row)) for row in rows}


def _feed_row(row: tuple[object, ...]) -> FeedRow:
    number, feed, scope, district, own, public, lead, lead_public, identity, *rest = row
    sequence, head, signed_sequence, signed_hash, signature = rest
    facts = FeedFacts(str(feed), str(scope), bool(district), _text(lead), _blob(lead_public))
    return FeedRow(
        number=_int(number),
        facts=facts,
        own=bool(own),
        public=_blob(public) or b"",
        identity=_blob(identity),
        sequence=_int(sequence),
        hash=_blob(head) or GENESIS,
        signed_sequence=_int(signed_sequence),
        signed_hash=_blob(signed_hash),
        signature=_blob(signature),
    )


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError
    return value


def _blob(value: object) -> bytes | None:
    return bytes(value) if isinstance(value, bytes) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def add_feed(
    connection: Connection, facts: FeedFacts, public: bytes, identity: bytes | None, *, own: bool
) -> None:
    """Add a feed that holds nothing yet."""
    connection.exec_driver_sql(
        "INSERT INTO feed (feed, scope, district, own, public_key, lead, lead_public, identity,"
        " sequence, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
        (
            facts.feed,
            facts.scope,
            int(facts.district),
            int(own),
            public,
            facts.lead,
            facts.lead_public,
            identity,
            GENESIS,
        ),
    )


def prove_feed(connection: Connection, facts: FeedFacts, identity: bytes) -> None:
    """Note what proves a feed and who may lead in it."""
    connection.exec_driver_sql(
        "UPDATE feed SET lead = ?, lead_public = ?, identity = ? WHERE feed = ?",
        (facts.lead, facts.lead_public, identity, facts.feed),
    )


def sign_head(
    connection: Connection, feed: str, sequence: int, head: bytes, signature: bytes
) -> None:
    """Keep an author's signed head if it reaches further than the one held."""
    connection.exec_driver_sql(
        "UPDATE feed SET signed_sequence = ?, signed_hash = ?, signature = ?"
        " WHERE feed = ? AND signed_sequence < ?",
        (sequence, head, signature, feed, sequence),
    )


def append(connection: Connection, feed: FeedRow, operations: Sequence[Operation]) -> None:
    """Append operations that follow each other and the feed's head, and move the head."""
    connection.exec_driver_sql(
        "INSERT INTO operation (feed, sequence, scope, kind, record, hash, header, payload, signed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                feed.number,
                op.sequence,
                feed.facts.scope,
                op.kind,
                op.record,
                op.hash,
                op.header_bytes,
                op.payload_bytes,
                int(op.header is not None and bool(op.header.signatures)),
            )
            for op in operations
        ],
    )
    connection.exec_driver_sql(
        "UPDATE feed SET sequence = ?, hash = ? WHERE number = ?",
        (operations[-1].sequence, operations[-1].hash, feed.number),
    )


def operations_of(
    connection: Connection, scope: str, kind: str, record: str
) -> Iterator[tuple[int, Operation]]:
    """Read the operations held on one record, each with its feed's number."""
    rows = connection.exec_driver_sql(
        "SELECT feed, header, payload FROM operation WHERE scope = ? AND kind = ? AND record = ?",
        (scope, kind, record),
    )
    for number, header, payload in rows:
        yield number, held(header, payload)


def operations_of_kinds(
    connection: Connection, scopes: Iterable[str], kinds: Iterable[str]
) -> Iterator[tuple[int, Operation]]:
    """Read every operation of some kinds in some scopes, each with its feed's number."""
    for scope in scopes:
        for kind in kinds:
            rows = connection.exec_driver_sql(
                "SELECT feed, header, payload FROM operation WHERE scope = ? AND kind = ?",
                (scope, kind),
            )
            for number, header, payload in rows:
                yield number, held(header, payload)


def feed_bytes(
    connection: Connection, number: int, after: int
) -> Iterator[tuple[int, bytes, bytes | None]]:
    """Read a feed's operations after a sequence as stored bytes: no object is built."""
    rows = connection.exec_driver_sql(
        "SELECT sequence, header, payload FROM operation WHERE feed = ? AND sequence > ?"
        " ORDER BY sequence",
        (number, after),
    )
    for row in rows:
        yield tuple(row)


def hash_at(connection: Connection, number: int, sequence: int) -> bytes | None:
    """Give the header hash at a place of a feed, or None where it is not held."""
    if sequence == 0:
        return GENESIS
    found = connection.exec_driver_sql(
        "SELECT hash FROM operation WHERE feed = ? AND sequence = ?", (number, sequence)
    ).scalar()
    return found if isinstance(found, bytes) else None


def signed_records(connection: Connection, scope: str) -> set[tuple[str, str]]:
    """Give kind and record of everything in a scope that carries a person's signature."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT kind, record FROM operation WHERE scope = ? AND signed = 1", (scope,)
    )
    return {(row[0], row[1]) for row in rows}


def quarantine(connection: Connection, operation: Operation, reason: str) -> None:
    """Keep an operation that cannot stand in its feed, with the reason, and count it once."""
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO quarantine (feed, sequence, hash, reason, header, payload)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            operation.feed,
            operation.sequence,
            operation.hash,
            reason,
            operation.header_bytes,
            operation.payload_bytes,
        ),
    )
