"""How far everybody is known to hold each feed, so that a bundle begins where it must.

The district says so in acknowledgements; a laptop says so in the export it signed last. Whoever
has said nothing is taken to hold nothing: a lost stick heals itself with the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.feeds.grants import read_places
from desktop_app.feeds.identity import is_common
from desktop_app.feeds.operation import LARGEST_INTEGER
from desktop_app.storage.database import Connection
from desktop_app.storage.oplog import FeedRow, hash_at
from desktop_app.storage.rows import Row, read_rows

LONGEST_SCANS = 100_000
"""Characters in an acknowledgement's list of missing pages; a longer one is cut at its end."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What the district says it holds of one feed, and what it lacks."""

    sequence: int
    missing: str
    scans: frozenset[str]
    forks: str


def feeds_between(feeds: Iterable[FeedRow], scope: str) -> list[FeedRow]:
    """Give the feeds a school and the district exchange: the school's and the common ones."""
    return [row for row in feeds if row.facts.scope == scope or is_common(row.facts.scope)]


def acknowledgements(
    connection: Connection, feeds: Mapping[str, FeedRow], scope: str
) -> dict[str, Acknowledged]:
    """Read the district's acknowledgements that fit what is held, by feed.

    One whose hash is not the one held here speaks of another branch and says nothing.
    """
    found = {}
    for row in read_rows(connection, RECORD_TYPES["acknowledgement"], scope, {}):
        feed = feeds.get(row.record)
        sequence = _number(row, "sequence")
        if feed is None:
            continue
        held = hash_at(connection, feed.number, sequence)
        if held is not None and held.hex() == row.text("hash"):
            found[row.record] = Acknowledged(
                sequence=sequence,
                missing=row.text("missing"),
                scans=frozenset(row.text("scans").split()),
                forks=row.text("forks"),
            )
    return found


def _number(row: Row, name: str) -> int:
    value = row.values.get(name)
    return value if isinstance(value, int) else 0


def said_to_hold(connection: Connection, scope: str) -> dict[str, Mapping[str, int]]:
    """Read what each laptop of a school said to hold in its last export, by its feed."""
    last: dict[str, Row] = {}
    for row in read_rows(connection, RECORD_TYPES["bundle_export"], scope, {}):
        before = last.get(row.created_in)
        if before is None or _number(row, "number") > _number(before, "number"):
            last[row.created_in] = row
    return {feed: read_places(row.text("reaches")) for feed, row in last.items()}


def limited_feeds(connection: Connection, feeds: Mapping[str, FeedRow]) -> dict[str, int]:
    """Give the feeds the district has revoked, with the last sequence that still counts."""
    scopes = sorted({row.facts.scope for row in feeds.values() if row.facts.district})
    limits: dict[str, int] = {}
    for scope in scopes:
        for row in read_rows(connection, RECORD_TYPES["feed_limit"], scope, {}):
            feed, sequence = row.text("feed"), _number(row, "sequence")
            limits[feed] = min(sequence, limits.get(feed, sequence))
    return limits


def off_the_limit(connection: Connection, feeds: Mapping[str, FeedRow]) -> frozenset[str]:
    """Give the revoked feeds of which another branch is held here than the district speaks of.

    A limit names sequence and hash. Where another hash stands at that place, what is held is not
    what the district lets count, though nobody can say from where on: it is named as a fork.
    """
    found = set()
    for scope in sorted({row.facts.scope for row in feeds.values() if row.facts.district}):
        for limit in read_rows(connection, RECORD_TYPES["feed_limit"], scope, {}):
            feed = feeds.get(limit.text("feed"))
            if feed is None:
                continue
            held = hash_at(connection, feed.number, _number(limit, "sequence"))
            if held is not None and held.hex() != limit.text("hash"):
                found.add(feed.facts.feed)
    return frozenset(found)


def begins(
    connection: Connection,
    feeds: Mapping[str, FeedRow],
    scope: str,
    *,
    to_school: bool,
    greeted: Mapping[str, Mapping[str, int]] | None = None,
) -> dict[str, int]:
    """Give, for each feed of an exchange, the sequence every recipient surely holds.

    Args:
        connection: a transaction.
        feeds: all feeds held.
        scope: the school.
        to_school: the district packs for a school; otherwise a school packs for the district and
            its own other laptops.
        greeted: what laptops said to hold in their hellos, by feed.
    """
    between = feeds_between(feeds.values(), scope)
    greeted = {} if greeted is None else greeted
    said = said_to_hold(connection, scope)
    revoked = limited_feeds(connection, feeds)
    laptops = {
        row.facts.feed
        for row in between
        if not row.facts.district and not row.own and row.facts.scope == scope
    }
    holders: list[Mapping[str, int]] = [
        _further(said.get(feed, {}), greeted.get(feed, {}), revoked)
        for feed in sorted((laptops | greeted.keys()) - revoked.keys())
    ]
    if not to_school:
        holders.append(_at_district(connection, feeds, scope))
    return {
        row.facts.feed: min(
            row.signed_sequence,
            *(holder.get(row.facts.feed, 0) for holder in holders),
            *(() if holders else (0,)),
        )
        for row in between
    }


def _further(
    one: Mapping[str, int], other: Mapping[str, int], revoked: Mapping[str, int]
) -> Mapping[str, int]:
    """Give the later of two things a laptop said: it never forgets what it held.

    Of a revoked feed it may have set apart what it held (``branching``); then it says that it holds
    nothing, and is sent all of it. What it holds behind the limit may be of another branch, which
    no number tells: of that it is sent everything, so that all come to hold the same.
    """
    return {
        feed: 0
        if feed in revoked and 0 in (one.get(feed), other.get(feed))
        else min(max(one.get(feed, 0), other.get(feed, 0)), revoked.get(feed, LARGEST_INTEGER))
        for feed in one.keys() | other.keys()
    }


def _at_district(
    connection: Connection, feeds: Mapping[str, FeedRow], scope: str
) -> dict[str, int]:
    """Give what the district holds: what it acknowledged, and what it wrote.

    A restored district goes on under a new feed, and says in its answers how far it holds those it
    wrote before: what it has forgotten is sent to it again.
    """
    wrote = {name: row.sequence for name, row in feeds.items() if row.facts.district}
    for writer, reaches in said_to_hold(connection, scope).items():
        if writer in wrote:
            for name in wrote.keys() & reaches.keys() - {writer}:
                wrote[name] = min(wrote[name], reaches[name])
    said = acknowledgements(connection, feeds, scope)
    return wrote | {name: one.sequence for name, one in said.items()}
