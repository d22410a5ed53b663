"""The lock screen: everything is covered at once while the work under way comes to its end.

The process then ends and starts anew at the login page, since Qt keeps what was typed in memory.
Nothing of a child stands here.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.ui.page import Page
from desktop_app.ui.units import column
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.shapes import Mark


class LockPage(Page):
    """Covers the screen and says what is still being finished."""

    nav_key = "lock"
    bare = True
    margins = (0, 0, 0, 0)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        cover = Plain(self, "bar")
        lines = column(cover, 14, (24, 24, 24, 24))
        centre = Qt.AlignmentFlag.AlignHCenter
        lines.addStretch(1)
        lines.addWidget(Mark(72, cover), 0, centre)
        lines.addWidget(Text(self.tr("正在锁定…"), "big", cover, tone="bar"), 0, centre)
        self._words = Text("", "body", cover, tone="barsub")
        lines.addWidget(self._words, 0, centre)
        lines.addStretch(1)
        self.lines.addWidget(cover, 1)
        self.finishing(0)

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("锁屏")

    @property
    def words(self) -> str:
        """Tell what is said below the mark."""
        return self._words.text()

    def finishing(self, tasks: int) -> None:
        """Say how much is still being finished before the login page comes back."""
        if tasks:
            words = self.tr("正在做完手里的 {count} 件事，填到一半的也会留着").format(count=tasks)
        else:
            words = self.tr("填到一半的都留着，马上回到登录页")
        self._words.setText(words)

    def on_enter(self) -> None:
        """Take the focus away from every field."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
