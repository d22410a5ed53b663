"""What laptops write apart means one thing everywhere, whatever their clocks and couriers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from desktop_app.domain.declare import Value
from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage.matters import disputed_fields, heads_of
from desktop_app.sync import packing
from desktop_app.sync.verifying import verify_workplace
from tests.sync.site import (
    SCHOOL,
    Site,
    content,
    exchange_all,
    feed_of,
    hand,
    register,
    row_of,
    state,
    take,
)

YEAR = 365 * 24 * 3600 * 1000
DAY = YEAR // 365


def edit(workplace: Workplace, record: str, **values: Value) -> None:
    with workplace.journal.begin(workplace.actor(), SCHOOL) as work:
        work.edit("applicant", record, values)


def remove(workplace: Workplace, record: str) -> None:
    with workplace.journal.begin(workplace.actor(), SCHOOL) as work:
        work.remove("applicant", record)


def equal(district: Workplace, laptops: Sequence[Workplace], folder: Path) -> None:
    """Let everybody exchange; then all hold the same, and it folds again to the same."""
    exchange_all(district, laptops, folder)
    everybody = (district, *laptops)
    assert len({state(one) for one in everybody}) == 1
    for one in everybody:
        assert not verify_workplace(one, Progress()).flaws


@pytest.fixture
def three(site: Site, district: Workplace, laptop: Workplace) -> list[Workplace]:
    return [laptop, site.laptop(district, "second"), site.laptop(district, "third")]


def test_three_values_of_one_field_are_all_kept_and_one_person_chooses(
    district: Workplace, three: list[Workplace], tmp_path: Path
) -> None:
    child = register(three[0])
    equal(district, three, tmp_path / "before")
    names = ("单子涵", "单紫涵", "单梓函")
    for laptop, name in zip(three, names, strict=True):
        edit(laptop, child, full_name=name)
    equal(district, three, tmp_path / "apart")
    for one in three:
        with one.database.read() as connection:
            (key,) = disputed_fields(connection, SCHOOL, None, 9)
            assert {str(head.value) for head in heads_of(connection, key)} == set(names)
        assert row_of(one, "applicant", child)["full_name"] in names
    edit(three[1], child, full_name="单梓函")
    equal(district, three, tmp_path / "chosen")
    for one in (district, *three):
        assert row_of(one, "applicant", child)["full_name"] == "单梓函"
        with one.database.read() as connection:
            assert disputed_fields(connection, SCHOOL, None, 9) == []


def test_a_child_removed_and_registered_again_stands_once(
    district: Workplace, three: list[Workplace], tmp_path: Path
) -> None:
    first, second, _ = three
    child = register(first)
    equal(district, three, tmp_path / "before")
    remove(first, child)
    again = register(second)
    equal(district, three, tmp_path / "apart")
    for one in (district, *three):
        assert row_of(one, "applicant", child) == {}
        assert row_of(one, "applicant", again)["full_name"] == "单梓涵"
    # The very record may come back too: what it was is said again, over the removal.
    with first.journal.begin(first.actor(), SCHOOL) as work:
        work.bring_back("applicant", child)
    equal(district, three, tmp_path / "back")
    for one in (district, *three):
        assert row_of(one, "applicant", child)["full_name"] == "单梓涵"


@pytest.mark.parametrize("order", [(1, 2, 0), (2, 1, 0), (1, 0, 2)], ids=str)
def test_a_guardian_and_an_edit_may_come_before_their_child(
    district: Workplace,
    three: list[Workplace],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    order: tuple[int, ...],
) -> None:
    first, second, third = three
    child = register(first)
    equal(district, three, tmp_path / "known")
    held = {feed: len(lines) for feed, lines in content(district).items()}
    late = register(first, "李梓涵")
    path = hand(first, tmp_path / "first").path
    take(second, path)
    take(third, path)
    with second.journal.begin(second.actor(), SCHOOL) as work:
        guardian = work.create("guardian", {"applicant": late, "full_name": "李志远"})
    edit(third, late, current_address="东关村 3 组")
    edit(third, child, current_address="西关村")
    sticks = [path]
    for laptop, name in ((second, "second"), (third, "third")):
        # Each of them packs what it wrote itself, and nothing of the first laptop's.
        reach = {feed: len(lines) for feed, lines in content(laptop).items()}
        own = feed_of(laptop)
        with monkeypatch.context() as patch:
            patch.setattr(packing, "begins", lambda *_, r=reach, o=own, **__: r | {o: held[o]})
            sticks.append(hand(laptop, tmp_path / name).path)
    for at in order:
        assert take(district, sticks[at])[0].outcome in {"taken_in", "pending"}
    assert row_of(district, "guardian", guardian)["applicant"] == late
    assert row_of(district, "applicant", late)["current_address"] == "东关村 3 组"
    equal(district, three, tmp_path / "after")


OFFSETS = {"1970": -54 * YEAR, "2099": 75 * YEAR, "a day ahead": DAY, "right": 0}


@pytest.mark.parametrize("wrong", ["1970", "2099", "a day ahead"])
def test_a_wrong_clock_loses_nothing_and_drags_nobody(
    district: Workplace,
    three: list[Workplace],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    wrong: str,
) -> None:
    """Whoever saw a value replaces it, whatever the clocks say; apart, both stay."""
    first, second, _ = three

    def at(year: str) -> None:
        now = OFFSETS[year]
        monkeypatch.setattr(first.journal.clock, "_now", lambda: wall_milliseconds() + now)

    at(wrong)
    child = register(first)
    edit(first, child, current_address="东关村", full_name="单子涵")
    equal(district, three, tmp_path / "before")
    edit(second, child, current_address="西关村")
    at("right")
    edit(first, child, category="A1")
    at(wrong)
    edit(first, child, primary_school="阳光小学")
    equal(district, three, tmp_path / "after")
    for one in (district, *three):
        row = row_of(one, "applicant", child)
        assert (row["current_address"], row["full_name"]) == ("西关村", "单子涵")
        assert (row["category"], row["primary_school"]) == ("A1", "阳光小学")
    with second.journal.begin(second.actor(), SCHOOL) as work:
        work.edit("applicant", child, {"current_address": "北关村"})
    stamp = second.journal.clock.tick()[0]
    assert abs(stamp - wall_milliseconds()) < 2 * DAY
