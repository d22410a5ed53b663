"""The queue desk: numbers by laptop, called and taken into the form, merged by stick."""

from __future__ import annotations

import pytest

from desktop_app.documents.queue_slip import queue_slip_html
from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.services.queueing import QueueDesk
from desktop_app.services.workplace import Workplace
from tests.services.conftest import Exchange
from tests.services.kit import VILLAGE, let_in, log_in, registered
from tests.sync.site import Site


def standing(desk: QueueDesk) -> list[tuple[str, str]]:
    return [(one.spoken, one.standing) for one in desk.view().tickets]


def test_numbers_are_given_called_taken_in_and_done(laptop: Workplace) -> None:
    desk = QueueDesk(laptop)
    first, second = desk.give(VILLAGE, "A1"), desk.give("", "")
    assert (first.number, second.number) == (1, 2)
    called = desk.call_next()
    assert (called.record, called.desk) == (first.record, first.mark)
    desk.link("draft", first.record)
    child = registered(laptop)
    entered = desk.entered("draft", child)
    assert entered is not None
    assert (entered.standing, entered.applicant) == ("entered", child)
    assert desk.entered("draft", child) is None
    desk.taken_back(first.record, "again")
    assert desk.view().tickets[0].standing == "called"
    assert desk.entered("again", child) is not None
    assert desk.move(first.record, "done").standing == "done"
    with pytest.raises(RuleError) as refused:
        desk.move(first.record, "left")
    assert refused.value.code == "queue.moved"


def test_who_comes_next_is_of_the_village_asked_for(laptop: Workplace) -> None:
    desk = QueueDesk(laptop)
    desk.give("", "")
    own = desk.give(VILLAGE, "A1")
    assert desk.call_next(VILLAGE).record == own.record
    with pytest.raises(RuleError) as refused:
        desk.call_next(VILLAGE)
    assert refused.value.code == "queue.nobody"
    with pytest.raises(RuleError) as refused:
        desk.give("000000000000", "")
    assert refused.value.code == "queue.unknown"


def test_numbers_of_two_laptops_meet_by_stick_and_never_collide(
    laptop: Workplace, other: Workplace, meet: Exchange
) -> None:
    here, there = QueueDesk(laptop), QueueDesk(other)
    given = [desk.give(VILLAGE, "A1").spoken for desk in (here, there, here, there)]
    assert len(set(given)) == 4
    there.call_next()
    meet()
    assert standing(here) == standing(there)
    assert {number for number, _ in standing(here)} == set(given)


def test_whoever_is_no_registrar_gives_and_calls_nobody(site: Site, laptop: Workplace) -> None:
    QueueDesk(laptop).give("", "")
    let_in(laptop, "周敏", Role.REVIEWER)
    desk = QueueDesk(log_in(site, laptop, "周敏"))
    assert not desk.view().may
    with pytest.raises(RuleError) as refused:
        desk.give("", "")
    assert refused.value.code == "queue.not_allowed"
    with pytest.raises(RuleError) as refused:
        desk.call_next()
    assert refused.value.code == "queue.not_allowed"
    assert desk.view().count("waiting") == 1


def test_the_slip_names_the_papers_and_no_special_group(laptop: Workplace) -> None:
    desk = QueueDesk(laptop)
    for category in laptop.policy.categories_of("P1"):
        view = desk.slip(desk.give(VILLAGE, category.code))
        assert sum(paper.wanted for paper in view.papers) == len(category.required.parts)
        markup = queue_slip_html(view)
        assert view.number in markup
        for word in ("随迁", "留守", "残", "孤"):
            assert word not in markup
