"""What the architecture tests read: the repository's files, and Python syntax trees of them."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
UNKEPT = frozenset(
    {
        ".git",
        ".venv",
        "build",
        "dist",
        "__pycache__",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".import_linter_cache",
        ".hypothesis",
    }
)


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file of the product, parsed."""

    module: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """The package below ``desktop_app``, or the module's own name."""
        return self.module.split(".")[1] if "." in self.module else self.module

    def calls(self) -> Iterator[ast.Call]:
        """Walk every call."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def texts(self) -> Iterator[str]:
        """Walk every text constant."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def parse(module: str, text: str) -> Source:
    """Parse a source text under a module name."""
    return Source(module, ast.parse(text))


@lru_cache(maxsize=1)
def product() -> tuple[Source, ...]:
    """Parse every file of the product once."""
    return tuple(
        parse(module_name(path), path.read_text(encoding="utf-8"))
        for path in sorted((REPOSITORY / "desktop_app").rglob("*.py"))
    )


def module_name(path: Path) -> str:
    """Name the module that a file of the product is."""
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def dotted(node: ast.expr) -> str:
    """Write a name or attribute chain as text, with an empty root where it starts at a value."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


@lru_cache(maxsize=1)
def kept_files() -> tuple[Path, ...]:
    """List the files that belong to the repository: those git keeps, or all but the caches."""
    return tuple(path for path in _from_git() or _from_disk() if path.is_file())


def _from_git() -> list[Path]:
    """Ask git for its files and the new ones that it would not ignore."""
    git = shutil.which("git")
    if git is None or not (REPOSITORY / ".git").exists():
        return []
    answer = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )
    names = answer.stdout.decode("utf-8").split("\0")
    return [REPOSITORY / name for name in names if name]


def _from_disk() -> list[Path]:
    """List what a copy without git holds."""
    return [
        path
        for path in sorted(REPOSITORY.rglob("*"))
        if not UNKEPT & set(path.relative_to(REPOSITORY).parts)
    ]
