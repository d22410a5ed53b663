"""今日名单 with real keys on a real school: find, walk, mask, show, print again, large type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.documents.receipt import ReceiptView
from desktop_app.domain.errors import WorkplaceError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.drafts import Draft
from desktop_app.storage.rows import read_rows
from desktop_app.ui.look import SCALES, Look, Shape, look
from desktop_app.ui.models.listing import LAPTOP_COLUMN
from desktop_app.ui.pages.today import TodayDesks, TodayPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import PillCell, State
from desktop_app.ui.widgets.paging import CELL_ROLE
from desktop_app.ui.window import DESIGN_SIZE, Window
from tests.services.kit import form, number, without
from tests.sync.site import Site, exchange_all
from tests.ui.conftest import Heard, focused, rest
from tests.ui.school import CHEAP, make_folder

Key = Qt.Key
NAMES = ("王子涵", "魏振豪", "汪芷晗", "吴梓航")


class Paper:
    """A printer that keeps what it was given."""

    def __init__(self) -> None:
        self.printed: list[ReceiptView] = []
        self.broken = False

    def require(self) -> None:
        if self.broken:
            raise WorkplaceError("print.none")

    def print_receipt(self, view: ReceiptView) -> None:
        self.printed.append(view)


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_app.security.kdf.STANDARD", CHEAP)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Workplace]:
    workplace = make_folder(tmp_path / "data")
    yield workplace
    workplace.close()


def family(order: int, name: str, **more: str) -> dict[str, str]:
    return form(
        full_name=name,
        id_number=number(order=order),
        guardian_name=f"{name[0]}建军",
        guardian_id_number=number("19890522", order),
        guardian_phone=f"1380077{order:04d}",
        **more,
    )


@pytest.fixture
def records(school: Workplace) -> dict[str, str]:
    desk = RegistrationDesk(school)
    made = {
        name: desk.register(family(101 + 2 * place, name)).record
        for place, name in enumerate(NAMES[:3])
    }
    lacking = without(family(107, NAMES[3]), "material.GID")
    made[NAMES[3]] = desk.register(lacking).record
    return made


@pytest.fixture
def paper() -> Paper:
    return Paper()


Open = Callable[[], TodayPage]


@pytest.fixture
def open_page(school: Workplace, paper: Paper, tasks: Tasks, window: Window, qtbot: QtBot) -> Open:
    def opened() -> TodayPage:
        desks = TodayDesks(ListDesk(school), CaseDesk(school), ReceiptDesk(school))
        page = TodayPage(desks, paper, tasks)
        window.add_page(page)
        window.open_page("today")
        qtbot.waitUntil(lambda: not tasks.busy and page.chips.accessibleName() != "")
        return page

    return opened


@pytest.fixture
def page(open_page: Open, records: dict[str, str], qtbot: QtBot) -> TodayPage:
    made = open_page()
    qtbot.waitUntil(lambda: made.detail.record == records[NAMES[3]])
    return made


def names(page: TodayPage) -> list[str]:
    model = page.list.model
    return [str(model.index(place, 1).data()) for place in range(model.rowCount())]


def chosen(page: TodayPage) -> str:
    return str(page.list.table.currentIndex().siblingAtColumn(1).data())


def type_words(page: TodayPage, words: str, qtbot: QtBot) -> None:
    """Type into whatever has the focus, and wait for the answer."""
    before: list[object] = []
    page.list.shown.connect(before.append)
    QTest.keyClicks(focused(), words)
    qtbot.waitUntil(lambda: bool(before) and page.search.value() == words.strip())
    qtbot.wait(150)


def test_the_newest_stands_on_top_and_the_search_has_the_focus(page: TodayPage) -> None:
    assert names(page) == list(NAMES[::-1])
    assert focused() is page.search
    assert page.list.footer.words == "第 1–4 行，共 4 行"


def test_chips_count_and_alt_arrows_go_through_them(page: TodayPage, qtbot: QtBot) -> None:
    assert [page.chips.count(one) for one in ("all", "missing", "to_review")] == [4, 1, 4]
    QTest.keyClick(focused(), Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert page.chips.current == "passed"
    qtbot.waitUntil(lambda: names(page) == [])
    QTest.keyClick(focused(), Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: names(page) == [NAMES[3]])
    cell = page.list.model.index(0, 4).data(CELL_ROLE)
    assert cell == PillCell(State.NEEDS, "待补")
    QTest.keyClick(focused(), Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(focused(), Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: len(names(page)) == 4)


def test_typing_finds_and_says_where(page: TodayPage, qtbot: QtBot) -> None:
    type_words(page, "wzh 770101", qtbot)
    qtbot.waitUntil(lambda: page.head.found.text() == "都符合 1 人 · 符合一项 3 人")
    assert names(page)[0] == "王子涵"
    where = page.list.model.index(0, 2).data(CELL_ROLE)
    assert where.text == "拼音 wzh · 电话尾 770101"
    assert [where.text[a : a + n] for a, n in where.spans] == ["wzh", "770101"]
    assert page.list.model.headerData(2, Qt.Orientation.Horizontal) == "命中在哪"
    QTest.keyClick(focused(), Key.Key_Escape)
    qtbot.waitUntil(lambda: len(names(page)) == 4 and page.head.found.text() == "")


def test_half_composed_pinyin_is_never_searched_for(page: TodayPage, qtbot: QtBot) -> None:
    asked: list[object] = []
    page.list.shown.connect(asked.append)
    QApplication.sendEvent(page.search, QInputMethodEvent("wang'zi", []))
    qtbot.wait(200)
    assert not asked
    commit = QInputMethodEvent("", [])
    commit.setCommitString("王子")
    QApplication.sendEvent(page.search, commit)
    qtbot.waitUntil(lambda: names(page) == ["王子涵"])


def test_nothing_found_says_so_and_how_to_go_on(page: TodayPage, qtbot: QtBot) -> None:
    type_words(page, "zzz", qtbot)
    qtbot.waitUntil(lambda: not page.list.table.isVisible())
    assert page.list.model.rowCount() == 0
    assert page.detail.record == ""
    QTest.keyClick(focused(), Key.Key_F9)
    assert not page.busy


def test_arrows_walk_the_list_while_the_search_keeps_the_focus(
    page: TodayPage, records: dict[str, str], qtbot: QtBot
) -> None:
    QTest.keyClick(focused(), Key.Key_Down)
    assert focused() is page.search
    assert chosen(page) == NAMES[2]
    qtbot.waitUntil(lambda: page.detail.record == records[NAMES[2]])
    QTest.keyClick(focused(), Key.Key_PageDown)
    assert chosen(page) == NAMES[0]


def test_numbers_are_masked_until_f8_which_is_logged(
    page: TodayPage, school: Workplace, records: dict[str, str], qtbot: QtBot
) -> None:
    whole = number(order=107)
    everything = page.detail.words() + " ".join(names(page))
    assert "419999********" + whole[-4:] in everything
    assert whole not in everything
    QTest.keyClick(focused(), Key.Key_F8)
    grouped = f"{whole[:6]} {whole[6:14]} {whole[14:]}"
    qtbot.waitUntil(lambda: grouped in page.detail.words())
    with school.database.read() as connection:
        rows = read_rows(connection, RECORD_TYPES["access"], school.seat.scope, {"what": "unmask"})
    assert [row.text("applicant") for row in rows] == [records[NAMES[3]]]
    QTest.keyClick(focused(), Key.Key_Down)
    qtbot.waitUntil(lambda: page.detail.record == records[NAMES[2]])
    assert number(order=105)[6:14] not in page.detail.words()


def test_what_was_shown_is_covered_when_the_page_is_left(
    page: TodayPage, window: Window, qtbot: QtBot
) -> None:
    QTest.keyClick(focused(), Key.Key_F8)
    whole = number(order=107)
    grouped = f"{whole[:6]} {whole[6:14]} {whole[14:]}"
    qtbot.waitUntil(lambda: grouped in page.detail.words())
    page.on_leave()
    assert grouped not in page.detail.words()
    qtbot.waitUntil(lambda: "********" in page.detail.words())
    assert window.page is page


def test_the_panel_says_what_is_missing_and_what_happened(page: TodayPage) -> None:
    words = page.detail.words()
    assert "还缺 1 项" in words
    assert "赵志强 登记" in words
    assert "湛河湾村" in words


def test_f9_prints_again_and_counts_the_copy(page: TodayPage, paper: Paper, qtbot: QtBot) -> None:
    QTest.keyClick(focused(), Key.Key_F9)
    QTest.keyClick(focused(), Key.Key_F9)  # a second press while busy does nothing
    qtbot.waitUntil(lambda: page.banner_place.view is not None)
    assert [one.name for one in paper.printed] == [NAMES[3]]
    view = page.banner_place.view
    assert view is not None
    assert view.what == "吴梓航的回执已送打印，第 1 份"
    qtbot.waitUntil(lambda: "赵志强 打印回执第 1 份" in page.detail.words())


def test_without_a_printer_no_copy_is_counted(
    page: TodayPage, paper: Paper, school: Workplace, records: dict[str, str], qtbot: QtBot
) -> None:
    paper.broken = True
    QTest.keyClick(focused(), Key.Key_F9)
    qtbot.waitUntil(lambda: page.banner_place.view is not None)
    assert ReceiptDesk(school).printed(records[NAMES[3]]) == 0
    assert not page.busy


def test_enter_and_f6_hand_the_case_on(page: TodayPage, records: dict[str, str]) -> None:
    opened: list[str] = []
    papers: list[str] = []
    page.opened.connect(opened.append)
    page.papers_wanted.connect(papers.append)
    QTest.keyClick(focused(), Key.Key_Return)
    QTest.keyClick(focused(), Key.Key_F6)
    assert (opened, papers) == ([records[NAMES[3]]], [records[NAMES[3]]])


@pytest.mark.usefixtures("records")
def test_a_draft_stands_on_top_and_is_gone_on_with(
    school: Workplace, open_page: Open, qtbot: QtBot
) -> None:
    typed = {"full_name": "万紫涵", "category": "A1"}
    RegistrationDesk(school).save_draft(Draft("d1", school.person, typed, "id_number"))
    page = open_page()
    qtbot.waitUntil(lambda: chosen(page) == "万紫涵")
    qtbot.waitUntil(lambda: "草稿" in page.list.model.index(0, 4).data())
    drafts: list[str] = []
    page.draft_opened.connect(drafts.append)
    enabled = {one.key: one.enabled for one in page.key_actions()}
    assert (enabled["Enter"], enabled["F6"], enabled["F8"], enabled["F9"]) == (
        True,
        False,
        False,
        False,
    )
    QTest.keyClick(focused(), Key.Key_Return)
    assert drafts == ["d1"]


def test_an_empty_school_says_where_to_begin(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()
    qtbot.waitUntil(lambda: page.list.model.rowCount() == 0)
    assert not page.list.table.isVisible()
    assert not [one.key for one in page.key_actions() if one.key == "Enter" and one.enabled]


def test_a_change_keeps_the_person_who_was_chosen(
    page: TodayPage, school: Workplace, qtbot: QtBot
) -> None:
    QTest.keyClick(focused(), Key.Key_Down)
    RegistrationDesk(school).register(family(109, "万紫涵"))
    page.refresh()
    qtbot.waitUntil(lambda: len(names(page)) == 5)
    assert chosen(page) == NAMES[2]


def test_a_long_list_grows_as_it_is_walked(
    school: Workplace, open_page: Open, qtbot: QtBot
) -> None:
    desk = RegistrationDesk(school)
    for order in range(120):
        desk.register(family(201 + order, "王子涵"))
    page = open_page()
    assert page.list.model.rowCount() == 50
    assert page.list.footer.words.endswith("共 120 行")
    for _ in range(14):
        QTest.keyClick(focused(), Key.Key_PageDown)
        qtbot.wait(30)
    qtbot.waitUntil(lambda: page.list.model.rowCount() == 120)
    receipts = {page.list.model.key(place) for place in range(120)}
    assert len(receipts) == 120


@pytest.mark.parametrize("scale", SCALES)
def test_the_page_fits_and_enter_shows_the_case_at_large_type(
    page: TodayPage, window: Window, scale: int, qtbot: QtBot
) -> None:
    window.wear(Look("light", scale))
    window.resize(DESIGN_SIZE)
    QApplication.processEvents()
    least = window.minimumSizeHint()
    assert least.width() <= DESIGN_SIZE.width()
    assert least.height() <= DESIGN_SIZE.height()
    if scale == SCALES[0]:
        assert page.detail.isVisible()
        return
    assert not page.detail.isVisible()
    QTest.keyClick(focused(), Key.Key_Return)
    qtbot.waitUntil(page.detail.isVisible)
    assert not page.sheet.isVisible()
    QTest.keyClick(focused(), Key.Key_Escape)
    qtbot.waitUntil(page.sheet.isVisible)
    assert focused() is page.search


def test_nothing_went_wrong_unseen(page: TodayPage, heard: Heard) -> None:
    assert page.list.model.rowCount() == 4
    assert heard.bugs == []


def test_the_laptop_is_named_where_the_school_has_more_than_one(
    site: Site, district: Workplace, window: Window, tasks: Tasks, tmp_path: Path, qtbot: QtBot
) -> None:
    laptops = [site.laptop(district, one) for one in ("one", "two")]
    for order, laptop in enumerate(laptops):
        RegistrationDesk(laptop).register(family(101 + 2 * order, NAMES[order]))
    here = laptops[0]
    page = TodayPage(TodayDesks(ListDesk(here), CaseDesk(here), ReceiptDesk(here)), Paper(), tasks)
    window.add_page(page)
    window.open_page("today")
    rest(qtbot, tasks)
    assert names(page) == [NAMES[0]]
    assert page.list.table.isColumnHidden(LAPTOP_COLUMN)
    exchange_all(district, laptops, tmp_path / "stick")
    page.refresh()
    rest(qtbot, tasks)
    assert not page.list.table.isColumnHidden(LAPTOP_COLUMN)
    model = page.list.model
    marks = {
        str(model.index(place, 1).data()): model.index(place, LAPTOP_COLUMN).data()
        for place in range(2)
    }
    assert marks == {NAMES[0]: "1", NAMES[1]: "2"}
    assert model.headerData(LAPTOP_COLUMN, Qt.Orientation.Horizontal) == "台"
    for scale in SCALES:
        window.wear(Look("light", scale))
        QApplication.processEvents()
        hidden = page.list.table.isColumnHidden(LAPTOP_COLUMN)
        assert hidden == (look().shape is not Shape.WIDE)
