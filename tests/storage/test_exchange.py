"""What is packed is measured to the byte; what went out, came in and stands where is told as noted."""

from __future__ import annotations

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError, WorkplaceError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.storage import exchange
from desktop_app.storage.branches import count_apart, keep_apart
from desktop_app.storage.exchange import Carried, Received
from desktop_app.storage.journal import Committed, Journal
from desktop_app.storage.numbers import grant_block, next_number, numbers_left, used_marks
from desktop_app.storage.overview import attention, feeds_overview
from tests.feeds.kit import Somebody, holds
from tests.storage.conftest import MakeLaptop
from tests.storage.kit import PRINCIPAL, Laptop


@pytest.mark.parametrize(("after", "to"), [(0, 6), (0, 3), (2, 5), (3, 3), (5, 99)])
def test_a_range_is_measured_as_it_is_written(laptop: Laptop, after: int, to: int) -> None:
    for _ in range(3):
        laptop.register()
    number = laptop.feeds()[laptop.feed].number
    with laptop.database.read() as connection:
        measured = exchange.measure(connection, number, after, to)
        lines = list(exchange.lines_of(connection, number, after, to))
    assert measured.operations == len(lines) == max(min(to, 6) - after, 0)
    assert measured.size == sum(map(len, lines))


def test_applicants_of_a_range_are_counted_once_however_often_they_were_written(
    laptop: Laptop,
) -> None:
    records = [laptop.register() for _ in range(3)]
    laptop.edit("applicant", records[0], current_address="3组27号")
    number = laptop.feeds()[laptop.feed].number
    with laptop.database.read() as connection:

        def counted(*ranges: tuple[int, int]) -> int:
            places = ((number, after, to) for after, to in ranges)
            return exchange.count_applicants(connection, places)

        assert counted((0, 99)) == 3
        assert counted((0, 2), (6, 99)) == 1
        assert counted((0, 4), (4, 99)) == 3
        assert counted((99, 99)) == counted() == 0


def test_merged_and_taken_back_applicants_are_counted_as_they_stand(laptop: Laptop) -> None:
    records = [laptop.register() for _ in range(4)]
    laptop.remove("applicant", records[3])
    places = [(laptop.feeds()[laptop.feed].number, 0, 99)]
    with laptop.database.write() as connection:
        assert exchange.count_applicants(connection, places) == 3
        merge = "UPDATE projected_applicant SET twin = ? WHERE record = ?"
        connection.exec_driver_sql(merge, (records[1], records[2]))
        assert exchange.count_applicants(connection, places) == 2


def carried(number: int, at: int, purpose: str = "submission") -> Carried:
    return Carried(number, purpose, f"{number}.enb", "d" * 64, {"f": 9, "e": number}, 9, 2, at)


def test_what_was_carried_is_given_back_the_latest_first(laptop: Laptop) -> None:
    with laptop.database.write() as connection:
        for one in (carried(1, 50), carried(2, 70), carried(3, 70), carried(1, 60, "answer")):
            exchange.note_carried(connection, one)
        found = exchange.carried_bundles(connection)
        assert [(one.number, one.carried_at) for one in found] == [
            (3, 70),
            (2, 70),
            (1, 60),
            (1, 50),
        ]
        assert found[0] == carried(3, 70)
        assert exchange.last_bundle_number(connection, "submission") == 3
        assert exchange.last_bundle_number(connection, "answer") == 1
        assert exchange.last_bundle_number(connection, "other") == 0


def test_a_number_given_to_an_export_that_was_never_packed_is_not_given_again(
    laptop: Laptop,
) -> None:
    laptop.grant(PRINCIPAL, Role.PRINCIPAL)
    with laptop.journal.begin(laptop.actor(PRINCIPAL)) as work:
        values: dict[str, Value] = {"number": 7, "purpose": "submission", "recipients": "age1"}
        work.create("bundle_export", values | {"reaches": "f:1"}, signed=True)
    with laptop.database.write() as connection:
        exchange.note_carried(connection, carried(3, 50))
        assert exchange.last_bundle_number(connection, "submission") == 7


def received(fresh: int, outcome: str, gaps: dict[str, tuple[int, int]]) -> Received:
    return Received("d" * 64, "one.enb", "sender", 9, fresh, outcome, 50, gaps)


def test_a_bundle_that_comes_again_adds_what_was_fresh_and_fills_its_gaps(laptop: Laptop) -> None:
    waiting = received(2, "pending", {"feedb": (3, 4), "feeda": (1, 9)})
    with laptop.database.write() as connection:
        exchange.note_received(connection, waiting)
        assert exchange.received_bundles(connection) == [waiting]
        exchange.note_received(connection, received(7, "taken_in", {}))
        assert exchange.received_bundles(connection) == [received(9, "taken_in", {})]


def test_who_joined_with_one_ticket_twice_is_named(make_laptop: MakeLaptop) -> None:
    laptop, twin, other = make_laptop(), make_laptop("twin"), make_laptop("x", lead=Somebody("y"))
    for one in (twin, other):
        laptop.learn(one.feeds()[one.feed])
    with laptop.database.write() as connection:
        assert exchange.shared_leads(connection) == []
        connection.exec_driver_sql("UPDATE feed SET identity = x'00'")
        ((_, feeds),) = exchange.shared_leads(connection)
    assert set(feeds) == {laptop.feed, twin.feed}


def test_how_far_each_feed_has_come_is_told_in_four_words(make_laptop: MakeLaptop) -> None:
    desk = make_laptop()
    record = desk.register()
    with desk.database.write() as connection:
        for number, sequence in ((1, 1), (2, 2)):
            one = Carried(number, "submission", "", "", {desk.feed: sequence}, 1, 1, number)
            exchange.note_carried(connection, one)
        (line,) = feeds_overview(connection)
    assert record
    assert (line.feed, line.scope, line.own) == (desk.feed, desk.scope, True)
    assert (line.declared, line.carried, line.received) == (2, 2, 0)
    assert (line.registered, line.decided) == (1, 0)


def test_what_does_not_count_is_listed_page_by_page(make_laptop: MakeLaptop) -> None:
    laptop = make_laptop()
    for _ in range(5):
        laptop.create("applicant", faith="x")
    with laptop.database.read() as connection:
        whole = attention(connection, None, 100)
        pages = [attention(connection, None, 2)]
        while pages[-1]:
            pages.append(attention(connection, pages[-1][-1].key, 2))
    assert [line.sequence for line in whole] == [1, 2, 3, 4, 5]
    assert [line for page in pages for line in page] == list(whole)
    assert {line.feed for line in whole} == {laptop.feed}


@pytest.mark.parametrize(("first", "last"), [(5, 5), (1, 100), (10, 12), (3, 9), (0, 2), (3, 2)])
def test_blocks_of_one_mark_never_overlap(laptop: Laptop, first: int, last: int) -> None:
    with laptop.database.write() as connection:
        grant_block(connection, "ZHW-2", 5, 10)
    with pytest.raises(RuleError, match=r"number\.overlap"), laptop.database.write() as connection:
        grant_block(connection, "ZHW-2", first, last)
    with laptop.database.write() as connection:
        grant_block(connection, "ZHW-2", 5, 10)
        grant_block(connection, "ZHW-3", 5, 10)
        assert numbers_left(connection) == 12
        assert used_marks(connection) == {"ZHW-2", "ZHW-3"}
        assert next_number(connection) == ("ZHW-2", 5)


def test_a_commit_stands_when_what_follows_it_is_refused_by_the_disk(laptop: Laptop) -> None:
    """The anchor is noted after the commit: told as failed, the child would be made twice."""
    heard: list[Committed] = []

    def refuse(commit: Committed) -> None:
        heard.append(commit)
        raise WorkplaceError("disk.full")

    laptop.journal = Journal(laptop.database, RECORD_TYPES, holds, tuple, refuse)
    record = laptop.register()
    assert laptop.row("applicant", record) is not None
    assert [set(one.heads) for one in heard] == [{laptop.feed}]


def test_a_fork_names_where_the_branch_left(make_laptop: MakeLaptop) -> None:
    laptop, other = make_laptop(), make_laptop("other")
    other.register()
    with laptop.database.write() as connection:
        assert exchange.forks(connection) == {}
        for operation in reversed(other.operations()):
            keep_apart(connection, operation, "fork")
            keep_apart(connection, operation, "fork")
        assert exchange.forks(connection) == {other.feed: (1,)}
        assert count_apart(connection) == {other.feed: (1, len(other.operations()))}
