"""What one package changes against another, entry by entry, for the officer who publishes it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop_app.policy.item_words import item_word
from desktop_app.policy.load import FILES

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_NAMES = ("code", "row", "number", "label")
"""The keys of which the first one there names an entry of a list."""


_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Part:
    """One item of an entry that is not the same: its key, and what it says before and after.

    The key is empty where the entry is one value; a text is empty where there is no such item.
    """

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry that is not the same: in which file, its name and label, and what became of it."""

    file: str
    entry: str
    label: str
    what: str
    """``added``, ``removed`` or ``changed``."""
    parts: tuple[Part, ...] = field(default=(), compare=False)
    """Of a changed entry: what in it changed."""


def differences(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> tuple[Difference, ...]:
    """Name the entries in which two loaded packages differ, file by file."""
    found: list[Difference] = []
    for name in FILES:
        before, after = _entries(old[name]), _entries(new[name])
        for entry in dict.fromkeys((*before, *after)):
            if before.get(entry) != after.get(entry):
                what = CHANGED if entry in before else ADDED
                what = what if entry in after else REMOVED
                label = _label(after.get(entry, before.get(entry)))
                parts = _parts(before[entry], after[entry]) if what == CHANGED else ()
                found.append(Difference(name, entry, label, what, parts))
    return tuple(found)


def _parts(old: object, new: object) -> tuple[Part, ...]:
    """Name the items of an entry that are not the same."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return (Part("", _said(old), _said(new)),)
    return tuple(
        Part(key, _said(old[key]) if key in old else "", _said(new[key]) if key in new else "")
        for key in dict.fromkeys((*old, *new))
        if old.get(key) != new.get(key) or (key in old) is not (key in new)
    )


def _said(value: object) -> str:
    """Say a value as people read it; a long one is cut where both ends are still seen."""
    if isinstance(value, bool):
        said = "是" if value else "否"
    elif isinstance(value, list):
        said = "、".join(map(_said, value))
    elif isinstance(value, dict):
        said = "，".join(f"{item_word(key)} {_said(one)}" for key, one in value.items())
    else:
        said = str(value)
    if len(said) <= _LONGEST:
        return said
    half = _LONGEST // 2
    return f"{said[:half]}…{said[-half:]}"


def _label(value: object) -> str:
    return str(value.get("label", "")) if isinstance(value, dict) else ""


def _entries(data: bytes) -> dict[str, object]:
    """Split a file into its entries; those of a list are named by what names them in it."""
    found: dict[str, object] = {}
    for key, value in tomllib.loads(data.decode()).items():
        if not (isinstance(value, list) and all(isinstance(one, dict) for one in value) and value):
            found[key] = value
            continue
        for place, one in enumerate(value, 1):
            name = next((str(one[key]) for key in _NAMES if key in one), str(place))
            at = f"{key} {name}"
            found[f"{at} ({place})" if at in found else at] = one
    return found
