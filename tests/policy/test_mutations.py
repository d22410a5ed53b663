"""Whatever becomes of a package on its way, it is refused whole or it is the package it names."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain.errors import RuleError
from desktop_app.durable.places import resource_path
from desktop_app.policy.load import digest_of, find_faults, load_files, read_files
from desktop_app.policy.package import Policy

FILES = read_files(resource_path("policy", "zhanhe-2024"))
NAMES = sorted(FILES)
SOUND = load_files(FILES)


def load(files: Mapping[str, bytes]) -> Policy | None:
    """Load a package; None where it is refused, in which case the faults are named."""
    faults = find_faults(files)
    if not faults:
        return load_files(files)
    with pytest.raises(RuleError) as refused:
        load_files(files)
    assert refused.value.code == "policy.refused"
    assert str(faults[-1].rule)
    assert refused.value.details["count"] == len(faults)
    return None


def refused_or_another(files: Mapping[str, bytes]) -> bool:
    """Tell whether changed files are refused, or a package whose version says it is another one."""
    policy = load(files)
    return policy is None or (
        policy.digest == digest_of(files) and (policy.version == SOUND.version) == (files == FILES)
    )


@settings(max_examples=25)
@given(st.sampled_from(NAMES), st.integers(0, 1 << 20), st.integers(0, 7))
def test_a_flipped_bit_is_refused_or_makes_another_version(name: str, at: int, bit: int) -> None:
    data = bytearray(FILES[name])
    data[at % len(data)] ^= 1 << bit
    assert refused_or_another({**FILES, name: bytes(data)})


@settings(max_examples=15)
@given(st.sampled_from(NAMES), st.integers(0, 1 << 20))
def test_a_truncated_file_is_refused_or_makes_another_version(name: str, at: int) -> None:
    assert refused_or_another({**FILES, name: FILES[name][: at % len(FILES[name])]})


@settings(max_examples=25)
@given(st.sampled_from(NAMES), st.data())
def test_a_lost_doubled_or_moved_line_is_refused_or_makes_another_version(
    name: str, data: st.DataObject
) -> None:
    lines = FILES[name].splitlines(keepends=True)
    one = data.draw(st.integers(0, len(lines) - 1))
    other = data.draw(st.integers(0, len(lines) - 1))
    how = data.draw(st.sampled_from(["lose", "double", "swap"]))
    if how == "lose":
        del lines[one]
    elif how == "double":
        lines.insert(other, lines[one])
    else:
        lines[one], lines[other] = lines[other], lines[one]
    assert refused_or_another({**FILES, name: b"".join(lines)})


VALUES = st.sampled_from(
    [
        b"true",
        b"-1",
        b"0",
        b"1e999",
        b"nan",
        b'""',
        b"[]",
        b"{}",
        b'"\\u0000"',
        b'"=1+1"',
        b"2024-08-31",
        b"99999999999999999999",
        b'"' + b"x" * 5000 + b'"',
        b'["A1", 7]',
        "'六'".encode(),
    ]
)


@settings(max_examples=40)
@given(st.sampled_from(NAMES), st.integers(0, 1 << 16), VALUES)
def test_a_value_of_another_kind_is_named_or_harmless(name: str, at: int, value: bytes) -> None:
    lines = FILES[name].splitlines(keepends=True)
    with_value = [number for number, line in enumerate(lines) if b" = " in line]
    place = with_value[at % len(with_value)]
    lines[place] = lines[place].partition(b" = ")[0] + b" = " + value + b"\n"
    assert refused_or_another({**FILES, name: b"".join(lines)})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"[", b"a = " + b"[" * 3000, b"\x00" * 100, b"a = 1\n" * 50_000],
    ids=["empty", "no text", "torn", "deep", "zeroed", "long"],
)
def test_a_file_that_is_something_else_is_refused(name: str, content: bytes) -> None:
    assert load({**FILES, name: content}) is None


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_refused_by_name(name: str) -> None:
    without = {key: data for key, data in FILES.items() if key != name}
    assert load(without) is None
    assert any(name in fault.place for fault in find_faults(without))


def test_the_digest_knows_names_and_bytes_and_no_order() -> None:
    backwards = dict(reversed(list(FILES.items())))
    assert digest_of(backwards) == digest_of(FILES)
    one, other = NAMES[:2]
    swapped = {**FILES, one: FILES[other], other: FILES[one]}
    assert digest_of(swapped) != digest_of(FILES)
