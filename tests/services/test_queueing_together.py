"""One queue at several laptops: what each did meets by stick, and all show the same after it."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.domain.queueing import CALLED, DONE, ENTERED, LEFT, WAITING, Ticket
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services import queueing as services
from desktop_app.services.calendar import local_day
from desktop_app.services.lists import ListDesk
from desktop_app.services.queueing import QueueDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import read_rows
from tests.services.conftest import Exchange
from tests.services.kit import VILLAGE, let_in, log_in, registered
from tests.sync.site import Site


def shown(workplace: Workplace) -> tuple[Ticket, ...]:
    return QueueDesk(workplace).view().tickets


def refusal(desk: QueueDesk, record: str, standing: str) -> str:
    with pytest.raises(RuleError) as caught:
        desk.move(record, standing)
    return caught.value.code


def agreed(laptop: Workplace, other: Workplace) -> tuple[Ticket, ...]:
    here = shown(laptop)
    assert here == shown(other)
    return here


# --- two laptops ----------------------------------------------------------------------------------


def test_both_call_one_number_apart_and_then_agree_at_which_desk(
    laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    here, there = QueueDesk(laptop), QueueDesk(other)
    given = here.give(VILLAGE, "A1")
    meet()
    first, second = here.call_next(), there.call_next()
    assert first.record == second.record == given.record
    assert first.desk != second.desk
    meet()
    (ticket,) = agreed(laptop, other)
    assert ticket.standing == CALLED
    assert ticket.desk in {first.desk, second.desk}
    assert ListDesk(laptop).counts()["conflict"] == 0, "nobody is bothered with it"


def test_what_one_entered_and_the_other_gave_up_stands_alike_and_keeps_the_child(
    laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    here, there = QueueDesk(laptop), QueueDesk(other)
    record = here.give(VILLAGE, "A1").record
    meet()
    there.move(record, LEFT)
    here.link("draft", record)
    child = registered(laptop)
    assert here.entered("draft", child) is not None
    meet()
    (ticket,) = agreed(laptop, other)
    assert ticket.standing in {LEFT, ENTERED}
    assert ticket.applicant == child
    onward = ENTERED if ticket.standing == LEFT else DONE
    assert there.move(record, onward).standing == onward


def test_a_number_given_at_one_laptop_is_called_and_entered_at_the_other(
    laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    given = QueueDesk(laptop).give(VILLAGE, "A1")
    assert shown(other) == (), "nothing came over yet"
    meet()
    there = QueueDesk(other)
    called = there.call_next(VILLAGE)
    assert (called.record, called.mark) == (given.record, given.mark)
    assert called.desk != given.mark, "it is called at the laptop that called it"
    there.link("d", given.record)
    child = registered(other)
    assert there.entered("d", child)
    meet()
    (ticket,) = agreed(laptop, other)
    assert (ticket.standing, ticket.applicant, ticket.spoken) == (ENTERED, child, given.spoken)


def test_who_waits_longest_is_called_whichever_laptop_gave_the_number(
    laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    here, there = QueueDesk(laptop), QueueDesk(other)
    given = [desk.give("", "").record for desk in (there, here, here, there)]
    meet()
    came = [one.record for one in agreed(laptop, other)]
    assert sorted(came) == sorted(given)
    assert [here.call_next().record for _ in given] == came


def test_numbers_of_a_laptop_go_on_after_the_others_came_and_after_a_night(
    site: Site, laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    first = QueueDesk(laptop).give("", "")
    for _ in range(3):
        QueueDesk(other).give("", "")
    meet()
    second = QueueDesk(laptop).give("", "")
    again = site.again(laptop)
    third = QueueDesk(again).give("", "")
    assert [one.number for one in (first, second, third)] == [1, 2, 3]
    assert {one.mark for one in (first, second, third)} == {first.mark}
    spoken = [one.spoken for one in shown(again)]
    assert len(set(spoken)) == len(spoken) == 6


# --- the day --------------------------------------------------------------------------------------


def test_the_next_day_begins_with_an_empty_list_and_number_one(
    laptop: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = QueueDesk(laptop)
    desk.give(VILLAGE, "A1")
    yesterday = desk.give("", "")
    tomorrow = local_day() + dt.timedelta(days=1)
    monkeypatch.setattr(services, "local_day", lambda: tomorrow)
    assert desk.view().tickets == ()
    with pytest.raises(RuleError) as caught:
        desk.call_next()
    assert caught.value.code == "queue.nobody", "nobody of yesterday is called"
    fresh = desk.give("", "")
    assert (fresh.number, fresh.mark) == (1, yesterday.mark)
    assert fresh.record != yesterday.record
    assert [one.record for one in desk.view().tickets] == [fresh.record]


def test_counts_are_those_of_the_list_and_nobody_is_counted_twice(laptop: Workplace) -> None:
    desk = QueueDesk(laptop)
    records = [desk.give("", "").record for _ in range(4)]
    desk.call_next()
    desk.move(records[1], LEFT)
    view = desk.view()
    counts = {one: view.count(one) for one in (WAITING, CALLED, ENTERED, DONE, LEFT)}
    assert counts == {WAITING: 2, CALLED: 1, ENTERED: 0, DONE: 0, LEFT: 1}
    assert view.count(*counts) == len(view.tickets) == 4
    assert view.count() == 0


# --- where a number goes --------------------------------------------------------------------------


def test_who_did_not_come_may_come_yet_and_waits_where_they_waited(laptop: Workplace) -> None:
    desk = QueueDesk(laptop)
    first, second = desk.give("", ""), desk.give("", "")
    desk.call_next()
    desk.move(first.record, LEFT)
    assert refusal(desk, first.record, DONE) == "queue.moved"
    desk.move(first.record, WAITING)
    assert desk.call_next().record == first.record
    assert desk.call_next().record == second.record


def test_a_refused_move_says_the_number_and_changes_nothing(laptop: Workplace) -> None:
    desk = QueueDesk(laptop)
    given = desk.give(VILLAGE, "A1")
    with pytest.raises(RuleError) as caught:
        desk.move(given.record, DONE)
    assert caught.value.details == {"number": given.spoken}
    assert shown(laptop) == (given,)
    assert refusal(desk, given.record, "nowhere") == "queue.moved"


def test_what_the_policy_does_not_know_gets_no_number(laptop: Workplace) -> None:
    desk = QueueDesk(laptop)
    for village, category in (("1", ""), ("", "Z9"), (VILLAGE, "Z9"), ("1", "A1")):
        with pytest.raises(RuleError) as caught:
            desk.give(village, category)
        assert caught.value.code == "queue.unknown"
    assert shown(laptop) == ()
    assert desk.give("", "").number == 1, "no number is lost by a refusal"


def test_a_draft_without_a_number_and_one_whose_number_is_gone_are_registered_all_the_same(
    laptop: Workplace,
) -> None:
    desk, child = QueueDesk(laptop), registered(laptop)
    assert desk.entered("walked in", child) is None
    desk.link("strange", "no such record")
    assert desk.entered("strange", child) is None
    desk.taken_back("no such record", "again")
    assert desk.entered("again", child) is None
    given = desk.give("", "")
    desk.link("twice", given.record)
    desk.link("other", given.record)
    assert desk.entered("twice", child) is not None
    assert desk.entered("other", child) is None, "another draft took this number in before"
    (ticket,) = shown(laptop)
    assert (ticket.standing, ticket.applicant) == (ENTERED, child)


def test_a_number_called_again_after_its_case_was_taken_back_names_no_child(
    laptop: Workplace,
) -> None:
    desk = QueueDesk(laptop)
    given = desk.give(VILLAGE, "A1")
    desk.link("d", given.record)
    assert desk.entered("d", registered(laptop))
    desk.taken_back(given.record, "d again")
    (ticket,) = shown(laptop)
    assert (ticket.standing, ticket.applicant) == (CALLED, "")


def test_the_link_of_a_draft_stays_at_its_computer_over_the_night(
    site: Site, laptop: Workplace
) -> None:
    desk = QueueDesk(laptop)
    given = desk.give("", "")
    desk.link("draft", given.record)
    again = site.again(laptop)
    entered = QueueDesk(again).entered("draft", registered(again))
    assert entered is not None
    assert entered.record == given.record


# --- who, and what is written ---------------------------------------------------------------------


def test_whoever_only_reviews_moves_no_number(site: Site, laptop: Workplace) -> None:
    record = QueueDesk(laptop).give("", "").record
    let_in(laptop, "周敏", Role.REVIEWER)
    let_in(laptop, "刘芳", Role.REVIEWER, Role.REGISTRAR)
    reviewer = QueueDesk(log_in(site, laptop, "周敏"))
    assert refusal(reviewer, record, LEFT) == "queue.not_allowed"
    both = QueueDesk(log_in(site, site.opened[-1], "刘芳"))
    assert both.view().may
    assert both.move(record, LEFT).standing == LEFT


def test_a_ticket_names_nobody_in_what_is_handed_on(laptop: Workplace) -> None:
    desk = QueueDesk(laptop)
    given = desk.give(VILLAGE, "A1")
    desk.link("d", given.record)
    child = registered(laptop)
    desk.entered("d", child)
    with laptop.database.read() as connection:
        (row,) = read_rows(connection, RECORD_TYPES["queue_ticket"], laptop.seat.scope, {})
    assert row.values["applicant"] == child
    said = " ".join(map(str, row.values.values()))
    assert all(
        word not in said for word in ("罗雨桐", "罗志远", "419999", "13800001234", "3组27号")
    )
    settings = laptop.settings.named("queue.draft.")
    assert set(settings.values()) <= {""}, "nothing is kept of the draft once it is entered"


def test_a_slip_says_where_which_number_and_by_which_policy(laptop: Workplace) -> None:
    desk = QueueDesk(laptop)
    given = desk.give(VILLAGE, "A1")
    slip = desk.slip(given)
    assert (slip.school, slip.number) == (laptop.seat.name, given.spoken)
    assert slip.village == laptop.policy.villages[VILLAGE].label
    assert slip.source == laptop.policy.title
    assert not slip.practice
    wanted = [one.label for one in slip.papers if one.wanted]
    assert len(wanted) == len(set(wanted)) > 0
    blank = desk.slip(desk.give("", ""))
    assert blank.papers == desk.papers("gone") == ()
