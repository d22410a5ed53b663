"""The help panel (F1): the policy sentence for the field of now, with source and version.

Below stand the keys of the page that the bar has no room for: the second row of the bar.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QRect, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from desktop_app.ui.look import Shape, look
from desktop_app.ui.units import column, row
from desktop_app.ui.views import HelpView, KeyAction
from desktop_app.ui.widgets.keys import KeyCap
from desktop_app.ui.widgets.labels import Hairline, Plain, Text
from desktop_app.ui.widgets.panel import clear_layout

_SECOND_ROW = "Shift+F"
"""How the keys begin that stand nowhere but here; all others are printed where they work."""


def help_words(view: HelpView) -> tuple[str, str]:
    """Call what F1 shows by its name: the policy's word where it has a source, or plain help."""
    if view.source:
        return _tr("政策依据"), _tr("依据")
    return _tr("帮助"), _tr("帮助")


def _tr(words: str) -> str:
    return QCoreApplication.translate("Help", words)


class HelpPanel(QFrame):
    """Lies at the right of the page, takes no focus, and goes with Esc or F1."""

    shown = Signal(bool)
    """Whether it lies over the page now."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("r", "help")
        lines = column(self, 8, (15, 12, 15, 14))
        head = row(None, 8)
        self._title = Text("", "title", self, elide=True)
        head.addWidget(self._title, 1)
        head.addWidget(KeyCap("Esc", self))
        lines.addLayout(head)
        lines.addWidget(Hairline(self))
        self._sentence = Text("", "body", self, wrap=True)
        self._source = Text("", "caption", self, wrap=True)
        self._rule = Hairline(self)
        self._explanation = Text("", "body", self, wrap=True)
        self._version = Text("", "caption", self, wrap=True)
        parts = (self._sentence, self._source, self._rule, self._explanation, self._version)
        for part in parts:
            lines.addWidget(part)
        self._keys = Plain(self)
        self._key_lines = column(self._keys, 5)
        lines.addWidget(self._keys)
        lines.addStretch(1)
        self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Say that Esc is its own now."""
        super().showEvent(event)
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Give Esc back to the page."""
        super().hideEvent(event)
        self.shown.emit(False)

    @property
    def sentence(self) -> str:
        """Tell the sentence that is shown."""
        return self._sentence.text()

    @property
    def key_words(self) -> list[str]:
        """Tell the keys that are listed, each with its word."""
        shown = self._keys.findChildren(QLabel)
        return [one.text() for one in shown if one.isVisibleTo(self._keys)]

    def set_view(self, view: HelpView, keys: Sequence[KeyAction] = ()) -> None:
        """Show the sentence of a field, and of the page's keys those the bar does not show."""
        self._title.setText(f"F1 {help_words(view)[1]}　{view.title}")
        self._sentence.setText(view.sentence)
        self._source.setText(view.source)
        self._explanation.setText(view.explanation)
        self._version.setText(view.version)
        self._rule.setVisible(bool(view.explanation))
        for part in (self._source, self._explanation, self._version):
            part.setVisible(bool(part.text()))
        self._list_keys([one for one in keys if one.key.startswith(_SECOND_ROW) and not one.shown])

    def _list_keys(self, keys: Sequence[KeyAction]) -> None:
        clear_layout(self._key_lines)
        self._keys.setVisible(bool(keys))
        if keys:
            self._key_lines.addWidget(Hairline(self._keys))
            self._key_lines.addWidget(Text(_tr("这一页还有这些键"), "caption", self._keys))
        wide = look().shape is Shape.WIDE
        across = 1 if wide else 2
        for start in range(0, len(keys), across):
            holder = Plain(self._keys)
            line = row(holder, 8)
            for one in keys[start : start + across]:
                words = one.label if wide else one.short or one.label
                line.addWidget(KeyCap(one.key, holder))
                line.addWidget(Text(words, "body", holder, elide=True), 1)
            self._key_lines.addWidget(holder)

    def lie_over(self, content: QRect) -> None:
        """Lie over the right side of the content."""
        now = look()
        width = min(content.width() - now.u(16), now.u(366))
        height = min(content.height() - now.u(16), max(now.u(220), self.heightForWidth(width)))
        left = content.right() - width - now.u(8)
        self.setGeometry(QRect(left, content.y() + now.u(8), width, height))
        self.raise_()
        self.show()

    def heightForWidth(self, width: int) -> int:
        """Measure the wrapped words."""
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout is not None else 0
