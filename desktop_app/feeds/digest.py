"""The state digest: equal sets of operations give equal digests, on whatever database.

It covers what is held (each feed's length and head hash, which commits to every header) and what
people see of it (every projected row, canonically). It is tagged with the fold's version, since a
later fold may see the same operations differently (docs/format.md, Digest).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from desktop_app.domain.declare import Value
from desktop_app.feeds.fold import FOLD_VERSION

_encode = msgspec.json.Encoder(order="sorted").encode


class StateDigest:
    """Takes in heads, then rows, both in their canonical order, and gives one SHA-256."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256(b"enrollment-state\0%d\n" % FOLD_VERSION)

    def heads(self, heads: Iterable[tuple[str, int, bytes]]) -> None:
        """Take in every feed's name, length and head hash, in the order of the names."""
        for feed, sequence, head in sorted(heads):
            self._hash.update(_encode(["feed", feed, sequence, head.hex()]) + b"\n")

    def row(
        self, kind: str, scope: str, record: str, values: Mapping[str, Value], state: int
    ) -> None:
        """Take in one projected row; rows come ordered by kind, scope and record as UTF-8 bytes."""
        shown = {name: value for name, value in values.items() if value is not None}
        self._hash.update(_encode([kind, scope, record, shown, state]) + b"\n")

    def hexdigest(self) -> str:
        """Give the digest of all that was taken in."""
        return self._hash.hexdigest()
