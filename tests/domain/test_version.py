"""The program says the version it was packed as."""

from __future__ import annotations

import tomllib
from pathlib import Path

from desktop_app.domain.version import PROGRAM


def test_the_program_says_the_version_of_its_package(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == PROGRAM
