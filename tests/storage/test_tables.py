"""Every declared kind gets a table; no field takes the name of a column every row has."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.storage.schema import MIGRATIONS
from desktop_app.storage.tables import ENVELOPE, table_of
from tests.storage.kit import Laptop


@pytest.mark.parametrize("kind", RECORD_TYPES)
def test_no_field_takes_the_name_of_a_column_that_every_row_has(kind: str) -> None:
    taken = {*ENVELOPE, "id", "twin"}
    assert taken.isdisjoint(RECORD_TYPES[kind].fields)


def test_the_written_format_names_every_table_and_the_last_migration(
    laptop: Laptop, repository: Path
) -> None:
    written = (repository / "docs" / "format.md").read_text(encoding="utf-8")
    with laptop.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = {str(row[0]) for row in rows} - set(map(table_of, RECORD_TYPES))
    shadows = {name for name in tables if name.startswith(("projected_search_", "sqlite_"))}
    assert len(tables) > len(shadows) > 0
    assert {name for name in tables - shadows if f"`{name}`" not in written} == set()
    assert f"now {len(MIGRATIONS)}." in written
