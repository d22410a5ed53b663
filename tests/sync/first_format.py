"""Bundles of the first format as files, with what must be read out of them; made once, kept for good.

    python -m tests.sync.first_format tests/fixtures/first-format

They were made by the program that wrote format 1 first, of made-up people, and are never made anew:
every later program must read these very bytes. The readers' keys lie beside them on purpose.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec

from desktop_app.security import kdf
from desktop_app.security.district import SignedDistrict
from desktop_app.security.paper import fingerprint
from desktop_app.security.seal import SealKey
from tests.sync.kinds import Kind, make
from tests.sync.site import Site, shipped_policy

SAID, DOCUMENT, HELLO = "said.json", "district.json", "laptop.hello"


class Said(msgspec.Struct, frozen=True):
    """What a bundle of the first format says; ``reader`` is the age identity that opens it."""

    file: str
    reader: str
    at_district: bool
    carrier: str
    number: int
    purpose: str
    operations: int
    lines: str
    """SHA-256 of all operations as they stand in the bundle."""
    feeds: dict[str, tuple[int, int, str]]
    pages: list[str]


class Fixture(msgspec.Struct, frozen=True):
    """Everything said of the files beside it."""

    fingerprint: str
    signature: str
    hello_of: str
    bundles: list[Said]


@dataclass(frozen=True)
class FirstFormat:
    """The files, to be read by a test."""

    folder: Path

    def said(self) -> Fixture:
        return msgspec.json.decode((self.folder / SAID).read_bytes(), type=Fixture)

    def document(self) -> SignedDistrict:
        return SignedDistrict((self.folder / DOCUMENT).read_bytes(), self.said().signature)


def digest_of(lines: list[bytes]) -> str:
    """Give the SHA-256 of operations, each with its line feed."""
    return hashlib.sha256(b"".join(line + b"\n" for line in lines)).hexdigest()


def key_of(said: Said) -> SealKey:
    """Give the key of a bundle's reader."""
    return SealKey.from_secret(bytes.fromhex(said.reader))


def describe(kind: Kind) -> Said:
    """Say what a bundle says."""
    manifest = kind.open.manifest
    return Said(
        file=f"{kind.name}.enb",
        reader=kind.key.secret().hex(),
        at_district=kind.grounds.scope is None,
        carrier=manifest.carrier.feed,
        number=manifest.number,
        purpose=manifest.purpose,
        operations=manifest.payload.operations,
        lines=digest_of(kind.open.lines),
        feeds={head.feed: (head.after, head.to, head.hash) for head in kind.open.heads},
        pages=sorted(kind.pages),
    )


def main(folder: Path) -> None:
    """Make the files."""
    kdf.STANDARD = kdf.Cost(memory=8, passes=1, lanes=1)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        site = Site(place / "site", shipped_policy())
        for made in (site.folder, place / "stick"):
            made.mkdir()
        everything = make(site, place / "stick")
        site.close()
    document = everything.kinds[0].open.document
    district = everything.grounds.district
    assert document is not None
    assert district is not None
    for kind in everything.kinds:
        (folder / f"{kind.name}.enb").write_bytes(kind.data)
    (folder / HELLO).write_bytes(everything.hello)
    (folder / DOCUMENT).write_bytes(document[0])
    said = Fixture(
        fingerprint=fingerprint(district.root),
        signature=document[1].decode(),
        hello_of=everything.hello.split(b'"feed":"')[1][:20].decode(),
        bundles=[describe(kind) for kind in everything.kinds],
    )
    (folder / SAID).write_bytes(msgspec.json.format(msgspec.json.encode(said)) + b"\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
