"""What a bundle says of each feed it carries, and the check that the operations bear it out.

A head is signed by the feed's own author and names no recipient, so it stays with the feed and
anybody may carry the feed on, up to its last signed head. Where a bundle begins within a feed is
not signed: the hash chain shows whether it fits what is held.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from desktop_app.domain.errors import UntrustedError
from desktop_app.feeds.block import read_block
from desktop_app.feeds.identity import feed_id
from desktop_app.feeds.operation import GENESIS, LARGEST_INTEGER, Operation, read
from desktop_app.sync.manifest import is_digest

NAMESPACE = "enrollment-feed"
DISTRICT_PREFIX = "district:"
MOST_FEEDS = 4096
PUBLIC_BYTES = 32


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of ``heads.jsonl``.

    ``after`` stands as ``from``: the bundle holds the operations after this sequence, up to
    ``to``. ``public`` is the author's key in hexadecimal, ``identity`` proves it, ``signature`` is
    the author's armored SSHSIG over the statement.
    """

    feed: str
    scope: str
    district: bool
    after: int = msgspec.field(name="from")
    to: int
    hash: str
    public: str
    identity: str
    signature: str

    @property
    def key(self) -> bytes:
        """Give the author's public key."""
        return bytes.fromhex(self.public)

    @property
    def reaches(self) -> bytes:
        """Give the header hash at the end."""
        return bytes.fromhex(self.hash)


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Head).decode


def write_heads(heads: Sequence[Head]) -> bytes:
    """Give the content of ``heads.jsonl``."""
    return b"".join(_encode(head) + b"\n" for head in heads)


def read_heads(data: bytes) -> list[Head]:
    """Read ``heads.jsonl``: canonical lines, one per feed, in the order of their names.

    Raises:
        UntrustedError: ``bundle.bad_head``.
    """
    *lines, rest = data.split(b"\n")
    _refuse_unless(not rest and len(lines) <= MOST_FEEDS)
    heads = [_read_head(line) for line in lines]
    names = [head.feed for head in heads]
    _refuse_unless(names == sorted(set(names)))
    return heads


def _read_head(line: bytes) -> Head:
    try:
        head = _decode(line)
        _refuse_unless(_encode(head) == line)
        _refuse_unless(0 <= head.after <= head.to < LARGEST_INTEGER and head.to > 0)
        _refuse_unless(is_digest(head.hash) and is_digest(head.public))
        _refuse_unless(feed_id(head.key, head.scope) == head.feed)
        _refuse_unless(head.district or not head.scope.startswith(DISTRICT_PREFIX))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UntrustedError("bundle.bad_head") from error
    return head


def _refuse_unless(condition: bool) -> None:  # noqa: FBT001 - reads as a sentence
    if not condition:
        raise UntrustedError("bundle.bad_head")


@dataclass(frozen=True, slots=True)
class Span:
    """A feed's part of a bundle after its operations were checked.

    ``before`` is the hash the first operation builds on; ``probed`` the hash at the sequence that
    was asked about (the last one held), None where the bundle does not reach that place.
    """

    head: Head
    before: bytes
    probed: bytes | None


class ChainCheck:
    """Checks that the operations are what the heads say, in their order."""

    def __init__(
        self,
        heads: Sequence[Head],
        held: Mapping[str, int],
    ) -> None:
        """Expect the operations of these heads.

        Args:
            heads: the signed heads, in the order of the bundle.
            held: the last sequence held of each feed, at which the hash is to be remembered.
        """
        self._waiting = [head for head in heads if head.to > head.after]
        self._spans = {head.feed: Span(head, head.reaches, None) for head in heads}
        self._held = held
        self._sequence = 0
        self._hash = GENESIS
        self._started = False
        self.count = 0
        self._waiting.reverse()

    def lines(self, block: bytes) -> list[Operation]:
        """Check the next lines, each with its line feed, and give the operations they are.

        Raises:
            UntrustedError: ``bundle.bad_operation`` with the number of the line, or
                ``bundle.broken_chain``.
        """
        operations = read_block(block)
        if operations is None:
            return [self._line(line) for line in block[:-1].split(b"\n")]
        done = 0
        while done < len(operations):
            done += self._follow(operations, done)
        return operations

    def _line(self, line: bytes) -> Operation:
        """Check one line that is not as most are, or is wrong."""
        number = self.count + 1
        if not self._waiting:
            raise UntrustedError("bundle.broken_chain", line=number)
        try:
            operation = read(line)
        except UntrustedError as error:
            raise UntrustedError("bundle.bad_operation", line=number) from error
        self._follow([operation], 0)
        return operation

    def _follow(self, operations: Sequence[Operation], first: int) -> int:
        """Check operations of one feed from a place on, and give how many they were."""
        if not self._waiting:
            raise UntrustedError("bundle.broken_chain", line=self.count + 1)
        head = self._waiting[-1]
        if not self._started:
            self._start(head, operations[first])
        held = self._held.get(head.feed)
        ours = operations[first : first + head.to - self._sequence]
        for operation in ours:
            self.count += 1
            self._sequence += 1
            if (
                operation.previous != self._hash
                or operation.sequence != self._sequence
                or operation.feed != head.feed
            ):
                raise UntrustedError("bundle.broken_chain", line=self.count)
            self._hash = operation.hash
            if self._sequence == held:
                self._spans[head.feed] = Span(head, self._spans[head.feed].before, self._hash)
        if self._sequence == head.to:
            self._end(head)
        return len(ours)

    def _start(self, head: Head, operation: Operation) -> None:
        """Begin a feed: at its very beginning the chain must begin with nothing."""
        self._started = True
        self._sequence = head.after
        self._hash = operation.previous if head.after else GENESIS
        self._spans[head.feed] = Span(head, self._hash, None)
        if self._held.get(head.feed) == head.after:
            self._spans[head.feed] = Span(head, self._hash, self._hash)

    def _end(self, head: Head) -> None:
        """Turn to the next feed; this one must reach what its author signed."""
        if self._hash != head.reaches:
            raise UntrustedError("bundle.broken_chain", line=self.count)
        self._waiting.pop()
        self._started = False

    def finish(self) -> dict[str, Span]:
        """Give each feed's span, by name, once every line has come.

        Raises:
            UntrustedError: ``bundle.broken_chain``: operations are missing.
        """
        if self._waiting:
            raise UntrustedError("bundle.broken_chain", line=self.count)
        return self._spans
