"""A whole site over days: laptops of two schools and their district, driven at random.

People register, change, remove and erase children, merge two records of one child and take it back,
and settle what was written apart; the officer decides and erases; bundles are lost, doubled and reordered on their
way; laptops are restored from old backups, copied, revoked, and their clocks are wrong. Whatever
happened: once everybody has heard of everything, every list is the same list, ``verify`` folds it
again to the same tables, no operation anybody still holds is missing at the district, whole or
rightly erased, and every child stands in the lists or under a twin that does.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import ProductError, RuleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.security import kdf
from desktop_app.services.backup import back_up
from desktop_app.services.conflicts import REMOVED, VALUE, ConflictDesk
from desktop_app.services.erasure import ErasureDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.merging import MergeDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.progress import Progress
from desktop_app.services.restoring import restore_by_password
from desktop_app.services.review import DistrictDesk
from desktop_app.services.setup import open_workplace
from desktop_app.services.workplace import Workplace
from desktop_app.storage import journal, merged
from desktop_app.storage.digest import state_digest
from desktop_app.storage.oplog import hash_at, load_feeds
from desktop_app.storage.rows import read_rows
from desktop_app.sync.verifying import verify_workplace
from tests.sync.site import (
    OTHER_SCHOOL,
    PASSWORD,
    SCHOOL,
    Site,
    content,
    feed_of,
    hand,
    register,
    reply,
    shipped_policy,
    take,
)

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
PARTS = 4
EXAMPLES = max(4, int(os.environ.get("ENROLLMENT_EXAMPLES", "100")) // 25 // PARTS)
STEPS = int(os.environ.get("ENROLLMENT_STEPS", "130"))
LEAST = 500
"""Steps of each part, whatever is drawn; with the four parts, thousands."""
CHILDREN = 2
"""Registered at each laptop before the first day."""
LEAD, SECOND = "赵志强", "王秀英"
DAY = 24 * 3600 * 1000
SCHOOLS = (SCHOOL, SCHOOL, SCHOOL, OTHER_SCHOOL, OTHER_SCHOOL)
ROUNDS = 6
WHICH = st.integers(min_value=0, max_value=len(SCHOOLS) - 1)
ANY = st.integers(min_value=0, max_value=10**6)
STATUS = st.sampled_from(["district_passed", "queried", "admitted", "duplicate_void"])
FIELDS = ("full_name", "current_address", "category", "primary_school")


@dataclass
class Desk:
    """One laptop: where it is, what it remembers of itself, and whether it is revoked."""

    workplace: Workplace
    backup: Path | None = None
    revoked: bool = False

    @property
    def school(self) -> str:
        return self.workplace.seat.scope


class WholeSite(RuleBasedStateMachine):
    """The machine: every rule is something that happens on an August day."""

    driven = 0
    """Steps of all runs so far."""

    @initialize()
    def found(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self.offset = 0
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(journal, "wall_milliseconds", self.wrong_time)
        self.site = Site(self.folder / "site", shipped_policy())
        self.site.folder.mkdir()
        self.district = self.site.found()
        self.desks = [
            Desk(self.site.laptop(self.district, f"laptop {n}", school))
            for n, school in enumerate(SCHOOLS)
        ]
        for desk in self.desks:
            PeopleDesk(desk.workplace).add(SECOND, PASSWORD, {Role.REGISTRAR})
            for _ in range(CHILDREN):
                register(desk.workplace, id_number="")
        self.pile: list[Path] = []
        self.names = 0
        self.settle()  # so that many laptops know the same children, and may disagree

    def wrong_time(self) -> int:
        return wall_milliseconds() + self.offset

    def fresh(self) -> Path:
        self.names += 1
        place = self.folder / f"place {self.names}"
        place.mkdir()
        return place

    def child(self, desk: Desk, chance: int) -> str | None:
        rows = children(desk.workplace, desk.school)
        return rows[chance % len(rows)] if rows else None

    @invariant()
    def count(self) -> None:
        WholeSite.driven += 1

    # --- what people do -----------------------------------------------------------------------

    @rule(which=WHICH)
    def register(self, which: int) -> None:
        register(self.desks[which].workplace, id_number="")

    @rule(which=WHICH, chance=ANY, name=st.sampled_from(FIELDS), text=st.sampled_from("一二三四"))
    def edit(self, which: int, chance: int, name: str, text: str) -> None:
        desk = self.desks[which]
        record = self.child(desk, chance)
        if record is not None:
            with desk.workplace.journal.begin(desk.workplace.actor(), desk.school) as work:
                work.edit("applicant", record, {name: text})

    @rule(which=WHICH, chance=ANY)
    def remove(self, which: int, chance: int) -> None:
        desk = self.desks[which]
        record = self.child(desk, chance)
        if record is not None:
            with desk.workplace.journal.begin(desk.workplace.actor(), desk.school) as work:
                work.remove("applicant", record)

    @rule(which=WHICH, chance=ANY)
    def erase(self, which: int, chance: int) -> None:
        """Principal and registrar forget a child; nobody listens where the laptop was revoked."""
        desk = self.desks[which]
        record = self.child(desk, chance)
        if record is not None:
            erasing = ErasureDesk(desk.workplace)
            with told_no("erasure.not_allowed"):
                erasing.erase(record, "request", erasing.second(SECOND, PASSWORD))

    @rule(school=st.sampled_from([SCHOOL, OTHER_SCHOOL]), chance=ANY)
    def erase_at_the_district(self, school: str, chance: int) -> None:
        """The officer forgets a child; what a school writes of it meanwhile stands, disputed."""
        known = children(self.district, school)
        if known:
            record = known[chance % len(known)]
            ErasureDesk(self.district).erase(record, "withdrawn", school=school)

    @rule(which=WHICH, chance=ANY, other=ANY)
    def merge(self, which: int, chance: int, other: int) -> None:
        """Somebody takes two records for one child; another laptop may decide the other way."""
        desk = self.desks[which]
        gone, stays = self.child(desk, chance), self.child(desk, other)
        if gone is not None and stays is not None:
            with told_no("merge.itself", "conflict.settled"):
                MergeDesk(desk.workplace).merge(gone, stays)

    @rule(which=WHICH, chance=ANY, again=st.booleans())
    def unmerge(self, which: int, chance: int, *, again: bool) -> None:
        """A merge is taken back, or confirmed by somebody who has seen both."""
        desk = self.desks[which]
        held = sorted(twins(desk.workplace, desk.school))
        if held:
            record = held[chance % len(held)]
            merging = MergeDesk(desk.workplace)
            (merging.confirm if again else merging.separate)(record)

    @rule(which=st.integers(min_value=-1, max_value=len(SCHOOLS) - 1), chance=ANY)
    def settle_a_conflict(self, which: int, chance: int) -> None:
        """Somebody chooses what stands of values written apart, or about a disputed removal."""
        workplace = self.district if which < 0 else self.desks[which].workplace
        desk = ConflictDesk(workplace)
        lines = [one for one in desk.page().lines if one.what in {VALUE, REMOVED}]
        if not lines:
            return
        line = lines[chance % len(lines)]
        if line.what == REMOVED:
            (desk.keep if chance % 2 else desk.remove_again)(line.key)
        else:
            sides = desk.open(line.key).sides
            desk.adopt(line.key, sides[chance % len(sides)].reference)

    @rule(school=st.sampled_from([SCHOOL, OTHER_SCHOOL]), chance=ANY, status=STATUS)
    def decide(self, school: str, chance: int, status: str) -> None:
        """The officer answers what the district has heard of."""
        known = children(self.district, school)
        if known:
            record = known[chance % len(known)]
            DistrictDesk(self.district).decide(school, [record], status, "ADDRESS_DIFFERS")

    @rule(days=st.sampled_from([-4000, -2, 0, 0, 1, 3, 9000]))
    def set_the_clock(self, days: int) -> None:
        self.offset = days * DAY

    # --- what sticks do -----------------------------------------------------------------------

    @rule(which=WHICH)
    def export(self, which: int) -> None:
        """Each school has one stick with everybody's hello on it."""
        desk = self.desks[which]
        stick = self.folder / f"stick {desk.school}"
        made = hand(desk.workplace, stick)
        self.pile.append(Path(shutil.move(made.path, self.fresh())))

    @rule(school=st.sampled_from([SCHOOL, OTHER_SCHOOL]))
    def answer(self, school: str) -> None:
        with contextlib.suppress(RuleError):  # nobody of that school has been heard of yet
            self.pile.append(reply(self.district, self.fresh(), school).path)

    @precondition(lambda self: bool(self.pile))
    @rule(chance=ANY, to=st.integers(min_value=-1, max_value=len(SCHOOLS) - 1))
    def deliver(self, chance: int, to: int) -> None:
        """Bring a bundle to anybody: whose it is not refuses it, twice is once."""
        path = self.pile[chance % len(self.pile)]
        target = self.district if to < 0 else self.desks[to].workplace
        for taken in take(target, path):
            assert taken.outcome in {"taken_in", "pending", "waiting", "refused", "relayed"}, taken
            assert taken.outcome != "refused" or taken.reason in {
                "bundle.other_school",
                "bundle.wrong_recipient",
            }, taken.reason

    @precondition(lambda self: bool(self.pile))
    @rule(chance=ANY)
    def lose(self, chance: int) -> None:
        del self.pile[chance % len(self.pile)]

    # --- what happens to computers ------------------------------------------------------------

    @rule(which=WHICH)
    def back_up(self, which: int) -> None:
        desk = self.desks[which]
        desk.backup = self.fresh()
        back_up(desk.workplace, desk.backup)

    @precondition(lambda self: any(desk.backup for desk in self.desks))
    @rule(which=WHICH)
    def lose_and_restore(self, which: int) -> None:
        """The laptop is gone; its backup goes on as a successor, under a new feed."""
        desk = self.desks[which]
        if desk.backup is None:
            return
        lost = feed_of(desk.workplace)
        self.leave(desk)
        target = self.fresh() / "restored"
        made = restore_by_password(desk.backup, target, LEAD, PASSWORD, self.site.policy)
        self.enter(desk, made.workplace)
        assert feed_of(desk.workplace) != lost

    @rule(which=WHICH)
    def copy(self, which: int) -> None:
        """The data folder is copied to another disk; the copy goes on, under a new feed."""
        desk = self.desks[which]
        old, lost = desk.workplace.folder, feed_of(desk.workplace)
        self.leave(desk)
        target = self.fresh() / "copied"
        shutil.copytree(old, target)
        self.enter(desk, self.site_open(target))
        assert feed_of(desk.workplace) != lost

    def site_open(self, folder: Path) -> Workplace:
        return open_workplace(folder, LEAD, PASSWORD, self.site.policy)

    def leave(self, desk: Desk) -> None:
        desk.workplace.close()
        self.site.opened.remove(desk.workplace)

    def enter(self, desk: Desk, workplace: Workplace) -> None:
        desk.workplace = workplace
        desk.revoked = False
        self.site.opened.append(workplace)

    @rule(which=WHICH, back=st.integers(min_value=0, max_value=3))
    def revoke(self, which: int, back: int) -> None:
        """The district ends a lost laptop's feed where it last heard of it, or before."""
        desk = self.desks[which]
        feed = feed_of(desk.workplace)
        held = content(self.district).get(feed, [])
        if len(held) < 2 or sum(one.revoked for one in self.desks) > 1:
            return
        with self.district.database.read() as connection:
            row = load_feeds(connection)[feed]
            sequence = max(1, row.sequence - back)
            found = hash_at(connection, row.number, sequence)
        assert found is not None
        self.district.ensure_feed(desk.school)
        with self.district.journal.begin(self.district.actor(), desk.school) as work:
            values: dict[str, Value] = {"feed": feed, "sequence": sequence, "hash": found.hex()}
            work.create("feed_limit", values, signed=True)
        desk.revoked = True

    # --- what must hold -----------------------------------------------------------------------

    def teardown(self) -> None:
        if not hasattr(self, "site"):
            return
        try:
            self.settle()
            self.check()
        finally:
            self.patch.undo()
            self.site.close()
            shutil.rmtree(self.folder)

    def settle(self) -> None:
        """Exchange until nobody has anything new; a successor joins with a ticket first."""
        for desk in self.desks:
            if desk.workplace.own_feed().identity is None:
                self.site.join(self.district, desk.workplace)
        for _ in range(ROUNDS):
            for desk in self.desks:
                take(self.district, hand(desk.workplace, self.fresh()).path)
            for school in (SCHOOL, OTHER_SCHOOL):
                self.take_home(school)
            if self.equal():
                return

    def take_home(self, school: str) -> None:
        """Bring the district's answer to a school; where all laptops are ended nobody is served."""
        desks = [desk for desk in self.desks if desk.school == school]
        try:
            back = reply(self.district, self.fresh(), school).path
        except RuleError as error:
            assert error.code == "bundle.no_recipient"
            assert all(desk.revoked for desk in desks), "nobody is answered"
            return
        for desk in desks:
            take(desk.workplace, back)

    def equal(self) -> bool:
        return all(
            len({digest(one, school) for one in self.holders(school)}) == 1
            for school in (SCHOOL, OTHER_SCHOOL)
        )

    def holders(self, school: str) -> list[Workplace]:
        """Give everybody who must hold a school's list; who was revoked is not served."""
        desks = [one.workplace for one in self.desks if one.school == school and not one.revoked]
        return [self.district, *desks]

    def check(self) -> None:
        assert self.equal(), "equal sets, unequal lists"
        at_district = content(self.district)
        for workplace in (self.district, *(desk.workplace for desk in self.desks)):
            assert not verify_workplace(workplace, Progress()).flaws
        for desk in self.desks:
            for feed, lines in content(desk.workplace).items():
                there = at_district.get(feed, [])[: len(lines)]
                assert list(map(header, there)) == list(map(header, lines)), "one is missing"
                # Whoever was revoked is not served, and may not have heard what is erased.
                assert there == lines or desk.revoked, "one is erased at one place only"
        for school in (SCHOOL, OTHER_SCHOOL):
            for workplace in self.holders(school):
                self.everybody_stands(workplace, school)

    def everybody_stands(self, workplace: Workplace, school: str) -> None:
        """Nobody is in two places or in none: in the lists, or under a twin that is."""
        known, under = set(children(workplace, school)), twins(workplace, school)
        assert set(under) <= known, "merged, and gone"
        assert set(under.values()) <= known - set(under), "merged into somebody who does not stand"
        if workplace is not self.district:
            counts = ListDesk(workplace).counts()
            assert counts["all"] - counts["draft"] == len(known) - len(under), "a child in no list"


def header(line: bytes) -> bytes:
    """Give what of an operation no erasure takes away; verify proves the rest."""
    return line.partition(b',"payload":')[0]


@contextlib.contextmanager
def told_no(*codes: str) -> Iterator[None]:
    """Let the program refuse for one of these reasons, and for no other."""
    try:
        yield
    except ProductError as error:
        if error.code not in codes:
            raise


def children(workplace: Workplace, school: str) -> list[str]:
    with workplace.database.read() as connection:
        rows = read_rows(connection, RECORD_TYPES["applicant"], school, {})
    return [row.record for row in rows]


def twins(workplace: Workplace, school: str) -> dict[str, str]:
    """Give whoever is merged, with whom into."""
    with workplace.database.read() as connection:
        held, _ = merged.noted(connection, school)
    return {record: into for record, (into, _) in held.items()}


def digest(workplace: Workplace, school: str) -> str:
    with workplace.database.read() as connection:
        return state_digest(connection, school)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kdf, "STANDARD", kdf.Cost(memory=8, passes=1, lanes=1))


SETTINGS = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_happens_all_lists_become_one_and_nothing_is_lost(part: int) -> None:
    """Parts are drawn anew each and run beside each other; together they are thousands of steps."""
    assert part < PARTS
    before = WholeSite.driven
    while WholeSite.driven - before < LEAST:
        run_state_machine_as_test(WholeSite, settings=SETTINGS)
