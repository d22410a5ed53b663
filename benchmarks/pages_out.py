"""Target 13: a gigabyte of scans out, against a copy of the same files and one fsync.

Pages are sealed once, at capture; out, they are copied byte for byte. Ours also looks whether a
page has rotted, hashes the file on its way, and reads it back from the device before it counts;
what that costs beside the bare copy is what the row says. What ours grows by while it writes is
counted in a process of its own.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from benchmarks.bundle import open_folder, set_up
from benchmarks.measure import Case, Gate, answer_of, is_full
from benchmarks.registrations import register
from benchmarks.weighing import Weighed
from desktop_app.domain.declare import Value
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage.scans import ScanStore
from desktop_app.sync.joining import use_ticket
from desktop_app.sync.outbox import Exported, export

PAGE = 200_000
SHORT, FULL = 640, 5_120
"""Pages: 128 MB, and a gigabyte."""
MOST_GROWTH = 40 * 2**20
_PIECE = 2**20


def pages() -> int:
    """Give how many pages go out."""
    return FULL if is_full() else SHORT


def prepare(folder: Path) -> None:
    """Set up a school that joined, with pages noted and stored."""
    district, school = set_up(folder, "district", "410411"), set_up(folder, "school", "2141041101")
    office = DistrictOffice(district)
    office.found(folder / "root", bytearray(b"a long made-up sentence 7"))
    ticket = office.issue("2141041101", "1", 1, 9999)
    use_ticket(school, ticket.file, ticket.code, office.fingerprint())
    district.close()
    add_pages(school, pages())
    school.close()


def add_pages(school: Workplace, count: int) -> None:
    """Store made-up sealed pages and note each with its record and its key's."""
    school.scans.folder.mkdir(exist_ok=True)
    with school.journal.begin(school.actor(), school.seat.scope) as work:
        child = register(work, 0)
        for number in range(count):
            data = os.urandom(PAGE)
            digest = hashlib.sha256(data).hexdigest()
            # Without an fsync each, unlike at capture: they are only here to be carried.
            school.scans.path(digest).write_bytes(data)
            values: dict[str, Value] = {"applicant": child, "material": "HKB", "page": number + 1}
            scan = work.create("scan", {**values, "digest": digest, "size": PAGE})
            work.create("scan_key", {"scan": scan, "identity": "made up", "sealed": False})


class Limit:
    """Read every file, write it into one, one fsync."""

    def open(self, prepared: Path, own: Path) -> None:
        """Name the files."""
        store = ScanStore(prepared / "school" / "scans")
        self._files = [store.path(digest) for digest in store.digests()]
        self._target = own / "copy"

    def run(self) -> None:
        """Copy."""
        with self._target.open("wb") as target:
            for path in self._files:
                with path.open("rb") as source:
                    while data := source.read(_PIECE):
                        target.write(data)
            target.flush()
            os.fsync(target.fileno())

    def check(self) -> None:
        """Assert that everything was copied, and make room."""
        assert self._target.stat().st_size == pages() * PAGE
        self._target.unlink()

    def close(self) -> None:
        """Nothing is open."""


class Ours:
    """The hand-over, from the act to the volumes that were read back."""

    def open(self, prepared: Path, own: Path) -> None:
        """Open the school's folder."""
        self._own = own
        self._school = open_folder(prepared, "school")

    def run(self) -> None:
        """Hand over."""
        self._made: Exported = export(self._school, self._own, Progress())

    def check(self) -> None:
        """Assert that every page lies there, and make room."""
        volumes = [self._made, *self._made.volumes]
        assert sum(one.scans for one in volumes) == pages()
        assert sum(one.path.stat().st_size for one in volumes) > pages() * PAGE
        for one in volumes:
            one.path.unlink()

    def close(self) -> None:
        """Close the folder."""
        self._school.close()


def _gates(prepared: Path) -> tuple[Gate, ...]:
    """Count what a process grows by between an open folder and the end of a hand-over."""
    growth = int(answer_of("benchmarks.pages_out", str(prepared)))
    name = "MiB more at its largest than before"
    return (Gate(name, round(growth / 2**20, 1), "<= 40", growth <= MOST_GROWTH),)


def main(prepared: Path) -> None:
    """Hand over once and print by how many bytes the process grew."""
    side = Ours()
    own = prepared / "weighed"
    own.mkdir(exist_ok=True)
    side.open(prepared, own)
    with Weighed() as weighed:
        side.run()
    side.check()
    side.close()
    print(weighed.growth)


CASES = (
    Case(
        number=13,
        title="scans out",
        target=1.2,
        prepare=prepare,
        limit=Limit,
        ours=Ours,
        gates=_gates,
    ),
)

if __name__ == "__main__":
    main(Path(sys.argv[1]))
