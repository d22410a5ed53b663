"""Names that commit to keys: key ids and feed ids.

A name is the lower-case base32 of a SHA-256, cut to twenty characters (100 bits), so nobody can
write under a name without holding the key behind it (docs/format.md, Names).
"""

from __future__ import annotations

import base64
import hashlib

NAME_LENGTH = 20
COMMON = "district:"
"""How the scope of a district's common feed begins; every other scope is a school code."""


def key_id(public: bytes) -> str:
    """Give the name of an Ed25519 public key of 32 bytes."""
    return _name(public)


def feed_id(public: bytes, scope: str) -> str:
    """Give the name of the feed a replica's key writes for a scope (a school or a district)."""
    return _name(b"enrollment-feed\0" + public + b"\0" + scope.encode())


def _name(content: bytes) -> str:
    digest = hashlib.sha256(content).digest()
    return base64.b32encode(digest).decode().lower()[:NAME_LENGTH]


def is_common(scope: str) -> bool:
    """Say whether a scope is a district's own, whose operations hold in all of its schools."""
    return scope.startswith(COMMON)
