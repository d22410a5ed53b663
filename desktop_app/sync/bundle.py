"""A bundle's outer form: a plain tar of signed manifest, checksums, sealed payload and scans.

This module writes and reads the form and nothing else: whether what was read can be believed is
decided in ``trust``. Members stand in one fixed order, every byte of the file is accounted for, and
the stock tools of any Debian open it (docs/format-bundle.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from desktop_app.domain.errors import UntrustedError
from desktop_app.durable.files import disk_errors
from desktop_app.sync import tape
from desktop_app.sync.manifest import LARGEST, Manifest, Piece, read_manifest, write_manifest

MANIFEST, SIGNATURE, SUMS = "manifest.json", "manifest.json.sig", "SHA256SUMS"
DOCUMENT, DOCUMENT_SIGNATURE, PAYLOAD = "district.json", "district.json.sig", "payload.age"
NAMESPACE = "enrollment-bundle"
SUFFIX = ".enb"

LARGEST_SIGNATURE = 16 * 1024
LARGEST_DOCUMENT = 4 * 1024**2
PIECE = 1024 * 1024


class Readable(Protocol):
    """Anything that gives bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """Give up to ``size`` bytes; nothing at the end."""
        ...


class Writable(Protocol):
    """Anything that takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Section:
    """Where a member's content lies in the file."""

    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Outer:
    """The outer form as read: nothing of it has been verified yet."""

    manifest: Manifest
    manifest_bytes: bytes
    signature: bytes
    document: tuple[bytes, bytes] | None
    payload: Section
    scans: Mapping[str, Section]


def scan_name(digest: str) -> str:
    """Name the member of a scan."""
    return f"scans/{digest}.age"


def checksums(manifest: Manifest, manifest_bytes: bytes) -> bytes:
    """Give ``SHA256SUMS``: everything in it follows from the manifest, so it can be compared."""
    named = [(MANIFEST, hashlib.sha256(manifest_bytes).hexdigest())]
    if manifest.district is not None:
        named.append((DOCUMENT, manifest.district.document.digest))
        named.append((DOCUMENT_SIGNATURE, manifest.district.signature.digest))
    named.append((PAYLOAD, manifest.payload.digest))
    named += [(scan_name(scan.digest), scan.digest) for scan in manifest.scans]
    return "".join(f"{digest}  {name}\n" for name, digest in named).encode()


def piece_of(data: bytes) -> Piece:
    """Describe bytes by digest and size."""
    return Piece(hashlib.sha256(data).hexdigest(), len(data))


def whole_size(manifest: Manifest, signature: int) -> int:
    """Give the size of the whole file, for the question whether it fits on a stick."""
    manifest_bytes = write_manifest(manifest)
    sizes = [
        len(manifest_bytes),
        signature,
        len(checksums(manifest, manifest_bytes)),
        manifest.payload.size,
        *(scan.size for scan in manifest.scans),
    ]
    if manifest.district is not None:
        sizes += [manifest.district.document.size, manifest.district.signature.size]
    return sum(map(tape.occupied, sizes)) + len(tape.END)


def write_bundle(
    target: Writable,
    manifest: Manifest,
    sign: Callable[[bytes], bytes],
    payload: Readable,
    document: tuple[bytes, bytes] | None,
    open_scan: Callable[[str], BinaryIO],
) -> None:
    """Write a bundle in one pass, signing its manifest.

    Raises:
        ValueError: a content is not as long as the manifest says (a bug, or a changed file).
    """
    manifest_bytes = write_manifest(manifest)
    small = [
        (MANIFEST, manifest_bytes),
        (SIGNATURE, sign(manifest_bytes)),
        (SUMS, checksums(manifest, manifest_bytes)),
    ]
    if document is not None:
        small += [(DOCUMENT, document[0]), (DOCUMENT_SIGNATURE, document[1])]
    for name, data in small:
        target.write(tape.header(name, len(data)) + data + bytes(tape.padding(len(data))))
    _copy(target, PAYLOAD, manifest.payload.size, payload)
    for scan in manifest.scans:
        with open_scan(scan.digest) as source:
            _copy(target, scan_name(scan.digest), scan.size, source)
    target.write(tape.END)


def _copy(target: Writable, name: str, size: int, source: Readable) -> None:
    target.write(tape.header(name, size))
    left = size
    while left:
        data = source.read(min(left, PIECE))
        if not data:
            message = "a member is shorter than the manifest says"
            raise ValueError(message)
        left -= len(data)
        target.write(data)
    target.write(bytes(tape.padding(size)))


def read_outer(file: BinaryIO) -> Outer:
    """Read the outer form, accounting for every byte of the file.

    Raises:
        UntrustedError: it is no bundle, truncated, or anything stands where it should not.
        WorkplaceError: the disk failed.
    """
    reader = _Outline(file)
    manifest_bytes = reader.first(MANIFEST, LARGEST)
    manifest = read_manifest(manifest_bytes)
    signature = reader.small(SIGNATURE, LARGEST_SIGNATURE)
    if reader.small(SUMS, LARGEST) != checksums(manifest, manifest_bytes):
        raise UntrustedError("bundle.altered", part=SUMS)
    document = None
    if manifest.district is not None:
        document = (
            reader.described(DOCUMENT, LARGEST_DOCUMENT, manifest.district.document),
            reader.described(DOCUMENT_SIGNATURE, LARGEST_SIGNATURE, manifest.district.signature),
        )
    payload = reader.passed(PAYLOAD, manifest.payload.size)
    scans = {
        scan.digest: reader.passed(scan_name(scan.digest), scan.size) for scan in manifest.scans
    }
    reader.end()
    return Outer(manifest, manifest_bytes, signature, document, payload, scans)


class _Outline:
    """Walks the members of the outer tar in the order they must have."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        with disk_errors():
            self._size = file.seek(0, 2)
            file.seek(0)
        self._at = 0

    def _read(self, size: int) -> bytes:
        with disk_errors():
            data = self._file.read(size)
        if len(data) < size:
            raise UntrustedError("bundle.truncated")
        self._at += size
        return data

    def first(self, name: str, limit: int) -> bytes:
        """Read the first member; what does not begin like it is no bundle at all."""
        with disk_errors():
            begins = self._file.read(len(name))
            self._file.seek(0)
        if not name.encode().startswith(begins):
            raise UntrustedError("bundle.not_a_bundle")
        return self.small(name, limit)

    def small(self, name: str, limit: int) -> bytes:
        """Read a member whole."""
        size = tape.expect(self._read(tape.BLOCK), name, limit)
        data = self._read(size)
        tape.expect_zeros(self._read(tape.padding(size)))
        return data

    def described(self, name: str, limit: int, piece: Piece) -> bytes:
        """Read a member whole whose digest and size the manifest names."""
        data = self.small(name, limit)
        if piece_of(data) != piece:
            raise UntrustedError("bundle.altered", part=name)
        return data

    def passed(self, name: str, size: int) -> Section:
        """Pass over a large member, noting where it lies."""
        if tape.expect(self._read(tape.BLOCK), name, tape.LARGEST_SIZE) != size:
            raise UntrustedError("bundle.altered", part="size")
        section = Section(self._at, size)
        self._at += size
        if self._at > self._size:
            raise UntrustedError("bundle.truncated")
        with disk_errors():
            self._file.seek(self._at)
        tape.expect_zeros(self._read(tape.padding(size)))
        return section

    def end(self) -> None:
        """Read the end of the tar, behind which nothing may stand."""
        if self._read(len(tape.END)) != tape.END:
            raise UntrustedError("bundle.extra_member")
        if self._at != self._size:
            raise UntrustedError("bundle.altered", part="slack")


class Extract:
    """One member's content as something to read from."""

    def __init__(self, file: BinaryIO, section: Section) -> None:
        """Read a section of a file, from its beginning."""
        self._file = file
        self._at = section.offset
        self._left = section.size

    def read(self, size: int = -1) -> bytes:
        """Give up to ``size`` bytes, or all that are left."""
        wanted = self._left if size < 0 else min(size, self._left)
        self._file.seek(self._at)
        data = self._file.read(wanted)
        self._at += len(data)
        self._left -= len(data)
        return data


def pieces_of(file: BinaryIO, section: Section) -> Iterator[bytes]:
    """Give a member's content in pieces.

    Raises:
        WorkplaceError: the disk failed.
    """
    extract = Extract(file, section)
    while True:
        with disk_errors():
            data = extract.read(PIECE)
        if not data:
            return
        yield data


def sections(outer: Outer) -> Sequence[tuple[str, Section, str]]:
    """Name the large members with their places and the digests they must have."""
    listed = [(PAYLOAD, outer.payload, outer.manifest.payload.digest)]
    return listed + [(scan_name(digest), place, digest) for digest, place in outer.scans.items()]
