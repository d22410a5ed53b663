"""The repair list in the database: the fourth migration, the restart, what is put away is gone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from desktop_app.domain.errors import UntrustedError
from desktop_app.storage import repairs
from desktop_app.storage.database import Connection, Database
from desktop_app.storage.drafts import Draft, Drafts
from desktop_app.storage.repairs import FROM_ROW, Fault, Kept
from desktop_app.storage.schema import MIGRATIONS, migrate
from tests.storage.kit import Laptop, some_key

BEFORE = 3
"""The number of the last migration before the repair list came."""
WHO, OTHER = "bringer", "somebody else"


def row(name: str, number: int = 2, source: str = "village.xlsx", **form: str) -> Kept:
    faults = [Fault("证件号", "cell.excel_damaged", {"limit": 18}, "4.1E+17")]
    return Kept(name, source, number, form or {"full_name": "罗雨桐"}, faults)


def keep(laptop: Laptop, *rows: Kept, who: str = WHO) -> None:
    with laptop.database.write() as connection:
        repairs.keep(connection, rows, who)


def listed(laptop: Laptop) -> list[str]:
    with laptop.database.read() as connection:
        found = [one.id for one in repairs.waiting(connection)]
        assert repairs.count(connection) == len(found)
    return found


def take(laptop: Laptop, name: str, person: str = WHO) -> None:
    with laptop.database.write() as connection:
        found = repairs.find(connection, name)
        assert found is not None
        repairs.take_in_hand(connection, found, person)


def settle(laptop: Laptop) -> None:
    with laptop.database.write() as connection:
        repairs.settle(connection)


def put_away(laptop: Laptop, name: str) -> None:
    with laptop.database.write() as connection:
        repairs.put_away(connection, name)


def everything(laptop: Laptop) -> list[Sequence[object]]:
    with laptop.database.read() as connection:
        return list(connection.exec_driver_sql("SELECT * FROM repair ORDER BY id").all())


def again(laptop: Laptop) -> Laptop:
    """Close a laptop and open its folder anew, as after a night."""
    laptop.close()
    return Laptop(laptop.path.parent, fresh=False)


# --- the fourth migration ------------------------------------------------------------------------


def names_of(connection: Connection) -> set[str]:
    return set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())


def as_before(database: Database) -> None:
    """Take the database back to the program that knew no repair list."""
    with database.write() as connection:
        connection.exec_driver_sql("DROP TABLE repair")
        connection.exec_driver_sql(f"PRAGMA user_version={BEFORE}")


def test_a_file_of_the_earlier_program_gets_the_list_and_keeps_all_it_had(laptop: Laptop) -> None:
    child = laptop.register()
    drafts = Drafts(laptop.database)
    drafts.save(Draft("d", WHO, {"full_name": "王"}, "phone"))
    before, state = laptop.operations(), laptop.row("applicant", child)
    as_before(laptop.database)
    opened = again(laptop)
    try:
        assert (opened.operations(), opened.row("applicant", child)) == (before, state)
        assert [one.fields for one in Drafts(opened.database).of_person(WHO)] == [
            {"full_name": "王"}
        ]
        assert listed(opened) == []
        keep(opened, row("a"))
        assert listed(opened) == ["a"]
    finally:
        opened.close()


def test_every_earlier_number_arrives_at_the_same_tables(tmp_path: Path) -> None:
    shapes = []
    for version in range(len(MIGRATIONS) + 1):
        database = Database(tmp_path / f"{version}.db", some_key)
        with database.write() as connection:
            for statements in MIGRATIONS[:version]:
                for statement in statements:
                    connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"PRAGMA user_version={version}")
            migrate(connection)
            shapes.append(names_of(connection))
            assert connection.exec_driver_sql("PRAGMA user_version").scalar_one() == len(MIGRATIONS)
        database.close()
    assert {"repair", "repair_open"} <= shapes[0]
    assert shapes.count(shapes[0]) == len(MIGRATIONS) + 1


def test_migrating_twice_changes_nothing(laptop: Laptop) -> None:
    keep(laptop, row("a"))
    with laptop.database.write() as connection:
        before = names_of(connection)
        migrate(connection)
        assert names_of(connection) == before
    assert listed(laptop) == ["a"]


def test_the_program_before_it_leaves_the_newer_file_alone(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(laptop, row("a"))
    laptop.close()
    with monkeypatch.context() as older:
        older.setattr("desktop_app.storage.schema.MIGRATIONS", MIGRATIONS[:BEFORE])
        with pytest.raises(UntrustedError) as refused:
            Database(laptop.path, some_key)
    assert refused.value.details == {"found": len(MIGRATIONS), "known": BEFORE}
    opened = Laptop(laptop.path.parent, fresh=False)
    assert listed(opened) == ["a"]
    opened.close()


def test_the_table_takes_no_value_of_another_type(laptop: Laptop) -> None:
    with pytest.raises(IntegrityError), laptop.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO repair VALUES ('a', 's', 'second', '{}', '[]', 'p', 1, 0)"
        )
    assert listed(laptop) == []


# --- what is kept --------------------------------------------------------------------------------


TEXT = st.text(max_size=12)
FAULTS = st.builds(
    Fault,
    TEXT,
    st.sampled_from(["cell.missing", "form.duplicate"]),
    st.dictionaries(TEXT, st.one_of(TEXT, st.integers(-(2**53), 2**53)), max_size=3),
    TEXT,
)


@given(
    st.builds(
        Kept,
        st.just(""),
        TEXT,
        st.integers(1, 120_000),
        st.dictionaries(TEXT, TEXT, max_size=5),
        st.lists(FAULTS, max_size=3),
    )
)
@settings(max_examples=25)
def test_a_row_comes_back_as_it_was_read(laptop: Laptop, one: Kept) -> None:
    named = replace(one, id=uuid.uuid4().hex)
    with laptop.database.write() as connection:
        repairs.keep(connection, [named], WHO)
        found = repairs.find(connection, named.id)
    assert found is not None
    assert (found.source, found.row, found.form) == (one.source, one.row, one.form)
    assert list(found.faults) == list(one.faults)
    assert (found.brought_by, found.in_hand_of) == (WHO, "")


def test_a_row_brought_again_stays_as_it_was_brought_first(laptop: Laptop) -> None:
    keep(laptop, row("a", 2), row("b", 3))
    keep(laptop, row("b", 9, "copy.xlsx"), row("c", 10, "copy.xlsx"), who=OTHER)
    with laptop.database.read() as connection:
        found = {
            one.id: (one.source, one.row, one.brought_by) for one in repairs.waiting(connection)
        }
    assert found == {
        "a": ("village.xlsx", 2, WHO),
        "b": ("village.xlsx", 3, WHO),
        "c": ("copy.xlsx", 10, OTHER),
    }


def test_rows_stand_workbook_by_workbook_in_the_order_of_the_sheet(laptop: Laptop) -> None:
    keep(laptop, row("d", 30, "b.xlsx"), row("c", 4, "b.xlsx"), row("b", 100, "a.xlsx"))
    assert listed(laptop) == ["b", "c", "d"]


def test_nothing_to_keep_writes_nothing(laptop: Laptop) -> None:
    keep(laptop)
    assert everything(laptop) == []


# --- in hand, put away, settled ------------------------------------------------------------------


def test_a_row_in_hand_is_named_with_its_person_and_stays_through_a_restart(
    laptop: Laptop,
) -> None:
    keep(laptop, row("a"), row("b", 3))
    take(laptop, "a", OTHER)
    opened = again(laptop)
    try:
        settle(opened)
        with opened.database.read() as connection:
            found = {one.id: one.in_hand_of for one in repairs.waiting(connection)}
        assert found == {"a": OTHER, "b": ""}
        (draft,) = Drafts(opened.database).of_person(OTHER)
        assert (draft.id, draft.fields) == ("a", {"full_name": "罗雨桐", FROM_ROW: "1"})
    finally:
        opened.close()


def test_opening_again_keeps_what_was_written_into_the_draft(laptop: Laptop) -> None:
    keep(laptop, row("a"))
    take(laptop, "a")
    drafts = Drafts(laptop.database)
    drafts.save(Draft("a", WHO, {"full_name": "罗雨彤"}, "phone"))
    take(laptop, "a")
    assert [dict(one.fields) for one in drafts.of_person(WHO)] == [{"full_name": "罗雨彤"}]


def test_a_draft_of_somebody_else_is_never_taken_over(laptop: Laptop) -> None:
    keep(laptop, row("a"))
    take(laptop, "a", OTHER)
    take(laptop, "a", WHO)
    drafts = Drafts(laptop.database)
    assert drafts.of_person(WHO) == ()
    assert [one.id for one in drafts.of_person(OTHER)] == ["a"]


def test_settling_takes_off_only_what_was_in_hand_and_is_no_draft_any_more(
    laptop: Laptop,
) -> None:
    keep(laptop, row("waits"), row("open", 3), row("done", 4))
    for name in ("open", "done"):
        take(laptop, name)
    Drafts(laptop.database).drop("done", WHO)
    settle(laptop)
    assert listed(laptop) == ["waits", "open"]
    before = everything(laptop)
    settle(laptop)
    assert everything(laptop) == before


def test_what_left_the_list_leaves_its_name_alone_and_is_not_listed_again(
    laptop: Laptop,
) -> None:
    keep(laptop, row("a"), row("b", 3))
    put_away(laptop, "a")
    with laptop.database.read() as connection:
        assert repairs.find(connection, "a") is None
        left = connection.exec_driver_sql(
            "SELECT source, form, problems FROM repair WHERE id = 'a'"
        ).one()
    assert tuple(left) == ("", "", "")
    keep(laptop, row("a", 7, "again.xlsx"))
    assert listed(laptop) == ["b"]
    put_away(laptop, "a")
    put_away(laptop, "nobody")
    assert listed(laptop) == ["b"]


STEPS = st.lists(
    st.tuples(st.sampled_from(["keep", "take", "drop", "away", "settle"]), st.sampled_from("abc")),
    max_size=14,
)


@given(STEPS)
@settings(max_examples=15)
def test_whatever_is_done_a_row_is_listed_until_it_is_mended_and_then_never_again(
    laptop: Laptop, steps: list[tuple[str, str]]
) -> None:
    with laptop.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM repair")
        connection.exec_driver_sql("DELETE FROM draft")
    known: dict[str, str] = {}
    for what, name in steps:
        if what == "keep":
            keep(laptop, row(name))
            known.setdefault(name, "waits")
        elif what == "take" and known.get(name, "gone") != "gone":
            take(laptop, name)
            known[name] = "draft"
        elif what == "drop" and known.get(name) == "draft":
            Drafts(laptop.database).drop(name, WHO)
            known[name] = "dropped"
        elif what == "away" and name in known:
            put_away(laptop, name)
            known[name] = "gone"
        elif what == "settle":
            settle(laptop)
            known = {one: "gone" if at == "dropped" else at for one, at in known.items()}
        assert set(listed(laptop)) == {one for one, at in known.items() if at != "gone"}
