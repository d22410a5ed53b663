"""The fold: what a record looks like, given the operations held on it, in whatever order.

``fold`` is a pure function of a set of operations that were already judged (``authority``). It
reads no clock, policy, setting or locale. A *head* of a field is an eligible operation's value not
replaced by an eligible one; ancestry is traced through void operations, so an edit made on top of a
revoked value stands and a void head restores what it replaced (design §2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from desktop_app.domain.declare import Merge, RecordType, Value
from desktop_app.feeds.clock import Stamp

FOLD_VERSION = 1
"""Raised whenever the fold's outcome changes; projections are then made anew."""

CREATE = "create"
"""The act that brings a record into being."""

REMOVE = "remove"
"""The act of a tombstone: it sets no value and names every head it saw."""


@dataclass(frozen=True, slots=True)
class Held:
    """One operation as the fold sees it."""

    reference: str
    feed: str
    sequence: int
    person: str
    act: str
    stamp: Stamp
    sets: Mapping[str, Sequence[str]]
    values: Mapping[str, Value]
    authority: int
    eligible: bool

    @property
    def order(self) -> tuple[str, int]:
        """Order operations by id, numerically within a feed."""
        return (self.feed, self.sequence)


@dataclass(frozen=True, slots=True)
class Projection:
    """A folded record.

    ``heads`` has the references of each field's heads, ``conflicts`` the heads of the fields where
    a person must decide, ``others`` the values not shown of fields where the later one shows.
    """

    values: Mapping[str, Value]
    heads: Mapping[str, tuple[str, ...]]
    created: str
    created_by: str
    created_in: str
    created_at: int
    changed_at: int
    conflicts: Mapping[str, tuple[Held, ...]] = field(default_factory=dict)
    others: Mapping[str, tuple[Held, ...]] = field(default_factory=dict)
    removal_disputed: bool = False


def fold(record_type: RecordType, operations: Iterable[Held]) -> Projection | None:
    """Fold the operations held on one record; None where nothing eligible stands, or it is removed.

    Equal sets give equal results whatever their order or repetition.
    """
    unique = {operation.reference: operation for operation in operations}
    ordered = sorted(unique.values(), key=lambda operation: operation.order)
    if not any(operation.eligible for operation in ordered):
        return None
    heads = _heads(ordered, {op.reference for op in ordered if op.eligible})
    tombstones = {op.reference for op in ordered if op.act == REMOVE and op.eligible}
    disputed = False
    if tombstones:
        if all(head in tombstones for refs in heads.values() for head in refs):
            return None
        disputed = True
        living = {op.reference for op in ordered if op.eligible} - tombstones
        heads = _heads(ordered, living)
    return _project(record_type, unique, heads, disputed)


def _heads(operations: Sequence[Held], eligible: set[str]) -> dict[str, tuple[str, ...]]:
    """Give each field's heads: eligible setters that no eligible one replaced, also through void."""
    by_reference = {operation.reference: operation for operation in operations}
    setters: dict[str, list[str]] = {}
    replaced: dict[str, set[str]] = {}
    for operation in operations:
        if operation.reference not in eligible:
            continue
        for name, named in operation.sets.items():
            setters.setdefault(name, []).append(operation.reference)
            gone = replaced.setdefault(name, set())
            waiting = list(named)
            while waiting:
                reference = waiting.pop()
                if reference in gone:
                    continue
                gone.add(reference)
                void = by_reference.get(reference)
                if void is not None and reference not in eligible:
                    waiting.extend(void.sets.get(name, ()))
    heads = {}
    for name, references in setters.items():
        standing = tuple(one for one in references if one not in replaced[name])
        # Only colluding feeds can replace each other in a ring; then nothing is lost: all stand.
        heads[name] = standing or tuple(references)
    return heads


def _project(
    record_type: RecordType,
    by_reference: Mapping[str, Held],
    heads: Mapping[str, tuple[str, ...]],
    disputed: bool,  # noqa: FBT001 - private
) -> Projection:
    values: dict[str, Value] = {}
    conflicts: dict[str, tuple[Held, ...]] = {}
    others: dict[str, tuple[Held, ...]] = {}
    for name, references in heads.items():
        declared = record_type.fields.get(name)
        if declared is None:
            continue
        candidates = [by_reference[reference] for reference in references]
        merge = declared.item.merge
        if merge in (Merge.SET, Merge.LOG):
            values[name] = "\n".join(sorted({str(c.values.get(name)) for c in candidates}))
            continue
        shown = _shown(merge, candidates)
        values[name] = shown.values.get(name)
        if len(candidates) > 1:
            rest = tuple(c for c in candidates if c is not shown)
            if merge is Merge.IDENTITY and _differ(name, candidates):
                conflicts[name] = (shown, *rest)
            else:
                others[name] = (shown, *rest)
    eligible = [op for op in by_reference.values() if op.eligible]
    first = min(eligible, key=lambda op: (op.act != CREATE, op.order))
    return Projection(
        values=values,
        heads=dict(heads),
        created=first.reference,
        created_by=first.person,
        created_in=first.feed,
        created_at=first.stamp[0],
        changed_at=max(op.stamp for op in eligible)[0],
        conflicts=conflicts,
        others=others,
        removal_disputed=disputed,
    )


def _differ(name: str, candidates: Sequence[Held]) -> bool:
    return len({candidate.values.get(name) for candidate in candidates}) > 1


def _shown(merge: Merge, candidates: Sequence[Held]) -> Held:
    """Choose the value that shows: lowest (authority, id), or latest within the best authority."""
    if merge is Merge.IDENTITY:
        return min(candidates, key=lambda c: (c.authority, c.order))
    best = min(candidate.authority for candidate in candidates)
    highest = [candidate for candidate in candidates if candidate.authority == best]
    return max(highest, key=lambda c: (c.stamp, c.order))
