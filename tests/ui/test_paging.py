"""Long lists hold ids and a few pages, fetched when they come into sight."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.ui.look import Look
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.theme import apply_look
from desktop_app.ui.views import BarCell, Cell, Column, HitCell, PillCell, Row, State, cell_text
from desktop_app.ui.widgets.paging import CELL_ROLE, KEPT, PAGE, ROW_ROLE, PagedModel
from desktop_app.ui.widgets.table import DataTable, WholeTable
from tests.ui.answering import Answering
from tests.ui.conftest import Show

COLUMNS = (
    Column("号", 80, compact=False),
    Column("姓名", 120, strong=True),
    Column("状态", 110),
    Column("已收", 160),
    Column("说明", 0, secondary=True),
)


class Store(Answering):
    """Rows by id; answers at once or when told."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.ids = [f"k{i}" for i in range(count)]
        self.asked: list[tuple[str, ...]] = []

    def fetch(self, ids: Sequence[str]) -> list[Row]:
        self.asked.append(tuple(ids))
        return [
            Row(
                one,
                (
                    one,
                    HitCell(f"姓名{one}", ((0, 2),)),
                    PillCell(State.DONE, "已办"),
                    BarCell(64, 96),
                    "很长的说明" * 20,
                ),
            )
            for one in ids
        ]


@pytest.fixture
def store() -> Store:
    return Store(1000)


@pytest.fixture
def model(store: Store) -> PagedModel:
    made = PagedModel(COLUMNS, store.run, store.fetch)
    made.set_ids(store.ids)
    return made


def word(model: PagedModel, row: int, column: int = 1) -> object:
    return model.index(row, column).data()


@pytest.mark.usefixtures("qapp")
def test_a_page_is_fetched_once_and_kept(model: PagedModel, store: Store) -> None:
    assert word(model, 3) == "…"
    assert word(model, 3) == "姓名k3"
    assert word(model, PAGE - 1) == f"姓名k{PAGE - 1}"
    assert store.asked == [tuple(store.ids[:PAGE])]


@pytest.mark.usefixtures("qapp")
def test_a_page_on_its_way_is_not_asked_for_again(model: PagedModel, store: Store) -> None:
    store.at_once = False
    seen: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: seen.append((first.row(), last.row())))
    assert word(model, 60) == word(model, 61) == "…"
    assert len(store.waiting) == 1
    store.answer_all()
    assert seen == [(PAGE, 2 * PAGE - 1)]
    assert word(model, 60) == "姓名k60"


@pytest.mark.usefixtures("qapp")
def test_only_a_few_pages_are_kept(model: PagedModel, store: Store) -> None:
    for page in range(KEPT + 3):
        word(model, page * PAGE)
    assert len(model._pages) == KEPT
    before = len(store.asked)
    word(model, 0)
    assert len(store.asked) == before + 1


@pytest.mark.usefixtures("qapp")
def test_a_page_of_an_older_list_is_dropped(model: PagedModel, store: Store) -> None:
    store.at_once = False
    word(model, 0)
    model.set_ids(["k7", "k8"])
    store.answer_all()
    assert word(model, 0) == "…"
    store.answer_all()
    assert word(model, 0) == "姓名k7"


@pytest.mark.usefixtures("qapp")
def test_a_first_page_may_come_with_the_list(model: PagedModel, store: Store) -> None:
    model.set_ids(store.ids[5:], store.fetch(store.ids[5 : 5 + PAGE]))
    assert word(model, 0) == "姓名k5"
    assert len(store.asked) == 1
    model.refresh()
    word(model, 0)
    assert len(store.asked) == 2


@pytest.mark.usefixtures("qapp")
def test_what_the_model_tells(model: PagedModel) -> None:
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert model.rowCount() == 1000
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.headerData(1, Qt.Orientation.Horizontal) == "姓名"
    assert model.place("k42") == 42
    assert model.place("nobody") == -1
    assert model.key(42) == "k42"
    word(model, 0)
    assert isinstance(model.index(0, 2).data(CELL_ROLE), PillCell)
    assert isinstance(model.index(0, 2).data(ROW_ROLE), Row)
    assert model.index(0, 2).data(Qt.ItemDataRole.DecorationRole) is None


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("a", "a"),
        (PillCell(State.DONE, "已办"), "已办"),
        (BarCell(64, 96), "64 / 96"),
        (HitCell("wzh", ((0, 1),)), "wzh"),
    ],
)
def test_every_cell_can_be_said(cell: Cell, words: str) -> None:
    assert cell_text(cell) == words


def test_rows_come_through_the_worker_thread(tasks: Tasks, store: Store, qtbot: QtBot) -> None:
    made = PagedModel(COLUMNS, tasks.run, store.fetch)
    made.set_ids(store.ids)
    assert word(made, 0) == "…"
    qtbot.waitUntil(lambda: word(made, 0) == "姓名k0")


@pytest.fixture
def table(model: PagedModel, show: Show) -> DataTable:
    made = DataTable(model)
    made.resize(900, 400)
    show(made)
    made.setFocus()
    made.go_to_row(0)
    return made


def test_arrows_move_and_enter_opens(table: DataTable) -> None:
    opened: list[str] = []
    moved: list[str] = []
    table.opened.connect(opened.append)
    table.moved.connect(moved.append)
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert moved == ["k1", "k2"]
    assert opened == ["k2"]
    assert table.current_key == "k2"


def test_letters_are_left_to_the_page(table: DataTable) -> None:
    QTest.keyClicks(table, "k9")
    assert table.current_key == "k0"


def test_a_new_list_starts_at_its_top(table: DataTable, model: PagedModel) -> None:
    table.go_to_row(9)
    moved: list[str] = []
    table.moved.connect(moved.append)
    model.set_ids(["k5", "k6"])
    assert table.current_key == "k5"
    model.set_ids([])
    assert (table.current_key, moved[-1]) == ("", "")


def test_only_what_is_in_sight_is_fetched(store: Store, show: Show, table: DataTable) -> None:
    table.grab()
    assert len(store.asked) <= 2


def test_columns_share_the_width(table: DataTable) -> None:
    widths = [table.columnWidth(place) for place in range(len(COLUMNS))]
    assert widths[:4] == [80, 120, 110, 160]
    assert sum(widths) == table.viewport().width()


def test_rows_shrink_again_with_the_scale(table: DataTable, qapp: QApplication) -> None:
    for scale, height in ((200, 80), (100, 40)):
        apply_look(qapp, Look("light", scale))
        assert table.rowHeight(0) == height


def test_cells_are_drawn(table: DataTable) -> None:
    table.grab()
    image = table.grab().toImage()
    colours = {
        image.pixelColor(x, y).name() for x in range(0, image.width(), 1) for y in range(34, 74)
    }
    assert {"#e2ecf6", "#17497d", "#fff1cf", "#e1f0e7"} <= colours


def whole(store: Store, show: Show, ids: Sequence[str]) -> WholeTable:
    made = WholeTable(COLUMNS, store.run)
    show(made)
    made.show_rows(store.fetch(ids))
    return made


def test_rows_given_anew_keep_the_row_of_now(store: Store, show: Show) -> None:
    table = whole(store, show, store.ids[:5])
    assert table.current_key == "k0"
    table.go_to_row(3)
    table.show_rows(store.fetch(["k4", "k3", "k1"]))
    assert table.current_key == "k3"
    assert [table.rows.key(place) for place in range(3)] == ["k4", "k3", "k1"]
    table.show_rows(store.fetch(["k4", "k1"]))  # who was the one of now is gone
    assert table.current_key == "k4"
    table.show_rows([])
    assert table.current_key == ""


def test_another_order_is_shown_and_the_same_rows_are_left_alone(store: Store, show: Show) -> None:
    table = whole(store, show, ["k1", "k2"])
    resets: list[int] = []
    table.rows.modelReset.connect(lambda: resets.append(1))
    table.show_rows(store.fetch(["k1", "k2"]))
    assert resets == []
    table.show_rows(store.fetch(["k2", "k1"]))
    assert [table.rows.key(place) for place in range(2)] == ["k2", "k1"]
    assert resets == [1]


def test_a_long_list_given_whole_is_shown_to_its_end(store: Store, show: Show) -> None:
    table = whole(store, show, store.ids[: PAGE + 3])
    store.at_once = False
    assert word(table.rows, PAGE + 1) == "…"
    table.show_rows(store.fetch(store.ids[: PAGE + 2]))  # the last goes while it is fetched
    store.answer_all()
    store.at_once = True
    word(table.rows, PAGE + 1)
    assert word(table.rows, PAGE + 1) == f"姓名k{PAGE + 1}"


def test_an_empty_table_says_why_and_which_key_goes_on(store: Store, show: Show) -> None:
    table = whole(store, show, [])
    bare = table.grab().toImage()
    table.say_nothing("还没有包。F10 装包。")
    assert table.nothing == "还没有包。F10 装包。"
    assert table.grab().toImage() != bare
    table.show_rows(store.fetch(["k1"]))
    assert table.nothing == ""
