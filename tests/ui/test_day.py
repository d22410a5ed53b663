"""The close of day: counted, explained, signed by the principal alone, and on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.documents.day_sheet import day_sheet_html
from desktop_app.domain.errors import RuleError
from desktop_app.security import kdf
from desktop_app.services.day import DayDesk
from desktop_app.services.day_sheet import DaySheetDesk
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace, closing
from desktop_app.storage.drafts import Draft, Drafts
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.round import RoundDesk
from desktop_app.ui.look import SCALES, Look
from desktop_app.ui.pages.day import DayDesks, DayPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State
from desktop_app.ui.window import DESIGN_SIZE, Window
from tests.sync.site import Site, register_many, shipped_policy
from tests.ui.conftest import focused, rest
from tests.ui.school import CHEAP, PRINCIPAL, make_folder

Key = Qt.Key
MakePage = Callable[..., DayPage]


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workplace]:
    monkeypatch.setattr(kdf, "STANDARD", CHEAP)
    with closing(make_folder(tmp_path / "place" / "data")) as workplace:
        yield workplace


@pytest.fixture
def make_page(school: Workplace, window: Window, tasks: Tasks, qtbot: QtBot) -> MakePage:
    def made(*, may_sign: bool = True, print_sheet: Callable[[], None] | None = None) -> DayPage:
        more = (RoundDesk(school), ExchangeDesk(school))
        desks = DayDesks(DayDesk(school), DaySheetDesk(school), *more)
        page = DayPage(desks, tasks, may_sign=may_sign, print_sheet=print_sheet)
        window.add_page(page)
        window.open_page("day")
        rest(qtbot, tasks)
        return page

    return made


def words(page: DayPage) -> list[str]:
    return [line.words for line in page._checks]


def test_a_day_with_nothing_open_is_signed_with_one_key(
    make_page: MakePage, school: Workplace, tasks: Tasks, qtbot: QtBot
) -> None:
    page = make_page()
    assert words(page) == [
        "本校只有这一台电脑，不用汇总",
        "都审过了",
        "没有留下的草稿",
        "等您签名（F10）",
        "签名以后装包交区级",
    ]
    QTest.keyClick(focused(), Key.Key_F10)
    QTest.keyClick(focused(), Key.Key_F10)
    rest(qtbot, tasks)
    closed = DaySheetDesk(school).closed()
    assert closed is not None
    assert closed.person == PRINCIPAL
    assert words(page)[3].startswith(PRINCIPAL)
    assert words(page)[4] == "到“交换”页装包交区级"
    assert page.banner_place.view is not None
    assert page.banner_place.view.state is State.DONE


def test_a_day_is_signed_once_and_says_by_whom_and_when(
    make_page: MakePage, school: Workplace, tasks: Tasks, qtbot: QtBot
) -> None:
    page = make_page()
    QTest.keyClick(focused(), Key.Key_F10)
    rest(qtbot, tasks)
    before = school.own_feed().sequence
    page.show_banner(None)
    QTest.keyClick(focused(), Key.Key_F10)
    rest(qtbot, tasks)
    assert school.own_feed().sequence == before
    assert page.banner_place.view is not None
    assert page.banner_place.view.what.startswith(f"今天已经日结：{PRINCIPAL} 今天 ")
    with pytest.raises(RuleError, match=r"day\.closed"):
        DayDesk(school).close()
    assert school.own_feed().sequence == before


def test_what_is_open_must_be_explained_first(
    make_page: MakePage, school: Workplace, tasks: Tasks, qtbot: QtBot
) -> None:
    register_many(school, 3)
    Drafts(school.database).save(Draft("d1", school.person, {"full_name": "罗"}, "full_name"))
    page = make_page()
    assert page.registered.words == "3 件"
    assert words(page)[1:3] == ["3 件还没审", "1 份草稿没填完"]
    assert page.model.rowCount() == 4
    QTest.keyClick(focused(), Key.Key_F10)
    rest(qtbot, tasks)
    assert DaySheetDesk(school).closed() is None
    assert focused() is page.explanation
    QTest.keyClicks(focused(), "tomorrow")
    QTest.keyClick(focused(), Key.Key_F10)
    rest(qtbot, tasks)
    closed = DaySheetDesk(school).closed()
    assert closed is not None
    assert closed.explanation == "tomorrow"
    QTest.keyClicks(focused(), " or never")
    assert page.explanation.value() == "tomorrow"  # what is signed is not written on


def test_the_list_names_children_masked_and_the_paper_names_none(
    make_page: MakePage, school: Workplace
) -> None:
    register_many(school, 1)
    page = make_page()
    (row,) = (page.model.row_at(place) for place in range(page.model.rowCount()))
    assert row is not None
    assert row.cells[:2] == ("N000000", "单*涵")
    markup = day_sheet_html(DaySheetDesk(school).view())
    assert "N000000" in markup
    assert "涵" not in markup


def test_only_the_principal_can_sign(
    make_page: MakePage, school: Workplace, tasks: Tasks, qtbot: QtBot
) -> None:
    page = make_page(may_sign=False)
    assert words(page)[3] == "等校长登录来签名"
    QTest.keyClick(focused(), Key.Key_F10)
    assert page.banner_place.view is not None
    assert page.banner_place.view.what == "日结要校长签名，请校长登录来签"
    page.close_day()
    rest(qtbot, tasks)
    assert DaySheetDesk(school).closed() is None


def test_the_sheet_counts_by_desk_and_names_no_child(
    make_page: MakePage, school: Workplace, tasks: Tasks, qtbot: QtBot
) -> None:
    register_many(school, 3)
    printed: list[str] = []
    desk = DaySheetDesk(school)
    page = make_page(print_sheet=lambda: printed.append(day_sheet_html(desk.view())))
    QTest.keyClicks(focused(), "later")
    QTest.keyClick(focused(), Key.Key_F10)
    rest(qtbot, tasks)
    QTest.keyClick(focused(), Key.Key_F9)
    rest(qtbot, tasks)
    assert len(printed) == 1
    assert "later" in printed[0]
    assert PRINCIPAL in printed[0]
    assert "单梓涵" not in printed[0]
    view = desk.view()
    assert [(line.registered, line.complete, line.approved) for line in view.desks] == [(3, 3, 0)]
    assert len(view.open_items) == 3
    assert [seal.number for seal in view.seals] == [school.own_feed().sequence]
    assert page.banner_place.view is not None


@pytest.mark.parametrize("scale", SCALES)
def test_it_fits_at_every_scale(
    make_page: MakePage, school: Workplace, window: Window, tasks: Tasks, qtbot: QtBot, scale: int
) -> None:
    register_many(school, 3)
    page = make_page(print_sheet=lambda: None)
    window.wear(Look("light", scale))
    window.resize(DESIGN_SIZE)
    page.explanation.set_value("x")
    page.close_day()
    rest(qtbot, tasks)
    least = window.minimumSizeHint()
    assert (least.width() <= 1366, least.height() <= 768) == (True, True)


def test_the_list_follows_the_day_to_the_other_laptops_and_away(
    window: Window, tasks: Tasks, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kdf, "STANDARD", CHEAP)
    site = Site(tmp_path / "site", shipped_policy())
    site.folder.mkdir()
    stick = tmp_path / "stick"
    stick.mkdir()
    try:
        district = site.found()
        one, two = site.laptop(district, "one"), site.laptop(district, "two")
        for laptop in (one, two, one):
            RoundDesk(laptop).take_in(stick, Progress())
            RoundDesk(laptop).hand_over(stick, Progress())
        desks = DayDesks(DayDesk(one), DaySheetDesk(one), RoundDesk(one), ExchangeDesk(one))
        page = DayPage(desks, tasks, may_sign=True)
        window.add_page(page)
        window.open_page("day")
        rest(qtbot, tasks)
        assert words(page)[0] == "0 / 1 台一致，还差 2 号台（赵志强）：先到“午间汇总”转一圈"
        RoundDesk(two).take_in(stick, Progress())
        RoundDesk(one).take_in(stick, Progress())
        QTest.keyClick(focused(), Key.Key_F5)
        rest(qtbot, tasks)
        assert words(page)[0] == "2 台电脑各台一致"
        QTest.keyClick(focused(), Key.Key_F10)
        rest(qtbot, tasks)
        assert words(page)[4] == "到“交换”页装包交区级"
        ExchangeDesk(one).hand_over(stick, Progress())
        QTest.keyClick(focused(), Key.Key_F5)
        rest(qtbot, tasks)
        assert words(page)[4].endswith("已装包，随 U 盘交区级")
        # A day is told the same after a restart: nothing of it is ticked off by hand.
        again = site.again(one)
        board = RoundDesk(again).standing().board
        assert [line.name for line in board.lines] == ["1", "2"]
    finally:
        site.close()
