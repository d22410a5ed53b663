"""Erased payloads are dropped in the transaction that learns of their erasure (ADR 0012).

The header stays, and with it the chain. Afterwards an operation without payload counts for nothing,
so the records it was about are folded again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from desktop_app.feeds.authority import FeedFacts
from desktop_app.feeds.erasing import Erasures
from desktop_app.feeds.operation import Operation, held
from desktop_app.storage.oplog import Key

SUBJECT = "applicant"
"""The field by which a record says which applicant it belongs to."""


_SEQUENCE = re.compile("[0-9]{1,16}")


@dataclass(slots=True)
class Dropped:
    """What lost payloads: the records to fold again, and the applicants they were about."""

    keys: set[Key] = field(default_factory=set)
    applicants: set[tuple[str, str]] = field(default_factory=set)


def drop_payloads(
    connection: Connection,
    feeds: Mapping[int, FeedFacts],
    scope: str,
    erasures: Erasures,
    references: Collection[str],
    dropped: Dropped,
) -> None:
    """Drop the payloads of those references that are held with one and rightly erased.

    Args:
        connection: an open write transaction.
        feeds: what is known of every feed, by number.
        scope: the scope the erasures are of.
        erasures: what is erased there.
        references: those to look for.
        dropped: is told what lost its payload.
    """
    if not references:
        return
    numbers = {facts.feed: number for number, facts in feeds.items() if facts.scope == scope}
    for reference in references:
        feed, _, rest = reference.partition(":")
        sequence = rest.partition(":")[0]
        if feed not in numbers or _SEQUENCE.fullmatch(sequence) is None:
            continue
        facts = feeds[numbers[feed]]
        for table, name in (("operation", numbers[feed]), ("quarantine", feed)):
            _drop(connection, table, (name, int(sequence)), facts, erasures, dropped)


def _drop(
    connection: Connection,
    table: str,
    place: tuple[int | str, int],
    facts: FeedFacts,
    erasures: Erasures,
    dropped: Dropped,
) -> None:
    """Drop the payload at a place of the log, or of the branches kept apart, if it is erased."""
    rows = connection.exec_driver_sql(
        f"SELECT header, payload, hash FROM {table}"  # noqa: S608 - one of two names
        " WHERE feed = ? AND sequence = ? AND payload IS NOT NULL",
        place,
    ).all()
    for header, payload, found in rows:
        op = held(header, payload)
        if not erasures.cover(op, district=facts.district):
            continue
        connection.exec_driver_sql(
            f"UPDATE {table} SET payload = NULL"  # noqa: S608 - one of two names
            " WHERE feed = ? AND sequence = ? AND hash = ?",
            (*place, found),
        )
        dropped.keys.add((facts.scope, op.kind, op.record))
        dropped.applicants |= _subject(facts.scope, op)


def _subject(scope: str, op: Operation) -> set[tuple[str, str]]:
    """Give the applicant an operation was about, while it still says so."""
    payload = op.payload()
    name = op.record if op.kind == SUBJECT else payload and payload.values.get(SUBJECT)
    return {(scope, name)} if isinstance(name, str) else set()
