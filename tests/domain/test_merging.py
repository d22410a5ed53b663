"""Which record stays: a pure function of the decisions that loses nobody."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.merging import Twin, twins

RECORDS = "abcdefg"
EDGES = st.lists(st.tuples(st.sampled_from(RECORDS), st.sampled_from(RECORDS)), max_size=14)
STANDING = st.sets(st.sampled_from(RECORDS))


def test_one_goes_and_the_other_stays() -> None:
    assert twins([("b", "a")], "ab") == {"b": Twin("a", tangled=False)}
    assert twins([("a", "b")], "ab") == {"a": Twin("b", tangled=False)}


def test_each_into_the_other_leaves_the_older_and_is_told() -> None:
    assert twins([("a", "b"), ("b", "a")], "ab") == {"b": Twin("a", tangled=True)}


def test_a_chain_ends_where_the_last_one_stays() -> None:
    assert twins([("a", "b"), ("b", "c")], "abc") == {
        "a": Twin("c", tangled=False),
        "b": Twin("c", tangled=False),
    }


def test_what_went_into_a_removed_record_is_back() -> None:
    assert twins([("a", "b"), ("b", "c")], "ac") == {}


def test_two_that_would_stay_are_told() -> None:
    assert twins([("c", "b"), ("c", "a")], "abc") == {"c": Twin("a", tangled=True)}


def test_long_chains_need_no_deep_stack() -> None:
    names = [f"{n:05}" for n in range(5000)]
    found = twins(itertools.pairwise(names), names)
    assert len(found) == 4999
    assert {one.into for one in found.values()} == {"04999"}


@given(EDGES, STANDING, st.randoms(use_true_random=False))
def test_the_order_and_number_of_decisions_change_nothing(
    edges: list[tuple[str, str]], standing: set[str], chance: object
) -> None:
    again = [*edges, *edges[:3]]
    chance.shuffle(again)  # type: ignore[attr-defined]
    assert twins(again, standing) == twins(edges, standing)


@given(EDGES, STANDING)
def test_whoever_leaves_leads_to_one_that_stands_and_stays(
    edges: list[tuple[str, str]], standing: set[str]
) -> None:
    found = twins(edges, standing)
    for record, twin in found.items():
        assert record in standing
        assert twin.into in standing - found.keys()


@given(EDGES, STANDING)
def test_only_what_a_decision_names_leaves(
    edges: list[tuple[str, str]], standing: set[str]
) -> None:
    found = twins(edges, standing)
    named = {gone for gone, stays in edges if gone != stays and stays in standing}
    assert found.keys() <= named
    for record in named & standing - found.keys():
        assert (record, record) in _reach(edges, standing)


@given(EDGES, STANDING)
def test_where_nothing_contradicts_every_decision_holds(
    edges: list[tuple[str, str]], standing: set[str]
) -> None:
    reach = _reach(edges, standing)
    found = twins(edges, standing)
    for gone, stays in edges:
        if gone != stays and {gone, stays} <= standing and (stays, gone) not in reach:
            assert gone in found


def _reach(edges: list[tuple[str, str]], standing: set[str]) -> set[tuple[str, str]]:
    """Give who leads to whom, by the plainest way."""
    reach = {(a, b) for a, b in edges if a != b and {a, b} <= standing}
    while True:
        more = reach | {(a, d) for a, b in reach for c, d in reach if b == c}
        if more == reach:
            return reach
        reach = more
