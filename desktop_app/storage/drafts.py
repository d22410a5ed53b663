"""Drafts 草稿: unfinished forms, local to this computer and seen by their person alone.

Each save is a transaction of its own, so a power cut costs at most the field being typed. Drafts
never become operations: an abandoned form leaves no trace of a child.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.storage.database import Connection, Database


@dataclass(frozen=True, slots=True)
class Draft:
    """An unfinished form: what was typed, and where the caret stood."""

    id: str
    person: str
    fields: Mapping[str, str]
    caret: str
    changed_at: int = 0


class Drafts:
    """The drafts kept in a database."""

    def __init__(self, database: Database) -> None:
        """Keep drafts in this database."""
        self._database = database

    def save(self, draft: Draft) -> None:
        """Keep a draft durably; one of another person is never overwritten."""
        with self._database.write() as connection:
            write_draft(connection, draft)

    def of_person(self, person: str) -> tuple[Draft, ...]:
        """Give a person's drafts, the latest first."""
        with self._database.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT id, person, fields, caret, changed_at FROM draft WHERE person = ?"
                " ORDER BY changed_at DESC",
                (person,),
            ).all()
        return tuple(
            Draft(
                id=row[0],
                person=row[1],
                fields=msgspec.json.decode(row[2], type=dict[str, str]),
                caret=row[3],
                changed_at=row[4],
            )
            for row in rows
        )

    def count(self) -> int:
        """Count all drafts on this computer, whosesoever."""
        with self._database.read() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM draft").scalar_one())

    def drop(self, draft: str, person: str) -> None:
        """Forget a person's draft."""
        with self._database.write() as connection:
            drop_draft(connection, draft, person)


def drop_draft(connection: Connection, draft: str, person: str) -> None:
    """Forget a person's draft within a transaction."""
    connection.exec_driver_sql("DELETE FROM draft WHERE id = ? AND person = ?", (draft, person))


def write_draft(connection: Connection, draft: Draft) -> None:
    """Keep a draft within a transaction; one of another person is never overwritten."""
    connection.exec_driver_sql(
        "INSERT INTO draft (id, person, fields, caret, changed_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET fields = excluded.fields, caret = excluded.caret,"
        " changed_at = excluded.changed_at WHERE person = excluded.person",
        (
            draft.id,
            draft.person,
            msgspec.json.encode(dict(draft.fields)).decode(),
            draft.caret,
            wall_milliseconds(),
        ),
    )
