"""Lines read together are read as they would be one by one, or not at all."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import UntrustedError
from desktop_app.feeds.block import read_block
from desktop_app.feeds.operation import LARGEST_LINE, Operation, read
from tests.feeds.kit import Feed, Somebody

# What stands in the bytes of a line by chance: braces, quotes, the very words that frame a line.
telling = st.sampled_from(
    ['","payload":{"', ',"payload":{', '\\"', "{", "}", "\n", "李", "\\u0000x"]
)
text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
names = st.sampled_from(["payload", "header", "values", "full_name"]) | text | telling
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text | telling
records = st.dictionaries(names, scalars, max_size=4)


def chain(values: list[dict[str, Any]]) -> list[Operation]:
    feed, person = Feed(), Somebody("a")
    return [
        feed.write("applicant", f"r{at}", one, signers=[person] * (at % 3))
        for at, one in enumerate(values)
    ]


def block_of(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


@given(st.lists(records, max_size=6))
def test_ordinary_lines_are_read_as_one_by_one(values: list[dict[str, Any]]) -> None:
    lines = [one.line() for one in chain(values)]
    block = block_of(lines)
    found = read_block(block)
    if b"\\u0000" in block:
        # Only looks like a NUL; who must look twice is the other reader.
        assert found is None
    else:
        assert found == list(map(read, lines))


@given(st.lists(records, min_size=1, max_size=4), st.data())
def test_a_changed_byte_is_never_read_together_if_not_alone(
    values: list[dict[str, Any]], data: st.DataObject
) -> None:
    block = bytearray(block_of([one.line() for one in chain(values)]))
    at = data.draw(st.integers(0, len(block) - 1))
    block[at] = data.draw(st.sampled_from(b' "{}[],:\\\n0aA') | st.integers(0, 255))
    found = read_block(bytes(block))
    if found is not None:
        assert found == [read(line) for line in bytes(block)[:-1].split(b"\n")]


@given(st.data())
def test_what_is_read_alone_is_read_together(data: st.DataObject) -> None:
    (operation,) = chain([{"full_name": "李", "season": 2024}])
    line = bytearray(operation.line())
    line[data.draw(st.integers(0, len(line) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with contextlib.suppress(UntrustedError):
        alone = read(bytes(line))
        # A bit makes another format of this one; such lines are left to the other reader.
        together = None if alone.header is None else [alone]
        assert read_block(bytes(line) + b"\n") == together


@pytest.mark.parametrize("cut", [1, 2, 30, 400])
def test_a_block_that_ends_within_a_line_is_left(cut: int) -> None:
    assert read_block(block_of([one.line() for one in chain([{}, {"x": 1}])])[:-cut]) is None


@pytest.mark.parametrize("more", [b"\n", b" ", b"{}\n", b"null\n", b"\xff\n"])
def test_nothing_may_stand_between_lines(more: bytes) -> None:
    first, second = ([one.line()] for one in chain([{}, {"x": 1}]))
    assert read_block(block_of(first) + more + block_of(second)) is None
    assert read_block(more + block_of(second)) is None


def test_an_erased_payload_and_a_later_format_are_left() -> None:
    (operation,) = chain([{"x": 1}])
    erased = b'{"header":' + operation.header_bytes + b',"payload":null}'
    assert read(erased).header is not None
    assert read_block(erased + b"\n") is None
    later = operation.line().replace(b'"format":1', b'"format":2')
    assert read(later).header is None
    assert read_block(later + b"\n") is None


def test_a_block_longer_than_any_line_may_be_is_left() -> None:
    long = [one.line() for one in chain([{"x": "x" * (LARGEST_LINE // 2)}] * 2)]
    assert read_block(block_of(long[:1])) is not None
    assert read_block(block_of(long)) is None


def test_nothing_is_nothing() -> None:
    assert read_block(b"") == []
