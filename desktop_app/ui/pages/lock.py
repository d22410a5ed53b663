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
        head, self._busy_words, self._idle_words = self._told()
        cover = Plain(self, "bar")
        lines = column(cover, 14, (24, 24, 24, 24))
        centre = Qt.AlignmentFlag.AlignHCenter
        lines.addStretch(1)
        lines.addWidget(Mark(72, cover), 0, centre)
        lines.addWidget(Text(head, "big", cover, tone="bar"), 0, centre)
        self._words = Text("", "body", cover, tone="barsub")
        lines.addWidget(self._words, 0, centre)
        lines.addStretch(1)
        self.lines.addWidget(cover, 1)
        self.finishing(0)

    def _told(self) -> tuple[str, str, str]:
        """Give the head, and what is said while work is finished and when there is none."""
        return (
            self.tr("正在锁定…"),
            self.tr("正在做完手里的 {count} 件事，填到一半的也会留着"),
            self.tr("填到一半的都留着，马上回到登录页"),
        )

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
        words = self._busy_words if tasks else self._idle_words
        self._words.setText(words.format(count=tasks))

    def on_enter(self) -> None:
        """Take the focus away from every field."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)


class PracticeCover(LockPage):
    """Covers the screen while practice 练习 is erased."""

    def _told(self) -> tuple[str, str, str]:
        words = self.tr("练习的东西全部擦掉，马上回到登录页")
        return self.tr("正在离开练习…"), words, words


class PreparingPage(LockPage):
    """Stands while a practice school is made."""

    nav_key = "preparing"

    def _told(self) -> tuple[str, str, str]:
        words = self.tr("编一所学校和几户人家，要几秒钟。和真资料分开，离开就擦掉")
        return self.tr("正在准备练习…"), words, words
