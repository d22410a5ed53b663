"""What became of a case that was sent back 退回: why in words, and that the school has amended it.

A change made after the send-back names it among the heads it saw, in the same transaction as the
change itself: so the order of operations decides that a case waits for review again, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError
from desktop_app.storage.journal import Work

RETURNED = "returned"
AMENDED = "amended"
OTHER = "OTHER"
"""The coded reason 其他, 写明, which says nothing without words."""

LONGEST_NOTE = 200


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
    """Have a case that was sent back wait for review again; others are left alone."""
    values = work.row("applicant", record).values
    if values.get("review") == RETURNED and not waits_again(values):
        work.edit("applicant", record, {AMENDED: True})
