"""The persons of this computer, as cards one walks with the arrow keys."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from desktop_app.ui.look import Shape, look
from desktop_app.ui.units import column, row, set_units
from desktop_app.ui.views import PersonView, State
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.panel import Card
from desktop_app.ui.widgets.pill import StatusPill

_ROW = 58
_GAP = 10


class PersonCard(Card):
    """One person of the list."""

    def __init__(self, view: PersonView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        line = row(self, 12, (16, 0, 16, 0))
        line.addWidget(Text(view.name, "title", self))
        line.addWidget(Text(view.role, "body", self, elide=True), 1)
        if view.note:
            line.addWidget(StatusPill(State.UNFINISHED, view.note, self))
        self.setAccessibleName(f"{view.name} {view.role}")
        set_units(self, height=_ROW)


class PersonList(QScrollArea):
    """The persons of this computer; shows a few and scrolls to the one of now."""

    chosen = Signal(int)

    def __init__(self, persons: tuple[PersonView, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("r", "sheetscroll")
        content = Plain(None, "content")
        lines = column(content, _GAP)
        self._cards: list[PersonCard] = []
        for place, view in enumerate(persons):
            card = PersonCard(view, content)
            card.clicked.connect(partial(self.chosen.emit, place))
            lines.addWidget(card)
            self._cards.append(card)
        lines.addStretch(1)
        self.setWidget(content)
        self.fit()

    def set_current(self, place: int) -> None:
        """Mark a person and bring the card into view."""
        for index, card in enumerate(self._cards):
            card.set_active(active=index == place)
        if self._cards:
            self.ensureWidgetVisible(self._cards[place], 0, 0)

    def fit(self) -> None:
        """Show three cards, two at the largest type."""
        most = 2 if look().shape is Shape.NARROW else 3
        count = max(1, min(most, len(self._cards)))
        half = _ROW // 2 if len(self._cards) > most == 3 else 0
        set_units(self, height=count * (_ROW + _GAP) - _GAP + half)

    def minimumSizeHint(self) -> QSize:
        """Need the width of a card with its pill."""
        return QSize(look().u(320), self.height())
