"""Sheets of paper: A4 in one piece, or in two halves with a line to cut along.

Everything is drawn by ``QTextDocument`` and ``QPainter`` on whatever device is handed in; a PDF is
made in memory and written to the place a person chose, nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QImage,
    QPagedPaintDevice,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPalette,
    QPen,
    QTextDocument,
)

from desktop_app.documents.receipt import ReceiptView, receipt_html
from desktop_app.durable.files import write_atomically
from desktop_app.ui.printing.pdf_text import TextPdf

WIDTH_MM, HEIGHT_MM = 210.0, 297.0
_SIDE_MM, _TOP_MM, _CUT_MM = 16.0, 11.0, 3.0
_STEP, _SMALLEST = 0.04, 0.5
_DPI = 300
_CAPTION_FAMILY = "Noto Sans CJK SC"

Draw = Callable[[QPagedPaintDevice, QPainter], None]


class Millimetres:
    """Converts millimetres of paper to the pixels of a device."""

    def __init__(self, device: QPaintDevice) -> None:
        self._per_mm = device.logicalDpiX() / 25.4

    def __call__(self, millimetres: float) -> float:
        """Give the pixels of a length."""
        return millimetres * self._per_mm


def prepare(device: QPagedPaintDevice) -> None:
    """Set a device to A4 upright without margins of its own; must come before painting begins."""
    device.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    device.setPageMargins(QMarginsF(0, 0, 0, 0))


def draw_receipt(device: QPaintDevice, painter: QPainter, view: ReceiptView) -> None:
    """Draw a receipt: the family's half at the top, the school's below the line to cut along."""
    draw_halves(device, painter, receipt_html(view, "family"), receipt_html(view, "school"))


def draw_halves(device: QPaintDevice, painter: QPainter, upper: str, lower: str) -> None:
    """Draw two documents at 0 and at half the page, and the line between them."""
    mm = Millimetres(device)
    half = HEIGHT_MM / 2
    for top, markup in ((0.0, upper), (half, lower)):
        width, height = WIDTH_MM - 2 * _SIDE_MM, half - _TOP_MM - _CUT_MM
        room = QRectF(mm(_SIDE_MM), mm(top + _TOP_MM), mm(width), mm(height))
        _draw_document(device, painter, markup, room)
    _draw_cut(device, painter, mm, half)


def draw_page(device: QPaintDevice, painter: QPainter, markup: str) -> None:
    """Draw one document on a whole page."""
    mm = Millimetres(device)
    room = QRectF(
        mm(_SIDE_MM), mm(_TOP_MM), mm(WIDTH_MM - 2 * _SIDE_MM), mm(HEIGHT_MM - 2 * _TOP_MM)
    )
    _draw_document(device, painter, markup, room)


def _draw_document(device: QPaintDevice, painter: QPainter, markup: str, room: QRectF) -> None:
    """Lay a document out for the device and draw it, black whatever theme the screen wears.

    What is too long for its room is set smaller: a long name must not run over the other half.
    """
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.documentLayout().setPaintDevice(device)
    document.setHtml(markup)
    size = _fit(document, room)
    if isinstance(device, TextPdf):
        device.note(document)
    context = QAbstractTextDocumentLayout.PaintContext()
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, QColor(Qt.GlobalColor.black))
    context.palette = palette
    painter.save()
    painter.translate(room.topLeft())
    painter.scale(size, size)
    document.documentLayout().draw(painter, context)
    painter.restore()


def _fit(document: QTextDocument, room: QRectF) -> float:
    """Lay a document out so that it fits its room, and give the size it is to be drawn at."""
    size = 1.0
    document.setTextWidth(room.width())
    while document.size().height() * size > room.height() and size > _SMALLEST:
        size -= _STEP
        document.setTextWidth(room.width() / size)
    return size


def _draw_cut(device: QPaintDevice, painter: QPainter, mm: Millimetres, at: float) -> None:
    """Draw the dashed line to cut along, with its words in the middle."""
    words = QCoreApplication.translate("Sheet", "沿此线裁开")
    font = QFont(_CAPTION_FAMILY)
    font.setPointSizeF(9)
    if isinstance(device, TextPdf):
        device.note_words(words, font)
    painter.save()
    painter.setFont(font)
    painter.setPen(QPen(QColor(Qt.GlobalColor.black), mm(0.2), Qt.PenStyle.DashLine))
    gap = painter.fontMetrics().horizontalAdvance(words) / 2 + mm(4)
    middle, y = mm(WIDTH_MM / 2), mm(at)
    painter.drawLine(round(mm(_SIDE_MM)), round(y), round(middle - gap), round(y))
    painter.drawLine(round(middle + gap), round(y), round(mm(WIDTH_MM - _SIDE_MM)), round(y))
    box = QRectF(middle - gap, y - mm(4), 2 * gap, mm(8))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()


def pdf(draw: Draw, title: str) -> bytes:
    """Draw one page into a PDF in memory; fonts are embedded, ``title`` holds no personal data.

    Copied or searched, it says what was drawn, rare characters included.
    """
    store = QByteArray()
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = TextPdf(buffer)
    writer.begin_noting()
    writer.setResolution(_DPI)
    writer.setTitle(title)
    prepare(writer)
    painter = QPainter(writer)
    draw(writer, painter)
    painter.end()
    buffer.close()
    return writer.mended(bytes(store.data()))


def receipt_pdf(view: ReceiptView) -> bytes:
    """Make the PDF of a receipt in memory."""
    return pdf(lambda device, painter: draw_receipt(device, painter, view), view.number)


def receipt_image(view: ReceiptView, width: int) -> QImage:
    """Draw a receipt on a picture so many pixels wide, in memory: the same page, for the screen."""
    image = QImage(width, round(width * HEIGHT_MM / WIDTH_MM), QImage.Format.Format_RGB32)
    dots = round(width / WIDTH_MM * 1000)
    image.setDotsPerMeterX(dots)
    image.setDotsPerMeterY(dots)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    draw_receipt(image, painter, view)
    painter.end()
    return image


def save_receipt_pdf(view: ReceiptView, path: Path) -> None:
    """Write the PDF of a receipt to the place a person chose.

    Raises:
        WorkplaceError: the place refuses.
    """
    write_atomically(path, receipt_pdf(view))
