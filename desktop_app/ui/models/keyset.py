"""Lists walked by key: each page begins where the one before ended, however long the list is.

The pages already seen are known by their ids and by the key each begins after; their rows are kept
for a few pages only and fetched again by that key. Nothing counts or skips through the database.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QModelIndex, QObject, Qt

from desktop_app.services.progress import Progress
from desktop_app.ui.views import Column, Row
from desktop_app.ui.widgets.paging import KEPT, Index, PagedModel

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A page of rows, and the key after which the next one begins, None at the end."""

    rows: tuple[Row, ...]
    after: Key | None


class ChunkRunner(Protocol):
    """The door to the worker thread, `Tasks.run`."""

    def __call__(
        self,
        use_case: Callable[[Progress], Chunk],
        on_success: Callable[[Chunk], None],
        *,
        owner: QObject | None = None,
    ) -> object:
        """Run a use case on the worker thread and answer on this one."""


class KeysetModel(PagedModel):
    """A list that grows by pages as it is walked; also shows fixed rows, such as a search's."""

    def __init__(
        self,
        columns: Sequence[Column],
        run: ChunkRunner,
        fetch: Callable[[Key | None], Chunk],
        parent: QObject | None = None,
    ) -> None:
        """Take the columns, the door to the worker thread, and what fetches a page after a key."""
        super().__init__(columns, lambda *_args, **_more: None, _no_rows, parent)
        self._run_chunk = run
        self._fetch_chunk = fetch
        self._starts: list[int] = []
        self._keys: list[Key | None] = []
        self._next: Key | None = None
        self._growing = False
        self._fixed = False
        self._titles: dict[int, str] = {}

    @property
    def seen_pages(self) -> int:
        """Count the pages walked so far."""
        return len(self._starts)

    @property
    def complete(self) -> bool:
        """Tell whether the list has been walked to its end."""
        return self._next is None

    def begin(self, chunks: Sequence[Chunk], *, fixed: bool = False) -> None:
        """Show another list from its first pages; a ``fixed`` one is kept whole."""
        self.beginResetModel()
        self._forget()
        self._fixed = fixed
        key: Key | None = None
        for chunk in chunks:
            self._append(chunk, key)
            key = chunk.after
        self._next = key
        self.endResetModel()

    def _forget(self) -> None:
        self._ids: list[str] = []
        self._starts, self._keys = [], []
        self._pages.clear()
        self._asked.clear()
        self._generation += 1
        self._growing = False

    def _append(self, chunk: Chunk, key: Key | None) -> None:
        """Add a page at the end of the list."""
        self._starts.append(len(self._ids))
        self._keys.append(key)
        self._ids.extend(row.key for row in chunk.rows)
        self._keep(len(self._starts) - 1, chunk.rows)

    def _keep(self, page: int, rows: Sequence[Row]) -> None:
        self._pages[page] = tuple(rows)
        while not self._fixed and len(self._pages) > KEPT:
            self._pages.popitem(last=False)

    # --- rows -------------------------------------------------------------------------------

    def row_at(self, row: int) -> Row | None:
        """Give a row, or None while it is being fetched."""
        page = bisect_right(self._starts, row) - 1
        rows = self._pages.get(page)
        if rows is None:
            self._ask(page)
            return None
        self._pages.move_to_end(page)
        place = row - self._starts[page]
        return rows[place] if place < len(rows) else None

    def _ask(self, page: int) -> None:
        """Fetch the rows of a page again, unless they are on their way."""
        if page in self._asked or not 0 <= page < len(self._keys):
            return
        self._asked.add(page)
        key, generation = self._keys[page], self._generation

        def take(chunk: Chunk) -> None:
            if generation == self._generation:
                self._take_again(page, chunk)

        self._run_chunk(lambda _progress: self._fetch_chunk(key), take, owner=self)

    def _take_again(self, page: int, chunk: Chunk) -> None:
        """Keep the rows of a page that came again, in the places their ids have."""
        self._asked.discard(page)
        first, last = self._starts[page], self._end_of(page)
        rows = {row.key: row for row in chunk.rows}
        blank = ("",) * len(self.columns)
        ids = self._ids[first : last + 1]
        self._keep(page, [rows.get(one, Row(one, blank)) for one in ids])
        self._tell_changed(first, last)

    def _end_of(self, page: int) -> int:
        starts = self._starts
        return (starts[page + 1] if page + 1 < len(starts) else len(self._ids)) - 1

    # --- growing ----------------------------------------------------------------------------

    def canFetchMore(self, parent: Index) -> bool:
        """Tell whether the list goes on."""
        return not parent.isValid() and self._next is not None and not self._growing

    def fetchMore(self, parent: Index) -> None:
        """Fetch the next page, once."""
        if not self.canFetchMore(parent):
            return
        self._growing = True
        key, generation = self._next, self._generation

        def take(chunk: Chunk) -> None:
            if generation == self._generation:
                self._grow(chunk, key)

        self._run_chunk(lambda _progress: self._fetch_chunk(key), take, owner=self)

    def _grow(self, chunk: Chunk, key: Key | None) -> None:
        """Add the page that came."""
        self._growing = False
        self._next = chunk.after
        if chunk.rows:
            first = len(self._ids)
            self.beginInsertRows(QModelIndex(), first, first + len(chunk.rows) - 1)
            self._append(chunk, key)
            self.endInsertRows()

    # --- titles -----------------------------------------------------------------------------

    def set_title(self, column: int, title: str) -> None:
        """Give a column another title than the one it was made with."""
        self._titles[column] = title
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, column, column)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Give the titles of the columns as they are now."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles.get(section, self.columns[section].title)
        return super().headerData(section, orientation, role)


def _no_rows(_ids: Sequence[str]) -> Sequence[Row]:
    """Give nothing: pages come by key."""
    return ()
