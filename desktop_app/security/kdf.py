"""From a password or a key to other keys: Argon2id (RFC 9106) and HKDF-SHA256 (RFC 5869)."""

from __future__ import annotations

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from desktop_app.domain.errors import UntrustedError

KEY_BYTES = 32
SALT_BYTES = 16


class Cost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one guess of a password costs: memory in KiB, passes, lanes."""

    memory: int
    passes: int
    lanes: int


STANDARD = Cost(memory=64 * 1024, passes=3, lanes=4)
"""Measured at 0.2 s on two cores; the least that is ever read back."""
DEAREST = Cost(memory=256 * 1024, passes=10, lanes=8)
"""The most that is read back, so that a doctored file cannot ask for 16 GB."""


def stretch(secret: bytearray, salt: bytes, cost: Cost) -> bytearray:
    """Make a key of 32 bytes from something a person typed.

    Raises:
        UntrustedError: the cost or the salt is out of bounds, so the file was tampered with.
    """
    within = (
        STANDARD.memory <= cost.memory <= DEAREST.memory
        and STANDARD.passes <= cost.passes <= DEAREST.passes
        and 1 <= cost.lanes <= DEAREST.lanes
        and len(salt) == SALT_BYTES
    )
    if not within:
        raise UntrustedError("vault.cost_out_of_bounds")
    key = bytearray(KEY_BYTES)
    argon2id(salt, cost).derive_into(secret, key)  # type: ignore[arg-type]  # takes any buffer
    return key


def argon2id(salt: bytes, cost: Cost) -> Argon2id:
    """Set up Argon2id; tests count the calls, since each costs a person a fifth of a second."""
    return Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory,
    )


def derive(key: bytes | bytearray, info: bytes, salt: bytes) -> bytearray:
    """Make another key of 32 bytes; each use has an ``info`` of its own."""
    derived = bytearray(KEY_BYTES)
    HKDF(SHA256(), KEY_BYTES, salt, info).derive_into(key, derived)
    return derived
