"""Writing the volumes of an export to a stick, each read back before it counts.

The first holds the operations and as many pages as fit; further ones hold pages only and are
bundles like any other, so whoever reads format 1 reads them (docs/format-bundle.md, Volumes).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from desktop_app.domain.errors import UntrustedError
from desktop_app.domain.version import PROGRAM
from desktop_app.durable.stick import Hashing, Written, require_space, room_on, write_verified
from desktop_app.security import sshsig
from desktop_app.security.certificate import line_of
from desktop_app.services.progress import Progress
from desktop_app.services.trust_store import held_district
from desktop_app.services.workplace import Workplace
from desktop_app.storage.exchange import ScanPlace
from desktop_app.storage.oplog import FeedRow
from desktop_app.sync import bundle
from desktop_app.sync.bundle import SUFFIX, piece_of, whole_size, write_bundle
from desktop_app.sync.manifest import (
    FORMAT,
    SUITE,
    WRITTEN,
    Carrier,
    DistrictPieces,
    Manifest,
    Piece,
)
from desktop_app.sync.packing import Errand, Packed
from desktop_app.sync.pages import fill

LARGEST_VOLUME = 512 * 1024**2
READING_BACK = "bundle.reading_back"


class _Pages:
    """Opens sealed pages, each checked against its digest, and knows which one it is at."""

    def __init__(self, workplace: Workplace) -> None:
        self._scans = workplace.scans
        self.opening = ""

    def open(self, digest: str) -> BinaryIO:
        """Open a page.

        Raises:
            UntrustedError: ``scan.altered``.
        """
        self.opening = digest
        return BytesIO(self._scans.read(digest))


@dataclass(frozen=True, slots=True)
class Volume:
    """One file of an export that lies on the stick and was read back."""

    name: str
    path: Path
    number: int
    operations: int
    registered: int
    digest: str
    size: int
    feeds: int
    scans: int
    free: int


@dataclass(frozen=True, slots=True)
class Writer:
    """What is written, for whom and where to."""

    workplace: Workplace
    errand: Errand
    number: int
    target: Path
    progress: Progress

    def share(
        self, packed: Packed, pages: Sequence[ScanPlace]
    ) -> tuple[list[ScanPlace], list[ScanPlace]]:
        """Give the pages a volume takes, and those that are left for others.

        Raises:
            WorkplaceError: the disk refused.
        """
        return fill(pages, self._room(packed))

    def write(
        self, packed: Packed, sealed: BinaryIO, pages: Sequence[ScanPlace], place: int = 1
    ) -> tuple[Volume, Sequence[ScanPlace]]:
        """Write a volume; a page that has rotted here is left out, and the rest still goes.

        Raises:
            WorkplaceError: no room, or the stick failed; then nothing stands under its name.
            CancelledError: the person stopped it.
        """
        while True:
            here = _Pages(self.workplace)
            try:
                return self._once(packed, sealed, pages, here, place), pages
            except UntrustedError as error:
                if error.code != "scan.altered":
                    raise
                pages = [page for page in pages if page.digest != here.opening]

    def _room(self, packed: Packed) -> int:
        """Give the bytes there are for pages: of the volume, or of the stick."""
        bare = whole_size(self._manifest(packed, (), self._document()), bundle.LARGEST_SIGNATURE)
        return min(LARGEST_VOLUME, room_on(self.target)) - bare

    def _document(self) -> tuple[bytes, bytes] | None:
        signed = held_district(self.workplace.database)
        return None if signed is None else (signed.data, signed.signature.encode())

    def _once(
        self,
        packed: Packed,
        sealed: BinaryIO,
        pages: Sequence[ScanPlace],
        here: _Pages,
        place: int,
    ) -> Volume:
        own = self.workplace.own_feed(self.errand.scope)
        document = self._document()
        manifest = self._manifest(packed, pages, document)
        line = line_of(own.identity)

        def sign(data: bytes) -> bytes:
            key = self.workplace.computer.key
            return sshsig.sign(key, bundle.NAMESPACE, data, certificate=line).encode()

        def write(file: Hashing) -> None:
            sealed.seek(0)
            write_bundle(file, manifest, sign, sealed, document, here.open)

        total = packed.facts.operations
        size = whole_size(manifest, bundle.LARGEST_SIGNATURE)
        require_space(self.target, size)
        path = self.target / _name(own, self.number, place)
        written = write_verified(
            path, write, lambda done: self.progress.step(total * done // size, total, READING_BACK)
        )
        return self._said(packed, len(pages), written)

    def _said(self, packed: Packed, pages: int, written: Written) -> Volume:
        return Volume(
            name=written.path.name,
            path=written.path,
            number=self.number,
            operations=packed.facts.operations,
            registered=packed.registered,
            digest=written.digest,
            size=written.size,
            feeds=packed.facts.feeds,
            scans=pages,
            free=written.free,
        )

    def _manifest(
        self,
        packed: Packed,
        pages: Sequence[ScanPlace],
        document: tuple[bytes, bytes] | None,
    ) -> Manifest:
        """Say of the volume what is known of it now."""
        own = self.workplace.own_feed(self.errand.scope)
        return Manifest(
            format=WRITTEN,
            minimum_reader=FORMAT,
            suite=SUITE,
            purpose=self.errand.purpose,
            number=self.number,
            program=PROGRAM,
            policy=self.workplace.policy.version,
            scope=self.errand.scope,
            carrier=Carrier(
                feed=own.facts.feed,
                scope=own.facts.scope,
                public=own.public.hex(),
                identity=(own.identity or b"").decode(),
            ),
            recipients=list(self.errand.recipients),
            payload=packed.facts,
            district=None if document is None else DistrictPieces(*map(piece_of, document)),
            scans=[Piece(*pair) for pair in sorted((page.digest, page.size) for page in pages)],
        )


def _name(own: FeedRow, number: int, place: int) -> str:
    """Name a volume: the first as the bundle, the others with their place behind it."""
    further = "" if place == 1 else f"-{place}"
    return f"{own.facts.scope}-{own.facts.feed[:8]}-{number}{further}{SUFFIX}"
