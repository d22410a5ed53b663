"""Feeds and operations as they lie in the database: appended, read by index, never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.errors import UntrustedError
from desktop_app.feeds.authority import FeedFacts
from desktop_app.feeds.operation import GENESIS, Operation, held, reference

_CHUNK = 400

Key = tuple[str, str, str]
"""Scope, kind and record: what is folded together."""


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


_ALL_FEEDS = (
    "SELECT number, feed, scope, district, own, public_key, lead, lead_public, identity, sequence,"
    " hash, signed_sequence, signed_hash, signature FROM feed ORDER BY feed"
)


def load_feeds(connection: Connection) -> dict[str, FeedRow]:
    """Read all feeds by name: the register is small, and read whole once per unit of work."""
    rows = connection.exec_driver_sql(_ALL_FEEDS)
    return {row[1]: _feed_row(tuple(row)) for row in rows}


def schools_held(connection: Connection) -> list[str]:
    """Name the schools whose feeds are held here, in the order of their codes."""
    feeds = load_feeds(connection).values()
    return sorted({row.facts.scope for row in feeds if not row.facts.district})


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


def disown(connection: Connection) -> None:
    """Give up all own feeds: a successor of this computer begins its own."""
    connection.exec_driver_sql("UPDATE feed SET own = 0")


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
    """Append operations that follow each other and the feed's head, and move the head.

    Raises:
        UntrustedError: one does not follow.
    """
    _check_chain(feed, operations)
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


def _check_chain(feed: FeedRow, operations: Sequence[Operation]) -> None:
    """Check that operations continue a feed without a gap."""
    sequence, head = feed.sequence, feed.hash
    for op in operations:
        sequence += 1
        if (op.feed, op.sequence, op.previous) != (feed.facts.feed, sequence, head):
            raise UntrustedError("feed.broken_chain", sequence=sequence)
        head = op.hash


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


def operations_after(
    connection: Connection, number: int, sequence: int
) -> Iterator[tuple[int, Operation]]:
    """Read the operations of a feed after a sequence, each with the feed's number."""
    for _, header, payload in feed_bytes(connection, number, sequence):
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


def erased_after(connection: Connection, feed: FeedRow, after: int) -> set[str]:
    """Give the references of a feed's operations after a sequence that have no payload any more."""
    rows = connection.exec_driver_sql(
        "SELECT sequence, hash FROM operation WHERE feed = ? AND sequence > ? AND payload IS NULL",
        (feed.number, after),
    )
    return {reference(feed.facts.feed, sequence, found) for sequence, found in rows}


def signed_records(connection: Connection, scope: str) -> set[tuple[str, str]]:
    """Give kind and record of everything in a scope that carries a person's signature."""
    rows = connection.exec_driver_sql(
        "SELECT kind, record FROM operation WHERE scope = ? AND signed = 1", (scope,)
    )
    return {(row[0], row[1]) for row in rows}


def records_after(connection: Connection, number: int, sequence: int) -> set[tuple[str, str]]:
    """Give kind and record of everything a feed wrote after a sequence."""
    rows = connection.exec_driver_sql(
        "SELECT kind, record FROM operation WHERE feed = ? AND sequence > ?", (number, sequence)
    )
    return {(row[0], row[1]) for row in rows}


def revoked_records(connection: Connection, number: int) -> set[tuple[str, str]]:
    """Give kind and record of everything a feed wrote that does not count for being revoked."""
    rows = connection.exec_driver_sql(
        "SELECT operation.kind, operation.record FROM projected_attention"
        " CROSS JOIN operation USING (feed, sequence)"
        " WHERE projected_attention.feed = ? AND verdict = 'revoked'",
        (number,),
    )
    return {(row[0], row[1]) for row in rows}


_PRIOR = "SELECT record FROM operation WHERE scope = ? AND kind = ? AND record IN (??)"


def prior_records(connection: Connection, keys: Iterable[Key]) -> set[Key]:
    """Give those of the records that already have operations."""
    by_kind: dict[tuple[str, str], list[str]] = defaultdict(list)
    for scope, kind, record in keys:
        by_kind[scope, kind].append(record)
    found: set[Key] = set()
    for (scope, kind), records in by_kind.items():
        for chunk in chunks(records):
            rows = connection.exec_driver_sql(spread(_PRIOR, chunk), (scope, kind, *chunk))
            found |= {(scope, kind, row[0]) for row in rows}
    return found


def chunks(items: Sequence[str]) -> Iterable[Sequence[str]]:
    """Cut a long list so that each part fits one statement's parameters."""
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


def marks(items: Sequence[object]) -> str:
    """Give a question mark for each of some parameters."""
    return ", ".join("?" * len(items))


def spread(statement: str, items: Sequence[object]) -> str:
    """Put a question mark for each of some parameters in the place of ``??``."""
    return statement.replace("??", marks(items))
