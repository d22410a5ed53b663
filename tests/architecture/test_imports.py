"""The layers of pyproject.toml hold, and the contracts are able to fail."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

# What may be imported besides the standard library and the product itself.
PURE = {"domain": set(), "durable": set(), "feeds": {"msgspec"}}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter over the tree in a folder, by that tree's own pyproject.toml."""
    # Prepended, not set: the interpreter's own entries stay.
    code = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache", "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_is_kept(repository: Path) -> None:
    result = lint(repository)
    assert result.returncode == 0, result.stdout
    assert " 0 broken" in result.stdout


@pytest.fixture
def tree(tmp_path: Path, repository: Path) -> Path:
    """Build an empty tree of the same layers under the same contracts."""
    shutil.copy(repository / "pyproject.toml", tmp_path)
    rules = tomllib.loads((tmp_path / "pyproject.toml").read_text(encoding="utf-8"))
    layers = rules["tool"]["importlinter"]["contracts"][0]["layers"]
    for name in " | ".join(layers).replace("(", "").replace(")", "").split(" | "):
        package = tmp_path / "desktop_app" / name
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
    (tmp_path / "desktop_app" / "__init__.py").touch()
    return tmp_path


def test_a_clean_tree_passes(tree: Path) -> None:
    (tree / "desktop_app" / "ui" / "__init__.py").write_text("import PySide6.QtWidgets\n")
    (tree / "desktop_app" / "bootstrap" / "a.py").write_text("import desktop_app.ui\n")
    (tree / "desktop_app" / "storage" / "a.py").write_text("import sqlalchemy.orm, sqlcipher3\n")
    (tree / "desktop_app" / "security" / "a.py").write_text("import pyrage, cryptography.x509\n")
    (tree / "desktop_app" / "documents" / "a.py").write_text("import openpyxl, PIL.Image\n")
    result = lint(tree)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("domain", "import desktop_app.feeds"),
        ("feeds", "import desktop_app.storage"),
        ("storage", "import desktop_app.security"),
        ("documents", "import desktop_app.policy"),
        ("services", "import desktop_app.sync"),
        ("sync", "import desktop_app.messages"),
        ("commands", "import desktop_app.ui"),
        ("ui", "import desktop_app.bootstrap"),
        ("domain", "def late() -> None:\n    import desktop_app.services"),
        ("domain", "import typing\nif typing.TYPE_CHECKING:\n    import desktop_app.ui"),
        ("newcomer", "import os"),
        ("commands", "import PySide6.QtCore"),
        ("services", "import sqlalchemy.orm"),
        ("ui", "import sqlcipher3"),
        ("sync", "from cryptography.hazmat.primitives import hashes"),
        ("sync", "import pyrage"),
        ("services", "import openpyxl"),
        ("ui", "from PIL import Image"),
        ("storage", "import sqlite3"),
        ("sync", "import pickle"),
        ("domain", "import desktop_app.durable"),
    ],
)
def test_a_forbidden_import_breaks_a_contract(tree: Path, place: str, line: str) -> None:
    package = tree / "desktop_app" / place
    package.mkdir(exist_ok=True)
    (package / "__init__.py").touch()
    (package / "wrong.py").write_text(f"{line}\n", encoding="utf-8")
    result = lint(tree)
    assert result.returncode != 0
    assert "BROKEN" in result.stdout


@pytest.mark.parametrize("package", PURE)
def test_the_pure_layers_need_no_library(repository: Path, package: str) -> None:
    allowed = {"desktop_app", "__future__", *sys.stdlib_module_names, *PURE[package]}
    foreign = {
        f"{path.relative_to(repository)}: {name}"
        for path in sorted((repository / "desktop_app" / package).rglob("*.py"))
        for name in imported(path)
        if name.split(".")[0] not in allowed
    }
    assert not foreign


def imported(path: Path) -> set[str]:
    """Name every module a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found
