"""Scenario 15: laptops that never met give a thousand numbers, and none of them twice.

With it, what happens where a block ends: the computer goes on under a mark of its own, says so in
time, and a successor begins a block of its own. Nobody is turned away for want of a number.
"""

from __future__ import annotations

import os

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.parent_code import LENGTH, parent_code, read_code
from desktop_app.domain.receipt_number import is_receipt
from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.services.backup import back_up
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.lists import ListDesk
from desktop_app.services.numbering import block_standing
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.restoring import restore_by_password
from desktop_app.services.workplace import Workplace
from desktop_app.storage import journal
from desktop_app.sync.joining import use_ticket
from tests.services.kit import let_in, log_in
from tests.story.children import children
from tests.sync.site import PASSWORD, SCHOOL, Site, hand, reply, take

LAPTOPS = 5
CHILDREN = 200 if os.environ.get("ENROLLMENT_SCENARIOS") == "full" else 40
"""At each laptop; 200 are the scenario's."""
CLERK = "刘素琴"
LEAD = "赵志强"
BLOCK = 20


def register(laptop: Workplace, count: int) -> list[str]:
    desk = RegistrationDesk(laptop)
    return [desk.register(one).receipt_number for one in children(count)]


@pytest.mark.parametrize("joined", [True, False], ids=["with tickets", "without"])
def test_scenario_15_five_laptops_of_one_user_name_give_no_number_twice(
    site: Site, monkeypatch: pytest.MonkeyPatch, *, joined: bool
) -> None:
    """Same person's name, same minute, the same children even: only the computers differ."""
    now = wall_milliseconds()
    monkeypatch.setattr(journal, "wall_milliseconds", lambda: now)
    district = site.found() if joined else None
    given: list[str] = []
    for at in range(LAPTOPS):
        name = f"laptop {at}"
        lead = site.laptop(district, name) if district else site.set_up(name, "school", SCHOOL)
        let_in(lead, CLERK, Role.REGISTRAR)
        laptop = log_in(site, lead, CLERK)
        made = register(laptop, CHILDREN)
        for receipt in (made[0], made[-1]):
            code = parent_code(receipt)
            found = [one.receipt for one in ListDesk(laptop).search(code).lines]
            assert found == [receipt] or (code.isdecimal() and receipt in found)
        given += made
    assert len(set(given)) == LAPTOPS * CHILDREN
    assert all(map(is_receipt, given))
    codes = [parent_code(one) for one in given]
    assert {len(code) for code in codes} == {LENGTH} == {6}
    assert [read_code(code.lower()) for code in codes] == codes
    if joined:  # a laptop without a ticket draws its mark; its numbers are apart all the same
        assert len(set(codes)) == LAPTOPS * CHILDREN


@pytest.fixture
def small(site: Site, district: Workplace) -> Workplace:
    """Give a laptop whose ticket has few numbers."""
    office = DistrictOffice(district)
    laptop = site.set_up("small", "school", SCHOOL)
    ticket = office.issue(SCHOOL, "1", 101, 100 + BLOCK)
    use_ticket(laptop, ticket.file, ticket.code, office.fingerprint())
    return laptop


def test_it_is_time_for_a_new_block_when_a_tenth_is_left(small: Workplace) -> None:
    register(small, BLOCK - 3)
    assert not block_standing(small).is_low
    desk, (*_, last) = RegistrationDesk(small), children(BLOCK - 2)
    desk.register(last)
    standing = block_standing(small)
    assert (standing.left, standing.total, standing.spare, standing.is_low) == (
        2,
        BLOCK,
        False,
        True,
    )


def test_an_exhausted_block_turns_no_child_away(
    small: Workplace, district: Workplace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    given = register(small, BLOCK + 5)
    marks = [one.split("-")[1] for one in given]
    assert marks[:BLOCK] == ["1"] * BLOCK
    (own,) = set(marks[BLOCK:])
    assert own.isalnum()
    assert own[0].isalpha()
    assert len(set(given)) == BLOCK + 5
    assert all(map(is_receipt, given))
    assert block_standing(small).spare
    sticks = tmp_path_factory.mktemp("sticks")
    (taken,) = take(district, hand(small, sticks / "out").path)
    assert taken.outcome == "taken_in"
    take(small, reply(district, sticks / "back").path)
    assert block_standing(small).spare


def test_a_new_ticket_ends_the_spare_block(small: Workplace, district: Workplace) -> None:
    register(small, BLOCK + 1)
    office = DistrictOffice(district)
    ticket = office.issue(SCHOOL, "2", 201, 300)
    use_ticket(small, ticket.file, ticket.code, office.fingerprint())
    standing = block_standing(small)
    assert (standing.left, standing.total, standing.is_low) == (100, 100, False)
    (*_, last) = children(BLOCK + 2)
    receipt = RegistrationDesk(small).register(last).receipt_number
    assert receipt.split("-")[1::2][:2] == ["2", "0201"]


def test_a_successor_begins_a_block_of_its_own_and_gives_no_number_again(
    site: Site, small: Workplace, district: Workplace
) -> None:
    """Also where the lost laptop had gone on after the backup, and had used its block up."""
    before = register(small, BLOCK - 4)
    backup = site.folder / "backup"
    back_up(small, backup)
    (*_, late) = children(BLOCK - 3)
    lost = RegistrationDesk(small).register(late).receipt_number
    small.close()
    site.opened.remove(small)
    made = restore_by_password(backup, site.folder / "again", LEAD, PASSWORD, site.policy)
    site.opened.append(made.workplace)
    (*_, again) = children(BLOCK - 2)
    first = RegistrationDesk(made.workplace).register(again).receipt_number
    assert first not in {*before, lost}
    mark = first.split("-")[1]
    assert mark[0].isalpha()
    site.join(district, made.workplace)
    (*_, next_one) = children(BLOCK - 1)
    joined = RegistrationDesk(made.workplace).register(next_one).receipt_number
    assert joined.split("-")[1] not in {mark, "x"}
    assert len({*before, lost, first, joined}) == BLOCK - 4 + 3
