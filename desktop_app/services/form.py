"""The registration form as text, and what is known of it while it is typed.

A form is a plain mapping of field names to typed text; it may be invalid and is kept as it is.
``assess`` says everything at once: what blocks, what warns, what the ID number fills in, which
papers the category asks for and whose catchment the address is in. The window, the workbook intake
and the tests all go through it, so a rule holds everywhere or nowhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desktop_app.domain.address import read_address
from desktop_app.domain.age import AgeCheck, check_age
from desktop_app.domain.catchment import CatchmentRule, find_rules
from desktop_app.domain.categories import ELSEWHERE, HERE
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.dates import has_short_year, parse_date
from desktop_app.domain.errors import Problem
from desktop_app.domain.guardianship import sex_differs
from desktop_app.domain.identity import (
    check_birth_certificate,
    check_identity,
    is_roll_number,
    tidy_number,
)
from desktop_app.domain.list_faults import FAULTS
from desktop_app.domain.materials import Checklist
from desktop_app.domain.names import check_name, tidy_name
from desktop_app.domain.paper_dates import PAPER_DATE, check_paper_date
from desktop_app.domain.phone import check_phone, tidy_phone
from desktop_app.domain.placeholders import is_placeholder, is_placeholder_number
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.domain.regions import are_apart
from desktop_app.policy.package import Policy

Form = Mapping[str, str]

YES = "1"
_BROKEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]")
MATERIAL_PREFIX = "material."
NOTED_AT_DESK = frozenset({"accepted", "pending_original", "waived"})
"""What a form may say of a paper by itself; what a reviewer says of one needs a reason."""
NO_NUMBER = "Z"
DEFAULT_ID_TYPE = "1"

CHILD_FIELDS = ("id_type", "id_number", "birth_certificate", "full_name", "sex", "birth_date")
HOME_FIELDS = (
    "hukou_village",
    "hukou_address",
    "hukou_nature",
    "same_address",
    "current_village",
    "current_address",
)
CASE_FIELDS = ("category", "boarding_code")
GUARDIAN_FIELDS = (
    "guardian_name",
    "guardian_relation",
    "guardian_id_type",
    "guardian_id_number",
    "guardian_phone",
)
MARK_FIELDS = ("multiple_birth", "sibling_enrolled", "notice_read")
JUNIOR_FIELDS = ("graduate", "primary_school", "national_student_no")
PAPER = "second_keying"
"""The mark of a case keyed from a paper form that another person has to key again."""
CASE_MARKS = ("entry", "agent_relation", "family", PAPER, PAPER_DATE, FAULTS)
"""What belongs to a case and not to every form: chosen by key, carried by a family."""
CONSENTED = "consented"
"""What a guardian agreed to beside the notice 单独同意: codes with spaces, no field of a record."""
KEEP_THEIR_ROLL = frozenset({"transfer", "reinstated", "deferred"})
"""Ways of coming 来源 for which no age is asked: the child's roll says the grade."""
FORM_FIELDS = (
    *CHILD_FIELDS,
    "ethnic_code",
    "identity_reason",
    *HOME_FIELDS,
    *CASE_FIELDS,
    *GUARDIAN_FIELDS,
    *MARK_FIELDS,
    *JUNIOR_FIELDS,
)

_REQUIRED = (
    "full_name",
    "ethnic_code",
    "hukou_village",
    "category",
    "guardian_name",
    "guardian_relation",
    "notice_read",
)
_CODED = {
    "id_type": "id_type",
    "sex": "sex",
    "ethnic_code": "ethnic",
    "hukou_nature": "hukou_nature",
    "boarding_code": "boarding",
    "guardian_relation": "guardian_relation",
    "guardian_id_type": "id_type",
    "entry": "entry",
    "agent_relation": "guardian_relation",
    "second_keying": "second_keying",
}


_OTHERWISE = {HERE: "category.hukou_here", ELSEWHERE: "category.hukou_elsewhere"}
"""What is said of a household found here or elsewhere, where the category has it otherwise."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything known of a form at one moment.

    ``derived`` are the values the ID number fills (sex, birth_date, region); ``needed`` are the
    fields still to be filled, in the order of the form.
    """

    tidy: Mapping[str, str]
    derived: Mapping[str, str]
    problems: tuple[Problem, ...]
    needed: tuple[str, ...]
    age: AgeCheck | None
    checklist: Checklist | None
    catchment: tuple[CatchmentRule, ...]

    @property
    def blocks(self) -> bool:
        """Say whether anything stops a save."""
        return bool(self.needed) or any(problem.blocks for problem in self.problems)

    def problem_of(self, field: str) -> Problem | None:
        """Give the gravest problem of a field."""
        found = sorted(
            (one for one in self.problems if one.field == field), key=lambda one: not one.blocks
        )
        return found[0] if found else None

    @property
    def number_elsewhere(self) -> bool:
        """Tell whether the child's number was given in another city than the village lies in.

        A family may have moved, so it is no problem by itself; a village nobody typed is doubted.
        """
        number, village = self.tidy["id_number"], self.tidy["hukou_village"]
        return "region" in self.derived and village.isdigit() and are_apart(number, village)

    def value(self, field: str) -> str:
        """Give a field as it will be saved: derived, or tidied as typed."""
        return self.derived.get(field) or self.tidy.get(field, "")


def assess(form: Form, policy: Policy, stage: str, today: dt.date | None = None) -> Assessment:
    """Assess a form for a stage (P1 or J1) under a policy.

    ``today`` is the day by the clock, where it can be believed; it warns and never blocks.
    """
    tidy = _tidy(form)
    problems: list[Problem] = []
    derived = _assess_child(tidy, problems)
    birth = derived.get("birth_date") or tidy["birth_date"]
    age = check_age(birth, policy.season_year, stage, policy.age) if birth else None
    if has_short_year(birth):
        # 18 may be 2018 or 1918: a year is never guessed.
        problems.append(Problem("birth_date", "birth.short_year", blocks=True))
    elif age is not None and not (age.state == "under" and tidy["entry"] in KEEP_THEIR_ROLL):
        problems += age.problems
    _assess_guardian(tidy, problems)
    _assess_codes(tidy, policy, problems)
    problems += _too_long(tidy)
    problems += _test_values(tidy)
    problems += check_paper_date(tidy[PAPER_DATE], *policy.season_days, today)
    roll_number = tidy["national_student_no"] if stage == "J1" else ""
    if roll_number and not is_roll_number(roll_number):
        problems.append(Problem("national_student_no", "form.roll_number", blocks=False))
    return Assessment(
        tidy=tidy,
        derived=derived,
        problems=tuple(problems),
        needed=_needed(tidy, derived, problems, policy),
        age=age,
        checklist=_checklist(tidy, form, policy),
        catchment=_catchment(tidy, policy, stage),
    )


def _tidy(form: Form) -> dict[str, str]:
    """Write every field as it would be stored; unknown fields are left out."""
    # Half of a pasted sign is no character: it would stop at the database, not at its field.
    names = (*FORM_FIELDS, *CASE_MARKS, CONSENTED)
    whole = {name: form.get(name, "").encode("utf-8", "replace").decode() for name in names}
    tidy = {name: _BROKEN.sub("?", text.strip()) for name, text in whole.items()}
    tidy["id_type"] = tidy["id_type"] or DEFAULT_ID_TYPE
    for name in ("full_name", "guardian_name"):
        tidy[name] = tidy_name(tidy[name])
    for name in ("id_number", "guardian_id_number", "birth_certificate", "national_student_no"):
        tidy[name] = tidy_number(tidy[name])
    tidy["guardian_phone"] = tidy_phone(tidy["guardian_phone"])
    if tidy["guardian_id_number"] and not tidy["guardian_id_type"]:
        tidy["guardian_id_type"] = DEFAULT_ID_TYPE
    born = parse_date(tidy["birth_date"])
    tidy["birth_date"] = born.isoformat() if born else tidy["birth_date"]
    written = parse_date(tidy[PAPER_DATE])
    tidy[PAPER_DATE] = written.isoformat() if written else tidy[PAPER_DATE]
    if tidy["same_address"] == YES:
        tidy["current_village"] = tidy["hukou_village"]
        tidy["current_address"] = tidy["hukou_address"]
    return tidy


def _assess_child(tidy: Mapping[str, str], problems: list[Problem]) -> dict[str, str]:
    """Check name and document, and give what the number fills in."""
    if tidy["full_name"]:
        problems += check_name(tidy["full_name"]).problems
    typed_birth = tidy["birth_date"]
    checked = check_identity(
        tidy["id_type"],
        tidy["id_number"],
        sex=tidy["sex"] or None,
        birth=typed_birth if parse_date(typed_birth) else None,
    )
    if tidy["id_number"] or tidy["id_type"] == NO_NUMBER:
        problems += checked.problems
    if tidy["birth_certificate"]:
        problems += check_birth_certificate(
            tidy["birth_certificate"], typed_birth or None, "birth_certificate"
        )
    derived = {"sex": checked.sex, "birth_date": checked.birth, "region": checked.region_name}
    return {name: value for name, value in derived.items() if value}


def _assess_guardian(tidy: Mapping[str, str], problems: list[Problem]) -> None:
    """Check the guardian; a missing number or telephone only warns, nobody is refused for it."""
    if tidy["guardian_name"]:
        problems += check_name(tidy["guardian_name"], "guardian_name").problems
    if tidy["guardian_id_number"]:
        checked = check_identity(
            tidy["guardian_id_type"], tidy["guardian_id_number"], field="guardian_id_number"
        )
        problems += checked.problems
        if sex_differs(tidy["guardian_relation"], checked.sex):
            problems.append(Problem("guardian_relation", "guardian.sex_differs", blocks=False))
        if tidy["guardian_id_number"] == tidy["id_number"]:
            problems.append(Problem("guardian_id_number", "guardian.is_child", blocks=False))
    else:
        without = tidy["id_type"] == NO_NUMBER
        code = "form.guardian_number_for_roll" if without else "form.guardian_number"
        problems.append(Problem("guardian_id_number", code, blocks=False))
    if tidy["guardian_phone"]:
        problems += check_phone(tidy["guardian_phone"], "guardian_phone").problems
    else:
        problems.append(Problem("guardian_phone", "form.phone", blocks=False))


def _assess_codes(tidy: Mapping[str, str], policy: Policy, problems: list[Problem]) -> None:
    unknown = [name for name in _CODED if tidy[name] and tidy[name] not in CODE_LISTS[_CODED[name]]]
    problems += [
        # What no field of the form shows is mended where its papers are listed.
        Problem("category" if name in CASE_MARKS else name, "form.not_in_list", blocks=True)
        for name in unknown
    ]
    if tidy["category"] and tidy["category"] not in policy.categories:
        problems.append(Problem("category", "form.not_in_list", blocks=True))
    problems += _places_elsewhere(tidy, policy)


def _places_elsewhere(tidy: Mapping[str, str], policy: Policy) -> list[Problem]:
    """Note homes outside the district, and a household that is not where the category has it."""
    problems: list[Problem] = []
    category, village = policy.categories.get(tidy["category"]), tidy["hukou_village"]
    if category is not None and category.hukou and village:
        found = HERE if village in policy.villages else ELSEWHERE
        if found != category.hukou:
            problems.append(Problem("category", _OTHERWISE[found], blocks=False))
    problems += [
        Problem(name, "form.village_elsewhere", blocks=False)
        for name in ("hukou_village", "current_village")
        if tidy[name] and tidy[name] not in policy.villages
    ]
    return problems


def _test_values(tidy: Mapping[str, str]) -> list[Problem]:
    """Warn of what looks filled in to try the form; a family that is called so goes through."""
    homes = [name for name in ("hukou_address", "current_address") if is_placeholder(tidy[name])]
    found = [Problem(name, "form.test_value", blocks=False) for name in homes]
    if is_placeholder_number(tidy["guardian_phone"]):
        found.append(Problem("guardian_phone", "form.test_value", blocks=False))
    return found


def _too_long(tidy: Mapping[str, str]) -> list[Problem]:
    """Name texts longer than their field: the fold would pass the whole record by."""
    applicant, guardian = RECORD_TYPES["applicant"].fields, RECORD_TYPES["guardian"].fields
    found = []
    for name, text in tidy.items():
        bare = name.removeprefix("guardian_")
        declared = applicant.get(name) or guardian.get("full_name" if bare == "name" else bare)
        if declared is not None and len(text) > declared.item.max_length:
            limit = {"limit": declared.item.max_length}
            found.append(Problem(name, "form.too_long", blocks=True, details=limit))
    return found


def _needed(
    tidy: Mapping[str, str],
    derived: Mapping[str, str],
    problems: Iterable[Problem],
    policy: Policy,
) -> tuple[str, ...]:
    """Give the empty fields a save waits for; a wrong number is mended, not typed around."""
    needed = {name for name in _REQUIRED if not tidy[name]}
    if _goes_by_home(tidy, policy) and not (tidy["current_village"] or tidy["current_address"]):
        needed.add("same_address")  # by the home alone is it told which school the child goes to
    needed |= _needed_of_document(tidy, derived, problems)
    return tuple(name for name in FORM_FIELDS if name in needed)


def _checklist(tidy: Mapping[str, str], form: Form, policy: Policy) -> Checklist | None:
    """Give the category's checklist with what the form has ticked so far."""
    checklist = policy.checklist(tidy["category"], tidy["entry"], tidy["agent_relation"])
    if checklist is None:
        return None
    asked = {*checklist.required.codes(), *checklist.optional}
    for name, state in form.items():
        code = name.removeprefix(MATERIAL_PREFIX)
        if name.startswith(MATERIAL_PREFIX) and code in asked:
            if state == "accepted":
                checklist = checklist.accept(code)
            elif state == "waived":
                checklist = checklist.waive(code, "")
            elif state == "pending_original":
                checklist = checklist.defer(code, policy.repair_until)
    return checklist


def _needed_of_document(
    tidy: Mapping[str, str], derived: Mapping[str, str], problems: Iterable[Problem]
) -> set[str]:
    """Give the number where there must be one, or what a number would tell."""
    if not tidy["id_number"] and tidy["id_type"] != NO_NUMBER:
        return {"id_number"}
    if any(one.field == "id_number" and one.blocks for one in problems):
        return set()
    return {name for name in ("sex", "birth_date") if not (tidy[name] or name in derived)}


def _goes_by_home(tidy: Mapping[str, str], policy: Policy) -> bool:
    """Say whether the home decides about the school for the category of a form."""
    category = policy.categories.get(tidy["category"])
    return category is not None and category.zone_by == "current_address"


def _catchment(tidy: Mapping[str, str], policy: Policy, stage: str) -> tuple[CatchmentRule, ...]:
    prefix = "current" if _goes_by_home(tidy, policy) else "hukou"
    village = tidy[f"{prefix}_village"]
    if not village:
        return ()
    parts = read_address(tidy[f"{prefix}_address"])
    return find_rules(policy.catchment, stage, village, parts.group)
