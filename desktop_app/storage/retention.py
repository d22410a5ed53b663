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


def records(connection: Connection, scope: str, kind: str) -> Iterator[Held]:
    """Give the records of a kind of which an operation other than a removal still says something.

    Where several operations speak of a field, any of their values is given: only fields that are
    never changed (whose page, whose paper, which season) may be asked for.
    """
    rows = connection.exec_driver_sql(
        "SELECT record, header, payload FROM operation"
        " WHERE scope = ? AND kind = ? AND payload IS NOT NULL ORDER BY record",
        (scope, kind),
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
