"""The child's side of a scan: decode, turn upright, shrink, encode anew.

Only pixels come out: position, camera data, comments, appended files and second images stay
behind with the original bytes. Answer: one JSON line with the sizes, then both JPEGs.
"""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Callable

from PIL import Image, ImageOps

from desktop_app.domain.errors import UntrustedError

MAX_INPUT_BYTES = 200 * 1024 * 1024
MAX_PIXELS = 50_000_000
PAGE_BYTES = 300 * 1024
PAGE_SIDE = 1_754
"""Longer side of a kept page: A4 at 150 dpi; scans at 300 and 600 dpi then decode at a fraction."""
THUMBNAIL_BYTES = 30 * 1024
THUMBNAIL_SIDE = 320

_JPEG_MAGIC = b"\xff\xd8\xff"
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_QUALITIES = {82: 1.0, 72: 0.67, 62: 0.49, 52: 0.39, 42: 0.31}
"""Each with the least share of the first one's bytes it takes: that of a sheet of coarse grain and
nothing else. Only smooth pages shrink more, and those fit at the first."""
_NEXT_SIDE = 0.8
_HOPELESS = 2.6
"""How many times too large a page may be at the best quality and still fit at the least."""
_SMALLEST_SIDE = 64
_PLAIN_MODES = frozenset({"RGB", "L"})

Write = Callable[[bytes], None]


def load_decoders() -> None:
    """Load what decodes, so that a process forked from this one need not."""
    Image.preinit()


def answer(data: bytes, write: Write) -> None:
    """Prepare the scan and write the answer."""
    try:
        page = _decode(data)
        jpeg, size = _encode(page, PAGE_SIDE, PAGE_BYTES)
        thumbnail, _ = _encode(_averaged(page), THUMBNAIL_SIDE, THUMBNAIL_BYTES)
    except UntrustedError as error:
        write(json.dumps({"refused": error.code}).encode() + b"\n")
        return
    head = {"width": size[0], "height": size[1], "jpeg": len(jpeg), "thumbnail": len(thumbnail)}
    write(json.dumps(head).encode() + b"\n" + jpeg + thumbnail)


def _decode(data: bytes) -> Image.Image:
    """Decode a PNG or JPEG whole, upright, as plain colour or grey.

    Raises:
        UntrustedError: another type, truncated or damaged, or more pixels than the cap.
    """
    if len(data) > MAX_INPUT_BYTES:
        raise UntrustedError("image.too_large")
    if not data.startswith((_JPEG_MAGIC, _PNG_MAGIC)):
        raise UntrustedError("image.wrong_type")
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with warnings.catch_warnings():
        # Pillow only warns between one and two times its limit; odd metadata is left behind.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _upright(Image.open(io.BytesIO(data), formats=("JPEG", "PNG")))
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise UntrustedError("image.too_many_pixels") from error
        except MemoryError:
            raise
        except Exception as error:
            # Decoders raise whatever a damaged file makes them raise; all of it means the same.
            raise UntrustedError("image.damaged") from error


def _upright(image: Image.Image) -> Image.Image:
    # A JPEG can be decoded at a half, quarter or eighth for a fraction of the work.
    image.draft("RGB", _fit(image.size, PAGE_SIDE))
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode in _PLAIN_MODES:
        return image
    if image.mode.startswith("I"):
        # 16-bit grey: keep the upper eight bits; a mere conversion would clip nearly all to white.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB")


def _fit(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Scale a size down so that its longer side is at most ``side``."""
    longest = max(size)
    if longest <= side:
        return size
    return max(1, size[0] * side // longest), max(1, size[1] * side // longest)


def _shrink(image: Image.Image, side: int) -> Image.Image:
    size = _fit(image.size, side)
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _averaged(page: Image.Image) -> Image.Image:
    """Average a page down to about a thumbnail's size, for a third of the work of resampling it."""
    factor = max(page.size) // THUMBNAIL_SIDE
    return page.reduce(factor) if factor > 1 else page


def _encode(page: Image.Image, side: int, limit: int) -> tuple[bytes, tuple[int, int]]:
    """Encode within ``limit`` bytes: quality goes down first, then size.

    Where the first try is so large that no quality would do, the size goes down at once.
    """
    small, size = page, 0
    while True:
        small = _shrink(small, side)
        best = 0
        for quality, least in _QUALITIES.items():
            if best * least > limit:
                continue
            out = io.BytesIO()
            # No EXIF, colour profile or comment is handed over.
            small.save(out, "JPEG", quality=quality, exif=b"", icc_profile=None, comment=b"")
            size = out.tell()
            best = best or size
            if size <= limit:
                return out.getvalue(), small.size
            if size > limit * _HOPELESS:
                break
        share = (limit * _HOPELESS / size) ** 0.5
        side = int(max(small.size) * min(_NEXT_SIDE, max(share, _NEXT_SIDE**3)))
        if side < _SMALLEST_SIDE:
            raise UntrustedError("image.damaged")
