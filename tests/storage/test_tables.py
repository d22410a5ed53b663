"""Every declared kind gets a table; no field takes the name of a column every row has."""

from __future__ import annotations

import pytest

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.storage.tables import ENVELOPE


@pytest.mark.parametrize("kind", RECORD_TYPES)
def test_no_field_takes_the_name_of_a_column_that_every_row_has(kind: str) -> None:
    taken = {*ENVELOPE, "id", "twin"}
    assert taken.isdisjoint(RECORD_TYPES[kind].fields)
