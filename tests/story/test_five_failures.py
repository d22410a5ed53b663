"""The five ways the nearest engines lose data, each driven through real bundles.

Two laptops of a school and their district: what one laptop knows reaches the other through the
district's answer, which carries every feed of the school. Elsewhere one of two edits is lost, a
removal swallows an edit, a restored backup hears of nothing new, one feed speaks for another, and
the order of couriers decides what people see.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_app.domain.declare import Value
from desktop_app.domain.errors import UntrustedError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.feeds.operation import GENESIS, Change, Operation, from_parts, write
from desktop_app.services.backup import back_up
from desktop_app.services.progress import Progress
from desktop_app.services.restoring import restore_by_password
from desktop_app.services.setup import open_workplace
from desktop_app.services.workplace import Workplace
from desktop_app.storage.digest import state_digest
from desktop_app.storage.oplog import feed_bytes, load_feeds
from desktop_app.storage.rows import Row, read_row
from desktop_app.sync.verifying import verify_workplace
from tests.sync.site import (
    PASSWORD,
    SCHOOL,
    Site,
    feed_of,
    hand,
    register,
    reply,
    row_of,
    take,
)

LEAD = "赵志强"


def state(workplace: Workplace, scope: str = SCHOOL) -> str:
    with workplace.database.read() as connection:
        return state_digest(connection, scope)


def edit(workplace: Workplace, record: str, **values: Value) -> None:
    with workplace.journal.begin(workplace.actor(), SCHOOL) as work:
        work.edit("applicant", record, values)


def remove(workplace: Workplace, record: str) -> None:
    with workplace.journal.begin(workplace.actor(), SCHOOL) as work:
        work.remove("applicant", record)


def shown(workplace: Workplace, record: str) -> Row:
    with workplace.database.read() as connection:
        row = read_row(connection, RECORD_TYPES["applicant"], SCHOOL, record)
    assert row is not None
    return row


def sound(*workplaces: Workplace) -> bool:
    return not any(verify_workplace(one, Progress()).flaws for one in workplaces)


@dataclass
class School:
    """Two laptops of one school and the sticks that go between them and the district."""

    district: Workplace
    first: Workplace
    second: Workplace
    sticks: Path

    def carry(self, *givers: Workplace) -> None:
        """Bring what these laptops have to the district, in this order, and its answer to both."""
        for giver in givers:
            taken, *_ = take(self.district, hand(giver, self.stick()).path)
            assert taken.outcome == "taken_in", taken.reason
        back = reply(self.district, self.stick()).path
        for laptop in (self.first, self.second):
            taken, *_ = take(laptop, back)  # and what was kept for want of something
            assert taken.outcome == "taken_in", taken.reason

    def stick(self) -> Path:
        """Give an empty stick."""
        self.sticks.mkdir(exist_ok=True)
        place = self.sticks / f"{len(list(self.sticks.iterdir()))}"
        place.mkdir()
        return place

    def settled(self) -> str:
        """Exchange until everybody has heard of everything; give the one state there is."""
        self.carry(self.first, self.second)
        self.carry(self.first, self.second)
        back = reply(self.district, self.stick()).path
        for laptop in (self.first, self.second):
            take(laptop, back)
        states = {state(one) for one in (self.district, self.first, self.second)}
        assert len(states) == 1
        assert sound(self.district, self.first, self.second)
        return states.pop()


@pytest.fixture
def school(site: Site, district: Workplace, tmp_path: Path) -> School:
    first, second = site.laptop(district, "first"), site.laptop(district, "second")
    return School(district, first, second, tmp_path / "sticks")


def shared_child(school: School) -> str:
    """Register a child on the first laptop and let everybody know it."""
    record = register(school.first)
    school.carry(school.first, school.second)
    assert row_of(school.second, "applicant", record)["full_name"] == "单梓涵"
    return record


def test_two_fields_of_one_child_edited_apart_are_both_kept(school: School) -> None:
    record = shared_child(school)
    edit(school.first, record, current_address="3组27号")
    edit(school.second, record, category="B1")
    school.settled()
    for one in (school.first, school.second, school.district):
        row = row_of(one, "applicant", record)
        assert (row["current_address"], row["category"]) == ("3组27号", "B1")
        assert not shown(one, record).in_conflict


def test_one_legal_field_edited_apart_opens_a_question_and_loses_neither(school: School) -> None:
    record = shared_child(school)
    edit(school.first, record, full_name="单子涵")
    edit(school.second, record, full_name="单紫涵")
    school.settled()
    for one in (school.first, school.second, school.district):
        assert shown(one, record).in_conflict
        with one.database.read() as connection:
            heads = connection.exec_driver_sql(
                "SELECT value FROM projected_head WHERE record = ? AND field = 'full_name'",
                (record,),
            ).scalars()
            assert {str(value).strip('"') for value in heads} == {"单子涵", "单紫涵"}


@pytest.mark.parametrize("removal_first", [True, False])
def test_a_removal_never_swallows_an_edit_it_did_not_see(
    school: School, removal_first: bool
) -> None:
    record = shared_child(school)
    remove(school.first, record)
    edit(school.second, record, current_address="3组27号")
    couriers = (school.first, school.second)
    school.carry(*(couriers if removal_first else reversed(couriers)))
    school.settled()
    for one in (school.first, school.second, school.district):
        assert row_of(one, "applicant", record)["current_address"] == "3组27号"
        assert shown(one, record).removal_disputed


@pytest.mark.parametrize("edit_first", [True, False])
def test_a_removal_that_saw_everything_stands_in_either_order(
    school: School, edit_first: bool
) -> None:
    record = shared_child(school)
    if edit_first:
        edit(school.second, record, current_address="3组27号")
        school.carry(school.second)
    remove(school.first, record)
    school.carry(school.second, school.first)
    school.settled()
    for one in (school.first, school.second, school.district):
        assert row_of(one, "applicant", record) == {}


def test_what_was_registered_since_the_backup_comes_back_after_a_restore(
    school: School, site: Site, tmp_path: Path
) -> None:
    old = shared_child(school)
    back_up(school.second, tmp_path / "backups")
    mine = register(school.second, "罗雨桐", id_number="")
    school.carry(school.second)
    theirs = register(school.first, "王一", id_number="")
    school.carry(school.first)
    lost = feed_of(school.second)
    school.second.close()
    site.opened.remove(school.second)
    shutil.rmtree(school.second.folder)
    target = site.folder / "second again"
    made = restore_by_password(tmp_path / "backups", target, LEAD, PASSWORD, site.policy)
    school.second = made.workplace
    site.opened.append(school.second)
    assert row_of(school.second, "applicant", old) != {}
    assert row_of(school.second, "applicant", mine) == {}
    assert feed_of(school.second) != lost, "the old feed was continued"
    # The lost laptop had said how far it holds what others wrote, so the answer begins after that:
    # it is kept, names what is missing, and comes in once the restored one has said what it holds.
    (taken,) = take(school.second, reply(school.district, school.stick()).path)
    assert taken.outcome in {"taken_in", "pending"}
    assert (taken.outcome == "pending") == bool(taken.gaps)
    site.join(school.district, school.second)
    school.settled()
    assert row_of(school.second, "applicant", mine)["full_name"] == "罗雨桐"
    assert row_of(school.second, "applicant", theirs)["full_name"] == "王一"
    assert state(school.second) == state(school.district)
    assert sound(school.second)


def test_what_the_restored_laptop_registers_goes_on_in_a_feed_of_its_own(
    school: School, site: Site, tmp_path: Path
) -> None:
    shared_child(school)
    back_up(school.second, tmp_path / "backups")
    behind = register(school.second, "罗雨桐", id_number="")
    school.carry(school.second)
    target = site.folder / "second again"
    made = restore_by_password(tmp_path / "backups", target, LEAD, PASSWORD, site.policy)
    school.second.close()
    site.opened.remove(school.second)
    school.second = made.workplace
    site.opened.append(school.second)
    site.join(school.district, school.second)
    fresh = register(school.second, "王一", id_number="")
    school.settled()
    for one in (school.first, school.second, school.district):
        assert row_of(one, "applicant", behind)["full_name"] == "罗雨桐"
        assert row_of(one, "applicant", fresh)["full_name"] == "王一"


def test_what_a_laptop_wrote_until_it_died_reaches_the_district_from_its_disk(
    school: School, site: Site
) -> None:
    """Nobody left, nothing was exported; the disk is put into another computer as it lay."""
    shared_child(school)
    behind = register(school.second, "罗雨桐", id_number="")
    edit(school.second, behind, current_address="3组27号")
    target = site.folder / "another computer"
    shutil.copytree(school.second.folder, target)
    school.second.close()
    site.opened.remove(school.second)
    shutil.rmtree(school.second.folder)
    school.second = open_workplace(target, LEAD, PASSWORD, site.policy)
    site.opened.append(school.second)
    site.join(school.district, school.second)
    school.settled()
    for one in (school.first, school.second, school.district):
        row = row_of(one, "applicant", behind)
        assert (row["full_name"], row["current_address"]) == ("罗雨桐", "3组27号")


def operations(workplace: Workplace, feed: str) -> list[Operation]:
    with workplace.database.read() as connection:
        number = load_feeds(connection)[feed].number
        return [
            from_parts(header, b"null" if payload is None else payload)
            for _, header, payload in feed_bytes(connection, number, 0)
        ]


def forged(
    victim: str, sequence: int, previous: bytes, record: str, person: str = "somebody"
) -> Operation:
    """Write an operation in somebody else's name, at a place of the forger's choosing."""
    change = Change("applicant", record, "edit", 1, {"category": "B1"}, {"category": []})
    return write(
        change,
        feed=victim,
        sequence=sequence,
        previous=previous,
        person=person,
        stamp=(2**40, 0),
        salt=bytes(16),
    )


@pytest.mark.parametrize("sequence", [1, 2, 10**6, 2**52])
def test_a_claimed_high_sequence_for_somebody_else_is_refused(
    school: School, sequence: int
) -> None:
    record = shared_child(school)
    victim = feed_of(school.first)
    before = state(school.second)
    head = operations(school.second, victim)[-1].hash
    for previous in (head, GENESIS):
        claim = forged(victim, sequence, previous, record)
        with pytest.raises(UntrustedError), school.second.journal.begin() as work:
            work.take_in(victim, [claim])
    assert state(school.second) == before
    # And the feed's real next operations still come in.
    edit(school.first, record, category="A1")
    school.settled()
    assert row_of(school.second, "applicant", record)["category"] == "A1"


def test_a_bundle_that_speaks_for_another_s_feed_is_refused(school: School) -> None:
    """The second laptop puts words into the first one's feed and exports them."""
    record = shared_child(school)
    victim = feed_of(school.first)
    last = operations(school.second, victim)[-1]
    with school.second.journal.begin() as work:
        work.take_in(victim, [forged(victim, last.sequence + 1, last.hash, record)])
    # Nobody but the first laptop signs its head, so the export goes no further than its signature.
    path = hand(school.second, school.stick()).path
    (taken,) = take(school.district, path)
    assert taken.outcome == "taken_in"
    assert operations(school.district, victim)[-1].hash == last.hash
    assert row_of(school.district, "applicant", record)["category"] != "B1"


def couriers() -> Sequence[tuple[int, ...]]:
    """Give the orders in which four sticks may reach the district."""
    return sorted(itertools.permutations(range(4)))[::8]


@pytest.mark.parametrize("order", couriers(), ids=lambda order: "".join(map(str, order)))
def test_the_order_of_couriers_decides_nothing(school: School, order: tuple[int, ...]) -> None:
    record = shared_child(school)
    sticks = []
    for at, laptop in enumerate((school.first, school.second) * 2):
        edit(laptop, record, full_name=f"单{'子紫梓孜'[at]}涵", category=("A1", "B1")[at % 2])
        register(laptop, f"王{'一二三四'[at]}", id_number="")
        sticks.append(hand(laptop, school.stick()).path)
    for at in order:
        take(school.district, sticks[at])
    before = state(school.district)
    for at in reversed(order):
        take(school.district, sticks[at], sticks[at])
    assert state(school.district) == before
    assert verify_workplace(school.district, Progress()).digest
    school.settled()
    names = {
        str(row[0])
        for one in (school.first, school.second, school.district)
        for row in names_in(one)
    }
    assert {"王一", "王二", "王三", "王四"} <= names


def names_in(workplace: Workplace) -> list[tuple[str]]:
    with workplace.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT full_name FROM projected_applicant").all()
    return [(str(row[0]),) for row in rows]
