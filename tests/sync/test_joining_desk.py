"""Joining as the page does it: the ticket is found, the standing said, a successor is not joined."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.domain.errors import RuleError
from desktop_app.services.ticket_desk import TicketDesk
from desktop_app.services.workplace import Workplace, computer_folder
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.joining import JoiningDesk
from tests.sync.site import OTHER_SCHOOL, SCHOOL, Site


def test_a_laptop_joins_with_file_and_paper(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    given = TicketDesk(district).give_next(SCHOOL, tmp_path)
    laptop = site.set_up("fresh", "school", SCHOOL)
    desk = JoiningDesk(laptop)
    assert not desk.standing().joined
    assert not ExchangeDesk(laptop).board().joined
    with pytest.raises(RuleError):
        desk.join(given.path, "00000-00000-00000", given.fingerprint)
    assert not desk.standing().joined
    told = desk.join(given.path, given.code, given.fingerprint)
    assert told == desk.standing()
    assert told.joined
    assert told.district == district.seat.name
    assert told.mark.endswith("-1")
    assert ExchangeDesk(laptop).board().joined


def test_tickets_are_found_on_a_stick_this_schools_first(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    office = TicketDesk(district)
    other = office.give_next(OTHER_SCHOOL, tmp_path)
    own = office.give_next(SCHOOL, tmp_path / "tickets")
    desk = JoiningDesk(site.set_up("fresh", "school", SCHOOL))
    (tmp_path / "notes.txt").touch()
    assert desk.tickets(tmp_path) == (own.path, other.path)
    assert desk.tickets(own.path) == (own.path,)
    assert desk.tickets(tmp_path / "gone") == ()


def test_a_successor_has_to_join_again(site: Site, district: Workplace) -> None:
    laptop = site.laptop(district, "laptop")
    assert JoiningDesk(laptop).standing().joined
    laptop.close()
    site.opened.remove(laptop)
    for one in computer_folder(laptop.folder).iterdir():
        one.unlink()
    again = site.reopen("laptop")
    told = JoiningDesk(again).standing()
    assert (told.joined, told.number) == (False, 1)
    assert not ExchangeDesk(again).board().joined
