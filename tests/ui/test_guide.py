"""The guided first case: each step says what, why and which key; the right case ends it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.policy.entries import DEFAULT_BASIS
from desktop_app.services.form import FORM_FIELDS
from desktop_app.services.policies import shipped_policy
from desktop_app.services.workplace import Workplace
from desktop_app.ui.look import Look
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.registration_case import RegistrationDesks
from desktop_app.ui.pages.registration_guide import Guide, lesson_fields
from desktop_app.ui.pages.registration_head import help_on
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import BannerView, State
from desktop_app.ui.window import DESIGN_SIZE, Window
from tests.ui.conftest import press, rest
from tests.ui.registering import CHILD, Tray, filled, make_school

pytestmark = pytest.mark.usefixtures("cheap_passwords")

Key = Qt.Key
LESSON = filled(**{"material.HKB": "accepted"})


@pytest.fixture
def school(tmp_path: Path, cheap_passwords: None) -> Iterator[Workplace]:
    workplace = make_school(tmp_path / "data")
    yield workplace
    workplace.close()


@pytest.fixture
def page(school: Workplace, window: Window, tasks: Tasks, qtbot: QtBot) -> RegistrationPage:
    made = RegistrationPage(tasks, RegistrationDesks.of(school), Tray())
    made.strip_changed.connect(window.set_strip)
    window.add_page(made)
    window.open_page("register")
    rest(qtbot, tasks)
    return made


def told(page: RegistrationPage) -> BannerView:
    QApplication.processEvents()
    view = page.banner_place.view
    assert view is not None
    return view


def test_each_step_says_what_why_and_which_key_and_the_right_case_ends_it(
    page: RegistrationPage, tasks: Tasks, qtbot: QtBot, window: Window
) -> None:
    guide = Guide(page, shipped_policy(), LESSON)
    seen = []
    for name, value in guide.steps.items():
        if not page.form.may_enter(name):
            page.form.take(name, value)
            continue
        page.form.go_to(name)
        view = told(page)
        assert view.what.startswith("练习 ")
        assert "Enter" in view.what
        assert "（" in view.now  # the sentence with its document
        seen.append(view.what)
        page.form.take(name, value)
        assert guide.is_right(name)
    assert len(set(seen)) == len(seen) > 9
    assert any(CHILD in words for words in seen)
    assert "按 F6" in told(page).what
    window.wear(Look("light", 200))
    window.resize(DESIGN_SIZE)
    QApplication.processEvents()
    assert window.size() == DESIGN_SIZE
    window.wear(Look())
    press(Key.Key_F10)
    qtbot.waitUntil(lambda: guide.ended, timeout=5000)
    rest(qtbot, tasks)
    view = told(page)
    assert view.state is State.DONE
    assert "办对了" in view.what
    assert "孩子姓名" in view.now
    page.form.take("full_name", "罗雨晨")
    QApplication.processEvents()
    assert page.banner_place.view is None  # the next case is one's own
    page.on_leave()
    rest(qtbot, tasks)


def test_a_case_that_differs_from_the_papers_says_where_and_goes_on(
    page: RegistrationPage, tasks: Tasks, qtbot: QtBot
) -> None:
    guide = Guide(page, shipped_policy(), LESSON)
    for name, value in (LESSON | {"full_name": "罗雨洞"}).items():
        if name in page.form.names():
            page.form.take(name, value)
    press(Key.Key_F10)
    qtbot.waitUntil(lambda: page.after.last_keys() != () and not tasks.busy, timeout=5000)
    view = told(page)
    assert view.state is State.NEEDS
    assert view.what.endswith("孩子姓名")
    assert "Ctrl+Z" in view.now
    assert not guide.ended
    page.on_leave()
    rest(qtbot, tasks)


def test_what_the_form_says_goes_first(page: RegistrationPage, tasks: Tasks, qtbot: QtBot) -> None:
    guide = Guide(page, shipped_policy(), LESSON)
    page.form.take("id_number", CHILD)
    QApplication.processEvents()
    press(Key.Key_F10)
    rest(qtbot, tasks)
    view = told(page)
    assert view != guide._told
    page.on_leave()
    rest(qtbot, tasks)


def test_one_address_is_one_tick() -> None:
    lesson = {"hukou_village": "a", "hukou_address": "b", "current_village": "a"}
    names = ("hukou_village", "hukou_address", "same_address", "current_village")
    same = lesson_fields(lesson | {"current_address": "b", "sex": "1"}, names)
    assert same == {"hukou_village": "a", "hukou_address": "b", "same_address": "1"}
    assert "same_address" not in lesson_fields(lesson | {"current_address": "c"}, names)


@pytest.mark.parametrize("stage", ["P1", "J1"])
def test_every_field_of_the_form_has_its_sentence_with_its_document(
    school: Workplace, tasks: Tasks, stage: str
) -> None:
    policy = shipped_policy()
    form = RegistrationPage(tasks, RegistrationDesks.of(school, stage), Tray()).form
    known = [word for one in policy.documents for word in (one.number, one.title) if word]
    names = [name for name in form.names() if name in FORM_FIELDS]
    assert len(names) > 20
    for name in names:
        view = help_on(policy, name, "A1")
        assert view is not None, name
        assert view.sentence, name
        assert view.version, name
        proposal = view.source == DEFAULT_BASIS
        assert proposal or any(word in view.source for word in known), name
