"""Two records of one child: merged, told, taken back; by laptops that do not know of each other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.conflicts import ConflictDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.merging import MergeDesk
from desktop_app.services.progress import Progress
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.digest import state_digest
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.verifying import verify_workplace
from tests.services.conftest import Exchange
from tests.services.kit import form, registered
from tests.sync.site import SCHOOL


@pytest.fixture
def pair(laptop: Workplace, other: Workplace, meet: Exchange) -> tuple[str, str]:
    """Register one child at both laptops, that meet then; the older record first."""
    older = registered(laptop)
    younger = registered(other, hukou_address="3组28号")
    meet()
    return older, younger


def names(workplace: Workplace) -> set[str]:
    return {line.record for line in ListDesk(workplace).page("all").lines}


def edit(workplace: Workplace, record: str, **values: Value) -> None:
    with workplace.journal.begin(workplace.actor(), SCHOOL) as work:
        work.edit("applicant", record, values)


def whats(workplace: Workplace) -> list[str]:
    return [line.what for line in ConflictDesk(workplace).page().lines]


def one_state(*workplaces: Workplace) -> bool:
    """Say whether all hold one state, each shows it alike, and each verifies."""
    found = set()
    for one in workplaces:
        with one.database.read() as connection:
            found.add(state_digest(connection, SCHOOL))
        assert verify_workplace(one, Progress()).flaws == ()
    shown = {frozenset(names(one)) for one in workplaces[:2]}
    return len(found) == len(shown) == 1


def test_one_number_registered_twice_waits_for_a_person(
    laptop: Workplace, other: Workplace, pair: tuple[str, str]
) -> None:
    for one in (laptop, other):
        (line,) = ConflictDesk(one).page().lines
        assert (line.what, line.name) == ("pair", "罗雨桐")
    view = MergeDesk(laptop).compare(*pair)
    assert view.matter == "pair"
    assert [side.stays for side in view.sides] == [True, True]
    assert next(side.laptop for side in view.sides) == "own"
    assert all(side.masked_number.startswith("419999****") for side in view.sides)


@pytest.mark.parametrize("stays", [0, 1])
def test_merged_it_leaves_lists_counts_and_duplicates_and_comes_back_exactly(
    laptop: Workplace,
    other: Workplace,
    district: Workplace,
    pair: tuple[str, str],
    meet: Exchange,
    stays: int,
) -> None:
    keep, gone = pair[stays], pair[1 - stays]
    desk, lists = MergeDesk(laptop), ListDesk(laptop)
    before, counts = lists.page("all").lines, lists.counts()
    assert counts["all"] == 2
    desk.merge(gone, keep)
    assert names(laptop) == {keep}
    assert lists.counts()["all"] == lists.counts()["complete"] == 1
    assert {one.finding.other for one in RegistrationDesk(laptop).duplicates(form())} == {keep}
    assert ConflictDesk(laptop).count() == 0
    assert ExchangeDesk(laptop).board().counts.declared == 1
    meet()
    assert names(other) == {keep}
    assert one_state(laptop, other, district)
    (line,) = ConflictDesk(other).merged().lines
    assert (line.what, line.name) == ("merged", "罗雨桐")
    MergeDesk(other).separate(gone)
    meet()
    assert lists.page("all").lines == before
    assert lists.counts() == counts
    assert MergeDesk(laptop).twin_of(gone) == ""
    assert whats(laptop) == []
    assert one_state(laptop, other, district)


def test_search_finds_the_merged_one_and_says_where_it_went(
    laptop: Workplace, pair: tuple[str, str]
) -> None:
    keep, gone = pair
    MergeDesk(laptop).merge(gone, keep)
    found = {line.record: line for line in ListDesk(laptop).search("罗雨桐").lines}
    assert found[gone].state == "merged"
    assert found[gone].into == found[keep].receipt != ""
    assert found[keep].into == ""
    passed = ListDesk(laptop).search("罗雨桐", "to_review").lines
    assert [line.record for line in passed] == [keep]


def test_the_story_of_the_one_that_stays_tells_of_both(
    laptop: Workplace, pair: tuple[str, str]
) -> None:
    keep, gone = pair
    MergeDesk(laptop).merge(gone, keep)
    events = CaseDesk(laptop).open(keep).events
    assert [event.act for event in events].count("registered") == 2
    assert [event.act for event in events][-1] == "merged"
    assert CaseDesk(laptop).open(gone).merged_into == keep
    MergeDesk(laptop).separate(gone)
    assert [one.act for one in CaseDesk(laptop).open(gone).events][-1] == "separated"
    assert "registered" in [one.act for one in CaseDesk(laptop).open(keep).events]


def test_each_laptop_merged_into_the_other_is_told_and_loses_nobody(
    laptop: Workplace,
    other: Workplace,
    district: Workplace,
    pair: tuple[str, str],
    meet: Exchange,
) -> None:
    older, younger = pair
    MergeDesk(laptop).merge(older, younger)
    MergeDesk(other).merge(younger, older)
    assert (names(laptop), names(other)) == ({younger}, {older})
    meet()
    assert one_state(laptop, other, district)
    assert names(laptop) == {older}
    assert whats(laptop) == whats(other) == ["tangled"]
    MergeDesk(other).confirm(younger)
    meet()
    assert names(laptop) == names(other) == {older}
    assert whats(laptop) == []
    assert one_state(laptop, other, district)
    MergeDesk(laptop).separate(younger)
    assert names(laptop) == {older, younger}


def test_a_tangle_comes_apart_by_one_key(
    laptop: Workplace, other: Workplace, pair: tuple[str, str], meet: Exchange
) -> None:
    older, younger = pair
    MergeDesk(laptop).merge(older, younger)
    MergeDesk(other).merge(younger, older)
    meet()
    MergeDesk(laptop).separate(younger)
    meet()
    assert names(laptop) == names(other) == {older, younger}


@pytest.mark.parametrize("what", ["applicant", "guardian"])
def test_an_edit_of_the_merged_one_by_somebody_who_did_not_know_is_told(
    laptop: Workplace,
    other: Workplace,
    district: Workplace,
    pair: tuple[str, str],
    meet: Exchange,
    what: str,
) -> None:
    keep, gone = pair
    MergeDesk(laptop).merge(gone, keep)
    with other.journal.begin(other.actor(), SCHOOL) as work:
        if what == "applicant":
            work.edit("applicant", gone, {"current_address": "新址"})
        else:
            (guardian,) = work.rows("guardian", applicant=gone)
            work.edit("guardian", guardian.record, {"phone": "13900000000"})
    assert whats(laptop) == []
    meet()
    assert whats(laptop) == whats(other) == ["changed"]
    assert names(other) == {keep}
    MergeDesk(other).confirm(gone)
    meet()
    assert whats(laptop) == whats(other) == []
    assert one_state(laptop, other, district)


def test_the_one_that_stays_may_be_removed_and_the_other_is_back(
    laptop: Workplace, other: Workplace, pair: tuple[str, str], meet: Exchange
) -> None:
    keep, gone = pair
    MergeDesk(laptop).merge(gone, keep)
    RegistrationDesk(other).take_back(keep)
    meet()
    assert names(laptop) == names(other) == {gone}
    assert one_state(laptop, other)


def test_a_merge_taken_back_here_and_confirmed_there_waits_for_nobody_twice(
    laptop: Workplace, other: Workplace, pair: tuple[str, str], meet: Exchange
) -> None:
    keep, gone = pair
    MergeDesk(laptop).merge(gone, keep)
    meet()
    MergeDesk(laptop).separate(gone)
    edit(other, gone, current_address="新址")
    MergeDesk(other).confirm(gone)
    meet()
    assert one_state(laptop, other)
    assert names(laptop) == {keep, gone}


def test_two_children_with_one_number_stay_two_and_are_not_asked_about_again(
    laptop: Workplace, other: Workplace, pair: tuple[str, str], meet: Exchange
) -> None:
    MergeDesk(laptop).dispute(*pair)
    meet()
    assert whats(laptop) == whats(other) == []
    assert {line.state for line in ListDesk(laptop).page("all").lines} == {"to_review"}
    assert CaseDesk(other).open(pair[0]).in_conflict
    assert CaseDesk(other).open(pair[1]).in_conflict


def test_nothing_is_merged_into_itself_or_twice(laptop: Workplace, pair: tuple[str, str]) -> None:
    desk = MergeDesk(laptop)
    with pytest.raises(RuleError) as caught:
        desk.merge(pair[0], pair[0])
    assert caught.value.code == "merge.itself"
    desk.merge(pair[1], pair[0])
    late: tuple[Callable[[], None], ...] = (
        partial(desk.merge, pair[1], pair[0]),
        partial(desk.merge, pair[0], pair[1]),
        partial(desk.separate, pair[0]),
        partial(desk.confirm, pair[0]),
    )
    for again in late:
        with pytest.raises(StaleError) as stale:
            again()
        assert stale.value.code == "conflict.settled"
