"""A child program: a desk at work on small disks until they are full, and after room was made.

It runs in a mount namespace of its own, as ``full_disk`` does. One line of JSON per size tells
what came of it.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from desktop_app.documents.images import PreparedScan
from desktop_app.documents.writer import SheetContent, write_workbook
from desktop_app.domain.errors import ProductError, WorkplaceError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.security import kdf
from desktop_app.services.intake import WorkbookDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.progress import Progress
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.scans import ScanDesk
from desktop_app.services.setup import open_workplace
from desktop_app.services.workplace import Workplace
from desktop_app.storage.drafts import Draft
from desktop_app.storage.rows import Row, read_rows
from desktop_app.sync.verifying import verify_workplace
from tests.faults.full_disk import disk
from tests.services.kit import form
from tests.services.test_intake import HEADERS
from tests.services.test_intake import row as village_row
from tests.story.desk_families import family
from tests.ui.school import CHEAP, PASSWORD, PRINCIPAL, make_folder

SMALLEST, LARGEST = 10_500, 16_000
"""Kibibytes: a new school with its reserve just fits, to some hundred families and their pages."""
VILLAGE = 110
PATIENCE = 3_000
PAPER = "HKB"


def page_of(order: int) -> PreparedScan:
    """Make a page as the child gives it back, of the size of a real one."""
    inner = random.Random(order).randbytes(20_000 + order % 7 * 20_000)
    jpeg = b"\xff\xd8\xff" + inner + b"\xff\xd9"
    return PreparedScan(jpeg, 1240, 1754, jpeg)


def draft_of(order: int, person: str) -> Draft:
    """Make the draft of the next family."""
    return Draft("next", person, {"full_name": family(order)["full_name"] + "稿" * order}, "")


class Desk:
    """A school at work, and all that it was told was saved."""

    def __init__(self, place: Path) -> None:
        self.folder = place / "data"
        make_folder(self.folder).close()
        self.families: dict[str, dict[str, str]] = {}
        self.pages: dict[str, bytes] = {}
        self.paper: tuple[str, PreparedScan] | None = None
        self.draft = ""
        self.order = VILLAGE
        self.open()

    def open(self) -> None:
        self.workplace: Workplace = open_workplace(
            self.folder, PRINCIPAL, PASSWORD, shipped_policy()
        )
        self.desk = RegistrationDesk(self.workplace)

    # --- what people do ---------------------------------------------------------------------

    def work(self) -> None:
        """Do what is done for one family; what was done is noted as soon as it is confirmed."""
        if self.paper is not None:
            record, page = self.paper
            scan = ScanDesk(self.workplace).attach_prepared(record, PAPER, page)
            self.pages[scan], self.paper = page.jpeg, None
        draft = draft_of(self.order, self.workplace.person)
        self.desk.save_draft(draft)
        self.draft = draft.fields["full_name"]
        filled = form(**family(self.order))
        record = self.desk.register(filled).record
        self.families[record] = filled
        if self.order % 3 == 0:
            self.paper = (record, page_of(self.order))
        self.order += 1

    def fill(self) -> str:
        """Work until something is told; give its code."""
        for _ in range(PATIENCE):
            try:
                self.work()
            except WorkplaceError as error:
                return error.code
        return "never full"

    def take_in(self, preview: object) -> tuple[str, int]:
        """Enter a village's table; give what was told, and how many came in."""
        before = {row.record for row in self.rows("applicant")}
        told = ""
        try:
            WorkbookDesk(self.workplace).enter(preview)  # type: ignore[arg-type]
        except ProductError as error:
            told = error.code
        came = [row for row in self.rows("applicant") if row.record not in before]
        for row in came:
            self.families[row.record] = village_family(row.text("id_number"))
        return told, len(came)

    # --- what must hold ---------------------------------------------------------------------

    def rows(self, kind: str) -> list[Row]:
        with self.workplace.database.read() as connection:
            return read_rows(connection, RECORD_TYPES[kind], self.workplace.seat.scope, {})

    def assert_whole(self) -> None:
        """Hold everything to what was confirmed: all of it is there whole, and nothing besides."""
        children = {row.record: row for row in self.rows("applicant")}
        assert children.keys() == self.families.keys(), "not the families that were confirmed"
        numbers = Counter(row.text("receipt_number") for row in children.values())
        assert set(numbers.values()) <= {1}, "a receipt number twice"
        parents = {row.text("applicant"): row for row in self.rows("guardian")}
        checks = Counter(row.text("applicant") for row in self.rows("material_check"))
        agreed = Counter(row.text("applicant") for row in self.rows("consent"))
        assert parents.keys() == checks.keys() == agreed.keys() == children.keys()
        assert set(agreed.values()) <= {1}
        for record, row in children.items():
            wanted = self.families[record]
            assert row.text("full_name") == wanted["full_name"]
            assert parents[record].text("full_name") == wanted["guardian_name"]
            assert checks[record] == 2, "papers are missing"
        scans = {row.record for row in self.rows("scan")}
        assert scans == self.pages.keys(), "not the pages that were confirmed"
        assert len(self.rows("scan_key")) == len(scans)
        for scan, jpeg in self.pages.items():
            assert ScanDesk(self.workplace).read(scan) == jpeg, "another page"
        drafts = [one.fields["full_name"] for one in self.desk.drafts()]
        assert drafts == [self.draft] * bool(self.draft), "not the draft that was kept"
        unfinished = [one.name for one in self.folder.rglob(".~*")]
        assert not unfinished, "a file half written"

    def assert_sound(self) -> None:
        report = verify_workplace(self.workplace, Progress())
        assert report.sound, f"flaws: {report.flaws}"


def village_family(number: str) -> dict[str, str]:
    """Find a family of the village's table by the child's number."""
    (found,) = [one for one in map(family, range(VILLAGE)) if one["id_number"] == number]
    return found


def village(folder: Path) -> Path:
    """Write a village's table outside the small disk."""
    path = folder / "village.xlsx"
    names = ("full_name", "id_number", "guardian_name", "guardian_id_number", "guardian_phone")
    rows = [
        village_row(**{name: family(order)[name] for name in names}) for order in range(VILLAGE)
    ]
    write_workbook(path, [SheetContent("登记", HEADERS, rows)])
    return path


def attempt(call: Callable[[], object]) -> str:
    """Do something; give what was told."""
    try:
        call()
    except ProductError as error:
        return error.code
    return ""


def story(place: Path, size: int, table: Path) -> dict[str, object]:
    """Fill a disk of a size at the desk, look at it, make room, and go on."""
    desk = Desk(place)
    preview = WorkbookDesk(desk.workplace).look(table, table.name)
    said: dict[str, object] = {"size": size, "first": desk.fill()}
    desk.assert_whole()
    said["second"], said["families"] = desk.fill(), len(desk.families)
    said["pages"] = len(desk.pages)
    said["table"], said["came"] = desk.take_in(preview)
    desk.assert_whole()
    desk.workplace.close()
    said["opened"] = attempt(desk.open)
    if not said["opened"]:
        desk.assert_whole()
        desk.workplace.close()
    disk(place, "remount", "size=128m")
    desk.open()
    desk.assert_whole()
    desk.assert_sound()
    desk.work()
    said["later"], came = desk.take_in(preview)
    said["all"] = came + int(str(said["came"]))
    desk.assert_whole()
    desk.assert_sound()
    desk.workplace.close()
    return said


def main(place: Path, sizes: int) -> None:
    """Go through sizes, each on a disk of its own."""
    kdf.STANDARD = CHEAP
    table, mounted = village(place), place / "disk"
    mounted.mkdir()
    for at in range(sizes):
        size = (SMALLEST + (LARGEST - SMALLEST) * at // sizes) // 4 * 4
        disk(mounted, f"size={size}k")
        try:
            said = story(mounted, size, table)
        except BaseException as error:  # noqa: BLE001 - a bug's exception is what is looked for
            last = traceback.extract_tb(error.__traceback__)[-4:]
            lines = [f"{Path(one.filename).name}:{one.lineno}" for one in last]
            said = {"size": size, "wrong": f"{type(error).__name__}: {error} at {lines}"}
        with suppress(subprocess.CalledProcessError):
            subprocess.run(["umount", "-l", str(mounted)], check=True)
        sys.stdout.write(f"{json.dumps(said)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
