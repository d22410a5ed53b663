"""人员 by keys alone, on a real school: let in, end, renew the code; who may not is told why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError
from desktop_app.security import kdf
from desktop_app.services.code_copied import is_unconfirmed
from desktop_app.services.people import PeopleDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.setup import open_workplace
from desktop_app.services.workplace import Workplace, closing
from desktop_app.ui.pages.people import Mode, PeoplePage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State, cell_text
from desktop_app.ui.window import Window
from tests.ui.conftest import focused, press, rest
from tests.ui.school import CHEAP, PASSWORD, PRINCIPAL, REGISTRAR, make_school

Key = Qt.Key
NEW = "red-lantern-9"
MakePage = Callable[[str], PeoplePage]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kdf, "STANDARD", CHEAP)
    return make_school(tmp_path / "data")


@pytest.fixture
def opened() -> Iterator[list[Workplace]]:
    made: list[Workplace] = []
    yield made
    for one in made:
        one.close()


@pytest.fixture
def make_page(
    folder: Path, opened: list[Workplace], window: Window, tasks: Tasks, qtbot: QtBot
) -> MakePage:
    def made(person: str) -> PeoplePage:
        workplace = open_workplace(folder, person, PASSWORD, shipped_policy())
        opened.append(workplace)
        page = PeoplePage(PeopleDesk(workplace), tasks)
        window.add_page(page)
        window.open_page("people")
        rest(qtbot, tasks)
        return page

    return made


def lines(page: PeoplePage) -> dict[str, list[str]]:
    found = [page.model.row_at(place) for place in range(page.model.rowCount())]
    rows = [[cell_text(cell) for cell in row.cells] for row in found if row is not None]
    return {row[0]: row[1:] for row in rows}


def go_to(page: PeoplePage, name: str) -> None:
    """Walk down the list to a person."""
    for _ in range(page.model.rowCount()):
        row = page.model.row_at(page.table.currentIndex().row())
        if row is not None and cell_text(row.cells[0]) == name:
            return
        press(Key.Key_Down)


def mode_of(page: PeoplePage) -> Mode:
    return page.mode


def said(page: PeoplePage) -> str:
    view = page.banner_place.view
    return view.what if view is not None else ""


def fill(name: str, password: str, again: str) -> None:
    """Type the form of a new person: two roles ticked with the space bar."""
    event = QInputMethodEvent()
    event.setCommitString(name)
    QApplication.sendEvent(focused(), event)
    press(Key.Key_Tab, Key.Key_Space, Key.Key_Tab, Key.Key_Space)
    for words in (password, again):
        while focused().objectName() not in {"password", "again"} or focused().property("text"):
            press(Key.Key_Tab)
        QTest.keyClicks(focused(), words)


def test_everybody_is_listed_with_roles_and_since_when(make_page: MakePage) -> None:
    found = lines(make_page(PRINCIPAL))
    assert set(found) == {f"{PRINCIPAL}（您）", REGISTRAR}
    assert found[REGISTRAR][:2] == ["登记员", "在用"]
    assert found[REGISTRAR][2].startswith("今天")


def test_a_person_is_let_in_by_keys_and_logs_in(
    make_page: MakePage, folder: Path, opened: list[Workplace], tasks: Tasks, qtbot: QtBot
) -> None:
    page = make_page(PRINCIPAL)
    press(Key.Key_F4)
    assert mode_of(page) is Mode.ADD
    fill("Zhou Min", NEW, NEW)
    press(Key.Key_F10, Key.Key_F10)
    rest(qtbot, tasks)
    assert mode_of(page) is Mode.LIST
    assert said(page).startswith("Zhou Min 加进来了：登记员、审核员")
    assert lines(page)["Zhou Min"][0] == "登记员、审核员"
    opened.pop().close()
    with closing(open_workplace(folder, "Zhou Min", NEW, shipped_policy())) as workplace:
        assert PeopleDesk(workplace).roles() == {Role.REGISTRAR, Role.REVIEWER}


def test_everything_wrong_is_marked_at_once_and_nobody_is_let_in(
    make_page: MakePage, opened: list[Workplace], tasks: Tasks, qtbot: QtBot
) -> None:
    page = make_page(PRINCIPAL)
    press(Key.Key_F4, Key.Key_F10)
    form = page.adding.form
    wrong = {name for name in form.names() if form.line(name).check.state is State.REFUSED}
    assert wrong == {"name", "role.registrar", "password", "again"}
    assert focused().objectName() == "name"
    fill(REGISTRAR, NEW, NEW)
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page) == "名单里已经有同名的人。"
    assert focused().objectName() == "name"
    assert form.value("password") == form.value("again") == ""
    press(Key.Key_Escape)
    assert mode_of(page) is Mode.LIST
    assert len(opened[0].session.people()) == 2


def test_ending_asks_by_name_and_esc_changes_nothing(
    make_page: MakePage, folder: Path, opened: list[Workplace], tasks: Tasks, qtbot: QtBot
) -> None:
    page = make_page(PRINCIPAL)
    go_to(page, REGISTRAR)
    press(Key.Key_T)
    assert mode_of(page) is Mode.END
    assert REGISTRAR in page.ending.asked
    press(Key.Key_Escape)
    rest(qtbot, tasks)
    assert lines(page)[REGISTRAR][1] == "在用"
    press(Key.Key_T, Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page).startswith(f"{REGISTRAR} 已停用")
    assert lines(page)[REGISTRAR][1] == "已停用"
    opened.pop().close()
    with pytest.raises(RuleError):
        open_workplace(folder, REGISTRAR, PASSWORD, shipped_policy())


def test_nobody_ends_themselves_or_somebody_twice(
    make_page: MakePage, tasks: Tasks, qtbot: QtBot
) -> None:
    page = make_page(PRINCIPAL)
    go_to(page, f"{PRINCIPAL}（您）")
    press(Key.Key_T)
    assert mode_of(page) is Mode.LIST
    go_to(page, REGISTRAR)
    press(Key.Key_T, Key.Key_F10)
    rest(qtbot, tasks)
    go_to(page, REGISTRAR)
    press(Key.Key_T)
    assert mode_of(page) is Mode.LIST


def test_whoever_may_not_is_told_in_a_sentence(
    make_page: MakePage, opened: list[Workplace], tasks: Tasks, qtbot: QtBot
) -> None:
    page = make_page(REGISTRAR)
    for key in (Key.Key_F4, Key.Key_F7):
        page.show_banner(None)
        press(key)
        rest(qtbot, tasks)
        assert said(page).startswith("您不能让人进来，也不能停用别人。")
        assert mode_of(page) is Mode.LIST
    assert len(opened[0].session.people()) == 2


def test_a_new_recovery_code_is_shown_once_and_typed_back(
    make_page: MakePage, folder: Path, opened: list[Workplace], tasks: Tasks, qtbot: QtBot
) -> None:
    page = make_page(PRINCIPAL)
    press(Key.Key_F7, Key.Key_Escape)  # the old one would be void: it is asked first
    rest(qtbot, tasks)
    assert mode_of(page) is Mode.LIST
    press(Key.Key_F7)
    assert mode_of(page) is Mode.RENEW
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert mode_of(page) is Mode.CODE
    groups = page.recovery._groups
    press(Key.Key_F10)
    assert mode_of(page) is Mode.CODE
    assert is_unconfirmed(folder)  # whoever leaves now is told of it at the next login
    page.recovery.form.set_values({"first": groups[1], "second": groups[-1]})
    press(Key.Key_F10)
    assert mode_of(page) is Mode.LIST
    assert page.recovery._groups == []
    rest(qtbot, tasks)
    assert not is_unconfirmed(folder)
