"""Complaints and requests 诉求 about a case: written down, due on a working day, answered.

A complaint about what papers are asked for, or where a child is placed, is answered within five
working days (domain reference §10.1); it goes with its child when the child is erased.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.domain.codes_desk import APPEAL_MATTER
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.calendar import local_day
from desktop_app.services.wording import code_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import Row, read_row, read_rows

OPEN, ANSWERED, PASSED_ON = "open", "answered", "passed_on"
LONGEST = 400
WORKING_DAYS = 5
_KIND = "appeal"


@dataclass(frozen=True, slots=True)
class AppealLine:
    """One complaint: whose, about what, until when, and what was answered."""

    record: str
    applicant: str
    name: str
    receipt: str
    matter: str
    words: str
    standing: str
    answer: str
    due: str
    """ISO date."""
    late: bool


class AppealDesk:
    """The use cases of complaints."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace
        self._policy = workplace.policy

    def record(self, applicant: str, matter: str, words: str) -> str:
        """Write a complaint down as it was said, with the day it is to be answered by.

        Raises:
            RuleError: ``appeal.matter``, ``appeal.words``.
            StaleError: the registration was taken back.
        """
        if matter not in APPEAL_MATTER:
            raise RuleError("appeal.matter")
        said = _held(words)
        due = self._policy.working_days_after(local_day().isoformat(), WORKING_DAYS)[-1]
        values: dict[str, Value] = {
            "applicant": applicant,
            "matter": matter,
            "standing": OPEN,
            "words": said,
            "due_on": due,
        }
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            work.row("applicant", applicant)
            return work.create(_KIND, values)

    def answer(self, record: str, words: str, *, passed_on: bool = False) -> None:
        """Answer a complaint, or pass it on to the district with what was said.

        Raises:
            RuleError: ``appeal.words``, or ``appeal.settled`` where it is not open any more.
            StaleError: it was forgotten with its child.
        """
        said = _held(words)
        standing = PASSED_ON if passed_on else ANSWERED
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            if work.row(_KIND, record).text("standing") != OPEN:
                raise RuleError("appeal.settled")
            work.edit(_KIND, record, {"standing": standing, "answer": said})

    def lines(self, applicant: str = "") -> tuple[AppealLine, ...]:
        """List the open ones, the soonest due first; of a child, all there ever were."""
        scope = self._workplace.seat.scope
        equal: dict[str, Value] = {"applicant": applicant} if applicant else {"standing": OPEN}
        with self._workplace.database.read() as connection:
            rows = read_rows(connection, RECORD_TYPES[_KIND], scope, equal)
            kind = RECORD_TYPES["applicant"]
            whose = {
                one: read_row(connection, kind, scope, one)
                for one in {row.text("applicant") for row in rows}
            }
        lines = [self._line(row, whose[row.text("applicant")]) for row in rows]
        return tuple(sorted(lines, key=lambda line: (line.due, line.record)))

    def _line(self, row: Row, child: Row | None) -> AppealLine:
        due, standing = row.text("due_on"), row.text("standing")
        return AppealLine(
            record=row.record,
            applicant=row.text("applicant"),
            name=child.text("full_name") if child is not None else "",
            receipt=child.text("receipt_number") if child is not None else "",
            matter=code_label("appeal_matter", row.text("matter")),
            words=row.text("words"),
            standing=standing,
            answer=row.text("answer"),
            due=due,
            late=standing == OPEN and bool(due) and due < local_day().isoformat(),
        )


def _held(words: str) -> str:
    """Give words as they are kept.

    Raises:
        RuleError: ``appeal.words``: none, or too many.
    """
    said = " ".join(words.split())
    if not said or len(said) > LONGEST:
        raise RuleError("appeal.words", most=LONGEST)
    return said
