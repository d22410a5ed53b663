"""The registration desk 登记台: assess, look for duplicates, save, take back, keep drafts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desktop_app.domain.address import place_key
from desktop_app.domain.declare import Value
from desktop_app.domain.duplicates import Candidate, Finding, find_duplicates
from desktop_app.domain.errors import RuleError
from desktop_app.domain.identity import looks_excel_damaged
from desktop_app.domain.masks import mask_number
from desktop_app.domain.materials import Checklist
from desktop_app.domain.names import name_key
from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.services import consents
from desktop_app.services.arrivals import recognised
from desktop_app.services.calendar import local_day, stray_year
from desktop_app.services.families import SIBLINGS, begin_family, join_twins
from desktop_app.services.form import (
    CASE_MARKS,
    CONSENTED,
    NOTED_AT_DESK,
    YES,
    Assessment,
    Form,
    assess,
)
from desktop_app.services.numbering import next_receipt
from desktop_app.services.private_notes import PrivateNotes
from desktop_app.services.sent_back import RETURNED, waits_again
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.database import Connection
from desktop_app.storage.drafts import Draft, Drafts, drop_draft
from desktop_app.storage.journal import Work
from desktop_app.storage.pinyin import spellings
from desktop_app.storage.queries import ApplicantFile
from desktop_app.storage.rows import Row

DISPUTED = "disputed"
"""The way through a stopping rule: the number is somebody's, but perhaps not that child's."""


@dataclass(frozen=True, slots=True)
class DuplicateHint:
    """A look-alike beside the form: why, and who it is; the number is masked."""

    finding: Finding
    name: str
    masked_number: str
    birth_date: str
    guardian_name: str
    registered_at: int
    created_by: str
    created_in: str
    receipt_number: str
    state: str = ""
    """Conflict, returned, missing, passed or to_review, as lists name it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the person at the desk decided about one look-alike."""

    rule: str
    other: str
    decision: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """A saved registration."""

    record: str
    receipt_number: str
    missing: tuple[str, ...]


class RegistrationDesk:
    """The use cases of the registration page and of the workbook intake."""

    def __init__(self, workplace: Workplace, stage: str = "P1") -> None:
        """Work at an open workplace for a stage: P1 小学一年级 or J1 初中一年级."""
        self._workplace = workplace
        self._stage = stage
        self._drafts = Drafts(workplace.database)

    def assess(self, form: Form) -> Assessment:
        """Say everything that can be known of a form without looking anyone up."""
        policy = self._workplace.policy
        today = None if stray_year(policy.season_year) else local_day()
        return assess(form, policy, self._stage, today)

    def duplicates(self, form: Form, record: str = "") -> tuple[DuplicateHint, ...]:
        """Find look-alikes among all registrations held; nothing is refused by this.

        ``record`` is the case itself where it is registered already: nobody is their own double.
        """
        subject = candidate_of(self.assess(form), self._workplace.seat.scope, record)
        with self._workplace.database.read() as connection:
            return look_alikes(connection, subject)

    def register(
        self, form: Form, decisions: Iterable[Decision] = (), *, note: str = "", draft: str = ""
    ) -> Registered:
        """Save a registration: applicant, guardian, papers seen, decisions; a number is given.

        What the family declared privately (``note``) is sealed with it, and the form's own draft is
        forgotten, in the one transaction: whatever ends the program, there is the one or the other.

        Raises:
            RuleError: ``form.incomplete``, or ``form.duplicate`` where a stopping rule has no
                decision "number disputed" with a reason; the declaration is too long.
        """
        assessment = self.assess(form)
        if assessment.blocks:
            blocking = [one for one in assessment.problems if one.blocks]
            first = blocking[0].field if blocking else assessment.needed[0]
            raise RuleError("form.incomplete", field=first)
        decided = {(one.rule, one.other): one for one in decisions}
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            hints = look_alikes(work.connection, candidate_of(assessment, work.scope))
            _stop_unless_decided(hints, decided)
            sealed = PrivateNotes(self._workplace).sealed(work, note) if note else None
            registered = self._save(work, assessment, decided, sealed)
            if draft:
                drop_draft(work.connection, draft, self._workplace.person)
            return registered

    def enter(self, work: Work, assessment: Assessment) -> Registered:
        """Save a registration that was found in order and compared, within a larger work."""
        return self._save(work, assessment, {})

    def _save(
        self,
        work: Work,
        assessment: Assessment,
        decided: Mapping[tuple[str, str], Decision],
        private_note: str | None = None,
    ) -> Registered:
        number = next_receipt(self._workplace, work.connection)
        values = applicant_values(assessment, self._workplace, self._stage)
        disputed = [one for one in decided.values() if one.decision == DISPUTED]
        if disputed:
            values |= {"number_disputed": True, "identity_reason": disputed[0].reason}
        values["receipt_number"] = number
        if private_note is not None:
            values["private_note"] = private_note
        values["graduate"] = recognised(work, values)
        twins = [one.other for one in decided.values() if one.decision == SIBLINGS]
        values |= join_twins(work, twins, values)
        values["family"] = begin_family(work, values["family"])
        record = work.create("applicant", values)
        work.create("guardian", guardian_values(assessment, record))
        agreed = consents.read_scopes(assessment.value(CONSENTED))
        told = consents.consent_values(assessment.tidy, self._workplace.policy, record, agreed)
        work.create(consents.CONSENT, told)
        if assessment.checklist is not None:
            for check in assessment.checklist.checks.values():
                work.create(
                    "material_check",
                    check_values(
                        check.material,
                        record,
                        check.state,
                        due=check.due or "",
                        policy_version=self._workplace.policy.version,
                    ),
                )
        for one in decided.values():
            work.create(
                "duplicate_decision",
                {
                    "rule": one.rule,
                    "applicant": record,
                    "other": one.other,
                    "decision": one.decision,
                    "reason": one.reason or None,
                },
            )
        return Registered(record, number, missing_codes(assessment.checklist))

    def take_back(self, record: str) -> Form:
        """Take a registration back, and give its form so that it can be mended and saved again.

        Raises:
            RuleError: ``registration.day_closed``: the day it was registered on is signed.
        """
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            row = work.row("applicant", record)
            _refuse_on_a_signed_day(work, row)
            guardians = work.rows("guardian", applicant=record)
            checks = work.rows("material_check", applicant=record)
            form = form_of(row.values, guardians[0].values if guardians else {})
            for check in checks:
                if check.text("result") in NOTED_AT_DESK:
                    form[f"material.{check.text('material')}"] = check.text("result")
                work.remove("material_check", check.record)
            for guardian in guardians:
                work.remove("guardian", guardian.record)
            form |= consents.take_back(work, record)
            work.remove("applicant", record)
        return form

    def save_draft(self, draft: Draft) -> None:
        """Keep an unfinished form as it is, durably, for its person alone."""
        self._drafts.save(draft)

    def drafts(self) -> tuple[Draft, ...]:
        """Give the acting person's drafts, the latest first."""
        return self._drafts.of_person(self._workplace.person)

    def drop_draft(self, draft: str) -> None:
        """Forget a draft: an abandoned form leaves no trace of a child."""
        self._drafts.drop(draft, self._workplace.person)


def _refuse_on_a_signed_day(work: Work, row: Row) -> None:
    """Keep what the principal signed for: who is counted in a closed day is amended, not undone."""
    at = row.values.get("registered_at")
    if isinstance(at, int) and work.rows("day_close", day=local_day(at).isoformat()):
        raise RuleError("registration.day_closed")


def _stop_unless_decided(
    hints: Iterable[DuplicateHint], decided: Mapping[tuple[str, str], Decision]
) -> None:
    for hint in hints:
        finding = hint.finding
        if not finding.stops:
            continue
        made = decided.get((finding.rule, finding.other))
        if made is None or made.decision != DISPUTED or not made.reason.strip():
            raise RuleError("form.duplicate", rule=finding.rule)


def applicant_values(assessment: Assessment, workplace: Workplace, stage: str) -> dict[str, Value]:
    """Give the values an applicant is created with."""
    value = assessment.value
    direct = (
        "full_name",
        "sex",
        "birth_date",
        "ethnic_code",
        "id_type",
        "id_number",
        "birth_certificate",
        "identity_reason",
        "hukou_village",
        "hukou_address",
        "hukou_nature",
        "current_village",
        "current_address",
        "category",
        "boarding_code",
        "graduate",
        "primary_school",
        "national_student_no",
        *CASE_MARKS,
    )
    values: dict[str, Value] = {name: value(name) or None for name in direct}
    values |= {name: True for name in ("multiple_birth", "sibling_enrolled") if value(name) == YES}
    values |= {
        "season": workplace.policy.season_year,
        "stage": stage,
        "notice_version": workplace.policy.notice_version,
        "policy_version": workplace.policy.version,
        "missing_materials": " ".join(missing_codes(assessment.checklist)),
        "registered_at": wall_milliseconds(),
    }
    return values


def guardian_values(assessment: Assessment, applicant: str) -> dict[str, Value]:
    """Give the values a guardian is created with."""
    value = assessment.value
    return {
        "applicant": applicant,
        "full_name": value("guardian_name"),
        "relation": value("guardian_relation"),
        "id_type": value("guardian_id_type") or None,
        "id_number": value("guardian_id_number") or None,
        "phone": value("guardian_phone") or None,
    }


def check_values(
    material: str, applicant: str, state: str, *, due: str = "", policy_version: str = ""
) -> dict[str, Value]:
    """Give the values a material check is created with."""
    return {
        "applicant": applicant,
        "material": material,
        "result": state,
        "original_seen": True if state == "accepted" else None,
        "due_on": due or None,
        "policy_version": policy_version or None,
    }


def missing_codes(checklist: Checklist | None) -> tuple[str, ...]:
    """Give the fewest papers that would complete a checklist."""
    return () if checklist is None else checklist.next_materials()


def form_of(applicant: Mapping[str, Value], guardian: Mapping[str, Value]) -> dict[str, str]:
    """Give the form that would have made these records."""
    form = {name: _typed(value) for name, value in applicant.items()}
    form |= {
        f"guardian_{target}": _typed(guardian.get(name))
        for name, target in (
            ("full_name", "name"),
            ("relation", "relation"),
            ("id_type", "id_type"),
            ("id_number", "id_number"),
            ("phone", "phone"),
        )
    }
    form["notice_read"] = YES
    return {name: text for name, text in form.items() if text}


def _typed(value: Value) -> str:
    if value is True:
        return YES
    return "" if value is None or value is False else str(value)


def look_alikes(connection: Connection, subject: Candidate) -> tuple[DuplicateHint, ...]:
    """Find the look-alikes of a child among the registrations of the school held here."""
    found = queries.duplicate_candidates(connection, subject.school, subject)
    files = {one.record: one for one in found}
    findings = find_duplicates(subject, (candidate_of_file(one) for one in found))
    return tuple(_hint(finding, files[finding.other]) for finding in findings)


def candidate_of(assessment: Assessment, school: str, record: str = "") -> Candidate:
    """Give what the duplicate rules know of a form."""
    value = assessment.value
    name = value("full_name")
    return Candidate(
        record=record,
        school=school,
        id_numbers=_some(value("id_number")),
        name_keys=_some(name_key(name)) if name else frozenset(),
        pinyin_keys=frozenset(spellings(name)),
        sexes=_some(value("sex")),
        birth_dates=_some(value("birth_date")),
        guardian_numbers=_some(value("guardian_id_number")),
        phones=_some(value("guardian_phone")),
        birth_certificates=_some(value("birth_certificate")),
        addresses=frozenset(
            filter(
                None,
                (
                    place_key(value(f"{home}_village"), value(f"{home}_address"))
                    for home in ("hukou", "current")
                ),
            )
        ),
    )


def candidate_of_file(file: ApplicantFile) -> Candidate:
    """Give what the duplicate rules know of a registration: all heads of every field."""
    names = file.all_values("applicant", "full_name")
    return Candidate(
        record=file.record,
        school=file.scope,
        id_numbers=file.all_values("applicant", "id_number"),
        name_keys=frozenset(map(name_key, names)),
        pinyin_keys=frozenset(key for name in names for key in spellings(name)),
        sexes=file.all_values("applicant", "sex"),
        birth_dates=file.all_values("applicant", "birth_date"),
        guardian_numbers=file.all_values("guardian", "id_number"),
        phones=file.all_values("guardian", "phone"),
        birth_certificates=file.all_values("applicant", "birth_certificate"),
        addresses=frozenset(
            filter(
                None,
                (
                    place_key(village, address)
                    for home in ("hukou", "current")
                    for village in file.all_values("applicant", f"{home}_village")
                    for address in file.all_values("applicant", f"{home}_address")
                ),
            )
        ),
    )


def _some(text: str) -> frozenset[str]:
    return frozenset({text}) if text and not looks_excel_damaged(text) else frozenset()


def _hint(finding: Finding, file: ApplicantFile) -> DuplicateHint:
    applicant = file.applicant
    guardians = file.guardians
    return DuplicateHint(
        finding=finding,
        name=applicant.text("full_name"),
        masked_number=mask_number(applicant.text("id_number")),
        birth_date=applicant.text("birth_date"),
        guardian_name=guardians[0].text("full_name") if guardians else "",
        registered_at=applicant.created_at,
        created_by=applicant.created_by,
        created_in=applicant.created_in,
        receipt_number=applicant.text("receipt_number"),
        state=_state(applicant),
    )


def _state(applicant: Row) -> str:
    """Give the state of a registration, the gravest first."""
    review = applicant.text("review")
    if applicant.in_conflict:
        return "conflict"
    if review == RETURNED and not waits_again(applicant.values):
        return RETURNED
    if applicant.text("missing_materials"):
        return "missing"
    return "passed" if review == "passed" else "to_review"
