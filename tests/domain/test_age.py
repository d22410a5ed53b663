"""Entry age at its borders: 31 August counts in, too old is silent, junior one goes by graduates."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.age import AgeRule, age_on, check_age


@pytest.mark.parametrize(
    ("birth", "state", "years", "months"),
    [
        ("2018-08-31", "ok", 6, 0),
        ("2018-09-01", "under", 5, 11),
        ("2018-03-14", "ok", 6, 5),
        ("2017-09-01", "ok", 6, 11),
        ("2017-08-31", "over", 7, 0),
        ("2010-01-01", "over", 14, 7),
        ("2016-02-29", "over", 8, 6),
        ("2024-12-01", "under", 0, 0),
    ],
)
def test_primary_one_of_2024(birth: str, state: str, years: int, months: int) -> None:
    check = check_age(birth, 2024, "P1")
    assert (check.state, check.years, check.months) == (state, years, months)
    assert check.cutoff == "2024-08-31"


def test_only_too_young_blocks_and_too_old_is_silent() -> None:
    assert [problem.code for problem in check_age("2018-09-01", 2024, "P1").problems] == [
        "age.under"
    ]
    assert check_age("2018-09-01", 2024, "P1").problems[0].blocks
    over = check_age("2017-08-31", 2024, "P1")
    assert over.problems == ()
    assert over.is_silently_over
    assert not check_age("2018-08-31", 2024, "P1").is_silently_over


@pytest.mark.parametrize("birth", ["2018-02-30", "20180314", "", "2018-00-10"])
def test_a_day_that_does_not_exist_is_no_birth_date(birth: str) -> None:
    check = check_age(birth, 2024, "P1")
    assert check.state == "unknown"
    assert [problem.code for problem in check.problems] == ["birth.not_a_date"]


@pytest.mark.parametrize("birth", ["2008-01-01", "2012-05-05", "2018-09-01"])
def test_junior_one_goes_by_the_graduate_list(birth: str) -> None:
    check = check_age(birth, 2024, "J1")
    assert check.state == "graduates"
    assert check.problems == ()


def test_a_district_may_set_seven_years() -> None:
    rule = AgeRule(years=7, over_years=8)
    assert check_age("2017-09-01", 2024, "P1", rule).state == "under"
    assert check_age("2017-09-01", 2024, "P1", rule).problems[0].details == {"years": 7}
    assert check_age("2017-08-31", 2024, "P1", rule).state == "ok"


@given(st.dates(dt.date(2000, 1, 1), dt.date(2024, 12, 31)), st.integers(2015, 2040))
def test_state_and_years_never_disagree(birth: dt.date, season: int) -> None:
    check = check_age(birth.isoformat(), season, "P1")
    assert (check.state == "under") == (check.years < 6)
    assert (check.state == "over") == (check.years >= 7)
    assert 0 <= check.months < 12


@given(st.dates(dt.date(1990, 1, 1), dt.date(2020, 1, 1)), st.integers(0, 9000))
def test_age_never_falls_as_days_pass(born: dt.date, days: int) -> None:
    day = born + dt.timedelta(days=days)
    assert age_on(born, day) <= age_on(born, day + dt.timedelta(days=1))
