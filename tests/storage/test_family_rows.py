"""Families, forms that wait to be keyed again and homes, as the database keeps and finds them."""

from __future__ import annotations

import pytest

from desktop_app.domain.address import place_key
from desktop_app.domain.duplicates import Candidate
from desktop_app.domain.names import name_key
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.storage import queries
from desktop_app.storage.lists import applicant_page
from desktop_app.storage.pinyin import spellings
from desktop_app.storage.rows import read_rows, select
from tests.feeds.kit import SCHOOL
from tests.storage.conftest import MakeLaptop
from tests.storage.kit import CLERK, Laptop

APPLICANT = RECORD_TYPES["applicant"]
VILLAGE = "410411200201"
BIRTH = "2018-03-14"


def of(laptop: Laptop, field: str, value: str) -> list[str]:
    """Give the registrations of which a field has a value."""
    with laptop.database.read() as connection:
        return [one.record for one in read_rows(connection, APPLICANT, SCHOOL, {field: value})]


def alike(laptop: Laptop, **known: str) -> list[str]:
    """Give whom the database fetches for a child of another name who lives at a home."""
    home = place_key(known.get("village", VILLAGE), known["home"])
    asked = Candidate(
        known.get("record", ""),
        SCHOOL,
        name_keys=frozenset({name_key("单紫涵")}),
        pinyin_keys=frozenset(spellings("单紫涵")),
        birth_dates=frozenset({known.get("birth", BIRTH)}),
        addresses=frozenset(filter(None, {home})),
    )
    with laptop.database.read() as connection:
        return [one.record for one in queries.duplicate_candidates(connection, SCHOOL, asked)]


# --- the rows -----------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["family", "second_keying"])
def test_what_is_read_by_a_field_has_an_index(laptop: Laptop, field: str) -> None:
    statement = select(APPLICANT, [field])
    with laptop.database.read() as connection:
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (SCHOOL, "waiting"))
        told = " ".join(str(line[-1]) for line in found)
    assert "SCAN" not in told
    assert f"{field}=?" in told


def test_a_family_is_read_oldest_first_and_no_other(laptop: Laptop) -> None:
    first = laptop.register()
    laptop.edit("applicant", first, family=first)
    others = [laptop.register(full_name=name, family=first) for name in ("单一", "单二", "单三")]
    stranger = laptop.register(full_name="王五")
    laptop.register(full_name="王六", family=stranger)
    assert of(laptop, "family", first) == [first, *others]
    laptop.remove("applicant", others[1])
    assert of(laptop, "family", first) == [first, others[0], others[2]]


def test_the_queue_holds_what_waits_and_forgets_what_is_settled(laptop: Laptop) -> None:
    papers = [laptop.register(second_keying="waiting") for _ in range(3)]
    laptop.register()
    assert of(laptop, "second_keying", "waiting") == papers
    laptop.edit("applicant", papers[0], second_keying="matched")
    laptop.edit("applicant", papers[2], second_keying="settled")
    assert of(laptop, "second_keying", "waiting") == [papers[1]]
    assert of(laptop, "second_keying", "matched") == [papers[0]]
    laptop.edit("applicant", papers[1], second_keying=None)
    assert of(laptop, "second_keying", "waiting") == []
    assert laptop.verify().sound


@pytest.mark.parametrize(
    "marks",
    [
        {"entry": "transfer"},
        {"agent_relation": "61"},
        {"second_keying": "waiting"},
        {"family": "01a203ec-9700-72b1-85ed-c636ba2b49e1"},
    ],
)
def test_a_mark_is_folded_alike_whichever_way_it_comes(
    make_laptop: MakeLaptop, marks: dict[str, str]
) -> None:
    one, other, third = make_laptop("one"), make_laptop("two"), make_laptop("three")
    record = one.register()
    one.edit("applicant", record, CLERK, signed=False, **marks)
    one.give(other, most=1)
    other.give(third)
    (name,) = marks
    for laptop in (one, other, third):
        assert laptop.shown(record, name) == marks[name]
        assert laptop.verify().sound
    assert len({laptop.digest() for laptop in (one, other, third)}) == 1
    third.edit("applicant", record, CLERK, signed=False, **dict.fromkeys(marks))
    third.give(one)
    assert one.shown(record, name) is None


@pytest.mark.parametrize(
    ("field", "here", "there"),
    [
        ("family", "aaaa", "bbbb"),
        ("entry", "transfer", "reinstated"),
        ("second_keying", "matched", "settled"),
        ("agent_relation", "61", "62"),
    ],
)
def test_a_mark_written_apart_is_one_value_everywhere_and_nobodys_question(
    make_laptop: MakeLaptop, field: str, here: str, there: str
) -> None:
    one, other = make_laptop("one"), make_laptop("two")
    record = one.register()
    one.give(other)
    one.edit("applicant", record, CLERK, signed=False, **{field: here})
    other.edit("applicant", record, CLERK, signed=False, **{field: there})
    for giver, taker in ((one, other), (other, one)):
        giver.give(taker)
    assert one.shown(record, field) == other.shown(record, field)
    assert one.shown(record, field) in {here, there}
    assert one.digest() == other.digest()
    for laptop in (one, other):
        row = laptop.row("applicant", record)
        assert row is not None
        assert not row.in_conflict
        assert of(laptop, field, str(row.values[field])) == [record]


def test_the_list_carries_the_family_of_each_line(laptop: Laptop) -> None:
    first = laptop.register()
    laptop.edit("applicant", first, family=first)
    second = laptop.register(family=first)
    alone = laptop.register()
    with laptop.database.read() as connection:
        lines = applicant_page(connection, SCHOOL, "all", None, 10).lines
    assert {one.record: one.family for one in lines} == {first: first, second: first, alone: ""}


# --- homes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "home", ["3组27号", "第三组２７號", "湛河湾村三组二十七号", "曹镇乡湛河湾村3村民组027号"]
)
@pytest.mark.parametrize("field", ["hukou", "current"])
def test_a_child_is_found_by_either_home_in_any_spelling(
    laptop: Laptop, home: str, field: str
) -> None:
    record = laptop.register(**{f"{field}_village": VILLAGE, f"{field}_address": home})
    laptop.register(hukou_village=VILLAGE, hukou_address="3组72号")
    assert alike(laptop, home="3组27号") == [record]
    assert alike(laptop, home=home) == [record]


@pytest.mark.parametrize(
    "known",
    [
        {"home": "3组28号"},
        {"home": "3组27号", "village": "410411200204"},
        {"home": "3组27号", "birth": "2018-03-15"},
        {"home": ""},
        {"home": "湛河湾村"},
    ],
)
def test_another_home_or_day_finds_nobody(laptop: Laptop, known: dict[str, str]) -> None:
    laptop.register(hukou_village=VILLAGE, hukou_address="3组27号")
    laptop.register(hukou_village=VILLAGE, hukou_address="湛河湾村")
    laptop.register()
    assert alike(laptop, **known) == []


def test_village_and_door_of_two_homes_are_not_mixed(laptop: Laptop) -> None:
    homes = {"hukou_village": VILLAGE, "hukou_address": "1组1号"}
    homes |= {"current_village": "410411200204", "current_address": "3组27号"}
    laptop.register(**homes)
    assert alike(laptop, home="3组27号") == []


def test_a_home_that_does_not_show_is_compared_too(make_laptop: MakeLaptop) -> None:
    one, other = make_laptop("one"), make_laptop("two")
    record = one.register(hukou_village=VILLAGE, hukou_address="1组1号")
    one.give(other)
    for laptop, name in ((one, "单一"), (other, "单二")):
        laptop.edit("applicant", record, full_name=name)
    one.edit("applicant", record, hukou_address="三组27号")
    for giver, taker in ((one, other), (other, one)):
        giver.give(taker)
    assert alike(one, home="3组27号") == alike(other, home="3组27号") == [record]


def test_a_child_taken_back_or_moved_away_is_not_found(laptop: Laptop) -> None:
    gone = laptop.register(hukou_village=VILLAGE, hukou_address="3组27号")
    moved = laptop.register(hukou_village=VILLAGE, hukou_address="3组27号")
    assert alike(laptop, home="3组27号") == sorted([gone, moved])
    assert alike(laptop, home="3组27号", record=gone) == [moved]
    laptop.remove("applicant", gone)
    laptop.edit("applicant", moved, hukou_address="4组1号")
    assert alike(laptop, home="3组27号") == []
    assert alike(laptop, home="四组一号") == [moved]
