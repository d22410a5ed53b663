"""The printer of this computer, or none: a registration never waits for it.

What is printed goes through the system's spooler. On Linux the printing library passes it through a
file for a moment; that file is made to lie in memory, so that nothing readable reaches the disk.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from desktop_app.documents.receipt import ReceiptView
from desktop_app.domain.errors import WorkplaceError
from desktop_app.ui.printing.sheet import Draw, draw_receipt, prepare

_ON_SCREEN = ("pdf", "xps", "onenote", "fax", "传真")
"""Printers that make files: a receipt of a child must not lie in somebody's documents."""
_SPOOL = "TMPDIR"


class ReceiptPrinter(Protocol):
    """What the registration page asks of a printer."""

    def require(self) -> None:
        """Make sure that there is a printer, before a copy is counted.

        Raises:
            WorkplaceError: there is none.
        """

    def print_receipt(self, view: ReceiptView) -> None:
        """Print a receipt.

        Raises:
            WorkplaceError: there is no printer, or it refuses.
        """


class SystemPrinter:
    """The printer chosen in the system's settings; called on the worker thread."""

    def require(self) -> None:
        """Make sure that there is a printer.

        Raises:
            WorkplaceError: ``print.none``.
        """
        self._chosen()

    def print_receipt(self, view: ReceiptView) -> None:
        """Print a receipt on one A4 sheet.

        Raises:
            WorkplaceError: ``print.none`` or ``print.refused``.
        """
        self.print_page(lambda device, painter: draw_receipt(device, painter, view), view.number)

    def print_page(self, draw: Draw, title: str) -> None:
        """Print one page; ``title`` stands in the spooler's list and holds no personal data.

        Raises:
            WorkplaceError: ``print.none`` or ``print.refused``.
        """
        printer = QPrinter(self._chosen(), QPrinter.PrinterMode.HighResolution)
        printer.setDocName(title)
        printer.setFullPage(True)
        prepare(printer)
        with spooling_in_memory():
            painter = QPainter()
            if not painter.begin(printer):
                raise WorkplaceError("print.refused")
            draw(printer, painter)
            if not painter.end() or printer.printerState() is QPrinter.PrinterState.Error:
                raise WorkplaceError("print.refused")

    @staticmethod
    def _chosen() -> QPrinterInfo:
        """Choose the default printer, or the first that prints on paper."""
        found = [QPrinterInfo.defaultPrinter(), *QPrinterInfo.availablePrinters()]
        for one in found:
            if not one.isNull() and prints_on_paper(one.printerName()):
                return one
        raise WorkplaceError("print.none")


def prints_on_paper(name: str) -> bool:
    """Tell whether a printer's name is not one that makes files."""
    return not any(word in name.lower() for word in _ON_SCREEN)


@contextlib.contextmanager
def spooling_in_memory() -> Iterator[Path | None]:
    """Let the printing library put its passing file into memory (Linux); gives the folder."""
    before = os.environ.get(_SPOOL)
    folder = _memory_folder()
    if folder is not None:
        os.environ[_SPOOL] = str(folder)
    try:
        yield folder
    finally:
        if before is None:
            os.environ.pop(_SPOOL, None)
        else:
            os.environ[_SPOOL] = before


def _memory_folder() -> Path | None:
    """Find a folder that lies in memory and that is this person's to write."""
    if not sys.platform.startswith("linux"):
        return None
    for place in (os.environ.get("XDG_RUNTIME_DIR", ""), "/dev/shm"):  # noqa: S108 - memory on Linux
        if place and os.access(place, os.W_OK | os.X_OK):
            return Path(place)
    return None
