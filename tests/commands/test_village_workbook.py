"""A village's workbook comes back row by row as was planned: good, odd, broken and why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from desktop_app.commands.families import (
    Family,
    VillageSheet,
    make_families,
    plant_broken_rows,
    write_village_workbook,
)
from desktop_app.commands.families_broken import KINDS, ODD_KINDS, BrokenRow
from desktop_app.commands.families_sheet import HEADERS
from desktop_app.commands.families_values import SAME_NUMBER, UNDER_AGE
from desktop_app.documents.columns import Column, ColumnMatch, match_columns
from desktop_app.documents.reader import Sheet, read_workbook
from desktop_app.documents.rows import ParsedRow, parse_rows
from desktop_app.domain.age import check_age
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.errors import RuleError
from desktop_app.domain.identity import check_identity, tidy_number
from desktop_app.domain.names import tidy_name
from desktop_app.durable.places import resource_path
from desktop_app.messages.catalogue import BUG, sentence
from desktop_app.policy.load import load_package
from desktop_app.policy.package import Policy

KINDS_OF_COLUMN = {
    "id_number": "identity",
    "guardian_id_number": "identity",
    "birth_certificate": "identity",
    "birth_date": "date",
    "guardian_phone": "digits",
}
REQUIRED = {"full_name", "category", "guardian_name"}
COLUMNS = tuple(
    Column(name, header, (), KINDS_OF_COLUMN.get(name, "text"), name in REQUIRED)  # type: ignore[arg-type]
    for name, header in HEADERS.items()
    if name not in {"", "note"}
)


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Load the package that ships."""
    return load_package(resource_path("policy", "zhanhe-2024"))


@pytest.fixture(scope="module")
def families(policy: Policy) -> tuple[Family, ...]:
    """Make a season."""
    return make_families(320, 11, policy)


@pytest.fixture(scope="module")
def broken(families: tuple[Family, ...]) -> tuple[BrokenRow, ...]:
    """Break some rows of it."""
    return plant_broken_rows(families, 3)


@pytest.fixture(scope="module")
def written(
    tmp_path_factory: pytest.TempPathFactory,
    families: tuple[Family, ...],
    broken: tuple[BrokenRow, ...],
    policy: Policy,
) -> tuple[Path, VillageSheet]:
    """Write the workbook."""
    path = tmp_path_factory.mktemp("village") / "村里报上来的.xlsx"
    return path, write_village_workbook(path, families, broken, policy)


@pytest.fixture(scope="module")
def sheet(written: tuple[Path, VillageSheet]) -> Sheet:
    """Read it back as the product does, in its guarded child."""
    return read_workbook(written[0])


@pytest.fixture(scope="module")
def match(sheet: Sheet) -> ColumnMatch:
    """Match its headers."""
    return match_columns(sheet, COLUMNS)


def reasons(row: ParsedRow, policy: Policy, seen: set[str]) -> set[tuple[str, str]]:
    """Give every reason the product's own rules have against a row, by field."""
    field_of = {column.header: column.field for column in COLUMNS}
    found = {(field_of[one.column], one.code) for one in row.problems}
    if found:
        return found
    value = row.values
    id_type = CODE_LISTS["id_type"].parse(value["id_type"]) or "?"
    number = tidy_number(value.get("id_number", ""))
    checked = check_identity(id_type, number)
    found |= {("id_number", one.code) for one in checked.problems if one.blocks}
    age = check_age(value["birth_date"], policy.season_year, "P1", policy.age)
    found |= {(one.field, one.code) for one in age.problems if one.blocks}
    words = {value["category"], value["category"].split(" ")[0]}
    labels = {one.label for one in policy.categories.values()}
    if not words & (labels | set(policy.categories)):
        found.add(("category", "form.not_in_list"))
    if not found and number:
        found |= {("id_number", "form.duplicate")} if number in seen else set()
        seen.add(number)
    return found


def test_about_four_rows_of_a_hundred_are_broken_and_every_kind_occurs(
    families: tuple[Family, ...], broken: tuple[BrokenRow, ...]
) -> None:
    bad = [one for one in broken if one.code is not None]
    assert 0.03 <= len(bad) / len(families) <= 0.055
    assert {one.kind for one in bad} == set(KINDS)
    assert {one.kind for one in broken if one.code is None} == set(ODD_KINDS)
    assert len({one.family for one in broken}) == len(broken)
    assert broken == plant_broken_rows(families, 3)
    assert broken != plant_broken_rows(families, 4)


def test_every_reason_has_a_sentence(broken: tuple[BrokenRow, ...]) -> None:
    bug = sentence(RuleError(BUG)).what
    for code in {one.code for one in broken if one.code} | {"age.under", "form.duplicate"}:
        assert sentence(RuleError(code)).what != bug, code


def test_title_rows_stand_above_and_every_field_is_found(match: ColumnMatch) -> None:
    assert match.header_number == 3
    assert match.problems == ()
    assert set(match.positions) == {column.field for column in COLUMNS}
    assert match.unknown == ("序号", "备注")


def test_blank_rows_lie_between_and_are_skipped(
    sheet: Sheet, written: tuple[Path, VillageSheet]
) -> None:
    assert written[1].blank > 5
    assert sheet.skipped_blank == written[1].blank


def test_every_planted_row_is_refused_for_its_reason_and_no_other_is(
    sheet: Sheet, match: ColumnMatch, written: tuple[Path, VillageSheet], policy: Policy
) -> None:
    seen: set[str] = set()
    found = {
        (row.number, field, code)
        for row in parse_rows(sheet, COLUMNS, match)
        for field, code in reasons(row, policy, seen)
    }
    expected = {(one.row, one.field, one.code) for one in written[1].expected}
    # Whether a child is here already is asked of the database: tests of the intake prove it.
    assert found == {one for one in expected if one[2] != "form.alike"}
    codes = {one.code for one in written[1].expected}
    assert {"form.duplicate", "age.under"} <= codes


def test_odd_rows_come_back_as_they_were_meant(
    sheet: Sheet,
    match: ColumnMatch,
    written: tuple[Path, VillageSheet],
    families: tuple[Family, ...],
) -> None:
    refused = {one.row for one in written[1].expected}
    rows = [row for row in parse_rows(sheet, COLUMNS, match) if row.number not in refused]
    assert len(rows) == len(written[1].registered)
    for row, family in zip(rows, written[1].registered, strict=True):
        value: Mapping[str, str] = row.values
        assert tidy_name(value["full_name"]) == family.full_name
        assert tidy_number(value.get("id_number", "")) == family.id_number
        assert value["birth_date"] == family.birth_date
        assert value["guardian_name"] == family.guardian_name
        assert value.get("guardian_phone", "") == family.guardian_phone
        assert CODE_LISTS["ethnic"].parse(value["ethnic_code"]) == family.ethnic_code
        assert CODE_LISTS["guardian_relation"].parse(value["guardian_relation"]) == (
            family.guardian_relation
        )
        words = {part.split(" ")[0] for part in value.get("materials", "").split("、")}
        assert words - {""} == set(family.materials)
    assert len(families) == len(refused) + len(rows)


def test_numbers_known_already_are_expected_to_stop(
    tmp_path: Path, families: tuple[Family, ...], policy: Policy
) -> None:
    some = [one for one in families if one.id_number and UNDER_AGE not in one.traits][:5]
    known = {some[2].id_number}
    made = write_village_workbook(tmp_path / "a.xlsx", some, (), policy, known=known)
    assert [(one.field, one.code) for one in made.expected] == [("id_number", "form.duplicate")]


def test_a_look_alike_stops_only_where_the_first_one_went_in(
    tmp_path: Path, families: tuple[Family, ...], policy: Policy
) -> None:
    twice = next(one for one in families if SAME_NUMBER in one.traits)
    first = next(one for one in families if one.id_number == twice.id_number and one is not twice)
    spoiled = BrokenRow(first, "no name", "full_name", plant_broken_rows(families, 3)[0].cell, "x")
    both = write_village_workbook(tmp_path / "a.xlsx", (first, twice), (), policy)
    alone = write_village_workbook(tmp_path / "b.xlsx", (first, twice), (spoiled,), policy)
    assert [one.code for one in both.expected] == ["form.duplicate"]
    assert [one.code for one in alone.expected] == ["x"]


def test_the_same_families_give_the_same_bytes(
    tmp_path: Path, families: tuple[Family, ...], broken: tuple[BrokenRow, ...], policy: Policy
) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_village_workbook(tmp_path / name, families[:60], broken, policy)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
