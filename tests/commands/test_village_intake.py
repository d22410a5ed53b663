"""A village's workbook through the whole intake: who is registered, who is not, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.commands.families import (
    VillageSheet,
    make_families,
    plant_broken_rows,
    write_village_workbook,
)
from desktop_app.commands.families_sheet import HEADERS
from desktop_app.durable.places import resource_path
from desktop_app.policy.load import load_package
from desktop_app.services.intake import COLUMNS, Intake, WorkbookDesk, header_of
from desktop_app.services.setup import NewFolder, create_workplace
from desktop_app.storage.lists import counts


@pytest.fixture(scope="module")
def taken(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Intake, VillageSheet, dict[str, int]]:
    """Take a workbook of one hundred families in at a new school's desk."""
    folder = tmp_path_factory.mktemp("intake")
    policy = load_package(resource_path("policy", "zhanhe-2024"))
    families = make_families(100, 5, policy)
    path: Path = folder / "village.xlsx"
    sheet = write_village_workbook(path, families, plant_broken_rows(families, 5), policy)
    new = NewFolder(folder / "data", "school", "2141041101", "湛河湾小学", "赵志强")
    workplace, _ = create_workplace(new, bytearray(b"a long made-up sentence 7"), policy)
    intake = WorkbookDesk(workplace).take_in(path)
    with workplace.database.read() as connection:
        counted = counts(connection, workplace.seat.scope)
    workplace.close()
    return intake, sheet, counted


def test_each_planted_row_is_listed_with_its_reason_and_no_other_row_is(
    taken: tuple[Intake, VillageSheet, dict[str, int]],
) -> None:
    intake, sheet, _ = taken
    assert {(one.row, one.column, one.code) for one in intake.repairs} == {
        (one.row, header_of(one.field), one.code) for one in sheet.expected
    }
    assert intake.rejected_rows == len(sheet.expected) > 3


def test_every_other_family_is_registered_and_most_have_all_their_papers(
    taken: tuple[Intake, VillageSheet, dict[str, int]],
) -> None:
    intake, sheet, counted = taken
    assert len(intake.registered) == len(sheet.registered) == counted["all"]
    assert 0.7 * counted["all"] < counted["complete"] < counted["all"]
    assert intake.skipped_blank == sheet.blank


def test_columns_nobody_asked_for_are_named(
    taken: tuple[Intake, VillageSheet, dict[str, int]],
) -> None:
    assert taken[0].unknown_columns == ("序号", "备注")


def test_the_village_words_are_headers_the_intake_knows() -> None:
    known = {name for column in COLUMNS for name in (column.header, *column.aliases)}
    assert {header for name, header in HEADERS.items() if name not in {"", "note"}} <= known
