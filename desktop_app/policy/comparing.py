"""What one package changes against another, entry by entry, for the officer who publishes it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.policy.load import FILES

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_NAMES = ("code", "row", "number", "label")
"""The keys of which the first one there names an entry of a list."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry that is not the same: in which file, its name and label, and what became of it."""

    file: str
    entry: str
    label: str
    what: str
    """``added``, ``removed`` or ``changed``."""


def differences(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> tuple[Difference, ...]:
    """Name the entries in which two loaded packages differ, file by file."""
    found: list[Difference] = []
    for name in FILES:
        before, after = _entries(old[name]), _entries(new[name])
        for entry in dict.fromkeys((*before, *after)):
            if before.get(entry) != after.get(entry):
                what = CHANGED if entry in before else ADDED
                label = _label(after.get(entry, before.get(entry)))
                found.append(Difference(name, entry, label, what if entry in after else REMOVED))
    return tuple(found)


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
