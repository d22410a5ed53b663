"""Age at entry 入学年龄: six years by 31 August for primary one; junior one goes by graduates.

Too old is never a problem and never asked about, since 超过正常入学年龄证明 is one of the needless
papers of the district's notice (task 4): it only raises a question to the district's own lists.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from desktop_app.domain.dates import parse_iso
from desktop_app.domain.errors import Problem


@dataclass(frozen=True, slots=True)
class AgeRule:
    """The entry age of a district: policy data, with the law's values as its start."""

    years: int = 6
    over_years: int = 7
    cutoff_month: int = 8
    cutoff_day: int = 31

    def cutoff(self, season_year: int) -> dt.date:
        """The day on which the age is counted."""
        return dt.date(season_year, self.cutoff_month, self.cutoff_day)

    def latest_birth(self, season_year: int) -> dt.date:
        """The last birth date that may enter, itself included."""
        return dt.date(season_year - self.years, self.cutoff_month, self.cutoff_day)


LAW = AgeRule()
"""Compulsory Education Law 义务教育法 art. 11 as Henan plans apply it."""


@dataclass(frozen=True, slots=True)
class AgeCheck:
    """How old a child is on the day that counts, and what follows."""

    state: str
    """ok, under, over (silent), graduates (by the graduate list, not by age) or unknown."""
    years: int
    months: int
    cutoff: str
    problems: tuple[Problem, ...] = ()

    @property
    def is_silently_over(self) -> bool:
        """Whether the district's lists are to be asked; the family never is."""
        return self.state == "over"


def check_age(
    birth: str,
    season_year: int,
    stage: str,
    rule: AgeRule = LAW,
    field: str = "birth_date",
) -> AgeCheck:
    """Check the age of a child for the stage P1 or J1 of a season.

    Too young stops a save; only the district may lift it. A birth date that does not exist
    (2018-02-30) is no date.
    """
    cutoff = rule.cutoff(season_year)
    born = parse_iso(birth)
    if born is None:
        wrong = Problem(field, "birth.not_a_date", blocks=True)
        return AgeCheck("unknown", 0, 0, cutoff.isoformat(), (wrong,))
    years, months = age_on(born, cutoff)
    if stage == "J1":
        return AgeCheck("graduates", years, months, cutoff.isoformat())
    if born > rule.latest_birth(season_year):
        details = {"years": rule.years}
        young = Problem(field, "age.under", blocks=True, details=details)
        return AgeCheck("under", years, months, cutoff.isoformat(), (young,))
    is_over = years >= rule.over_years
    return AgeCheck("over" if is_over else "ok", years, months, cutoff.isoformat())


def age_on(born: dt.date, day: dt.date) -> tuple[int, int]:
    """Count full years and months on a day; a child not yet born is nought years old."""
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    return divmod(max(months, 0), 12)
