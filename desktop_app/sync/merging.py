"""Merging a verified bundle into the journal, feed by feed, within one transaction.

What is held is passed over, what follows it is appended, what does not reach it is a gap and waits,
and what stands at a place held with another hash is a fork: both branches are kept, the second in
quarantine. Meaning is left to the fold: nothing here reads what an operation says.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import msgspec

from desktop_app.domain.errors import StaleError
from desktop_app.feeds.authority import FeedFacts
from desktop_app.feeds.operation import Operation
from desktop_app.storage import oplog
from desktop_app.storage.branches import keep_apart, keep_head
from desktop_app.storage.oplog import FeedRow
from desktop_app.storage.work import Work
from desktop_app.sync.heads import Head, Span
from desktop_app.sync.trust import Verified

BATCH = 500
FORK = "fork"


class Fit(enum.Enum):
    """How a feed's part of a bundle fits what is held."""

    HELD = "held"
    APPEND = "append"
    GAP = "gap"
    FORK = "fork"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of a bundle, by feed."""

    fresh: Mapping[str, int]
    gaps: Mapping[str, tuple[int, int]]
    forks: tuple[str, ...]
    waiting: tuple[str, ...]


class StrippedError(Exception):
    """Payloads are missing that nothing held here erases; merge again and leave ``feeds`` waiting.

    Who carries a bundle could otherwise erase what others wrote. It is no refusal, since the
    erasure, or what proves it, may come with another bundle.
    """

    def __init__(self, feeds: Iterable[str]) -> None:
        """Name the feeds."""
        super().__init__()
        self.feeds = frozenset(feeds)


class Merge:
    """Takes a verified bundle's operations in their order; ``finish`` says what came of them."""

    def __init__(
        self,
        work: Work,
        verified: Verified,
        held: Mapping[str, int],
        wait: Collection[str] = (),
    ) -> None:
        """See how every feed fits, adding and proving feeds that bring their proof.

        Args:
            work: the open transaction.
            verified: the bundle.
            held: the sequences at which the bundle's hashes were asked for.
            wait: feeds that wait, since what erases their missing payloads has not come.

        Raises:
            StaleError: a feed has grown meanwhile; verify again.
        """
        self._work = work
        self._fits: dict[str, Fit] = {}
        self._held: dict[str, int] = {}
        self._gaps: dict[str, tuple[int, int]] = {}
        self._fresh: dict[str, int] = {}
        self._batch: list[Operation] = []
        self._wait = wait
        for feed, span in verified.spans.items():
            facts = verified.facts.get(feed)
            self._fits[feed] = self._fit(span, facts, held)

    def _fit(self, span: Span, facts: FeedFacts | None, held: Mapping[str, int]) -> Fit:
        head = span.head
        row = self._work.feeds.get(head.feed)
        if facts is None:
            return Fit.WAITING
        if row is None:
            row = self._add(head, facts)
        elif row.identity is None and not row.own and not row.facts.district:
            self._work.prove_feed(facts, head.identity.encode())
        self._held[head.feed] = row.sequence
        starts = max(head.after, row.sequence + 1) if head.feed in self._wait else head.after
        if row.sequence < min(starts, head.to):
            self._gaps[head.feed] = (row.sequence + 1, starts)
            return Fit.GAP
        if self._hash_there(span, row, held) != row.hash:
            return Fit.HELD if self._held_beyond(head, row) else Fit.FORK
        self._keep_signature(head)
        return Fit.APPEND if head.to > row.sequence else Fit.HELD

    def _add(self, head: Head, facts: FeedFacts) -> FeedRow:
        identity = head.identity.encode() or None
        self._work.add_feed(facts, head.key, identity)
        return self._work.feeds[head.feed]

    def _hash_there(self, span: Span, row: FeedRow, held: Mapping[str, int]) -> bytes | None:
        """Give the bundle's hash at the last sequence held, None where it ends before that."""
        head = span.head
        if row.sequence == head.to:
            return head.reaches
        if row.sequence > head.to:
            return None
        if row.sequence == head.after:
            return span.before
        if held.get(head.feed) != row.sequence:
            raise StaleError("bundle.overtaken")
        return span.probed

    def _held_beyond(self, head: Head, row: FeedRow) -> bool:
        """Say whether the bundle ends, with the same hash, within what is held."""
        there = oplog.hash_at(self._work.connection, row.number, head.to)
        return row.sequence > head.to and there == head.reaches

    def _keep_signature(self, head: Head) -> None:
        oplog.sign_head(
            self._work.connection, head.feed, head.to, head.reaches, head.signature.encode()
        )

    @property
    def brings_nothing(self) -> bool:
        """Say whether no operation of the bundle has to be looked at again."""
        return not {Fit.APPEND, Fit.FORK} & set(self._fits.values())

    def take(self, head: Head, operation: Operation) -> None:
        """Take the next operation of the bundle."""
        fit = self._fits[head.feed]
        if fit is Fit.FORK:
            self._take_fork(head, operation)
        if fit is not Fit.APPEND or operation.sequence <= self._held[head.feed]:
            return
        self._batch.append(operation)
        if len(self._batch) == BATCH or operation.sequence == head.to:
            self._work.take_in(head.feed, self._batch)
            self._fresh[head.feed] = self._fresh.get(head.feed, 0) + len(self._batch)
            self._batch = []

    def _take_fork(self, head: Head, operation: Operation) -> None:
        """Keep what differs from the branch held, apart from it, with the signature at its end."""
        row = self._work.feeds[operation.feed]
        there = oplog.hash_at(self._work.connection, row.number, operation.sequence)
        if there != operation.hash:
            if self._work.erased(operation):
                operation = msgspec.structs.replace(operation, payload_bytes=None)
            keep_apart(self._work.connection, operation, FORK)
            if operation.sequence == head.to:
                signature = head.signature.encode()
                keep_head(self._work.connection, head.feed, head.to, operation.hash, signature)

    def finish(self) -> Merged:
        """Say what came of every feed.

        Raises:
            StrippedError: payloads are missing without an erasure.
        """
        stripped = self._work.stripped()
        if stripped:
            raise StrippedError(stripped)
        return Merged(
            fresh=dict(self._fresh),
            gaps=dict(self._gaps),
            forks=self._those(Fit.FORK),
            waiting=self._those(Fit.WAITING),
        )

    def _those(self, fit: Fit) -> tuple[str, ...]:
        return tuple(feed for feed, one in self._fits.items() if one is fit)
