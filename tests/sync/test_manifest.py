"""A manifest has one spelling and says nothing that makes no sense."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from desktop_app.domain.errors import UntrustedError
from desktop_app.sync import manifest as form
from desktop_app.sync.manifest import (
    Carrier,
    DistrictPieces,
    Manifest,
    PayloadFacts,
    Piece,
    read_manifest,
    write_manifest,
)

ONE, TWO = "1" * 64, "2" * 64
GOOD = Manifest(
    format=1,
    minimum_reader=1,
    suite=form.SUITE,
    purpose="submission",
    number=3,
    scope="2141041101",
    carrier=Carrier("f" * 20, "2141041101", "0" * 64, "line"),
    recipients=["age1a", "age1b"],
    payload=PayloadFacts(900, ONE, 800, 4096, 1, 7),
    district=DistrictPieces(Piece(ONE, 5), Piece(TWO, 6)),
    scans=[Piece(ONE, 10), Piece(TWO, 20)],
)


def changed(change: Callable[[dict[str, Any]], None]) -> bytes:
    """Give the manifest with something changed in its loose form."""
    loose = msgspec.json.decode(write_manifest(GOOD))
    change(loose)
    return msgspec.json.encode(loose)


def test_what_was_written_is_read() -> None:
    assert read_manifest(write_manifest(GOOD)) == GOOD
    bare = msgspec.structs.replace(GOOD, district=None, scans=[])
    assert read_manifest(write_manifest(bare)) == bare


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"null",
        b'{"minimum_reader":"1"}',
        b'{"minimum_reader":true}',
        b'{"minimum_reader":0}',
        b"[" * 100_000,
        write_manifest(GOOD) + b"\n",
        write_manifest(GOOD).replace(b'"number":3', b'"number": 3'),
        write_manifest(GOOD).replace(b'"number":3', b'"number":3,"number":3'),
        write_manifest(GOOD).replace(b'"number":3', b'"number":3.0'),
        write_manifest(GOOD).replace(b'"number":3', b'"number":NaN'),
        write_manifest(GOOD).replace(b'"number":3', b'"number":' + b"9" * 400),
        write_manifest(GOOD).replace(b'"number":3', b'"number":"3"'),
        write_manifest(GOOD).replace(b"submission", b"subm\\u0069ssion"),
        write_manifest(GOOD).replace(b"age1a", b"\xed\xa0\x80"),
    ],
)
def test_another_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(UntrustedError, match=r"bundle\.malformed"):
        read_manifest(data)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(format=0),
        lambda m: m.update(number=0),
        lambda m: m.update(purpose="attack"),
        lambda m: m.update(recipients=[]),
        lambda m: m.update(recipients=["b", "a"]),
        lambda m: m.update(recipients=["a", "a"]),
        lambda m: m.update(recipients=[f"{n:04}" for n in range(form.MOST_RECIPIENTS + 1)]),
        lambda m: m.update(unknown=1),
        lambda m: m["carrier"].update(unknown=1),
        lambda m: m["payload"].update(size=0),
        lambda m: m["payload"].update(operations=-1),
        lambda m: m["payload"].update(digest="A" * 64),
        lambda m: m["payload"].update(digest="1" * 63),
        lambda m: m["district"]["document"].update(digest="x"),
        lambda m: m["scans"].reverse(),
        lambda m: m["scans"][0].update(size=0),
    ],
)
def test_what_makes_no_sense_is_refused(change: Callable[[dict[str, Any]], None]) -> None:
    with pytest.raises(UntrustedError, match=r"bundle\.malformed"):
        read_manifest(changed(change))


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m["payload"].update(size=form.LARGEST_PAYLOAD + 1),
        lambda m: m["payload"].update(plain=form.LARGEST_PLAIN + 1),
        lambda m: m["payload"].update(compressed=901),
        lambda m: m["scans"][1].update(size=form.LARGEST_SCAN + 1),
    ],
)
def test_sizes_are_capped(change: Callable[[dict[str, Any]], None]) -> None:
    with pytest.raises(UntrustedError, match=r"bundle\.too_large"):
        read_manifest(changed(change))


def test_another_suite_is_never_guessed_at() -> None:
    with pytest.raises(UntrustedError, match=r"bundle\.unknown_suite"):
        read_manifest(changed(lambda m: m.update(suite="none")))


def test_a_program_that_is_too_old_says_so() -> None:
    with pytest.raises(UntrustedError, match=r"bundle\.newer_format"):
        read_manifest(changed(lambda m: m.update(minimum_reader=2, suite="later", format=2)))


@pytest.mark.parametrize("program", ["", "x", "1..2", "1" * 9, "0.1.0\n", 7, None])
def test_a_version_that_is_none_is_refused(program: object) -> None:
    with pytest.raises(UntrustedError, match=r"bundle\.malformed"):
        read_manifest(changed(lambda m: m.update(format=2, program=program)))


def test_a_version_is_said_from_the_second_format_on() -> None:
    said = msgspec.structs.replace(GOOD, format=2, program="0.1.0")
    assert read_manifest(write_manifest(said)) == said
    with pytest.raises(UntrustedError, match=r"bundle\.malformed"):
        read_manifest(write_manifest(msgspec.structs.replace(said, format=1)))


def test_a_later_format_this_reader_can_read_may_say_more() -> None:
    read = read_manifest(changed(lambda m: m.update(format=2, more={"a": [1]})))
    assert msgspec.structs.replace(read, format=1) == GOOD
