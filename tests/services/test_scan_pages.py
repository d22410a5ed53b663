"""Pages of a paper: numbered from one, each where it was put, whatever is taken again or refused."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from desktop_app.documents.images import PreparedScan
from desktop_app.domain.errors import ProductError, UntrustedError
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.scans import ScanDesk, held_as
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import Row
from tests.documents.pictures import HOSTILE, jpeg, picture
from tests.services.kit import number, registered


def page(text: str) -> PreparedScan:
    made = b"\xff\xd8 " + text.encode() + b" \xff\xd9"
    return PreparedScan(jpeg=made, width=8, height=8, thumbnail=b"")


def rows(workplace: Workplace, record: str, material: str = "HKB") -> list[Row]:
    with workplace.journal.begin(workplace.actor()) as work:
        found = [
            row for row in work.rows("scan", applicant=record) if row.text("material") == material
        ]
    return sorted(found, key=lambda row: int(row.text("page")))


def shown(workplace: Workplace, record: str, material: str = "HKB") -> list[str]:
    """Read a paper's pages in order, by what stands on them."""
    desk = ScanDesk(workplace)
    return [desk.read(row.record)[3:-3].decode() for row in rows(workplace, record, material)]


def numbers(workplace: Workplace, record: str) -> list[int]:
    return [int(row.text("page")) for row in rows(workplace, record)]


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ProductError) as caught:
        call()
    return caught.value.code


@pytest.fixture
def record(laptop: Workplace) -> str:
    return registered(laptop)


def test_pages_keep_every_order_they_are_brought_into(laptop: Workplace, record: str) -> None:
    desk = ScanDesk(laptop)
    expected = ["a", "b", "c", "d"]
    for text in expected:
        desk.attach_prepared(record, "HKB", page(text))
    for place, by in ((0, 1), (3, -1), (1, 1), (2, 1), (3, -1), (0, 1)):
        desk.move(rows(laptop, record)[place].record, by)
        expected[place], expected[place + by] = expected[place + by], expected[place]
        assert shown(laptop, record) == expected
        assert numbers(laptop, record) == [1, 2, 3, 4]
    for place, by in ((0, -1), (3, 1), (0, -5), (2, 9)):
        chosen = rows(laptop, record)[place].record
        assert refused(partial(desk.move, chosen, by)) == "scan.no_order"
    assert shown(laptop, record) == expected


def test_a_page_taken_again_stands_where_the_old_one_stood_and_no_other_moves(
    laptop: Workplace, record: str
) -> None:
    desk = ScanDesk(laptop)
    made = [desk.attach_prepared(record, "HKB", page(text)) for text in "abc"]
    desk.attach_prepared(record, "HKB", page("B"), instead=made[1])
    assert shown(laptop, record) == ["a", "B", "c"]
    assert refused(lambda: desk.read(made[1])) == "record.gone"
    assert refused(lambda: desk.move(made[1], 1)) == "record.gone"
    assert refused(lambda: desk.turn(made[1], 1)) == "record.gone"
    desk.attach_prepared(record, "HKB", page("d"), instead=made[1])  # somebody was faster
    assert shown(laptop, record) == ["a", "B", "c", "d"]


def test_a_page_of_another_paper_or_child_is_never_the_one_replaced(
    laptop: Workplace, record: str
) -> None:
    desk = ScanDesk(laptop)
    other = registered(laptop, id_number=number(order=301), full_name="王子涵")
    card = desk.attach_prepared(record, "GID", page("card"))
    strange = desk.attach_prepared(other, "HKB", page("strange"))
    desk.attach_prepared(record, "HKB", page("a"), instead=card)
    desk.attach_prepared(record, "HKB", page("b"), instead=strange)
    assert shown(laptop, record) == ["a", "b"]
    assert shown(laptop, record, "GID") == ["card"]
    assert shown(laptop, other) == ["strange"]


def test_the_operation_names_digest_and_size_of_what_lies_sealed_on_the_disk(
    laptop: Workplace, record: str
) -> None:
    desk = ScanDesk(laptop)
    desk.attach_prepared(record, "HKB", page("same"))
    desk.attach_prepared(record, "HKB", page("same"))
    digests = set()
    for row in rows(laptop, record):
        sealed = laptop.scans.path(row.text("digest")).read_bytes()
        assert hashlib.sha256(sealed).hexdigest() == row.text("digest")
        assert len(sealed) == row.values["size"]
        assert b"same" not in sealed
        digests.add(row.text("digest"))
    assert len(digests) == 2  # equal pages look alike to nobody


def test_no_page_is_noted_of_a_child_that_was_taken_back(laptop: Workplace, record: str) -> None:
    RegistrationDesk(laptop).take_back(record)
    desk = ScanDesk(laptop)
    assert refused(lambda: desk.attach_prepared(record, "HKB", page("late"))) == "record.gone"
    assert refused(lambda: desk.attach_prepared("nobody", "HKB", page("late"))) == "record.gone"
    with laptop.journal.begin(laptop.actor()) as work:
        assert work.rows("scan") == []
        assert work.rows("scan_key") == []


@pytest.mark.parametrize("name", ["gif", "half_a_jpeg", "png_of_four_gigapixels", "nothing"])
def test_a_page_that_is_refused_leaves_nothing_and_replaces_nothing(
    laptop: Workplace, record: str, name: str
) -> None:
    desk = ScanDesk(laptop)
    kept = desk.attach_prepared(record, "HKB", page("a"))
    code, build = HOSTILE[name]
    with pytest.raises(UntrustedError, match=code):
        desk.attach(record, "HKB", build(), instead=kept)
    assert shown(laptop, record) == ["a"]
    assert len(list(laptop.scans.digests())) == 1


def test_four_quarters_bring_a_page_back_and_a_missing_or_altered_one_is_not_turned(
    laptop: Workplace, record: str
) -> None:
    desk = ScanDesk(laptop)
    turned = desk.attach(record, "HKB", jpeg(picture((64, 40))))
    sizes = []
    for _ in range(4):
        turned = desk.turn(turned, 1)
        sizes.append(Image.open(io.BytesIO(desk.read(turned))).size)
    assert sizes == [(40, 64), (64, 40), (40, 64), (64, 40)]
    image = Image.open(io.BytesIO(desk.read(turned)))
    left, right = (image.convert("L").getpixel((x, 20)) for x in (8, 56))
    assert isinstance(left, int)
    assert isinstance(right, int)
    assert left < 100 < right
    assert numbers(laptop, record) == [1]
    place = laptop.scans.path(rows(laptop, record)[0].text("digest"))
    whole = place.read_bytes()
    place.write_bytes(whole[:-1])
    assert refused(lambda: desk.turn(turned, 1)) == "scan.altered"
    place.unlink()
    assert refused(lambda: desk.turn(turned, 1)) == "scan.missing"
    assert [row.record for row in rows(laptop, record)] == [turned]


@given(st.integers(-1000, 1000), st.sampled_from(["RGB", "L", "CMYK"]))
def test_how_a_page_is_held_is_four_quarters_round_and_adds_no_other_word(
    quarters: int, mode: str
) -> None:
    plain = jpeg(picture((16, 8), mode))
    noted = held_as(plain, quarters)
    assert noted == held_as(plain, quarters % 4)
    exif = dict(Image.open(io.BytesIO(noted)).getexif())
    assert exif == ({} if quarters % 4 == 0 else {0x0112: {1: 6, 2: 3, 3: 8}[quarters % 4]})
    assert noted.endswith(plain[2:])
    assert noted.startswith(plain[:2])
