"""Receipts at the desk: counted and marked, kept to their half, and nothing readable left behind."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.commands.families import make_families
from desktop_app.documents.receipt import ReceiptView
from desktop_app.domain.masks import mask_number
from desktop_app.services.policies import shipped_policy
from desktop_app.storage.rows import Row
from tests.ui.registering import CHILD, FATHER, Hand, Room, filled, number
from tests.ui.registration_room import cheap_passwords, hand, room, school
from tests.ui.test_printing import drawn, page_of, text_of

F = Qt.Key
__all__ = ["cheap_passwords", "hand", "room", "school"]
PHONE = "13800001612"
LONGEST_NAME = "买买提·吾守尔·阿布都热依木江·阿不力孜·古丽巴哈尔·艾尔肯·吐尔逊·玉素甫·卡德尔江"


def save(room: Room, hand: Hand, **more: str) -> str:
    """Save a case by F10 and give its record."""
    room.fill(**more)
    hand.press(F.Key_F10)
    room.settle()
    last = room.page.saver.last
    assert last is not None
    return last.record


def prints_of(room: Room, record: str) -> list[Row]:
    with room.workplace.journal.begin(room.workplace.actor()) as work:
        return list(work.rows("access", applicant=record, what="print"))


# --- counted and marked ----------------------------------------------------------------------------


def test_every_further_copy_is_counted_signed_and_marked(room: Room, hand: Hand) -> None:
    record = save(room, hand)
    for _ in range(3):
        hand.press(F.Key_F9)
        room.settle()
    papers = [text_of(page_of(data)) for _, data in room.tray.sheets]
    assert ["【补打】" in words for words in papers] == [False, True, True, True]
    entries = prints_of(room, record)
    assert sorted(int(str(one.values["copy"])) for one in entries) == [1, 2, 3, 4]
    assert {one.created_by for one in entries} == {room.workplace.person}
    strip = room.window.strip.view
    assert strip is not None
    assert "已打印 4 份" in strip.text


def test_f9_pressed_in_a_hurry_prints_one_copy(room: Room, hand: Hand) -> None:
    record = save(room, hand)
    hand.press(F.Key_F9, F.Key_F9, F.Key_F9)
    room.settle()
    assert len(room.tray.sheets) == 2
    assert len(prints_of(room, record)) == 2


def test_f9_is_about_the_last_case_and_silent_without_one(room: Room, hand: Hand) -> None:
    hand.press(F.Key_F9)
    room.settle()
    assert room.tray.sheets == []
    save(room, hand)
    save(room, hand, id_number=number("20180520", 117), full_name="孟一诺", guardian_name="孟大山")
    hand.press(F.Key_F9)
    room.settle()
    assert [view.name for view, _ in room.tray.sheets] == ["罗雨桐", "孟一诺", "孟一诺"]
    hand.take_back()
    room.settle()
    hand.press(F.Key_F9)
    room.settle()
    assert len(room.tray.sheets) == 3


def test_a_printer_that_refuses_stops_nobody_and_says_so(room: Room, hand: Hand) -> None:
    room.tray.trouble = "print.refused"
    first = save(room, hand)
    banner = room.page.banner_place.view
    assert banner is not None
    assert room.form.is_empty
    second = save(
        room, hand, id_number=number("20180520", 117), full_name="孟一诺", guardian_name="孟大山"
    )
    assert {first, second} == {line.record for line in room_records(room)}
    assert room.tray.sheets == []


def room_records(room: Room) -> list[Row]:
    with room.workplace.journal.begin(room.workplace.actor()) as work:
        return list(work.rows("applicant"))


# --- what stands on paper ---------------------------------------------------------------------------


def test_the_paper_shows_masks_and_never_a_whole_number(room: Room, hand: Hand) -> None:
    save(room, hand)
    page = page_of(room.tray.sheets[0][1])
    words = text_of(page)
    assert mask_number(CHILD)[-4:] in words
    for secret in (CHILD, FATHER, PHONE, CHILD[6:14] + CHILD[14:17]):
        assert secret not in words
    for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
        described = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert any(key.startswith("/FontFile") for key in described)


def extreme_views(room: Room) -> list[ReceiptView]:
    """Receipts of all categories, with the longest names and every paper still to come."""
    made: list[ReceiptView] = []
    categories = [one.code for one in room.desks.choices.categories]
    for day, category in enumerate(categories, 1):
        form = filled(
            id_number=number(f"201801{day:02d}"),
            full_name=LONGEST_NAME,
            guardian_name=LONGEST_NAME,
            guardian_id_number=number(f"198801{day:02d}"),
            guardian_phone=f"1390000{day:04d}",
            category=category,
        )
        codes = room.desks.desk.assess(form).checklist
        assert codes is not None
        late = {f"material.{code}": "pending_original" for code in codes.required.codes()}
        made.append(room.desks.receipts.view(room.desks.desk.register({**form, **late}).record))
    return made


def test_both_halves_keep_to_their_half_in_the_fullest_case(room: Room) -> None:
    for view in extreme_views(room):
        image = drawn(view)
        middle, gap = image.height() // 2, round(image.height() * 2 / 297)
        white = QColor(Qt.GlobalColor.white)
        for y in (middle - gap, middle + gap, image.height() - gap):
            row = [image.pixelColor(x, y) for x in range(0, image.width(), 3)]
            assert row == [white] * len(row), (view.category, y)
        edge = image.width() - round(image.width() * 8 / 210)
        column = [image.pixelColor(edge, y) for y in range(0, image.height(), 3)]
        assert column == [white] * len(column), view.category


# --- nothing readable stays -------------------------------------------------------------------------


def readable(folder: Path, secrets: list[str]) -> list[str]:
    """Name the files below a folder in which a secret or a whole paper can be read."""
    found: list[str] = []
    needles = [b"%PDF-1."]
    for secret in secrets:
        needles += [secret.encode(code) for code in ("utf-8", "utf-16-le", "gb18030")]
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found += [path.name for needle in needles if needle in data]
    return found


def test_nothing_of_a_child_can_be_read_in_any_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: Room, hand: Hand
) -> None:
    private = tmp_path / "tmp"
    private.mkdir()
    monkeypatch.setenv("TMPDIR", str(private))
    monkeypatch.setattr(tempfile, "tempdir", str(private))
    # One clipboard serves all tests of a process, and tests of copying leave such a number there.
    QApplication.clipboard().clear()
    save(room, hand)
    hand.press(F.Key_F9)
    room.settle()
    hand.type(number("20180520", 117))
    hand.press(F.Key_Return)
    hand.commit("孟一诺", "mengyinuo")
    hand.press(F.Key_F8)
    room.settle()
    assert list(private.iterdir()) == []
    secrets = ["罗雨桐", "罗志远", "孟一诺", CHILD, FATHER, PHONE, "3组27号"]
    assert readable(tmp_path, secrets) == []
    assert any((tmp_path / "data").rglob("*"))
    clipboard = QApplication.clipboard().text()
    assert not [secret for secret in secrets if secret in clipboard]


def test_what_is_looked_for_would_be_found(tmp_path: Path, qtbot: QtBot) -> None:
    """The hunt above is no blind one."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a").write_bytes("x罗雨桐".encode("gb18030"))
    (tmp_path / "b").write_bytes(b"%PDF-1.4")
    assert sorted(readable(tmp_path, ["罗雨桐"])) == ["a", "b"]


def test_a_day_of_families_prints_one_sheet_each(room: Room) -> None:
    """Whatever family comes, its receipt is one sheet with both halves and no whole number."""
    numbers: list[str] = []
    for family in make_families(40, 3, shipped_policy()):
        form = family.form()
        if room.desks.desk.assess(form).blocks or room.desks.desk.duplicates(form):
            continue
        view = room.desks.receipts.view(room.desks.desk.register(form).record)
        numbers.append(view.number)
        room.tray.print_receipt(view)
        words = text_of(page_of(room.tray.sheets[-1][1]))
        assert words.count("本次登记不收取任何费用") == 2
        assert not family.id_number or family.id_number not in words
        assert not family.guardian_phone or family.guardian_phone not in words
    assert len(numbers) >= 25
    assert len(set(numbers)) == len(numbers)
