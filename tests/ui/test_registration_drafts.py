"""Nothing typed is lost: drafts by field with the caret, put aside, taken up, killed and reopened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.domain.acts import Role
from desktop_app.services.people import PeopleDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.setup import open_workplace
from desktop_app.services.workplace import Workplace, closing
from desktop_app.ui.tasks import Tasks
from tests.ui.conftest import Show
from tests.ui.registering import (
    CHILD,
    CLERK,
    ENTER,
    PASSWORD,
    TWIN,
    Hand,
    Room,
    filled,
    make_school,
)
from tests.ui.registration_room import cheap_passwords, hand, room, school

F = Qt.Key
__all__ = ["cheap_passwords", "hand", "room", "school"]


def begin(room: Room, hand: Hand) -> None:
    """Type a number and a name, and stop at the next field."""
    hand.type(CHILD)
    hand.press(ENTER)
    hand.commit("罗雨桐", "luoyutong")
    hand.press(ENTER)
    room.settle()


def test_each_committed_field_is_kept_with_the_caret(room: Room, hand: Hand) -> None:
    hand.type(CHILD)
    room.settle()
    assert room.desks.desk.drafts() == ()
    hand.press(ENTER)
    room.settle()
    kept = room.desks.desk.drafts()[0]
    assert kept.fields["id_number"] == CHILD
    assert kept.caret == "full_name"
    assert room.page.view.saved_words.startswith("已自动保存")
    hand.commit("罗雨桐", "luoyutong")
    hand.press(ENTER)
    room.settle()
    assert len(room.desks.desk.drafts()) == 1
    assert room.desks.desk.drafts()[0].fields["full_name"] == "罗雨桐"


def test_an_untouched_form_leaves_no_draft(room: Room) -> None:
    room.page.on_leave()
    room.settle()
    assert room.desks.desk.drafts() == ()


def test_a_form_that_is_emptied_again_leaves_no_trace(room: Room, hand: Hand) -> None:
    hand.type(CHILD)
    hand.press(ENTER)
    room.settle()
    room.form.go_to("id_number")
    hand.press(F.Key_A, control=True)
    hand.press(F.Key_Delete, ENTER)
    room.settle()
    assert room.desks.desk.drafts() == ()


def test_leaving_keeps_the_field_that_is_being_typed(room: Room, hand: Hand) -> None:
    begin(room, hand)
    room.form.go_to("hukou_address")
    hand.type("3-2")
    room.window.open_page("private")
    room.settle()
    kept = room.desks.desk.drafts()[0]
    assert kept.fields["hukou_address"] == "3组2号"
    assert kept.caret == "hukou_address"


def test_the_draft_comes_back_at_its_caret_and_names_the_child(
    school: Workplace, tasks: Tasks, show: Show, room: Room, hand: Hand
) -> None:
    begin(room, hand)
    hand.press(F.Key_F6, F.Key_1)
    again = Room(school, tasks)
    show(again.window)
    again.open()
    assert again.form.value("full_name") == "罗雨桐"
    assert again.form.value("id_number") == CHILD
    assert again.form.current() == "ethnic_code"
    assert again.said == ["接着填：罗雨桐"]
    assert again.page.live.case.draft == room.page.live.case.draft


def test_papers_decisions_and_declaration_are_part_of_the_draft(room: Room, hand: Hand) -> None:
    room.desks.desk.register(filled(id_number=TWIN, full_name="罗雨晨"))
    room.fill()
    hand.press(F.Key_F6, F.Key_1, F.Key_2, F.Key_2, ENTER, F.Key_F5, F.Key_1)
    room.settle()
    room.page.take_note("需要坐前排", agreed=True)
    room.settle()
    draft = room.desks.desk.drafts()[0]
    case = type(room.page.live.case).of_draft(draft)
    assert case.materials == {"HKB": "accepted", "GID": "pending_original"}
    assert case.note == "需要坐前排"
    assert {made.decision for made in case.decisions.values()} == {"siblings"}


def test_f8_puts_aside_and_f8_on_an_empty_form_takes_up_again(room: Room, hand: Hand) -> None:
    begin(room, hand)
    hand.press(F.Key_F8)
    room.settle()
    assert room.form.is_empty
    assert room.form.current() == "id_number"
    assert [line.name for line in room.page.view.drafts.drafts] == ["罗雨桐"]
    assert "F8" in [one.key for one in room.page.key_actions() if one.label == "取回草稿"]
    hand.press(F.Key_F8)
    hand.press(F.Key_1)
    room.settle()
    assert room.form.value("full_name") == "罗雨桐"
    assert room.form.current() == "ethnic_code"


def test_saving_ends_the_draft(room: Room, hand: Hand) -> None:
    begin(room, hand)
    room.fill()
    hand.press(F.Key_F10)
    room.settle()
    assert room.desks.desk.drafts() == ()


def test_a_draft_chosen_in_a_list_is_opened_and_the_one_on_screen_kept(
    room: Room, hand: Hand
) -> None:
    begin(room, hand)
    first = room.page.live.case.draft
    hand.press(F.Key_F8)
    room.settle()
    hand.type(TWIN)
    hand.press(ENTER)
    room.settle()
    room.page.open_draft(first)
    room.settle()
    assert room.form.value("id_number") == CHILD
    assert {one.fields["id_number"] for one in room.desks.desk.drafts()} == {CHILD, TWIN}


def test_taking_back_first_puts_the_half_typed_next_case_aside(room: Room, hand: Hand) -> None:
    room.fill()
    hand.press(F.Key_F10)
    room.settle()
    hand.type(TWIN)
    hand.press(ENTER)
    hand.commit("罗雨晨", "luoyuchen")
    hand.press(ENTER)
    hand.take_back()
    room.settle()
    assert room.form.value("id_number") == CHILD
    assert {one.fields["full_name"] for one in room.desks.desk.drafts()} == {"罗雨晨", "罗雨桐"}


def test_another_person_sees_none_of_it(tmp_path: Path, tasks: Tasks, show: Show) -> None:
    folder, hand = tmp_path / "data", Hand()
    with closing(make_school(folder)) as workplace:
        PeopleDesk(workplace).add("王建国", PASSWORD, [Role.REGISTRAR])
        room = Room(workplace, tasks)
        show(room.window)
        room.open()
        begin(room, hand)
        room.window.close()
    with closing(open_workplace(folder, "王建国", PASSWORD, shipped_policy())) as workplace:
        other = Room(workplace, tasks)
        show(other.window)
        other.open()
        assert other.form.is_empty
        assert other.page.view.drafts.drafts == ()


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_process_loses_no_committed_field(
    tmp_path: Path, tasks: Tasks, show: Show, repository: Path
) -> None:
    folder = tmp_path / "data"
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.registering_child", str(folder)],
        cwd=repository,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "kept"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with closing(open_workplace(folder, CLERK, PASSWORD, shipped_policy())) as workplace:
        room = Room(workplace, tasks)
        show(room.window)
        room.open()
        assert room.form.value("id_number") == CHILD
        assert room.form.value("full_name") == "罗雨桐"
        assert room.form.current() == "ethnic_code"
        room.settle()


def test_a_draft_that_was_finished_and_saved_is_gone_from_the_list(room: Room, hand: Hand) -> None:
    """Left in the list it would come back as a second, half-filled copy of the same child."""
    begin(room, hand)
    hand.press(F.Key_F8)
    room.settle()
    assert len(room.page.keeper.others()) == 1
    hand.press(F.Key_F8, F.Key_1)
    room.settle()
    assert room.page.keeper.others() == ()
    room.fill()
    hand.press(F.Key_F10)
    room.settle()
    assert room.desks.desk.drafts() == ()
    assert room.page.keeper.others() == ()
