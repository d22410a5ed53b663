"""What stands of a forked feed: the same for everybody who knows the same, and for good."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.feeds.branches import Link, Place, standing
from desktop_app.feeds.operation import GENESIS

Known = dict[bytes, Link]
ELSEWHERE = Place(1, hashlib.sha256(b"nobody wrote this").digest())


@dataclass(frozen=True, slots=True)
class Grown:
    """A feed that forked as it liked, and the hashes of a place of it and of its way there."""

    known: Known
    way: list[bytes]

    @property
    def place(self) -> Place:
        """Name the end of the way."""
        return Place(len(self.way), self.way[-1] if self.way else GENESIS)


def way_to(known: Known, last: bytes) -> list[bytes]:
    """Give what leads to an operation, itself the last."""
    way: list[bytes] = []
    while last != GENESIS:
        way.append(last)
        last = known[last].previous
    return way[::-1]


@st.composite
def feeds(draw: st.DrawFn, fewest: int = 0) -> Grown:
    """Grow a feed, with forks at any place, and choose a place of it."""
    hashes, known = [GENESIS], Known()
    for parent in draw(st.lists(st.integers(0, 60), min_size=fewest, max_size=30)):
        before = hashes[parent % len(hashes)]
        sequence = 1 + (known[before].sequence if before in known else 0)
        made = hashlib.sha256(draw(st.binary(min_size=2, max_size=4)) + before).digest()
        if made not in known:
            known[made] = Link(sequence, before)
            hashes.append(made)
    return Grown(known, way_to(known, draw(st.sampled_from(hashes))))


@given(feeds(), st.randoms(use_true_random=False))
def test_whatever_order_operations_came_in_the_same_branch_stands(
    grown: Grown, chance: Random
) -> None:
    shuffled = list(grown.known.items())
    chance.shuffle(shuffled)
    for place in (grown.place, ELSEWHERE, Place(99, ELSEWHERE.hash), Place(0, GENESIS)):
        assert standing(dict(shuffled), place) == standing(grown.known, place)


@given(feeds())
def test_a_place_that_is_known_with_its_way_always_stands(grown: Grown) -> None:
    assert standing(grown.known, grown.place)[: len(grown.way)] == grown.way


@given(feeds(), feeds())
def test_what_comes_later_never_moves_what_stands_up_to_the_place(
    grown: Grown, later: Grown
) -> None:
    more = grown.known | later.known
    assert standing(more, grown.place)[: len(grown.way)] == grown.way


@given(feeds(fewest=1), st.data())
def test_where_a_step_of_the_way_is_missing_none_stands_until_it_comes(
    grown: Grown, data: st.DataObject
) -> None:
    last = data.draw(st.sampled_from(sorted(grown.known)))
    way = way_to(grown.known, last)
    lost = data.draw(st.sampled_from(way))
    some = {one: link for one, link in grown.known.items() if one != lost}
    place = Place(len(way), last)
    level = any(link.sequence == place.sequence for link in some.values())
    found = standing(some, place)
    assert lost not in found
    if level:
        assert found == []
    assert standing(some | {lost: grown.known[lost]}, place)[: len(way)] == way


@given(feeds())
def test_only_operations_that_are_known_stand_and_each_builds_on_the_one_before(
    grown: Grown,
) -> None:
    for place in (grown.place, ELSEWHERE, Place(7, GENESIS)):
        found = standing(grown.known, place)
        assert len(set(found)) == len(found)
        before = [GENESIS, *found]
        assert [grown.known[one].previous for one in found] == before[:-1]
        assert [grown.known[one].sequence for one in found] == list(range(1, len(found) + 1))


@given(feeds())
def test_behind_the_place_it_does_not_matter_which_later_place_of_it_is_named(
    grown: Grown,
) -> None:
    found = standing(grown.known, grown.place)
    for sequence in range(max(1, len(grown.way)), len(found) + 1):
        assert standing(grown.known, Place(sequence, found[sequence - 1])) == found


@given(feeds())
def test_behind_the_place_the_lower_hash_goes_on_at_every_parting(grown: Grown) -> None:
    found = standing(grown.known, grown.place)
    for at in range(len(grown.way), len(found)):
        before = found[at - 1] if at else GENESIS
        assert found[at] == min(one for one, link in grown.known.items() if link.previous == before)


@given(feeds())
def test_branches_that_part_before_the_place_have_no_say(grown: Grown) -> None:
    mine = {*grown.way}
    behind = {
        one: link
        for one, link in grown.known.items()
        if way_to(grown.known, one)[: len(grown.way)] == grown.way
    }
    alone = {one: grown.known[one] for one in mine} | behind
    assert standing(alone, grown.place) == standing(grown.known, grown.place)


@given(feeds(fewest=1))
def test_a_place_nobody_knows_is_waited_for_while_nothing_else_stands_there(
    grown: Grown,
) -> None:
    longest = max(link.sequence for link in grown.known.values())
    open_end = standing(grown.known, Place(0, GENESIS))
    assert standing(grown.known, Place(longest + 1, ELSEWHERE.hash)) == open_end
    for sequence in range(1, longest + 1):
        assert standing(grown.known, Place(sequence, ELSEWHERE.hash)) == []


@given(feeds(fewest=1))
def test_nothing_counts_means_the_first_branch_by_hash_whatever_hash_is_named(
    grown: Grown,
) -> None:
    found = standing(grown.known, Place(0, GENESIS))
    assert found
    assert standing(grown.known, Place(0, ELSEWHERE.hash)) == found


def test_of_nothing_known_nothing_stands() -> None:
    assert standing({}, Place(0, GENESIS)) == []
    assert standing({}, ELSEWHERE) == []


def test_two_who_met_say_the_same_though_they_named_it_apart() -> None:
    """One laptop held one branch, another the other; once both know both, both say the same."""
    first = hashlib.sha256(b"1").digest()
    one, other = (hashlib.sha256(text).digest() for text in (b"one", b"other"))
    common = {first: Link(1, GENESIS)}
    here, there = common | {one: Link(2, first)}, common | {other: Link(2, first)}
    place = Place(2, other)
    assert standing(here, place) == [], "something else than what is named stands there"
    assert standing(there, place) == [first, other]
    assert standing(here | there, place) == standing(there | here, place) == [first, other]
