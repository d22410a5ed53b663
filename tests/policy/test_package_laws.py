"""Laws of packages: what differs is named both ways, and what was packed comes out again."""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import tomllib
from collections.abc import Mapping
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.durable.places import resource_path
from desktop_app.policy.comparing import ADDED, CHANGED, REMOVED, Difference, differences
from desktop_app.policy.load import FILES, digest_of, find_faults, read_files
from desktop_app.policy.parcel import LARGEST_TEXT, pack, unpack

Files = Mapping[str, bytes]
EMPTY = dict.fromkeys(FILES, b"")
TURNED = {ADDED: REMOVED, REMOVED: ADDED, CHANGED: CHANGED}
CODES = ("HKB", "GID", "A1", "410411200201", "R7")

tables = st.dictionaries(
    st.sampled_from(CODES),
    st.fixed_dictionaries({"label": st.sampled_from(["户口簿", "身份证", "房产证"])}),
    max_size=4,
)
"""A file of named tables, such as that of the materials."""
listed = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from(["柳树营", "湛河湾"])), max_size=4
)
"""A file of one list whose entries have codes; one may come twice."""


def as_tables(made: Mapping[str, Mapping[str, str]]) -> bytes:
    return "".join(f'["{code}"]\nlabel = "{one["label"]}"\n' for code, one in made.items()).encode()


def as_list(made: list[tuple[str, str]]) -> bytes:
    lines = (f'[[village]]\ncode = "{code}"\nlabel = "{label}"\n' for code, label in made)
    return "".join(lines).encode()


@st.composite
def packages(draw: st.DrawFn) -> Files:
    made = dict(EMPTY)
    made["materials.toml"] = as_tables(draw(tables))
    made["places.toml"] = as_list(draw(listed))
    made["wording.toml"] = b'said = "%d"\n' % draw(st.integers(0, 2))
    return made


def by_entry(found: tuple[Difference, ...]) -> dict[tuple[str, str], str]:
    told = {(one.file, one.entry): one.what for one in found}
    assert len(told) == len(found), "no entry is named twice"
    return told


# --- comparing ------------------------------------------------------------------------------------


@given(packages())
def test_nothing_differs_from_itself(files: Files) -> None:
    assert differences(files, files) == ()


@given(packages(), packages())
def test_the_way_back_takes_away_what_the_way_there_added(old: Files, new: Files) -> None:
    there, back = by_entry(differences(old, new)), by_entry(differences(new, old))
    assert back == {entry: TURNED[what] for entry, what in there.items()}


@given(packages(), packages())
def test_they_differ_exactly_where_a_file_says_something_else(old: Files, new: Files) -> None:
    named = {one.file for one in differences(old, new)}
    other = {
        name
        for name in FILES
        if tomllib.loads(old[name].decode()) != tomllib.loads(new[name].decode())
    }
    assert named <= other
    # Only an order within a list of named entries may go unsaid; nothing of theirs is lost by it.
    for name in other - named:
        assert sorted(old[name]) == sorted(new[name])


@given(packages())
def test_against_nothing_every_entry_is_new_and_has_its_label(files: Files) -> None:
    found = differences(EMPTY, files)
    assert {one.what for one in found} <= {ADDED}
    labels = [one.label for one in found if one.file != "wording.toml"]
    assert all(labels)
    material = tomllib.loads(files["materials.toml"].decode())
    assert {one.entry for one in found if one.file == "materials.toml"} == set(material)
    villages = tomllib.loads(files["places.toml"].decode()).get("village", [])
    assert sum(one.file == "places.toml" for one in found) == len(villages)


@given(packages(), packages())
def test_files_come_in_the_order_of_a_package(old: Files, new: Files) -> None:
    named = [one.file for one in differences(old, new)]
    assert named == sorted(named, key=FILES.index)


def test_remarks_and_empty_lines_are_no_difference() -> None:
    files = read_files(resource_path("policy", "zhanhe-2024"))
    remarked = {name: b"# checked\n\n" + data for name, data in files.items()}
    assert digest_of(remarked) != digest_of(files)
    assert not find_faults(remarked)
    assert differences(files, remarked) == ()


def test_a_label_that_was_changed_is_told_as_it_will_be_and_one_taken_away_as_it_was() -> None:
    old = EMPTY | {"materials.toml": as_tables({"HKB": {"label": "户口簿"}})}
    new = EMPTY | {"materials.toml": as_tables({"HKB": {"label": "户口本"}})}
    (changed,) = differences(old, new)
    assert (changed.label, changed.what) == ("户口本", CHANGED)
    (removed,) = differences(old, EMPTY)
    assert (removed.label, removed.what) == ("户口簿", REMOVED)


def test_an_entry_that_stands_twice_is_told_twice() -> None:
    once, twice = [("A1", "柳树营")], [("A1", "柳树营"), ("A1", "湛河湾")]
    old, new = (EMPTY | {"places.toml": as_list(made)} for made in (once, twice))
    assert differences(old, new) == (Difference("places.toml", "village A1 (2)", "湛河湾", ADDED),)


# --- the parcel -----------------------------------------------------------------------------------

texts = st.fixed_dictionaries(
    {name: st.text(st.characters(exclude_categories=["Cs"]), max_size=40) for name in FILES}
)


@given(texts)
def test_any_text_in_the_twelve_files_comes_out_as_it_went_in(texts: Mapping[str, str]) -> None:
    files = {name: text.encode() for name, text in texts.items()}
    assert dict(unpack(pack(files))) == files


@given(texts, st.randoms(use_true_random=False))
def test_a_package_is_one_text_whatever_order_its_files_were_read_in(
    texts: Mapping[str, str], chance: Random
) -> None:
    files = {name: text.encode() for name, text in texts.items()}
    names = list(FILES)
    chance.shuffle(names)
    assert pack({name: files[name] for name in names}) == pack(files)


@given(texts, texts)
def test_two_packages_are_one_text_only_where_they_are_one_package(
    one: Mapping[str, str], other: Mapping[str, str]
) -> None:
    first, second = ({name: text.encode() for name, text in of.items()} for of in (one, other))
    assert (pack(first) == pack(second)) == (digest_of(first) == digest_of(second))


SHIPPED = read_files(resource_path("policy", "zhanhe-2024"))
PACKED = pack(SHIPPED)


@given(st.integers(0, len(PACKED) - 1), st.sampled_from("Az0+/ =\n中"))
def test_a_text_changed_at_one_place_is_refused_or_says_the_same(at: int, other: str) -> None:
    """Gzip checks what it holds; only bits that stand for nothing may change."""
    found: Files = SHIPPED
    with contextlib.suppress(UntrustedError):
        found = unpack(PACKED[:at] + other + PACKED[at + 1 :])
    assert dict(found) == dict(SHIPPED)


@pytest.mark.parametrize("more", [" ", "\n", "=", "A", "AAAA", PACKED])
def test_a_text_with_more_behind_it_is_refused(more: str) -> None:
    with pytest.raises(UntrustedError):
        unpack(PACKED + more)


@pytest.mark.parametrize("said", ['"\\ud800"', "null", "1", "[]", "{}", "true"])
def test_a_file_that_is_no_text_is_refused(said: str) -> None:
    plain = json.dumps(dict.fromkeys(FILES, "")).replace('""', said, 1)
    text = base64.b64encode(gzip.compress(plain.encode())).decode()
    with pytest.raises(UntrustedError) as caught:
        unpack(text)
    assert caught.value.code == "policy.damaged"


def test_a_file_named_twice_counts_once_and_never_makes_thirteen() -> None:
    named = ",".join(f'"{name}":""' for name in (*FILES, FILES[0]))
    text = base64.b64encode(gzip.compress(f"{{{named}}}".encode())).decode()
    assert set(unpack(text)) == set(FILES)


def test_what_would_fill_the_memory_is_refused_though_it_is_short() -> None:
    bomb = dict.fromkeys(FILES, " " * 1024**2)
    text = base64.b64encode(gzip.compress(msgspec.json.encode(bomb))).decode()
    assert len(text) < LARGEST_TEXT // 10
    with pytest.raises(UntrustedError):
        unpack(text)
    with pytest.raises(RuleError) as caught:
        pack({name: said.encode() for name, said in bomb.items()})
    assert caught.value.code == "policy.too_large", "what nobody could unpack is not packed"
    assert caught.value.details == {"limit": LARGEST_TEXT // 1000}


def test_the_files_of_a_parcel_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        unpack(PACKED)["policy.toml"] = b""  # type: ignore[index]
