"""Walking through the registration form by keys: Enter, Shift+Enter, F1, F4, panels, every look."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget

from desktop_app.documents.receipt import names_special_group, receipt_html
from desktop_app.ui.look import THEMES, Look
from desktop_app.ui.pages.registration_checks import ROWS
from desktop_app.ui.views import State
from desktop_app.ui.widgets.help import HelpPanel
from desktop_app.ui.widgets.pill import StateLine, StatusPill
from tests.ui.conftest import Show, child
from tests.ui.registering import (
    CHILD,
    ENTER,
    ESC,
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
SHIFT = Qt.KeyboardModifier.ShiftModifier


def reachable(room: Room) -> list[str]:
    return [name for name in room.form.names() if room.form.may_enter(name)]


def blank(room: Room, name: str) -> bool:
    return room.form.control(name).is_blank()


# --- Enter and its inverse -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["1", "Z", "A"])
def test_shift_enter_walks_every_field_backwards_and_no_derived_one(
    room: Room, hand: Hand, kind: str
) -> None:
    room.fill(id_type=kind, same_address="")
    names = reachable(room)
    room.form.go_to(names[-1])
    seen = [room.form.current()]
    for _ in names[1:]:
        QTest.keyClick(focused(), ENTER, SHIFT)
        seen.append(room.form.current())
    assert seen == names[::-1]
    assert not [name for name in seen if name.startswith("derived")]
    QTest.keyClick(focused(), ENTER, SHIFT)
    assert room.form.current() == names[0]


@pytest.mark.parametrize("seed", range(6))
def test_enter_goes_from_anywhere_to_the_next_field_still_needed(
    room: Room, hand: Hand, seed: int
) -> None:
    chance = random.Random(seed)
    values = {name: value for name, value in filled().items() if chance.random() < 0.6}
    for name, value in values.items():
        room.form.take(name, value)
    room.settle()
    order = list(room.form.names())
    for start in reachable(room):
        room.form.go_to(start)
        hand.press(ENTER)
        reached = room.form.current()
        if reached == start:
            assert all(not blank(room, name) or name == start for name in room.form.needed())
            continue
        assert blank(room, reached) or room.check(reached)[0] is State.REFUSED
        between = [
            name
            for name in room.form.needed()
            if order.index(start) < order.index(name) < order.index(reached)
        ]
        assert between == []
        if order.index(reached) < order.index(start):
            behind = [n for n in room.form.needed() if order.index(n) > order.index(start)]
            assert behind == []


def test_whatever_enter_asks_for_is_in_the_end_enough_to_save(room: Room, hand: Hand) -> None:
    """Nobody meets an obstacle that Enter never led to."""
    values, asked = filled(), []
    for _ in range(30):
        here = room.form.current()
        if here in asked:
            break
        asked.append(here)
        if here in values:
            room.form.take(here, values[here])
        hand.press(ENTER)
    room.settle()
    assert room.page.live.found.needed == ()
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is not None
    order = list(room.form.names())
    places = [order.index(name) for name in asked]
    assert all(early < late for early, late in pairwise(places))


def test_a_refused_number_is_where_enter_comes_back_to(room: Room, hand: Hand) -> None:
    room.fill()
    room.form.go_to("id_number")
    hand.press(F.Key_Backspace)
    hand.type("1" if CHILD[17] != "1" else "2")
    hand.press(ENTER)
    room.settle()
    assert room.check("id_number")[0] is State.REFUSED
    room.form.go_to("notice_read")
    hand.press(ENTER)
    assert room.form.current() in {"id_number", "hukou_nature"}
    room.form.go_to("hukou_nature")
    hand.press(F.Key_1)
    room.form.go_to("notice_read")
    hand.press(ENTER)
    assert room.form.current() == "id_number"


# --- F1, F4 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["1", "Z"])
def test_f1_on_every_field_gives_a_policy_sentence_with_its_source(
    room: Room, hand: Hand, kind: str
) -> None:
    room.fill(id_type=kind, same_address="")
    room.form.passed.add("same_address")
    room.form.follow()
    panel = child(room.window, HelpPanel)
    lacking: list[str] = []
    for name in reachable(room):
        room.form.go_to(name)
        room.settle()
        hand.press(F.Key_F1)
        view = room.page.help_view()
        assert panel.isVisible()
        assert view is not None
        if not (view.source and view.version and len(panel.sentence) >= 6):
            lacking.append(name)
        assert panel.sentence == view.sentence
        assert room.form.current() == name
        hand.press(F.Key_F1)
        assert not panel.isVisible()
    assert lacking == []


def test_the_help_follows_the_caret_while_it_is_open(room: Room, hand: Hand) -> None:
    panel = child(room.window, HelpPanel)
    hand.press(F.Key_F1)
    first = panel.sentence
    room.form.go_to("category")
    room.settle()
    assert panel.isVisible()
    assert panel.sentence != first
    hand.press(ESC)
    assert not panel.isVisible()
    assert room.form.current() == "category"


def test_f4_repeats_each_field_of_the_last_case_and_nothing_else(room: Room, hand: Hand) -> None:
    room.fill()
    before = dict(room.form.typed())
    hand.press(F.Key_F10)
    room.settle()
    for name in ("guardian_name", "guardian_relation", "guardian_id_number", "guardian_phone"):
        room.form.go_to(name)
        hand.press(F.Key_F4)
        room.settle()
        assert room.form.value(name) == before[name]
        assert room.form.current() != name
    assert room.form.value("full_name") == ""
    assert room.form.value("id_number") == ""
    room.form.go_to("notice_read")
    hand.press(F.Key_F4)
    assert before["notice_read"]
    assert not room.form.value("notice_read"), "nobody signs by a key that repeats"
    room.form.go_to("hukou_nature")
    hand.press(F.Key_F4)
    assert room.form.value("hukou_nature") == ""
    assert room.form.current() == "hukou_nature"


def test_f4_before_any_case_does_nothing(room: Room, hand: Hand) -> None:
    for name in reachable(room):
        room.form.go_to(name)
        hand.press(F.Key_F4)
        assert room.form.current() == name
    assert room.form.is_empty


# --- panels at both sizes --------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [100, 200])
def test_papers_are_noted_by_digits_at_any_size(room: Room, hand: Hand, scale: int) -> None:
    room.fill()
    room.form.go_to("guardian_phone")
    room.window.wear(Look("light", scale))
    room.settle()
    hand.press(F.Key_F6, F.Key_1, F.Key_2, F.Key_2, F.Key_9, F.Key_0)
    assert room.page.live.case.materials == {"HKB": "accepted", "GID": "pending_original"}
    words = {one.word for one in room.page.view.materials.findChildren(StatusPill)}
    assert {"已见原件", "容缺"} <= words
    hand.press(ENTER)
    assert room.form.current() == "guardian_phone"
    hand.type("5")
    assert room.page.live.case.materials == {"HKB": "accepted", "GID": "pending_original"}


@pytest.mark.parametrize("scale", [100, 200])
def test_a_look_alike_is_judged_by_digits_at_any_size(room: Room, hand: Hand, scale: int) -> None:
    room.desks.desk.register(filled(id_number=TWIN, full_name="罗雨晨"))
    room.fill()
    room.window.wear(Look("light", scale))
    room.settle()
    hand.press(F.Key_F5)
    assert room.page.view.likeness.isVisible()
    hand.press(F.Key_1)
    room.settle()
    assert room.page.view.likeness.open_children == ()
    assert room.form.isVisible()
    assert {one.decision for one in room.page.live.case.decisions.values()} == {"siblings"}


@pytest.mark.parametrize("scale", [100, 125, 150, 200])
def test_the_catchment_is_reached_and_left_by_its_own_key(
    room: Room, hand: Hand, scale: int
) -> None:
    room.fill()
    room.form.go_to("category")
    room.window.wear(Look("light", scale))
    room.settle()
    hand.press(F.Key_F2)
    assert room.page.view.catchment.isVisible()
    assert "本校" in room.page.view.catchment.words
    hand.press(F.Key_F2)
    room.settle()
    assert room.form.isVisible()
    assert room.form.current() == "category"


# --- what stands beside the rows -----------------------------------------------------------------


@pytest.mark.parametrize("wrong", [str(digit) for digit in range(10)] + ["X"])
def test_the_digit_that_would_fit_is_shown_nowhere(room: Room, hand: Hand, wrong: str) -> None:
    if wrong == CHILD[17]:
        pytest.skip("the one that fits")
    hand.type(CHILD[:17] + wrong)
    hand.press(ENTER, F.Key_F10)
    room.settle()
    assert room.check("id_number")[0] is State.REFUSED
    shown = " ".join(one.text() for one in room.window.findChildren(QLabel) if one.isVisible())
    shown += " ".join(one.words for one in room.window.findChildren(StateLine))
    assert CHILD not in shown.replace(" ", "")
    assert f"应为{CHILD[17]}" not in shown.replace(" ", "")
    assert room.form.value("id_number") == CHILD[:17] + wrong


def shape_of(line: StateLine) -> bytes:
    """The shape beside some words as a photocopier sees it: dark or light, no colour."""
    side = 22
    image = QImage(side, line.height(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    line.render(image)
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    ground = grey.pixelColor(side - 1, 0).lightness()
    return bytes(
        abs(grey.pixelColor(x, y).lightness() - ground) > 48
        for x in range(side)
        for y in range(grey.height())
    )


@pytest.mark.parametrize("theme", THEMES)
def test_states_differ_by_shape_alone_on_a_grey_copy(show: Show, room: Room, theme: str) -> None:
    room.window.wear(Look(theme, 100))
    parent = QWidget()
    show(parent)
    shapes: dict[State, bytes] = {}
    for state in State:
        line = StateLine(parent)
        line.resize(200, 22)
        line.say(state, "")
        shapes[state] = shape_of(line)
        assert sum(shapes[state]) >= 12, state
    for one in State:
        for other in State:
            if one is not other:
                differing = sum(a != b for a, b in zip(shapes[one], shapes[other], strict=True))
                assert differing >= 8, (one, other)


# --- what a bystander may read --------------------------------------------------------------------


def words_of_window(room: Room) -> str:
    """Everything the whole window shows."""
    parts = [one.text() for one in room.window.findChildren(QLabel) if one.isVisible()]
    parts += [one.words for one in room.window.findChildren(StateLine) if one.isVisible()]
    parts += [one.word for one in room.window.findChildren(StatusPill) if one.isVisible()]
    parts += [one.text() for one in room.window.findChildren(QLineEdit) if one.isVisible()]
    parts += [one.currentText() for one in room.window.findChildren(QComboBox)]
    return " ".join(parts)


def test_no_category_says_which_group_a_child_belongs_to(room: Room, hand: Hand) -> None:
    """The form with its panels, the help, the strip, the drafts, and the paper."""
    told: list[tuple[str, str]] = []
    categories = [one.code for one in room.desks.choices.categories]
    assert len(categories) >= 12
    general = room.desks.policy.field_help["category"].sentence  # the same for every child
    for day, category in enumerate(categories, 1):
        room.fill(
            category=category,
            id_number=number(f"201802{day:02d}"),
            full_name=f"孟一{'诺晨宁然欣怡涵轩宇辰'[day % 10]}",
            guardian_id_number=number(f"198902{day:02d}"),
            guardian_phone=f"1390000{day:04d}",
        )
        room.form.go_to("category")
        room.settle()
        shown = [("form", words_of_window(room))]
        hand.press(F.Key_F1)
        shown.append(("help", words_of_window(room).replace(general, "")))
        hand.press(F.Key_F1)
        hand.press(F.Key_F10)
        room.settle()
        if room.page.doubter.asking:  # names and birth dates of a row look alike
            shown.append(("question", words_of_window(room)))
            hand.press(F.Key_F10)
            room.settle()
        shown.append(("strip", words_of_window(room)))
        view = room.tray.sheets[-1][0]
        paper = receipt_html(view, "family") + receipt_html(view, "school")
        shown.append(("paper", paper))
        told += [(category, where) for where, words in shown if names_special_group(words)]
        room.page._begin_next()
    assert room.desks.day.summary().registered == len(categories)
    assert told == []


def test_checks_of_all_rows_stay_short_while_a_form_is_typed(room: Room, hand: Hand) -> None:
    wide: list[str] = []

    def look_at_rows() -> None:
        for lead in ROWS:
            if room.form.has_row(lead):
                words = room.check(lead)[1]
                width = sum(0.5 if ord(sign) < 0x2000 else 1 for sign in words)
                if width > 12:
                    wide.append(words)

    room.page.live.refreshed.connect(look_at_rows)
    for name, value in filled(id_number=number("20190901"), guardian_phone="12345").items():
        room.form.take(name, value)
        look_at_rows()
    hand.press(F.Key_F10)
    room.settle()
    look_at_rows()
    assert wide == []
