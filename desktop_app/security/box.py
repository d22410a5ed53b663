"""A small secret locked with AES-256-GCM, under a key or under what a person types.

What stands beside the box (names, public keys) goes in as ``context``: a box moved into another
context does not open.
"""

from __future__ import annotations

import secrets

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from desktop_app.security import kdf
from desktop_app.security.memory import wipe

NONCE_BYTES = 12
TAG_BYTES = 16


class WrongKeyError(Exception):
    """The box does not open: another key, or altered. It never leaves this package."""


class TypedBox(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A box that opens to what a person types: Argon2id makes the key."""

    cost: kdf.Cost
    salt: bytes
    sealed: bytes


def lock(key: bytes | bytearray, plain: bytes | bytearray, context: bytes) -> bytes:
    """Lock under a key of 32 bytes; the random nonce stands in front."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def unlock(key: bytes | bytearray, sealed: bytes, context: bytes) -> bytearray:
    """Open what ``lock`` made.

    Raises:
        WrongKeyError: it does not open.
    """
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    if len(body) < TAG_BYTES:
        raise WrongKeyError
    plain = bytearray(len(body) - TAG_BYTES)
    try:
        AESGCM(key).decrypt_into(nonce, body, context, plain)
    except InvalidTag as error:
        raise WrongKeyError from error
    return plain


def lock_typed(typed: bytearray, plain: bytes | bytearray, context: bytes) -> TypedBox:
    """Lock under what a person typed, at today's cost."""
    salt, cost = secrets.token_bytes(kdf.SALT_BYTES), kdf.STANDARD
    key = kdf.stretch(typed, salt, cost)
    sealed = lock(key, plain, context)
    wipe(key)
    return TypedBox(cost=cost, salt=salt, sealed=sealed)


def unlock_typed(typed: bytearray, box: TypedBox, context: bytes) -> bytearray:
    """Open a box with what a person typed.

    Raises:
        WrongKeyError: something else was typed.
        UntrustedError: the box asks for an impossible cost.
    """
    key = kdf.stretch(typed, box.salt, box.cost)
    try:
        return unlock(key, box.sealed, context)
    finally:
        wipe(key)
