"""The queue 排号 of one day: how a ticket is read out, where it may go next, who comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

WAITING, CALLED, ENTERED, DONE, LEFT = "waiting", "called", "entered", "done", "left"

MOVES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        WAITING: frozenset({CALLED, ENTERED, LEFT}),
        CALLED: frozenset({WAITING, CALLED, ENTERED, LEFT}),
        ENTERED: frozenset({CALLED, DONE}),
        DONE: frozenset({ENTERED}),
        LEFT: frozenset({WAITING, CALLED, ENTERED}),
    }
)
"""Where a ticket may go from where it stands. Whoever did not come 没来 may come yet."""

_ORDER = {CALLED: 0, WAITING: 1, ENTERED: 2, LEFT: 3, DONE: 4}


@dataclass(frozen=True, slots=True)
class Ticket:
    """One number of a day; it names nobody."""

    record: str
    mark: str
    number: int
    standing: str
    village: str
    category: str
    desk: str
    applicant: str
    given_at: int
    """UTC milliseconds."""

    @property
    def spoken(self) -> str:
        """Give the number as it stands on the slip and is called out: ``2-017``."""
        return f"{self.mark}-{self.number:03d}" if self.mark else f"{self.number:03d}"


def may_move(before: str, after: str) -> bool:
    """Say whether a ticket may go from one standing to another."""
    return after in MOVES.get(before, frozenset())


def in_order(tickets: Iterable[Ticket]) -> tuple[Ticket, ...]:
    """Order tickets for the list: called, waiting, entered, left, done; in each as they came."""
    return tuple(sorted(tickets, key=lambda one: (_ORDER.get(one.standing, 9), *_came(one))))


def next_of(tickets: Iterable[Ticket], village: str = "") -> Ticket | None:
    """Give who comes next: the one who has waited longest, of a village where one is named."""
    waiting = [
        one
        for one in tickets
        if one.standing == WAITING and (not village or one.village == village)
    ]
    return min(waiting, key=_came, default=None)


def next_number(tickets: Iterable[Ticket], mark: str) -> int:
    """Give the next number of the day under a mark: one more than the highest given."""
    return 1 + max((one.number for one in tickets if one.mark == mark), default=0)


def waiting_by_village(tickets: Iterable[Ticket]) -> Mapping[str, int]:
    """Count who waits, by village; the longest queue first."""
    counted = Counter(one.village for one in tickets if one.standing == WAITING)
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


def _came(ticket: Ticket) -> tuple[int, str, int]:
    return (ticket.given_at, ticket.mark, ticket.number)
