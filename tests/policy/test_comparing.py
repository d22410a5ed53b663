"""What a new package changes is named entry by entry."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

import pytest

from desktop_app.policy.comparing import ADDED, CHANGED, REMOVED, Difference, Part, differences
from desktop_app.policy.item_words import ITEM_WORDS
from desktop_app.policy.load import FILES
from tests.policy.conftest import Change


def test_the_same_package_differs_in_nothing(files: Mapping[str, bytes]) -> None:
    assert differences(files, files) == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("policy.toml", 'number = "1"', 'number = "2"', ("number", "", CHANGED)),
        (
            "materials.toml",
            '"户口簿（首页、户主页、父母页、儿童页）"',
            '"户口簿"',
            ("HKB", "户口簿", CHANGED),
        ),
        ("catchment.toml", "groups = [6, 7, 8]", "groups = [6, 7]", ("rule 3", "", CHANGED)),
    ],
)
def test_a_changed_entry_is_named_with_its_file(
    files: Mapping[str, bytes],
    change: Change,
    name: str,
    old: str,
    new: str,
    said: tuple[str, str, str],
) -> None:
    assert differences(files, change(name, old, new)) == (Difference(name, *said),)


def test_added_and_removed_entries_are_named_either_way(
    files: Mapping[str, bytes], change: Change
) -> None:
    township = '[[township]]\ncode = "410411999000"\nlabel = "示例街道"\nbasis = "示例"\n\n'
    more = change("places.toml", "[[township]]", township + "[[township]]")
    there = differences(files, more)
    back = differences(more, files)
    entry = ("places.toml", "township 410411999000", "示例街道")
    assert there == (Difference(*entry, ADDED),)
    assert back == (Difference(*entry, REMOVED),)


def test_entries_that_nothing_names_are_told_apart_by_their_place(
    files: Mapping[str, bytes], change: Change
) -> None:
    other = change("policy.toml", '"parent_moved_in_on"', '"guardian_moved_in_on"')
    assert differences(files, other) == (Difference("policy.toml", "ranking 3", "", CHANGED),)


def test_what_changed_is_said_from_what_to_what(files: Mapping[str, bytes], change: Change) -> None:
    (number,) = differences(files, change("policy.toml", 'number = "1"', 'number = "2"'))
    assert number.parts == (Part("", "1", "2"),)
    (rule,) = differences(files, change("catchment.toml", "groups = [6, 7, 8]", "groups = [6, 7]"))
    assert rule.parts == (Part("groups", "6、7、8", "6、7"),)
    (less,) = differences(files, change("schools.toml", "example = true\n", ""))
    assert less.parts == (Part("example", "是", ""),)
    (long,) = differences(files, change("policy.toml", 'hotline = "', f'hotline = "{"长" * 300}'))
    assert all(len(one.after) < 130 for one in long.parts), "a long one is cut"


@pytest.mark.parametrize("name", FILES)
def test_every_item_of_a_package_has_a_word(files: Mapping[str, bytes], name: str) -> None:
    named = {"reasons.toml", "materials.toml", "schools.toml", "wording.toml", "field_help.toml"}
    table = tomllib.loads(files[name].decode())
    codes = {"categories.toml": {one for one in table if len(one) == 2}}.get(name, set())
    entries = [value for key, value in table.items() if name in named or key in codes]
    rest = {} if entries and name in named else {k: v for k, v in table.items() if k not in codes}
    found = set().union(*(_keys(one) for one in entries), _keys(rest))
    assert found <= set(ITEM_WORDS)


def _keys(value: object) -> set[str]:
    if isinstance(value, Mapping):
        return set(value).union(*(_keys(one) for one in value.values()))
    if isinstance(value, list):
        return set().union(*(_keys(one) for one in value))
    return set()
