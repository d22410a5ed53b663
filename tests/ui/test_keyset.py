"""Lists walked by key keep a few pages, fetch the rest again by their keys, and never skip."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop_app.domain.errors import ProductError, RuleError
from desktop_app.ui.models.keyset import Chunk, Key, KeysetModel
from desktop_app.ui.models.latest import Latest
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import Column, Row
from desktop_app.ui.widgets.paging import KEPT
from tests.ui.answering import Answering

SIZE = 10
TOP = QModelIndex()


class Store(Answering):
    """A thousand rows by key; answers at once or when told."""

    def __init__(self, count: int = 1000) -> None:
        super().__init__()
        self.count = count
        self.asked: list[Key | None] = []

    def fetch(self, after: Key | None) -> Chunk:
        self.asked.append(after)
        first = 0 if after is None else after[0] + 1
        last = min(first + SIZE, self.count) - 1
        rows = tuple(Row(f"k{one}", (f"n{one}",)) for one in range(first, last + 1))
        return Chunk(rows, (last, f"k{last}") if last + 1 < self.count else None)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def model(store: Store) -> KeysetModel:
    made = KeysetModel((Column("姓名", 0),), store.run, store.fetch)
    made.begin((store.fetch(None),))
    return made


def word(model: KeysetModel, row: int) -> object:
    return model.index(row, 0).data()


pytestmark = pytest.mark.usefixtures("qapp")


def test_a_list_grows_page_by_page_to_its_end(store: Store, model: KeysetModel) -> None:
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    while model.canFetchMore(TOP):
        model.fetchMore(TOP)
    assert model.rowCount() == store.count
    assert [model.key(row) for row in range(store.count)] == [f"k{n}" for n in range(store.count)]
    assert model.complete
    assert model.seen_pages == store.count // SIZE


def test_only_a_few_pages_of_rows_are_kept_and_come_again_by_key(
    store: Store, model: KeysetModel
) -> None:
    for _ in range(KEPT + 5):
        model.fetchMore(TOP)
    assert len(model._pages) == KEPT
    store.asked.clear()
    assert word(model, 25) == "…"
    assert word(model, 25) == "n25"
    assert store.asked == [(19, "k19")]


def test_the_next_page_is_asked_for_once(store: Store, model: KeysetModel) -> None:
    store.at_once = False
    model.fetchMore(TOP)
    assert not model.canFetchMore(TOP)
    model.fetchMore(TOP)
    assert len(store.waiting) == 1
    store.answer_all()
    assert model.rowCount() == 2 * SIZE


def test_an_answer_for_an_older_list_is_dropped(store: Store, model: KeysetModel) -> None:
    store.at_once = False
    model.fetchMore(TOP)
    model.begin((Chunk((Row("x", ("neu",)),), None),))
    store.answer_all()
    assert (model.rowCount(), word(model, 0)) == (1, "neu")


def test_a_row_that_left_the_list_meanwhile_is_blank(store: Store, model: KeysetModel) -> None:
    for _ in range(KEPT + 5):
        model.fetchMore(TOP)
    store.count = 23
    word(model, 25)
    assert word(model, 22) == "n22"
    assert word(model, 25) == ""
    assert model.rowCount() == (KEPT + 6) * SIZE


def test_what_a_search_found_is_kept_whole(model: KeysetModel) -> None:
    chunks = [
        Chunk(tuple(Row(f"{page}-{n}", ("x",)) for n in range(5)), (page, "")) for page in range(30)
    ]
    model.begin([*chunks, Chunk((), None)], fixed=True)
    assert len(model._pages) == 31
    assert all(word(model, row) == "x" for row in range(model.rowCount()))


def test_pages_may_be_of_any_length(model: KeysetModel) -> None:
    first = Chunk(tuple(Row(f"d{n}", (f"d{n}",)) for n in range(53)), (1, ""))
    model.begin((first, Chunk((Row("z", ("z",)),), None)))
    assert (word(model, 52), word(model, 53)) == ("d52", "z")
    assert model.place("z") == 53


def test_a_column_may_take_another_title(model: KeysetModel) -> None:
    model.set_title(0, "命中在哪")
    assert model.headerData(0, Qt.Orientation.Horizontal) == "命中在哪"


# --- the latest answer ----------------------------------------------------------------------


def test_only_the_latest_question_is_answered(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    heard: list[int] = []
    begun: list[int] = []
    latest: Latest[int] = Latest(tasks, lambda _error: None, owner)

    def ask(number: int) -> None:
        def use_case() -> int:
            begun.append(number)
            return number

        latest.ask(use_case, heard.append)

    for number in range(20):
        ask(number)
    qtbot.waitUntil(lambda: not latest.busy)
    assert heard == [19]
    assert begun == [0, 19]


def test_what_was_forgotten_is_not_told(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    heard: list[object] = []
    latest: Latest[int] = Latest(tasks, heard.append, owner)
    latest.ask(lambda: 1, heard.append)
    latest.forget()
    qtbot.waitUntil(lambda: not latest.busy)
    assert heard == []


def test_a_refusal_is_told(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    errors: list[ProductError] = []
    latest: Latest[int] = Latest(tasks, errors.append, owner)

    def refuse() -> int:
        raise RuleError("review.reason", reason="x")

    latest.ask(refuse, lambda _answer: None)
    qtbot.waitUntil(lambda: bool(errors))
    assert errors[0].code == "review.reason"
