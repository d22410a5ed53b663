"""Laws of the junior school a graduate goes to, over any catchment table and any homes."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.catchment import CatchmentRule
from desktop_app.domain.feeder import JUNIOR, feeder_rules, one_school

SCHOOLS = ("3141041101", "3141041102", "3141041103")
PRIMARIES = ("2141041101", "2141041102", "2141041103")
VILLAGES = ("410411200201", "410411200202", "410411200203")

by_school = st.builds(
    lambda school, primary, stage: CatchmentRule("", school, stage, "feeder", "r", primary=primary),
    st.sampled_from(SCHOOLS),
    st.sampled_from(PRIMARIES),
    st.sampled_from((JUNIOR, JUNIOR, "P1")),
)
by_village = st.builds(
    lambda school, village, stage, groups: CatchmentRule(
        village, school, stage, "single", "r", groups=groups
    ),
    st.sampled_from(SCHOOLS),
    st.sampled_from(VILLAGES),
    st.sampled_from((JUNIOR, JUNIOR, "P1")),
    st.sampled_from(((), (1, 2), (3,))),
)
tables = st.lists(st.one_of(by_school, by_village), max_size=8)
primaries = st.sampled_from(("", *PRIMARIES, "2141041999"))
homes = st.lists(
    st.tuples(st.sampled_from(("", *VILLAGES)), st.sampled_from((None, 1, 3, 9))), max_size=3
)


@given(tables, primaries, homes)
def test_only_junior_rules_of_the_table_ever_decide(
    rules: list[CatchmentRule], primary: str, lived: list[tuple[str, int | None]]
) -> None:
    found = feeder_rules(rules, primary, lived)
    assert all(rule in rules and rule.stage == JUNIOR for rule in found)
    assert one_school(found) in {"", *(rule.school for rule in found)}


@given(tables, primaries, homes, st.randoms(use_true_random=False))
def test_the_order_of_the_table_decides_nothing(
    rules: list[CatchmentRule],
    primary: str,
    lived: list[tuple[str, int | None]],
    chance: Random,
) -> None:
    shuffled = list(rules)
    chance.shuffle(shuffled)
    first, second = feeder_rules(rules, primary, lived), feeder_rules(shuffled, primary, lived)
    assert one_school(first) == one_school(second)
    assert sorted(map(repr, first)) == sorted(map(repr, second))


@given(tables, st.sampled_from(PRIMARIES), homes, homes)
def test_where_the_school_left_has_a_rule_no_home_changes_anything(
    rules: list[CatchmentRule],
    primary: str,
    here: list[tuple[str, int | None]],
    there: list[tuple[str, int | None]],
) -> None:
    if any(rule.primary == primary and rule.stage == JUNIOR for rule in rules):
        assert feeder_rules(rules, primary, here) == feeder_rules(rules, primary, there)
    else:
        assert feeder_rules(rules, primary, here) == feeder_rules(rules, "", here)


@given(tables, homes, homes)
def test_the_household_goes_before_where_the_child_lives(
    rules: list[CatchmentRule],
    household: list[tuple[str, int | None]],
    living: list[tuple[str, int | None]],
) -> None:
    first = feeder_rules(rules, "", household)
    assert feeder_rules(rules, "", [*household, *living]) == (
        first or feeder_rules(rules, "", living)
    )


@given(tables, homes)
def test_a_school_that_is_not_known_is_as_if_none_was_said(
    rules: list[CatchmentRule], lived: list[tuple[str, int | None]]
) -> None:
    """No rule by village is taken for one of a primary school nobody named."""
    assert feeder_rules(rules, "", lived) == feeder_rules(rules, "2141041999", lived)
    assert feeder_rules(rules, "", []) == ()


@given(st.lists(st.one_of(by_school, by_village), min_size=1, max_size=6))
def test_one_school_is_said_only_where_all_rules_say_it(rules: list[CatchmentRule]) -> None:
    said = {rule.school for rule in rules}
    assert bool(one_school(rules)) is (len(said) == 1)
    assert one_school([*rules, *rules]) == one_school(rules)
    assert one_school([]) == ""
