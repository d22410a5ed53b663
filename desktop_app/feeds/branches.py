"""Which branch of a forked feed stands, once an officer has named a place of it (ADR 0013).

A pure function of the operations known of a feed and of the place, whatever order they came in.
Without a limit nobody decides: the branch that came first is held, and the other is kept apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.feeds.operation import GENESIS


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a feed as a limit names it: the last sequence that counts, and the hash there."""

    sequence: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """Where an operation stands: its sequence, and the hash it builds on."""

    sequence: int
    previous: bytes


def standing(known: Mapping[bytes, Link], named: Place) -> list[bytes]:
    """Give the branch that stands, as header hashes from the first operation on.

    It is the one that leads to the place named; behind that, where nothing counts, the one with the
    lower hash at each parting. Where something else than what is named stands at that place, and
    nothing known leads there, none stands: nobody can say from where on the others are wrong.

    Args:
        known: every operation known of the feed, held or apart, by its hash.
        named: the place of the limit.
    """
    found = _back_from(known, named)
    if found is None:
        if any(link.sequence == named.sequence for link in known.values()):
            return []
        found = []
    return found + _on_from(known, found[-1] if found else GENESIS)


def _back_from(known: Mapping[bytes, Link], named: Place) -> list[bytes] | None:
    """Give the way from the first operation to a place, None where a step of it is not known."""
    way: list[bytes] = []
    at = GENESIS if named.sequence == 0 else named.hash
    for sequence in range(named.sequence, 0, -1):
        link = known.get(at)
        if link is None or link.sequence != sequence:
            return None
        way.append(at)
        at = link.previous
    return way[::-1] if at == GENESIS else None


def _on_from(known: Mapping[bytes, Link], last: bytes) -> list[bytes]:
    """Give the way onward, by the lower hash where there are several."""
    after: dict[bytes, list[bytes]] = defaultdict(list)
    for one, link in known.items():
        after[link.previous].append(one)
    way: list[bytes] = []
    while last in after:
        last = min(after[last])
        way.append(last)
    return way
