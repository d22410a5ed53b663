"""The inside of a bundle comes out as it went in, or not at all, in flat memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import UntrustedError
from desktop_app.sync import tape
from desktop_app.sync.payload import (
    PIECE,
    PayloadReader,
    Pulled,
    compressed_pieces,
    plain_pieces,
    plain_size,
)

LINES = st.lists(st.binary(max_size=3000).map(lambda b: b.replace(b"\n", b"")), max_size=40)


def packed(heads: bytes, lines: list[bytes]) -> tuple[bytes, int]:
    """Give the compressed payload and the size of what is in it."""
    size = sum(len(line) + 1 for line in lines)
    plain = plain_size(len(heads), size)
    pieces = plain_pieces(heads, size, (line + b"\n" for line in lines))
    return b"".join(compressed_pieces(pieces, plain)), plain


class Taken:
    """What a reader handed on."""

    def __init__(self, plain: int) -> None:
        self.heads: list[bytes] = []
        self.lines: list[bytes] = []
        self.reader = PayloadReader(plain, self.heads.append, self._lines)

    def _lines(self, block: bytes) -> None:
        *lines, rest = block.split(b"\n")
        assert rest == b""
        self.lines += lines

    def take(self, data: bytes, step: int = 10_000) -> str:
        """Write everything and finish."""
        for start in range(0, len(data), step):
            self.reader.write(data[start : start + step])
        self.reader.flush()
        return self.reader.finish()


@given(st.binary(max_size=2000), LINES, st.integers(1, 5000))
def test_what_went_in_comes_out(heads: bytes, lines: list[bytes], step: int) -> None:
    data, plain = packed(heads, lines)
    taken = Taken(plain)
    digest = taken.take(data, step)
    assert taken.heads == [heads]
    assert taken.lines == lines
    assert Taken(plain).take(data) == digest


def test_long_streams_are_cut_into_pieces() -> None:
    lines = [bytes([65 + n % 26]) * 700 for n in range(1000)]
    data, plain = packed(b"h", lines)
    taken = Taken(plain)
    taken.take(data)
    assert taken.lines == lines


@pytest.mark.parametrize("missing", [1, 2, 5, 50])
def test_a_truncated_frame_is_refused(missing: int) -> None:
    data, plain = packed(b"heads", [bytes([n]) * 20 for n in range(11, 60)])
    with pytest.raises(UntrustedError, match=r"bundle\.altered"):
        Taken(plain).take(data[:-missing])


@pytest.mark.parametrize(
    "more", [b"x", zstandard.ZstdCompressor().compress(b"more"), b"\x50\x2a\x4d\x18\0\0\0\0"]
)
@pytest.mark.parametrize("step", [1, 100_000])
def test_nothing_may_follow_the_frame(more: bytes, step: int) -> None:
    data, plain = packed(b"heads", [b"line"])
    with pytest.raises(UntrustedError, match=r"bundle\.altered"):
        Taken(plain).take(data + more, step)


def squeezed(plain: bytes) -> bytes:
    """Compress any inner tar, also a wrong one."""
    return zstandard.ZstdCompressor().compress(plain)


def member(name: str, data: bytes) -> bytes:
    """Give a member of a tar."""
    return tape.header(name, len(data)) + data + bytes(tape.padding(len(data)))


HEADS, OPS = member("heads.jsonl", b"h\n"), member("ops.jsonl", b"o\n")


@pytest.mark.parametrize(
    ("plain", "code"),
    [
        (HEADS + OPS, "bundle.truncated"),
        (HEADS + OPS + bytes(512), "bundle.truncated"),
        (HEADS + OPS + bytes(1536), "bundle.altered"),
        (HEADS + OPS + member("more", b"x") + tape.END, "bundle.extra_member"),
        (OPS + HEADS + tape.END, "bundle.extra_member"),
        (HEADS + HEADS + OPS + tape.END, "bundle.extra_member"),
        (member("heads.jsonl", b"h\n") + member("../ops", b"o\n") + tape.END, "bundle.bad_path"),
        (HEADS + member("ops.jsonl", b"no line feed") + tape.END, "bundle.altered"),
        (HEADS + member("ops.jsonl", b"x" * (300 * 1024)) + tape.END, "operation.too_large"),
        (HEADS[:-1] + b"x" + OPS + tape.END, "bundle.altered"),
        (HEADS + OPS[:-1] + b"x" + tape.END, "bundle.altered"),
        (b"", "bundle.truncated"),
    ],
)
def test_another_inner_tar_is_refused(plain: bytes, code: str) -> None:
    with pytest.raises(UntrustedError) as refusal:
        Taken(len(plain)).take(squeezed(plain))
    assert refusal.value.code == code


def test_the_promised_size_binds_both_ways() -> None:
    whole = HEADS + OPS + tape.END
    with pytest.raises(UntrustedError, match=r"bundle\.truncated"):
        Taken(len(whole) + 1).take(squeezed(whole))
    with pytest.raises(UntrustedError, match=r"bundle\.altered"):
        Taken(len(whole) - 1).take(squeezed(whole))


def test_garbage_is_refused() -> None:
    with pytest.raises(UntrustedError, match=r"bundle\.altered"):
        Taken(10).take(b"no zstd frame at all")


def test_a_window_that_asks_for_gigabytes_is_refused() -> None:
    settings = zstandard.ZstdCompressionParameters(window_log=27)
    packer = zstandard.ZstdCompressor(compression_params=settings).compressobj()
    data = packer.compress(bytes(1000)) + packer.flush()
    with pytest.raises(UntrustedError, match=r"bundle\.altered"):
        Taken(1000).take(data)


def test_a_bomb_is_stopped_before_it_unfolds() -> None:
    bomb = zstandard.ZstdCompressor(level=3).compress(bytes(512 * 1024**2))
    tracemalloc.start()
    try:
        with pytest.raises(UntrustedError):
            Taken(10_000).take(bomb)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 32 * 1024**2


def test_a_frame_of_nothing_but_repetitions_unfolds_piece_by_piece() -> None:
    # The most that can be written: a block of four bytes stands for 128 KiB (RFC 8878, 3.1.1.2).
    size = 128 * 1024
    repeated = (size << 3 | 1 << 1).to_bytes(3, "little") + b"x"
    bomb = b"\x28\xb5\x2f\xfd\0" + bytes([(23 - 10) << 3]) + repeated * 16_000
    tracemalloc.start()
    try:
        with pytest.raises(UntrustedError, match=r"bundle\.altered") as refusal:
            Taken(10_000).take(bomb, len(bomb))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refusal.value.details["part"] == "size"
    assert peak < 80 * 1024**2


def test_memory_stays_flat() -> None:
    def lines() -> Iterator[bytes]:
        for n in range(60_000):
            yield b"%08d" % n + bytes([97 + n % 26]) * 500 + b"\n"

    size = 60_000 * 509
    plain = plain_size(1, size)
    counted = 0

    def count(block: bytes) -> None:
        nonlocal counted
        counted += block.count(b"\n")

    tracemalloc.start()
    try:
        reader = PayloadReader(plain, len, count)  # type: ignore[arg-type]
        pulled = Pulled(compressed_pieces(plain_pieces(b"h", size, lines()), plain))
        while data := pulled.read(PIECE):
            reader.write(data)
        reader.finish()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert counted == 60_000
    assert peak < 8 * 1024**2


def test_a_wrong_count_is_a_bug_that_shows() -> None:
    with pytest.raises(ValueError, match="counted"):
        list(plain_pieces(b"", 7, [b"line\n"]))


def test_pulling_gives_every_byte_once() -> None:
    pulled = Pulled([b"ab", b"", b"cdef"])
    assert [pulled.read(1), pulled.read(5), pulled.read(3)] == [b"a", b"b", b"cde"]
    assert pulled.read() == b"f"
    assert (pulled.read(4), pulled.read(), pulled.count) == (b"", b"", 6)
