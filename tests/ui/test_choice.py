"""Choices start empty, are made by key or mouse, and report only what a hand did."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from desktop_app.ui.views import Option
from desktop_app.ui.widgets.choice import CheckInput, Derived, SegmentedChoice
from tests.ui.conftest import Show
from tests.ui.showcase import NATURES

Key = Qt.Key


@pytest.fixture
def choice(show: Show) -> SegmentedChoice:
    made = SegmentedChoice(NATURES, name="nature")
    show(made)
    made.setFocus()
    return made


def test_nothing_is_chosen_beforehand(choice: SegmentedChoice) -> None:
    assert choice.is_blank()


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ([Key.Key_Right], "1"),
        ([Key.Key_Right, Key.Key_Right], "2"),
        ([Key.Key_Right, Key.Key_Right, Key.Key_Left], "1"),
        ([Key.Key_Space], "1"),
        ([Key.Key_2], "2"),
        ([Key.Key_F], "2"),
        ([Key.Key_N], "1"),
        ([Key.Key_9], ""),
        ([Key.Key_Q], ""),
    ],
)
def test_keys_choose(choice: SegmentedChoice, keys: list[Qt.Key], value: str) -> None:
    said: list[str] = []
    choice.changed.connect(said.append)
    for key in keys:
        QTest.keyClick(choice, key)
    assert choice.value() == value
    assert said[-1:] == ([value] if value else [])


def test_a_click_chooses_the_segment_under_it(choice: SegmentedChoice) -> None:
    spot = QPoint(choice.width() - 10, 10)
    QTest.mouseClick(choice, Qt.MouseButton.LeftButton, pos=spot)
    assert choice.value() == "2"


def test_a_value_that_is_set_is_not_reported(choice: SegmentedChoice) -> None:
    said: list[str] = []
    choice.changed.connect(said.append)
    choice.set_value("2")
    choice.set_value("7")
    assert choice.is_blank()
    assert said == []


def test_choosing_the_same_again_says_nothing(choice: SegmentedChoice) -> None:
    choice.set_value("1")
    said: list[str] = []
    choice.changed.connect(said.append)
    QTest.keyClick(choice, Key.Key_1)
    assert said == []


def test_segments_are_as_wide_as_the_longest(show: Show) -> None:
    long = SegmentedChoice((Option("a", "短"), Option("b", "很长很长很长很长的一项")))
    show(long)
    assert long.width() % 2 == 0
    assert long.width() > 2 * 150


def test_a_tick_reports_a_hand_only(show: Show) -> None:
    tick = CheckInput("与户籍地相同", name="same")
    show(tick)
    said: list[str] = []
    tick.changed.connect(said.append)
    assert tick.is_blank()
    tick.set_value("1")
    assert (tick.value(), said) == ("1", [])
    QTest.keyClick(tick, Key.Key_Space)
    assert (tick.value(), said) == ("", [""])
    QTest.mouseClick(tick, Qt.MouseButton.LeftButton)
    assert said == ["", "1"]


def test_a_derived_value_takes_no_focus_and_no_markup(show: Show) -> None:
    derived = Derived(name="sex")
    show(derived)
    derived.set_value("<b>女</b>")
    assert derived.value() == "<b>女</b>"
    assert derived.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert derived.textFormat() == Qt.TextFormat.PlainText
