"""The fold is a function of the set: any order, split and repetition shows the same record."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.declare import Item, Merge, Value, declare
from desktop_app.feeds.fold import CREATE, REMOVE, Held, Projection, fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    name: Annotated[str, Item("名", Merge.IDENTITY)]
    phone: Annotated[str, Item("电话", Merge.LATEST)]
    tags: Annotated[str, Item("标签", Merge.SET)]
    notes: Annotated[str, Item("记事", Merge.LOG)]


THING = declare("thing", "物", 1, Thing)
FIELDS = tuple(THING.fields)


def op(
    feed: str,
    sequence: int,
    values: Mapping[str, Value],
    replaces: Mapping[str, Sequence[Held]] | None = None,
    **changed: object,
) -> Held:
    """Make an operation that names the operations it replaces."""
    named = replaces or {}
    made = Held(
        reference=f"{feed}:{sequence}:{sequence:012x}",
        feed=feed,
        sequence=sequence,
        person=f"person-{feed}",
        act=CREATE if not named else "edit",
        stamp=(sequence, 0),
        sets={name: [one.reference for one in named.get(name, ())] for name in values},
        values=values,
        authority=2,
        eligible=True,
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def over(before: Held, feed: str, sequence: int, **values: Value) -> Held:
    """Make an edit on top of one operation."""
    return op(feed, sequence, values, {name: [before] for name in values})


def remove(feed: str, sequence: int, *seen: Held, **changed: object) -> Held:
    """Make a tombstone that names what it saw."""
    values: dict[str, Value] = dict.fromkeys(FIELDS)
    return op(feed, sequence, values, dict.fromkeys(FIELDS, seen), act=REMOVE, **changed)


def shown(*operations: Held) -> Projection:
    projection = fold(THING, operations)
    assert projection is not None
    return projection


CREATED = op("a", 1, {"name": "李", "phone": "1"})


# --- one after the other ---------------------------------------------------------------------


def test_a_creation_shows_its_values_and_its_maker() -> None:
    projection = shown(CREATED)
    assert projection.values == {"name": "李", "phone": "1"}
    assert projection.heads == dict.fromkeys(("name", "phone"), (CREATED.reference,))
    assert projection.created == CREATED.reference
    assert (projection.created_by, projection.created_in) == ("person-a", "a")
    assert (projection.created_at, projection.changed_at) == (1, 1)
    assert not projection.conflicts
    assert not projection.others


def test_an_edit_that_names_the_head_replaces_it() -> None:
    edit = over(CREATED, "b", 5, phone="2")
    projection = shown(CREATED, edit)
    assert projection.values == {"name": "李", "phone": "2"}
    assert projection.heads["phone"] == (edit.reference,)
    assert projection.created == CREATED.reference
    assert projection.changed_at == 5


def test_nothing_held_is_nothing_shown() -> None:
    assert fold(THING, []) is None
    assert fold(THING, [replace(CREATED, eligible=False)]) is None


def test_a_field_that_is_not_declared_does_not_show() -> None:
    assert shown(op("a", 1, {"other": "x"})).values == {}


# --- at the same time ------------------------------------------------------------------------


def test_two_names_at_once_open_a_conflict_and_the_lowest_shows() -> None:
    one, other = over(CREATED, "b", 2, name="王"), over(CREATED, "c", 1, name="汪")
    projection = shown(CREATED, one, other)
    assert projection.values["name"] == "王"
    assert projection.conflicts["name"] == (one, other)
    assert set(projection.heads["name"]) == {one.reference, other.reference}


def test_higher_authority_shows_first_in_a_conflict() -> None:
    one = over(CREATED, "b", 2, name="王")
    other = replace(over(CREATED, "c", 1, name="汪"), authority=1)
    assert shown(CREATED, one, other).values["name"] == "汪"


def test_the_same_name_twice_is_no_conflict() -> None:
    one, other = over(CREATED, "b", 2, name="王"), over(CREATED, "c", 1, name="王")
    projection = shown(CREATED, one, other)
    assert not projection.conflicts
    assert not projection.others
    assert len(projection.heads["name"]) == 2


def test_an_edit_that_saw_both_ends_the_conflict() -> None:
    one, other = over(CREATED, "b", 2, name="王"), over(CREATED, "c", 1, name="汪")
    decided = op("a", 9, {"name": "汪"}, {"name": [one, other]})
    projection = shown(CREATED, one, other, decided)
    assert projection.values["name"] == "汪"
    assert not projection.conflicts
    assert projection.heads["name"] == (decided.reference,)


def test_of_two_phones_the_later_shows_and_the_other_is_listed() -> None:
    early, late = over(CREATED, "c", 2, phone="2"), over(CREATED, "b", 3, phone="3")
    projection = shown(CREATED, early, late)
    assert projection.values["phone"] == "3"
    assert projection.others["phone"] == (late, early)
    assert not projection.conflicts


def test_authority_goes_before_the_clock() -> None:
    early = replace(over(CREATED, "c", 2, phone="2"), authority=0)
    late = over(CREATED, "b", 3, phone="3")
    assert shown(CREATED, early, late).values["phone"] == "2"


def test_of_equal_stamps_the_higher_operation_shows() -> None:
    one = over(CREATED, "b", 9, phone="2")
    other = replace(over(CREATED, "b", 10, phone="3"), stamp=one.stamp)
    assert shown(CREATED, one, other).values["phone"] == "3"


def test_different_fields_at_once_both_show() -> None:
    one, other = over(CREATED, "b", 2, name="王"), over(CREATED, "c", 1, phone="7")
    projection = shown(CREATED, one, other)
    assert projection.values == {"name": "王", "phone": "7"}
    assert not projection.conflicts
    assert not projection.others


def test_entries_and_members_are_all_kept() -> None:
    one = op("a", 1, {"tags": "x", "notes": "早"})
    other = op("b", 1, {"tags": "y", "notes": "晚"})
    again = op("c", 1, {"tags": "y", "notes": None})
    projection = shown(one, other, again)
    assert projection.values == {"tags": "x\ny", "notes": "\n".join(sorted(["早", "晚"]))}
    assert not projection.others


def test_a_member_is_removed_only_where_it_was_seen() -> None:
    one, other = op("a", 1, {"tags": "x"}), op("b", 1, {"tags": "x"})
    taken = op("a", 2, {"tags": None}, {"tags": [one]})
    assert shown(one, taken).values["tags"] is None
    assert shown(one, other, taken).values["tags"] == "x"


# --- void operations ---------------------------------------------------------------------------


def test_a_void_head_restores_what_it_replaced() -> None:
    void = replace(over(CREATED, "b", 2, name="王"), eligible=False)
    projection = shown(CREATED, void)
    assert projection.values["name"] == "李"
    assert projection.heads["name"] == (CREATED.reference,)
    assert projection.changed_at == 1


def test_an_edit_on_top_of_a_void_one_stands_alone() -> None:
    void = replace(over(CREATED, "b", 2, name="王"), eligible=False)
    edit = over(void, "c", 3, name="汪")
    projection = shown(CREATED, void, edit)
    assert projection.values["name"] == "汪"
    assert not projection.conflicts
    assert projection.heads["name"] == (edit.reference,)


def test_ancestry_is_traced_through_a_chain_of_void_ones() -> None:
    first = replace(over(CREATED, "b", 2, name="王"), eligible=False)
    second = replace(over(first, "b", 3, name="汪"), eligible=False)
    assert shown(CREATED, first, second, over(second, "c", 4, name="黄")).conflicts == {}
    assert shown(CREATED, first, second).values["name"] == "李"


def test_a_void_creation_leaves_the_edits_that_count() -> None:
    void = replace(CREATED, eligible=False)
    edit = over(void, "b", 2, phone="2")
    projection = shown(void, edit)
    assert projection.values == {"phone": "2"}
    assert projection.created == edit.reference


def test_an_operation_not_held_yet_replaces_nothing_else() -> None:
    missing = over(CREATED, "b", 2, name="王")
    edit = over(missing, "c", 3, name="汪")
    assert set(shown(CREATED, edit).heads["name"]) == {CREATED.reference, edit.reference}
    assert shown(CREATED, missing, edit).heads["name"] == (edit.reference,)


def test_a_ring_of_replacements_loses_nothing() -> None:
    one, two, three = (op(feed, 1, {"name": feed}) for feed in "abc")
    ring = [
        replace(one, sets={"name": [two.reference]}),
        replace(two, sets={"name": [three.reference]}),
        replace(three, sets={"name": [one.reference]}),
    ]
    projection = shown(*ring)
    assert len(projection.heads["name"]) == 3
    assert len(projection.conflicts["name"]) == 3


def test_an_operation_that_names_itself_stands() -> None:
    itself = replace(CREATED, sets={"name": [CREATED.reference]})
    assert shown(itself).values["name"] == "李"


# --- removal -----------------------------------------------------------------------------------


def test_a_removed_record_is_gone() -> None:
    assert fold(THING, [CREATED, remove("b", 2, CREATED)]) is None


def test_a_void_removal_removes_nothing() -> None:
    assert shown(CREATED, remove("b", 2, CREATED, eligible=False)).values["name"] == "李"


def test_an_edit_the_removal_did_not_see_keeps_the_record_marked() -> None:
    tombstone = remove("b", 2, CREATED)
    edit = over(CREATED, "c", 2, phone="2")
    projection = shown(CREATED, tombstone, edit)
    assert projection.removal_disputed
    assert projection.values == {"name": "李", "phone": "2"}
    assert not projection.others
    assert set(projection.heads["phone"]) == {tombstone.reference, edit.reference}


def test_a_removal_that_saw_the_edit_removes() -> None:
    edit = over(CREATED, "c", 2, phone="2")
    tombstone = remove("b", 3, CREATED, edit)
    assert fold(THING, [CREATED, edit, tombstone]) is None


def test_a_disputed_removal_is_settled_by_keeping_or_removing_again() -> None:
    tombstone = remove("b", 2, CREATED)
    edit = over(CREATED, "c", 2, phone="2")
    seen = [CREATED, edit, tombstone]
    kept = op("c", 3, {"name": "李", "phone": "2"}, dict.fromkeys(("name", "phone"), seen))
    projection = shown(*seen, kept)
    assert not projection.removal_disputed
    assert projection.values == {"name": "李", "phone": "2"}
    assert fold(THING, [*seen, remove("c", 3, *seen)]) is None


def test_an_answer_to_part_of_a_removal_leaves_the_mark() -> None:
    tombstone = remove("b", 2, CREATED)
    edit = over(CREATED, "c", 2, phone="2")
    part = op("c", 3, {"phone": "2"}, {"phone": [edit, tombstone]})
    assert shown(CREATED, tombstone, edit, part).removal_disputed


def test_only_tombstones_show_nothing() -> None:
    assert fold(THING, [remove("b", 2, CREATED)]) is None


# --- laws over histories nobody thought of -------------------------------------------------------


@st.composite
def histories(draw: st.DrawFn) -> list[Held]:
    """Draw a history in which every writer saw some prefix of what was written before."""
    operations: list[Held] = []
    for sequence in range(1, draw(st.integers(1, 9)) + 1):
        seen = operations[: draw(st.integers(0, len(operations)))]
        act = draw(st.sampled_from([CREATE, "edit", "edit", "edit", REMOVE]))
        names = draw(st.sets(st.sampled_from(FIELDS), min_size=1))
        wanted = FIELDS if act == REMOVE else sorted(names)
        before = fold(THING, seen)
        heads = before.heads if before is not None else {}
        operations.append(
            op(
                draw(st.sampled_from("abc")),
                sequence,
                {
                    name: None if act == REMOVE else draw(st.sampled_from(["x", "y", None]))
                    for name in wanted
                },
                act=act,
                stamp=(draw(st.integers(0, 3)), 0),
                authority=draw(st.integers(0, 2)),
                eligible=draw(st.integers(0, 4)) > 0,
                sets={name: list(heads.get(name, ())) for name in wanted},
            )
        )
    return operations


@given(histories(), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(history: list[Held], chance: random.Random) -> None:
    shuffled = history + [chance.choice(history) for _ in history]
    chance.shuffle(shuffled)
    assert fold(THING, shuffled) == fold(THING, history)


@given(histories())
def test_every_head_counts_and_nothing_that_counts_is_replaced(history: list[Held]) -> None:
    projection = fold(THING, history)
    if projection is None:
        return
    known = {one.reference: one for one in history}
    for name, references in projection.heads.items():
        assert references
        for reference in references:
            assert known[reference].eligible
            assert name in known[reference].sets
            assert not any(reference in one.sets.get(name, ()) for one in history if one.eligible)


@given(histories())
def test_every_value_that_stands_shows_or_is_listed(history: list[Held]) -> None:
    projection = fold(THING, history)
    if projection is None:
        eligible = [one for one in history if one.eligible]
        assert not eligible or any(one.act == REMOVE for one in eligible)
        return
    known = {one.reference: one for one in history}
    for name, references in projection.heads.items():
        listed = projection.conflicts.get(name, ()) + projection.others.get(name, ())
        values = {one.values[name] for one in listed} | {projection.values.get(name)}
        values |= set(str(projection.values.get(name)).split("\n"))
        living = [known[one] for one in references if known[one].act != REMOVE]
        assert {one.values[name] for one in living} - values <= {None}


@given(histories())
def test_a_void_operation_shows_as_if_it_had_only_been_read(history: list[Held]) -> None:
    """Voiding the last operation gives what stood before it."""
    last = history[-1]
    before = fold(THING, history[:-1])
    assert fold(THING, [*history[:-1], replace(last, eligible=False)]) == before
