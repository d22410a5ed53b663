"""Sizes declared in design units, so that a change of scale refits what is already on the screen.

`set_units` writes the wish on the object itself and fits it; `refit` walks every widget and layout
that exists and fits them again. A widget that needs more than that has a method ``fit()``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QBoxLayout, QGridLayout, QLayout, QWidget

from desktop_app.ui.look import look

_PROPERTY = "units"
Units = float | Sequence[float]


@runtime_checkable
class Fitting(Protocol):
    """A widget that lays itself out anew when the scale has changed."""

    def fit(self) -> None:
        """Take all sizes from the look of now."""


def _one(wish: Units) -> float:
    """Read a wish that is one length."""
    if isinstance(wish, Sequence):
        raise TypeError(wish)
    return wish


def _fit_widget(widget: QWidget, key: str, pixels: int) -> bool:
    """Fit one length of a widget; tell whether the key is one of a widget."""
    setters: Mapping[str, Callable[[int], None]] = {
        "height": widget.setFixedHeight,
        "width": widget.setFixedWidth,
        "min_height": widget.setMinimumHeight,
        "min_width": widget.setMinimumWidth,
        "max_width": widget.setMaximumWidth,
        "max_height": widget.setMaximumHeight,
    }
    setter = setters.get(key)
    if setter is not None:
        setter(pixels)
    return setter is not None


def _fit_layout(layout: QLayout, key: str, wish: Units, u: Callable[[float], int]) -> bool:
    """Fit margins or spacing of a layout; tell whether the key is one of a layout."""
    if key == "margins" and isinstance(wish, Sequence):
        left, top, right, bottom = (u(one) for one in wish)
        layout.setContentsMargins(left, top, right, bottom)
    elif key == "spacing":
        layout.setSpacing(u(_one(wish)))
    elif key == "row_spacing" and isinstance(layout, QGridLayout):
        layout.setVerticalSpacing(u(_one(wish)))
    else:
        return False
    return True


def _fit(item: QObject, wishes: Mapping[str, Units], u: Callable[[float], int]) -> None:
    """Fit one object to its wishes."""
    for key, wish in wishes.items():
        if isinstance(item, QLayout):
            known = _fit_layout(item, key, wish, u)
        elif isinstance(item, QWidget):
            known = _fit_widget(item, key, u(_one(wish)))
        else:
            known = False
        if not known:
            raise ValueError(key)


def set_units(item: QObject, **wishes: Units) -> None:
    """Declare lengths of a widget or layout in design units and fit them now.

    Widgets know height, width, min_height, min_width, max_width and max_height; layouts know
    margins (left, top, right, bottom), spacing and row_spacing.
    """
    known = item.property(_PROPERTY)
    item.setProperty(_PROPERTY, {**known, **wishes} if isinstance(known, dict) else wishes)
    _fit(item, wishes, look().u)


def _everything(application: QApplication) -> Iterator[QObject]:
    """Walk all widgets and their layouts, parents before children."""
    for top in application.topLevelWidgets():
        yield top
        yield from top.findChildren(QObject)


def refit(application: QApplication, u: Callable[[float], int]) -> None:
    """Fit everything that exists to a new scale."""
    items = list(_everything(application))
    for item in items:
        wishes = item.property(_PROPERTY)
        if isinstance(wishes, dict):
            _fit(item, wishes, u)
    for item in reversed(items):
        if isinstance(item, QWidget) and isinstance(item, Fitting):
            item.fit()


def tight(layout: QLayout, spacing: float = 0, margins: Sequence[float] = (0, 0, 0, 0)) -> QLayout:
    """Give a layout margins and spacing in units; returns it for chaining."""
    set_units(layout, spacing=spacing, margins=tuple(margins))
    return layout


def row(
    parent: QWidget | None, spacing: float = 8, margins: Sequence[float] = (0, 0, 0, 0)
) -> QBoxLayout:
    """Make a horizontal layout in units, set on ``parent`` when there is one."""
    made = _box(QBoxLayout.Direction.LeftToRight, parent)
    tight(made, spacing, margins)
    return made


def column(
    parent: QWidget | None, spacing: float = 8, margins: Sequence[float] = (0, 0, 0, 0)
) -> QBoxLayout:
    """Make a vertical layout in units, set on ``parent`` when there is one."""
    made = _box(QBoxLayout.Direction.TopToBottom, parent)
    tight(made, spacing, margins)
    return made


def _box(direction: QBoxLayout.Direction, parent: QWidget | None) -> QBoxLayout:
    """Make a box layout with or without an owner."""
    return QBoxLayout(direction, parent) if parent is not None else QBoxLayout(direction)
