"""Made-up pages for the demo: what a scanner gives of a form, written with the standard library.

They hold no writing, only ruled lines, a frame and some blots, so no scan shows anybody.
"""

from __future__ import annotations

import random
import struct
import zlib

WIDTH, HEIGHT = 1240, 1754  # pixels: A4 at 150 dpi
_PAPER, _INK, _GREY = 0xF7, 0x30, 0xB8
_MARGIN = 90
_STEP = 58


def page_png(seed: int) -> bytes:
    """Draw one page as a greyscale PNG; the same seed gives the same bytes."""
    chance = random.Random(seed)  # noqa: S311 -- blots, not keys
    rows = [bytearray([_PAPER]) * WIDTH for _ in range(HEIGHT)]
    for top in range(_MARGIN, HEIGHT - _MARGIN, _STEP):
        rows[top][_MARGIN : WIDTH - _MARGIN] = bytes([_GREY]) * (WIDTH - 2 * _MARGIN)
        _blots(chance, rows, top)
    for row in rows[_MARGIN : HEIGHT - _MARGIN]:
        row[_MARGIN] = row[WIDTH - _MARGIN] = _INK
    return _png(rows)


def _blots(chance: random.Random, rows: list[bytearray], top: int) -> None:
    """Fill a line with dark strokes where writing would stand."""
    at = _MARGIN + 30
    while at < WIDTH - _MARGIN - 60:
        width, height = chance.randint(6, 34), chance.randint(8, 30)
        if chance.random() < 0.7:
            for row in rows[top + 14 : top + 14 + height : 3]:
                row[at : at + width] = bytes([_INK]) * width
        at += width + chance.randint(8, 40)


def _png(rows: list[bytearray]) -> bytes:
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 6)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
