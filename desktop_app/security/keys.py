"""Ed25519 keys of persons, replicas and authorities, and the signatures of acts of authority."""

from __future__ import annotations

from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from desktop_app.domain.errors import UntrustedError
from desktop_app.feeds.identity import key_id

PUBLIC_BYTES = 32
PRIVATE_BYTES = 32
ACT_PREFIX = b"enrollment-act\0"


class SigningKey:
    """An Ed25519 private key; it shows its public half and its name, never itself."""

    __slots__ = ("_key", "public")

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public: bytes = key.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> Self:
        """Make a new key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_private_bytes(cls, private: bytes | bytearray) -> Self:
        """Take a key back from its 32 private bytes."""
        return cls(Ed25519PrivateKey.from_private_bytes(private))

    def private_bytes(self) -> bytearray:
        """Give the 32 private bytes; whoever asks wipes them."""
        return bytearray(self._key.private_bytes_raw())

    @property
    def key_id(self) -> str:
        """The key's name in operations."""
        return key_id(self.public)

    def sign(self, message: bytes) -> bytes:
        """Sign raw bytes; callers prefix them so that no signature serves two purposes."""
        return self._key.sign(message)

    @property
    def crypto_key(self) -> Ed25519PrivateKey:
        """The library's own key, for the certificate builder of this package alone."""
        return self._key

    def __repr__(self) -> str:
        return f"SigningKey({self.key_id})"


def verify(public: bytes, message: bytes, signature: bytes) -> None:
    """Check a raw Ed25519 signature.

    Raises:
        UntrustedError: ``signature.wrong``.
    """
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise UntrustedError("signature.wrong") from error


def sign_act(key: SigningKey, message: bytes) -> bytes:
    """Sign an act of authority (approve, close the day, export, grant, ...); 64 bytes."""
    return key.sign(ACT_PREFIX + message)


def verify_act(public: bytes, message: bytes, signature: bytes) -> None:
    """Check the signature of an act.

    Raises:
        UntrustedError: ``signature.wrong``.
    """
    verify(public, ACT_PREFIX + message, signature)
