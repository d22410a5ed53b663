"""Practice 练习: a made-up school in a folder of its own, opened by keys nobody keeps.

The folder lies beside the data folder and is erased when practice ends. Its password is drawn at
random and is held by the one process that made it: after a crash nobody opens what is left, and the
next start erases it. The folder carries a mark; what carries it never exports and prints 练习.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError, WorkplaceError
from desktop_app.durable.files import disk_errors, make_private_folder, write_atomically
from desktop_app.durable.folder import FolderLock
from desktop_app.policy.package import Policy
from desktop_app.security.memory import wipe
from desktop_app.security.roster import FOLDER as VAULT_FOLDER
from desktop_app.security.vault import Vault
from desktop_app.services.people import PeopleDesk
from desktop_app.services.setup import NewFolder, create_workplace, open_workplace
from desktop_app.services.workplace import PRACTICE_MARK, PRACTICE_PLACE, Workplace, closing

SCHOOL, TRAINER, TRAINEE = "练习小学", "带教老师", "练习员"
_DATA = "data"
_NAME = re.compile("[0-9a-f]{16}")
_SECRET = 32  # bytes of chance in a password that is never shown

Lesson = Mapping[str, str]
"""The form of a made-up family that is not registered yet: what the first case is about."""
Furnish = Callable[[Workplace], Lesson]
"""Registers made-up families as the trainer, and gives the lesson."""


@dataclass(frozen=True, slots=True)
class Practice:
    """An open practice school, where it lies, and the lesson."""

    root: Path
    workplace: Workplace
    lesson: Lesson
    lock: FolderLock

    def end(self) -> None:
        """Erase it, once its workplace was closed."""
        self.lock.release()
        end_practice(self.root)


def practice_place(folder: Path) -> Path:
    """Give the place of practice beside a data folder, never inside it."""
    return folder.parent / f"{folder.name}{PRACTICE_PLACE}"


def begin_practice(folder: Path, policy: Policy, furnish: Furnish) -> Practice:
    """Make a practice school beside a data folder, and open it as the trainee.

    Raises:
        WorkplaceError: the disk refuses; what was begun is erased again.
    """
    sweep_practice(folder)
    root = practice_place(folder) / secrets.token_hex(8)
    make_private_folder(root.parent)
    lock = FolderLock(root)  # held to the end, so that nobody sweeps what is being made
    try:
        return _begin(root, policy, furnish, lock)
    except BaseException:
        lock.release()
        end_practice(root)
        raise


def _begin(root: Path, policy: Policy, furnish: Furnish, lock: FolderLock) -> Practice:
    data = root / _DATA
    make_private_folder(data)
    write_atomically(data / PRACTICE_MARK, b"")
    school = next(one for one in policy.schools.values() if one.stage == "P1")
    new = NewFolder(data, "school", school.code, SCHOOL, TRAINER)
    first, second = _password(), _password()
    try:
        workplace, _ = create_workplace(new, first, policy)
        with closing(workplace):
            lesson = furnish(workplace)
            PeopleDesk(workplace).add(TRAINEE, second, (Role.REGISTRAR, Role.REVIEWER))
        workplace.session.close()
        return Practice(root, open_workplace(data, TRAINEE, second, policy), lesson, lock)
    finally:
        wipe(first)
        wipe(second)


def end_practice(root: Path) -> None:
    """Erase a practice folder, and its place where nothing else is left there.

    What cannot be erased now is erased by the next start; nobody can open it.
    """
    # The vault first: with it gone, what is left is known as practice though its mark be gone too.
    for gone in (root / _DATA / VAULT_FOLDER, root):
        shutil.rmtree(gone, ignore_errors=True)
    with contextlib.suppress(OSError):
        root.parent.rmdir()


def sweep_practice(folder: Path) -> int:
    """Erase what a crash left of practice beside a data folder; one that runs is let be.

    Nothing else is touched: whatever lies there under another name, or holds a vault without the
    mark, somebody put there.
    """
    place, swept = practice_place(folder), 0
    if place.is_symlink() or not place.is_dir():
        return 0
    with disk_errors():
        found = sorted(filter(_is_left_over, place.iterdir()))
    for root in found:
        try:
            FolderLock(root).release()
        except WorkplaceError:
            continue
        end_practice(root)
        swept += 1
    return swept


def _is_left_over(root: Path) -> bool:
    """Say whether a folder is one that practice made: the mark comes before the vault."""
    if root.is_symlink() or not root.is_dir() or not _NAME.fullmatch(root.name):
        return False
    data = root / _DATA
    return (data / PRACTICE_MARK).exists() or not Vault.exists(data)


def refuse_practice(workplace: Workplace) -> None:
    """Refuse to let anything of made-up people leave.

    Raises:
        RuleError: ``practice.stays``.
    """
    if workplace.practice:
        raise RuleError("practice.stays")


def _password() -> bytearray:
    return bytearray(secrets.token_urlsafe(_SECRET).encode())
