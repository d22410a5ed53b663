"""The strip above the key bar: a message for some seconds, then the last case 上一件."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.ui.look import Shape, look
from desktop_app.ui.units import row, set_units
from desktop_app.ui.views import State, StripView
from desktop_app.ui.widgets.keys import KeyCap
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.panel import clear_layout
from desktop_app.ui.widgets.pill import StatusPill
from desktop_app.ui.widgets.shapes import StateShape


class Strip(Plain):
    """Nothing ever floats over a field: what has just happened is said here."""

    fell_silent = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "strip")
        set_units(self, height=38)
        self._line = row(self, 10, (14, 0, 14, 0))
        self._view: StripView | None = None
        self._message: tuple[State, str, str] | None = None
        self._words: list[str] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._message_over)

    @property
    def view(self) -> StripView | None:
        """Tell the last case."""
        return self._view

    @property
    def speaking(self) -> bool:
        """Tell whether a message stands here now."""
        return self._message is not None

    @property
    def words(self) -> str:
        """Tell all words that are shown."""
        return " ".join(self._words)

    def set_view(self, view: StripView | None) -> None:
        """Show the last case, once no message stands there."""
        self._view = view
        if self._message is None:
            self._draw()

    def say(self, state: State, bold: str, plain: str = "", seconds: float = 8) -> None:
        """Say what has just happened."""
        self._message = (state, bold, plain)
        self._timer.start(round(seconds * 1000))
        self._draw()

    def _message_over(self) -> None:
        """Let the last case take the place of the message."""
        self._message = None
        self._draw()
        self.fell_silent.emit()

    def fit(self) -> None:
        """Draw anew for a new scale."""
        self._draw()

    def _draw(self) -> None:
        """Fill the strip."""
        clear_layout(self._line)
        self._words = []
        if self._message is not None:
            state, bold, plain = self._message
            self._line.addWidget(StateShape(state, 18, self))
            self._add(bold, "strong")
            self._add(plain, "secondary", stretch=1)
        elif self._view is not None:
            self._draw_view(self._view)

    def _add(self, words: str, role: str, *, stretch: int = 0) -> None:
        """Add words; those that stretch are cut where there is no room."""
        self._line.addWidget(Text(words, role, self, elide=bool(stretch)), stretch)
        self._words.append(words)

    def _draw_view(self, view: StripView) -> None:
        """Show the last case."""
        wide = look().shape is Shape.WIDE
        if view.lead:
            self._add(view.lead, "caption")
        self._add(view.name, "strong")
        if view.state is not None:
            self._line.addWidget(StatusPill(view.state, view.word, self))
        text = view.text if wide else view.short or view.text
        self._add(text, "secondary", stretch=1)
        for action in view.keys:
            self._line.addWidget(KeyCap(action.key, self))
            words = action.label if wide else action.short or action.label
            self._add(words, "secondary")
