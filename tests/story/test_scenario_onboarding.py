"""Scenario 26: a new laptop joins with no network: a file out, a file back, two telephone calls.

Both ends are driven by keys, which are counted: the hands-on time of a slow typist, a key a second,
stays far below the ten minutes. Another school's file is refused with both schools' names.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.security.paper import fingerprint
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.people import PeopleDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.sync.accepting import RequestDesk
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.joining import JoiningDesk
from desktop_app.sync.laptops import LaptopDesk
from desktop_app.ui.pages.exchange import ExchangePage
from desktop_app.ui.pages.intake import IntakePage
from desktop_app.ui.pages.join import JoinPage
from desktop_app.ui.pages.laptops import LaptopPage
from desktop_app.ui.pages.request import RequestPage
from desktop_app.ui.stick_form import FILE
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State
from desktop_app.ui.window import Window
from tests.services.kit import form, number
from tests.story.hands import Hands, focused, plugged
from tests.sync.site import OTHER_SCHOOL, SCHOOL, Site, feed_of, hand, reply, row_of, take

Key = Qt.Key
NAME = "陈国梁"
SECONDS_A_KEY = 1
MOST_SECONDS = 600


@pytest.fixture
def fresh(site: Site) -> Workplace:
    return site.set_up("fresh", "school", SCHOOL)


class Ends(Hands):
    """The pages of the new laptop and of the district, with one stick between them."""

    def __init__(self, fresh: Workplace, district: Workplace, hands: Hands, stick: Path) -> None:
        super().__init__(hands.window, hands.tasks, hands.qtbot)
        find, tasks = plugged(stick), self.tasks
        self.request = RequestPage(RequestDesk(fresh), tasks, lambda: None, find=find)
        self.join = JoinPage(JoiningDesk(fresh), tasks, find=find)
        self.exchange = ExchangePage(ExchangeDesk(fresh), tasks, find=find)
        self.laptops = LaptopPage(LaptopDesk(district), tasks, find=find)
        self.intake = IntakePage(ExchangeDesk(district), tasks, {}, find=find)
        self.add(self.request, self.join, self.exchange, self.laptops, self.intake)

    def say(self, words: str) -> None:
        """Type a name as an input method gives it."""
        self.keys += 6 * len(words)  # pinyin of each character, and the choice
        event = QInputMethodEvent()
        event.setCommitString(words)
        QApplication.sendEvent(focused(), event)

    def leave(self) -> None:
        page = self.window.page
        if page is not None:
            page.on_leave()
        self.rest()


@pytest.fixture
def ends(
    window: Window, tasks: Tasks, qtbot: QtBot, fresh: Workplace, district: Workplace, stick: Path
) -> Iterator[Ends]:
    stick.mkdir()
    made = Ends(fresh, district, Hands(window, tasks, qtbot), stick)
    yield made
    made.leave()


def of(workplace: Workplace) -> str:
    """Read a laptop's fingerprint out on the telephone."""
    return fingerprint(workplace.computer.key.public)


def test_scenario_26_a_request_goes_out_a_grant_comes_back_and_the_laptop_is_at_work(
    ends: Ends, fresh: Workplace, district: Workplace, stick: Path
) -> None:
    child = RegistrationDesk(fresh).register(form()).record  # it works before it has joined
    ends.open("request")
    ends.qtbot.waitUntil(lambda: ends.request.place.place == stick)
    ends.press(Key.Key_F7)
    (asked,) = stick.glob("*.hello")
    assert NAME not in asked.read_text(encoding="utf-8")
    # The district, elsewhere: the stick has come, the school reads its fingerprint out.
    ends.open("laptops")
    ends.qtbot.waitUntil(lambda: ends.laptops.table.current_key == feed_of(fresh))
    ends.press(Key.Key_F10)
    ends.type(of(fresh))
    ends.press(Key.Key_Return)
    ends.say(NAME)
    ends.press(Key.Key_F10)
    ends.open("intake")
    ends.qtbot.waitUntil(lambda: ends.intake.place.place == stick)
    ends.press(Key.Key_F10)
    # The school: the stick is back, the district reads its fingerprint out.
    ends.open("request")
    ends.press(Key.Key_F5)
    ends.qtbot.waitUntil(lambda: ends.request.form.value(FILE) != "", timeout=20_000)
    ends.request.form.go_to("fingerprint")
    ends.type(LaptopDesk(district).fingerprint())
    ends.press(Key.Key_F10)
    banner = ends.request.banner_place.view
    assert banner is not None
    assert (banner.state, banner.what.partition("：")[0]) == (State.DONE, "接入成功")
    assert ends.keys * SECONDS_A_KEY <= MOST_SECONDS
    # Named, keyed and usable: its mark in the numbers, its people granted, its bundle accepted.
    (line,) = [one for one in LaptopDesk(district).lines() if one.feed == feed_of(fresh)]
    receipt = RegistrationDesk(fresh).register(form(id_number=number(order=888))).receipt_number
    assert receipt.split("-")[1] == line.mark
    ends.open("exchange")
    ends.press(Key.Key_F10)
    ends.open("intake")
    ends.press(Key.Key_F4)
    (came,) = [one for one in ExchangeDesk(district).intake() if one.school == SCHOOL]
    assert (came.state, came.registered) == ("whole", 2)
    assert row_of(district, "applicant", child)["full_name"] == "罗雨桐"
    assert PeopleDesk(fresh).roles()


def test_scenario_26_another_school_s_grant_is_refused_with_both_names(
    ends: Ends, site: Site, fresh: Workplace, district: Workplace, stick: Path, tmp_path: Path
) -> None:
    other = site.laptop(district, "other", OTHER_SCHOOL)
    take(district, hand(other, tmp_path / "out").path)
    wrong = reply(district, tmp_path / "wrong", OTHER_SCHOOL).path
    shutil.copyfile(wrong, stick / wrong.name.replace(OTHER_SCHOOL, SCHOOL))
    ends.open("request")
    ends.qtbot.waitUntil(lambda: ends.request.form.value(FILE) != "", timeout=20_000)
    ends.request.form.go_to("fingerprint")
    ends.type(LaptopDesk(district).fingerprint())
    ends.press(Key.Key_F10)
    said = ends.request.banner_place.view
    assert said is not None
    assert said.state is State.REFUSED
    names_both(said.what, district)
    assert fresh.district is None


def test_scenario_26_another_school_s_ticket_is_refused_with_both_names(
    ends: Ends, fresh: Workplace, district: Workplace, stick: Path
) -> None:
    office = DistrictOffice(district)
    ticket = office.issue(OTHER_SCHOOL, "1", 1, 99)
    (stick / f"{OTHER_SCHOOL}-1.ticket").write_bytes(ticket.file)
    ends.open("join")
    ends.qtbot.waitUntil(lambda: ends.join.form.value(FILE) != "", timeout=20_000)
    ends.join.form.go_to("code")
    ends.type(ticket.code)
    ends.join.form.go_to("fingerprint")
    ends.type(office.fingerprint())
    ends.press(Key.Key_F10)
    said = ends.join.banner_place.view
    assert said is not None
    names_both(said.what, district)
    assert fresh.district is None
    assert not JoiningDesk(fresh).standing().joined


def names_both(words: str, district: Workplace) -> None:
    assert district.district is not None
    for code in (SCHOOL, OTHER_SCHOOL):
        school = district.district.school(code)
        assert school is not None
        assert f"{school.name}（{code}）" in words
