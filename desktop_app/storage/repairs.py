"""The repair list 待改清单: rows of workbooks that could not go in, local to this computer.

A row stands here until the draft made of it is registered or thrown away; then only its name is
kept, so that the same row, brought again, is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.storage.database import Connection
from desktop_app.storage.drafts import Draft, write_draft

WAITING, IN_HAND, DONE = 0, 1, 2
FROM_ROW = "from_row"
"""Marks a draft that was made of a row: the family of a row is not the one before the next."""


class Fault(msgspec.Struct, frozen=True, array_like=True):
    """One thing wrong with a row: column, code and details of the reason, what the cell shows."""

    column: str
    code: str
    details: dict[str, str | int]
    found: str


@dataclass(frozen=True, slots=True)
class Kept:
    """One row of the list: where it stood, what was read of it, what is wrong with it."""

    id: str
    source: str
    row: int
    form: Mapping[str, str]
    faults: Sequence[Fault]
    brought_by: str = ""
    kept_at: int = 0
    in_hand_of: str = ""
    """Whose draft it has become, empty while it is nobody's."""


def keep(connection: Connection, rows: Iterable[Kept], person: str) -> None:
    """Keep rows; one that stands already, or was mended before, is left as it is."""
    now = wall_milliseconds()
    values = [
        (
            one.id,
            one.source,
            one.row,
            msgspec.json.encode(dict(one.form)).decode(),
            msgspec.json.encode(list(one.faults)).decode(),
            person,
            now,
            WAITING,
        )
        for one in rows
    ]
    if values:
        connection.exec_driver_sql(
            "INSERT INTO repair (id, source, row, form, problems, brought_by, kept_at, standing)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            values,
        )


def waiting(connection: Connection) -> tuple[Kept, ...]:
    """Give the rows that wait or are in hand, workbook by workbook."""
    rows = connection.exec_driver_sql(
        "SELECT r.id, r.source, r.row, r.form, r.problems, r.brought_by, r.kept_at,"
        " coalesce(d.person, '') FROM repair AS r INDEXED BY repair_open"
        " LEFT JOIN draft AS d ON d.id = r.id WHERE r.standing < 2"
        " ORDER BY r.kept_at, r.source, r.row"
    ).all()
    return tuple(_kept(row) for row in rows)


def count(connection: Connection) -> int:
    """Count the rows that wait or are in hand."""
    found = connection.exec_driver_sql("SELECT count(*) FROM repair WHERE standing < 2")
    return int(found.scalar_one())


def find(connection: Connection, name: str) -> Kept | None:
    """Give one row that waits or is in hand."""
    row = connection.exec_driver_sql(
        "SELECT r.id, r.source, r.row, r.form, r.problems, r.brought_by, r.kept_at,"
        " coalesce(d.person, '') FROM repair AS r LEFT JOIN draft AS d ON d.id = r.id"
        " WHERE r.id = ? AND r.standing < 2",
        (name,),
    ).one_or_none()
    return None if row is None else _kept(row)


def take_in_hand(connection: Connection, kept: Kept, person: str) -> None:
    """Make the person's draft of a row; what they have written into it already stays."""
    if kept.in_hand_of != person:
        write_draft(connection, Draft(kept.id, person, {**kept.form, FROM_ROW: "1"}, ""))
    connection.exec_driver_sql("UPDATE repair SET standing = ? WHERE id = ?", (IN_HAND, kept.id))


def settle(connection: Connection) -> None:
    """Forget what was read of rows whose draft is gone: registered, or thrown away."""
    _forget(
        connection, "standing = 1 AND NOT EXISTS (SELECT 1 FROM draft WHERE draft.id = repair.id)"
    )


def put_away(connection: Connection, name: str) -> None:
    """Take a row off the list: nobody will register it."""
    _forget(connection, "standing < 2 AND id = ?", name)


def _forget(connection: Connection, which: str, *values: str) -> None:
    connection.exec_driver_sql(
        f"UPDATE repair SET standing = 2, source = '', form = '', problems = '' WHERE {which}",  # noqa: S608
        values,
    )


def _kept(row: Sequence[object]) -> Kept:
    form = msgspec.json.decode(str(row[3]), type=dict[str, str])
    faults = msgspec.json.decode(str(row[4]), type=list[Fault])
    return Kept(
        str(row[0]),
        str(row[1]),
        int(str(row[2])),
        form,
        faults,
        str(row[5]),
        int(str(row[6])),
        str(row[7]),
    )
