"""The registered values of a case, each held against what can be known of it without a network."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from desktop_app.domain.errors import Detail, Problem
from desktop_app.domain.identity import check_identity
from desktop_app.policy.package import Policy
from desktop_app.services.form import KEEP_THEIR_ROLL, Assessment, assess
from desktop_app.services.registration import form_of
from desktop_app.services.sent_back import RETURNED, waits_again
from desktop_app.services.wording import code_label, reason_label, village_label
from desktop_app.storage.queries import ApplicantFile
from desktop_app.storage.rows import Row

_RESIDENT = "1"
_NO_FINDINGS = frozenset({"form.phone", "form.village_elsewhere"})
"""Nobody is forced to give a telephone number (ux, dark patterns), or to live here."""
_CONTRADICTIONS = frozenset({"guardian.sex_differs", "guardian.is_child"})
DOUBTFUL = frozenset({"differs", "doubt"})
"""What contradicts something else: it is asked about before anybody passes it."""
TROUBLES = frozenset({"differs", "doubt", "unsure", "missing", "returned"})
"""What needs a look."""
_FORM_NAMES = {"hukou_address": "hukou_village"}
_GUARDIAN = {
    "guardian_relation": "full_name",
    "guardian_id_number": "id_number",
    "guardian_phone": "phone",
}


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A registered value and what it is held against.

    ``key`` is name, number, birth, home, current, zone, age, guardian, guardian_number, phone or
    likeness. ``proof`` is checksum, derived, here, elsewhere, unplaced, age, problem, reason or
    nothing; ``against`` goes with it. ``verdict`` is same, differs, doubt (a contradiction the form
    told of too), unsure, missing, returned or nothing; ``details`` belong to a problem.
    ``others`` are the values of the same field that were written apart.
    """

    field: str
    key: str
    value: str
    proof: str = ""
    against: str = ""
    verdict: str = ""
    others: tuple[str, ...] = ()
    details: Mapping[str, Detail] = dataclasses.field(default_factory=lambda: MappingProxyType({}))


def fields_of(file: ApplicantFile, policy: Policy, school: str) -> Iterator[FieldLine]:
    """Give the registered values in the order of the household register."""
    applicant = file.applicant
    guardian = file.guardians[0] if file.guardians else None
    form = form_of(applicant.values, guardian.values if guardian else {})
    found = assess(form, policy, applicant.text("stage"))
    sent_back = applicant.text("review") == RETURNED and not waits_again(applicant.values)
    pinned = applicant.text("review_field") if sent_back else ""
    for line in _lines(file, guardian, found, (policy, school)):
        shown = _with_others(line, file, policy)
        problem = found.problem_of(_FORM_NAMES.get(line.field, line.field))
        if problem is not None and not shown.verdict and problem.code not in _NO_FINDINGS:
            verdict = _verdict_of(problem, shown)
            shown = _replaced(shown, "problem", problem.code, verdict)
            shown = replace(shown, details=problem.details)
        if pinned == line.field:
            why = reason_label(policy, applicant.text("review_reason"))
            shown = _replaced(shown, "reason", why, "returned")
        yield shown


def _lines(
    file: ApplicantFile, guardian: Row | None, found: Assessment, place: tuple[Policy, str]
) -> Iterator[FieldLine]:
    applicant = file.applicant
    yield FieldLine("full_name", "name", applicant.text("full_name"))
    yield _number_line(applicant, "id_number", "number")
    yield from _birth_lines(applicant)
    yield from _home_lines(applicant, place[0])
    yield _zone_line(found, *place)
    yield _age_line(found)
    if guardian is not None:
        relation = code_label("guardian_relation", guardian.text("relation"))
        name = f"{guardian.text('full_name')} {relation}".strip()
        yield FieldLine("guardian_relation", "guardian", name)
        yield _number_line(guardian, "guardian_id_number", "guardian_number")
        phone = guardian.text("phone")
        yield FieldLine("guardian_phone", "phone", phone)
    for row in file.decisions:
        words = code_label("duplicate_decision", row.text("decision"))
        yield FieldLine("", "likeness", words, "", row.text("reason"))


def _birth_lines(applicant: Row) -> Iterator[FieldLine]:
    """Hold sex and birth date against the number that holds them."""
    sex, born = applicant.text("sex"), applicant.text("birth_date")
    shown = f"{born} {code_label('sex', sex)}"
    known = check_identity(applicant.text("id_type"), applicant.text("id_number"))
    if known.birth is None or known.sex is None:
        yield FieldLine("birth_date", "birth", shown)
        return
    against = f"{known.birth} {code_label('sex', known.sex)}"
    same = "same" if (known.birth, known.sex) == (born, sex) else "differs"
    yield FieldLine("birth_date", "birth", shown, "derived", against, same)


def _home_lines(applicant: Row, policy: Policy) -> Iterator[FieldLine]:
    hukou = _address(applicant, policy, "hukou")
    current = _address(applicant, policy, "current")
    yield FieldLine("hukou_address", "home", hukou, verdict="" if hukou else "missing")
    if current and current != hukou:
        yield FieldLine("current_address", "current", current)


def _address(applicant: Row, policy: Policy, kind: str) -> str:
    village = village_label(policy, applicant.text(f"{kind}_village"))
    return f"{village} {applicant.text(f'{kind}_address')}".strip()


def _zone_line(found: Assessment, policy: Policy, school: str) -> FieldLine:
    """Hold the address against the published catchment."""
    schools = list(dict.fromkeys(rule.school for rule in found.catchment))
    known = policy.schools
    names = " 或 ".join(known[one].label if one in known else one for one in schools)
    if not schools:
        return FieldLine("hukou_village", "zone", "", "unplaced", "", "missing")
    if school in schools:
        return FieldLine("hukou_village", "zone", names, "here", "", "same")
    return FieldLine("hukou_village", "zone", names, "elsewhere", "", "differs")


def _number_line(row: Row, field: str, key: str) -> FieldLine:
    """Hold a resident number against its own check digit."""
    number, kind = row.text("id_number"), row.text("id_type")
    if not number:
        return FieldLine(field, key, "", "", "", "missing")
    if kind != _RESIDENT or check_identity(kind, number).blocks:
        return FieldLine(field, key, number)
    return FieldLine(field, key, number, "checksum", "", "same")


def _age_line(found: Assessment) -> FieldLine:
    if found.age is None:
        return FieldLine("birth_date", "age", "", "", "", "missing")
    old = f"{found.age.years},{found.age.months}"
    verdict = "differs" if found.age.state == "under" else "same"
    if verdict == "differs" and found.value("entry") in KEEP_THEIR_ROLL:
        verdict = ""  # the roll says the grade, not the age
    return FieldLine("birth_date", "age", old, "age", found.age.state, verdict)


def _with_others(line: FieldLine, file: ApplicantFile, policy: Policy) -> FieldLine:
    """Show what else was written of the same field, which a person has to choose from."""
    kind = "guardian" if line.field in _GUARDIAN else "applicant"
    field = _GUARDIAN.get(line.field, line.field)
    rows = (file.applicant,) if kind == "applicant" else file.guardians
    shown = next((row.text(field) for row in rows if field in row.values), "")
    others = [
        str(head.value)
        for head in file.heads
        if (head.kind, head.field) == (kind, field) and str(head.value) != shown
    ]
    if not others or line.key == "age":
        return line
    if field == "hukou_village":
        others = [village_label(policy, other) for other in others]
    return replace(line, verdict="differs", others=tuple(dict.fromkeys(others)))


def _verdict_of(problem: Problem, line: FieldLine) -> str:
    """Judge a problem: only what is empty is missing."""
    if problem.blocks:
        return "differs"
    if not line.value:
        return "missing"
    return "doubt" if problem.code in _CONTRADICTIONS else "unsure"


def _replaced(line: FieldLine, proof: str, against: str, verdict: str) -> FieldLine:
    return replace(line, proof=proof, against=against, verdict=verdict)
