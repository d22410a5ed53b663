"""Copies of the database that were opened and checked before they count."""

from __future__ import annotations

from pathlib import Path

from desktop_app.domain.errors import WorkplaceError
from desktop_app.durable.files import disk_errors
from desktop_app.storage.database import Database, Key
from desktop_app.storage.digest import state_digest


def copy_database(database: Database, target: Path) -> str:
    """Copy the open database to a new file under the same key, prove the copy, give its digest.

    The copy is one consistent state, made by the backup API, which keeps ``user_version``. It is
    opened afresh, every page's MAC is checked, and its state digest compared.

    Raises:
        WorkplaceError: there is a file already, the disk refuses, or the copy is not the same.
    """
    if target.exists():
        raise WorkplaceError("backup.exists")
    with disk_errors():
        database.copy_to(target)
    with database.read() as connection:
        wanted = state_digest(connection)
    if check_copy(target, database.key) != wanted:
        raise WorkplaceError("backup.differs")
    return wanted


def check_copy(path: Path, key: Key) -> str:
    """Open a copy, check every page, and give its state digest.

    Raises:
        UntrustedError: it is damaged, or under another key.
        WorkplaceError: pages do not verify, or there are none.
    """
    with disk_errors():
        if not path.stat().st_size:  # it would open, as a new database
            raise WorkplaceError("backup.damaged")
    copy = Database(path, key)
    try:
        if copy.damaged_pages():
            raise WorkplaceError("backup.damaged")
        with copy.read() as connection:
            return state_digest(connection)
    finally:
        copy.close()
