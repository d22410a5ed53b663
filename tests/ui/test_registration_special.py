"""What is asked by key beside the form: the category, the same family, transfers, proxies, paper."""

from __future__ import annotations

from PySide6.QtCore import Qt

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.storage.rows import Row, read_rows
from desktop_app.ui.views import State
from tests.ui.registering import CHILD, ENTER, ESC, FATHER, SPACE, Hand, Room, number
from tests.ui.registration_room import cheap_passwords, hand, room, school
from tests.ui.test_registration import Mice, key_minimal_case

F = Qt.Key
__all__ = ["cheap_passwords", "hand", "room", "school"]
YOUNGER, YOUNG = number("20171102", 272), number("20190305", 417)


def rows(room: Room, kind: str, **equal: str) -> list[Row]:
    with room.workplace.database.read() as connection:
        scope = room.workplace.seat.scope
        return read_rows(connection, RECORD_TYPES[kind], scope, dict(equal))


def test_scenario_9_the_questions_lead_a_migrant_family_without_a_home_to_its_papers(
    room: Room, hand: Hand
) -> None:
    mice = Mice(room)
    hand.type(CHILD)
    hand.press(ENTER)
    hand.commit("罗雨桐", "luoyutong")
    hand.press(ENTER)
    hand.type("hz")
    hand.press(ENTER)
    hand.type("wd")
    hand.press(ENTER)
    hand.commit("鲁山县张良镇", "lushan")
    hand.press(ENTER, F.Key_1, ENTER, ENTER)
    hand.type("zhw")
    hand.press(ENTER)
    hand.type("3-27")
    hand.press(ENTER)
    assert room.form.current() == "category"
    panel = room.page.view.questions
    hand.press(F.Key_F2, shift=True)
    assert panel.hasFocus()
    assert "孩子的户口在哪里？" in panel.words
    hand.press(F.Key_2)
    assert "家里住的是谁的房？" in panel.words
    hand.press(F.Key_Backspace, F.Key_5, F.Key_2)
    assert "手里有哪一样？" in panel.words
    hand.press(F.Key_1)
    assert room.form.value("category") == "B1"
    assert not panel.isVisible()
    papers = [(one.code, one.optional) for one in room.page.view.materials.papers]
    assert papers == [(one, False) for one in ("HKB", "GID", "RESP", "LABOR", "BIZ", "SOC")]
    zone = room.page.view.catchment.words
    assert "（本校）" in zone
    assert "按现住址：" in zone
    assert "划片表第1行" in zone
    assert room.said[-1].endswith("按现住址划片 · 材料 3 项，见 F6")
    hand.press(F.Key_1, ENTER)
    hand.commit("罗志远", "luozhiyuan")
    hand.press(ENTER)
    hand.type("fq")
    hand.press(ENTER)
    hand.type(FATHER)
    hand.press(ENTER)
    hand.type("13800001612")
    hand.press(ENTER, SPACE, F.Key_F6, F.Key_1, F.Key_2, F.Key_3, F.Key_F10)
    room.settle()
    (child,) = rows(room, "applicant")
    assert (child.text("category"), child.text("missing_materials")) == ("B1", "")
    assert hand.keys <= 140
    assert (mice.mouse, mice.strayed) == (0, [])


def test_the_next_child_of_a_family_takes_fewer_than_sixty_keys(room: Room, hand: Hand) -> None:
    hand.press(F.Key_F4, shift=True)
    assert room.said[-1] == "还没有上一件，先登记这一家的第一个孩子"
    key_minimal_case(hand, room)
    before, mice = hand.keys, Mice(room)
    strip = room.window.strip.view
    assert strip is not None
    assert "Shift+F4 同一家再登一个" in [f"{one.key} {one.label}" for one in strip.keys]
    hand.press(F.Key_F4, shift=True)
    assert room.form.current() == "id_number"
    assert room.form.value("guardian_phone") == "13800001612"
    assert room.form.value("notice_read") == ""
    assert room.page.live.case.materials == {"GID": "accepted"}
    hand.press(F.Key_F4, shift=True)
    assert room.said[-1].startswith("先存这一件")
    hand.type(YOUNGER)
    hand.press(ENTER)
    hand.commit("罗雨晨", "luoyuchen")
    hand.press(ENTER, SPACE, F.Key_F6, F.Key_1, F.Key_F10)
    room.settle()
    first, second = sorted(rows(room, "applicant"), key=lambda one: one.created_at)
    assert second.text("full_name") == "罗雨晨"
    assert second.text("missing_materials") == ""
    assert first.text("family") == second.text("family") == first.record
    guardians = [one.text("id_number") for one in rows(room, "guardian")]
    assert guardians == [FATHER] * 2
    assert hand.keys - before <= 60
    assert (mice.mouse, mice.strayed) == (0, [])


def test_a_grandmother_brings_a_transferred_child(room: Room, hand: Hand) -> None:
    room.fill(id_number=YOUNG)
    assert room.check("derived_sex")[0] is State.REFUSED
    room.form.go_to("guardian_name")
    hand.press(F.Key_F6, shift=True)
    hand.press(F.Key_2)
    assert room.form.current() == "guardian_name"
    assert room.check("derived_sex") == (State.DONE, "按学籍，不看入学年龄")
    hand.press(F.Key_F6, shift=True)
    hand.press(F.Key_6, F.Key_2)
    room.settle()
    assert room.check("guardian_name") == (State.WAITING, "祖母代办，要委托书")
    assert [one.code for one in room.page.view.materials.papers] == ["HKB", "GID", "ROLL", "AUTH"]
    hand.press(F.Key_F6, F.Key_4, F.Key_4, F.Key_F10)
    room.settle()
    (child,) = rows(room, "applicant")
    marks = [child.text(one) for one in ("entry", "agent_relation", "missing_materials")]
    assert marks == ["transfer", "62", "HKB GID ROLL AUTH"]
    (guardian,) = rows(room, "guardian")
    assert (guardian.text("full_name"), guardian.text("relation")) == ("罗志远", "51")
    room.page.amend(child.record)
    room.settle()
    hand.press(F.Key_F6, shift=True)
    hand.press(F.Key_5, F.Key_F10)
    room.settle()
    (child,) = rows(room, "applicant")
    assert (child.text("agent_relation"), child.text("entry")) == ("", "transfer")
    assert child.text("missing_materials") == "HKB GID ROLL"


def test_the_marks_of_a_case_survive_in_its_draft(room: Room, hand: Hand) -> None:
    hand.type(CHILD)
    hand.press(F.Key_F6, shift=True)
    hand.press(F.Key_4)
    hand.press(F.Key_F6, shift=True)
    hand.press(F.Key_7)
    room.settle()
    (draft,) = room.desks.desk.drafts()
    assert (draft.fields["entry"], draft.fields["second_keying"]) == ("deferred", "waiting")
    hand.press(F.Key_F8)
    room.settle()
    assert room.page.live.case.marks == {"second_keying": "waiting"}
    hand.press(F.Key_F8, F.Key_1)
    assert room.page.live.case.marks == {"entry": "deferred", "second_keying": "waiting"}
    hand.press(F.Key_F2, shift=True)
    hand.press(ESC)
    assert room.form.value("category") == ""


def test_the_day_on_the_paper_is_typed_once_for_a_pile_and_held_against_the_season(
    room: Room, hand: Hand
) -> None:
    assert not room.form.may_enter("paper_date")
    room.fill()
    hand.press(F.Key_F6, shift=True)
    hand.press(F.Key_7)
    room.form.go_to("paper_date")
    hand.type("2019.8.20")
    hand.press(F.Key_F10)
    room.settle()
    assert room.form.current() == "paper_date"
    assert room.check("paper_date") == (State.REFUSED, "不在这一季，看纸表")
    room.form.take("paper_date", "")
    hand.type("2024.3.20")
    hand.press(F.Key_F10)
    room.settle()
    (child,) = rows(room, "applicant")
    marks = [child.text(one) for one in ("second_keying", "paper_date")]
    assert marks == ["waiting", "2024-03-20"]
    assert room.form.value("paper_date") == "2024-03-20", "those of one pile mostly have one day"
    assert room.check("paper_date")[1].startswith("沿用上一件")
    room.fill(id_number=number(order=301), full_name="吴桐")
    room.form.take("paper_date", "")
    hand.press(F.Key_F10)
    assert room.form.current() == "paper_date", "a day is asked for once"
    for _ in range(2):  # a look-alike is asked about once
        hand.press(F.Key_F10)
        room.settle()
    stored = {one.text("full_name"): one.text("paper_date") for one in rows(room, "applicant")}
    assert stored == {"罗雨桐": "2024-03-20", "吴桐": ""}, "a paper may have no day"
    hand.press(F.Key_F6, shift=True)
    hand.press(F.Key_7)
    assert not room.form.may_enter("paper_date")


def test_every_key_of_the_form_is_printed_or_listed_under_f1(room: Room, hand: Hand) -> None:
    bar = [one.accessibleName() for one in room.window.key_bar.buttons]
    assert "Shift+F6 来源、代办、纸表" in bar
    hand.press(F.Key_F1)
    listed = room.window.help_panel.key_words
    assert {"Shift+F2", "Shift+F4", "问一问，定类别", "同一家再登一个"} <= set(listed)
    assert not {"Shift+F6", "Shift+F7"} & set(listed), "those are printed where they are"
    hand.press(F.Key_F1, F.Key_F11, F.Key_F11, F.Key_F11, F.Key_F1)
    panel = room.window.help_panel
    assert {"Shift+F2", "Shift+F4", "Shift+F6"} <= set(panel.key_words)
    assert panel.heightForWidth(panel.width()) <= panel.height()


def test_a_rare_character_is_typed_by_its_code_point(room: Room, hand: Hand) -> None:
    room.form.go_to("full_name")
    hand.type("U+5F20u+343C")
    hand.press(ENTER)
    assert room.form.value("full_name") == "张㐼"
    assert room.page.live.found.value("full_name") == "张㐼"
