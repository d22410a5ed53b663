"""What came too late of one child 停用以后写的, gathered and folded: laid over what stands.

Plain values; nothing of it is ever written to a table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from desktop_app.domain.declare import Value
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.form import FORM_FIELDS, MATERIAL_PREFIX, NOTED_AT_DESK
from desktop_app.services.registration import form_of
from desktop_app.storage import matters
from desktop_app.storage.database import Connection
from desktop_app.storage.leftover import Leftover, leftovers
from desktop_app.storage.rows import read_row, read_rows

CHILD = "applicant"
_PARTS = ("guardian", "material_check", "scan")
_NAMES_CHILD = (CHILD, *_PARTS, "duplicate_decision", "access")

Key = tuple[str, str]
"""Scope and record of a child."""

_Records = dict[str, dict[str, Value]]

Gathered = dict[Key, list[Leftover]]
"""What was written of each child, in the order it was written."""


@dataclass(frozen=True, slots=True)
class Folded:
    """The records of a child with what was written late laid over what stands.

    ``late`` names what was written late as kind and field, ``papers`` gives results by material.
    ``settled`` tells that a form of what stands says the same.
    """

    applicant: Mapping[str, Value]
    guardian: Mapping[str, Value]
    papers: Mapping[str, str]
    scans: int
    late: frozenset[str] = frozenset()
    settled: bool = False


def gather(connection: Connection) -> tuple[Gathered, dict[str, list[Leftover]]]:
    """Sort what came too late by child; what is about no child's registration stands by feed."""
    every = sorted(leftovers(connection), key=lambda one: one.stamp)
    owners = _owners(connection, every)
    children: Gathered = defaultdict(list)
    acts: dict[str, list[Leftover]] = defaultdict(list)
    written = {
        (one.scope, owners[one.scope, one.record])
        for one in every
        if one.kind in {CHILD, *_PARTS} and owners.get((one.scope, one.record))
    }
    for one in every:
        key = (one.scope, owners.get((one.scope, one.record), ""))
        if key in written:
            children[key].append(one)
        else:
            acts[one.feed].append(one)
    return dict(children), dict(acts)


def _owners(connection: Connection, every: Sequence[Leftover]) -> dict[Key, str]:
    """Name the child of every record: it is the child, says whose it is, or stands already."""
    found: dict[Key, str] = {}
    for one in every:
        named = one.record if one.kind == CHILD else text_of(one.values, "applicant")
        if named and one.kind in _NAMES_CHILD:
            found[one.scope, one.record] = named
    for one in every:
        if one.kind == "scan_key":
            found[one.scope, one.record] = found.get((one.scope, text_of(one.values, "scan")), "")
    missing = [
        (one.scope, one.kind, one.record, "")
        for one in every
        if one.kind in _PARTS and (one.scope, one.record) not in found
    ]
    for key, owner in matters.children_of(connection, missing).items():
        found[key[0], key[2]] = owner
    return found


def fold(connection: Connection, key: Key, written: Sequence[Leftover]) -> Folded:
    """Lay what was written late over what stands of a child."""
    scope, record = key
    stands = read_row(connection, RECORD_TYPES[CHILD], scope, record)
    parts: dict[str, _Records] = {
        kind: {
            row.record: dict(row.values)
            for row in read_rows(connection, RECORD_TYPES[kind], scope, {"applicant": record})
        }
        for kind in _PARTS
    }
    applicant: dict[str, Value] = dict(stands.values) if stands is not None else {}
    before = as_form(_folded(applicant, parts))
    late = set()
    for one in written:
        if one.kind == CHILD:
            applicant |= one.values
            late |= {f"{CHILD}.{name}" for name in one.values}
        elif one.kind in parts and one.removes:
            parts[one.kind].pop(one.record, None)
        elif one.kind in parts:
            parts[one.kind].setdefault(one.record, {}).update(one.values)
            late |= {f"{one.kind}.{name}" for name in one.values}
    folded = _folded(applicant, parts)
    settled = stands is not None and as_form(folded) == before
    return replace(folded, late=frozenset(late), settled=settled)


def _folded(applicant: Mapping[str, Value], parts: Mapping[str, _Records]) -> Folded:
    checks = parts["material_check"].values()
    return Folded(
        applicant=applicant,
        guardian=next(iter(parts["guardian"].values()), {}),
        papers={text_of(one, "material"): text_of(one, "result") for one in checks},
        scans=len(parts["scan"]),
    )


def as_form(folded: Folded) -> dict[str, str]:
    """Give the form that would have made it; what only a reviewer notes of a paper is left out."""
    known = set(FORM_FIELDS)
    made = form_of(folded.applicant, folded.guardian)
    form = {name: text for name, text in made.items() if name in known}
    noted = {code: state for code, state in folded.papers.items() if state in NOTED_AT_DESK}
    return form | {MATERIAL_PREFIX + code: state for code, state in noted.items()}


def text_of(values: Mapping[str, Value], name: str) -> str:
    """Give a value as text, empty where there is none."""
    value = values.get(name)
    return "" if value is None else str(value)


def label_of(one: Leftover) -> str:
    """Name the kind of an operation, empty where this program does not know it."""
    known = RECORD_TYPES.get(one.kind)
    return "" if known is None else known.label


def field_label(name: str) -> str:
    """Name a field that was written late."""
    kind, _, declared = name.partition(".")
    known = RECORD_TYPES[kind].fields
    return known[declared].item.label if declared in known else ""
