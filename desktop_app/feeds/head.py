"""How far a feed reaches: the words its author signs, which travel with the feed."""

from __future__ import annotations

import msgspec

__all__ = ["statement"]


class Statement(msgspec.Struct, frozen=True):
    """What the author of a feed signs: how far it reaches, and with which hash."""

    feed: str
    scope: str
    to: int
    hash: str


_encode = msgspec.json.Encoder().encode


def statement(feed: str, scope: str, sequence: int, head: bytes) -> bytes:
    """Give the exact bytes the author of a feed signs (docs/format-bundle.md, Payload)."""
    return _encode(Statement(feed, scope, sequence, head.hex()))
