"""Days are the wall's own, whatever the zone and its summer time; seats are read strictly."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.services.calendar import (
    day_bounds,
    local_day,
    local_month_day,
    local_time,
    stray_year,
)
from desktop_app.services.day import DayDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.seat import KINDS, SEAT_FILE, Seat, check_seat, read_seat, write_seat
from desktop_app.services.workplace import Workplace
from tests.services.kit import number, registered

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 30))


@pytest.fixture(
    params=["Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]
)
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """Let the computer stand in another zone; families are served by its wall clock."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield str(request.param)
    time.tzset()


@settings(max_examples=30)
@given(DAYS)
def test_days_follow_each_other_without_gap_or_overlap(zone: str, day: dt.date) -> None:
    first, end = day_bounds(day)
    following, _ = day_bounds(day + dt.timedelta(days=1))
    assert end == following
    assert 22 * 3600 * 1000 <= end - first <= 26 * 3600 * 1000


@settings(max_examples=30)
@given(DAYS, st.floats(0, 1, exclude_max=True))
def test_every_moment_of_a_day_is_read_as_that_day(zone: str, day: dt.date, part: float) -> None:
    first, end = day_bounds(day)
    moment = first + int((end - first) * part)
    assert local_day(moment) == local_time(moment).date() == day
    assert local_month_day(moment) == f"{day.month:02d}{day.day:02d}"
    assert local_day(first - 1) == day - dt.timedelta(days=1)
    assert local_day(end) == day + dt.timedelta(days=1)


@pytest.mark.parametrize(
    "day",
    [dt.date(2024, 2, 28), dt.date(2024, 2, 29), dt.date(2023, 2, 28), dt.date(2024, 12, 31)]
    + [dt.date(2024, month, 30) for month in (4, 6, 9, 11)],
)
def test_months_and_years_end_like_other_days(zone: str, day: dt.date) -> None:
    _, end = day_bounds(day)
    assert local_day(end) == day + dt.timedelta(days=1)
    assert local_day(end - 1) == day


@pytest.mark.parametrize("year", range(2020, 2036))
def test_here_every_day_has_24_hours(year: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    day = dt.date(year, 1, 1)
    while day.year == year:
        first, end = day_bounds(day)
        assert end - first == 24 * 3600 * 1000
        day += dt.timedelta(days=1)


def test_a_child_registered_before_midnight_belongs_to_that_day(
    laptop: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = dt.date(2031, 8, 22)
    first, end = day_bounds(day)
    for at, moment in enumerate((first - 1, first, end - 1, end)):
        monkeypatch.setattr(laptop.journal.clock, "_now", lambda moment=moment: moment)
        registered(laptop, id_number=number(order=300 + 2 * at))
    shifts = (-1, 0, 1)
    days = [DayDesk(laptop).summary(day + dt.timedelta(days=shift)) for shift in shifts]
    assert [one.registered for one in days] == [1, 2, 1]
    assert [one.complete for one in days] == [1, 2, 1]


def test_the_shipped_package_is_loaded_once_and_is_this_season_s() -> None:
    assert shipped_policy() is shipped_policy()
    assert shipped_policy().season_year == 2024
    assert shipped_policy().categories


# --- seats --------------------------------------------------------------------------------------


@given(
    st.sampled_from(KINDS),
    st.from_regex(r"[0-9]{10}", fullmatch=True),
    st.text(max_size=200).filter(lambda text: not any(0xD800 <= ord(one) < 0xE000 for one in text)),
)
def test_a_seat_is_read_as_it_was_written(tmp_path: Path, kind: str, code: str, name: str) -> None:
    seat = Seat(kind, code[:6] if kind == "district" else code, name)
    write_seat(tmp_path, seat)
    assert read_seat(tmp_path) == seat
    assert seat.scope == (f"district:{seat.code}" if kind == "district" else code)


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_other_seat_passes(kind: str, code: str) -> None:
    fits = code.isascii() and code.isdigit() and len(code) == (6 if kind == "district" else 10)
    if kind in KINDS and fits:
        check_seat(kind, code)
        return
    with pytest.raises(RuleError) as refused:
        check_seat(kind, code)
    assert refused.value.code in {"seat.unknown", "seat.code"}


@given(st.binary(max_size=80))
def test_any_bytes_are_a_seat_or_untrusted(tmp_path: Path, data: bytes) -> None:
    (tmp_path / SEAT_FILE).write_bytes(data)
    with pytest.raises(UntrustedError) as refused:
        read_seat(tmp_path)
    assert refused.value.code == "seat.damaged"


def test_a_seat_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / SEAT_FILE).write_bytes(b" " * 5000)
    with pytest.raises(UntrustedError) as refused:
        read_seat(tmp_path)
    assert refused.value.code == "file.too_large"


def test_a_clock_in_the_season_is_no_stray() -> None:
    noon = int(dt.datetime(2024, 8, 22, 12, tzinfo=dt.UTC).timestamp() * 1000)
    assert stray_year(2024, noon) == 0
    assert stray_year(2026, noon) == 2024
