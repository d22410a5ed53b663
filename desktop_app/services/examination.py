"""A case laid out for examination 审核: what was registered, what each value is held against.

A value is held against what can be known without a network: the number's own check digit and birth
date, the published catchment, the age rule, other versions of the same field, and the papers seen.
Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from desktop_app.domain.acts import REVIEWERS
from desktop_app.domain.errors import RuleError
from desktop_app.domain.materials import AnyOf, Requirement
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.access_log import log_access
from desktop_app.services.changes import Step, steps_since_returned
from desktop_app.services.examined_fields import DOUBTFUL, FieldLine, fields_of
from desktop_app.services.materials import CheckedList, MaterialsDesk, is_expired, sure_day
from desktop_app.services.people import PeopleDesk
from desktop_app.services.review import has_changed
from desktop_app.services.scans import ScanDesk
from desktop_app.services.sent_back import answering, has_answered, waits_again
from desktop_app.services.wording import (
    category_label,
    code_label,
    desk_of,
    paper_label,
    reason_label,
)
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.queries import ApplicantFile
from desktop_app.storage.rows import Row, read_row

MATERIAL_PIN = "material."
"""Begins the field a return is pinned to where it is about a paper."""
_NUMBER_KEEPERS = frozenset({"number", "copy"})
_DATED = frozenset({"issued_on", "registered_on", "moved_in_on"})


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper of the category, its state, and what may be noted of it.

    ``optional`` is set where another paper would do as well, ``settled`` where one already has.
    """

    material: str
    label: str
    state: str
    number: str
    dated: str
    valid_to: str
    due: str
    reason: str
    note: str
    optional: bool
    settled: bool
    notes: tuple[str, ...]
    """Which of number, dated, valid_to and owner the policy lets the school keep."""
    issuer: str
    validity: str
    owner: str = ""
    """Whose paper it is, in words; empty where it is the child's own."""
    expired: bool = False
    """Whether what was seen was good only until a day that has passed."""


@dataclass(frozen=True, slots=True)
class ScanLine:
    """One sealed page."""

    scan: str
    material: str
    label: str
    page: int


@dataclass(frozen=True, slots=True)
class Examination:
    """A case as the page 材料审核 shows it."""

    record: str
    name: str
    receipt: str
    category: str
    category_label: str
    by: str
    desk: str
    at: int
    is_own: bool
    has_own_change: bool
    """Whether the acting person changed what the family told: another one has to pass it."""
    may_review: bool
    review: str
    reason: str
    note: str
    amended: bool
    in_conflict: bool
    papers: tuple[PaperLine, ...]
    fields: tuple[FieldLine, ...]
    scans: tuple[ScanLine, ...]
    asked: bool = False
    """Whether the district asks about it and has no answer yet: it may be passed anew."""
    answered: bool = False
    """Whether the school has answered what the district asks, and it is the district's turn."""
    holder: str = ""
    """The person who has taken it on, empty where nobody has."""
    holder_name: str = ""
    """Their name, where it is not the acting person."""
    steps: tuple[Step, ...] = ()
    """What was changed since it was sent back; empty unless it waits for review again."""

    @property
    def missing(self) -> int:
        """Count the papers nothing has settled; of those to choose from one counts."""
        kinds = {paper.material for paper in self.papers if not paper.settled}
        single = sum(1 for paper in self.papers if not paper.settled and not paper.optional)
        return single + (1 if len(kinds) > single else 0)

    @property
    def expired(self) -> tuple[PaperLine, ...]:
        """Give the papers that were seen, but are good no more."""
        return tuple(one for one in self.papers if one.expired and one.state == "accepted")

    @property
    def doubtful(self) -> tuple[FieldLine, ...]:
        """Give the values that contradict something."""
        return tuple(line for line in self.fields if line.verdict in DOUBTFUL)


class ExaminationDesk:
    """Lay a case out, and show its sealed pages to whoever examines it."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace
        self._policy = workplace.policy
        self._materials = MaterialsDesk(workplace)
        self._scans = ScanDesk(workplace)
        self._may_review: bool | None = None

    def open(self, record: str) -> Examination:
        """Give a case as it is held now.

        Raises:
            StaleError: the registration was taken back meanwhile.
        """
        if self._may_review is None:
            self._may_review = bool(PeopleDesk(self._workplace).roles() & REVIEWERS)
        scope = self._workplace.seat.scope
        with self._workplace.database.read() as connection:
            file = queries.applicant_file(connection, scope, record)
            by = read_row(connection, RECORD_TYPES["person"], scope, file.applicant.created_by)
            changed = self._may_review and has_changed(
                connection, scope, record, self._workplace.person
            )
            steps: tuple[Step, ...] = ()
            if waits_again(file.applicant.values):
                steps = steps_since_returned(connection, scope, self._policy, record)
            holder = file.applicant.text("assigned_to")
            person = read_row(connection, RECORD_TYPES["person"], scope, holder) if holder else None
        made = self._made(file, by, may_review=self._may_review, changed=changed)
        other = person is not None and holder != self._workplace.person
        name = person.text("full_name") if person is not None and other else ""
        return replace(made, steps=steps, holder=holder, holder_name=name)

    def _made(
        self, file: ApplicantFile, by: Row | None, *, may_review: bool, changed: bool
    ) -> Examination:
        applicant = file.applicant
        category, receipt = applicant.text("category"), applicant.text("receipt_number")
        return Examination(
            record=file.record,
            name=applicant.text("full_name"),
            receipt=receipt,
            category=category,
            category_label=category_label(self._policy, category),
            by=by.text("full_name") if by is not None else "",
            desk=desk_of(receipt),
            at=applicant.created_at,
            is_own=applicant.created_by == self._workplace.person,
            has_own_change=changed,
            may_review=may_review,
            review=applicant.text("review"),
            reason=reason_label(self._policy, applicant.text("review_reason")),
            note=applicant.text("review_note"),
            amended=waits_again(applicant.values),
            in_conflict=applicant.in_conflict or bool(applicant.values.get("number_disputed")),
            papers=tuple(self._papers(file)),
            fields=tuple(fields_of(file, self._policy, self._workplace.seat.code)),
            scans=tuple(
                ScanLine(
                    row.record,
                    row.text("material"),
                    paper_label(self._policy, row.text("material")),
                    int(row.text("page")),
                )
                for row in sorted(file.scans, key=_place)
            ),
            asked=bool(answering(applicant)),
            answered=has_answered(applicant),
        )

    def look_at(self, record: str, scan: str, *, first: bool) -> bytes:
        """Open a sealed page into memory; the first look at a case is logged with a signature.

        Raises:
            RuleError: its key was erased; ``people.not_granted``: nobody would count who looked.
            UntrustedError: the page is not the one that was noted.
            WorkplaceError: the page has not arrived on this computer yet.
        """
        PeopleDesk(self._workplace).must_count()
        image = self._scans.read(scan)
        if first:
            log_access(self._workplace, record, "view")
        return image

    # --- papers -----------------------------------------------------------------------------

    def _papers(self, file: ApplicantFile) -> Iterator[PaperLine]:
        """Give every paper the category asks for, in published order."""
        try:
            checked = self._materials.open(file.record)
        except RuleError:
            return
        told: set[str] = set()
        for line in checked.checklist.lines():
            for code in line.requirement.codes():
                if code not in told:
                    told.add(code)
                    yield self._paper(
                        checked, code, optional=_is_choice(line.requirement), done=line.is_settled
                    )
        for code in checked.checklist.optional:
            if code in checked.checklist.checks and code not in told:
                yield self._paper(checked, code, optional=True, done=True)

    def _paper(self, checked: CheckedList, code: str, *, optional: bool, done: bool) -> PaperLine:
        material = self._policy.materials[code]
        row, noted = checked.rows.get(code), checked.checklist.checks.get(code)

        def text(name: str) -> str:
            return row.text(name) if row is not None else ""

        return PaperLine(
            material=code,
            label=paper_label(self._policy, code),
            state=noted.state if noted is not None else "missing",
            number=text("number"),
            dated=text("dated"),
            valid_to=text("valid_to"),
            due=text("due_on"),
            reason=reason_label(self._policy, text("reason")),
            note=text("reason_note"),
            optional=optional,
            settled=done,
            notes=_notes(material.keep, material.fields),
            issuer=material.issuer,
            validity=material.validity,
            owner=code_label("guardian_relation", text("owner")),
            expired=is_expired(text("valid_to"), sure_day(self._policy)),
        )


def _place(scan: Row) -> tuple[str, int, str]:
    """Order pages by paper and page."""
    return (scan.text("material"), int(scan.text("page") or 0), scan.record)


def _is_choice(requirement: Requirement) -> bool:
    return isinstance(requirement, AnyOf)


def _notes(keep: str, fields: tuple[str, ...]) -> tuple[str, ...]:
    """Say what may be noted of a paper: no number stays of what the school does not keep."""
    notes = []
    if keep in _NUMBER_KEEPERS and {"number", "document_number"} & set(fields):
        notes.append("number")
    if _DATED & set(fields) and keep in _NUMBER_KEEPERS:
        notes.append("dated")
    if "valid_to" in fields:
        notes.append("valid_to")
    if "holder" in fields:
        notes.append("owner")
    return tuple(notes)
