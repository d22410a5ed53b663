"""Laws of the kit: the order of Enter, what a long list shows, who is answered, what is seen in grey."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from desktop_app.domain.errors import (
    CancelledError,
    ProductError,
    RuleError,
    StaleError,
    UntrustedError,
    WorkplaceError,
)
from desktop_app.services.progress import Progress
from desktop_app.ui.look import SCALES, THEMES, Look, tokens
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.theme import apply_look
from desktop_app.ui.units import refit
from desktop_app.ui.views import Column, Row, State
from desktop_app.ui.widgets.form import Form
from desktop_app.ui.widgets.inputs import TextInput
from desktop_app.ui.widgets.paging import KEPT, PAGE, PagedModel
from desktop_app.ui.widgets.shapes import INK, TINT, paint_state
from tests.ui.conftest import Heard, Show, focused
from tests.ui.test_theme import contrast

EXAMPLES = 60
NAMES = ("a", "b", "c", "d", "e", "f")

# --- Enter and Shift+Enter ----------------------------------------------------------------------


@pytest.fixture
def form(show: Show) -> Iterator[Form]:
    made = Form()
    group = made.group("儿童")
    for name in NAMES:
        group.field(name, TextInput(name=name))
    show(made)
    yield made
    del made


FIELDS = st.fixed_dictionaries(
    {
        name: st.tuples(st.booleans(), st.booleans(), st.sampled_from(["", "off", "read only"]))
        for name in NAMES
    }
)


def _lay(form: Form, fields: dict[str, tuple[bool, bool, str]], start: str) -> None:
    """Fill, want and close fields, and put the caret into one."""
    for name, (filled, wanted, _) in fields.items():
        control = form.control(name)
        assert isinstance(control, TextInput)
        control.setEnabled(True)
        control.setReadOnly(False)
        control.set_value("x" if filled else "")
        form.want(name, wanted=wanted)
    form.go_to(start)
    for name, (_, _, closed) in fields.items():
        control = form.control(name)
        assert isinstance(control, TextInput)
        if name != start:
            control.setEnabled(closed != "off")
        control.setReadOnly(closed == "read only")


def _open(fields: dict[str, tuple[bool, bool, str]], start: str) -> list[str]:
    def closed(name: str) -> bool:
        how = fields[name][2]
        return how == "read only" or (how == "off" and name != start)

    return [name for name in NAMES if not closed(name)]


@given(fields=FIELDS, start=st.sampled_from(NAMES))
@settings(max_examples=EXAMPLES)
def test_enter_goes_to_the_next_open_blank_and_wanted_field_and_round(
    form: Form, fields: dict[str, tuple[bool, bool, str]], start: str
) -> None:
    _lay(form, fields, start)
    filled: list[None] = []

    def hear() -> None:
        filled.append(None)

    form.filled.connect(hear)
    at = NAMES.index(start)
    turned = [*NAMES[at + 1 :], *NAMES[:at]]
    needed = [
        name
        for name in turned
        if name in _open(fields, start) and fields[name][:2] == (False, True)
    ]
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    form.filled.disconnect(hear)
    assert form.current() == (needed[0] if needed else start)
    assert bool(filled) is not bool(needed)


@given(fields=FIELDS, start=st.sampled_from(NAMES))
@settings(max_examples=EXAMPLES)
def test_shift_enter_goes_to_the_open_field_before_and_never_round(
    form: Form, fields: dict[str, tuple[bool, bool, str]], start: str
) -> None:
    _lay(form, fields, start)
    before = [name for name in _open(fields, start) if NAMES.index(name) < NAMES.index(start)]
    reachable = start in _open(fields, start)
    QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert form.current() == (before[-1] if before and reachable else start)


# --- long lists -----------------------------------------------------------------------------------

COLUMNS = (Column("号", 80), Column("姓名", 0))
ROWS = 1000


class Shelf:
    """Rows by id whose content changes; answers when told, in any order."""

    def __init__(self) -> None:
        self.version = 0
        self.waiting: list[Callable[[], None]] = []

    def fetch(self, ids: Sequence[str]) -> list[Row]:
        return [Row(one, (one, f"{one} v{self.version}")) for one in ids]

    def run(
        self,
        use_case: Callable[[Progress], Sequence[Row]],
        on_success: Callable[[Sequence[Row]], None],
        **_rest: object,
    ) -> None:
        self.waiting.append(lambda: on_success(use_case(Progress())))


STEPS = st.one_of(
    st.tuples(st.just("look"), st.integers(0, ROWS - 1)),
    st.tuples(st.just("answer"), st.integers(0, 5)),
    st.tuples(st.just("refresh"), st.just(0)),
    st.tuples(st.just("shorten"), st.integers(1, ROWS)),
)


@pytest.mark.usefixtures("qapp")
@given(st.lists(STEPS, max_size=40))
def test_whatever_is_scrolled_and_answered_a_row_is_the_one_of_its_place(
    steps: list[tuple[str, int]],
) -> None:
    shelf = Shelf()
    model = PagedModel(COLUMNS, shelf.run, shelf.fetch)
    ids = [f"k{number}" for number in range(ROWS)]
    model.set_ids(ids)
    for step, number in steps:
        if step == "look" and number < len(ids):
            row = model.row_at(number)
            assert row is None or row.key == ids[number]
            assert model.key(number) == ids[number]
            assert model.place(ids[number]) == number
        elif step == "answer" and shelf.waiting:
            shelf.waiting.pop(number % len(shelf.waiting))()
        elif step == "refresh":
            shelf.version += 1
            model.refresh()
        elif step == "shorten":
            ids = [f"m{shelf.version}-{place}" for place in range(number)]
            model.set_ids(ids)
        assert len(model._pages) <= KEPT  # the promise is of memory, and shows nowhere else
        assert model.rowCount() == len(ids)
    for place in {0, len(ids) // 2, len(ids) - 1}:
        model.row_at(place)
        while shelf.waiting:
            shelf.waiting.pop()()
        row = model.row_at(place)
        assert row is not None
        assert row.cells == (ids[place], f"{ids[place]} v{shelf.version}")


@pytest.mark.usefixtures("qapp")
def test_after_a_refresh_no_row_of_before_is_shown() -> None:
    shelf = Shelf()
    model = PagedModel(COLUMNS, shelf.run, shelf.fetch)
    model.set_ids([f"k{number}" for number in range(3 * PAGE)])
    model.row_at(0)
    late = shelf.waiting.pop()
    shelf.version = 1
    model.refresh()
    late()
    assert model.row_at(0) is None
    shelf.waiting.pop()()
    row = model.row_at(0)
    assert row is not None
    assert row.cells[1] == "k0 v1"


# --- the worker thread --------------------------------------------------------------------------

FAMILIES = (RuleError, StaleError, WorkplaceError, UntrustedError)
OUTCOMES = ("done", "rule", "bug", "cancelled", "gone")


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_reaches_the_default_callback_with_code_and_details(
    tasks: Tasks, heard: Heard, qtbot: QtBot, family: type[ProductError]
) -> None:
    def fail(_progress: Progress) -> None:
        raise family("some.code", row=7)

    told: list[object] = []
    tasks.run(fail, told.append)
    qtbot.waitUntil(lambda: not tasks.busy)
    (error,) = heard.errors
    assert type(error) is family
    assert (error.code, dict(error.details)) == ("some.code", {"row": 7})
    assert told == []
    assert heard.bugs == []


def _ending_with(outcome: str, here: int) -> Callable[[Progress], str]:
    """Make a use case that ends as wanted, and on another thread than this one."""

    def use_case(_progress: Progress) -> str:
        assert threading.get_ident() != here
        if outcome == "rule":
            raise RuleError("some.code")
        if outcome == "bug":
            raise ValueError("a bug")
        if outcome == "cancelled":
            raise CancelledError
        return outcome

    return use_case


@given(st.lists(st.sampled_from(OUTCOMES), max_size=12))
@settings(max_examples=25)
def test_answers_come_in_order_on_this_thread_whatever_came_before(
    tasks: Tasks, heard: Heard, outcomes: list[str]
) -> None:
    heard.errors.clear()
    heard.bugs.clear()
    here = threading.get_ident()
    told: list[tuple[int, str]] = []
    ended: list[int] = []

    for number, outcome in enumerate(outcomes):
        owner = QObject() if outcome == "gone" else None

        def answered(_result: str, number: int = number) -> None:
            assert threading.get_ident() == here
            told.append((number, "done"))

        def ending(number: int = number) -> None:
            ended.append(number)

        tasks.run(_ending_with(outcome, here), answered, on_finish=ending, owner=owner)
        if owner is not None:
            delete(owner)  # as Qt does with a page that was closed
    while tasks.busy:
        QApplication.processEvents()
    assert told == [(number, one) for number, one in enumerate(outcomes) if one == "done"]
    assert ended == [number for number, one in enumerate(outcomes) if one != "gone"]
    assert len(heard.errors) == outcomes.count("rule")
    assert len(heard.bugs) == outcomes.count("bug")


def test_cancelling_stops_at_the_next_step_and_rolls_back(tasks: Tasks, qtbot: QtBot) -> None:
    kept: list[int] = []
    began = threading.Event()
    go_on = threading.Event()

    def work(progress: Progress) -> None:
        rows: list[int] = []
        try:
            for number in range(100):
                progress.step(number, 100)
                rows.append(number)
                began.set()
                go_on.wait()
        except CancelledError:
            rows.clear()
            raise
        finally:
            kept.extend(rows)

    task = tasks.run(work, lambda _result: kept.append(-1))
    assert began.wait(10)
    task.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: task.finished)
    assert kept == []


def test_a_callback_that_fails_still_lets_the_next_be_answered(tasks: Tasks, qtbot: QtBot) -> None:
    def broken(_result: int) -> None:
        raise ValueError("a bug of the page")

    ended: list[str] = []
    told: list[int] = []
    with qtbot.captureExceptions() as caught:
        tasks.run(lambda _progress: 1, broken, on_finish=lambda: ended.append("first"))
        tasks.run(lambda _progress: 2, told.append, on_finish=lambda: ended.append("second"))
        qtbot.waitUntil(lambda: not tasks.busy)
    assert [type(one[1]) for one in caught] == [ValueError]
    assert ended == ["first", "second"]
    assert told == [2]


# --- colours and shapes ------------------------------------------------------------------------------

AGREED = [
    ("light", "ink", "surface", 16.5), ("light", "ink2", "surface", 8.8),
    ("light", "ink3", "surface", 6.2), ("light", "ink3", "head", 4.9),
    ("light", "ctl", "surface", 3.9), ("light", "ctl", "bg", 3.3),
    ("light", "pri", "surface", 9.2), ("light", "onpri", "pri", 9.2),
    ("light", "ok", "okt", 6.2), ("light", "warn", "warnt", 6.9),
    ("light", "stop", "stopt", 6.5), ("light", "conf", "conft", 7.5),
    ("light", "idle", "idlet", 6.6), ("light", "barink", "bar", 13.8),
    ("light", "barsub", "bar", 8.7),
    ("dark", "ink", "surface", 14.3), ("dark", "ink2", "surface", 10.0),
    ("dark", "ink3", "surface", 7.3), ("dark", "ctl", "surface", 5.2),
    ("dark", "pri", "surface", 7.4), ("dark", "onpri", "pri", 8.0),
    ("dark", "ok", "okt", 7.3), ("dark", "warn", "warnt", 7.8),
    ("dark", "stop", "stopt", 6.9), ("dark", "conf", "conft", 6.7),
    ("dark", "idle", "idlet", 6.8), ("dark", "barink", "bar", 17.5),
    ("dark", "barsub", "bar", 10.2),
    ("contrast", "ink", "surface", 21.0), ("contrast", "ink2", "surface", 21.0),
    ("contrast", "ink3", "surface", 17.4), ("contrast", "pri", "surface", 12.3),
    ("contrast", "ok", "okt", 10.5), ("contrast", "warn", "warnt", 11.1),
    ("contrast", "stop", "stopt", 10.1), ("contrast", "conf", "conft", 13.9),
    ("contrast", "idle", "idlet", 17.4), ("contrast", "barink", "bar", 21.0),
]  # fmt: skip


@pytest.mark.parametrize(("theme", "ink", "ground", "agreed"), AGREED, ids=str)
def test_no_pair_falls_below_the_figure_it_was_drawn_with(
    theme: str, ink: str, ground: str, agreed: float
) -> None:
    assert round(contrast(tokens()[theme][ink], tokens()[theme][ground]), 1) >= agreed


@pytest.mark.parametrize("theme", THEMES)
def test_states_stay_at_six_or_more_on_the_active_row(theme: str) -> None:
    for state in State:
        assert contrast(tokens()[theme][INK[state]], tokens()[theme]["prit"]) >= 6, state


def _drawn_in_grey(state: State, side: int) -> list[int]:
    """Draw a state as a grey printer does: one ink, one paper."""
    image = QImage(side, side, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    paint_state(painter, QRectF(0, 0, side, side), state, QColor("black"), QColor("white"))
    painter.end()
    return [image.pixelColor(x, y).lightness() for y in range(side) for x in range(side)]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("side", [14, 18, 36])
def test_states_can_be_told_apart_without_colour(side: int) -> None:
    drawn = {state: _drawn_in_grey(state, side) for state in State}
    for state, pixels in drawn.items():
        assert sum(one < 128 for one in pixels) > side, state
        for other, others in drawn.items():
            if other is not state:
                apart = sum(abs(one - two) > 96 for one, two in zip(pixels, others, strict=True))
                assert apart > side * side / 25, (state, other)


def test_every_state_has_ink_and_tint_of_its_own_in_every_theme() -> None:
    assert set(INK) == set(TINT) == set(State)
    for theme in THEMES:
        pairs = {(tokens()[theme][INK[one]], tokens()[theme][TINT[one]]) for one in State}
        assert len(pairs) >= len(State) - 1, theme


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("scale", SCALES)
def test_a_length_is_its_units_at_the_scale(qapp: QApplication, theme: str, scale: int) -> None:
    wanted = Look(theme, scale)
    apply_look(qapp, wanted)
    try:
        for units in (1, 4, 34, 156, 1210):
            assert wanted.u(units) == round(units * scale / 100)
        refit(qapp, wanted.u)
        assert wanted.hex("surface") in qapp.styleSheet()
    finally:
        apply_look(qapp, Look())
