"""Rare characters and long names: the same code points from the key to everywhere and back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop_app.documents.reader import read_workbook
from desktop_app.documents.writer import SheetContent, write_workbook
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.exporting import ExportDesk
from desktop_app.services.intake import WorkbookDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.repairing import RepairDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.oplog import feed_bytes, load_feeds
from desktop_app.storage.rows import read_rows
from desktop_app.ui.pages.today import TodayPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.window import Window
from tests.services.test_intake import HEADERS
from tests.services.test_intake import row as village_row
from tests.story.desk_families import family
from tests.sync.site import OTHER_SCHOOL, SCHOOL, Site, hand, reply, row_of, take
from tests.ui.conftest import Show, focused
from tests.ui.registering import ENTER, Hand, Room, filled
from tests.ui.test_printing import page_of, text_of
from tests.ui.test_workbook import Seat

LONG = "古丽巴哈尔·阿卜杜热西提·买买提依明江尼亚孜"
NAMES = ("赵㼆", "李𫘬", LONG)
_GUARDIAN = ("guardian_id_number", "guardian_phone")
PARENTS = ("赵𫘬", "李㼆", "买买提·㼆𫘬")


@pytest.fixture
def room(laptop: Workplace, tasks: Tasks, show: Show) -> Room:
    made = Room(laptop, tasks)
    show(made.window)
    made.open()
    return made


def type_names(room: Room, keys: Hand, order: int) -> None:
    """Commit the names from the input method; the rest is filled in as it stands."""
    for name, value in (filled() | family(order)).items():
        if name not in {"full_name", "guardian_name"}:
            room.form.take(name, value)
    room.settle()
    for field, name in (("full_name", NAMES[order]), ("guardian_name", PARENTS[order])):
        room.form.go_to(field)
        keys.commit(name, "x")
        keys.press(ENTER)
    room.settle()


def assert_printed(name: str, sheet: bytes) -> None:
    """Hold a receipt to a name: as text, and every character as a glyph that its font has.

    Qt gives no text to glyphs beyond U+FFFF in a PDF: there one glyph stands, which nobody can
    copy; on the paper and on the screen it is the character.
    """
    pattern = "".join(re.escape(one) if ord(one) <= 0xFFFF else "[^\u4e00-\u9fff]" for one in name)
    assert len(re.findall(pattern, text_of(page_of(sheet)))) >= 2  # both halves of the sheet
    metrics = QFontMetrics(QApplication.font())
    assert all(metrics.inFontUcs4(ord(one)) for one in name)


def cells(path: Path) -> set[str]:
    """Give every text of a workbook's sheet."""
    return {cell.text for line in read_workbook(path).rows for cell in line.cells}


def registered(room: Room) -> dict[str, str]:
    """Key every family, and hold the screen and the receipt to what was keyed; give the records."""
    keys, records = Hand(), {}
    for order, name in enumerate(NAMES):
        type_names(room, keys, order)
        shown = [room.form.value(one) for one in ("full_name", "guardian_name")]
        assert shown == [name, PARENTS[order]]
        (draft,) = room.desks.desk.drafts()
        assert [draft.fields[one] for one in ("full_name", "guardian_name")] == shown
        keys.press(Qt.Key.Key_F10)
        room.settle()
        if room.page.doubter.asking:
            keys.press(Qt.Key.Key_F10)
            room.settle()
        last = room.page.saver.last
        assert last is not None
        assert last.name == name
        records[name] = last.record
        view, sheet = room.tray.sheets[order]
        assert (view.name, view.number) == (name, last.receipt)
        assert_printed(name, sheet)
    return records


def carried(workplace: Workplace) -> bytes:
    """Give all operations that are held as they stand in a bundle, byte for byte."""
    with workplace.database.read() as connection:
        feeds = load_feeds(connection).values()
        lines = [line for feed in feeds for line in feed_bytes(connection, feed.number, 0)]
    return b"\n".join(payload or b"" for _sequence, _header, payload in lines)


def assert_on_screen(workplace: Workplace, tasks: Tasks, show: Show, qtbot: QtBot) -> None:
    """Hold the list of the day, the search by typing and the case beside it to the names."""
    window = Window()
    window.resize(1366, 768)
    show(window)
    seat = Seat(workplace, tasks, window, qtbot)
    page = window.page
    assert isinstance(page, TodayPage)
    model = page.list.model
    assert {model.index(at, 1).data() for at in range(model.rowCount())} == {*NAMES}
    for name in NAMES:
        event = QInputMethodEvent("", [])
        event.setCommitString(name)
        QApplication.sendEvent(focused(), event)
        qtbot.waitUntil(lambda: model.rowCount() == 1, timeout=20_000)
        seat.rest()
        assert model.index(0, 1).data() == name
        texts = [one.text() for one in page.findChildren(QLabel) if one.isVisible()]
        assert [text for text in texts if name in text], "the case beside the list"
        QTest.keyClick(focused(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(focused(), Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: model.rowCount() == len(NAMES), timeout=20_000)
        seat.rest()
    window.open_page("register")
    seat.rest()


def test_a_rare_name_is_the_same_code_points_at_every_step(
    site: Site,
    district: Workplace,
    laptop: Workplace,
    room: Room,
    tmp_path: Path,
    show: Show,
    qtbot: QtBot,
) -> None:
    assert len(LONG) == 22
    records = registered(room)
    second = site.laptop(district, "second")
    take(district, hand(laptop, tmp_path / "there").path)
    take(district, hand(second, tmp_path / "known").path)
    take(second, reply(district, tmp_path / "back").path)
    for holder in (laptop, district, second):
        for name, record in records.items():
            assert row_of(holder, "applicant", record)["full_name"] == name
    for name, record in records.items():
        assert CaseDesk(second).open(record).name == name
        assert [line.record for line in ListDesk(second).search(name).lines] == [record]
    guardians = {row_of_guardian(second, record) for record in records.values()}
    assert guardians == {*PARENTS}
    spelled = [name.encode() for name in (*NAMES, *PARENTS)]
    assert [name for name in spelled if name not in carried(second)] == []
    assert {*NAMES} <= cells(exported(laptop, tmp_path))
    assert_on_screen(second, room.tasks, show, qtbot)


def row_of_guardian(workplace: Workplace, record: str) -> str:
    """Give the name of a child's guardian as it is stored."""
    with workplace.database.read() as connection:
        (row,) = read_rows(connection, RECORD_TYPES["guardian"], SCHOOL, {"applicant": record})
    return row.text("full_name")


def exported(workplace: Workplace, folder: Path) -> Path:
    """Take the list out whole, and give the workbook."""
    return folder / ExportDesk(workplace).export("all", folder, "核对", whole=True).name


def test_a_rare_name_comes_whole_out_of_a_workbook_and_goes_back_into_one(
    site: Site, district: Workplace, tmp_path: Path
) -> None:
    school = site.laptop(district, "workbook", OTHER_SCHOOL)
    rows = [
        village_row(
            full_name=name,
            guardian_name=parent,
            **{one: family(order)[one] for one in ("id_number", *_GUARDIAN)},
        )
        for order, (name, parent) in enumerate(zip(NAMES, PARENTS, strict=True))
    ]
    write_workbook(tmp_path / "village.xlsx", [SheetContent("登记", HEADERS, rows)])
    taken = WorkbookDesk(school).take_in(tmp_path / "village.xlsx")
    assert taken.repairs == ()
    stored = {
        str(row_of(school, "applicant", one, OTHER_SCHOOL)["full_name"]) for one in taken.registered
    }
    assert stored == {*NAMES}
    assert {*NAMES} <= cells(exported(school, tmp_path))


def test_a_rare_name_that_waits_to_be_mended_is_opened_in_the_form_as_it_was_written(
    laptop: Workplace, room: Room, tmp_path: Path
) -> None:
    rows = [
        village_row(full_name=name, guardian_name=parent, id_number="4.19999E+17", category="Q7")
        for name, parent in zip(NAMES, PARENTS, strict=True)
    ]
    write_workbook(tmp_path / "village.xlsx", [SheetContent("登记", HEADERS, rows)])
    desk, repairs = WorkbookDesk(laptop), RepairDesk(laptop)
    assert desk.take_in(tmp_path / "village.xlsx").registered == ()
    lines = repairs.lines()
    assert {line.form["full_name"] for line in lines} == {*NAMES}
    for line in lines:
        draft = repairs.open(line.id)
        room.page.open_draft(draft)
        room.settle()
        opened = [room.form.value(one) for one in ("full_name", "guardian_name")]
        assert opened == [line.form["full_name"], line.form["guardian_name"]]
        assert opened[1] == PARENTS[NAMES.index(opened[0])]
