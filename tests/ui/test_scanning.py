"""材料审核 takes pages in by keys, from the scanner's folder, the clipboard or a file.

It keeps none it need not. Hostile ones: ``test_hostile_images``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop_app.messages.catalogue import sentence
from desktop_app.services.workplace import Workplace
from desktop_app.ui.pages.review import ReviewPage
from desktop_app.ui.pages.review_case import Mode
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import language
from desktop_app.ui.window import Window
from tests.documents.pictures import (
    jpeg,
    photograph,
    png,
)
from tests.services.kit import without
from tests.ui.cases import (
    REVIEWER,
    cells,
    enter,
    family,
    here,
    press,
    review_page,
    rows_of,
    school_of,
)
from tests.ui.conftest import focused, said
from tests.ui.school import CHEAP

Key = Qt.Key
FIRST, SECOND = "王子涵", "魏振豪"


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_app.security.kdf.STANDARD", CHEAP)


@pytest.fixture
def records(tmp_path: Path) -> dict[str, str]:
    owner = family(101, FIRST, category="A2")
    other = without(family(103, SECOND), "material.GID")
    return school_of(tmp_path / "data", {FIRST: owner, SECOND: other})


@pytest.fixture
def desk(tmp_path: Path, records: dict[str, str]) -> Iterator[Workplace]:
    assert records
    workplace = enter(tmp_path / "data", REVIEWER)
    yield workplace
    workplace.close()


@pytest.fixture
def page(desk: Workplace, tasks: Tasks, window: Window, qtbot: QtBot) -> ReviewPage:
    made = review_page(desk, tasks)
    window.add_page(made)
    window.open_page("review")
    qtbot.waitUntil(lambda: made.case.case is not None and not tasks.busy)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "camera"
    made.mkdir()
    return made


class Hand:
    """Presses keys and waits until the page is at rest."""

    def __init__(self, page: ReviewPage, tasks: Tasks, qtbot: QtBot) -> None:
        self._page, self._tasks, self._qtbot = page, tasks, qtbot

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            press(key)
            self.rest()

    def chord(self, key: Qt.Key) -> None:
        QTest.keyClick(focused(), key, Qt.KeyboardModifier.ShiftModifier)
        self.rest()

    def type(self, words: str) -> None:
        """Write over a field, as an input method does, and go on."""
        field = focused()
        assert isinstance(field, QLineEdit)
        field.selectAll()
        field.insert(words)
        self.press(Key.Key_Return)

    def rest(self) -> None:
        page = self._page

        def idle() -> bool:
            return not (self._tasks.busy or page.busy or page._moving.isActive())

        self._qtbot.waitUntil(idle, timeout=30_000)
        self._qtbot.wait(0)
        self._qtbot.waitUntil(idle, timeout=30_000)


@pytest.fixture
def hand(page: ReviewPage, tasks: Tasks, qtbot: QtBot) -> Hand:
    return Hand(page, tasks, qtbot)


def mode_of(page: ReviewPage) -> Mode:
    return page.case.mode


def pages_of(desk: Workplace, record: str) -> list[tuple[str, int]]:
    rows = rows_of(desk, "scan", applicant=record)
    return sorted((row.text("material"), int(row.text("page"))) for row in rows)


def test_pages_of_a_camera_are_taken_in_by_one_key_ordered_turned_and_retaken(
    page: ReviewPage, desk: Workplace, records: dict[str, str], folder: Path, hand: Hand
) -> None:
    (folder / "before.jpg").write_bytes(jpeg())
    hand.press(Key.Key_P)
    assert "文件夹" in said(page)
    hand.press(Key.Key_F4)
    hand.type(str(folder))
    assert said(page).startswith("记住了")
    assert mode_of(page) is Mode.LOOK
    hand.press(Key.Key_P)
    assert "还没有新拍的图" in said(page)
    paper = str(page.case.row and page.case.row.pin).removeprefix("material.")
    (folder / "one.jpg").write_bytes(jpeg(photograph((600, 400))))
    hand.press(Key.Key_P)
    assert (said(page), page.pane.count) == ("", 1)
    assert not page.pane.sight.image.isNull()
    copied = QMimeData()
    copied.setData("image/png", QByteArray(png()))
    QGuiApplication.clipboard().setMimeData(copied)
    hand.press(Key.Key_F4, Key.Key_F6)
    assert pages_of(desk, records[FIRST]) == [(paper, 1), (paper, 2)]
    assert page.pane.page is not None
    second = page.pane.page
    assert second.page == 2, "the page just taken in is the one in sight"
    hand.press(Key.Key_Comma)
    assert page.pane.page is not None
    assert (page.pane.page.scan, page.pane.page.page) == (second.scan, 1)
    hand.press(Key.Key_T)
    hand.chord(Key.Key_T)
    assert page.pane.sight.image.height() > page.pane.sight.image.width()
    turned = page.pane.page.scan
    hand.press(Key.Key_X)
    assert mode_of(page) is Mode.ATTACH
    (folder / "two.jpg").write_bytes(jpeg())
    hand.press(Key.Key_F4)
    assert pages_of(desk, records[FIRST]) == [(paper, 1), (paper, 2)]
    assert page.pane.page.scan not in {turned, second.scan}
    (folder / "late.jpg").write_bytes(jpeg())
    hand.press(Key.Key_J, Key.Key_P)
    assert "还没有新拍的图" in said(page), "what came before this case is not this family's"
    assert pages_of(desk, records[SECOND]) == []


def test_the_clipboard_gives_a_file_too_or_says_that_it_holds_no_picture(
    page: ReviewPage, desk: Workplace, records: dict[str, str], folder: Path, hand: Hand
) -> None:
    QGuiApplication.clipboard().setText("410411")
    hand.press(Key.Key_F4, Key.Key_F6)
    assert "剪贴板里没有图片" in said(page)
    copied = QMimeData()
    place = folder / "copied.jpg"
    place.write_bytes(jpeg())
    copied.setUrls([QUrl.fromLocalFile(str(place))])
    QGuiApplication.clipboard().setMimeData(copied)
    hand.press(Key.Key_F6)
    assert len(pages_of(desk, records[FIRST])) == 1


def test_a_scanner_s_folder_that_disappears_is_told_and_what_is_kept_stays(
    page: ReviewPage, desk: Workplace, records: dict[str, str], folder: Path, hand: Hand
) -> None:
    hand.press(Key.Key_F4)
    hand.type(str(folder))
    (folder / "one.jpg").write_bytes(jpeg())
    hand.press(Key.Key_P)
    kept = pages_of(desk, records[FIRST])
    away = folder.rename(folder.with_name("unplugged"))
    for code in ("scan.folder_gone", "scan.folder_gone"):
        hand.press(Key.Key_P)
        assert said(page) == sentence(code, language()).what
    (away / "whose.jpg").write_bytes(jpeg())
    away.rename(folder)
    for code in ("scan.folder_back", "scan.nothing_new"):
        hand.press(Key.Key_P)
        assert said(page) == sentence(code, language()).what
    assert pages_of(desk, records[FIRST]) == kept, "nobody knows whose page came meanwhile"
    (folder / "two.jpg").write_bytes(jpeg())
    hand.press(Key.Key_P)
    assert len(pages_of(desk, records[FIRST])) == len(kept) + 1


# --- scenario 10, and papers with number, day and owner -------------------------------------


def test_scenario_10_an_original_seen_passes_with_number_and_date_and_no_image(
    page: ReviewPage, desk: Workplace, records: dict[str, str], hand: Hand
) -> None:
    assert here(page) == "不动产权证或不动产查询证明"
    hand.press(Key.Key_Return)
    assert focused().objectName() == "number"
    hand.type("豫2023平顶山不动产权第41号")
    assert focused().objectName() == "dated"
    hand.type("20230516")
    assert focused().objectName() == "owner"
    hand.type("隔壁")
    assert "所有人" in said(page)
    assert mode_of(page) is Mode.NOTE
    hand.type("爷爷")
    (noted,) = rows_of(desk, "material_check", applicant=records[FIRST], material="PROP")
    assert (noted.text("result"), noted.values["original_seen"]) == ("accepted", True)
    assert (noted.text("dated"), noted.text("owner")) == ("2023-05-16", "61")
    assert "祖父" in " ".join(cells(page, 1))
    hand.press(Key.Key_A)
    (child,) = [one for one in rows_of(desk, "applicant") if one.record == records[FIRST]]
    assert (child.text("review"), child.text("missing_materials")) == ("passed", "")
    assert rows_of(desk, "scan") == []
    assert list(desk.scans.digests()) == []


def test_a_paper_past_its_day_is_told_before_anybody_passes_it(
    page: ReviewPage, hand: Hand, desk: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A clock that errs does not make a paper of 2020 good.
    noon = int(dt.datetime(2031, 6, 1, tzinfo=dt.UTC).timestamp() * 1000)
    monkeypatch.setattr("desktop_app.services.calendar.wall_milliseconds", lambda: noon)
    hand.press(Key.Key_J)
    assert here(page) == "监护人身份证"
    hand.press(Key.Key_Return)
    hand.type("2020.2.30")
    assert mode_of(page) is Mode.NOTE, "no such day"
    hand.type("2020.1.31")
    states = dict(zip(cells(page, 0), cells(page, 3), strict=True))
    values = dict(zip(cells(page, 0), cells(page, 2), strict=True))
    assert states["监护人身份证"] == "已过期"
    assert values["监护人身份证"] == "至 2020-01-31"
    assert here(page) == "监护人身份证", "it still wants a look"
    hand.press(Key.Key_A)
    assert "监护人身份证已过期" in said(page)
    assert review_of(desk) == ["", ""]
    QTest.keyClick(focused(), Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    hand.rest()
    assert review_of(desk) == ["", "passed"]


def review_of(desk: Workplace) -> list[str]:
    return sorted(one.text("review") for one in rows_of(desk, "applicant"))
