"""What a slot file tells before anybody has proved anything: that it is there, and the names in it.

The login page is painted from this alone. It imports no cryptography, which would take longer to
load than the window; whoever opens the vault reads the file again, with ``slots``, and proves it.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from desktop_app.domain.errors import ProductError, UntrustedError, WorkplaceError
from desktop_app.durable.files import read_limited

FOLDER = "vault"
COPIES = ("slots.a", "slots.b")
LIMIT = 1 << 20
SUITE = "age-x25519+ed25519+aes256gcm+argon2id+hkdf-sha256"


def slot_paths(data_folder: Path) -> tuple[Path, ...]:
    """Name the two copies in a data folder."""
    return tuple(data_folder / FOLDER / name for name in COPIES)


def is_present(data_folder: Path) -> bool:
    """Tell whether a data folder has a vault, whole or damaged."""
    return any(path.exists() for path in slot_paths(data_folder))


def names(data_folder: Path) -> tuple[str, ...]:
    """Name everybody who can open the vault, as the newest whole copy says.

    Raises:
        WorkplaceError: ``vault.missing``.
        UntrustedError: ``vault.damaged``: neither copy is whole; ``vault.unknown_suite``.
    """
    if not is_present(data_folder):
        raise WorkplaceError("vault.missing")
    found = [one for one in map(_read_names, slot_paths(data_folder)) if one is not None]
    if not found:
        raise UntrustedError("vault.damaged")
    known = [one for one in found if one[1] == SUITE]
    if not known:
        raise UntrustedError("vault.unknown_suite")
    return max(known, key=lambda one: one[0])[2]


def _read_names(path: Path) -> tuple[int, str, tuple[str, ...]] | None:
    """Read generation, suite and names of one copy; None where it is not whole."""
    try:
        body, _ = unframe(read_limited(path, LIMIT))
        slots = json.loads(body)
        listed = tuple(str(person["name"]) for person in slots["persons"])
        return int(slots["generation"]), str(slots["suite"]), listed
    except (ProductError, ValueError, KeyError, TypeError, RecursionError):
        return None


def frame(body: bytes, mac: bytes) -> bytes:
    """Put the MAC and a checksum behind the content: the one proves, the other finds bit rot."""
    text = mac.hex().encode()
    return body + b"\n" + text + b" " + _checksum(body, text) + b"\n"


def unframe(data: bytes) -> tuple[bytes, bytes]:
    """Take content and MAC out of the bytes of a copy; neither is proved by that.

    Raises:
        ValueError: it is torn, rotten, or no slot file.
    """
    body, _, tail = data.removesuffix(b"\n").rpartition(b"\n")
    mac, _, checksum = tail.partition(b" ")
    if data != body + b"\n" + tail + b"\n" or checksum != _checksum(body, mac):
        message = "a copy is not whole"
        raise ValueError(message)
    return body, bytes.fromhex(mac.decode("ascii"))


def _checksum(body: bytes, mac: bytes) -> bytes:
    return hashlib.sha256(body + b"\n" + mac).hexdigest().encode()
