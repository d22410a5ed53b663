"""A ticket proves a laptop on the spot, to everybody, and serves once."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.domain.errors import ProductError, RuleError
from desktop_app.security.certificate import line_of
from desktop_app.services.attention import AttentionDesk
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.people import PeopleDesk
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage.numbers import next_number
from desktop_app.sync.identity import write_identity
from desktop_app.sync.joining import JoiningDesk, tickets_used_twice, use_ticket
from desktop_app.sync.revoking import revoke
from desktop_app.sync.verifying import verify_workplace
from tests.sync.site import (
    OTHER_SCHOOL,
    SCHOOL,
    Site,
    content,
    feed_of,
    hand,
    register,
    reply,
    row_of,
    state,
    take,
)


@pytest.fixture
def alone(site: Site) -> Workplace:
    """Give a laptop that has not joined."""
    return site.set_up("alone", "school", SCHOOL)


def test_a_ticket_makes_a_laptop_provable(
    site: Site, district: Workplace, alone: Workplace, tmp_path: Path
) -> None:
    applicant = register(alone)
    with alone.journal.begin(alone.actor(), SCHOOL) as work:
        work.edit("applicant", applicant, {"review": "passed"}, act="review", signed=True)
    site.join(district, alone)
    assert alone.district == district.district
    assert alone.session.generation > 1
    assert not alone.session.rotation_pending
    # What the first person signed before they had a ticket still stands, here and elsewhere.
    assert row_of(alone, "applicant", applicant)["review"] == "passed"
    (taken,) = take(district, hand(alone, tmp_path / "stick").path)
    assert taken.outcome == "taken_in"
    assert row_of(district, "applicant", applicant)["review"] == "passed"
    reopened = site.again(alone)
    assert reopened.district == district.district
    assert reopened.own_feed().identity is not None


def test_the_ticket_gives_the_numbers(site: Site, district: Workplace, alone: Workplace) -> None:
    office = DistrictOffice(district)
    ticket = office.issue(SCHOOL, "7", 5001, 5003)
    use_ticket(alone, ticket.file, ticket.code, office.fingerprint())
    with alone.journal.begin() as work:
        given = [next_number(work.connection) for _ in range(3)]
        with pytest.raises(RuleError, match=r"number\.exhausted"):
            next_number(work.connection)
    assert [number for _, number in given] == [5001, 5002, 5003]
    assert {mark.rpartition("-")[2] for mark, _ in given} == {"7"}


@pytest.mark.parametrize("wrong", ["code", "fingerprint", "file", "school", "seat"])
def test_a_wrong_ticket_changes_nothing(
    site: Site, district: Workplace, alone: Workplace, wrong: str
) -> None:
    office = DistrictOffice(district)
    other = office.issue(SCHOOL, "8", 1, 9)
    ticket = office.issue(OTHER_SCHOOL if wrong == "school" else SCHOOL, "7", 5001, 5003)
    file = ticket.file[:-9] if wrong == "file" else ticket.file
    code = other.code if wrong == "code" else ticket.code
    typed = "0000-0000-0000-0000" if wrong == "fingerprint" else office.fingerprint()
    workplace = district if wrong == "seat" else alone
    before = content(workplace)
    with pytest.raises(ProductError):
        use_ticket(workplace, file, code, typed)
    assert content(workplace) == before
    assert alone.district is None
    assert alone.own_feed().identity is None
    use_ticket(alone, other.file, other.code, office.fingerprint())
    assert alone.own_feed().identity is not None


def test_a_ticket_used_twice_is_a_finding(site: Site, district: Workplace, tmp_path: Path) -> None:
    office = DistrictOffice(district)
    ticket = office.issue(SCHOOL, "7", 5001, 5003)
    feeds = []
    for name in ("one", "two"):
        laptop = site.set_up(name, "school", SCHOOL)
        use_ticket(laptop, ticket.file, ticket.code, office.fingerprint())
        feeds.append(laptop.own_feed().facts.feed)
        take(district, hand(laptop, tmp_path / "stick").path)
        shutil.rmtree(tmp_path / "stick")
    ((_, found),) = tickets_used_twice(district)
    assert set(found) == set(feeds)
    assert tickets_used_twice(site.opened[-1]) == []


def test_a_ticket_speaks_for_the_lost_computers_a_folder_came_from(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    """One that never joined wrote a child; its folder was copied to another that joins."""
    lost = site.set_up("lost", "school", SCHOOL)
    child, feed = register(lost), lost.own_feed().facts.feed
    shutil.copytree(lost.folder, site.folder / "copied")
    lost.close()
    site.opened.remove(lost)
    copied = site.reopen("copied")
    site.join(district, copied)
    (taken,) = take(district, hand(copied, tmp_path / "stick").path)
    assert (taken.outcome, taken.waiting) == ("taken_in", ())
    assert feed in taken.feeds
    assert row_of(district, "applicant", child)["full_name"] == "单梓涵"
    assert tickets_used_twice(district) == []


def test_an_ended_laptop_that_takes_a_new_ticket_begins_another_feed_and_all_it_writes_counts(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    laptop = site.laptop(district, "laptop")
    early = register(laptop)
    take(district, hand(laptop, tmp_path / "before").path)
    old = feed_of(laptop)
    revoke(district, old)
    void = register(laptop, "单子墨")
    site.join(district, laptop)
    assert feed_of(laptop) != old
    later = register(laptop, "单子轩")
    (taken,) = take(district, hand(laptop, tmp_path / "after").path)
    assert taken.outcome == "taken_in"
    assert row_of(district, "applicant", early)
    assert row_of(district, "applicant", later)
    assert not row_of(district, "applicant", void), "it was written after the end"
    take(laptop, reply(district, tmp_path / "back").path)
    assert state(laptop) == state(district)
    reopened = site.again(laptop)
    assert reopened.succeeded is None
    assert feed_of(reopened) != old
    assert verify_workplace(reopened, Progress()).flaws == ()


def test_a_second_ticket_for_more_numbers_keeps_the_feed(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    laptop = site.laptop(district, "laptop")
    other = site.laptop(district, "other")
    take(district, hand(other, tmp_path / "other").path)
    revoke(district, feed_of(other))
    before = feed_of(laptop)
    site.join(district, laptop)
    assert feed_of(laptop) == before


def test_whoever_set_a_laptop_up_and_joined_is_nobody_s_open_matter(
    site: Site, district: Workplace, alone: Workplace, tmp_path: Path
) -> None:
    """Their first words lost the lead they rested on; what the ticket granted stands."""
    assert AttentionDesk(alone).count() == 0
    site.join(district, alone)
    take(district, hand(alone, tmp_path / "stick").path)
    for one in (alone, district):
        assert (AttentionDesk(one).count(), AttentionDesk(one).page().lines) == (0, ())


def test_persons_granted_here_are_known_at_the_district(
    site: Site, district: Workplace, alone: Workplace, tmp_path: Path
) -> None:
    site.join(district, alone)
    people = {line.name: line.roles for line in PeopleDesk(alone).lines()}
    take(district, hand(alone, tmp_path / "stick").path)
    person = row_of(district, "person", alone.person)
    assert person["full_name"] in people


def test_an_identity_is_read_back() -> None:
    assert line_of(None) is None
    assert line_of(write_identity("{}")) is None
    assert line_of(write_identity("{}", "ssh-x AAAA")) == "ssh-x AAAA"


def test_a_stick_pulled_while_tickets_are_looked_for_has_none(
    alone: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulled(*_: object) -> Iterator[Path]:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Path, "glob", pulled)
    assert JoiningDesk(alone).tickets(tmp_path) == ()
