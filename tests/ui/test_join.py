"""接入区局 by keys alone: a ticket made at a real district's window joins a real school's laptop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.services.ticket_book import TicketBook
from desktop_app.services.ticket_desk import GivenTicket, TicketDesk
from desktop_app.services.workplace import Workplace
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.joining import JoiningDesk, JoinStanding
from desktop_app.ui.pages.exchange import ExchangePage
from desktop_app.ui.pages.join import JoinPage
from desktop_app.ui.pages.tickets import TicketPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State
from tests.sync.site import OTHER_SCHOOL, SCHOOL, register_many
from tests.ui.conftest import Plugged, Stand, focused, press, rest, said

Key = Qt.Key


def type_paper(given: GivenTicket, code: str = "") -> None:
    """Type what stands on the paper, each ended with Enter."""
    for words in (code or given.code, given.fingerprint):
        QTest.keyClicks(focused(), words.lower())
        press(Key.Key_Return)


def test_the_district_gives_a_ticket_by_keys_and_the_code_leaves_the_screen(
    stand: Stand, district: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    page = TicketPage(TicketDesk(district), tasks, find=Plugged(stick))
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
    assert row.cells[1:] == ("—", "1、2", "3"), "nobody has joined with either"


def test_a_ticket_that_cannot_be_written_keeps_its_mark(
    stand: Stand, district: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    page = TicketPage(TicketDesk(district), tasks, find=Plugged(stick))
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
    page = JoinPage(JoiningDesk(laptop), tasks, find=Plugged(stick))
    stand(page)
    qtbot.waitUntil(lambda: bool(page.form.value("file")) and not tasks.busy)
    assert page.form.value("file") == str(given.path)
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
    assert [one.key for one in page.key_actions() if one.primary] == ["F4"]
    rest(qtbot, tasks)
    assert not page.form.isVisibleTo(page)  # what is true now stands there, no empty form
    assert "台号 ZHW-1" in page.truth.text()
    press(Key.Key_F2)  # a further ticket, when the numbers run out
    assert page.form.isVisibleTo(page)
    assert [one.key for one in page.key_actions() if one.primary] == ["F10"]
    press(Key.Key_F2)
    assert not page.form.isVisibleTo(page)
    went: list[str] = []
    page.exchange_wanted.connect(lambda: went.append("exchange"))
    press(Key.Key_F4)
    assert went == ["exchange"]


def test_a_computer_the_district_has_still_to_compare_says_so_here_too(
    stand: Stand, laptop: Workplace, tasks: Tasks
) -> None:
    page = JoinPage(JoiningDesk(laptop), tasks, find=Plugged())
    stand(page)
    page._show(JoinStanding(False, "湛河区教体局", 1, ""))
    assert said(page).endswith("区里还没有核对这台电脑")
    assert "F6" in [one.key for one in page.key_actions()]


def test_everything_missing_is_said_and_a_typed_folder_will_do(
    stand: Stand, district: Workplace, laptop: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    given = TicketDesk(district).give_next(SCHOOL, stick)
    page = JoinPage(JoiningDesk(laptop), tasks, find=Plugged())
    stand(page)
    press(Key.Key_F10)
    states = {name: page.form.line(name).check.state for name in page.form.names()}
    assert set(states.values()) == {State.REFUSED}
    assert focused() is page.place.path
    QTest.keyClicks(focused(), str(stick))
    qtbot.waitUntil(lambda: bool(page.form.value("file")) and not tasks.busy)
    press(Key.Key_Return)  # from the place to the first field that is still needed
    assert focused().objectName() == "code"
    type_paper(given)
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page).startswith("接入成功")


def test_exchange_leads_an_unjoined_laptop_here_by_one_key(
    stand: Stand, laptop: Workplace, stick: Path, tasks: Tasks, qtbot: QtBot
) -> None:
    register_many(laptop, 2)
    page = ExchangePage(ExchangeDesk(laptop), tasks, find=Plugged(stick))
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
