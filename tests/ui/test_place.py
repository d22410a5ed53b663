"""The place of the stick: one key goes to it everywhere, and a typed folder is kept and judged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.services.ticket_desk import TicketDesk
from desktop_app.services.workplace import Workplace
from desktop_app.sync.accepting import RequestDesk
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.joining import JoiningDesk
from desktop_app.sync.laptops import LaptopDesk
from desktop_app.sync.round import RoundDesk
from desktop_app.ui.exchanging import ExchangingPage
from desktop_app.ui.look import Look
from desktop_app.ui.pages.exchange import ExchangePage
from desktop_app.ui.pages.intake import IntakePage
from desktop_app.ui.pages.join import JoinPage
from desktop_app.ui.pages.laptops import LaptopPage
from desktop_app.ui.pages.merge import MergePage
from desktop_app.ui.pages.request import RequestPage
from desktop_app.ui.pages.tickets import TicketPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.window import DESIGN_SIZE, Window
from tests.sync.site import OTHER_SCHOOL, Site, hand, register_many
from tests.ui.conftest import Plugged, Stand, focused, press, rest

Key = Qt.Key


def school_pages(laptop: Workplace, tasks: Tasks) -> list[ExchangingPage]:
    none = Plugged()
    return [
        ExchangePage(ExchangeDesk(laptop), tasks, find=none),
        MergePage(RoundDesk(laptop), tasks, find=none),
        JoinPage(JoiningDesk(laptop), tasks, find=none),
        RequestPage(RequestDesk(laptop), tasks, lambda: None, find=none),
    ]


def district_pages(district: Workplace, tasks: Tasks) -> list[ExchangingPage]:
    none = Plugged()
    return [
        IntakePage(ExchangeDesk(district), tasks, {}, find=none),
        TicketPage(TicketDesk(district), tasks, find=none),
        LaptopPage(LaptopDesk(district), tasks, find=none),
    ]


def test_f3_goes_to_the_place_on_every_page_and_a_typed_folder_is_kept(
    stand: Stand, district: Workplace, laptop: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    pages = [*school_pages(laptop, tasks), *district_pages(district, tasks)]
    for page in pages:
        stand(page)
        assert any(one.key == "F3" and one.shown for one in page.key_actions())
        press(Key.Key_F3)
        assert focused() is page.place.path
        if page is pages[0]:
            QTest.keyClicks(focused(), str(stick))
            rest(qtbot, tasks)
        assert page.place.place == stick
        assert page.place.words == "用这个文件夹"
    QTest.keyClick(focused(), Key.Key_Backspace)  # F3 has taken all of it
    assert pages[-1].place.place is None
    stand(pages[-2])
    assert pages[-2].place.place is None


def test_a_folder_that_is_not_there_is_said_as_soon_as_it_is_typed(
    stand: Stand, laptop: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    page = ExchangePage(ExchangeDesk(laptop), tasks, find=Plugged())
    stand(page)
    press(Key.Key_F3)
    QTest.keyClicks(focused(), f"{stick}-gone")
    rest(qtbot, tasks)
    assert page.place.words == "没有这个文件夹，请核对"
    Path(f"{stick}-gone").mkdir()  # by somebody, elsewhere
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert page.place.words == "用这个文件夹"


def exchange(laptop: Workplace, tasks: Tasks) -> ExchangingPage:
    return ExchangePage(ExchangeDesk(laptop), tasks, find=Plugged())


def merge(laptop: Workplace, tasks: Tasks) -> ExchangingPage:
    return MergePage(RoundDesk(laptop), tasks, find=Plugged())


@pytest.mark.parametrize("make", [exchange, merge])
def test_f10_without_a_stick_goes_to_the_place_even_where_the_list_hides_it(
    stand: Stand,
    window: Window,
    laptop: Workplace,
    tasks: Tasks,
    qtbot: QtBot,
    make: Callable[[Workplace, Tasks], ExchangingPage],
) -> None:
    register_many(laptop, 1)
    page = make(laptop, tasks)
    stand(page)
    window.wear(Look("light", 200))
    window.resize(DESIGN_SIZE)
    press(Key.Key_F2)
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert focused() is page.place.path
    assert page.place.isVisibleTo(page)


def test_after_taking_in_the_mark_stands_on_a_school_that_came(
    stand: Stand, site: Site, district: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    other = site.laptop(district, "other", OTHER_SCHOOL)
    register_many(other, 2)
    hand(other, stick)
    page = IntakePage(ExchangeDesk(district), tasks, {}, find=Plugged(stick))
    stand(page)
    page.table.go_to_row(5)
    page.table.go_to_row(5)
    assert page.table.current_key not in {"", OTHER_SCHOOL}
    press(Key.Key_F4)
    rest(qtbot, tasks)

    assert page.table.current_key == OTHER_SCHOOL
