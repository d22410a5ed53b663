"""Scans 扫描件: a page is shrunk, sealed once to a key of its own, and stored before it counts.

The operation holds digest and size of the ciphertext; the page's key has an operation of its own,
so that erasing that one forgets the scan everywhere (design §6).
"""

from __future__ import annotations

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

    def attach(self, applicant: str, material: str, source: Path | bytes) -> str:
        """Shrink an image, seal it, store it durably, and note it; give the scan's record id.

        Raises:
            UntrustedError: not an image that can be taken.
            WorkplaceError: the disk refuses.
        """
        return self.attach_prepared(applicant, material, prepare_scan(source))

    def attach_prepared(self, applicant: str, material: str, page: PreparedScan) -> str:
        """Seal and store a page that was already prepared, and note it.

        A page that the disk has spoilt is replaced; otherwise it is one more.
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
            rotten = [row for row in pages if self._is_rotten(row)]
            for row in rotten[:1]:
                _remove(work, row.record)
            number = rotten[0].values["page"] if rotten else len(pages) + 1
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


def _remove(work: Work, scan: str) -> None:
    """Take away a page that was spoilt, with its key: the new one goes along as any new page."""
    for key in work.rows("scan_key", scan=scan):
        work.remove("scan_key", key.record)
    work.remove("scan", scan)
