"""What is open at the close of day 日结, and why: a list, and one line of words for it.

The caret stays in the line; ↑ ↓ pass through it to the list, Enter explains the one of now, and
what stands in the line when the day is signed is meant for all the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.documents.day_sheet import OpenItem
from desktop_app.services.day_sheet import SENT_BACK, must_be_explained
from desktop_app.services.explaining import DRAFT
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import Column, PillCell, Row, State
from desktop_app.ui.widgets.inputs import TextInput
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.table import WholeTable

LONGEST = 400
_LIST_KEYS = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
_STATES = {"材料未齐": State.NEEDS, SENT_BACK: State.REFUSED, "没填完": State.UNFINISHED}


class ExplanationInput(TextInput):
    """The line of words; the keys of the list pass through it."""

    list_key = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, name="explanation", longest=LONGEST)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand ↑ ↓ PgUp PgDn to the list."""
        if event.key() in _LIST_KEYS and not self.composing:
            self.list_key.emit(event)
            return
        super().keyPressEvent(event)


class OpenPanel(Panel):
    """The list of what is open, with the explanations that some have already."""

    moved = Signal()

    def __init__(self, tasks: Tasks, parent: QWidget) -> None:
        """Take the door to the worker thread."""
        super().__init__("", parent, margins=(0, 0, 0, 0))
        self.set_title(self.tr("今天还没办完的"))
        columns = (
            Column(self.tr("回执号"), 200, strong=True),
            Column(self.tr("姓名"), 74),
            Column(self.tr("情况"), 118),
            Column(self.tr("说明"), 0, secondary=True),
        )
        self.table = WholeTable(columns, tasks.run, self, row=34)
        self.table.say_nothing(self.tr("今天登记的都办完了。"))
        self.table.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.table.moved.connect(lambda _key: self.moved.emit())
        self.body.addWidget(self.table)
        self._items: Mapping[str, OpenItem] = {}
        self.own: dict[str, str] = {}

    @property
    def current(self) -> OpenItem | None:
        """Give the item of now."""
        return self._items.get(self.table.current_key)

    def take_key(self, event: QKeyEvent) -> None:
        """Move in the list with a key that was pressed in the line."""
        again = QKeyEvent(event.type(), event.key(), event.modifiers(), event.text())
        QApplication.sendEvent(self.table, again)

    def show_items(self, items: Sequence[OpenItem]) -> None:
        """List what is open; explanations of what is no longer open are forgotten."""
        self._items = {one.receipt: one for one in items}
        self.own = {item: why for item, why in self.own.items() if item in self._items}
        self._show()

    def _show(self) -> None:
        self.table.show_rows(self._row(one) for one in self._items.values())
        self.moved.emit()

    def _row(self, item: OpenItem) -> Row:
        why = self.own.get(item.receipt, item.explanation)
        pill = PillCell(_STATES.get(item.what, State.WAITING), item.what)
        return Row(item.receipt, (item.receipt, item.name, pill, why))

    def explain(self, why: str) -> None:
        """Explain the item of now, or take its explanation away, and go to the next without one."""
        item = self.current
        if item is None:
            return
        self.own[item.receipt] = why
        if not why:
            del self.own[item.receipt]
        self._show()
        keys = list(self._items)
        place = keys.index(item.receipt)
        behind = [*keys[place + 1 :], *keys[:place]]
        silent = [key for key in behind if key not in self.own]
        if silent:
            self.table.go_to_row(keys.index(silent[0]))

    @property
    def silent(self) -> int:
        """Count what must be explained and has no explanation of its own."""
        return sum(must_be_explained(one) and one.receipt not in self.own for one in self._listed)

    @property
    def _listed(self) -> Sequence[OpenItem]:
        return tuple(self._items.values())

    def named(self) -> str:
        """Name the item of now as a person does: the end of its number, or that it is a draft."""
        item = self.current
        if item is None:
            return ""
        short = "-".join(item.receipt.split("-")[-2:])
        name = item.receipt if item.receipt.startswith(DRAFT) else short
        return f"{name} {item.what}"
