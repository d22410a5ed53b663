"""The window: keys reach the page of now, and only it; masthead, navigation, strip and help."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desktop_app.ui.look import Look, look
from desktop_app.ui.page import Page
from desktop_app.ui.shortcuts import is_chord, key_sequence
from desktop_app.ui.views import BannerView, HelpView, KeyAction, NavItem, State
from desktop_app.ui.widgets.navigation import PLACES, NavRow
from desktop_app.ui.window import Window
from tests.ui import now
from tests.ui.conftest import Show, child, focused
from tests.ui.showcase import MASTHEAD, NAVIGATION, STRIP

Key = Qt.Key
Alt = Qt.KeyboardModifier.AltModifier


class Sample(Page):
    """A page with a field and one key of every kind."""

    def __init__(self, nav_key: str, *, bare: bool = False, helps: bool = True) -> None:
        super().__init__()
        self.nav_key = nav_key
        self.bare = bare
        self.strip = True
        self.helps = helps
        self.source = "第十二条"
        self.heard: list[str] = []
        self.steps: list[str] = []
        self.field = QLineEdit(self)
        self.lines.addWidget(self.field)
        self.lines.addWidget(self.banner_place)

    def key_actions(self) -> list[KeyAction]:
        return [
            KeyAction("F4", "沿用上一件", self._hear("F4"), short="沿用"),
            KeyAction("F6", "材料", self._hear("F6"), enabled=False),
            KeyAction("J", "下一件", self._hear("J")),
            KeyAction("Alt+←", "采用左边", self._hear("Alt+←"), shown=False),
            KeyAction("Shift+F6", "来源", self._hear("Shift+F6"), shown=False),
            KeyAction("Enter", "打开", self._hear("Enter")),
            KeyAction("Esc", "停下（不丢）", self._hear("Esc")),
            KeyAction("F10", "保存", self._hear("F10"), primary=True),
        ]

    def _hear(self, key: str) -> Callable[[], None]:
        return lambda: self.heard.append(key)

    def help_view(self) -> HelpView | None:
        return HelpView("户籍地", "就近入学", self.source) if self.helps else None

    def on_enter(self) -> None:
        self.steps.append("enter")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()

    def on_leave(self) -> None:
        self.steps.append("leave")


@pytest.fixture
def page(window: Window) -> Sample:
    made = Sample("register")
    window.add_page(made)
    window.add_page(Sample("review"))
    window.set_masthead(MASTHEAD)
    window.set_navigation(NAVIGATION)
    window.set_strip(STRIP)
    window.open_page("register")
    return made


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(), key, modifier)


@pytest.mark.parametrize(
    ("key", "written", "chord"),
    [
        ("F10", "F10", True),
        ("Alt+←", "Alt+Left", True),
        ("Ctrl+Z", "Ctrl+Z", True),
        ("A", "A", False),
        ("+", "+", False),
        ("Enter", "Enter", False),
        ("↑", "Up", False),
    ],
)
def test_keys_are_written_as_on_the_caps(key: str, written: str, chord: bool) -> None:
    assert key_sequence(key) == written
    assert is_chord(key) is chord


def test_the_keys_of_the_page_work(page: Sample) -> None:
    press(Key.Key_F4)
    press(Key.Key_J)
    press(Key.Key_Left, Alt)
    press(Key.Key_Return)
    press(Key.Key_Escape)
    press(Key.Key_F10)
    press(Key.Key_F6)
    assert page.heard == ["F4", "J", "Alt+←", "Enter", "Esc", "F10"]


def test_letters_belong_to_a_field_that_has_the_focus(page: Sample) -> None:
    page.field.setFocus()
    press(Key.Key_J)
    press(Key.Key_F4)
    press(Key.Key_Left, Alt)
    assert page.field.text() == "j"
    assert page.heard == ["F4", "Alt+←"]


def test_alt_and_a_digit_change_the_page_even_from_a_field(page: Sample, window: Window) -> None:
    page.field.setFocus()
    press(Key.Key_2, Alt)
    assert window.page is not page
    assert page.field.text() == ""
    assert page.steps == ["enter", "leave"]
    press(Key.Key_3, Alt)
    press(Key.Key_9, Alt)
    assert window.page is not None
    assert window.page.nav_key == "review"


def test_keys_of_a_page_that_was_left_are_dead(page: Sample, window: Window) -> None:
    window.open_page("review")
    press(Key.Key_F10)
    assert page.heard == []


def test_a_busy_page_hears_only_esc(page: Sample, window: Window) -> None:
    page.set_busy(busy=True)
    for key in (Key.Key_F10, Key.Key_F4, Key.Key_J, Key.Key_Escape):
        press(key)
    assert page.heard == ["Esc"]
    assert not any(b.isEnabled() for b in window.key_bar.buttons if "Esc" not in b.accessibleName())
    page.set_busy(busy=False)
    press(Key.Key_F10)
    assert page.heard == ["Esc", "F10"]


def test_a_button_does_what_its_key_does(page: Sample, window: Window) -> None:
    primary = window.key_bar.buttons[-1]
    assert primary.accessibleName() == "F10 保存"
    QTest.mouseClick(primary, Qt.MouseButton.LeftButton)
    assert page.heard == ["F10"]


def test_only_shown_keys_stand_in_the_bar(page: Sample, window: Window) -> None:
    names = [button.accessibleName() for button in window.key_bar.buttons]
    assert names[0] == "F1 政策依据"
    page.source = ""
    page.keys_changed.emit()
    assert window.key_bar.buttons[0].accessibleName() == "F1 帮助"  # no policy stands behind it
    assert "Alt+← 采用左边" not in names


def test_a_page_within_another_is_marked_as_that_one(page: Sample, window: Window) -> None:
    inner = Sample("private")
    inner.within = "register"
    window.add_page(inner)
    window.open_page("private")
    assert window.page is inner
    assert window.navigation.current == "register"


def test_f11_steps_the_scale_and_tells(page: Sample, window: Window) -> None:
    seen: list[Look] = []
    window.look_changed.connect(seen.append)
    for _ in range(4):
        press(Key.Key_F11)
    assert [one.scale for one in seen] == [125, 150, 200, 100]
    assert look() == Look()


def test_f1_shows_the_sentence_and_esc_takes_it_away(page: Sample, window: Window) -> None:
    press(Key.Key_F1)
    assert window.help_panel.isVisible()
    assert window.help_panel.sentence == "就近入学"
    assert window.help_panel.key_words == ["这一页还有这些键", "Shift+F6", "来源"]
    assert window.rect().contains(window.help_panel.geometry())
    press(Key.Key_F1)
    assert not window.help_panel.isVisible()
    press(Key.Key_F1)
    window.resize(1200, 768)
    page.help_changed.emit()
    window.open_page("review")
    assert not window.help_panel.isVisible()


def test_esc_closes_the_help_when_the_page_does_not_want_it(window: Window) -> None:
    page = Sample("today")
    page.key_actions = list  # type: ignore[method-assign]
    window.add_page(page)
    window.open_page("today")
    press(Key.Key_F1)
    press(Key.Key_Escape)
    assert not window.help_panel.isVisible()


@pytest.mark.parametrize("in_field", [False, True])
def test_esc_closes_the_help_first_and_the_page_loses_nothing_by_it(
    page: Sample, window: Window, *, in_field: bool
) -> None:
    if in_field:
        page.field.setFocus()
    press(Key.Key_F1)
    press(Key.Key_Escape)
    assert not window.help_panel.isVisible()
    assert page.heard == []
    press(Key.Key_Escape)
    assert page.heard == ["Esc"]


def test_without_a_sentence_f1_says_nothing(window: Window) -> None:
    window.add_page(Sample("today", helps=False))
    window.open_page("today")
    press(Key.Key_F1)
    assert not window.help_panel.isVisible()
    assert "F1" not in window.key_bar.buttons[0].accessibleName()


def test_a_bare_page_stands_alone(window: Window) -> None:
    page = Sample("login", bare=True)
    page.source = ""
    window.add_page(page)
    window.set_navigation(NAVIGATION)
    window.open_page("login")
    assert not window.masthead.isVisible()
    assert not window.navigation.isVisible()
    names = [button.accessibleName() for button in window.key_bar.buttons]
    assert "F11 大字" in names
    assert "F1 帮助" in names
    window.remove_page("login")
    assert window.page is None


def test_f12_locks_but_never_the_login(show: Show) -> None:
    locked: list[int] = []
    window = Window(on_lock=lambda: locked.append(1))
    window.add_page(Sample("login", bare=True))
    window.add_page(Sample("register"))
    show(window)
    window.open_page("login")
    press(Key.Key_F12)
    assert locked == []
    window.open_page("register")
    press(Key.Key_F12)
    assert locked == [1]


def test_the_window_may_refuse_to_close(qtbot: QtBot) -> None:
    asked: list[int] = []

    def may_close() -> bool:
        asked.append(1)
        return len(asked) > 1

    window = Window(on_close=may_close)
    qtbot.addWidget(window)
    window.show()
    assert not window.close()
    assert window.close()


def test_nobody_there_locks_and_a_key_starts_anew(show: Show, qtbot: QtBot) -> None:
    locked: list[int] = []
    window = Window(on_lock=lambda: locked.append(1))
    window.add_page(Sample("register"))
    show(window)
    window.open_page("register")
    watch = window.watch_idle(300)
    timer = watch._timer
    qtbot.wait(30)
    before = timer.remainingTime()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A)
    assert timer.remainingTime() > before
    watch = window.watch_idle(0.01)
    assert not timer.isActive()
    qtbot.waitUntil(lambda: locked == [1])
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A)
    assert not watch.running
    watch.touch()
    assert watch.running
    watch.stop()


def test_the_navigation_shows_words_icons_or_a_list(page: Sample, window: Window) -> None:
    assert window.navigation.width() == 156
    window.wear(Look("light", 150))
    assert window.navigation.width() == 87
    window.wear(Look("light", 200))
    assert not window.navigation.isVisible()
    window.masthead.nav_clicked.emit()
    assert window.navigation.isVisible()
    assert window.navigation.width() == 312
    row = window.navigation.findChildren(NavRow)[1]
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert window.page is not page
    assert not window.navigation.isVisible()
    window.masthead.nav_clicked.emit()
    window.masthead.nav_clicked.emit()
    assert not window.navigation.isVisible()
    window.wear(Look())
    assert window.navigation.isVisible()
    assert window.navigation.geometry().x() == 0
    assert window.stack.geometry().x() == 156


def test_badges_change_without_new_rows(page: Sample, window: Window) -> None:
    before = child(window.navigation, NavRow)
    window.set_navigation([NavItem(one.key, one.icon, one.label, 7) for one in NAVIGATION])
    assert child(window.navigation, NavRow) is before


def test_the_strip_speaks_and_then_shows_the_last_case(
    page: Sample, window: Window, qtbot: QtBot
) -> None:
    assert "赵一诺" in window.strip.words
    window.strip.say(State.DONE, "已保存，回执正在打印", "赵二诺", seconds=0.05)
    assert "已保存" in window.strip.words
    window.set_strip(STRIP)
    assert "赵一诺" not in window.strip.words
    qtbot.waitUntil(lambda: "赵一诺" in window.strip.words)


def test_the_keys_of_the_strip_work_and_move_into_the_bar(page: Sample, window: Window) -> None:
    names = {button.accessibleName() for button in window.key_bar.buttons}
    assert "F9 重打回执" not in names
    window.wear(Look("light", 200))
    names = {button.accessibleName() for button in window.key_bar.buttons}
    assert {"F9 重打回执", "Ctrl+Z 撤销这一件"} <= names
    assert not window.strip.isVisible()


def test_a_banner_takes_the_place_of_the_former_one(page: Sample) -> None:
    assert not page.banner_place.isVisible()
    page.show_banner(BannerView(State.DONE, "可以拔出 U 盘"))
    page.show_banner(BannerView(State.NEEDS, "先不要拔出"))
    assert page.banner_place.isVisible()
    assert page.banner_place.view == BannerView(State.NEEDS, "先不要拔出")
    page.show_banner(None)
    assert not page.banner_place.isVisible()


def test_the_masthead_shows_its_values(page: Sample, window: Window) -> None:
    assert window.masthead.view == MASTHEAD
    window.masthead.set_clock("15:00")
    image = window.masthead.grab().toImage()
    assert image.pixelColor(2, 2).name() == "#112e4d"


@pytest.mark.parametrize(("key", "name"), [(Key.Key_F8, "F8"), (Key.Key_F10, "F10")])
def test_a_key_the_page_does_nothing_with_says_so(window: Window, key: Qt.Key, name: str) -> None:
    page = now.today(3)
    window.add_page(page)
    window.open_page(page.nav_key)
    QTest.keyClick(window, key)
    view = page.banner_place.view
    assert view is not None
    if name == "F8":
        assert view.what.startswith("先在名单里选一件已登记的")
    else:
        assert view.what == f"这一页用不到 {name}；能用的键都在下面"
    page.show_banner(None)
    page.set_busy(busy=True)
    QTest.keyClick(window, key)
    assert page.banner_place.view is None


def test_every_entry_of_the_longest_navigation_is_seen_in_the_list_at_200(
    page: Sample, window: Window
) -> None:
    window.set_navigation([NavItem(f"page {place}", "usb", "页") for place in PLACES])
    window.wear(Look("light", 200))
    window.masthead.nav_clicked.emit()
    QApplication.processEvents()
    rows = [one for one in window.navigation.findChildren(NavRow) if one.isVisible()]
    assert len(rows) == len(PLACES)
    assert all(window.navigation.rect().contains(one.geometry()) for one in rows)
    assert min(one.height() for one in rows) >= look().u(20)
