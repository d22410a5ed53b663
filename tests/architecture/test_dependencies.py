"""The locks name all that is installed, with hashes, and nothing that was left out on purpose."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version

import pytest

from tests.architecture.sources import REPOSITORY

NAME = re.compile(r"[A-Za-z0-9._-]+")
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
OTHER_SYSTEMS = {"colorama"}


def normal(name: str) -> str:
    """Write a package's name as the locks do."""
    return re.sub(r"[-_.]+", "-", name).lower()


def lock(name: str) -> str:
    """Read a lock file."""
    return (REPOSITORY / name).read_text(encoding="utf-8")


def pins(name: str) -> dict[str, str]:
    """Read the versions that a lock pins."""
    return dict(PIN.findall(lock(name)))


def declared() -> tuple[set[str], set[str]]:
    """Read what the program and its tools ask for by name."""
    project = tomllib.loads(lock("pyproject.toml"))
    return (
        set(names(project["project"]["dependencies"])),
        set(names(project["dependency-groups"]["dev"])),
    )


def names(requirements: Iterable[str]) -> Iterator[str]:
    """Read the names of requirements that hold without extras, on this system or another."""
    for text in requirements:
        if "extra ==" not in text:
            matched = NAME.match(text)
            assert matched
            yield normal(matched.group())


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_line_of_a_lock_is_a_pin_or_a_hash(name: str) -> None:
    pin = re.compile(r"[a-z0-9-]+==\S+( ; [a-zA-Z_ '=!<>.0-9()]+)? \\")
    digest = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    strange = [
        line
        for line in lock(name).splitlines()
        if not (pin.fullmatch(line) or digest.fullmatch(line))
    ]
    assert not strange


def test_the_two_locks_agree_and_the_second_holds_the_first() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_the_locks_hold_what_is_declared() -> None:
    program, tools = declared()
    assert program <= pins("requirements.lock").keys()
    assert program | tools <= pins("requirements-dev.lock").keys()
    assert not tools & pins("requirements.lock").keys()


def test_what_runs_here_is_what_is_pinned() -> None:
    for name, pinned in pins("requirements-dev.lock").items():
        if name not in OTHER_SYSTEMS:
            assert version(name) == pinned, name


def test_nothing_that_a_pinned_package_needs_is_missing_from_the_lock() -> None:
    """Installation is without resolution, so a gap would show at a school's desk."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        pinned = pins(name)
        for package in pinned:
            try:
                needed = set(names(wanted_here(requires(package) or [])))
            except PackageNotFoundError:
                assert package in OTHER_SYSTEMS
                continue
            assert needed <= pinned.keys(), package


def wanted_here(requirements: Iterable[str]) -> Iterator[str]:
    """Leave out what is asked for on other systems and other Pythons only."""
    from packaging.requirements import Requirement

    for text in requirements:
        marker = Requirement(text).marker
        if marker is None or marker.evaluate({"extra": ""}):
            yield text


def test_every_library_of_the_program_has_its_reasons_written_down() -> None:
    text = lock("docs/adr/0002-dependencies.md").lower()
    assert not {name for name in pins("requirements.lock") if name not in text}
