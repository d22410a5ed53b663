"""A receipt seen on the screen: drawn from the same page, in memory, without a printer or a copy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from desktop_app.documents.receipt import ReceiptView
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.ui.compose import compose, prepare
from desktop_app.ui.look import Look
from desktop_app.ui.pages.receipt_sight import ReceiptPage
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.today import TodayPage
from desktop_app.ui.printing.sheet import receipt_image
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.window import Window
from tests.documents.papers import VIEW
from tests.ui.conftest import Heard
from tests.ui.registering import ESC, Hand, Tray, filled
from tests.ui.registration_room import cheap_passwords, hand, school

F = Qt.Key
__all__ = ["cheap_passwords", "hand", "school"]


class Seat:
    """The composed window of a school whose printer may be missing."""

    def __init__(self, workplace: Workplace, tasks: Tasks, window: Window, qtbot: QtBot) -> None:
        self.workplace, self.tasks, self.window, self.qtbot = workplace, tasks, window, qtbot
        self.tray = Tray()
        self.shell = compose(prepare(workplace), tasks, window, self.tray)  # type: ignore[arg-type]
        self.rest()

    def rest(self) -> None:
        self.qtbot.wait(90)  # longer than changes are gathered
        self.qtbot.waitUntil(lambda: not self.tasks.busy, timeout=20_000)

    @property
    def register(self) -> RegistrationPage:
        page = self.window.page_of("register")
        assert isinstance(page, RegistrationPage)
        return page

    @property
    def sight(self) -> ReceiptPage:
        """The page of the receipt, which stands in the window now."""
        page = self.window.page
        assert isinstance(page, ReceiptPage)
        return page

    def save(self, hand: Hand) -> str:
        for name, value in filled().items():
            self.register.form.take(name, value)
        self.rest()
        hand.press(F.Key_F10)
        self.rest()
        last = self.register.saver.last
        assert last is not None
        return last.record

    def printed(self, record: str) -> int:
        return ReceiptDesk(self.workplace).printed(record)


@pytest.fixture
def seat(
    school: Workplace, tasks: Tasks, window: Window, qtbot: QtBot, heard: Heard
) -> Iterator[Seat]:
    made = Seat(school, tasks, window, qtbot)
    yield made
    made.rest()
    assert heard.bugs == []


def inked(view: ReceiptView) -> tuple[int, int]:
    """Count the dark spots of the upper and of the lower half."""
    image = receipt_image(view, 600)
    dark = [
        y
        for y in range(0, image.height(), 2)
        for x in range(0, image.width(), 2)
        if image.pixelColor(x, y) != QColor(Qt.GlobalColor.white)
    ]
    middle = image.height() / 2
    return sum(y < middle for y in dark), sum(y > middle for y in dark)


def test_the_picture_is_the_page_with_both_halves(qtbot: QtBot) -> None:
    image = receipt_image(VIEW, 1654)
    assert (image.width(), image.height()) == (1654, 2339)
    upper, lower = inked(VIEW)
    assert upper > 1000
    assert lower > 1000


def test_without_a_printer_the_receipt_is_seen_and_printed_later(seat: Seat, hand: Hand) -> None:
    seat.tray.trouble = "print.none"
    record = seat.save(hand)
    hand.press(F.Key_F9, shift=True)
    seat.rest()
    assert seat.sight.paper.image is not None
    assert seat.printed(record) == 0
    seat.tray.trouble = ""
    hand.press(F.Key_F9)
    seat.rest()
    assert seat.window.page is seat.register
    assert [view.name for view, _ in seat.tray.sheets] == ["罗雨桐"]
    assert seat.printed(record) == 1


def test_looking_counts_no_copy_writes_nothing_and_leaves_no_picture(
    seat: Seat, hand: Hand
) -> None:
    record = seat.save(hand)
    before = seat.workplace.own_feed().sequence
    hand.press(F.Key_F9, shift=True)
    seat.rest()
    sight = seat.sight
    top = sight._scroll.verticalScrollBar()
    hand.press(F.Key_PageDown)
    assert top.value() > 0
    hand.press(ESC)
    seat.rest()
    assert seat.window.page is seat.register
    assert sight.paper.image is None
    assert seat.register.form.current() == "id_number"
    assert seat.printed(record) == 1
    assert seat.workplace.own_feed().sequence == before


def test_before_any_case_the_key_says_why(seat: Seat, hand: Hand) -> None:
    hand.press(F.Key_F9, shift=True)
    seat.rest()
    assert seat.window.page is seat.register
    assert "没有回执可看" in seat.window.strip.words


@pytest.mark.parametrize("scale", [100, 200])
def test_from_the_list_the_receipt_is_seen_and_esc_goes_back(
    seat: Seat, hand: Hand, scale: int
) -> None:
    RegistrationDesk(seat.workplace).register(filled())
    seat.window.wear(Look("light", scale))
    seat.window.open_page("today")
    seat.rest()
    page = seat.window.page
    assert isinstance(page, TodayPage)
    seat.qtbot.waitUntil(lambda: page.list.line is not None)
    hand.press(F.Key_F9, shift=True)
    seat.rest()
    assert "罗雨桐" in " ".join(one.text() for one in seat.sight.findChildren(Text))
    hand.press(F.Key_F9)
    seat.rest()
    assert seat.window.page is page
    assert [view.name for view, _ in seat.tray.sheets] == ["罗雨桐"]
