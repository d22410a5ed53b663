"""Whatever keys come, in whatever order, a field keeps its promise (random keys against a model)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from desktop_app.ui.views import Option
from desktop_app.ui.widgets.choice import CheckInput, SegmentedChoice
from desktop_app.ui.widgets.formats import (
    DOCUMENT,
    PHONE,
    RECOVERY_CODE,
    RESIDENT_ID,
    NumberFormat,
)
from desktop_app.ui.widgets.inputs import NumberInput, TextInput
from desktop_app.ui.widgets.matching import digit_chooses, find_options, plain_query
from desktop_app.ui.widgets.pick import PickInput
from desktop_app.ui.widgets.picklist import PickList
from tests.ui.conftest import Show
from tests.ui.showcase import CATEGORIES, NATURES, VILLAGES

EXAMPLES = 40
RULES = (RESIDENT_ID, PHONE, DOCUMENT, RECOVERY_CODE)
MOVES = {
    "<left>": Qt.Key.Key_Left,
    "<right>": Qt.Key.Key_Right,
    "<home>": Qt.Key.Key_Home,
    "<end>": Qt.Key.Key_End,
}
TYPED = st.one_of(
    st.sampled_from("0123456789"),
    st.sampled_from("0123456789"),
    st.sampled_from("xXaZ*-. ｘ９罗"),
    st.sampled_from([*MOVES, "<back>", "<delete>"]),
)


class Desk(QWidget):
    """A field above another, in a window with room for a list."""

    def __init__(self, field: QWidget) -> None:
        super().__init__()
        lines = QVBoxLayout(self)
        self.field = field
        self.next = TextInput(name="next")
        lines.addWidget(field)
        lines.addWidget(self.next)
        lines.addStretch(1)
        self.resize(600, 500)


def commit(widget: QWidget, text: str) -> None:
    """Commit words as an input method does."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def press(widget: QWidget, key: str) -> None:
    """Press one key, or commit what no key gives."""
    if key in MOVES:
        QTest.keyClick(widget, MOVES[key])
    elif key == "<back>":
        QTest.keyClick(widget, Qt.Key.Key_Backspace)
    elif key == "<delete>":
        QTest.keyClick(widget, Qt.Key.Key_Delete)
    elif key.isascii():
        QTest.keyClicks(widget, key)
    else:
        commit(widget, key)


def place(field: NumberInput) -> int:
    """Count the digits before the caret."""
    shown = field.text()[: field.cursorPosition()]
    return len([sign for sign in shown if sign != field.rule.separator])


@pytest.fixture
def number(show: Show) -> Iterator[NumberInput]:
    field = NumberInput(RESIDENT_ID, name="number")
    desk = Desk(field)
    show(desk)
    field.setFocus()
    yield field
    del desk  # it held the field until now


@given(rule=st.sampled_from(RULES), keys=st.lists(TYPED, max_size=40))
@settings(max_examples=EXAMPLES)
def test_a_number_is_always_bare_grouped_and_no_longer_than_it_may_be(
    number: NumberInput, rule: NumberFormat, keys: list[str]
) -> None:
    number.set_rule(rule)
    number.set_value("")
    heard: list[str] = []
    number.changed.connect(heard.append)
    try:
        for key in keys:
            before, caret = number.value(), place(number)
            press(number, key)
            after = number.value()
            assert after == rule.bare(after)
            assert number.text() == rule.shown(after)
            assert len(after) <= rule.length
            assert number.missing() == rule.length - len(after)
            _one_key(rule, key, before, caret, after)
    finally:
        number.changed.disconnect(heard.append)
    assert not heard or heard[-1] == number.value()


def _one_key(rule: NumberFormat, key: str, before: str, caret: int, after: str) -> None:
    """Compare what one key did with what it means."""
    if key in MOVES:
        assert after == before
    elif key == "<back>":
        expected = before[: max(caret - 1, 0)] + before[caret:]
        assert after == rule.bare(expected)
    elif key == "<delete>":
        assert after == rule.bare(before[:caret] + before[caret + 1 :])
    else:
        expected = rule.bare(before[:caret] + key + before[caret:])
        assert after == (expected if len(expected) <= rule.length else before)


@given(digits=st.text("0123456789", min_size=1, max_size=17), at=st.integers(0, 17))
@settings(max_examples=EXAMPLES)
def test_a_digit_forgotten_in_the_middle_is_typed_where_it_belongs(
    number: NumberInput, digits: str, at: int
) -> None:
    at = min(at, len(digits))
    number.set_rule(RESIDENT_ID)
    number.set_value(digits)
    number.setCursorPosition(RESIDENT_ID.caret(digits, at))
    QTest.keyClicks(number, "7")
    assert number.value() == digits[:at] + "7" + digits[at:]
    assert place(number) == at + 1


@given(st.lists(st.sampled_from(["a", "罗", " ", "<back>", "<enter>", "<leave>", "<compose>"])))
@settings(max_examples=EXAMPLES)
def test_words_are_reported_when_they_change_and_committed_once(
    show_once: Callable[[], Desk], keys: list[str]
) -> None:
    desk = show_once()
    field = desk.field
    assert isinstance(field, TextInput)
    field.set_value("")
    field.setFocus()
    changed: list[str] = []
    committed: list[str] = []
    field.changed.connect(changed.append)
    field.committed.connect(committed.append)
    for key in keys:
        if key == "<enter>":
            QTest.keyClick(field, Qt.Key.Key_Return)
            assert not committed or committed[-1] == field.value()
        elif key == "<leave>":
            desk.next.setFocus()
            field.setFocus()
        elif key == "<compose>":
            count = len(changed), len(committed)
            QApplication.sendEvent(field, QInputMethodEvent("luo", []))
            QTest.keyClick(field, Qt.Key.Key_Return)
            assert (len(changed), len(committed)) == count
            QApplication.sendEvent(field, QInputMethodEvent("", []))
        else:
            press(field, key)
    desk.next.setFocus()
    field.changed.disconnect(changed.append)
    field.committed.disconnect(committed.append)
    assert (committed or [""])[-1] == field.value()
    assert all(one != other for one, other in itertools.pairwise(committed))
    assert set(committed) <= {*changed, ""}


@pytest.fixture
def show_once(show: Show) -> Callable[[], Desk]:
    """Show one field for all examples of a law."""
    desk = Desk(TextInput(name="words"))
    show(desk)
    return lambda: desk


PICK_KEYS = st.one_of(
    st.sampled_from("zhwcsdan"),
    st.sampled_from("0123456789"),
    st.sampled_from(["湛", "湾", "<down>", "<up>", "<enter>", "<esc>", "<back>", "<leave>"]),
)
PICK_MOVES = {
    "<down>": Qt.Key.Key_Down,
    "<up>": Qt.Key.Key_Up,
    "<enter>": Qt.Key.Key_Return,
    "<esc>": Qt.Key.Key_Escape,
}


@pytest.fixture
def picking(show: Show) -> Desk:
    desk = Desk(PickInput(VILLAGES, name="village"))
    show(desk)
    return desk


def _lists(desk: Desk) -> list[PickList]:
    return [one for one in desk.findChildren(PickList) if one.isVisible()]


@given(options=st.sampled_from([VILLAGES, CATEGORIES]), keys=st.lists(PICK_KEYS, max_size=15))
@settings(max_examples=EXAMPLES)
def test_a_pick_field_never_holds_what_is_not_in_its_list(
    picking: Desk, options: tuple[Option, ...], keys: list[str]
) -> None:
    field = picking.field
    assert isinstance(field, PickInput)
    field.set_value("")
    field.set_options(options)
    field.setFocus()
    labels = {"": "", **{one.code: one.label for one in options}}
    said: list[str] = []
    field.changed.connect(said.append)
    for key in keys:
        if key == "<leave>":
            picking.next.setFocus()
            assert field.text() == labels[field.value()]
            assert _lists(picking) == []
            field.setFocus()
        elif key in PICK_MOVES:
            QTest.keyClick(field, PICK_MOVES[key])
        else:
            press(field, key)
        assert field.value() in labels
        assert len(_lists(picking)) <= 1
        assert QApplication.focusWidget() is field
    picking.next.setFocus()
    field.changed.disconnect(said.append)
    assert _lists(picking) == []
    assert field.text() == labels[field.value()]
    assert (said or [""])[-1] == field.value()
    assert all(one != other for one, other in itertools.pairwise(said))


QUERIES = sorted(
    {
        key[start : start + length]
        for one in (*VILLAGES, *CATEGORIES)
        for key in (*one.keys, one.code.lower(), plain_query(one.label))
        for start in range(len(key))
        for length in (1, 2, 3)
    }
)


@pytest.mark.parametrize("options", [VILLAGES, CATEGORIES], ids=["villages", "categories"])
def test_what_is_listed_is_what_a_search_of_everything_finds(options: tuple[Option, ...]) -> None:
    for query in QUERIES:
        wanted = {
            one.code
            for one in options
            if one.code.lower().startswith(query)
            or one.code.lower().lstrip("0") == query
            or any(query in key for key in (*one.keys, plain_query(one.label)))
        }
        found = find_options(options, query)
        assert {one.code for one in found} == wanted
        assert len(found) == len(wanted)


@pytest.mark.parametrize("options", [VILLAGES, CATEGORIES], ids=["villages", "categories"])
def test_every_entry_is_first_or_among_equals_under_each_of_its_readings(
    options: tuple[Option, ...],
) -> None:
    for option in options:
        for key in (*option.keys, option.code, option.label, option.label.upper()):
            equals = [
                one
                for one in options
                if plain_query(key) in {*one.keys, one.code.lower(), plain_query(one.label)}
            ]
            found = find_options(options, key)
            assert list(found[: len(equals)]) == equals
            assert option in equals


@given(st.text(max_size=6), st.sampled_from("123456789"))
def test_a_digit_never_chooses_where_it_may_be_part_of_a_code(text: str, digit: str) -> None:
    chooses = digit_chooses(CATEGORIES, text, digit, stepped=False)
    typed = plain_query(text) + digit
    if any(one.code.lower().startswith(typed) for one in CATEGORIES):
        assert not chooses
    if not plain_query(text):
        assert not chooses
    assert digit_chooses(CATEGORIES, text, digit, stepped=True)


CHOICE_KEYS = st.lists(
    st.sampled_from(["1", "2", "3", "9", "x", "<left>", "<right>", "<space>"]), max_size=12
)
NATURE_CODES = [one.code for one in NATURES]


@pytest.fixture
def choice(show: Show) -> Iterator[SegmentedChoice]:
    made = SegmentedChoice(NATURES, name="nature")
    desk = Desk(made)
    show(desk)
    yield made
    del desk


@given(CHOICE_KEYS)
@settings(max_examples=EXAMPLES)
def test_a_choice_follows_its_keys(choice: SegmentedChoice, keys: list[str]) -> None:
    choice.set_value("")
    said: list[str] = []
    choice.changed.connect(said.append)
    at, count = -1, len(NATURE_CODES)
    moves = {"<left>": Qt.Key.Key_Left, "<right>": Qt.Key.Key_Right, "<space>": Qt.Key.Key_Space}
    for key in keys:
        if key in moves:
            QTest.keyClick(choice, moves[key])
            at = max(0, at - 1) if key == "<left>" else (at + 1) % count
        else:
            QTest.keyClicks(choice, key)
            if key.isdigit() and int(key) <= count:
                at = int(key) - 1
        letters = any(one.keys and one.keys[0].startswith(key) for one in NATURES)
        if not letters:
            assert choice.value() == (NATURE_CODES[at] if at >= 0 else "")
        at = NATURE_CODES.index(choice.value()) if choice.value() else -1
    choice.changed.disconnect(said.append)
    assert (said or [""])[-1] == choice.value()
    assert all(one != other for one, other in itertools.pairwise(said))


@given(st.lists(st.booleans(), max_size=10))
@settings(max_examples=EXAMPLES)
def test_a_tick_is_its_last_press_and_reports_each(
    ticking: CheckInput, presses: list[bool]
) -> None:
    ticking.set_value("")
    said: list[str] = []
    ticking.changed.connect(said.append)
    for by_key in presses:
        if by_key:
            QTest.keyClick(ticking, Qt.Key.Key_Space)
        else:
            QTest.mouseClick(ticking, Qt.MouseButton.LeftButton)
    ticking.changed.disconnect(said.append)
    assert said == ["1" if at % 2 == 0 else "" for at in range(len(presses))]
    assert ticking.value() == (said or [""])[-1]


@pytest.fixture
def ticking(show: Show) -> Iterator[CheckInput]:
    made = CheckInput("双胞胎", name="twin")
    desk = Desk(made)
    show(desk)
    yield made
    del desk
