"""A policy package as one frozen value (design §4).

A package is data of one district and season: categories, papers, places, dates, texts. It decides
nothing by itself; rules with logic are in ``domain``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from desktop_app.domain.age import AgeRule
from desktop_app.domain.catchment import CatchmentRule
from desktop_app.domain.categories import Category
from desktop_app.domain.dates import parse_iso
from desktop_app.domain.materials import AllOf, Checklist, Paper, Requirement, repair_deadline
from desktop_app.policy.entries import (
    Addition,
    Correction,
    Document,
    FieldHelp,
    Material,
    Notice,
    Question,
    RankingKey,
    Reason,
    Retention,
    School,
    SelfCheck,
    Township,
    Village,
    Window,
    Wording,
    is_example,
)


@dataclass(frozen=True, slots=True)
class Policy:
    """A checked policy package."""

    id: str
    number: str
    title: str
    district: str
    district_label: str
    season_year: int
    stages: tuple[str, ...]
    hotline: str
    lock_minutes: int
    hmt_as_resident: bool
    age: AgeRule
    correction: Correction
    retention: Retention
    documents: tuple[Document, ...]
    categories: Mapping[str, Category]
    materials: Mapping[str, Material]
    reasons: Mapping[str, Reason]
    townships: Mapping[str, Township]
    villages: Mapping[str, Village]
    schools: Mapping[str, School]
    catchment: tuple[CatchmentRule, ...]
    windows: tuple[Window, ...]
    ranking: tuple[RankingKey, ...]
    self_check: SelfCheck
    field_help: Mapping[str, FieldHelp]
    notice: Notice
    wording: Mapping[str, Wording]
    digest: str
    questions: tuple[Question, ...] = ()
    additions: tuple[Addition, ...] = ()

    @property
    def version(self) -> str:
        """What a judged record keeps: id, number and the first 12 digits of the digest."""
        return f"{self.id}-{self.number}-{self.digest[:12]}"

    @property
    def examples(self) -> Mapping[str, int]:
        """Count the entries that are made up and must be replaced before real use, by kind."""
        counts = {
            "schools": sum(one.is_example for one in self.schools.values()),
            "villages": sum(one.is_invented for one in self.villages.values()),
            "catchment": sum(is_example(one.basis) for one in self.catchment),
        }
        return {kind: count for kind, count in counts.items() if count}

    @property
    def notice_version(self) -> str:
        """The version of the information notice that a guardian has read."""
        return self.notice.version

    @property
    def season_days(self) -> tuple[dt.date, dt.date]:
        """The first day of the season's year, and the last day of its calendar."""
        closing = [parse_iso(window.closes[:10]) for window in self.windows]
        last = max(
            (day for day in closing if day is not None), default=dt.date(self.season_year, 12, 31)
        )
        return dt.date(self.season_year, 1, 1), last

    @property
    def repair_until(self) -> str:
        """The end of the repair window, as an ISO date."""
        return self.correction.repair_until

    def categories_of(self, stage: str) -> tuple[Category, ...]:
        """Give the categories of a stage, in published order."""
        return tuple(one for one in self.categories.values() if stage in one.stages)

    def checklist(self, category: str, entry: str = "", agent: str = "") -> Checklist | None:
        """Start the checklist of a family: its category's, and what its case adds to it.

        ``entry`` is how the child comes, ``agent`` who comes in the guardian's place; either may
        be empty. None where there is no such category.
        """
        found = self.categories.get(category)
        if found is None:
            return None
        when = {entry, "agent" if agent else ""}
        also = [one for one in self.additions if one.when in when]
        begun = found.checklist()
        asked = [*begun.required.parts]
        for part in (part for one in also for part in one.required.parts):
            # What is one choice of several there is asked for by itself here.
            sure = {*_for_sure(AllOf(tuple(asked)))}
            if part not in asked and not sure.issuperset(part.codes()):
                asked.append(part)
        named = {*AllOf(tuple(asked)).codes()}
        others = (*found.optional, *(code for one in also for code in one.optional))
        optional = dict.fromkeys(code for code in others if code not in named)
        return Checklist(AllOf(tuple(asked)), tuple(optional))

    def window(self, code: str) -> Window | None:
        """Find a dated step by its code."""
        return next((one for one in self.windows if one.code == code), None)

    def working_days_after(self, day: str, count: int) -> tuple[str, ...]:
        """Give the next working days after an ISO date, holidays and moved days heeded.

        Raises:
            ValueError: not an ISO date.
        """
        current = parse_iso(day)
        if current is None:
            raise ValueError("day")
        found: list[str] = []
        while len(found) < count:
            current += dt.timedelta(days=1)
            text = current.isoformat()
            is_weekday = current.weekday() < 5 and text not in self.correction.holidays
            if is_weekday or text in self.correction.extra_workdays:
                found.append(text)
        return tuple(found)

    def paper_deadline(self, today: str) -> str:
        """Give the day until which a paper missing today may come, as an ISO date.

        Where the clock stands in another year than the season, counting from today would name a
        day of nonsense: the end of the repair window stands then.
        """
        if not today.startswith(f"{self.season_year}-"):
            return self.correction.repair_until
        least = self.correction.least_working_days
        days = self.working_days_after(today, least)
        return repair_deadline(self.correction.repair_until, days, least)


def _for_sure(part: Requirement) -> Iterator[str]:
    """Give the papers that are asked for whatever a family chooses."""
    if isinstance(part, Paper):
        yield part.code
    elif isinstance(part, AllOf):
        for one in part.parts:
            yield from _for_sure(one)
