"""Four different words: declared, carried, received, decided.

A record is *declared* when it was written here or taken in, *carried* when every operation on it
lay in a bundle that was written and read back, *received* when the district has acknowledged them
all, and *decided* when the district has given it a status. Never is one taken for another.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.storage.database import Connection
from desktop_app.storage.oplog import FeedRow, load_feeds
from desktop_app.storage.rows import read_rows
from desktop_app.sync.reach import acknowledgements


class Stage(enum.IntEnum):
    """How far a record has come; each includes those before it."""

    DECLARED = 0
    CARRIED = 1
    RECEIVED = 2
    DECIDED = 3


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


def record_stages(workplace: Workplace, scope: str | None = None) -> dict[str, Stage]:
    """Say of every applicant how far the record has come, by record id."""
    wanted = scope or workplace.seat.scope
    with workplace.database.read() as connection:
        feeds = load_feeds(connection)
        carried = _by_number(feeds, _carried(connection, feeds))
        said = acknowledgements(connection, feeds, wanted)
        received = _by_number(feeds, {feed: one.sequence for feed, one in said.items()})
        district = {row.number for row in feeds.values() if row.facts.district}
        reached = {
            record: _stage(
                [place for place in places if place[0] not in district], carried, received
            )
            for record, places in _places(connection, wanted)
        }
        rows = read_rows(connection, RECORD_TYPES["applicant"], wanted, {})
    return {
        row.record: Stage.DECIDED
        if row.values.get("district_status") is not None
        else reached.get(row.record, Stage.DECLARED)
        for row in rows
    }


def _places(connection: Connection, scope: str) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Give the operations on each applicant as feed number and sequence."""
    found = exchange.places_on_records(connection, scope, "applicant")
    for record, places in groupby(found, key=lambda place: place[0]):
        yield record, [(number, sequence) for _, number, sequence in places]


def _stage(
    places: list[tuple[int, int]], carried: Mapping[int, int], received: Mapping[int, int]
) -> Stage:
    if all(sequence <= received.get(number, 0) for number, sequence in places):
        return Stage.RECEIVED
    if all(sequence <= carried.get(number, 0) for number, sequence in places):
        return Stage.CARRIED
    return Stage.DECLARED


def _carried(connection: Connection, feeds: Mapping[str, FeedRow]) -> dict[str, int]:
    """Give how far each feed was ever carried from here."""
    reached = dict.fromkeys(feeds, 0)
    for bundle in exchange.carried_bundles(connection):
        for feed, sequence in bundle.heads.items():
            reached[feed] = max(sequence, reached.get(feed, 0))
    return reached


def _by_number(feeds: Mapping[str, FeedRow], places: Mapping[str, int]) -> dict[int, int]:
    return {feeds[feed].number: sequence for feed, sequence in places.items() if feed in feeds}


def count_records(workplace: Workplace, scope: str | None = None) -> Counts:
    """Count the applicants that have come at least so far."""
    stages = list(record_stages(workplace, scope).values())
    reached = [sum(stage >= least for stage in stages) for least in Stage]
    return Counts(*reached)


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
