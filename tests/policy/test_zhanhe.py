"""The shipped package says what the two notices and the field reference say."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from desktop_app.domain.catchment import find_rules, overlapping, uncovered
from desktop_app.domain.forbidden import Asked, forbidden_in
from desktop_app.domain.materials import AllOf, AnyOf, Paper, Requirement
from desktop_app.domain.regions import COUNTIES
from desktop_app.policy.entries import DEFAULT_BASIS, EXAMPLE_BASIS, shown_basis
from desktop_app.policy.load import form_fields
from desktop_app.policy.package import Policy

MATERIALS = [
    "HKB",
    "GID",
    "PROP",
    "PCON",
    "LEASE",
    "NOHOUSE",
    "RESREG",
    "RESP",
    "LABOR",
    "BIZ",
    "SOC",
    "COLL",
    "DEMO",
    "VILL",
    "GUARD",
    "MIL",
    "MART",
    "POL",
    "FIRE",
    "TAL",
    "LOCAL",
    "ORPH",
    "WELF",
    "DIS",
    "EVAL",
    "BIRTH",
    "DELAY",
    "PGRAD",
    "VACC",
    "HMT",
    "PASSP",
    "PR",
    "SIB",
    "ROLL",
    "AUTH",
]

CATEGORIES = {
    "A1": "HKB & GID",
    "A2": "HKB & GID & (PROP | PCON)",
    "A3": "HKB & GID & PROP & NOHOUSE",
    "A4": "HKB & GID & (LEASE | RESREG | VILL)",
    "A5": "COLL & GID & (PROP | LEASE | VILL)",
    "A6": "HKB & GID & DEMO",
    "A7": "HKB & GID & PCON",
    "B1": "HKB & GID & (RESP | (LABOR | BIZ | SOC))",
    "B2": "HKB & GID & (RESP | BIZ)",
    "B3": "HKB & GID & PROP & RESP",
    "B4": "HKB & GID",
    "C1": "HKB & GID & MIL",
    "C2": "HKB & GID & (MART | POL | FIRE)",
    "C3": "HKB & GID & TAL",
    "C4": "HKB & GID & LOCAL",
    "D1": "(ORPH | WELF) & GID",
    "D2": "HKB & GID",
    "D3": "(BIRTH | VILL) & GID",
    "E1": "HMT & GID & RESP",
    "E2": "(PASSP | PR) & GID",
    "F1": "SIB & HKB",
    "F2": "HKB",
    "P1": "HKB & GID",
}
TIERS = {"A1": 1, "A2": 1, "A3": 2, "A4": 3, "A5": 3, "A6": 1, "A7": 2, "B1": 4, "B2": 4}
TIERS |= {"B3": 3, "B4": 1}


def written(part: Requirement, *, outer: bool = False) -> str:
    """Write a requirement as the reference table does."""
    if isinstance(part, Paper):
        return part.code
    if isinstance(part, AllOf):
        return " & ".join(written(one) for one in part.parts)
    inside = " | ".join(written(one) for one in part.options)
    return inside if outer else f"({inside})"


def test_every_category_asks_exactly_its_papers(policy: Policy) -> None:
    assert {
        code: written(category.required) for code, category in policy.categories.items()
    } == CATEGORIES
    assert policy.categories["D2"].optional == ("DIS", "EVAL")
    assert {code: policy.categories[code].tier for code in TIERS} == TIERS


def test_migrants_need_one_proof_and_nothing_more(policy: Policy) -> None:
    required = policy.categories["B1"].required
    assert required.parts[2] == AnyOf(
        (Paper("RESP"), AnyOf((Paper("LABOR"), Paper("BIZ"), Paper("SOC"))))
    )
    assert policy.categories["B1"].checklist().next_materials() == ("HKB", "GID", "RESP")


def test_every_material_is_there_with_its_handling(policy: Policy) -> None:
    assert set(policy.materials) == set(MATERIALS)
    assert policy.materials["HKB"].keep == "none"
    assert policy.materials["VACC"].when == "after_start"
    assert policy.materials["DELAY"].when == policy.materials["SIB"].when == "system"
    for material in policy.materials.values():
        assert set(material.reasons) <= set(policy.reasons)


def test_nothing_in_it_is_forbidden(policy: Policy) -> None:
    for material in policy.materials.values():
        if material.when != "after_start":
            assert forbidden_in(material.label, Asked.REGISTRATION) is None
    assert forbidden_in(policy.materials["VACC"].label, Asked.REGISTRATION) is not None


def test_preference_needs_its_document(policy: Policy) -> None:
    needing = {code for code, one in policy.categories.items() if one.needs_basis_document}
    assert needing == {"C1", "C2", "C3", "C4"}


def test_the_townships_are_the_real_ten_and_villages_are_marked(policy: Policy) -> None:
    assert COUNTIES[policy.district] == policy.district_label
    assert {code[6:9]: one.label for code, one in policy.townships.items()} == {
        "001": "马庄街道",
        "002": "南环路街道",
        "003": "姚孟街道",
        "004": "九里山街道",
        "005": "轻工路街道",
        "006": "高阳路街道",
        "007": "北渡街道",
        "008": "荆山街道",
        "009": "河滨街道",
        "200": "曹镇乡",
    }
    assert all(village.is_invented for village in policy.villages.values())
    assert "湛河湾村" in {village.label for village in policy.villages.values()}


def test_schools_are_examples_with_right_codes(policy: Policy) -> None:
    for code, school in policy.schools.items():
        assert re.fullmatch("[23]141[0-9]{6}", code)
        assert school.is_example
        assert school.plan == school.classes * school.class_size
        assert school.class_size <= (45 if school.stage == "P1" else 50)
    assert policy.schools["2141041101"].label == "湛河湾小学"


@pytest.mark.parametrize("stage", ["P1", "J1"])
def test_every_village_has_a_school_and_no_two_claim_it(policy: Policy, stage: str) -> None:
    assert uncovered(policy.catchment, stage, policy.villages) == ()
    assert overlapping(policy.catchment) == ()
    for village in policy.villages.values():
        for group in range(1, village.groups + 1):
            assert len(find_rules(policy.catchment, stage, village.code, group)) == 1


def test_groups_of_one_village_may_go_to_two_schools(policy: Policy) -> None:
    code = next(one.code for one in policy.villages.values() if one.label == "柳树营村")
    near = find_rules(policy.catchment, "P1", code, 2)[0]
    far = find_rules(policy.catchment, "P1", code, 7)[0]
    assert policy.schools[near.school].label == "柳树营小学"
    assert policy.schools[far.school].label == "湛河湾小学"
    assert len(find_rules(policy.catchment, "P1", code)) == 2


def test_every_field_of_the_form_has_its_policy_sentence(policy: Policy) -> None:
    assert set(policy.field_help) == form_fields()
    for one in policy.field_help.values():
        assert one.sentence.endswith("。")
        assert one.basis


def test_all_50_clauses_of_both_notices_are_asked_in_29_items(policy: Policy) -> None:
    items = policy.self_check.items
    assert len(items) == 29
    clauses = [clause for item in items for clause in item.clauses]
    assert {clause for clause in clauses if clause[0] == "Z"} == {f"Z{n}" for n in range(1, 26)}
    assert {clause for clause in clauses if clause[0] == "M"} == {f"M{n}" for n in range(1, 26)}
    assert sum(clause[0] == "Z" for clause in clauses) == 25
    counts = {
        task: sum(item.code.startswith(f"T{task}-") for item in items) for task in range(1, 7)
    }
    assert counts == {1: 8, 2: 8, 3: 3, 4: 4, 5: 4, 6: 2}


def test_questions_about_wrongs_expect_no(policy: Policy) -> None:
    expect_no = {item.code for item in policy.self_check.items if item.expected == "no"}
    assert expect_no == {f"T2-{n}" for n in range(1, 9)} | {"T4-4", "T6-2"}
    assert all(item.expected == "no" for item in policy.self_check.prohibitions)


def test_parts_are_lettered_from_a(policy: Policy) -> None:
    parts = next(item.parts for item in policy.self_check.items if item.code == "T6-2")
    assert [part.letter for part in parts] == list("abcde")


def test_the_ten_prohibitions_and_ten_duties_are_there(policy: Policy) -> None:
    assert [one.code for one in policy.self_check.prohibitions] == [
        f"JX{n:02d}" for n in range(1, 11)
    ]
    assert [one.code for one in policy.self_check.duties] == [f"W{n}" for n in range(1, 11)]


def test_items_cite_the_clause_of_the_notice_they_come_from(policy: Policy) -> None:
    for item in policy.self_check.items:
        for notice, number in (("Z", "平湛教体〔2024〕71号"), ("M", "教基厅函〔2024〕11号")):
            cited = any(clause[0] == notice for clause in item.clauses)
            assert (number in item.basis) is cited, item.code


def test_proposals_are_marked_as_such(policy: Policy) -> None:
    assert policy.correction.basis == DEFAULT_BASIS
    assert all(school.basis == EXAMPLE_BASIS for school in policy.schools.values())


def test_the_season_hangs_together(policy: Policy) -> None:
    onsite = policy.window("onsite_primary")
    assert onsite is not None
    assert policy.season_year == 2024
    assert onsite.closes[:10] <= policy.repair_until
    assert policy.window("lottery") is None
    assert policy.age.latest_birth(2024).isoformat() == "2018-08-31"


@pytest.mark.parametrize(
    ("today", "due"),
    [
        ("2024-08-22", "2024-08-28"),
        ("2024-08-27", "2024-08-30"),
        ("2024-09-13", "2024-09-19"),
        # A clock in another year than the season counts nothing.
        ("2026-11-22", "2024-08-28"),
        ("1970-01-01", "2024-08-28"),
    ],
)
def test_papers_have_until_the_window_ends_and_three_working_days(
    policy: Policy, today: str, due: str
) -> None:
    assert policy.paper_deadline(today) == due


def test_moved_working_days_count(policy: Policy) -> None:
    assert policy.working_days_after("2024-09-13", 2) == ("2024-09-14", "2024-09-18")
    assert policy.working_days_after("2024-09-30", 1) == ("2024-10-08",)
    with pytest.raises(ValueError, match="day"):
        policy.working_days_after("2024-02-30", 1)


def test_receipts_say_that_nothing_is_charged(policy: Policy) -> None:
    assert policy.wording["no_fee"].text == "本次登记不收取任何费用。"


def test_the_notice_is_short_enough_to_be_read_aloud(policy: Policy) -> None:
    assert policy.notice_version == "2024-1"
    assert sum(map(len, policy.notice.paragraphs)) < 700
    assert all(len(one) <= 100 for one in policy.notice.paragraphs)


def test_categories_are_listed_by_stage(policy: Policy) -> None:
    assert [one.code for one in policy.categories_of("P1")] == list(CATEGORIES)


def test_version_names_number_and_bytes(policy: Policy, files: Mapping[str, bytes]) -> None:
    assert policy.version == f"zhanhe-1-{policy.digest[:12]}"
    assert len(policy.version) <= 64
    assert set(files) == {name for name in files if name.endswith(".toml")}


def test_the_shipped_package_says_that_it_holds_examples(policy: Policy) -> None:
    assert policy.examples["schools"] == len(policy.schools)
    assert policy.examples["villages"] == len(policy.villages)
    assert policy.examples["catchment"] == len(policy.catchment)
    assert shown_basis(policy.catchment[0].basis) == "示例数据，不能当依据（划片表第1行）"
    assert shown_basis(DEFAULT_BASIS) == DEFAULT_BASIS
