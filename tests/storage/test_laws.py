"""Any order, split and repetition of exchange ends in one state, on every computer."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import StaleError
from tests.feeds.kit import DISTRICT, OTHER_SCHOOL, SCHOOL, Somebody
from tests.storage.kit import CHILD, CLERK, OFFICER, PRINCIPAL, REVIEWER, Laptop

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where no fsync costs anything."""
EXAMPLES = int(os.environ.get("ENROLLMENT_EXAMPLES", "100"))
PERSONS = (CLERK, PRINCIPAL, REVIEWER, OFFICER)
FIELDS: tuple[tuple[str, tuple[Value, ...]], ...] = (
    ("full_name", ("单梓涵", "单子涵", "王一")),
    ("category", ("A1", "B1", None)),
    ("review", ("passed", "returned")),
    ("district_status", ("admitted", "received")),
    ("faith", ("x",)),
)


@contextmanager
def computers() -> Iterator[list[Laptop]]:
    """Open three computers of one school and the district's two feeds, with short folder names."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=MEMORY)))
        made = [
            Laptop(folder / "a", "a"),
            Laptop(folder / "b", "b", lead=None),
            Laptop(folder / "c", "c", SCHOOL, district=True, lead=None),
            Laptop(folder / "d", "d", DISTRICT, district=True, lead=None),
        ]
        for one in made:
            stack.callback(one.close)
        yield made


def act(site: list[Laptop], chance: random.Random, records: list[str]) -> None:
    """Let somebody do something somewhere, sensible or not."""
    laptop = chance.choice(site[:3])
    what = chance.choice(["register", "edit", "edit", "edit", "remove", "grant", "end", "limit"])
    by = chance.choice(PERSONS)
    record = chance.choice(records)
    if what == "register":
        values = CHILD | {"full_name": chance.choice(["李", "王"])}
        with laptop.journal.begin(laptop.actor(by)) as work:
            work.create("applicant", values, record=record)
    elif what == "grant":
        whom = Somebody(chance.choice(["reviewer", "clerk"]))
        laptop.grant(whom, chance.choice([Role.REVIEWER, Role.OFFICER]), by=by)
    elif what == "end":
        whom, places = chance.choice(PERSONS), f"{laptop.feed}:{chance.randrange(9)}"
        values = {"ended": True, "acts_until": places}
        with laptop.journal.begin(laptop.actor(by)) as work:
            work.create("person", values, record=whom.id, signed=True)
    elif what == "limit":
        district = chance.choice(site[2:])
        feed, sequence = chance.choice(site).feed, chance.randrange(2, 12)
        district.create("feed_limit", by, signed=True, hash="0", feed=feed, sequence=sequence)
    else:
        change(laptop, chance, record, by, what)


def change(laptop: Laptop, chance: random.Random, record: str, by: Somebody, what: str) -> None:
    name, values = chance.choice(FIELDS)
    try:
        with laptop.journal.begin(laptop.actor(by)) as work:
            if what == "remove":
                work.remove("applicant", record)
            elif name == "faith":
                work.row("applicant", record)
                work.create("applicant", {name: "x"}, record=record)
            else:
                signed = chance.random() < 0.7
                work.edit("applicant", record, {name: chance.choice(values)}, signed=signed)
    except StaleError:
        return


def exchange(site: list[Laptop], chance: random.Random) -> None:
    giver, taker = chance.sample(site, 2)
    giver.give(taker, most=chance.choice([1, 2, 7, 100]))


@settings(max_examples=EXAMPLES // 8)
@given(st.integers(0, 2**32))
def test_whatever_happens_everybody_ends_in_one_state(seed: int) -> None:
    chance = random.Random(seed)
    with computers() as site:
        site[0].grant(PRINCIPAL, Role.PRINCIPAL, Role.REVIEWER)
        records = [site[0].register() for _ in range(3)]
        for _ in range(25):
            if chance.random() < 0.3:
                exchange(site, chance)
            else:
                act(site, chance, records)
        for one in (*site, *reversed(site)):
            for other in chance.sample(site, len(site)):
                if one is not other:
                    one.give(other, most=chance.choice([1, 3, 100]))
        assert len({one.digest() for one in site}) == 1
        for one in site:
            assert one.verify().flaws == ()
        before = site[1].digest()
        site[1].journal.fold_everything()
        assert site[1].digest() == before


@given(st.randoms(use_true_random=False))
@settings(max_examples=EXAMPLES // 16)
def test_the_order_in_which_feeds_arrive_changes_nothing(chance: random.Random) -> None:
    with computers() as site:
        first, second, district, common = site
        first.grant(PRINCIPAL, Role.PRINCIPAL, Role.REVIEWER)
        record = first.register()
        first.give(second)
        first.edit("applicant", record, full_name="单子涵")
        second.edit("applicant", record, full_name="单紫涵")
        second.edit("applicant", record, PRINCIPAL, signed=True, review="passed")
        first.give(district)
        district.edit("applicant", record, OFFICER, signed=True, district_status="admitted")
        common.create("feed_limit", OFFICER, signed=True, feed=second.feed, sequence=1, hash="0")
        givers = chance.sample(site, 4)
        for giver in givers:
            for taker in site:
                if giver is not taker:
                    giver.give(taker, most=1)
        for giver in givers:
            giver.give(first)
            first.give(giver)
        assert len({one.digest() for one in site}) == 1
        row = first.row("applicant", record)
        assert row is not None
        assert row.in_conflict
        assert row.values["district_status"] == "admitted"
        assert row.values["review"] is None


def test_holders_of_other_schools_agree_on_the_one_they_share(tmp_path: Path) -> None:
    one = Laptop(tmp_path / "a", "a")
    other = Laptop(tmp_path / "b", "b", OTHER_SCHOOL)
    district = Laptop(tmp_path / "d", "d", DISTRICT, district=True, lead=None)
    one.register()
    other.register()
    one.give(district)
    other.give(district)
    assert one.digest() == one.digest(SCHOOL) == district.digest(SCHOOL)
    assert other.digest() == other.digest(OTHER_SCHOOL) == district.digest(OTHER_SCHOOL)
    assert len({one.digest(), other.digest(), district.digest()}) == 3
    district.grant(OFFICER, Role.OFFICER, by=OFFICER)
    assert one.digest(SCHOOL) != district.digest(SCHOOL)
    for laptop in (one, other):
        district.give(laptop)
    assert one.digest(SCHOOL) == district.digest(SCHOOL)
    assert other.digest() == district.digest()
    for laptop in (one, other, district):
        laptop.close()


@pytest.mark.parametrize("repeat", [1, 2])
def test_taking_in_what_is_held_already_changes_nothing(tmp_path: Path, repeat: int) -> None:
    one, other = Laptop(tmp_path / "a", "a"), Laptop(tmp_path / "b", "b")
    one.register()
    one.give(other)
    before = other.digest()
    for _ in range(repeat):
        one.give(other)
    assert other.digest() == before
    one.close()
    other.close()
