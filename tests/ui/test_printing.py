"""Receipts on paper: one A4 sheet in two halves, fonts in it, nothing readable left behind."""

from __future__ import annotations

import io
import os
import sys
import threading
import unicodedata
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPagedPaintDevice, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from pytestqt.qtbot import QtBot

from desktop_app.documents.receipt import ReceiptView
from desktop_app.domain.errors import WorkplaceError
from desktop_app.ui.printing.pdf_text import TextPdf
from desktop_app.ui.printing.printer import SystemPrinter, prints_on_paper, spooling_in_memory
from desktop_app.ui.printing.sheet import (
    draw_page,
    draw_receipt,
    pdf,
    prepare,
    receipt_pdf,
    save_receipt_pdf,
)
from tests.documents.papers import VIEW


def page_of(data: bytes) -> pypdf.PageObject:
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert len(reader.pages) == 1
    return reader.pages[0]


def text_of(page: pypdf.PageObject) -> str:
    """The words of a page; glyphs shared with radicals come out as these, so they are folded."""
    return "".join(unicodedata.normalize("NFKC", page.extract_text()).split())


def test_a_receipt_is_one_a4_sheet_with_both_halves(qtbot: QtBot) -> None:
    page = page_of(receipt_pdf(VIEW))
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    assert (round(width), round(height)) == (595, 842)
    words = text_of(page)
    for part in ("(请保管)", "学校留存联", "沿此线裁开", "监护人声明"):
        assert part in words
    assert words.count("本次登记不收取任何费用") == 2
    assert words.count("罗志远") == 2
    assert VIEW.id_number not in words
    assert VIEW.phone not in words


def test_copied_or_searched_a_receipt_says_every_character_as_it_was_typed(qtbot: QtBot) -> None:
    """𫘬 has five hex digits, and 父 shares its glyph with a radical: Qt's own tables lose both."""
    view = replace(VIEW, name="㼆𫘬罗雨桐", guardian="欧阳𫘬·𬱖")
    said = "".join(page_of(receipt_pdf(view)).extract_text().split())
    assert said.count("㼆𫘬罗雨桐") == 2
    assert said.count("欧阳𫘬·𬱖（父亲）") == 2
    assert not [sign for sign in said if 0x2E80 <= ord(sign) <= 0x2FDF], "no radical for a word"
    assert said.count(VIEW.number) >= 2


def test_tables_that_do_not_fit_what_was_noted_stay_as_they_are(qtbot: QtBot) -> None:
    store = QByteArray()
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = TextPdf(buffer)
    writer.begin_noting()
    writer.note_words("另一些字", QFont("Noto Serif CJK SC"))
    painter = QPainter(writer)
    painter.setFont(QFont("Noto Serif CJK SC"))
    painter.drawText(400, 400, "罗雨桐")
    painter.end()
    plain = bytes(store.data())
    assert writer.mended(plain) == plain
    writer.begin_noting()
    writer.note_words("罗雨桐", QFont("Noto Serif CJK SC"))
    mended = writer.mended(plain)
    assert mended.startswith(plain), "an update is written behind the file"
    assert page_of(mended).extract_text().strip() == "罗雨桐"


def test_every_font_is_in_the_file_and_the_code_on_both_halves(qtbot: QtBot) -> None:
    page = page_of(receipt_pdf(VIEW))
    fonts = page["/Resources"]["/Font"]  # type: ignore[index]
    assert fonts
    for font in fonts.values():
        described = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert any(key.startswith("/FontFile") for key in described)
    assert len(page.images) == 2


def test_the_title_of_the_file_is_the_receipt_number_alone(qtbot: QtBot) -> None:
    reader = pypdf.PdfReader(io.BytesIO(receipt_pdf(VIEW)))
    assert reader.metadata is not None
    assert reader.metadata.title == VIEW.number


def test_the_halves_keep_to_their_half_even_when_full(qtbot: QtBot) -> None:
    full = replace(VIEW, materials=VIEW.materials * 3)
    image = drawn(full)
    middle, width = image.height() // 2, image.width()
    gap = round(image.height() * 2 / 297)
    for y in (middle - gap, middle + gap):
        assert all(
            image.pixelColor(x, y) == QColor(Qt.GlobalColor.white) for x in range(0, width, 3)
        )


def drawn(view: ReceiptView) -> QImage:
    """Draw a receipt on an image with the measures of A4 at 96 dots an inch."""
    device = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    device.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    device.setResolution(96)
    prepare(device)
    image = QImage(794, 1123, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    draw_receipt(device, painter, view)
    painter.end()
    return image


def test_paper_is_black_on_white_whatever_the_screen_wears(qtbot: QtBot) -> None:
    image = drawn(VIEW)
    colours = {
        image.pixelColor(x, y).saturation() for x in range(0, 794, 5) for y in range(0, 1123, 3)
    }
    assert colours == {0}


def test_a_pdf_is_written_to_the_place_a_person_chose_and_nowhere_else(
    qtbot: QtBot, tmp_path: Path
) -> None:
    chosen = tmp_path / "chosen"
    chosen.mkdir()
    save_receipt_pdf(VIEW, chosen / "receipt.pdf")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["receipt.pdf"]
    assert (chosen / "receipt.pdf").read_bytes().startswith(b"%PDF")


def test_a_sheet_can_be_drawn_on_the_worker_thread(qtbot: QtBot) -> None:
    made: list[bytes] = []
    thread = threading.Thread(target=lambda: made.append(receipt_pdf(VIEW)))
    thread.start()
    thread.join()
    assert text_of(page_of(made[0])) == text_of(page_of(receipt_pdf(VIEW)))


def test_a_whole_page_takes_one_document(qtbot: QtBot) -> None:
    def draw(device: QPagedPaintDevice, painter: QPainter) -> None:
        draw_page(device, painter, "<p>日结单 2024</p>")

    assert "日结单2024" in text_of(page_of(pdf(draw, "day")))


def test_without_a_printer_the_desk_is_told_so(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinters", staticmethod(list))
    monkeypatch.setattr(QPrinterInfo, "defaultPrinter", staticmethod(QPrinterInfo))
    with pytest.raises(WorkplaceError) as told:
        SystemPrinter().require()
    assert told.value.code == "print.none"
    with pytest.raises(WorkplaceError):
        SystemPrinter().print_receipt(VIEW)


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("HP LaserJet P1108", True),
        ("Canon LBP2900", True),
        ("Microsoft Print to PDF", False),
        ("Microsoft XPS Document Writer", False),
        ("发送至 OneNote", False),
        ("传真", False),
    ],
)
def test_a_receipt_never_goes_to_a_printer_that_makes_files(name: str, holds: bool) -> None:
    assert prints_on_paper(name) is holds


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the passing file is CUPS's")
def test_what_passes_through_the_spooler_lies_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("TMPDIR", "/somewhere")
    with spooling_in_memory() as folder:
        assert folder == tmp_path
        assert os.environ["TMPDIR"] == str(tmp_path)
    assert os.environ["TMPDIR"] == "/somewhere"
    monkeypatch.delenv("TMPDIR")
    with spooling_in_memory():
        assert "TMPDIR" in os.environ
    assert "TMPDIR" not in os.environ
