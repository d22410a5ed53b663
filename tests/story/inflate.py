"""Open compressed streams from where their magic stands, fed piece by piece.

Only what is compressed needs opening: tar members, stored zip members and database pages stand in
their files as they are. A stream that breaks off gives what it gave until then.
"""

from __future__ import annotations

import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import zstandard

MAGIC = re.compile(
    rb"PK\x03\x04|\x1f\x8b\x08|\x28\xb5\x2f\xfd|stream\r?\n|BZh[1-9]1AY&SY|\xfd7zXZ\x00"
)
MAGIC_LENGTH = 10
PIECE = 4096
"""Bytes given to a decoder at once, so that a bomb's output stays small at any moment."""
MAX_OUTPUT = 1 << 20
_ZIP_HEADER = 30


class Decoder(Protocol):
    """Something that turns a compressed stream into pieces of what is in it."""

    name: str
    is_over: bool

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take the next bytes and give what comes out of them."""
        ...


class _Library(Protocol):
    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, /) -> bytes: ...


_ERRORS = (zlib.error, lzma.LZMAError, zstandard.ZstdError, OSError, EOFError)


class _Simple:
    """A format whose library finds its own end."""

    def __init__(self, name: str, library: _Library, skip: int = 0) -> None:
        self.name = name
        self.is_over = False
        self._library = library
        self._skip = skip

    def feed(self, data: bytes) -> Iterator[bytes]:
        at, self._skip = self._skip, max(0, self._skip - len(data))
        while at < len(data) and not self.is_over:
            try:
                out = self._library.decompress(data[at : at + PIECE])
            except _ERRORS:
                self.is_over = True
                return
            at += PIECE
            self.is_over = self._library.eof
            if out:
                yield out


class _Zlib:
    """Deflate in its wrappings, with a bound on what comes out at once."""

    def __init__(self, name: str, bits: int, skip: int = 0) -> None:
        self.name = name
        self.is_over = False
        self._library = zlib.decompressobj(bits)
        self._skip = skip

    def feed(self, data: bytes) -> Iterator[bytes]:
        rest = data[self._skip :]
        self._skip = max(0, self._skip - len(data))
        while rest and not self.is_over:
            try:
                out = self._library.decompress(rest, MAX_OUTPUT)
            except zlib.error:
                self.is_over = True
                return
            rest = self._library.unconsumed_tail
            self.is_over = self._library.eof
            if out:
                yield out


class _ZipMember:
    """One deflated member from its local header on: no directory at the file's end is needed."""

    name = "zip"

    def __init__(self) -> None:
        self.is_over = False
        self._header = b""
        self._inner: _Zlib | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inner is None:
            self._header += data
            if len(self._header) < _ZIP_HEADER:
                return
            data, self._header = self._header, b""
            flags, method = data[6] | data[7] << 8, data[8] | data[9] << 8
            if method != 8 or flags & 1:
                self.is_over = True
                return
            names = (data[26] | data[27] << 8) + (data[28] | data[29] << 8)
            self._inner = _Zlib("zip", -15, _ZIP_HEADER + names)
        yield from self._inner.feed(data)
        self.is_over = self._inner.is_over


def decoder_for(magic: bytes) -> Decoder:
    """Give the decoder for a magic that ``MAGIC`` has found."""
    makers: dict[bytes, Callable[[], Decoder]] = {
        b"PK": _ZipMember,
        b"\x1f\x8b": lambda: _Zlib("gzip", 31),
        b"st": lambda: _Zlib("pdf", 15, len(magic)),
        b"\x28\xb5": lambda: _Simple("zstd", zstandard.ZstdDecompressor().decompressobj()),
        b"BZ": lambda: _Simple("bzip2", bz2.BZ2Decompressor()),
        b"\xfd7": lambda: _Simple("xz", lzma.LZMADecompressor(memlimit=256 << 20)),
    }
    return makers[magic[:2]]()
