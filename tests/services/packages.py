"""Policy packages as an officer would write them: the shipped one with places changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from desktop_app.durable.places import resource_path
from desktop_app.policy.load import read_files

Changes = Mapping[str, tuple[tuple[str, str], ...]]

PRESCHOOL = """[PRE]
label = "学前教育经历证明"
issuer = "幼儿园"
verifier = "学校"
original_seen = true
keep = "copy"
basis = "默认建议，区教体局可改"

[HKB]"""
"""A paper that nobody may ask for (FB01)."""


def make_package(
    folder: Path, number: int, *, lock_minutes: int = 5, changes: Changes | None = None
) -> Path:
    """Write a package folder with a number of its own."""
    files = dict(read_files(resource_path("policy", "zhanhe-2024")))
    told = {
        "policy.toml": (
            ('number = "1"', f'number = "{number}"'),
            ("lock_minutes = 5", f"lock_minutes = {lock_minutes}"),
        )
    }
    for name, pairs in [*told.items(), *(changes or {}).items()]:
        text = files[name].decode()
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        files[name] = text.encode()
    place = folder / f"package {number}"
    place.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (place / name).write_bytes(data)
    return place


def preschool(folder: Path, number: int) -> Path:
    """Write a package that asks for a forbidden paper."""
    return make_package(folder, number, changes={"materials.toml": (("[HKB]", PRESCHOOL),)})
