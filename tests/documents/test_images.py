"""A scan comes back upright, small and with nothing but its pixels, or is refused by name."""

from __future__ import annotations

import io
import os
import random
import sys
from pathlib import Path

import pytest
from PIL import Image

from desktop_app.documents import image_child, images, launch
from desktop_app.documents.images import PreparedScan, prepare_scan
from desktop_app.domain.errors import UntrustedError, WorkplaceError
from tests.documents.mutants import mutate
from tests.documents.pictures import (
    DECEPTIVE,
    HOSTILE,
    SECRET,
    jpeg,
    photograph,
    picture,
    png,
    scans_without_end,
    with_position,
)

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "200"))
DARK = (20, 40, 160)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    assert image.format == "JPEG"
    return image


def is_dark(image: Image.Image, across: float, down: float) -> bool:
    place = (int(image.width * across), int(image.height * down))
    value = image.convert("L").getpixel(place)
    assert isinstance(value, int)
    return value < 128


END_OF_PICTURE = b"\xff\xd9"
"""The marker after which a JPEG has nothing to say."""


def checked(scan: PreparedScan) -> PreparedScan:
    """Hold a prepared scan to everything that is promised of every one."""
    page = opened(scan.jpeg)
    assert page.size == (scan.width, scan.height)
    assert max(page.size) <= images.MAX_SIDE
    assert len(scan.jpeg) <= 300 * 1024
    assert len(scan.thumbnail) <= 30 * 1024
    assert max(opened(scan.thumbnail).size) <= image_child.THUMBNAIL_SIDE
    for data in (scan.jpeg, scan.thumbnail):
        assert SECRET not in data
        assert b"Exif" not in data
        assert not opened(data).getexif()
        assert set(opened(data).info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "dpi",
        }
    return scan


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_image_is_refused_by_name_and_this_process_lives(name: str) -> None:
    code, make = HOSTILE[name]
    with pytest.raises(UntrustedError) as caught:
        prepare_scan(make())
    assert caught.value.code == code


def test_the_corpus_has_at_least_23_hostile_images() -> None:
    assert len(HOSTILE) >= 23


@pytest.mark.parametrize("name", sorted(DECEPTIVE))
def test_nothing_but_pixels_comes_through(name: str) -> None:
    scan = checked(prepare_scan(DECEPTIVE[name]()))
    assert opened(scan.jpeg).format == opened(scan.thumbnail).format == "JPEG"
    assert scan.jpeg.endswith(END_OF_PICTURE)
    assert scan.thumbnail.endswith(END_OF_PICTURE)


def test_a_photograph_is_turned_upright_and_forgets_where_it_was_taken() -> None:
    scan = checked(prepare_scan(with_position(orientation=6)))
    assert (scan.width, scan.height) == (200, 320)
    page = opened(scan.jpeg)
    # Turned clockwise by a quarter: what was left is above.
    assert is_dark(page, 0.5, 0.2)
    assert not is_dark(page, 0.5, 0.8)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_a_plain_page(mode: str) -> None:
    page = opened(checked(prepare_scan(png(picture(mode=mode)))).jpeg)
    assert is_dark(page, 0.2, 0.5)
    assert not is_dark(page, 0.8, 0.5)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_every_kind_of_jpeg_becomes_a_plain_page(mode: str) -> None:
    page = opened(checked(prepare_scan(jpeg(picture(mode=mode)))).jpeg)
    assert page.mode in {"L", "RGB"}
    assert is_dark(page, 0.2, 0.5)


def test_what_is_transparent_becomes_paper() -> None:
    page = opened(prepare_scan(png(Image.new("RGBA", (90, 60), (0, 0, 0, 0)))).jpeg)
    assert not is_dark(page, 0.5, 0.5)


def test_a_page_at_300_dpi_keeps_its_shape_and_shrinks() -> None:
    scan = checked(prepare_scan(jpeg(photograph((2480, 3508)), quality=90)))
    assert scan.height > 1_000
    assert abs(scan.width / scan.height - 2480 / 3508) < 0.01


def test_a_page_of_pure_noise_still_fits() -> None:
    noise = Image.frombytes("RGB", (1800, 1200), random.Random(7).randbytes(1800 * 1200 * 3))
    scan = checked(prepare_scan(jpeg(noise, quality=95)))
    assert scan.height < scan.width < 1800


def test_a_tiny_picture_is_not_blown_up() -> None:
    scan = checked(prepare_scan(png(picture((3, 2)))))
    assert (scan.width, scan.height) == (3, 2)


def test_scans_without_end_are_ended_in_time() -> None:
    try:
        checked(prepare_scan(scans_without_end(), seconds=20))
    except UntrustedError as error:
        code = error.code
        assert code in {"image.damaged", "image.too_slow"}


def test_a_file_and_its_bytes_give_the_same_page(tmp_path: Path) -> None:
    path = tmp_path / "page"
    path.write_bytes(jpeg(photograph((900, 600))))
    assert prepare_scan(path) == prepare_scan(path.read_bytes())


def test_a_missing_file_is_the_workplace_s_matter(tmp_path: Path) -> None:
    with pytest.raises(WorkplaceError) as caught:
        prepare_scan(tmp_path / "gone.jpg")
    assert caught.value.code == "disk.missing"


def test_a_file_of_more_than_200_megabytes_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    with path.open("wb") as file:
        file.write(b"\xff\xd8\xff")
        file.truncate(200 * 1024 * 1024 + 1)
    with pytest.raises(UntrustedError) as caught:
        prepare_scan(path)
    assert caught.value.code == "image.too_large"


def test_the_child_s_caps_are_those_the_parent_holds_it_to() -> None:
    assert image_child.PAGE_BYTES == images.MAX_PAGE_BYTES
    assert image_child.PAGE_SIDE == images.MAX_SIDE
    assert image_child.THUMBNAIL_BYTES == images.MAX_THUMBNAIL_BYTES
    assert image_child.MAX_INPUT_BYTES == images.MAX_FILE_BYTES


_OPEN = "import sys,os;w=sys.stdout.buffer.write;"
_HEAD = 'w(b\'{"width":%d,"height":%d,"jpeg":%d,"thumbnail":%d}\\n\');'


@pytest.mark.parametrize(
    "code",
    [
        "os.abort()",
        _HEAD % (9, 9, 5, 5) + "w(b'xxxxxxxxxx')",
        _HEAD % (9, 9, 5, 5) + "w(b'\\xff\\xd8\\xff\\xff\\xd9')",
        _HEAD % (9, 9, 5, 5) + "w(b'\\xff\\xd8\\xff\\xff\\xd9'*3)",
        _HEAD % (0, 9, 5, 5) + "w(b'\\xff\\xd8\\xff\\xff\\xd9'*2)",
        _HEAD % (9, 9999, 5, 5) + "w(b'\\xff\\xd8\\xff\\xff\\xd9'*2)",
        _HEAD % (9, 9, 400 << 10, 5) + "w(b'\\xff'*(410<<10))",
        _HEAD % (9, 9, -5, 5) + "w(b'\\xff'*99)",
        _HEAD % (9, 9, 5, 5) + "w(b'\\xff\\xd8\\xff\\xff\\xd9'*2);sys.stdout.flush();os.abort()",
        'w(b\'{"refused":"vault.wrong_password"}\\n\')',
        "w(b'{\"refused\":1}\\n')",
        "w(b'x'*(5<<20))",
    ],
)
def test_a_child_that_breaks_its_promise_is_not_believed(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-c", _OPEN + code]
    monkeypatch.setattr(launch, "child_command", lambda _name: command)
    with pytest.raises(UntrustedError) as caught:
        prepare_scan(jpeg())
    assert caught.value.code == "image.unreadable"


def test_a_child_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(launch, "child_command", lambda _name: command)
    with pytest.raises(UntrustedError) as caught:
        prepare_scan(bytes(10_000_000), seconds=0.5)
    assert caught.value.code == "image.too_slow"


def test_mutants_do_not_hurt_this_process() -> None:
    chance = random.Random(20240825)
    good = [jpeg(photograph((160, 120))), png(picture((80, 60))), with_position()]
    allowed = {code for code, _ in HOSTILE.values()} | {"image.too_slow", "image.unreadable"}
    verdicts = {"refused": 0, "passed": 0}
    for number in range(ROUNDS // 4):
        try:
            checked(prepare_scan(mutate(good[number % 3], chance)))
            verdicts["passed"] += 1
        except UntrustedError as error:
            code = error.code
            assert code in allowed
            verdicts["refused"] += 1
    assert min(verdicts.values()) > 0
