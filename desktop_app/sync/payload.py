"""The inside of a bundle: zstd( tar[ heads.jsonl, ops.jsonl ] ), streamed both ways.

Memory stays flat whatever the number of operations: lines come from the database piece by piece
and go out piece by piece. The reader is written to by the decryption and hands on whole lines; what
it hands on is worth nothing until ``finish`` has returned, since only then is the end proved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator

import zstandard

from desktop_app.domain.errors import UntrustedError
from desktop_app.feeds.operation import LARGEST_LINE
from desktop_app.sync import tape

HEADS, OPERATIONS = "heads.jsonl", "ops.jsonl"
LARGEST_HEADS = 16 * 1024**2
LEVEL = 3
LARGEST_WINDOW = 8 * 1024**2
PIECE = 64 * 1024

_SLICE = 1024
"""Compressed bytes given at once: at worst they unfold to 32 MiB, which memory can bear."""


def plain_size(heads: int, operations: int) -> int:
    """Give the size of the inner tar from the sizes of its two members."""
    return tape.occupied(heads) + tape.occupied(operations) + len(tape.END)


def plain_pieces(heads: bytes, size: int, lines: Iterable[bytes]) -> Iterator[bytes]:
    """Give the inner tar in pieces.

    Args:
        heads: the content of ``heads.jsonl``.
        size: what ``lines`` will sum up to, line feeds included: a tar names sizes first.
        lines: every line of ``ops.jsonl`` with its line feed.

    Raises:
        ValueError: the lines did not sum up to ``size`` (a bug of the caller).
    """
    yield tape.header(HEADS, len(heads)) + heads + bytes(tape.padding(len(heads)))
    yield tape.header(OPERATIONS, size)
    waiting, left = bytearray(), size
    for line in lines:
        waiting += line
        left -= len(line)
        if len(waiting) >= PIECE:
            yield bytes(waiting)
            waiting.clear()
    if left:
        message = "the operations are not as long as was counted"
        raise ValueError(message)
    yield bytes(waiting) + bytes(tape.padding(size)) + tape.END


def compressed_pieces(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Compress pieces into one zstd frame that names its content's size."""
    packer = zstandard.ZstdCompressor(level=LEVEL).compressobj(size=size)
    for piece in pieces:
        out = packer.compress(piece)
        if out:
            yield out
    yield packer.flush()


class Pulled:
    """Something to read from, made of pieces; it counts what was read and may be told so."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        """Read from pieces."""
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        """Give up to ``size`` bytes, or all there are; nothing at the end."""
        if size < 0:
            whole = bytes(self._rest) + b"".join(self._pieces)
            self._rest = memoryview(b"")
            self.count += len(whole)
            return whole
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = memoryview(piece)
        taken, self._rest = bytes(self._rest[:size]), self._rest[size:]
        self.count += len(taken)
        return taken


class PayloadReader:
    """Takes the decrypted payload as it comes and hands on heads, then every line.

    Nothing handed on may count before ``finish`` has returned.
    """

    def __init__(
        self,
        plain: int,
        on_heads: Callable[[bytes], None],
        on_lines: Callable[[bytes], None],
    ) -> None:
        """Read a payload.

        Args:
            plain: the size of the inner tar the signed manifest promises.
            on_heads: takes the content of ``heads.jsonl``, once, before any line.
            on_lines: takes the next lines of ``ops.jsonl``, whole, each with its line feed.
        """
        self._left = plain
        self._on_heads = on_heads
        self._on_lines = on_lines
        self._hash = hashlib.sha256()
        unpacker = zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW)
        self._unpack = unpacker.decompressobj()
        self._buffer = bytearray()
        self._script = self._parse()
        self._wanted: int | None = next(self._script)

    def write(self, data: bytes) -> int:
        """Take in the next compressed bytes.

        Raises:
            UntrustedError: they cannot be what was promised.
        """
        self._hash.update(data)
        view = memoryview(data)
        for start in range(0, len(view), _SLICE):
            if self._unpack.eof:
                raise UntrustedError("bundle.altered", part="frame")
            try:
                plain = self._unpack.decompress(view[start : start + _SLICE])
            except zstandard.ZstdError as error:
                raise UntrustedError("bundle.altered", part="zstd") from error
            if plain:
                self._take(plain)
        return len(data)

    def flush(self) -> None:
        """Do nothing: everything is handed on at once."""

    def finish(self) -> str:
        """Check that everything promised has come, and give the SHA-256 of the frame.

        Raises:
            UntrustedError: the frame or the tar ended early, or something follows it.
        """
        if not self._unpack.eof or self._unpack.unused_data:
            raise UntrustedError("bundle.altered", part="frame")
        if self._wanted is not None or self._left:
            raise UntrustedError("bundle.truncated")
        return self._hash.hexdigest()

    def _take(self, plain: bytes) -> None:
        self._left -= len(plain)
        if self._left < 0:
            raise UntrustedError("bundle.altered", part="size")
        self._buffer += plain
        while self._wanted is not None and len(self._buffer) >= self._wanted:
            with memoryview(self._buffer) as held:
                piece = bytes(held[: self._wanted])
            del self._buffer[: self._wanted]
            self._wanted = next_want(self._script, piece)
        if self._wanted is None and self._buffer:
            raise UntrustedError("bundle.altered", part="slack")

    def _parse(self) -> Generator[int, bytes, None]:
        """Read the inner tar: each ``yield`` asks for a number of bytes and is given them."""
        size = tape.expect((yield tape.BLOCK), HEADS, LARGEST_HEADS)
        heads = yield size
        tape.expect_zeros((yield tape.padding(size)))
        self._on_heads(heads)
        size = tape.expect((yield tape.BLOCK), OPERATIONS, tape.LARGEST_SIZE)
        rest, left = b"", size
        while left:
            piece = yield min(left, PIECE)
            left -= len(piece)
            end = piece.rfind(b"\n") + 1
            if end:
                self._on_lines(rest + piece[:end])
                rest = piece[end:]
            else:
                rest += piece
            if len(rest) > LARGEST_LINE:
                raise UntrustedError("operation.too_large", size=len(rest))
        if rest:
            raise UntrustedError("bundle.altered", part="lines")
        tape.expect_zeros((yield tape.padding(size)))
        if (yield len(tape.END)) != tape.END:
            raise UntrustedError("bundle.extra_member")


def next_want(script: Generator[int, bytes, None], piece: bytes) -> int | None:
    """Hand a piece to a parser and give what it wants next, None at its end."""
    try:
        return script.send(piece)
    except StopIteration:
        return None
