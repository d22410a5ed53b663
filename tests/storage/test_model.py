"""Two laptops against a model in a few lines of Python: sets of changes and who had seen what.

Whatever people do, in whatever order, with the program closed, killed or fed in between: every row
is what the model says, and whoever is fed the same operations in another order has one digest.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from desktop_app.domain.acts import roles_for
from desktop_app.domain.declare import Merge, Owner, Value
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.storage.drafts import Draft, Drafts
from desktop_app.storage.numbers import grant_block, next_number, numbers_left
from desktop_app.storage.work import new_record_id
from tests.storage.kit import CHILD, CLERK, PARENT, Laptop

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
EXAMPLES = int(os.environ.get("ENROLLMENT_EXAMPLES", "100"))
TYPE = RECORD_TYPES["applicant"]
FIELDS = ("full_name", "category", "current_address", "primary_school")
"""Two legal fields and two of which the later shows."""
VALUES = st.sampled_from(["单梓涵", "单子涵", "A1", "B1", "1", None])
NUMBERS = 40
KEPT = tuple(
    name
    for name, declared in TYPE.fields.items()
    if declared.item.owner in {Owner.EITHER, Owner.SCHOOL} and roles_for(TYPE.kind, (name,)) is None
)


@dataclass(frozen=True)
class Change:
    """One change of one record: what it set, and every change its writer had seen by then."""

    at: int
    record: str
    removal: bool
    values: tuple[tuple[str, Value], ...]
    seen: frozenset[Change]

    def sets(self, name: str) -> bool:
        return any(name == one for one, _ in self.values)

    def value(self, name: str) -> Value:
        return dict(self.values).get(name)


def heads(changes: Iterable[Change], name: str) -> set[Change]:
    """Give the changes of a field that nobody who changed it later had seen."""
    setters = {one for one in changes if one.sets(name)}
    return {one for one in setters if not any(one in other.seen for other in setters)}


@dataclass(frozen=True)
class Expected:
    """What must show: the values each field may have, where a person must choose, and whether."""

    values: dict[str, set[Value]]
    in_conflict: bool
    disputed: bool


def expected(held: Iterable[Change]) -> Expected | None:
    """Say what a record must look like, given the changes held on it."""
    changes = set(held)
    alive = {one for one in changes if not one.removal}
    living = {name: heads(alive, name) for name in TYPE.fields if heads(alive, name)}
    removed = {name: {one for one in heads(changes, name) if one.removal} for name in living}
    if all(removed[name] == heads(changes, name) for name in living):
        return None
    values = {name: {one.value(name) for one in some} for name, some in living.items()}
    legal = {name for name in values if TYPE.fields[name].item.merge is Merge.IDENTITY}
    return Expected(
        values,
        in_conflict=any(len(values[name]) > 1 for name in legal),
        disputed=any(removed.values()),
    )


class Desk:
    """A laptop, and what the model says it holds."""

    def __init__(self, folder: Path, seed: str) -> None:
        self.folder, self.seed = folder, seed
        self.laptop = Laptop(folder, seed, lead=None)
        self.held: set[Change] = set()
        self.drafts: dict[str, dict[str, str]] = {}
        self.taken = 0
        with self.laptop.database.write() as connection:
            grant_block(connection, f"ZHW-{seed}", 1, NUMBERS)

    def of(self, record: str) -> frozenset[Change]:
        return frozenset(one for one in self.held if one.record == record)

    def records(self) -> list[str]:
        return sorted({one.record for one in self.held})

    def open_again(self) -> None:
        self.laptop = Laptop(self.folder, self.seed, lead=None, fresh=False)


class Journals(RuleBasedStateMachine):
    """What two desks may do, apart and together."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self.desks = [Desk(self.folder / name, name) for name in ("a", "b")]
        self.third = Laptop(self.folder / "c", "c", lead=None)
        self.count = 0

    def note(self, desk: Desk, record: str, values: dict[str, Value], *, removal: bool) -> None:
        self.count += 1
        change = Change(self.count, record, removal, tuple(values.items()), desk.of(record))
        desk.held.add(change)

    def pick(self, which: int, number: int) -> tuple[Desk, str]:
        desk = self.desks[which % 2]
        records = desk.records()
        return desk, records[number % len(records)]

    @rule(which=st.integers(0, 1))
    def register(self, which: int) -> None:
        desk = self.desks[which]
        record = new_record_id()
        with desk.laptop.journal.begin(desk.laptop.actor()) as work:
            work.create("applicant", CHILD, record=record)
        self.note(desk, record, dict(CHILD), removal=False)

    @precondition(lambda self: all(desk.held for desk in self.desks))
    @rule(
        which=st.integers(0, 1),
        number=st.integers(0, 9),
        values=st.dictionaries(st.sampled_from(FIELDS), VALUES, min_size=1),
    )
    def edit(self, which: int, number: int, values: dict[str, Value]) -> None:
        desk, record = self.pick(which, number)
        if expected(desk.of(record)) is None:
            with pytest.raises(StaleError):
                self.write(desk, record, values)
            return
        self.write(desk, record, values)
        self.note(desk, record, values, removal=False)

    def write(self, desk: Desk, record: str, values: dict[str, Value]) -> None:
        with desk.laptop.journal.begin(desk.laptop.actor()) as work:
            work.edit("applicant", record, values)

    @precondition(lambda self: all(desk.held for desk in self.desks))
    @rule(which=st.integers(0, 1), number=st.integers(0, 9))
    def remove(self, which: int, number: int) -> None:
        desk, record = self.pick(which, number)
        if expected(desk.of(record)) is None:
            with pytest.raises(StaleError):
                desk.laptop.remove("applicant", record)
            return
        desk.laptop.remove("applicant", record)
        self.note(desk, record, dict.fromkeys(TYPE.fields), removal=True)

    @precondition(lambda self: all(desk.held for desk in self.desks))
    @rule(which=st.integers(0, 1), number=st.integers(0, 9))
    def keep(self, which: int, number: int) -> None:
        desk, record = self.pick(which, number)
        row = desk.laptop.row("applicant", record)
        if row is None:
            return
        with desk.laptop.journal.begin(desk.laptop.actor()) as work:
            work.keep("applicant", record)
        said = {name: row.values[name] for name in KEPT if row.values[name] is not None}
        self.note(desk, record, said, removal=False)

    @precondition(lambda self: all(desk.held for desk in self.desks))
    @rule(which=st.integers(0, 1), number=st.integers(0, 9))
    def begin_and_leave(self, which: int, number: int) -> None:
        """A use case that fails half-way leaves nothing, not even its number."""
        desk, record = self.pick(which, number)
        with pytest.raises(RuleError):
            self.fail_half_way(desk, record)

    def fail_half_way(self, desk: Desk, record: str) -> None:
        with desk.laptop.journal.begin(desk.laptop.actor()) as work:
            next_number(work.connection)
            work.create("guardian", PARENT | {"applicant": record})
            assert work.rows("guardian", applicant=record)
            raise RuleError("form.incomplete", field="phone")

    @rule(
        which=st.integers(0, 1),
        name=st.sampled_from("xyz"),
        text=st.sampled_from(["", "单", "O'Hara \\"]),
    )
    def draft(self, which: int, name: str, text: str) -> None:
        desk = self.desks[which]
        Drafts(desk.laptop.database).save(Draft(name, CLERK.id, {"full_name": text}, ""))
        desk.drafts[name] = {"full_name": text}

    @precondition(lambda self: max(desk.taken for desk in self.desks) < NUMBERS - 1)
    @rule(which=st.integers(0, 1))
    def number(self, which: int) -> None:
        desk = self.desks[which]
        desk.taken += 1
        with desk.laptop.database.write() as connection:
            assert next_number(connection) == (f"ZHW-{desk.seed}", desk.taken)

    @rule(which=st.integers(0, 1), most=st.sampled_from([1, 2, 100]))
    def give(self, which: int, most: int) -> None:
        giver, taker = self.desks[which], self.desks[1 - which]
        giver.laptop.give(taker.laptop, most=most)
        taker.held |= giver.held

    @rule(which=st.integers(0, 1))
    def close(self, which: int) -> None:
        desk = self.desks[which]
        desk.laptop.close()
        desk.open_again()

    @rule(which=st.integers(0, 1))
    def kill(self, which: int) -> None:
        """End without a checkpoint: what lies in the folder at this moment is all there is."""
        desk = self.desks[which]
        with desk.laptop.database.raw() as connection:
            connection.execute("PRAGMA wal_autocheckpoint=0")
        left = desk.folder.with_name(f"{desk.folder.name}{self.count}-{len(desk.folder.name)}")
        shutil.rmtree(left, ignore_errors=True)
        shutil.copytree(desk.folder, left, ignore=shutil.ignore_patterns("*-shm"))
        desk.laptop.close()
        desk.folder = left
        desk.open_again()

    @rule(which=st.integers(0, 1))
    def fold_anew(self, which: int) -> None:
        self.desks[which].laptop.journal.fold_everything()

    @invariant()
    def every_row_is_what_the_model_says(self) -> None:
        for desk in self.desks:
            for record in desk.records():
                row, wanted = desk.laptop.row("applicant", record), expected(desk.of(record))
                assert (row is None) == (wanted is None)
                if row is None or wanted is None:
                    continue
                assert row.in_conflict == wanted.in_conflict
                assert row.removal_disputed == wanted.disputed
                for name in TYPE.fields:
                    assert row.values[name] in wanted.values.get(name, {None})

    @invariant()
    def what_is_local_stays_where_it_is(self) -> None:
        for desk in self.desks:
            found = Drafts(desk.laptop.database).of_person(CLERK.id)
            assert {one.id: dict(one.fields) for one in found} == desk.drafts
            with desk.laptop.database.read() as connection:
                assert numbers_left(connection) == NUMBERS - desk.taken

    def teardown(self) -> None:
        first, second = (desk.laptop for desk in self.desks)
        second.give(self.third, most=3)
        first.give(self.third, most=1)
        first.give(second)
        second.give(first, most=2)
        assert first.digest() == second.digest() == self.third.digest()
        for laptop in (first, second, self.third):
            assert laptop.verify().flaws == ()
            laptop.close()
        shutil.rmtree(self.folder)


TestJournals = Journals.TestCase
TestJournals.settings = settings(max_examples=EXAMPLES // 20, stateful_step_count=20)
