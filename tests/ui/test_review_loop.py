"""Scenario 28 at the window: sent back with a reason at a field, mended, reviewed as a change."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.workplace import closing
from desktop_app.storage.rows import read_rows
from desktop_app.ui.compose import compose, prepare
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.review import ReviewPage
from desktop_app.ui.pages.today import TodayPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.window import Window
from tests.ui.cases import REVIEWER, cells, enter, family, here, school_of
from tests.ui.conftest import Show
from tests.ui.registering import Hand, Tray
from tests.ui.school import CHEAP, REGISTRAR

Key = Qt.Key
NAME = "王子涵"


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_app.security.kdf.STANDARD", CHEAP)


def settle(tasks: Tasks, qtbot: QtBot) -> None:
    for _ in range(2):
        qtbot.waitUntil(lambda: not tasks.busy, timeout=20000)
        QApplication.processEvents()


def review_at(window: Window, tasks: Tasks, qtbot: QtBot) -> ReviewPage:
    window.open_page("review")
    page = window.page_of("review")
    assert isinstance(page, ReviewPage)
    qtbot.waitUntil(lambda: page.case.case is not None and not tasks.busy, timeout=20000)
    return page


def fresh(show: Show) -> Window:
    window = Window()
    window.resize(1366, 768)
    show(window)
    return window


def test_scenario_28_a_reject_comes_back_to_its_field_and_the_reviewer_sees_the_change_alone(
    tmp_path: Path, tasks: Tasks, qtbot: QtBot, show: Show
) -> None:
    folder, hand = tmp_path / "data", Hand()
    school_of(folder, {NAME: family(101, NAME)})
    with closing(enter(folder, REVIEWER)) as workplace:
        window = fresh(show)
        shell = compose(prepare(workplace), tasks, window)
        page = review_at(window, tasks, qtbot)
        while here(page) != "户籍地":
            hand.press(Key.Key_Down)
        hand.press(Key.Key_R, Key.Key_3)
        qtbot.waitUntil(lambda: page.queue.count == 0 and not tasks.busy, timeout=20000)
        window.close()
    with closing(enter(folder, REGISTRAR)) as workplace:
        tray, window = Tray(), fresh(show)
        shell = compose(prepare(workplace), tasks, window, tray)  # type: ignore[arg-type]
        window.open_page("today")
        settle(tasks, qtbot)
        today = window.page
        assert isinstance(today, TodayPage)
        qtbot.waitUntil(lambda: today.list.line is not None)
        hand.press(Key.Key_F2)
        settle(tasks, qtbot)
        register = window.page
        assert isinstance(register, RegistrationPage)
        assert register.form.current() == "hukou_address"  # the caret is on that field
        view = register.banner_place.view
        assert view is not None
        assert "退回原因" in view.now
        hand.press(Key.Key_A, control=True)
        hand.type("3-28")
        hand.press(Key.Key_F10)  # one key brings it back
        settle(tasks, qtbot)
        with workplace.database.read() as connection:
            kind = RECORD_TYPES["applicant"]
            (row,) = read_rows(connection, kind, workplace.seat.scope, {})
        assert row.values["amended"] is True
        window.open_page("today")
        settle(tasks, qtbot)
        qtbot.waitUntil(lambda: "3组27号 → 3组28号" in today.detail.words())
        words = today.detail.words()
        assert f"{REVIEWER} 退回：" in words
        assert words.index("退回：") < words.index("→")
        window.close()
    with closing(enter(folder, REVIEWER)) as workplace:
        window = fresh(show)
        shell = compose(prepare(workplace), tasks, window)
        page = review_at(window, tasks, qtbot)
        titles = cells(page, 0)
        assert titles[0] == "退回后改的"
        assert "户籍地址" in titles
        assert "证件号" not in titles  # what did not change is not shown
        at = titles.index("户籍地址")
        assert cells(page, 1)[at] == "3组27号 → 3组28号"
        assert cells(page, 2)[at].startswith(REGISTRAR)
        hand.press(Key.Key_E)
        assert "证件号" in cells(page, 0)
        hand.press(Key.Key_E)
        hand.press(Key.Key_A)
        qtbot.waitUntil(lambda: page.queue.count == 0 and not tasks.busy, timeout=20000)
        assert shell is not None
