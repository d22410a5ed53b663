"""First use: everything wrong is said at once, and the recovery code must be typed back."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from desktop_app.ui.pages.first_run import FirstRunDraft, FirstRunPage
from desktop_app.ui.views import State
from desktop_app.ui.window import Window
from tests.ui.conftest import focused
from tests.ui.showcase import FINDINGS

Key = Qt.Key
CODE = "ABCDE-FGH01-QMNPQ-RSTWV"


class Office:
    """Checks drafts and makes what is asked for."""

    def __init__(self) -> None:
        self.drafts: list[FirstRunDraft] = []
        self.done = 0
        self.problems: dict[str, str] = {}

    def check(self, _seat: str, _code: str, _name: str, _password: str) -> Mapping[str, str]:
        return self.problems

    def finish(self) -> None:
        self.done += 1


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def page(window: Window, office: Office) -> FirstRunPage:
    made = FirstRunPage(FINDINGS, office.check, office.drafts.append, office.finish)
    window.add_page(made)
    window.open_page("first_run")
    return made


def press(key: Qt.Key) -> None:
    QTest.keyClick(focused(), key)


def fill(again: str = "secret-1") -> None:
    press(Key.Key_1)
    for words in ("2141041101", "liu", "secret-1", again):
        press(Key.Key_Return)
        QTest.keyClicks(focused(), words)


def test_everything_missing_is_said_at_once(page: FirstRunPage, office: Office) -> None:
    press(Key.Key_F10)
    refused = [n for n in page.form.names() if page.form.line(n).check.state is State.REFUSED]
    assert refused == ["seat", "code", "name", "password", "again"]
    assert page.form.current() == "seat"
    assert office.drafts == []


def test_what_the_check_refuses_stands_beside_its_field(page: FirstRunPage, office: Office) -> None:
    fill()
    office.problems = {"code": "没有这所学校"}
    press(Key.Key_F10)
    assert page.form.line("code").check.words == "没有这所学校"
    assert page.form.current() == "code"
    assert office.drafts == []


def test_another_password_has_to_be_typed_twice_anew(page: FirstRunPage, office: Office) -> None:
    assert "至少 8 位" in page.form.line("password").check.words
    fill()
    page.form.go_to("password")
    QTest.keyClicks(focused(), "9")
    press(Key.Key_Return)
    assert page.form.current() == "again"
    assert page.form.value("again") == ""
    assert office.drafts == []


def test_two_passwords_that_differ_are_refused(page: FirstRunPage, office: Office) -> None:
    fill(again="secret-2")
    press(Key.Key_F10)
    assert page.form.line("again").check.words == "两遍不一样"
    assert office.drafts == []


def test_a_whole_draft_is_handed_over_once(page: FirstRunPage, office: Office) -> None:
    fill()
    press(Key.Key_F10)
    press(Key.Key_F10)
    assert office.drafts == [FirstRunDraft("school", "2141041101", "liu", bytearray(b"secret-1"))]
    assert page.form.value("password") == page.form.value("again") == ""
    assert page.busy


def test_the_code_must_be_typed_back(page: FirstRunPage, office: Office) -> None:
    fill()
    press(Key.Key_F10)
    page.show_recovery(CODE)
    assert not page.busy
    words = " ".join(label.text() for label in page.findChildren(QLabel))
    assert "①\u00a0ABCDE  ②\u00a0FGH01  ③\u00a0QMNPQ  ④\u00a0RSTWV" in words
    assert "第 2 组" in words
    QTest.keyClicks(focused(), "fghol")
    press(Key.Key_Return)
    QTest.keyClicks(focused(), "wrong")
    press(Key.Key_F10)
    assert office.done == 0
    assert page.recovery.form.line("first").check.state is State.DONE
    assert page.recovery.form.current() == "second"
    page.recovery.form.set_values({"second": "rstwv"})
    press(Key.Key_F10)
    assert office.done == 1
    assert all("ABCDE" not in label.text() for label in page.findChildren(QLabel))


def test_findings_are_counted(page: FirstRunPage) -> None:
    words = [label.text() for label in page.findChildren(QLabel)]
    assert "2 / 3" in words
    assert FINDINGS[2].text in words


def test_who_chooses_what_is_said_in_plain_words_the_likely_one_first(page: FirstRunPage) -> None:
    words = [label.text() for label in page.findChildren(QLabel)]
    said = [one for one in words if one[:2] in {"1 ", "2 ", "3 "} and "：" in one]
    assert [one[2:4] for one in said] == ["学校", "登记", "区里"]
    for key, seat in ((Key.Key_1, "school"), (Key.Key_2, "desk"), (Key.Key_3, "district")):
        press(key)
        assert page.form.value("seat") == seat
