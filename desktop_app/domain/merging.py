"""Two records of one child 并件: which record stays, given every decision that says so.

Merging moves nothing: the record that was put into its twin stays whole, leaves the lists, and
comes back exactly as it was when the decision is taken back. What laptops decide without knowing
of each other may point in a ring or in two directions; then nothing is lost and everybody holding
the same decisions comes to the same answer, which says that a person should look.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

Edge = tuple[str, str]
"""A record that is put into another: (that leaves, that stays)."""


@dataclass(frozen=True, slots=True)
class Twin:
    """Where a merged record went: always to one that stands in the lists.

    ``tangled`` tells that decisions contradict each other: a ring, or more than one that stays.
    """

    into: str
    tangled: bool


def twins(edges: Iterable[Edge], standing: Collection[str]) -> dict[str, Twin]:
    """Give every record that leaves the lists, with the one it went into.

    A pure function of the sets. Only records that stand count: what was put into a record that was
    removed since is back in the lists. In a ring the lowest record, which is the oldest, stays;
    where several would stay, the lowest of them is meant.
    """
    goes: dict[str, set[str]] = {}
    for gone, stays in edges:
        if gone != stays and gone in standing and stays in standing:
            goes.setdefault(gone, set()).add(stays)
            goes.setdefault(stays, set())
    ends = _Ends(goes)
    found = {}
    for record in sorted(goes):
        last, ring = ends.of(record)
        into = min(last)
        if into != record:
            found[record] = Twin(into, ring or len(last) > 1)
    return found


@dataclass(slots=True)
class _Ends:
    """Where every way through the decisions ends; Tarjan's rings, without recursion."""

    goes: Mapping[str, set[str]]
    _number: dict[str, int] = field(default_factory=dict)
    _low: dict[str, int] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)
    _found: dict[str, tuple[frozenset[str], bool]] = field(default_factory=dict)

    def of(self, record: str) -> tuple[frozenset[str], bool]:
        """Give the records that stay where all ways from a record end, and whether it rings."""
        if record not in self._found:
            self._walk(record)
        return self._found[record]

    def _walk(self, start: str) -> None:
        ways = [(start, self._enter(start))]
        while ways:
            record, ahead = ways[-1]
            following = next(ahead, None)
            if following is None:
                ways.pop()
                self._leave(record)
                if ways:
                    before = ways[-1][0]
                    self._low[before] = min(self._low[before], self._low[record])
            elif following not in self._number:
                ways.append((following, self._enter(following)))
            elif following not in self._found:
                self._low[record] = min(self._low[record], self._number[following])

    def _enter(self, record: str) -> Iterator[str]:
        self._number[record] = self._low[record] = len(self._number)
        self._open.append(record)
        return iter(sorted(self.goes[record]))

    def _leave(self, record: str) -> None:
        """Close the ring a record is the first of; alone it is a ring of one."""
        if self._low[record] != self._number[record]:
            return
        at = self._open.index(record)
        ring, self._open[at:] = self._open[at:], []
        beyond = {one for member in ring for one in self.goes[member]} - set(ring)
        ends = frozenset(one for after in beyond for one in self._found[after][0])
        tangled = len(ring) > 1
        for member in ring:
            self._found[member] = (ends or frozenset({min(ring)}), tangled)
