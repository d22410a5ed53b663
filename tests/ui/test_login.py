"""The login page: arrows choose, Enter logs in, a wrong password waits, nothing heavy is loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.domain.errors import UntrustedError
from desktop_app.ui.pages.login import LoginPage
from desktop_app.ui.views import LoginView, PersonView
from desktop_app.ui.widgets.persons import PersonCard
from desktop_app.ui.window import Window
from tests.ui.conftest import focused
from tests.ui.showcase import LOGIN

Key = Qt.Key


class Door:
    """Hears who wants in."""

    def __init__(self) -> None:
        self.tries: list[tuple[str, bytearray]] = []
        self.others: list[str] = []

    def open(self, person: str, password: bytearray) -> None:
        self.tries.append((person, password))


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def page(window: Window, door: Door) -> LoginPage:
    made = LoginPage(
        LOGIN,
        door.open,
        on_recovery=lambda: door.others.append("recovery"),
        on_language=lambda: door.others.append("language"),
        on_power=lambda: door.others.append("power"),
    )
    window.add_page(made)
    window.open_page("login")
    return made


def press(key: Qt.Key) -> None:
    QTest.keyClick(focused(), key)


def wrong(wait: int) -> UntrustedError:
    return UntrustedError("vault.wrong_password", tries_left=0, wait=wait)


def test_the_first_key_stroke_is_part_of_the_password(page: LoginPage, door: Door) -> None:
    QTest.keyClicks(focused(), "secret 1")
    press(Key.Key_Return)
    assert door.tries == [("a", bytearray(b"secret 1"))]
    assert page.password.value() == ""


def test_arrows_choose_the_person_from_the_password_field(page: LoginPage, door: Door) -> None:
    for key in (Key.Key_Down, Key.Key_Down, Key.Key_Down, Key.Key_Up):
        press(key)
    assert page.person == LOGIN.persons[1]
    active = [card.view.name for card in page.findChildren(PersonCard) if card.active]
    assert active == ["周敏"]
    QTest.keyClicks(focused(), "pw")
    press(Key.Key_Return)
    assert door.tries[0][0] == "b"


def test_a_click_chooses_and_gives_the_caret_back(page: LoginPage) -> None:
    card = page.findChildren(PersonCard)[2]
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert page.person == LOGIN.persons[2]
    assert focused() is page.password


def test_another_person_starts_with_an_empty_password(page: LoginPage) -> None:
    QTest.keyClicks(focused(), "half")
    press(Key.Key_Down)
    assert page.password.value() == ""


def test_an_empty_password_is_not_tried(page: LoginPage, door: Door) -> None:
    press(Key.Key_Return)
    assert door.tries == []


def test_a_second_enter_while_the_door_opens_does_nothing(page: LoginPage, door: Door) -> None:
    QTest.keyClicks(focused(), "pw")
    press(Key.Key_Return)
    assert page.busy
    QTest.keyClicks(page.password, "again")
    QTest.keyClick(page.password, Key.Key_Return)
    assert len(door.tries) == 1


def test_a_wrong_password_says_so_and_may_be_tried_again(page: LoginPage, door: Door) -> None:
    QTest.keyClicks(focused(), "pw")
    press(Key.Key_Return)
    page.refused(wrong(0))
    view = page.banner_place.view
    assert view is not None
    assert view.number == "S206"
    QTest.keyClicks(focused(), "pw2")
    press(Key.Key_Return)
    assert [bytes(password) for _, password in door.tries] == [b"pw", b"pw2"]
    assert page.banner_place.view is None


def test_a_wait_holds_the_next_try_back_but_keeps_what_is_typed(
    page: LoginPage, door: Door
) -> None:
    page.refused(wrong(2))
    QTest.keyClicks(focused(), "pw")
    press(Key.Key_Return)
    assert door.tries == []
    page._second_over()
    view = page.banner_place.view
    assert view is not None
    assert " 1 " in view.now
    page._second_over()
    press(Key.Key_Return)
    assert door.tries == [("a", bytearray(b"pw"))]


def test_a_wait_by_seconds_counts_too(page: LoginPage, door: Door) -> None:
    page.refused(UntrustedError("vault.wait", seconds=1))
    page._second_over()
    QTest.keyClicks(focused(), "pw")
    press(Key.Key_Return)
    assert len(door.tries) == 1


def test_the_other_keys(page: LoginPage, window: Window, door: Door) -> None:
    press(Key.Key_F6)
    press(Key.Key_F2)
    QTest.mouseClick(window.key_bar.buttons[-1], Qt.MouseButton.LeftButton)
    assert door.others == ["recovery", "language", "power"]


def test_caps_lock_is_told(page: LoginPage) -> None:
    page.password.caps_seen.emit(True)
    assert page._caps.words == "大写锁定开着"
    page.password.caps_seen.emit(False)
    assert page._caps.words == ""


def test_a_computer_without_persons_logs_nobody_in(window: Window, door: Door) -> None:
    page = LoginPage(LoginView("湛河湾小学"), door.open)
    window.add_page(page)
    window.open_page("login")
    QTest.keyClicks(focused(), "pw")
    press(Key.Key_Down)
    press(Key.Key_Return)
    assert page.person is None
    assert door.tries == []


def test_many_persons_scroll_with_the_choice(window: Window, door: Door) -> None:
    persons = tuple(PersonView(str(i), f"老师{i}", "登记员") for i in range(12))
    page = LoginPage(LoginView(persons=persons), door.open)
    window.add_page(page)
    window.open_page("login")
    for _ in range(11):
        press(Key.Key_Down)
    card = page.findChildren(PersonCard)[-1]
    assert card.active
    assert not card.visibleRegion().isEmpty()


HEAVY = (
    "sqlalchemy sqlcipher3 openpyxl python_calamine PIL segno cryptography pyrage pypinyin "
    "zstandard msgspec tablerpy"
)


def test_the_login_is_painted_before_anything_heavy_is_loaded() -> None:
    code = (
        "import sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "application = QApplication(['-platform', 'offscreen'])\n"
        "from desktop_app.ui.look import Look\n"
        "from desktop_app.ui.theme import apply_look\n"
        "from desktop_app.ui.pages.login import LoginPage\n"
        "from desktop_app.ui.views import LoginView, PersonView\n"
        "from desktop_app.ui.window import Window\n"
        "apply_look(application, Look())\n"
        "window = Window()\n"
        "person = PersonView('a', 'n', 'r')\n"
        "window.add_page(LoginPage(LoginView(persons=(person,)), lambda who, what: None))\n"
        "window.open_page('login')\n"
        "window.resize(1366, 768)\n"
        "window.show()\n"
        "application.processEvents()\n"
        "assert not window.grab().isNull()\n"
        f"print(*sorted(set('{HEAVY}'.split()) & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, timeout=60, capture_output=True, text=True
    )
    assert done.stdout.strip() == ""
