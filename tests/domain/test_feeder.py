"""Which junior school a graduate goes to: the school they leave first, then their home."""

from __future__ import annotations

import pytest

from desktop_app.domain.catchment import CatchmentRule, overlapping, schools_by_village, uncovered
from desktop_app.domain.feeder import feeder_rules, one_school

HERE, THERE = "3141041101", "3141041102"
PRIMARY, OTHER_PRIMARY = "2141041101", "2141041105"
VILLAGE, PARTED, FAR = "410411200201", "410411200202", "410411009001"


def rule(school: str, village: str = "", *, stage: str = "J1", **more: object) -> CatchmentRule:
    """Give a line of a catchment table."""
    return CatchmentRule(village, school, stage, "feeder", "row", **more)  # type: ignore[arg-type]


RULES = (
    rule(HERE, primary=PRIMARY),
    rule(HERE, VILLAGE),
    rule(HERE, PARTED, groups=(1, 2)),
    rule(THERE, PARTED, groups=(3,)),
    rule(PRIMARY, FAR, stage="P1"),
)


@pytest.mark.parametrize(
    ("primary", "homes", "school"),
    [
        (PRIMARY, [(PARTED, 3)], HERE),  # the school they leave goes before the village
        (OTHER_PRIMARY, [(VILLAGE, None)], HERE),
        ("", [(VILLAGE, 7)], HERE),
        ("", [(PARTED, 3)], THERE),
        ("", [(PARTED, 9)], ""),  # no rule names the group
        ("", [(PARTED, None)], ""),  # the group decides and is not known
        ("", [("", None), (VILLAGE, None)], HERE),  # where they live, where the household says none
        ("", [(FAR, None)], ""),  # a rule of primary schools is none of junior ones
        ("", [], ""),
    ],
)
def test_the_school_left_goes_before_the_home_and_doubt_is_left_to_a_person(
    primary: str, homes: list[tuple[str, int | None]], school: str
) -> None:
    assert one_school(feeder_rules(RULES, primary, homes)) == school


def test_a_primary_school_of_two_junior_ones_is_decided_by_a_person() -> None:
    both = (*RULES, rule(THERE, primary=PRIMARY))
    assert one_school(feeder_rules(both, PRIMARY, [(VILLAGE, None)])) == ""


def test_a_rule_by_school_is_no_village_of_the_table() -> None:
    """Two junior schools may each have primary schools; no village is claimed twice by that."""
    both = (*RULES, rule(THERE, primary=OTHER_PRIMARY))
    assert overlapping(both) == ()
    assert "" not in schools_by_village(both, "J1")
    assert uncovered(both, "J1", [VILLAGE, FAR]) == (FAR,)
