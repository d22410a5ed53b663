"""Heads have one spelling, and operations that do not bear them out are refused."""

from __future__ import annotations

import os

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import UntrustedError
from desktop_app.feeds.head import statement
from desktop_app.feeds.identity import feed_id
from desktop_app.feeds.operation import GENESIS, Change, Operation, write
from desktop_app.sync.heads import ChainCheck, Head, read_heads, write_heads

SCHOOL = "2141041101"


def chain(public: bytes, length: int, scope: str = SCHOOL) -> list[Operation]:
    """Write a feed."""
    operations: list[Operation] = []
    for number in range(1, length + 1):
        operations.append(
            write(
                Change("applicant", f"r{number}", "create", 1, {"full_name": "单梓涵"}, {}),
                feed=feed_id(public, scope),
                sequence=number,
                previous=operations[-1].hash if operations else GENESIS,
                person="p" * 20,
                stamp=(number, 0),
                salt=bytes(16),
            )
        )
    return operations


ONE, TWO = sorted((os.urandom(32), os.urandom(32)), key=lambda key: feed_id(key, SCHOOL))
CHAINS = {feed_id(key, SCHOOL): chain(key, 5) for key in (ONE, TWO)}


def head(public: bytes, after: int = 0, to: int = 5, scope: str = SCHOOL) -> Head:
    """Give the head of a feed above."""
    feed = feed_id(public, scope)
    reaches = CHAINS[feed][to - 1].hash.hex() if feed in CHAINS else "0" * 64
    return Head(feed, scope, False, after, to, reaches, public.hex(), "", "signed")


def lines(heads: list[Head]) -> list[bytes]:
    """Give the operations of some heads."""
    return [op.line() for one in heads for op in CHAINS[one.feed][one.after : one.to]]


def blocks(given_lines: list[bytes], each: int) -> list[bytes]:
    """Join lines into blocks of a number of lines."""
    ended = [line + b"\n" for line in given_lines]
    return [b"".join(ended[at : at + each]) for at in range(0, len(ended), each)]


def checked(heads: list[Head], given_lines: list[bytes], each: int = 3, **held: int) -> ChainCheck:
    """Run a check over lines."""
    check = ChainCheck(heads, held)
    for block in blocks(given_lines, each):
        check.lines(block)
    return check


def test_what_was_written_is_read() -> None:
    heads = [head(ONE), head(TWO, 2, 4)]
    assert read_heads(write_heads(heads)) == heads
    assert read_heads(b"") == []


def test_the_signed_statement_names_no_recipient_and_no_beginning() -> None:
    assert statement("f", SCHOOL, 7, b"\1" * 32) == (
        b'{"feed":"f","scope":"2141041101","to":7,"hash":"' + b"01" * 32 + b'"}'
    )


GOOD = write_heads([head(ONE)])


@pytest.mark.parametrize(
    "data",
    [
        GOOD[:-1],
        GOOD + b"\n",
        GOOD + GOOD,
        write_heads([head(TWO), head(ONE)]),
        GOOD.replace(b'"to":5', b'"to": 5'),
        GOOD.replace(b'"to":5', b'"to":5,"to":5'),
        GOOD.replace(b'"to":5', b'"to":0'),
        GOOD.replace(b'"from":0', b'"from":6'),
        GOOD.replace(b'"from":0', b'"from":-1'),
        GOOD.replace(b'"to":5', b'"to":9007199254740992'),
        GOOD.replace(b'"hash":"', b'"hash":"A'),
        GOOD.replace(ONE.hex().encode(), TWO.hex().encode()),
        GOOD.replace(SCHOOL.encode(), b"2141041102"),
        GOOD.replace(b'"identity"', b'"idEntity"'),
        write_heads([head(ONE, scope="district:410411")]),
        b"\xff\n",
    ],
)
def test_another_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(UntrustedError, match=r"bundle\.bad_head"):
        read_heads(data)


def test_the_number_of_feeds_is_capped() -> None:
    with pytest.raises(UntrustedError, match=r"bundle\.bad_head"):
        read_heads(b"\n" * 5000)


@given(st.integers(0, 4), st.integers(1, 5), st.integers(0, 5), st.integers(1, 11))
def test_true_operations_pass_and_say_what_they_build_on(
    after: int, length: int, held: int, each: int
) -> None:
    to = min(5, after + length)
    heads = [head(ONE, after, to), head(TWO)]
    name = heads[0].feed
    check = ChainCheck(heads, {name: held})
    given_lines = lines(heads)
    taken = [one for block in blocks(given_lines, each) for one in check.lines(block)]
    assert [one.line() for one in taken] == given_lines
    span = check.finish()[name]
    hashes = [GENESIS, *(op.hash for op in CHAINS[name])]
    assert span.before == hashes[after]
    assert span.probed == (hashes[held] if after <= held <= to else None)
    assert check.count == (to - after) + 5


def test_a_head_without_operations_passes() -> None:
    heads = [head(ONE, 5, 5)]
    span = checked(heads, []).finish()[heads[0].feed]
    assert span.before == heads[0].reaches
    assert span.probed is None


@given(
    st.integers(0, 9),
    st.sampled_from(["drop", "double", "swap", "garble", "other"]),
    st.integers(2, 11),
)
def test_anything_else_is_refused(at: int, how: str, each: int) -> None:
    heads = [head(ONE), head(TWO)]
    given_lines = lines(heads)
    match how:
        case "drop":
            del given_lines[at]
        case "double":
            given_lines.insert(at, given_lines[at])
        case "swap":
            given_lines[at], given_lines[at - 1] = given_lines[at - 1], given_lines[at]
        case "garble":
            given_lines[at] = given_lines[at][:-1]
        case "other":
            other = chain(os.urandom(32), 5)
            given_lines[at] = other[at % 5].line()
    with pytest.raises(UntrustedError) as refusal:
        checked(heads, given_lines, each).finish()
    assert refusal.value.code in {"bundle.broken_chain", "bundle.bad_operation"}
    with pytest.raises(UntrustedError) as alone:
        checked(heads, given_lines, 1).finish()
    assert (refusal.value.code, refusal.value.details) == (alone.value.code, alone.value.details)


def test_a_head_that_lies_about_its_end_is_refused() -> None:
    lying = msgspec.structs.replace(head(ONE), hash="0" * 64)
    with pytest.raises(UntrustedError, match=r"bundle\.broken_chain"):
        checked([lying], lines([head(ONE)]))


def test_a_feed_begins_with_nothing() -> None:
    second = CHAINS[feed_id(ONE, SCHOOL)][1]
    with pytest.raises(UntrustedError, match=r"bundle\.broken_chain"):
        checked([head(ONE)], [second.line()])


def test_one_bad_operation_among_many_is_named_by_its_line() -> None:
    given_lines = lines([head(ONE)])
    given_lines[3] = given_lines[3].replace("单".encode(), "李".encode())
    with pytest.raises(UntrustedError) as refusal:
        checked([head(ONE)], given_lines)
    assert refusal.value.code == "bundle.bad_operation"
    assert refusal.value.details["line"] == 4


def test_a_payload_that_was_taken_away_leaves_the_chain_as_it_was() -> None:
    given_lines = lines([head(ONE)])
    given_lines[0] = given_lines[0].partition(b',"payload":')[0] + b',"payload":null}'
    assert checked([head(ONE)], given_lines).finish()[feed_id(ONE, SCHOOL)].head == head(ONE)
