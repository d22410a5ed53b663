"""The outer shell of an .xlsx file: is it a plain zip of the expected kind, within its caps?

Pure check over bytes, before any parser of workbooks touches them. It does not look into the XML
parts (``guard`` does). Why: a 5 KB workbook can abort a parser, a zip bomb can fill the memory.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from desktop_app.domain.errors import UntrustedError

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Largest workbook file taken in; 100,000 families are about 12 MiB."""
MAX_MEMBERS = 2_000
MAX_INFLATED_BYTES = 384 * 1024 * 1024
MAX_RATIO = 250
"""Inflated ÷ stored size of a member above ``RATIO_FROM_BYTES``; honest sheets stay below 60."""
RATIO_FROM_BYTES = 1024 * 1024
CHUNK_BYTES = 64 * 1024

_ZIP_MAGIC = b"PK\x03\x04"
_END_RECORD = b"PK\x05\x06"
_END_RECORD_SIZE = 22
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_READ_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    UnicodeDecodeError,
    ValueError,
    struct.error,
)


def damaged(reason: str) -> UntrustedError:
    """Build the refusal of a file whose shell contradicts itself."""
    return UntrustedError("workbook.damaged", reason=reason)


def bomb(reason: str) -> UntrustedError:
    """Build the refusal of a file that is made to exhaust the reader."""
    return UntrustedError("workbook.bomb", reason=reason)


@dataclass(frozen=True, slots=True)
class Container:
    """A zip whose directory has been checked; members are inflated under their declared size."""

    archive: zipfile.ZipFile
    names: Mapping[str, str]
    """Member names by their case-folded form: the workbook parser ignores case too."""

    def chunks(self, name: str) -> Iterator[bytes]:
        """Inflate one member, named case-folded, piece by piece; its checksum is verified.

        Raises:
            UntrustedError: the member is missing or does not inflate to what is declared.
        """
        if name not in self.names:
            raise damaged("part_missing")
        try:
            with self.archive.open(self.names[name]) as part:
                while chunk := part.read(CHUNK_BYTES):
                    yield chunk
        except _READ_ERRORS as error:
            raise damaged("part_unreadable") from error

    def small(self, name: str, limit: int) -> bytes:
        """Inflate a small member whole.

        Raises:
            UntrustedError: it is larger than ``limit`` bytes, or damaged.
        """
        collected = bytearray()
        for chunk in self.chunks(name):
            collected += chunk
            if len(collected) > limit:
                raise bomb("part_too_large")
        return bytes(collected)


def open_container(data: bytes) -> Container:
    """Check the shell of a workbook file and open it.

    Raises:
        UntrustedError: wrong type, encrypted, damaged, or made to exhaust the reader.
    """
    _check_magic(data)
    _check_end_record(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _READ_ERRORS as error:
        raise damaged("directory") from error
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise bomb("members")
    for member in members:
        _check_member(member)
    _check_names([member.filename for member in members])
    _check_sizes(members)
    _check_extents(data, archive.start_dir, members)
    return Container(archive, {member.filename.casefold(): member.filename for member in members})


def _check_magic(data: bytes) -> None:
    if len(data) > MAX_FILE_BYTES:
        raise UntrustedError("workbook.too_large", megabytes=MAX_FILE_BYTES // 1024 // 1024)
    if not data.startswith(_ZIP_MAGIC):
        raise UntrustedError("workbook.wrong_type")


def _check_end_record(data: bytes) -> None:
    """Demand that the directory's end record is the file's end.

    Two readers that search for it differently would otherwise see two different workbooks.
    """
    if data[-_END_RECORD_SIZE:][:4] != _END_RECORD or not data.endswith(b"\0\0"):
        raise damaged("end_record")


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 0x1:
        raise UntrustedError("workbook.encrypted")
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise damaged("compression")
    name = member.filename
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or ":" in name or ".." in parts or "\0" in name:
        raise damaged("member_name")
    if member.orig_filename != name or (member.external_attr >> 16) & 0xF000 == 0xA000:
        raise damaged("member_name")


def _check_names(names: list[str]) -> None:
    folded = {name.casefold() for name in names}
    if len(folded) != len(names):
        raise damaged("member_twice")
    if any(name.endswith("vbaproject.bin") for name in folded):
        raise UntrustedError("workbook.has_macros")
    if "[content_types].xml" not in folded:
        raise UntrustedError("workbook.wrong_type")


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    if sum(member.file_size for member in members) > MAX_INFLATED_BYTES:
        raise bomb("inflated_size")
    for member in members:
        large = member.file_size > RATIO_FROM_BYTES
        if large and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise bomb("ratio")


def _check_extents(data: bytes, directory: int, members: list[zipfile.ZipInfo]) -> None:
    """Refuse members that share bytes (the overlap bomb) or reach into the directory."""
    end = 0
    for member in sorted(members, key=lambda info: info.header_offset):
        start = member.header_offset
        if start < end or start + _LOCAL_HEADER.size > directory:
            raise bomb("overlap")
        magic, name_size, extra_size = _LOCAL_HEADER.unpack_from(data, start)
        if magic != _ZIP_MAGIC:
            raise damaged("member_header")
        end = start + _LOCAL_HEADER.size + name_size + extra_size + member.compress_size
        if end > directory:
            raise bomb("overlap")
