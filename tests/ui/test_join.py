"""接入区局 by keys alone: a ticket made at a real district's window joins a real school's laptop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.durable.sticks import Stick
from desktop_app.security import kdf
from desktop_app.services.policies import shipped_policy
from desktop_app.services.ticket_book import TicketBook
from desktop_app.services.ticket_desk import GivenTicket, TicketDesk
from desktop_app.services.workplace import Workplace
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.joining import JoiningDesk
from desktop_app.ui.page import Page
from desktop_app.ui.pages.exchange import ExchangePage
from desktop_app.ui.pages.join import JoinPage
from desktop_app.ui.pages.tickets import TicketPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State
from desktop_app.ui.window import Window
from tests.sync.site import OTHER_SCHOOL, SCHOOL, Site, register_many
from tests.ui.conftest import focused
from tests.ui.school import CHEAP

Key = Qt.Key
Stand = Callable[[Page], None]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(kdf, "STANDARD", CHEAP)
    made = Site(tmp_path / "site", shipped_policy())
    made.folder.mkdir()
    yield made
    made.close()


@pytest.fixture
def district(site: Site) -> Workplace:
    return site.found()


@pytest.fixture
def laptop(site: Site) -> Workplace:
    return site.set_up("fresh", "school", SCHOOL)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "ZHW"
    folder.mkdir()
    return folder


@pytest.fixture
def stand(window: Window, tasks: Tasks, qtbot: QtBot) -> Stand:
    def made(page: Page) -> None:
        window.add_page(page)
        window.open_page(page.nav_key)
        rest(qtbot, tasks)

    return made


def found(*folders: Path) -> Callable[[], list[Stick]]:
    """The sticks that are plugged in."""
    return lambda: [Stick(one, one.name, 10**10, 10**10) for one in folders]


def rest(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: not tasks.busy, timeout=20_000)


def press(*keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(focused(), key)


def said(page: Page) -> str:
    view = page.banner_place.view
    return view.what if view is not None else ""


def type_paper(given: GivenTicket, code: str = "") -> None:
    """Type what stands on the paper, each ended with Enter."""
    for words in (code or given.code, given.fingerprint):
        QTest.keyClicks(focused(), words.lower())
        press(Key.Key_Return)


def test_the_district_gives_a_ticket_by_keys_and_the_code_leaves_the_screen(
    stand: Stand, district: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    page = TicketPage(TicketDesk(district), tasks, find=found(stick))
    stand(page)
    school = page.table.current_key
    for mark in ("1", "2"):
        press(Key.Key_F10, Key.Key_F10)
        rest(qtbot, tasks)
        assert page.given is not None
        assert page.given.stub.mark == mark
        code = page.given.code
        assert page.paper.code.text().split() == code.split("-")
        assert max(one.name for one in stick.iterdir()) == f"{school}-{mark}.ticket"
        assert not [one for one in stick.iterdir() if code.encode() in one.read_bytes()]
        press(Key.Key_F10)
        assert page.paper.code.text() == ""
        assert page.given is None
        rest(qtbot, tasks)
    assert [one.mark for one in TicketBook(district).given(school)] == ["1", "2"]
    row = page.model.row_at(page.table.currentIndex().row())
    assert row is not None
    assert row.cells[1:] == ("1、2", "3")


def test_a_ticket_that_cannot_be_written_keeps_its_mark(
    stand: Stand, district: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    page = TicketPage(TicketDesk(district), tasks, find=found(stick))
    stand(page)
    (stick / f"{page.table.current_key}-1.ticket").touch()
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert page.given is None
    assert "已经有" in said(page)
    assert TicketBook(district).given(page.table.current_key) == ()


def test_a_laptop_joins_with_the_stick_and_the_paper(
    stand: Stand,
    district: Workplace,
    laptop: Workplace,
    stick: Path,
    tasks: Tasks,
    qtbot: QtBot,
) -> None:
    given = TicketDesk(district).give_next(SCHOOL, stick)
    TicketDesk(district).give_next(OTHER_SCHOOL, stick)
    page = JoinPage(JoiningDesk(laptop), tasks, find=found(stick))
    stand(page)
    qtbot.waitUntil(lambda: bool(page.form.value("ticket")) and not tasks.busy)
    assert page.form.value("ticket") == str(given.path)
    page.form.go_to("code")
    type_paper(given, "00000-00000-00000")
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page) != ""
    assert focused().objectName() == "code"
    assert not JoiningDesk(laptop).standing().joined
    page.form.set_values({"code": "", "fingerprint": ""})
    type_paper(given)
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page).startswith("接入成功")
    assert JoiningDesk(laptop).standing().joined
    assert page.form.value("code") == ""
    went: list[str] = []
    page.exchange_wanted.connect(lambda: went.append("exchange"))
    press(Key.Key_F4)
    assert went == ["exchange"]


def test_everything_missing_is_said_and_a_typed_folder_will_do(
    stand: Stand, district: Workplace, laptop: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    given = TicketDesk(district).give_next(SCHOOL, stick)
    page = JoinPage(JoiningDesk(laptop), tasks, find=found())
    stand(page)
    press(Key.Key_F10)
    states = {name: page.form.line(name).check.state for name in page.form.names()}
    assert set(states.values()) == {State.REFUSED}
    assert focused() is page.place.path
    QTest.keyClicks(focused(), str(stick))
    qtbot.waitUntil(lambda: bool(page.form.value("ticket")) and not tasks.busy)
    page.form.go_to("code")
    type_paper(given)
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page).startswith("接入成功")


def test_exchange_leads_an_unjoined_laptop_here_by_one_key(
    stand: Stand, laptop: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    register_many(laptop, 2)
    page = ExchangePage(ExchangeDesk(laptop), tasks, find=found(stick))
    went: list[str] = []
    page.join_wanted.connect(lambda: went.append("join"))
    stand(page)
    assert said(page) == "这台电脑还没有接入区局，登记不受影响"
    press(Key.Key_F10)
    rest(qtbot, tasks)
    view = page.banner_place.view
    assert view is not None
    assert view.what.startswith("还没有收件人")
    assert [action.key for action in view.keys] == ["F4"]
    press(Key.Key_F4)
    assert went == ["join"]
    assert list(stick.iterdir()) == []
