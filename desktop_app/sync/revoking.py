"""Revoking a laptop 停用电脑: what it wrote counts up to what the district holds, or before.

The limit names sequence and hash. A lost laptop whose disk turns up later is taken in once more, up
to there; what lies beyond is kept, void and named, and its people are sealed to no more unless they
were granted elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError
from desktop_app.services.people import PeopleDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.branches import apart_of
from desktop_app.storage.database import Connection
from desktop_app.storage.oplog import FeedRow, hash_at, load_feeds
from desktop_app.sync.branching import settle
from desktop_app.sync.reach import limited_feeds

LONGEST_REASON = 120


@dataclass(frozen=True, slots=True)
class Revoked:
    """A revoked laptop: what counts of it, and how much is held beyond that is void now."""

    school: str
    feed: str
    sequence: int
    void: int


def revoke(
    workplace: Workplace,
    feed: str,
    sequence: int | None = None,
    reason: str = "",
    *,
    other: bool = False,
) -> Revoked:
    """End a laptop's feed at a sequence, at what is held where none is given.

    ``other`` means a place of the branch that stands apart, which stands from then on.

    Raises:
        RuleError: ``revoke.not_district``, ``revoke.unknown``, ``revoke.beyond`` (nobody can vouch
            for what is not held), ``revoke.before`` (it was ended there or earlier already),
            ``people.not_allowed``.
    """
    if workplace.seat.kind != "district":
        raise RuleError("revoke.not_district")
    if Role.OFFICER not in PeopleDesk(workplace).roles():
        raise RuleError("people.not_allowed")
    row = _laptop(workplace, feed)
    school = row.facts.scope
    with workplace.database.read() as connection:
        limit = limited_feeds(connection, load_feeds(connection)).get(feed)
        wanted, there = (_apart if other else _held)(connection, row, sequence)
    if limit is not None and limit <= wanted:
        raise RuleError("revoke.before", sequence=limit)
    workplace.ensure_feed(school)
    values: dict[str, Value] = {
        "feed": feed,
        "sequence": wanted,
        "hash": there.hex(),
        "reason": reason.strip()[:LONGEST_REASON] or None,
    }
    with workplace.journal.begin(workplace.actor(), school) as work:
        # A record of its own each time: of several limits the lower counts, none is taken back.
        work.create("feed_limit", values, signed=True)
        settle(work)
        held = work.feeds[feed].sequence
    return Revoked(school, feed, wanted, held - wanted)


def _held(connection: Connection, row: FeedRow, sequence: int | None) -> tuple[int, bytes]:
    """Give a place of what is held with its hash, the last where none is meant."""
    wanted = row.sequence if sequence is None else sequence
    there = hash_at(connection, row.number, wanted) if wanted >= 0 else None
    if there is None:
        raise RuleError("revoke.beyond", held=row.sequence)
    return wanted, there


def _apart(connection: Connection, row: FeedRow, sequence: int | None) -> tuple[int, bytes]:
    """Give a place of the branch that stands apart with its hash; of two branches none is meant."""
    places = apart_of(connection, row.facts.feed).values()
    last = max((one.sequence for one in places), default=0)
    wanted = last if sequence is None else sequence
    found = [one for one in places if one.sequence == wanted]
    if len(found) != 1:
        raise RuleError("revoke.beyond", held=last)
    return wanted, found[0].hash


def _laptop(workplace: Workplace, feed: str) -> FeedRow:
    with workplace.database.read() as connection:
        row = load_feeds(connection).get(feed)
    if row is None or row.facts.district:
        raise RuleError("revoke.unknown")
    return row
