"""电脑 and 不用票接入 by keys alone, between a real district and a real school's laptop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.security.paper import fingerprint
from desktop_app.services.district_office import DistrictOffice
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import read_rows
from desktop_app.sync.accepting import RequestDesk
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.joining import JoiningDesk, use_ticket
from desktop_app.sync.laptops import MEMBER, REVOKED, STRANGER, LaptopDesk
from desktop_app.ui.pages.intake import IntakePage
from desktop_app.ui.pages.join import JoinPage
from desktop_app.ui.pages.laptops import LaptopPage, Mode
from desktop_app.ui.pages.request import RequestPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State
from tests.sync.site import SCHOOL, Site, feed_of, hand, register, reply, row_of, take
from tests.sync.test_gaps_and_forks import clone, put_back
from tests.ui.conftest import Plugged, Stand, focused, press, rest, said

Key = Qt.Key


def say(words: str) -> None:
    """Type a name as an input method gives it."""
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(focused(), event)


def of(workplace: Workplace) -> str:
    return fingerprint(workplace.computer.key.public)


def state_of(district: Workplace, feed: str) -> str:
    return next(one.state for one in LaptopDesk(district).lines() if one.feed == feed)


def mode_of(page: LaptopPage) -> Mode:
    return page.mode


def test_a_laptop_without_a_ticket_joins_by_keys_at_both_ends(
    stand: Stand,
    district: Workplace,
    laptop: Workplace,
    stick: Path,
    tasks: Tasks,
    qtbot: QtBot,
) -> None:
    child = register(laptop)
    join = JoinPage(JoiningDesk(laptop), tasks, find=Plugged(stick))
    went: list[str] = []
    join.request_wanted.connect(lambda: went.append("request"))
    stand(join)
    press(Key.Key_F6)
    assert went == ["request"]
    asking = RequestPage(
        RequestDesk(laptop), tasks, lambda: went.append("back"), find=Plugged(stick)
    )
    stand(asking)
    qtbot.waitUntil(lambda: asking.place.place == stick)
    assert asking.own.text().split() == of(laptop).split("-")
    press(Key.Key_F7)
    rest(qtbot, tasks)
    assert said(asking).startswith("申请存好了")
    # The district: the stick is plugged in, the school reads its fingerprint out.
    page = LaptopPage(LaptopDesk(district), tasks, find=Plugged(stick))
    stand(page)
    qtbot.waitUntil(lambda: page.table.current_key == feed_of(laptop), timeout=20_000)
    rest(qtbot, tasks)
    assert "等核对身份" in str(page.model.row_at(0))
    assert "打电话" in page.detail.words
    press(Key.Key_F10)
    assert mode_of(page) is Mode.ADMIT
    assert page.admitting.asked == f"核对身份：湛河湾小学 {feed_of(laptop)[:8]}"
    press(Key.Key_F10)  # nothing typed yet: everything is marked at once
    form = page.admitting.form
    assert {form.line(one).check.state for one in form.names()} == {State.REFUSED}
    assert focused().objectName() == "fingerprint"
    QTest.keyClicks(focused(), of(district))  # somebody else's
    press(Key.Key_Return)
    say("陈国梁")
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page).startswith("指纹对不上")
    assert focused().objectName() == "fingerprint"
    assert state_of(district, feed_of(laptop)) == STRANGER
    form.set_values({"fingerprint": ""})
    QTest.keyClicks(focused(), of(laptop))
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page) == "接入了：1 号台"
    assert mode_of(page) is Mode.LIST
    assert state_of(district, feed_of(laptop)) == MEMBER
    # The school: the answer is on the stick, the district reads its fingerprint out.
    made = reply(district, stick)
    stand(asking)
    press(Key.Key_F5)
    qtbot.waitUntil(lambda: asking.form.value("file") == str(made.path), timeout=20_000)
    rest(qtbot, tasks)
    asking.form.go_to("fingerprint")
    QTest.keyClicks(focused(), of(laptop))
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert "指纹对不上" in said(asking)
    assert laptop.district is None
    asking.form.set_values({"fingerprint": ""})
    QTest.keyClicks(focused(), LaptopDesk(district).fingerprint())
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(asking).startswith("接入成功")
    assert RequestDesk(laptop).joined()
    assert not asking.form.isVisibleTo(asking)  # nothing is left to fill in
    assert [one.key for one in asking.key_actions()] == ["Esc"]
    press(Key.Key_Escape)
    assert went == ["request", "back"]
    take(district, hand(laptop, stick).path)
    assert row_of(district, "applicant", child)["full_name"] == "单梓涵"


def test_a_lost_laptop_is_ended_by_two_keys_and_esc_changes_nothing(
    stand: Stand,
    site: Site,
    district: Workplace,
    stick: Path,
    tasks: Tasks,
    qtbot: QtBot,
) -> None:
    laptop = site.laptop(district, "joined")
    take(district, hand(laptop, stick).path)
    feed = feed_of(laptop)
    page = LaptopPage(LaptopDesk(district), tasks, find=Plugged())
    stand(page)
    qtbot.waitUntil(lambda: page.table.current_key == feed)
    press(Key.Key_T)
    assert mode_of(page) is Mode.END
    assert page.ending.asked == "停用 湛河湾小学 1 号台？"
    press(Key.Key_Escape)
    assert mode_of(page) is Mode.LIST
    assert state_of(district, feed) == MEMBER
    QTest.keyClick(focused(), Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    assert mode_of(page) is Mode.END
    assert "先收了再停用" in page.ending.words
    QTest.keyClicks(focused(), "lost")
    press(Key.Key_F10)
    rest(qtbot, tasks)
    with district.database.read() as connection:
        (limit,) = read_rows(connection, RECORD_TYPES["feed_limit"], SCHOOL, {"feed": feed})
    assert limit.text("reason") == "lost"
    assert said(page) == "湛河湾小学 1 号台 已停用"
    assert state_of(district, feed) == REVOKED
    assert "有效到第" in page.detail.words
    press(Key.Key_T)
    assert mode_of(page) is Mode.LIST


def test_a_ticket_used_twice_is_shown_with_both_and_what_to_do(
    stand: Stand,
    site: Site,
    district: Workplace,
    tmp_path: Path,
    tasks: Tasks,
    qtbot: QtBot,
) -> None:
    office = DistrictOffice(district)
    ticket = office.issue(SCHOOL, "7", 5001, 5003)
    feeds = []
    for name in ("one", "two"):
        laptop = site.set_up(name, "school", SCHOOL)
        use_ticket(laptop, ticket.file, ticket.code, office.fingerprint())
        take(district, hand(laptop, tmp_path / name).path)
        feeds.append(feed_of(laptop))
    page = LaptopPage(LaptopDesk(district), tasks, find=Plugged())
    stand(page)
    qtbot.waitUntil(lambda: page.table.current_key in feeds)
    other = next(one for one in feeds if one != page.table.current_key)
    assert other[:8] in page.detail.words
    assert "停用" in page.detail.words
    press(Key.Key_Return)
    assert mode_of(page) is Mode.READ
    press(Key.Key_Escape)
    assert mode_of(page) is Mode.LIST
    press(Key.Key_F10)  # it is in already
    assert mode_of(page) is Mode.LIST


def forked(site: Site, district: Workplace, folder: Path) -> tuple[str, str, str]:
    """Copy a laptop's disk and write on both; give its feed and the two children, the later last.

    The district heard of the first one's branch first.
    """
    laptop = site.laptop(district, "laptop")
    take(district, hand(laptop, folder / "before").path)
    laptop.close()
    site.opened.remove(laptop)
    clone(laptop, folder / "image")
    feed, children = "", []
    for name in ("单梓涵", "李梓涵"):
        one = site.reopen("laptop")
        feed = feed_of(one)
        children.append(register(one, name))
        take(district, hand(one, folder / name).path)
        one.close()
        site.opened.remove(one)
        for copied in ("laptop", "laptop.this-computer"):
            put_back(folder / "image" / copied, site.folder / copied)
    return feed, children[0], children[1]


def test_of_a_copied_disk_the_officer_says_which_branch_stands(
    stand: Stand,
    site: Site,
    district: Workplace,
    tmp_path: Path,
    tasks: Tasks,
    qtbot: QtBot,
) -> None:
    feed, first, second = forked(site, district, tmp_path)
    assert row_of(district, "applicant", first)
    assert not row_of(district, "applicant", second)
    page = LaptopPage(LaptopDesk(district), tasks, find=Plugged())
    stand(page)
    qtbot.waitUntil(lambda: page.table.current_key == feed)
    assert "选哪一支算数" in page.detail.words
    press(Key.Key_T)
    assert mode_of(page) is Mode.END
    assert "只能一支算数" in page.ending.words
    press(Key.Key_F10)  # nothing is chosen for the officer
    rest(qtbot, tasks)
    assert mode_of(page) is Mode.END
    assert focused().objectName() == "branch"
    assert state_of(district, feed) == MEMBER
    press(Key.Key_2)
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert state_of(district, feed) == REVOKED
    view = page.banner_place.view
    assert view is not None
    assert view.now.startswith("选的那一支算数")
    assert row_of(district, "applicant", second)
    assert not row_of(district, "applicant", first)


def test_a_bundle_of_a_laptop_that_was_ended_is_said_where_it_is_taken_in(
    stand: Stand,
    site: Site,
    district: Workplace,
    stick: Path,
    tasks: Tasks,
    qtbot: QtBot,
) -> None:
    laptop = site.laptop(district, "joined")
    take(district, hand(laptop, stick).path)
    LaptopDesk(district).revoke(feed_of(laptop))
    register(laptop)
    hand(laptop, stick)
    page = IntakePage(ExchangeDesk(district), tasks, {}, find=Plugged(stick))
    stand(page)
    qtbot.waitUntil(lambda: page.place.place == stick)
    press(Key.Key_F4)
    rest(qtbot, tasks)
    view = page.banner_place.view
    assert view is not None
    assert view.what == "包里有一台已停用的电脑：湛河湾小学 台号 1，它停用后才送来的不算数。"
    assert "里面有 1 个孩子" in view.now
    assert "核对" in view.now
