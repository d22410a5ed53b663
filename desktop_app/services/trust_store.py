"""The district document this computer holds: numbered, signed, only ever replaced by a later one.

It lies in the encrypted database, document and signature together, and not as a file beside it:
whoever has the laptop could exchange a file, and the school would seal everything to a stranger.
What makes the first one trusted is the root's fingerprint, typed from paper when the laptop joined;
every later one is of the same root.
"""

from __future__ import annotations

import msgspec

from desktop_app.domain.errors import UntrustedError
from desktop_app.security.district import District, SignedDistrict, parse, read
from desktop_app.storage.database import Connection, Database
from desktop_app.storage.settings import read_setting, write_setting

_HELD = "district_document"


def held_district(database: Database) -> SignedDistrict | None:
    """Read the exact bytes this computer holds; None where it has not joined yet.

    Raises:
        UntrustedError: they are damaged.
    """
    with database.read() as connection:
        text = read_setting(connection, _HELD)
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=SignedDistrict)
    except ValueError as error:
        raise UntrustedError("district.malformed") from error


def load_district(database: Database) -> District | None:
    """Read the document this computer holds; None where it has not joined yet.

    Raises:
        UntrustedError: document and signature do not belong together.
    """
    signed = held_district(database)
    return None if signed is None else read(signed, previous=parse(signed.data))


def store_district(database: Database, document: bytes, signature: bytes) -> District:
    """Keep a document that is not older than, and of the same root as, the one held.

    The first one is believed as it stands: whoever hands it over has compared the fingerprint.

    Raises:
        UntrustedError: another root, a lower number, or a wrong signature.
    """
    signed = SignedDistrict(document, signature.decode("ascii", "replace"))
    found = read(signed, previous=load_district(database) or parse(document))
    with database.write() as connection:
        _write(connection, signed)
    return found


def _write(connection: Connection, signed: SignedDistrict) -> None:
    write_setting(connection, _HELD, msgspec.json.encode(signed).decode())
