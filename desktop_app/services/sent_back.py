"""What became of a case that was sent back 退回: why in words, and that the school has amended it.

A change made after the send-back names it among the heads it saw, in the same transaction as the
change itself: so the order of operations decides that a case waits for review again, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.domain.declare import Value
from desktop_app.domain.district_answers import QUERIED
from desktop_app.domain.errors import RuleError
from desktop_app.storage.heads import read_heads
from desktop_app.storage.journal import Work
from desktop_app.storage.rows import Row

RETURNED = "returned"
AMENDED = "amended"
ANSWERS = "answers"
_STATUS = "district_status"
OTHER = "OTHER"
"""The coded reason 其他, 写明, which says nothing without words."""

LONGEST_NOTE = 200


def has_answered(row: Row) -> bool:
    """Say whether the school has answered the question of the district that stands."""
    return row.text("district_status") == QUERIED and not answering(row)


def check_note(reason: str, note: str) -> str | None:
    """Give the words that go with a coded reason, or None where there are none.

    Raises:
        RuleError: ``review.note`` where 其他 has no words, ``review.note_long``.
    """
    said = " ".join(note.split())
    if reason == OTHER and not said:
        raise RuleError("review.note")
    if len(said) > LONGEST_NOTE:
        raise RuleError("review.note_long", most=LONGEST_NOTE)
    return said or None


def waits_again(values: Mapping[str, Value]) -> bool:
    """Say whether a case that was sent back has been amended since."""
    return values.get("review") == RETURNED and values.get(AMENDED) is True


def note_amended(work: Work, record: str) -> None:
    """Have a case that was sent back wait for review again, and one the district asks about for it.

    Others are left alone.
    """
    row = work.row("applicant", record)
    marks = answering(row)
    if row.values.get("review") == RETURNED and not waits_again(row.values):
        marks[AMENDED] = True
    if marks:
        work.edit("applicant", record, marks)


def answering(row: Row) -> dict[str, Value]:
    """Give the mark by which the school answers what the district asks now; nothing if it did.

    The mark names the operation that asked: a question asked again is not answered by it.
    """
    if row.text("district_status") != QUERIED:
        return {}
    asked = read_heads(row.heads, (_STATUS,))[_STATUS][0]
    return {} if row.text(ANSWERS) == asked else {ANSWERS: asked}
