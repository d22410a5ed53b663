"""Scans 扫描件: a page is shrunk, sealed once to a key of its own, and stored before it counts.

The operation holds digest and size of the ciphertext; the page's key has an operation of its own,
so that erasing that one forgets the scan everywhere (design §6).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

from desktop_app.documents.images import PreparedScan, prepare_scan
from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.security.seal import SealKey, open_bytes, seal_bytes
from desktop_app.services.sent_back import note_amended
from desktop_app.services.workplace import Workplace
from desktop_app.storage.journal import Work
from desktop_app.storage.rows import Row

_LARGEST_SCAN = 2 * 1024 * 1024


class ScanDesk:
    """Take scans in and show them again."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def attach(self, applicant: str, material: str, source: Path | bytes, instead: str = "") -> str:
        """Shrink an image, seal it, store it durably, and note it; give the scan's record id.

        Args:
            applicant: whose page.
            material: of which paper.
            source: the file, or its bytes; read by the child alone.
            instead: the page of the same paper that it takes the place of 重拍.

        Raises:
            UntrustedError: not an image that can be taken.
            WorkplaceError: the disk refuses.
        """
        return self.attach_prepared(applicant, material, self._prepared(source), instead)

    def _prepared(self, source: Path | bytes) -> PreparedScan:
        return prepare_scan(source, start=self._workplace.pages.start)

    def attach_prepared(
        self, applicant: str, material: str, page: PreparedScan, instead: str = ""
    ) -> str:
        """Seal and store a page that was already prepared, and note it.

        A page that the disk has spoilt is replaced, and so is ``instead``; otherwise it is one
        more.
        """
        key = SealKey.generate()
        sealed = seal_bytes(page.jpeg, [key.recipient])
        digest = self._workplace.scans.store(sealed)
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            work.row("applicant", applicant)
            pages = [
                row
                for row in work.rows("scan", applicant=applicant)
                if row.text("material") == material
            ]
            gone = [row for row in pages if row.record == instead]
            gone = gone or [row for row in pages if self._is_rotten(row)]
            for row in gone[:1]:
                _remove(work, row.record)
            number = gone[0].values["page"] if gone else _last(pages) + 1
            scan = work.create(
                "scan",
                {
                    "applicant": applicant,
                    "material": material,
                    "page": number,
                    "digest": digest,
                    "size": len(sealed),
                },
            )
            note_amended(work, applicant)
            secret = bytes(key.secret()).decode()
            work.create("scan_key", {"scan": scan, "identity": secret, "sealed": False})
        return scan

    def turn(self, scan: str, quarters: int) -> str:
        """Turn a page by quarters clockwise for good; give the record of the page in its place.

        The child turns it: the page is handed over with a note of how it is to be held.

        Raises:
            RuleError: its key was erased.
            UntrustedError: the page is not the one that was noted.
            WorkplaceError: the page is not here, or the disk refuses.
        """
        jpeg = self.read(scan)
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            row = work.row("scan", scan)
        applicant, material = row.text("applicant"), row.text("material")
        return self.attach(applicant, material, held_as(jpeg, quarters), instead=scan)

    def move(self, scan: str, by: int) -> None:
        """Change places with the page before (-1) or after (1) within the same paper.

        Raises:
            RuleError: there is none.
            StaleError: the page was taken away meanwhile.
        """
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            here = work.row("scan", scan)
            pages = sorted(
                (
                    row
                    for row in work.rows("scan", applicant=here.text("applicant"))
                    if row.text("material") == here.text("material")
                ),
                key=lambda row: (_page(row), row.record),
            )
            place = [row.record for row in pages].index(scan)
            if not 0 <= place + by < len(pages):
                raise RuleError("scan.no_order")
            pages[place], pages[place + by] = pages[place + by], pages[place]
            for number, row in enumerate(pages, 1):
                if _page(row) != number:
                    work.edit("scan", row.record, {"page": number})

    def _is_rotten(self, page: Row) -> bool:
        return self._workplace.scans.is_rotten(page.text("digest"))

    def read(self, scan: str) -> bytes:
        """Open a scan: its JPEG bytes, held in memory alone.

        Raises:
            RuleError: its key was erased.
            UntrustedError: the ciphertext is not the one that was noted.
            WorkplaceError: the file has not arrived yet.
        """
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            digest = work.row("scan", scan).text("digest")
            keys = work.rows("scan_key", scan=scan)
        if not keys or not keys[0].text("identity"):
            raise RuleError("scan.erased")
        sealed = self._workplace.scans.read(digest)
        key = SealKey.from_secret(keys[0].text("identity").encode())
        jpeg = open_bytes(sealed, [key], limit=_LARGEST_SCAN)
        if not jpeg.startswith(b"\xff\xd8"):
            raise UntrustedError("scan.altered")
        return jpeg


_ORIENTATIONS = {1: 6, 2: 3, 3: 8}
"""EXIF orientation by quarters clockwise."""


def held_as(jpeg: bytes, quarters: int) -> bytes:
    """Note in a JPEG of ours how it is to be held; whoever decodes it turns it upright."""
    orientation = _ORIENTATIONS.get(quarters % 4)
    if orientation is None:
        return jpeg
    tag = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    exif = b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">H", 1) + tag + bytes(4)
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", 2 + len(exif)) + exif + jpeg[2:]


def _page(row: Row) -> int:
    number = row.values.get("page")
    return number if isinstance(number, int) else 0


def _last(pages: Iterable[Row]) -> int:
    return max(map(_page, pages), default=0)


def _remove(work: Work, scan: str) -> None:
    """Take a page away with its key: the one in its place goes along as any new page."""
    for key in work.rows("scan_key", scan=scan):
        work.remove("scan_key", key.record)
    work.remove("scan", scan)
