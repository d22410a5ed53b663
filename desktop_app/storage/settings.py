"""Settings of this computer: a few named texts that never leave it."""

from __future__ import annotations

from desktop_app.storage.database import Connection, Database


class Settings:
    """Named texts kept in the database."""

    def __init__(self, database: Database) -> None:
        """Keep settings in this database."""
        self._database = database

    def get(self, name: str, default: str = "") -> str:
        """Give a setting, or what stands for it where it was never set."""
        with self._database.read() as connection:
            return read_setting(connection, name, default)

    def named(self, prefix: str) -> dict[str, str]:
        """Give the settings whose names begin so, by the rest of their names."""
        with self._database.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT substr(name, ?), value FROM setting WHERE substr(name, 1, ?) = ?",
                (len(prefix) + 1, len(prefix), prefix),
            ).all()
        return {str(name): str(value) for name, value in rows}

    def set(self, name: str, value: str) -> None:
        """Set a setting durably."""
        with self._database.write() as connection:
            write_setting(connection, name, value)


def read_setting(connection: Connection, name: str, default: str = "") -> str:
    """Give a setting within a transaction; a file that was never set up has none."""
    if connection.exec_driver_sql("PRAGMA user_version").scalar_one() == 0:
        return default
    found = connection.exec_driver_sql("SELECT value FROM setting WHERE name = ?", (name,)).scalar()
    return default if found is None else str(found)


def write_setting(connection: Connection, name: str, value: str) -> None:
    """Set a setting within a transaction."""
    connection.exec_driver_sql(
        "INSERT INTO setting (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )
