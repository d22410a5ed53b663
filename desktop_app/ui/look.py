"""What the window wears: one theme at one scale, with its colours, type and lengths.

A `Look` answers what "the accent" or "34 high" is. Painters take colours and fonts from `look()`,
because a style sheet overrides the font of a widget. Putting a look on is `theme.apply_look`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from types import MappingProxyType

from PySide6.QtGui import QColor, QFont

from desktop_app.durable.places import resource_path

THEMES = ("light", "dark", "contrast")
SCALES = (100, 125, 150, 200)
FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "HanaMinA",
    "HanaMinB",
)


class Shape(Enum):
    """How a page is laid out at a scale (visual rules, section 3)."""

    WIDE = "wide"
    COMPACT = "compact"
    NARROW = "narrow"


@dataclass(frozen=True, slots=True)
class Type:
    """One role of type: height in pixels at 96 dpi and 100 %, and weight."""

    pixels: int
    bold: bool = False


TYPES: Mapping[str, Type] = MappingProxyType(
    {
        "caption": Type(13),
        "keycap": Type(13, bold=True),
        "check": Type(14),
        "body": Type(15),
        "strong": Type(15, bold=True),
        "title": Type(16, bold=True),
        "nav": Type(16),
        "input": Type(17),
        "number": Type(18, bold=True),
        "page": Type(20, bold=True),
        "counter": Type(22, bold=True),
        "big": Type(28, bold=True),
    }
)


@lru_cache(maxsize=1)
def tokens() -> Mapping[str, Mapping[str, str]]:
    """Read the colours of all themes, as ``#RRGGBB`` by theme and token."""
    text = resource_path("style", "tokens.json").read_text(encoding="utf-8")
    return MappingProxyType({name: MappingProxyType(row) for name, row in json.loads(text).items()})


@dataclass(frozen=True, slots=True)
class Look:
    """One theme at one scale (in per cent)."""

    theme: str = "light"
    scale: int = 100

    def __post_init__(self) -> None:
        """Refuse a theme or a scale that was never drawn."""
        if self.theme not in THEMES or self.scale not in SCALES:
            raise ValueError(self)

    @property
    def shape(self) -> Shape:
        """Tell which layout the scale asks for."""
        if self.scale >= 190:
            return Shape.NARROW
        return Shape.COMPACT if self.scale > 110 else Shape.WIDE

    def u(self, units: float) -> int:
        """Convert design units (pixels at 100 %) to pixels."""
        return round(units * self.scale / 100)

    def hex(self, token: str) -> str:
        """Name the colour of a token as ``#RRGGBB``."""
        return tokens()[self.theme][token]

    def colour(self, token: str) -> QColor:
        """Make the colour of a token."""
        return QColor(self.hex(token))

    def font(self, role: str, *, bold: bool | None = None) -> QFont:
        """Make the font of a type role, for painters."""
        kind = TYPES[role]
        font = QFont()
        font.setFamilies(list(FAMILIES))
        font.setPixelSize(self.u(kind.pixels))
        font.setBold(kind.bold if bold is None else bold)
        return font

    def larger(self) -> Look:
        """Step to the next scale, from the largest back to the smallest (F11)."""
        return replace(self, scale=SCALES[(SCALES.index(self.scale) + 1) % len(SCALES)])


class _Holder:
    """The look the application wears now."""

    current = Look()


def look() -> Look:
    """Tell the look the application wears now."""
    return _Holder.current


def wear(wanted: Look) -> None:
    """Remember the look the application wears from now on."""
    _Holder.current = wanted
