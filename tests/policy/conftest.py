"""The shipped package as bytes, and a way to change one place of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from desktop_app.durable.places import resource_path
from desktop_app.policy.load import find_faults, load_files, read_files
from desktop_app.policy.package import Policy

Change = Callable[[str, str, str], Mapping[str, bytes]]
FaultsOf = Callable[[str, str, str], set[tuple[str, str]]]


@pytest.fixture(scope="session")
def files() -> Mapping[str, bytes]:
    return read_files(resource_path("policy", "zhanhe-2024"))


@pytest.fixture(scope="session")
def policy(files: Mapping[str, bytes]) -> Policy:
    return load_files(files)


@pytest.fixture
def change(files: Mapping[str, bytes]) -> Change:
    def changed(name: str, old: str, new: str) -> Mapping[str, bytes]:
        text = files[name].decode()
        assert old in text
        return {**files, name: text.replace(old, new, 1).encode()}

    return changed


@pytest.fixture
def faults_of(change: Change) -> FaultsOf:
    def found(name: str, old: str, new: str) -> set[tuple[str, str]]:
        return {(fault.place, fault.rule) for fault in find_faults(change(name, old, new))}

    return found
