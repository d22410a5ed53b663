"""Fields report what a hand did, after the input method is done, and keep their values bare."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from desktop_app.ui.widgets.formats import DOCUMENT, PHONE, RESIDENT_ID
from desktop_app.ui.widgets.inputs import NumberInput, PasswordInput, TextInput
from tests.ui.conftest import Show

ID = "419999201803142640"


class Desk(QWidget):
    """Two fields beside each other."""

    def __init__(self) -> None:
        super().__init__()
        lines = QVBoxLayout(self)
        self.words = TextInput(name="words")
        self.number = NumberInput(RESIDENT_ID, name="number")
        lines.addWidget(self.words)
        lines.addWidget(self.number)
        self.said: list[tuple[str, str]] = []
        self.words.changed.connect(lambda value: self.said.append(("changed", value)))
        self.words.committed.connect(lambda value: self.said.append(("committed", value)))


@pytest.fixture
def desk(show: Show) -> Desk:
    made = Desk()
    show(made)
    made.words.setFocus()
    return made


def compose(widget: QWidget, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(widget, event)


def test_nothing_is_reported_while_an_input_method_composes(desk: Desk) -> None:
    compose(desk.words, "luo")
    assert desk.words.composing
    QTest.keyClick(desk.words, Qt.Key.Key_Return)
    assert desk.said == []
    compose(desk.words, "", "罗雨桐")
    assert desk.said == [("changed", "罗雨桐")]
    QTest.keyClick(desk.words, Qt.Key.Key_Return)
    assert desk.said[-1] == ("committed", "罗雨桐")


def test_a_value_is_committed_once_when_the_field_is_left(desk: Desk) -> None:
    QTest.keyClicks(desk.words, " ab ")
    desk.number.setFocus()
    desk.words.setFocus()
    desk.number.setFocus()
    assert [value for kind, value in desk.said if kind == "committed"] == ["ab"]


def test_a_value_that_is_set_is_not_reported(desk: Desk) -> None:
    desk.words.set_value("罗志远")
    desk.number.setFocus()
    assert desk.said == []
    assert not desk.words.is_blank()


def test_digits_are_grouped_as_they_are_typed(desk: Desk) -> None:
    QTest.keyClicks(desk.number, ID)
    assert desk.number.text() == "419999 20180314 2640"
    assert desk.number.value() == ID
    assert desk.number.missing() == 0
    QTest.keyClicks(desk.number, "7")
    assert desk.number.value() == ID


def test_letters_never_get_in(desk: Desk) -> None:
    QTest.keyClicks(desk.number, "41ab99")
    compose(desk.number, "", "９９罗9")
    assert desk.number.value() == "4199999"


def test_a_paste_with_blanks_is_taken(desk: Desk) -> None:
    QGuiApplication.clipboard().setText(" 419999 20180314 2640\n")
    desk.number.setFocus()
    QTest.keyClick(desk.number, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert desk.number.value() == ID


def test_too_long_a_paste_changes_nothing(desk: Desk) -> None:
    desk.number.set_value("4199")
    QGuiApplication.clipboard().setText(ID)
    desk.number.setCursorPosition(4)
    QTest.keyClick(desk.number, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert desk.number.value() == "4199"


@pytest.mark.parametrize("key", [Qt.Key.Key_C, Qt.Key.Key_X])
def test_what_is_copied_is_bare(desk: Desk, key: Qt.Key) -> None:
    desk.number.set_value(ID)
    desk.number.selectAll()
    QTest.keyClick(desk.number, key, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == ID
    assert desk.number.value() == (ID if key == Qt.Key.Key_C else "")


def test_every_backspace_takes_a_digit(desk: Desk) -> None:
    desk.number.set_value(ID)
    for left in range(17, -1, -1):
        QTest.keyClick(desk.number, Qt.Key.Key_Backspace)
        assert desk.number.value() == ID[:left]


def test_delete_steps_over_a_gap(desk: Desk) -> None:
    desk.number.set_value(ID)
    desk.number.setCursorPosition(6)
    QTest.keyClick(desk.number, Qt.Key.Key_Delete)
    assert desk.number.value() == ID[:6] + ID[7:]


def test_the_caret_stays_with_the_digits_typed_in_the_middle(desk: Desk) -> None:
    desk.number.set_value("419999018")
    desk.number.setCursorPosition(7)
    QTest.keyClicks(desk.number, "2")
    assert desk.number.text() == "419999 2018"
    assert desk.number.cursorPosition() == 8


def test_another_kind_of_document_keeps_what_fits(desk: Desk) -> None:
    desk.number.set_value(ID)
    desk.number.set_rule(DOCUMENT)
    assert desk.number.text() == ID
    desk.number.set_rule(PHONE)
    assert desk.number.value() == ID[:12]


def test_the_input_method_is_off_for_numbers_only(desk: Desk) -> None:
    asked = Qt.InputMethodQuery.ImEnabled
    assert desk.number.inputMethodQuery(asked) is False
    assert desk.words.inputMethodQuery(asked) is True


def undo_event() -> QKeyEvent:
    control = Qt.KeyboardModifier.ControlModifier
    return QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, control, "")


def test_undo_belongs_to_the_page_while_nothing_was_typed(desk: Desk) -> None:
    event = undo_event()
    event.ignore()
    QApplication.sendEvent(desk.words, event)
    assert not event.isAccepted()
    QTest.keyClicks(desk.words, "ab")
    event = undo_event()
    QApplication.sendEvent(desk.words, event)
    assert event.isAccepted()


def test_a_password_leaves_the_field_as_bytes_once(show: Show) -> None:
    field = PasswordInput(name="password")
    show(field)
    QTest.keyClicks(field, " pa 1 ")
    assert field.take() == bytearray(b" pa 1 ")
    assert field.value() == ""
    assert field.displayText() == ""


@pytest.mark.parametrize(
    ("typed", "shift", "on"), [("a", False, False), ("A", False, True), ("A", True, False)]
)
def test_caps_lock_is_noticed(show: Show, typed: str, shift: bool, on: bool) -> None:
    field = PasswordInput(name="password")
    show(field)
    seen: list[bool] = []
    field.caps_seen.connect(seen.append)
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, modifier, typed)
    QApplication.sendEvent(field, event)
    assert seen == [on]
