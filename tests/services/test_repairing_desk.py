"""The repair list at the desk: whose row it is, through the night, and what cannot be done twice."""

from __future__ import annotations

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.services.intake import WorkbookDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.repairing import RepairDesk
from desktop_app.services.workplace import Workplace
from tests.services.kit import let_in, log_in, number
from tests.services.test_intake import children, row
from tests.services.test_intake_laws import child, table
from tests.sync.site import Site, content

BAD = row(full_name="王子涵", id_number="4.19999E+17")
OTHER = child(3, category="Q7")
NAME = "刘素琴"


def brought(workplace: Workplace, *rows: tuple[str, ...]) -> list[str]:
    """Bring rows that cannot go in and give their names, in the order of the sheet."""
    desk = WorkbookDesk(workplace)
    desk.enter(desk.look(table(rows), "村.csv"))
    return [one.id for one in RepairDesk(workplace).lines()]


def test_who_brought_a_row_and_who_has_it_open_are_told_by_name(
    site: Site, laptop: Workplace
) -> None:
    first, second = brought(laptop, BAD, OTHER)
    let_in(laptop, NAME, Role.REGISTRAR)
    RepairDesk(laptop).open(first)
    registrar = log_in(site, laptop, NAME)
    lines = {one.id: one for one in RepairDesk(registrar).lines()}
    assert {one.brought_by for one in lines.values()} == {"赵志强"}
    assert (lines[first].in_hand_of, lines[first].mine) == ("赵志强", False)
    assert (lines[second].in_hand_of, lines[second].mine) == ("", False)


def test_what_one_has_open_the_other_neither_opens_nor_puts_away(
    site: Site, laptop: Workplace
) -> None:
    first, second = brought(laptop, BAD, OTHER)
    let_in(laptop, NAME, Role.REGISTRAR)
    RepairDesk(laptop).open(first)
    desk = RepairDesk(registrar := log_in(site, laptop, NAME))
    for act in (desk.open, desk.put_away):
        with pytest.raises(RuleError, match=r"repair\.in_hand"):
            act(first)
    assert RegistrationDesk(registrar).drafts() == ()
    desk.open(second)
    assert [one.id for one in RegistrationDesk(registrar).drafts()] == [second]
    assert {one.id: one.mine for one in desk.lines()} == {first: False, second: True}


def test_a_night_changes_nothing_about_the_list(site: Site, laptop: Workplace) -> None:
    first, _ = brought(laptop, BAD, OTHER)
    RepairDesk(laptop).open(first)
    before = RepairDesk(laptop).lines()
    reopened = site.again(laptop)
    assert RepairDesk(reopened).lines() == before
    assert [one.id for one in RegistrationDesk(reopened).drafts()] == [first]


def test_a_draft_thrown_away_takes_its_row_off_the_list_for_good(laptop: Workplace) -> None:
    first, second = brought(laptop, BAD, OTHER)
    RepairDesk(laptop).open(first)
    RegistrationDesk(laptop).drop_draft(first)
    assert [one.id for one in RepairDesk(laptop).lines()] == [second]
    assert brought(laptop, BAD, OTHER) == [second]
    assert children(laptop) == []


@pytest.mark.parametrize("name", ["", "nobody", "0" * 32])
def test_a_row_that_is_not_there_is_neither_opened_nor_put_away(
    laptop: Workplace, name: str
) -> None:
    desk = RepairDesk(laptop)
    for act in (desk.open, desk.put_away):
        with pytest.raises(StaleError, match=r"repair\.gone"):
            act(name)
    assert RegistrationDesk(laptop).drafts() == ()


def test_putting_away_twice_says_it_is_gone(laptop: Workplace) -> None:
    first, second = brought(laptop, BAD, OTHER)
    desk = RepairDesk(laptop)
    desk.put_away(first)
    for act in (desk.open, desk.put_away):
        with pytest.raises(StaleError, match=r"repair\.gone"):
            act(first)
    assert ([one.id for one in desk.lines()], desk.count()) == ([second], 1)


def test_a_row_mended_in_the_workbook_goes_in_and_its_old_line_waits_for_somebody(
    laptop: Workplace,
) -> None:
    (first,) = brought(laptop, BAD)
    assert brought(laptop, row(full_name="王子涵", id_number=number(order=300))) == [first]
    assert [one.text("full_name") for one in children(laptop)] == ["王子涵"]


def test_the_list_stays_on_this_computer(laptop: Workplace) -> None:
    before = content(laptop)
    first, second = brought(laptop, BAD, OTHER)
    desk = RepairDesk(laptop)
    desk.open(first)
    desk.put_away(second)
    assert content(laptop) == before, "whatever is done with it, no operation tells another seat"
