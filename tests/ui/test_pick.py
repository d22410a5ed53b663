"""A pick field is typed by pinyin, code or characters, and never holds what is not in its list."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from desktop_app.ui.views import Option
from desktop_app.ui.widgets.inputs import TextInput
from desktop_app.ui.widgets.matching import digit_chooses, find_options
from desktop_app.ui.widgets.pick import PickInput
from desktop_app.ui.widgets.picklist import PickList
from tests.ui.conftest import Show, child
from tests.ui.showcase import CATEGORIES, VILLAGES


class Desk(QWidget):
    """A pick field above a text field, in a window high enough for the list."""

    def __init__(self) -> None:
        super().__init__()
        lines = QVBoxLayout(self)
        self.pick = PickInput(VILLAGES, name="village")
        self.next = TextInput(name="house")
        lines.addWidget(self.pick)
        lines.addWidget(self.next)
        lines.addStretch(1)
        self.resize(600, 500)
        self.said: list[str] = []
        self.pick.changed.connect(self.said.append)

    @property
    def shown(self) -> list[str]:
        """Labels in the open list."""
        found = [one for one in self.findChildren(PickList) if one.isVisible()]
        return [option.label for option in found[0].options] if found else []


@pytest.fixture
def desk(show: Show) -> Desk:
    made = Desk()
    show(made)
    made.pick.setFocus()
    return made


def test_a_digit_no_code_begins_with_means_a_place(show: Show) -> None:
    """The list is closed: whoever knows that the mother is the second one types a two."""
    relations = (Option("51", "父亲", ("fq",)), Option("52", "母亲", ("mq",)))
    pick = PickInput(relations, name="relation")
    show(pick)
    pick.setFocus()
    QTest.keyClicks(pick, "2")
    assert (pick.value(), pick.is_open) == ("52", False)


def test_a_digit_and_enter_take_the_code_with_its_leading_nought(show: Show) -> None:
    """One and Enter is the first of the nations, not the tenth."""
    nations = tuple(
        Option(f"{n:02}", f"民族{'甲乙丙丁戊己庚辛壬癸子丑'[n - 1]}") for n in range(1, 13)
    )
    pick = PickInput(nations, name="ethnic")
    show(pick)
    pick.setFocus()
    QTest.keyClicks(pick, "1")
    QTest.keyClick(pick, Qt.Key.Key_Return)
    assert pick.value() == "01"
    QTest.keyClicks(pick, "10")
    QTest.keyClick(pick, Qt.Key.Key_Return)
    assert pick.value() == "10"


def test_enter_never_passes_over_what_is_no_entry(desk: Desk) -> None:
    QTest.keyClicks(desk.pick, "qqq")
    QTest.keyClick(desk.pick, Qt.Key.Key_Return)
    assert desk.pick.hasFocus()
    assert (desk.pick.text(), desk.pick.is_open, desk.said) == ("qqq", True, [])
    QTest.keyClick(desk.pick, Qt.Key.Key_Escape)
    assert desk.pick.text() == ""


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("zhwx", "占河湾新村"),
        ("ZHW", "湛河湾村"),
        ("０３０２", "中和湾村"),
        ("湖湾", "张湖湾"),
        ("sz", "单庄"),
        ("danzh", "单庄"),
        ("zhonghe", "中和湾村"),
    ],
)
def test_an_entry_is_found_by_what_a_hand_types(typed: str, first: str) -> None:
    assert find_options(VILLAGES, typed)[0].label == first


def test_the_most_used_stays_first_among_equals() -> None:
    assert [one.code for one in find_options(VILLAGES, "zhw")] == ["0301", "0302", "0322", "0317"]
    assert find_options(VILLAGES, "") == VILLAGES
    assert find_options(VILLAGES, "qqq") == ()


@pytest.mark.parametrize(
    ("options", "query", "stepped", "chooses"),
    [
        (VILLAGES, "zhw", False, True),
        (VILLAGES, "", False, False),
        (VILLAGES, "03", False, False),
        (VILLAGES, "03", True, True),
        (CATEGORIES, "a", False, False),
        (CATEGORIES, "bpq", False, True),
    ],
)
def test_when_a_digit_chooses(
    options: tuple[Option, ...], query: str, stepped: bool, chooses: bool
) -> None:
    assert digit_chooses(options, query, "1", stepped=stepped) is chooses


def test_initials_and_a_digit_choose(desk: Desk) -> None:
    QTest.keyClicks(desk.pick, "zhw")
    assert desk.shown[0] == "湛河湾村"
    assert desk.pick.value() == ""
    QTest.keyClicks(desk.pick, "2")
    assert desk.pick.value() == "0302"
    assert desk.pick.text() == "中和湾村"
    assert desk.shown == []
    assert desk.said == ["0302"]


def test_a_code_is_typed_through(desk: Desk) -> None:
    QTest.keyClicks(desk.pick, "0317")
    QTest.keyClick(desk.pick, Qt.Key.Key_Return)
    assert desk.pick.value() == "0317"


def test_digits_choose_after_the_down_key(desk: Desk) -> None:
    QTest.keyClick(desk.pick, Qt.Key.Key_Down)
    assert len(desk.shown) == len(VILLAGES)
    QTest.keyClicks(desk.pick, "4")
    assert desk.pick.value() == "0322"


def test_arrows_and_enter_choose(desk: Desk) -> None:
    QTest.keyClicks(desk.pick, "zhw")
    QTest.keyClick(desk.pick, Qt.Key.Key_Down)
    QTest.keyClick(desk.pick, Qt.Key.Key_Return)
    assert desk.pick.value() == "0302"


def test_esc_brings_the_former_value_back(desk: Desk) -> None:
    desk.pick.set_value("0301")
    QTest.keyClicks(desk.pick, "sz")
    QTest.keyClick(desk.pick, Qt.Key.Key_Escape)
    assert (desk.pick.value(), desk.pick.text()) == ("0301", "湛河湾村")
    assert desk.said == []
    assert desk.shown == []


@pytest.mark.parametrize(
    ("typed", "code"), [("danzh", "0330"), ("张湖湾", "0322"), ("zhw", ""), ("qqq", "")]
)
def test_leaving_takes_only_what_is_clear(desk: Desk, typed: str, code: str) -> None:
    desk.pick.setText("")
    QApplication.sendEvent(desk.pick, committed(typed))
    desk.next.setFocus()
    assert desk.pick.value() == code
    assert bool(desk.pick.text()) is bool(code)
    assert desk.shown == []


def committed(words: str) -> QInputMethodEvent:
    event = QInputMethodEvent("", [])
    event.setCommitString(words)
    return event


def test_a_composition_does_not_search(desk: Desk) -> None:
    QApplication.sendEvent(desk.pick, QInputMethodEvent("zhan", []))
    assert desk.shown == []
    QApplication.sendEvent(desk.pick, committed("湛"))
    assert desk.shown == ["湛河湾村"]


def test_emptying_the_field_drops_the_value(desk: Desk) -> None:
    desk.pick.set_value("0301")
    desk.pick.selectAll()
    QTest.keyClick(desk.pick, Qt.Key.Key_Delete)
    desk.next.setFocus()
    assert desk.pick.value() == ""
    assert desk.said == [""]


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_emptied_by_hand_and_enter_it_has_no_value(desk: Desk, key: Qt.Key) -> None:
    desk.pick.set_value("0301")
    desk.pick.selectAll()
    QTest.keyClick(desk.pick, key)
    QTest.keyClick(desk.pick, Qt.Key.Key_Return)
    assert (desk.pick.value(), desk.pick.text()) == ("", "")
    assert desk.said == [""]
    assert desk.shown == []


def test_emptied_by_hand_esc_still_brings_the_former_value_back(desk: Desk) -> None:
    desk.pick.set_value("0301")
    QTest.keyClicks(desk.pick, "s")
    QTest.keyClick(desk.pick, Qt.Key.Key_Backspace)
    QTest.keyClick(desk.pick, Qt.Key.Key_Escape)
    assert (desk.pick.value(), desk.said) == ("0301", [])


def test_after_esc_the_next_key_types_anew(desk: Desk) -> None:
    desk.pick.set_value("0301")
    desk.pick.selectAll()
    QTest.keyClicks(desk.pick, "zz")
    QTest.keyClick(desk.pick, Qt.Key.Key_Escape)
    QTest.keyClicks(desk.pick, "sz")
    assert desk.shown[:1] == ["单庄"]
    QTest.keyClick(desk.pick, Qt.Key.Key_Return)
    assert desk.pick.text() == "单庄"


def test_the_list_is_no_window_of_its_own_and_keeps_the_focus_in_the_field(desk: Desk) -> None:
    QTest.keyClicks(desk.pick, "z")
    found = child(desk, PickList)
    assert not found.isWindow()
    assert found.window() is desk
    assert QApplication.focusWidget() is desk.pick
    assert QApplication.activePopupWidget() is None
    bottom = desk.pick.mapTo(desk, QPoint(0, desk.pick.height())).y()
    assert found.y() >= bottom
    assert desk.rect().contains(found.geometry())


def test_the_list_follows_its_field(desk: Desk) -> None:
    QTest.keyClicks(desk.pick, "z")
    found = child(desk, PickList)
    desk.resize(500, 500)
    QApplication.processEvents()
    assert found.width() == desk.pick.width()


def test_a_click_opens_and_chooses(desk: Desk) -> None:
    QTest.mouseClick(desk.pick, Qt.MouseButton.LeftButton)
    found = child(desk, PickList)
    assert found.isVisible()
    QTest.mouseClick(found, Qt.MouseButton.LeftButton, pos=QPoint(60, 2 + 34 + 10))
    assert desk.pick.value() == "0302"


def test_a_long_list_scrolls_to_the_current_line(show: Show) -> None:
    many = tuple(Option(f"{i:02}", f"村{i}") for i in range(30))
    pick = PickInput(many, name="many")
    pick.resize(300, 34)
    show(pick)
    for _ in range(20):
        QTest.keyClick(pick, Qt.Key.Key_Down)
    found = child(pick, PickList)
    assert found.current == many[19]
    assert found.numbered(7) == many[19]
    assert found.numbered(8) is None
    QTest.keyClick(pick, Qt.Key.Key_Return)
    assert pick.value() == "19"


def test_other_entries_drop_a_value_that_left(desk: Desk) -> None:
    desk.pick.set_value("0301")
    desk.pick.set_options(VILLAGES[1:])
    assert desk.pick.value() == ""
    desk.pick.set_value("0302")
    desk.pick.set_options(VILLAGES[1:3])
    assert desk.pick.value() == "0302"
