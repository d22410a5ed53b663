"""Branches of a forked feed: the one held in the log, and those kept apart in quarantine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from desktop_app.feeds.branches import Link
from desktop_app.feeds.operation import GENESIS, Operation, held
from desktop_app.storage import oplog
from desktop_app.storage.oplog import FeedRow

_AGAIN = (
    "ON CONFLICT (feed, sequence, hash) DO UPDATE SET payload = coalesce(payload, excluded.payload)"
)
LIMIT = "limit"
"""Why an operation was set apart: it does not lead to the place a limit names."""


def keep_apart(connection: Connection, operation: Operation, reason: str) -> None:
    """Keep an operation that cannot stand in its feed, with the reason, and count it once.

    One that came without its payload is made whole when it comes again.
    """
    connection.exec_driver_sql(
        "INSERT INTO quarantine (feed, sequence, hash, reason, header, payload)"  # noqa: S608
        f" VALUES (?, ?, ?, ?, ?, ?) {_AGAIN}",
        (
            operation.feed,
            operation.sequence,
            operation.hash,
            reason,
            operation.header_bytes,
            operation.payload_bytes,
        ),
    )


def keep_head(
    connection: Connection, feed: str, sequence: int, head: bytes, signature: bytes
) -> None:
    """Keep an author's signature over a branch that stands apart: it may stand one day."""
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO branch_head (feed, sequence, hash, signature) VALUES (?, ?, ?, ?)",
        (feed, sequence, head, signature),
    )


def count_apart(connection: Connection) -> dict[str, tuple[int, int]]:
    """Give, by feed, the first sequence of what stands apart from it, and how much that is."""
    rows = connection.exec_driver_sql(
        "SELECT feed, min(sequence), count(*) FROM quarantine GROUP BY feed ORDER BY feed"
    )
    return {str(feed): (int(first), int(count)) for feed, first, count in rows}


def apart_of(connection: Connection, feed: str) -> dict[bytes, Operation]:
    """Read what stands apart from a feed, by hash."""
    rows = connection.exec_driver_sql(
        "SELECT hash, header, payload FROM quarantine WHERE feed = ?", (feed,)
    )
    return {bytes(found): held(header, payload) for found, header, payload in rows}


def log_of(connection: Connection, feed: FeedRow) -> list[bytes]:
    """Give the hashes of a feed's log, from the first operation on."""
    rows = connection.exec_driver_sql(
        "SELECT hash FROM operation WHERE feed = ? ORDER BY sequence", (feed.number,)
    )
    return [bytes(found) for found in rows.scalars()]


def links(log: Sequence[bytes], apart: Mapping[bytes, Operation]) -> dict[bytes, Link]:
    """Give the place of everything known of a feed, by hash."""
    before = [GENESIS, *log]
    found = {
        one: Link(sequence, previous)
        for sequence, (one, previous) in enumerate(zip(log, before, strict=False), start=1)
    }
    return {name: Link(one.sequence, one.previous) for name, one in apart.items()} | found


def cut_off(connection: Connection, feed: FeedRow, after: int) -> None:
    """Set everything of a feed's log behind a sequence apart, and move its head back.

    What was shown of it has to be folded again by whoever asks for this.
    """
    connection.exec_driver_sql(
        "INSERT INTO quarantine (feed, sequence, hash, reason, header, payload)"  # noqa: S608
        " SELECT ?, sequence, hash, ?, header, payload FROM operation"
        f" WHERE feed = ? AND sequence > ? {_AGAIN}",
        (feed.facts.feed, LIMIT, feed.number, after),
    )
    head = oplog.hash_at(connection, feed.number, after)
    for table in ("projected_attention", "operation"):
        connection.exec_driver_sql(
            f"DELETE FROM {table} WHERE feed = ? AND sequence > ?",  # noqa: S608 - two names
            (feed.number, after),
        )
    connection.exec_driver_sql(
        "UPDATE feed SET sequence = ?, hash = ? WHERE number = ?", (after, head, feed.number)
    )
    if feed.signed_sequence > after and feed.signed_hash and feed.signature:
        signed = (feed.signed_sequence, feed.signed_hash, feed.signature)
        keep_head(connection, feed.facts.feed, *signed)
        connection.exec_driver_sql(
            "UPDATE feed SET signed_sequence = 0, signed_hash = NULL, signature = NULL"
            " WHERE number = ?",
            (feed.number,),
        )


def forget_doubles(connection: Connection, feed: FeedRow) -> None:
    """Take out of quarantine what has come into the log by another bundle meanwhile."""
    connection.exec_driver_sql(
        "DELETE FROM quarantine WHERE feed = ? AND EXISTS (SELECT 1 FROM operation WHERE"
        " operation.feed = ? AND operation.sequence = quarantine.sequence"
        " AND operation.hash = quarantine.hash)",
        (feed.facts.feed, feed.number),
    )


def joined(connection: Connection, feed: str, back: Sequence[Operation]) -> None:
    """Take operations that stand in the log now out of quarantine, and their last signed head."""
    places = [(feed, one.sequence, one.hash) for one in back]
    connection.exec_driver_sql(
        "DELETE FROM quarantine WHERE feed = ? AND sequence = ? AND hash = ?", places
    )
    heads = connection.exec_driver_sql(
        "SELECT sequence, hash, signature FROM branch_head WHERE feed = ?", (feed,)
    ).all()
    stands = {one.hash for one in back}
    for sequence, head, signature in heads:
        if bytes(head) in stands:
            oplog.sign_head(connection, feed, sequence, head, signature)
