"""A child program that registers on small disks until they are full.

It runs in a mount namespace of its own (``unshare --mount --map-root-user``), so that it may make
real file systems of a few megabytes. One line of JSON per size tells what came of it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

from desktop_app.domain.errors import ProductError, WorkplaceError
from desktop_app.durable.folder import Ballast
from desktop_app.storage.backup import copy_database
from desktop_app.storage.drafts import Draft, Drafts
from tests.storage.kit import Laptop

SMALLEST, LARGEST = 1_600, 5_000
"""Kibibytes: from where the empty tables just fit, to where a log is checkpointed many times."""
TINY = 900
BALLAST = 512 * 1024
PATIENCE = 2_000


def disk(place: Path, *options: str) -> None:
    """Mount, or remount, a file system in memory."""
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", ",".join(options), "none", str(place)], check=True
    )


class Village:
    """A laptop whose disk becomes full, and all it has confirmed."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.ballast = Ballast(place, BALLAST)
        self.ballast.hold()
        self.confirmed: list[str] = []
        self.laptop = self.open(fresh=True)

    def open(self, *, fresh: bool = False) -> Laptop:
        return Laptop(self.place, reserve=self.ballast, fresh=fresh)

    def fill(self) -> str:
        """Register until something is told; give its code."""
        for _ in range(PATIENCE):
            try:
                record = self.laptop.register(receipt_number=f"X-{len(self.confirmed)}")
            except WorkplaceError as error:
                return error.code
            self.confirmed.append(record)
        return "never full"

    def registered(self) -> list[str]:
        """Give every applicant there is."""
        with self.laptop.database.read() as connection:
            found = connection.exec_driver_sql("SELECT record FROM projected_applicant")
            return sorted(str(row[0]) for row in found)

    def try_all(self) -> Iterator[str]:
        """Try on the full disk what people try there; give what is told."""
        drafts = Drafts(self.laptop.database)
        copy = self.place / "copy.db"
        tries = (
            lambda: drafts.save(Draft("d", "p", {"full_name": "单" * 5000}, "full_name")),
            lambda: self.laptop.remove("applicant", self.confirmed[0]),
            self.laptop.database.checkpoint,
            lambda: copy_database(self.laptop.database, copy),
        )
        for one in tries:
            try:
                one()
                yield ""
            except ProductError as error:
                yield error.code
        copy.unlink(missing_ok=True)


def story(place: Path, size: int) -> dict[str, object]:
    """Fill a disk of a size, look at it, make room, and look again."""
    village = Village(place)
    said: dict[str, object] = {"size": size, "first": village.fill()}
    said["released"] = not village.ballast.held
    before = len(village.confirmed)
    said["second"] = village.fill()
    said["finished"] = len(village.confirmed) - before
    assert village.registered() == sorted(village.confirmed), "not what was confirmed"
    said["tries"] = list(village.try_all())
    kept = village.registered()
    assert set(kept) >= set(village.confirmed[1:]), "something was lost on the way"
    village.laptop.close()
    try:
        Laptop(place, fresh=False).close()
        said["opened"] = ""
    except ProductError as error:
        said["opened"] = error.code
    disk(place, "remount", "size=64m")
    village.laptop = village.open()
    assert village.registered() == kept, "opened again, it is not the same"
    flaws = village.laptop.verify().flaws
    assert not flaws, f"flaws: {flaws}"
    village.laptop.register(receipt_number="after")
    village.laptop.close()
    return said


def beginning(place: Path, size: int) -> dict[str, object]:
    """Begin on a disk that has no room even for empty tables, then make room and begin there."""
    said: dict[str, object] = {"size": size, "begun": ""}
    try:
        Laptop(place).close()
    except ProductError as error:
        said["begun"] = error.code
    disk(place, "remount", "size=64m")
    laptop = Laptop(place, fresh=said["begun"] != "")
    assert laptop.verify().sound
    laptop.register()
    laptop.close()
    return said


def main(place: Path, sizes: int) -> None:
    """Go through sizes, each on a disk of its own; every sixth has no room to begin."""
    for at in range(sizes):
        small = at % 6 == 0
        span = (16, TINY) if small else (SMALLEST, LARGEST)
        size = (span[0] + (span[1] - span[0]) * at // sizes) // 4 * 4
        disk(place, f"size={size}k")
        try:
            said = (beginning if small else story)(place, size)
        except BaseException as error:  # noqa: BLE001 - a bug's exception is what is looked for
            last = traceback.extract_tb(error.__traceback__)[-4:]
            lines = [f"{Path(one.filename).name}:{one.lineno}" for one in last]
            said = {"size": size, "wrong": f"{type(error).__name__}: {error} at {lines}"}
        subprocess.run(["umount", "-l", str(place)], check=True)
        sys.stdout.write(f"{json.dumps(said)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
