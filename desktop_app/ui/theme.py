"""Putting a look on the application: palette, the one style sheet, font, and a refit of sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Template

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from desktop_app.durable.places import resource_path
from desktop_app.ui.look import TYPES, Look, tokens, wear
from desktop_app.ui.units import refit

_STYLED = "fusion"


class _Values(Mapping[str, str]):
    """Values of the style sheet: colour tokens, ``u34`` lengths and ``f_body`` type sizes."""

    def __init__(self, wanted: Look) -> None:
        self._look = wanted
        self._colours = tokens()[wanted.theme]

    def __getitem__(self, key: str) -> str:
        if key in self._colours:
            return self._colours[key]
        if key.startswith("f_"):
            return f"{self._look.u(TYPES[key[2:]].pixels)}px"
        if key.startswith("u") and key[1:].isdigit():
            return f"{self._look.u(int(key[1:]))}px"
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._colours)

    def __len__(self) -> int:
        return len(self._colours)


def style_sheet(wanted: Look) -> str:
    """Fill the one style sheet of the program for a look."""
    text = resource_path("style", "workstation.qss").read_text(encoding="utf-8")
    return Template(text).substitute(_Values(wanted))


def _palette(wanted: Look) -> QPalette:
    """Make the palette Fusion draws with where no rule of the style sheet reaches."""
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: "bg",
        QPalette.ColorRole.WindowText: "ink",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "sub",
        QPalette.ColorRole.Text: "ink",
        QPalette.ColorRole.Button: "surface",
        QPalette.ColorRole.ButtonText: "ink",
        QPalette.ColorRole.Highlight: "pri",
        QPalette.ColorRole.HighlightedText: "onpri",
        QPalette.ColorRole.PlaceholderText: "ink3",
        QPalette.ColorRole.ToolTipBase: "surface",
        QPalette.ColorRole.ToolTipText: "ink",
    }
    for role, token in roles.items():
        palette.setColor(role, wanted.colour(token))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, wanted.colour("ink3"))
    return palette


def apply_look(application: QApplication, wanted: Look) -> None:
    """Put a look on the application and refit every widget that exists."""
    wear(wanted)
    if not application.property(_STYLED):
        application.setStyle("Fusion")
        application.setProperty(_STYLED, True)
    application.setPalette(_palette(wanted))
    application.setFont(wanted.font("body"))
    application.setStyleSheet(style_sheet(wanted))
    refit(application, wanted.u)
