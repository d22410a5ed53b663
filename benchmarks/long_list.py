"""Targets 17 and 18: the list of 100,000 children scrolled, and filtered at every key.

17: the limit is a bare table view whose model gives the same words for every cell. Ours is the list
of 今日名单: pages come by key through the worker thread, cells are drawn by its delegate. A step is
PgDn until the rows in sight are drawn; with ours they must be the children's own.
18: the limit is the full-text SELECT with its count of rows into a bare table view, drawn. Ours is
the same list, asked as its field of search asks after a key: found, marked where it was hit, the
counts of all lists taken, drawn. The pause that waits for a next key (60 ms) is left out.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEventLoop, QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView

from benchmarks.bundle import DATABASE, SCHOOL_FOLDER, open_folder
from benchmarks.many import CHILDREN, KEY_FILE, many_children
from benchmarks.measure import Case, Gate, opened
from benchmarks.search import PHRASE
from benchmarks.season import SCOPE, open_raw
from desktop_app.services.lists import ALL, ListDesk
from desktop_app.ui.app import make_application
from desktop_app.ui.models.listing import columns
from desktop_app.ui.pages.today_list import Answer, TodayList
from desktop_app.ui.tasks import Tasks

_WIDE, _HIGH, _ROW = 1000, 560, 40
_STEPS = 40
_SLOWEST_OF_TWENTY = 0.033
_PATIENCE = 30.0
"""Seconds."""
_LISTED = 60
_TYPED = tuple(
    name[:length]
    for name in ("赵一", "钱丁娀", "李万", "周丈", "吴三", "郑上")
    for length in range(1, len(name) + 1)
)
"""What stands in the field after each key."""


def _until(holds: Callable[[], bool]) -> None:
    """Run the event loop until something holds; the worker's answer wakes it."""
    patience = time.monotonic() + _PATIENCE
    while not holds():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
        assert time.monotonic() < patience, "it did not come"


def _bug(error: BaseException) -> None:
    raise error


class _Constant(QAbstractTableModel):
    """A model that gives the words it was given, the same for every row if it has one alone."""

    def __init__(self, rows: Sequence[Sequence[str]], count: int) -> None:
        super().__init__()
        self.rows, self._count = rows, count

    def show(self, rows: Sequence[Sequence[str]]) -> None:
        """Give other rows."""
        self.beginResetModel()
        self.rows, self._count = rows, len(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # type: ignore[override]  # noqa: B008, N802
        """Count the rows."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # type: ignore[override]  # noqa: B008, N802
        """Count the columns."""
        return 0 if parent.isValid() else len(columns())

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # type: ignore[override]
        """Give the words of a cell."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self.rows[index.row() % len(self.rows)][index.column()]
        return None


class _Bare:
    """A table view of Qt's own, with as many columns and as high rows."""

    def open(self, prepared: Path, own: Path) -> None:
        """Show it."""
        del own
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        self._application = make_application()
        self._prepared = prepared
        line = ("00001-6", "赵一娀", "湛河湾村", "A1", "待审核", "—", "8/28 09:14", "2")
        self._model = _Constant((line,), CHILDREN)
        self._view = QTableView()
        self._view.setModel(self._model)
        self._view.verticalHeader().setDefaultSectionSize(_ROW)
        self._view.verticalHeader().hide()
        self._view.resize(_WIDE, _HIGH)
        self._view.show()
        QApplication.processEvents()

    def close(self) -> None:
        """Take it away."""
        self._view.deleteLater()
        QApplication.processEvents()


class ConstantScrolled(_Bare):
    """Walk down a table of constant words."""

    def open(self, prepared: Path, own: Path) -> None:
        """Show the table, its first row the one of now."""
        super().open(prepared, own)
        self._view.setCurrentIndex(self._model.index(0, 0))

    def run(self) -> None:
        """Go down by pages."""
        self._before = self._view.currentIndex().row()
        for _ in range(_STEPS):
            QTest.keyClick(self._view, Qt.Key.Key_PageDown)
            QApplication.processEvents()

    def check(self) -> None:
        """Assert that one is further down."""
        assert self._view.currentIndex().row() >= self._before + _STEPS * 8


class _Listed:
    """The list of 今日名单 on its worker thread."""

    def open(self, prepared: Path, own: Path) -> None:
        """Show it from its beginning."""
        del own
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        self._application = make_application()
        self._school = open_folder(prepared, SCHOOL_FOLDER)
        self._tasks = Tasks(_bug, _bug)
        self._list = TodayList(ListDesk(self._school), self._tasks, _bug)
        self._list.shown.connect(self._shown)
        self._list.resize(_WIDE, _HIGH)
        self._list.show()
        self.ask("")

    def _shown(self, answer: object) -> None:
        assert isinstance(answer, Answer)
        self._come, self._has_come = answer, True

    def ask(self, text: str) -> Answer:
        """Ask for a search, or for all, and see it drawn."""
        self._has_come = False
        self._list.ask(text, ALL)
        _until(lambda: self._has_come)
        QApplication.processEvents()
        return self._come

    def close(self) -> None:
        """Take it away, and close the folder."""
        self._tasks.close()
        self._list.deleteLater()
        QApplication.processEvents()
        self._school.close()


class ListScrolled(_Listed):
    """Walk down the list."""

    def run(self) -> None:
        """Go down by pages."""
        self._before = self._list.table.currentIndex().row()
        for _ in range(_STEPS):
            self.step()

    def step(self) -> None:
        """Go down by a page, and see the children of it drawn; what is on its way is waited for."""
        table, model = self._list.table, self._list.model
        _until(lambda: model.complete or model.canFetchMore(QModelIndex()))
        QTest.keyClick(table, Qt.Key.Key_PageDown)
        QApplication.processEvents()
        sight = [table.rowAt(1), table.rowAt(table.viewport().height() - 2)]
        if any(model.row_at(row) is None for row in sight):
            _until(lambda: all(model.row_at(row) is not None for row in sight))
            QApplication.processEvents()

    def check(self) -> None:
        """Assert that one is further down."""
        assert self._list.table.currentIndex().row() >= self._before + _STEPS * 8
        assert self._list.line is not None


class Selected(_Bare):
    """The SELECT through the driver, into a bare table."""

    def open(self, prepared: Path, own: Path) -> None:
        """Open the file."""
        super().open(prepared, own)
        key = (prepared / KEY_FILE).read_bytes()
        self._db = open_raw(prepared / SCHOOL_FOLDER / DATABASE, key=key)

    def run(self) -> None:
        """Select and draw, key by key."""
        self.found = []
        for typed in _TYPED:
            phrase = 'names : "' + " ".join(f"{ord(sign):x}" for sign in typed) + '"'
            rows = self._db.execute(PHRASE, (phrase, SCOPE, _LISTED)).fetchall()
            self.found.append([row[0] for row in rows])
            self._model.show([[str(value) for value in row[1:9]] for row in rows])
            QApplication.processEvents()

    def check(self) -> None:
        """Assert that most keys found somebody."""
        assert sum(map(bool, self.found)) > len(_TYPED) // 2

    def close(self) -> None:
        """Close the file."""
        super().close()
        self._db.close()


class Filtered(_Listed):
    """The list, asked key by key."""

    def open(self, prepared: Path, own: Path) -> None:
        """Show it, and know what is to be found."""
        super().open(prepared, own)
        limit = Selected()
        limit.open(prepared, own)
        limit.run()
        limit.close()
        self._wanted = limit.found

    def run(self) -> None:
        """Ask and draw, key by key."""
        self._found = [self.ask(typed).found for typed in _TYPED]

    def check(self) -> None:
        """Assert that the same children were found as by the phrase alone."""
        found = [[line.record for line in one.lines] for one in self._found if one is not None]
        assert found == self._wanted

    def slowest(self, times: int) -> float:
        """Give what nineteen of twenty keys take at most."""
        taken = []
        for at in range(times):
            begun = time.perf_counter()
            self.ask(_TYPED[at % len(_TYPED)])
            taken.append(time.perf_counter() - begun)
        return _p95(taken)


def _p95(taken: Sequence[float]) -> float:
    return sorted(taken)[len(taken) * 95 // 100]


def _slowest_step(prepared: Path) -> tuple[Gate, ...]:
    """Time single pages: nineteen of twenty are to be drawn within two frames."""
    with opened((ListScrolled,), prepared, 0) as (side,):
        assert isinstance(side, ListScrolled)
        taken = []
        for _ in range(200):
            begun = time.perf_counter()
            side.step()
            taken.append(time.perf_counter() - begun)
    p95 = _p95(taken)
    bound = f"≤ {_SLOWEST_OF_TWENTY * 1000:.0f} ms"
    return (Gate("p95, ms", round(p95 * 1000, 1), bound, p95 <= _SLOWEST_OF_TWENTY),)


def _slowest_key(prepared: Path) -> tuple[Gate, ...]:
    """Time single keys; no target names a bound, a person's patience does."""
    with opened((Filtered,), prepared, 0) as (side,):
        assert isinstance(side, Filtered)
        p95 = side.slowest(100)
    return (Gate("p95, ms", round(p95 * 1000, 1), "≤ 150 ms", p95 <= 0.15),)


CASES = (
    Case(
        number=17,
        title="the list scrolled, 100k children",
        target=2.5,
        prepare=many_children,
        limit=ConstantScrolled,
        ours=ListScrolled,
        gates=_slowest_step,
    ),
    Case(
        number=18,
        title="the list filtered at each key, 100k children",
        target=1.3,
        prepare=many_children,
        limit=Selected,
        ours=Filtered,
        gates=_slowest_key,
    ),
)
