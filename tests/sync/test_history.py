"""What time does to bundles: old ones again, in any order, computers put back, answers kept back."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.sync.laptops import LaptopDesk
from desktop_app.sync.standing import feed_standings
from desktop_app.sync.verifying import verify_workplace
from tests.sync.site import (
    Site,
    content,
    feed_of,
    hand,
    register,
    reply,
    row_of,
    state,
    take,
)
from tests.sync.test_gaps_and_forks import clone, put_back


def received(laptop: Workplace) -> int:
    """Give how far the district has said to hold this laptop's own feed."""
    feed = feed_of(laptop)
    return next(one.received for one in feed_standings(laptop) if one.feed == feed)


def bundles_of_days(laptop: Workplace, folder: Path, days: int) -> list[Path]:
    """Register somebody each day and hand over each evening; the sticks are kept apart."""
    found = []
    for day in range(days):
        register(laptop, f"单{'一二三四五'[day]}")
        found.append(hand(laptop, folder / f"day {day}").path)
    return found


@pytest.mark.parametrize("order", ["one", "all", "reversed"])
def test_old_bundles_played_again_say_nothing_new(
    district: Workplace, laptop: Workplace, tmp_path: Path, order: str
) -> None:
    sticks = bundles_of_days(laptop, tmp_path, 4)
    take(district, *sticks)
    take(laptop, reply(district, tmp_path / "back").path)
    before, held = state(district), content(district)
    again = {"one": sticks[:1], "all": sticks, "reversed": sticks[::-1]}[order]
    for taken in take(district, *again):
        assert (taken.outcome, taken.fresh, taken.forks) == ("taken_in", 0, ())
    assert (state(district), content(district)) == (before, held)
    assert state(laptop) == before


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_bundles_in_any_order_come_to_one_state(
    district: Workplace, laptop: Workplace, tmp_path: Path, order: tuple[int, ...]
) -> None:
    sticks = bundles_of_days(laptop, tmp_path, 3)
    for at in order:
        take(district, sticks[at])
    take(laptop, reply(district, tmp_path / "back").path)
    assert content(district)[feed_of(laptop)] == content(laptop)[feed_of(laptop)]
    assert state(district) == state(laptop)


def test_an_old_answer_again_and_again_never_says_that_more_was_received(
    district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    """Who keeps the later answers back makes the school see that none came, and carry again."""
    register(laptop)
    take(district, hand(laptop, tmp_path / "first").path)
    old = reply(district, tmp_path / "old").path
    take(laptop, old)
    then = received(laptop)
    assert then > 0
    late = register(laptop, "李梓涵")
    take(district, hand(laptop, tmp_path / "second").path)
    kept_back = reply(district, tmp_path / "kept back").path
    for _ in range(3):
        (taken,) = take(laptop, old)
        assert (taken.outcome, taken.fresh) == ("taken_in", 0)
        assert received(laptop) == then < laptop.own_feed().sequence
    assert row_of(district, "applicant", late)
    # What is not known to be received goes along with every hand-over, however often.
    again = hand(laptop, tmp_path / "again")
    assert again.operations >= laptop.own_feed().sequence - then
    assert take(district, again.path)[0].outcome == "taken_in"
    take(laptop, kept_back)
    assert received(laptop) > then


def test_a_revocation_before_the_operations_it_voids_arrive(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    """Whoever hears of the end first and of the feed later comes to the same state."""
    sibling, late = site.laptop(district, "sibling"), site.laptop(district, "late")
    child = register(laptop)
    take(district, *(hand(one, tmp_path / "first").path for one in (laptop, sibling, late)))
    LaptopDesk(district).revoke(feed_of(laptop))
    void = register(laptop, "李梓涵")
    beyond = hand(laptop, tmp_path / "beyond").path
    ended = reply(district, tmp_path / "ended").path
    take(sibling, ended, beyond)
    take(late, ended)
    assert row_of(late, "applicant", child)
    take(district, beyond)
    take(late, reply(district, tmp_path / "back").path)
    take(sibling, tmp_path / "back")
    for one in (district, sibling, late):
        assert row_of(one, "applicant", child)
        assert row_of(one, "applicant", void) == {}
        assert (
            content(one)[feed_of(laptop)]
            == content(laptop)[feed_of(laptop)][: len(content(one)[feed_of(laptop)])]
        )
        assert not verify_workplace(one, Progress()).flaws
    assert len({state(one) for one in (district, sibling, late)}) == 1


def test_a_disk_put_back_whole_is_named_when_it_meets_the_district(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    """Nothing on the disk can tell; both its histories are kept, and the first one stands."""
    take(district, hand(laptop, tmp_path / "before").path)
    laptop = site.again(laptop)
    laptop.close()
    site.opened.remove(laptop)
    clone(laptop, tmp_path / "image")
    laptop = site.reopen("laptop")
    lost = register(laptop)
    feed = feed_of(laptop)
    take(district, hand(laptop, tmp_path / "day").path)
    laptop.close()
    site.opened.remove(laptop)
    put_back(tmp_path / "image", site.folder)
    laptop = site.reopen("laptop")
    assert (laptop.succeeded, feed_of(laptop)) == (None, feed)
    assert row_of(laptop, "applicant", lost) == {}
    (told,) = take(laptop, reply(district, tmp_path / "answer").path)
    # The district has more of this laptop's own feed than the laptop: it is named as a gap.
    assert (told.outcome, list(told.gaps)) == ("pending", [feed])
    late = register(laptop, "李梓涵")
    held = content(district)
    (taken,) = take(district, hand(laptop, tmp_path / "after").path)
    assert (taken.forks, taken.fresh) == ((feed,), 0)
    assert content(district) == held
    assert row_of(district, "applicant", lost)
    with district.database.read() as connection:
        first = exchange.forks(connection)[feed][0]
        apart = connection.exec_driver_sql("SELECT header FROM quarantine").all()
    assert any(late.encode() in bytes(row[0]) for row in apart)
    assert len(apart) == len(content(laptop)[feed]) - first + 1
    line = next(one for one in LaptopDesk(district).lines() if one.feed == feed)
    assert (line.fork, line.needs_look) == (first, True)
    (back,) = [one for one in take(laptop, reply(district, tmp_path / "again").path) if one.fresh]
    assert back.forks == (feed,)
    assert row_of(laptop, "applicant", late)
