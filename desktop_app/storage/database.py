"""The encrypted database: opened with a raw key, asserted at start, one writer at a time.

The only module that knows SQLCipher's connection; everything above takes ``read()`` and
``write()``. The pragmas are those trials found safe: WAL with synchronous=FULL lost nothing in any
simulated power cut, temp_store=MEMORY keeps plain text off the disk (docs/adr/0005).
"""

from __future__ import annotations

import contextlib
import shutil
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy.dialects.sqlite  # noqa: F401 - else it is imported once somebody has logged in
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool

from desktop_app.domain.errors import ProductError, UntrustedError, WorkplaceError
from desktop_app.durable.folder import Ballast
from desktop_app.storage.schema import refuse_newer

__all__ = ["KEY_LENGTH", "PRAGMAS", "Connection", "Database"]

KEY_LENGTH = 48
"""A 32-byte key and the 16-byte salt, so that nothing is derived from the file's first page."""

Key = Callable[[], bytearray]
"""Gives the 48 bytes afresh; every copy is wiped after use."""

PRAGMAS = {
    "cipher_page_size": "4096",
    "cipher_memory_security": "ON",
    "temp_store": "2",
    "journal_mode": "wal",
    "synchronous": "2",
    "foreign_keys": "1",
    "cache_size": "-49152",
    "trusted_schema": "0",
    "secure_delete": "FAST",
}
"""What every connection is set to (ADR 0005)."""
_ASSERTED = ("temp_store", "journal_mode", "synchronous", "foreign_keys")
_CACHED_STATEMENTS = 1000
"""The driver keeps its oldest statements when full: what made the tables must not push out what
writes them, since preparing an insert anew costs ten times its execution."""
_SYNCHRONOUS = {"FULL": "2", "NORMAL": "1", "OFF": "0"}
_MALFORMED = "malformed"
_FAULTS = (
    ("file is not a database", UntrustedError, "database.wrong_key_or_damaged"),
    (_MALFORMED, UntrustedError, "database.damaged"),
    ("disk is full", WorkplaceError, "database.disk_full"),
    ("readonly", WorkplaceError, "database.read_only"),
    ("locked", WorkplaceError, "database.busy"),
    ("unable to open", WorkplaceError, "database.cannot_open"),
    ("disk i/o", WorkplaceError, "database.disk_error"),
)
_WITHOUT_ROOM = frozenset({"database.disk_error", "database.cannot_open"})
"""What SQLite says where there is no room for the log or its index, and for other reasons too."""
_LOG_INDEX = 64 * 1024


class _Driver(sqlcipher.Connection):  # type: ignore[misc]  # the driver has no types
    """The driver's connection, which leaves no cursor half read behind a transaction.

    The driver resets the statement of a half-read cursor at a rollback, yet leaves it the cursor's
    own: when that cursor is at last collected, it resets the statement again under whoever runs it
    by then, and that reader begins anew at the first row, unasked. A commit leaves the cursor its
    view of the old state.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._cursors: weakref.WeakSet[Any] = weakref.WeakSet()

    def cursor(self, *args: Any) -> Any:
        """Give a cursor, remembered as long as anybody holds it."""
        made = super().cursor(*args)
        self._cursors.add(made)
        return made

    def commit(self) -> None:
        """Close what is half read, and commit."""
        self._close_cursors()
        super().commit()

    def rollback(self) -> None:
        """Close what is half read, and roll back."""
        self._close_cursors()
        super().rollback()

    def _close_cursors(self) -> None:
        for cursor in list(self._cursors):
            cursor.close()


class Database:
    """A SQLCipher database file behind SQLAlchemy Core."""

    def __init__(
        self,
        path: Path,
        key: Key,
        synchronous: str = "FULL",
        reserve: Ballast | None = None,
    ) -> None:
        """Open, or make, the database at ``path``.

        Args:
            path: the database file.
            key: gives the 48-byte key and salt afresh; every copy is wiped after use.
            synchronous: FULL; anything else is for the negative control of the power-cut test.
            reserve: space to give up when the disk is full, so that the next try finds room.

        Raises:
            UntrustedError: the key does not open the file, it is damaged, or a newer program's.
            WorkplaceError: the folder cannot be written.
        """
        self.path = path
        self.commits = 0
        """How many transactions were committed here: what was read stands while it stays."""
        self._key = key
        self._reserve = reserve
        self._pragmas = PRAGMAS | {"synchronous": _SYNCHRONOUS[synchronous]}
        with self._translated():
            self._refuse_newer()
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

    def _refuse_newer(self) -> None:
        """Look at the file's number before anything is written, be it only a log beside it."""
        log = self.path.with_name(f"{self.path.name}-wal")
        if not self.path.exists() or self.path.stat().st_size == 0 or log.exists():
            return  # with a log, the number is read through it, inside the first transaction
        with contextlib.closing(self._open(f"{self.path.absolute().as_uri()}?immutable=1")) as peek:
            refuse_newer(peek.execute("PRAGMA user_version").fetchone()[0])

    def _open(self, name: str) -> Any:
        connection = sqlcipher.connect(
            name,
            isolation_level=None,
            check_same_thread=False,
            timeout=10,
            uri=True,
            cached_statements=_CACHED_STATEMENTS,
            factory=_Driver,
        )
        with _closed_on_failure(connection):
            connection.execute("PRAGMA cipher_log_level=NONE")
            _give_key(connection.set_key, self._key())
        return connection

    def _connect(self) -> Any:
        connection = self._open(self.path.absolute().as_uri())
        with _closed_on_failure(connection):
            for name, value in self._pragmas.items():
                connection.execute(f"PRAGMA {name}={value}")
            for name in _ASSERTED:
                if str(connection.execute(f"PRAGMA {name}").fetchone()[0]) != self._pragmas[name]:
                    raise WorkplaceError("database.unsafe_setting", setting=name)
        return connection

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection in a read transaction: one consistent state."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a write transaction, committed at the end or rolled back whole."""
        with self._translated(), self._engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                yield connection
            self.commits += 1

    @contextlib.contextmanager
    def raw(self) -> Iterator[Any]:
        """Give the DBAPI connection outside a transaction, for backup, rekey and checks."""
        with self._translated(), contextlib.closing(self._engine.raw_connection()) as fairy:
            yield fairy.dbapi_connection

    def checkpoint(self) -> None:
        """Move everything from the write-ahead log into the file."""
        with self.raw() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def damaged_pages(self) -> int:
        """Count pages whose MAC does not hold; the log goes in first, so that it cannot mislead."""
        self.checkpoint()
        with self.raw() as connection:
            return _count_damaged(connection)

    def rekey(self, key: Key) -> None:
        """Encrypt the whole file anew under another key, in one transaction.

        The caller keeps both keys until the file was checked under the new one (assurance:
        450 kills and 1,000 cuts in place lost nothing).
        """
        self.checkpoint()
        with self.raw() as connection:
            _give_key(connection.reset_key, key())
        self._engine.dispose()
        self._key = key
        self.checkpoint()

    @property
    def key(self) -> Key:
        """Give what gives the key, for checking a copy made of this database."""
        return self._key

    def copy_to(self, target: Path) -> None:
        """Copy one consistent state to a new file under the same key and salt."""
        with contextlib.closing(self._open(target.absolute().as_uri())) as copy, self.raw() as own:
            own.backup(copy)

    def close(self) -> None:
        """Close every connection; the last one checkpoints."""
        self._engine.dispose()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn the database's own errors into the families a person may meet."""
        try:
            yield
        except (DatabaseError, sqlcipher.DatabaseError) as error:
            told = self._tell(str(getattr(error, "orig", error)).lower())
            if told is None:
                raise
            raise told from None

    def _tell(self, text: str) -> ProductError | None:
        """Name a fault of the database; None for a bug of ours."""
        found = next(((family, code) for sign, family, code in _FAULTS if sign in text), None)
        if found is None:
            return None
        family, code = found
        if code == "database.damaged" and self._is_full():
            family, code = WorkplaceError, "database.disk_full"  # it cannot be looked through now
        elif code == "database.damaged" and self._is_sound():
            return WorkplaceError("database.read_failed")
        if code in _WITHOUT_ROOM and self._is_full():
            family, code = WorkplaceError, "database.disk_full"
        if code == "database.disk_full" and self._reserve is not None and self._reserve.held:
            self._reserve.release()
            return WorkplaceError("database.disk_full_reserve")
        return family(code)

    def _is_full(self) -> bool:
        """Say whether not even the log's index finds room beside the file."""
        try:
            return shutil.disk_usage(self.path.parent).free < _LOG_INDEX
        except OSError:
            return False

    def _is_sound(self) -> bool:
        """Open the file once more and check every page: one bad read is no damage."""
        try:
            with contextlib.closing(self._connect()) as again:
                answer = again.execute("PRAGMA quick_check").fetchone()[0]
                return _count_damaged(again) == 0 and answer == "ok"
        except (sqlcipher.DatabaseError, ProductError):
            return False


@contextlib.contextmanager
def _closed_on_failure(connection: Any) -> Iterator[None]:
    """Close a connection that failed, at once and not when it is collected.

    SQLite shares what it knows of the log among a process's connections to one file. One that
    lingers keeps that alive after the files were put back from elsewhere, and hands it on.
    """
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _count_damaged(connection: Any) -> int:
    return len(connection.execute("PRAGMA cipher_integrity_check").fetchall())


def _give_key(take: Callable[[bytearray], object], key: bytearray) -> None:
    """Hand the key over as a wiped bytearray: a str would leave copies in memory."""
    text = bytearray(b"x'" + key.hex().encode() + b"'")
    try:
        take(text)
    finally:
        text[:] = bytes(len(text))
        key[:] = bytes(len(key))


def _begin(connection: Connection) -> None:
    """Begin at once as a writer where one is asked for: a deferred one fails when it turns."""
    writes = connection.get_execution_options().get("writes", False)
    # Straight through the driver: there is no result to describe, and every list page begins so.
    cursor = connection.connection.cursor()
    cursor.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
    cursor.close()
