"""A school with very many children, in seconds: some are registered, the rest are copies of them.

Copies are rows of the tables that lists and searches read, under records and times of their own; no
operation stands behind them, so that nothing but reading may be measured on them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from benchmarks.bundle import DATABASE, SCHOOL_FOLDER, set_up
from benchmarks.registrations import register
from desktop_app.storage.search import document

CHILDREN, REGISTERED = 100_000, 1_000
KEY_FILE = "key"
_AT_ONCE = 500
_NAMED = {"applicant": "record", "guardian": "record, applicant"}


def many_children(folder: Path) -> None:
    """Set up a school, register children, and copy them until there are very many."""
    school = set_up(folder, SCHOOL_FOLDER, "2141041101")
    for first in range(0, REGISTERED, _AT_ONCE):
        with school.journal.begin(school.actor(), school.seat.scope) as work:
            for number in range(first, first + _AT_ONCE):
                register(work, number)
    school.database.checkpoint()
    key = bytes(school.session.database_key())
    (folder / KEY_FILE).write_bytes(key)
    school.close()
    copy_rows(folder / SCHOOL_FOLDER / DATABASE, key, CHILDREN // REGISTERED)


def copy_rows(path: Path, key: bytes, times: int) -> None:
    """Copy applicants, guardians and what is searched for, so that each stands so many times.

    The settings are the driver's own: wiping every piece of memory would take half an hour.
    """
    database = sqlcipher.connect(str(path), isolation_level=None)
    database.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    database.execute("PRAGMA synchronous=OFF")
    database.execute("PRAGMA cache_size=-400000")
    database.execute("BEGIN IMMEDIATE")
    step = database.execute("SELECT max(id) FROM projected_guardian").fetchone()[0] + 1
    for kind, named in _NAMED.items():
        _copy(database, f"projected_{kind}", named.split(", "), step, times)
    found = database.execute(
        "SELECT child.id, child.full_name, child.id_number, child.receipt_number, guardian.phone"
        " FROM projected_applicant AS child"
        " JOIN projected_guardian AS guardian ON guardian.applicant = child.record"
        " WHERE child.id >= ?",
        (step,),
    ).fetchall()
    database.executemany(
        "INSERT INTO projected_search (rowid, names, keys) VALUES (?, ?, ?)",
        ((place, *document([name], filter(None, numbers))) for place, name, *numbers in found),
    )
    database.execute("COMMIT")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _copy(database: Any, table: str, named: list[str], step: int, times: int) -> None:
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    given = {"id": "id + :step * :copy", "created_at": "created_at - 86400000 * :copy"}
    # The last five signs of a record tell the copies apart.
    given |= {name: f"substr({name}, 1, 31) || printf('%05d', :copy)" for name in named}
    chosen = ", ".join(given.get(column, column) for column in columns)
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)})"  # noqa: S608 - our own names
        f" SELECT {chosen} FROM {table} WHERE id < :step"
    )
    for copy in range(1, times):
        database.execute(statement, {"step": step, "copy": copy})
