"""The encrypted database: opened with a raw key, asserted at start, one writer at a time.

The only module that knows SQLCipher's connection; everything above takes ``read()`` and
``write()``. The pragmas are those trials found safe: WAL with synchronous=FULL lost nothing in any
simulated power cut, temp_store=MEMORY keeps plain text off the disk (docs/adr/0005).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool

from desktop_app.domain.errors import UntrustedError, WorkplaceError

KEY_LENGTH = 48
"""A 32-byte key and the 16-byte salt, so that nothing is derived from the file's first page."""

_PRAGMAS = (
    ("cipher_page_size", "4096"),
    ("cipher_memory_security", "ON"),
    ("temp_store", "2"),
    ("journal_mode", "wal"),
    ("synchronous", "2"),
    ("foreign_keys", "1"),
    ("cache_size", "-65536"),
    ("trusted_schema", "0"),
    ("secure_delete", "FAST"),
)
_ASSERTED = {"temp_store": 2, "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
_SYNCHRONOUS = {"FULL": "2", "NORMAL": "1", "OFF": "0"}


class Database:
    """A SQLCipher database file behind SQLAlchemy Core."""

    def __init__(self, path: Path, key: Callable[[], bytearray], synchronous: str = "FULL") -> None:
        """Open, or make, the database at ``path``.

        Args:
            path: the database file.
            key: gives the 48-byte key and salt afresh; every copy is wiped after use.
            synchronous: FULL; anything else is for the negative control of the power-cut test.

        Raises:
            UntrustedError: the key does not open the file, or the file is damaged.
            WorkplaceError: the folder cannot be written.
        """
        self.path = path
        self._key = key
        self._synchronous = _SYNCHRONOUS[synchronous]
        self._engine = create_engine(
            "sqlite://",
            module=sqlcipher,
            creator=self._connect,
            poolclass=QueuePool,
            pool_size=2,
            max_overflow=0,
            hide_parameters=True,
        )
        event.listen(self._engine, "begin", _begin)
        try:
            with self.read() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
        except BaseException:
            self.close()
            raise

    def _connect(self) -> Any:  # noqa: ANN401 - the DBAPI has no types
        connection = sqlcipher.connect(
            str(self.path), isolation_level=None, check_same_thread=False, timeout=10
        )
        connection.execute("PRAGMA cipher_log_level=NONE")
        _give_key(connection, self._key())
        for name, value in _PRAGMAS:
            wanted = self._synchronous if name == "synchronous" else value
            connection.execute(f"PRAGMA {name}={wanted}")
        for name, value in _ASSERTED.items():
            wanted = int(self._synchronous) if name == "synchronous" else value
            if connection.execute(f"PRAGMA {name}").fetchone()[0] != wanted:
                connection.close()
                raise WorkplaceError("database.unsafe_setting", setting=name)
        return connection

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection in a read transaction: one consistent state."""
        with translated(), self._engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a write transaction, committed at the end or rolled back whole."""
        with translated(), self._engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def raw(self) -> Iterator[Any]:
        """Give the DBAPI connection outside a transaction, for backup, rekey and checks."""
        with translated(), contextlib.closing(self._engine.raw_connection()) as fairy:
            yield fairy.dbapi_connection

    def checkpoint(self) -> None:
        """Move everything from the write-ahead log into the file."""
        with self.raw() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def damaged_pages(self) -> int:
        """Count pages whose MAC does not hold, after a checkpoint so that the log cannot mislead."""
        self.checkpoint()
        with self.raw() as connection:
            return len(connection.execute("PRAGMA cipher_integrity_check").fetchall())

    def close(self) -> None:
        """Close every connection; the last one checkpoints."""
        self._engine.dispose()


def _give_key(connection: Any, key: bytearray) -> None:  # noqa: ANN401 - the DBAPI has no types
    """Hand the key over as a wiped bytearray: a str would leave copies in memory."""
    text = bytearray(b"x'" + key.hex().encode() + b"'")
    try:
        connection.set_key(text)
    finally:
        text[:] = bytes(len(text))
        key[:] = bytes(len(key))


def _begin(connection: Connection) -> None:
    """Begin at once as a writer where one is asked for: a deferred one fails when it turns."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


_FAULTS = (
    ("file is not a database", UntrustedError, "database.wrong_key_or_damaged"),
    ("malformed", UntrustedError, "database.damaged"),
    ("disk is full", WorkplaceError, "database.disk_full"),
    ("readonly", WorkplaceError, "database.read_only"),
    ("locked", WorkplaceError, "database.busy"),
    ("unable to open", WorkplaceError, "database.cannot_open"),
    ("disk i/o", WorkplaceError, "database.disk_error"),
)


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn the database's own errors into the families a person may meet."""
    try:
        yield
    except (DatabaseError, sqlcipher.DatabaseError) as error:
        text = str(getattr(error, "orig", error)).lower()
        for sign, family, code in _FAULTS:
            if sign in text:
                raise family(code) from None
        raise
