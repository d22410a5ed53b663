"""Backups 备份: verified when made, opened by a person's password or the recovery code.

A backup is a numbered folder with everything that opens it: the encrypted database, the slot files
(the database's salt is in them), the seat, the district's document. Sealed pages lie beside the
numbered folders, once, since they never change. What makes a computer this computer is left out on
purpose: whoever restores becomes a successor with a new key, and the old feed is never continued.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import msgspec

from desktop_app.domain.errors import UntrustedError, WorkplaceError
from desktop_app.durable.files import (
    UNFINISHED,
    disk_errors,
    fsync_directory,
    make_private_folder,
    read_limited,
    remove_folder,
    write_atomically,
)
from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.security.slots import COPIES
from desktop_app.security.slots import FOLDER as VAULT
from desktop_app.services.district_office import AUTHORITY_FILE
from desktop_app.services.seat import SEAT_FILE
from desktop_app.services.setup import SCANS_NAME
from desktop_app.services.workplace import DATABASE_NAME, Workplace
from desktop_app.storage.backup import copy_database

KEPT = 3
"""The newest backup and the two before it."""

LABEL = "backup.json"
_NAME = re.compile(r"backup-([0-9]{4,})")
LABEL_LIMIT = 64 * 1024
SMALL_FILES = (SEAT_FILE, AUTHORITY_FILE, *(f"{VAULT}/{name}" for name in COPIES))
SMALL_LIMIT = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Label:
    """What a backup says of itself; the digest proves that what was restored is what was saved."""

    number: int
    made_at: int
    """UTC milliseconds."""
    digest: str
    scans: int


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was opened and compared after it was written."""

    path: Path
    label: Label
    kept: int
    rotten_scans: int
    """Pages left out because the disk no longer holds what was sealed."""


def back_up(workplace: Workplace, target: Path) -> BackedUp:
    """Make a numbered backup in a folder, verify it, and let go of all but the newest three.

    Raises:
        WorkplaceError: the disk refused, or the copy is not the same; then it has no number.
    """
    make_private_folder(target)
    number = max(numbered(target), default=0) + 1
    final = target / f"backup-{number:04d}"
    part = final.with_name(final.name + UNFINISHED)
    with disk_errors():
        for leftover in target.glob(f"*{UNFINISHED}"):
            shutil.rmtree(leftover, ignore_errors=leftover != part)
    make_private_folder(part)
    digest = copy_database(workplace.database, part / DATABASE_NAME)
    copy_small(workplace.folder, part)
    scans, rotten = _copy_scans(workplace, target / SCANS_NAME)
    label = Label(number, wall_milliseconds(), digest, scans)
    write_atomically(part / LABEL, msgspec.json.encode(label))
    with disk_errors():
        part.rename(final)
    fsync_directory(target)
    return BackedUp(final, label, _let_go(target), rotten)


def numbered(target: Path) -> list[int]:
    """Give the numbers of the backups in a folder, the oldest first."""
    if not target.is_dir():
        return []
    with disk_errors():
        matches = [_NAME.fullmatch(entry.name) for entry in target.iterdir()]
    return sorted(int(match[1]) for match in matches if match)


def copy_small(source: Path, target: Path) -> None:
    """Copy the files without which the database cannot be opened or judged."""
    make_private_folder(target / VAULT)
    for name in SMALL_FILES:
        if (source / name).exists():
            write_atomically(target / name, read_limited(source / name, SMALL_LIMIT))


def _copy_scans(workplace: Workplace, target: Path) -> tuple[int, int]:
    """Copy the sealed pages that are not there yet; count those there and those that are rotten.

    One rotten page keeps nothing else back: its name is its digest, so the copy would not be it.
    """
    make_private_folder(target)
    count = rotten = 0
    for digest in workplace.scans.digests():
        place = target / workplace.scans.path(digest).name
        try:
            if not place.exists():
                write_atomically(place, workplace.scans.read(digest))
            count += 1
        except UntrustedError:
            rotten += 1
    return count, rotten


def _let_go(target: Path) -> int:
    """Remove all but the newest; one that the disk will not let go of stays, whole, and counts."""
    for number in numbered(target)[:-KEPT]:
        remove_folder(target / f"backup-{number:04d}")
    return len(numbered(target))


def find_backup(source: Path) -> Path:
    """Give the backup a path means: itself, or the newest in it.

    Raises:
        WorkplaceError: there is none.
    """
    if (source / LABEL).is_file():
        return source
    numbers = numbered(source)
    if not numbers:
        raise WorkplaceError("backup.none")
    return source / f"backup-{numbers[-1]:04d}"
