"""The door with everything real behind it: first use, wrong passwords, waits, two persons, recovery."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop_app.domain.acts import Role
from desktop_app.security import vault
from desktop_app.security.vault import Vault
from desktop_app.services.people import PeopleDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.setup import open_workplace
from desktop_app.services.workplace import closing
from desktop_app.ui import taking_over
from desktop_app.ui.app import Workstation
from desktop_app.ui.first_use import check_draft
from desktop_app.ui.pages.first_run import FirstRunPage
from desktop_app.ui.pages.login import LoginPage
from desktop_app.ui.pages.recovery import RecoveryPage
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.start import Start
from desktop_app.ui.views import State
from tests.ui.conftest import focused
from tests.ui.school import PASSWORD, PRINCIPAL, REGISTRAR, make_school

Key = Qt.Key
Open = Callable[[Path], Workstation]
COLLEAGUE, OTHER_PASSWORD = "王建国", "Moonflower-52"


pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "place" / "data"


@pytest.fixture
def school(folder: Path) -> Path:
    """A school with a principal and two registrars."""
    make_school(folder)
    with closing(open_workplace(folder, PRINCIPAL, PASSWORD, shipped_policy())) as workplace:
        PeopleDesk(workplace).add(COLLEAGUE, OTHER_PASSWORD, [Role.REGISTRAR])
    return folder


@pytest.fixture
def opened(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open workstations that are at rest when they are given, and end them in the safe order."""
    monkeypatch.setattr(taking_over, "start_anew", lambda _words, _told: 1)
    monkeypatch.setattr(QApplication, "exit", lambda *_status: None)
    stations: list[Workstation] = []

    def opener(folder: Path) -> Workstation:
        station = Workstation(Start(folder), first_look=False)
        stations.append(station)
        station.bugs._ask = lambda where: pytest.fail(f"a bug: {where}")
        with qtbot.waitActive(station.window):
            station.begin()
            station.window.activateWindow()
        qtbot.waitUntil(lambda: station.painted and not station.tasks.busy, timeout=20_000)
        return station

    yield opener
    for station in stations:
        leave(station, qtbot)
        station.window.deleteLater()


def leave(station: Workstation, qtbot: QtBot) -> None:
    if not station.ended:
        station._leave(anew=False)
        qtbot.waitUntil(lambda: station.ended, timeout=20_000)


def enter(station: Workstation, qtbot: QtBot, password: str) -> None:
    """Type a password and press Enter."""
    QTest.keyClicks(focused(), password)
    QTest.keyClick(focused(), Key.Key_Return)
    qtbot.waitUntil(lambda: not station.tasks.busy, timeout=20_000)


def login_of(station: Workstation) -> LoginPage:
    page = station.window.page
    assert isinstance(page, LoginPage)
    return page


def banner_of(station: Workstation) -> str:
    page = station.window.page
    assert page is not None
    view = page.banner_place.view
    return "" if view is None else f"{view.what}{view.now}"


def words_of(station: Workstation) -> str:
    return " ".join(one.text() for one in station.window.findChildren(QLabel))


# --- the login -----------------------------------------------------------------------------------


def test_a_wait_is_shown_counted_down_and_then_over(
    opened: Open, school: Path, qtbot: QtBot
) -> None:
    station = opened(school)
    page = login_of(station)
    for _ in range(12):
        if page._wait:
            break
        enter(station, qtbot, "not-it-at-all")
        assert banner_of(station)
    assert page._wait > 0
    before = page._wait
    assert f" {before} " in banner_of(station)
    assert not page._enter.isEnabled()
    page._second_over()
    assert f" {before - 1} " in banner_of(station)
    enter(station, qtbot, PASSWORD)  # while one must wait, nothing is tried
    assert station.workplace is None
    for _ in range(before):
        page._second_over()
    assert page._enter.isEnabled()


def test_the_wait_is_not_forgotten_by_starting_anew(
    opened: Open, school: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = opened(school)
    for _ in range(12):
        if login_of(first)._wait:
            break
        enter(first, qtbot, "not-it-at-all")
    leave(first, qtbot)
    again = opened(school)
    enter(again, qtbot, PASSWORD)
    assert again.workplace is None
    assert login_of(again)._wait > 0


def test_a_wrong_password_says_nothing_of_who_it_would_fit(
    opened: Open, school: Path, qtbot: QtBot
) -> None:
    """The colleague's password does not open, and the words are those of any wrong one."""
    station = opened(school)
    enter(station, qtbot, OTHER_PASSWORD)
    of_a_colleague = banner_of(station)
    QTest.keyClick(focused(), Key.Key_Down)
    enter(station, qtbot, "not-it-at-all")
    assert banner_of(station) == of_a_colleague
    assert station.workplace is None
    assert "not-it-at-all" not in words_of(station)


@pytest.mark.parametrize(
    "typed", [PASSWORD.upper(), f" {PASSWORD}", f"{PASSWORD} ", PASSWORD[:-1], f"{PASSWORD}1"]
)
def test_a_password_is_taken_letter_by_letter(
    opened: Open, school: Path, qtbot: QtBot, typed: str
) -> None:
    station = opened(school)
    enter(station, qtbot, typed)
    assert station.workplace is None
    assert login_of(station).password.value() == ""


def test_caps_lock_is_told_while_letters_contradict_the_shift_key(
    opened: Open, school: Path
) -> None:
    station = opened(school)
    page = login_of(station)
    QTest.keyClicks(focused(), "A", Qt.KeyboardModifier.NoModifier)  # Caps Lock, no Shift
    assert page._caps.words == "大写锁定开着"
    QTest.keyClicks(focused(), "a", Qt.KeyboardModifier.NoModifier)
    assert page._caps.words == ""
    QTest.keyClicks(focused(), "B", Qt.KeyboardModifier.ShiftModifier)
    assert page._caps.words == ""


def test_each_person_opens_with_their_own_password_and_sits_at_their_own_desk(
    opened: Open, school: Path, qtbot: QtBot
) -> None:
    for steps, (name, password) in enumerate(
        ((PRINCIPAL, PASSWORD), (REGISTRAR, PASSWORD), (COLLEAGUE, OTHER_PASSWORD))
    ):
        station = opened(school)
        names = [one.name for one in login_of(station)._view.persons]
        place = names.index(name)
        for _ in range(place):
            QTest.keyClick(focused(), Key.Key_Down)
        enter(station, qtbot, password)
        assert station.workplace is not None, (steps, name)
        assert station.workplace.session.person_name == name
        assert station.window.masthead.view.person.startswith(name)
        leave(station, qtbot)


def test_nobody_sees_what_another_person_left_half_done(
    opened: Open, school: Path, qtbot: QtBot
) -> None:
    first = opened(school)
    QTest.keyClick(focused(), Key.Key_Down)
    enter(first, qtbot, PASSWORD)
    page = first.window.page
    assert isinstance(page, RegistrationPage)
    qtbot.waitUntil(lambda: not first.tasks.busy, timeout=20_000)
    QTest.keyClicks(focused(), "41999920180314264")
    QTest.keyClick(focused(), Key.Key_F12)  # the screen is locked in the middle of a number
    assert "41999920180314264" not in words_of(first).replace(" ", "")
    qtbot.waitUntil(lambda: first.ended, timeout=20_000)
    second = opened(school)
    for _ in range(2):
        QTest.keyClick(focused(), Key.Key_Down)
    enter(second, qtbot, OTHER_PASSWORD)
    other = second.window.page
    assert isinstance(other, RegistrationPage)
    qtbot.waitUntil(lambda: not second.tasks.busy, timeout=20_000)
    assert other.form.is_empty
    assert other.view.drafts.drafts == ()
    leave(second, qtbot)
    third = opened(school)
    QTest.keyClick(focused(), Key.Key_Down)
    enter(third, qtbot, PASSWORD)
    mine = third.window.page
    assert isinstance(mine, RegistrationPage)
    qtbot.waitUntil(lambda: not third.tasks.busy, timeout=20_000)
    assert mine.form.value("id_number") == "41999920180314264"
    assert mine.form.current() == "id_number"


# --- the first use --------------------------------------------------------------------------------

WHOLE = {
    "seat": "school",
    "code": "2141041101",
    "name": PRINCIPAL,
    "password": PASSWORD,
    "again": PASSWORD,
}
REFUSALS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("code", {"code": ""}, "还没填"),
    ("code", {"code": "12345"}, "要 10 位数字"),
    ("code", {"seat": "district", "code": "2141041101"}, "要 6 位数字"),
    ("name", {"name": ""}, "还没填"),
    ("name", {"name": "a\u202eb"}, "不能用，请改"),
    ("name", {"name": "赵" * 60}, "不能用，请改"),
    ("password", {"password": "abc1", "again": "abc1"}, "太短，至少 8 位"),
    ("password", {"password": "12345678", "again": "12345678"}, ""),
    ("password", {"password": "password", "again": "password"}, ""),
    ("password", {"password": "aaaaaaaa", "again": "aaaaaaaa"}, ""),
    ("password", {"name": "zhaozhiqiang", "password": "zhaozhiqiang"}, "不能是姓名"),
    ("again", {"again": f"{PASSWORD}x"}, "两遍不一样"),
    ("again", {"again": ""}, "还没填"),
)


def test_every_refusal_of_the_first_use_stands_beside_its_field_and_nothing_is_made(
    opened: Open, folder: Path
) -> None:
    station = opened(folder)
    page = station.window.page
    assert isinstance(page, FirstRunPage)
    for field, change, words in REFUSALS:
        page.form.clear()
        page.form.set_values({**WHOLE, **change})
        QTest.keyClick(focused(), Key.Key_F10)
        check = page.form.line(field).check
        assert check.state is State.REFUSED, (field, change)
        assert len(check.words) <= 12
        assert words in check.words
        assert page.form.current() in {field, "password"}
        assert not page.busy
    assert not folder.exists()


@pytest.mark.parametrize("wrong", ["赵", "a" * 41, "赵\x00", "=赵志强", "<b>赵</b>", "赵\n强"])
def test_the_check_of_a_draft_never_fails_whatever_is_typed(wrong: str) -> None:
    for values in ((wrong, "1", "赵志强", "x"), ("school", wrong, wrong, wrong)):
        found = check_draft(*values)
        assert set(found) <= {"code", "name", "password"}
        assert "code" in found
        assert all(0 < len(words) <= 12 for words in found.values())


@pytest.mark.parametrize(("seat", "code"), [("school", "2141999901"), ("district", "419999")])
def test_a_school_that_could_never_join_is_refused_at_once(seat: str, code: str) -> None:
    found = check_draft(seat, code, "赵志强", PASSWORD)
    assert found == {"code": "没有这个代码，请核对"}


# --- recovery ---------------------------------------------------------------------------------------


@pytest.fixture
def code(school: Path) -> str:
    with closing(open_workplace(school, PRINCIPAL, PASSWORD, shipped_policy())) as workplace:
        return workplace.session.new_recovery_code()


def confused(code: str) -> str:
    """The code as a tired hand reads it off paper: small letters, O for 0, I or L for 1."""
    swapped = code.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    return swapped.replace("l", "I", 1)


def recovery(station: Workstation) -> RecoveryPage:
    QTest.keyClick(focused(), Key.Key_F6)
    page = station.window.page
    assert isinstance(page, RecoveryPage)
    return page


def give(page: RecoveryPage, station: Workstation, qtbot: QtBot, code: str) -> None:
    """Type the code by keys, unless it stands there, and ask for a new password."""
    page.form.go_to("code")
    if code:
        QTest.keyClick(focused(), Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(focused(), code)
    new = {"name": PRINCIPAL, "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    page.form.set_values(new)
    QTest.keyClick(focused(), Key.Key_F10)
    qtbot.waitUntil(lambda: not station.tasks.busy, timeout=20_000)


def test_a_recovery_code_read_off_paper_with_look_alikes_opens(
    opened: Open, school: Path, code: str, qtbot: QtBot
) -> None:
    station = opened(school)
    page = recovery(station)
    give(page, station, qtbot, confused(code))
    assert banner_of(station).startswith("您的钥匙是新的，还没有人授权。")
    assert page.recovery._groups
    assert "-".join(page.recovery._groups) != code
    Vault.open(school).unlock(PRINCIPAL, OTHER_PASSWORD).close()


def test_one_wrong_sign_names_its_group_and_the_old_password_still_opens(
    opened: Open, school: Path, code: str, qtbot: QtBot
) -> None:
    groups = code.split("-")
    sign = "2" if groups[3][2] != "2" else "3"
    groups[3] = groups[3][:2] + sign + groups[3][3:]
    station = opened(school)
    page = recovery(station)
    give(page, station, qtbot, "-".join(groups))
    assert "4" in banner_of(station)
    assert page.form.current() == "code"
    assert page.form.value("password") == ""
    Vault.open(school).unlock(PRINCIPAL, PASSWORD).close()


def test_a_weak_new_password_is_refused_and_the_code_stays_valid(
    opened: Open, school: Path, code: str, qtbot: QtBot
) -> None:
    station = opened(school)
    page = recovery(station)
    page.form.set_values({"code": code, "name": PRINCIPAL, "password": "abc", "again": "abc"})
    QTest.keyClick(focused(), Key.Key_F10)
    qtbot.waitUntil(lambda: not station.tasks.busy, timeout=20_000)
    assert banner_of(station)
    assert page.form.current() == "password"
    give(page, station, qtbot, "")
    assert page.recovery._groups


def test_a_code_of_another_computer_opens_nothing(
    opened: Open, school: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    elsewhere = make_school(tmp_path / "other" / "data")
    with closing(open_workplace(elsewhere, PRINCIPAL, PASSWORD, shipped_policy())) as workplace:
        foreign = workplace.session.new_recovery_code()
    station = opened(school)
    page = recovery(station)
    give(page, station, qtbot, foreign)
    assert banner_of(station)
    assert not page.recovery._groups
    assert foreign not in words_of(station)
    assert vault.Vault.open(school).unlock(PRINCIPAL, PASSWORD).person_name == PRINCIPAL
