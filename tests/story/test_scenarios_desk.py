"""Scenarios 1 to 4 at the window itself: a clerk without a mouse, real keys, a real school."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop_app.domain.acts import Role
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.people import PeopleDesk
from desktop_app.services.policies import shipped_policy
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.setup import open_workplace
from desktop_app.services.workplace import Workplace, closing
from desktop_app.storage.rows import Row, read_rows
from desktop_app.ui.compose import compose, prepare
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.today import TodayPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State
from desktop_app.ui.widgets.choice import Derived
from desktop_app.ui.widgets.pill import StateLine
from desktop_app.ui.window import Window
from tests.services.kit import form, number, without
from tests.sync.site import Site, row_of, take
from tests.sync.site import hand as hand_over
from tests.ui.conftest import Heard, Show
from tests.ui.registering import (
    CHILD,
    CLERK,
    ENTER,
    PASSWORD,
    Hand,
    Room,
    Tray,
    filled,
    focused,
    make_school,
)
from tests.ui.registration_room import hand, room, school
from tests.ui.test_registration import Mice, key_minimal_case

F = Qt.Key
__all__ = ["hand", "room", "school"]
ANOTHER = "王建国"


def rows(workplace: Workplace, kind: str) -> list[Row]:
    with workplace.database.read() as connection:
        return read_rows(connection, RECORD_TYPES[kind], workplace.seat.scope, {})


def derived(room: Room) -> list[str]:
    return [one.text() for one in room.form.findChildren(Derived)]


# --- scenario 1: the minimal case by keyboard ---------------------------------------------------


def test_scenario_1_the_minimal_case_takes_at_most_110_keys_and_spools_a_receipt(
    room: Room, hand: Hand
) -> None:
    mice = Mice(room)
    key_minimal_case(hand, room)
    (child,) = rows(room.workplace, "applicant")
    assert child.text("full_name") == "罗雨桐"
    assert child.text("missing_materials") == ""
    ((view, sheet),) = room.tray.sheets
    assert view.number == child.text("receipt_number")
    assert sheet.startswith(b"%PDF")
    assert hand.keys <= 110
    assert (mice.mouse, mice.strayed) == (0, [])


# --- scenario 2: the number fills what it says --------------------------------------------------


def test_scenario_2_the_last_digit_fills_and_locks_sex_birth_and_age_within_200_milliseconds(
    room: Room, hand: Hand
) -> None:
    """The median of a few, since the machine may be busy with something else."""
    taken: list[float] = []
    for _ in range(5):
        room.form.go_to("id_number")
        hand.press(F.Key_A, control=True)
        hand.type(CHILD[:17])
        room.settle()
        assert derived(room) == ["", "", ""]
        begin = time.perf_counter()
        hand.type(CHILD[17])
        while derived(room)[0] == "":
            QApplication.processEvents()
        taken.append(time.perf_counter() - begin)
    room.settle()
    assert derived(room) == ["女", "2018-03-14", "8月31日 满 6 岁 5 个月"]
    assert statistics.median(taken) <= 0.2
    hand.press(ENTER)
    assert room.form.current() == "full_name"  # nothing that was filled in can be entered
    assert not {"derived_sex", "derived_birth", "derived_age"} & {*room.form.names()}


def test_scenario_2_a_wrong_check_digit_is_refused_and_the_right_one_stays_hidden(
    room: Room, hand: Hand
) -> None:
    wrong = CHILD[:17] + ("1" if CHILD[17] != "1" else "2")
    hand.type(wrong)
    hand.press(ENTER, F.Key_F10)
    room.settle()
    assert room.check("id_number") == (State.REFUSED, "校验不对，请对证件")
    assert derived(room) == ["", "", ""]
    assert room.form.current() == "id_number"
    assert rows(room.workplace, "applicant") == []
    assert CHILD not in " ".join(one.text() for one in room.page.findChildren(QLabel))


# --- scenario 3: the same number again ----------------------------------------------------------


class Seat:
    """The composed window of a school, at which a second clerk sits."""

    def __init__(self, workplace: Workplace, tasks: Tasks, window: Window, qtbot: QtBot) -> None:
        self.workplace, self.tasks, self.window, self.qtbot = workplace, tasks, window, qtbot
        self.shell = compose(prepare(workplace), tasks, window, Tray())  # type: ignore[arg-type]
        self.rest()

    def rest(self) -> None:
        self.qtbot.wait(90)  # longer than changes are gathered
        self.qtbot.waitUntil(lambda: not self.tasks.busy, timeout=20_000)

    @property
    def register(self) -> RegistrationPage:
        page = self.window.page_of("register")
        assert isinstance(page, RegistrationPage)
        return page


@pytest.fixture
def second(
    tmp_path: Path, tasks: Tasks, window: Window, qtbot: QtBot, heard: Heard
) -> Iterator[Seat]:
    """Give the window of a clerk after another one has registered a child."""
    folder = tmp_path / "data"
    with closing(make_school(folder)) as workplace:
        PeopleDesk(workplace).add(ANOTHER, PASSWORD, [Role.REGISTRAR])
        RegistrationDesk(workplace).register(filled())
    with closing(open_workplace(folder, ANOTHER, PASSWORD, shipped_policy())) as workplace:
        made = Seat(workplace, tasks, window, qtbot)
        yield made
        made.rest()
    assert heard.bugs == []


def test_scenario_3_the_same_number_stops_and_shows_the_first_record_with_state_clerk_and_time(
    second: Seat, hand: Hand
) -> None:
    hand.type(CHILD)
    second.rest()
    panel = second.register.view.likeness
    assert panel.open_children[0][0].finding.stops
    assert f"{CLERK} · 今天 " in panel.words
    assert "待补" in panel.words
    assert CHILD not in panel.words
    assert CHILD[-4:] in panel.words
    for name, value in filled(full_name="孟一诺").items():
        second.register.form.take(name, value)
    second.rest()
    hand.press(F.Key_F10)
    second.rest()
    assert len(rows(second.workplace, "applicant")) == 1
    banner = second.register.banner_place.view
    assert banner is not None
    assert "这个号码已经有人登记" in banner.what


def test_scenario_3_opening_the_first_record_leaves_the_name_of_the_looker(
    second: Seat, hand: Hand
) -> None:
    hand.type(CHILD)
    second.rest()
    hand.press(F.Key_F3)
    second.rest()
    page = second.window.page
    assert isinstance(page, TodayPage)
    hand.commit("罗雨桐", "luoyutong")
    second.qtbot.waitUntil(lambda: page.list.line is not None and page.list.line.state == "missing")
    second.rest()
    hand.press(F.Key_F8)
    second.rest()
    (looked,) = rows(second.workplace, "access")
    assert (looked.text("what"), looked.created_by) == ("unmask", second.workplace.person)


# --- scenario 4: two children who look alike ----------------------------------------------------


def test_scenario_4_both_stand_side_by_side_and_the_reasoned_decision_travels(
    district: Workplace, laptop: Workplace, site: Site, tasks: Tasks, show: Show, hand: Hand
) -> None:
    one = form(full_name="李梓涵", id_number=number(order=300), guardian_name="李志远")
    other = form(full_name="李子涵", id_number=number(order=462), guardian_name="李志远")
    first = RegistrationDesk(laptop).register(one).record
    room = Room(laptop, tasks)
    show(room.window)
    room.open()
    for name, value in without(other, "guardian_id_number").items():
        if name in room.form.names():
            room.form.take(name, value)
    room.settle()
    hand.press(F.Key_F10)
    room.settle()
    assert len(rows(laptop, "applicant")) == 1
    banner = room.page.banner_place.view
    assert banner is not None
    assert "和登记过的 李梓涵 很像：读音、生日、家长或住址都相同" in banner.what
    hand.press(F.Key_F5)
    panel = room.page.view.likeness
    assert {"李子涵", "李梓涵", "读音、生日、家长或住址都相同"} <= set(panel.words.split()) | {
        panel_why(room)
    }
    hand.press(F.Key_1)
    room.settle()
    assert focused().objectName() == "reason"
    hand.press(ENTER)  # no reason, no decision
    room.settle()
    assert panel.open_children != ()
    hand.commit("父母到场，两本户口簿", "fmdc")
    hand.press(ENTER)
    room.settle()
    hand.press(F.Key_F10)
    room.settle()
    second = next(row for row in rows(laptop, "applicant") if row.record != first)
    assert second.text("full_name") == "李子涵"
    (decided,) = rows(laptop, "duplicate_decision")
    assert (decided.text("decision"), decided.text("reason")) == (
        "different",
        "父母到场，两本户口簿",
    )
    take(district, hand_over(laptop, site.folder / "stick").path)
    carried = row_of(district, "duplicate_decision", decided.record)
    assert carried["reason"] == "父母到场，两本户口簿"


def panel_why(room: Room) -> str:
    """Give why the panel says that two look alike."""
    return room.page.view.likeness.findChildren(StateLine)[0].words
