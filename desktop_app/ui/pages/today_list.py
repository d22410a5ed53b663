"""The list of 今日名单: its table, walked by key, or what a search found; and the line under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.services.lists import ALL, Found, ListDesk, ListLine, ListSlice
from desktop_app.ui.look import Shape, look
from desktop_app.ui.models.keyset import Chunk, Key, KeysetModel
from desktop_app.ui.models.latest import Latest
from desktop_app.ui.models.listing import (
    LAPTOP_COLUMN,
    WHERE_COLUMN,
    LineRow,
    columns,
    row_of,
    where_title,
)
from desktop_app.ui.pages.today_parts import Footer
from desktop_app.ui.tasks import OnError, Tasks
from desktop_app.ui.units import column
from desktop_app.ui.widgets.labels import Plain
from desktop_app.ui.widgets.panel import EmptyState
from desktop_app.ui.widgets.table import DataTable

MOST_PAGES = 20
"""As many pages are walked again when something changed; the rest is walked when it is wanted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A list from its beginning, with the counts of all lists; ``found`` where it is a search.

    ``several`` tells that the school has more than one laptop: each child then says which.
    """

    which: str
    chunks: tuple[Chunk, ...]
    counts: Mapping[str, int]
    several: bool
    found: Found | None = None
    village: str = ""


class _Table(DataTable):
    """The table; at 200 % it may shrink to one row, so that a banner still has its place."""

    def minimumSizeHint(self) -> QSize:
        """Need room for the head and a few rows."""
        full = super().minimumSizeHint()
        spare = look().u(80) if look().shape is Shape.NARROW else 0
        return QSize(full.width(), full.height() - spare)


class TodayList(Plain):
    """Table and footer; tells what came, and which row is the one of now."""

    shown = Signal(object)
    moved = Signal()
    opened = Signal()

    def __init__(
        self, lists: ListDesk, tasks: Tasks, on_error: OnError, parent: QWidget | None = None
    ) -> None:
        """Take the lists and the door to the worker thread."""
        super().__init__(parent)
        self._desk = lists
        self._which = ALL
        self._village = ""
        self._counts: Mapping[str, int] = {}
        self._latest: Latest[Answer] = Latest(tasks, on_error, self)
        lines = column(self, 0)
        self.model = KeysetModel(columns(), tasks.run, self._fetch, self)
        self.table = _Table(self.model, self)
        self.table.leave_out(LAPTOP_COLUMN)
        self.footer = Footer(self)
        lines.addWidget(self.table, 1)
        self._empty: EmptyState | None = None
        self._lines = lines
        lines.addWidget(self.footer)
        self.table.moved.connect(lambda _record: self.moved.emit())
        self.table.opened.connect(lambda _record: self.opened.emit())
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.table.verticalScrollBar().rangeChanged.connect(self._say_rows)

    @property
    def line(self) -> ListLine | None:
        """Give the line of now, None where there is none or it is on its way."""
        place = self.table.currentIndex().row()
        if not 0 <= place < self.model.rowCount():
            return None
        found = self.model.row_at(place)
        return found.line if isinstance(found, LineRow) else None

    def ask(self, text: str, which: str, village: str = "") -> None:
        """Ask for a search among a list, or for the list itself as far as it was walked.

        Where a village is named, only whose household is registered there.
        """
        desk, seen = self._desk, 1
        if (which, village) == (self._which, self._village):
            seen = min(MOST_PAGES, max(1, self.model.seen_pages))
        if text:
            self._latest.ask(lambda: _search(desk, text, which, village), self._show)
        else:
            self._latest.ask(lambda: _walk(desk, which, seen, village), self._show)

    def take_key(self, event: QKeyEvent) -> None:
        """Move in the table with a key that was pressed elsewhere."""
        again = QKeyEvent(event.type(), event.key(), event.modifiers(), event.text())
        QApplication.sendEvent(self.table, again)

    def _fetch(self, after: Key | None) -> Chunk:
        """Fetch a page of the list that is shown (on the worker thread)."""
        return _chunk(self._desk.page(self._which, after, village=self._village))

    def _show(self, answer: Answer) -> None:
        """Put a list into the table, and go where the person was."""
        bar = self.table.verticalScrollBar()
        before, place = self.table.current_key, bar.value()
        self._which, self._counts = answer.which, answer.counts
        self._village = answer.village
        searching = answer.found is not None
        self.model.set_title(WHERE_COLUMN, where_title(searching=searching))
        self.table.leave_out(*(() if answer.several else (LAPTOP_COLUMN,)))
        self.model.begin(answer.chunks, fixed=searching)
        again = self.model.place(before) if before else -1
        if again > 0:
            bar.setValue(place)
            self.table.go_to_row(again)
        self._say_rows()
        self._say_empty(searching=searching)
        self.shown.emit(answer)

    def _say_empty(self, *, searching: bool) -> None:
        """Say why there is nothing to see, and how to go on."""
        if self._empty is not None:
            self._lines.removeWidget(self._empty)
            self._empty.hide()
            self._empty.deleteLater()
            self._empty = None
        rows = self.model.rowCount()
        self.table.setVisible(bool(rows))
        if rows:
            return
        if searching:
            why = self.tr("没有找到")
            how = self.tr("换个写法：拼音首字母，证件或电话后四位，回执号。按 Esc 清空")
        elif self._which == ALL:
            why = self.tr("还没有登记")
            how = self.tr("登记台存一件，这里就来一件。按 Alt+1 去登记")
        else:
            why, how = self.tr("这一类没有人"), self.tr("按 Alt+← 看全部")
        self._empty = EmptyState("inbox", why, how, None, self)
        self._lines.insertWidget(0, self._empty, 1)

    def _scrolled(self) -> None:
        """Fetch the next page before the end comes into sight."""
        bar = self.table.verticalScrollBar()
        root = self.table.rootIndex()
        if bar.value() >= bar.maximum() - 2 * bar.pageStep() and self.model.canFetchMore(root):
            self.model.fetchMore(root)
        self._say_rows()

    def _say_rows(self) -> None:
        """Say which rows are in sight, of how many."""
        rows = self.model.rowCount()
        first = self.table.rowAt(1)
        last = self.table.rowAt(self.table.viewport().height() - 2)
        total = rows if self.model.complete else max(rows, self._counts.get(self._which, 0))
        self.footer.say(max(first, 0) + 1, last + 1 if last >= 0 else rows, total)


def _search(desk: ListDesk, text: str, which: str, village: str) -> Answer:
    found = desk.search(text, which, village=village)
    rows = tuple(row_of(line, searching=True) for line in found.lines)
    several = desk.has_several_laptops()
    return Answer(which, (Chunk(rows, None),), desk.counts(), several, found, village)


def _walk(desk: ListDesk, which: str, pages: int, village: str) -> Answer:
    chunks = tuple(map(_chunk, desk.pages(which, pages, village=village)))
    several = desk.has_several_laptops()
    return Answer(which, chunks, desk.counts(), several, village=village)


def _chunk(page: ListSlice) -> Chunk:
    return Chunk(tuple(row_of(line, searching=False) for line in page.lines), page.after)
