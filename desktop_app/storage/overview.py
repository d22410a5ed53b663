"""What stands where: each feed declared, carried, received, decided, and what needs attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app.feeds.grants import read_places
from desktop_app.feeds.operation import held
from desktop_app.storage import oplog
from desktop_app.storage.database import Connection
from desktop_app.storage.tables import UNMERGED

_CARRIED = "SELECT heads FROM carried"
_RECEIVED = "SELECT coalesce(max(sequence), 0) FROM projected_acknowledgement WHERE feed = ?"
_REGISTERED = f"SELECT count(*) FROM projected_applicant WHERE created_in = ? AND {UNMERGED}"  # noqa: S608
_REGISTRARS = (
    "SELECT DISTINCT created_in, created_by FROM projected_applicant WHERE scope = ?"
    " ORDER BY created_in, created_by"
)
_DECIDED = f"{_REGISTERED} AND district_status IS NOT NULL"
_HELD = (
    " FROM projected_attention CROSS JOIN feed ON feed.number = projected_attention.feed"
    " CROSS JOIN operation ON operation.feed = projected_attention.feed"
    " AND operation.sequence = projected_attention.sequence"
    # Who set a laptop up introduced themselves in its first operation. Once it has joined, whoever
    # leads there has granted them anew, and those first words wait for nothing any more.
    " WHERE NOT (operation.sequence = 1 AND operation.kind = 'person' AND EXISTS"
    " (SELECT 1 FROM projected_person WHERE projected_person.scope = feed.scope"
    " AND projected_person.record = operation.record))"
)
_COUNT_ATTENTION = f"SELECT count(*){_HELD} AND projected_attention.verdict <> ?"
_ATTENTION = (
    "SELECT projected_attention.feed, projected_attention.sequence, feed.feed, feed.scope,"
    f" projected_attention.verdict, operation.kind, operation.record, operation.header{_HELD}"
    " AND (projected_attention.feed, projected_attention.sequence) > (?, ?)"
    " AND projected_attention.verdict <> ?"
    " ORDER BY projected_attention.feed, projected_attention.sequence LIMIT ? + 0"
)


@dataclass(frozen=True, slots=True)
class FeedLine:
    """How far one feed has come.

    ``declared``, ``carried`` and ``received`` are sequences: held here, written to a stick and
    read back, acknowledged by the district. ``registered`` and ``decided`` count applicants the
    feed made, and those of them the district has answered.
    """

    feed: str
    scope: str
    district: bool
    own: bool
    declared: int
    carried: int
    received: int
    registered: int
    decided: int


def feeds_overview(connection: Connection) -> tuple[FeedLine, ...]:
    """Give how far every feed has come, by name."""
    carried: dict[str, int] = {}
    for (places,) in connection.exec_driver_sql(_CARRIED):
        for feed, sequence in read_places(places).items():
            carried[feed] = max(sequence, carried.get(feed, 0))
    return tuple(
        FeedLine(
            feed=feed,
            scope=row.facts.scope,
            district=row.facts.district,
            own=row.own,
            declared=row.sequence,
            carried=carried.get(feed, 0),
            received=_number(connection, _RECEIVED, feed),
            registered=_number(connection, _REGISTERED, feed),
            decided=_number(connection, _DECIDED, feed),
        )
        for feed, row in oplog.load_feeds(connection).items()
    )


def registrars(connection: Connection, scope: str) -> list[tuple[str, str]]:
    """Give who registered children of a school in which feed: feed and key id."""
    found = connection.exec_driver_sql(_REGISTRARS, (scope,))
    return [(str(feed), str(person)) for feed, person in found]


def _number(connection: Connection, statement: str, feed: str) -> int:
    return int(connection.exec_driver_sql(statement, (feed,)).scalar_one())


AttentionKey = tuple[int, int]
"""Where a page of the attention list ends: the feed's number and the sequence."""


@dataclass(frozen=True, slots=True)
class AttentionLine:
    """An operation that is held but does not count, and why (a ``Verdict``'s value)."""

    number: int
    sequence: int
    feed: str
    scope: str
    verdict: str
    kind: str
    record: str
    person: str
    at: int
    """When it was written, by its own clock (UTC milliseconds); 0 where no one here can tell."""

    @property
    def key(self) -> AttentionKey:
        """Give the key by which the page after this line begins."""
        return (self.number, self.sequence)


def count_attention(connection: Connection, but: str = "") -> int:
    """Count what needs attention; ``but`` is a verdict that is left out."""
    return int(connection.exec_driver_sql(_COUNT_ATTENTION, (but,)).scalar_one())


def attention(
    connection: Connection, after: AttentionKey | None, limit: int, but: str = ""
) -> tuple[AttentionLine, ...]:
    """Give a page of what needs attention, by feed and sequence; ``but`` a verdict left out."""
    rows = connection.exec_driver_sql(_ATTENTION, (*(after or (0, 0)), but, limit))
    return tuple(_attention_line(row) for row in rows)


def _attention_line(row: Sequence[Any]) -> AttentionLine:
    number, sequence, feed, scope, verdict, kind, record, header_bytes = row
    header = held(header_bytes, None).header
    person, at = ("", 0) if header is None else (header.person, header.stamp[0])
    return AttentionLine(number, sequence, feed, scope, verdict, kind, record, person, at)
