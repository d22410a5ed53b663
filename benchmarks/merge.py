"""Target 14: bundles merged at the district, against the same rows written by the driver alone.

The limit replays the very statements that ours wrote, rows, full-text and all, in one transaction
per bundle: same bytes, same schema, no product code. Ours takes the bundles in: copy, signatures,
decryption, chain, authority, fold. Every run takes in the bundle of another school.

    python -m benchmarks.merge 1000000     ten bundles of a hundred thousand, once, tenth by tenth
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import event

from benchmarks.bundle import KEY_FILE, open_folder, set_up
from benchmarks.measure import Case, Gate, is_full
from benchmarks.registrations import register
from benchmarks.season import Written, open_raw
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import DATABASE_NAME, Workplace
from desktop_app.storage.database import Database
from desktop_app.sync.inbox import TAKEN_IN, take_in
from desktop_app.sync.joining import use_ticket
from desktop_app.sync.outbox import export

DISTRICT, DATABASE = "district", f"district/{DATABASE_NAME}"
SNAPSHOT, STATEMENTS = "empty.db", "statements"
BUNDLES, RECORDED = 10, 3
SHORT, FULL = 2_000, 20_000
LEAST_LAST_TENTH = 0.4
PER_FAMILY = 4

Statement = tuple[str, Any]


def bundle_of(folder: Path, place: int) -> Path:
    """Name the bundle of a school."""
    return folder / f"{place}.enb"


def prepare(folder: Path) -> None:
    """Set up a district and ten schools with a bundle each, and record what merging them writes."""
    prepare_bundles(folder, FULL if is_full() else SHORT)
    district = open_folder(folder, DISTRICT)
    for place in range(RECORDED):
        recorded = Recorded(district.database)
        _take(district, bundle_of(folder, place))
        file = folder / f"{STATEMENTS}-{place}"
        file.write_bytes(msgspec.msgpack.encode(recorded.stop()))
    district.close()
    restore(folder)


def prepare_bundles(folder: Path, operations: int) -> None:
    """Let every school of a district write so many operations and hand them over."""
    district = set_up(folder, DISTRICT, "410411")
    office = DistrictOffice(district)
    office.found(folder / "root", bytearray(b"a long made-up sentence 7"))
    listed = sorted(district.policy.schools)
    for place in range(BUNDLES):
        school = set_up(folder, f"school-{place}", listed[place % len(listed)])
        first = place * 10_000 + 1
        ticket = office.issue(school.seat.scope, str(place + 1), first, first + 9_998)
        use_ticket(school, ticket.file, ticket.code, office.fingerprint())
        with Written(school) as written:
            for number in range(operations // PER_FAMILY):
                register(written, number)
        (folder / "out").mkdir(exist_ok=True)
        export(school, folder / "out", Progress()).path.rename(bundle_of(folder, place))
        school.close()
        shutil.rmtree(school.folder)
    district.database.checkpoint()
    (folder / KEY_FILE).write_bytes(bytes(district.session.database_key()))
    district.close()
    shutil.copy(folder / DATABASE, folder / SNAPSHOT)


def restore(folder: Path) -> None:
    """Empty the district's database; taking in writes nothing of its own, so its anchor stands."""
    for beside in ("-wal", "-shm"):
        (folder / f"{DATABASE}{beside}").unlink(missing_ok=True)
    shutil.copy(folder / SNAPSHOT, folder / DATABASE)


def _take(district: Workplace, path: Path) -> int:
    """Take one bundle in; give how many operations were new."""
    (taken,) = take_in(district, [path], Progress())
    assert taken.outcome == TAKEN_IN, taken.reason
    return taken.fresh


class Recorded:
    """Hears every writing statement with its values, until it is told to stop."""

    def __init__(self, database: Database) -> None:
        """Begin to hear."""
        self._heard: list[Statement] = []
        self._engine = database._engine  # noqa: SLF001
        event.listen(self._engine, "before_cursor_execute", self._hear)

    def _hear(self, _c: Any, _k: Any, statement: str, values: Any, _x: Any, _many: bool) -> None:  # noqa: FBT001
        if not statement.lstrip().upper().startswith(("SELECT", "BEGIN", "PRAGMA")):
            self._heard.append((statement, values))

    def stop(self) -> list[Statement]:
        """Give what was heard."""
        event.remove(self._engine, "before_cursor_execute", self._hear)
        return self._heard


def replay(database: Any, statements: list[Statement]) -> None:
    """Write the same in one transaction."""
    execute, many = database.execute, database.executemany
    execute("BEGIN IMMEDIATE")
    for statement, values in statements:
        if values and isinstance(values[0], list | tuple):
            many(statement, values)
        else:
            execute(statement, values)
    execute("COMMIT")


_COUNTS = (
    "SELECT (SELECT count(*) FROM operation), (SELECT count(*) FROM projected_applicant),"
    " (SELECT count(*) FROM projected_search)"
)


class Limit:
    """The same statements through the driver alone."""

    def open(self, prepared: Path, own: Path) -> None:
        """Copy the empty file and open it with the product's settings."""
        shutil.copy(prepared / SNAPSHOT, own / "limit.db")
        self._db = open_raw(own / "limit.db", key=(prepared / KEY_FILE).read_bytes())
        self._prepared, self._place = prepared, 0
        self._next = self._load()

    def _load(self) -> list[Statement]:
        file = self._prepared / f"{STATEMENTS}-{self._place}"
        return msgspec.msgpack.decode(file.read_bytes()) if file.exists() else []

    def run(self) -> None:
        """Write a school's rows."""
        replay(self._db, self._next)

    def check(self) -> None:
        """Assert that every operation stands, shows and is found."""
        self._place += 1
        check_counts(self._db.execute(_COUNTS).fetchone(), self._place)
        self._next = self._load()

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def check_counts(found: Any, bundles: int) -> None:
    """Assert that so many bundles stand in a database."""
    operations, applicants, searched = found
    families = (FULL if is_full() else SHORT) // PER_FAMILY * bundles
    assert applicants == searched == families
    assert operations >= families * PER_FAMILY + bundles


class Ours:
    """Taking in, from the stick to the last row."""

    def open(self, prepared: Path, own: Path) -> None:
        """Open the district's folder with an empty database."""
        del own
        restore(prepared)
        self._prepared, self._place = prepared, 0
        self._district = open_folder(prepared, DISTRICT)

    def run(self) -> None:
        """Take the next school's bundle in."""
        self._fresh = _take(self._district, bundle_of(self._prepared, self._place))

    def check(self) -> None:
        """Assert that every operation stands, shows and is found."""
        self._place += 1
        with self._district.database.read() as connection:
            found = connection.exec_driver_sql(_COUNTS).one()
        check_counts(found, self._place)

    def close(self) -> None:
        """Close the folder."""
        self._district.close()


def _gates(prepared: Path) -> tuple[Gate, ...]:
    """Compare the speed of the tenth bundle with that of the first."""
    side = Ours()
    side.open(prepared, prepared)
    seconds = []
    for _ in range(BUNDLES):
        begun = time.perf_counter()
        side.run()
        seconds.append(time.perf_counter() - begun)
        side.check()
    side.close()
    return (tenth_gate(seconds),)


def tenth_gate(seconds: list[float]) -> Gate:
    """Judge how much slower the last tenth was than the first."""
    speed = round(seconds[0] / seconds[-1], 2)
    bound = f">= {LEAST_LAST_TENTH}"
    return Gate("last tenth's speed over the first's", speed, bound, speed >= LEAST_LAST_TENTH)


def main(operations: int, say: Callable[[str], None] = print) -> None:
    """Merge very many operations once, ours and the limit in turn, and say how long they took."""
    with tempfile.TemporaryDirectory(prefix="bench-million-") as place:
        folder = Path(place)
        prepare_bundles(folder, operations // BUNDLES)
        district = open_folder(folder, DISTRICT)
        shutil.copy(folder / SNAPSHOT, folder / "limit.db")
        database = open_raw(folder / "limit.db", key=(folder / KEY_FILE).read_bytes())
        ours, limit = [], []
        say("| tenth | ours s | limit s | ratio | ours, operations a second |")
        say("|---|---|---|---|---|")
        for at in range(BUNDLES):
            recorded = Recorded(district.database)
            begun = time.perf_counter()
            fresh = _take(district, bundle_of(folder, at))
            ours.append(time.perf_counter() - begun)
            statements = recorded.stop()
            begun = time.perf_counter()
            replay(database, statements)
            limit.append(time.perf_counter() - begun)
            speed = f"{ours[-1]:.1f} | {limit[-1]:.1f} | {ours[-1] / limit[-1]:.2f}"
            say(f"| {at + 1} | {speed} | {fresh / ours[-1]:.0f} |")
        with district.database.read() as connection:
            found = tuple(connection.exec_driver_sql(_COUNTS).one())
        assert found == tuple(database.execute(_COUNTS).fetchone())
        say(f"{found[0]} operations, {sum(ours):.0f} s against {sum(limit):.0f} s:")
        say(f"ratio {sum(ours) / sum(limit):.2f}; {tenth_gate(ours)}")
        database.close()
        district.close()


CASES = (
    Case(
        number=14,
        title="bundles merged, SQLCipher",
        target=2.0,
        prepare=prepare,
        limit=Limit,
        ours=Ours,
        gates=_gates,
    ),
)

if __name__ == "__main__":
    main(int(sys.argv[1]))
