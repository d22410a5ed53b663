"""Target 4: what encryption costs a reader: a record by its key, a page of a list, a count.

Both sides are the driver alone, under the product's settings; the limit's file has no key and holds
the same. Each side is a process of its own, since memory security, once asked for, holds for the
whole process and would slow the plain side too.
"""

from __future__ import annotations

import contextlib
import random
import statistics
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from benchmarks.list_page import APPLICANTS, FILE, PAGE, SELECT
from benchmarks.list_page import prepare as prepare_encrypted
from benchmarks.measure import Case, Gate, opened
from benchmarks.season import KEY, SCOPE, open_raw

PLAIN = "plain.db"
_PAGES, _POINTS, _COUNTS = 40, 300, 10
_TIMES = 5
_BOUNDS = {"page": 1.3, "point": 1.3, "count": 1.2}
_TRIES = 7
_POINT = "SELECT full_name, id_number FROM projected_applicant WHERE scope = ? AND record = ?"
_COUNT = "SELECT count(*), sum(length(hukou_address)) FROM projected_applicant WHERE scope = ?"


def prepare(folder: Path) -> None:
    """Make a school's file of several seasons, and the same without a key."""
    prepare_encrypted(folder)
    with contextlib.closing(sqlcipher.connect(str(folder / FILE), isolation_level=None)) as own:
        own.execute(f"PRAGMA key=\"x'{KEY.hex()}'\"")
        own.execute("ATTACH DATABASE ? AS plain KEY ''", (str(folder / PLAIN),))
        own.execute("SELECT sqlcipher_export('plain')")
    assert (folder / PLAIN).read_bytes().startswith(b"SQLite format 3")


def _page(database: Any, _records: list[str]) -> int:
    at, record, seen = 2**62, "", 0
    for _ in range(_PAGES):
        rows = database.execute(SELECT, (SCOPE, at, record)).fetchall()
        seen += len(rows[:PAGE])
        record, at = rows[PAGE - 1][0], rows[PAGE - 1][18]
    return seen


def _point(database: Any, records: list[str]) -> int:
    return sum(
        len(database.execute(_POINT, (SCOPE, record)).fetchall()) for record in records[:_POINTS]
    )


def _count(database: Any, _records: list[str]) -> int:
    return sum(int(database.execute(_COUNT, (SCOPE,)).fetchone()[0]) for _ in range(_COUNTS))


_WORK: dict[str, tuple[Callable[[Any, list[str]], int], int]] = {
    "page": (_page, _PAGES * PAGE),
    "point": (_point, _POINTS),
    "count": (_count, _COUNTS * APPLICANTS),
}


class _Reader(ABC):
    """A process that reads when it is told to, and says how long that took."""

    @abstractmethod
    def file(self, prepared: Path) -> list[str]:
        """Name the file, and the word that says whether it has a key."""

    def open(self, prepared: Path, own: Path) -> None:
        """Start it."""
        del own
        command = [sys.executable, "-m", "benchmarks.encrypted", *self.file(prepared)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ask("page")

    def ask(self, what: str) -> float:
        """Have it read, several times over, and give the processor time it took."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(what + "\n")
        self._process.stdin.flush()
        seconds, seen = self._process.stdout.readline().split()
        assert int(seen) == _TIMES * _WORK[what][1]
        return float(seconds)

    def run(self) -> None:
        """Read pages."""
        self._seconds = self.ask("page")

    def check(self) -> None:
        """Assert that it took any time; that all rows came was asserted as they came."""
        assert self._seconds > 0

    def close(self) -> None:
        """End it."""
        self._process.communicate("")


class Plain(_Reader):
    """The file without a key."""

    def file(self, prepared: Path) -> list[str]:
        """Name it."""
        return [str(prepared / PLAIN), "plain"]


class Encrypted(_Reader):
    """The file as the product keeps it."""

    def file(self, prepared: Path) -> list[str]:
        """Name it."""
        return [str(prepared / FILE), "encrypted"]


def _others(prepared: Path) -> tuple[Gate, ...]:
    """Compare turn by turn by processor time, of which the row sees nothing in other processes."""
    gates = []
    with opened((Plain, Encrypted), prepared, 0) as (plain, encrypted):
        assert isinstance(plain, Plain)
        assert isinstance(encrypted, Encrypted)
        for what, bound in _BOUNDS.items():
            ratios = [encrypted.ask(what) / plain.ask(what) for _ in range(_TRIES)]
            ratio = statistics.median(ratios)
            gates.append(Gate(f"{what}, cpu", round(ratio, 2), f"≤ {bound}", ratio <= bound))
    return tuple(gates)


def main(arguments: list[str]) -> None:
    """Read as told on standard input: a word, and the answer is processor time and rows seen."""
    file, kind = arguments
    database = open_raw(Path(file), key=KEY if kind == "encrypted" else b"")
    records = [row[0] for row in database.execute("SELECT record FROM projected_applicant")]
    random.Random(4).shuffle(records)
    for line in sys.stdin:
        work = _WORK[line.strip()][0]
        begun = time.process_time()
        seen = sum(work(database, records) for _ in range(_TIMES))
        print(time.process_time() - begun, seen, flush=True)
    database.close()


CASES = (
    Case(
        number=4,
        title="a list page, encrypted against plain",
        target=1.3,
        prepare=prepare,
        limit=Plain,
        ours=Encrypted,
        gates=_others,
    ),
)

if __name__ == "__main__":
    main(sys.argv[1:])
