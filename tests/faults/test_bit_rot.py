"""Rot on the disk is found with a clear word, or what is read is true all the same.

One bit, one byte, a run of garbage or a cluster of zeros, anywhere in a file the program keeps: it
opens and verifies with the state that was saved, or says what is wrong. Never another state, never
a bug's exception.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desktop_app.domain.declare import Value
from desktop_app.domain.errors import ProductError
from desktop_app.messages.catalogue import shipped
from desktop_app.policy.package import Policy
from desktop_app.security import kdf
from desktop_app.services.backup import back_up
from desktop_app.services.progress import Progress
from desktop_app.services.restoring import restore_by_password
from desktop_app.services.seat import SEAT_FILE
from desktop_app.services.setup import open_workplace
from desktop_app.services.workplace import Workplace, closing, computer_folder
from desktop_app.storage.digest import state_digest
from desktop_app.sync.verifying import verify_workplace
from tests.services.kit import number, registered
from tests.sync.site import PASSWORD, Site, shipped_policy

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
FULL = os.environ.get("ENROLLMENT_FAULTS") == "full"
CASES = 5000 if FULL else 200
LEAD = "赵志强"
CLUSTER = 4096
TRUE = "true"


@dataclass
class Disk:
    """Files as they were saved, put back after each case: the same files, not copies of them.

    This computer knows its own folder by the numbers the file system gave it, so each file is held
    by a second name and gets back its own place.
    """

    folder: Path
    held: dict[Path, tuple[Path, bytes]] = field(default_factory=dict)

    def hold(self, contents: dict[Path, bytes]) -> None:
        """Keep every file under a second name, and these contents."""
        keep = self.folder / "held"
        keep.mkdir()
        for at, (path, data) in enumerate(sorted(contents.items())):
            if not path.exists():  # a log that was there while it was read
                path.write_bytes(data)
            os.link(path, keep / str(at))
            self.held[path] = (keep / str(at), data)

    def put_back(self) -> None:
        """Put every file back, and take away what was not there."""
        for root in {path.parent for path in self.held}:
            for entry in root.iterdir():
                if entry.is_file():
                    entry.unlink()
        for path, (kept, data) in self.held.items():
            kept.write_bytes(data)
            path.parent.mkdir(exist_ok=True)
            os.link(kept, path)


@dataclass
class Saved:
    """A school's laptop on a disk, and the state that was saved there."""

    disk: Disk
    laptop: Path
    backups: Path
    digest: str
    policy: Policy
    kinds: dict[str, list[Path]]


@pytest.fixture(scope="module")
def saved() -> Iterator[Saved]:
    """Save a state that lies in the file, in the log, in two backups, and in two scans."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        folder = Path(name)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kdf, "STANDARD", kdf.Cost(memory=8, passes=1, lanes=1))
            yield save(folder, shipped_policy())


def save(folder: Path, policy: Policy) -> Saved:
    site = Site(folder / "site", policy)
    site.folder.mkdir()
    laptop = site.laptop(site.found(), "laptop")
    for order in range(100, 106, 2):
        registered(laptop, id_number=number(order=order))
    for page in (b"a page", b"another page"):
        take_page(laptop, page * 900)
    laptop.database.checkpoint()
    for order in range(106, 112, 2):
        registered(laptop, id_number=number(order=order))
    back_up(laptop, folder / "backups")
    with laptop.database.read() as connection:
        digest = state_digest(connection)
    laptop.computer.sync()
    roots = (laptop.folder, computer_folder(laptop.folder), folder / "backups")
    files = {path: path.read_bytes() for root in roots for path in files_in(root)}
    place = laptop.folder
    site.close()
    disk = Disk(folder)
    disk.hold(files)
    kinds = {
        "database": [place / "data.db"],
        "log": [place / "data.db-wal"],
        "slots": [place / "vault" / "slots.a", place / "vault" / "slots.b"],
        "computer": files_in(computer_folder(place)),
        "seat": [place / SEAT_FILE],
        "scans": files_in(place / "scans"),
    }
    assert all(path in files for paths in kinds.values() for path in paths)
    return Saved(disk, place, folder / "backups", digest, policy, kinds)


def take_page(laptop: Workplace, sealed: bytes) -> None:
    """Take a sealed page in, as a record names it."""
    with laptop.journal.begin(laptop.actor(), laptop.seat.scope) as work:
        applicant = work.connection.exec_driver_sql("SELECT record FROM projected_applicant")
        values: dict[str, Value] = {
            "applicant": str(applicant.scalar()),
            "material": "HKB",
            "page": 1,
            "digest": laptop.scans.store(sealed),
            "size": len(sealed),
        }
        work.create("scan", values)


def files_in(root: Path) -> list[Path]:
    """Give the files that hold something, apart from those that are made anew at every start."""
    made_anew = {"in-use", "data.db-shm"}
    found = [path for path in root.rglob("*") if path.is_file() and path.name not in made_anew]
    return sorted(path for path in found if path.stat().st_size)


def rot(data: bytes, chance: random.Random) -> bytes:
    """Let a disk do to a file what disks do."""
    at = chance.randrange(len(data))
    start = at // CLUSTER * CLUSTER
    rotten = bytearray(data)
    match chance.choice(["bit", "bit", "byte", "garbage", "zeros", "cut"]):
        case "bit":
            rotten[at] ^= 1 << chance.randrange(8)
        case "byte":
            rotten[at] ^= chance.randrange(1, 256)
        case "garbage":
            rotten[at : at + 64] = chance.randbytes(len(rotten[at : at + 64]))
        case "zeros":
            rotten[start : start + CLUSTER] = bytes(len(rotten[start : start + CLUSTER]))
        case _:
            del rotten[at:]
    return bytes(rotten)


def open_and_verify(saved: Saved) -> str:
    """Open the folder as every morning, and say what is found."""
    try:
        workplace = open_workplace(saved.laptop, LEAD, PASSWORD, saved.policy)
    except ProductError as error:
        return error.code
    with closing(workplace):
        try:
            report = verify_workplace(workplace, Progress())
        except ProductError as error:
            return error.code
        if report.flaws:
            return f"flaw.{report.flaws[0].code}"
        if workplace.succeeded is not None:
            return f"succeeded.{workplace.succeeded.value}"
        return TRUE if report.digest == saved.digest else "another state, unnoticed"


def restore(saved: Saved) -> str:
    """Restore the backup into a new folder, and say what is found."""
    target = saved.disk.folder / "restored"
    try:
        made = restore_by_password(saved.backups, target, LEAD, PASSWORD, saved.policy)
    except ProductError as error:
        assert not target.exists(), "half a restored folder stayed"
        return error.code
    with closing(made.workplace):
        flaws = verify_workplace(made.workplace, Progress()).flaws
    for folder in (target, computer_folder(target)):
        shutil.rmtree(folder)
    return TRUE if made.digest == saved.digest and not flaws else "another state, unnoticed"


def outcomes(
    saved: Saved, paths: list[Path], look: Callable[[Saved], str], count: int, seed: int
) -> Counter[str]:
    """Let files rot, one at a time, and count what is found."""
    chance = random.Random(seed)
    found: Counter[str] = Counter()
    for _ in range(count):
        path = chance.choice(paths)
        path.write_bytes(rot(saved.disk.held[path][1], chance))
        try:
            found[look(saved)] += 1
            assert still_open(saved.disk.folder) == []
        finally:
            saved.disk.put_back()
    return found


def still_open(folder: Path) -> list[Path]:
    """Give the files below a folder that this process has open, where the system tells."""
    handles = Path("/proc/self/fd")
    opened = [one.resolve() for one in handles.iterdir()] if handles.is_dir() else []
    return [path for path in opened if path.is_relative_to(folder)]


KNOWN = ("flaw.", "succeeded.")


def clear(code: str) -> bool:
    """Say whether a person is told something they can act on."""
    return code == TRUE or code.startswith(KNOWN) or code in shipped()


@pytest.mark.parametrize(
    ("kind", "share"),
    [
        ("database", 0.25),
        ("log", 0.2),
        ("slots", 0.1),
        ("computer", 0.1),
        ("seat", 0.1),
        ("scans", 0.05),
    ],
)
def test_rot_is_found_or_what_is_read_is_true(saved: Saved, kind: str, share: float) -> None:
    found = outcomes(saved, saved.kinds[kind], open_and_verify, int(share * CASES), seed=len(kind))
    assert [code for code in found if not clear(code)] == []
    if kind in {"database", "log", "scans"}:
        # The control: this much of a file cannot rot without anybody's notice.
        assert found[TRUE] < 0.5 * found.total()


def test_a_rotten_backup_is_found_or_brings_back_what_was_saved(saved: Saved) -> None:
    paths = files_in(saved.backups)
    found = outcomes(saved, paths, restore, int(0.2 * CASES), seed=1)
    assert [code for code in found if not clear(code)] == []
    assert found[TRUE] < found.total()


def test_what_did_not_rot_opens_as_it_was_saved(saved: Saved) -> None:
    assert open_and_verify(saved) == TRUE
    saved.disk.put_back()
    assert restore(saved) == TRUE
    saved.disk.put_back()
    assert open_and_verify(saved) == TRUE
