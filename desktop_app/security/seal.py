"""Seal data to recipients with age (age-encryption.org/v1, X25519), and open what was sealed to us.

age hands out authenticated pieces before it notices that the rest is missing, so what is being
decrypted lies under a temporary name and counts only when the call has returned. Files sealed
with a passphrase are never accepted: a stranger could make us compute for hours.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Self

import pyrage

from desktop_app.domain.errors import UntrustedError
from desktop_app.durable.files import (
    disk_errors,
    make_private_folder,
    open_atomically,
)

_MAGIC = b"age-encryption.org/v1\n"
_HEAD = len(_MAGIC) + len(b"-> scrypt ")
SMALL = 1 << 20


class SealKey:
    """An age identity (X25519): opens what was sealed to its ``recipient``."""

    __slots__ = ("_identity", "recipient")

    def __init__(self, identity: pyrage.x25519.Identity) -> None:
        self._identity = identity
        self.recipient: str = str(identity.to_public())

    @classmethod
    def generate(cls) -> Self:
        """Make a new key."""
        return cls(pyrage.x25519.Identity.generate())

    @classmethod
    def from_secret(cls, secret: bytes | bytearray) -> Self:
        """Take a key back from its text form ``AGE-SECRET-KEY-1...``.

        Raises:
            UntrustedError: it is no such text.
        """
        try:
            return cls(pyrage.x25519.Identity.from_str(bytes(secret).decode("ascii")))
        except (pyrage.IdentityError, UnicodeError) as error:
            raise UntrustedError("seal.damaged") from error

    def secret(self) -> bytearray:
        """Give the text form; whoever asks wipes it."""
        return bytearray(str(self._identity).encode("ascii"))

    @property
    def identity(self) -> pyrage.x25519.Identity:
        """The library's own identity, for this package alone."""
        return self._identity

    def __repr__(self) -> str:
        return f"SealKey({self.recipient})"


def check_recipient(recipient: str) -> str:
    """Give a recipient's text back if it is one.

    Raises:
        UntrustedError: ``seal.bad_recipient``.
    """
    _recipient(recipient)
    return recipient


def encrypt_io(source: BinaryIO, target: BinaryIO, recipients: Iterable[str]) -> None:
    """Seal a stream to recipients (at least one).

    Raises:
        UntrustedError: a recipient is none.
        WorkplaceError: reading or writing failed.
    """
    parsed = [_recipient(recipient) for recipient in recipients]
    reading, writing = _Reading(source), _Writing(target, None)
    with disk_errors():
        try:
            pyrage.encrypt_io(reading, writing, parsed)
        except pyrage.EncryptError:
            # age wraps what our streams raised into text: say what it was.
            _raise_first(reading, writing)
            raise


def decrypt_io(
    source: BinaryIO, target: BinaryIO, keys: Iterable[SealKey], *, limit: int | None = None
) -> None:
    """Open a sealed stream; until this returns, ``target`` holds nothing that may be used.

    Raises:
        UntrustedError: truncated, altered, not for us, with a passphrase, or more than ``limit``
            bytes of content.
        WorkplaceError: reading or writing failed.
    """
    identities = [key.identity for key in keys]
    reading, writing = _Reading(source), _Writing(target, limit)
    with disk_errors():
        try:
            pyrage.decrypt_io(reading, writing, identities)
        except pyrage.DecryptError as error:
            _raise_first(reading, writing)
            raise _refusal(str(error), reading.head) from error
        except OSError as error:
            _raise_first(reading, writing)
            # Ours are told apart above; this one is age's own, for a piece that is not genuine.
            raise UntrustedError("seal.truncated") from error


def seal_bytes(data: bytes | bytearray, recipients: Iterable[str]) -> bytes:
    """Seal something small to recipients."""
    sealed = BytesIO()
    encrypt_io(BytesIO(data), sealed, recipients)
    return sealed.getvalue()


def open_bytes(sealed: bytes, keys: Iterable[SealKey], *, limit: int = SMALL) -> bytes:
    """Open something small.

    Raises:
        UntrustedError: as ``decrypt_io``.
    """
    plain = BytesIO()
    decrypt_io(BytesIO(sealed), plain, keys, limit=limit)
    return plain.getvalue()


def seal_file(source: Path, target: Path, recipients: Iterable[str]) -> None:
    """Seal a file into another; the target appears whole or not at all.

    Raises:
        UntrustedError: a recipient is none.
        WorkplaceError: reading or writing failed.
    """
    with disk_errors(), source.open("rb") as reading, open_atomically(target) as writing:
        encrypt_io(reading, writing, recipients)


def open_file(
    source: Path, private: Path, keys: Iterable[SealKey], *, limit: int | None = None
) -> Path:
    """Open a sealed file into a private folder and name the result; the caller removes it.

    Raises:
        UntrustedError, WorkplaceError: as ``decrypt_io``; then nothing is left behind.
    """
    make_private_folder(private)
    opened = private / secrets.token_hex(8)
    with disk_errors(), source.open("rb") as reading, open_atomically(opened) as writing:
        decrypt_io(reading, writing, keys, limit=limit)
    return opened


class _Reading:
    """A source that remembers how it began and what went wrong."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.head = b""
        self.error: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._file.read(size)
        except BaseException as error:
            self.error = error
            raise
        if len(self.head) < _HEAD:
            self.head += data[: _HEAD - len(self.head)]
        return data


class _Writing:
    """A target that takes at most ``limit`` bytes and remembers what went wrong."""

    def __init__(self, file: BinaryIO, limit: int | None) -> None:
        self._file = file
        self._left = limit
        self.error: BaseException | None = None

    def write(self, data: bytes) -> int:
        try:
            self._count(len(data))
            return self._file.write(data)
        except BaseException as error:
            self.error = error
            raise

    def _count(self, size: int) -> None:
        if self._left is None:
            return
        self._left -= size
        if self._left < 0:
            raise UntrustedError("seal.too_large")


def _raise_first(reading: _Reading, writing: _Writing) -> None:
    """Raise what a stream of ours raised, if one did."""
    for stream in (reading, writing):
        if stream.error is not None:
            raise stream.error


def _refusal(said: str, head: bytes) -> UntrustedError:
    """Say why age refused, by what it says and by how the file begins."""
    if head.startswith(_MAGIC + b"-> scrypt "):
        return UntrustedError("seal.passphrase")
    if "No matching keys" in said:
        return UntrustedError("seal.not_for_us")
    if "fill whole buffer" in said or "Incomplete header" in said:
        return UntrustedError("seal.truncated")
    return UntrustedError("seal.damaged")


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise UntrustedError("seal.bad_recipient") from error
