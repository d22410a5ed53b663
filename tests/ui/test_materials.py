"""The papers of a case with real keys: seen, later, to be mended, not accepted, waived, scanned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop_app.policy.package import Policy
from desktop_app.services.policies import shipped_policy
from desktop_app.services.workplace import Workplace
from desktop_app.ui.pages.materials import numbered, reasons_of_paper, reasons_to_return
from desktop_app.ui.pages.review import ReviewPage
from desktop_app.ui.pages.review_case import Mode
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.window import Window
from tests.documents.pictures import jpeg
from tests.services.kit import without
from tests.ui.cases import cells, enter, family, here, press, review_page, rows_of, school_of
from tests.ui.conftest import focused
from tests.ui.school import CHEAP, REGISTRAR

Key = Qt.Key
FIRST, SECOND = "王子涵", "魏振豪"


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_app.security.kdf.STANDARD", CHEAP)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def records(folder: Path) -> dict[str, str]:
    lacking = without(family(101, FIRST), "material.GID")
    rented = without(family(103, SECOND, category="A4"), "material.GID")
    return school_of(folder, {FIRST: lacking, SECOND: rented})


@pytest.fixture
def desk(folder: Path, records: dict[str, str]) -> Iterator[Workplace]:
    assert records
    workplace = enter(folder, REGISTRAR)
    yield workplace
    workplace.close()


@pytest.fixture
def page(desk: Workplace, tasks: Tasks, window: Window, qtbot: QtBot) -> ReviewPage:
    made = review_page(desk, tasks)
    window.add_page(made)
    window.open_page("review")
    qtbot.waitUntil(lambda: made.case.case is not None and not tasks.busy)
    return made


def pill(page: ReviewPage, title: str) -> str:
    return dict(zip(cells(page, 0), cells(page, 3), strict=True))[title]


def check(desk: Workplace, record: str, material: str) -> dict[str, object]:
    (row,) = rows_of(desk, "material_check", applicant=record, material=material)
    return dict(row.values)


def missing(desk: Workplace, record: str) -> str:
    (row,) = [one for one in rows_of(desk, "applicant") if one.record == record]
    return row.text("missing_materials")


def mode_of(page: ReviewPage) -> Mode:
    return page.case.mode


def test_the_first_paper_still_to_come_is_the_row_of_now(page: ReviewPage) -> None:
    assert here(page) == "监护人身份证"
    assert page.case.paper_keys.isVisible()
    assert cells(page, 1)[0] == "还缺 1 项"
    assert (pill(page, "户口簿"), pill(page, "监护人身份证")) == ("已见原件", "未带")


def test_enter_asks_only_for_what_the_school_may_keep(
    page: ReviewPage, desk: Workplace, records: dict[str, str], qtbot: QtBot
) -> None:
    press(Key.Key_Return)
    assert page.case.mode is Mode.NOTE
    assert focused().objectName() == "valid_to"  # an identity card leaves no number behind
    QTest.keyClicks(focused(), "20310816")
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: pill(page, "监护人身份证") == "已见原件")
    noted = check(desk, records[FIRST], "GID")
    assert (noted["result"], noted["original_seen"]) == ("accepted", True)
    assert (noted["valid_to"], noted["number"]) == ("2031-08-16", None)
    assert missing(desk, records[FIRST]) == ""
    assert focused() is page.case.table


def test_a_date_that_does_not_exist_is_refused_and_stays_to_be_mended(
    page: ReviewPage, desk: Workplace, records: dict[str, str]
) -> None:
    press(Key.Key_Return)
    QTest.keyClicks(focused(), "20310231")
    press(Key.Key_Return)
    said = [one.text() for one in page.findChildren(QLabel) if one.isVisible()]
    assert any("没有这一天" in words for words in said)
    assert mode_of(page) is Mode.NOTE
    assert not rows_of(desk, "material_check", applicant=records[FIRST], material="GID")
    press(Key.Key_Escape)
    assert mode_of(page) is Mode.LOOK
    assert focused() is page.case.table


def test_l_lets_the_paper_come_later_with_a_day(
    page: ReviewPage, desk: Workplace, records: dict[str, str], qtbot: QtBot
) -> None:
    press(Key.Key_L)
    qtbot.waitUntil(lambda: pill(page, "监护人身份证") == "容缺")
    noted = check(desk, records[FIRST], "GID")
    assert noted["result"] == "pending_original"
    assert str(noted["due_on"]) >= desk.policy.repair_until
    assert missing(desk, records[FIRST]) == "GID"


@pytest.mark.parametrize(
    ("key", "mode", "state", "word"),
    [
        (Key.Key_B, Mode.CORRECT, "correction_required", "待补正"),
        (Key.Key_N, Mode.REJECT, "rejected", "不认可"),
    ],
)
def test_mending_and_refusing_need_a_reason_by_digit(
    page: ReviewPage,
    desk: Workplace,
    records: dict[str, str],
    qtbot: QtBot,
    key: Qt.Key,
    mode: Mode,
    state: str,
    word: str,
) -> None:
    press(key)
    assert mode_of(page) is mode
    assert page.case.offered()[0][1].code == "EXPIRED"
    press(Key.Key_1)
    qtbot.waitUntil(lambda: pill(page, "监护人身份证") == word)
    noted = check(desk, records[FIRST], "GID")
    assert (noted["result"], noted["reason"]) == (state, "EXPIRED")
    assert mode_of(page) is Mode.LOOK


def test_m_waives_what_data_prove(
    page: ReviewPage, desk: Workplace, records: dict[str, str], qtbot: QtBot
) -> None:
    press(Key.Key_M)
    qtbot.waitUntil(lambda: pill(page, "监护人身份证") == "免提交")
    assert missing(desk, records[FIRST]) == ""


def test_one_of_several_papers_is_enough(
    page: ReviewPage, desk: Workplace, records: dict[str, str], qtbot: QtBot
) -> None:
    press(Key.Key_J)
    qtbot.waitUntil(lambda: page.case.case is not None and page.case.case.name == SECOND)
    assert cells(page, 1)[0] == "还缺 2 项"
    press(Key.Key_M)
    qtbot.waitUntil(lambda: cells(page, 1)[0] == "还缺 1 项" and not page.busy)
    assert here(page) == "租房合同（备案）或公租房合同"
    press(Key.Key_Return)
    QTest.keyClicks(focused(), "A-27")
    press(Key.Key_Return, Key.Key_Return)
    qtbot.waitUntil(lambda: cells(page, 1)[0] == "齐了")
    assert check(desk, records[SECOND], "LEASE")["number"] == "A-27"
    values = dict(zip(cells(page, 0), cells(page, 1), strict=True))
    assert values["居住登记凭证或居住证受理回执"] == "不用了"
    assert missing(desk, records[SECOND]) == ""


def test_a_page_is_sealed_shown_and_the_look_logged(
    page: ReviewPage, desk: Workplace, records: dict[str, str], tmp_path: Path, qtbot: QtBot
) -> None:
    source = tmp_path / "page.jpg"
    source.write_bytes(jpeg())
    press(Key.Key_F4)
    assert mode_of(page) is Mode.ATTACH
    QTest.keyClicks(focused(), str(source))
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: not page.pane.sight.image.isNull(), timeout=20_000)
    (scan,) = rows_of(desk, "scan", applicant=records[FIRST])
    assert scan.text("material") == "GID"
    sealed = desk.scans.read(scan.text("digest"))
    assert b"\xff\xd8\xff" not in sealed[:64]
    looks = rows_of(desk, "access", applicant=records[FIRST], what="view")
    assert len(looks) == 1
    before = page.pane.sight.zoom
    press(Key.Key_Plus)
    QTest.keyClick(focused(), Key.Key_T)
    assert page.pane.sight.zoom > before
    page.on_leave()
    assert page.pane.sight.image.isNull()


def test_a_file_that_is_no_image_is_refused(
    page: ReviewPage, desk: Workplace, records: dict[str, str], tmp_path: Path, qtbot: QtBot
) -> None:
    source = tmp_path / "page.jpg"
    source.write_bytes(b"no image at all")
    press(Key.Key_F4)
    QTest.keyClicks(focused(), str(source))
    press(Key.Key_Return)
    qtbot.waitUntil(lambda: page.banner_place.view is not None, timeout=20_000)
    assert not rows_of(desk, "scan", applicant=records[FIRST])
    assert mode_of(page) is Mode.ATTACH  # the place stays to be mended


@pytest.fixture(scope="module")
def policy() -> Policy:
    return shipped_policy()


def test_every_paper_has_reasons_and_never_more_than_there_are_digits(policy: Policy) -> None:
    for material in policy.materials:
        digits = [digit for digit, _ in reasons_of_paper(policy, material)]
        assert digits
        assert len(set(digits)) == len(digits) <= 10
        assert all(len(digit) == 1 for digit in digits)


def test_reasons_about_the_field_come_first_and_other_is_nought(policy: Policy) -> None:
    offered = dict(reasons_to_return(policy, "id_number"))
    assert offered["1"].code == "NUMBER_DIFFERS"
    assert offered["0"].code == "OTHER"
    assert all(reason.scope != "material" for reason in offered.values())
    assert numbered([]) == ()
