"""到期清理 by keys: a clock in another year offers nothing, two persons erase, the child stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app.domain.acts import Role
from desktop_app.services.people import PeopleDesk
from desktop_app.services.progress import Progress
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.retention import RetentionDesk, RetentionOffice
from desktop_app.services.scans import ScanDesk
from desktop_app.services.workplace import Workplace
from desktop_app.ui.pages.retention import Mode, RetentionPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.window import Window
from tests.services.kit import number, registered
from tests.services.test_retention import PAGE
from tests.sync.site import OTHER_SCHOOL, SCHOOL, Site, hand, reply, take
from tests.ui.cases import family, rows_of
from tests.ui.conftest import focused, press, rest, said
from tests.ui.school import CHEAP, PASSWORD, make_folder

Key = Qt.Key
SECOND = "王秀英"


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workplace]:
    monkeypatch.setattr("desktop_app.security.kdf.STANDARD", CHEAP)
    workplace = make_folder(tmp_path / "data")
    PeopleDesk(workplace).add(SECOND, PASSWORD, [Role.REVIEWER])
    child = RegistrationDesk(workplace).register(family(101, "王子涵")).record
    ScanDesk(workplace).attach_prepared(child, "HKB", PAGE)
    yield workplace
    workplace.close()


def open_page(
    window: Window, tasks: Tasks, school: Workplace, qtbot: QtBot, *, may_erase: bool = True
) -> RetentionPage:
    page = RetentionPage(RetentionDesk(school), tasks, may_erase=may_erase)
    window.add_page(page)
    window.open_page(page.nav_key)
    rest(qtbot, tasks)
    return page


def why_closed(page: RetentionPage) -> str:
    (key,) = page.key_actions()
    return "" if key.enabled else key.why


def test_images_go_by_two_signatures_after_a_question_and_not_by_a_wrong_clock(
    window: Window,
    tasks: Tasks,
    school: Workplace,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    year = "desktop_app.services.retention.stray_year"
    monkeypatch.setattr(year, lambda _season: 2031)
    page = open_page(window, tasks, school, qtbot)
    assert "2031" in why_closed(page)
    press(Key.Key_F10)
    assert not page.asking.asked
    monkeypatch.setattr(year, lambda _season: 0)
    monkeypatch.setattr("desktop_app.services.retention.local_day", lambda: dt.date(2024, 11, 4))
    page.refresh()
    rest(qtbot, tasks)
    assert page.line is not None
    assert (page.line.rule, page.line.is_due) == ("images", True)
    press(Key.Key_F10, Key.Key_Escape)
    assert len(rows_of(school, "scan")) == 1, "leaving changes nothing"
    press(Key.Key_F10)
    assert "扫描件图像" in page.asking.asked
    for words in (SECOND, "wrong-word-99"):
        field = focused()
        field.insert(words)  # type: ignore[attr-defined]
        press(Key.Key_Return)
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page)
    assert len(rows_of(school, "scan")) == 1
    page.asking.form.go_to("password")
    QTest.keyClicks(focused(), PASSWORD)
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page).startswith("扫描件图像清理好了")
    assert rows_of(school, "scan") == []
    assert list(school.scans.digests()) == []
    assert len(rows_of(school, "applicant")) == 1
    assert "2027-10-31" in why_closed(page)
    assert [one.rule for one in page._found.lines] == ["material_rows"]


def test_whoever_is_no_principal_hears_who_may(
    window: Window, tasks: Tasks, school: Workplace, qtbot: QtBot
) -> None:
    page = open_page(window, tasks, school, qtbot, may_erase=False)
    assert "校长" in why_closed(page)


def test_an_officer_erases_what_is_due_at_a_school_and_the_school_hears_of_it(
    window: Window,
    tasks: Tasks,
    site: Site,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    district = site.found()
    there, other = site.laptop(district, "one"), site.laptop(district, "two", OTHER_SCHOOL)
    ScanDesk(there).attach_prepared(registered(there), "HKB", PAGE)
    for one in (there, other):
        take(district, hand(one, tmp_path / one.seat.code).path)
    monkeypatch.setattr("desktop_app.services.retention.stray_year", lambda _season: 0)
    monkeypatch.setattr("desktop_app.services.retention.local_day", lambda: dt.date(2024, 11, 4))
    desk, names = RetentionOffice(district), {SCHOOL: "湛河湾小学"}
    page = RetentionPage(desk, tasks, may_erase=True, schools=names)
    window.add_page(page)
    window.open_page(page.nav_key)
    rest(qtbot, tasks)
    assert page.line is not None
    assert (page.line.rule, page.line.school, page.line.is_due) == ("images", SCHOOL, True)
    press(Key.Key_F10, Key.Key_Escape, Key.Key_F10)
    assert "湛河湾小学" in page.asking.asked
    assert not page.asking.form.isVisible(), "an officer signs alone"
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert said(page).startswith("扫描件图像清理好了")
    assert "images" not in {one.rule for one in desk.standing().lines}
    take(there, reply(district, tmp_path / "back").path)
    assert rows_of(there, "scan") == []


def test_f10_erases_what_was_asked_about_or_nothing(
    window: Window,
    tasks: Tasks,
    site: Site,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """The asked line can vanish under the question: another computer's erasure came in."""
    district = site.found()
    schools = [site.laptop(district, "one"), site.laptop(district, "two", OTHER_SCHOOL)]
    for one in schools:
        ScanDesk(one).attach_prepared(registered(one), "HKB", PAGE)
        take(district, hand(one, tmp_path / one.seat.code).path)
    monkeypatch.setattr("desktop_app.services.retention.stray_year", lambda _season: 0)
    monkeypatch.setattr("desktop_app.services.retention.local_day", lambda: dt.date(2024, 11, 4))
    office = RetentionOffice(district)
    page = RetentionPage(office, tasks, may_erase=True)
    window.add_page(page)
    window.open_page(page.nav_key)
    rest(qtbot, tasks)
    keys = [one.key for one in page._found.lines]
    asked = f"images.2024.{OTHER_SCHOOL}"
    page.table.go_to_row(keys.index(asked))
    press(Key.Key_F10)
    assert page.asking.asked
    line = next(one for one in office.standing().lines if one.key == asked)
    office.carry_out(line, None, Progress())
    page.refresh()
    rest(qtbot, tasks)
    assert page.mode is Mode.LIST
    assert "不一样" in said(page)
    page.table.go_to_row(0)
    press(Key.Key_F10)
    ScanDesk(schools[0]).attach_prepared(
        registered(schools[0], id_number=number(order=311)), "HKB", PAGE
    )
    take(district, hand(schools[0], tmp_path / "more").path)
    press(Key.Key_F10)
    rest(qtbot, tasks)
    assert "不一样" in said(page), "more came in than was asked about"
    assert page.mode is Mode.LIST
    assert f"images.2024.{SCHOOL}" in {one.key for one in office.standing().lines}
