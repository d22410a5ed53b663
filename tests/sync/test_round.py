"""The board of a school's laptops, and the round of one stick that makes all of them equal."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from desktop_app.domain.declare import Value
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.calendar import local_day
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import read_rows
from desktop_app.sync.round import CARRY, DONE, HAND, TAKE, RoundDesk
from desktop_app.sync.siteboard import LaptopLine, site_board
from tests.sync.site import SCHOOL, Site, feed_of, hand, register, register_many, reply, take


@pytest.fixture
def laptops(site: Site, district: Workplace) -> list[Workplace]:
    return [site.laptop(district, name) for name in ("one", "two", "three")]


def visit(laptop: Workplace, stick: Path) -> tuple[str, int]:
    """Do what the check list says while the stick is here; give the last step and the keys."""
    stick.mkdir(exist_ok=True)
    desk = RoundDesk(laptop)
    desk.take_in(stick, Progress())
    keys = 1
    if desk.standing().next == HAND:
        desk.hand_over(stick, Progress())
        keys += 1
    return desk.standing().next, keys


def children(laptop: Workplace) -> set[str]:
    with laptop.database.read() as connection:
        return {row.record for row in read_rows(connection, RECORD_TYPES["applicant"], SCHOOL, {})}


def line_of(laptop: Workplace, other: Workplace) -> LaptopLine:
    return next(one for one in site_board(laptop).lines if one.feed == feed_of(other))


def test_two_rounds_of_one_stick_make_all_boards_equal(
    laptops: list[Workplace], stick: Path
) -> None:
    for count, laptop in enumerate(laptops, start=3):
        register_many(laptop, count)
    first = [visit(laptop, stick) for laptop in laptops]
    assert [step for step, _ in first] == [CARRY, CARRY, CARRY]
    second = [visit(laptop, stick) for laptop in laptops]
    assert [len(children(laptop)) for laptop in laptops] == [12, 12, 12]
    assert len({frozenset(children(laptop)) for laptop in laptops}) == 1
    assert second[-1][0] == DONE
    assert all(keys <= 2 for _, keys in (*first, *second))
    # A look at the stick tells the others that it is so; it takes nothing more to hand over.
    assert [visit(laptop, stick) for laptop in laptops[:2]] == [(DONE, 1), (DONE, 1)]
    for laptop in laptops:
        board = site_board(laptop)
        assert board.all_equal
        assert board.registered == 12


def test_a_second_day_needs_no_first_meeting(laptops: list[Workplace], stick: Path) -> None:
    for _ in range(2):
        for laptop in laptops:
            visit(laptop, stick)
    register(laptops[2], "李梓涵")
    for laptop in laptops:
        visit(laptop, stick)
    steps = [visit(laptop, stick)[0] for laptop in laptops]
    assert steps[-1] == DONE
    assert [len(children(laptop)) for laptop in laptops] == [1, 1, 1]


def test_the_board_says_what_is_here_what_is_there_and_since_when(
    laptops: list[Workplace], stick: Path
) -> None:
    one, two, _ = laptops
    register_many(one, 4)
    for _ in range(2):
        for laptop in (one, two):
            visit(laptop, stick)
    there = line_of(two, one)
    assert (there.name, there.registered, there.own, there.heard) == ("1", 4, False, True)
    assert there.people == ("赵志强",)
    assert there.merged_at > 0
    assert (there.not_here, there.not_there) == (0, 0)
    register_many(two, 2)
    behind = line_of(two, one)
    assert (behind.not_there, behind.not_here, behind.is_equal) == (2, 0, False)
    mine = site_board(two).lines[0]
    assert (mine.own, mine.name, mine.registered) == (True, "2", 2)


def test_what_somebody_is_known_to_hold_and_is_not_here_is_counted(
    laptops: list[Workplace], stick: Path
) -> None:
    one, two, _ = laptops
    for laptop in (one, two, one):
        visit(laptop, stick)
    register_many(two, 5)
    handed = hand(two, stick)
    handed.path.unlink()
    RoundDesk(one).take_in(stick, Progress())
    lacking = line_of(one, two)
    assert lacking.not_here >= 5
    assert RoundDesk(one).standing().next == CARRY or not site_board(one).all_equal


def test_who_came_by_the_district_alone_is_not_taken_for_equal(
    district: Workplace, laptops: list[Workplace], stick: Path
) -> None:
    one, two, three = laptops
    for _ in range(2):
        for laptop in (one, two):
            visit(laptop, stick)
    assert site_board(two).all_equal
    take(district, stick, hand(three, stick.parent / "alone").path)
    take(two, reply(district, stick.parent / "back").path)
    # Its hand-over said what it held: nothing of the others.
    assert line_of(two, three).not_there > 0
    assert not site_board(two).all_equal


def test_one_laptop_alone_has_nothing_to_merge(laptops: list[Workplace]) -> None:
    board = site_board(laptops[0])
    assert [one.own for one in board.lines] == [True]
    assert not board.all_equal
    assert board.unequal == ()


def test_the_round_goes_on_after_a_restart_and_is_over_the_next_day(
    site: Site, laptops: list[Workplace], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_many(laptops[0], 2)
    stick.mkdir()
    desk = RoundDesk(laptops[0])
    assert desk.standing().next == TAKE
    desk.take_in(stick, Progress())
    again = RoundDesk(site.again(laptops[0]))
    assert again.standing().next == HAND
    made = again.hand_over(stick, Progress())
    standing = again.standing()
    assert standing.next == CARRY
    assert (standing.round.turn, standing.round.handed) == (1, made.operations)
    desk = RoundDesk(site.again(again._workplace))
    desk.take_in(stick, Progress())
    assert desk.standing().round.turn == 2
    desk.take_in(stick, Progress())
    assert desk.standing().round.turn == 2
    tomorrow = local_day() + dt.timedelta(days=1)
    monkeypatch.setattr("desktop_app.sync.round.local_day", lambda: tomorrow)
    assert desk.standing().next == TAKE
    assert desk.standing().round.turn == 0


def test_a_revoked_laptop_is_not_waited_for(
    district: Workplace, laptops: list[Workplace], stick: Path
) -> None:
    one, two, three = laptops
    for _ in range(2):
        for laptop in laptops:
            visit(laptop, stick)
    gone = three.own_feed()
    register_many(one, 3)
    for _ in range(2):
        for laptop in (one, two):
            visit(laptop, stick)
    assert [line.name for line in site_board(two).unequal] == ["3"]
    with district.journal.begin(district.actor()) as work:
        limit: dict[str, Value] = {
            "feed": gone.facts.feed,
            "sequence": gone.sequence,
            "hash": gone.hash.hex(),
        }
        work.create("feed_limit", limit, signed=True)
    take(district, stick)
    take(two, reply(district, stick.parent / "back").path)
    assert line_of(two, three).revoked
    assert site_board(two).all_equal
