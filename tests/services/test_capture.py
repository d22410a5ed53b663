"""New pages come from the scanner's folder: only whole ones, and only those of this case."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from desktop_app.domain.errors import ProductError, StaleError, WorkplaceError
from desktop_app.services.capture import CaptureDesk
from desktop_app.services.scans import ScanDesk, held_as
from desktop_app.services.workplace import Workplace
from tests.documents.pictures import jpeg, picture, png
from tests.services.kit import registered

WHOLE = jpeg()


class Moments:
    """Waits for nothing; something may happen while one waits."""

    def __init__(self) -> None:
        self.events: list[Callable[[], object]] = []
        self.count = 0

    def __call__(self, _seconds: float) -> None:
        self.count += 1
        if self.events:
            self.events.pop(0)()


@pytest.fixture
def moments() -> Moments:
    return Moments()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "高拍仪"
    made.mkdir()
    return made


@pytest.fixture
def desk(laptop: Workplace, folder: Path, moments: Moments) -> CaptureDesk:
    made = CaptureDesk(laptop, moments)
    made.watch(folder)
    return made


def save(folder: Path, name: str, data: bytes = WHOLE, at: int = 1) -> Path:
    """Save a page as a scanning program does, at a second of its clock."""
    place = folder / name
    place.write_bytes(data)
    os.utime(place, ns=(at * 10**9, at * 10**9))
    return place


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ProductError) as caught:
        call()
    return caught.value.code


def test_only_what_came_after_the_case_was_opened_is_offered_and_each_page_once(
    desk: CaptureDesk, folder: Path
) -> None:
    save(folder, "a.jpg", at=5)
    desk.begin("first")
    assert refused(desk.newest) == "scan.nothing_new"
    second, third = save(folder, "b.jpg", at=7), save(folder, "c.PNG", png(), at=6)
    assert desk.waiting() == (third, second)
    assert desk.newest() == second
    desk.taken(second)
    assert desk.newest() == third
    desk.begin("first")  # shown again: what came stays this case's
    assert desk.newest() == third
    desk.begin("second")
    assert refused(desk.newest) == "scan.nothing_new"
    written_over = save(folder, "b.jpg", WHOLE + b" ", at=9)
    assert desk.newest() == written_over


def test_a_page_half_written_is_waited_for_and_never_the_next_family_s(
    desk: CaptureDesk, folder: Path, moments: Moments
) -> None:
    late = save(folder, "late.jpg", WHOLE[:-50], at=1)
    desk.begin("first")
    late.write_bytes(WHOLE)
    assert refused(desk.newest) == "scan.nothing_new"
    page = save(folder, "page.jpg", WHOLE[:-50], at=3)
    moments.events.append(lambda: save(folder, "page.jpg", at=4))
    found = desk.newest()
    assert (found, moments.count) == (page, 2)
    desk.taken(page)
    save(folder, "stuck.jpg", WHOLE[:-50], at=8)
    assert refused(desk.newest) == "scan.unfinished"


def test_a_folder_that_goes_and_comes_back_offers_nothing_it_held_meanwhile(
    desk: CaptureDesk, folder: Path
) -> None:
    desk.begin("first")
    away = folder.rename(folder.with_name("away"))
    with pytest.raises(WorkplaceError, match=r"scan\.folder_gone"):
        desk.newest()
    save(away, "unknown.jpg", at=9)
    away.rename(folder)
    assert refused(desk.newest) == "scan.folder_back"
    assert refused(desk.newest) == "scan.nothing_new"
    again = save(folder, "again.jpg", at=10)
    assert desk.newest() == again


def test_a_case_opened_while_the_folder_is_gone_is_told_so(desk: CaptureDesk, folder: Path) -> None:
    folder.rmdir()
    desk.begin("first")
    assert refused(desk.newest) == "scan.folder_gone"


def test_links_folders_and_other_files_are_no_pages(
    desk: CaptureDesk, folder: Path, tmp_path: Path
) -> None:
    desk.begin("first")
    secret = save(tmp_path, "secret.jpg")
    (folder / "link.jpg").symlink_to(secret)
    (folder / "sub.jpg").mkdir()
    save(folder, "notes.txt")
    save(folder, ".hidden.jpg")
    assert refused(desk.newest) == "scan.nothing_new"


def test_without_a_folder_it_is_said_how_to_name_one(laptop: Workplace, tmp_path: Path) -> None:
    desk = CaptureDesk(laptop)
    desk.begin("first")
    assert refused(desk.newest) == "scan.no_folder"
    assert refused(lambda: desk.watch(tmp_path / "nowhere")) == "disk.missing"
    assert desk.folder() is None


# --- what becomes of the pages --------------------------------------------------------------


def pages(laptop: Workplace, record: str) -> list[str]:
    with laptop.journal.begin(laptop.actor()) as work:
        rows = work.rows("scan", applicant=record)
    return [row.record for row in sorted(rows, key=lambda row: str(row.values["page"]))]


def test_pages_are_ordered_retaken_and_turned(laptop: Workplace) -> None:
    desk, record = ScanDesk(laptop), registered(laptop)
    first, second = (desk.attach(record, "HKB", jpeg()) for _ in range(2))
    other = desk.attach(record, "GID", jpeg())
    desk.move(second, -1)
    assert pages(laptop, record)[:1] != [first]
    assert refused(lambda: desk.move(second, -1)) == "scan.no_order"
    assert refused(lambda: desk.move(other, 1)) == "scan.no_order"
    again = desk.attach(record, "HKB", jpeg(), instead=second)
    with laptop.journal.begin(laptop.actor()) as work:
        numbers = {row.record: row.values["page"] for row in work.rows("scan", applicant=record)}
    assert numbers == {again: 1, first: 2, other: 1}
    turned = desk.turn(first, 1)
    image = Image.open(io.BytesIO(desk.read(turned)))
    assert (image.size, dict(image.getexif())) == ((200, 320), {})
    with pytest.raises(StaleError):
        desk.read(first)


@pytest.mark.parametrize(("quarters", "size"), [(0, (320, 200)), (1, (200, 320)), (3, (200, 320))])
def test_a_page_says_how_it_is_to_be_held(quarters: int, size: tuple[int, int]) -> None:
    page = Image.open(io.BytesIO(held_as(jpeg(picture()), quarters)))
    orientation = page.getexif().get(0x0112, 1)
    assert (page.width, page.height)[:: 1 if orientation == 1 else -1] == size
