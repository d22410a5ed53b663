"""Which branch stands is a function of what is known and of the place named."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.feeds.branches import Link, Place, standing
from desktop_app.feeds.operation import GENESIS

Tree = dict[bytes, Link]


def grow(parents: list[int]) -> Tree:
    """Grow a tree: each operation builds on an earlier one, or on nothing."""
    names, tree = [GENESIS], Tree()
    for number, parent in enumerate(parents):
        before = names[parent % len(names)]
        sequence = 1 + (tree[before].sequence if before in tree else 0)
        name = hashlib.sha256(b"%d" % number).digest()
        tree[name] = Link(sequence, before)
        names.append(name)
    return tree


def chain(*names: str, after: bytes = GENESIS, start: int = 1) -> Tree:
    """Give operations that follow each other, by names of one letter."""
    tree = Tree()
    for sequence, name in enumerate(names, start=start):
        found = name.encode().ljust(32, b"\0")
        tree[found] = Link(sequence, after)
        after = found
    return tree


def at(name: str) -> bytes:
    return name.encode().ljust(32, b"\0")


def letters(known: Mapping[bytes, Link], named: Place) -> str:
    return "".join(one.rstrip(b"\0").decode() for one in standing(known, named))


FORKED = chain("a", "b", "c", "d") | chain("x", "y", "z", after=at("b"), start=3)


def test_the_branch_that_leads_to_the_place_stands() -> None:
    assert letters(FORKED, Place(4, at("y"))) == "abxyz"
    assert letters(FORKED, Place(3, at("c"))) == "abcd"


def test_before_the_parting_the_lower_hash_goes_on() -> None:
    assert letters(FORKED, Place(2, at("b"))) == "abcd"
    assert letters(FORKED, Place(0, GENESIS)) == "abcd"


def test_where_something_else_stands_at_the_place_none_stands() -> None:
    assert letters(FORKED, Place(3, at("q"))) == ""
    # A piece that hangs in the air leads nowhere yet.
    loose = chain("u", "v", after=at("t"), start=4)
    assert letters(FORKED | loose, Place(5, at("v"))) == ""
    assert letters(FORKED | loose | chain("t", after=at("c"), start=4), Place(5, at("v"))) == ""
    joined = chain("t", after=at("b"), start=3)
    assert letters(FORKED | loose | joined, Place(5, at("v"))) == "abtuv"


def test_what_does_not_reach_the_place_may_still_lead_there() -> None:
    assert letters(chain("a", "b"), Place(5, at("q"))) == "ab"
    assert letters({}, Place(5, at("q"))) == ""


def test_a_place_of_another_sequence_is_not_the_one_named() -> None:
    assert letters(FORKED, Place(4, at("c"))) == ""


@given(st.lists(st.integers(0, 40), max_size=40), st.integers(0, 40), st.integers(0, 3))
def test_it_is_a_way_from_the_beginning_and_leads_to_what_is_named(
    parents: list[int], which: int, off: int
) -> None:
    tree = grow(parents)
    names = [GENESIS, *tree]
    name = names[which % len(names)]
    sequence = tree[name].sequence if name in tree else 0
    found = standing(tree, Place(sequence + off, name))
    before = GENESIS
    for place, one in enumerate(found, start=1):
        assert tree[one] == Link(place, before)
        before = one
    assert not off or name not in found[sequence + off - 1 : sequence + off]
    assert off or name in [GENESIS, *found]
    # Nothing known follows where it ends, unless none stands at all.
    assert not found or before not in {link.previous for link in tree.values()}
    backwards = dict(reversed(tree.items()))
    assert standing(backwards, Place(sequence + off, name)) == found
