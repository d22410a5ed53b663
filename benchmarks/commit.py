"""Targets 1 and 2: the commit of one registration.

The limit replays the very statements that ours wrote, rows, full-text and all, with SQLCipher's own
driver in one transaction per registration: same bytes, same schema, no product code. Ours goes
through the journal: canonical bytes, hash chain, fold, search keys.
"""

from __future__ import annotations

import itertools
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import event

from benchmarks.measure import Case, Gate, opened
from benchmarks.registrations import register
from benchmarks.season import ACTOR, begin_feed, open_journal, open_raw
from benchmarks.shim import fsync_calls
from desktop_app.storage.journal import Journal

TEMPLATE, STATEMENTS = "template.db", "statements.msgpack"
STANDING = 500
"""Registrations already in the file: a school's season half done."""
PER_RUN = 20
_RECORDED = 3 * PER_RUN
_COUNT = "SELECT count(*) FROM projected_applicant"
_BYTES = "SELECT count(*), sum(length(header) + length(payload)) FROM operation"

Statement = tuple[str, Any]


def commit_one(journal: Journal, number: int) -> None:
    """Write one registration in a transaction of its own."""
    with journal.begin(ACTOR) as work:
        register(work, number)


def prepare(folder: Path) -> None:
    """Make the file both sides begin with, and record what ours writes on top of it."""
    journal = open_journal(folder / TEMPLATE)
    begin_feed(journal)
    for number in range(STANDING):
        commit_one(journal, number)
    journal.database.checkpoint()
    journal.database.close()
    copy = folder / "recorded.db"
    shutil.copy(folder / TEMPLATE, copy)
    (folder / STATEMENTS).write_bytes(msgspec.msgpack.encode(_record(copy)))


def _record(path: Path) -> list[list[Statement]]:
    """Register on a copy and give the writing statements of each registration."""
    journal = open_journal(path)
    recorded: list[list[Statement]] = []

    def hear(_c: Any, _k: Any, statement: str, values: Any, _x: Any, _many: bool) -> None:  # noqa: FBT001
        if not statement.lstrip().upper().startswith(("SELECT", "BEGIN", "PRAGMA")):
            recorded[-1].append((statement, values))

    event.listen(journal.database._engine, "before_cursor_execute", hear)  # noqa: SLF001
    for number in range(STANDING, STANDING + _RECORDED):
        recorded.append([])
        commit_one(journal, number)
    journal.database.close()
    return recorded


class Limit:
    """The same statements through the driver alone."""

    def __init__(self, synchronous: str) -> None:
        self._synchronous = synchronous

    def open(self, prepared: Path, own: Path) -> None:
        """Copy the file and open it with the product's settings."""
        shutil.copy(prepared / TEMPLATE, own / "limit.db")
        recorded = msgspec.msgpack.decode((prepared / STATEMENTS).read_bytes())
        self._todo = iter(recorded)
        self._db = open_raw(own / "limit.db", self._synchronous)
        self._expected = self._db.execute(_COUNT).fetchone()[0]

    def run(self) -> None:
        """Replay registrations, one transaction each."""
        execute, many = self._db.execute, self._db.executemany
        for statements in itertools.islice(self._todo, PER_RUN):
            execute("BEGIN IMMEDIATE")
            for statement, values in statements:
                if values and isinstance(values[0], list):
                    many(statement, values)
                else:
                    execute(statement, values)
            execute("COMMIT")
        self._expected += PER_RUN

    def check(self) -> None:
        """Assert that every registration stands."""
        assert self._db.execute(_COUNT).fetchone()[0] == self._expected
        _check_bytes(self._db.execute(_BYTES).fetchone(), self._expected)

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class Ours:
    """The journal."""

    def open(self, prepared: Path, own: Path) -> None:
        """Copy the file and open it."""
        shutil.copy(prepared / TEMPLATE, own / "ours.db")
        self._journal = open_journal(own / "ours.db")
        self._next = STANDING

    def run(self, count: int = PER_RUN) -> None:
        """Register, one transaction each."""
        for number in range(self._next, self._next + count):
            commit_one(self._journal, number)
        self._next += count

    def log_and_file(self) -> tuple[bytes, int]:
        """Give what a new log or a checkpoint changes: the log's header, the file's time."""
        path = self._journal.database.path
        log = path.with_name(f"{path.name}-wal")
        header = log.read_bytes()[:32] if log.exists() else b""
        return header, path.stat().st_mtime_ns

    def never_checkpoint(self) -> None:
        """Leave everything in the log, so that a watcher counts commits alone."""
        with self._journal.database.raw() as connection:
            connection.execute("PRAGMA wal_autocheckpoint=0")

    def check(self) -> None:
        """Assert that every registration stands."""
        with self._journal.database.read() as connection:
            assert connection.exec_driver_sql(_COUNT).scalar_one() == self._next
            _check_bytes(connection.exec_driver_sql(_BYTES).one(), self._next)

    def close(self) -> None:
        """Close the file."""
        self._journal.database.close()


def _check_bytes(found: Sequence[Any], registered: int) -> None:
    """Assert four operations a registration, of the size that operations have."""
    operations, size = found
    assert operations == 4 * registered
    assert 600 < size / operations < 3000


def fsync_gates(prepared: Path) -> tuple[Gate, ...]:
    """Count the fsyncs of a commit outside checkpoints, with the shim and again with strace."""
    counted = (("shim", _shim_count(prepared)), ("strace", _strace_count(prepared)))
    return tuple(
        Gate(f"fsync/commit ({name})", value, "exactly 1", value == 1)
        for name, value in counted
        if value is not None
    )


def _shim_count(prepared: Path) -> float | None:
    """Give the mean of the commits that neither checkpointed nor began the log anew.

    This process runs under the shim where target 1 is measured; elsewhere there is no count.
    """
    with opened((Ours,), prepared, 0) as (side,):
        assert isinstance(side, Ours)
        counts = []
        for _ in range(2 * PER_RUN):
            before = side.log_and_file()
            try:
                calls = fsync_calls()
            except AttributeError:
                return None
            side.run(1)
            if side.log_and_file() == before:
                counts.append(fsync_calls() - calls)
        assert len(counts) >= PER_RUN
        return statistics.fmean(counts)


def _strace_count(prepared: Path) -> float | None:
    """Take the difference between processes that commit once and twice as often."""
    if shutil.which("strace") is None:
        return None
    counts = []
    for runs in (1, 2):
        log = prepared / f"strace-{runs}"
        call = f"commit_without_checkpoints({str(prepared)!r}, {runs})"
        program = f"from benchmarks.commit import commit_without_checkpoints\n{call}"
        watch = ["strace", "-f", "-o", str(log), "-e", "trace=fsync,fdatasync"]
        subprocess.run(
            [*watch, sys.executable, "-c", program],
            check=True,
            env={"PATH": os.defpath, "PYTHONPATH": str(Path(__file__).parents[1])},
        )
        counts.append(sum("sync(" in line for line in log.read_text().splitlines()))
    return (counts[1] - counts[0]) / PER_RUN


def commit_without_checkpoints(prepared: str, runs: int) -> None:
    """Commit a number of registrations; called in a process that is being watched."""
    with opened((Ours,), Path(prepared), 0) as (side,):
        assert isinstance(side, Ours)
        side.never_checkpoint()
        for _ in range(runs):
            side.run()


CASES = (
    Case(
        number=1,
        title="commit of one registration, 12 ms fsync",
        target=1.15,
        prepare=prepare,
        limit=lambda: Limit("FULL"),
        ours=Ours,
        slow_fsync=True,
        gates=fsync_gates,
    ),
    Case(
        number=2,
        title="the same, CPU, limit without sync",
        target=2.5,
        prepare=prepare,
        limit=lambda: Limit("OFF"),
        ours=Ours,
        judged_by="cpu",
    ),
)
