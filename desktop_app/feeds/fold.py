"""The fold: what a record looks like, given the operations held on it, in whatever order.

``fold`` is a pure function of a set of operations that were already judged (``authority``). It
reads no clock, policy, setting or locale. A *head* of a field is an eligible operation's value not
replaced by an eligible one; ancestry is traced through void operations, so an edit made on top of a
revoked value stands and a void head restores what it replaced (design §2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

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
    Where a removal is disputed the heads include its tombstones, so that whoever writes next has
    seen them; what shows is what they would have removed. ``removals`` are those tombstones.
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
    removals: tuple[Held, ...] = ()

    @property
    def removal_disputed(self) -> bool:
        """Say whether somebody removed the record while another changed it."""
        return bool(self.removals)


def fold(record_type: RecordType, operations: Iterable[Held]) -> Projection | None:
    """Fold the operations held on one record; None where nothing eligible stands, or it is removed.

    Equal sets give equal results whatever their order or repetition.
    """
    found = folded(record_type, operations)
    return None if found is None or found[1] else found[0]


def folded(record_type: RecordType, operations: Iterable[Held]) -> tuple[Projection, bool] | None:
    """Fold the operations held on one record, and say whether it is removed.

    Of a removed record the projection gives what it was, and its tombstones as heads.
    """
    unique = {operation.reference: operation for operation in operations}
    ordered = sorted(unique.values(), key=lambda operation: operation.order)
    eligible = {op.reference for op in ordered if op.eligible}
    if not eligible:
        return None
    heads = _heads(ordered, eligible)
    tombstones = {op.reference for op in ordered if op.act == REMOVE and op.eligible}
    living = _heads(ordered, eligible - tombstones) if tombstones else heads
    removed = bool(tombstones) and all(tombstones.issuperset(heads[name]) for name in living)
    disputed = {one for name in living for one in tombstones.intersection(heads[name])}
    projection = Projection(
        heads=heads,
        removals=tuple(op for op in ordered if op.reference in disputed),
        **_origin([op for op in ordered if op.eligible]),
        **_values(record_type, unique, living),
    )
    return projection, removed


def _heads(operations: Sequence[Held], eligible: set[str]) -> dict[str, tuple[str, ...]]:
    """Give each field's heads: setters no eligible one replaced, also through void ones."""
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


class _Origin(TypedDict):
    """Who made a record, and when it was made and changed."""

    created: str
    created_by: str
    created_in: str
    created_at: int
    changed_at: int


def _origin(eligible: Sequence[Held]) -> _Origin:
    """Give the origin of a record: its creation, or its first operation where that is void."""
    first = min(eligible, key=lambda op: (op.act != CREATE, op.order))
    return _Origin(
        created=first.reference,
        created_by=first.person,
        created_in=first.feed,
        created_at=first.stamp[0],
        changed_at=max(op.stamp for op in eligible)[0],
    )


class _Values(TypedDict):
    """What shows, and what does not."""

    values: dict[str, Value]
    conflicts: dict[str, tuple[Held, ...]]
    others: dict[str, tuple[Held, ...]]


def _values(
    record_type: RecordType,
    by_reference: Mapping[str, Held],
    heads: Mapping[str, tuple[str, ...]],
) -> _Values:
    """Choose what shows of every field, and list what does not."""
    found = _Values(values={}, conflicts={}, others={})
    for name in record_type.fields.keys() & heads.keys():
        candidates = [by_reference[reference] for reference in heads[name]]
        merge = record_type.fields[name].item.merge
        if merge in {Merge.SET, Merge.LOG}:
            found["values"][name] = _all_of(name, candidates)
            continue
        shown = _shown(merge, candidates)
        found["values"][name] = shown.values.get(name)
        if len({candidate.values.get(name) for candidate in candidates}) > 1:
            listed = found["conflicts"] if merge is Merge.IDENTITY else found["others"]
            listed[name] = (shown, *(one for one in candidates if one is not shown))
    return found


def _all_of(name: str, candidates: Sequence[Held]) -> Value:
    """Give every value that stands, one a line, or None where none does."""
    values = {str(one.values[name]) for one in candidates if one.values.get(name) is not None}
    return "\n".join(sorted(values)) or None


def _shown(merge: Merge, candidates: Sequence[Held]) -> Held:
    """Choose the value that shows: lowest (authority, id), or latest within the best authority."""
    if merge is Merge.IDENTITY:
        return min(candidates, key=lambda c: (c.authority, c.order))
    best = min(candidate.authority for candidate in candidates)
    highest = [candidate for candidate in candidates if candidate.authority == best]
    return max(highest, key=lambda c: (c.stamp, c.order))
