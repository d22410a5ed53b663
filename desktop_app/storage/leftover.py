"""What an ended laptop wrote after its end: held and handed on, in no table, read as it is.

A pure reading. Nothing here makes an operation count: it is judged by the limit alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from desktop_app.domain.declare import Value
from desktop_app.feeds.fold import REMOVE
from desktop_app.feeds.operation import held
from desktop_app.storage.database import Connection
from desktop_app.storage.tables import UNMERGED

VOID = "revoked"
"""The verdict on what a laptop wrote beyond its limit."""

_LEFTOVERS = (
    "SELECT feed.feed, feed.scope, operation.header, operation.payload"
    " FROM projected_attention CROSS JOIN feed ON feed.number = projected_attention.feed"
    " CROSS JOIN operation ON operation.feed = projected_attention.feed"
    " AND operation.sequence = projected_attention.sequence"
    " WHERE projected_attention.verdict = 'revoked'"
    " ORDER BY projected_attention.feed, projected_attention.sequence"
)
_ANEW = (
    "SELECT coalesce(receipt_number, '') FROM projected_applicant"  # noqa: S608 - our own names
    f" WHERE scope = ? AND {{field}} = ? AND birth_date = ? AND {UNMERGED} LIMIT 1"
)
_BY_NUMBER, _BY_NAME = _ANEW.format(field="id_number"), _ANEW.format(field="full_name")


@dataclass(frozen=True, slots=True)
class Leftover:
    """One operation that came too late to count; ``values`` are empty once it was erased."""

    feed: str
    scope: str
    sequence: int
    kind: str
    record: str
    person: str
    stamp: tuple[int, int]
    removes: bool
    values: Mapping[str, Value]


def leftovers(connection: Connection) -> Iterator[Leftover]:
    """Read what ended laptops wrote after their end, feed by feed in the order it was written."""
    for feed, scope, header_bytes, payload_bytes in connection.exec_driver_sql(_LEFTOVERS):
        operation = held(header_bytes, payload_bytes)
        header, payload = operation.header, operation.payload()
        yield Leftover(
            feed=feed,
            scope=scope,
            sequence=operation.sequence,
            kind=operation.kind,
            record=operation.record,
            person="" if header is None else header.person,
            stamp=(0, 0) if header is None else header.stamp,
            removes=header is not None and header.act == REMOVE,
            values={} if payload is None else payload.values,
        )


def registered_anew(
    connection: Connection, scope: str, number: str, name: str, birth_date: str
) -> str:
    """Give the receipt of a child that stands in the list of a school, or nothing.

    A child is known by number and birth, or where there is no number by name and birth.
    """
    statement, known_by = (_BY_NUMBER, number) if number else (_BY_NAME, name)
    found = connection.exec_driver_sql(statement, (scope, known_by, birth_date)).scalar()
    return str(found or "")
