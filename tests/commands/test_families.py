"""Made-up families are nobody, lawful where they should be, and wrong where they say so."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.commands.families import Family, make_families
from desktop_app.commands.families_values import (
    ABROAD,
    GRANDPARENT,
    LONG_NAME,
    LOOK_ALIKES,
    NEAR_NUMBER,
    NO_NUMBER,
    OVER_AGE,
    RARE,
    SAME_CHILD,
    SAME_NUMBER,
    TWIN,
    UNDER_AGE,
)
from desktop_app.domain.age import check_age
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.duplicates import Candidate, find_duplicates
from desktop_app.domain.identity import check_birth_certificate, check_identity, has_valid_checksum
from desktop_app.domain.names import check_name, name_key
from desktop_app.domain.phone import check_phone
from desktop_app.durable.places import resource_path
from desktop_app.policy.load import load_package
from desktop_app.policy.package import Policy
from tests.commands.site import SCHOOL

COUNT = 600


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Load the package that ships."""
    return load_package(resource_path("policy", "zhanhe-2024"))


@pytest.fixture(scope="module")
def families(policy: Policy) -> tuple[Family, ...]:
    """Make a village season."""
    return make_families(COUNT, 2024, policy)


def of(families: tuple[Family, ...], trait: str) -> list[Family]:
    """Choose the families of a trait."""
    return [one for one in families if trait in one.traits]


def candidate(family: Family) -> Candidate:
    """Give what the duplicate rules know of a family."""
    return Candidate(
        record=str(hash(family)),
        school="2141041101",
        id_numbers=frozenset({family.id_number} - {""}),
        name_keys=frozenset({name_key(family.full_name)}),
        sexes=frozenset({family.sex}),
        birth_dates=frozenset({family.birth_date}),
        guardian_numbers=frozenset({family.guardian_id_number} - {""}),
        birth_certificates=frozenset({family.birth_certificate} - {""}),
    )


def test_a_seed_gives_the_same_families_and_another_gives_others(policy: Policy) -> None:
    assert make_families(80, 7, policy) == make_families(80, 7, policy)
    assert make_families(80, 7, policy) != make_families(80, 8, policy)


@pytest.mark.parametrize("count", [0, 1, 2, 19, 20, 39, 40, 41, 250])
@pytest.mark.parametrize("stage", ["P1", "J1"])
def test_exactly_the_number_asked_for_is_made(policy: Policy, count: int, stage: str) -> None:
    assert len(make_families(count, count, policy, stage)) == count


def test_most_live_in_the_catchment_of_the_school_they_come_to(policy: Policy) -> None:
    rules = [one for one in policy.catchment if one.school == SCHOOL and one.is_whole]
    zone = {one.village for one in rules}
    lives = [one.current_village in zone for one in make_families(200, 3, policy, school=SCHOOL)]
    assert 0.7 < sum(lives) / len(lives) < 1
    scattered = [one.current_village in zone for one in make_families(200, 3, policy)]
    assert sum(scattered) / len(scattered) < 0.5


def test_resident_numbers_are_right_and_of_the_region_that_does_not_exist(
    families: tuple[Family, ...],
) -> None:
    children = [one.id_number for one in families if one.id_type == "1"]
    guardians = [one.guardian_id_number for one in families if one.guardian_id_number]
    for number in (*children, *guardians):
        assert has_valid_checksum(number)
        assert number.startswith("419999")
    assert len(children) > 0.9 * COUNT
    assert len(guardians) > 0.9 * COUNT


def test_documents_agree_with_sex_and_birth_date(families: tuple[Family, ...]) -> None:
    for one in families:
        found = check_identity(one.id_type, one.id_number, sex=one.sex, birth=one.birth_date)
        assert not found.blocks, one.id_type
        assert not {p.code for p in found.problems} & {
            "identity.sex_differs",
            "identity.birth_differs",
            "identity.pass_shape",
        }
        assert found.birth in (None, one.birth_date)


def test_no_number_of_anybody_is_given_twice(families: tuple[Family, ...]) -> None:
    plain = [one for one in families if not one.traits & set(LOOK_ALIKES)]
    numbers = Counter(one.id_number for one in plain if one.id_number)
    certificates = Counter(one.birth_certificate for one in plain if one.birth_certificate)
    assert set(numbers.values()) | set(certificates.values()) == {1}


def test_telephones_and_certificates_have_their_shape_and_no_owner(
    families: tuple[Family, ...],
) -> None:
    for one in families:
        if one.guardian_phone:
            assert check_phone(one.guardian_phone).problems == ()
            assert one.guardian_phone[:3] in {"160", "161", "163", "169"}
        if one.birth_certificate:
            assert not check_birth_certificate(one.birth_certificate, one.birth_date, "x")
            assert one.birth_certificate[1:3] == "99"


def test_names_go_through_and_the_hard_ones_occur(families: tuple[Family, ...]) -> None:
    for one in families:
        for name in (one.full_name, one.guardian_name):
            checked = check_name(name)
            assert checked.name == name
            assert not checked.blocks
    surnames = Counter(one.full_name[0] for one in families)
    assert 0.06 < surnames["王"] / COUNT < 0.2
    assert any(len(one.full_name) == 2 for one in families)
    assert any(one.full_name[:2] in {"欧阳", "上官", "司马", "诸葛", "皇甫"} for one in families)
    assert any(one.full_name[0] in "单仇曾区查解" for one in families)
    assert any(ord(sign) > 0xFFFF for one in families for sign in one.full_name)
    assert of(families, RARE)
    assert all("·" in one.full_name for one in of(families, LONG_NAME))
    assert of(families, LONG_NAME)
    assert len({one.full_name for one in families}) > 0.7 * COUNT


@pytest.mark.parametrize("stage", ["P1", "J1"])
@pytest.mark.parametrize("seed", range(5))
def test_every_category_occurs_in_three_hundred(policy: Policy, stage: str, seed: int) -> None:
    made = make_families(300, seed, policy, stage)
    assert {one.category for one in made} == {one.code for one in policy.categories_of(stage)}


def test_villages_and_codes_are_those_of_the_lists(
    families: tuple[Family, ...], policy: Policy
) -> None:
    for one in families:
        assert one.current_village in policy.villages
        assert one.hukou_village in policy.villages or one.category in {"B1", "B2", "B3"}
        assert one.id_type in CODE_LISTS["id_type"]
        assert one.ethnic_code in CODE_LISTS["ethnic"]
        assert one.guardian_relation in CODE_LISTS["guardian_relation"]
        assert one.boarding_code in CODE_LISTS["boarding"]
        for field in fields(one):
            value = getattr(one, field.name)
            assert not isinstance(value, str) or unicodedata.is_normalized("NFC", value)
    shares = Counter(one.category for one in families)
    assert 0.3 < shares["A1"] / COUNT < 0.65
    assert 0.04 < shares["B1"] / COUNT < 0.16


def test_papers_are_those_the_category_asks_for_and_some_are_missing(
    families: tuple[Family, ...], policy: Policy
) -> None:
    incomplete = 0
    for one in families:
        checklist = policy.categories[one.category].checklist()
        for material in one.materials:
            checklist = checklist.accept(material)
        incomplete += not checklist.is_complete
    assert 0.05 < incomplete / COUNT < 0.25


def test_ages_are_of_the_season_with_few_outside(
    families: tuple[Family, ...], policy: Policy
) -> None:
    states = Counter(
        (
            UNDER_AGE in one.traits,
            OVER_AGE in one.traits,
            check_age(one.birth_date, policy.season_year, "P1", policy.age).state,
        )
        for one in families
    )
    assert set(states) == {(False, False, "ok"), (True, False, "under"), (False, True, "over")}
    assert states[False, False, "ok"] > 0.9 * COUNT


def test_juniors_bring_school_and_roll_number(policy: Policy) -> None:
    juniors = make_families(120, 5, policy, "J1")
    assert all(one.primary_school for one in juniors)
    assert all(
        one.national_student_no == f"G{one.id_number}" for one in juniors if one.id_type == "1"
    )
    assert all("2010" <= one.birth_date[:4] <= "2012" for one in juniors)


def test_twins_share_everything_but_name_and_number(families: tuple[Family, ...]) -> None:
    twins = of(families, TWIN)
    assert twins
    assert len(twins) % 2 == 0
    for first, second in zip(twins[::2], twins[1::2], strict=True):
        assert first.full_name != second.full_name
        assert first.guardian_id_number == second.guardian_id_number
        assert first.birth_date == second.birth_date
        assert first.multiple_birth
        found = find_duplicates(candidate(first), [candidate(second)])
        stops = [one.rule for one in found if one.stops]
        assert not stops
        if first.guardian_id_number:
            assert "D4" in {one.rule for one in found}


@pytest.mark.parametrize(
    ("trait", "rule"), [(SAME_NUMBER, "D1"), (SAME_CHILD, "D3"), (NEAR_NUMBER, "D7")]
)
def test_every_look_alike_is_found_by_its_rule(
    families: tuple[Family, ...], trait: str, rule: str
) -> None:
    others = [candidate(one) for one in families]
    look_alikes = of(families, trait)
    assert len(look_alikes) >= 2
    for one in look_alikes:
        assert rule in {found.rule for found in find_duplicates(candidate(one), others)}


@pytest.mark.parametrize("trait", [GRANDPARENT, NO_NUMBER, ABROAD, UNDER_AGE, OVER_AGE])
def test_the_hard_cases_occur(families: tuple[Family, ...], trait: str) -> None:
    assert 0 < len(of(families, trait)) < 0.35 * COUNT


def test_a_child_without_number_has_a_certificate_or_a_reason(
    families: tuple[Family, ...],
) -> None:
    for one in of(families, NO_NUMBER):
        assert one.id_type == "Z"
        assert one.birth_certificate or one.identity_reason


def test_the_form_holds_what_is_typed_and_nothing_else(families: tuple[Family, ...]) -> None:
    for one in families:
        form = one.form()
        assert all(form.values())
        assert form["notice_read"] == "1"
        assert {name for name in form if name.startswith("material.")} == {
            f"material.{code}" for code in one.materials
        }
        assert ("multiple_birth" in form) is one.multiple_birth
        assert not {"note", "traits", "materials"} & set(form)
    with_number = next(one for one in families if one.guardian_id_number)
    assert with_number.form()["guardian_id_type"] == "1"
    without = replace(with_number, guardian_id_number="").form()
    assert "guardian_id_type" not in without


@given(st.integers(0, 2**32))
def test_any_seed_makes_lawful_numbers(policy: Policy, seed: int) -> None:
    for one in make_families(25, seed, policy):
        assert not check_identity(one.id_type, one.id_number).blocks
