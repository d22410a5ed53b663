"""The page 答复 by key presses, on a real district with a real school."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.domain.acts import Role
from desktop_app.services.amendment import AmendmentDesk, Stored
from desktop_app.services.answers import AnswerDesk, Place
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.correcting import Correction, CorrectionDesk, Proof
from desktop_app.services.examination import ExaminationDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.sent_back import note_amended
from desktop_app.services.workplace import Workplace
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.laptops import LaptopDesk
from desktop_app.ui.look import Look
from desktop_app.ui.models.listing import row_of as row_of_line
from desktop_app.ui.pages.answers import AnswersPage
from desktop_app.ui.pages.answers_asking import Mode
from desktop_app.ui.pages.intake import IntakePage
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.registration_amending import Opening
from desktop_app.ui.pages.registration_case import RegistrationDesks, Start
from desktop_app.ui.pages.registration_stored import Opened
from desktop_app.ui.pages.review_case import CasePanel
from desktop_app.ui.pages.today_detail import DetailPanel, event_words
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State, cell_text
from desktop_app.ui.widgets.pill import StatusPill
from desktop_app.ui.window import Window
from tests.services.kit import let_in, number, registered
from tests.sync.site import (
    PASSWORD,
    SCHOOL,
    Site,
    content,
    feed_of,
    hand,
    register,
    reply,
    row_of,
    take,
)
from tests.ui.conftest import Plugged, Show, focused, press, rest
from tests.ui.registering import NeverAnswering, Tray, filled, standing_school

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
WORDS = "户口簿首页与地址页写的村组不一致，请核对原件后改正，并说明以哪一页为准"


class Room:
    """A district's window, and a school with three children: passed, passed, not reviewed."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.folder = folder
        self.district = site.found()
        self.school: Workplace = site.laptop(self.district, "one", SCHOOL)
        names = (("甲一", "410499201803141111"), ("乙二", ""), ("丙三", ""))
        self.records = [register(self.school, name) for name, _ in names]
        self.passes(*self.records[:2])
        self.sent = 0
        self.carry()

    def passes(self, *records: str) -> None:
        with self.school.journal.begin(self.school.actor(), SCHOOL) as work:
            for record in records:
                work.edit("applicant", record, {"review": "passed"}, act="review", signed=True)

    def changes(self, record: str, **values: str) -> None:
        """Change a child at the school, as an amended form does."""
        with self.school.journal.begin(self.school.actor(), SCHOOL) as work:
            work.edit("applicant", record, dict(values))
            note_amended(work, record)

    def carry(self) -> None:
        self.sent += 1
        take(self.district, hand(self.school, self.folder / f"in {self.sent}").path)

    def answer(self) -> None:
        take(self.school, reply(self.district, self.folder / f"out {self.sent}").path)

    def status(self, place: int) -> object:
        return row_of(self.district, "applicant", self.records[place])["district_status"]


@pytest.fixture
def room(site: Site, tmp_path: Path) -> Room:
    return Room(site, tmp_path)


@pytest.fixture
def page(room: Room, window: Window, tasks: Tasks, qtbot: QtBot) -> AnswersPage:
    district = room.district
    made = AnswersPage(AnswerDesk(district), district.policy, partial(CaseDesk, district), tasks)
    window.add_page(made)
    window.open_page(made.nav_key)
    settle(made, tasks, qtbot)
    return made


def settle(page: AnswersPage, tasks: Tasks, qtbot: QtBot) -> None:
    """Wait until the list and the child of now stand."""
    rest(qtbot, tasks)
    qtbot.waitUntil(lambda: not page._moving.isActive())
    rest(qtbot, tasks)
    QApplication.processEvents()


def mode_of(page: AnswersPage) -> Mode:
    return page.mode


def rows(page: AnswersPage) -> list[tuple[str, str]]:
    found = [page.panel.model.row_at(place) for place in range(page.panel.model.rowCount())]
    return [(cell_text(row.cells[1]), cell_text(row.cells[3])) for row in found if row is not None]


def turn(page: AnswersPage, which: str, tasks: Tasks, qtbot: QtBot) -> None:
    while page.chips.current != which:
        QTest.keyClick(focused(), Key.Key_Right, ALT)
    settle(page, tasks, qtbot)


def test_a_passes_and_goes_on_and_ctrl_z_takes_it_back(
    page: AnswersPage, room: Room, tasks: Tasks, qtbot: QtBot
) -> None:
    assert rows(page) == [("甲一", "待答复"), ("乙二", "待答复")]
    press(Key.Key_A)
    settle(page, tasks, qtbot)
    assert room.status(0) == "district_passed"
    assert rows(page) == [("乙二", "待答复")]
    assert "乙二" in page.detail._title.text()
    QTest.keyClick(focused(), Key.Key_Z, CTRL)
    view = page.banner_place.view
    assert view is not None
    assert view.what == "撤回甲一的“区复核通过”？"
    press(Key.Key_A)
    press(Key.Key_Escape)
    settle(page, tasks, qtbot)
    assert (room.status(0), room.status(1)) == ("district_passed", None)
    QTest.keyClick(focused(), Key.Key_Z, CTRL)
    QTest.keyClick(focused(), Key.Key_Return, CTRL)
    settle(page, tasks, qtbot)
    assert room.status(0) is None
    assert rows(page) == [("甲一", "待答复"), ("乙二", "待答复")]
    # The child that is talked of is the child of now, and its story says what became of it.
    assert "甲一" in page.detail._title.text()
    told = [event_words(one) for one in page._desk.open(Place(SCHOOL, room.records[0])).file.events]
    assert told[-1].endswith("撤回答复")


def test_a_key_pressed_before_the_child_is_on_the_screen_answers_nothing_and_says_so(
    page: AnswersPage, room: Room, tasks: Tasks, qtbot: QtBot
) -> None:
    press(Key.Key_Down)
    for key in (Key.Key_A, Key.Key_R):
        press(key)
        view = page.banner_place.view
        assert view is not None
        assert "还没显示出来" in view.what
    settle(page, tasks, qtbot)
    assert (room.status(0), room.status(1)) == (None, None)
    press(Key.Key_A)
    settle(page, tasks, qtbot)
    assert (room.status(0), room.status(1)) == (None, "district_passed")


def test_taken_back_from_a_list_it_has_left_the_child_is_sought_and_no_answer_is_signed_twice(
    page: AnswersPage, room: Room, tasks: Tasks, qtbot: QtBot
) -> None:
    turn(page, "all", tasks, qtbot)
    press(Key.Key_A)
    settle(page, tasks, qtbot)
    signed = len(content(room.district)[feed_of(room.district, SCHOOL)])
    page._case = page._desk.open(Place(SCHOOL, room.records[0]))
    press(Key.Key_A)
    settle(page, tasks, qtbot)
    view = page.banner_place.view
    assert view is not None
    assert view.number == "D724"
    assert len(content(room.district)[feed_of(room.district, SCHOOL)]) == signed
    turn(page, "queried", tasks, qtbot)
    assert rows(page) == []
    QTest.keyClick(focused(), Key.Key_Z, CTRL)
    QTest.keyClick(focused(), Key.Key_Return, CTRL)
    settle(page, tasks, qtbot)
    assert page.chips.current == "all"
    assert page.table.current_key.endswith(room.records[0])


def test_one_not_reviewed_is_asked_about_once_and_esc_changes_nothing(
    page: AnswersPage, room: Room, tasks: Tasks, qtbot: QtBot
) -> None:
    turn(page, "all", tasks, qtbot)
    assert rows(page)[2] == ("丙三", "学校没审")
    press(Key.Key_Down)
    press(Key.Key_J)
    settle(page, tasks, qtbot)
    press(Key.Key_A)
    view = page.banner_place.view
    assert view is not None
    assert "学校还没有审过" in view.what
    press(Key.Key_A)
    press(Key.Key_Escape)
    settle(page, tasks, qtbot)
    assert room.status(2) is None
    press(Key.Key_A)
    QTest.keyClick(focused(), Key.Key_Return, CTRL)
    settle(page, tasks, qtbot)
    assert room.status(2) == "district_passed"


def test_the_question_travels_in_full_and_the_change_comes_back(
    page: AnswersPage, room: Room, tasks: Tasks, qtbot: QtBot, show: Show
) -> None:
    press(Key.Key_R)
    press(Key.Key_0)
    QTest.keyClicks(focused(), "x")
    page.asking.explain.words.set_value(WORDS)
    QTest.keyClick(focused(), Key.Key_Return)
    settle(page, tasks, qtbot)
    assert room.status(0) == "queried"
    turn(page, "queried", tasks, qtbot)
    assert rows(page) == [("甲一", "要求说明")]
    assert WORDS in page.detail.words()
    room.answer()
    # At the school: asked, with every word of it.
    lists, record = ListDesk(room.school), room.records[0]
    assert [line.state for line in lists.page("asked").lines] == ["asked"]
    panel = DetailPanel()
    show(panel)
    panel.show_case(CaseDesk(room.school).open(record))
    QApplication.processEvents()
    assert WORDS in panel.words()
    panel.hide()
    with qtbot.waitActive(page.window()):
        page.window().activateWindow()
    # The school changes it: no longer asked, it is the district's turn, at both ends.
    room.changes(record, current_address="轻工路 9 号")
    assert lists.page("asked").lines == ()
    states = {line.record: line.state for line in lists.page("all").lines}
    assert states[record] == "answered"
    room.carry()
    page.refresh()
    settle(page, tasks, qtbot)
    assert rows(page) == []
    turn(page, "answered", tasks, qtbot)
    assert rows(page) == [("甲一", "已改，等区里")]
    assert "现住址：— → 轻工路 9 号" in page.detail.words()
    assert AnswerDesk(room.district).answered_by_school() == {SCHOOL: 1}
    # Asked anew, it is open again.
    press(Key.Key_R)
    press(Key.Key_1)
    settle(page, tasks, qtbot)
    assert rows(page) == []
    turn(page, "queried", tasks, qtbot)
    assert rows(page) == [("甲一", "要求说明")]
    room.answer()
    assert [line.state for line in lists.page("asked").lines] == ["asked"]


def test_esc_in_the_reasons_writes_nothing_and_f8_leaves_a_signed_entry(
    page: AnswersPage, room: Room, tasks: Tasks, qtbot: QtBot
) -> None:
    press(Key.Key_R)
    assert mode_of(page) is Mode.REASON
    press(Key.Key_Escape)
    assert mode_of(page) is Mode.NOTHING
    assert "419999********2640" in page.detail.words()
    press(Key.Key_F8)
    settle(page, tasks, qtbot)
    assert "419999 20180314 2640" in page.detail.words()
    assert room.status(0) is None
    with room.district.database.read() as connection:
        looked = connection.exec_driver_sql("SELECT what FROM projected_access").scalars()
        assert list(looked) == ["unmask"]


def test_a_refusal_is_said_and_the_keys_open_again(
    page: AnswersPage, room: Room, tasks: Tasks, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.services.review.PeopleDesk", _Nobody)
    press(Key.Key_A)
    settle(page, tasks, qtbot)
    assert page.banner_place.view is not None
    assert page.banner_place.view.number == "D528"
    assert page.banner_place.view.state is State.REFUSED
    assert not page.busy
    assert room.status(0) is None


class _Nobody:
    """A desk where the person at the seat has no role."""

    def __init__(self, _workplace: Workplace) -> None:
        pass

    def roles(self) -> frozenset[str]:
        return frozenset()


def test_one_school_alone_and_at_large_type_enter_opens_the_child(
    page: AnswersPage, window: Window, tasks: Tasks, qtbot: QtBot
) -> None:
    page.show_school("2141041102")
    settle(page, tasks, qtbot)
    assert rows(page) == []
    press(Key.Key_Escape)
    settle(page, tasks, qtbot)
    assert len(rows(page)) == 2
    window.wear(Look("light", 200))
    assert page.panel.isVisible()
    assert not page.side.isVisible()
    press(Key.Key_Return)
    assert page.detail.isVisible()
    press(Key.Key_Escape)
    assert page.panel.isVisible()


def test_the_intake_tells_what_was_amended_and_enter_goes_to_its_children(
    room: Room, window: Window, tasks: Tasks, qtbot: QtBot
) -> None:
    record = room.records[1]
    AnswerDesk(room.district).give(Place(SCHOOL, record), "queried", "ADDRESS_DIFFERS")
    room.answer()
    room.changes(record, current_address="轻工路 9 号")
    room.carry()
    board = IntakePage(ExchangeDesk(room.district), tasks, {}, find=tuple)
    wanted: list[str] = []
    board.children_wanted.connect(wanted.append)
    window.add_page(board)
    window.open_page(board.nav_key)
    rest(qtbot, tasks)
    row = board.model.row_at(board.model.place(SCHOOL))
    assert row is not None
    assert cell_text(row.cells[4]) == "1 件已改，等答复"
    board.table.go_to_row(board.model.place(SCHOOL))
    press(Key.Key_Return)
    rest(qtbot, tasks)
    press(Key.Key_Return)
    assert wanted == [SCHOOL]


def test_a_school_where_nobody_can_open_an_answer_is_named_and_the_others_get_theirs(
    room: Room, site: Site, window: Window, tasks: Tasks, qtbot: QtBot
) -> None:
    other = site.laptop(room.district, "other", "2141041102")
    take(room.district, hand(other, room.folder / "other").path)
    LaptopDesk(room.district).revoke(feed_of(room.school))
    labels = {code: one.label for code, one in room.district.policy.schools.items()}
    stick = room.folder / "back"
    stick.mkdir()
    board = IntakePage(ExchangeDesk(room.district), tasks, labels, find=Plugged(stick))
    window.add_page(board)
    window.open_page(board.nav_key)
    rest(qtbot, tasks)
    press(Key.Key_F10)
    rest(qtbot, tasks)
    view = board.banner_place.view
    assert view is not None
    assert (view.state, view.what) == (State.NEEDS, "可以拔出 U 盘")
    assert f"没有能打开回包的电脑，没有给：{labels[SCHOOL]}" in view.now
    assert [one.name.split("-")[0] for one in stick.glob("*.enb")] == ["2141041102"]


def test_what_the_school_amended_waits_for_the_district_on_its_own_pages_too(
    room: Room, show: Show
) -> None:
    record = room.records[1]
    AnswerDesk(room.district).give(Place(SCHOOL, record), "queried", "ADDRESS_DIFFERS")
    room.answer()
    lists, examined = ListDesk(room.school), ExaminationDesk(room.school)
    panel = CasePanel(room.school.policy)
    show(panel)
    pills: dict[str, list[str]] = {"all": [], "passed": [], "review": []}
    for amended in (False, True):
        if amended:
            room.changes(record, current_address="轻工路 9 号")
        for which in ("all", "passed"):
            line = next(one for one in lists.page(which).lines if one.record == record)
            pills[which].append(cell_text(row_of_line(line, searching=False).cells[4]))
        panel.show_case(examined.open(record))
        pills["review"] += [pill.word for pill in panel.findChildren(StatusPill)]
    assert pills == {
        "all": ["区问", "已改，等区里"],
        "passed": ["已办", "已改，等区里"],
        "review": ["区问", "已改，等区里"],
    }


def test_what_the_district_asks_stands_over_the_form_and_in_its_draft(qtbot: QtBot) -> None:
    stored = Stored("r1", "罗雨桐", "ZHW-2-0822-0001-11", filled(), (), question=WORDS)
    page = RegistrationPage(NeverAnswering(), RegistrationDesks.of(standing_school()), Tray())
    qtbot.addWidget(page)
    page.amender._show(Opening(stored, Start((), {}, 0)))
    view = page.amender.banner()
    assert view is not None
    assert view.now.startswith(WORDS)
    again = Opened.of_draft(Opened.of(stored).draft_fields())
    assert again is not None
    assert again.question == WORDS


def test_a_list_that_comes_anew_does_not_change_whom_the_question_is_about(
    page: AnswersPage, room: Room, tasks: Tasks, qtbot: QtBot
) -> None:
    turn(page, "all", tasks, qtbot)
    page.table.go_to_row(2)
    settle(page, tasks, qtbot)
    press(Key.Key_A)
    assert mode_of(page) is Mode.UNREADY
    page.table.go_to_row(0)
    settle(page, tasks, qtbot)
    QTest.keyClick(page, Key.Key_Return, CTRL)
    settle(page, tasks, qtbot)
    assert [room.status(0), room.status(2)] == [None, "district_passed"]


def test_what_was_corrected_after_approval_is_a_list_of_its_own(
    room: Room, page: AnswersPage, tasks: Tasks, qtbot: QtBot
) -> None:
    """Each child with what changed, why, by which paper, and the two who signed."""
    school = room.school
    let_in(school, "周敏", Role.REVIEWER)
    record = registered(school, id_number=number(order=301))
    room.passes(record)
    desk = CorrectionDesk(school)
    stored = AmendmentDesk(school).open(record)
    form = dict(stored.form) | {"hukou_address": "9组9号"}
    wanted = Correction(record, form, stored.form, stored.decisions)
    proof = Proof("evidence", "HKB", "户字 0412", "2018-04-02", "补登")
    desk.correct(wanted, proof, desk.second("周敏", PASSWORD))
    room.carry()
    page.refresh()
    settle(page, tasks, qtbot)
    turn(page, "corrected", tasks, qtbot)
    assert rows(page) == [("罗雨桐", "待答复")]
    assert page.chips.count("corrected") == 1
    words = page.detail.words()
    for said_here in ("证件证明原来有误", "9组9号", "证明：户口簿 户字 0412", "补登", "周敏 签名"):
        assert said_here in words
