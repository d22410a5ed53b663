"""Names commit to keys, stamps never go back, equal states have equal digests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.feeds.clock import AHEAD_LIMIT, Clock
from desktop_app.feeds.digest import StateDigest
from desktop_app.feeds.identity import feed_id, is_common, key_id


@given(st.binary(min_size=32, max_size=32), st.text(max_size=20), st.text(max_size=20))
def test_a_name_is_twenty_characters_and_commits_to_key_and_scope(
    public: bytes, one: str, other: str
) -> None:
    name = feed_id(public, one)
    assert len(name) == len(key_id(public)) == 20
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz234567")
    assert name != key_id(public)
    assert (feed_id(public, other) == name) == (one == other)


def test_a_name_is_what_the_format_says() -> None:
    assert key_id(bytes(32)) == "mzuhvlpymk6xo3epygfy"
    assert feed_id(bytes(32), "2141041101") == "wvcsyyrh6l6r2r5quhjf"


def test_only_a_district_scope_is_common() -> None:
    assert is_common("district:410411")
    assert not is_common("2141041101")


def ticking(*moments: int) -> Clock:
    left: Iterator[int] = iter(moments)
    return Clock(now=lambda: next(left))


def test_stamps_rise_when_the_clock_stands_still_or_goes_back() -> None:
    clock = ticking(100, 100, 50, 101)
    assert [clock.tick() for _ in range(4)] == [(100, 0), (100, 1), (100, 2), (101, 0)]


@given(st.lists(st.integers(0, 2**45), min_size=1, max_size=30))
def test_stamps_rise_whatever_the_clock_says(moments: list[int]) -> None:
    clock = ticking(*moments)
    stamps = [clock.tick() for _ in moments]
    assert stamps == sorted(set(stamps))


def test_a_stamp_seen_elsewhere_is_followed() -> None:
    clock = ticking(100, 100)
    clock.observe((500, 3))
    assert clock.tick() == (500, 4)


@pytest.mark.parametrize("stamp", [(100 + AHEAD_LIMIT + 1, 0), (500, 2**32)])
def test_a_stamp_too_far_ahead_drags_nobody(stamp: tuple[int, int]) -> None:
    clock = ticking(100, 100)
    clock.observe(stamp)
    assert clock.tick() == (100, 0)


def test_an_older_stamp_changes_nothing() -> None:
    clock = ticking(100, 100, 100)
    first = clock.tick()
    clock.observe((99, 9))
    assert clock.tick() == (first[0], 1)


def digest_of(heads: list[tuple[str, int, bytes]], *rows: dict[str, object]) -> str:
    digest = StateDigest()
    digest.heads(heads)
    for row in rows:
        digest.row("applicant", "s", "r", row, 0)  # type: ignore[arg-type]
    return digest.hexdigest()


def test_the_digest_does_not_depend_on_the_order_of_feeds_or_fields() -> None:
    heads = [("b", 1, b"1"), ("a", 2, b"2")]
    assert digest_of(heads, {"x": "1", "y": 2}) == digest_of(heads[::-1], {"y": 2, "x": "1"})


def test_a_field_without_a_value_is_as_if_it_were_not_declared() -> None:
    assert digest_of([], {"x": None, "y": True}) == digest_of([], {"y": True})


@pytest.mark.parametrize(
    "other",
    [
        digest_of([("a", 1, b"2")], {"x": True}),
        digest_of([("a", 2, b"1")], {"x": True}),
        digest_of([("a", 1, b"1")], {"x": 1}),
        digest_of([("a", 1, b"1")], {"x": "true"}),
        digest_of([("a", 1, b"1")]),
    ],
)
def test_whatever_differs_changes_the_digest(other: str) -> None:
    assert digest_of([("a", 1, b"1")], {"x": True}) != other
