"""Find the records that a command is about."""

from __future__ import annotations

from desktop_app.domain.errors import RuleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.workplace import Workplace
from desktop_app.storage import oplog
from desktop_app.storage.merged import noted
from desktop_app.storage.rows import Row, read_rows


def schools_held(workplace: Workplace) -> list[str]:
    """Name the schools whose feeds are held here."""
    with workplace.database.read() as connection:
        return oplog.schools_held(connection)


def need_school(workplace: Workplace, school: str) -> None:
    """Refuse a school of which nothing is held: an empty answer would look like a true one.

    Raises:
        RuleError: ``command.school``.
    """
    if school not in schools_held(workplace):
        raise RuleError("command.school")


def every_applicant(workplace: Workplace, scope: str) -> list[Row]:
    """Give every applicant in the lists of a school, oldest first; twins were put into another."""
    with workplace.database.read() as connection:
        rows = read_rows(connection, RECORD_TYPES["applicant"], scope, {})
        merged, _ = noted(connection, scope)
    return [row for row in rows if row.record not in merged]


def record_of(workplace: Workplace, receipt: str, scope: str | None = None) -> str:
    """Give the record of a receipt number.

    Raises:
        RuleError: there is none, or (after a restored computer) there are two.
    """
    wanted = receipt.strip().upper()
    with workplace.database.read() as connection:
        rows = read_rows(
            connection,
            RECORD_TYPES["applicant"],
            scope or workplace.seat.scope,
            {"receipt_number": wanted},
        )
    if len(rows) != 1:
        raise RuleError("command.receipt", count=len(rows))
    return rows[0].record
