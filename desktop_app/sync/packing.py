"""Packing: which operations a bundle takes, and sealing them in one stream.

Everything is read from one consistent state of the database and goes from there through zstd and
age without an object being built; what lies in the scratch file is sealed already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO, cast

from desktop_app.durable.stick import Hashing
from desktop_app.feeds.operation import GENESIS
from desktop_app.security.seal import encrypt_io
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange, oplog
from desktop_app.storage.database import Connection
from desktop_app.storage.exchange import Measure
from desktop_app.storage.oplog import FeedRow
from desktop_app.sync.erasures import with_erasures
from desktop_app.sync.heads import Head, write_heads
from desktop_app.sync.manifest import ANSWER, SUBMISSION, PayloadFacts
from desktop_app.sync.pages import Wanted, wanted_pages
from desktop_app.sync.payload import Pulled, compressed_pieces, plain_pieces, plain_size
from desktop_app.sync.reach import acknowledgements, begins, feeds_between

PACKING = "bundle.packing"
TELL_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Errand:
    """What a bundle is for: which school it speaks of, and who packs it for whom."""

    purpose: str
    scope: str
    recipients: Sequence[str]
    greeted: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """What laptops of the school said to hold in their hellos, by feed."""


@dataclass(frozen=True, slots=True)
class Part:
    """A feed's part of a bundle."""

    row: FeedRow
    after: int
    measure: Measure


@dataclass(frozen=True, slots=True)
class Packed:
    """The sealed payload with all that the manifest says of it."""

    parts: Sequence[Part]
    facts: PayloadFacts
    pages: Wanted
    registered: int
    """How many applicants it is about."""


def pack(workplace: Workplace, errand: Errand, sealed: BinaryIO, progress: Progress) -> Packed:
    """Seal heads and operations into a file, from one consistent state.

    Raises:
        CancelledError: the person stopped it.
        WorkplaceError: the disk failed.
    """
    with workplace.database.read() as connection:
        feeds = oplog.load_feeds(connection)
        acknowledged = acknowledgements(connection, feeds, errand.scope)
        to_school = errand.purpose == ANSWER
        first = begins(connection, feeds, errand.scope, to_school=to_school, greeted=errand.greeted)
        going = [row for row in feeds_between(feeds.values(), errand.scope) if row.signature]
        first = with_erasures(connection, going, first)
        parts = [_part(connection, row, first[row.facts.feed]) for row in going]
        pages = Wanted((), ())
        if errand.purpose == SUBMISSION:
            pages = wanted_pages(connection, errand.scope, acknowledged)
        facts = _seal(connection, errand, parts, sealed, progress)
        ranges = ((part.row.number, part.after, part.row.signed_sequence) for part in parts)
        registered = exchange.count_applicants(connection, ranges)
    return Packed(parts, facts, pages, registered)


def pack_heads(
    workplace: Workplace, errand: Errand, packed: Packed, sealed: BinaryIO, progress: Progress
) -> Packed:
    """Seal how far the feeds of a bundle reach, for a further volume that holds pages only.

    So a volume that comes before the first waits for it, as behind any gap.
    """
    nothing = Measure(0, 0)
    parts = [Part(part.row, part.row.signed_sequence, nothing) for part in packed.parts]
    with workplace.database.read() as connection:
        facts = _seal(connection, errand, parts, sealed, progress)
    return replace(packed, parts=parts, facts=facts, registered=0)


def _part(connection: Connection, row: FeedRow, after: int) -> Part:
    return Part(row, after, exchange.measure(connection, row.number, after, row.signed_sequence))


def _head_of(part: Part) -> Head:
    row = part.row
    return Head(
        feed=row.facts.feed,
        scope=row.facts.scope,
        district=row.facts.district,
        after=part.after,
        to=row.signed_sequence,
        hash=(row.signed_hash or GENESIS).hex(),
        public=row.public.hex(),
        identity=(row.identity or b"").decode(),
        signature=(row.signature or b"").decode(),
    )


def _seal(
    connection: Connection,
    errand: Errand,
    parts: Sequence[Part],
    sealed: BinaryIO,
    progress: Progress,
) -> PayloadFacts:
    """Stream heads and operations through zstd and age into a file."""
    listed = write_heads([_head_of(part) for part in parts])
    size = sum(part.measure.size for part in parts)
    operations = sum(part.measure.operations for part in parts)
    plain = plain_size(len(listed), size)
    lines = _told(_lines(connection, parts), operations, progress)
    pulled = Pulled(compressed_pieces(plain_pieces(listed, size, lines), plain))
    hashing = Hashing(sealed)
    source, target = cast("BinaryIO", pulled), cast("BinaryIO", hashing)
    encrypt_io(source, target, errand.recipients)
    return PayloadFacts(
        size=hashing.size,
        digest=hashing.digest,
        compressed=pulled.count,
        plain=plain,
        feeds=len(parts),
        operations=operations,
    )


def _lines(connection: Connection, parts: Sequence[Part]) -> Iterator[bytes]:
    for part in parts:
        row = part.row
        yield from exchange.lines_of(connection, row.number, part.after, row.signed_sequence)


def _told(lines: Iterable[bytes], total: int, progress: Progress) -> Iterator[bytes]:
    """Pass lines on, saying how many; a person may stop it here."""
    for done, line in enumerate(lines, start=1):
        if done % TELL_EVERY == 0:
            progress.step(done, total, PACKING)
        yield line
