"""The running window: first use, login, what is told at the door, and the safe end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop_app.domain.errors import RuleError, WorkplaceError
from desktop_app.durable.folder import FolderLock
from desktop_app.security import kdf
from desktop_app.security.vault import Vault
from desktop_app.services.policies import shipped_policy
from desktop_app.services.progress import Progress
from desktop_app.services.setup import open_workplace
from desktop_app.services.workplace import closing, computer_folder
from desktop_app.ui import app, taking_over
from desktop_app.ui.app import Workstation
from desktop_app.ui.changes import Changes
from desktop_app.ui.page import Page
from desktop_app.ui.pages.first_run import FirstRunPage
from desktop_app.ui.pages.lock import LockPage
from desktop_app.ui.pages.login import LoginPage
from desktop_app.ui.pages.recovery import RecoveryPage
from desktop_app.ui.start import Start, default_folder, read_start
from desktop_app.ui.views import MastheadView, State
from tests.ui.conftest import focused
from tests.ui.school import DISTRICT, PASSWORD, PRINCIPAL, REGISTRAR, make_school

Key = Qt.Key
Open = Callable[..., Workstation]


pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "place" / "data"


@pytest.fixture
def school(folder: Path) -> Path:
    return make_school(folder)


class Ended:
    """What happened at the end of a workstation."""

    def __init__(self) -> None:
        self.anew: list[list[str]] = []
        self.statuses: list[int] = []


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Ended:
    """Keep the test's process: count new processes and exits instead."""
    made = Ended()

    def start(words: list[str], _told: int) -> int:
        made.anew.append(words)
        return 1

    monkeypatch.setattr(taking_over, "start_anew", start)
    monkeypatch.setattr(QApplication, "exit", made.statuses.append)
    return made


@pytest.fixture
def opened(qtbot: QtBot, ended: Ended) -> Iterator[Open]:
    """Open workstations that are at rest again when they are given, and end them."""
    stations: list[Workstation] = []

    def opener(folder: Path, **more: object) -> Workstation:
        station = Workstation(Start(folder), **more)  # type: ignore[arg-type]
        stations.append(station)
        station.bugs._ask = _fail
        with qtbot.waitActive(station.window):
            station.begin()
            station.window.activateWindow()
        qtbot.waitUntil(lambda: station.painted and not station.tasks.busy, timeout=20_000)
        return station

    yield opener
    for station in stations:
        end(station, qtbot)


def end(station: Workstation, qtbot: QtBot) -> None:
    """End a workstation as closing its window does."""
    if not station.tasks._closed:
        station._leave(anew=False)
        qtbot.waitUntil(lambda: station.tasks._closed, timeout=20_000)
    station.window.deleteLater()


def _fail(where: str) -> None:
    pytest.fail(f"a bug: {where}")


def at_page(station: Workstation, kind: type[Page]) -> Page:
    page = station.window.page
    assert isinstance(page, kind)
    return page


def log_in(station: Workstation, qtbot: QtBot, password: str = PASSWORD) -> None:
    QTest.keyClicks(focused(), password)
    QTest.keyClick(focused(), Key.Key_Return)
    qtbot.waitUntil(lambda: not station.tasks.busy, timeout=20_000)


def test_words_of_the_command_line() -> None:
    assert read_start([]) == Start(default_folder())
    assert read_start(["--data", "/a/b", "--after", "12"]) == Start(Path("/a/b"), 12)
    assert Start(Path("/a/b"), 12).words == ["open", "--data", "/a/b"]
    for words in (["--data"], ["--date", "x"], ["--after", "me"]):
        with pytest.raises(RuleError) as refused:
            read_start(words)
        assert refused.value.code == "window.usage"


def test_an_empty_folder_leads_through_the_first_use_to_the_login(
    opened: Open, folder: Path, qtbot: QtBot
) -> None:
    station = opened(folder)
    page = at_page(station, FirstRunPage)
    assert isinstance(page, FirstRunPage)
    assert not folder.exists()
    page.form.set_values(
        {"seat": "school", "code": "12345", "name": "赵", "password": "123", "again": "123"}
    )
    QTest.keyClick(focused(), Key.Key_F10)
    assert not folder.exists()
    values = {
        "seat": "school",
        "code": "2141041101",
        "name": PRINCIPAL,
        "password": PASSWORD,
        "again": PASSWORD,
    }
    page.form.set_values(values)
    QTest.keyClick(focused(), Key.Key_F10)
    QTest.keyClick(focused(), Key.Key_F10)
    qtbot.waitUntil(lambda: not station.tasks.busy, timeout=20_000)
    sheet = page.recovery
    for field, place in zip(sheet._fields, sheet._asked, strict=True):
        field.set_value(sheet._groups[place])
    QTest.keyClick(focused(), Key.Key_F10)
    login = at_page(station, LoginPage)
    assert isinstance(login, LoginPage)
    assert login.person is not None
    assert login.person.name == PRINCIPAL
    log_in(station, qtbot)
    assert station.workplace is not None
    assert station.workplace.seat.name == "湛河湾小学"


def test_whoever_leaves_before_the_code_was_typed_back_is_told_at_the_next_login(
    opened: Open, folder: Path, qtbot: QtBot
) -> None:
    station = opened(folder)
    page = at_page(station, FirstRunPage)
    assert isinstance(page, FirstRunPage)
    values = {"seat": "school", "code": "2141041101", "name": PRINCIPAL}
    page.form.set_values({**values, "password": PASSWORD, "again": PASSWORD})
    page.submit()
    qtbot.waitUntil(lambda: not station.tasks.busy, timeout=20_000)
    assert page.said.text().startswith("恢复码只显示这一次")
    station._login_anew()  # as after the window was closed there
    log_in(station, qtbot)
    page_now = station.window.page
    assert page_now is not None
    banner = page_now.banner_place.view
    assert banner is not None
    assert banner.number == "U118"
    assert "F7" in banner.now


def test_a_district_gets_its_root_and_is_told_to_carry_it_away(
    opened: Open, folder: Path, qtbot: QtBot
) -> None:
    station = opened(folder)
    page = at_page(station, FirstRunPage)
    assert isinstance(page, FirstRunPage)
    values = {
        "seat": "district",
        "code": DISTRICT,
        "name": PRINCIPAL,
        "password": PASSWORD,
        "again": PASSWORD,
    }
    page.form.set_values(values)
    page.submit()
    qtbot.waitUntil(lambda: not station.tasks.busy, timeout=20_000)
    assert (folder.parent / "data.root" / "root.key").is_file()
    station._code_copied()
    log_in(station, qtbot)
    page_now = station.window.page
    assert page_now is not None
    banner = page_now.banner_place.view
    assert banner is not None
    assert banner.number == "U115"
    assert "data.root" in banner.now
    assert page_now.nav_key == "intake"  # what came stands before what is to be decided


def test_nothing_is_said_of_counts_that_were_not_counted_yet(
    opened: Open, school: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[MastheadView] = []
    station = opened(school)
    monkeypatch.setattr(station.window, "set_masthead", shown.append)
    log_in(station, qtbot)
    qtbot.waitUntil(lambda: None not in [one.number for one in shown[-1].counters], timeout=20_000)
    assert {one.number for one in shown[0].counters} == {None}
    assert shown[0].exchange == ""
    assert shown[-1].exchange == "还没有交换过"


def test_one_login_costs_one_stretching(
    opened: Open, school: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = opened(school)
    stretched: list[int] = []
    real = kdf.stretch

    def counting(*args: object, **more: object) -> object:
        stretched.append(1)
        return real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(kdf, "stretch", counting)
    log_in(station, qtbot)
    assert stretched == [1]
    assert station.workplace is not None
    view = station.window.masthead.view
    assert view.place == "湛河湾小学"
    assert view.person == f"{PRINCIPAL} 校长"
    idle = station.window._idle
    assert idle is not None
    assert idle._timer.interval() == station.workplace.policy.lock_minutes * 60_000
    assert not any(isinstance(page, LoginPage) for page in station.window._pages.values())


def test_another_person_is_chosen_with_an_arrow(opened: Open, school: Path, qtbot: QtBot) -> None:
    station = opened(school)
    QTest.keyClick(focused(), Key.Key_Down)
    log_in(station, qtbot)
    assert station.workplace is not None
    assert station.workplace.session.person_name == REGISTRAR


def test_a_wrong_password_is_said_and_the_fourth_makes_one_wait(
    opened: Open, school: Path, qtbot: QtBot
) -> None:
    station = opened(school)
    for _ in range(4):
        log_in(station, qtbot, "not-it-at-all")
    page = at_page(station, LoginPage)
    banner = page.banner_place.view
    assert banner is not None
    assert banner.state is State.REFUSED
    assert station.workplace is None
    log_in(station, qtbot)
    assert station.workplace is None


def test_a_second_program_is_told_who_has_the_folder(opened: Open, school: Path) -> None:
    with FolderLock(school):
        station = opened(school)
        banner = at_page(station, LoginPage).banner_place.view
    assert banner is not None
    assert banner.number == "S111"


def test_what_is_known_of_the_folder_is_said_at_the_login(
    opened: Open, school: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.durable import inspection
    from desktop_app.durable.findings import FolderFinding

    found = inspection.FolderReport(1, 1, "vfat", (FolderFinding("folder.removable"),))
    monkeypatch.setattr(inspection, "inspect_folder", lambda _path: found)
    banner = at_page(opened(school), LoginPage).banner_place.view
    assert banner is not None
    assert banner.number == "S112"


def test_a_damaged_vault_is_said_on_the_login_page(opened: Open, school: Path) -> None:
    for name in ("slots.a", "slots.b"):
        (school / "vault" / name).write_bytes(b"{}")
    page = at_page(opened(school, first_look=False), LoginPage)
    banner = page.banner_place.view
    assert banner is not None
    assert banner.state is State.REFUSED


def test_a_computer_without_its_key_goes_on_as_a_successor_and_says_so(
    opened: Open, school: Path, qtbot: QtBot
) -> None:
    for file in computer_folder(school).iterdir():
        file.unlink()
    station = opened(school, first_look=False)
    log_in(station, qtbot)
    page = station.window.page
    assert page is not None
    banner = page.banner_place.view
    assert banner is not None
    assert banner.number == "U113"


def test_an_older_key_file_put_back_is_said_after_the_login(
    opened: Open, school: Path, qtbot: QtBot
) -> None:
    older = {place: place.read_bytes() for place in (school / "vault").glob("slots.*")}
    with closing(open_workplace(school, PRINCIPAL, PASSWORD, shipped_policy())) as workplace:
        workplace.session.change_password(PASSWORD, "another-52")
    for place, content in older.items():
        place.write_bytes(content)
    station = opened(school, first_look=False)
    log_in(station, qtbot)
    assert station.window.page is not None
    banner = station.window.page.banner_place.view
    assert banner is not None
    assert (banner.number, banner.state) == ("S218", State.NEEDS)


def test_the_recovery_code_gives_a_new_password(opened: Open, folder: Path, qtbot: QtBot) -> None:
    make_school(folder)
    with closing(open_workplace(folder, PRINCIPAL, PASSWORD, shipped_policy())) as workplace:
        code = workplace.session.new_recovery_code()
    station = opened(folder)
    QTest.keyClick(focused(), Key.Key_F6)
    page = at_page(station, RecoveryPage)
    assert isinstance(page, RecoveryPage)
    values = {"code": code, "name": PRINCIPAL, "password": "another-52", "again": "another-52"}
    page.form.set_values(values)
    page.submit()
    qtbot.waitUntil(lambda: not station.tasks.busy, timeout=20_000)
    assert page.recovery._groups
    assert "-".join(page.recovery._groups) != code
    Vault.open(folder).unlock(PRINCIPAL, "another-52").close()


def test_locking_blanks_the_screen_finishes_the_work_and_starts_anew(
    opened: Open, school: Path, qtbot: QtBot, ended: Ended
) -> None:
    station = opened(school)
    log_in(station, qtbot)
    done: list[int] = []
    workplace = station.workplace
    assert workplace is not None

    def work(_progress: object) -> None:
        workplace.settings.set("kept", "yes")
        done.append(1)

    station.tasks.run(work, lambda _: None)
    QTest.keyClick(focused(), Key.Key_F12)
    assert isinstance(station.window.page, LockPage)
    assert not station.window.masthead.isVisible()
    qtbot.waitUntil(lambda: ended.statuses == [0], timeout=20_000)
    assert done == [1]
    assert ended.anew == [["open", "--data", str(school)]]
    FolderLock(school).release()


def test_the_screen_stays_covered_until_the_next_window_stands(
    opened: Open, school: Path, qtbot: QtBot, ended: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipes: list[int] = []

    def start(_words: list[str], told: int) -> int:
        pipes.append(os.dup(told))
        return 1

    monkeypatch.setattr(taking_over, "start_anew", start)
    station = opened(school)
    log_in(station, qtbot)
    QTest.keyClick(focused(), Key.Key_F12)
    assert len(pipes) == 1  # it is started before anything else is finished
    qtbot.waitUntil(lambda: _is_free(school), timeout=20_000)
    qtbot.wait(100)
    page = station.window.page
    assert isinstance(page, LockPage)
    assert station.window.isVisible()
    assert "正在锁定…" in [one.text() for one in page.findChildren(QLabel)]
    assert ended.statuses == []
    os.write(pipes[0], b"\n")
    os.close(pipes[0])
    qtbot.waitUntil(lambda: ended.statuses == [0], timeout=20_000)
    assert not station.window.isVisible()


def _is_free(school: Path) -> bool:
    """Tell whether nobody has the folder open."""
    try:
        FolderLock(school).release()
    except WorkplaceError:
        return False
    return True


def test_a_computer_that_starts_no_second_process_ends_all_the_same(
    opened: Open, school: Path, qtbot: QtBot, ended: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_words: list[str], _told: int) -> int:
        raise OSError

    monkeypatch.setattr(taking_over, "start_anew", refuse)
    station = opened(school)
    log_in(station, qtbot)
    station.lock()
    qtbot.waitUntil(lambda: ended.statuses == [0], timeout=20_000)
    assert _is_free(school)


def test_work_that_takes_too_long_is_stopped_and_rolled_back(
    opened: Open, school: Path, qtbot: QtBot, ended: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "PATIENCE", 0.1)
    station = opened(school)
    log_in(station, qtbot)
    stopped: list[str] = []

    def endless(progress: Progress) -> None:
        try:
            while True:
                progress.step(0, 1)
        finally:
            stopped.append("rolled back")

    station.tasks.run(endless, lambda _: None)
    station.lock()
    qtbot.waitUntil(lambda: ended.statuses == [0], timeout=20_000)
    assert stopped == ["rolled back"]


def test_closing_the_window_closes_the_folder_and_starts_nothing(
    opened: Open, school: Path, qtbot: QtBot, ended: Ended
) -> None:
    station = opened(school)
    log_in(station, qtbot)
    station.window.close()
    assert isinstance(station.window.page, LockPage)
    qtbot.waitUntil(lambda: ended.statuses == [0], timeout=20_000)
    assert ended.anew == []
    assert not station.window.isVisible()
    FolderLock(school).release()


def test_a_bug_ends_the_program_in_the_safe_order(
    opened: Open, school: Path, qtbot: QtBot, ended: Ended, allow_log: Callable[[str, str], None]
) -> None:
    allow_log("desktop_app.bug", "bug ValueError")
    station = opened(school)
    log_in(station, qtbot)
    shown: list[str] = []
    station.bugs._ask = shown.append

    def broken(_progress: object) -> None:
        raise ValueError("罗雨桐")

    station.tasks.run(broken, lambda _: None)
    qtbot.waitUntil(lambda: ended.statuses == [app.BROKEN], timeout=20_000)
    assert len(shown) == 1
    assert "罗" not in shown[0]
    FolderLock(school).release()


def test_changes_are_gathered_and_reach_only_whom_they_concern(
    qtbot: QtBot, opened: Open, school: Path
) -> None:
    station = opened(school)
    changes = Changes(station)
    owner = QObject()
    heard: list[str] = []
    changes.when({"applicant"}, lambda: heard.append("applicants"), owner)
    changes.when({"person"}, lambda: heard.append("people"), owner)
    with qtbot.waitSignal(changes.changed):
        for _ in range(50):
            station.tasks.run(lambda _: changes.tell({"applicant", "guardian"}), lambda _: None)
    assert heard == ["applicants"]
    owner.deleteLater()


def test_the_login_is_painted_before_anything_heavy_is_loaded(school: Path) -> None:
    script = (
        "import sys\n"
        "from desktop_app.ui import app\n"
        "from desktop_app.ui.start import Start\n"
        "heavy = ('sqlalchemy', 'sqlcipher3', 'openpyxl', 'PIL', 'pypinyin', 'rapidfuzz')\n"
        "def painted(self):\n"
        "    print('painted', [name for name in heavy if name in sys.modules])\n"
        "    sys.stdout.flush()\n"
        "    app.load_everything(None)\n"
        "    print('loaded', 'sqlalchemy' in sys.modules)\n"
        "    app.QApplication.exit(0)\n"
        "app.Workstation._load = painted\n"
        f"raise SystemExit(app.run(['--data', {str(school)!r}]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.splitlines() == ["painted []", "loaded True"]
    assert done.returncode == 0


@pytest.mark.parametrize(("year", "told"), [(2024, False), (2026, True)])
def test_a_clock_in_another_year_than_the_season_is_told_once(
    opened: Open,
    school: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    *,
    year: int,
    told: bool,
) -> None:
    monkeypatch.setattr("desktop_app.ui.shell.stray_year", lambda season: year % season and year)
    station = opened(school)
    log_in(station, qtbot)
    assert ("电脑日期是 2026 年，这一季是 2024 年秋季" in station.window.strip.words) is told


def test_whoever_has_new_keys_reads_after_the_login_what_waits(
    opened: Open, school: Path, qtbot: QtBot
) -> None:
    with closing(open_workplace(school, PRINCIPAL, PASSWORD, shipped_policy())) as workplace:
        code = workplace.session.new_recovery_code()
    Vault.open(school).recover(code, PRINCIPAL, PASSWORD).close()
    station = opened(school)
    login = at_page(station, LoginPage)
    assert isinstance(login, LoginPage)
    while login.person is None or login.person.name != PRINCIPAL:
        QTest.keyClick(focused(), Key.Key_Down)
    log_in(station, qtbot)
    page = station.window.page
    assert page is not None
    assert page.banner_place.view is not None
    assert page.banner_place.view.number == "U116"
