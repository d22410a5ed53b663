"""材料审核 with images made to deceive, and damaged copies: each meets its sentence, nothing is lost.

Pages are named by hand or taken out of the scanner's folder; the child decodes them. At least 23
kinds in ``make test``; every kind and three hundred damaged copies in ``make hostile``.
"""

from __future__ import annotations

import io
import os
import random
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt

from desktop_app.domain.errors import UntrustedError
from desktop_app.messages.catalogue import BUG, sentence
from desktop_app.services.scans import ScanDesk
from desktop_app.services.workplace import Workplace
from desktop_app.ui.pages.review import ReviewPage
from desktop_app.ui.pages.review_case import Mode
from desktop_app.ui.text import language
from tests.documents.mutants import mutate
from tests.documents.pictures import (
    DECEPTIVE,
    HOSTILE,
    SECRET,
    chunk,
    jpeg,
    photograph,
    picture,
    png,
    png_of,
    with_position,
)
from tests.sync.counting import COUNTED
from tests.ui.cases import cells, rows_of
from tests.ui.conftest import Heard, said
from tests.ui.test_scanning import (
    FIRST,
    Hand,
    cheap_passwords,
    desk,
    folder,
    hand,
    mode_of,
    page,
    pages_of,
    records,
)

__all__ = ["cheap_passwords", "desk", "folder", "hand", "page", "records"]
Key = Qt.Key
Made = dict[str, Callable[[], bytes]]
WHOLE = os.environ.get("ENROLLMENT_HOSTILE") == "full"
COPIES = 300 if WHOLE else 6
SEED = int(os.environ.get("ENROLLMENT_HOSTILE_SEED", "41"))
SAMPLE = (
    "nothing",
    "text",
    "gif",
    "tiff",
    "pdf",
    "html_named_png",
    "zip_with_a_jpeg_behind",
    "half_a_jpeg",
    "half_a_png",
    "jpeg_start_and_noise",
    "png_wrong_checksum",
    "png_text_bomb",
    "png_profile_bomb",
    "png_of_four_gigapixels",
    "jpeg_of_four_gigapixels",
)
ODD: Made = {
    **{
        name: make
        for name, make in DECEPTIVE.items()
        if WHOLE
        or name in {"jpeg_with_a_position", "jpeg_with_a_workbook_behind", "png_that_moves"}
    },
    "inks": lambda: jpeg(picture(mode="CMYK")),
    "sixteen_bits": lambda: png(picture(mode="I;16")),
}
"""Images that may come in, with nothing but their pixels."""


def bad_files(folder: Path) -> dict[Path, str]:
    """Write every bad image; give the code it is refused with."""
    files = {}
    for name in HOSTILE if WHOLE else SAMPLE:
        code, make = HOSTILE[name]
        place = folder / f"{name}.jpg"
        place.write_bytes(make())
        files[place] = code
    wide = folder / "wide.png"
    wide.write_bytes(png_of(50_000, 50_000, chunk(b"IDAT", zlib.compress(b"\0" * 99))))
    heavy = folder / "heavy.jpg"
    with heavy.open("wb") as file:
        file.write(b"\xff\xd8\xff")
        file.truncate(200 * 1024 * 1024 + 1)
    pipe = folder / "link.jpg"
    pipe.symlink_to(Path("/dev/zero"))
    return files | {
        wide: "image.too_many_pixels",
        heavy: "image.too_large",
        pipe: "file.not_regular",
    }


def kept(desk: Workplace, record: str) -> list[bytes]:
    """Give every page of a child as it is opened again, in the order they came."""
    rows = rows_of(desk, "scan", applicant=record)
    return [ScanDesk(desk).read(row.record) for row in rows]


def test_every_hostile_image_is_told_in_a_sentence_and_nothing_is_lost(
    page: ReviewPage,
    desk: Workplace,
    records: dict[str, str],
    folder: Path,
    hand: Hand,
    record_property: Callable[[str, object], None],
) -> None:
    files = bad_files(folder)
    assert len(files) + len(ODD) >= 23
    before = cells(page, 1)
    hand.press(Key.Key_F4)
    field = page.case.attach.path
    for place, code in files.items():
        hand.type(str(place))
        assert said(page) == sentence(UntrustedError(code), language()).what, place.name
        assert field.value() == str(place), "what was typed stays to be mended"
        assert mode_of(page) is Mode.ATTACH
    assert rows_of(desk, "scan") == []
    for name, make in ODD.items():
        place = folder / f"odd_{name}.jpg"
        place.write_bytes(make())
        if mode_of(page) is Mode.LOOK:
            hand.press(Key.Key_F4)
        hand.type(str(place))
        assert said(page) == "", name
    found = kept(desk, records[FIRST])
    assert len(found) == len(ODD)
    assert not [one for one in found if SECRET in one or b"Exif" in one]
    assert cells(page, 1) == before, "the case stands as it stood"
    told = f"{len(files)} hostile images refused, {len(found)} came in as pixels alone"
    record_property(COUNTED, told)


def test_a_photograph_held_sideways_is_kept_upright_without_the_place_it_was_taken_at(
    page: ReviewPage, desk: Workplace, records: dict[str, str], folder: Path, hand: Hand
) -> None:
    assert page.case.case is not None
    data = with_position(orientation=6)
    assert Image.open(io.BytesIO(data)).size == (320, 200)
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)
    (folder / "sideways.jpg").write_bytes(data)
    hand.press(Key.Key_F4)
    hand.type(str(folder / "sideways.jpg"))
    (one,) = kept(desk, records[FIRST])
    image = Image.open(io.BytesIO(one))
    assert (image.size, dict(image.getexif())) == ((200, 320), {})


def test_what_the_scanner_saves_damaged_is_told_once_and_hides_no_good_page(
    page: ReviewPage, desk: Workplace, records: dict[str, str], folder: Path, hand: Hand
) -> None:
    hand.press(Key.Key_F4)
    hand.type(str(folder))
    (folder / "good.jpg").write_bytes(jpeg())
    os.utime(folder / "good.jpg", (1, 1))
    place = folder / "later.png"
    place.write_bytes(HOSTILE["png_wrong_checksum"][1]())
    hand.press(Key.Key_P)
    assert said(page) == sentence(UntrustedError("image.damaged"), language()).what
    assert pages_of(desk, records[FIRST]) == []
    hand.press(Key.Key_P)
    assert (said(page), len(pages_of(desk, records[FIRST]))) == ("", 1)
    hand.press(Key.Key_P)
    assert "还没有新拍的图" in said(page), "the damaged page is not offered for ever"
    place.write_bytes(png())
    hand.press(Key.Key_P)
    assert (said(page), len(pages_of(desk, records[FIRST]))) == ("", 2)


def test_damaged_copies_are_refused_or_kept_as_pixels_and_nothing_is_lost(
    page: ReviewPage,
    desk: Workplace,
    records: dict[str, str],
    folder: Path,
    hand: Hand,
    heard: Heard,
    record_property: Callable[[str, object], None],
) -> None:
    chance, told = random.Random(SEED), Counter[str]()
    good = [jpeg(photograph((300, 200))), png(picture()), jpeg(exif=b"Exif\0\0MM\0*" + SECRET * 9)]
    hand.press(Key.Key_F4)
    for number in range(COPIES):
        place = folder / f"{number}.jpg"
        place.write_bytes(mutate(chance.choice(good), chance))
        if mode_of(page) is Mode.LOOK:
            hand.press(Key.Key_F4)
        hand.type(str(place))
        assert (heard.bugs, heard.errors) == ([], []), number
        view = page.banner_place.view
        if view is not None:
            assert view.number not in {"", sentence(BUG).number}, number
            assert mode_of(page) is Mode.ATTACH
        told[view.what if view is not None else "kept"] += 1
    found = kept(desk, records[FIRST])
    assert len(found) == told["kept"]
    assert not [one for one in found if SECRET in one or b"Exif" in one]
    record_property(COUNTED, f"{COPIES} damaged images: {dict(told)}")
