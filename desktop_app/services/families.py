"""Families 同一家: brothers and sisters name one record, that of the first child registered.

Nothing of the others is copied or decided; a child stands alone in every list and judgement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desktop_app.domain.declare import Value
from desktop_app.domain.errors import StaleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.storage import merged
from desktop_app.storage.database import Connection
from desktop_app.storage.journal import Work
from desktop_app.storage.rows import Row, read_rows

SIBLINGS = "siblings"
"""The decision that two look-alikes are two children of one birth (rule D4)."""


@dataclass(frozen=True, slots=True)
class Member:
    """A brother or sister who is registered here."""

    record: str
    name: str
    receipt: str


def join_twins(work: Work, others: Iterable[str], values: Mapping[str, Value]) -> dict[str, Value]:
    """Give what follows for a child whose twins are registered, and mark those as twins too.

    Where one of them has a family already, it is everybody's.
    """
    rows = [row for other in others for row in _standing(work, other)]
    if not rows:
        return {}
    named = (values.get("family"), *(row.text("family") for row in rows), rows[0].record)
    family = str(next(filter(None, named)))
    for row in rows:
        news: dict[str, Value] = {}
        if not row.text("family"):
            news["family"] = family
        if not row.values.get("multiple_birth"):
            news["multiple_birth"] = True
        if news:
            work.edit("applicant", row.record, news)
    return {"family": family, "multiple_birth": True}


def _standing(work: Work, record: str) -> tuple[Row, ...]:
    """Give a registration, or nothing where it was taken back meanwhile."""
    try:
        return (work.row("applicant", record),)
    except StaleError:
        return ()


def begin_family(work: Work, head: Value) -> Value:
    """Give the family a brother or sister is of; the first child is made to name it too.

    A first child taken back meanwhile stays away; the others name it all the same.
    """
    if not isinstance(head, str) or not head:
        return None
    (*found,) = _standing(work, head)
    if not found:
        return head
    row = found[0]
    if not row.text("family"):
        work.edit("applicant", head, {"family": head})
    return row.text("family") or head


def members(connection: Connection, scope: str, record: str, family: str) -> tuple[Member, ...]:
    """Give the brothers and sisters of a child, the first registered first.

    One who was keyed twice and merged is one.
    """
    if not family:
        return ()
    rows = read_rows(connection, RECORD_TYPES["applicant"], scope, {"family": family})
    gone = {record, *merged.noted(connection, scope)[0]}
    return tuple(
        Member(row.record, row.text("full_name"), row.text("receipt_number"))
        for row in sorted(rows, key=lambda one: (one.created_at, one.record))
        if row.record not in gone
    )
