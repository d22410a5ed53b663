"""Restore a backup into an empty folder: by the printed recovery code, or by a person's password.

What is restored is compared with the digest the backup was saved with, before anything is written.
The restored computer is a successor: it has a new key and begins a feed of its own.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from desktop_app.domain.errors import RuleError, UntrustedError, WorkplaceError
from desktop_app.durable.files import (
    disk_errors,
    make_private_folder,
    open_atomically,
    read_limited,
    remove_folder,
    write_atomically,
)
from desktop_app.durable.folder import FolderLock
from desktop_app.policy.package import Policy
from desktop_app.security.passwords import Password
from desktop_app.security.session import Session
from desktop_app.security.vault import Vault
from desktop_app.services.backup import (
    LABEL,
    LABEL_LIMIT,
    Label,
    copy_small,
    find_backup,
)
from desktop_app.services.rotation import finish_rotation
from desktop_app.services.seat import read_seat
from desktop_app.services.setup import SCANS_NAME, open_with_session
from desktop_app.services.workplace import DATABASE_NAME, Workplace, computer_folder
from desktop_app.storage.backup import check_copy
from desktop_app.storage.scans import ScanStore

DRILLER = "恢复演练"
"""Who opens a trial restore; the name dies with the scratch folder."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored folder, open; ``recovery_code`` is the new one where the old one was used."""

    workplace: Workplace
    digest: str
    recovery_code: str | None


def restore_by_code(
    source: Path, folder: Path, code: str, person: str, password: Password, policy: Policy
) -> Restored:
    """Restore with the printed code, as a person with new keys; a new code replaces it.

    Raises:
        RuleError: the folder is not empty, the code is wrong, or the password is weak.
        UntrustedError: the backup does not open.
        WorkplaceError: the backup is damaged, or the disk refused.
    """

    def enter(vault: Vault) -> Session:
        return vault.recover(code, person, password)

    restored = _restore(source, folder, enter, policy)
    workplace = restored.workplace
    try:
        renewed = workplace.session.new_recovery_code()
        finish_rotation(workplace.session, workplace.database, workplace.computer)
    except BaseException:
        workplace.close()
        raise
    return Restored(workplace, restored.digest, renewed)


def restore_by_password(
    source: Path, folder: Path, person: str, password: Password, policy: Policy
) -> Restored:
    """Restore as a person who could log in when the backup was made.

    Raises:
        RuleError: the folder is not empty, or the password is wrong.
        UntrustedError: the backup does not open.
        WorkplaceError: the backup is damaged, or the disk refused.
    """
    return _restore(source, folder, lambda vault: vault.unlock(person, password), policy)


def drill(source: Path, scratch: Path, code: str, password: Password, policy: Policy) -> str:
    """Restore a backup into a scratch folder by its code, give its digest, remove the folder.

    Raises:
        ProductError: as ``restore_by_code``: then the backup, or the code on the paper, is no use.
        WorkplaceError: ``backup.scratch_left``: the backup is good, the scratch folder stayed.
    """
    restored = restore_by_code(source, scratch, code, DRILLER, password, policy)
    restored.workplace.close()
    if not _remove(scratch, with_computer=True):
        raise WorkplaceError("backup.scratch_left")
    return restored.digest


def _restore(
    source: Path, folder: Path, enter: Callable[[Vault], Session], policy: Policy
) -> Restored:
    backup = find_backup(source)
    with disk_errors():
        if folder.exists() and any(folder.iterdir()):
            raise RuleError("command.not_empty")
    known = computer_folder(folder).exists()
    try:
        _lay_out(backup, folder)
        with contextlib.ExitStack() as undone:
            lock = FolderLock(folder)
            undone.callback(lock.release)
            session = enter(Vault.open(folder))
            undone.callback(session.close)
            digest = _proven_digest(backup, folder, session)
            workplace = open_with_session(folder, read_seat(folder), session, policy, lock)
            undone.pop_all()
    except BaseException:
        _remove(folder, with_computer=not known)
        raise
    return Restored(workplace, digest, None)


def _proven_digest(backup: Path, folder: Path, session: Session) -> str:
    """Check every page of what was laid out, and that it is the state that was saved."""
    digest = _checked_digest(folder / DATABASE_NAME, session)
    try:
        label = msgspec.json.decode(read_limited(backup / LABEL, LABEL_LIMIT), type=Label)
    except ValueError as error:  # msgspec's own, or no UTF-8
        raise WorkplaceError("backup.damaged") from error
    if digest != label.digest:
        raise WorkplaceError("backup.differs")
    return digest


def _checked_digest(database: Path, session: Session) -> str:
    """Check a database that may have been saved in mid-rotation, under either of the two keys."""
    try:
        return check_copy(database, session.database_key)
    except UntrustedError:
        if not session.rotation_pending:
            raise
    return check_copy(database, session.next_database_key_kept())


def _lay_out(backup: Path, folder: Path) -> None:
    """Put the files of a backup into their places."""
    make_private_folder(folder)
    copy_small(backup, folder)
    with (
        disk_errors(),
        (backup / DATABASE_NAME).open("rb") as source,
        open_atomically(folder / DATABASE_NAME) as target,
    ):
        shutil.copyfileobj(source, target)
    kept, mine = ScanStore(backup.parent / SCANS_NAME), ScanStore(folder / SCANS_NAME)
    for digest in kept.digests():
        with contextlib.suppress(UntrustedError):  # a rotten page must not keep all else back
            sealed = kept.read(digest)
            make_private_folder(mine.folder)
            write_atomically(mine.path(digest), sealed)


def _remove(folder: Path, *, with_computer: bool) -> bool:
    """Take away what was laid out in a folder that was empty before; tell whether all is gone."""
    places = (folder, computer_folder(folder)) if with_computer else (folder,)
    with disk_errors():
        gone = [_removed(place) for place in places]
    return all(gone)


def _removed(place: Path) -> bool:
    """Take a folder away; one that cannot be renamed, as the root of a disk, is emptied."""
    if remove_folder(place):
        return True
    shutil.rmtree(place, ignore_errors=True)
    return place.is_dir() and not any(place.iterdir())
