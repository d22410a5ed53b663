"""A line is read only if it could not have been written in any other way."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import UntrustedError
from desktop_app.feeds.block import read_block
from desktop_app.feeds.operation import (
    GENESIS,
    LARGEST_INTEGER,
    LARGEST_LINE,
    Operation,
    chain_hash,
    from_parts,
    held,
    read,
    signed_bytes,
)
from tests.feeds.kit import Feed, Somebody

VALUES: dict[str, str | int | bool | None] = {
    "full_name": "李梓涵",
    "season": 2024,
    "multiple_birth": True,
    "category": None,
}


def written(**changed: Any) -> Operation:
    return Feed().write("applicant", "r1", VALUES, **changed)


def parts(operation: Operation) -> tuple[dict[str, Any], dict[str, Any]]:
    line = json.loads(operation.line())
    return line["header"], line["payload"]


def line_of(header: object, payload: object) -> bytes:
    """Write a line canonically, the digest made right."""
    payload_bytes = msgspec.json.encode(payload)
    if isinstance(header, dict) and payload is not None:
        header = header | {"digest": hashlib.sha256(payload_bytes).hexdigest()}
    return b'{"header":' + msgspec.json.encode(header) + b',"payload":' + payload_bytes + b"}"


def refused(line: bytes) -> bool:
    good = written().line()
    assert read_block(good + b"\n" + line + b"\n" + good + b"\n") is None
    assert read_block(line + b"\n") is None
    with pytest.raises(UntrustedError) as caught:
        read(line)
    return caught.value.code == "operation.malformed"


def test_what_was_written_is_read_back_with_the_same_bytes() -> None:
    operation = written()
    again = read(operation.line())
    assert again == operation
    assert again.payload() == operation.payload()
    assert again.id == f"{operation.feed}:1"
    assert again.reference == f"{operation.feed}:1:{operation.hash.hex()[:12]}"


def test_the_control_line_of_these_tests_is_good() -> None:
    assert read(line_of(*parts(written()))).kind == "applicant"


def test_operations_chain_by_the_hash_of_previous_and_header() -> None:
    feed = Feed()
    first, second = (feed.write("applicant", name, VALUES) for name in ("r1", "r2"))
    assert first.previous == GENESIS
    assert second.previous == first.hash == chain_hash(GENESIS, first.header_bytes)


def test_an_erased_payload_leaves_the_header_whole() -> None:
    operation = written()
    erased = read(b'{"header":' + operation.header_bytes + b',"payload":null}')
    assert erased.payload() is None
    assert erased.hash == operation.hash
    assert erased.line().endswith(b',"payload":null}')


text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text


@given(st.dictionaries(text, scalars, max_size=6), text, text)
def test_every_sound_value_comes_back_as_it_was(
    values: dict[str, Any], kind: str, record: str
) -> None:
    operation = Feed().write(kind, record, values)
    again = read(operation.line())
    payload = again.payload()
    assert payload is not None
    assert payload.values == values
    assert [type(value) for value in payload.values.values()] == [
        type(value) for value in values.values()
    ]


@pytest.mark.parametrize("value", ["a\0b", "\ud800", 2**53, -(2**53)])
def test_a_value_no_reader_would_take_is_not_written(value: str | int) -> None:
    with pytest.raises(ValueError, match="may not stand"):
        Feed().write("applicant", "r1", {"full_name": value})


def test_an_operation_too_large_to_be_taken_in_is_not_written() -> None:
    with pytest.raises(ValueError, match="too large"):
        Feed().write("applicant", "r1", {"full_name": "x" * LARGEST_LINE})
    Feed().write("applicant", "r1", {"full_name": "x" * (LARGEST_LINE - 1000)})


@pytest.mark.parametrize("cut", [0, 10])
def test_a_line_over_the_limit_is_refused_before_it_is_read(cut: int) -> None:
    long = b"x" * (LARGEST_LINE + 1 - cut)
    with pytest.raises(UntrustedError) as caught:
        read(long + b"x" * cut)
    assert caught.value.code == "operation.too_large"
    with pytest.raises(UntrustedError) as caught:
        from_parts(long, b"y" * (cut + 1))
    assert caught.value.code == "operation.too_large"


Change = Callable[[dict[str, Any], dict[str, Any]], object]


def set_header(**changed: object) -> Change:
    return lambda header, _: header.update(changed)


def set_payload(**changed: object) -> Change:
    return lambda _, payload: payload.update(changed)


def set_value(name: str, value: object) -> Change:
    return lambda _, payload: payload["values"].update({name: value})


@pytest.mark.parametrize(
    "change",
    [
        set_header(extra=1),
        set_header(format=0),
        set_header(format=-1),
        set_header(format="1"),
        set_header(sequence=0),
        set_header(sequence=-1),
        set_header(sequence=LARGEST_INTEGER),
        set_header(sequence=True),
        set_header(sequence=None),
        set_header(previous="00" * 31),
        set_header(previous="zz" * 32),
        set_header(previous="AA" * 32),
        set_header(previous=" ".join(["00"] * 32)),
        set_header(stamp=[1, LARGEST_INTEGER]),
        set_header(stamp=[-1, 0]),
        set_header(stamp=[1]),
        set_header(stamp=[1.5, 0]),
        set_header(schema=LARGEST_INTEGER),
        set_header(schema=-1),
        set_header(record="a\0b"),
        set_header(person="a\0"),
        set_header(sets={"full_name": ["\0"]}),
        set_header(sets={"full_name": []}),
        set_header(sets={"full_name": None}),
        set_header(signatures=[{"key": "k"}]),
        set_header(signatures=[{"key": "k", "signature": "s", "more": 1}]),
        set_payload(salt="00" * 15),
        set_payload(salt="00" * 17),
        set_payload(salt="zz" * 16),
        set_payload(salt="AA" * 16),
        set_payload(extra=1),
        set_value("full_name", "a\0b"),
        set_value("full_name", 1.5),
        set_value("full_name", 1.0),
        set_value("full_name", LARGEST_INTEGER),
        set_value("full_name", 10**40),
        set_value("full_name", ["x"]),
        set_value("full_name", {"x": 1}),
        set_value("more", 1),
    ],
)
def test_whatever_may_not_stand_is_refused(change: Change) -> None:
    header, payload = parts(written())
    change(header, payload)
    assert refused(line_of(header, payload))


def test_a_missing_field_is_refused() -> None:
    header, payload = parts(written())
    for name in header:
        assert refused(line_of({k: v for k, v in header.items() if k != name}, payload)) or (
            name == "digest"
        )


def swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda line: line.replace(old, new, 1)


@pytest.mark.parametrize(
    "change",
    [
        swap(b'{"header":', b'{"header": '),
        swap(b'{"header":', b' {"header":'),
        swap(b',"payload":', b', "payload":'),
        swap(b'"format":1', b'"format": 1'),
        swap(b'"format":1', b'"format":1.0'),
        swap(b'"format":1', b'"format":1e0'),
        swap(b'"format":1', b'"format":01'),
        swap(b'"format":1', b'"format":1,"format":1'),
        swap(b'"format":1,', b""),
        swap(b'"salt":', b'"salt":"00112233445566778899aabbccddeeff","salt":'),
        swap(b'"season":2024', b'"season":2024,"season":2024'),
        swap(b'"season":2024', b'"season":2024.0'),
        swap(b'"season":2024', b'"season":NaN'),
        swap(b'"season":2024', b'"season":-0'),
        swap("李".encode(), b"\\u674e"),
        swap("李".encode(), b"\\ud800"),
        swap("李".encode(), b"\xed\xa0\x80"),
        swap("李".encode(), b"\xff"),
        swap("李".encode(), b"\x00"),
        swap("李".encode(), b"\\u0000"),
        swap("李".encode(), b"\\/"),
        swap(b"true", b"True"),
        lambda line: line + b"\n",
        lambda line: line + b"{}",
        lambda line: line[:-1],
        lambda line: line[:-1] + b',"payload":null}',
        lambda line: b'{"header":1,' + line[1:],
        lambda _: b"",
        lambda _: b"null",
        lambda _: b"[]",
        lambda _: b"[" * 100_000,
        lambda _: b'{"header":' + b'{"a":' * 50_000,
        lambda _: b'{"header":' + b"[" * 50_000 + b"]" * 50_000 + b',"payload":null}',
    ],
)
def test_a_line_that_is_not_its_own_encoding_is_refused(change: Callable[[bytes], bytes]) -> None:
    operation = written()
    changed = change(operation.line())
    assert changed != operation.line()
    # The digest follows the payload as far as it can, so that the writing itself is judged.
    start = changed.find(b',"payload":')
    if start > 0:
        digest = hashlib.sha256(changed[start + len(b',"payload":') : -1]).hexdigest()
        changed = changed.replace(parts(operation)[0]["digest"].encode(), digest.encode())
    assert refused(changed)


def test_members_in_another_order_are_refused() -> None:
    operation = written()
    assert operation.payload_bytes is not None
    turned = b'{"payload":' + operation.payload_bytes + b',"header":' + operation.header_bytes
    assert refused(turned + b"}")
    header, payload = parts(operation)
    assert refused(line_of(dict(reversed(header.items())), payload))


@given(st.data())
def test_a_flipped_bit_is_refused_or_makes_another_operation(data: st.DataObject) -> None:
    operation = written(signers=[Somebody("a")])
    line = bytearray(operation.line())
    place = data.draw(st.integers(0, len(line) - 1))
    line[place] ^= 1 << data.draw(st.integers(0, 7))
    with contextlib.suppress(UntrustedError):
        found = read(bytes(line))
        assert found.hash != operation.hash
        assert found.line() == bytes(line)


@given(st.integers(0, 800))
def test_a_line_cut_short_is_refused(length: int) -> None:
    line = written().line()
    assert length >= len(line) or refused(line[:length])


def test_a_payload_of_another_operation_is_refused() -> None:
    one, other = written(), Feed("other").write("applicant", "r2", {"full_name": "王"})
    assert other.payload_bytes is not None
    assert refused(b'{"header":' + one.header_bytes + b',"payload":' + other.payload_bytes + b"}")


@pytest.mark.parametrize("payload", [None, {"any": [1, "x", {"y": None}], "t": True}])
def test_a_later_format_is_kept_whole_and_not_understood(payload: object) -> None:
    header, _ = parts(written())
    later = header | {"format": 2, "new": {"deep": [1, "x", None, True]}}
    line = line_of(later, payload)
    operation = read(line)
    assert operation.header is None
    assert operation.payload() is None
    assert (operation.feed, operation.sequence) == (header["feed"], 1)
    assert operation.line() == line
    assert operation.hash == chain_hash(GENESIS, operation.header_bytes)


def test_a_later_format_that_looks_like_this_one_is_not_understood_either() -> None:
    header, payload = parts(written())
    assert read(line_of(header | {"format": 2}, payload)).header is None


@pytest.mark.parametrize(
    ("header", "payload"),
    [
        ({"new": 1.5}, {}),
        ({"new": LARGEST_INTEGER}, {}),
        ({"new": "a\0"}, {}),
        ({"a\0": 1}, {}),
        ({"sequence": 0}, {}),
        ({"sequence": None}, {}),
        ({}, {"x": 1.5}),
        ({}, {"x": ["\0"]}),
    ],
)
def test_a_later_format_still_holds_nothing_but_plain_json(
    header: dict[str, Any], payload: dict[str, Any]
) -> None:
    begin, _ = parts(written())
    assert refused(line_of(begin | {"format": 2} | header, payload))


def test_a_later_format_must_be_its_own_encoding_too() -> None:
    header, _ = parts(written())
    line = line_of(header | {"format": 2}, {"x": 1})
    assert read(line).header is None
    assert refused(line.replace(b'"format":2', b'"format":2,"format":2'))
    assert refused(line.replace(b'"x":1', b'"x":2'))
    spaced = b'{"x": 1}'
    digest = hashlib.sha256(spaced).hexdigest()
    begin = msgspec.json.encode(header | {"format": 2, "digest": digest})
    assert refused(b'{"header":' + begin + b',"payload":' + spaced + b"}")


def test_text_that_only_looks_like_a_nul_is_taken() -> None:
    header, payload = parts(Feed().write("applicant", "r\\u0000", {"full_name": "\\u0000"}))
    assert read(line_of(header, payload)).record == "r\\u0000"


def test_stored_bytes_that_are_no_operation_are_noticed() -> None:
    header, _ = parts(written())
    with pytest.raises(UntrustedError):
        held(msgspec.json.encode(header | {"extra": 1}), None)


def test_signatures_cover_the_header_without_signatures() -> None:
    one, other = Somebody("a"), Somebody("b")
    unsigned = Feed().write("applicant", "r1", VALUES)
    signed = Feed().write("applicant", "r1", VALUES, signers=[one, other])
    assert unsigned.header is not None
    assert signed.header is not None
    assert [signature.key for signature in signed.header.signatures] == [one.id, other.id]
    assert signed_bytes(signed.header) == unsigned.header_bytes == signed_bytes(unsigned.header)
    assert signed.hash != unsigned.hash
