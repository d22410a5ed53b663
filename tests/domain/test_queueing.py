"""The queue of a day: who comes next, and where a ticket may go."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain import codes_desk, queueing
from desktop_app.domain.queueing import Ticket


def ticket(number: int, standing: str = "waiting", **more: object) -> Ticket:
    values: dict[str, object] = {
        "record": f"r{more.get('mark', '2')}{number}",
        "mark": "2",
        "number": number,
        "standing": standing,
        "village": "",
        "category": "",
        "desk": "",
        "applicant": "",
        "given_at": number,
    }
    return Ticket(**(values | more))  # type: ignore[arg-type]


def test_every_standing_of_the_code_list_has_its_ways_and_leads_only_to_known_ones() -> None:
    known = {one.value for one in codes_desk.QUEUE_STATE.entries}
    assert set(queueing.MOVES) == known
    assert {to for ways in queueing.MOVES.values() for to in ways} <= known


def test_the_longest_waiting_comes_next_of_all_or_of_a_village() -> None:
    queue = [ticket(3), ticket(1, "called"), ticket(2, village="a"), ticket(9, "left")]
    assert queueing.next_of(queue) == queue[2]
    assert queueing.next_of(queue, "b") is None
    assert queueing.next_of([*queue, ticket(8, village="b")], "b") == ticket(8, village="b")


def test_a_number_is_said_with_the_mark_of_its_laptop() -> None:
    assert ticket(17, mark="KQR").spoken == "KQR-017"
    assert ticket(17, mark="").spoken == "017"


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 40)), max_size=30))
def test_numbers_of_a_mark_never_come_twice_whatever_the_others_gave(
    given_: list[tuple[str, int]],
) -> None:
    queue = [ticket(number, mark=mark) for mark, number in given_]
    fresh = ticket(queueing.next_number(queue, "A"), mark="A")
    assert fresh.spoken not in {one.spoken for one in queue}


def test_the_list_shows_who_was_called_and_then_who_waits() -> None:
    queue = [ticket(1, "done"), ticket(2, "left"), ticket(4), ticket(3), ticket(5, "called")]
    assert [one.number for one in queueing.in_order(queue)] == [5, 3, 4, 2, 1]
    counted = queueing.waiting_by_village([ticket(1, village="b"), ticket(2, village="a"), *queue])
    assert list(counted.items()) == [("", 2), ("a", 1), ("b", 1)]
