"""What goes out without its payload goes out together with the erasure that took it (design §2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from desktop_app.feeds.erasing import ERASURE, read_references
from desktop_app.storage import oplog
from desktop_app.storage.database import Connection
from desktop_app.storage.oplog import FeedRow


def with_erasures(
    connection: Connection, feeds: Iterable[FeedRow], begins: Mapping[str, int]
) -> dict[str, int]:
    """Let a bundle's feeds begin so early that every erasure it needs is in it.

    Args:
        connection: a transaction.
        feeds: the feeds that go out.
        begins: the sequence after which each would begin, by name.

    Returns:
        The same, lower where an erasure lies before; a feed may bring further erased ones with it.
    """
    first = dict(begins)
    rows = {row.number: row for row in feeds}
    missing = _erased(connection, rows.values(), first)
    if not missing:
        return first
    erasures = list(_erasures(connection, rows))
    while True:
        needed = {
            feed: sequence - 1
            for feed, sequence, named in sorted(erasures, key=lambda one: -one[1])
            if sequence <= first[feed] and not named.isdisjoint(missing)
        }
        if not needed:
            return first
        first |= needed
        missing = _erased(connection, rows.values(), first)


def _erasures(
    connection: Connection, rows: Mapping[int, FeedRow]
) -> Iterator[tuple[str, int, frozenset[str]]]:
    """Give every erasure in some feeds: feed, sequence, and what it names."""
    scopes = sorted({row.facts.scope for row in rows.values()})
    for number, op in oplog.operations_of_kinds(connection, scopes, (ERASURE,)):
        payload = op.payload()
        if number in rows and payload is not None:
            named = read_references(str(payload.values.get("operations") or ""))
            yield rows[number].facts.feed, op.sequence, named


def _erased(
    connection: Connection, rows: Iterable[FeedRow], first: Mapping[str, int]
) -> frozenset[str]:
    """Give the references that would go out without a payload."""
    return frozenset[str]().union(
        *(oplog.erased_after(connection, row, first[row.facts.feed]) for row in rows)
    )
