"""What lies in the repository, and what must never be written in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.sources import REPOSITORY, kept_files

TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "benchmarks",
    "desktop_app",
    "docs",
    "installers",
    "main.py",
    "pyproject.toml",
    "requirements-dev.lock",
    "requirements.lock",
    "resources",
    "tests",
    "tools",
}
REQUIRED = {
    ".ci/run",
    ".gitignore",
    "CHANGELOG.md",
    "Makefile",
    "README.md",
    "docs/adr/0001-record-decisions.md",
    "docs/assurance-map.md",
    "docs/features.md",
    "installers/linux/system-packages.sh",
    "pyproject.toml",
    "requirements-dev.lock",
    "requirements.lock",
}
# Written in pieces, so that this file does not hold what it forbids.
FORBIDDEN = [
    "".join(pieces)
    for pieces in (
        ("pypi", ".org"),
        ("python", "hosted"),
        ("debian", ".org"),
        ("index", "-url"),
        ("trusted", "-host"),
        ("/work", "/main"),
        ("/work", "/shared"),
        ("/tmp", "/brief"),
        ("/root", "/"),
    )
]
VAGUE = re.compile(r"(utils?|helpers?|manager|common|base|misc)(\.py)?")
PROVED = ("assurance-map.md", "features.md")
"""The lists in which each line names the tests that show it."""
LEAST_CASES = 50
TEST_REFERENCE = re.compile(r"`(tests/[\w/.-]+?\.py)(?:::(\w+))?`")


def test_the_top_level_holds_only_what_the_layout_names() -> None:
    found = {path.relative_to(REPOSITORY).parts[0] for path in kept_files()}
    assert not found - TOP_LEVEL


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_what_a_newcomer_needs_is_there(name: str) -> None:
    assert (REPOSITORY / name).is_file()


def test_every_file_held_at_full_coverage_exists_and_has_tests_of_its_package() -> None:
    listed = (REPOSITORY / "tests" / "fully_covered.txt").read_text(encoding="utf-8").split()
    assert listed == sorted(set(listed))
    for name in listed:
        assert (REPOSITORY / name).is_file(), name
        assert (REPOSITORY / "tests" / Path(name).parts[1]).is_dir(), name


def test_no_address_or_machine_path_is_written_anywhere() -> None:
    found = [
        f"{path.relative_to(REPOSITORY)}: {word}"
        for path in kept_files()
        for word in FORBIDDEN
        if word.encode() in path.read_bytes()
    ]
    assert not found


def test_no_module_has_a_name_that_says_nothing() -> None:
    found = [
        str(path.relative_to(REPOSITORY))
        for path in kept_files()
        if path.suffix == ".py"
        for part in path.relative_to(REPOSITORY).parts
        if VAGUE.fullmatch(part)
    ]
    assert not found


@pytest.mark.parametrize("name", PROVED)
def test_every_proof_named_in_a_list_exists(name: str) -> None:
    text = (REPOSITORY / "docs" / name).read_text(encoding="utf-8")
    assert proofs(text)
    assert not [one for one in proofs(text) if not proof_exists(REPOSITORY, one)]


def test_every_case_of_the_map_names_a_proof() -> None:
    """A row without a test would pass for one that is shown."""
    text = (REPOSITORY / "docs" / "assurance-map.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "shown by" not in line]
    assert len(rows) > LEAST_CASES
    assert not [row for row in rows if not proofs(row)]


def proofs(text: str) -> list[tuple[str, str]]:
    """Read the tests that a text names as `` `tests/a/test_b.py::test_c` ``."""
    return [(path, test) for path, test in TEST_REFERENCE.findall(text)]


def proof_exists(root: Path, name: tuple[str, str]) -> bool:
    """Tell whether a test file, and the test in it if one is named, exists."""
    path, test = name
    file = root / path
    if not file.is_file():
        return False
    return not test or f"def {test}(" in file.read_text(encoding="utf-8")


def test_a_proof_that_does_not_exist_is_noticed() -> None:
    here = "tests/architecture/test_layout.py"
    text = f"| F1 | `{here}::test_a_proof_that_does_not_exist_is_noticed` | `{here}::test_none` |"
    assert [proof_exists(REPOSITORY, name) for name in proofs(text)] == [True, False]
    assert not proof_exists(REPOSITORY, ("tests/none.py", ""))
