"""A panel to be read beside a list: one thing in full, that scrolls where it is long."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_app.ui.units import column
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.panel import Panel, clear_layout
from desktop_app.ui.widgets.scroll import FocusScroll


class ReadingPanel(Panel):
    """A head, and lines below it that are made anew for each thing that is shown."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 6) -> None:
        super().__init__("", parent, margins=(0, 0, 0, 0))
        self._content = Plain(self, "content")
        self._lines = column(self._content, spacing, (15, 10, 15, 10))
        self.body.addWidget(FocusScroll(self._content, self, role="sheetscroll"), 1)

    def words(self) -> str:
        """Give everything that stands on the panel, one line each."""
        shown = self._content.findChildren(Text)
        return "\n".join(one.text() for one in shown if one.isVisibleTo(self._content))

    def begin(self, title: str) -> None:
        """Take away what stood there, and name what comes."""
        clear_layout(self._lines)
        self.set_title(title)
