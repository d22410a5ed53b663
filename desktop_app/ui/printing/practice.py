"""Prints of practice 练习: the word lies across every sheet, whatever is printed."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPagedPaintDevice, QPainter

from desktop_app.documents.receipt import ReceiptView
from desktop_app.ui.printing.sheet import HEIGHT_MM, WIDTH_MM, Draw, Millimetres, draw_receipt

_SLANT = -32.0  # degrees
_TALL_MM = 30.0


class SheetPrinter(Protocol):
    """What is asked of the printer behind."""

    def require(self) -> None:
        """Make sure that there is a printer."""

    def print_page(self, draw: Draw, title: str) -> None:
        """Print one page."""


class PracticePrinter:
    """A printer whose every sheet says that it is practice and counts for nothing."""

    def __init__(self, printer: SheetPrinter) -> None:
        """Print with another printer."""
        self._printer = printer

    def require(self) -> None:
        """Make sure that there is a printer.

        Raises:
            WorkplaceError: there is none.
        """
        self._printer.require()

    def print_receipt(self, view: ReceiptView) -> None:
        """Print a receipt.

        Raises:
            WorkplaceError: as ``print_page``.
        """
        self.print_page(lambda device, painter: draw_receipt(device, painter, view), view.number)

    def print_page(self, draw: Draw, title: str) -> None:
        """Print one page with the word across each half of it.

        Raises:
            WorkplaceError: the printer behind refuses.
        """

        def marked(device: QPagedPaintDevice, painter: QPainter) -> None:
            draw(device, painter)
            draw_practice(device, painter)

        self._printer.print_page(marked, title)


def draw_practice(device: QPagedPaintDevice, painter: QPainter) -> None:
    """Draw the words over both halves of a sheet, grey, so that what is below stays readable."""
    words = QCoreApplication.translate("PracticePrinter", "练习 不作数")
    mm = Millimetres(device)
    font = QFont("Noto Sans CJK SC")
    font.setBold(True)
    font.setPixelSize(round(mm(_TALL_MM)))
    for centre in (HEIGHT_MM / 4, HEIGHT_MM * 3 / 4):
        painter.save()
        painter.translate(mm(WIDTH_MM / 2), mm(centre))
        painter.rotate(_SLANT)
        painter.setFont(font)
        painter.setPen(QColor(0, 0, 0, 70))
        room = QRectF(-mm(WIDTH_MM), -mm(_TALL_MM), 2 * mm(WIDTH_MM), 2 * mm(_TALL_MM))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)
        painter.restore()
