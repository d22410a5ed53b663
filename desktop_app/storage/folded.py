"""What folding needs of an operation, and what a folded record shows as in its tables."""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.domain.declare import Value
from desktop_app.feeds.fold import Held, Projection
from desktop_app.feeds.judging import Judgement
from desktop_app.feeds.operation import Operation, Payload
from desktop_app.storage.erasing import SUBJECT
from desktop_app.storage.oplog import Key
from desktop_app.storage.tables import CONFLICT, DISPUTED_REMOVAL, OTHERS, REMOVAL


def held_of(op: Operation, payload: Payload | None, judged: Judgement) -> Held:
    """Give an operation as the fold sees it."""
    header = op.header
    return Held(
        reference=op.reference,
        feed=op.feed,
        sequence=op.sequence,
        person=header.person if header else "",
        act=header.act if header else "",
        stamp=header.stamp if header else (0, 0),
        sets=header.sets if header else {},
        values=payload.values if payload else {},
        authority=judged.rank,
        eligible=judged.eligible,
    )


def state_of(projection: Projection) -> int:
    """Give the bits that mark a row."""
    return (
        (CONFLICT if projection.conflicts else 0)
        | (OTHERS if projection.others else 0)
        | (DISPUTED_REMOVAL if projection.removal_disputed else 0)
    )


def head_rows(key: Key, projection: Projection) -> list[tuple[Value, ...]]:
    """Give the rows that list every value of fields with more than one, and disputed removals."""
    rows: list[tuple[Value, ...]] = []
    for conflict, fields in ((1, projection.conflicts), (0, projection.others)):
        for name, heads in fields.items():
            for one in heads:
                value = one.values.get(name)
                place = (one.person, one.feed, one.stamp[0], conflict)
                rows.append((*key, name, one.reference, value, *place))
    for one in projection.removals:
        place = (one.person, one.feed, one.stamp[0], 1)
        rows.append((*key, REMOVAL, one.reference, None, *place))
    return rows


def subjects_of(key: Key, sources: Iterable[Held | Payload | None]) -> set[tuple[str, str]]:
    """Give the applicants whose search row a record has a part in, or ever had."""
    scope, kind, record = key
    if kind == SUBJECT:
        return {(scope, record)}
    found = {one.values.get(SUBJECT) for one in sources if one is not None}
    return {(scope, name) for name in found if isinstance(name, str)}
