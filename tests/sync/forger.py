"""A forger with a stick, and one with a laptop of their own: bundles as they should not be.

Whoever holds a laptop that joined can seal and sign whatever they like; what they cannot do is
write in another laptop's feed. ``Forger`` does everything they could.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
import zstandard

from desktop_app.feeds.head import statement
from desktop_app.feeds.identity import feed_id
from desktop_app.feeds.operation import GENESIS, Change, Operation, write
from desktop_app.security import sshsig
from desktop_app.security.keys import SigningKey
from desktop_app.security.seal import SealKey, decrypt_io, encrypt_io
from desktop_app.services.workplace import Workplace
from desktop_app.sync import bundle, tape
from desktop_app.sync.bundle import Extract, read_outer, write_bundle
from desktop_app.sync.heads import Head, read_heads
from desktop_app.sync.manifest import Manifest, PayloadFacts
from desktop_app.sync.payload import PayloadReader

Change_ = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Opened:
    """A bundle with its seal broken: what a recipient sees."""

    manifest: Manifest
    document: tuple[bytes, bytes] | None
    heads: list[Head]
    lines: list[bytes]


def opened(path: Path, key: SealKey) -> Opened:
    """Open a bundle as one of its recipients."""
    with path.open("rb") as file:
        outer = read_outer(file)
        heads: list[bytes] = []
        blocks: list[bytes] = []
        reader = PayloadReader(outer.manifest.payload.plain, heads.append, blocks.append)
        decrypt_io(cast("BinaryIO", Extract(file, outer.payload)), cast("BinaryIO", reader), [key])
        reader.finish()
        lines = b"".join(blocks).splitlines()
    return Opened(outer.manifest, outer.document, read_heads(heads[0]), lines)


def inner_tar(heads: bytes, operations: bytes) -> bytes:
    """Give the inner tar of any contents."""
    members = (("heads.jsonl", heads), ("ops.jsonl", operations))
    return (
        b"".join(
            tape.header(name, len(data)) + data + bytes(tape.padding(len(data)))
            for name, data in members
        )
        + tape.END
    )


def heads_text(heads: Sequence[Head] | Sequence[dict[str, Any]]) -> bytes:
    """Write heads, also such as no writer of ours would write."""
    return b"".join(msgspec.json.encode(head) + b"\n" for head in heads)


class Forger:
    """Seals and signs with the valid keys of a laptop that joined."""

    def __init__(self, laptop: Workplace) -> None:
        """Hold this laptop's keys."""
        self.own = laptop.own_feed()
        self.key: SigningKey = laptop.computer.key

    def bundle(
        self,
        found: Opened,
        inner: bytes | None = None,
        *,
        feeds: int | None = None,
        operations: int | None = None,
        change: Change_ | None = None,
        packed: bytes | None = None,
        namespace: str = bundle.NAMESPACE,
        pages: Mapping[str, bytes] | None = None,
    ) -> bytes:
        """Pack anything for the recipients of a true bundle, signed by this laptop."""
        plain = inner
        if plain is None:
            plain = inner_tar(heads_text(found.heads), b"".join(x + b"\n" for x in found.lines))
        squeezed = zstandard.ZstdCompressor().compress(plain) if packed is None else packed
        sealed = BytesIO()
        encrypt_io(BytesIO(squeezed), sealed, found.manifest.recipients)
        payload = sealed.getvalue()
        facts = PayloadFacts(
            size=len(payload),
            digest=hashlib.sha256(payload).hexdigest(),
            compressed=len(squeezed),
            plain=len(plain),
            feeds=len(found.heads) if feeds is None else feeds,
            operations=len(found.lines) if operations is None else operations,
        )
        loose = msgspec.to_builtins(found.manifest)
        loose["payload"] = msgspec.to_builtins(facts)
        pages = {} if pages is None else pages
        loose["scans"] = [{"digest": name, "size": len(pages[name])} for name in sorted(pages)]
        loose["carrier"] = {
            "feed": self.own.facts.feed,
            "scope": self.own.facts.scope,
            "public": self.own.public.hex(),
            "identity": (self.own.identity or b"").decode(),
        }
        if change is not None:
            change(loose)
        manifest = msgspec.convert(loose, Manifest)
        target = BytesIO()
        document = found.document if manifest.district is not None else None

        def sign(data: bytes) -> bytes:
            return sshsig.sign(self.key, namespace, data).encode()

        write_bundle(
            target, manifest, sign, BytesIO(payload), document, lambda name: BytesIO(pages[name])
        )
        return target.getvalue()

    def head(self, head: Head, operations: Sequence[Operation]) -> Head:
        """Claim a feed's head, signed with this laptop's key whatever the feed is."""
        last = operations[-1]
        said = statement(head.feed, head.scope, last.sequence, last.hash)
        return msgspec.structs.replace(
            head,
            after=operations[0].sequence - 1,
            to=last.sequence,
            hash=last.hash.hex(),
            signature=sshsig.sign(self.key, "enrollment-feed", said),
        )


def invented(feed: str, count: int, after: int = 0, previous: bytes = GENESIS) -> list[Operation]:
    """Write operations in somebody's feed that they never wrote."""
    made: list[Operation] = []
    for n in range(1, count + 1):
        made.append(
            write(
                Change("applicant", f"invented-{n}", "create", 1, {"full_name": "假名"}, {}),
                feed=feed,
                sequence=after + n,
                previous=made[-1].hash if made else previous,
                person="p" * 20,
                stamp=(n, 0),
                salt=bytes(16),
            )
        )
    return made


def own_feed_name(key: SigningKey, scope: str) -> str:
    """Name the feed a key writes for a scope."""
    return feed_id(key.public, scope)
