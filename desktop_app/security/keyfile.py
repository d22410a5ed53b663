"""Keys that lie in a file under a passphrase: the district's root and its certificate authority.

The root signs a few times a year and lives on a stick in a safe; the authority signs on the
district's computer. Both are one Ed25519 key in a box that Argon2id opens, so that neither
depends on a vault that may be lost (docs/format-security.md, Key file).
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.durable.files import read_limited, write_atomically
from desktop_app.security import box
from desktop_app.security.box import TypedBox, WrongKeyError
from desktop_app.security.keys import SigningKey
from desktop_app.security.memory import wipe
from desktop_app.security.passwords import Password, password_bytes, require_strong

ROOT = "district-root"
AUTHORITY = "district-authority"

_LIMIT = 4096


class _KeyFile(msgspec.Struct, frozen=True):
    kind: str
    purpose: str
    public: bytes
    box: TypedBox


def save_key(path: Path, key: SigningKey, passphrase: Password, purpose: str) -> None:
    """Write a key to a file that its passphrase opens.

    Raises:
        RuleError: the passphrase is weak.
        WorkplaceError: the disk refused.
    """
    require_strong(passphrase, purpose)
    private, typed = key.private_bytes(), password_bytes(passphrase)
    try:
        locked = box.lock_typed(typed, private, _context(purpose, key.public))
    finally:
        wipe(private, typed)
    content = _KeyFile("enrollment-key", purpose, key.public, locked)
    write_atomically(path, msgspec.json.encode(content) + b"\n")


def load_key(path: Path, passphrase: Password, purpose: str) -> SigningKey:
    """Read a key back.

    Raises:
        RuleError: ``keyfile.wrong_password``.
        UntrustedError: ``keyfile.damaged``: no key file, or one of another purpose.
        WorkplaceError: the disk refused.
    """
    data = read_limited(path, _LIMIT)
    try:
        content = msgspec.json.decode(data, type=_KeyFile)
    except ValueError as error:
        raise UntrustedError("keyfile.damaged") from error
    if content.kind != "enrollment-key" or content.purpose != purpose:
        raise UntrustedError("keyfile.damaged")
    typed = password_bytes(passphrase)
    try:
        private = box.unlock_typed(typed, content.box, _context(purpose, content.public))
    except WrongKeyError as error:
        raise RuleError("keyfile.wrong_password") from error
    finally:
        wipe(typed)
    key = SigningKey.from_private_bytes(bytes(private))
    wipe(private)
    return key


def _context(purpose: str, public: bytes) -> bytes:
    return b"\0".join((b"enrollment-key", purpose.encode(), public))
