"""Colours keep their contrast, sizes follow the scale, and no rule of the sheet is half filled."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.ui.look import FAMILIES, SCALES, THEMES, TYPES, Look, Shape, look, tokens
from desktop_app.ui.theme import apply_look, style_sheet
from desktop_app.ui.units import column, row, set_units

READ = [
    ("ink", "surface", 7.0),
    ("ink", "bg", 7.0),
    ("ink2", "surface", 7.0),
    ("ink2", "head", 4.5),
    ("ink3", "surface", 4.5),
    ("ink3", "head", 4.5),
    ("ink3", "bg", 4.5),
    ("pri", "surface", 4.5),
    ("pri", "prit", 4.5),
    ("onpri", "pri", 4.5),
    ("onpri", "prih", 4.5),
    ("ok", "okt", 4.5),
    ("warn", "warnt", 4.5),
    ("stop", "stopt", 4.5),
    ("info", "infot", 4.5),
    ("conf", "conft", 4.5),
    ("idle", "idlet", 4.5),
    ("ink", "warnt", 7.0),
    ("ink", "stopt", 7.0),
    ("ink", "prit", 7.0),
    ("ink", "locked", 7.0),
    ("keyink", "key", 7.0),
    ("barink", "bar", 7.0),
    ("barsub", "bar", 7.0),
    ("surface", "stop", 4.5),
]
ON_ACTIVE_ROW = ("ok", "warn", "stop", "info", "conf", "idle")


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_formula_knows_black_on_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground", "least"), READ)
def test_words_can_be_read(theme: str, ink: str, ground: str, least: float) -> None:
    row_of = tokens()[theme]
    assert contrast(row_of[ink], row_of[ground]) >= least


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("state", ON_ACTIVE_ROW)
def test_states_can_be_read_on_the_active_row(theme: str, state: str) -> None:
    assert contrast(tokens()[theme][state], tokens()[theme]["prit"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["surface", "bg", "sub"])
def test_borders_of_controls_can_be_seen(theme: str, ground: str) -> None:
    assert contrast(tokens()[theme]["ctl"], tokens()[theme][ground]) >= 3.0


def test_every_theme_has_the_same_tokens() -> None:
    assert len({frozenset(row_of) for row_of in tokens().values()}) == 1


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("scale", SCALES)
def test_the_style_sheet_is_filled_and_scaled(theme: str, scale: int) -> None:
    sheet = style_sheet(Look(theme, scale))
    assert "$" not in sheet
    sizes = {int(found) for found in re.findall(r"font-size: (\d+)px", sheet)}
    assert min(sizes) >= round(13 * scale / 100)


def test_nothing_is_smaller_than_a_caption() -> None:
    assert min(kind.pixels for kind in TYPES.values()) == TYPES["caption"].pixels == 13


def test_the_scale_steps_round() -> None:
    seen = [Look()]
    while len(seen) < 5:
        seen.append(seen[-1].larger())
    assert [one.scale for one in seen] == [100, 125, 150, 200, 100]
    assert [one.shape for one in seen[:4]] == [
        Shape.WIDE,
        Shape.COMPACT,
        Shape.COMPACT,
        Shape.NARROW,
    ]


@pytest.mark.parametrize("wrong", [("pink", 100), ("light", 110)])
def test_a_look_nobody_drew_is_refused(wrong: tuple[str, int]) -> None:
    with pytest.raises(ValueError, match="Look"):
        Look(*wrong)


def test_painters_get_the_font_of_the_scale() -> None:
    font = Look("light", 200).font("counter")
    assert font.pixelSize() == 44
    assert font.bold()
    assert font.families()[0] == FAMILIES[0]


def test_a_new_look_refits_what_exists(qapp: QApplication, qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    lines = column(widget, 10, (4, 8, 12, 16))
    inner = row(None, 6)
    lines.addLayout(inner)
    set_units(widget, height=34)
    apply_look(qapp, Look("dark", 150))
    assert look() == Look("dark", 150)
    assert widget.height() == 51
    assert lines.spacing() == 15
    assert lines.contentsMargins().right() == 18
    assert inner.spacing() == 9


@pytest.mark.parametrize("wish", [{"height": 3, "colour": 3}, {"spacing": 3}])
def test_a_length_nobody_knows_is_refused(wish: dict[str, float], qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    with pytest.raises(ValueError, match=r"colour|spacing"):
        set_units(widget, **wish)
