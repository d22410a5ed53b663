"""One school at the district, in detail: what came, what is missing, refused, or waits for what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from desktop_app.services.workplace import Workplace
from desktop_app.storage import branches, exchange, queries
from desktop_app.storage.database import Connection
from desktop_app.storage.exchange import Received
from desktop_app.storage.oplog import FeedRow, load_feeds
from desktop_app.sync.inbox import PENDING, REFUSED, TAKEN_IN, WAITING
from desktop_app.sync.marks import laptop_name, mark_of
from desktop_app.sync.naming import read_feed, read_name

WHOLE, MISSING, SCANS, FORKED = "whole", "missing", "scans", "forked"
UNNAMED = "?"
"""In place of a school: what was refused, and of which nothing says whose it is."""
_STRANGERS = frozenset({"bundle.other_district", "bundle.unknown_signer", "bundle.bad_signature"})
"""Refusals of what somebody else packed, whatever name the file wears."""
_DAMAGED = frozenset({"bundle.truncated", "bundle.altered", "bundle.not_a_bundle"})
"""Refusals after which the laptop's next bundle brings what was lost."""
_ORDER = (FORKED, MISSING, WAITING, REFUSED, SCANS, WHOLE)


@dataclass(frozen=True, slots=True)
class IntakeDetail:
    """One thing to know of a school's laptop or of a bundle.

    ``kind`` is ``whole`` (held up to ``last``), ``missing`` (``first`` to ``last`` did not come),
    ``scans`` (``count`` pages did not come), ``forked`` (``count`` operations of another branch
    stand apart, from ``first`` on), ``waiting`` (a bundle whose laptop nobody speaks for) or
    ``refused`` (with the code in ``reason``; ``mended`` where it was damaged and the laptop whose
    name the file wears has proved itself with a later bundle). ``bundle`` is the number of the
    bundle, 0 where it is about no single one; ``name`` is the file's, where it was refused.
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
    name: str = ""

    @property
    def needs_look(self) -> bool:
        """Say whether somebody has to do something."""
        return self.kind != WHOLE and not self.mended


def intake_details(workplace: Workplace, school: str) -> tuple[IntakeDetail, ...]:
    """Say of a school's laptops and bundles what came and what did not, the gravest first."""
    with workplace.database.read() as connection:
        every = load_feeds(connection)
        feeds = {
            name: row
            for name, row in every.items()
            if row.facts.scope == school and not row.facts.district
        }
        schools = schools_of(workplace)
        came = [
            one
            for one in exchange.received_bundles(connection)
            if school_of(one, every, schools) == school
        ]
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


def schools_of(workplace: Workplace) -> list[str]:
    """Name the schools of the district, by their codes."""
    district = workplace.district
    return [] if district is None else [one.code for one in district.schools]


def school_of(one: Received, feeds: Mapping[str, FeedRow], schools: Collection[str]) -> str:
    """Say which school a bundle came from; empty for what the district packed itself.

    Who packed a refused one is not proved: the name of the file then says which school to ask,
    except where somebody else packed it. ``UNNAMED`` stands for those of no school.
    """
    sender = feeds.get(one.sender)
    if sender is not None:
        return "" if sender.facts.district else sender.facts.scope
    school = read_name(one.name)[0]
    if one.outcome == REFUSED and (one.reason in _STRANGERS or school not in schools):
        return UNNAMED
    return school


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
    whole = [one for one in came if one.outcome == TAKEN_IN]
    return [
        IntakeDetail(
            one.outcome,
            names.get(one.sender, laptop_name(one.sender, "") if one.sender else ""),
            count=one.operations,
            bundle=read_name(one.name)[1],
            at=one.received_at,
            reason=one.reason,
            mended=one.outcome == REFUSED and any(_makes_up(later, one) for later in whole),
            name=one.name if one.outcome == REFUSED else "",
        )
        for one in came
        if one.outcome in {WAITING, REFUSED}
    ]


def _makes_up(later: Received, refused: Received) -> bool:
    """Say whether a bundle that was proved makes up for a damaged one.

    Of the damaged one only its name can be read. What counts is that the laptop it names, which
    the later one proves, has come whole since, with a bundle no older than that.
    """
    feed = read_feed(refused.name)
    return (
        refused.reason in _DAMAGED
        and bool(feed)
        and later.sender.startswith(feed)
        and later.received_at > refused.received_at
        and read_name(later.name)[1] >= read_name(refused.name)[1]
    )
