"""Giving tickets at the district: marks never repeat, and a ticket that was not made costs none."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.domain.errors import RuleError, WorkplaceError
from desktop_app.security.ticket import open_ticket
from desktop_app.services.ticket_desk import TicketDesk
from desktop_app.services.workplace import Workplace
from desktop_app.sync.joining import use_ticket
from tests.sync.site import OTHER_SCHOOL, SCHOOL, Site, hand, take


def test_tickets_of_a_school_have_marks_and_numbers_of_their_own(
    district: Workplace, tmp_path: Path
) -> None:
    desk = TicketDesk(district)
    given = [desk.give_next(SCHOOL, tmp_path) for _ in range(3)]
    other = desk.give_next(OTHER_SCHOOL, tmp_path)
    assert [one.stub.mark for one in given] == ["1", "2", "3"]
    assert other.stub.mark == "1"
    assert given[0].stub.last < given[1].stub.first <= given[1].stub.last < given[2].stub.first
    assert len(list(tmp_path.glob("*.ticket"))) == 4
    line = next(one for one in desk.schools() if one.school == SCHOOL)
    assert (line.marks, line.following) == (("1", "2", "3"), "4")


def test_the_ticket_opens_with_its_paper_and_the_code_lies_nowhere_near(
    district: Workplace, tmp_path: Path
) -> None:
    given = TicketDesk(district).give_next(SCHOOL, tmp_path / "stick")
    opened = open_ticket(given.path.read_bytes(), given.code, given.fingerprint)
    assert (opened.grant.school, opened.grant.mark) == (SCHOOL, "1")
    told = b"".join(one.read_bytes() for one in (tmp_path / "stick").iterdir())
    assert given.code.encode() not in told
    assert given.code.replace("-", "").encode() not in told


def test_what_could_not_be_written_gives_no_mark_away(district: Workplace, tmp_path: Path) -> None:
    desk = TicketDesk(district)
    (tmp_path / f"{SCHOOL}-1.ticket").write_text("an older one")
    with pytest.raises(RuleError) as refused:
        desk.give_next(SCHOOL, tmp_path)
    assert refused.value.code == "ticket.file_exists"
    (tmp_path / "file").touch()
    with pytest.raises(WorkplaceError):
        desk.give_next(SCHOOL, tmp_path / "file")
    assert desk.give_next(SCHOOL, tmp_path / "empty").stub.mark == "1"


def test_a_school_gives_no_tickets(site: Site, district: Workplace) -> None:
    with pytest.raises(RuleError, match=r"office\.not_district"):
        TicketDesk(site.laptop(district, "laptop"))


def test_a_used_ticket_is_told_from_an_unused_one(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    desk = TicketDesk(district)
    given = [desk.give_next(SCHOOL, tmp_path / "tickets") for _ in range(2)]
    laptop = site.set_up("laptop", "school", SCHOOL)
    use_ticket(laptop, given[1].path.read_bytes(), given[1].code, given[1].fingerprint)

    def standing() -> tuple[tuple[str, ...], tuple[str, ...]]:
        line = next(one for one in desk.schools() if one.school == SCHOOL)
        assert line.is_example, "the shipped package's schools are made up"
        return line.marks, line.joined

    assert standing() == (("1", "2"), ()), "until something of it has come, nobody knows"
    take(district, hand(laptop, tmp_path / "stick").path)
    assert standing() == (("1", "2"), ("2",))
