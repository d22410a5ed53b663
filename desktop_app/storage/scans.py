"""Sealed pages at rest: ciphertext files named by their own digest, which tells nothing.

The same bytes lie here and in bundles; nothing in this folder can be read without a key that is
in the database.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from desktop_app.domain.errors import UntrustedError, WorkplaceError
from desktop_app.durable.files import (
    make_private_folder,
    read_limited,
    remove_durably,
    write_atomically,
)

LARGEST = 4 * 1024 * 1024
_NAME = re.compile(r"[0-9a-f]{64}")
_SUFFIX = ".age"


class ScanStore:
    """A folder of sealed pages."""

    def __init__(self, folder: Path) -> None:
        """Use this folder; it is made with the first page."""
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Give the place of a page.

        Raises:
            UntrustedError: that is no digest.
        """
        if _NAME.fullmatch(digest) is None:
            raise UntrustedError("scan.name")
        return self.folder / f"{digest}{_SUFFIX}"

    def store(self, sealed: bytes) -> str:
        """Store a sealed page durably and give its digest; one that lies there whole stays."""
        digest = hashlib.sha256(sealed).hexdigest()
        place = self.path(digest)
        if not place.exists() or self.is_rotten(digest):
            make_private_folder(self.folder)
            write_atomically(place, sealed)
        return digest

    def read(self, digest: str) -> bytes:
        """Read a sealed page, checked against its digest.

        Raises:
            UntrustedError: the bytes are not those that were sealed.
            WorkplaceError: it is not here.
        """
        place = self.path(digest)
        if not place.exists():
            raise WorkplaceError("scan.missing")
        sealed = read_limited(place, LARGEST)
        if hashlib.sha256(sealed).hexdigest() != digest:
            raise UntrustedError("scan.altered")
        return sealed

    def holds(self, digest: str) -> bool:
        """Say whether a page is here."""
        return self.path(digest).exists()

    def forget(self, digest: str) -> bool:
        """Take a page away for good, and say whether it was here.

        Raises:
            WorkplaceError: the disk refused.
        """
        here = self.holds(digest)
        if here:
            remove_durably(self.path(digest))
        return here

    def is_rotten(self, digest: str) -> bool:
        """Say whether a page lies here that is no longer what was sealed."""
        try:
            self.read(digest)
        except WorkplaceError:
            return False
        except UntrustedError:
            return True
        return False

    def missing(self, digests: Iterable[str]) -> list[str]:
        """Give those of the pages that are not here."""
        return [digest for digest in digests if not self.holds(digest)]

    def digests(self) -> Iterator[str]:
        """Give the digests of all pages here, in order."""
        if self.folder.is_dir():
            for place in sorted(self.folder.iterdir()):
                if place.suffix == _SUFFIX and _NAME.fullmatch(place.stem):
                    yield place.stem
