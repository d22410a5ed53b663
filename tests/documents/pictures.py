"""Images, honest and hostile, built in code."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable

from PIL import Image

from tests.documents.workbooks import parts, zipped

SECRET = b"419999-canary"
_PNG = b"\x89PNG\r\n\x1a\n"


def picture(size: tuple[int, int] = (320, 200), mode: str = "RGB") -> Image.Image:
    """Make a picture whose left half is dark, so that turning shows."""
    image = Image.new("RGB", size, "white")
    image.paste((20, 40, 160), (0, 0, size[0] // 2, size[1]))
    if mode == "I;16":
        return image.convert("I").point(lambda value: value * 257).convert("I;16")
    return image.convert(mode, dither=Image.Dither.NONE)


def jpeg(image: Image.Image | None = None, **options: object) -> bytes:
    """Encode as JPEG."""
    out = io.BytesIO()
    (image or picture()).save(out, "JPEG", **options)
    return out.getvalue()


def png(image: Image.Image | None = None, **options: object) -> bytes:
    """Encode as PNG."""
    out = io.BytesIO()
    (image or picture()).save(out, "PNG", **options)
    return out.getvalue()


def photograph(size: tuple[int, int], seed: int = 1) -> Image.Image:
    """Make a picture full of detail, which compresses badly."""
    small = Image.frombytes("RGB", (200, 140), random.Random(seed).randbytes(200 * 140 * 3))
    return small.resize(size, Image.Resampling.BICUBIC)


def with_position(orientation: int = 6) -> bytes:
    """Make a JPEG with orientation, a position and a comment."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (33.0, 44.0, 55.0)
    return jpeg(exif=exif.tobytes(), comment=SECRET)


def chunk(kind: bytes, data: bytes) -> bytes:
    """Write one PNG chunk."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, *chunks: bytes) -> bytes:
    """Write a PNG of a declared size around raw chunks."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return _PNG + head + b"".join(chunks) + chunk(b"IEND", b"")


def _jpeg_declaring(width: int, height: int) -> bytes:
    data = bytearray(jpeg())
    at = data.find(b"\xff\xc0")
    struct.pack_into(">HH", data, at + 5, height, width)
    return bytes(data)


def _flipped_png() -> bytes:
    data = bytearray(png())
    data[20] ^= 1
    return bytes(data)


def scans_without_end() -> bytes:
    """Repeat the scans of a progressive JPEG; an endless one must not take for ever."""
    data = jpeg(picture((640, 480)), progressive=True)
    first = data.find(b"\xff\xda")
    return data[:-2] + data[first:-2] * 400 + data[-2:]


def _inside_the_picture(data: bytes) -> bytes:
    return data[:2] + b"\xff\xfe" + struct.pack(">H", 2 + len(SECRET)) + SECRET + data[2:]


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("image.wrong_type", lambda: b""),
    "text": ("image.wrong_type", lambda: b"MZ this is no picture"),
    "gif": ("image.wrong_type", lambda: b"GIF89a" + bytes(100)),
    "bmp": ("image.wrong_type", lambda: b"BM" + bytes(100)),
    "tiff": ("image.wrong_type", lambda: b"II*\0" + bytes(100)),
    "webp": ("image.wrong_type", lambda: b"RIFF\x64\0\0\0WEBPVP8 " + bytes(100)),
    "svg": ("image.wrong_type", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "pdf": ("image.wrong_type", lambda: b"%PDF-1.7\n"),
    "postscript": ("image.wrong_type", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n"),
    "html_named_png": ("image.wrong_type", lambda: b"<html><script>"),
    "zip_with_a_jpeg_behind": ("image.wrong_type", lambda: zipped(parts()) + jpeg()),
    "half_a_jpeg": ("image.damaged", lambda: jpeg(photograph((600, 400)))[:20_000]),
    "jpeg_without_its_end": ("image.damaged", lambda: jpeg(photograph((600, 400)))[:-400]),
    "half_a_png": ("image.damaged", lambda: png(photograph((600, 400)))[:20_000]),
    "jpeg_start_only": ("image.damaged", lambda: b"\xff\xd8\xff"),
    "jpeg_start_and_noise": ("image.damaged", lambda: b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40),
    "png_start_only": ("image.damaged", lambda: _PNG),
    "png_wrong_checksum": ("image.damaged", _flipped_png),
    "png_without_data": ("image.damaged", lambda: png_of(100, 100)),
    "png_short_data": (
        "image.damaged",
        lambda: png_of(100, 100, chunk(b"IDAT", zlib.compress(b"\0"))),
    ),
    "png_data_no_zlib": ("image.damaged", lambda: png_of(100, 100, chunk(b"IDAT", b"\xff" * 99))),
    "png_zero_wide": (
        "image.damaged",
        lambda: png_of(0, 100, chunk(b"IDAT", zlib.compress(b"\0" * 99))),
    ),
    "png_text_bomb": (
        "image.damaged",
        lambda: png_of(9, 9, chunk(b"zTXt", b"c\0\0" + zlib.compress(bytes(90 << 20), 9))),
    ),
    "png_profile_bomb": (
        "image.damaged",
        lambda: png_of(9, 9, chunk(b"iCCP", b"c\0\0" + zlib.compress(bytes(90 << 20), 9))),
    ),
    "png_of_four_gigapixels": (
        "image.too_many_pixels",
        lambda: png_of(65_000, 65_000, chunk(b"IDAT", zlib.compress(b"\0" * 99))),
    ),
    "png_a_little_over": (
        "image.too_many_pixels",
        lambda: png_of(10_000, 5_001, chunk(b"IDAT", zlib.compress(b"\0" * 99))),
    ),
    "jpeg_of_four_gigapixels": ("image.too_many_pixels", lambda: _jpeg_declaring(65_000, 65_000)),
    "jpeg_a_little_over": ("image.too_many_pixels", lambda: _jpeg_declaring(10_000, 5_001)),
}
"""Images that must be refused, with their code."""

DECEPTIVE: dict[str, Callable[[], bytes]] = {
    "jpeg_with_a_workbook_behind": lambda: jpeg() + SECRET + zipped(parts()),
    "png_with_a_script_behind": lambda: png() + b"<script>" + SECRET,
    "jpeg_with_a_comment": lambda: _inside_the_picture(jpeg()),
    "jpeg_with_a_position": with_position,
    "jpeg_with_broken_metadata": lambda: jpeg(exif=b"Exif\0\0" + b"MM\0*" + SECRET * 9),
    "jpeg_with_a_profile": lambda: jpeg(icc_profile=SECRET * 40),
    "png_with_text": lambda: _png_with_text(),  # noqa: PLW0108 -- defined below
    "png_that_moves": lambda: png(save_all=True, append_images=[picture()], duration=9),
    "jpeg_of_two_pictures": lambda: jpeg() + _inside_the_picture(jpeg()),
}
"""Images that may come in, but with nothing except their pixels."""


def _png_with_text() -> bytes:
    """Write a text and a metadata chunk before the pixels."""
    whole = png()
    extra = chunk(b"tEXt", b"Comment\0" + SECRET) + chunk(b"eXIf", b"MM\0*\0\0\0\x08" + SECRET)
    return whole[:33] + extra + whole[33:]
