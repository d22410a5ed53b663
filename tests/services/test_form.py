"""A form says everything at once: what blocks, what warns, what the number fills in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.categories import ELSEWHERE
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.policy.package import Policy
from desktop_app.services.form import FORM_FIELDS, Assessment, assess
from tests.services.kit import form, number, without


def look(policy: Policy, filled: dict[str, str], stage: str = "P1") -> Assessment:
    return assess(filled, policy, stage)


def codes(assessment: Assessment, *, blocking: bool) -> set[str]:
    return {one.code for one in assessment.problems if one.blocks is blocking}


def test_a_whole_form_can_be_saved_and_warns_of_nothing(policy: Policy) -> None:
    assessment = look(policy, form())
    assert not assessment.blocks
    assert assessment.needed == ()
    assert assessment.problems == ()


def test_the_number_fills_in_sex_birth_and_age(policy: Policy) -> None:
    assessment = look(policy, form())
    assert assessment.derived["sex"] == "2"
    assert assessment.derived["birth_date"] == "2018-03-14"
    assert assessment.age is not None
    assert (assessment.age.state, assessment.age.years, assessment.age.months) == ("ok", 6, 5)


@pytest.mark.parametrize(
    "name",
    [
        "full_name",
        "ethnic_code",
        "hukou_village",
        "category",
        "guardian_name",
        "guardian_relation",
        "notice_read",
        "id_number",
    ],
)
def test_what_is_needed_is_named_in_the_order_of_the_form(policy: Policy, name: str) -> None:
    assert look(policy, without(form(), name)).needed == (name,)


@pytest.mark.parametrize("name", ["guardian_phone", "guardian_id_number", "hukou_address"])
def test_nobody_is_stopped_for_a_telephone_or_a_paper(policy: Policy, name: str) -> None:
    assert not look(policy, without(form(), name)).blocks


def test_a_missing_paper_stops_nobody(policy: Policy) -> None:
    assessment = look(policy, without(form(), "material.GID"))
    assert not assessment.blocks
    assert assessment.checklist is not None
    assert assessment.checklist.next_materials() == ("GID",)


def test_a_late_paper_has_its_day(policy: Policy) -> None:
    assessment = look(policy, form(**{"material.GID": "pending_original"}))
    assert assessment.checklist is not None
    assert assessment.checklist.deadline() == policy.repair_until


def test_a_child_without_a_number_is_registered_by_typed_birth_and_sex(policy: Policy) -> None:
    filled = without(form(id_type="Z", category="D3"), "id_number")
    assert look(policy, filled).needed == ("sex", "birth_date")
    whole = look(policy, filled | {"sex": "1", "birth_date": "20180314"})
    assert not whole.blocks
    assert whole.value("birth_date") == "2018-03-14"


def test_a_wrong_check_digit_blocks_and_does_not_tell_the_right_one(policy: Policy) -> None:
    right = number()
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    assessment = look(policy, form(id_number=wrong))
    assert codes(assessment, blocking=True) == {"identity.checksum"}
    assert all(not one.details for one in assessment.problems if one.blocks)


def test_a_date_that_does_not_exist_blocks(policy: Policy) -> None:
    filled = without(form(id_type="Z", sex="1", birth_date="20180230"), "id_number")
    assert codes(look(policy, filled), blocking=True) == {"birth.not_a_date"}


def test_too_young_blocks_and_too_old_is_never_asked_about(policy: Policy) -> None:
    young = look(policy, form(id_number=number("20180901")))
    assert codes(young, blocking=True) == {"age.under"}
    old = look(policy, form(id_number=number("20160314")))
    assert not old.blocks
    assert old.age is not None
    assert old.age.is_silently_over


def test_full_width_and_lower_case_are_tidied(policy: Policy) -> None:
    typed = number().translate(str.maketrans("0123456789X", "０１２３４５６７８９ｘ"))
    assert look(policy, form(id_number=f" {typed} ")).value("id_number") == number()


def test_same_address_copies_the_household_address(policy: Policy) -> None:
    assessment = look(policy, form())
    assert assessment.value("current_address") == "3组27号"


def test_a_village_elsewhere_is_kept_as_typed_and_only_warns(policy: Policy) -> None:
    assessment = look(policy, form(hukou_village="外省某村"))
    # A1 is for households of the catchment; somewhere else it is the category that may be wrong.
    assert codes(assessment, blocking=False) == {
        "form.village_elsewhere",
        "category.hukou_elsewhere",
    }
    assert assessment.value("hukou_village") == "外省某村"


@pytest.mark.parametrize("name", ["ethnic_code", "category", "guardian_relation", "boarding_code"])
def test_what_is_not_in_a_list_blocks(policy: Policy, name: str) -> None:
    assessment = look(policy, form(**{name: "Q9"}))
    assert "form.not_in_list" in codes(assessment, blocking=True)


def test_a_category_by_the_home_asks_for_the_home(policy: Policy) -> None:
    away = {"hukou_village": "外地", "hukou_address": "四川省", "category": "B1"}
    asked = look(policy, form(**away, same_address=""))
    assert asked.needed == ("same_address",)
    told = look(policy, form(**away, same_address="", current_village="410411200201"))
    assert told.needed == ()
    assert look(policy, form(same_address="")).needed == (), "A1 goes by the household"


def test_a_category_of_elsewhere_with_a_household_here_warns(policy: Policy) -> None:
    assert "category.hukou_here" in codes(look(policy, form(category="B1")), blocking=False)
    assert "category.hukou_here" not in codes(look(policy, form()), blocking=False)


def test_whose_household_must_be_where_is_said_by_the_policy(policy: Policy) -> None:
    away = form(hukou_village="外省某村")
    silent = replace(policy.categories["A1"], hukou="")
    lets = replace(policy, categories={**policy.categories, "A1": silent})
    wants = replace(policy, categories={**lets.categories, "A1": replace(silent, hukou=ELSEWHERE)})
    assert codes(look(lets, away), blocking=False) == {"form.village_elsewhere"}
    assert codes(look(wants, away), blocking=False) == {"form.village_elsewhere"}
    assert codes(look(wants, form()), blocking=False) == {"category.hukou_here"}


def test_the_catchment_names_school_and_basis(policy: Policy) -> None:
    found = look(policy, form()).catchment
    assert [rule.school for rule in found] == ["2141041101"]
    assert found[0].basis


def test_a_migrant_family_is_placed_by_where_it_lives(policy: Policy) -> None:
    filled = form(category="B1", hukou_village="外省某村", current_village="410411200204")
    placed = look(policy, without(filled, "same_address")).catchment
    assert placed
    assert {rule.village for rule in placed} == {"410411200204"}


def test_junior_entry_warns_of_an_odd_roll_number(policy: Policy) -> None:
    filled = form(id_number=number("20120314"), national_student_no="G123")
    assert "form.roll_number" in codes(look(policy, filled, "J1"), blocking=False)


def test_every_registration_field_stands_on_the_form() -> None:
    known = set(FORM_FIELDS) | {name.removeprefix("guardian_") for name in FORM_FIELDS}
    known |= {"notice_version", "number_disputed", "hukou_region_code", "nationality"}
    for kind in ("applicant", "guardian"):
        for declared in RECORD_TYPES[kind].fields.values():
            if declared.item.stage.name == "REGISTRATION":
                assert {declared.name, f"guardian_{declared.name}"} & known


@given(st.dictionaries(st.sampled_from(FORM_FIELDS), st.text(max_size=40)))
def test_no_typing_whatsoever_breaks_the_assessment(policy: Policy, filled: dict[str, str]) -> None:
    assessment = look(policy, filled)
    assert set(assessment.needed) <= set(FORM_FIELDS)
