"""Give the database its next key, in the order that survives a power cut at any point.

The slot file holds both keys while the database is rekeyed; it drops the old one only after the
database has been opened and checked under the new one (assurance, in-place rekey).
"""

from __future__ import annotations

from desktop_app.domain.errors import UntrustedError
from desktop_app.security.computer import ThisComputer
from desktop_app.security.session import Session
from desktop_app.storage.database import Database


def finish_rotation(session: Session, database: Database, *resealed: ThisComputer) -> None:
    """Rekey the database until no rotation is pending; each old key goes only after the check.

    Args:
        session: the open vault.
        database: the open database, under the current or, after a cut, the next key.
        resealed: what else lies sealed under the session's keys and must follow.

    Raises:
        UntrustedError: a page does not verify under the new key; the old key is kept.
    """
    while session.rotation_pending:
        database.rekey(session.next_database_key_kept())
        if database.damaged_pages():
            raise UntrustedError("database.damaged")
        session.finish_rotation(*resealed)
