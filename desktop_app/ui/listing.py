"""A page with a stick that lists something, and what is done about a line beside the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.ui.exchanging import ExchangingPage, Find
from desktop_app.ui.look import Shape, look
from desktop_app.ui.panes import show_panes, stand_beside
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import row, set_units
from desktop_app.ui.views import Column, KeyAction
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.scroll import FocusScroll
from desktop_app.ui.widgets.table import WholeTable

_BESIDE = 480  # units


class ListingPage(ExchangingPage):
    """The place of the stick, a list, and the parts of which one stands beside it."""

    def __init__(
        self,
        tasks: Tasks,
        find: Find,
        columns: Sequence[Column],
        parent: QWidget | None = None,
    ) -> None:
        """Take the door to the worker thread, what finds sticks, and the columns of the list."""
        super().__init__(tasks, find, parent)
        self.panel = Panel("", self, margins=(0, 0, 0, 0))
        self.table = WholeTable(columns, tasks.run, self.panel, row=36)
        self.model = self.table.rows
        self.panel.body.addWidget(self.table)
        self.side = QStackedWidget(self)
        halves = row(None, 9)
        halves.addWidget(self.panel, 1)
        halves.addWidget(self.side, 1)
        self.lines.addWidget(self.place)
        self.lines.addLayout(halves, 1)
        self.lines.addWidget(self.banner_place)

    def add_sides(self, *parts: QWidget) -> None:
        """Take what may stand beside the list, in the order of their indices."""
        for part in parts:
            self.side.addWidget(FocusScroll(part, self.side, least=150))

    def stand(self, *, doing: bool, alone: bool = False, place: bool) -> None:
        """Stand side by side, or show the list or what is done, in its place.

        What is done stands ``alone`` where it needs all the room; at large type it always does.
        """
        shape = look().shape
        both, narrow = shape is Shape.WIDE and not alone, shape is Shape.NARROW
        show_panes(
            ((self.panel, both or not doing), (self.place, place), (self.side, both or doing))
        )
        stand_beside(self.side, _BESIDE, beside=both)
        set_units(self.table, min_height=70 if narrow else 142)
        self.panel.set_head_visible(visible=not narrow)

    def on_enter(self) -> None:
        """Take the focus too."""
        super().on_enter()
        self.take_focus()

    def take_focus(self) -> None:
        """Take the focus to the list, where it is in sight."""
        self.focus_on(self.table)

    @staticmethod
    def turning_keys(
        words: str, call: Callable[[], object], *, enabled: bool, why: str, warns: bool = True
    ) -> list[KeyAction]:
        """List the key of what is taken away after a question; a capital T is no other letter."""
        return [
            KeyAction(key, words, call, enabled=enabled, warns=warns, why=why, shown=key == "T")
            for key in ("T", "Shift+T")
        ]
