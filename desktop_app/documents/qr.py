"""QR codes that hold a receipt number and nothing else."""

from __future__ import annotations

import base64
import io

import segno

from desktop_app.domain.receipt_number import is_receipt

_CORRECTION = "m"
QUIET_MODULES = 2
"""White margin; the paper around it is white too."""


def qr_matrix(receipt_number: str) -> tuple[tuple[bool, ...], ...]:
    """Give the modules row by row, dark is true, without margin.

    Raises:
        ValueError: anything but a receipt number; personal data never goes into a code.
    """
    return tuple(tuple(bool(module) for module in row) for row in _code(receipt_number).matrix)


def qr_svg(receipt_number: str) -> str:
    """Draw the code as an SVG of one unit per module.

    Raises:
        ValueError: as ``qr_matrix``.
    """
    out = io.BytesIO()
    _code(receipt_number).save(out, kind="svg", border=QUIET_MODULES, xmldecl=False, nl=False)
    return out.getvalue().decode()


def qr_png(receipt_number: str, scale: int = 6) -> bytes:
    """Draw the code as a black and white PNG of ``scale`` pixels per module.

    Raises:
        ValueError: as ``qr_matrix``.
    """
    out = io.BytesIO()
    _code(receipt_number).save(out, kind="png", scale=scale, border=QUIET_MODULES)
    return out.getvalue()


def qr_data_uri(receipt_number: str) -> str:
    """Give the PNG as a data address, so that a page needs no file beside it.

    Raises:
        ValueError: as ``qr_matrix``.
    """
    return "data:image/png;base64," + base64.b64encode(qr_png(receipt_number)).decode()


def _code(receipt_number: str) -> segno.QRCode:
    if not is_receipt(receipt_number):
        raise ValueError("a code holds a receipt number only")
    return segno.make(receipt_number, error=_CORRECTION, micro=False, boost_error=False)
