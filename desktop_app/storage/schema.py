"""The journal's and the local tables: they migrate by numbered SQL.

``PRAGMA user_version`` holds the number of the last migration; a newer file is refused and nothing
is written to it. Projected tables (``tables``) are never migrated: they are made anew.
"""

from __future__ import annotations

from sqlalchemy import Connection

from desktop_app.domain.errors import UntrustedError

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
        "CREATE INDEX operation_signed ON operation (scope, kind, record) WHERE signed = 1",
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
        "CREATE INDEX carried_time ON carried (carried_at, number)",
        """CREATE TABLE received (
            digest TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            sender TEXT NOT NULL,
            operations INTEGER NOT NULL,
            fresh INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            received_at INTEGER NOT NULL
        ) STRICT""",
        "CREATE INDEX received_time ON received (received_at)",
        """CREATE TABLE number_block (
            id INTEGER PRIMARY KEY,
            mark TEXT NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            next INTEGER NOT NULL,
            open INTEGER NOT NULL DEFAULT 1,
            UNIQUE (mark, first)
        ) STRICT""",
        "CREATE INDEX number_block_open ON number_block (open, id)",
    ),
    ("CREATE INDEX operation_erased ON operation (feed, sequence) WHERE payload IS NULL",),
    (
        """CREATE TABLE branch_head (
            feed TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            hash BLOB NOT NULL,
            signature BLOB NOT NULL,
            PRIMARY KEY (feed, sequence, hash)
        ) STRICT""",
    ),
    (
        """CREATE TABLE repair (
            id TEXT PRIMARY KEY,
            source TEXT NOT NULL,
            row INTEGER NOT NULL,
            form TEXT NOT NULL,
            problems TEXT NOT NULL,
            brought_by TEXT NOT NULL,
            kept_at INTEGER NOT NULL,
            standing INTEGER NOT NULL
        ) STRICT""",
        "CREATE INDEX repair_open ON repair (kept_at, source, row) WHERE standing < 2",
    ),
)


def refuse_newer(version: int) -> None:
    """Refuse a file that a newer program has written.

    Raises:
        UntrustedError: its number is higher than any this program knows.
    """
    if version > len(MIGRATIONS):
        raise UntrustedError("database.newer", found=version, known=len(MIGRATIONS))


def migrate(connection: Connection) -> None:
    """Bring journal and local tables up to date.

    Raises:
        UntrustedError: the file was written by a newer program; nothing is changed.
    """
    version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    refuse_newer(version)
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"PRAGMA user_version={number}")
