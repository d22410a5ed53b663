"""A picture on the clipboard, as the bytes or the file another program put there.

Nothing is decoded here: pictures of other programs are opened by the child alone. Windows keeps
bare pixels, which Qt hands over as an image; they are packed as a PNG for the child.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMimeData
from PySide6.QtGui import QGuiApplication, QImage

_TYPES = ("image/png", "image/jpeg")


def picture() -> Path | bytes | None:
    """Give the picture that was copied last, or None where there is none."""
    held = QGuiApplication.clipboard().mimeData()
    for kind in _TYPES:
        if held.hasFormat(kind):
            return bytes(held.data(kind).data())
    files = [url.toLocalFile() for url in held.urls() if url.isLocalFile()]
    if len(files) == 1:
        return Path(files[0])
    return _pixels(held) if sys.platform == "win32" else None


def _pixels(held: QMimeData) -> bytes | None:
    """Pack the bare pixels Windows keeps."""
    image = held.imageData() if held.hasImage() else None
    if not isinstance(image, QImage) or image.isNull():
        return None
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
