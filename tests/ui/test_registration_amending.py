"""A registered child is opened in the form by one key, amended, left, killed over; by real keys."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.domain.acts import Role
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.amendment import AMENDS
from desktop_app.services.materials import Mark, MaterialsDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.review import ReviewDesk
from desktop_app.services.setup import open_workplace
from desktop_app.services.workplace import Workplace, closing
from desktop_app.storage.rows import Row, read_rows
from desktop_app.ui.compose import compose, prepare
from desktop_app.ui.look import Look
from desktop_app.ui.pages.correction import CorrectionPage
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.review import ReviewPage
from desktop_app.ui.pages.today import TodayPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.window import Window
from tests.ui.conftest import Heard, Show
from tests.ui.registering import (
    CHILD,
    CLERK,
    ENTER,
    ESC,
    PASSWORD,
    TWIN,
    Hand,
    Room,
    Tray,
    filled,
    make_school,
    standing_asked,
)
from tests.ui.registration_room import cheap_passwords, hand, room, school

F = Qt.Key
__all__ = ["cheap_passwords", "hand", "room", "school"]
REVIEWER = "周敏"
WORDS = "门牌和户口簿不一样"


def rows(workplace: Workplace, kind: str) -> list[Row]:
    with workplace.database.read() as connection:
        return read_rows(connection, RECORD_TYPES[kind], workplace.seat.scope, {})


def registered(workplace: Workplace, **more: str) -> str:
    """Register a family as at the desk."""
    form = filled(**{"material.HKB": "accepted"}, **more)
    return RegistrationDesk(workplace).register(form).record


def amend(room: Room, record: str, origin: str = "") -> None:
    """Open a case as the list does."""
    room.page.amend(record, origin)
    room.settle()


def banner(page: RegistrationPage) -> str:
    """Give the words of the banner."""
    view = page.banner_place.view
    return "" if view is None else f"{view.what} {view.now}"


def title_of(room: Room) -> str:
    """Give the words at the head of the form."""
    return " ".join(one.text() for one in room.page.view.sheet.findChildren(Text))


# --- what is shown ------------------------------------------------------------------------------


def test_the_form_is_filled_with_what_is_stored(room: Room) -> None:
    record = registered(room.workplace)
    amend(room, record)
    assert room.form.value("id_number") == CHILD
    assert room.form.value("guardian_phone") == "13800001612"
    assert room.form.value("same_address") == "1"
    assert room.page.live.case.materials == {"HKB": "accepted"}
    papers = {one.code: one.state for one in room.page.view.materials.papers}
    assert papers["HKB"] == "accepted"
    assert "改登记：罗雨桐" in title_of(room)
    assert "正在改 罗雨桐 的登记" in banner(room.page)
    assert room.check("id_number") == (State.DONE, "校验位正确 · 本机无重号")


def banner_lines(page: RegistrationPage) -> list[str]:
    """Give the lines of the banner as they are drawn."""
    words = page.banner_place.findChildren(Text)
    shown = [one for one in words if one.wordWrap() and one.isVisible()]
    return [line for one in shown for line in one.lines()]


def test_what_the_district_asks_is_read_whole_at_every_scale(window: Window) -> None:
    page = standing_asked()
    window.add_page(page)
    window.open_page(page.nav_key)
    for scale in (200, 100, 150, 200):
        window.wear(Look("light", scale))
        window.resize(1366, 768)
        QApplication.processEvents()
        said = banner_lines(page)
        assert not [line for line in said if line.endswith("…")]
        assert "".join(said) == banner(page).replace(" 区里", "区里", 1)
        # At the largest type the keys stand in the bar alone, and the room is the question's.
        assert ("F10" in banner(page)) == (scale < 200)


def test_the_reason_stands_at_its_field_and_the_caret_is_there(
    room: Room, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = sent_back(room.workplace, monkeypatch, "hukou_address")
    amend(room, record)
    assert room.form.current() == "hukou_address"
    assert f"其他，写明：{WORDS}" in banner(room.page)
    assert room.check("hukou_village") == (State.NEEDS, "退回要改的格")
    room.form.set_values({"hukou_nature": "1"})
    assert room.form.needed() == ()
    room.form.go_to("full_name")  # Enter leads to what was asked for, from anywhere
    hand.press(ENTER)
    assert room.form.current() == "hukou_address"
    hand.press(F.Key_A, control=True)
    hand.type("3-28")
    hand.press(ENTER)
    room.settle()
    assert room.form.value("hukou_address") == "3组28号"
    assert room.check("hukou_village")[1] != "退回要改的格"
    assert f"其他，写明：{WORDS}" in banner(room.page)


def test_a_case_sent_back_for_a_paper_opens_at_its_papers(
    room: Room, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = sent_back(room.workplace, monkeypatch, "material.GID")
    amend(room, record)
    assert room.page.view.materials.hasFocus()
    hand.press(F.Key_2, ENTER, F.Key_F10)
    room.settle()
    assert {
        one.text("material"): one.text("result") for one in rows(room.workplace, "material_check")
    }["GID"] == "accepted"
    assert rows(room.workplace, "applicant")[0].values["amended"] is True


def sent_back(workplace: Workplace, patch: pytest.MonkeyPatch, pin: str) -> str:
    """Register a child and send it back; that a second person must is tested with the review."""
    record = registered(workplace)
    with patch.context() as here:
        here.setattr(ReviewDesk, "_check", lambda _self, _row: None)
        ReviewDesk(workplace).send_back(record, "OTHER", pin, WORDS)
    return record


# --- saving -------------------------------------------------------------------------------------


def test_f10_saves_only_what_changed_prints_anew_and_makes_no_second_child(
    room: Room, hand: Hand
) -> None:
    record = registered(room.workplace)
    ReceiptDesk(room.workplace).log_print(record)
    amend(room, record)
    before = room.workplace.own_feed().sequence
    room.form.go_to("full_name")
    hand.press(F.Key_A, control=True)
    hand.commit("罗雨彤", "luoyutong")
    hand.press(F.Key_F10)
    room.settle()
    (child,) = rows(room.workplace, "applicant")
    assert (child.record, child.text("full_name")) == (record, "罗雨彤")
    assert room.workplace.own_feed().sequence == before + 2  # the edit, and the copy
    (sheet,) = room.tray.sheets
    assert (sheet[0].name, sheet[0].copy, sheet[0].corrected) == ("罗雨彤", 2, True)
    assert "已存改动 1 处 罗雨彤" in room.said
    assert "新回执已送打印，请收回旧的 罗雨彤" in room.said
    assert room.form.is_empty
    assert banner(room.page) == ""
    assert room.desks.desk.drafts() == ()
    strip = room.window.strip.view
    assert strip is not None
    assert (strip.lead, [key.key for key in strip.keys]) == ("刚改的", ["F9", "Shift+F9"])


def test_an_amendment_is_not_taken_back_as_if_it_were_a_registration(
    room: Room, hand: Hand
) -> None:
    record = registered(room.workplace)
    amend(room, record)
    room.form.take("guardian_phone", "13900001111")
    hand.press(F.Key_F10)
    room.settle()
    hand.press(F.Key_Z, control=True)
    room.settle()
    assert [one.record for one in rows(room.workplace, "applicant")] == [record]
    assert room.said[-1].startswith("改动已存")


def test_saving_without_a_change_writes_and_prints_nothing(room: Room, hand: Hand) -> None:
    record = registered(room.workplace)
    amend(room, record)
    before = room.workplace.own_feed().sequence
    hand.press(F.Key_F10)
    room.settle()
    assert room.workplace.own_feed().sequence == before
    assert room.tray.sheets == []
    assert "没有改动，什么也没存 罗雨桐" in room.said
    assert room.form.is_empty


def test_what_the_form_cannot_show_is_not_lost(room: Room, hand: Hand) -> None:
    record = registered(
        room.workplace,
        hukou_village="河南省鲁山县张店乡",
        birth_certificate="O410123456",
        national_student_no="G419999201803142640",
    )
    kept = dict(rows(room.workplace, "applicant")[0].values)
    amend(room, record)
    room.form.take("boarding_code", "2")
    hand.press(F.Key_F10)
    room.settle()
    after = dict(rows(room.workplace, "applicant")[0].values)
    assert after == kept | {"boarding_code": "2"}


def test_an_obstacle_stops_and_the_banner_comes_back_with_the_next_key(
    room: Room, hand: Hand
) -> None:
    record = registered(room.workplace)
    amend(room, record)
    room.form.take("guardian_name", "")
    hand.press(F.Key_F10)
    room.settle()
    assert "还有 1 格要填对：监护人姓名" in banner(room.page)
    assert room.form.current() == "guardian_name"
    hand.commit("罗建国", "luojianguo")
    hand.press(F.Key_F10)
    room.settle()
    assert rows(room.workplace, "guardian")[0].text("full_name") == "罗建国"


def test_a_case_passed_meanwhile_is_refused_with_its_sentence_and_the_draft_stays(
    room: Room, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = registered(room.workplace, **{"material.GID": "accepted"})
    amend(room, record)
    room.form.take("boarding_code", "2")
    with monkeypatch.context() as here:
        here.setattr(ReviewDesk, "_check", lambda _self, _row: None)
        here.setattr(ReviewDesk, "_check_changes", lambda _self, _work, _row: None)
        ReviewDesk(room.workplace).approve([record])
    hand.press(F.Key_F10)
    room.settle()
    view = room.page.banner_place.view
    assert view is not None
    assert view.number == "D587"
    assert rows(room.workplace, "applicant")[0].text("boarding_code") == "1"
    assert room.form.value("boarding_code") == "2"


# --- leaving ------------------------------------------------------------------------------------


def test_esc_leaves_without_a_change_and_goes_back(room: Room, hand: Hand) -> None:
    record = registered(room.workplace)
    asked: list[str] = []
    room.page.page_asked.connect(asked.append)
    amend(room, record, "today")
    hand.press(ESC)
    room.settle()
    assert asked == ["today"]
    assert room.form.is_empty
    assert banner(room.page) == ""
    assert room.desks.desk.drafts() == ()


def test_esc_asks_where_something_was_changed(room: Room, hand: Hand) -> None:
    record = registered(room.workplace)
    asked: list[str] = []
    room.page.page_asked.connect(asked.append)
    amend(room, record, "today")
    room.form.go_to("guardian_phone")
    hand.press(F.Key_A, control=True)
    hand.type("13900001111")
    hand.press(ESC)
    room.settle()
    assert "改了 1 处还没存：电话" in banner(room.page)
    assert asked == []
    hand.press(ESC)  # go on
    room.settle()
    assert "正在改" in banner(room.page)
    assert room.form.value("guardian_phone") == "13900001111"
    assert room.form.current() == "guardian_phone"
    hand.press(ESC, F.Key_N)
    room.settle()
    assert asked == ["today"]
    assert rows(room.workplace, "guardian")[0].text("phone") == "13800001612"
    assert room.desks.desk.drafts() == ()
    assert room.form.is_empty


def test_what_stood_on_the_form_before_comes_back(room: Room, hand: Hand) -> None:
    record = registered(room.workplace)
    hand.type(TWIN)
    hand.press(ENTER)
    hand.commit("孟一诺", "mengyinuo")
    hand.press(ENTER)
    room.settle()
    amend(room, record)
    assert room.form.value("full_name") == "罗雨桐"
    hand.press(ESC)
    room.settle()
    assert room.form.value("full_name") == "孟一诺"
    assert room.form.value("id_number") == TWIN
    assert len(room.desks.desk.drafts()) == 1


# --- drafts -------------------------------------------------------------------------------------


def test_put_aside_and_taken_up_again_it_is_still_the_same_child(room: Room, hand: Hand) -> None:
    record = registered(room.workplace)
    amend(room, record)
    room.form.take("guardian_phone", "13900001111")
    hand.press(F.Key_F8)
    room.settle()
    assert room.form.is_empty
    (draft,) = room.desks.desk.drafts()
    assert draft.fields[AMENDS] == record
    assert [one.name for one in room.page.view.drafts.drafts] == ["罗雨桐（改登记）"]
    amend(room, record)  # one draft, however often it is opened
    assert room.form.value("guardian_phone") == "13900001111"
    assert room.page.live.case.draft == draft.id
    assert "正在改 罗雨桐" in banner(room.page)
    hand.press(F.Key_F10)
    room.settle()
    assert [one.record for one in rows(room.workplace, "applicant")] == [record]
    assert rows(room.workplace, "guardian")[0].text("phone") == "13900001111"
    assert room.desks.desk.drafts() == ()


def test_a_killed_process_keeps_the_amendment_and_never_makes_a_second_child(
    tmp_path: Path, tasks: Tasks, show: Show, heard: Heard, hand: Hand
) -> None:
    folder = tmp_path / "data"
    command = [sys.executable, "-m", "tests.ui.amending_child", str(folder)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "kept\n"
        os.kill(child.pid, signal.SIGKILL)
    workplace = open_workplace(folder, CLERK, PASSWORD, shipped_policy())
    with closing(workplace):
        room = Room(workplace, tasks)
        show(room.window)
        room.open()
        assert room.form.value("full_name") == "罗雨彤"
        assert "正在改 罗雨桐 的登记" in banner(room.page)
        assert room.said == ["接着改：罗雨彤"]
        hand.press(F.Key_F10)
        room.settle()
        assert [one.text("full_name") for one in rows(workplace, "applicant")] == ["罗雨彤"]
        assert room.desks.desk.drafts() == ()
    assert heard.bugs == []


# --- a number that is taken ---------------------------------------------------------------------


def test_a_taken_number_nobody_judged_is_open_in_the_head(room: Room, hand: Hand) -> None:
    registered(room.workplace)
    room.fill(full_name="王子涵")
    assert room.page.view.left_words == "号码待判断，按 F5"
    hand.press(F.Key_F10)
    room.settle()
    hand.press(F.Key_1)
    room.settle()
    hand.type("no match")
    hand.press(ENTER)
    room.settle()
    assert room.page.view.left_words == "都填好了，按 F10"


def test_it_counts_among_the_fields_still_open(room: Room) -> None:
    registered(room.workplace)
    room.fill(full_name="王子涵", guardian_name="")
    assert room.page.view.left_words == "还需填 2 格"


def test_changing_to_a_taken_number_asks_and_the_phone_alone_does_not(
    room: Room, hand: Hand
) -> None:
    first = registered(room.workplace)
    second = registered(room.workplace, id_number=TWIN, full_name="罗雨晨")
    amend(room, second)
    room.form.take("id_number", CHILD)
    room.settle()
    hand.press(F.Key_F10)
    room.settle()
    assert "已经有人登记" in banner(room.page)
    hand.press(F.Key_1)
    room.settle()
    hand.type("police")
    hand.press(ENTER)
    room.settle()
    hand.press(F.Key_F10)
    room.settle()
    disputed = {
        one.record: one.values["number_disputed"] for one in rows(room.workplace, "applicant")
    }
    assert disputed == {first: None, second: True}
    amend(room, first)
    room.form.take("guardian_phone", "13900001111")
    hand.press(F.Key_F10)
    room.settle()
    phones = {one.text("applicant"): one.text("phone") for one in rows(room.workplace, "guardian")}
    assert phones[first] == "13900001111"


# --- from the lists -----------------------------------------------------------------------------


class Site:
    """The composed window of a school at which a second person has sent a case back."""

    def __init__(self, window: Window, workplace: Workplace, tasks: Tasks, qtbot: QtBot) -> None:
        self.window, self.workplace, self.tasks, self.qtbot = window, workplace, tasks, qtbot
        self.tray = Tray()
        self.shell = compose(prepare(workplace), tasks, window, self.tray)  # type: ignore[arg-type]

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.tasks.busy)
        QApplication.processEvents()
        self.qtbot.waitUntil(lambda: not self.tasks.busy)
        QApplication.processEvents()

    @property
    def here(self) -> str:
        """Name the page of now."""
        return self.window.page.nav_key if self.window.page is not None else ""

    def register(self) -> RegistrationPage:
        page = self.window.page_of("register")
        assert isinstance(page, RegistrationPage)
        return page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with closing(make_school(tmp_path / "data")) as workplace:
        PeopleDesk(workplace).add(REVIEWER, PASSWORD, [Role.REVIEWER])
        records = [
            registered(workplace),
            registered(workplace, id_number=TWIN, full_name="孟一诺"),
        ]
    with closing(open_workplace(tmp_path / "data", REVIEWER, PASSWORD, shipped_policy())) as one:
        ReviewDesk(one).send_back(records[1], "OTHER", "hukou_address", WORDS)
    return tmp_path / "data"


@pytest.fixture
def site(folder: Path, window: Window, tasks: Tasks, qtbot: QtBot, heard: Heard) -> Iterator[Site]:
    workplace = open_workplace(folder, CLERK, PASSWORD, shipped_policy())
    made = Site(window, workplace, tasks, qtbot)
    made.settle()
    yield made
    made.settle()
    assert heard.bugs == []
    workplace.close()


@pytest.mark.parametrize("scale", [100, 200])
def test_from_today_f2_opens_f10_saves_and_the_case_waits_again(
    site: Site, hand: Hand, scale: int
) -> None:
    site.window.wear(Look("light", scale))
    site.window.open_page("today")
    site.settle()
    page = site.window.page
    assert isinstance(page, TodayPage)
    site.qtbot.waitUntil(lambda: page.list.line is not None)
    assert page.list.line is not None
    assert page.list.line.name == "孟一诺"
    hand.press(F.Key_F2)
    site.settle()
    register = site.register()
    assert site.here == "register"
    assert register.form.current() == "hukou_address"
    assert WORDS in banner(register)
    hand.press(F.Key_A, control=True)
    hand.type("3-28")
    hand.press(F.Key_F10)
    site.settle()
    child = next(
        one for one in rows(site.workplace, "applicant") if one.text("full_name") == "孟一诺"
    )
    assert child.values["amended"] is True
    assert child.text("hukou_address") == "3组28号"
    assert [view.name for view, _sheet in site.tray.sheets] == ["孟一诺"]


def test_from_the_review_f2_opens_and_esc_goes_back_to_the_case(site: Site, hand: Hand) -> None:
    record = next(
        one.record for one in rows(site.workplace, "applicant") if one.text("full_name") == "孟一诺"
    )
    review = site.window.page_of("review")
    assert isinstance(review, ReviewPage)
    review.show_record(record)
    site.window.open_page("review")
    site.settle()
    site.qtbot.waitUntil(lambda: review.case.record == record)
    hand.press(F.Key_F2)
    site.settle()
    assert site.here == "register"
    hand.press(ESC)
    site.settle()
    assert site.here == "review"
    assert review.case.record == record


def test_scenario_29_a_passed_case_is_corrected_by_keys_with_a_second_person(
    folder: Path, show: Show, tasks: Tasks, qtbot: QtBot, hand: Hand
) -> None:
    with closing(open_workplace(folder, REVIEWER, PASSWORD, shipped_policy())) as workplace:
        first = next(one for one in rows(workplace, "applicant") if not one.text("review"))
        MaterialsDesk(workplace).mark(first.record, Mark("GID", "accepted"))
        ReviewDesk(workplace).approve([first.record])
    with closing(open_workplace(folder, CLERK, PASSWORD, shipped_policy())) as workplace:
        ReceiptDesk(workplace).log_print(first.record)
        window = Window()
        window.resize(1366, 768)
        show(window)
        site = Site(window, workplace, tasks, qtbot)
        window.open_page("today")
        site.settle()
        hand.press(F.Key_Down)
        page = window.page
        assert isinstance(page, TodayPage)
        assert page.list.line is not None
        assert page.list.line.state == "passed"
        hand.press(F.Key_F2)
        site.settle()
        register = site.register()
        assert site.here == "register"
        assert "正在更正" in banner(register)
        register.form.go_to("full_name")
        hand.press(F.Key_A, control=True)
        hand.commit("罗雨彤", "luoyutong")
        hand.press(F.Key_F10)
        site.settle()
        correction = window.page
        assert isinstance(correction, CorrectionPage)
        assert [correction.table.rows.index(0, at).data() for at in range(3)] == [
            "姓名",
            "罗雨桐",
            "罗雨彤",
        ]
        hand.press(F.Key_F10)  # nothing is signed before everything is filled in
        site.settle()
        assert site.here == "correction"
        said = correction.form.line("second").check
        assert said.width() >= said.sizeHint().width(), "the words of a refusal have room"
        within = correction.side.viewport().width()
        assert correction.form.width() <= within, "nothing slides sideways"
        for words in ("zjzm", "hkb", "0412", "20180402", "zm", PASSWORD):
            hand.type(words)
            hand.press(ENTER)
        site.settle()
        hand.press(F.Key_F10)
        site.settle()
        assert site.here == "register"
        child = next(one for one in rows(workplace, "applicant") if one.record == first.record)
        assert (child.text("full_name"), child.text("review")) == ("罗雨彤", "passed")
        (filed,) = rows(workplace, "correction")
        assert filed.text("fields") == "applicant.full_name"
        assert filed.text("evidence") == "0412 2018-04-02"
        qtbot.waitUntil(lambda: bool(site.tray.sheets))
        ((view, _sheet),) = site.tray.sheets
        assert (view.name, view.corrected) == ("罗雨彤", True)


def test_the_reviewer_who_amended_a_case_is_told_that_another_must_pass_it(
    folder: Path, show: Show, tasks: Tasks, qtbot: QtBot, hand: Hand
) -> None:
    with closing(open_workplace(folder, REVIEWER, PASSWORD, shipped_policy())) as workplace:
        first = next(one for one in rows(workplace, "applicant") if not one.text("review"))
        MaterialsDesk(workplace).mark(first.record, Mark("GID", "accepted"))
        window = Window()
        window.resize(1366, 768)
        show(window)
        site = Site(window, workplace, tasks, qtbot)
        review = window.page_of("review")
        assert isinstance(review, ReviewPage)
        review.show_record(first.record)
        window.open_page("review")
        qtbot.waitUntil(lambda: review.case.record == first.record)
        assert review.case.rule.text() == "登记人与审核人须为两人"
        hand.press(F.Key_F2)
        qtbot.waitUntil(lambda: site.here == "register" and not tasks.busy)
        site.register().form.go_to("guardian_phone")
        hand.press(F.Key_A, control=True)
        hand.type("13900001111")
        hand.press(F.Key_F10)
        site.settle()
        assert rows(workplace, "guardian")[0].text("phone") == "13900001111"
        review.show_record(first.record)
        window.open_page("review")
        site.settle()
        qtbot.waitUntil(lambda: review.case.rule.text() == "这件您改过，请另一位审核员通过")
        hand.press(F.Key_A)
        site.settle()
        view = review.banner_place.view
        assert view is not None
        assert view.number == "D606"
        assert (
            next(one for one in rows(workplace, "applicant") if one.record == first.record).values[
                "review"
            ]
            is None
        )
