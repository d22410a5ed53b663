"""Questions at the desk are asked once, by name, and answered by one key: look-alikes, taking back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop_app.services.registration import RegistrationDesk
from desktop_app.storage.rows import Row
from desktop_app.ui.views import State
from tests.ui.registering import (
    CHILD,
    ENTER,
    ESC,
    TWIN,
    Hand,
    Room,
    filled,
    number,
)
from tests.ui.registration_room import cheap_passwords, hand, room, school

F = Qt.Key
__all__ = ["cheap_passwords", "hand", "room", "school"]


def banner(room: Room) -> str:
    """Give the words of the banner."""
    view = room.page.banner_place.view
    return "" if view is None else f"{view.what} {view.now}"


def children(room: Room) -> list[str]:
    """Name the children registered."""
    with room.workplace.journal.begin(room.workplace.actor()) as work:
        return sorted(row.text("full_name") for row in work.rows("applicant"))


def decisions(room: Room) -> list[Row]:
    with room.workplace.journal.begin(room.workplace.actor()) as work:
        return work.rows("duplicate_decision")


def save(room: Room, hand: Hand, **more: str) -> None:
    room.fill(**more)
    hand.press(F.Key_F10)
    room.settle()


def labels(room: Room) -> dict[str, str]:
    return {one.key: one.label for one in room.page.key_actions() if one.shown}


# --- look-alikes --------------------------------------------------------------------------------


def test_a_twin_is_asked_about_once_and_the_same_key_saves(room: Room, hand: Hand) -> None:
    save(room, hand)
    save(room, hand, id_number=TWIN, full_name="罗雨晨")
    assert children(room) == ["罗雨桐"]
    assert "和登记过的 罗雨桐 同一个家长、同一天生日。是双（多）胞胎吗？" in banner(room)
    assert "再按 F10" in banner(room)
    assert labels(room)["F10"] == "是另一个孩子，保存并打印"
    hand.press(F.Key_F10)
    room.settle()
    assert children(room) == ["罗雨晨", "罗雨桐"]
    assert [row.text("decision") for row in decisions(room)] == ["siblings"]
    assert banner(room) == ""
    assert labels(room)["F10"] == "保存并打印回执"
    assert room.form.current() == "id_number"


def test_what_is_typed_blindly_after_f10_answers_nothing(room: Room, hand: Hand) -> None:
    """A quick hand goes on with the next number; its digits are no answers."""
    save(room, hand)
    room.fill(id_number=TWIN, full_name="罗雨晨")
    hand.press(F.Key_F10)
    hand.type("41")
    room.settle()
    hand.type("12")
    hand.press(ENTER)
    room.settle()
    assert children(room) == ["罗雨桐"]
    assert room.form.value("id_number") == TWIN
    assert decisions(room) == []


def test_esc_goes_back_to_the_form_and_the_next_save_asks_again(room: Room, hand: Hand) -> None:
    save(room, hand)
    room.fill(id_number=TWIN, full_name="罗雨晨")
    room.form.go_to("full_name")
    hand.press(F.Key_F10)
    room.settle()
    hand.press(ESC)
    assert room.form.current() == "full_name"
    assert banner(room) == ""
    hand.press(F.Key_F10)
    room.settle()
    assert "是双（多）胞胎吗" in banner(room)
    assert children(room) == ["罗雨桐"]


def test_a_look_alike_judged_in_its_panel_is_not_asked_about_again(room: Room, hand: Hand) -> None:
    save(room, hand)
    room.fill(id_number=TWIN, full_name="罗雨晨")
    hand.press(F.Key_F10)
    room.settle()
    hand.press(F.Key_F5)
    assert banner(room) == ""
    assert room.page.view.likeness.hasFocus()
    hand.press(F.Key_1)
    room.settle()
    hand.press(F.Key_F10)
    room.settle()
    assert children(room) == ["罗雨晨", "罗雨桐"]


def test_the_same_name_and_birthday_without_a_number_is_asked_about(room: Room, hand: Hand) -> None:
    save(room, hand)
    without = {"id_number": "", "id_type": "Z", "sex": "2", "birth_date": "2018-03-14"}
    other = {"guardian_name": "孟大山", "guardian_id_number": "", "guardian_phone": ""}
    save(room, hand, **without, **other)
    assert "同名、同性别、同生日" in banner(room)
    hand.press(F.Key_F10)
    room.settle()
    assert children(room) == ["罗雨桐", "罗雨桐"]
    made = {(one.text("decision"), one.text("reason")) for one in decisions(room)}
    assert made == {("different", "登记台问过，是另一个孩子")}
    assert {one.text("rule") for one in decisions(room)} == {"D3", "D5"}  # name, and home


def test_a_look_alike_nobody_had_seen_yet_is_asked_about_too(room: Room, hand: Hand) -> None:
    """It came between the last look and the save."""
    room.fill(id_number=TWIN, full_name="罗雨晨")
    RegistrationDesk(room.workplace).register(filled())
    hand.press(F.Key_F10)
    room.settle()
    assert children(room) == ["罗雨桐"]
    assert "是双（多）胞胎吗" in banner(room)


def test_a_number_that_is_taken_stops_as_before(room: Room, hand: Hand) -> None:
    save(room, hand)
    save(room, hand, full_name="罗雨晨")
    assert "这个号码已经有人登记" in banner(room)
    hand.press(F.Key_F10)
    room.settle()
    assert children(room) == ["罗雨桐"]


def test_a_judgement_is_changed_in_its_panel(room: Room, hand: Hand) -> None:
    save(room, hand)
    room.fill(full_name="孟一诺")
    hand.press(F.Key_F5, F.Key_2)  # the same child, by mistake
    room.settle()
    hand.press(F.Key_F10)
    room.settle()
    assert "这个孩子已经登记过" in banner(room)
    assert "在 F5 里改判断" in banner(room)
    hand.press(F.Key_1)
    room.settle()
    hand.commit("户口簿看过，是两个孩子", "hkb")
    hand.press(ENTER)
    room.settle()
    hand.press(F.Key_F10)
    room.settle()
    assert children(room) == ["孟一诺", "罗雨桐"]
    assert {row.text("decision") for row in decisions(room)} == {"disputed"}


# --- taking back --------------------------------------------------------------------------------


def test_ctrl_z_asks_by_name_and_takes_back_only_after_the_second_key(
    room: Room, hand: Hand
) -> None:
    save(room, hand)
    hand.press(F.Key_Z, F.Key_Z, control=True)  # twice is no answer
    room.settle()
    assert children(room) == ["罗雨桐"]
    assert room.said[-1].startswith("要撤销 罗*桐 这一件吗？ 按 Ctrl+Enter 撤销，Esc 不撤")
    assert labels(room)["Ctrl+Enter"] == "撤销这一件"
    hand.press(ENTER, control=True)
    room.settle()
    assert children(room) == []
    assert room.form.value("full_name") == "罗雨桐"
    assert "Ctrl+Enter" not in labels(room)


def test_the_enter_of_the_digits_says_yes_as_well(room: Room, hand: Hand) -> None:
    save(room, hand)
    hand.press(F.Key_Z, F.Key_Enter, control=True)
    room.settle()
    assert children(room) == []


def test_esc_leaves_the_case_and_says_so(room: Room, hand: Hand) -> None:
    save(room, hand)
    hand.press(F.Key_Z, control=True)
    hand.press(ESC)
    assert room.said[-1] == "没有撤销，登记还在"
    hand.press(ENTER, control=True)
    room.settle()
    assert children(room) == ["罗雨桐"]


def test_going_on_typing_is_no_answer_and_loses_nothing(room: Room, hand: Hand) -> None:
    save(room, hand)
    hand.type("41")
    hand.press(
        F.Key_Z, control=True
    )  # takes the two digits back: that is what it is for in a field
    assert room.form.value("id_number") == ""
    hand.press(F.Key_Z, control=True)
    assert "Ctrl+Enter" in labels(room)
    hand.type(CHILD)
    assert "Ctrl+Enter" not in labels(room)
    hand.press(ENTER, control=True)
    room.settle()
    assert children(room) == ["罗雨桐"]
    assert room.form.value("id_number") == CHILD


def test_the_question_falls_silent_by_itself(
    room: Room, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(room, hand)
    monkeypatch.setattr(room.page.after._question, "start", lambda: None)
    hand.press(F.Key_Z, control=True)
    assert not room.page.after.asking
    hand.press(ENTER, control=True)
    room.settle()
    assert children(room) == ["罗雨桐"]


def test_without_a_printer_one_thing_is_said(room: Room, hand: Hand) -> None:
    room.tray.trouble = "print.none"
    save(room, hand)
    assert room.said == ["已保存 罗雨桐"]
    view = room.page.banner_place.view
    assert view is not None
    assert (view.state, view.number) == (State.REFUSED, "U601")
    assert "Shift+F9" in view.now
    room.tray.trouble = ""
    save(room, hand, id_number=number("20180520", 117), full_name="孟一诺", guardian_name="孟大山")
    assert room.said[-1] == "已保存，回执已送打印 孟一诺"
