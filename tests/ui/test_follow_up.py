"""容缺 from the form to the follow-up list, by keys: registered, told at once, called, printed."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt

from desktop_app.documents.repair_notice import NoticeView, repair_notice_html
from desktop_app.domain.errors import WorkplaceError
from desktop_app.services.day import DayDesk
from desktop_app.services.follow_up import FollowUpDesk
from desktop_app.services.lists import ListDesk
from desktop_app.services.materials import Mark, MaterialsDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.ui.pages.follow_up import FollowUpPage
from desktop_app.ui.views import cell_text
from tests.ui.cases import rows_of
from tests.ui.conftest import said
from tests.ui.registering import Hand, Room, filled, number
from tests.ui.registration_room import cheap_passwords, hand, room, school

F = Qt.Key
__all__ = ["cheap_passwords", "hand", "room", "school"]
NO_NUMBER = {
    "id_type": "Z",
    "id_number": "",
    "sex": "1",
    "birth_date": "20180314",
    "category": "D3",
}


class Slips:
    """Keeps the notices that were printed, or refuses."""

    def __init__(self) -> None:
        self.views: list[NoticeView] = []
        self.refuses = False

    def require(self) -> None:
        if self.refuses:
            raise WorkplaceError("print.none")

    def __call__(self, view: NoticeView) -> None:
        self.views.append(view)


def lines_of(page: FollowUpPage) -> list[list[str]]:
    model = page.table.rows
    rows = [model.row_at(place) for place in range(model.rowCount())]
    return [[cell_text(cell) for cell in row.cells] for row in rows if row is not None]


def add_list(room: Room) -> tuple[FollowUpPage, Slips]:
    """Put the page into the window, and open it."""
    slips = Slips()
    page = FollowUpPage(FollowUpDesk(room.workplace), room.tasks, slips, slips.require)
    room.window.add_page(page)
    room.window.open_page(page.nav_key)
    room.settle()
    return page, slips


def test_scenario_7_a_child_with_neither_number_nor_birth_certificate_is_registered_and_followed_up(
    room: Room, hand: Hand
) -> None:
    room.fill(**NO_NUMBER)
    papers = [one.code for one in room.page.view.materials.papers]
    born, guardian = papers.index("BIRTH") + 1, papers.index("GID") + 1
    keys = [F(F.Key_0.value + place) for place in (born, born, guardian, guardian)]
    hand.press(F.Key_F6, *keys, F.Key_F10)
    room.settle()
    last = room.page.saver.last
    assert last is not None
    (view, _), *_ = room.tray.sheets
    late = {one.label: one.due for one in view.materials if one.state == "due"}
    assert len(late) == 2
    assert all(late.values())
    counts = ListDesk(room.workplace).counts()
    assert (counts["all"], counts["missing"]) == (1, 1)
    summary = DayDesk(room.workplace).summary()
    assert (summary.registered, summary.complete) == (1, 0)

    page, slips = add_list(room)
    ((name, _, day, state, owed, phone, _),) = lines_of(page)
    assert (name, state, phone) == ("罗雨桐", "待补", "138****1612")
    assert owed.startswith("3 项：出生医学证明")
    assert owed.endswith("、证件号（有了再补）")
    assert day
    hand.press(F.Key_F8)
    room.settle()
    assert lines_of(page)[0][5] == "13800001612"
    assert len(rows_of(room.workplace, "access", what="unmask")) == 1
    hand.press(F.Key_F9)
    room.settle()
    (notice,) = slips.views
    assert [one.label for one in notice.papers] == owed.removeprefix("3 项：").split("、")[:-1]
    assert all(one.due for one in notice.papers)
    assert "已送打印" in said(page)
    logged = rows_of(room.workplace, "access", what="print")
    assert sorted(str(row.values.get("copy")) for row in logged) == ["1", "None"]
    slips.refuses = True
    hand.press(F.Key_F9)
    room.settle()
    assert "打印" in said(page)
    assert len(rows_of(room.workplace, "access", what="print")) == 2, (
        "none went out, none is logged"
    )
    opened: list[str] = []
    page.opened.connect(opened.append)
    hand.press(F.Key_Return)
    assert opened == [last.record]
    page.on_leave()
    assert lines_of(page)[0][5] == "138****1612", "what was shown is covered"


def register(workplace: Workplace, order: int, name: str, village: str) -> str:
    form = filled(id_number=number(order=order), full_name=name, hukou_village=village)
    return RegistrationDesk(workplace).register(form).record


def test_the_overdue_stand_first_then_by_village_and_a_village_stands_alone(
    room: Room, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = room.workplace
    village, other = list(desk.policy.villages)[:2]
    first, second = (
        register(desk, 100 + place, name, where)
        for place, (name, where) in enumerate((("王子涵", village), ("魏振豪", other)))
    )
    materials = MaterialsDesk(desk)
    for paper in ("HKB", "GID"):
        materials.mark(first, Mark(paper, "pending_original"))
    materials.mark(second, Mark("HKB", "correction_required", reason="PAGE_MISSING"))
    with desk.journal.begin(desk.actor()) as work:
        for record, day in ((first, "2099-08-28"), (second, "2020-01-01")):
            for row in work.rows("material_check", applicant=record):
                work.edit("material_check", row.record, {"due_on": day})
    page, _ = add_list(room)
    stray = FollowUpDesk(desk).list()
    late = ["过期限"] if not stray.stray_year else ["待补正"]
    assert {one[0]: one[3] for one in lines_of(page)}["魏振豪"] in late
    monkeypatch.setattr("desktop_app.services.follow_up.stray_year", lambda _year: 0)
    page.refresh()
    room.settle()
    states = [(one[0], one[3]) for one in lines_of(page)]
    assert states == [("魏振豪", "过期限"), ("王子涵", "待补")]
    hand.press(F.Key_Down, F.Key_F8)
    room.settle()
    covered = ["*" in one[5] for one in lines_of(page)]
    assert covered == [True, False], "the telephone of the line of now, and of no other"
    hand.press(F.Key_Up)
    assert all("*" in one[5] for one in lines_of(page))
    assert "过期限 1 人" in page.counted.text()
    hand_alt(page, room)
    assert len(lines_of(page)) == 1
    monkeypatch.setattr("desktop_app.services.follow_up.stray_year", lambda _year: 2031)
    page.refresh()
    room.settle()
    assert "2031" in page.counted.text()
    assert all(one[3] != "过期限" for one in lines_of(page))
    materials.mark(first, Mark("HKB", "accepted"))
    materials.mark(first, Mark("GID", "accepted"))
    page.refresh()
    room.settle()
    assert [one[0] for one in lines_of(page)] == ["魏振豪"]


def hand_alt(page: FollowUpPage, room: Room) -> None:
    """Press Alt+→ as the window hears it."""
    (key,) = [one for one in page.key_actions() if one.key == "Alt+→"]
    key.callback()
    room.settle()


def test_the_notice_is_plain_text_and_says_all_at_once() -> None:
    view = NoticeView(
        school="湛河湾小学",
        number="KQR-1-0824-0001-5",
        name="罗<b>雨桐",
        village="湛河湾村",
        papers=(),
        deadline="8 月 28 日 17:30",
        missing_is_fine="缺材料不影响孩子登记。",
        told_at_once="一次性告知。",
        no_fee="不收取任何费用。",
        hotline="热线 0375-0000000。",
        clerk="刘素琴",
        printed_at="2024-08-24 09:00",
    )
    markup = repair_notice_html(view)
    assert "罗&lt;b&gt;雨桐" in markup
    assert "材料都齐了" in markup
    assert "练习" in repair_notice_html(dataclasses.replace(view, practice=True))
