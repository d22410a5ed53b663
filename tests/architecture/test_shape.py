"""The shape of the code stays within the house's bounds, measured by codestats.py."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

UPPER = {
    "file_p95": 450,
    "file_max": 700,
    "func_p95": 40,
    "func_over_50": 2.0,
    "cc_over_10": 1.0,
    "cycle_hard": 0,
    "cycle_soft": 0,
    "qt_and_db": 0,
}
LOWER = {"typed": 100, "documented": 80, "test_ratio": 1.0}


def load_codestats(repository: Path) -> ModuleType:
    """Load the measuring script, which is a tool taken as given and no package."""
    path = repository / "tests" / "architecture" / "codestats.py"
    spec = importlib.util.spec_from_file_location("codestats", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Its dataclasses look their module up by name.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, "codestats", module)
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def stats(repository: Path) -> dict[str, float]:
    """Measure the product and its tests once."""
    codestats = load_codestats(repository)
    measured: dict[str, float] = codestats.measure(
        repository / "desktop_app", ["codestats.py"], [repository / "tests"], ""
    )
    return measured


@pytest.mark.parametrize("name", UPPER)
def test_no_figure_exceeds_its_bound(stats: dict[str, float], name: str) -> None:
    assert stats[name] <= UPPER[name]


@pytest.mark.parametrize("name", LOWER)
def test_no_figure_falls_below_its_bound(stats: dict[str, float], name: str) -> None:
    assert stats[name] >= LOWER[name]


def test_the_measure_sees_the_product(stats: dict[str, float]) -> None:
    assert stats["files"] > 1
    assert stats["functions"] > 1
    assert stats["test_functions"] > 1


def test_the_measure_finds_what_it_bounds(tmp_path: Path, repository: Path) -> None:
    package = tmp_path / "app"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "a.py").write_text(
        "import sqlite3\nfrom PySide6 import QtCore\nfrom app import b\n", encoding="utf-8"
    )
    (package / "b.py").write_text("def f(x):\n    from app import a\n", encoding="utf-8")
    found = load_codestats(repository).measure(package, [], [], "")
    assert found["qt_and_db"] == 1
    assert found["typed"] == 0
    assert found["cycle_hard"] == 0
    assert found["cycle_soft"] == 100
