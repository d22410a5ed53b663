"""The notice beside the form: told by one key, asked apart by others, on the receipt and kept."""

from __future__ import annotations

from PySide6.QtCore import Qt

from desktop_app.documents.own_information import OwnInformation
from desktop_app.services.consents import ConsentDesk, notice_digest, short_digest
from desktop_app.services.own_information import OwnInformationDesk
from desktop_app.ui.pages.guardian import GuardianPage, GuardianPrint
from tests.ui.registering import Hand, Room, filled
from tests.ui.registration_room import cheap_passwords, hand, room, school

F = Qt.Key
SHIFT_F7 = F.Key_F7
__all__ = ["cheap_passwords", "hand", "room", "school"]


def test_the_notice_is_read_out_and_what_is_no_duty_is_agreed_apart(room: Room, hand: Hand) -> None:
    """Read out, the photograph agreed to: on the receipt, in the case, and withdrawn later."""
    room.fill(notice_read="")
    hand.press(SHIFT_F7, shift=True)
    assert room.window.page is not None
    assert room.window.page.nav_key == "notice"
    assert not any(tick.value() for tick in room.notice.ticks.values()), "nothing is ticked before"
    hand.press(F.Key_F9)
    room.settle()
    assert [one.version for one in room.notices] == [room.desks.policy.notice.version]
    hand.press(F.Key_4, F.Key_2)
    assert room.window.page.nav_key == "register"
    assert room.form.value("notice_read") == "2"
    assert room.check("notice_read")[1] == "已念给来人听，回执上签"
    hand.press(F.Key_F10)
    room.settle()
    last = room.page.saver.last
    assert last is not None
    desk = ConsentDesk(room.workplace)
    standing = desk.standing(last.record)
    assert (standing.told, standing.signer) == ("read_aloud", "51")
    assert standing.agreed == {"photo"}
    digest = short_digest(notice_digest(room.desks.policy.notice))
    view, _sheet = room.tray.sheets[0]
    assert digest in view.notice
    assert "已念给父亲听" in view.notice

    assert desk.set(last.record, "photo", agreed=False).agreed == frozenset()
    assert desk.set(last.record, "phone_group", agreed=True).agreed == {"phone_group"}
    hand.press(SHIFT_F7, shift=True)
    assert not any(tick.value() for tick in room.notice.ticks.values()), "another family is asked"
    hand.press(F.Key_3, F.Key_Escape)
    assert room.page.consented == {"phone_group"}, "what was agreed to is kept without 1 or 2"


def test_a_case_taken_back_keeps_what_was_told_and_agreed(room: Room, hand: Hand) -> None:
    room.fill(notice_read="2")
    hand.press(SHIFT_F7, shift=True)
    hand.press(F.Key_4, F.Key_Escape, F.Key_F10)
    room.settle()
    hand.take_back()
    room.settle()
    assert room.form.value("notice_read") == "2"
    assert room.page.consented == {"photo"}


def test_an_amendment_shows_what_was_agreed_and_writes_what_is_withdrawn(
    room: Room, hand: Hand
) -> None:
    room.fill(notice_read="2")
    hand.press(SHIFT_F7, shift=True)
    hand.press(F.Key_4, F.Key_Escape, F.Key_F10)
    room.settle()
    last = room.page.saver.last
    assert last is not None
    room.page.amend(last.record)
    room.settle()
    assert room.form.value("notice_read") == "2"
    assert room.page.live.changed() == ()
    hand.press(SHIFT_F7, shift=True)
    assert room.notice.ticks["photo"].value()
    hand.press(F.Key_4, F.Key_Escape, F.Key_F10)
    room.settle()
    standing = ConsentDesk(room.workplace).standing(last.record)
    assert standing.agreed == frozenset()
    assert standing.told == "read_aloud"


def test_a_guardian_withdraws_and_gets_the_print_at_the_list(room: Room, hand: Hand) -> None:
    """Without a printer nothing is logged as printed; with one, who printed is logged first."""
    record = room.desks.desk.register(filled(consented="photo phone_group")).record
    sheets: list[OwnInformation] = []
    page = GuardianPage(
        OwnInformationDesk(room.workplace),
        ConsentDesk(room.workplace),
        room.tasks,
        GuardianPrint(room.tray.require, sheets.append),
        lambda: None,
    )
    room.window.add_page(page)
    room.window.open_page(page.nav_key)
    page.open(record, "罗雨桐")
    room.settle()
    hand.press(F.Key_2)
    room.settle()
    assert ConsentDesk(room.workplace).standing(record).agreed == {"phone_group"}
    room.tray.trouble = "print.none"
    hand.press(F.Key_F9)
    room.settle()
    assert sheets == []
    room.tray.trouble = ""
    hand.press(F.Key_F9)
    room.settle()
    (sheet,) = sheets
    assert sheet.name == "罗雨桐"
    assert [done for _, _, done in sheet.looked] == ["打印"]
