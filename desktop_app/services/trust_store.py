"""The district document held in a data folder: numbered, signed, only ever replaced by a later one.

``district.json`` and its signature lie beside the vault in clear, as they lie in every answer; what
makes them trusted is the root's fingerprint, typed from paper when the laptop joined and kept in
the database.
"""

from __future__ import annotations

from pathlib import Path

from desktop_app.domain.errors import UntrustedError
from desktop_app.durable.files import read_limited, write_atomically
from desktop_app.security.district import District, read_district

DOCUMENT = "district.json"
SIGNATURE = "district.json.sig"
_LARGEST = 4 * 1024 * 1024


def load_district(folder: Path) -> District | None:
    """Read the document this folder holds; None where it has not joined yet.

    Raises:
        UntrustedError: document and signature do not belong together.
    """
    document, signature = folder / DOCUMENT, folder / SIGNATURE
    if not document.exists():
        return None
    return read_district(read_limited(document, _LARGEST), read_limited(signature, _LARGEST))


def store_district(folder: Path, document: bytes, signature: bytes) -> District:
    """Keep a document that is newer than, and of the same root as, the one held.

    Raises:
        UntrustedError: another root, or a lower number.
    """
    found = read_district(document, signature)
    held = load_district(folder)
    if held is not None:
        if held.root != found.root:
            raise UntrustedError("district.other_root")
        if found.number < held.number:
            raise UntrustedError("district.older", found=found.number, held=held.number)
    write_atomically(folder / SIGNATURE, signature)
    write_atomically(folder / DOCUMENT, document)
    return found
