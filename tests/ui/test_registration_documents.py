"""Documents that are no identity card, and names nobody expects: kept as typed, or refused in words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from desktop_app.domain.errors import RuleError, WorkplaceError
from desktop_app.services.registration import RegistrationDesk
from desktop_app.ui.views import State
from tests.ui.registering import CHILD, ENTER, FATHER, TWIN, Hand, Room, filled, number
from tests.ui.registration_room import cheap_passwords, hand, room, school

F = Qt.Key
__all__ = ["cheap_passwords", "hand", "room", "school"]
PASSPORT = "E12345678"


def wide(words: str) -> float:
    """Measure words in characters; Latin signs are half as wide."""
    return sum(0.5 if ord(sign) < 0x2000 else 1 for sign in words)


def choose(room: Room, hand: Hand, name: str, typed: str) -> None:
    """Choose in a pick field by its keys."""
    room.form.go_to(name)
    hand.type(typed)
    hand.press(ENTER)


def retype(room: Room, hand: Hand, name: str, words: str) -> None:
    """Type over what stands in a field."""
    room.form.go_to(name)
    hand.press(F.Key_A, control=True)
    hand.press(F.Key_Delete)
    hand.commit(words, "pin")
    hand.press(ENTER)
    room.settle()


def guardian_with_passport(room: Room, hand: Hand) -> None:
    room.fill(guardian_id_number="")
    choose(room, hand, "guardian_id_type", "a")
    room.form.go_to("guardian_id_number")
    hand.type(PASSPORT.lower())
    hand.press(ENTER)
    room.settle()


# --- documents of guardians ----------------------------------------------------------------------


def test_a_guardians_passport_keeps_its_letters(room: Room, hand: Hand) -> None:
    guardian_with_passport(room, hand)
    assert room.form.value("guardian_id_number") == PASSPORT
    hand.press(F.Key_F10)
    room.settle()
    last = room.page.saver.last
    assert last is not None
    with room.workplace.journal.begin(room.workplace.actor()) as work:
        (guardian,) = work.rows("guardian", applicant=last.record)
    assert (guardian.text("id_type"), guardian.text("id_number")) == ("A", PASSPORT)


def test_nothing_is_said_of_a_check_digit_a_passport_does_not_have(room: Room, hand: Hand) -> None:
    guardian_with_passport(room, hand)
    assert "校验" not in room.check("guardian_id_number")[1]
    room.fill(guardian_id_type="1", guardian_id_number=FATHER)
    assert room.check("guardian_id_number") == (State.DONE, "校验位正确")


def test_a_draft_brings_a_guardians_passport_back_whole(room: Room, hand: Hand) -> None:
    guardian_with_passport(room, hand)
    hand.press(F.Key_F8)
    room.settle()
    hand.press(F.Key_F8, F.Key_1)
    room.settle()
    assert room.form.value("guardian_id_number") == PASSPORT
    assert room.desks.desk.drafts()[0].fields["guardian_id_number"] == PASSPORT


def test_a_case_taken_back_brings_a_guardians_passport_back_whole(room: Room, hand: Hand) -> None:
    guardian_with_passport(room, hand)
    hand.press(F.Key_F10)
    room.settle()
    hand.take_back()
    room.settle()
    assert room.form.value("guardian_id_type") == "A"
    assert room.form.value("guardian_id_number") == PASSPORT


def test_back_to_an_identity_card_the_field_takes_digits_alone(room: Room, hand: Hand) -> None:
    guardian_with_passport(room, hand)
    choose(room, hand, "guardian_id_type", "1")
    room.form.go_to("guardian_id_number")
    hand.press(F.Key_A, control=True)
    hand.type(f"ab{FATHER}")
    assert room.form.value("guardian_id_number") == FATHER


AGREE = (F.Key_F10, F.Key_Space, F.Key_F10)
"""F10 goes to the guardian's consent, the space bar ticks it, F10 stores."""


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("a", "e12345678", "E12345678"),
        ("8", "12345678", "12345678"),
        ("6", "h1234567 8", "H12345678"),
        ("a", "Ｅ１２３４５６７８", "E12345678"),
        ("a", "=cmd()", "CMD"),
    ],
)
def test_a_childs_other_document_is_written_plainly(
    room: Room, hand: Hand, kind: str, typed: str, value: str
) -> None:
    choose(room, hand, "id_type", kind)
    room.form.go_to("id_number")
    hand.commit(typed, "")
    assert room.form.value("id_number") == value
    assert room.form.may_enter("sex")
    assert not room.form._derived_row.isVisible()


def test_a_changed_mind_about_the_document_leaves_no_hidden_value(room: Room, hand: Hand) -> None:
    room.fill()
    choose(room, hand, "id_type", "z")
    room.form.go_to("birth_certificate")
    hand.type("R419999123")
    hand.press(ENTER)
    assert "id_number" not in room.form.typed()
    choose(room, hand, "id_type", "1")
    room.settle()
    typed = room.form.typed()
    assert typed["id_number"] == CHILD
    assert not {"birth_certificate", "sex", "birth_date"} & set(typed)


def test_a_half_typed_birth_date_comes_back_as_it_was_left(room: Room, hand: Hand) -> None:
    choose(room, hand, "id_type", "z")
    room.form.go_to("birth_date")
    hand.type("201803")
    hand.press(F.Key_F8)
    room.settle()
    hand.press(F.Key_F8, F.Key_1)
    room.settle()
    assert room.form.value("birth_date") == "201803"
    assert room.form.may_enter("birth_date")


# --- names ---------------------------------------------------------------------------------------

REFUSED = {
    "a formula": "=HYPERLINK(1)",
    "an at sign": "@罗雨桐",
    "writing from the right": "罗\u202e雨桐",
    "an isolate": "罗\u2066雨桐\u2069",
    "markup": "<b>罗</b>",
    "an ampersand": "罗&lt;",
    "digits": "罗2雨桐",
    "a smile": "罗😀",
    "two hundred characters": "罗" * 200,
    "a surrogate pair nobody assigned": "罗\U000e0001",
}


@pytest.mark.parametrize("field", ["full_name", "guardian_name"])
def test_a_name_no_register_holds_is_refused_beside_its_field(
    room: Room, hand: Hand, field: str
) -> None:
    room.fill()
    for kind, name in REFUSED.items():
        retype(room, hand, field, name)
        assert room.page.banner_place.view is None
        hand.press(F.Key_F10)
        room.settle()
        assert room.page.saver.last is None, kind
        assert room.form.current() == field, kind
        state, words = room.check(field)
        assert state is State.REFUSED, kind
        assert 0 < wide(words) <= 12, words
        assert room.page.banner_place.view is not None, kind


KEPT = {
    "欧阳雨桐": "欧阳雨桐",
    "𠮷㼆䶮": "𠮷㼆䶮",
    "阿卜杜热合曼.艾尼瓦尔": "阿卜杜热合曼·艾尼瓦尔",
    " 罗 雨 桐 ": "罗雨桐",
    "罗\u200b雨桐": "罗雨桐",
    "Mary Ann O'Neil": "Mary Ann O'Neil",
    "买买提·吾守尔·阿布都热依木江·阿不力孜": "买买提·吾守尔·阿布都热依木江·阿不力孜",
    "罗": "罗",
}


def test_a_name_some_register_holds_is_saved_and_printed(room: Room, hand: Hand) -> None:
    for day, (typed, name) in enumerate(KEPT.items(), 10):
        guardian = f"{name[0]}大山"
        phone = f"138{day:08d}"
        room.fill(id_number=number(f"201803{day}"), guardian_name=guardian, guardian_phone=phone)
        room.form.take("guardian_id_number", number(f"199003{day}"))
        retype(room, hand, "full_name", typed)
        hand.press(F.Key_F10)
        room.settle()
        last = room.page.saver.last
        assert last is not None
        assert last.name == name
        with room.workplace.journal.begin(room.workplace.actor()) as work:
            assert work.row("applicant", last.record).text("full_name") == name
        assert room.tray.sheets[-1][0].name == name


def labels_with(part: str) -> list[QLabel]:
    """Every label of the program that shows some words."""
    everything = QApplication.allWidgets()
    return [one for one in everything if isinstance(one, QLabel) and part in one.text()]


def test_markup_in_a_name_is_shown_as_it_was_typed(room: Room, hand: Hand) -> None:
    name = "<b>罗</b>"
    hand.type(CHILD)
    hand.press(ENTER)
    hand.commit(name, "luo")
    hand.press(ENTER)
    room.settle()
    hand.press(F.Key_F8)
    room.settle()
    shown = labels_with(name)
    assert shown
    hand.press(F.Key_F8, F.Key_1)
    room.settle()
    shown += labels_with(name)
    assert room.page.view.sheet.isVisible()
    assert {one.textFormat() for one in shown} == {Qt.TextFormat.PlainText}


def test_a_draft_without_a_name_is_taken_up_in_words(room: Room, hand: Hand) -> None:
    hand.type(CHILD)
    hand.press(ENTER, F.Key_F8)
    room.settle()
    hand.press(F.Key_F8, F.Key_1)
    room.settle()
    assert room.said[-1].strip() == "接着填：还没写姓名"


# --- what is kept when a save does not succeed ----------------------------------------------------


def test_the_field_of_the_caret_is_kept_when_a_save_is_refused(
    room: Room, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_words: object, **_more: object) -> None:
        raise RuleError("form.duplicate", rule="D1")

    monkeypatch.setattr(RegistrationDesk, "register", refuse)
    room.fill(guardian_phone="")
    room.form.go_to("guardian_phone")
    hand.type("13800001612")
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.banner_place.view is not None
    assert room.desks.desk.drafts()[0].fields["guardian_phone"] == "13800001612"


def test_a_case_refused_by_the_disk_is_saved_by_the_next_press(
    room: Room, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.fill()
    with monkeypatch.context() as patch:
        patch.setattr(RegistrationDesk, "register", _full)
        hand.press(F.Key_F10)
        room.settle()
    assert room.page.saver.last is None
    assert room.form.value("full_name") == "罗雨桐"
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is not None
    assert room.desks.day.summary().registered == 1
    assert room.desks.desk.drafts() == ()


def _full(*_words: object, **_more: object) -> None:
    raise WorkplaceError("disk.full")


# --- the private page ---------------------------------------------------------------------------


def test_what_is_being_told_in_private_outlives_a_lock(room: Room, hand: Hand) -> None:
    hand.type(CHILD)
    hand.press(ENTER)
    room.settle()
    hand.press(F.Key_F7, F.Key_Space)
    room.private.text.setFocus()
    hand.type("front row")
    room.window.open_page("register")  # as the cover of the lock does: the page is left
    room.settle()
    kept = room.desks.desk.drafts()[0].fields["private_note"]
    assert kept.endswith("；front row")
    hand.press(F.Key_F7)
    assert room.private.value() == kept


def test_esc_on_the_private_page_changes_nothing(room: Room, hand: Hand) -> None:
    hand.type(CHILD)
    hand.press(ENTER, F.Key_F7, F.Key_Space, F.Key_Escape)
    room.settle()
    assert room.page.note == ""
    hand.press(F.Key_F7, F.Key_Space, *AGREE)
    room.settle()
    told = room.page.note
    hand.press(F.Key_F7, F.Key_Space, F.Key_Escape)
    room.settle()
    assert told
    assert room.page.note == told


def test_a_declaration_too_long_is_not_taken_and_says_by_how_much(room: Room, hand: Hand) -> None:
    hand.type(CHILD)
    hand.press(ENTER, F.Key_F7)
    room.private.text.setPlainText("字" * 507)
    hand.press(F.Key_F10)
    assert room.window.page is room.private
    assert room.private._left.words == "多了 7 个字"


def test_a_declaration_survives_being_taken_back_and_is_still_sealed(
    room: Room, hand: Hand
) -> None:
    room.fill()
    hand.press(F.Key_F7, F.Key_Space, *AGREE)
    hand.press(F.Key_F10)
    room.settle()
    hand.take_back()
    room.settle()
    assert room.page.note.startswith("age:")
    hand.press(F.Key_F7)
    assert room.private.value() == ""
    hand.press(F.Key_F10, F.Key_F10)
    room.settle()
    last = room.page.saver.last
    assert last is not None
    assert room.desks.notes.read(last.record) == "孩子有残疾或长期患病，需要便利"


def test_the_number_of_another_child_never_stays_in_the_next_form(room: Room, hand: Hand) -> None:
    room.fill()
    hand.press(F.Key_F7, F.Key_Space, *AGREE, F.Key_F10)
    room.settle()
    assert room.page.note == ""
    assert set(room.form.typed()) <= {
        "id_type",
        "guardian_id_type",
        "ethnic_code",
        "hukou_village",
        "category",
        "boarding_code",
    }
    assert room.page.live.case.materials == {}
    room.fill(**filled(id_number=TWIN, full_name="罗雨晨"))
    assert number(order=272) == TWIN
    assert room.form.value("id_number") == TWIN
