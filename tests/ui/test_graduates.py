"""毕业生名单 by keys: looked at, assigned by hand, written; twice makes nobody twice; moved."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.documents.reader import read_workbook
from desktop_app.services.graduates import REPAIRS, GraduateDesk
from desktop_app.services.workplace import Workplace
from desktop_app.ui.pages.graduates import GraduatesPage, Mode
from desktop_app.ui.tasks import Tasks
from tests.services.test_graduates import JUNIOR, NEXT_JUNIOR, ROWS, book
from tests.ui.conftest import Plugged, Stand, focused, press, rest, said

K = Qt.Key


def shown(page: GraduatesPage) -> Mode:
    return page.mode


def test_a_list_is_looked_at_assigned_and_written_by_keys(
    district: Workplace, stand: Stand, tasks: Tasks, stick: Path, qtbot: QtBot
) -> None:
    """One workbook on the stick: the rows that need a person stand first."""
    book(stick / "list.xlsx", ROWS)
    desk = GraduateDesk(district)
    page = GraduatesPage(desk, tasks, find=Plugged(stick))
    stand(page)
    rest(qtbot, tasks)
    press(K.Key_F10)
    rest(qtbot, tasks)
    assert shown(page) is Mode.PREVIEW
    assert page.counts.text() == "进名单 3 · 要定学校 2 · 要改表格 2 · 已在名单 1"
    assert not any(one.listed for one in desk.counts()), "nothing is written by looking"
    press(K.Key_Down, K.Key_Down, K.Key_F2)
    assert shown(page) is Mode.ASSIGN
    QTest.keyClicks(focused(), "zhwc")
    press(K.Key_Return)
    assert page.counts.text().startswith("进名单 4 · 要定学校 1")
    press(K.Key_F10)
    rest(qtbot, tasks)
    assert said(page) == "4 个孩子进了名单"
    assert {one.school: one.listed for one in desk.counts() if one.listed} == {
        JUNIOR: 2,
        NEXT_JUNIOR: 2,
    }
    left = [str(page.tables[Mode.PREVIEW].rows.row_at(at)) for at in range(3)]
    assert shown(page) is Mode.PREVIEW, "what was not written is still seen"
    assert page.tables[Mode.PREVIEW].rows.rowCount() == 3
    assert "要定学校" in "".join(left)
    assert page.counts.text().startswith("进名单 0 · 要定学校 1")
    press(K.Key_F7)
    rest(qtbot, tasks)
    assert said(page) == f"待改清单存好了：{REPAIRS}"
    saved = read_workbook(stick / REPAIRS)
    assert saved.headers == ("行", "状态", "原因")
    assert len(saved.rows) == 3
    told = str(saved.rows)
    assert not any(name and name in told for name in (row["姓名"] for row in ROWS)), (
        "nobody is named"
    )
    press(K.Key_F10)
    assert said(page).startswith("没有能进名单的")
    press(K.Key_Escape)
    rest(qtbot, tasks)

    assert shown(page) is Mode.SCHOOLS
    press(K.Key_Return)
    rest(qtbot, tasks)
    assert shown(page) is Mode.CHILDREN
    press(K.Key_F2)
    QTest.keyClicks(focused(), "nh")
    press(K.Key_Return)
    rest(qtbot, tasks)
    counts = {one.school: one.listed for one in desk.counts() if one.listed}
    assert counts == {JUNIOR: 1, NEXT_JUNIOR: 3}
