"""Target 16: from the start of the process to the login page painted, against a bare window."""

from __future__ import annotations

import os
import subprocess
import sys
from abc import ABC, abstractmethod
from pathlib import Path

from benchmarks.first_paint import PAINTED, TOO_HEAVY
from benchmarks.measure import Case, Gate
from desktop_app.durable.places import resource_path
from desktop_app.policy.load import load_package
from desktop_app.services.setup import NewFolder, create_workplace

DATA, COMPILED = "data", "compiled"
_PASSWORD = "a long made-up sentence 7"  # noqa: S105 - opens a folder that is gone at the end


def prepare(folder: Path) -> None:
    """Set up a data folder, so that there is somebody to log in."""
    policy = load_package(resource_path("policy", "zhanhe-2024"))
    new = NewFolder(folder / DATA, "school", "2141041101", "湛河湾小学", "赵志强")
    workplace, _ = create_workplace(new, bytearray(_PASSWORD.encode()), policy)
    workplace.close()


def start(words: list[str], cache: Path) -> subprocess.CompletedProcess[str]:
    """Run the watcher on a command line until the paint.

    Modules are compiled once, as in a package, into a folder that both sides share.
    """
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(cache)}
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.first_paint", *words],
        env={**os.environ, **compiled, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )


class _Start(ABC):
    """A process started anew at every run."""

    def open(self, prepared: Path, own: Path) -> None:
        """Say what is started; nothing is kept open between runs."""
        del own
        self._words = self.words(prepared)
        self._cache = prepared / COMPILED

    @abstractmethod
    def words(self, prepared: Path) -> list[str]:
        """Give the command line."""

    def run(self) -> None:
        """Start, and wait for the paint."""
        self._ended = start(self._words, self._cache)

    def check(self) -> None:
        """Assert that the paint came."""
        assert self._ended.returncode in {PAINTED, TOO_HEAVY}, self._ended.stderr

    def close(self) -> None:
        """Forget what was started; nothing is open."""
        self._words = []


class Limit(_Start):
    """A window with one password field."""

    def words(self, prepared: Path) -> list[str]:
        """Ask for the bare window."""
        del prepared
        return ["bare"]


class Ours(_Start):
    """The workstation on a data folder."""

    def words(self, prepared: Path) -> list[str]:
        """Ask for the product's window."""
        return ["open", "--data", str(prepared / DATA)]


def imports_before_paint(prepared: Path) -> tuple[Gate, ...]:
    """Count the heavy libraries that the login page waited for."""
    heavy = start(Ours().words(prepared), prepared / COMPILED).stdout.split()
    return (Gate("heavy imports before paint", len(heavy), "exactly 0", not heavy),)


CASES = (
    Case(
        number=16,
        title="start to login painted",
        target=1.6,
        prepare=prepare,
        limit=Limit,
        ours=Ours,
        weight=3,
        gates=imports_before_paint,
    ),
)
