"""Small parts: lock screen, progress, steps, pills, panels, help and words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.ui.look import Look, look
from desktop_app.ui.pages.lock import LockPage
from desktop_app.ui.text import day_or_moment, language, moment, size, speak
from desktop_app.ui.theme import apply_look
from desktop_app.ui.views import KeyAction, State
from desktop_app.ui.widgets.keybar import KeyBar
from desktop_app.ui.widgets.keys import KeyButton, KeyCap
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Fact, Panel, SummaryCard
from desktop_app.ui.widgets.pill import StateLine, StatusPill, pill_size
from desktop_app.ui.widgets.progress import ProgressLine, Steps
from desktop_app.ui.widgets.shapes import INK, TINT, StateShape
from desktop_app.ui.window import Window
from tests.ui.conftest import Show
from tests.ui.showcase import PartsShowcase

HERE = timezone(timedelta(hours=8))
NOW = datetime(2024, 8, 24, 14, 26, tzinfo=HERE)


def stored(then: datetime) -> int:
    return round(then.astimezone(UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("then", "words", "short"),
    [
        (NOW - timedelta(hours=2), "今天 12:26", "今天 12:26"),
        (NOW - timedelta(hours=15), "昨天 23:26", "昨天 23:26"),
        (NOW - timedelta(days=12), "8月12日 14:26", "8月12日"),
        (NOW - timedelta(days=400), "2023-07-21 14:26", "2023-07-21"),
    ],
)
def test_moments_are_said_as_a_person_does(then: datetime, words: str, short: str) -> None:
    assert moment(stored(then), NOW) == words
    assert day_or_moment(stored(then), NOW) == short


@pytest.mark.parametrize(
    ("octets", "words"),
    [(12, "12 B"), (4_700, "4.7 KB"), (3_100_000, "3.1 MB"), (11_200_000_000, "11.2 GB")],
)
def test_sizes_are_said_shortly(octets: int, words: str) -> None:
    assert size(octets) == words


@pytest.mark.usefixtures("qapp")
def test_chinese_is_always_there() -> None:
    assert speak("zh")
    assert language() == "zh"


def test_the_lock_screen_says_what_is_being_finished(window: Window) -> None:
    page = LockPage()
    window.add_page(page)
    window.open_page("lock")
    assert page.title == "锁屏"
    page.finishing(2)
    assert "2" in page.words
    page.finishing(0)
    assert "2" not in page.words


def test_progress_counts_records_and_can_be_stopped(show: Show) -> None:
    stopped: list[int] = []
    line = ProgressLine(lambda: stopped.append(1))
    show(line)
    line.count(96, 143)
    assert line.words == "96 / 143 条"
    line.count(3, 16, "所")
    assert line.words == "3 / 16 所"
    button = line.findChild(KeyButton)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert stopped == [1]
    line.set_stoppable(stoppable=False)
    assert not button.isVisible()


def test_a_full_bar_turns_green(show: Show) -> None:
    line = ProgressLine()
    line.resize(400, 40)
    show(line)
    for done, colour in ((96, "#17497d"), (143, "#17633a")):
        line.count(done, 143)
        image = line.grab().toImage()
        assert image.pixelColor(10, image.height() // 2).name() == colour


def test_steps_show_their_states(show: Show) -> None:
    steps = Steps(("写入", "回读核对"))
    show(steps)
    assert steps.state(0) is State.UNFINISHED
    steps.set_step(0, State.DONE, "178 件")
    assert steps.state(0) is State.DONE


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_shape_of_its_own(state: State, show: Show) -> None:
    drawn = {}
    for one in State:
        shape = StateShape(one, 32)
        show(shape)
        image = shape.grab().toImage()
        ink = look().colour(INK[one])
        drawn[one] = frozenset(
            (x, y)
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y) == ink
        )
    others = [shape for one, shape in drawn.items() if one is not state]
    assert len(drawn[state]) > 40
    assert drawn[state] not in others


def test_a_pill_wears_tint_and_ink(show: Show) -> None:
    pill = StatusPill(State.NEEDS, "待补")
    show(pill)
    image = pill.grab().toImage()
    colours = {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
    assert look().hex(TINT[State.NEEDS]).lower() in colours
    assert look().hex(INK[State.NEEDS]).lower() in colours
    pill.set_state(State.DONE, "已办完了")
    assert pill.sizeHint() == pill_size("已办完了")
    assert pill.word == pill.accessibleName() == "已办完了"


def test_a_state_line_speaks_shorter_at_the_largest_type(qapp: QApplication, show: Show) -> None:
    line = StateLine()
    show(line)
    line.say(State.NEEDS, "还差 2 位 · 可先存，不拦", "还差 2 位")
    wide = line.sizeHint().width()
    apply_look(qapp, Look("light", 200))
    assert line.sizeHint().width() < 2 * wide
    assert line.words == "还差 2 位 · 可先存，不拦"


def test_a_panel_shows_and_hides_its_pill_and_head(show: Show) -> None:
    panel = Panel("材料清单", key="F6")
    panel.add_to_head(Text("A1", "check"), left=True)
    panel.add_to_head(Text("今天", "check"))
    panel.set_pill(State.NEEDS, "1 / 2")
    panel.set_title("材料")
    show(panel)
    pill = panel.findChild(StatusPill)
    cap = panel.findChild(KeyCap)
    assert pill is not None
    assert cap is not None
    assert pill.x() < cap.x()
    panel.clear_pill()
    assert not pill.isVisible()
    panel.set_head_visible(visible=False)
    assert not cap.isVisible()


def test_a_summary_card_opens_its_panel(show: Show) -> None:
    card = SummaryCard("材料", "F6")
    card.say(State.NEEDS, "1 / 2")
    opened: list[int] = []
    card.opened.connect(lambda: opened.append(1))
    show(card)
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert opened == [1]


def test_a_name_is_never_read_as_markup(show: Show) -> None:
    fact = Fact("姓名", "<b>罗</b>")
    show(fact)
    fact.set_value("<i>罗</i>")
    texts = [label.text() for label in fact.findChildren(Text)]
    assert "<i>罗</i>" in texts
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in fact.findChildren(Text))


def test_long_words_are_cut_where_they_may_be(show: Show) -> None:
    label = Text("很长的一句话" * 20, "body", elide=True)
    show(label)
    label.resize(80, 30)
    assert label.minimumSizeHint().width() <= 40
    assert label.grab().size() == QSize(80, 30)


@pytest.mark.parametrize(
    ("mode", "words"), [("full", "保存并打印回执"), ("short", "保存"), ("key", "")]
)
def test_a_key_button_has_three_wordings(show: Show, mode: str, words: str) -> None:
    button = KeyButton(KeyAction("F10", "保存并打印回执", short="保存"))
    show(button)
    button.set_mode(mode)
    shown = [label.text() for label in button.findChildren(Text) if label.isVisible()]
    assert shown == ([words] if words else [])
    assert button.width_in("key") < button.width_in("short") < button.width_in("full")


def test_a_key_button_wears_cap_states(show: Show) -> None:
    button = KeyButton(KeyAction("1", "不同的孩子"), later=True)
    show(button)
    cap = button.findChild(KeyCap)
    assert cap is not None
    assert cap.property("st") == "later"
    cap.set_later(later=False)
    assert cap.property("st") == ""


def test_all_parts_can_stand_on_one_page(window: Window) -> None:
    window.add_page(PartsShowcase())
    window.open_page("check")
    assert not window.grab().isNull()


def test_what_comes_last_of_a_hint_goes_first_where_room_is_short(show: Show) -> None:
    bar = KeyBar()
    show(bar)
    bar.show_keys([KeyAction("F3", "查找", lambda: None)], "Enter 到下一格 · Shift+Enter 返回")
    hint = next(one for one in bar.findChildren(Text) if "Enter" in one.text())
    bar.resize(800, 50)
    assert hint.text() == "Enter 到下一格 · Shift+Enter 返回"
    bar.resize(300, 50)
    assert hint.text() == "Enter 到下一格"


def test_a_key_that_looks_as_before_keeps_its_button_and_does_the_new_thing(show: Show) -> None:
    """Making a button anew costs a form milliseconds at every step."""
    heard: list[int] = []
    bar = KeyBar()
    show(bar)

    def keys(turn: int, *, enabled: bool) -> list[KeyAction]:
        find = KeyAction("F3", "查找", lambda: heard.append(turn))
        return [find, KeyAction("F4", "容缺", lambda: None, enabled=enabled)]

    bar.show_keys(keys(1, enabled=True))
    find, defer = bar.buttons
    bar.show_keys(keys(2, enabled=False))
    assert bar.buttons[0] is find
    assert bar.buttons[1] is not defer
    assert not bar.buttons[1].isEnabled()
    QTest.mouseClick(find, Qt.MouseButton.LeftButton)
    assert heard == [2]


def test_a_key_the_mouse_holds_never_does_what_came_after(show: Show) -> None:
    heard: list[int] = []
    bar = KeyBar()
    show(bar)
    bar.show_keys([KeyAction("F10", "清理", lambda: heard.append(1))])
    held = bar.buttons[0]
    QTest.mousePress(held, Qt.MouseButton.LeftButton)
    bar.show_keys([KeyAction("F10", "清理", lambda: heard.append(2))])
    assert bar.buttons[0] is not held
    QTest.mouseRelease(bar.buttons[0], Qt.MouseButton.LeftButton)
    assert heard == []
