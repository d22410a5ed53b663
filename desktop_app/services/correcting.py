"""Correcting after approval 更正: a passed case stays passed, and two persons answer for it.

A reason code, the paper that proves it with number and date, and a second person who types their
password in the same window. What stood before and what stands after is the history of the case; the
receipt is printed anew and says 更正; the district reads it as a change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.domain.acts import Role, may_correct
from desktop_app.domain.codes_desk import CORRECTION_REASON
from desktop_app.domain.dates import parse_iso
from desktop_app.domain.errors import RuleError
from desktop_app.security.passwords import Password
from desktop_app.services.amendment import Amended, AmendmentDesk
from desktop_app.services.calendar import local_day
from desktop_app.services.changes import CORRECTION, Changed, changed
from desktop_app.services.form import Form
from desktop_app.services.people import PeopleDesk
from desktop_app.services.registration import Decision
from desktop_app.services.review import CORRECT, PASSED
from desktop_app.services.second_person import second_person
from desktop_app.services.workplace import Workplace
from desktop_app.storage.journal import Actor

LONGEST_NUMBER, LONGEST_NOTE = 40, 200


@dataclass(frozen=True, slots=True)
class Proof:
    """Why a passed case is corrected, and by which paper."""

    reason: str
    material: str
    number: str
    dated: str
    """ISO date."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be written: the case, the form as it was opened and as it is now."""

    record: str
    form: Form
    opened: Form
    decisions: tuple[Decision, ...] = ()


class CorrectionDesk:
    """The use cases of a correction."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace
        self._policy = workplace.policy
        self._amendments = AmendmentDesk(workplace)

    def seconds(self) -> tuple[str, ...]:
        """Name who may sign beside the acting person at this computer."""
        lines = PeopleDesk(self._workplace).lines()
        known = [one for one in lines if one.opens_this_computer and one.roles and not one.ended]
        return tuple(one.name for one in known if one.key != self._workplace.person)

    def second(self, name: str, password: Password) -> Actor:
        """Let a second person sign here, who opens nothing by it.

        Raises:
            RuleError: wrong password, or locked out for a while.
        """
        return second_person(self._workplace, name, password)

    def changes(self, wanted: Correction) -> tuple[Changed, ...]:
        """Say what would be changed, before and after, numbers whole: the family stands there.

        Raises:
            RuleError: ``form.incomplete``.
        """
        found = self._amendments.changes(wanted.record, wanted.form, wanted.opened)
        return tuple(changed(self._policy, kind, one, whole=True) for kind, one in found)

    def check(self, proof: Proof) -> None:
        """Refuse a correction that proves nothing.

        Raises:
            RuleError: ``correct.reason``, ``correct.material``, ``correct.evidence``.
        """
        if proof.reason not in CORRECTION_REASON:
            raise RuleError("correct.reason")
        if proof.material not in self._policy.materials:
            raise RuleError("correct.material")
        day = parse_iso(proof.dated)
        if not proof.number.strip() or len(proof.number) > LONGEST_NUMBER:
            raise RuleError("correct.evidence")
        if day is None or day > local_day():
            raise RuleError("correct.dated")
        if len(proof.note) > LONGEST_NOTE:
            raise RuleError("review.note_long", most=LONGEST_NOTE)

    def correct(self, wanted: Correction, proof: Proof, second: Actor) -> Amended:
        """Write a correction and what it changes; all of it or nothing.

        Raises:
            RuleError: the proof does not do, the case is not passed, nothing differs, these two may
                not, or as ``AmendmentDesk.amend``.
            StaleError: as ``AmendmentDesk.amend``.
        """
        self.check(proof)
        self._check_persons(second)
        found = self._amendments.changes(wanted.record, wanted.form, wanted.opened)
        if not found:
            raise RuleError("correct.nothing")
        evidence = f"{proof.number.strip()} {proof.dated}"
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            row = work.row("applicant", wanted.record)
            if row.text("review") != PASSED:
                raise RuleError("correct.not_passed", receipt=row.text("receipt_number"))
            work.create(
                CORRECTION,
                {
                    "applicant": wanted.record,
                    "fields": " ".join(f"{kind}.{one.field}" for kind, one in found),
                    "reason": proof.reason,
                    "material": proof.material,
                    "evidence": evidence,
                    "note": proof.note.strip() or None,
                },
                signed=True,
                also=(second,),
            )
            return self._amendments.write(
                work, wanted.record, wanted.form, wanted.opened, wanted.decisions, CORRECT
            )

    def _check_persons(self, second: Actor) -> None:
        """Refuse what would be signed in vain."""
        desk = PeopleDesk(self._workplace)
        known = {line.key: line.roles for line in desk.lines() if not line.ended}
        if second.person == self._workplace.person:
            raise RuleError("correct.same_person")
        pair: Iterable[frozenset[Role]] = (
            desk.roles(),
            known.get(second.person, frozenset[Role]()),
        )
        if not may_correct(tuple(pair)):
            raise RuleError("correct.not_allowed")
