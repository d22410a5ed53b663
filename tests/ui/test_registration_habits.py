"""What a hand does at the desk without looking: no key is silent, none is lost, no list hides."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop_app.domain.errors import WorkplaceError
from desktop_app.services.registration import Decision, RegistrationDesk
from desktop_app.storage.drafts import Draft
from desktop_app.storage.repairs import FROM_ROW
from desktop_app.ui.pages.registration_likeness import SAME
from desktop_app.ui.views import State
from desktop_app.ui.widgets.picklist import VISIBLE, PickList
from tests.ui.registering import (
    CHILD,
    ENTER,
    ESC,
    FATHER,
    SPACE,
    TWIN,
    VILLAGE,
    Hand,
    Room,
    filled,
    focused,
    number,
)
from tests.ui.registration_room import cheap_passwords, hand, room, school

F = Qt.Key
__all__ = ["cheap_passwords", "hand", "room", "school"]
NEXT = number("20180520", 117)


def save(room: Room, hand: Hand, **more: str) -> None:
    """Save a case by F10."""
    room.fill(**more)
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is not None


# --- no key is silent -----------------------------------------------------------------------------


@pytest.mark.parametrize("key", [F.Key_F4, F.Key_F8, F.Key_F9, F.Key_F10])
def test_a_key_with_nothing_to_do_says_why(room: Room, hand: Hand, key: Qt.Key) -> None:
    assert room.said == []
    hand.press(key)
    room.settle()
    assert len(room.said) == 1
    assert room.window.strip.words.startswith(room.said[0])
    assert room.page.banner_place.view is None
    assert room.page.saver.last is None
    assert room.desks.desk.drafts() == ()
    assert room.form.current() == "id_number"


def test_ctrl_z_before_any_case_says_so(room: Room, hand: Hand) -> None:
    hand.press(F.Key_Z, control=True)
    room.settle()
    assert room.said == ["还没有上一件，没有可撤销的"]


def test_f4_says_why_where_there_is_nothing_to_repeat(room: Room, hand: Hand) -> None:
    save(room, hand, guardian_phone="")
    for name, told in (("full_name", "各家孩子不同"), ("guardian_phone", "也是空的")):
        room.form.go_to(name)
        hand.press(F.Key_F4)
        assert told in room.said[-1]
        assert room.form.current() == name
        assert room.form.value(name) == ""


# --- no key is lost -------------------------------------------------------------------------------


def test_what_is_typed_during_the_save_begins_the_next_form(room: Room, hand: Hand) -> None:
    room.fill()
    hand.press(F.Key_F10)
    assert room.page.busy
    hand.type(NEXT)
    hand.press(ENTER)
    hand.commit("孟一诺", "mengyinuo")
    room.settle()
    last = room.page.saver.last
    assert last is not None
    assert last.name == "罗雨桐"
    assert room.form.value("id_number") == NEXT
    assert room.form.value("full_name") == "孟一诺"
    assert room.form.current() == "full_name"


def test_digits_typed_from_the_papers_during_the_save_mark_no_paper(room: Room, hand: Hand) -> None:
    room.fill()
    hand.press(F.Key_F6, F.Key_1, F.Key_2, F.Key_F10)
    hand.type(NEXT[:6])
    room.settle()
    assert room.form.value("id_number") == NEXT[:6]
    assert room.page.live.case.materials == {}


def test_after_a_refused_save_the_keys_go_where_they_were_typed(
    room: Room, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_anything: object, **_more: object) -> None:
        raise WorkplaceError("database.disk_full")

    room.fill(hukou_address="")
    room.form.go_to("hukou_address")
    with monkeypatch.context() as patch:
        patch.setattr(RegistrationDesk, "register", refuse)
        hand.press(F.Key_F10)
        hand.type("3-2")
        room.settle()
    assert room.page.saver.last is None
    assert room.form.value("hukou_address") == "3-2"
    assert room.form.value("id_number") == CHILD


# --- what is still open ---------------------------------------------------------------------------


def test_a_wrong_check_digit_is_counted_as_open_after_enter(room: Room, hand: Hand) -> None:
    wrong = CHILD[:17] + ("1" if CHILD[17] != "1" else "2")
    room.fill(id_number="", full_name="")
    room.form.go_to("id_number")
    hand.type(wrong)
    hand.press(ENTER)
    room.settle()
    assert room.form.current() == "full_name"
    assert room.page.view.left_words == "还需填 2 格"
    hand.commit("罗雨桐", "luoyutong")
    hand.press(ENTER)
    room.settle()
    assert room.page.view.left_words == "还需填 1 格"


@pytest.mark.parametrize(
    "typed",
    [
        "20180503",
        "2018.5.3",
        "2018/5/3",
        "2018-5-3",
        "2018年5月3日",
        "２０１８．５．３",
        "2018。5。3",
    ],
)
def test_a_birth_date_is_read_as_it_is_written(room: Room, hand: Hand, typed: str) -> None:
    room.fill(id_number="", id_type="Z", sex="2")
    room.form.go_to("birth_date")
    for sign in typed:
        hand.commit(sign, "")
    hand.press(ENTER)
    room.settle()
    assert room.page.live.found.value("birth_date") == "2018-05-03"
    assert room.form.value("birth_date") == "2018-05-03"
    assert room.page.live.found.needed == ()
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is not None


@pytest.mark.parametrize("typed", ["18.5.3", "18年5月3日", "180503", "18-05-03"])
def test_a_year_of_two_digits_is_refused_in_words(room: Room, hand: Hand, typed: str) -> None:
    room.fill(id_number="", id_type="Z", sex="2")
    room.form.go_to("birth_date")
    hand.commit(typed, "")
    hand.press(ENTER)
    room.settle()
    assert room.check("sex") == (State.REFUSED, "年份写四位，如2018")
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is None
    assert room.form.current() == "birth_date"


def test_letters_never_get_into_a_date(room: Room, hand: Hand) -> None:
    room.fill(id_number="", id_type="Z", sex="2")
    room.form.go_to("birth_date")
    hand.type("x2018q.5w.3e")
    assert room.form.value("birth_date") == "2018-05-03"


def test_f4_on_the_kind_of_document_opens_its_fields(room: Room, hand: Hand) -> None:
    room.fill(id_number="", id_type="Z", sex="2", birth_date="2018-05-03")
    hand.press(F.Key_F10)
    room.settle()
    room.form.go_to("id_type")
    hand.press(F.Key_F4)
    assert room.form.may_enter("birth_certificate")
    assert not room.form.may_enter("id_number")


# --- lists ----------------------------------------------------------------------------------------


def test_no_document_is_seen_when_the_list_opens(room: Room, hand: Hand) -> None:
    room.form.go_to("id_type")
    hand.press(F.Key_Down)
    (found,) = [one for one in room.window.findChildren(PickList) if one.isVisible()]
    assert "无证件" in [option.label for option in found.options[:VISIBLE]]
    hand.press(F.Key_2)
    assert room.form.value("id_type") == "Z"


def test_a_list_closed_by_esc_opens_again_by_typing(room: Room, hand: Hand) -> None:
    room.fill()
    room.form.go_to("category")
    hand.type("b")
    hand.press(ESC)
    assert room.form.value("category") == "A1"
    hand.type("b1")
    hand.press(ENTER)
    assert room.form.value("category") == "B1"


def test_a_list_is_emptied_by_delete_and_enter_goes_on(room: Room, hand: Hand) -> None:
    room.fill()
    room.form.go_to("ethnic_code")
    hand.press(F.Key_Delete, ENTER)
    room.settle()
    assert room.form.value("ethnic_code") == ""
    assert room.form.current() == "hukou_nature"
    assert "ethnic_code" in room.page.live.found.needed
    assert room.desks.desk.drafts()[0].fields.get("ethnic_code") is None


def test_an_emptied_kind_of_document_is_the_identity_card(room: Room, hand: Hand) -> None:
    room.fill(id_number="", id_type="Z")
    room.form.go_to("id_type")
    hand.press(F.Key_Backspace, ENTER)
    room.settle()
    assert room.form.value("id_type") == "1"
    assert room.form.may_enter("id_number")


@pytest.mark.parametrize(
    ("name", "digit", "value", "next_one"),
    [
        ("hukou_village", "1", VILLAGE, "hukou_address"),
        ("ethnic_code", "1", "01", "hukou_address"),
        ("hukou_nature", "1", "1", "same_address"),
        ("category", "1", "A1", "guardian_phone"),
        ("boarding_code", "1", "1", "guardian_phone"),
        ("guardian_relation", "2", "52", "guardian_phone"),
    ],
)
def test_a_digit_chooses_in_every_list_and_enter_goes_on(
    room: Room, hand: Hand, name: str, digit: str, value: str, next_one: str
) -> None:
    """One habit for all lists: the digit chooses and the caret waits, so that Enter skips none."""
    room.fill(hukou_address="", same_address="", guardian_phone="", **{name: ""})
    room.form.go_to(name)
    hand.type(digit)
    hand.press(ENTER)
    room.settle()
    assert room.form.value(name) == value
    assert room.form.current() == next_one


@pytest.mark.parametrize("kind", ["id_type", "guardian_id_type"])
def test_a_number_typed_into_the_kind_of_document_goes_where_it_belongs(
    room: Room, hand: Hand, kind: str
) -> None:
    place = kind.replace("type", "number")
    room.fill(**{place: ""})
    room.form.go_to(kind)
    for digit in CHILD:  # each where the caret is by then
        hand.type(digit)
    room.settle()
    assert (room.form.value(kind), room.form.value(place)) == ("1", CHILD)
    assert room.form.current() == place


def test_a_group_typed_into_the_village_goes_beside_it(room: Room, hand: Hand) -> None:
    room.fill(hukou_address="")
    room.form.go_to("hukou_village")
    hand.type("3")
    hand.commit("组", "zu")
    room.settle()
    assert (room.form.value("hukou_village"), room.form.value("hukou_address")) == (VILLAGE, "3组")
    room.form.go_to("hukou_village")
    for sign in "4-12":
        hand.type(sign)
    hand.press(ENTER)
    room.settle()
    assert room.form.value("hukou_village") == VILLAGE
    assert room.form.value("hukou_address") == "4组12号"


def test_a_category_by_the_home_leads_back_to_the_home(room: Room, hand: Hand) -> None:
    room.fill(hukou_village="外地", hukou_nature="1", category="", same_address="")
    room.form.go_to("same_address")
    hand.press(ENTER, ENTER, ENTER)
    room.form.go_to("category")
    hand.type("b1")
    hand.press(ENTER)
    room.settle()
    assert room.form.current() == "same_address"
    hand.press(SPACE, ENTER)
    room.settle()
    assert room.said[-1].startswith("都填好了")


def test_the_family_of_a_workbooks_row_leaves_nothing_to_the_next(room: Room, hand: Hand) -> None:
    save(room, hand)
    other = next(one for one in room.desks.policy.villages if one != VILLAGE)
    row = filled(id_number=NEXT, full_name="王子涵", hukou_village=other, category="B4")
    room.desks.desk.save_draft(Draft("d9", room.desks.person, {**row, FROM_ROW: "1"}, ""))
    room.page.open_draft("d9")
    room.settle()
    for _ in range(2):  # a look-alike is asked about
        hand.press(F.Key_F10)
        room.settle()
    last = room.page.saver.last
    assert last is not None
    assert last.name == "王子涵"
    assert room.form.value("hukou_village") == VILLAGE
    assert room.form.value("category") == "A1"


# --- paper ----------------------------------------------------------------------------------------


def test_a_missing_printer_is_a_banner_once_and_then_a_quiet_line(room: Room, hand: Hand) -> None:
    room.tray.trouble = "print.none"
    save(room, hand)
    banner = room.page.banner_place.view
    assert banner is not None
    assert banner.number == "U601"
    save(room, hand, id_number=NEXT, full_name="孟一诺", guardian_name="孟大山")
    assert room.page.banner_place.view is None
    assert room.said[-1] == "没有打印机，回执可稍后补打 孟一诺"
    assert not any("正在打印" in words for words in room.said[-2:])
    hand.press(F.Key_F9)
    room.settle()
    assert room.page.banner_place.view is None
    room.tray.trouble = ""
    hand.press(F.Key_F9)
    room.settle()
    assert [view.name for view, _ in room.tray.sheets] == ["孟一诺"]


# --- drafts ---------------------------------------------------------------------------------------


def test_a_field_counts_as_kept_only_once_it_is_written(
    room: Room, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: RegistrationDesk, _draft: Draft) -> None:
        raise WorkplaceError("database.disk_full")

    hand.type(CHILD)
    with monkeypatch.context() as patch:
        patch.setattr(RegistrationDesk, "save_draft", refuse)
        hand.press(ENTER)
        room.settle()
    assert room.page.view.saved_words == ""
    assert room.page.banner_place.view is not None
    assert room.desks.desk.drafts() == ()
    room.page.on_leave()  # nothing new was typed, yet it is not kept
    room.settle()
    assert room.desks.desk.drafts()[0].fields["id_number"] == CHILD
    assert room.page.view.saved_words.startswith("已自动保存")


def test_a_private_note_alone_is_kept_and_taken_up(room: Room, hand: Hand) -> None:
    hand.press(F.Key_F7)
    hand.press(SPACE)
    hand.press(F.Key_F10)
    assert room.window.page is room.private, "nothing is declared without the guardian's consent"
    hand.press(SPACE, F.Key_F10)
    room.settle()
    (draft,) = room.desks.desk.drafts()
    assert "残疾" in draft.fields["private_note"]
    hand.press(F.Key_F8)
    room.settle()
    assert room.page.note == ""
    hand.press(F.Key_F8, F.Key_1)
    room.settle()
    assert "残疾" in room.page.note
    room.page.take_note("", agreed=False)
    room.settle()
    assert room.desks.desk.drafts() == ()


@pytest.mark.parametrize("caret", ["full_name", "id_number", "current_village", "", "notice_read"])
def test_after_a_crash_the_caret_is_in_the_first_open_field(
    room: Room, hand: Hand, caret: str
) -> None:
    """Killed, the computer could not note where somebody left the form."""
    fields = {"id_number": CHILD, "full_name": "罗雨桐", "ethnic_code": "01"}
    room.desks.desk.save_draft(Draft("one", room.desks.person, fields, caret))
    room.page.open_draft("one")
    room.settle()
    assert room.form.value("full_name") == "罗雨桐"
    assert room.form.current() == "hukou_village"


def test_what_was_passed_over_before_the_crash_is_not_asked_for_again(
    room: Room, hand: Hand
) -> None:
    fields = filled(same_address="", hukou_address="", guardian_name="", guardian_phone="")
    room.desks.desk.save_draft(Draft("one", room.desks.person, fields, "guardian_name"))
    room.page.open_draft("one")
    room.settle()
    assert room.form.current() == "guardian_name"


def test_a_draft_left_by_hand_comes_back_at_the_very_caret(room: Room, hand: Hand) -> None:
    room.fill(category="")
    room.form.go_to("guardian_name")
    hand.press(F.Key_F8)
    room.settle()
    hand.press(F.Key_F8, F.Key_1)
    room.settle()
    assert room.form.current() == "guardian_name"


# --- look-alikes ----------------------------------------------------------------------------------


def test_typing_blindly_into_a_stopped_look_alike_decides_nothing_twice(
    room: Room, hand: Hand
) -> None:
    """The child the reason was for is judged elsewhere while the reason is being written."""
    room.desks.desk.register(filled())
    room.fill(full_name="孟一诺", guardian_name="孟大山")
    hand.press(F.Key_F10)
    room.settle()
    hand.press(F.Key_1)
    room.settle()
    assert focused().objectName() == "reason"
    hand.commit("照户口簿", "zhkb")
    panel, live = room.page.view.likeness, room.page.live
    about = [(one.finding.rule, one.finding.other) for one in live.hints]
    live.case.decisions.update({key: Decision(*key, SAME) for key in about})
    panel._decisions = dict(live.case.decisions)
    hand.press(ENTER)
    room.settle()
    assert {one.decision for one in live.case.decisions.values()} == {SAME}
    hand.press(F.Key_F5, F.Key_1, F.Key_2, F.Key_1)
    hand.type("12")
    hand.press(ENTER, ENTER)
    room.settle()
    assert panel.open_children == ()


def test_a_reason_is_put_away_when_its_child_no_longer_stands_open(room: Room, hand: Hand) -> None:
    room.desks.desk.register(filled())
    room.desks.desk.register(filled(id_number=TWIN, full_name="罗雨晨"))
    room.fill(full_name="孟一诺", guardian_name="孟大山", guardian_id_number=FATHER)
    hand.press(F.Key_F5, F.Key_1)
    room.settle()
    hand.commit("照户口簿", "zhkb")
    room.form.take("id_number", NEXT)
    room.settle()
    assert not room.page.view.likeness.reason.isVisible()
    hand.press(ENTER, F.Key_1, ENTER)
    room.settle()
    assert "照户口簿" not in str(room.page.live.case.decisions)


# --- words ----------------------------------------------------------------------------------------


def test_a_tick_never_asks_for_something_still_to_be_done(room: Room, hand: Hand) -> None:
    room.fill()
    assert room.check("full_name") == (State.DONE, "已填，对一下户口簿")
    labels = {one.key: one.label for one in room.page.key_actions()}
    assert labels["F8"] == "先放一放"
    hand.press(F.Key_F8)
    room.settle()
    assert room.said[-1] == "罗雨桐 先放下了 都存着；按 F8 取回接着填"


# --- hints that warn and never stop ---------------------------------------------------------------

MOTHER = number("19910307", 262)


@pytest.mark.parametrize(
    ("relation", "document", "warns"),
    [
        ("fq", MOTHER, True),
        ("mq", FATHER, True),
        ("zufu", MOTHER, True),
        ("fq", FATHER, False),
        ("mq", MOTHER, False),
        ("99", MOTHER, False),
    ],
)
def test_a_father_with_a_womans_number_is_hinted_at_and_saved(
    room: Room, hand: Hand, relation: str, document: str, *, warns: bool
) -> None:
    room.fill(guardian_relation="", guardian_id_number=document)
    room.form.go_to("guardian_relation")
    hand.type(relation)
    hand.press(ENTER)
    room.settle()
    expected = (State.NEEDS, "关系与证件性别不符") if warns else (State.DONE, "已填，对一下户口簿")
    assert room.check("guardian_name") == expected
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is not None


def test_a_guardian_with_the_childs_number_is_hinted_at(room: Room, hand: Hand) -> None:
    room.fill(guardian_id_number="")
    room.form.go_to("guardian_id_number")
    hand.type(CHILD)
    hand.press(ENTER)
    room.settle()
    assert room.check("guardian_id_number") == (State.NEEDS, "与孩子证件号相同")


def test_a_guardian_known_under_another_name_is_hinted_at_and_saved(room: Room, hand: Hand) -> None:
    save(room, hand)
    room.fill(id_number=NEXT, full_name="罗雨晨", guardian_name="", guardian_id_number="")
    room.form.go_to("guardian_name")
    hand.commit("罗志元", "luozhiyuan")
    hand.press(ENTER)
    room.form.go_to("guardian_id_number")
    hand.type(FATHER)
    hand.press(ENTER)
    room.settle()
    assert room.check("guardian_name") == (State.NEEDS, "此证登记过：罗志远")
    room.form.go_to("guardian_name")
    hand.press(F.Key_A, control=True)
    hand.commit("罗志远", "luozhiyuan")
    hand.press(ENTER)
    room.settle()
    assert room.check("guardian_name")[0] is State.DONE
    room.form.go_to("guardian_name")
    hand.press(F.Key_A, control=True)
    hand.commit("罗志元", "luozhiyuan")
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is not None
    assert room.page.saver.last.name == "罗雨晨"


@pytest.mark.parametrize(("category", "warns"), [("a1", True), ("a2", True), ("b1", False)])
def test_a_local_category_with_a_household_elsewhere_is_hinted_at(
    room: Room, hand: Hand, category: str, *, warns: bool
) -> None:
    room.fill(hukou_village="外地", category="")
    room.form.go_to("category")
    hand.type(category)
    hand.press(ENTER)
    room.settle()
    assert (room.check("category") == (State.NEEDS, "户籍在外地，核对类别")) is warns
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is not None
