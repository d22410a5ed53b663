"""The parts behind the registration page: what lists offer, what stands beside a row, what is kept."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from desktop_app.documents.receipt import names_special_group
from desktop_app.domain.identity import make_check_digit
from desktop_app.policy.package import Policy
from desktop_app.services.form import Assessment, assess
from desktop_app.services.policies import shipped_policy
from desktop_app.services.registration import Decision
from desktop_app.storage.drafts import Draft
from desktop_app.ui.pages.registration_case import Case
from desktop_app.ui.pages.registration_checks import ROWS, Check, Moment, check_rows
from desktop_app.ui.pages.registration_choices import ELSEWHERE, Choices, choices_of, typed_as
from desktop_app.ui.pages.registration_stored import with_same_address
from desktop_app.ui.views import Option, State
from desktop_app.ui.widgets.matching import find_options
from tests.ui.registering import CHILD, SCHOOL, VILLAGE, filled, number

OWN = Moment(school=SCHOOL)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return shipped_policy()


@pytest.fixture(scope="module")
def choices(policy: Policy) -> Choices:
    return choices_of(policy, "P1", SCHOOL)


def codes(options: tuple[Option, ...], typed: str) -> list[str]:
    return [one.code for one in find_options(options, typed)]


# --- what the lists offer ---------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["zhw", "zhanhewan", "湛河", VILLAGE])
def test_a_village_is_found_by_initials_pinyin_characters_and_code(
    choices: Choices, typed: str
) -> None:
    assert codes(choices.villages, typed)[0] == VILLAGE


def test_every_reading_of_a_character_is_a_way_to_type_it() -> None:
    assert {"dz", "sz"} <= set(typed_as("单庄"))


def test_own_villages_come_first_and_elsewhere_last(choices: Choices) -> None:
    assert choices.villages[0].note == "本校片区"
    assert choices.villages[-1].code == ELSEWHERE
    notes = [bool(one.note) for one in choices.villages[:-1]]
    assert notes == sorted(notes, reverse=True)


def test_the_commonest_answer_is_the_first_match(choices: Choices) -> None:
    assert codes(choices.ethnic, "hz")[0] == "01"
    assert codes(choices.relations, "fq")[0] == "51"
    assert codes(choices.relations, "baba")[0] == "51"
    assert codes(choices.id_types, "z")[0] == "Z"


def test_categories_are_of_the_stage_without_modifiers_and_name_no_group(
    choices: Choices, policy: Policy
) -> None:
    offered = {one.code for one in choices.categories}
    assert {"A1", "B1", "C1", "D1", "D3"} <= offered
    assert not {"F1", "F2"} & offered
    assert not [one.label for one in choices.categories if names_special_group(one.label)]
    assert {one.code for one in choices_of(policy, "J1", SCHOOL).categories} != set()


def test_a_category_is_still_found_by_its_true_name(choices: Choices) -> None:
    assert codes(choices.categories, "jcwgrysqzn") == ["B1"]


@pytest.mark.parametrize(
    ("typed", "code"), [("随迁", "B1"), ("随迁子女", "B1"), ("经商", "B2"), ("sqzn", "B1")]
)
def test_a_category_is_found_by_what_people_call_it(
    choices: Choices, typed: str, code: str
) -> None:
    assert codes(choices.categories, typed)[0] == code


def test_migrant_categories_are_told_apart_and_name_no_group(choices: Choices) -> None:
    labels = [one.label.partition("  ")[2] for one in choices.categories]
    assert len(set(labels)) == len(labels)
    assert not [one for one in labels if names_special_group(one)]


@pytest.mark.parametrize(
    ("typed", "code"), [("奶奶", "62"), ("姥姥", "64"), ("爷爷", "61"), ("nn", "62"), ("妈", "52")]
)
def test_kin_are_found_by_what_a_child_calls_them(choices: Choices, typed: str, code: str) -> None:
    assert codes(choices.relations, typed)[0] == code


def test_in_laws_do_not_stand_before_grandparents(choices: Choices) -> None:
    first = {one.label for one in choices.relations[:7]}
    assert {"父亲", "母亲", "祖父", "祖母", "外祖父", "外祖母"} < first
    assert not {"公公", "婆婆", "岳父", "岳母"} & first


# --- what stands beside a row -----------------------------------------------------------------


def found(form: dict[str, str], policy: Policy, stage: str = "P1") -> Assessment:
    return assess(form, policy, stage)


def checks(form: dict[str, str], policy: Policy, now: Moment = OWN) -> dict[str, Check]:
    return check_rows({"id_type": "1", **form}, found(form, policy, now.stage), policy, now)


def wide(words: str) -> float:
    """Measure words in characters; Latin signs are half as wide."""
    return sum(0.5 if ord(sign) < 0x2000 else 1 for sign in words)


STRANGE: tuple[dict[str, str], ...] = (
    {},
    {"id_number": CHILD[:9]},
    {"id_number": number("20190314")},
    {"id_number": "419999201802301" + "234"},
    {"id_number": "990000" + CHILD[6:]},
    {"id_type": "Z"},
    {"id_type": "A", "id_number": "E1"},
    {"full_name": "=罗", "guardian_name": "罗A"},
    {"full_name": "罗" * 60},
    {"hukou_village": ELSEWHERE},
    {"hukou_village": "410411200202"},
    {"guardian_phone": "138"},
    {"guardian_phone": "99999"},
    {"guardian_id_number": "4199"},
    {"birth_date": "20180230", "id_type": "Z"},
    filled(),
)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("form", STRANGE)
def test_a_check_is_at_most_twelve_characters_wide(
    qtbot: QtBot, policy: Policy, form: dict[str, str], strict: bool
) -> None:
    now = Moment(school=SCHOOL, strict=strict, taken=False, passed=tuple(ROWS))
    for check in checks(form, policy, now).values():
        assert wide(check.words) <= 12, check.words


def test_an_empty_form_blames_nobody(qtbot: QtBot, policy: Policy) -> None:
    assert {one.state for one in checks({}, policy).values()} == {None}


def test_a_complete_form_has_only_ticks(qtbot: QtBot, policy: Policy) -> None:
    shown = checks(filled(hukou_nature="1"), policy, Moment(school=SCHOOL, taken=False))
    states = {row: one.state for row, one in shown.items() if one.words}
    assert states.pop("multiple_birth") is None
    states.pop("sex")
    assert set(states.values()) == {State.DONE}


def test_what_is_missing_is_said_only_once_a_save_was_tried(qtbot: QtBot, policy: Policy) -> None:
    form = filled(full_name="")
    assert checks(form, policy)["full_name"].state is None
    strict = checks(form, policy, Moment(school=SCHOOL, strict=True))["full_name"]
    assert (strict.state, strict.field) == (State.NEEDS, "full_name")


def test_a_number_being_typed_is_not_coloured_where_the_caret_is(
    qtbot: QtBot, policy: Policy
) -> None:
    form = {"guardian_id_number": "4199"}
    here = checks(form, policy, Moment(current="guardian_id_number"))["guardian_id_number"]
    gone = checks(form, policy, Moment(current="full_name"))["guardian_id_number"]
    assert (here.words, here.field) == ("还差 14 位", "")
    assert gone.field == "guardian_id_number"


@pytest.mark.parametrize(
    ("village", "address", "state"),
    [
        (VILLAGE, "", State.DONE),
        ("410411200205", "", State.WAITING),
        ("410411200202", "", State.WAITING),
        ("410411200202", "7组3号", State.DONE),
        ("410411200202", "2组3号", State.WAITING),
    ],
)
def test_the_catchment_stands_beside_the_address(
    qtbot: QtBot, policy: Policy, village: str, address: str, state: State
) -> None:
    form = filled(hukou_village=village, hukou_address=address)
    assert checks(form, policy)["hukou_village"].state is state


def test_a_carried_value_says_so(qtbot: QtBot, policy: Policy) -> None:
    now = Moment(school=SCHOOL, carried={"boarding_code"})
    assert checks(filled(), policy, now)["boarding_code"].words == "沿用上一件（F4）"


def test_every_carried_value_says_so_and_a_number_from_elsewhere_doubts_the_village(
    qtbot: QtBot, policy: Policy
) -> None:
    now = Moment(school=SCHOOL, carried={"hukou_village", "category", "ethnic_code"})
    shown = checks(filled(), policy, now)
    for row in ("hukou_village", "category", "full_name"):
        assert "沿用上一件" in shown[row].words
    body = "51062120180314264"
    away = checks(filled(id_number=body + make_check_digit(body)), policy, now)
    assert away["hukou_village"] == Check(
        State.NEEDS, "沿用的村，证件是外地", "沿用，核对户籍", "hukou_village"
    )
    typed = checks(filled(id_number=body + make_check_digit(body)), policy)
    assert typed["hukou_village"].state is State.DONE, "a family may have moved"


def test_a_child_of_junior_school_goes_by_the_graduates(qtbot: QtBot, policy: Policy) -> None:
    shown = checks(filled(id_number=number("20120314")), policy, Moment(stage="J1"))
    assert shown["derived_sex"].words == "初中按毕业生名册"


def test_without_a_list_of_graduates_nothing_is_called_checked(
    qtbot: QtBot, policy: Policy
) -> None:
    form = filled(id_number=number("20120314"), primary_school="随便写的小学")
    shown = checks(form, policy, Moment(stage="J1", has_list=False))
    assert (shown["derived_sex"].state, shown["derived_sex"].words) == (
        State.WAITING,
        "本机没有毕业生名册",
    )
    assert shown["primary_school"] == Check(State.WAITING, "照说的记，没有名册", "没有名册可对")
    listed = checks(form | {"graduate": "elsewhere"}, policy, Moment(stage="J1"))
    assert listed["primary_school"].state is State.WAITING


# --- what is kept -----------------------------------------------------------------------------


def test_a_draft_brings_everything_back() -> None:
    case = Case(
        materials={"HKB": "accepted"},
        decisions={("D4", "r1"): Decision("D4", "r1", "siblings", "都看过")},
        note="坐前排",
    )
    draft = case.draft_of({"full_name": "罗雨桐"}, "p", "ethnic_code")
    again = Case.of_draft(Draft(draft.id, "p", dict(draft.fields), draft.caret))
    assert (again.materials, again.decisions, again.note) == (
        case.materials,
        case.decisions,
        case.note,
    )
    assert again.draft == case.draft
    assert again.resumed


def test_neither_decisions_nor_the_declaration_reach_the_form_that_is_assessed() -> None:
    case = Case(note="坐前排", decisions={("D4", "r1"): Decision("D4", "r1", "same")})
    assert case.form({"full_name": "罗雨桐"}) == {"full_name": "罗雨桐"}


@pytest.mark.parametrize(("current", "ticked"), [("3组27号", True), ("5组1号", False), ("", False)])
def test_equal_addresses_are_one_tick_again(current: str, ticked: bool) -> None:
    form = {
        "hukou_village": VILLAGE,
        "hukou_address": "3组27号",
        "current_village": VILLAGE,
        "current_address": current,
    }
    assert ("same_address" in with_same_address(form)) is ticked
