"""Amending a registration 改登记: a registered child is opened again, and what changed is written.

Only the fields that were changed are written, over what was seen when the case was opened; where
somebody else has changed the same field meanwhile, nothing is written and nobody's value is lost.
A passed case is not amended but corrected (``correcting``): two persons stand behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services import consents
from desktop_app.services.calendar import local_day
from desktop_app.services.disputes import Judged, judge, standing_decisions
from desktop_app.services.families import SIBLINGS, begin_family, join_twins
from desktop_app.services.form import (
    CASE_MARKS,
    FORM_FIELDS,
    MATERIAL_PREFIX,
    Assessment,
    Form,
    assess,
)
from desktop_app.services.materials import noted
from desktop_app.services.registration import (
    Decision,
    applicant_values,
    check_values,
    form_of,
    guardian_values,
    missing_codes,
)
from desktop_app.services.sent_back import RETURNED, note_amended, waits_again
from desktop_app.services.wording import question_of, reason_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.journal import Work
from desktop_app.storage.queries import FieldChange
from desktop_app.storage.rows import Row, read_rows

AMENDS = "amends"
"""Names the record in a draft that amends one: such a draft is no second child."""
_PASSED = "passed"
_NOTE = "private_note"
_AT_REGISTRATION = frozenset(
    {
        "season",
        "stage",
        "notice_version",
        "policy_version",
        "missing_materials",
        "registered_at",
    }
)
"""What is noted once, when a child is registered, or follows from the papers."""
_GUARDIAN_FIELDS = {
    "full_name": "guardian_name",
    "relation": "guardian_relation",
    "id_type": "guardian_id_type",
    "id_number": "guardian_id_number",
    "phone": "guardian_phone",
}
_TICKS = ("multiple_birth", "sibling_enrolled")


@dataclass(frozen=True, slots=True)
class Stored:
    """A registered case as it is held, in the words of the form that would have made it.

    ``reason``, ``note`` and ``field`` say why it was sent back and where; they are empty for a case
    that was not, or that was amended since.
    """

    record: str
    name: str
    receipt: str
    form: Form
    decisions: tuple[Decision, ...]
    reason: str = ""
    note: str = ""
    field: str = ""
    question: str = ""
    """What the district asks, in full."""
    passed: bool = False
    """Whether the school has passed it: what is changed is a correction 更正."""


@dataclass(frozen=True, slots=True)
class Amended:
    """What was written: the fields by their names in the form, and the papers still missing."""

    record: str
    receipt_number: str
    changed: tuple[str, ...]
    missing: tuple[str, ...]


class AmendmentDesk:
    """The use cases of amending a registration."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace
        self._policy = workplace.policy

    def open(self, record: str) -> Stored:
        """Give a case to be amended, or a passed one to be corrected.

        Raises:
            StaleError: the registration was taken back meanwhile.
        """
        scope = self._workplace.seat.scope
        with self._workplace.database.read() as connection:
            file = queries.applicant_file(connection, scope, record)
            kind = RECORD_TYPES["duplicate_decision"]
            mine = read_rows(connection, kind, scope, {"applicant": record})
            theirs = read_rows(connection, kind, scope, {"other": record})
            told = consents.standing_at(connection, scope, record)
        applicant = file.applicant
        sent_back = applicant.text("review") == RETURNED and not waits_again(applicant.values)
        reason = reason_label(self._policy, applicant.text("review_reason"))
        return Stored(
            record=record,
            name=applicant.text("full_name"),
            receipt=applicant.text("receipt_number"),
            form=_stored_form(applicant, file.guardians, file.checks) | consents.form_fields(told),
            decisions=tuple(standing_decisions(mine, theirs).values()),
            reason=reason if sent_back else "",
            note=applicant.text("review_note") if sent_back else "",
            field=applicant.text("review_field") if sent_back else "",
            question=question_of(self._policy, applicant),
            passed=applicant.text("review") == _PASSED,
        )

    def amend(
        self,
        record: str,
        form: Form,
        opened: Form | None = None,
        decisions: Iterable[Decision] = (),
    ) -> Amended:
        """Write what differs between a form and the form it was opened with.

        ``opened`` is what ``open`` gave; where it is left out, the form is held against what is
        stored now. Papers of the form that differ are noted too; none is ever taken away.

        Raises:
            RuleError: ``amend.passed``; ``form.incomplete``; ``form.duplicate`` where the number
                is changed to one that is taken and nobody has disputed it with a reason.
            StaleError: the registration was taken back, or ``amend.overtaken`` where a field that
                was changed here was changed elsewhere meanwhile.
        """
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            _must_be_open(work.row("applicant", record))
            made = self.write(work, record, form, opened, decisions)
            if opened is None:
                return made
            said = consents.settle(work, record, form, opened, self._policy)
            return replace(made, changed=(*made.changed, *said))

    def changes(self, record: str, form: Form, opened: Form) -> tuple[tuple[str, FieldChange], ...]:
        """Give the fields, each with its kind, that a form changes of what it was opened with.

        Raises:
            RuleError: ``form.incomplete``.
        """
        scope = self._workplace.seat.scope
        with self._workplace.database.read() as connection:
            row = queries.applicant_file(connection, scope, record).applicant
        change = self._change(row.text("stage"), form, opened)
        found = (("applicant", change.applicant), ("guardian", change.guardian))
        return tuple(
            (kind, FieldChange(name, (change.before[kind].get(name),), value))
            for kind, values in found
            for name, value in values.items()
        )

    def write(
        self,
        work: Work,
        record: str,
        form: Form,
        opened: Form | None = None,
        decisions: Iterable[Decision] = (),
        act: str = "edit",
    ) -> Amended:
        """Write what differs, within a unit of work; a passed case only by a correction's act.

        Raises:
            RuleError: as ``amend``.
            StaleError: as ``amend``.
        """
        row = work.row("applicant", record)
        guardians = work.rows("guardian", applicant=record)
        checks = work.rows("material_check", applicant=record)
        held = _stored_form(row, guardians, checks)
        seen = held if opened is None else opened
        change = self._change(row.text("stage"), form, seen)
        _must_not_be_overtaken(change, held, seen)
        judged = judge(work, row, change.now, change.was, decisions)
        if guardians and change.guardian:
            work.edit("guardian", guardians[0].record, change.guardian, act=act)
        elif change.guardian:
            work.create("guardian", guardian_values(change.now, record))
        papers = self._papers(work, row, change, checks)
        _write(work, row, change, (judged, papers), act)
        if change.fields or change.papers:
            note_amended(work, record)
        missing = papers.get("missing_materials", row.values.get("missing_materials"))
        changed = (*change.fields, *(MATERIAL_PREFIX + code for code in change.papers))
        return Amended(
            record, row.text("receipt_number"), changed, tuple(str(missing or "").split())
        )

    def _change(self, stage: str, form: Form, seen: Form) -> _Change:
        """Say what a form changes.

        Raises:
            RuleError: ``form.incomplete``.
        """
        now, was = assess(form, self._policy, stage), assess(seen, self._policy, stage)
        if now.blocks:
            blocking = [one.field for one in now.problems if one.blocks]
            raise RuleError("form.incomplete", field=[*blocking, *now.needed][0])
        after, before = (
            {**dict.fromkeys(_TICKS), **applicant_values(one, self._workplace, stage)}
            for one in (now, was)
        )
        papers = {
            name.removeprefix(MATERIAL_PREFIX): state
            for name, state in form.items()
            if name.startswith(MATERIAL_PREFIX) and state and seen.get(name) != state
        }
        return _Change(
            now=now,
            was=was,
            applicant={
                name: value
                for name, value in after.items()
                if name not in _AT_REGISTRATION and before.get(name) != value
            },
            guardian=_differing(guardian_values(now, ""), guardian_values(was, "")),
            papers=papers,
            before={"applicant": before, "guardian": guardian_values(was, "")},
        )

    def _papers(
        self, work: Work, row: Row, change: _Change, checks: Iterable[Row]
    ) -> dict[str, Value]:
        """Note the papers that differ, and give what follows for the applicant, if anything."""
        value = change.now.value
        checklist = self._policy.checklist(
            value("category"), value("entry"), value("agent_relation")
        )
        if checklist is None or not change.asks_papers:
            return {}
        asked = {*checklist.required.codes(), *checklist.optional}
        rows = {one.text("material"): one for one in checks}
        due = self._policy.paper_deadline(local_day().isoformat())
        version = self._policy.version
        for material, state in change.papers.items():
            if material not in asked:
                continue
            until = due if state == "pending_original" else ""
            values = check_values(material, row.record, state, due=until, policy_version=version)
            if material in rows:
                work.edit(
                    "material_check",
                    rows[material].record,
                    values | {"reason": None, "reason_note": None},
                )
            else:
                work.create("material_check", values)
        for one in work.rows("material_check", applicant=row.record):
            if one.text("material") in asked:
                checklist = noted(checklist, one)
        missing = " ".join(missing_codes(checklist))
        return {"missing_materials": missing, "policy_version": version}


@dataclass(frozen=True, slots=True)
class _Change:
    """What a form changes: values to be written, and papers by their code."""

    now: Assessment
    was: Assessment
    applicant: dict[str, Value]
    guardian: dict[str, Value]
    papers: dict[str, str]
    before: dict[str, dict[str, Value]]
    """What stood there, by kind and field."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Name the fields as the form does."""
        return (*self.applicant, *(_GUARDIAN_FIELDS[name] for name in self.guardian))

    @property
    def asks_papers(self) -> bool:
        """Say whether the list of missing papers is to be made anew."""
        return bool(self.papers or {"category", "entry", "agent_relation"} & {*self.applicant})


def _must_be_open(row: Row) -> None:
    if row.text("review") == _PASSED:
        raise RuleError("amend.passed", receipt=row.text("receipt_number"))


def _stored_form(applicant: Row, guardians: Iterable[Row], checks: Iterable[Row]) -> dict[str, str]:
    """Give what is stored as a form; of several guardians the first is on it."""
    guardian = next(iter(guardians), None)
    form = form_of(applicant.values, guardian.values if guardian is not None else {})
    stored = {
        name: text for name, text in form.items() if name in {*FORM_FIELDS, *CASE_MARKS, _NOTE}
    }
    for check in checks:
        stored[MATERIAL_PREFIX + check.text("material")] = check.text("result")
    return stored


def _differing(after: Mapping[str, Value], before: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in after.items() if before.get(name) != value}


def _must_not_be_overtaken(change: _Change, held: Form, seen: Form) -> None:
    """Stop where a value that is to be written was changed elsewhere since it was seen."""
    wanted = {name: _typed(value) for name, value in change.applicant.items()}
    wanted |= {_GUARDIAN_FIELDS[name]: _typed(value) for name, value in change.guardian.items()}
    wanted |= {MATERIAL_PREFIX + code: state for code, state in change.papers.items()}
    overtaken = [
        name
        for name, value in wanted.items()
        if held.get(name, "") not in {seen.get(name, ""), value}
    ]
    if overtaken:
        raise StaleError("amend.overtaken", field=overtaken[0], count=len(overtaken))


def _typed(value: Value) -> str:
    return "1" if value is True else str(value or "")


def _write(
    work: Work, row: Row, change: _Change, found: tuple[Judged, dict[str, Value]], act: str
) -> None:
    """Write the applicant in one operation, and what was decided about look-alikes."""
    judged, papers = found
    twins = [one.other for one in judged.fresh if one.decision == SIBLINGS]
    family: dict[str, Value] = {"family": change.now.value("family") or row.text("family")}
    joined: dict[str, Value] = {}
    if "family" in change.applicant:
        family = joined = {"family": begin_family(work, change.applicant["family"])}
    values = change.applicant | judged.values | papers | joined | join_twins(work, twins, family)
    if values:
        work.edit("applicant", row.record, values, act=act)
    for one in judged.fresh:
        work.create(
            "duplicate_decision",
            {
                "rule": one.rule,
                "applicant": row.record,
                "other": one.other,
                "decision": one.decision,
                "reason": one.reason or None,
            },
        )
