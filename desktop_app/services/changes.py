"""What was changed of a case, before → after, in words a list may show: who, when and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from desktop_app.domain.declare import Mask, Value
from desktop_app.domain.list_faults import FAULTS
from desktop_app.domain.masks import mask_number, mask_phone
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.policy.package import Policy
from desktop_app.services.review import CORRECT, DECISIONS, UNDO
from desktop_app.services.wording import code_label, faults_label, paper_label, village_label
from desktop_app.storage import queries
from desktop_app.storage.database import Connection
from desktop_app.storage.queries import FieldChange, HistoryEntry
from desktop_app.storage.rows import read_row

CORRECTION = "correction"
UNTOLD = frozenset(
    {
        "missing_materials",
        "policy_version",
        "amended",
        "answers",
        "digest",
        "size",
        "assigned_to",
        "family",
    }
)
_CONTENT = frozenset({"applicant", "guardian", "material_check"})
_GUARDIAN = {
    "full_name": "guardian_name",
    "relation": "guardian_relation",
    "id_number": "guardian_id_number",
    "phone": "guardian_phone",
}
_VILLAGES = frozenset({"hukou_village", "current_village"})


@dataclass(frozen=True, slots=True)
class Changed:
    """A field or a paper, before and after; numbers come masked."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """One correction of a passed case: who signed, why, by which paper, and what it changed."""

    at: int
    persons: tuple[str, ...]
    reason: str
    paper: str
    evidence: str
    note: str
    changes: tuple[Changed, ...]


def changed(policy: Policy, kind: str, change: FieldChange, *, whole: bool = False) -> Changed:
    """Say one change as lists do; numbers ``whole`` where the family sits at the desk."""
    declared = RECORD_TYPES[kind].fields[change.field].item
    values = (*change.before, change.after)
    hides = declared.mask if not whole or declared.mask is Mask.HIDDEN else Mask.NONE
    shown = [shown_value(change.field, hides, declared.codes, one) for one in values]
    if change.field == "material":
        shown = [paper_label(policy, one) for one in shown]
    elif change.field in _VILLAGES:
        shown = [village_label(policy, one) for one in shown]
    before, after = "、".join(filter(None, shown[:-1])), shown[-1]
    if before == after and before and hides is not Mask.HIDDEN:
        after += "（变在遮住的几位）"
    return Changed(declared.label, before, after)


def changes_of(policy: Policy, entries: Iterable[HistoryEntry]) -> Iterator[Changed]:
    """Say what some operations changed, but for what nobody reads."""
    for entry in entries:
        for change in entry.changes:
            if change.field not in UNTOLD and change.field in RECORD_TYPES[entry.kind].fields:
                yield changed(policy, entry.kind, change)


def shown_value(field: str, mask: Mask, codes: str | None, value: Value) -> str:
    """Say a value as lists do; a code by its label, and nothing of what is hidden."""
    if value is None or isinstance(value, bool):
        return "是" if value else ""
    text = code_label(codes, str(value)) if codes else str(value)
    text = faults_label(text) if field == FAULTS else text
    if mask is Mask.HIDDEN and field != "reason_note":
        return "（已改，不显示）"
    if mask is Mask.NUMBER:
        return mask_number(text)
    return mask_phone(text) if mask is Mask.PHONE else text


@dataclass(frozen=True, slots=True)
class Step:
    """One change since a case was sent back: who made it when, and the field it is pinned to."""

    changed: Changed
    person: str
    at: int
    pin: str


def steps_since_returned(
    connection: Connection, scope: str, policy: Policy, record: str
) -> tuple[Step, ...]:
    """Give what was changed of a case after the last send-back, oldest first, numbers whole."""
    history = queries.history(connection, scope, record)
    decided = _standing_decisions(history)
    after = history[decided[-1] + 1 :] if decided else ()
    return tuple(
        step
        for entry in after
        if not entry.verdict and entry.kind in _CONTENT and entry.act not in {*DECISIONS, UNDO}
        for step in _steps(connection, scope, policy, entry)
    )


def _standing_decisions(history: Sequence[HistoryEntry]) -> list[int]:
    """Give the places of the decisions that were not undone, in the order they were made."""
    places: list[int] = []
    for at, entry in enumerate(history):
        if entry.act in DECISIONS and not entry.verdict:
            places.append(at)
        elif entry.act == UNDO and not entry.verdict:
            places = places[:-1]
    return places


def _steps(
    connection: Connection, scope: str, policy: Policy, entry: HistoryEntry
) -> Iterator[Step]:
    """Give the changes of one operation; of a paper only what became of it."""
    person = _name(connection, scope, entry.person)
    if entry.kind == "material_check":
        row = read_row(connection, RECORD_TYPES[entry.kind], scope, entry.record)
        code = row.text("material") if row is not None else ""
        for change in entry.changes:
            if change.field == "result":
                said = changed(policy, entry.kind, change)
                told = Changed(paper_label(policy, code), said.before, said.after)
                yield Step(told, person, entry.at, f"material.{code}")
        return
    for change in entry.changes:
        if change.field not in UNTOLD and change.field != "private_note":
            pin = change.field if entry.kind == "applicant" else _GUARDIAN.get(change.field, "")
            yield Step(changed(policy, entry.kind, change, whole=True), person, entry.at, pin)


def corrections(
    connection: Connection, scope: str, policy: Policy, history: Sequence[HistoryEntry]
) -> Iterator[Corrected]:
    """Give the corrections that count, oldest first, each with what it changed.

    What a correction changes is written right after it, in the same feed.
    """
    for filed in history:
        if not _counts(filed):
            continue
        after = {change.field: str(change.after or "") for change in filed.changes}
        yield Corrected(
            at=filed.at,
            persons=tuple(_name(connection, scope, one) for one in filed.signers),
            reason=code_label("correction_reason", after.get("reason", "")),
            paper=paper_label(policy, after.get("material", "")),
            evidence=after.get("evidence", ""),
            note=after.get("note", ""),
            changes=tuple(changes_of(policy, _written_after(filed, history))),
        )


def told_as_corrections(history: Sequence[HistoryEntry]) -> frozenset[tuple[str, int]]:
    """Give feed and sequence of the changes that a correction which counts tells of."""
    return frozenset(
        (entry.feed, entry.sequence)
        for filed in history
        if _counts(filed)
        for entry in _written_after(filed, history)
    )


def _counts(entry: HistoryEntry) -> bool:
    return entry.kind == CORRECTION and entry.act == "create" and not entry.verdict


def _written_after(filed: HistoryEntry, history: Sequence[HistoryEntry]) -> list[HistoryEntry]:
    """Give what was written by a correction: up to the next one in its feed."""
    own = [entry for entry in history if entry.feed == filed.feed]
    later = [entry.sequence for entry in own if entry.kind == CORRECTION]
    end = min((one for one in later if one > filed.sequence), default=2**63)
    return [
        entry
        for entry in own
        if entry.act == CORRECT and not entry.verdict and filed.sequence < entry.sequence < end
    ]


def _name(connection: Connection, scope: str, person: str) -> str:
    row = read_row(connection, RECORD_TYPES["person"], scope, person)
    return row.text("full_name") if row is not None else ""
