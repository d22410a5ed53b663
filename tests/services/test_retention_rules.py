"""Every figure of the policy and every clock: what is due follows them to the day, and no further."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.documents.images import PreparedScan
from desktop_app.domain.acts import Role
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import CancelledError, ProductError
from desktop_app.policy.package import Policy
from desktop_app.services.erasure import ErasureDesk
from desktop_app.services.progress import Progress
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.retention import (
    IMAGES,
    LISTS,
    ROWS,
    RULES,
    UNSUCCESSFUL,
    RetentionDesk,
    RuleLine,
)
from desktop_app.services.scans import ScanDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.journal import Actor
from tests.services.kit import let_in, number, registered
from tests.sync.site import PASSWORD, SCHOOL, row_of, shipped_policy

PAGE = PreparedScan(jpeg=b"\xff\xd8 made-up page \xff\xd9", width=8, height=8, thumbnail=b"")
SECOND = "王秀英"
CLOSES = dt.date(2024, 10, 31)
"""The last day of the shipped package's calendar."""
FIELD = {
    IMAGES: "images",
    ROWS: "material_rows",
    UNSUCCESSFUL: "unsuccessful",
    LISTS: "match_list_source",
}
Day = Callable[[str], None]


@pytest.fixture
def second(laptop: Workplace) -> Actor:
    let_in(laptop, SECOND, Role.REVIEWER)
    return ErasureDesk(laptop).second(SECOND, bytearray(PASSWORD, "utf-8"))


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Day:
    """Set the clock of this computer to noon of a day."""

    def set_to(text: str) -> None:
        noon = dt.datetime.fromisoformat(f"{text}T12:00:00").astimezone()
        now = int(noon.timestamp() * 1000)
        monkeypatch.setattr("desktop_app.services.calendar.wall_milliseconds", lambda: now)

    return set_to


class StoppedAfterOne(Progress):
    """Whoever waits stops it when the first is done."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[tuple[int, int]] = []

    def step(self, done: int, total: int, note_code: str = "") -> None:
        self.steps.append((done, total))
        if done:
            raise CancelledError
        super().step(done, total, note_code)


def with_days(policy: Policy, rule: str, days: int) -> Policy:
    """Give the package with another figure for one rule."""
    figures: dict[str, Any] = {FIELD[rule]: days}
    kept = dataclasses.replace(policy.retention, **figures)
    return dataclasses.replace(policy, retention=kept)


def of_year(policy: Policy, year: int, closes: str) -> Policy:
    """Give the package of another year, whose last window closes on a day."""
    windows = tuple(
        dataclasses.replace(one, opens=closes, closes=f"{closes}T17:30") for one in policy.windows
    )
    return dataclasses.replace(policy, season_year=year, windows=windows)


def line(desk: RetentionDesk, rule: str) -> RuleLine | None:
    found = [one for one in desk.standing().lines if one.rule == rule]
    assert len(found) <= 1
    return found[0] if found else None


def refused(call: Callable[[], object]) -> ProductError:
    with pytest.raises(ProductError) as caught:
        call()
    return caught.value


def one_of_each(laptop: Workplace) -> tuple[str, str]:
    """Register a child with pages and papers, and one that withdrew."""
    stays = registered(laptop)
    ScanDesk(laptop).attach_prepared(stays, "HKB", PAGE)
    gone = registered(laptop, id_number=number(order=301), full_name="王子涵")
    RegistrationDesk(laptop).take_back(gone)
    return stays, gone


def papers_of(laptop: Workplace, *seasons: int) -> None:
    """Write a child with one paper for each season, as any program or hand might have."""
    with laptop.journal.begin(laptop.actor()) as work:
        for season in seasons:
            child: dict[str, Value] = {"season": season, "stage": "P1", "full_name": "王子涵"}
            paper: dict[str, Value] = {"material": "HKB", "result": "accepted"}
            work.create("material_check", paper | {"applicant": work.create("applicant", child)})


# --- the figures ----------------------------------------------------------------------------


@pytest.mark.parametrize("days", [1, 60])
@pytest.mark.parametrize("rule", [IMAGES, ROWS, UNSUCCESSFUL])
def test_each_rule_is_due_the_day_after_its_own_figure_of_days(
    laptop: Workplace, second: Actor, day: Day, rule: str, days: int
) -> None:
    one_of_each(laptop)
    laptop.policy = with_days(laptop.policy, rule, days)
    desk = RetentionDesk(laptop)
    last = CLOSES + dt.timedelta(days=days)
    day(last.isoformat())
    kept = line(desk, rule)
    assert kept is not None
    assert (kept.after, kept.days, kept.is_due) == (last.isoformat(), days, False)
    told = refused(lambda: desk.erase(rule, 2024, second))
    assert (told.code, told.details["day"]) == ("retention.not_due", last.isoformat())
    day((last + dt.timedelta(days=1)).isoformat())
    due = line(desk, rule)
    assert due is not None
    assert (due.is_due, due.records) == (True, kept.records)
    assert desk.erase(rule, 2024, second).operations >= 1
    assert line(desk, rule) is None


@given(st.sampled_from(RULES), st.integers(0, 3650), st.integers(2000, 2100))
def test_what_is_kept_is_kept_its_days_after_the_same_day_of_its_own_season(
    rule: str, days: int, season: int
) -> None:
    desk = RetentionDesk.__new__(RetentionDesk)
    desk._policy = with_days(shipped_policy(), rule, days)
    end = CLOSES.replace(year=season)
    assert desk._after(rule, season) == (end + dt.timedelta(days=days)).isoformat()


CALENDARS = (
    ("2028-02-29", 2028, 2028, "2028-02-28"),
    ("2028-02-29", 2028, 2027, "2027-02-28"),
    ("2027-02-28", 2027, 2028, "2028-02-28"),
    ("2024-12-31", 2024, 2023, "2023-12-31"),
    ("2025-01-15", 2024, 2023, "2024-01-15"),
)
"""The last day of a package, its year, a season, and the day on which that season ended."""


def test_a_season_that_closes_on_any_day_of_the_calendar_has_an_end(
    laptop: Workplace, day: Day
) -> None:
    shipped = with_days(laptop.policy, ROWS, 0)
    papers_of(laptop, *sorted({season for _, _, season, _ in CALENDARS}))
    for closes, year, season, after in CALENDARS:
        laptop.policy = of_year(shipped, year, closes)
        day(f"{year}-06-01")
        ends = {one.season: one.after for one in RetentionDesk(laptop).standing().lines}
        assert ends[season] == after, (closes, season)


def test_a_package_without_windows_ends_with_its_year(laptop: Workplace, day: Day) -> None:
    registered(laptop)
    laptop.policy = dataclasses.replace(with_days(laptop.policy, ROWS, 10), windows=())
    day("2024-11-02")
    rows = line(RetentionDesk(laptop), ROWS)
    assert rows is not None
    assert rows.after == "2025-01-10"


# --- the clocks -----------------------------------------------------------------------------


def test_a_clock_of_another_year_offers_nothing_and_erases_nothing(
    laptop: Workplace, second: Actor, day: Day
) -> None:
    one_of_each(laptop)
    for rule in (IMAGES, ROWS, UNSUCCESSFUL):
        laptop.policy = with_days(laptop.policy, rule, 1)
    desk = RetentionDesk(laptop)
    for clock in ("1970-01-02", "2023-12-31", "2025-01-01", "2031-07-01"):
        day(clock)
        standing = desk.standing()
        assert standing.stray_year == int(clock[:4])
        assert len(standing.lines) == 3
        assert not any(one.is_due for one in standing.lines)
        for rule in (IMAGES, ROWS, UNSUCCESSFUL):
            told = refused(partial(desk.erase, rule, 2024, second))
            assert (told.code, told.details["year"]) == ("retention.clock", int(clock[:4]))
        assert desk.standing() == standing


def test_nothing_is_due_before_the_season_has_ended(
    laptop: Workplace, second: Actor, day: Day
) -> None:
    one_of_each(laptop)
    desk = RetentionDesk(laptop)
    for clock in ("2024-01-01", "2024-10-31"):
        day(clock)
        assert not any(one.is_due for one in desk.standing().lines)
        assert refused(lambda: desk.erase(IMAGES, 2024, second)).code == "retention.not_due"


def test_a_season_nobody_has_is_refused_in_a_sentence(
    laptop: Workplace, second: Actor, day: Day
) -> None:
    one_of_each(laptop)
    day("2024-12-31")
    desk = RetentionDesk(laptop)
    for season in (2025, 2090, 9999, 10_000, 99_999, 2**53 - 1, 0, -1, -99_999):
        assert refused(partial(desk.erase, IMAGES, season, second)).code == "retention.not_due"
    assert refused(lambda: desk.erase(IMAGES, 2023, second)).code == "retention.nothing"
    assert line(desk, IMAGES) is not None


def test_a_season_of_nonsense_in_a_record_stops_nobody_from_reading_the_list(
    laptop: Workplace, second: Actor, day: Day
) -> None:
    strange = (-5, 0, 9_999, 12_024, 2**53 - 1)
    papers_of(laptop, 2024, *strange)
    laptop.policy = with_days(laptop.policy, ROWS, 1)
    day("2024-12-31")
    desk = RetentionDesk(laptop)
    due = {one.season: one.is_due for one in desk.standing().lines if one.rule == ROWS}
    assert due == dict.fromkeys(strange, False) | {2024: True}
    desk.erase(ROWS, 2024, second)
    assert {one.season for one in desk.standing().lines if one.rule == ROWS} == set(strange)


# --- what is covered ------------------------------------------------------------------------


def test_only_an_answer_that_takes_the_child_elsewhere_begins_the_clock(
    laptop: Workplace, day: Day
) -> None:
    child = registered(laptop)
    day("2024-12-01")
    goes = ("duplicate_void", "elsewhere", "reallocated")
    for answer in (*goes, *(one.value for one in CODE_LISTS["district_status"].entries), ""):
        with laptop.database.write() as connection:  # as the district's answer is folded
            connection.exec_driver_sql(
                "UPDATE projected_applicant SET district_status = ? WHERE record = ?",
                (answer, child),
            )
        begun = line(RetentionDesk(laptop), UNSUCCESSFUL) is not None
        assert begun is (answer in goes), answer


def test_a_row_of_papers_goes_and_the_child_its_family_and_its_pages_stay(
    laptop: Workplace, second: Actor, day: Day
) -> None:
    child, _ = one_of_each(laptop)
    laptop.policy = with_days(laptop.policy, ROWS, 1)
    day("2024-11-02")
    desk = RetentionDesk(laptop)
    pages = line(desk, IMAGES)
    desk.erase(ROWS, 2024, second)
    assert line(desk, IMAGES) == pages
    assert row_of(laptop, "applicant", child)["full_name"] == "罗雨桐"
    with laptop.journal.begin(laptop.actor()) as work:
        assert work.rows("guardian", applicant=child)
        assert not work.rows("material_check", applicant=child)


def test_whole_children_are_erased_one_by_one_and_a_stop_keeps_what_was_done(
    laptop: Workplace, second: Actor, day: Day
) -> None:
    gone = [
        registered(laptop, id_number=number(order=301 + 2 * place), full_name=f"王子{letter}")
        for place, letter in enumerate("涵轩宇")
    ]
    for child in gone:
        RegistrationDesk(laptop).take_back(child)
    laptop.policy = with_days(laptop.policy, UNSUCCESSFUL, 1)
    day("2024-11-02")
    desk = RetentionDesk(laptop)
    stopping = StoppedAfterOne()
    told = refused(lambda: desk.erase(UNSUCCESSFUL, 2024, second, stopping))
    assert told.code == "cancelled"
    left = line(desk, UNSUCCESSFUL)
    assert (stopping.steps, left and left.children) == ([(0, 3), (1, 3)], 2)
    assert desk.erase(UNSUCCESSFUL, 2024, second).operations > 2
    assert line(desk, UNSUCCESSFUL) is None


# --- match lists, at the district -----------------------------------------------------------


def listed(district: Workplace, *seasons: int) -> list[str]:
    """Write a match list's children for the school, as the district takes one in."""
    district.ensure_feed(SCHOOL)
    with district.journal.begin(district.actor(), SCHOOL) as work:
        return [
            work.create(
                "graduate",
                {
                    "season": season,
                    "full_name": "单梓涵",
                    "sex": "2",
                    "birth_date": "2012-03-14",
                    "school_code": "2141041103",
                },
            )
            for season in seasons
        ]


def test_a_match_list_goes_by_one_officer_s_command_and_a_later_year_s_stays(
    district: Workplace, laptop: Workplace, day: Day
) -> None:
    _, later = listed(district, 2023, 2024)
    day("2024-06-01")
    desk = RetentionDesk(district, SCHOOL)
    due = {one.season: one.is_due for one in desk.standing().lines if one.rule == LISTS}
    assert due == {2023: True, 2024: False}
    assert desk.erase(LISTS, 2023).operations == 1
    assert row_of(district, "graduate", later)["season"] == 2024
    assert refused(lambda: desk.erase(LISTS, 2024)).code == "retention.not_due"
    assert refused(lambda: desk.erase(LISTS, 2023)).code == "retention.nothing"
    assert laptop.seat.code == SCHOOL


def test_no_school_erases_a_match_list_and_no_rule_has_another_name(
    laptop: Workplace, second: Actor, day: Day
) -> None:
    day("2024-12-31")
    desk = RetentionDesk(laptop)
    for rule in (LISTS, "", "everything", "IMAGES"):
        assert refused(partial(desk.erase, rule, 2024, second)).code == "retention.rule"
