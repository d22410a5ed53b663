"""The panes of a page: side by side where there is room, one of them alone where there is not."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from desktop_app.ui.units import set_units

_ANY = 2000  # units no window has


def show_panes(panes: Iterable[tuple[QWidget, bool]]) -> None:
    """Show the panes that are told true, and hide the others.

    What goes goes first: showing lays out at once, and all of them would not fit.
    """
    for pane, shown in sorted(panes, key=lambda one: one[1]):
        pane.setVisible(shown)


def stand_beside(pane: QWidget, most: float, *, beside: bool, least: float | None = None) -> None:
    """Give a pane its width in units beside another one, or all there is where it is alone."""
    least = most if least is None else least
    set_units(pane, min_width=least if beside else 0, max_width=most if beside else _ANY)
