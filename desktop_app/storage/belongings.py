"""What belongs to one applicant, down to the operations, for whoever erases it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.feeds.operation import reference
from desktop_app.storage import retention
from desktop_app.storage.applicant_file import history
from desktop_app.storage.erasing import SUBJECT
from desktop_app.storage.graduates import arrived
from desktop_app.storage.oplog import Key
from desktop_app.storage.tables import table_of

_PARTS = tuple(kind for kind, known in RECORD_TYPES.items() if SUBJECT in known.fields)
_PAGE = "scan"
_KEY_OF_PAGES = "scan_key"
_OTHER = "duplicate_decision"
_ENTRY = "graduate"


def of_applicant(connection: Connection, scope: str, applicant: str) -> list[Key]:
    """Give the records that are, or were before they were removed, about an applicant."""
    found = {(scope, SUBJECT, applicant)}
    for kind in _PARTS:
        rows = connection.exec_driver_sql(
            f"SELECT record FROM {table_of(kind)} WHERE scope = ? AND applicant = ?",  # noqa: S608
            (scope, applicant),
        )
        found |= {(scope, kind, str(row[0])) for row in rows}
    gone = connection.exec_driver_sql(
        "SELECT kind, record FROM projected_gone WHERE scope = ? AND applicant = ?",
        (scope, applicant),
    ).all()
    found |= {(scope, str(kind), str(record)) for kind, record in gone}
    others = connection.exec_driver_sql(
        f"SELECT record FROM {table_of(_OTHER)} WHERE scope = ? AND +other = ?",  # noqa: S608
        (scope, applicant),
    )
    found |= {(scope, _OTHER, str(row[0])) for row in others}
    scans = {record for _, kind, record in found if kind == _PAGE}
    if any(kind == _PAGE for kind, _ in gone):
        # A page that was taken again went with its key, which no row tells of any more.
        held = retention.records(connection, scope, _KEY_OF_PAGES)
        found |= {(scope, _KEY_OF_PAGES, one.record) for one in held if one.text("scan") in scans}
    for scan in scans:
        keys = connection.exec_driver_sql(
            f"SELECT record FROM {table_of(_KEY_OF_PAGES)}"  # noqa: S608
            " WHERE scope = ? AND scan = ?",
            (scope, scan),
        )
        found |= {(scope, _KEY_OF_PAGES, str(row[0])) for row in keys}
    return sorted(found)


def entry_of(connection: Connection, scope: str, applicant: str) -> list[Key]:
    """Give the entry of the district's list that an applicant was last said to be.

    Nothing where another registration stands that is the same entry: that child is still held.
    """
    said = [
        str(change.after or "")
        for entry in history(connection, scope, applicant, (SUBJECT,))
        if entry.record == applicant and not entry.verdict
        for change in entry.changes
        if change.field == _ENTRY
    ]
    others = arrived(connection, scope)
    others.pop(applicant, None)
    if not said or not said[-1] or said[-1] in others.values():
        return []
    return [(scope, _ENTRY, said[-1])]


def entries_with(connection: Connection, scope: str, number: str) -> list[tuple[str, str]]:
    """Give kind and record of the entries of the list that have an ID number or a roll number."""
    if not number:
        return []
    rows = connection.exec_driver_sql(
        f"SELECT record FROM {table_of(_ENTRY)} WHERE scope = ?1"  # noqa: S608
        " AND (id_number = ?2 OR national_student_no = ?2)",
        (scope, number),
    )
    return [(_ENTRY, str(row[0])) for row in rows]


def references(connection: Connection, keys: Iterable[Key], *, district: bool) -> list[str]:
    """Name the operations on some records that still say something of a child.

    A removal says nothing of it and stays: without it, what is not erased (another holder's word,
    or at a school the district's answer) would stand in the lists again, a child without a name.

    Args:
        connection: a transaction.
        keys: the records.
        district: whether those the district wrote are meant too.
    """
    found = []
    for key in keys:
        rows = connection.exec_driver_sql(
            "SELECT feed.feed, operation.sequence, operation.hash, header, payload FROM operation"
            " JOIN feed ON feed.number = operation.feed"
            " WHERE operation.scope = ? AND kind = ? AND record = ? AND payload IS NOT NULL"
            " AND feed.district <= ?",
            (*key, int(district)),
        )
        found += [reference(*row[:3]) for row in rows if not retention.removes(*row[3:])]
    return sorted(found)


def pages(connection: Connection, scope: str, applicant: str) -> list[str]:
    """Give the digests of an applicant's sealed pages, also of those that were taken again."""
    held = retention.records(connection, scope, _PAGE)
    found = {one.text("digest") for one in held if one.text(SUBJECT) == applicant}
    return sorted(found - {""})


def stands(connection: Connection, scope: str, kind: str, record: str) -> bool:
    """Say whether a record shows."""
    row = connection.exec_driver_sql(
        f"SELECT 1 FROM {table_of(kind)} WHERE scope = ? AND record = ?",  # noqa: S608
        (scope, record),
    )
    return row.first() is not None


def drop_drafts(connection: Connection, field: str, applicant: str) -> None:
    """Forget every draft of this computer that amends an applicant."""
    connection.exec_driver_sql(
        "DELETE FROM draft WHERE json_extract(fields, '$.' || ?) = ?", (field, applicant)
    )
