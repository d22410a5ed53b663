"""Laws of the queue: whatever tickets there are, one order, one next, and no way lost."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain import queueing
from desktop_app.domain.queueing import CALLED, DONE, ENTERED, LEFT, MOVES, WAITING, Ticket

STANDINGS = (WAITING, CALLED, ENTERED, DONE, LEFT)
chances = st.randoms(use_true_random=False)


@st.composite
def queues(draw: st.DrawFn) -> list[Ticket]:
    """Give tickets of a day, as two laptops may have given them."""
    keys = draw(
        st.lists(st.tuples(st.sampled_from("2K"), st.integers(1, 50)), unique=True, max_size=25)
    )
    return [
        Ticket(
            record=f"{mark}{number}",
            mark=mark,
            number=number,
            standing=draw(st.sampled_from(STANDINGS)),
            village=draw(st.sampled_from(["", "a", "b"])),
            category="",
            desk="",
            applicant="",
            given_at=draw(st.integers(0, 5)),
        )
        for mark, number in keys
    ]


def shuffled(queue: list[Ticket], chance: Random) -> list[Ticket]:
    mixed = list(queue)
    chance.shuffle(mixed)
    return mixed


@given(queues(), chances)
def test_two_laptops_that_know_the_same_show_and_call_the_same(
    queue: list[Ticket], chance: Random
) -> None:
    mixed = shuffled(queue, chance)
    assert queueing.in_order(mixed) == queueing.in_order(queue)
    for village in ("", "a", "b", "c"):
        assert queueing.next_of(mixed, village) == queueing.next_of(queue, village)
    counted = queueing.waiting_by_village(queue)
    assert list(queueing.waiting_by_village(mixed).items()) == list(counted.items())


@given(queues())
def test_the_list_loses_nobody_and_keeps_each_standing_together(queue: list[Ticket]) -> None:
    listed = queueing.in_order(queue)
    assert sorted(one.record for one in listed) == sorted(one.record for one in queue)
    standings = [one.standing for one in listed]
    runs = [one for one, after in pairwise([*standings, ""]) if one != after]
    assert len(runs) == len(set(runs))
    assert runs == [one for one in (CALLED, WAITING, ENTERED, LEFT, DONE) if one in runs]
    for one, after in pairwise(listed):
        assert one.standing != after.standing or one.given_at <= after.given_at


@given(queues(), st.sampled_from(["", "a", "b", "c"]))
def test_who_comes_next_waits_and_nobody_asked_for_waits_longer(
    queue: list[Ticket], village: str
) -> None:
    found = queueing.next_of(queue, village)
    waiting = [one for one in queue if one.standing == WAITING and village in {"", one.village}]
    assert (found is None) == (not waiting)
    if found is not None:
        assert found in waiting
        assert found.given_at == min(one.given_at for one in waiting)
        first = next(one for one in queueing.in_order(queue) if one in waiting)
        assert found == first, "the list and the call agree"


@given(queues())
def test_calling_one_after_the_other_calls_everybody_once(queue: list[Ticket]) -> None:
    left, called = list(queue), []
    while (found := queueing.next_of(left)) is not None:
        left.remove(found)
        called.append(found)
    assert len(called) == sum(one.standing == WAITING for one in queue)
    assert called == [one for one in queueing.in_order(queue) if one.standing == WAITING]


@given(queues())
def test_villages_are_counted_by_who_waits_and_the_longest_stands_first(
    queue: list[Ticket],
) -> None:
    counted = queueing.waiting_by_village(queue)
    assert sum(counted.values()) == sum(one.standing == WAITING for one in queue)
    assert all(counted.values()), "a village where nobody waits is not named"
    assert list(counted.values()) == sorted(counted.values(), reverse=True)
    for village, many in counted.items():
        assert queueing.next_of(queue, village) is not None
        waits = [one for one in queue if (one.standing, one.village) == (WAITING, village)]
        assert len(waits) == many


@given(queues(), st.sampled_from(["2", "K", "Q"]))
def test_the_next_number_is_above_all_of_its_mark_and_leaves_the_others_alone(
    queue: list[Ticket], mark: str
) -> None:
    number = queueing.next_number(queue, mark)
    own = [one.number for one in queue if one.mark == mark]
    assert number == max(own, default=0) + 1
    others = [one for one in queue if one.mark == mark]
    assert queueing.next_number(others, mark) == number


@given(st.integers(1, 9999), st.sampled_from(["2", "KQR", ""]))
def test_numbers_read_out_are_told_apart_and_carry_their_mark(number: int, mark: str) -> None:
    one = Ticket("r", mark, number, WAITING, "", "", "", "", 0)
    head, _, tail = one.spoken.rpartition("-")
    assert (head, int(tail)) == (mark, number)
    assert len(tail) >= 3


def test_every_standing_is_reached_from_every_other_so_that_no_mistake_is_final() -> None:
    for start in STANDINGS:
        reached, fresh = {start}, {start}
        while fresh:
            fresh = {to for one in fresh for to in MOVES[one]} - reached
            reached |= fresh
        assert reached == set(STANDINGS), start


def test_only_one_who_was_entered_is_done_and_a_call_may_be_said_again() -> None:
    assert [one for one in STANDINGS if queueing.may_move(one, DONE)] == [ENTERED]
    assert queueing.may_move(CALLED, CALLED)
    stays = [one for one in STANDINGS if queueing.may_move(one, one)]
    assert stays == [CALLED]


def test_a_standing_of_a_later_program_moves_nowhere_and_stands_last() -> None:
    odd = Ticket("x", "2", 1, "paused", "", "", "", "", 0)
    done = Ticket("d", "2", 2, DONE, "", "", "", "", 9)
    assert not any(queueing.may_move("paused", to) for to in STANDINGS)
    assert not any(queueing.may_move(one, "paused") for one in STANDINGS)
    assert queueing.in_order([odd, done]) == (done, odd)
    assert queueing.next_of([odd, done]) is None
