"""What is shown is what is held: pages, masthead and look-alikes follow every change at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop_app.documents.receipt import ReceiptView
from desktop_app.domain.acts import Role
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.ui.compose import compose, prepare
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.today import TodayPage
from desktop_app.ui.printing.sheet import Draw, pdf
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State
from desktop_app.ui.window import Window
from tests.ui.registering import (
    CHILD,
    ENTER,
    TWIN,
    Hand,
    Room,
    filled,
    number,
)
from tests.ui.registration_room import cheap_passwords, hand, room, school

F = Qt.Key
__all__ = ["cheap_passwords", "hand", "room", "school"]


class Paper:
    """A printer that keeps what it was given."""

    def __init__(self) -> None:
        self.sheets: list[ReceiptView] = []

    def require(self) -> None:
        """There always is one."""

    def print_receipt(self, view: ReceiptView) -> None:
        self.sheets.append(view)

    def print_page(self, draw: Draw, title: str) -> None:
        assert pdf(draw, title)


class Seat:
    """The whole window of a school, put together as the program does it."""

    def __init__(self, workplace: Workplace, tasks: Tasks, window: Window, qtbot: QtBot) -> None:
        self.workplace, self.tasks, self.window, self.qtbot = workplace, tasks, window, qtbot
        self.shell = compose(prepare(workplace), tasks, window, Paper())
        self.rest()

    def rest(self) -> None:
        """Let work, answers and what they changed come to rest."""
        self.qtbot.wait(90)  # longer than changes are gathered
        self.qtbot.waitUntil(lambda: not self.tasks.busy, timeout=20_000)
        QApplication.processEvents()

    @property
    def register(self) -> RegistrationPage:
        page = self.window.page_of("register")
        assert isinstance(page, RegistrationPage)
        return page

    def fill(self, **more: str) -> None:
        for name, value in filled(**more).items():
            self.register.form.take(name, value)
        self.rest()

    def today(self) -> str:
        """Open the list and give every word on it."""
        self.window.open_page("today")
        self.rest()
        page = self.window.page
        assert isinstance(page, TodayPage)
        model = page.list.model
        cells = [
            str(model.index(row, column).data())
            for row in range(model.rowCount())
            for column in range(model.columnCount())
        ]
        return " ".join((*cells, *(one.text() for one in page.findChildren(QLabel))))

    def counters(self) -> dict[str, int]:
        counters = self.window.masthead.view.counters
        return {one.word: one.number for one in counters if one.number is not None}


@pytest.fixture
def seat(school: Workplace, tasks: Tasks, window: Window, qtbot: QtBot) -> Seat:
    return Seat(school, tasks, window, qtbot)


def test_a_saved_case_stands_in_list_and_masthead_and_leaves_them_when_taken_back(
    seat: Seat, hand: Hand
) -> None:
    assert seat.counters() == {}, "nobody has counted yet, and a nought would frighten"
    assert "罗雨桐" not in seat.today()
    seat.window.open_page("register")
    seat.fill()
    hand.press(F.Key_F10)
    seat.rest()
    assert seat.counters()["待审"] == 1
    assert "罗雨桐" in seat.today()
    seat.window.open_page("register")
    seat.rest()
    hand.take_back()
    seat.rest()
    assert seat.counters()["待审"] == 0
    assert seat.register.form.value("full_name") == "罗雨桐"


def test_the_list_masks_what_the_form_shows(seat: Seat, hand: Hand) -> None:
    seat.fill()
    hand.press(F.Key_F10)
    seat.rest()
    words = seat.today().replace(" ", "")
    assert "罗雨桐" in words
    for secret in (CHILD, filled()["guardian_id_number"], filled()["guardian_phone"]):
        assert secret not in words


def test_a_case_registered_elsewhere_reaches_an_open_list(seat: Seat) -> None:
    """As a bundle taken in does: the change comes from below, nobody pressed a key here."""
    seat.today()
    desk = RegistrationDesk(seat.workplace)
    seat.tasks.run(lambda _progress: desk.register(filled(full_name="孟一诺")), lambda _made: None)
    seat.rest()
    seat.rest()
    assert "孟一诺" in seat.today()
    assert seat.counters()["待审"] == 1


# --- look-alikes that came while somebody was elsewhere --------------------------------------------


def test_a_child_registered_meanwhile_is_a_look_alike_on_return(room: Room, hand: Hand) -> None:
    room.fill()
    assert room.page.view.likeness.open_children == ()
    hand.press(F.Key_F7)
    room.desks.desk.register(filled(id_number=TWIN, full_name="罗雨晨"))
    hand.press(F.Key_Escape)
    room.settle()
    assert len(room.page.view.likeness.open_children) == 1


def test_a_number_taken_meanwhile_stops_on_return_and_is_free_again(room: Room, hand: Hand) -> None:
    room.fill()
    hand.press(F.Key_F7)
    made = room.desks.desk.register(filled(full_name="孟一诺", guardian_name="孟大山"))
    hand.press(F.Key_Escape)
    room.settle()
    assert room.check("id_number")[0] is State.REFUSED
    hand.press(F.Key_F7)
    room.desks.desk.take_back(made.record)
    hand.press(F.Key_Escape)
    room.settle()
    assert room.check("id_number")[0] is State.DONE
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is not None


def test_a_number_taken_between_the_look_and_the_save_is_not_saved_twice(
    room: Room, hand: Hand
) -> None:
    room.fill()
    room.desks.desk.register(filled(full_name="孟一诺", guardian_name="孟大山"))
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is None
    assert room.page.view.likeness.open_children != ()
    assert room.page.banner_place.view is not None
    assert room.form.value("full_name") == "罗雨桐"
    assert room.desks.day.summary().registered == 1


def test_the_answer_about_one_child_never_stands_beside_the_next(room: Room, hand: Hand) -> None:
    room.desks.desk.register(filled(id_number=TWIN, full_name="罗雨晨"))
    room.fill()
    assert room.page.view.likeness.open_children
    hand.press(F.Key_F8)
    room.settle()
    assert room.page.view.likeness.open_children == ()
    hand.type(number("20180520", 117))
    hand.press(ENTER)
    room.settle()
    assert room.page.live.hints == ()


def test_whoever_only_reviews_begins_at_the_review(
    school: Workplace, tasks: Tasks, window: Window, qtbot: QtBot
) -> None:
    parts = replace(prepare(school), roles=frozenset({Role.REVIEWER}))
    compose(parts, tasks, window, Paper())
    assert window.page is not None
    assert window.page.nav_key == "review"
    qtbot.waitUntil(lambda: "day" not in window.promised, timeout=20_000)
    qtbot.waitUntil(lambda: not tasks.busy, timeout=20_000)
