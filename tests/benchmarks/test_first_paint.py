"""A start counts only when a password field was painted, and heavy imports are told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.first_paint import NO_PAINT, PAINTED, TOO_HEAVY


def watched(body: str, repository: Path) -> subprocess.CompletedProcess[str]:
    """Run a window of our own under the watcher, with a short patience."""
    program = f"""
import sys
import benchmarks.first_paint as watcher
watcher._LONGEST = 3.0
def window():
{body}
watcher.bare = window
sys.exit(watcher.main(["bare"]))
"""
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_bare_window_is_painted(repository: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.first_paint", "bare"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=repository,
        check=False,
    )
    assert ended.returncode == PAINTED


FIELD = """
    from PySide6.QtWidgets import QApplication, QLineEdit
    application = QApplication([])
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.{echo})
    field.show()
    application.exec()
"""
CASES = {
    "no window": ("    pass", NO_PAINT),
    "no password field": (FIELD.format(echo="Normal"), NO_PAINT),
    "a password field": (FIELD.format(echo="Password"), PAINTED),
    "heavy imports": ("    import openpyxl" + FIELD.format(echo="Password"), TOO_HEAVY),
}


@pytest.mark.parametrize("case", CASES)
def test_only_a_painted_password_field_is_a_start(case: str, repository: Path) -> None:
    body, status = CASES[case]
    ended = watched(body, repository)
    assert ended.returncode == status
    assert ("openpyxl" in ended.stdout) is (status == TOO_HEAVY)
