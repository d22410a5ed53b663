"""The page 诉求 by key presses: a family's complaint goes through a school and its district."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.services.appeals import AppealDesk
from desktop_app.services.workplace import Workplace
from desktop_app.ui.pages.appeals import AppealsPage, Mode
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import cell_text
from tests.services.kit import registered
from tests.sync.site import SCHOOL, Site, hand, reply, take
from tests.ui.conftest import Stand, focused, press, rest, said

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier


class Hand:
    """A hand on the keys of the page, that waits until the page is at rest."""

    def __init__(self, page: AppealsPage, tasks: Tasks, qtbot: QtBot) -> None:
        self.page, self._tasks, self._qtbot = page, tasks, qtbot

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            press(key)
            rest(self._qtbot, self._tasks)

    def type(self, words: str) -> None:
        """Type letters and digits, or have an input method commit characters."""
        if words.isascii():
            QTest.keyClicks(focused(), words)
        else:
            event = QInputMethodEvent("", [])
            event.setCommitString(words)
            QApplication.sendEvent(focused(), event)
        rest(self._qtbot, self._tasks)

    def doing(self) -> Mode:
        return self.page.mode

    def turn(self) -> None:
        """Show the next list."""
        QTest.keyClick(focused(), Key.Key_Right, ALT)
        rest(self._qtbot, self._tasks)

    def rows(self) -> list[list[str]]:
        model = self.page.table.rows
        found = [model.row_at(place) for place in range(model.rowCount())]
        return [[cell_text(cell) for cell in row.cells] for row in found if row is not None]

    def reads(self, words: str) -> None:
        """Wait until the complaint of now stands beside the list with its words."""
        self._qtbot.waitUntil(lambda: words in self.page.detail.words(), timeout=5000)


def complain(site: Site, folder: Path) -> tuple[Workplace, Workplace]:
    """Give a district and a school whose registrar sits at the desk, with a child registered."""
    district = site.found()
    school = site.laptop(district, "one", SCHOOL)
    registered(school)
    take(district, hand(school, folder / "first").path)
    return district, school


def test_a_complaint_is_written_passed_on_answered_and_read_by_keys_alone(
    site: Site, tmp_path: Path, stand: Stand, tasks: Tasks, qtbot: QtBot
) -> None:
    district, school = complain(site, tmp_path)
    page = AppealsPage(AppealDesk(school), tasks)
    stand(page)
    desk = Hand(page, tasks, qtbot)
    assert desk.rows() == []
    desk.press(Key.Key_F10)
    assert desk.doing() is Mode.LIST, "there is nothing to answer"
    for matter, words in (("5", "想看看登记表"), ("4", "让我们跑了三趟")):
        desk.press(Key.Key_F4)
        desk.type("luoyutong")
        desk.press(Key.Key_Return)
        assert desk.doing() is Mode.WRITE
        desk.press(Key.Key_F10)
        assert desk.doing() is Mode.WRITE, "about what, and which words?"
        desk.type(matter)
        desk.press(Key.Key_Return)
        desk.type(words)
        desk.press(Key.Key_F10)
        assert said(page) == "罗雨桐的诉求已记下"
    assert [row[1:3] for row in desk.rows()] == [
        ["罗雨桐", "其他"],
        ["罗雨桐", "对办理过程有意见"],
    ]
    assert all("趟" not in cell for row in desk.rows() for cell in row)
    desk.reads("想看看登记表")
    desk.press(Key.Key_F10, Key.Key_Escape, Key.Key_F10)
    desk.type("已当面看过")
    desk.press(Key.Key_F10)
    assert said(page) == "罗雨桐的诉求已答复，办结"
    desk.press(Key.Key_F10)
    assert desk.doing() is Mode.LIST, "a school closes nothing about itself"
    desk.press(Key.Key_T)
    desk.type("第二趟是来补户口簿")
    desk.press(Key.Key_F10)
    assert (said(page), desk.rows()) == ("罗雨桐的诉求已转区里", [])
    desk.turn()
    desk.reads("第二趟是来补户口簿")

    take(district, hand(school, tmp_path / "there").path)
    page.on_leave()
    office = AppealsPage(AppealDesk(district), tasks)
    office.nav_key = "office"
    stand(office)
    there = Hand(office, tasks, qtbot)
    ((place, name, matter, _due, _state),) = there.rows()
    assert (name, matter) == ("罗雨桐", "对办理过程有意见")
    assert place == AppealDesk(district).school_name(SCHOOL)
    there.reads("让我们跑了三趟")
    assert "第二趟是来补户口簿" in office.detail.words()
    there.press(Key.Key_F10)
    there.type("已要求学校一次说清")
    there.press(Key.Key_F10)
    assert there.rows() == []
    take(school, reply(district, tmp_path / "back").path)
    lines = AppealDesk(school).book("answered").lines
    assert {one.district_answer for one in lines} == {"", "已要求学校一次说清"}


def test_a_complaint_of_a_registration_taken_back_says_so_and_is_closed(
    site: Site, tmp_path: Path, stand: Stand, tasks: Tasks, qtbot: QtBot
) -> None:
    _district, school = complain(site, tmp_path)
    (child,) = AppealDesk(school).find("luoyutong")
    AppealDesk(school).record(child.record, "materials", "为什么还要租房合同")
    with school.journal.begin(school.actor()) as work:
        work.remove("applicant", child.record)
    page = AppealsPage(AppealDesk(school), tasks)
    stand(page)
    desk = Hand(page, tasks, qtbot)
    ((_, name, matter, _due, _state),) = desk.rows()
    assert (name, matter) == ("罗雨桐", "登记已撤 · 对材料要求有意见")
    desk.reads("这件登记已经撤了")
    desk.press(Key.Key_F4)
    desk.type("luoyutong")
    assert page.finding.known is None, "nothing new is written about whoever is not registered"
    desk.press(Key.Key_Return, Key.Key_Escape, Key.Key_F10)
    desk.type("登记已撤，不用交了")
    desk.press(Key.Key_F10)
    assert (said(page), desk.rows()) == ("罗雨桐的诉求已答复，办结", [])
