"""A paper form is keyed again by keys alone: queue, blind keying, both side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.second_keying import SecondKeyingDesk
from desktop_app.services.workplace import closing
from desktop_app.ui.look import SCALES, Look
from desktop_app.ui.pages.second_keying import SecondKeyingPage
from desktop_app.ui.pages.today import TodayPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.widgets.keys import KeyCap
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.window import DESIGN_SIZE, Window
from tests.ui.cases import REVIEWER, enter, family, school_of
from tests.ui.conftest import Stand, rest, said
from tests.ui.registering import ENTER, ESC, Hand
from tests.ui.registration_room import hand
from tests.ui.school import REGISTRAR
from tests.ui.test_pages import sizes, stand

F = Qt.Key
__all__ = ["hand"]


def key(hand: Hand, form: dict[str, str], **other: str) -> None:
    """Key the five fields from the paper."""
    typed = form | other
    hand.commit(typed["full_name"], "ming")
    hand.press(ENTER)
    hand.type(typed["id_number"])
    hand.press(ENTER)
    hand.type("20180314")
    hand.press(ENTER)
    hand.type(typed["guardian_id_number"])
    hand.press(ENTER)
    hand.type(typed["guardian_phone"])


def test_two_forms_are_keyed_again_and_where_they_differ_a_digit_keeps_either(
    tmp_path: Path, stand: Stand, tasks: Tasks, qtbot: QtBot, hand: Hand, cheap_passwords: None
) -> None:
    forms = {
        "罗雨桐": family(301, "罗雨桐", second_keying="waiting", paper_date="2024-08-20"),
        "吴桐": family(302, "吴桐", second_keying="waiting"),
    }
    records = school_of(tmp_path / "data", forms)
    with closing(enter(tmp_path / "data", REVIEWER)) as workplace:
        own = RegistrationDesk(workplace)
        mine = own.register(family(303, "周一", second_keying="waiting")).record
        left: list[bool] = []
        page = SecondKeyingPage(
            SecondKeyingDesk(workplace),
            PeopleDesk(workplace),
            tasks,
            lambda: left.append(True),
        )
        stand(page)
        heads = [one.text() for one in page.panel.findChildren(Text)]
        assert "待复录 3 张，您可以录 2 张" in heads
        shown = [page.table.rows.index(0, one).data() for one in range(6)]
        assert "2024-08-20" in shown
        assert page.paper.text().endswith("纸表 2024-08-20")
        assert REGISTRAR in shown
        assert "罗雨桐" not in str(shown)
        key(hand, forms["罗雨桐"])
        hand.press(F.Key_F10)
        rest(qtbot, tasks)
        assert said(page) == "两遍一致"
        assert page.line is not None
        assert page.line.record == records["吴桐"]
        assert page.form.value("full_name") == ""
        key(hand, forms["吴桐"], full_name="吴彤", guardian_phone="13800009999")
        hand.press(F.Key_F10)
        rest(qtbot, tasks)
        assert page.deciding
        assert "第一遍　吴桐" in page.question.words
        assert "第二遍　吴彤" in page.question.words
        hand.press(ESC)
        assert not page.deciding
        assert page.form.value("full_name") == "吴彤"
        hand.press(F.Key_F10)
        rest(qtbot, tasks)
        hand.press(F.Key_2, F.Key_1)
        rest(qtbot, tasks)
        assert said(page) == "已核对，照定下的存了"
        form = AmendmentDesk(workplace).open(records["吴桐"]).form
        kept = [form[one] for one in ("full_name", "guardian_phone", "second_keying")]
        assert kept == ["吴彤", "13800000302", "settled"]
        assert page.line is not None
        assert (page.line.record, page.line.is_own) == (mine, True)
        key(hand, forms["吴桐"])
        hand.press(F.Key_F10)
        rest(qtbot, tasks)
        assert [one.record for one in SecondKeyingDesk(workplace).waiting()] == [mine]
        hand.press(ESC)
        assert left == [True]


@pytest.mark.parametrize("scale", SCALES)
def test_what_waits_is_a_chip_over_the_list_with_its_key(window: Window, scale: int) -> None:
    page = stand(window, "today", Look("light", scale))
    assert isinstance(page, TodayPage)
    page.arrange()
    head = page.head
    assert not head.keying.isVisible()
    head.say_keying(12)
    QApplication.processEvents()
    assert (head.keying.isVisible(), head.keying.word) == (True, "待复录 12")
    assert "Shift+F4" in [one.text() for one in head.findChildren(KeyCap) if one.isVisible()]
    assert sizes(window, page) == (DESIGN_SIZE, DESIGN_SIZE, page.size())
