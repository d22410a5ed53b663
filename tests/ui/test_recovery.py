"""The recovery code opens once, and the new one must be on paper before one goes on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.domain.errors import RuleError
from desktop_app.ui.pages.recovery import RecoveryPage
from desktop_app.ui.views import State
from desktop_app.ui.waiting import Recovered
from desktop_app.ui.widgets.recovery import plain_code
from desktop_app.ui.window import Window
from tests.ui.conftest import focused

Key = Qt.Key
TYPED = "abcde fghjk 01234 56789 abcde fghjk mnpqr"
BARE = "ABCDEFGHJK0123456789ABCDEFGHJKMNPQR"


class Office:
    """Opens what is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytearray]] = []
        self.steps: list[str] = []

    def recover(self, code: str, name: str, password: bytearray) -> None:
        self.asked.append((code, name, password))


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def page(window: Window, office: Office) -> RecoveryPage:
    made = RecoveryPage(
        office.recover,
        lambda: office.steps.append("back"),
        on_done=lambda: office.steps.append("done"),
    )
    window.add_page(made)
    window.open_page("recovery")
    return made


def press(key: Qt.Key) -> None:
    QTest.keyClick(focused(), key)


def fill(page: RecoveryPage) -> None:
    page.form.go_to("code")
    for words in (TYPED, "liu", "secret-1", "secret-1"):
        QTest.keyClicks(focused(), words)
        press(Key.Key_Return)


def test_everything_is_handed_over_once_and_no_password_stays(
    page: RecoveryPage, office: Office
) -> None:
    fill(page)
    press(Key.Key_F10)
    press(Key.Key_F10)
    assert office.asked == [(BARE, "liu", bytearray(b"secret-1"))]
    assert page.form.value("password") == page.form.value("again") == ""


def test_everything_wrong_is_said_at_once(page: RecoveryPage, office: Office) -> None:
    QTest.keyClicks(focused(), "abcde")
    press(Key.Key_F10)
    words = {name: page.form.line(name).check.words for name in page.form.names()}
    missing = dict.fromkeys(("name", "password"), "还没填")
    assert words == {"code": "还差 30 位", "again": "还没填", **missing}
    assert page.form.line("code").check.state is State.REFUSED
    assert office.asked == []


def test_a_mistyped_code_is_corrected_where_it_stands(page: RecoveryPage) -> None:
    fill(page)
    press(Key.Key_F10)
    page.refused(RuleError("paper.mistyped", group=3))
    assert page.banner_place.view is not None
    assert page.form.current() == "code"
    assert page.form.value("code") == BARE
    assert not page.busy


def test_another_refusal_asks_for_the_password_again(page: RecoveryPage) -> None:
    fill(page)
    press(Key.Key_F10)
    page.refused(RuleError("vault.weak_password", least=8, reason="short"))
    assert page.form.current() == "password"


def test_esc_goes_back_until_a_new_code_is_shown(page: RecoveryPage, office: Office) -> None:
    press(Key.Key_Escape)
    assert office.steps == ["back"]
    page.show_recovery("ABCDE-FGHJK-01234")
    press(Key.Key_Escape)
    press(Key.Key_F10)
    assert office.steps == ["back"]
    page.recovery.form.set_values({"first": "fghjk", "second": "oi234"})
    press(Key.Key_F10)
    assert office.steps == ["back", "done"]


@pytest.mark.parametrize("typed", ["0123", "oi23", "O L-23"])
def test_letters_that_look_alike_are_the_same(typed: str) -> None:
    assert plain_code(typed) == "0123"


@pytest.mark.parametrize(("granted", "district"), [(True, False), (False, False), (False, True)])
def test_new_keys_without_a_grant_say_what_works_what_waits_and_whom_to_ask(
    page: RecoveryPage, *, granted: bool, district: bool
) -> None:
    page.show_recovered(Recovered("ABCDE-FGHJK-01234", granted, district))
    view = page.banner_place.view
    assert (view is None) == granted
    if view is not None:
        assert view.what == "您的钥匙是新的，还没有人授权。"
        assert "等授权" in view.now
        assert ("招生办" if district else "校长") in view.now
