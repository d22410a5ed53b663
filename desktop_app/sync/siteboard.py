"""The board of a school's laptops 各台: who has what, what is not merged, and whether all is equal.

What another laptop holds is known from what it said last, in its hello or its export; so a board
tells what was true when that was said, and never takes for merged what nobody said to hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange, numbers, overview, queries
from desktop_app.storage.database import Connection
from desktop_app.storage.oplog import FeedRow, load_feeds
from desktop_app.storage.rows import read_rows
from desktop_app.sync import hello
from desktop_app.sync.belonging import laptops_of_people
from desktop_app.sync.inbox import MERGED_SETTING
from desktop_app.sync.marks import laptop_name, mark_of
from desktop_app.sync.programs import SILENT, Versions, versions
from desktop_app.sync.reach import limited_feeds, said_to_hold

Reaches = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class LaptopLine:
    """One laptop of the school.

    ``held`` is the last operation of it that is here, ``merged_at`` when something of it came last.
    ``not_here`` counts its operations that somebody is known to hold and this computer does not;
    ``not_there`` the operations that are here and that it has not said to hold, hand-overs aside.
    ``heard`` tells whether it ever said anything; ``revoked`` ones are not waited for.
    ``people`` are those who came with it, or registered there.
    ``packed_with`` are the versions it packed with last, ``policy`` is the one in use here.
    """

    feed: str
    name: str
    people: tuple[str, ...]
    own: bool
    registered: int
    held: int
    merged_at: int
    not_here: int
    not_there: int
    heard: bool
    revoked: bool = False
    packed_with: Versions = SILENT
    policy: str = ""

    @property
    def is_other_program(self) -> bool:
        """Tell whether this laptop packed with another version of the program than this one's."""
        return not self.own and not self.revoked and self.packed_with.other_program

    @property
    def is_other_policy(self) -> bool:
        """Tell whether this laptop packed with another policy package than is in use here."""
        return not self.own and not self.revoked and self.packed_with.other_policy(self.policy)

    @property
    def is_equal(self) -> bool:
        """Tell whether this laptop and this computer hold the same, as far as is known."""
        counted = not self.not_here and not self.not_there and self.heard
        return self.own or self.revoked or counted


@dataclass(frozen=True, slots=True)
class SiteBoard:
    """All laptops of a school, this computer first."""

    lines: tuple[LaptopLine, ...]

    @property
    def others(self) -> tuple[LaptopLine, ...]:
        """Give the laptops that are waited for, this computer aside."""
        return tuple(one for one in self.lines if not one.own and not one.revoked)

    @property
    def unequal(self) -> tuple[LaptopLine, ...]:
        """Give the laptops with which something is still to be exchanged."""
        return tuple(one for one in self.others if not one.is_equal)

    @property
    def registered(self) -> int:
        """Count the children that are here."""
        return sum(one.registered for one in self.lines)

    @property
    def all_equal(self) -> bool:
        """Tell whether every laptop holds the same; with one laptop alone there is nothing to."""
        return bool(self.others) and not self.unequal


def site_board(workplace: Workplace) -> SiteBoard:
    """Say of every laptop of this computer's school what is here and what is there."""
    scope = workplace.seat.scope
    greeted = hello.reaches_of(hello.siblings(workplace, scope))
    merged = workplace.settings.named(MERGED_SETTING)
    packed_with = versions(workplace)
    with workplace.database.read() as connection:
        every = load_feeds(connection)
        feeds = {
            name: row
            for name, row in every.items()
            if row.facts.scope == scope and not row.facts.district
        }
        revoked = limited_feeds(connection, every)
        reaches = _reaches(feeds, said_to_hold(connection, scope), greeted)
        heard = {*said_to_hold(connection, scope), *greeted}
        furthest = _furthest(reaches)
        registered = {one.feed: one.registered for one in queries.feeds_overview(connection)}
        people = _people(connection, every, scope)
        own_marks = numbers.open_marks(connection)
        lines = [
            LaptopLine(
                feed=name,
                name=_name(name, feeds.get(name), workplace, own_marks),
                people=people.get(name, ()),
                own=name in feeds and feeds[name].own,
                registered=registered.get(name, 0),
                held=_held(feeds, name),
                merged_at=int(merged.get(name, "0")),
                not_here=max(0, furthest.get(name, 0) - _held(feeds, name)),
                not_there=_not_there(connection, feeds, reaches.get(name, {})),
                heard=name in heard,
                revoked=name in revoked,
                packed_with=packed_with.get(name, SILENT),
                policy=workplace.policy.version,
            )
            for name in reaches
        ]
    return SiteBoard(tuple(sorted(lines, key=lambda one: (not one.own, one.revoked, one.name))))


def _held(feeds: Mapping[str, FeedRow], feed: str) -> int:
    return feeds[feed].sequence if feed in feeds else 0


def _name(feed: str, row: FeedRow | None, workplace: Workplace, own_marks: tuple[str, ...]) -> str:
    mark = "" if row is None else mark_of(row, workplace.district)
    if row is not None and row.own and own_marks:
        mark = own_marks[0].rpartition("-")[2]
    return laptop_name(feed, mark)


def _reaches(
    feeds: Mapping[str, FeedRow],
    said: Mapping[str, Mapping[str, int]],
    greeted: Mapping[str, Mapping[str, int]],
) -> Reaches:
    """Give how far each laptop is known to hold each feed of the school.

    A laptop holds its own feed at least as far as anybody else does.
    """
    names = sorted({*feeds, *greeted})
    found: Reaches = {}
    for name in names:
        one, other = said.get(name, {}), greeted.get(name, {})
        found[name] = {
            feed: max(one.get(feed, 0), other.get(feed, 0), _held(feeds, feed) * (feed == name))
            for feed in names
        }
    return found


def _furthest(reaches: Reaches) -> dict[str, int]:
    """Give the last operation of each feed that anybody is known to hold."""
    furthest: dict[str, int] = {}
    for places in reaches.values():
        for feed, sequence in places.items():
            furthest[feed] = max(sequence, furthest.get(feed, 0))
    return furthest


def _not_there(
    connection: Connection, feeds: Mapping[str, FeedRow], reach: Mapping[str, int]
) -> int:
    """Count the operations that are here beyond a laptop's reach, hand-overs aside."""
    return sum(
        exchange.count_behind(connection, row.number, reach.get(name, 0), row.sequence)
        for name, row in feeds.items()
        if row.sequence > reach.get(name, 0)
    )


def _people(
    connection: Connection, feeds: Mapping[str, FeedRow], scope: str
) -> dict[str, tuple[str, ...]]:
    """Name who works on each laptop: whoever came with it, then whoever registered there.

    Where the person was made says nothing of it: the district grants those whom it lets in, and a
    restored laptop goes on in another feed.
    """
    names = {
        row.record: row.text("full_name")
        for row in read_rows(connection, RECORD_TYPES["person"], scope, {})
        if row.values.get("ended") is not True
    }
    came = laptops_of_people(connection, feeds, scope)
    places = [(feed, person) for person in names for feed in sorted(came.get(person, ()))]
    places += overview.registrars(connection, scope)
    found: dict[str, tuple[str, ...]] = {}
    for feed, person in places:
        if person in names and names[person] not in found.get(feed, ()):
            found[feed] = (*found.get(feed, ()), names[person])
    return found
