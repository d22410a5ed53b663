"""导入名册 and 导出名单 by keys alone, through the whole window of a real school."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.documents.reader import read_workbook
from desktop_app.documents.writer import SheetContent, write_workbook
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.repairing import RepairDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import read_rows
from desktop_app.ui.compose import compose, prepare
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.workbook import Mode, WorkbookPage
from desktop_app.ui.pages.workbook_export import ExportPage
from desktop_app.ui.pages.workbook_parts import GOOD as GOOD_ROWS
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import PillCell
from desktop_app.ui.widgets.paging import CELL_ROLE
from desktop_app.ui.window import Window
from tests.services.kit import number
from tests.services.test_intake import GOOD, HEADERS, row
from tests.ui.conftest import focused, press, rest, said
from tests.ui.registering import Tray
from tests.ui.registration_room import cheap_passwords, hand, school

__all__ = ["cheap_passwords", "hand", "school"]
Key = Qt.Key
BAD = row(full_name="王子涵", id_number="4.19999E+17", guardian_name="=1+1")
SECOND = row(full_name="李一", id_number=number(order=300), guardian_phone="13800007777")


class Seat:
    """The composed window of a school, with a folder in place of a stick."""

    def __init__(self, workplace: Workplace, tasks: Tasks, window: Window, qtbot: QtBot) -> None:
        self.workplace, self.tasks, self.window, self.qtbot = workplace, tasks, window, qtbot
        compose(prepare(workplace), tasks, window, Tray())  # type: ignore[arg-type]
        qtbot.waitUntil(lambda: not window.promised or not tasks.busy, timeout=20_000)
        self.rest()
        window.open_page("today")
        self.rest()

    def rest(self) -> None:
        self.qtbot.wait(90)  # longer than changes are gathered
        rest(self.qtbot, self.tasks)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            press(key)
            self.rest()

    def type_place(self, folder: Path) -> None:
        """Type the folder where the stick stands, and go to what lies there."""
        self.press(Key.Key_F3)
        QTest.keyClick(focused(), Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(focused(), str(folder))
        self.rest()
        self.press(Key.Key_Return)

    @property
    def workbook(self) -> WorkbookPage:
        page = self.window.page
        assert isinstance(page, WorkbookPage)
        return page

    @property
    def export(self) -> ExportPage:
        page = self.window.page
        assert isinstance(page, ExportPage)
        return page


@pytest.fixture
def seat(school: Workplace, tasks: Tasks, window: Window, qtbot: QtBot) -> Iterator[Seat]:
    made = Seat(school, tasks, window, qtbot)
    yield made
    made.window.open_page("register")
    made.rest()


def mode_of(page: WorkbookPage) -> Mode:
    return page.mode


def children(workplace: Workplace) -> set[str]:
    with workplace.database.read() as connection:
        rows = read_rows(connection, RECORD_TYPES["applicant"], workplace.seat.scope, {})
    return {one.text("full_name") for one in rows}


def cell(page: WorkbookPage, place: int, column: int) -> object:
    return page.preview.table.rows.index(place, column).data(CELL_ROLE)


def test_a_table_is_looked_at_entered_mended_and_taken_out(seat: Seat, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    write_workbook(stick / "village.xlsx", [SheetContent("登记", HEADERS, (GOOD, BAD, SECOND))])
    seat.press(Key.Key_F4)
    page = seat.workbook
    seat.type_place(stick)
    assert page.files.table.rows.rowCount() == 1
    seat.press(Key.Key_F10)
    # what would become of each row; nothing is written yet
    assert mode_of(page) is Mode.PREVIEW, said(page)
    assert "能录 2，要改 1，已在名单 0" in page.preview.words
    assert "要改的 1 行" in page.preview.asked
    red = cell(page, 0, 3)
    assert isinstance(red, PillCell)
    assert red.word == "4.19999E+17"
    assert "证件号（表里是“4.19999E+17”）" in page.preview.foot.text()
    assert "弄坏" in page.preview.foot.text() or "Excel" in page.preview.foot.text()
    QTest.keyClick(focused(), Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert page.preview.which == GOOD_ROWS
    assert page.preview.table.rows.rowCount() == 2
    assert children(seat.workplace) == set()
    # the good ones go in, the bad one waits
    seat.press(Key.Key_F10)
    assert children(seat.workplace) == {"罗雨桐", "李一"}
    assert mode_of(page) is Mode.REPAIRS
    assert said(page) == "录入了 2 家"
    assert page.repairs.table.rows.rowCount() == 1
    # the same table once more: nobody twice, no line twice
    seat.press(Key.Key_F2, Key.Key_F10)
    assert "能录 0，要改 1，已在名单 2" in page.preview.words
    seat.press(Key.Key_F10)
    assert len(children(seat.workplace)) == 2
    assert page.repairs.table.rows.rowCount() == 1
    # it is opened in the form with what was read
    seat.press(Key.Key_Return)
    form = seat.window.page
    assert isinstance(form, RegistrationPage)
    values = form.form.values()
    assert (values["full_name"], values["hukou_address"]) == ("王子涵", "3组27号")
    assert values["id_number"].startswith("4")
    seat.window.open_page("today")
    seat.press(Key.Key_F4)
    assert "您在改" in str(page.repairs.table.rows.row_at(0))
    # a blank form for the next village
    seat.press(Key.Key_F2, Key.Key_F7)
    assert said(page) == "存好了：空白登记表.xlsx"
    assert "儿童姓名*" in read_workbook(stick / "空白登记表.xlsx").headers
    take_out(seat, stick)


def take_out(seat: Seat, stick: Path) -> None:
    """Take the list out by keys: a reason is asked for, numbers are masked, it is logged."""
    seat.press(Key.Key_Escape, Key.Key_F7)
    page = seat.export
    seat.press(Key.Key_F10)
    assert said(page) == "还没有写用途。"
    QTest.keyClicks(focused(), "=1+2 for the hub")
    seat.press(Key.Key_F10)
    assert said(page).startswith("导出了 2 人：名单-")
    (path,) = stick.glob("名单-*.xlsx")
    sheet = read_workbook(path)
    first = [one.text for one in sheet.rows[0].cells]
    names = {one.cells[1].text for one in sheet.rows[:2]}
    assert names == {"罗*桐", "李*"}
    assert first[3].startswith("419999****")
    assert "导出，用途：=1+2 for the hub" in sheet.rows[-1].cells[0].text
    assert all(one.kind in {"text", "empty"} for line in sheet.rows for one in line.cells)
    with seat.workplace.database.read() as connection:
        log = read_rows(connection, RECORD_TYPES["access"], seat.workplace.seat.scope, {})
    assert {(one.text("what"), one.text("reason")) for one in log} == {
        ("export", "=1+2 for the hub")
    }
    assert len(log) == 2


def test_a_block_that_was_copied_is_looked_at_and_a_row_is_put_away(seat: Seat) -> None:
    seat.press(Key.Key_F4)
    page = seat.workbook
    seat.press(Key.Key_Tab)
    page.files.table.setFocus()
    clipboard = QGuiApplication.clipboard()
    for text, told in (("", "没有可粘贴的文字"), ("罗雨桐\t13800001234", "少了这些列：")):
        clipboard.setText(text)
        QTest.keyClick(focused(), Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        seat.rest()
        assert said(page).startswith(told)
    clipboard.setText("\r\n".join("\t".join(one) for one in (HEADERS, BAD)))
    QTest.keyClick(focused(), Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    seat.rest()
    assert mode_of(page) is Mode.PREVIEW, said(page)
    assert "能录 0，要改 1" in page.preview.words
    seat.press(Key.Key_F10)
    assert mode_of(page) is Mode.REPAIRS
    seat.press(Key.Key_T)
    assert said(page) == "不要“王子涵”这一行？"
    seat.press(Key.Key_Escape)
    assert len(RepairDesk(seat.workplace).lines()) == 1
    seat.press(Key.Key_T, Key.Key_F10)
    assert said(page) == "“王子涵”这一行不在清单里了"
    assert RepairDesk(seat.workplace).lines() == ()
    clipboard.clear()
