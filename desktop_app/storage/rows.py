"""Projected rows as plain values: nothing above storage ever holds a database row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.declare import RecordType, Value
from desktop_app.storage.tables import CONFLICT, DISPUTED_REMOVAL, ENVELOPE, table_of


@dataclass(frozen=True, slots=True)
class Row:
    """One record as it shows: its values by field name and what is known of its making."""

    kind: str
    scope: str
    record: str
    heads: str
    created_by: str
    created_in: str
    created_at: int
    changed_at: int
    state: int
    values: Mapping[str, Value]

    def text(self, name: str) -> str:
        """Give a field as text, empty where it has no value."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    @property
    def in_conflict(self) -> bool:
        """Say whether a person must choose between two values of an identity field."""
        return bool(self.state & CONFLICT)

    @property
    def removal_disputed(self) -> bool:
        """Say whether somebody removed the record while another changed it."""
        return bool(self.state & DISPUTED_REMOVAL)


def columns_of(record_type: RecordType) -> str:
    """Give the columns to select for ``row_of``."""
    return ", ".join((*ENVELOPE, *record_type.fields))


def row_of(record_type: RecordType, columns: Sequence[object]) -> Row:
    """Make a row of the columns ``columns_of`` names."""
    scope, record, heads, by, within, created, changed, state = columns[: len(ENVELOPE)]
    values: dict[str, Value] = {}
    pairs = zip(record_type.fields.values(), columns[len(ENVELOPE) :], strict=True)
    for declared, value in pairs:
        values[declared.name] = as_declared(declared.type, value)
    return Row(
        kind=record_type.kind,
        scope=str(scope),
        record=str(record),
        heads=str(heads),
        created_by=str(by),
        created_in=str(within),
        created_at=int(str(created)),
        changed_at=int(str(changed)),
        state=int(str(state)),
        values=values,
    )


def as_declared(declared: type, value: object) -> Value:
    """Give a stored column its declared type: SQLite has no boolean."""
    if value is None:
        return None
    if declared is bool:
        return bool(value)
    return value if isinstance(value, str | int) else str(value)


def select(record_type: RecordType, names: Iterable[str] = ()) -> str:
    """Give the statement that reads the rows of a kind in a scope where declared fields are equal.

    Raises:
        KeyError: a name is no declared field.
    """
    equal = "".join(f" AND {record_type.fields[name].name} = ?" for name in names)
    columns = columns_of(record_type)
    return f"SELECT {columns} FROM {table_of(record_type.kind)} WHERE scope = ?{equal}"  # noqa: S608 - declared names


def read_row(
    connection: Connection, record_type: RecordType, scope: str, record: str
) -> Row | None:
    """Read one record; None where it does not stand."""
    found = connection.exec_driver_sql(
        f"{select(record_type)} AND record = ?", (scope, record)
    ).one_or_none()
    return None if found is None else row_of(record_type, tuple(found))


def read_rows(
    connection: Connection,
    record_type: RecordType,
    scope: str,
    equal: Mapping[str, Value],
) -> list[Row]:
    """Read the records of a kind in a scope whose fields equal the values given, oldest first.

    Raises:
        KeyError: a name is no declared field.
    """
    found = connection.exec_driver_sql(select(record_type, equal), (scope, *equal.values()))
    return rows_of(record_type, found)


def rows_of(record_type: RecordType, found: Iterable[Sequence[object]]) -> list[Row]:
    """Make rows of selected columns, oldest first."""
    rows = (row_of(record_type, tuple(columns)) for columns in found)
    # Few rows: sorted here, since a sorter inside the database is slow.
    return sorted(rows, key=lambda row: (row.created_at, row.record))
