"""Disputed numbers of a registered case 号码有争议: who judged what, and when a dispute is over.

A finding never refuses a child: a number that is taken is judged with a reason, and a second
person looks. The dispute ends when the number no longer is somebody else's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.services.form import Assessment
from desktop_app.services.registration import (
    DISPUTED,
    Decision,
    DuplicateHint,
    candidate_of,
    look_alikes,
)
from desktop_app.storage.journal import Work
from desktop_app.storage.rows import Row

Key = tuple[str, str]
_NUMBERS = ("id_type", "id_number", "birth_certificate")


@dataclass(frozen=True, slots=True)
class Judged:
    """What follows from the look-alikes of an amended case: values, and decisions to be kept."""

    values: dict[str, Value] = field(default_factory=dict)
    fresh: tuple[Decision, ...] = ()


def standing_decisions(mine: Iterable[Row], theirs: Iterable[Row]) -> dict[Key, Decision]:
    """Give what was decided about a case and others, whichever of the two was registered later."""
    found: dict[Key, Decision] = {}
    for rows, other in ((theirs, "applicant"), (mine, "other")):
        for row in rows:
            rule, whom = row.text("rule"), row.text(other)
            found[rule, whom] = Decision(rule, whom, row.text("decision"), row.text("reason"))
    return found


def judge(
    work: Work, row: Row, now: Assessment, was: Assessment, decisions: Iterable[Decision]
) -> Judged:
    """Hold an amended case against the others, and say what becomes of its dispute.

    Raises:
        RuleError: ``form.duplicate`` where the number was changed to one that is taken and has no
            decision "number disputed" with a reason.
    """
    mine = work.rows("duplicate_decision", applicant=row.record)
    theirs = work.rows("duplicate_decision", other=row.record)
    standing = standing_decisions(mine, theirs)
    made = {(one.rule, one.other): one for one in decisions}
    hints = look_alikes(work.connection, candidate_of(now, work.scope, row.record))
    stopping = [one for one in hints if one.finding.stops]
    moved = any(now.value(name) != was.value(name) for name in _NUMBERS)
    if moved:
        _must_be_disputed(stopping, standing | made)
    known = {(one.finding.rule, one.finding.other) for one in hints}
    fresh = tuple(one for key, one in made.items() if key in known and standing.get(key) != one)
    disputed = [one for one in fresh if one.decision == DISPUTED]
    if disputed:
        return Judged({"number_disputed": True, "identity_reason": disputed[0].reason}, fresh)
    still = {one.finding.other for one in stopping}
    if row.values.get("number_disputed") and _is_over(work, mine, still, moved=moved):
        values: dict[str, Value] = {"number_disputed": None}
        if row.text("identity_reason") in {one.text("reason") for one in mine}:
            values["identity_reason"] = None
        return Judged(values, fresh)
    return Judged({}, fresh)


def _must_be_disputed(stopping: Iterable[DuplicateHint], decided: Mapping[Key, Decision]) -> None:
    for hint in stopping:
        made = decided.get((hint.finding.rule, hint.finding.other))
        if made is None or made.decision != DISPUTED or not made.reason.strip():
            raise RuleError("form.duplicate", rule=hint.finding.rule)


def _is_over(work: Work, mine: Iterable[Row], still: set[str], *, moved: bool) -> bool:
    """Say whether a dispute is over: the number is free, and the other case could be asked.

    A case that has not come to this computer yet may still hold the number.
    """
    if still:
        return False
    others = {one.text("other") for one in mine if one.text("decision") == DISPUTED}
    return moved or (bool(others) and all(_is_held(work, one) for one in others))


def _is_held(work: Work, record: str) -> bool:
    try:
        work.row("applicant", record)
    except StaleError:
        return False
    return True
