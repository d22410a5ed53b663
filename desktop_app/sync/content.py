"""The sealed content of a bundle: read once to prove it, and a large one again to hand it on.

Both readings stream: what age gives is unpacked, cut into lines and looked at as it comes, and
nothing is written anywhere. Of a bundle of ordinary size the proved operations are kept in memory
meanwhile. The order of the checks is told in ``trust``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import BinaryIO, cast

import msgspec

from desktop_app.domain.errors import UntrustedError
from desktop_app.feeds.authority import FeedFacts
from desktop_app.feeds.head import statement
from desktop_app.feeds.identity import is_common
from desktop_app.feeds.operation import Operation
from desktop_app.feeds.operation import held as held_operation
from desktop_app.security import sshsig
from desktop_app.security.district import District
from desktop_app.security.seal import SealKey, decrypt_io
from desktop_app.sync import heads
from desktop_app.sync.bundle import Extract, Section
from desktop_app.sync.heads import ChainCheck, Head, Span, read_heads
from desktop_app.sync.identity import prove, prove_district
from desktop_app.sync.manifest import Manifest
from desktop_app.sync.payload import PayloadReader

Told = Callable[[int], None]
"""Is told how many operations are done; may raise to stop."""

TELL_EVERY = 1000
LARGEST_KEPT = 16 * 1024**2
"""Content up to this size stays in memory between proof and merge, as some 60 MiB of operations: a
school's whole season. What is larger is decrypted a second time."""

_SEAL_CODES = {
    "seal.not_for_us": "bundle.wrong_recipient",
    "seal.truncated": "bundle.truncated",
    "seal.too_large": "bundle.too_large",
}


def unseal(
    file: BinaryIO, section: Section, keys: Iterable[SealKey], reader: PayloadReader, limit: int
) -> str:
    """Decrypt a payload into a reader, to the end, and give the content's digest.

    Raises:
        UntrustedError: sealed to somebody else, truncated, altered, or not what was promised.
        WorkplaceError: the disk failed.
    """
    try:
        source = cast("BinaryIO", Extract(file, section))
        decrypt_io(source, cast("BinaryIO", reader), keys, limit=limit)
    except UntrustedError as error:
        if not error.code.startswith("seal."):
            raise
        code = _SEAL_CODES.get(error.code, "bundle.altered")
        raise UntrustedError(code, part="age", limit=limit) from error
    return reader.finish()


class ContentCheck:
    """Proves heads and operations as they come; ``kept`` has them where they are few enough."""

    def __init__(
        self,
        manifest: Manifest,
        district: District | None,
        proven: Mapping[str, FeedFacts],
        held: Mapping[str, int],
        told: Told,
    ) -> None:
        """Check against a signed manifest and what is trusted."""
        self._manifest = manifest
        self._district = district
        self._proven = proven
        self._held = held
        self._told = told
        self._chain = ChainCheck((), {})
        self.spans: Mapping[str, Span] = {}
        self.facts: dict[str, FeedFacts] = {}
        self.kept: list[Operation] | None = [] if manifest.payload.plain <= LARGEST_KEPT else None

    def read(self, file: BinaryIO, section: Section, keys: Iterable[SealKey]) -> str:
        """Read a payload to its end and give the content's digest.

        Raises:
            UntrustedError: anything in it is not as it must be.
        """
        payload = self._manifest.payload
        reader = PayloadReader(payload.plain, self._on_heads, self._on_lines)
        digest = unseal(file, section, keys, reader, payload.compressed)
        self.spans = self._chain.finish()
        if self._chain.count != payload.operations:
            raise UntrustedError("bundle.altered", part="operations")
        return digest

    def _on_heads(self, data: bytes) -> None:
        found = read_heads(data)
        if len(found) != self._manifest.payload.feeds:
            raise UntrustedError("bundle.altered", part="feeds")
        for head in found:
            self._check_scope(head)
            check_head_signature(head)
            facts = self._prove(head)
            if facts is not None:
                self.facts[head.feed] = facts
        self._chain = ChainCheck(found, self._held)

    def _check_scope(self, head: Head) -> None:
        """A bundle speaks of its school, and of what the district says to all schools."""
        if head.scope != self._manifest.scope and not (head.district and is_common(head.scope)):
            raise UntrustedError("bundle.other_school")

    def _prove(self, head: Head) -> FeedFacts | None:
        if head.district:
            return prove_district(head.key, head.scope, self._district)
        known = self._proven.get(head.feed)
        return known or prove(head.key, head.scope, head.identity, self._district)

    def _on_lines(self, block: bytes) -> None:
        before = self._chain.count
        operations = self._chain.lines(block)
        if self.kept is not None:
            self.kept += operations
        if before // TELL_EVERY < self._chain.count // TELL_EVERY:
            self._told(self._chain.count // TELL_EVERY * TELL_EVERY)


def check_head_signature(head: Head) -> None:
    """Check that the feed's author signed how far it reaches.

    Raises:
        UntrustedError: ``bundle.bad_head``.
    """
    signed = statement(head.feed, head.scope, head.to, head.reaches)
    try:
        sshsig.verify(head.key, heads.NAMESPACE, signed, head.signature)
    except UntrustedError as error:
        raise UntrustedError("bundle.bad_head") from error


class _Parts(msgspec.Struct, frozen=True):
    """A line whose parts were checked at the first reading."""

    header: msgspec.Raw
    payload: msgspec.Raw


_decode_parts = msgspec.json.Decoder(_Parts).decode


class ContentReplay:
    """Hands verified operations on, without checking again what the digest proves at the end."""

    def __init__(
        self,
        manifest: Manifest,
        spans: Mapping[str, Span],
        on_operation: Callable[[Head, Operation], None],
        told: Told,
    ) -> None:
        """Hand on to ``on_operation``."""
        self._payload = manifest.payload
        self._spans = spans
        self._on_operation = on_operation
        self._told = told
        self._count = 0

    def read(self, file: BinaryIO, section: Section, keys: Iterable[SealKey]) -> str:
        """Read a payload to its end and give the content's digest, which decides.

        Raises:
            UntrustedError: it can no longer be read as before.
        """
        reader = PayloadReader(self._payload.plain, lambda _: None, self._on_lines)
        return unseal(file, section, keys, reader, self._payload.compressed)

    def _on_lines(self, block: bytes) -> None:
        for line in block[:-1].split(b"\n"):
            self._on_line(line)

    def _on_line(self, line: bytes) -> None:
        try:
            parts = _decode_parts(line)
            content = bytes(parts.payload)
            operation = held_operation(bytes(parts.header), None if content == b"null" else content)
            head = self._spans[operation.feed].head
        except (msgspec.DecodeError, KeyError) as error:
            raise UntrustedError("bundle.altered", part="operations") from error
        self._on_operation(head, operation)
        self._count += 1
        if self._count % TELL_EVERY == 0:
            self._told(self._count)
