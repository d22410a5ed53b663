"""A card with one big count: its word and state, where it stands, and what it means."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_app.ui.look import Shape, look
from desktop_app.ui.units import column, row, set_units
from desktop_app.ui.views import State
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Sheet
from desktop_app.ui.widgets.shapes import StateShape


class BigCount(Sheet):
    """One of a few counts that stand beside each other."""

    def __init__(
        self, state: State, word: str, meaning: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        lines = column(self, 2, (14, 8, 14, 8))
        head = row(None, 8)
        self._shape = StateShape(state, 17, self)
        head.addWidget(self._shape)
        head.addWidget(Text(word, "title", self, elide=True), 1)
        lines.addLayout(head)
        middle = row(None, 6)
        self._number = Text("—", "big", self)
        self._unit = Text("", "body", self)
        self._note = Text("", "secondary", self, elide=True)
        middle.addWidget(self._number)
        middle.addWidget(self._unit)
        middle.addStretch(1)
        middle.addWidget(self._note)
        lines.addLayout(middle)
        self._meaning = Text(meaning, "caption", self, elide=True)
        lines.addWidget(self._meaning)
        self.setAccessibleName(word)
        self.fit()

    @property
    def words(self) -> str:
        """Tell number, unit and note."""
        return f"{self._number.text()} {self._unit.text()} {self._note.text()}".strip()

    def say(self, number: int, unit: str, note: str, state: State, meaning: str = "") -> None:
        """Show another count."""
        self._number.setText(str(number))
        self._unit.setText(unit)
        self._note.setText(note)
        self._shape.set_state(state)
        if meaning:
            self._meaning.setText(meaning)

    def fit(self) -> None:
        """Leave the meaning out where there is no room for it."""
        self._meaning.setVisible(look().shape is Shape.WIDE)
        self._note.setVisible(look().shape is not Shape.NARROW)
        set_units(self, min_width=180 if look().shape is Shape.WIDE else 120)
