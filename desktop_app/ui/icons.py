"""Outline icons: SVG files of a Tabler icon package, drawn in a colour of the look.

The package is read as files and never imported (its Python half pulls in an image library). In a
packaged program only the icons in use travel along, under ``resources/icons``.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.durable.places import resource_path
from desktop_app.ui.look import look

_PACKAGE = "tablerpy"
_STROKE = "1.8"


@lru_cache(maxsize=1)
def icon_folder() -> Path:
    """Find the folder of the outline icons.

    Raises:
        FileNotFoundError: neither the program nor an installed package has them.
    """
    own = resource_path("icons", "outline")
    if own.is_dir():
        return own
    spec = find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        folder = Path(place) / "icons" / "outline"
        if folder.is_dir():
            return folder
    raise FileNotFoundError("icons")


def icon_source(name: str, colour: str) -> bytes:
    """Read an icon, with its stroke in ``colour`` (``#RRGGBB``)."""
    text = (icon_folder() / f"{name}.svg").read_text(encoding="utf-8")
    text = text.replace('stroke-width="2"', f'stroke-width="{_STROKE}"')
    return text.replace("currentColor", colour).encode()


def icon_pixmap(name: str, pixels: int, colour: str, ratio: float) -> QPixmap:
    """Draw an icon ``pixels`` wide for a screen of the given device pixel ratio; cached by Qt."""
    key = f"icon:{name}:{pixels}:{colour}:{ratio}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    side = round(pixels * ratio)
    drawn = QPixmap(side, side)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(icon_source(name, colour))).render(painter, QRectF(0, 0, side, side))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, drawn)
    return drawn


class Icon(QWidget):
    """One icon, ``units`` wide, in the colour of a token."""

    def __init__(
        self, name: str, colour: str = "ink2", units: float = 20, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._colour = colour
        self._units = units
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_colour(self, colour: str) -> None:
        """Draw the icon in another colour."""
        self._colour = colour
        self.update()

    def sizeHint(self) -> QSize:
        """Tell the side of the icon at the scale of now."""
        side = look().u(self._units)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Never draw the icon smaller."""
        return self.sizeHint()

    def fit(self) -> None:
        """Take the size of a new scale."""
        self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the icon centred."""
        side = look().u(self._units)
        drawn = icon_pixmap(self._name, side, look().hex(self._colour), self.devicePixelRatioF())
        painter = QPainter(self)
        painter.drawPixmap((self.width() - side) // 2, (self.height() - side) // 2, drawn)
        painter.end()
