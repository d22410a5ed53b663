"""A scroll area that follows the focus, so that nothing is ever typed out of sight."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from desktop_app.ui.look import look
from desktop_app.ui.widgets.field import FieldRow


class FocusScroll(QScrollArea):
    """Scrolls upright only; the width of its content is a demand on the page."""

    def __init__(
        self, content: QWidget, parent: QWidget | None = None, *, least: int = 160, role: str = ""
    ) -> None:
        super().__init__(parent)
        self._least = least
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if role:
            self.setProperty("r", role)
        content.setProperty("r", content.property("r") or "content")
        self.setWidget(content)
        application = QApplication.instance()
        application.focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave all keys to the page: what follows the focus needs no keys of its own."""
        event.ignore()

    def minimumSizeHint(self) -> QSize:
        """Need the width of the content and of the bar, and a few rows of height."""
        content = self.widget()
        width = content.minimumSizeHint().width() if content is not None else 0
        height = content.minimumSizeHint().height() if content is not None else 0
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(width + bar, min(height, look().u(self._least)))

    def sizeHint(self) -> QSize:
        """Wish for the whole content."""
        content = self.widget()
        return content.sizeHint() if content is not None else super().sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what has the focus in view when a banner or the strip takes room away."""
        super().resizeEvent(event)
        self.follow()

    def follow(self) -> None:
        """Bring the field with the focus into view again, after the content has changed."""
        QTimer.singleShot(0, self, lambda: self._focus_moved(None, QApplication.focusWidget()))

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Bring the row with the focus into view."""
        content = self.widget()
        if now is None or content is None or not content.isAncestorOf(now):
            return
        shown: QWidget | None = now
        while shown is not None and shown is not content and not isinstance(shown, FieldRow):
            shown = shown.parentWidget()
        target = shown if isinstance(shown, FieldRow) else now
        self.ensureWidgetVisible(target, 0, look().u(48))
