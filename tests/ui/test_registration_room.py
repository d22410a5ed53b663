"""At 200 % on the smallest screen: whatever has to be said, keys and the row of now stay on it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from pytestqt.qtbot import QtBot

from desktop_app.ui.look import Look
from desktop_app.ui.views import BannerView, State
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.window import DESIGN_SIZE, Window
from tests.ui.conftest import Show
from tests.ui.registering import FATHER, Hand, Room, filled, number
from tests.ui.registration_room import cheap_passwords, hand, room, school

F = Qt.Key
__all__ = ["cheap_passwords", "hand", "room", "school"]
LONG = BannerView(
    State.REFUSED,
    "这个号码已经有人登记，先在右边判断，再往下填其余各格，不要重复登记" * 3,
    "谁也没被拒绝：不是同一个孩子就按 1 写明理由，照样登记。" * 8,
    "D106",
)


def hidden(room: Room, name: str) -> list[str]:
    """Name what is not on the screen: the window itself, a key of the bar, the row of the caret."""
    room.settle()
    window, line = room.window, room.form.line(name)
    found = [
        button.accessibleName()
        for button in window.key_bar.buttons
        if not window.rect().contains(QRect(button.mapTo(window, QPoint(0, 0)), button.size()))
    ]
    least = max(window.minimumHeight(), window.minimumSizeHint().height())
    if window.size() != DESIGN_SIZE or least > DESIGN_SIZE.height():
        found.append("window")
    if line.visibleRegion().boundingRect().height() != line.height():
        found.append(name)
    return found if room.form.current() == name else [*found, "caret"]


@pytest.mark.parametrize("name", ["full_name", "guardian_phone", "notice_read"])
def test_a_long_banner_leaves_keys_and_caret_on_the_screen(
    room: Room, hand: Hand, name: str
) -> None:
    room.fill()
    room.form.go_to(name)
    room.window.wear(Look("light", 200))
    room.page.show_banner(LONG)
    assert hidden(room, name) == []
    room.window.wear(Look("light", 150))
    room.window.wear(Look("light", 200))  # the step by F11 while the banner stands
    assert hidden(room, name) == []
    room.window.say(State.DONE, "已保存")
    assert hidden(room, name) == []


def test_f11_round_all_scales_with_a_banner_never_makes_the_window_grow(
    room: Room, hand: Hand
) -> None:
    room.fill(full_name="")
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.banner_place.view is not None
    for _ in range(5):
        hand.press(F.Key_F11)
        assert hidden(room, "full_name") == []


def test_at_200_percent_a_key_with_nothing_to_do_still_says_why(
    room: Room, hand: Hand, qtbot: QtBot
) -> None:
    room.window.wear(Look("light", 200))
    room.settle()
    assert not room.window.strip.isVisible()
    hand.press(F.Key_F4)
    room.settle()
    assert room.window.strip.isVisible()
    assert "沿用" in room.window.strip.words
    assert hidden(room, "id_number") == []
    room.window.strip._message_over()
    room.settle()
    assert not room.window.strip.isVisible()


@pytest.mark.parametrize("scale", [100, 125, 150, 200])
def test_what_the_number_says_is_never_cut(room: Room, hand: Hand, scale: int) -> None:
    room.window.wear(Look("light", scale))
    hand.type(number("20171231"))
    room.settle()
    for derived in room.form._derived.values():
        inner = derived.contentsRect().width()
        assert derived.fontMetrics().horizontalAdvance(derived.text()) <= inner, derived.text()


def test_words_that_wrap_end_in_an_ellipsis_where_there_is_no_room(show: Show) -> None:
    text = Text("字" * 200, "body", wrap=True, elide=True)
    window = Window()
    text.setParent(window)
    show(window)
    text.setGeometry(0, 0, 300, 3 * text.fontMetrics().lineSpacing())
    lines = text.lines()
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    text.setGeometry(0, 0, 300, 2000)
    assert "".join(text.lines()) == "字" * 200


def test_the_stop_for_a_taken_number_is_judged_by_keys_at_200_percent(
    room: Room, hand: Hand
) -> None:
    room.desks.desk.register(filled())
    room.window.wear(Look("light", 200))
    room.fill(full_name="孟一诺", guardian_name="孟大山", guardian_id_number=FATHER)
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.view.likeness.isVisible()
    assert room.page.view.likeness.hasFocus()
    assert room.window.size() == DESIGN_SIZE
    hand.press(F.Key_1)
    room.settle()
    hand.commit("户口簿已看", "hkb")
    hand.press(F.Key_Return)
    room.settle()
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is not None


def test_a_question_that_is_asked_stays_in_sight_at_every_size(room: Room, hand: Hand) -> None:
    panel = room.page.view.questions
    hand.press(F.Key_F6, shift=True)
    room.settle()
    for scale in (200, 150, 100):
        room.window.wear(Look("light", scale))
        room.settle()
        assert panel.isVisible()
        assert panel.hasFocus()
    hand.press(F.Key_Escape)
    room.settle()
    assert not panel.isVisible()
