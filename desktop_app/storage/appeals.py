"""Complaints 诉求 as they stand: of a school, of all of them, or of one child."""

from __future__ import annotations

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.storage.database import Connection
from desktop_app.storage.rows import Row, columns_of, rows_of
from desktop_app.storage.tables import table_of

_TYPE = RECORD_TYPES["appeal"]
_HELD = (
    f"SELECT {columns_of(_TYPE)} FROM {table_of('appeal')}"  # noqa: S608 - declared names
    " WHERE scope"
)
_COUNT = (
    f"SELECT standing, count(*) FROM {table_of('appeal')}"  # noqa: S608 - declared names
    " INDEXED BY projected_appeal_standing WHERE standing > '' AND scope"
)
_OF_CHILD = (
    f"{_HELD} = ? AND applicant IN (SELECT ? UNION ALL"  # noqa: S608 - our own names
    " SELECT record FROM projected_applicant WHERE scope = ? AND twin = ?)"
)


def appeals(connection: Connection, school: str) -> list[Row]:
    """Read the complaints of a school, or of all where none is named, oldest first."""
    found = connection.exec_driver_sql(f"{_HELD} {'=' if school else '>'} ?", (school,))
    return rows_of(_TYPE, found)


def appeals_of(connection: Connection, school: str, child: str) -> list[Row]:
    """Read the complaints about a child, and about records merged into it, oldest first."""
    found = connection.exec_driver_sql(_OF_CHILD, (school, child, school, child))
    return rows_of(_TYPE, found)


def appeal_counts(connection: Connection, school: str) -> dict[str, int]:
    """Count complaints by where they stand, of a school or of all."""
    statement = f"{_COUNT} {'=' if school else '>'} ? GROUP BY standing"
    return {str(row[0]): int(row[1]) for row in connection.exec_driver_sql(statement, (school,))}
