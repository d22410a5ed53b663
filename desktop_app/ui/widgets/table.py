"""Tables: one delegate for every cell, hairline rows, and a blue edge on the row of now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop_app.ui.look import Look, Shape, look
from desktop_app.ui.views import BarCell, Column, HitCell, PillCell, Row
from desktop_app.ui.widgets.paging import CELL_ROLE, ROW_ROLE, PagedModel, Runner
from desktop_app.ui.widgets.pill import paint_pill
from desktop_app.ui.widgets.progress import paint_bar

_PAD = 12
_CENTRE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class RowDelegate(QStyledItemDelegate):
    """Draws all cells with one painter; nothing is laid out twice."""

    def __init__(self, columns: tuple[Column, ...], view: QTableView) -> None:
        super().__init__(view)
        self._columns = columns
        self._view = view

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one cell."""
        now = look()
        area: QRect = option.rect
        current = index.row() == self._view.currentIndex().row()
        painter.save()
        if current:
            painter.fillRect(area, now.colour("prit"))
            if index.column() == self._view.horizontalHeader().logicalIndexAt(0):
                painter.fillRect(area.x(), area.y(), now.u(4), area.height(), now.colour("pri"))
        painter.fillRect(area.x(), area.bottom(), area.width(), 1, now.colour("line"))
        self._draw_cell(painter, now, area.adjusted(now.u(_PAD), 0, -now.u(4), -1), index)
        painter.restore()

    def _draw_cell(
        self,
        painter: QPainter,
        now: Look,
        area: QRect,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw what the cell holds."""
        cell = index.data(CELL_ROLE)
        row = index.data(ROW_ROLE)
        column = self._columns[index.column()]
        strong = column.strong or (isinstance(row, Row) and row.strong)
        painter.setFont(now.font("check" if column.secondary else "body", bold=strong))
        painter.setPen(now.colour("ink2" if column.secondary else "ink"))
        if isinstance(cell, PillCell):
            paint_pill(painter, area, cell.state, cell.word)
        elif isinstance(cell, BarCell):
            _draw_bar(painter, now, area, cell)
        elif isinstance(cell, HitCell):
            _draw_hits(painter, now, area, cell)
        else:
            words = painter.fontMetrics().elidedText(
                str(cell), Qt.TextElideMode.ElideRight, area.width()
            )
            painter.drawText(area, _CENTRE, words)

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Give every row the same height."""
        return QSize(look().u(80), look().u(40))


def _draw_bar(painter: QPainter, now: Look, area: QRect, cell: BarCell) -> None:
    """Draw a counted bar and its numbers."""
    words = f"{cell.done} / {cell.total}"
    text = painter.fontMetrics().horizontalAdvance(words) + now.u(8)
    bar = QRect(area.x(), area.center().y() - now.u(5), area.width() - text, now.u(11))
    if bar.width() > now.u(20):
        painter.save()
        paint_bar(painter, bar, cell.done, cell.total)
        painter.restore()
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)


def _draw_hits(painter: QPainter, now: Look, area: QRect, cell: HitCell) -> None:
    """Draw words with the hits of a search bold on yellow."""
    bold = QFont(painter.font())
    bold.setBold(True)
    plain = QFont(painter.font())
    left = area.x()
    for words, hit in _pieces(cell):
        painter.setFont(bold if hit else plain)
        metrics = painter.fontMetrics()
        room = area.right() - left
        if room <= 0:
            return
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room + 1)
        width = min(metrics.horizontalAdvance(shown), room)
        if hit:
            height = metrics.height()
            ground = QRect(left, area.center().y() - height // 2, width, height)
            painter.fillRect(ground, now.colour("warnt"))
        painter.drawText(QRect(left, area.y(), width + 1, area.height()), _CENTRE, shown)
        left += width


def _pieces(cell: HitCell) -> list[tuple[str, bool]]:
    """Cut a text into plain and hit pieces."""
    pieces: list[tuple[str, bool]] = []
    place = 0
    for start, length in sorted(cell.spans):
        pieces.append((cell.text[place:start], False))
        pieces.append((cell.text[start : start + length], True))
        place = start + length
    pieces.append((cell.text[place:], False))
    return [(words, hit) for words, hit in pieces if words]


class DataTable(QTableView):
    """A list one walks with the arrow keys; Enter opens, single letters are left to the page."""

    opened = Signal(str)
    moved = Signal(str)

    def __init__(self, model: PagedModel, parent: QWidget | None = None, *, row: int = 40) -> None:
        super().__init__(parent)
        self._model = model
        self._row = row
        self._nothing = ""
        self._settling = False
        self._left_out: frozenset[int] = frozenset()
        self.setModel(model)
        self.setItemDelegate(RowDelegate(model.columns, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setDefaultAlignment(_CENTRE)
        self.doubleClicked.connect(lambda index: self.opened.emit(model.key(index.row())))
        self.selectionModel().currentRowChanged.connect(self._current_moved)
        model.modelReset.connect(self._model_reset)
        self.fit()

    @property
    def current_key(self) -> str:
        """Tell the record id of the row of now, or nothing."""
        row = self.currentIndex().row()
        return self._model.key(row) if 0 <= row < self._model.rowCount() else ""

    def go_to_row(self, row: int) -> None:
        """Make a row the one of now."""
        if 0 <= row < self._model.rowCount():
            self.setCurrentIndex(self._model.index(row, 0))

    @property
    def nothing(self) -> str:
        """Tell what is said where there is no row, nothing while there are rows."""
        return "" if self._model.rowCount() else self._nothing

    def say_nothing(self, words: str) -> None:
        """Take what to say where there is no row: why, and which key goes on."""
        self._nothing = words
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, or why there are none."""
        super().paintEvent(event)
        if not self.nothing:
            return
        now = look()
        painter = QPainter(self.viewport())
        painter.setFont(now.font("body"))
        painter.setPen(now.colour("ink2"))
        room = self.viewport().rect().adjusted(now.u(14), now.u(12), -now.u(14), -now.u(4))
        painter.drawText(room, int(Qt.TextFlag.TextWordWrap), self.nothing)
        painter.end()

    def _model_reset(self) -> None:
        """Start at the first row of a new list."""
        self.go_to_row(0)
        if not self._model.rowCount():
            self._tell_moved()

    def _tell_moved(self) -> None:
        """Tell the page which row is the one of now."""
        if not self._settling:
            self.moved.emit(self.current_key)

    def _current_moved(self, now: QModelIndex, before: QModelIndex) -> None:
        """Draw both rows anew and tell the page."""
        for index in (now, before):
            if index.isValid():
                left = self.visualRect(index.siblingAtColumn(0))
                self.viewport().update(0, left.y(), self.viewport().width(), left.height())
        self._tell_moved()

    def fit(self) -> None:
        """Take heights and columns of a new scale."""
        now = look()
        # The least height first: a default below the least of the former scale would be refused.
        self.verticalHeader().setMinimumSectionSize(now.u(self._row))
        self.verticalHeader().setDefaultSectionSize(now.u(self._row))
        self.horizontalHeader().setFixedHeight(now.u(34))
        self.horizontalHeader().setMinimumSectionSize(now.u(24))
        self._fit_columns()

    def leave_out(self, *places: int) -> None:
        """Leave out columns that would say the same in every row; none brings all back."""
        if self._left_out != frozenset(places):
            self._left_out = frozenset(places)
            self._fit_columns()

    def _fit_columns(self) -> None:
        """Give columns their width; those of width 0 share the rest."""
        now = look()
        shown = [
            (place, column)
            for place, column in enumerate(self._model.columns)
            if (now.shape is Shape.WIDE or column.compact) and place not in self._left_out
        ]
        for place, column in enumerate(self._model.columns):
            self.setColumnHidden(place, (place, column) not in shown)
        fixed = sum(now.u(column.width) for _, column in shown)
        # Where none is left that takes the rest, the last one does: a row goes to the edge.
        elastic = [place for place, column in shown if not column.width]
        elastic = elastic or [place for place, _ in shown[-1:]]
        rest = max(0, self.viewport().width() - fixed) // max(1, len(elastic))
        for place, column in shown:
            width = now.u(column.width) + (rest if place in elastic else 0)
            self.setColumnWidth(place, max(width, now.u(24)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width anew."""
        super().resizeEvent(event)
        self._fit_columns()

    def minimumSizeHint(self) -> QSize:
        """Need room for the head and three rows."""
        now = look()
        fixed = sum(
            column.width or 60
            for column in self._model.columns
            if now.shape is Shape.WIDE or column.compact
        )
        return QSize(now.u(fixed), now.u(34) + 3 * now.u(self._row))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter; leave letters, digits and function keys to the page."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self.current_key:
                self.opened.emit(self.current_key)
            return
        if event.text().isprintable() and event.text():
            event.ignore()
            return
        super().keyPressEvent(event)


class WholeTable(DataTable):
    """A table whose rows are all given at once, and given anew when something changed."""

    def __init__(
        self,
        columns: Sequence[Column],
        run: Runner,
        parent: QWidget | None = None,
        *,
        row: int = 36,
    ) -> None:
        self._whole: dict[str, Row] = {}
        self.rows = PagedModel(columns, run, self._fetch)
        super().__init__(self.rows, parent, row=row)
        self.rows.setParent(self)

    def _fetch(self, keys: Sequence[str]) -> list[Row]:
        """Give rows beyond the first page (on the worker thread), while others may be given."""
        whole = self._whole
        return [whole[key] for key in keys if key in whole]

    def show_rows(self, rows: Iterable[Row]) -> None:
        """Show these rows unless they are shown already; whoever was the one of now stays so.

        The page hears of the row of now once, when all is in place: on the way there it would take
        the first row for one that somebody went to.
        """
        given = {one.key: one for one in rows}
        if list(given.values()) == list(self._whole.values()):
            return
        before = self.current_key
        self._whole, self._settling = given, True
        try:
            self.rows.set_ids(list(given), list(given.values()))
            self.go_to_row(max(0, self.rows.place(before) if before else 0))
        finally:
            self._settling = False
        self._tell_moved()
