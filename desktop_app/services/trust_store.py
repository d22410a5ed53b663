"""The district document held in a data folder: numbered, signed, only ever replaced by a later one.

Document and signature lie beside the vault in clear, as they lie in every answer, in one file, so
that a power cut cannot part them. What makes the first one trusted is the root's fingerprint, typed
from paper when the laptop joined; every later one is of the same root.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from desktop_app.domain.errors import UntrustedError
from desktop_app.durable.files import read_limited, write_atomically
from desktop_app.security.district import LIMIT, District, SignedDistrict, parse, read

HELD = "district.signed"
_LARGEST = 2 * LIMIT


def held_district(folder: Path) -> SignedDistrict | None:
    """Read the exact bytes this folder holds; None where it has not joined yet.

    Raises:
        UntrustedError: the file is damaged.
    """
    path = folder / HELD
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(read_limited(path, _LARGEST), type=SignedDistrict)
    except ValueError as error:  # msgspec's own, or no UTF-8
        raise UntrustedError("district.malformed") from error


def load_district(folder: Path) -> District | None:
    """Read the document this folder holds; None where it has not joined yet.

    Raises:
        UntrustedError: document and signature do not belong together.
    """
    signed = held_district(folder)
    return None if signed is None else read(signed, previous=parse(signed.data))


def store_district(folder: Path, document: bytes, signature: bytes) -> District:
    """Keep a document that is not older than, and of the same root as, the one held.

    The first one is believed as it stands: whoever hands it over has compared the fingerprint.

    Raises:
        UntrustedError: another root, a lower number, or a wrong signature.
    """
    signed = SignedDistrict(document, signature.decode("ascii", "replace"))
    found = read(signed, previous=load_district(folder) or parse(document))
    write_atomically(folder / HELD, msgspec.json.encode(signed))
    return found
