"""The registration desk by keyboard alone: keys counted, fields walked, cases saved and taken back."""

from __future__ import annotations

import statistics
import time

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from desktop_app.documents.receipt import names_special_group
from desktop_app.ui.look import SCALES, Look
from desktop_app.ui.views import State
from desktop_app.ui.widgets.pill import StateLine, StatusPill
from tests.ui.registering import (
    CHILD,
    ENTER,
    ESC,
    FATHER,
    SPACE,
    TWIN,
    Hand,
    Room,
    filled,
    focused,
    number,
)
from tests.ui.registration_room import cheap_passwords, hand, room, school

F = Qt.Key
__all__ = ["cheap_passwords", "hand", "room", "school"]


class Mice(QObject):
    """Counts mouse events of the whole program, and notes where the focus goes."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.mouse = 0
        self.strayed: list[str] = []
        self._page = room.page
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.installEventFilter(self)
        application.focusChanged.connect(self._moved)

    def _moved(self, _old: object, now: QObject | None) -> None:
        if now is not None and not self._page.isAncestorOf(now):  # type: ignore[arg-type]
            self.strayed.append(now.objectName())

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self.mouse += event.type() in {QEvent.Type.MouseButtonPress, QEvent.Type.Wheel}
        return False


def key_minimal_case(hand: Hand, room: Room) -> None:
    """Key the minimal case of the targets, with nothing carried over."""
    hand.type(CHILD)
    hand.press(ENTER)
    hand.commit("罗雨桐", "luoyutong")
    hand.press(ENTER)
    hand.type("hz")
    hand.press(ENTER)
    hand.type("zhw")
    hand.press(ENTER)
    hand.type("3-27")
    hand.press(ENTER, F.Key_1, ENTER, SPACE, ENTER)
    hand.type("a1")
    hand.press(ENTER, F.Key_1, ENTER)
    hand.commit("罗志远", "luozhiyuan")
    hand.press(ENTER)
    hand.type("fq")
    hand.press(ENTER)
    hand.type(FATHER)
    hand.press(ENTER)
    hand.type("13800001612")
    hand.press(ENTER, SPACE, F.Key_F6, F.Key_1, F.Key_2, F.Key_F10)
    room.settle()


def test_a_minimal_case_takes_at_most_110_keys_and_no_mouse(room: Room, hand: Hand) -> None:
    mice = Mice(room)
    key_minimal_case(hand, room)
    assert room.page.banner_place.view is None
    last = room.page.saver.last
    assert last is not None
    assert last.name == "罗雨桐"
    assert last.complete
    assert hand.keys <= 110
    assert mice.mouse == 0
    assert mice.strayed == []
    view, sheet = room.tray.sheets[0]
    assert view.number == last.receipt
    assert sheet.startswith(b"%PDF")


def test_the_next_case_takes_fewer_keys_since_four_fields_stay(room: Room, hand: Hand) -> None:
    key_minimal_case(hand, room)
    first, hand.keys = hand.keys, 0
    assert room.form.current() == "id_number"
    assert room.form.value("id_number") == ""
    assert {name: room.form.value(name) for name in ("hukou_village", "category")} == {
        "hukou_village": "410411200201",
        "category": "A1",
    }
    hand.type(number("20180520", 117))
    hand.press(ENTER)
    hand.commit("孟一诺", "mengyinuo")
    hand.press(ENTER)
    assert room.form.current() == "hukou_address"
    hand.type("5-8")
    hand.press(ENTER, F.Key_1, ENTER, SPACE, ENTER)
    assert room.form.current() == "guardian_name"
    assert hand.keys < first / 2


def test_the_number_fills_and_locks_what_follows_from_it(room: Room, hand: Hand) -> None:
    hand.type(CHILD)
    room.settle()
    derived = {name: room.form._derived[name].value() for name in room.form._derived}
    assert derived == {
        "derived_sex": "女",
        "derived_birth": "2018-03-14",
        "derived_age": "8月31日 满 6 岁 5 个月",
    }
    assert room.check("derived_sex") == (State.DONE, "足龄，可入小学一年级")
    assert room.check("id_number") == (State.DONE, "校验位正确 · 本机无重号")
    hand.press(ENTER)
    assert room.form.current() == "full_name"


def test_a_wrong_check_digit_is_refused_and_the_right_one_never_told(
    room: Room, hand: Hand
) -> None:
    wrong = CHILD[:17] + ("1" if CHILD[17] != "1" else "2")
    hand.type(wrong)
    room.settle()
    state, words = room.check("id_number")
    assert state is State.REFUSED
    assert CHILD[17] not in words
    assert room.form._derived["derived_birth"].value() == ""


def test_digits_still_missing_are_counted_softly(room: Room, hand: Hand) -> None:
    hand.type(CHILD[:15])
    room.settle()
    assert room.check("id_number") == (State.NEEDS, "还差 3 位")


@pytest.mark.parametrize("sign", ["x", "X", "ｘ", "Ｘ", "×", "*"])
def test_a_final_x_is_taken_in_every_form(room: Room, hand: Hand, sign: str) -> None:
    with_x = next(one for one in (number(order=n) for n in range(100, 200)) if one[17] == "X")
    hand.type(with_x[:17])
    hand.commit(sign, "x")
    assert room.form.value("id_number") == with_x


def test_full_width_digits_and_a_paste_with_blanks_become_plain(room: Room, hand: Hand) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in CHILD[:17])
    hand.commit(f" {wide[:6]} {wide[6:]} ", "")
    hand.type(CHILD[17])
    assert room.form.value("id_number") == CHILD


def test_half_composed_pinyin_is_never_checked_or_looked_up(room: Room, hand: Hand) -> None:
    hand.type(CHILD)
    hand.press(ENTER)
    room.settle()
    before = room.page.live.typed()
    hand.compose("luoyutong")
    room.settle()
    assert room.page.live.typed() == before
    assert room.check("full_name") == (None, "")
    hand.press(ENTER)
    assert room.form.current() == "full_name"
    hand.commit("罗雨桐", "")
    assert room.page.live.found.value("full_name") == "罗雨桐"


def test_a_child_without_a_number_opens_sex_birth_and_certificate(room: Room, hand: Hand) -> None:
    hand.press(ENTER, ENTER)
    room.form.go_to("id_type")
    hand.type("z")
    hand.press(ENTER)
    assert room.form.may_enter("birth_certificate")
    assert not room.form.may_enter("id_number")
    room.form.go_to("birth_certificate")
    hand.press(ENTER)
    assert room.form.current() == "sex"
    hand.type("2")
    hand.press(ENTER)
    hand.type("20180314")
    hand.press(ENTER)
    room.fill(id_number="", id_type="Z")
    found = room.page.live.found
    assert found.value("birth_date") == "2018-03-14"
    assert found.needed == ()
    assert not found.blocks


def test_enter_asks_once_for_what_may_stay_blank(room: Room, hand: Hand) -> None:
    room.fill(guardian_phone="", notice_read="")
    room.form.go_to("guardian_id_number")
    hand.press(ENTER)
    assert room.form.current() == "guardian_phone"
    hand.press(ENTER)
    assert room.form.current() == "notice_read"
    room.settle()
    assert room.check("guardian_phone")[1] == "没有电话也能登记"
    hand.press(SPACE, ENTER)
    assert room.form.current() == "hukou_nature"
    hand.press(ENTER)
    assert room.said[-1].startswith("都填好了")


def test_another_home_opens_when_the_tick_is_passed_over(room: Room, hand: Hand) -> None:
    room.fill(same_address="")
    room.form.go_to("same_address")
    hand.press(ENTER)
    assert room.form.current() == "current_village"
    hand.type("lsy")
    hand.press(ENTER)
    hand.type("2-9")
    hand.press(ENTER)
    found = room.page.live.found
    assert found.value("current_address") == "2组9号"
    assert found.value("current_village") == "410411200202"


def words_on(room: Room) -> str:
    """All words the page shows, and what stands in its fields."""
    page = room.page
    parts = [one.text() for one in page.findChildren(QLabel)]
    parts += [one.words for one in page.findChildren(StateLine)]
    parts += [one.word for one in page.findChildren(StatusPill)]
    parts += [one.text() for one in page.findChildren(QLineEdit)]
    return " ".join(parts)


@pytest.mark.parametrize("category", ["B1", "C1", "C2", "D1", "D2", "D3"])
def test_no_word_of_a_special_group_stands_on_the_public_page(room: Room, category: str) -> None:
    room.fill(category=category)
    assert room.page.live.found.value("category") == category
    words = words_on(room)
    assert category in words
    assert names_special_group(words) is False


def test_f4_repeats_the_last_value_and_moves_on(room: Room, hand: Hand) -> None:
    room.fill()
    hand.press(F.Key_F10)
    room.settle()
    room.form.go_to("hukou_address")
    hand.press(F.Key_F4)
    assert room.form.value("hukou_address") == "3组27号"
    assert room.form.current() != "hukou_address"


def test_what_stops_a_save_is_listed_and_the_caret_is_at_the_first(room: Room, hand: Hand) -> None:
    room.fill(full_name="", guardian_relation="")
    hand.press(F.Key_F10)
    room.settle()
    banner = room.page.banner_place.view
    assert banner is not None
    assert "孩子姓名、关系" in banner.what
    assert room.form.current() == "full_name"
    assert room.check("full_name") == (State.NEEDS, "还没填")
    assert room.page.saver.last is None


def test_a_child_too_young_is_told_so_and_not_saved(room: Room, hand: Hand) -> None:
    room.fill(id_number=number("20190314", 264))
    assert room.check("derived_sex")[0] is State.REFUSED
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is None
    assert room.page.banner_place.view is not None


def test_ctrl_z_takes_the_last_case_back_with_its_papers(room: Room, hand: Hand) -> None:
    room.fill()
    hand.press(F.Key_F6, F.Key_1, F.Key_2, F.Key_2, F.Key_F10)
    room.settle()
    assert "ZHW" in room.window.strip.view.text  # type: ignore[union-attr]
    hand.take_back()
    room.settle()
    assert room.form.value("full_name") == "罗雨桐"
    assert room.form.value("same_address") == "1"
    assert room.page.live.case.materials == {"HKB": "accepted", "GID": "pending_original"}
    assert room.window.strip.view is None
    assert "作废" in room.said[-1]
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is not None
    assert room.desks.day.summary().registered == 1


def test_a_second_press_while_saving_does_nothing(room: Room, hand: Hand) -> None:
    room.fill()
    room.page.save()
    room.page.save()
    room.settle()
    assert room.desks.day.summary().registered == 1


# --- look-alikes ----------------------------------------------------------------------------


def test_a_number_that_is_taken_stops_and_shows_the_way_through(room: Room, hand: Hand) -> None:
    room.desks.desk.register(filled())
    room.fill(full_name="孟一诺", guardian_name="孟大山")
    assert room.check("id_number")[0] is State.REFUSED
    words = room.page.view.likeness.words
    assert "刘素琴" in words
    assert CHILD not in words
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is None
    assert room.page.view.likeness.hasFocus()
    hand.press(F.Key_1)
    room.settle()
    hand.press(ENTER)
    assert focused().objectName() == "reason"
    hand.commit("户口簿已看，待派出所核对", "hkb")
    hand.press(ENTER)
    room.settle()
    hand.press(F.Key_F10)
    room.settle()
    last = room.page.saver.last
    assert last is not None
    assert "id_number" in room.tray.sheets[-1][0].under_verification
    with room.workplace.journal.begin(room.workplace.actor()) as work:
        decisions = work.rows("duplicate_decision", applicant=last.record)
        assert {row.text("decision") for row in decisions} == {"disputed"}
        assert work.row("applicant", last.record).values["number_disputed"] is True


def test_the_same_child_is_not_registered_twice(room: Room, hand: Hand) -> None:
    room.desks.desk.register(filled())
    room.fill()
    hand.press(F.Key_F5, F.Key_2)
    room.settle()
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is None
    banner = room.page.banner_place.view
    assert banner is not None
    assert "已经登记过" in banner.what


def test_twins_are_shown_beside_the_form_and_joined_by_one_key(room: Room, hand: Hand) -> None:
    room.desks.desk.register(filled(id_number=TWIN, full_name="罗雨晨"))
    room.fill()
    panel = room.page.view.likeness
    assert panel.summary == (State.CONFLICT, "1 人")
    assert "可能是双胞胎" in words_on(room)
    hand.press(F.Key_F5, F.Key_1)
    room.settle()
    assert panel.open_children == ()
    assert room.form.hasFocus() or room.form.current()
    hand.press(F.Key_F10)
    room.settle()
    last = room.page.saver.last
    assert last is not None
    with room.workplace.journal.begin(room.workplace.actor()) as work:
        made = work.rows("duplicate_decision", applicant=last.record)
    assert "siblings" in {row.text("decision") for row in made}


def test_the_answer_about_doubles_comes_within_200_milliseconds(room: Room, hand: Hand) -> None:
    """By the processor's clock: the machine may be busy with something else."""
    for order in range(300, 340, 2):
        room.desks.desk.register(filled(id_number=number(order=order), full_name="孟一诺"))
    taken: list[float] = []
    for order in (300, 302, 304, 306, 308):
        room.form.go_to("id_number")
        hand.press(F.Key_A, control=True)
        hand.type(number(order=order)[:17])
        room.settle()
        begin = time.process_time()
        hand.type(number(order=order)[17])
        while room.page.live.waiting:
            QApplication.processEvents()
        taken.append(time.process_time() - begin)
        assert room.page.view.likeness.open_children
    assert statistics.median(taken) <= 0.2


def test_a_late_answer_about_another_form_is_dropped(room: Room, hand: Hand) -> None:
    room.desks.desk.register(filled())
    hand.type(CHILD)
    room.page._begin_next()
    room.settle()
    assert room.page.live.hints == ()
    assert room.page.view.likeness.summary == (State.DONE, "没有")


# --- papers, printing, the private page ---------------------------------------------------------


def test_digits_note_papers_only_after_f6(room: Room, hand: Hand) -> None:
    room.fill()
    room.form.go_to("guardian_name")
    hand.type("1")
    assert room.page.live.case.materials == {}
    hand.press(F.Key_F6, F.Key_1)
    assert room.page.live.case.materials == {"HKB": "accepted"}
    hand.press(F.Key_1)
    assert room.page.live.case.materials == {"HKB": "pending_original"}
    hand.press(F.Key_1, ESC)
    assert room.page.live.case.materials == {}
    assert room.form.current() == "guardian_name"


def test_the_queue_goes_on_without_a_printer_and_f9_prints_later(room: Room, hand: Hand) -> None:
    room.tray.trouble = "print.none"
    room.fill()
    hand.press(F.Key_F10)
    room.settle()
    banner = room.page.banner_place.view
    assert banner is not None
    assert banner.number == "U601"
    room.page.on_leave()
    assert room.page.banner_place.view is None, "what was read once does not come back"
    assert room.form.current() == "id_number"
    last = room.page.saver.last
    assert last is not None
    assert room.desks.receipts.printed(last.record) == 0
    room.tray.trouble = ""
    hand.press(F.Key_F9)
    room.settle()
    hand.press(F.Key_F9)
    room.settle()
    assert [view.copy for view, _ in room.tray.sheets] == [1, 2]
    assert room.page.saver.last is not None
    assert room.page.saver.last.copies == 2


def test_the_private_declaration_never_shows_on_the_public_page(room: Room, hand: Hand) -> None:
    room.fill()
    hand.press(F.Key_F7)
    assert room.window.page is not None
    assert room.window.page.nav_key == "private"
    hand.press(SPACE)
    hand.press(F.Key_F10, SPACE, F.Key_F10)
    room.settle()
    assert room.window.page.nav_key == "register"
    assert "残疾" in room.page.note
    assert "残疾" not in words_on(room)
    hand.press(F.Key_F10)
    room.settle()
    last = room.page.saver.last
    assert last is not None
    with room.workplace.journal.begin(room.workplace.actor()) as work:
        sealed = work.row("applicant", last.record).text("private_note")
    assert sealed.startswith("age:")
    assert "残疾" not in sealed
    assert room.desks.notes.read(last.record) == "孩子有残疾或长期患病，需要便利"
    assert room.page.note == ""


# --- large type -----------------------------------------------------------------------------


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("nav_key", ["register", "private"])
def test_the_page_fits_at_every_scale(room: Room, scale: int, nav_key: str) -> None:
    room.fill()
    room.window.open_page(nav_key)
    room.window.wear(Look("light", scale))
    room.window.resize(1366, 768)
    room.settle()
    least = room.window.minimumSizeHint()
    assert least.width() <= 1366
    assert least.height() <= 768
    assert room.window.width() == 1366
    page = room.window.page
    assert page is not None
    assert page.minimumSizeHint().width() <= page.width()


@pytest.mark.parametrize("key", [F.Key_F2, F.Key_F5, F.Key_F6])
def test_at_large_type_a_panel_opens_over_the_form_and_esc_goes_back(
    room: Room, hand: Hand, key: Qt.Key
) -> None:
    room.fill()
    room.form.go_to("guardian_phone")
    room.window.wear(Look("light", 200))
    hand.press(key)
    room.settle()
    assert room.page.view.opened is not None
    assert not room.form.isVisible()
    hand.press(ESC)
    room.settle()
    assert room.page.view.opened is None
    assert room.form.current() == "guardian_phone"
    assert not room.form.line("guardian_phone").visibleRegion().isEmpty()


def test_a_panel_that_hears_digits_still_does_after_f11(room: Room, hand: Hand) -> None:
    room.desks.desk.register(filled(id_number=TWIN, full_name="罗雨晨"))
    room.fill()
    hand.press(F.Key_F5)
    panel = room.page.view.likeness
    for scale in (150, 200, 100):
        room.window.wear(Look("light", scale))
        room.settle()
        assert panel.isVisible()
        assert panel.hasFocus()
    room.window.wear(Look("light", 200))
    hand.press(F.Key_1)
    room.settle()
    assert panel.open_children == ()
    assert room.form.isVisible()


def test_an_open_panel_needs_no_field_to_have_the_focus(room: Room, hand: Hand) -> None:
    room.window.wear(Look("light", 150))
    hand.press(F.Key_F2)
    assert room.page.view.catchment.isVisible()
    hand.press(F.Key_F2)
    assert room.page.view.opened is None
