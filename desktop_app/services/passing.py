"""Passing many at once 成批通过: the exceptions first with why, then all clean ones in one commit.

What was shown is what is passed: a case somebody has changed since the preview is not passed but
named. The reviewer gives their own password once for all of them, and signs an act for each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from desktop_app.domain.acts import REVIEWERS
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.domain.list_faults import FAULTS
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.security.passwords import Password
from desktop_app.security.vault import Vault
from desktop_app.services.examined_fields import TROUBLES, fields_of
from desktop_app.services.materials import expired_papers
from desktop_app.services.people import PeopleDesk
from desktop_app.services.review import BULK, PASSED, has_changed, passing_values
from desktop_app.services.sent_back import RETURNED, waits_again
from desktop_app.services.wording import faults_label, paper_label, reason_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.database import Connection
from desktop_app.storage.lists import PageKey
from desktop_app.storage.queries import ApplicantFile
from desktop_app.storage.rows import read_row

_OPEN = TROUBLES - {"returned"}
_AT_ONCE = 500
_WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Why:
    """Why a case is not passed with the others.

    ``code`` is conflict, missing (papers), expired (papers), returned, amended (since it was sent
    back), finding, own_work, own_change, assigned, second_keying or list_fault; ``told`` are the
    papers, the keys of the values, the reason or the person it is about.
    """

    code: str
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flagged:
    """A case that stays, and every reason for it."""

    record: str
    name: str
    receipt: str
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen: who stays and why, and who is passed, each with what was seen of them."""

    flagged: tuple[Flagged, ...]
    clean: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A case somebody else changed meanwhile; it was left as they have it."""

    record: str
    name: str
    receipt: str


@dataclass(frozen=True, slots=True)
class PassedMany:
    """What was passed, and what was not because it has changed since it was shown."""

    records: tuple[str, ...]
    overtaken: tuple[Overtaken, ...]


class PassingDesk:
    """The use cases of passing many at once."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace
        self._policy = workplace.policy

    def preview(self) -> Preview:
        """Look at every case that is not passed, and say which would be.

        Raises:
            RuleError: the acting person is no reviewer.
        """
        self._must_review()
        flagged: list[Flagged] = []
        clean: dict[str, str] = {}
        with self._workplace.database.read() as connection:
            for record in self._not_passed(connection):
                file = queries.applicant_file(connection, self._scope, record)
                why = tuple(self._why(connection, file))
                if why:
                    row = file.applicant
                    name, receipt = row.text("full_name"), row.text("receipt_number")
                    flagged.append(Flagged(record, name, receipt, why))
                else:
                    clean[record] = _seen(file)
        return Preview(tuple(flagged), clean)

    def pass_many(self, clean: Mapping[str, str], password: Password) -> PassedMany:
        """Pass what a preview called clean, with one password for all; all of it or nothing.

        Raises:
            RuleError: wrong password, locked out for a while, or no reviewer.
        """
        self._must_review()
        self._prove(password)
        passed: list[str] = []
        overtaken: list[Overtaken] = []
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            for record, seen in clean.items():
                try:
                    file = queries.applicant_file(work.connection, work.scope, record)
                except StaleError:
                    overtaken.append(Overtaken(record, "", ""))
                    continue
                row = file.applicant
                if _seen(file) != seen or any(self._why(work.connection, file)):
                    name, receipt = row.text("full_name"), row.text("receipt_number")
                    overtaken.append(Overtaken(record, name, receipt))
                    continue
                values = passing_values(row)
                work.edit("applicant", record, values, act=BULK, signed=True)
                passed.append(record)
        return PassedMany(tuple(passed), tuple(overtaken))

    # --- what is clean ----------------------------------------------------------------------

    @property
    def _scope(self) -> str:
        return self._workplace.seat.scope

    def _must_review(self) -> None:
        if not PeopleDesk(self._workplace).roles() & REVIEWERS:
            raise RuleError("review.not_reviewer")

    def _prove(self, password: Password) -> None:
        """Make sure that it is the acting person who sits here.

        Raises:
            RuleError: wrong password, or locked out for a while.
        """
        name = self._workplace.session.person_name
        Vault.open(self._workplace.folder).unlock(name, password).close()

    def _not_passed(self, connection: Connection) -> Iterator[str]:
        """Name what waits for review and what was sent back, oldest first."""
        for which in ("to_review", RETURNED):
            after: PageKey | None = None
            while True:
                if which == RETURNED:
                    page = queries.applicant_page(connection, self._scope, which, after, _AT_ONCE)
                else:
                    page = queries.review_queue(connection, self._scope, after, _AT_ONCE)
                yield from (line.record for line in page.lines)
                after = page.after
                if after is None:
                    break

    def _why(self, connection: Connection, file: ApplicantFile) -> Iterator[Why]:
        """Give every reason why a person should look at a case by itself."""
        row, me = file.applicant, self._workplace.person
        if row.in_conflict or row.values.get("number_disputed"):
            yield Why("conflict")
        if row.text("review") == PASSED:
            yield Why(PASSED)
        elif waits_again(row.values):
            yield Why("amended", (reason_label(self._policy, row.text("review_reason")),))
        elif row.text("review") == RETURNED:
            yield Why(RETURNED, (reason_label(self._policy, row.text("review_reason")),))
        missing = row.text("missing_materials").split()
        if missing:
            labels = dict.fromkeys(paper_label(self._policy, one) for one in missing)
            yield Why("missing", tuple(labels))
        late = expired_papers(self._policy, file.checks)
        if late:
            yield Why("expired", late)
        found = fields_of(file, self._policy, self._workplace.seat.code)
        troubles = tuple(dict.fromkeys(one.key for one in found if one.verdict in _OPEN))
        if troubles:
            yield Why("finding", troubles)
        yield from self._persons(connection, file, me)
        if row.text("second_keying") == _WAITING:
            yield Why("second_keying")
        if row.text(FAULTS):
            yield Why(FAULTS, (faults_label(row.text(FAULTS)),))

    def _persons(self, connection: Connection, file: ApplicantFile, me: str) -> Iterator[Why]:
        """Give the reasons that are about who did, or does, what."""
        row = file.applicant
        if row.created_by == me:
            yield Why("own_work")
        elif has_changed(connection, self._scope, row.record, me):
            yield Why("own_change")
        other = row.text("assigned_to")
        if other and other != me:
            person = read_row(connection, RECORD_TYPES["person"], self._scope, other)
            yield Why("assigned", (person.text("full_name") if person is not None else "",))


def _seen(file: ApplicantFile) -> str:
    """Digest which versions of a case somebody saw, so that a later change is noticed."""
    rows = (file.applicant, *file.guardians, *file.checks, *file.decisions)
    text = "\n\n".join(f"{row.kind} {row.record} {row.state}\n{row.heads}" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()
