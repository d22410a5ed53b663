"""One school at the district, in detail: what came, what is missing, refused, or waits for what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.services.workplace import Workplace
from desktop_app.storage import branches, exchange, queries
from desktop_app.storage.database import Connection
from desktop_app.storage.exchange import Received
from desktop_app.storage.oplog import FeedRow, load_feeds
from desktop_app.sync.inbox import PENDING, REFUSED, TAKEN_IN, WAITING
from desktop_app.sync.marks import laptop_name, mark_of
from desktop_app.sync.naming import read_name

WHOLE, MISSING, SCANS, FORKED = "whole", "missing", "scans", "forked"
_ORDER = (FORKED, MISSING, WAITING, REFUSED, SCANS, WHOLE)


@dataclass(frozen=True, slots=True)
class IntakeDetail:
    """One thing to know of a school's laptop or of a bundle.

    ``kind`` is ``whole`` (held up to ``last``), ``missing`` (``first`` to ``last`` did not come),
    ``scans`` (``count`` pages did not come), ``forked`` (``count`` operations of another branch
    stand apart, from ``first`` on), ``waiting`` (a bundle whose laptop nobody speaks for) or
    ``refused`` (with the code in ``reason``; ``mended`` where a later bundle of that laptop came
    in). ``bundle`` is the number of the bundle, 0 where it is about no single one.
    """

    kind: str
    laptop: str
    first: int = 0
    last: int = 0
    count: int = 0
    bundle: int = 0
    at: int = 0
    reason: str = ""
    mended: bool = False

    @property
    def needs_look(self) -> bool:
        """Say whether somebody has to do something."""
        return self.kind != WHOLE and not self.mended


def intake_details(workplace: Workplace, school: str) -> tuple[IntakeDetail, ...]:
    """Say of a school's laptops and bundles what came and what did not, the gravest first."""
    with workplace.database.read() as connection:
        feeds = {
            name: row
            for name, row in load_feeds(connection).items()
            if row.facts.scope == school and not row.facts.district
        }
        came = [one for one in exchange.received_bundles(connection) if _is_of(one, school, feeds)]
        names = {
            name: laptop_name(name, mark_of(row, workplace.district)) for name, row in feeds.items()
        }
        found = [
            *_feeds(connection, feeds, names),
            *_gaps(came, feeds, names),
            *_scans(workplace, connection, school, names),
            *_bundles(came, names),
        ]
    return tuple(sorted(found, key=lambda one: (one.mended, _ORDER.index(one.kind), -one.at)))


def _is_of(one: Received, school: str, feeds: Mapping[str, FeedRow]) -> bool:
    return one.sender in feeds or read_name(one.name)[0] == school


def _feeds(
    connection: Connection, feeds: Mapping[str, FeedRow], names: Mapping[str, str]
) -> list[IntakeDetail]:
    registered = {one.feed: one.registered for one in queries.feeds_overview(connection)}
    apart = branches.count_apart(connection)
    whole = [
        IntakeDetail(WHOLE, names[name], 1, row.sequence, registered.get(name, 0))
        for name, row in feeds.items()
        if row.sequence
    ]
    return whole + [
        IntakeDetail(FORKED, names[name], first=first, count=count)
        for name, (first, count) in apart.items()
        if name in feeds
    ]


def _gaps(
    came: list[Received], feeds: Mapping[str, FeedRow], names: Mapping[str, str]
) -> list[IntakeDetail]:
    """Name the ranges that bundles kept in the inbox wait for."""
    found: dict[tuple[str, int, int], IntakeDetail] = {}
    for one in came:
        for feed, (_, last) in one.gaps.items():
            held = feeds[feed].sequence if feed in feeds else 0
            if one.outcome == PENDING and last > held:
                laptop = names.get(feed, laptop_name(feed, ""))
                found[feed, held, last] = IntakeDetail(
                    MISSING,
                    laptop,
                    first=held + 1,
                    last=last,
                    count=last - held,
                    bundle=read_name(one.name)[1],
                    at=one.received_at,
                )
    return list(found.values())


def _scans(
    workplace: Workplace, connection: Connection, school: str, names: Mapping[str, str]
) -> list[IntakeDetail]:
    """Count the pages that records name and that have not come, by the laptop that took them."""
    counted: dict[str, int] = {}
    for scan in exchange.scans_of(connection, school):
        if not workplace.scans.holds(scan.digest):
            counted[scan.feed] = counted.get(scan.feed, 0) + 1
    return [
        IntakeDetail(SCANS, names.get(feed, laptop_name(feed, "")), count=count)
        for feed, count in counted.items()
    ]


def _bundles(came: list[Received], names: Mapping[str, str]) -> list[IntakeDetail]:
    """Name the bundles that were refused or wait for an identity."""
    whole = max((one.received_at for one in came if one.outcome == TAKEN_IN), default=0)
    return [
        IntakeDetail(
            one.outcome,
            names.get(one.sender, laptop_name(one.sender, "") if one.sender else ""),
            count=one.operations,
            bundle=read_name(one.name)[1],
            at=one.received_at,
            reason=one.reason,
            mended=one.outcome == REFUSED and whole > one.received_at,
        )
        for one in came
        if one.outcome in {WAITING, REFUSED}
    ]
