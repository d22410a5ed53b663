"""A forked feed and a limit: the branch an officer named stands everywhere, and nothing is lost."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError
from desktop_app.messages.catalogue import shipped
from desktop_app.services.attention import BRANCH, AttentionDesk
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage.branches import count_apart
from desktop_app.storage.oplog import load_feeds
from desktop_app.sync import outbox, packing
from desktop_app.sync.branching import lacking, named_places, settle
from desktop_app.sync.inbox import TakenIn
from desktop_app.sync.intake import FORKED, intake_details
from desktop_app.sync.laptops import LaptopDesk
from desktop_app.sync.verifying import verify_workplace
from tests.sync.forger import Forger, heads_text, inner_tar, opened
from tests.sync.site import (
    OTHER_SCHOOL,
    SCHOOL,
    Site,
    content,
    exchange_all,
    feed_of,
    hand,
    register,
    reply,
    row_of,
    state,
    take,
)
from tests.sync.test_gaps_and_forks import clone, put_back

ONE, TWO = "单梓涵", "李梓涵"


@dataclass
class Forked:
    """A laptop whose disk was copied: two branches on sticks, who holds what, and its feed."""

    site: Site
    district: Workplace
    siblings: list[Workplace]
    feed: str
    sticks: dict[str, Path]
    children: dict[str, str]
    common: str
    written: dict[str, list[bytes]]

    def held(self, workplace: Workplace) -> set[bytes]:
        """Give every operation of the feed a holder has, in the log or apart."""
        with workplace.database.read() as connection:
            apart = connection.exec_driver_sql(
                "SELECT header, payload FROM quarantine WHERE feed = ?", (self.feed,)
            ).all()
        lines = {b'{"header":%b,"payload":%b}\n' % tuple(row) for row in apart}
        log = content(workplace).get(self.feed, [])
        assert not lines & set(log)
        return lines | set(log)

    def stands(self, workplace: Workplace, which: str) -> None:
        """See that a branch, and only that branch, is what a holder shows."""
        log = content(workplace)[self.feed]
        assert log == self.written[which][: len(log)]
        assert row_of(workplace, "applicant", self.common)
        for name, child in self.children.items():
            assert bool(row_of(workplace, "applicant", child)) is (name == which), name
        assert not verify_workplace(workplace, Progress()).flaws

    def apart(self, workplace: Workplace) -> int:
        with workplace.database.read() as connection:
            return count_apart(connection).get(self.feed, (0, 0))[1]

    def alone(self, folder: Path) -> Path:
        """Pack the district's answer without a word of the forked feed's own."""
        with self.district.database.read() as connection:
            rows = load_feeds(connection)
        with pytest.MonkeyPatch.context() as patch:
            places = dict.fromkeys(rows, 0) | {self.feed: rows[self.feed].sequence}
            patch.setattr(packing, "begins", lambda *_, **__: places)
            return reply(self.district, folder).path


@pytest.fixture
def forked(site: Site, district: Workplace, laptop: Workplace, tmp_path: Path) -> Forked:
    siblings = [site.laptop(district, f"sibling {n}") for n in range(2)]
    common = register(laptop, "王梓涵")
    exchange_all(district, [laptop, *siblings], tmp_path / "before", rounds=1)
    laptop = site.again(laptop)
    laptop.close()
    site.opened.remove(laptop)
    clone(laptop, tmp_path / "image")
    found = Forked(site, district, siblings, "", {}, {}, common, {})
    for name in (ONE, TWO):
        one = site.reopen("laptop")
        found.feed = feed_of(one)
        found.children[name] = register(one, name)
        if name == TWO:
            register(one, "还有一个")
        found.sticks[name] = hand(one, tmp_path / name).path
        found.written[name] = content(one)[found.feed]
        one.close()
        site.opened.remove(one)
        for path in (tmp_path / "image").glob("sibling*"):
            assert path.exists()
        put_back(tmp_path / "image" / "laptop", site.folder / "laptop")
        put_back(tmp_path / "image" / "laptop.this-computer", site.folder / "laptop.this-computer")
    return found


def only(taken: list[TakenIn]) -> TakenIn:
    assert len(taken) == 1
    return taken[0]


@pytest.mark.parametrize("named", [ONE, TWO])
def test_both_orders_of_arrival_come_to_the_branch_named(
    forked: Forked, tmp_path: Path, named: str
) -> None:
    """The district heard of one branch first, a sibling of the other; the officer names either."""
    district, (first, second) = forked.district, forked.siblings
    take(district, forked.sticks[ONE])
    assert only(take(district, forked.sticks[TWO])).forks == (forked.feed,)
    take(first, forked.sticks[TWO])
    assert only(take(first, forked.sticks[ONE])).forks == (forked.feed,)
    take(second, forked.sticks[ONE])
    for one, branch in ((district, ONE), (first, TWO), (second, ONE)):
        forked.stands(one, branch)
    every = set(forked.written[ONE]) | set(forked.written[TWO])
    LaptopDesk(district).revoke(forked.feed, other=named == TWO)
    forked.stands(district, named)
    told = take(first, reply(district, tmp_path / "ended").path)
    assert (only(told).decided == (forked.feed,)) is (named == ONE)
    take(second, tmp_path / "ended")
    take(second, forked.sticks[TWO])
    exchange_all(district, [first, second], tmp_path / "after")
    for one in (district, first, second):
        forked.stands(one, named)
        assert forked.held(one) >= every - set(
            forked.written[named][len(content(one)[forked.feed]) :]
        )
        assert len(content(one)[forked.feed]) == len(content(district)[forked.feed])
        assert forked.apart(one) > 0
        line = AttentionDesk(one).page().lines[0]
        assert (line.waits_for, line.count) == (BRANCH, forked.apart(one))
        assert AttentionDesk(one).count() >= line.count
    assert len({state(one) for one in (district, first, second)}) == 1


@pytest.mark.parametrize("order", list(itertools.permutations((ONE, TWO, "limit"))), ids=str)
def test_any_order_of_both_branches_and_the_limit_comes_to_one_state(
    forked: Forked, tmp_path: Path, order: tuple[str, ...]
) -> None:
    district, (sibling, _) = forked.district, forked.siblings
    take(district, forked.sticks[ONE], forked.sticks[TWO])
    LaptopDesk(district).revoke(forked.feed, other=True)
    sticks = {**forked.sticks, "limit": forked.alone(tmp_path / "alone")}
    for name in order:
        take(sibling, sticks[name])
    forked.stands(sibling, TWO)
    take(sibling, *sticks.values())
    forked.stands(sibling, TWO)
    assert forked.held(sibling) == forked.held(district)
    assert state(sibling) == state(district)


@pytest.mark.parametrize("first", [ONE, TWO])
def test_a_limit_before_the_parting_leaves_everybody_the_same_branch_behind_it(
    forked: Forked, tmp_path: Path, first: str
) -> None:
    """Nothing counts there, yet what is held is one: no number says of which branch it is."""
    district, siblings = forked.district, forked.siblings
    take(district, forked.sticks[first])
    for sibling in siblings:
        take(sibling, forked.sticks[TWO if first == ONE else ONE])
    exchange_all(district, siblings, tmp_path / "before", rounds=1)
    both = zip(forked.written[ONE], forked.written[TWO], strict=False)
    common = sum(one == other for one, other in both)
    LaptopDesk(district).revoke(forked.feed, common)
    exchange_all(district, siblings, tmp_path / "after")
    assert len({state(one) for one in (district, *siblings)}) == 1


def test_who_has_not_the_named_branch_holds_none_says_so_and_is_sent_it(
    forked: Forked, tmp_path: Path
) -> None:
    district, (sibling, third) = forked.district, forked.siblings
    take(district, forked.sticks[ONE])
    take(sibling, forked.sticks[TWO])
    LaptopDesk(district).revoke(forked.feed)
    (taken, *_) = take(sibling, forked.alone(tmp_path / "alone"))
    assert (taken.decided, taken.lacking) == ((), (forked.feed,))
    assert content(sibling)[forked.feed] == []
    assert forked.apart(sibling) == len(forked.written[TWO])
    assert row_of(sibling, "applicant", forked.common) == {}
    assert not verify_workplace(sibling, Progress()).flaws
    # The wrong branch again, from anybody, changes nothing.
    (again,) = take(sibling, forked.sticks[TWO])
    assert (again.lacking, again.fresh) == ((forked.feed,), 0)
    assert content(sibling)[forked.feed] == []
    with sibling.database.read() as connection:
        assert lacking(connection, load_feeds(connection)) == {
            forked.feed: len(content(district)[forked.feed])
        }
    # Its next hand-over says that it holds nothing of that feed; the answer brings all of it.
    take(district, hand(sibling, tmp_path / "asks").path)
    (back,) = take(sibling, reply(district, tmp_path / "answer").path)
    assert (back.decided, back.lacking) == ((), ())
    forked.stands(sibling, ONE)
    # What both branches begin with is in the log again, and counted apart no more.
    beside = set(forked.written[TWO]) - set(forked.written[ONE])
    assert forked.held(sibling) >= beside
    assert forked.apart(sibling) == len(beside)
    # And what was taken over can be handed on, with its author's signature.
    take(third, hand(sibling, tmp_path / "on").path)
    forked.stands(third, ONE)
    assert state(third) == state(sibling)


def test_what_does_not_reach_the_place_named_may_still_lead_there(
    forked: Forked, tmp_path: Path
) -> None:
    """Nobody can tell yet: the shorter branch counts until the rest has come, and is asked for."""
    district, (sibling, _) = forked.district, forked.siblings
    take(district, forked.sticks[TWO])
    take(sibling, forked.sticks[ONE])
    LaptopDesk(district).revoke(forked.feed)
    (taken, *_) = take(sibling, forked.alone(tmp_path / "alone"))
    assert (taken.outcome, list(taken.gaps)) == ("pending", [forked.feed])
    forked.stands(sibling, ONE)
    take(sibling, forked.sticks[TWO])
    forked.stands(sibling, TWO)


def test_the_district_without_the_named_branch_asks_for_it_by_range(
    forked: Forked, tmp_path: Path
) -> None:
    """A limit may come of another of its computers, which heard of the other branch."""
    district, (sibling, _) = forked.district, forked.siblings
    take(district, forked.sticks[TWO])
    true = opened(forked.sticks[ONE], district.session.seal)
    head = next(one for one in true.heads if one.feed == forked.feed)
    with district.journal.begin(district.actor(), SCHOOL) as work:
        values: dict[str, Value] = {"feed": head.feed, "sequence": head.to, "hash": head.hash}
        work.create("feed_limit", values, signed=True)
    assert only(take(district, forked.sticks[TWO])).lacking == (forked.feed,)
    line = next(one for one in LaptopDesk(district).lines() if one.feed == forked.feed)
    assert (line.held, line.apart) == (0, len(forked.written[TWO]))
    (detail,) = [one for one in intake_details(district, SCHOOL) if one.kind == FORKED]
    assert (detail.first, detail.count) == (1, line.apart)
    reply(district, tmp_path / "asks")
    said = row_of(district, "acknowledgement", forked.feed)
    assert (said["sequence"], said["missing"]) == (0, f"1-{head.to}")
    take(sibling, forked.sticks[ONE])
    take(district, hand(sibling, tmp_path / "brings").path)
    forked.stands(district, ONE)
    assert len(content(district)[forked.feed]) == head.to


def test_a_branch_robbed_of_its_payloads_never_stands(forked: Forked, tmp_path: Path) -> None:
    """Who carries a bundle takes nothing away, not even of a branch that is kept apart."""
    district = forked.district
    take(district, forked.sticks[ONE])
    thief = Forger(forked.siblings[0])
    true = opened(forked.sticks[TWO], district.session.seal)
    robbed = [
        line[: line.index(b',"payload":')] + b',"payload":null}'
        if b'"kind":"applicant"' in line and f'"feed":"{forked.feed}"'.encode() in line
        else line
        for line in true.lines
    ]
    assert robbed != true.lines
    tar = inner_tar(heads_text(true.heads), b"".join(line + b"\n" for line in robbed))
    (tmp_path / "robbed.enb").write_bytes(thief.bundle(true, tar))
    take(district, tmp_path / "robbed.enb")
    LaptopDesk(district).revoke(forked.feed, other=True)
    assert row_of(district, "applicant", forked.children[TWO]) == {}
    assert not verify_workplace(district, Progress()).flaws
    take(district, forked.sticks[TWO])
    forked.stands(district, TWO)


def test_only_a_place_that_is_known_can_be_named(forked: Forked) -> None:
    take(forked.district, forked.sticks[ONE])
    desk = LaptopDesk(forked.district)
    with pytest.raises(RuleError, match=r"revoke\.beyond"):
        desk.revoke(forked.feed, other=True)
    take(forked.district, forked.sticks[TWO])
    with pytest.raises(RuleError, match=r"revoke\.beyond"):
        desk.revoke(forked.feed, 10**6, other=True)
    assert "revoke.beyond" in shipped()


def test_this_computers_own_feed_is_left_as_it_is_and_named(
    forked: Forked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its numbers and its anchor rest on it: whoever is ended goes on under another feed."""
    # Its people were granted elsewhere too, or nothing would be sealed to them any more.
    monkeypatch.setattr(outbox, "people_of_revoked", lambda *_: frozenset())
    own = forked.site.reopen("laptop")
    for name in (TWO, "张梓涵", "赵梓涵"):
        register(own, name)
    before = content(own)[forked.feed]
    take(forked.district, forked.sticks[ONE])
    LaptopDesk(forked.district).revoke(forked.feed)
    (taken, *_) = take(own, forked.alone(tmp_path / "alone"))
    assert (taken.forks, taken.decided, taken.lacking) == ((forked.feed,), (), ())
    assert content(own)[forked.feed] == before
    assert not verify_workplace(own, Progress()).flaws


@pytest.mark.parametrize("which", ["nobody's feed", "the district's own", "another school's word"])
def test_a_limit_that_is_not_about_a_feed_of_its_scope_decides_nothing(
    forked: Forked, which: str
) -> None:
    district = forked.district
    take(district, forked.sticks[ONE])
    before = content(district)
    scope = OTHER_SCHOOL if which == "another school's word" else SCHOOL
    district.ensure_feed(scope)
    feeds = {"nobody's feed": "a" * 20, "the district's own": feed_of(district, SCHOOL)}
    with district.journal.begin(district.actor(), scope) as work:
        feed = feeds.get(which, forked.feed)
        values: dict[str, Value] = {"feed": feed, "sequence": 2, "hash": "1" * 64}
        work.create("feed_limit", values, signed=True)
        assert settle(work) == frozenset()
        assert named_places(work.connection, work.feeds) == {}
    held = content(district)
    assert all(held[name][: len(lines)] == lines for name, lines in before.items())
