"""The few pieces of the SSH wire format (RFC 4251 §5) that signatures and revocation lists use."""

from __future__ import annotations

import base64
import struct

ED25519 = b"ssh-ed25519"
ED25519_CERTIFICATE = b"ssh-ed25519-cert-v01@openssh.com"


class WireError(ValueError):
    """The bytes end too early or say something impossible. It never leaves this package."""


def string(content: bytes) -> bytes:
    """Write bytes with their length in front."""
    return struct.pack(">I", len(content)) + content


def uint64(number: int) -> bytes:
    """Write a 64-bit number."""
    return struct.pack(">Q", number)


class Reader:
    """Takes fields off the front of a byte string."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def take(self, size: int) -> bytes:
        """Take a fixed number of bytes.

        Raises:
            WireError: there are fewer.
        """
        if len(self._data) < size:
            raise WireError
        taken, self._data = self._data[:size], self._data[size:]
        return taken

    def uint32(self) -> int:
        """Take a 32-bit number."""
        return int.from_bytes(self.take(4))

    def string(self) -> bytes:
        """Take bytes that have their length in front."""
        return self.take(self.uint32())

    def end(self) -> None:
        """Insist that nothing is left.

        Raises:
            WireError: something is.
        """
        if self._data:
            raise WireError


def public_blob(public: bytes) -> bytes:
    """Give an Ed25519 public key as SSH writes it."""
    return string(ED25519) + string(public)


def public_line(public: bytes) -> str:
    """Give an Ed25519 public key as a line of ``authorized_keys`` or ``allowed_signers``."""
    return f"{ED25519.decode()} {base64.b64encode(public_blob(public)).decode()}"


def subject_of(blob: bytes) -> bytes:
    """Read the Ed25519 public key out of a public key blob or a certificate blob.

    Raises:
        WireError: it is neither.
    """
    reader = Reader(blob)
    kind = reader.string()
    if kind == ED25519_CERTIFICATE:
        reader.string()  # the nonce
        return reader.string()
    if kind != ED25519:
        raise WireError
    public = reader.string()
    reader.end()
    return public
