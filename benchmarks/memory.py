"""How large a process becomes that hands over, or takes in, 50,000 records and 2 GB of scans.

    python -m benchmarks.memory                     50,000 records, 2,000 MB of scans
    python -m benchmarks.memory RECORDS MEGABYTES   as many

Each direction is a process of its own, weighed by its largest size from its start to its end; the
bound is 150 MB. A process that opens the same folder and does nothing is weighed beside it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.bundle import open_folder, set_up
from benchmarks.measure import process_cost
from benchmarks.pages_out import PAGE, add_pages
from benchmarks.registrations import register
from benchmarks.weighing import resident
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.progress import Progress
from desktop_app.storage.oplog import load_feeds
from desktop_app.sync.inbox import TAKEN_IN, take_in
from desktop_app.sync.joining import use_ticket
from desktop_app.sync.outbox import export

BOUND = 150 * 10**6
PER_FAMILY = 4
_AT_ONCE = 500


def prepare(folder: Path, records: int, megabytes: int) -> None:
    """Set up a district, and a school with so many records and pages."""
    district, school = set_up(folder, "district", "410411"), set_up(folder, "school", "2141041101")
    office = DistrictOffice(district)
    office.found(folder / "root", bytearray(b"a long made-up sentence 7"))
    ticket = office.issue("2141041101", "1", 1, 9999)
    use_ticket(school, ticket.file, ticket.code, office.fingerprint())
    district.close()
    families = records // PER_FAMILY
    for first in range(0, families, _AT_ONCE):
        with school.journal.begin(school.actor(), school.seat.scope) as work:
            for number in range(first, min(first + _AT_ONCE, families)):
                register(work, number)
    add_pages(school, megabytes * 10**6 // PAGE)
    school.close()
    (folder / "stick").mkdir()


def look(folder: Path) -> str:
    """Open the school's folder and do nothing."""
    open_folder(folder, "school").close()
    return ""


def hand_over(folder: Path) -> str:
    """Hand everything over."""
    school = open_folder(folder, "school")
    made = export(school, folder / "stick", Progress())
    volumes = [made, *made.volumes]
    assert not made.scans_left
    school.close()
    size = sum(one.size for one in volumes)
    pages = sum(one.scans for one in volumes)
    return f"{made.operations} operations, {pages} pages, {len(volumes)} volumes, {size} bytes"


def bring_in(folder: Path) -> str:
    """Take everything in."""
    district = open_folder(folder, "district")
    taken = take_in(district, [folder / "stick"], Progress())
    assert {one.outcome for one in taken} == {TAKEN_IN}
    assert taken[-1].missing_scans == ()
    with district.database.read() as connection:
        held = sum(row.sequence for row in load_feeds(connection).values())
    pages = sum(1 for _ in district.scans.digests())
    district.close()
    return f"{held} operations, {pages} pages"


PARTS: dict[str, Callable[[Path], str]] = {"open": look, "out": hand_over, "in": bring_in}


def main(arguments: list[str]) -> int:
    """Weigh both directions; the status is 1 where one is beyond the bound."""
    if arguments[:1] == ["--part"]:
        said = PARTS[arguments[1]](Path(arguments[2]))
        print(f"{said}; at its end {resident('VmRSS') / 10**6:.0f} MB", flush=True)
        return 0
    records, megabytes = (int(one) for one in arguments or ("50000", "2000"))
    beyond = False
    with tempfile.TemporaryDirectory(prefix="bench-memory-") as place:
        folder = Path(place)
        begun = time.perf_counter()
        prepare(folder, records, megabytes)
        print(f"prepared in {time.perf_counter() - begun:.0f} s", flush=True)
        for part in PARTS:
            cost = process_cost([sys.executable, "-m", __spec__.name, "--part", part, place])
            beyond |= cost.peak_bytes > BOUND
            print(
                f"{part}: at its largest {cost.peak_bytes / 10**6:.0f} MB,"
                f" {cost.timing.wall:.1f} s, processor {cost.timing.cpu:.1f} s",
                flush=True,
            )
    return int(beyond)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
