"""Who has a case in hand 经办: taken on by one, shown to the others, taken over knowingly."""

from __future__ import annotations

from desktop_app.domain.errors import StaleError
from desktop_app.services.review import ASSIGN
from desktop_app.services.workplace import Workplace


class AssigningDesk:
    """Take a case on, take it over, put it back."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def take(self, record: str, seen: str = "") -> None:
        """Take a case on; ``seen`` is the person who was seen to have it, and is taken over.

        Raises:
            StaleError: the registration was taken back, or ``assign.overtaken``: somebody has it
                who was not seen to.
        """
        me = self._workplace.person
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            row = work.row("applicant", record)
            holder = row.text("assigned_to")
            if holder not in {"", me, seen}:
                raise StaleError("assign.overtaken", receipt=row.text("receipt_number"))
            if holder != me:
                work.edit("applicant", record, {"assigned_to": me}, act=ASSIGN)

    def put_back(self, record: str) -> None:
        """Put a case back that the acting person has; anybody else's is left alone.

        Raises:
            StaleError: the registration was taken back.
        """
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            if work.row("applicant", record).text("assigned_to") == self._workplace.person:
                work.edit("applicant", record, {"assigned_to": None}, act=ASSIGN)
