"""Wrong passwords are counted and make the next try wait; only the right one ends the counting.

It is a brake for whoever sits at the keyboard. Whoever can delete the counter has the disk, can
guess on a computer of their own, and meets Argon2id instead; so a missing counter is no error.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from desktop_app.domain.errors import ProductError, RuleError
from desktop_app.durable.files import read_limited, write_atomically

FILE = "tries"
FREE_TRIES = 3
FIRST_WAIT = 30  # seconds, after the fourth failure
LONGEST_WAIT = 3600

Clock = Callable[[], float]
"""Seconds since 1970."""

_LIMIT = 1 << 16


class _Count(msgspec.Struct, frozen=True):
    failures: int
    last: int


_NONE = _Count(0, 0)


class Tries:
    """Failures per person of one vault, kept beside the slot file."""

    def __init__(self, folder: Path, clock: Clock = time.time) -> None:
        self._path = folder / FILE
        self._clock = clock

    def begin(self, name: str) -> None:
        """Count a try as failed before it is made, so that pulling the plug saves no try.

        Raises:
            RuleError: ``vault.wait``: it is too early for another try.
            WorkplaceError: it could not be counted.
        """
        counts = self._read()
        count = counts.get(_key(name), _NONE)
        left = self._left(count)
        if left:
            raise RuleError("vault.wait", seconds=left)
        counts[_key(name)] = _Count(count.failures + 1, int(self._clock()))
        self._write(counts)

    def succeed(self, name: str) -> None:
        """Forget a person's failures."""
        counts = self._read()
        counts.pop(_key(name), None)
        self._write(counts)

    def refusal(self, name: str) -> RuleError:
        """Say that the password was wrong, how many tries are free, and how long to wait."""
        count = self._read().get(_key(name), _NONE)
        free = max(0, FREE_TRIES - count.failures)
        return RuleError("vault.wrong_password", tries_left=free, wait=self._left(count))

    def _left(self, count: _Count) -> int:
        """Seconds still to wait; a clock that was set back makes nobody wait longer."""
        if count.failures <= FREE_TRIES:
            return 0
        doublings = min(count.failures - FREE_TRIES - 1, 16)
        wait = min(FIRST_WAIT << doublings, LONGEST_WAIT)
        passed = max(0, int(self._clock()) - count.last)
        return max(0, wait - passed)

    def _read(self) -> dict[str, _Count]:
        try:
            return msgspec.json.decode(read_limited(self._path, _LIMIT), type=dict[str, _Count])
        except (ProductError, ValueError):
            return {}

    def _write(self, counts: dict[str, _Count]) -> None:
        write_atomically(self._path, msgspec.json.encode(counts))


def _key(name: str) -> str:
    """Name a person in the counter; the list of persons itself stands in the slot file."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]
