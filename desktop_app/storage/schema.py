"""The tables: journal and local ones migrate by numbered SQL, projected ones are made anew.

``PRAGMA user_version`` holds the number of the last migration; a newer file is refused and nothing
is written to it. Projected tables follow the record declarations: their shape has a fingerprint,
and when that or the fold's version changes they are dropped and folded again from the feeds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sqlalchemy import Connection

from desktop_app.domain.declare import RecordType
from desktop_app.domain.errors import UntrustedError
from desktop_app.feeds.fold import FOLD_VERSION

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE feed (
            number INTEGER PRIMARY KEY,
            feed TEXT NOT NULL UNIQUE,
            scope TEXT NOT NULL,
            district INTEGER NOT NULL,
            own INTEGER NOT NULL,
            public_key BLOB NOT NULL,
            lead TEXT,
            lead_public BLOB,
            identity BLOB,
            sequence INTEGER NOT NULL,
            hash BLOB NOT NULL,
            signed_sequence INTEGER NOT NULL DEFAULT 0,
            signed_hash BLOB,
            signature BLOB
        ) STRICT""",
        """CREATE TABLE operation (
            id INTEGER PRIMARY KEY,
            feed INTEGER NOT NULL REFERENCES feed(number),
            sequence INTEGER NOT NULL,
            scope TEXT NOT NULL,
            kind TEXT NOT NULL,
            record TEXT NOT NULL,
            hash BLOB NOT NULL,
            header BLOB NOT NULL,
            payload BLOB,
            signed INTEGER NOT NULL,
            UNIQUE (feed, sequence)
        ) STRICT""",
        "CREATE INDEX operation_record ON operation (scope, kind, record)",
        "CREATE INDEX operation_signed ON operation (scope) WHERE signed = 1",
        """CREATE TABLE quarantine (
            feed TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            hash BLOB NOT NULL,
            reason TEXT NOT NULL,
            header BLOB NOT NULL,
            payload BLOB,
            PRIMARY KEY (feed, sequence, hash)
        ) STRICT""",
        "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
        """CREATE TABLE draft (
            id TEXT PRIMARY KEY,
            person TEXT NOT NULL,
            fields TEXT NOT NULL,
            caret TEXT NOT NULL,
            changed_at INTEGER NOT NULL
        ) STRICT""",
        "CREATE INDEX draft_person ON draft (person, changed_at)",
        """CREATE TABLE carried (
            number INTEGER NOT NULL,
            purpose TEXT NOT NULL,
            name TEXT NOT NULL,
            digest TEXT NOT NULL,
            heads TEXT NOT NULL,
            operations INTEGER NOT NULL,
            registered INTEGER NOT NULL,
            carried_at INTEGER NOT NULL,
            PRIMARY KEY (purpose, number)
        ) STRICT""",
        """CREATE TABLE received (
            digest TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            sender TEXT NOT NULL,
            operations INTEGER NOT NULL,
            fresh INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            received_at INTEGER NOT NULL
        ) STRICT""",
        """CREATE TABLE number_block (
            mark TEXT NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            next INTEGER NOT NULL,
            PRIMARY KEY (mark, first)
        ) STRICT""",
    ),
)

_TYPES = {str: "TEXT", int: "INTEGER", bool: "INTEGER"}

ENVELOPE = (
    "scope",
    "record",
    "heads",
    "created_by",
    "created_in",
    "created_at",
    "changed_at",
    "state",
)
"""The columns every projected table has before its declared fields."""

CONFLICT, OTHERS, DISPUTED_REMOVAL = 1, 2, 4
"""Bits of ``state``: values a person must choose between, values not shown, a removal undone."""


def migrate(connection: Connection) -> None:
    """Bring journal and local tables up to date.

    Raises:
        UntrustedError: the file was written by a newer program; nothing is changed.
    """
    version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version > len(MIGRATIONS):
        raise UntrustedError("database.newer", found=version, known=len(MIGRATIONS))
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"PRAGMA user_version={number}")


def projected_statements(record_types: Mapping[str, RecordType]) -> list[str]:
    """Give the statements that make the projected tables."""
    statements = [_table(record_type) for record_type in record_types.values()]
    for record_type in record_types.values():
        statements += [
            f"CREATE INDEX {table_of(record_type.kind)}_{name} "
            f"ON {table_of(record_type.kind)} (scope, {name})"
            for name, declared in record_type.fields.items()
            if declared.item.indexed
        ]
    statements += [
        "CREATE INDEX projected_applicant_created"
        " ON projected_applicant (scope, created_at, record)",
        "CREATE INDEX projected_applicant_review"
        " ON projected_applicant (scope, review, created_at, record)",
        "CREATE INDEX projected_applicant_birth"
        " ON projected_applicant (scope, birth_date, full_name)",
        """CREATE TABLE projected_head (
            scope TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, field TEXT NOT NULL,
            reference TEXT NOT NULL, value ANY, person TEXT NOT NULL, feed TEXT NOT NULL,
            at INTEGER NOT NULL, conflict INTEGER NOT NULL,
            PRIMARY KEY (scope, kind, record, field, reference)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX projected_head_value ON projected_head (scope, kind, field, value)",
        """CREATE TABLE projected_attention (
            feed INTEGER NOT NULL, sequence INTEGER NOT NULL, verdict TEXT NOT NULL,
            PRIMARY KEY (feed, sequence)
        ) STRICT, WITHOUT ROWID""",
        "CREATE VIRTUAL TABLE projected_search USING fts5"
        " (names, keys, content='', contentless_delete=1)",
    ]
    return statements


def table_of(kind: str) -> str:
    """Give the name of a kind's projected table."""
    return f"projected_{kind}"


def _table(record_type: RecordType) -> str:
    columns = ", ".join(
        f"{name} {_TYPES[declared.type]}" for name, declared in record_type.fields.items()
    )
    return (
        f"CREATE TABLE {table_of(record_type.kind)} (id INTEGER PRIMARY KEY, scope TEXT NOT NULL,"
        " record TEXT NOT NULL, heads TEXT NOT NULL, created_by TEXT NOT NULL,"
        " created_in TEXT NOT NULL, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,"
        f" state INTEGER NOT NULL, {columns}, UNIQUE (scope, record)) STRICT"
    )


def shape(record_types: Mapping[str, RecordType]) -> str:
    """Give the fingerprint of the projected tables and the fold that fills them."""
    text = "\n".join([str(FOLD_VERSION), *projected_statements(record_types)])
    return hashlib.sha256(text.encode()).hexdigest()


def make_projected(connection: Connection, record_types: Mapping[str, RecordType]) -> None:
    """Drop whatever projected tables there are and make them empty in their present shape."""
    tables = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'projected_%'"
        " AND name NOT LIKE 'projected_search_%'"
    ).scalars()
    for name in list(tables):
        connection.exec_driver_sql(f"DROP TABLE {name}")
    for statement in projected_statements(record_types):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(
        "INSERT INTO setting (name, value) VALUES ('projected_shape', ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (shape(record_types),),
    )


def projected_is_current(connection: Connection, record_types: Mapping[str, RecordType]) -> bool:
    """Say whether the projected tables have their present shape."""
    found = connection.exec_driver_sql(
        "SELECT value FROM setting WHERE name = 'projected_shape'"
    ).scalar()
    return bool(found == shape(record_types))
