"""Enter walks to the next field still needed; the row of now wears the band and is in sight."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop_app.ui.views import State
from desktop_app.ui.widgets.choice import CheckInput, Derived, SegmentedChoice
from desktop_app.ui.widgets.form import Form
from desktop_app.ui.widgets.formats import PHONE
from desktop_app.ui.widgets.inputs import NumberInput, TextInput
from desktop_app.ui.widgets.pick import PickInput
from desktop_app.ui.widgets.scroll import FocusScroll
from tests.ui.conftest import Show, focused
from tests.ui.showcase import NATURES, VILLAGES


def make_form() -> Form:
    form = Form()
    child = form.group("儿童")
    child.field("姓名", TextInput(name="name"))
    line = child.row("户籍地")
    form.put(line, PickInput(VILLAGES, name="village"), width=190)
    form.put(line, TextInput(name="house"))
    form.put(child.row("性别"), Derived(name="sex"))
    more = form.group("其他")
    more.field("性质", SegmentedChoice(NATURES, name="nature"))
    more.field("双胞胎", CheckInput("双胞胎", name="twin"), wanted=False)
    more.field("电话", NumberInput(PHONE, name="phone"))
    return form


@pytest.fixture
def form(show: Show) -> Form:
    made = make_form()
    show(made)
    made.go_first()
    return made


def named(widget: QWidget, name: str) -> QWidget:
    widget.setObjectName(name)
    return widget


def press(*keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(focused(), key)


def type_in(words: str) -> None:
    QTest.keyClicks(focused(), words)


ENTER = Qt.Key.Key_Return


def test_enter_goes_to_the_next_field_still_needed(form: Form) -> None:
    form.set_values({"house": "3 组"})
    type_in("ab")
    press(ENTER)
    assert form.current() == "village"
    type_in("zhw")
    press(ENTER)
    assert form.value("village") == "0301"
    assert form.current() == "nature"
    press(Qt.Key.Key_1, ENTER)
    assert form.current() == "phone"


def test_enter_begins_again_at_the_top_and_tells_when_nothing_is_left(form: Form) -> None:
    filled: list[int] = []
    form.filled.connect(lambda: filled.append(1))
    form.go_to("phone")
    type_in("13800001612")
    press(ENTER)
    assert form.current() == "name"
    form.set_values({"name": "a", "village": "0301", "house": "b", "nature": "1"})
    assert filled == []
    press(ENTER)
    assert filled == [1]
    assert form.current() == "name"


def test_shift_enter_goes_back_to_any_field(form: Form) -> None:
    form.set_values({"name": "a"})
    form.go_to("village")
    QTest.keyClick(focused(), ENTER, Qt.KeyboardModifier.ShiftModifier)
    assert form.current() == "name"
    QTest.keyClick(focused(), ENTER, Qt.KeyboardModifier.ShiftModifier)
    assert form.current() == "name"


def test_going_back_keeps_what_stands_there(form: Form) -> None:
    form.set_values({"phone": "1380000161"})
    form.go_to("phone")
    type_in("2")
    assert form.value("phone") == "13800001612"


def test_a_refused_field_is_needed_until_it_changes(form: Form) -> None:
    form.set_values({"name": "a", "village": "0301", "house": "b", "nature": "1", "phone": "1"})
    assert form.needed() == ()
    form.mark("phone", State.REFUSED, "号码不对")
    assert form.needed() == ("phone",)
    assert form.line("phone").check.state is State.REFUSED
    assert form.control("phone").property("st") == "refused"  # type: ignore[attr-defined]
    form.go_to("phone")
    type_in("3")
    assert form.needed() == ()
    assert form.line("phone").check.state is None


def test_ticks_and_closed_fields_are_passed_over(form: Form) -> None:
    assert "twin" not in form.needed()
    assert "sex" not in form.names()
    form.control("house").setEnabled(False)  # type: ignore[attr-defined]
    form.control("phone").setReadOnly(True)  # type: ignore[attr-defined]
    form.want("nature", wanted=False)
    assert form.needed() == ("name", "village")


def test_changes_carry_the_name_of_their_field(form: Form) -> None:
    said: list[tuple[str, str, str]] = []
    form.changed.connect(lambda name, value: said.append(("changed", name, value)))
    form.committed.connect(lambda name, value: said.append(("committed", name, value)))
    type_in("a")
    press(ENTER)
    assert said == [("changed", "name", "a"), ("committed", "name", "a")]


def test_the_row_of_now_is_the_only_active_one(form: Form) -> None:
    entered: list[str] = []
    form.entered.connect(entered.append)
    form.go_to("phone")
    active = [name for name in form.names() if form.line(name).active]
    assert active == ["phone"]
    assert entered == ["phone"]
    form.go_to("village")
    form.go_to("house")
    assert [name for name in form.names() if form.line(name).active] == ["village", "house"]


def test_values_are_bare_and_cleared_whole(form: Form) -> None:
    form.set_values({"phone": "13800001612", "nobody": "x"})
    form.derive("sex", "女")
    assert form.values()["phone"] == "13800001612"
    form.mark("phone", State.DONE, "好")
    form.clear()
    assert set(form.values().values()) == {""}
    assert form.line("phone").check.words == ""


def test_a_field_needs_a_name_of_its_own(form: Form) -> None:
    line = form.group("再").row("x")
    with pytest.raises(ValueError, match="name"):
        form.put(line, TextInput(name="name"))
    with pytest.raises(TypeError):
        form.put(line, named(QWidget(), "plain"))


def test_what_is_typed_into_is_in_sight(show: Show) -> None:
    form = make_form()
    scroll = FocusScroll(form)
    scroll.resize(820, 120)
    show(scroll)
    for name in form.names():
        form.go_to(name)
        line = form.line(name)
        seen = QRect(line.mapTo(scroll.viewport(), line.rect().topLeft()), line.size())
        assert scroll.viewport().rect().contains(seen), name


def test_the_scroll_area_asks_for_the_width_of_its_form(show: Show) -> None:
    form = make_form()
    scroll = FocusScroll(form)
    show(scroll)
    assert scroll.minimumSizeHint().width() >= form.minimumSizeHint().width()
    assert scroll.minimumSizeHint().height() < form.minimumSizeHint().height()
