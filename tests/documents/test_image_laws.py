"""Whatever way round, colour or depth a page was scanned in, it comes back upright, plain and small."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from desktop_app.documents import image_child
from desktop_app.documents.image_child import PAGE_BYTES, PAGE_SIDE, THUMBNAIL_BYTES, answer
from desktop_app.documents.images import prepare_scan
from tests.documents.pictures import SECRET, jpeg, photograph, png

RED, GREEN, BLUE, WHITE = (200, 20, 20), (20, 160, 40), (20, 40, 200), (255, 255, 255)
CORNERS = (RED, GREEN, BLUE, WHITE)  # from the upper left, clockwise
WIDE, HIGH = 240, 160

# EXIF 2.32, tag 274: how the stored picture must be turned to stand upright.
STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def upright() -> Image.Image:
    """Draw a page whose four quarters tell which way round it stands."""
    image = Image.new("RGB", (WIDE, HIGH))
    for colour, (x, y) in zip(CORNERS, ((0, 0), (1, 0), (1, 1), (0, 1)), strict=True):
        image.paste(
            colour, (x * WIDE // 2, y * HIGH // 2, (x + 1) * WIDE // 2, (y + 1) * HIGH // 2)
        )
    return image


def corners(image: Image.Image) -> list[tuple[int, int, int]]:
    """Name the four quarters by the colour each is nearest to."""
    plain = image.convert("RGB")
    quarters = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))
    found = []
    for across, down in quarters:
        place = int(plain.width * across), int(plain.height * down)
        value = plain.getpixel(place)
        assert isinstance(value, tuple)
        near = min(
            CORNERS, key=lambda one: sum((a - b) ** 2 for a, b in zip(one, value, strict=True))
        )
        found.append(near)
    return found


def prepared(data: bytes) -> tuple[Image.Image, bytes, bytes]:
    """Prepare a scan in this process, as the child does; give page, its bytes and the thumbnail's."""
    out: list[bytes] = []
    answer(data, out.append)
    head, _, rest = b"".join(out).partition(b"\n")
    assert b"refused" not in head, head
    sizes = dict(part.strip(b'{} "').split(b'": ') for part in head.split(b", "))
    size = int(sizes[b"jpeg"])
    page, thumbnail = rest[:size], rest[size:]
    assert len(thumbnail) == int(sizes[b"thumbnail"])
    image = Image.open(io.BytesIO(page))
    image.load()
    assert image.size == (int(sizes[b"width"]), int(sizes[b"height"]))
    return image, page, thumbnail


@pytest.mark.parametrize("orientation", sorted(STORED_AS))
@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_a_page_stands_upright_however_the_camera_was_held(orientation: int, kind: str) -> None:
    turn = STORED_AS[orientation]
    stored = upright() if turn is None else upright().transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    write = jpeg if kind == "jpeg" else png
    options = {"quality": 95} if kind == "jpeg" else {}
    image, _, thumbnail = prepared(write(stored, exif=exif.tobytes(), **options))
    assert image.size == (WIDE, HIGH)
    assert corners(image) == list(CORNERS)
    assert corners(Image.open(io.BytesIO(thumbnail))) == list(CORNERS)


@pytest.mark.parametrize("orientation", [0, 9, 255, 65535])
def test_an_orientation_that_is_none_turns_nothing(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    image, _, _ = prepared(jpeg(upright(), exif=exif.tobytes(), quality=95))
    assert corners(image) == list(CORNERS)


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr"])
def test_colours_of_print_come_back_as_they_look(mode: str) -> None:
    image, _, _ = prepared(jpeg(upright().convert(mode), quality=95))
    assert image.mode == "RGB"
    assert corners(image) == list(CORNERS)


def test_a_palette_keeps_its_colours() -> None:
    image, _, _ = prepared(png(upright().quantize(16)))
    assert corners(image) == list(CORNERS)


def test_a_profile_of_a_camera_is_left_behind() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    _, page, thumbnail = prepared(jpeg(upright(), icc_profile=profile))
    for data in (page, thumbnail):
        assert "icc_profile" not in Image.open(io.BytesIO(data)).info
        assert b"ICC_PROFILE" not in data


@pytest.mark.parametrize("shade", [0, 16, 64, 128, 200, 255])
def test_sixteen_bits_of_grey_keep_their_shade(shade: int) -> None:
    deep = Image.new("I;16", (64, 64), shade * 257)
    image, _, _ = prepared(png(deep))
    assert image.mode == "L"
    value = image.getpixel((32, 32))
    assert isinstance(value, int)
    assert abs(value - shade) <= 3


@pytest.mark.parametrize("mode", ["1", "L"])
def test_black_and_white_stay_black_and_white(mode: str) -> None:
    half = Image.new("L", (100, 100), 255)
    half.paste(0, (0, 0, 50, 100))
    image, _, _ = prepared(png(half.convert(mode)))
    dark, light = image.convert("L").getpixel((20, 50)), image.convert("L").getpixel((80, 50))
    assert isinstance(dark, int)
    assert isinstance(light, int)
    assert dark < 20
    assert light > 235


@pytest.mark.parametrize("alpha", [0, 128, 255])
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_not_there_is_paper(mode: str, alpha: int) -> None:
    black = Image.new("RGBA", (40, 40), (0, 0, 0, alpha)).convert(mode)
    image, _, _ = prepared(png(black))
    value = image.convert("L").getpixel((20, 20))
    assert isinstance(value, int)
    assert abs(value - (255 - alpha)) <= 4


@given(
    wide=st.integers(1, 2600),
    high=st.integers(1, 2600),
    noise=st.booleans(),
    seed=st.integers(0, 99),
)
@settings(max_examples=12)
def test_every_page_fits_its_bytes_its_side_and_its_shape(
    wide: int, high: int, *, noise: bool, seed: int
) -> None:
    image = photograph((wide, high), seed) if noise else Image.new("RGB", (wide, high), RED)
    page, data, thumbnail = prepared(jpeg(image, quality=90))
    assert len(data) <= PAGE_BYTES == 300 * 1024
    assert len(thumbnail) <= THUMBNAIL_BYTES
    assert max(page.size) <= min(PAGE_SIDE, max(wide, high))
    assert min(page.size) >= 1
    if min(wide, high) > 300:
        assert page.width / page.height == pytest.approx(wide / high, rel=0.02)


@pytest.mark.parametrize("shape", [(1, 60_000), (60_000, 1), (3, 20_000)])
def test_a_strip_is_taken_too(shape: tuple[int, int]) -> None:
    page, data, _ = prepared(jpeg(Image.new("L", shape, 100)))
    assert max(page.size) <= PAGE_SIDE
    assert len(data) <= PAGE_BYTES


def test_the_worst_noise_is_shrunk_until_it_fits() -> None:
    noise = Image.frombytes("RGB", (1754, 1240), random.Random(5).randbytes(1754 * 1240 * 3))
    page, data, thumbnail = prepared(jpeg(noise, quality=95))
    assert len(data) <= PAGE_BYTES
    assert len(thumbnail) <= THUMBNAIL_BYTES
    assert min(page.size) > image_child.THUMBNAIL_SIDE


def test_the_child_gives_what_the_law_was_tried_on() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = SECRET.decode()
    turned = upright().transpose(Image.Transpose.ROTATE_90)
    data = jpeg(turned, exif=exif.tobytes(), quality=95)
    scan = prepare_scan(data)
    page, here, thumbnail = prepared(data)
    assert (scan.jpeg, scan.thumbnail) == (here, thumbnail)
    assert (scan.width, scan.height) == page.size == (WIDE, HIGH)
    assert SECRET not in scan.jpeg + scan.thumbnail
