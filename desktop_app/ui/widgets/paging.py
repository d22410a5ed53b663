"""Long lists: all ids, but only a few pages of rows, fetched when they come into sight."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.services.progress import Progress
from desktop_app.ui.views import Cell, Column, Row, cell_text

PAGE = 50
KEPT = 12
CELL_ROLE = int(Qt.ItemDataRole.UserRole)
ROW_ROLE = CELL_ROLE + 1
_WAITING = "…"

Index = QModelIndex | QPersistentModelIndex
Fetch = Callable[[Sequence[str]], Sequence[Row]]


class Runner(Protocol):
    """The door to the worker thread, `Tasks.run`."""

    def __call__(
        self,
        use_case: Callable[[Progress], Sequence[Row]],
        on_success: Callable[[Sequence[Row]], None],
        *,
        owner: QObject | None = None,
    ) -> object:
        """Run a use case on the worker thread and answer on this one."""


class PagedModel(QAbstractTableModel):
    """A list of ids whose rows are fetched by pages through the worker thread."""

    def __init__(
        self,
        columns: Sequence[Column],
        run: Runner,
        fetch: Fetch,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._run = run
        self._fetch = fetch
        self._ids: Sequence[str] = ()
        self._pages: OrderedDict[int, tuple[Row, ...]] = OrderedDict()
        self._asked: set[int] = set()
        self._generation = 0

    @property
    def columns(self) -> tuple[Column, ...]:
        """List the columns."""
        return self._columns

    def set_ids(self, ids: Sequence[str], first_page: Sequence[Row] = ()) -> None:
        """Show another list; its first rows may be given to spare a fetch."""
        self.beginResetModel()
        self._ids = ids
        self._pages.clear()
        self._asked.clear()
        self._generation += 1
        if first_page:
            self._pages[0] = tuple(first_page[:PAGE])
        self.endResetModel()

    def refresh(self) -> None:
        """Fetch the rows anew and keep the list."""
        self._pages.clear()
        self._asked.clear()
        self._generation += 1
        if self._ids:
            self._tell_changed(0, len(self._ids) - 1)

    def key(self, row: int) -> str:
        """Tell the record id of a row."""
        return self._ids[row]

    def place(self, key: str) -> int:
        """Tell the row of a record id, -1 when it is not in the list."""
        try:
            return self._ids.index(key)
        except ValueError:
            return -1

    def row_at(self, row: int) -> Row | None:
        """Give a row, or None while it is being fetched."""
        page = row // PAGE
        rows = self._pages.get(page)
        if rows is None:
            self._ask(page)
            return None
        self._pages.move_to_end(page)
        place = row - page * PAGE
        return rows[place] if place < len(rows) else None

    def _ask(self, page: int) -> None:
        """Fetch a page unless it is on its way."""
        if page in self._asked:
            return
        self._asked.add(page)
        ids = tuple(self._ids[page * PAGE : (page + 1) * PAGE])
        generation = self._generation
        self._run(
            lambda _progress: self._fetch(ids),
            lambda rows: self._take(page, generation, rows),
            owner=self,
        )

    def _take(self, page: int, generation: int, rows: Sequence[Row]) -> None:
        """Keep a page that came; one of an older list is dropped."""
        if generation != self._generation:
            return
        self._asked.discard(page)
        self._pages[page] = tuple(rows)
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        self._tell_changed(page * PAGE, min(len(self._ids), (page + 1) * PAGE) - 1)

    def _tell_changed(self, first: int, last: int) -> None:
        """Tell the view that rows are to be drawn again."""
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    # --- what Qt asks -----------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Count the ids."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Count the columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give a cell: as a value for the delegate, in words for everybody else."""
        if role not in {Qt.ItemDataRole.DisplayRole, CELL_ROLE, ROW_ROLE}:
            return None
        row = self.row_at(index.row())
        if role == ROW_ROLE:
            return row
        cell: Cell = _WAITING if row is None else row.cells[index.column()]
        return cell if role == CELL_ROLE else cell_text(cell)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Give the titles of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None
