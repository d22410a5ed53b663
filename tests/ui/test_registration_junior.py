"""A junior school's desk: the child is found on the district's list by a few keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.answers import AnswerDesk, Place
from desktop_app.services.arrivals import ArrivalDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.rows import read_rows
from desktop_app.ui.pages.arrivals import ArrivalsPage
from desktop_app.ui.tasks import Tasks
from tests.services.kit import number
from tests.services.test_graduates import BORN, JUNIOR, ROWS, book
from tests.sync.site import Site, reply, take
from tests.sync.site import hand as hand_over
from tests.ui.conftest import Heard, Show
from tests.ui.registering import ENTER, SPACE, Hand, Room, filled

F = Qt.Key


@pytest.fixture
def junior(site: Site, district: Workplace, tmp_path: Path) -> Workplace:
    """A junior school's laptop to which the district's list has come with the answer."""
    from desktop_app.services.graduates import GraduateDesk

    school = site.laptop(district, "junior", JUNIOR)
    desk = GraduateDesk(district)
    preview = desk.look(book(tmp_path / "list.xlsx", ROWS))
    desk.enter(preview.assigned(preview.lines[3].row, JUNIOR))
    take(district, hand_over(school, tmp_path / "in").path)
    take(school, reply(district, tmp_path / "out", JUNIOR).path)
    return school


@pytest.fixture
def room(junior: Workplace, tasks: Tasks, show: Show, heard: Heard) -> Iterator[Room]:
    made = Room(junior, tasks, "J1")
    show(made.window)
    made.open()
    yield made
    made.settle()
    assert heard.bugs == []


def test_a_child_of_the_list_takes_few_keys_and_others_say_why(
    room: Room, junior: Workplace
) -> None:
    """The J1 case from the list: at most 30 keys, no mouse; then one who is not on it."""
    hand = Hand()
    assert room.form.current() == "graduate"
    hand.type("lyt")
    hand.press(ENTER)
    assert room.form.value("full_name") == "罗雨桐"
    assert room.form.value("id_number") == number(BORN)
    assert room.form.value("primary_school") == "湛河湾小学"
    assert room.check("graduate")[1] == "名单带出，请对证件" or room.check("graduate")[1]
    assert room.form.current() == "ethnic_code"
    hand.type("hz")
    hand.press(ENTER)
    walk = []
    for keys in (F.Key_1, "a1", F.Key_1, "fq", None, SPACE):
        walk.append(room.form.current())
        if isinstance(keys, str):
            hand.type(keys)
        elif keys is not None:
            hand.press(keys)
        hand.press(ENTER)
    assert walk == [
        "hukou_nature",
        "category",
        "boarding_code",
        "guardian_relation",
        "guardian_id_number",
        "notice_read",
    ]
    hand.press(F.Key_F6, F.Key_1, F.Key_2, F.Key_F10)
    room.settle()
    last = room.page.saver.last
    assert last is not None, room.page.banner_place.view
    assert last.name == "罗雨桐"
    assert hand.keys <= 25
    assert [one.come for one in ArrivalDesk(junior).entries() if one.name == "罗雨桐"] == [True]


def test_what_the_roll_says_is_locked_and_opened_with_a_reason_the_district_reads(
    room: Room, junior: Workplace, district: Workplace, tmp_path: Path
) -> None:
    hand = Hand()
    hand.type("lyt")
    hand.press(ENTER)
    locked = ("id_number", "id_type", "full_name", "primary_school", "national_student_no")
    assert not any(room.form.may_enter(name) for name in locked)
    assert room.form.may_enter("guardian_phone"), "a telephone is the family's own to tell"
    assert room.check("primary_school")[1] == "名册带出，已锁住"
    assert "Shift+F5 名册有误…" in [one.accessibleName() for one in room.window.key_bar.buttons]
    room.form.go_to("full_name")
    hand.type("x")
    assert room.form.value("full_name") == "罗雨桐"
    hand.press(F.Key_F5, shift=True)
    panel = room.page.view.questions
    assert "哪一格和证件不一样？" in panel.words
    assert "孩子姓名　罗雨桐" in panel.words
    hand.press(F.Key_2)
    assert "孩子姓名为什么不一样？" in panel.words
    hand.press(F.Key_1)
    assert room.form.current() == "full_name"
    assert room.form.may_enter("full_name")
    assert not room.form.may_enter("id_number")
    room.form.take("full_name", "罗雨彤")
    room.form.take("ethnic_code", "01")
    assert room.check("full_name")[1] == "名册有误，区里会看到"
    room.page.park()
    room.settle()
    hand.press(F.Key_F8, F.Key_1)
    assert room.form.value("full_name") == "罗雨彤"
    assert room.form.may_enter("full_name")
    assert not room.form.may_enter("id_number"), "a draft is as locked as it was"
    for name, value in filled().items():
        if not room.form.value(name) and room.form.may_enter(name):
            room.form.take(name, value)
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is not None, room.page.banner_place.view
    assert room.page.saver.last.name == "罗雨彤"
    take(district, hand_over(junior, tmp_path / "back").path)
    place = Place(JUNIOR, room.page.saver.last.record)
    facts = dict(AnswerDesk(district).open(place).facts)
    assert facts["名册有误"] == "姓名（名册写错了）"


def test_who_is_not_on_the_list_goes_through_with_a_reason(room: Room, junior: Workplace) -> None:
    hand = Hand()
    room.fill(id_number=number(BORN, 333), full_name="返乡娃", guardian_name="返大山")
    hand.press(F.Key_F10)
    room.settle()
    assert room.form.current() == "graduate", "whether the child is listed is said, not guessed"
    hand.type("bz")
    hand.press(F.Key_1)
    hand.press(F.Key_F10)
    room.settle()
    assert room.page.saver.last is not None
    assert ArrivalDesk(junior).off_list() == 1


def test_a_number_of_the_list_finds_its_child_and_another_child_undoes_the_first(
    room: Room,
) -> None:
    hand = Hand()
    room.form.go_to("id_number")
    hand.type(number(BORN))
    room.settle()
    assert room.form.value("graduate")
    assert room.form.value("guardian_name") == "罗志远"
    hand.press(ENTER)
    assert room.form.current() == "ethnic_code", "the number is locked now, and Enter goes on"
    room.form.go_to("graduate")
    hand.type("mmt")
    hand.press(ENTER)
    assert room.form.value("full_name") == "买买提·吐尔逊"
    assert room.form.value("hukou_village") == ""
    assert room.form.value("hukou_address") == "外县"


def test_who_has_not_come_is_listed_and_a_telephone_is_shown_with_a_trace(
    room: Room, junior: Workplace
) -> None:
    page = ArrivalsPage(ArrivalDesk(junior), room.tasks, lambda: None)
    room.window.add_page(page)
    room.window.open_page(page.nav_key)
    room.settle()
    assert page.counts.text() == "应到 2 · 已到 0 · 未到 2 · 不在名单 0"
    hand = Hand()

    def phone() -> str:
        shown = page.table.rows.row_at(page.table.currentIndex().row())
        assert shown is not None
        return str(shown.cells[4])

    assert "*" in phone()
    hand.press(F.Key_F8)
    room.settle()
    assert phone() == "138 0000 1234"
    with junior.database.read() as connection:
        looked = read_rows(connection, RECORD_TYPES["access"], JUNIOR, {"what": "unmask"})
    assert len(looked) == 1
    hand.press(F.Key_Down)
    hand.press(F.Key_Up)
    assert "*" in phone()
