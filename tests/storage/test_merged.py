"""Merged records at the level of the tables: any order of arrival, tampering, plans, upgrades."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain.declare import Item, RecordType, Value, declare
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.feeds.operation import Change
from desktop_app.storage import journal as journals
from desktop_app.storage import matters, merged, queries
from desktop_app.storage.journal import Journal
from desktop_app.storage.rows import read_row
from tests.feeds.kit import SCHOOL, holds
from tests.storage.kit import Laptop
from tests.storage.test_laws import EXAMPLES, computers
from tests.storage.test_plans import faults_of, heard, plans


def merge(laptop: Laptop, gone: str, stays: str) -> str:
    with laptop.journal.begin(laptop.actor(), laptop.scope) as work:
        values: dict[str, Value] = {
            "rule": "D1",
            "applicant": gone,
            "other": stays,
            "decision": "same",
            "stays": stays,
            "seen": merged.seen_of(work.connection, work.scope, gone),
        }
        return work.create("duplicate_decision", values)


def noted(laptop: Laptop) -> dict[str, tuple[str, str]]:
    with laptop.database.read() as connection:
        return merged.noted(connection, SCHOOL)[0]


def listed(laptop: Laptop) -> set[str]:
    with laptop.database.read() as connection:
        page = queries.applicant_page(connection, SCHOOL, "all", None, 100)
        assert queries.counts(connection, SCHOOL)["all"] == len(page.lines)
        return {line.record for line in page.lines}


@settings(max_examples=EXAMPLES // 8)
@given(st.integers(0, 2**32))
def test_merges_in_any_order_come_to_one_answer_that_loses_nobody(seed: int) -> None:
    chance = random.Random(seed)
    with computers() as site:
        desks = site[:2]
        records = [desks[0].register() for _ in range(4)]
        desks[0].give(desks[1])
        for _ in range(14):
            one, what = chance.choice(desks), chance.random()
            record, other = chance.sample(records, 2)
            standing = [name for name in records if one.row("applicant", name) is not None]
            if what < 0.4 and {record, other} <= set(standing):
                merge(one, record, other)
            elif what < 0.5 and record in standing:
                one.edit("applicant", record, category=chance.choice(["A1", "B1"]))
            elif what < 0.6 and record in standing:
                one.remove("applicant", record)
            elif what < 0.7:
                take_back(one, record)
            else:
                giver, taker = chance.sample(site[:3], 2)
                giver.give(taker, most=chance.choice([1, 2, 100]))
        for one in (*site, *reversed(site)):
            for other_one in site:
                if one is not other_one:
                    one.give(other_one, most=chance.choice([1, 3, 100]))
        assert len({one.digest() for one in site}) == 1
        assert len({str(sorted(noted(one).items())) for one in site}) == 1
        for one in site:
            assert one.verify().flaws == ()
            gone = noted(one)
            here = {name for name in records if one.row("applicant", name, SCHOOL) is not None}
            assert listed(one) == here - gone.keys()
            assert {twin for twin, _ in gone.values()} <= listed(one)


def take_back(laptop: Laptop, record: str) -> None:
    with laptop.journal.begin(laptop.actor(), laptop.scope) as work:
        for one in merged.merge_decisions(work.connection, work.scope):
            if one.gone == record:
                work.edit("duplicate_decision", one.record, {"stays": None})


def test_a_decision_that_comes_before_the_records_holds_when_they_come(tmp_path: Path) -> None:
    one, other = Laptop(tmp_path / "a", "a"), Laptop(tmp_path / "b", "b")
    third = Laptop(tmp_path / "c", "c")
    older = one.register()
    one.give(other)
    younger = other.register()
    merge(other, younger, older)
    third.learn(other.feeds()[other.feed])
    third.take(other.feed, other.operations(other.feed))
    assert listed(third) == {younger}
    one.give(third)
    assert listed(third) == {older}
    assert third.verify().sound
    for laptop in (one, other, third):
        laptop.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE projected_twin SET twin = 'x'",
        "UPDATE projected_twin SET matter = 'changed'",
        "DELETE FROM projected_twin",
        "UPDATE projected_applicant SET twin = NULL",
        "UPDATE projected_applicant SET twin = 'x' WHERE twin IS NULL",
    ],
)
def test_what_was_changed_of_a_merge_is_found(laptop: Laptop, statement: str) -> None:
    older, younger = laptop.register(), laptop.register()
    merge(laptop, younger, older)
    assert laptop.verify().sound
    with laptop.database.write() as connection:
        connection.exec_driver_sql(statement)
    assert "twins_listed" in {flaw.code for flaw in laptop.verify().flaws}


def merge_and_fail(laptop: Laptop, gone: str, stays: str) -> None:
    with laptop.journal.begin(laptop.actor()) as work:
        values = {"rule": "D1", "applicant": gone, "other": stays, "decision": "same"}
        work.create("duplicate_decision", values | {"stays": stays})
        work.flush()
        raise LookupError


def test_a_failed_work_leaves_no_memory_of_a_merge(laptop: Laptop) -> None:
    older, younger = laptop.register(), laptop.register()
    with pytest.raises(LookupError):
        merge_and_fail(laptop, younger, older)
    laptop.edit("applicant", younger, category="B1")
    assert noted(laptop) == {}
    merge(laptop, younger, older)
    assert listed(laptop) == {older}


def test_no_queue_scans_or_sorts(laptop: Laptop, tmp_path: Path) -> None:
    other = Laptop(tmp_path / "other", "other")
    older, younger = laptop.register(), laptop.register()
    laptop.give(other)
    laptop.edit("applicant", older, full_name="甲")
    other.edit("applicant", older, full_name="乙")
    other.give(laptop)
    other.close()
    with heard(laptop) as statements, laptop.database.read() as connection:
        assert len(matters.disputed_fields(connection, SCHOOL, None, 9)) == 1
        assert matters.disputed_fields(connection, None, None, 9) == []
        (pair,) = matters.same_number_pairs(connection, SCHOOL, None, 9)
        assert (pair.record, pair.other) == (older, younger)
        assert matters.same_number_pairs(connection, SCHOOL, (pair.at, pair.record), 9) == []
        assert matters.count_matters(connection, SCHOOL) == 2
        assert matters.count_matters(connection, None) == 0
        assert matters.desk_receipt(connection, laptop.feed)
        key = (SCHOOL, "applicant", older, "full_name")
        assert len(matters.heads_of(connection, key)) == 2
        assert matters.children(connection, [(SCHOOL, older)])
    merge(laptop, younger, older)
    laptop.edit("applicant", younger, category="B1")
    with heard(laptop) as more, laptop.database.read() as connection:
        assert [one.matter for one in matters.twin_matters(connection, SCHOOL, "", 9)] == [
            "changed"
        ]
        assert len(matters.merged_records(connection, SCHOOL, "", 9)) == 1
        assert queries.history(connection, SCHOOL, older)
    found = {text: faults_of(plan) for text, plan in plans(laptop, [*statements, *more])}
    bad = {text: why for text, why in found.items() if why and "FROM (SELECT 1" not in text}
    assert len(found) > 14
    assert not bad


# --- a newer program ------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A kind of record that today's program does not know."""

    applicant: Annotated[str, Item("报名学生", required=True, max_length=36)]
    note: Annotated[str | None, Item("说明", max_length=40)] = None


def tomorrow() -> Mapping[str, RecordType]:
    """Give the declarations of a later program: one more kind, and a newer guardian."""
    guardian = dataclasses.replace(RECORD_TYPES["guardian"], schema=2)
    more = {"home_visit": declare("home_visit", "家访", 1, Visit), "guardian": guardian}
    return MappingProxyType({**RECORD_TYPES, **more})


def open_later(laptop: Laptop) -> Journal:
    return Journal(laptop.database, tomorrow(), holds, lambda: laptop.officers)


def test_what_a_newer_program_wrote_waits_and_counts_by_itself_after_the_upgrade(
    tmp_path: Path,
) -> None:
    newer, older = Laptop(tmp_path / "new", "new"), Laptop(tmp_path / "old", "old")
    newer.journal = open_later(newer)
    child = newer.register()
    visit = newer.create("home_visit", applicant=child, note="去过")
    newer.give(older)
    assert sorted(older.attention()) == ["newer_schema", "unknown_kind"]
    with older.database.read() as connection:
        lines = queries.attention(connection, None, 9)
    assert {line.verdict: line.person for line in lines} == {
        "newer_schema": lines[0].person,
        "unknown_kind": lines[0].person,
    }
    assert older.verify().sound
    third = Laptop(tmp_path / "third", "third")
    older.give(third)
    assert sorted(third.attention()) == ["newer_schema", "unknown_kind"]
    for laptop in (older, third):
        laptop.journal = open_later(laptop)
        assert laptop.attention() == []
        with laptop.database.read() as connection:
            row = read_row(connection, tomorrow()["home_visit"], SCHOOL, visit)
        assert row is not None
        assert row.values["note"] == "去过"
    for laptop in (newer, older, third):
        laptop.close()


def test_a_later_form_of_an_operation_is_kept_for_a_later_program(laptop: Laptop) -> None:
    """Nothing but the schema differs: the values wait with it."""
    record = laptop.register()
    with laptop.journal.begin(laptop.actor()) as work:
        heads = {"category": (work.row("applicant", record).heads.split("\n")[0],)}
        change = Change("applicant", record, "edit", 9, {"category": "B1"}, heads)
        work._write(change, signed=False)
    assert laptop.attention() == ["newer_schema"]
    assert laptop.shown(record, "category") == "A1"
    later = dataclasses.replace(RECORD_TYPES["applicant"], schema=9)
    types = MappingProxyType({**RECORD_TYPES, "applicant": later})
    laptop.journal = journals.Journal(laptop.database, types, holds, lambda: laptop.officers)
    assert laptop.attention() == []
    assert laptop.shown(record, "category") == "B1"
