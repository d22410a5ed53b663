"""Four different words: declared, carried, received, decided.

A record is *declared* when it was written here or taken in, *carried* when every operation on it
lay in a bundle that was written and read back, *received* when the district has acknowledged them
all, and *decided* when the district has given it a status. Never is one taken for another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.storage.database import Connection
from desktop_app.storage.oplog import FeedRow, load_feeds
from desktop_app.sync.reach import acknowledgements


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records, or operations of a feed, have come how far."""

    declared: int
    carried: int
    received: int
    decided: int


@dataclass(frozen=True, slots=True)
class FeedStanding:
    """How far a feed has come, in sequences; ``missing`` and ``forks`` in the district's words."""

    feed: str
    own: bool
    declared: int
    carried: int
    received: int
    missing: str
    forks: str


def _carried(connection: Connection, feeds: Mapping[str, FeedRow]) -> dict[str, int]:
    """Give how far each feed was ever carried from here."""
    reached = dict.fromkeys(feeds, 0)
    for bundle in exchange.carried_bundles(connection):
        for feed, sequence in bundle.heads.items():
            reached[feed] = max(sequence, reached.get(feed, 0))
    return reached


def count_records(workplace: Workplace, scope: str | None = None) -> Counts:
    """Count the applicants that have come at least so far."""
    wanted = scope or workplace.seat.scope
    with workplace.database.read() as connection:
        feeds = load_feeds(connection)
        carried = _carried(connection, feeds)
        said = acknowledgements(connection, feeds, wanted)
        reach = [
            (row.number, carried[name], said[name].sequence if name in said else 0)
            for name, row in feeds.items()
            if not row.facts.district
        ]
        return Counts(*exchange.count_stages(connection, wanted, reach))


def feed_standings(workplace: Workplace, scope: str | None = None) -> list[FeedStanding]:
    """Say of every laptop's feed of a school how far it has come."""
    wanted = scope or workplace.seat.scope
    with workplace.database.read() as connection:
        feeds = load_feeds(connection)
        carried = _carried(connection, feeds)
        said = acknowledgements(connection, feeds, wanted)
    return [
        FeedStanding(
            feed=name,
            own=row.own,
            declared=row.sequence,
            carried=carried[name],
            received=said[name].sequence if name in said else 0,
            missing=said[name].missing if name in said else "",
            forks=said[name].forks if name in said else "",
        )
        for name, row in feeds.items()
        if row.facts.scope == wanted and not row.facts.district
    ]
