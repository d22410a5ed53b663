"""Guardians by their number: the names one number stands under, read by index."""

from __future__ import annotations

from desktop_app.storage.database import Connection

_NAMES = "SELECT DISTINCT full_name FROM projected_guardian WHERE id_number = ? ORDER BY full_name"


def guardian_names(connection: Connection, number: str) -> tuple[str, ...]:
    """Give the names a guardian's number is registered under, in all registrations held."""
    rows = connection.exec_driver_sql(_NAMES, (number,)).all()
    return tuple(str(name) for (name,) in rows if name)
