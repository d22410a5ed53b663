"""The queue of 材料审核: what waits for a second person, oldest first, two lines each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import (
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from desktop_app.services.lists import MINE, QUEUE, ListDesk, ListLine, ListSlice
from desktop_app.ui.look import Look, look
from desktop_app.ui.models.keyset import Chunk, Key, KeysetModel
from desktop_app.ui.models.latest import Latest
from desktop_app.ui.models.listing import STATES, LineRow, next_step
from desktop_app.ui.tasks import OnError, Tasks
from desktop_app.ui.views import Column, State
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.paging import ROW_ROLE
from desktop_app.ui.widgets.panel import EmptyState, Panel
from desktop_app.ui.widgets.shapes import INK, paint_state
from desktop_app.ui.widgets.table import DataTable

_ROW = 54
_MOST_PAGES = 4


class _Delegate(QStyledItemDelegate):
    """Draws shape, name and category, and under the name what is to be looked at."""

    def __init__(self, view: QTableView, away: Callable[[], bool]) -> None:
        super().__init__(view)
        self._view, self._away = view, away

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one case."""
        now = look()
        area: QRect = option.rect
        row = index.data(ROW_ROLE)
        painter.save()
        if index.row() == self._view.currentIndex().row() and not self._away():
            painter.fillRect(area, now.colour("prit"))
            painter.fillRect(area.x(), area.y(), now.u(4), area.height(), now.colour("pri"))
        painter.fillRect(area.x(), area.bottom(), area.width(), 1, now.colour("line"))
        if isinstance(row, LineRow) and row.line is not None:
            _draw(painter, now, area, row.line)
        painter.restore()


def _draw(painter: QPainter, now: Look, area: QRect, line: ListLine) -> None:
    state = STATES[line.state] if line.state != "to_review" else State.DONE
    side = now.u(18)
    shape = QRectF(area.x() + now.u(14), area.center().y() - side / 2, side, side)
    paint_state(painter, shape, state, now.colour(INK[state]), now.colour("surface"))
    left = area.x() + now.u(42)
    code = QRect(area.right() - now.u(44), area.y() + now.u(6), now.u(34), now.u(22))
    painter.setFont(now.font("check"))
    painter.setPen(now.colour("ink3"))
    painter.drawText(
        code, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, line.category
    )
    lines = (
        (line.name, now.font("strong"), "ink", now.u(6), code.x() - left),
        (queue_note(line), now.font("caption"), "ink2", now.u(28), area.right() - left - now.u(6)),
    )
    for words, font, ink, top, width in lines:
        painter.setFont(font)
        painter.setPen(now.colour(ink))
        spot = QRect(left, area.y() + top, width, now.u(22))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, width)
        painter.drawText(spot, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def queue_note(line: ListLine) -> str:
    """Say in a few words what is to be looked at."""
    if line.holder:
        return QCoreApplication.translate("Queue", "{name} 在办").format(name=line.holder)
    if line.state == "to_review":
        return QCoreApplication.translate("Queue", "材料齐")
    return next_step(replace(line, due=""))


class QueueList(Panel):
    """The queue; tells the case of now."""

    moved = Signal(str)
    shown = Signal()

    def __init__(
        self, lists: ListDesk, tasks: Tasks, on_error: OnError, parent: QWidget | None = None
    ) -> None:
        """Take the lists and the door to the worker thread."""
        super().__init__("", parent, head=46, margins=(0, 0, 0, 0))
        self._desk = lists
        self._count = 0
        self.which = QUEUE
        self._away = False
        self.known = False
        self._latest: Latest[tuple[tuple[Chunk, ...], int]] = Latest(tasks, on_error, self)
        self.place = Text("", "caption", self)
        self.add_to_head(self.place)
        self.model = KeysetModel((Column("", 0),), tasks.run, self._fetch, self)
        self.table = DataTable(self.model, self, row=_ROW)
        self.table.setItemDelegate(_Delegate(self.table, lambda: self._away))
        self.table.horizontalHeader().hide()
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(self.table, 1)
        self._empty = EmptyState("inbox", self.tr("没有待审的件"), "", None, self)
        self.body.addWidget(self._empty, 1)
        self.table.moved.connect(self._moved)

    @property
    def count(self) -> int:
        """Tell how many cases wait."""
        return self._count

    @property
    def current(self) -> str:
        """Tell the record of now, or nothing."""
        return self.table.current_key

    def refresh(self) -> None:
        """Fetch the queue anew; whoever was chosen stays, or whoever has taken their place."""
        desk, which, pages = self._desk, self.which, min(_MOST_PAGES, max(1, self.model.seen_pages))
        self._latest.ask(
            lambda: (tuple(map(_chunk, desk.pages(which, pages))), desk.counts()[which]), self._take
        )

    def look_away(self, *, away: bool) -> None:
        """Mark nobody while the case shown comes from elsewhere: it is not the one of now here."""
        self._away = away
        self.table.viewport().update()
        self._say()

    def swap(self) -> None:
        """Go from all that waits to what the person has in hand, and back."""
        self.which = QUEUE if self.which == MINE else MINE
        self.refresh()

    def step(self, by: int) -> None:
        """Go to the next case or the one before; fetch more before the end."""
        row = self.table.currentIndex().row() + by
        if 0 <= row < self.model.rowCount():
            self.table.go_to_row(row)
        if row + 10 > self.model.rowCount():
            self.model.fetchMore(self.table.rootIndex())

    def _fetch(self, after: Key | None) -> Chunk:
        return _chunk(self._desk.page(self.which, after))

    def _take(self, answer: tuple[tuple[Chunk, ...], int]) -> None:
        chunks, self._count = answer
        self.known = True
        before, place = self.table.current_key, self.table.currentIndex().row()
        self.model.begin(chunks)
        again = self.model.place(before) if before else -1
        rows = self.model.rowCount()
        if rows:
            self.table.go_to_row(again if again >= 0 else min(max(place, 0), rows - 1))
        self.table.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self._say()
        self.shown.emit()

    def _moved(self, record: str) -> None:
        self._say()
        self.moved.emit(record)

    def _say(self) -> None:
        words = self.tr("待审 {count} 件") if self.which == QUEUE else self.tr("我在办 {count} 件")
        self.set_title(words.format(count=self._count))
        row = self.table.currentIndex().row()
        words = self.tr("第 {place} 件").format(place=row + 1)
        self.place.setText(words if row >= 0 and self._count and not self._away else "")


def _chunk(page: ListSlice) -> Chunk:
    rows = tuple(LineRow(line.record, (line.name,), line=line) for line in page.lines)
    return Chunk(rows, page.after)
