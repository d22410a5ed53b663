"""What is still held of records by kind, as their operations say it: for whoever erases by rule.

Read from the log and not from the tables, so that a page that was taken again, or a child that was
taken back, is not forgotten to be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.feeds.fold import REMOVE
from desktop_app.feeds.operation import held

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Held:
    """A record of which something is still said, with what its operations say of it."""

    record: str
    values: Values

    def text(self, name: str) -> str:
        """Give a value as text, empty where there is none."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


def removes(header: bytes, payload: bytes | None) -> bool:
    """Say whether an operation removes its record."""
    known = held(header, payload).header
    return known is not None and known.act == REMOVE


def records(
    connection: Connection, scope: str, kind: str, *, district: bool = True
) -> Iterator[Held]:
    """Give the records of a kind of which an operation other than a removal still says something.

    ``district`` says whether what the district wrote is meant too. Where several operations speak
    of a field, any of their values is given: only fields that are never changed (whose page, whose
    paper, which season) may be asked for.
    """
    rows = connection.exec_driver_sql(
        "SELECT record, header, payload FROM operation"
        " JOIN feed ON feed.number = operation.feed WHERE operation.scope = ? AND kind = ?"
        " AND payload IS NOT NULL AND feed.district <= ? ORDER BY record",
        (scope, kind, int(district)),
    )
    last = ""
    known: dict[str, object] = {}
    for record, header, payload in rows:
        if record != last:
            if known:
                yield Held(last, known)
            last, known = str(record), {}
        op = held(header, payload)
        said = op.payload()
        if said is not None and op.header is not None and op.header.act != REMOVE:
            known = known | dict(said.values)
    if known:
        yield Held(last, known)


def standing(connection: Connection, scope: str) -> dict[str, str]:
    """Give the district's answer of every child that stands in the lists, by record."""
    rows = connection.exec_driver_sql(
        "SELECT record, coalesce(district_status, '') FROM projected_applicant WHERE scope = ?",
        (scope,),
    )
    return {str(record): str(status) for record, status in rows}
