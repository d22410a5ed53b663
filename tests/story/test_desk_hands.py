"""Families typed at the real window among kills, locks and changes of person: nothing is mixed up.

A few in ``make test``; two thousand in ``make hands``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_app.domain.acts import Role
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.security import kdf
from desktop_app.services.people import PeopleDesk
from desktop_app.services.workplace import Workplace, closing
from desktop_app.storage.drafts import Draft, Drafts
from desktop_app.storage.rows import Row, read_rows
from tests.story.desk_families import family, keyed
from tests.story.patience import Patience
from tests.sync.counting import COUNTED
from tests.ui.cases import REVIEWER, enter
from tests.ui.school import CHEAP, PASSWORD, PRINCIPAL, REGISTRAR, make_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
HANDS = os.environ.get("ENROLLMENT_HANDS", "4")
FAMILIES = 2000 if HANDS == "full" else int(HANDS)
LIFE = 20.0 if FAMILIES > 10 else 3.0
"""Seconds within which a process that is to be killed is killed."""
RESTLESS = 0.03 if FAMILIES > 10 else 0.1
"""How often somebody locks after a family; after a field a fifth as often."""
LONGEST = 60.0 * 60 if FAMILIES > 10 else 300.0
Fact = Mapping[str, object]


@dataclass(frozen=True)
class Told:
    """What the processes said, in the order in which it happened."""

    facts: Sequence[Fact]

    def of(self, what: str) -> Iterator[tuple[int, str, Fact]]:
        """Give order, person and all of the facts of a kind."""
        for fact in self.facts:
            if fact["what"] == what:
                yield int(str(fact.get("order", -1))), str(fact.get("person", "")), fact


def type_them(folder: Path, story: Path) -> tuple[Told, int]:
    """Start the program again after every kill; give what was told, and how many died."""
    driver, kills = Path(__file__).with_name("desk_typist.py"), 0
    setting = {
        "DESK_STORY": str(story),
        "DESK_SEED": os.environ.get("ENROLLMENT_HANDS_SEED", "1"),
        "DESK_GOAL": str(FAMILIES),
        "DESK_LIFE": str(LIFE),
        "DESK_RESTLESS": str(RESTLESS),
        "QT_QPA_PLATFORM": "offscreen",
    }
    while True:
        done = subprocess.run(
            [sys.executable, str(driver), "open", "--data", str(folder)],
            env={**os.environ, **setting},
            capture_output=True,  # ends when the last process of a chain of locks has ended
            text=True,
            timeout=LONGEST,
            check=False,
        )
        lines = story.read_text(encoding="utf-8").splitlines()
        told = Told([json.loads(line) for line in lines])
        assert [*told.of("stuck")] == [], done.stderr
        if told.facts[-1]["what"] == "done":
            return told, kills
        assert done.returncode in {0, -9}, done.stderr
        kills += 1
        saved, sat = len([*told.of("saved")]), len([*told.of("sat")])
        print(f"{saved} of {FAMILIES}: {sat} times sat down, {kills} kills", flush=True)  # noqa: T201


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kdf, "STANDARD", CHEAP)
    folder = tmp_path / "place" / "data"
    with closing(make_folder(folder)) as workplace:
        for name in (REGISTRAR, REVIEWER):
            PeopleDesk(workplace).add(name, PASSWORD, [Role.REGISTRAR])
    return folder


def rows(workplace: Workplace, kind: str) -> list[Row]:
    with workplace.database.read() as connection:
        return read_rows(connection, RECORD_TYPES[kind], workplace.seat.scope, {})


def test_every_kept_field_is_there_and_none_in_a_wrong_record(
    school: Path,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    told, kills = type_them(school, tmp_path / "story")
    begun = {order: person for order, person, _ in told.of("begun")}
    orders = {family(order)["id_number"]: order for order in begun}
    with closing(enter(school, PRINCIPAL)) as workplace:
        stored = {orders[row.text("id_number")]: row for row in rows(workplace, "applicant")}
        assert len(stored) == len(rows(workplace, "applicant"))  # nobody is there twice
        for order, row in stored.items():
            assert_whole(row, order)
            assert row.created_by == begun[order]
        parents = {row.text("applicant"): row for row in rows(workplace, "guardian")}
        assert len(parents) == len(rows(workplace, "guardian"))
        assert {row.record: order for order, row in stored.items()}.keys() == parents.keys()
        for order, row in stored.items():
            assert_parent(parents[row.record], order)
        drafts = [
            draft
            for person in {*begun.values()}
            for draft in Drafts(workplace.database).of_person(person)
        ]
    for order, _person, fact in told.of("saved"):
        assert stored[order].record == fact["record"]
    assert_drafts(told, drafts, {*stored})
    locks = len([*told.of("sat")]) - kills - 1
    record_property(
        COUNTED,
        f"{len(stored)} registered, {len([*told.of('kept')])} times kept, {kills} kills,"
        f" {locks} locks, {len(drafts)} drafts left",
    )
    assert kills + locks > 0


def assert_whole(row: Row, order: int) -> None:
    """Hold a child's record to the family it was typed from."""
    for name, value in family(order).items():
        if not name.startswith("guardian_"):
            assert row.text(name) == value, (order, name)


def assert_parent(row: Row, order: int) -> None:
    """Hold a guardian's record to the family it was typed from."""
    wanted = family(order)
    names = ("full_name", "relation", "id_number", "phone")
    spelled = ("guardian_name", "guardian_relation", "guardian_id_number", "guardian_phone")
    assert [row.text(name) for name in names] == [wanted[name] for name in spelled], order


def assert_drafts(told: Told, drafts: Sequence[Draft], stored: set[int]) -> None:
    """What was said to be kept stands in a draft of its person, unless it is registered."""
    begun = {family(order)["id_number"]: (order, person) for order, person, _ in told.of("begun")}
    kept = {order: fact["fields"] for order, _, fact in told.of("kept")}
    found: dict[int, Mapping[str, str]] = {}
    for draft in drafts:
        number = draft.fields.get("id_number", "")
        if number not in begun:  # the number itself was being typed
            assert any(known.startswith(number) for known in begun)
            continue
        order, person = begun[number]
        assert draft.person == person
        assert order not in found
        assert order not in stored
        found[order] = draft.fields
        wanted, typed = family(order), keyed(family(order))
        for name, value in draft.fields.items():
            whole = wanted.get(name, value)
            assert whole.startswith(value) or typed[name].startswith(value), (order, name)
    for order, fields in kept.items():
        if order not in stored:
            assert isinstance(fields, dict)
            assert fields.items() <= found[order].items(), order


@pytest.mark.parametrize(
    ("clock", "processor", "over"),
    [(500.0, 3.0, False), (40.0, 31.0, True), (601.0, 1.0, True)],
    ids=["a busy computer", "it looked in vain", "nobody waits for ever"],
)
def test_a_process_that_gets_little_of_the_processor_is_late_and_not_stuck(
    clock: float, processor: float, over: bool
) -> None:
    times, worked = iter((0.0, clock)), iter((0.0, processor))
    assert Patience(lambda: next(times), lambda: next(worked)).over is over


LOST = {"id_number": family(7)["id_number"], "full_name": family(7)["full_name"]}
TOLD = Told(
    [
        {"what": "begun", "order": 7, "person": "one"},
        {"what": "kept", "order": 7, "person": "one", "fields": LOST},
    ]
)


@pytest.mark.parametrize(
    "left",
    [
        [],
        [Draft("d", "one", {"id_number": LOST["id_number"]}, "")],
        [Draft("d", "one", LOST | {"full_name": family(8)["full_name"]}, "")],
        [Draft("d", "another", LOST, "")],
        [Draft("d", "one", LOST, ""), Draft("e", "one", LOST, "")],
    ],
    ids=["no draft", "a field less", "another child's name", "another person", "twice"],
)
def test_what_is_lost_or_stands_in_a_wrong_place_would_be_found(left: list[Draft]) -> None:
    assert_drafts(TOLD, [Draft("d", "one", LOST, "")], set())
    with pytest.raises((AssertionError, KeyError)):
        assert_drafts(TOLD, left, set())
