"""Who of the district's list of primary graduates has come: by the applicants that name them."""

from __future__ import annotations

from sqlalchemy import Connection

from desktop_app.storage.tables import UNMERGED, table_of


def arrived(connection: Connection, scope: str) -> dict[str, str]:
    """Give the junior applicants of a school with the entry of the list each is, or why none.

    Applicants of another stage are left out; nothing stands where nobody has said anything.
    """
    found = connection.exec_driver_sql(
        f"SELECT record, coalesce(graduate, '') FROM {table_of('applicant')}"  # noqa: S608
        f" WHERE scope = ? AND stage = 'J1' AND {UNMERGED}",
        (scope,),
    )
    return {str(record): str(graduate) for record, graduate in found}


def faulted(connection: Connection, scope: str) -> dict[str, str]:
    """Give the entries of which a school says that something is wrong 名册有误, as it is stored."""
    found = connection.exec_driver_sql(
        f"SELECT graduate, list_fault FROM {table_of('applicant')}"  # noqa: S608
        f" WHERE scope = ? AND stage = 'J1' AND {UNMERGED} AND graduate > '' AND list_fault > ''",
        (scope,),
    )
    return {str(graduate): str(fault) for graduate, fault in found}


def applicant_of(connection: Connection, scope: str, graduate: str) -> str:
    """Give the applicant who is an entry of the list, empty where none has come."""
    found = connection.exec_driver_sql(
        f"SELECT record FROM {table_of('applicant')}"  # noqa: S608
        f" WHERE scope = ? AND graduate = ? AND {UNMERGED} LIMIT 1",
        (scope, graduate),
    )
    row = found.first()
    return "" if row is None else str(row[0])
