"""The window walked by random keys: one page is there, its keys alone live, and locking always works."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QMouseEvent, QWheelEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.ui.idle import IdleWatch
from desktop_app.ui.look import SCALES, Look, look
from desktop_app.ui.theme import apply_look
from desktop_app.ui.window import Window
from tests.ui.conftest import Show, focused
from tests.ui.showcase import MASTHEAD, NAVIGATION, STRIP
from tests.ui.test_window import Sample

PAGES = ("register", "review", "today")
PLACES = {item.key: place for place, item in enumerate(NAVIGATION, start=1)}
ALT = Qt.KeyboardModifier.AltModifier


class Walked:
    """A window with three pages, and what was asked of it."""

    def __init__(self) -> None:
        self.locked = 0
        self.window = Window(on_lock=self._lock)
        self.window.resize(1366, 768)
        self.pages = {name: Sample(name) for name in PAGES}
        for page in self.pages.values():
            self.window.add_page(page)
        self.window.set_masthead(MASTHEAD)
        self.window.set_navigation(NAVIGATION)
        self.window.set_strip(STRIP)

    def _lock(self) -> None:
        self.locked += 1

    def begin(self) -> None:
        """Come back to the first page, nothing heard."""
        self.window.open_page(PAGES[0])
        self.pages[PAGES[0]].setFocus()
        for page in self.pages.values():
            page.heard.clear()
            page.steps.clear()
        self.locked = 0


@pytest.fixture
def walked(show: Show, qapp: QApplication) -> Iterator[Walked]:
    made = Walked()
    show(made.window)
    made.begin()
    yield made
    apply_look(qapp, Look())


KEYS = {
    "F4": Qt.Key.Key_F4,
    "F10": Qt.Key.Key_F10,
    "J": Qt.Key.Key_J,
    "F6": Qt.Key.Key_F6,
    "F12": Qt.Key.Key_F12,
    "F11": Qt.Key.Key_F11,
}
STEPS = st.lists(
    st.one_of(st.sampled_from(sorted(KEYS)), st.integers(1, 9), st.just("field")), max_size=14
)


@given(STEPS)
@settings(max_examples=12)
def test_keys_reach_the_page_of_now_and_no_other(walked: Walked, steps: list[str | int]) -> None:
    walked.begin()
    now, in_field, scale = PAGES[0], False, look().scale
    heard: dict[str, list[str]] = {name: [] for name in PAGES}
    locks = 0
    for step in steps:
        if step == "field":
            walked.pages[now].field.setFocus()
            in_field = True
        elif isinstance(step, int):
            QTest.keyClick(focused(), Qt.Key(Qt.Key.Key_0 + step), ALT)
            target = next((name for name in PAGES if PLACES[name] == step), now)
            in_field = in_field and target == now
            now = target
        else:
            QTest.keyClick(focused(), KEYS[step])
            locks += step == "F12"
            if step == "F11":
                scale = SCALES[(SCALES.index(scale) + 1) % len(SCALES)]
            if step in {"F4", "F10"} or (step == "J" and not in_field):
                heard[now].append(step)  # F6 is closed here; letters belong to the field
        assert walked.window.page is walked.pages[now]
        assert look().scale == scale
    assert {name: page.heard for name, page in walked.pages.items()} == heard
    assert walked.locked == locks


def test_f11_comes_round_from_every_scale(walked: Walked) -> None:
    begun = look().scale
    seen = []
    for _ in SCALES:
        QTest.keyClick(focused(), Qt.Key.Key_F11)
        seen.append(look().scale)
    assert sorted(seen) == sorted(SCALES)
    assert seen[-1] == begun
    assert SCALES == (100, 125, 150, 200)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_the_frame_never_asks_for_more_than_the_screen(
    walked: Walked, qapp: QApplication, theme: str, scale: int
) -> None:
    apply_look(qapp, Look(theme, scale))
    qapp.processEvents()
    least = walked.window.minimumSizeHint()
    assert least.width() <= 1366
    assert least.height() <= 768


def test_pages_enter_and_leave_in_pairs(walked: Walked) -> None:
    for name in ("review", "today", "register", "review"):
        QTest.keyClick(focused(), Qt.Key(Qt.Key.Key_0 + PLACES[name]), ALT)
    assert walked.pages["review"].steps == ["enter", "leave", "enter"]
    assert walked.pages["today"].steps == ["enter", "leave"]
    assert walked.pages["register"].steps == ["leave", "enter", "leave"]


# --- nobody there -------------------------------------------------------------------------------


@pytest.fixture
def watched(show: Show) -> Iterator[tuple[QWindow, IdleWatch]]:
    widget = QWidget()
    show(widget)
    window = widget.windowHandle()
    assert window is not None
    watch = IdleWatch(window, 3600, lambda: None, widget)
    yield window, watch
    watch.stop()


def _mouse(kind: QEvent.Type) -> QMouseEvent:
    button = Qt.MouseButton.LeftButton
    where = QPointF(5, 5)
    return QMouseEvent(kind, where, where, button, button, Qt.KeyboardModifier.NoModifier)


def _wheel() -> QWheelEvent:
    return QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPointF(0, 0).toPoint(),
        QPointF(0, 120).toPoint(),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


LIFE: dict[str, Callable[[], QEvent]] = {
    "move": lambda: _mouse(QEvent.Type.MouseMove),
    "click": lambda: _mouse(QEvent.Type.MouseButtonPress),
    "wheel": _wheel,
    "composing": lambda: QInputMethodEvent("luo", []),
}


@pytest.mark.parametrize("sign", sorted(LIFE))
def test_every_sign_of_life_counts_from_now_on(
    watched: tuple[QWindow, IdleWatch], qtbot: QtBot, sign: str
) -> None:
    window, watch = watched
    qtbot.wait(5)
    before = watch._timer.remainingTime()
    assert watch.eventFilter(window, LIFE[sign]()) is False
    assert watch._timer.remainingTime() > before


@pytest.mark.parametrize("kind", [QEvent.Type.Expose, QEvent.Type.UpdateRequest, QEvent.Type.Timer])
def test_painting_is_no_sign_of_life(
    watched: tuple[QWindow, IdleWatch], qtbot: QtBot, kind: QEvent.Type
) -> None:
    window, watch = watched
    qtbot.wait(5)
    before = watch._timer.remainingTime()
    watch.eventFilter(window, QEvent(kind))
    assert watch._timer.remainingTime() <= before


def test_a_stopped_watch_is_not_woken(watched: tuple[QWindow, IdleWatch]) -> None:
    window, watch = watched
    watch.stop()
    watch.eventFilter(window, LIFE["click"]())
    assert not watch.running
    watch.touch()
    assert watch.running
