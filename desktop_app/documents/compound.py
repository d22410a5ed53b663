"""The outer shell of an old workbook (.xls, .et): a compound file, and its one stream of records.

Pure check over bytes, before the parser touches them. Every chain is followed under a cap and never
twice through one sector, so that no file makes the reader walk in circles.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from desktop_app.documents.container import damaged
from desktop_app.domain.errors import UntrustedError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512
_SHIFTS = {9, 12}
_MINI_BELOW = 4096
_MINI_SHIFT = 6
_NO_MORE = 0xFFFFFFFA
"""Sector numbers from here on mean an end, a free sector, or one of the tables."""
_ENTRY = 128
_IN_HEADER = 109
_STREAM, _ROOT = 2, 5
_MACROS = frozenset({"_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA"})
_ENCRYPTED = "EncryptedPackage"
_BOOKS = ("workbook", "book")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the directory."""

    name: str
    kind: int
    start: int
    size: int


class Compound:
    """A compound file whose tables have been read."""

    def __init__(self, data: bytes) -> None:
        """Read header, allocation table and directory.

        Raises:
            UntrustedError: they contradict themselves.
        """
        if len(data) < _HEADER or not data.startswith(MAGIC):
            raise damaged("compound_header")
        self._data = data
        order, shift, mini = struct.unpack_from("<HHH", data, 28)
        if order != 0xFFFE or shift not in _SHIFTS or mini != _MINI_SHIFT:
            raise damaged("compound_header")
        self._shift = shift
        self._sectors = max(0, (len(data) - 1 >> shift))
        self._table = self._allocation()
        self.entries = self._directory()

    def workbook(self) -> bytes:
        """Give the stream of records.

        Raises:
            UntrustedError: there is none, it is encrypted, or the file carries macros.
        """
        names = {entry.name for entry in self.entries}
        if _ENCRYPTED in names:
            raise UntrustedError("workbook.encrypted")
        if names & _MACROS:
            raise UntrustedError("workbook.has_macros")
        found = {entry.name.casefold(): entry for entry in self.entries if entry.kind == _STREAM}
        for name in _BOOKS:
            if name in found:
                return self._stream(found[name])
        raise UntrustedError("workbook.wrong_type")

    def _sector(self, number: int) -> bytes:
        start = number + 1 << self._shift
        return self._data[start : start + (1 << self._shift)]

    def _chain(self, start: int, table: tuple[int, ...]) -> Iterator[int]:
        seen = 0
        while start < _NO_MORE:
            if start >= len(table) or seen > len(table):
                raise damaged("compound_chain")
            yield start
            seen += 1
            start = table[start]

    def _allocation(self) -> tuple[int, ...]:
        """Join the sectors that hold the allocation table."""
        count, first = struct.unpack_from("<I20xI", self._data, 44)
        if count > self._sectors:
            raise damaged("compound_table")
        places = list(struct.unpack_from(f"<{_IN_HEADER}I", self._data, 76))
        each = (1 << self._shift) // 4
        seen = 0
        while first < _NO_MORE and len(places) < count:
            more = self._numbers(first, each)
            places += more[:-1]
            first, seen = more[-1], seen + 1
            if seen > self._sectors:
                raise damaged("compound_table")
        if len(places) < count:
            raise damaged("compound_table")
        table: list[int] = []
        for number in places[:count]:
            table += self._numbers(number, each)
        return tuple(table[: self._sectors])

    def _numbers(self, sector: int, each: int) -> tuple[int, ...]:
        data = self._sector(sector) if sector < self._sectors else b""
        if len(data) != each * 4:
            raise damaged("compound_table")
        return struct.unpack(f"<{each}I", data)

    def _joined(self, start: int) -> bytes:
        return b"".join(self._sector(one) for one in self._chain(start, self._table))

    def _directory(self) -> tuple[_Entry, ...]:
        (start,) = struct.unpack_from("<I", self._data, 48)
        data = self._joined(start)
        entries = []
        for at in range(0, len(data) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", data, at + 64)
            if kind and 2 <= length <= 64:
                name = data[at : at + length - 2].decode("utf-16-le", "replace")
                first, size = struct.unpack_from("<II", data, at + 116)
                entries.append(_Entry(name, kind, first, size))
        if not entries or entries[0].kind != _ROOT:
            raise damaged("compound_directory")
        return tuple(entries)

    def _stream(self, entry: _Entry) -> bytes:
        data = self._joined(entry.start) if entry.size >= _MINI_BELOW else self._small(entry.start)
        if len(data) < entry.size:
            raise damaged("compound_stream")
        return data[: entry.size]

    def _small(self, start: int) -> bytes:
        """Join a stream too small for sectors of its own."""
        (first,) = struct.unpack_from("<I", self._data, 60)
        raw = self._joined(first)
        table = struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])
        room, size = self._joined(self.entries[0].start), 1 << _MINI_SHIFT
        return b"".join(room[one * size : (one + 1) * size] for one in self._chain(start, table))
