"""Joining without a ticket: fingerprints compared by telephone, at both ends."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import ProductError, RuleError, UntrustedError
from desktop_app.security.certificate import line_of
from desktop_app.security.paper import fingerprint
from desktop_app.services.people import PeopleDesk
from desktop_app.services.progress import Progress
from desktop_app.services.ticket_book import TicketBook
from desktop_app.services.ticket_desk import TicketDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.digest import state_digest
from desktop_app.storage.numbers import next_number
from desktop_app.sync.accepting import Accepted, RequestDesk, accept, request
from desktop_app.sync.bundle import read_outer
from desktop_app.sync.laptops import MEMBER, REVOKED, STRANGER, LaptopDesk, LaptopLine
from desktop_app.sync.siteboard import site_board
from desktop_app.sync.verifying import verify_workplace
from tests.sync.site import (
    OTHER_SCHOOL,
    PASSWORD,
    SCHOOL,
    Site,
    content,
    feed_of,
    hand,
    kept,
    register,
    reply,
    row_of,
    take,
)

NAME = "陈国梁"


@pytest.fixture
def alone(site: Site) -> Workplace:
    """Give a laptop that has no ticket."""
    return site.set_up("alone", "school", SCHOOL)


@pytest.fixture
def asked(alone: Workplace, tmp_path: Path) -> Path:
    """Give what it leaves on a stick."""
    folder = tmp_path / "asked"
    folder.mkdir()
    return request(alone, folder)


def of(workplace: Workplace) -> str:
    """Read a laptop's fingerprint out, as by telephone."""
    return fingerprint(workplace.computer.key.public)


def root_of(district: Workplace) -> str:
    return LaptopDesk(district).fingerprint()


def let_in(district: Workplace, laptop: Workplace, asked: Path) -> None:
    LaptopDesk(district).admit_file(asked, of(laptop), NAME)


def accepted(laptop: Workplace, district: Workplace, place: Path) -> Accepted:
    made = reply(district, place, laptop.seat.scope)
    return accept(laptop, made.path, root_of(district), Progress())


def line_about(district: Workplace, laptop: Workplace) -> LaptopLine:
    feed = feed_of(laptop)
    return next(one for one in LaptopDesk(district).lines() if one.feed == feed)


def state(workplace: Workplace) -> str:
    with workplace.database.read() as connection:
        return state_digest(connection, SCHOOL)


def test_a_laptop_without_a_ticket_joins_by_two_fingerprints(
    district: Workplace, alone: Workplace, asked: Path, tmp_path: Path
) -> None:
    """It worked all the time; what it wrote and signed before counts everywhere afterwards."""
    child = register(alone)
    with alone.journal.begin(alone.actor(), SCHOOL) as work:
        work.edit("applicant", child, {"review": "passed"}, act="review", signed=True)
    registrar = PeopleDesk(alone).add("刘素琴", PASSWORD, [Role.REGISTRAR])
    LaptopDesk(district).meet(asked.parent)
    waiting = line_about(district, alone)
    assert (waiting.state, waiting.fingerprint, waiting.school) == (STRANGER, of(alone), SCHOOL)
    LaptopDesk(district).admit(feed_of(alone), of(alone), NAME)
    done = accepted(alone, district, tmp_path / "answer")
    assert done.joined
    assert [one.outcome for one in done.taken] == ["taken_in"]
    assert alone.district == district.district
    assert line_of(alone.own_feed().identity)
    assert alone.session.generation > 1
    assert not alone.session.rotation_pending
    with alone.journal.begin() as work:
        mark, number = next_number(work.connection)
    (stub,) = TicketBook(district).given(SCHOOL)
    assert (mark.rpartition("-")[2], number) == (stub.mark, stub.first)
    (taken,) = take(district, hand(alone, tmp_path / "stick").path)
    assert (taken.outcome, taken.waiting) == ("taken_in", ())
    assert row_of(district, "applicant", child)["review"] == "passed"
    assert row_of(district, "person", alone.person)["full_name"] == NAME
    assert row_of(district, "person", registrar.person_id)["roles"] == "registrar"
    take(alone, reply(district, tmp_path / "again").path)
    assert state(alone) == state(district)
    member = line_about(district, alone)
    assert (member.state, member.mark) == (MEMBER, stub.mark)
    assert set(member.people) == {NAME, "刘素琴"}
    # The board says who works there, too: the district granted them, in a feed of its own.
    mine = site_board(alone).lines[0]
    assert (mine.own, set(mine.people)) == (True, {NAME, "刘素琴"})
    for workplace in (alone, district):
        assert not verify_workplace(workplace, Progress()).flaws


def test_what_waited_in_the_inbox_comes_in_when_fingerprints_were_compared(
    site: Site, district: Workplace, alone: Workplace, asked: Path, tmp_path: Path
) -> None:
    """It had accepted the district already, so it could pack; nobody vouched for it yet."""
    site.laptop(district, "sibling")
    take(district, hand(site.opened[-1], tmp_path / "sibling stick").path)
    child = register(alone)
    document = reply(district, tmp_path / "early")
    with pytest.raises(UntrustedError, match=r"bundle\.wrong_recipient"):
        accept(alone, document.path, root_of(district), Progress())
    assert alone.district is None
    let_in(district, alone, asked)
    done = accepted(alone, district, tmp_path / "answer")
    assert done.joined
    # Another laptop of the same kind whose bundle comes before anybody telephoned:
    other = site.set_up("other", "school", SCHOOL)
    _believe(other, district)
    grandchild = register(other, "李梓涵")
    stick = tmp_path / "stick"
    made = hand(other, stick)
    (waits,) = take(district, stick)
    assert (waits.outcome, kept(district)) == ("waiting", [f"{made.digest}.enb"])
    assert line_about(district, other).bundles == 1
    _, taken = LaptopDesk(district).admit(feed_of(other), of(other), "李明")
    assert [(one.outcome, one.fresh > 0) for one in taken] == [("taken_in", True)]
    assert kept(district) == []
    assert row_of(district, "applicant", grandchild)["full_name"] == "李梓涵"
    take(district, hand(alone, tmp_path / "first").path)
    assert row_of(district, "applicant", child)["full_name"] == "单梓涵"


def _believe(laptop: Workplace, district: Workplace) -> None:
    """Have a laptop know the district without being known to it, as a restored one does."""
    from desktop_app.services.setup import renew_district
    from desktop_app.services.trust_store import held_district, store_district

    signed = held_district(district.database)
    assert signed is not None
    store_district(laptop.database, signed.data, signed.signature.encode())
    renew_district(laptop)


Wrong = Callable[[Workplace, Workplace, Path], object]


@pytest.mark.parametrize(
    ("code", "attempt"),
    [
        (
            "join.fingerprint",
            lambda district, _, path: LaptopDesk(district).admit_file(path, of(district), NAME),
        ),
        (
            "paper.length",
            lambda district, _, path: LaptopDesk(district).admit_file(path, "ABCD", NAME),
        ),
        (
            "vault.bad_name",
            lambda district, alone, path: LaptopDesk(district).admit_file(path, of(alone), "  "),
        ),
        (
            "people.roles",
            lambda district, alone, path: LaptopDesk(district).admit_file(
                path, of(alone), NAME, frozenset({Role.OFFICER})
            ),
        ),
        (
            "join.other_school",
            lambda district, alone, path: LaptopDesk(district).admit_file(
                path, of(alone), NAME, school=OTHER_SCHOOL
            ),
        ),
        (
            "join.no_hello",
            lambda district, alone, _: LaptopDesk(district).admit(feed_of(alone), of(alone), NAME),
        ),
    ],
)
def test_what_is_not_in_order_lets_nobody_in_and_changes_nothing(
    district: Workplace, alone: Workplace, asked: Path, code: str, attempt: Wrong
) -> None:
    before = content(district)
    with pytest.raises(RuleError) as refused:
        attempt(district, alone, asked)
    assert refused.value.code == code
    assert content(district) == before
    assert TicketBook(district).given(SCHOOL) == ()
    if code == "join.other_school":
        names = list(refused.value.details.values())
        assert any(OTHER_SCHOOL in str(one) for one in names)
        assert any(SCHOOL in str(one) for one in names)


def test_a_request_altered_or_exchanged_on_its_way_lets_nobody_in(
    site: Site, district: Workplace, alone: Workplace, asked: Path, tmp_path: Path
) -> None:
    """A thief puts their own key in: either the signature or the fingerprint gives it away."""
    thief = site.set_up("thief", "school", SCHOOL)
    (tmp_path / "thief").mkdir()
    exchanged = request(thief, tmp_path / "thief")
    with pytest.raises(RuleError, match=r"join\.fingerprint"):
        LaptopDesk(district).admit_file(exchanged, of(alone), NAME)
    text = asked.read_text()
    altered = text.replace(alone.session.seal.recipient, thief.session.seal.recipient)
    assert altered != text
    asked.write_text(altered)
    with pytest.raises(UntrustedError, match=r"hello\.bad_signature"):
        LaptopDesk(district).admit_file(asked, of(alone), NAME)
    assert TicketBook(district).given(SCHOOL) == ()


def test_another_schools_answer_is_refused_with_both_names(
    site: Site, district: Workplace, alone: Workplace, asked: Path, tmp_path: Path
) -> None:
    elsewhere = site.laptop(district, "elsewhere", OTHER_SCHOOL)
    take(district, hand(elsewhere, tmp_path / "stick").path)
    let_in(district, alone, asked)
    made = reply(district, tmp_path / "answer", OTHER_SCHOOL)
    before = content(alone)
    with pytest.raises(RuleError) as refused:
        accept(alone, made.path, root_of(district), Progress())
    assert refused.value.code == "join.other_school"
    assert SCHOOL in str(refused.value.details["ours"])
    assert OTHER_SCHOOL in str(refused.value.details["theirs"])
    assert (content(alone), alone.district, kept(alone)) == (before, None, [])


def test_a_wrong_district_fingerprint_changes_nothing(
    district: Workplace, alone: Workplace, asked: Path, tmp_path: Path
) -> None:
    let_in(district, alone, asked)
    made = reply(district, tmp_path / "answer")
    before = content(alone)
    for typed in (of(alone), "ABCD-EFGH"):
        with pytest.raises(ProductError):
            accept(alone, made.path, typed, Progress())
    assert (content(alone), alone.district, kept(alone)) == (before, None, [])
    assert accept(alone, made.path, root_of(district), Progress()).joined


def test_only_an_answer_can_be_accepted_and_only_at_a_school(
    district: Workplace, laptop: Workplace, alone: Workplace, tmp_path: Path
) -> None:
    submission = hand(laptop, tmp_path / "stick").path
    with pytest.raises(RuleError, match=r"join\.not_answer"):
        accept(alone, submission, root_of(district), Progress())
    with pytest.raises(RuleError, match=r"join\.not_school"):
        accept(district, submission, root_of(district), Progress())
    with pytest.raises(RuleError, match=r"join\.not_school"):
        request(district, tmp_path)


def test_a_grant_played_again_gives_nothing_twice(
    district: Workplace, alone: Workplace, asked: Path, tmp_path: Path
) -> None:
    let_in(district, alone, asked)
    with pytest.raises(RuleError, match=r"join\.let_in_before"):
        let_in(district, alone, asked)
    assert len(TicketBook(district).given(SCHOOL)) == 1
    done = accepted(alone, district, tmp_path / "answer")
    assert done.joined
    identity, generation = alone.own_feed().identity, alone.session.generation
    with alone.journal.begin() as work:
        before = next_number(work.connection)
    take(alone, tmp_path / "answer")
    assert (alone.own_feed().identity, alone.session.generation) == (identity, generation)
    with alone.journal.begin() as work:
        assert next_number(work.connection) == (before[0], before[1] + 1)


def test_marks_and_numbers_are_of_one_book_with_the_tickets(
    site: Site, district: Workplace, alone: Workplace, asked: Path, tmp_path: Path
) -> None:
    TicketDesk(district).give_next(SCHOOL, tmp_path)
    let_in(district, alone, asked)
    TicketDesk(district).give_next(SCHOOL, tmp_path)
    given = TicketBook(district).given(SCHOOL)
    assert [one.mark for one in given] == ["1", "2", "3"]
    ends = [(one.first, one.last) for one in given]
    assert all(one[1] < other[0] for one, other in pairwise(ends))
    # A district that goes on from a backup of before still knows what its feeds prove.
    district.settings.set(f"tickets.{SCHOOL}", "[]")
    assert [one.mark for one in TicketBook(district).given(SCHOOL)] == ["2"]


def test_siblings_know_a_laptop_that_was_let_in_by_telephone(
    site: Site,
    district: Workplace,
    laptop: Workplace,
    alone: Workplace,
    asked: Path,
    tmp_path: Path,
) -> None:
    child = register(alone)
    let_in(district, alone, asked)
    accepted(alone, district, tmp_path / "answer")
    stick = tmp_path / "stick"
    stick.mkdir()
    take(laptop, stick)
    take(alone, stick)
    hand(alone, stick)
    (taken,) = take(laptop, stick)
    assert (taken.outcome, taken.waiting) == ("taken_in", ())
    assert row_of(laptop, "applicant", child)["full_name"] == "单梓涵"


def test_a_power_cut_in_the_middle_of_accepting_is_gone_through_again(
    district: Workplace,
    alone: Workplace,
    asked: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from desktop_app.sync import admission

    let_in(district, alone, asked)
    made = reply(district, tmp_path / "answer")

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(admission, "_take_numbers", cut)
        with pytest.raises(KeyboardInterrupt):
            accept(alone, made.path, root_of(district), Progress())
    assert alone.own_feed().identity is None
    assert accept(alone, made.path, root_of(district), Progress()).joined


# --- ending a laptop ---------------------------------------------------------------------------


def test_a_spare_laptop_takes_the_place_of_a_lost_one(
    site: Site,
    district: Workplace,
    laptop: Workplace,
    alone: Workplace,
    asked: Path,
    tmp_path: Path,
) -> None:
    before = register(laptop)
    take(district, hand(laptop, tmp_path / "before").path)
    lost = feed_of(laptop)
    ended = LaptopDesk(district).revoke(lost, reason="丢失")
    assert (ended.sequence, ended.void) == (len(content(district)[lost]), 0)
    let_in(district, alone, asked)
    assert accepted(alone, district, tmp_path / "answer").joined
    # What the lost one had handed over is here; what it is packed for now is not for its people.
    assert row_of(alone, "applicant", before)["full_name"] == "单梓涵"
    for made in (hand(alone, tmp_path / "out"), reply(district, tmp_path / "back")):
        with made.path.open("rb") as file:
            sealed_to = read_outer(file).manifest.recipients
        assert laptop.session.seal.recipient not in sealed_to
        assert alone.session.seal.recipient in sealed_to
    # Its disk turns up: once more up to there, the rest is kept, void and named.
    after = register(laptop, "李梓涵")
    (taken,) = take(district, hand(laptop, tmp_path / "found").path)
    assert (taken.outcome, taken.revoked) == ("taken_in", (lost,))
    assert content(district)[lost] == content(laptop)[lost]
    assert row_of(district, "applicant", before)["full_name"] == "单梓涵"
    assert row_of(district, "applicant", after) == {}
    line = line_about(district, laptop)
    assert (line.state, line.limit) == (REVOKED, ended.sequence)
    assert line.held > ended.sequence


def test_a_limit_may_be_set_before_what_is_held_and_is_never_raised(
    district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    first = register(laptop)
    take(district, hand(laptop, tmp_path / "one").path)
    desk, feed = LaptopDesk(district), feed_of(laptop)
    until = len(content(district)[feed])
    second = register(laptop, "李梓涵")
    take(district, hand(laptop, tmp_path / "two").path)
    held = len(content(district)[feed])
    with pytest.raises(RuleError, match=r"revoke\.beyond"):
        desk.revoke(feed, held + 1)
    assert desk.revoke(feed, until).void == held - until
    assert row_of(district, "applicant", first)
    assert row_of(district, "applicant", second) == {}
    with pytest.raises(RuleError, match=r"revoke\.before"):
        desk.revoke(feed)
    desk.revoke(feed, 1)
    assert row_of(district, "applicant", first) == {}
    assert line_about(district, laptop).limit == 1


def test_a_revoked_laptop_that_tries_again_stays_out(
    site: Site, district: Workplace, alone: Workplace, asked: Path, tmp_path: Path
) -> None:
    let_in(district, alone, asked)
    accepted(alone, district, tmp_path / "answer")
    old = tmp_path / "old"
    shutil.copytree(tmp_path / "answer", old)
    LaptopDesk(district).revoke(feed_of(alone))
    for again in (asked, request(alone, tmp_path / "answer")):
        with pytest.raises(RuleError, match=r"join\.revoked"):
            LaptopDesk(district).admit_file(again, of(alone), NAME)
    assert feed_of(alone) not in {
        one.feed for one in LaptopDesk(district).lines() if one.state != REVOKED
    }
    with pytest.raises(RuleError, match=r"bundle\.nobody_there"):
        reply(district, tmp_path / "nobody")


def test_who_was_granted_elsewhere_too_is_still_served(
    site: Site, district: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    """The folder was restored on another computer, with the same keys of the same person."""
    take(district, hand(laptop, tmp_path / "before").path)
    lost = feed_of(laptop)
    shutil.copytree(laptop.folder, site.folder / "copied")
    again = site.reopen("copied")
    site.join(district, again)
    take(district, hand(again, tmp_path / "after").path)
    LaptopDesk(district).revoke(lost)
    assert again.person == laptop.person
    with reply(district, tmp_path / "back").path.open("rb") as file:
        assert again.session.seal.recipient in read_outer(file).manifest.recipients


def test_only_the_district_ends_laptops_and_only_those_it_knows(
    district: Workplace, laptop: Workplace
) -> None:
    with pytest.raises(RuleError, match=r"revoke\.unknown"):
        LaptopDesk(district).revoke(feed_of(laptop))
    with pytest.raises(RuleError, match=r"revoke\.unknown"):
        LaptopDesk(district).revoke(feed_of(district))
    with pytest.raises(RuleError, match=r"office\.not_district"):
        LaptopDesk(laptop)


def test_a_laptop_is_found_by_mark_or_feed(
    site: Site, district: Workplace, alone: Workplace, asked: Path, tmp_path: Path
) -> None:
    let_in(district, alone, asked)
    other = site.set_up("other", "school", OTHER_SCHOOL)
    (tmp_path / "other").mkdir()
    let_in(district, other, request(other, tmp_path / "other"))
    desk, feed = LaptopDesk(district), feed_of(alone)
    known = district.district
    school = None if known is None else known.school(SCHOOL)
    assert school is not None
    assert desk.find(feed) == desk.find(feed[:8]) == desk.find(f"{school.mark}-1") == feed
    assert desk.find("1", SCHOOL) == feed
    with pytest.raises(RuleError, match=r"revoke\.several"):
        desk.find("1")
    with pytest.raises(RuleError, match=r"revoke\.unknown"):
        desk.find("77")


def test_what_another_laptop_packed_is_not_offered_as_an_answer(
    site: Site, district: Workplace, alone: Workplace, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    made = hand(site.laptop(district, "joined"), stick).path
    back = reply(district, stick).path
    broken = stick / f"{SCHOOL}-broken-1.enb"
    broken.write_bytes(b"no bundle at all")
    found = RequestDesk(alone).answers(stick)
    assert made not in found
    assert {*found} == {back, broken}  # whoever takes the broken one hears why
