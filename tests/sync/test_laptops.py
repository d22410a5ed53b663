"""What the district is told of its laptops: twins of one ticket, forks, limits, forged admissions."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.people import PeopleDesk
from desktop_app.services.workplace import Workplace
from desktop_app.sync import hello
from desktop_app.sync.accepting import request
from desktop_app.sync.admission import take_admission
from desktop_app.sync.joining import use_ticket
from desktop_app.sync.laptops import MEMBER, STRANGER, LaptopDesk, LaptopLine
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
    take,
)
from tests.sync.test_admitting import NAME, accepted, let_in, of
from tests.sync.test_gaps_and_forks import clone, put_back


def line_of(district: Workplace, feed: str) -> LaptopLine:
    return next(one for one in LaptopDesk(district).lines() if one.feed == feed)


def test_a_ticket_used_twice_names_both_laptops(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    office = DistrictOffice(district)
    ticket = office.issue(SCHOOL, "7", 5001, 5003)
    feeds = []
    for name in ("one", "two"):
        laptop = site.set_up(name, "school", SCHOOL)
        use_ticket(laptop, ticket.file, ticket.code, office.fingerprint())
        take(district, hand(laptop, tmp_path / name).path)
        feeds.append(feed_of(laptop))
    one, two = feeds
    assert line_of(district, one).twins == (two,)
    assert line_of(district, two).twins == (one,)
    first, second, *_ = LaptopDesk(district).lines()
    assert {first.feed, second.feed} == {one, two}
    assert first.needs_look
    LaptopDesk(district).revoke(one)
    assert not line_of(district, one).needs_look


def test_a_fork_is_named_and_both_branches_are_kept(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    take(district, hand(laptop, tmp_path / "before").path)
    laptop = site.again(laptop)
    laptop.close()
    site.opened.remove(laptop)
    clone(laptop, tmp_path / "image")
    branches, feed, there = [], "", content(district)
    for name in ("单梓涵", "李梓涵"):
        one = site.reopen("laptop")
        branches.append(register(one, name))
        take(district, hand(one, tmp_path / name).path)
        feed, there = feed_of(one), content(one)
        one.close()
        site.opened.remove(one)
        put_back(tmp_path / "image", site.folder)
    line = line_of(district, feed)
    assert line.fork is not None
    assert line.needs_look
    held = content(district)[feed]
    assert len(held) >= line.fork
    assert there[feed][: line.fork - 1] == held[: line.fork - 1]
    assert there[feed][line.fork - 1] != held[line.fork - 1]
    assert row_of(district, "applicant", branches[0])["full_name"] == "单梓涵"
    with district.database.read() as connection:
        apart = connection.exec_driver_sql("SELECT count(*) FROM quarantine").scalar_one()
    assert apart > 0


def test_a_limit_at_another_hash_than_is_held_is_named(
    district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    """Whoever holds another branch than the district speaks of is told so, and asks for it."""
    register(laptop)
    take(district, hand(laptop, tmp_path / "one").path)
    feed = feed_of(laptop)
    district.ensure_feed(SCHOOL)
    with district.journal.begin(district.actor(), SCHOOL) as work:
        values: dict[str, Value] = {"feed": feed, "sequence": 2, "hash": "0" * 64}
        work.create("feed_limit", values, signed=True)
    assert line_of(district, feed).fork == 0
    (taken,) = take(district, hand(laptop, tmp_path / "two").path)
    assert (taken.forks, taken.lacking, taken.revoked) == ((), (feed,), (feed,))
    assert line_of(district, feed).fork == 1


def test_a_school_cannot_let_anybody_in_by_an_admission_of_its_own(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    """It is stored, listed as not counting, and gives nobody a certificate."""
    stranger = site.set_up("stranger", "school", SCHOOL)
    feed = feed_of(stranger)
    with laptop.journal.begin(laptop.actor(), SCHOOL) as work:
        line = (laptop.own_feed().identity or b"").decode()[:400]
        values: dict[str, Value] = {"feed": feed, "certificate": line, "person": stranger.person}
        work.create("admission", values, record=feed, signed=True)
    take(district, hand(laptop, tmp_path / "stick").path)
    for workplace in (laptop, district):
        assert row_of(workplace, "admission", feed) == {}
    with district.database.read() as connection:
        verdicts = connection.exec_driver_sql("SELECT verdict FROM projected_attention").all()
    assert ("not_owner",) in [tuple(one) for one in verdicts]
    (tmp_path / "asked").mkdir()
    request(stranger, tmp_path / "asked")
    LaptopDesk(district).meet(tmp_path / "asked")
    assert line_of(district, feed).state == STRANGER
    assert hello.siblings(district, SCHOOL) == []


@pytest.mark.parametrize("whose", ["another laptop's", "another school's", "a ticket's"])
def test_a_certificate_that_is_not_this_laptops_own_is_not_taken(
    site: Site, district: Workplace, tmp_path: Path, whose: str
) -> None:
    """An officer's slip, or a cheat with an officer's seat, gives a laptop nothing."""
    alone = site.set_up("alone", "school", SCHOOL)
    other = site.set_up("other", "school", SCHOOL)
    office = DistrictOffice(district)
    key = other.computer.key.public if whose == "another laptop's" else alone.computer.key.public
    school = OTHER_SCHOOL if whose == "another school's" else SCHOOL
    line = office.certify(school, key, "9", 1, 9)
    if whose == "a ticket's":
        site.join(district, other)
        line = (other.own_feed().identity or b"").decode()
    (tmp_path / "asked").mkdir()
    let_in(district, alone, request(alone, tmp_path / "asked"))
    feed = feed_of(alone)
    with district.journal.begin(district.actor(), SCHOOL) as work:
        work.edit("admission", feed, {"certificate": line[:4000]}, signed=True)
    done = accepted(alone, district, tmp_path / "answer")
    assert not done.joined
    assert not take_admission(alone)
    assert alone.own_feed().identity is None


def test_a_restored_laptop_joins_again_by_telephone_with_the_same_people(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    """It knows the district, its people are known, only its key is new."""
    child = register(laptop)
    take(district, hand(laptop, tmp_path / "before").path)
    shutil.copytree(laptop.folder, site.folder / "copied")
    again = site.reopen("copied")
    late = register(again, "李梓涵")
    stick = tmp_path / "stick"
    hand(again, stick)
    (waits,) = take(district, stick)
    assert waits.outcome == "waiting"
    assert line_of(district, feed_of(again)).bundles == 1
    _, taken = LaptopDesk(district).admit(feed_of(again), of(again), NAME)
    assert [one.outcome for one in taken] == ["taken_in"]
    for record in (child, late):
        assert row_of(district, "applicant", record)
    take(again, reply(district, tmp_path / "answer").path)
    assert again.own_feed().identity is not None
    assert line_of(district, feed_of(again)).state == MEMBER
    assert row_of(district, "person", again.person)["full_name"] == NAME


def test_whoever_was_ended_lets_no_laptop_in(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    take(district, hand(laptop, tmp_path / "before").path)
    shutil.copytree(laptop.folder, site.folder / "copied")
    again = site.reopen("copied")
    district.ensure_feed(SCHOOL)
    with district.journal.begin(district.actor(), SCHOOL) as work:
        values: dict[str, Value] = {"ended": True, "acts_until": ""}
        work.edit("person", again.person, values, act="end", signed=True)
    (tmp_path / "asked").mkdir()
    asked = request(again, tmp_path / "asked")
    before = content(district)
    with pytest.raises(RuleError, match=r"join\.person_ended"):
        let_in(district, again, asked)
    assert content(district) == before
    assert line_of(district, feed_of(laptop)).people


def test_only_an_officer_lets_laptops_in_and_ends_them(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    from desktop_app.domain.acts import Role
    from tests.sync.site import PASSWORD

    take(district, hand(laptop, tmp_path / "stick").path)
    PeopleDesk(district).add("督导员", PASSWORD, [Role.AUDITOR])
    name = district.folder.name
    district.close()
    site.opened.remove(district)
    auditor = site.reopen(name, "督导员")
    alone = site.set_up("alone", "school", SCHOOL)
    (tmp_path / "asked").mkdir()
    for attempt in (
        lambda: let_in(auditor, alone, request(alone, tmp_path / "asked")),
        lambda: LaptopDesk(auditor).revoke(feed_of(laptop)),
    ):
        with pytest.raises(RuleError, match=r"people\.not_allowed"):
            attempt()


def test_what_siblings_carry_on_of_an_ended_laptop_is_named_once(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    sibling = site.laptop(district, "sibling")
    register(laptop)
    take(district, hand(laptop, tmp_path / "one").path)
    LaptopDesk(district).revoke(feed_of(laptop), 2)
    take(district, hand(sibling, tmp_path / "two").path)
    take(sibling, reply(district, tmp_path / "back").path)
    register(laptop, "李梓涵")
    hello.leave(sibling, tmp_path / "one", SCHOOL)
    take(sibling, hand(laptop, tmp_path / "one").path)
    (first,) = take(district, hand(sibling, tmp_path / "three").path)
    (second,) = take(district, hand(sibling, tmp_path / "four").path)
    assert (first.revoked, second.revoked) == ((feed_of(laptop),), ())
