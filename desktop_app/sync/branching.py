"""A forked feed under a limit: the branch an officer named stands, at every holder (ADR 0013).

A limit names sequence and hash. Whoever holds another branch there sets it apart and takes the
named one in, if they have it apart; if they have not, they hold nothing of that feed, say so, and
are sent it from its beginning. No operation is dropped: it is in the log, or apart and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.feeds.branches import Place, standing
from desktop_app.feeds.identity import is_common
from desktop_app.feeds.operation import Operation
from desktop_app.storage import branches
from desktop_app.storage.database import Connection
from desktop_app.storage.oplog import FeedRow, hash_at
from desktop_app.storage.rows import read_rows
from desktop_app.storage.work import Work
from desktop_app.sync.manifest import is_digest


def named_places(connection: Connection, feeds: Mapping[str, FeedRow]) -> dict[str, Place]:
    """Give the place that the limits in force name of each school's feed; the lowest of several."""
    found: dict[str, Place] = {}
    for scope in sorted({row.facts.scope for row in feeds.values() if row.facts.district}):
        for limit in read_rows(connection, RECORD_TYPES["feed_limit"], scope, {}):
            row = feeds.get(limit.text("feed"))
            sequence, name = limit.values.get("sequence"), limit.text("hash")
            if row is None or not isinstance(sequence, int) or not is_digest(name):
                continue
            if row.facts.district or not (is_common(scope) or scope == row.facts.scope):
                continue
            place = Place(sequence, bytes.fromhex(name))
            least = found.get(row.facts.feed, place)
            found[row.facts.feed] = min(place, least, key=lambda one: (one.sequence, one.hash))
    return found


def settle(work: Work) -> frozenset[str]:
    """Hold of every feed under a limit the branch that stands; name the feeds that were changed.

    This computer's own feed is left as it is: whoever is ended goes on under another.
    """
    work.flush()
    apart = branches.count_apart(work.connection)
    changed = set()
    for feed, place in sorted(named_places(work.connection, work.feeds).items()):
        row = work.feeds[feed]
        if row.own or (feed not in apart and _leads_there(work.connection, row, place)):
            continue
        if _hold(work, row, place):
            changed.add(feed)
    return frozenset(changed)


def lacking(connection: Connection, feeds: Mapping[str, FeedRow]) -> dict[str, int]:
    """Give the feeds of which the named branch has not come, with the last sequence named."""
    apart = branches.count_apart(connection)
    return {
        feed: place.sequence
        for feed, place in named_places(connection, feeds).items()
        if feed in apart and not feeds[feed].own and feeds[feed].sequence < place.sequence
    }


def _leads_there(connection: Connection, row: FeedRow, place: Place) -> bool:
    """Say whether what is held leads to a place, or does not reach it."""
    return hash_at(connection, row.number, place.sequence) in {None, place.hash}


def _hold(work: Work, row: FeedRow, place: Place) -> bool:
    """Change over to the branch that stands, where another is held; say whether it was."""
    feed, connection = row.facts.feed, work.connection
    branches.forget_doubles(connection, row)
    apart = _whole(work, branches.apart_of(connection, feed).values())
    log = branches.log_of(connection, row)
    stands = standing(branches.links(log, apart), place)
    common = _common(log, stands)
    if common < len(log):
        work.cut_off(feed, common)
    back = [apart[one] for one in stands[common:]]
    if back:
        work.take_in(feed, back)
        branches.joined(connection, feed, back)
    return bool(back) or common < len(log)


def _whole(work: Work, apart: Iterable[Operation]) -> dict[bytes, Operation]:
    """Leave out what came without its payload, unless it is erased: it may not stand like that."""
    return {one.hash: one for one in apart if one.payload_bytes is not None or work.erased(one)}


def _common(log: list[bytes], stands: list[bytes]) -> int:
    """Count the operations with which both begin."""
    count = 0
    for one, other in zip(log, stands, strict=False):
        if one != other:
            break
        count += 1
    return count
