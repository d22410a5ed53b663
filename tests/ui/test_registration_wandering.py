"""A desk that is interrupted all day: typed, parked, taken up, locked, in any order; nothing mixes."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import Qt

from desktop_app.services.workplace import Workplace
from desktop_app.storage.drafts import Draft
from desktop_app.ui.tasks import Tasks
from tests.ui.conftest import Show
from tests.ui.registering import ENTER, Hand, Room, number
from tests.ui.registration_room import cheap_passwords, hand, school

F = Qt.Key
__all__ = ["cheap_passwords", "hand", "school"]
_ALWAYS = {"id_type", "guardian_id_type"}


class Desk:
    """A person at the desk, and what they believe to have typed: by draft, field by field."""

    def __init__(self, school: Workplace, tasks: Tasks, show: Show, hand: Hand) -> None:
        self.school, self.tasks, self.show, self.hand = school, tasks, show, hand
        self.believed: dict[str, dict[str, str]] = {}
        self.room = self.open()

    def open(self) -> Room:
        room = Room(self.school, self.tasks)
        self.show(room.window)
        room.open()
        return room

    @property
    def draft(self) -> str:
        return self.room.page.live.case.draft

    # --- what may happen --------------------------------------------------------------------

    def type(self, chance: random.Random) -> None:
        """Type over a field, and leave it by Enter or by going elsewhere."""
        day, door = chance.randint(10, 28), chance.randint(1, 99)
        name, value = chance.choice(
            (
                ("id_number", number(f"201803{day}")),
                ("full_name", chance.choice(("罗雨桐", "孟一诺", "买买提·吾守尔", "𠮷田", "=罗"))),
                ("hukou_address", f"{day}组{door}号"),
                ("guardian_name", chance.choice(("罗志远", "孟大山", "<i>"))),
                ("guardian_phone", f"138000{day}{door:02d}"),
            )
        )
        self.room.form.go_to(name)
        self.hand.press(F.Key_A, control=True)
        self.hand.press(F.Key_Delete)
        self.hand.commit(value, "p")
        if chance.random() < 0.6:
            self.hand.press(ENTER)
        else:
            self.room.form.go_to("notice_read")
        self.believed.setdefault(self.draft, {})[name] = value

    def choose(self, chance: random.Random) -> None:
        """Choose in a list, or tick."""
        name, typed, value = chance.choice(
            (
                ("category", "a1", "A1"),
                ("category", "a2", "A2"),
                ("ethnic_code", "hz", "01"),
                ("guardian_relation", "fq", "51"),
                ("hukou_village", "zhw", "410411200201"),
            )
        )
        self.room.form.go_to(name)
        self.hand.type(typed)
        self.hand.press(ENTER)
        self.believed.setdefault(self.draft, {})[name] = value

    def tell(self, chance: random.Random) -> None:
        """Declare something in private; it belongs to this case alone."""
        words = f"note {chance.randint(100, 999)}"
        self.hand.press(F.Key_F7)
        self.room.private.text.setPlainText(words)
        self.room.private.consent.set_value("1")
        if chance.random() < 0.5:
            self.hand.press(F.Key_F10)
        else:
            self.room.window.open_page("register")
        if not self.room.form.is_empty:
            self.believed[self.draft] |= {"private_note": words, "consented": "self_report"}
        else:
            self.room.page.take_note("", agreed=False)

    def park(self, chance: random.Random) -> None:
        """Put the case aside, or take one up where the form is empty."""
        self.hand.press(F.Key_F8)
        self.room.settle()
        drafts = self.room.page.view.drafts.drafts
        if self.room.page.view.drafts.hasFocus():
            digit = chance.randint(1, min(9, len(drafts)))
            self.hand.type(str(digit))
            self.room.settle()
            assert self.draft == drafts[digit - 1].id

    def lock(self, _chance: random.Random) -> None:
        """Lock in the middle of everything: the page is left, another process comes."""
        before = self.draft if not self.room.form.is_empty else ""
        caret = self.room.form.current()
        self.room.page.on_leave()
        self.room.settle()
        self.room.window.close()
        self.room = self.open()
        if before:
            assert self.draft == before
            assert self.room.form.current() == caret

    # --- what must hold -----------------------------------------------------------------------

    def hold(self) -> None:
        """Compare screen and database with what the person believes to have typed."""
        self.room.settle()
        shown = {
            name: value
            for name, value in self.room.page.live.case.draft_of(
                self.room.form.typed(), "", ""
            ).fields.items()
            if name not in _ALWAYS
        }
        believed = {draft: dict(fields) for draft, fields in self.believed.items()}
        expected = {k: v for k, v in believed.get(self.draft, {}).items() if k not in _ALWAYS}
        if not self.room.form.is_empty or expected:
            assert without_derived(shown) == expected
        kept = {one.id: fields_of(one) for one in self.room.desks.desk.drafts()}
        told_of_a_child = {
            draft: fields
            for draft, fields in believed.items()
            if set(fields)
            - {"category", "ethnic_code", "hukou_village", "private_note", "consented"}
        }
        assert {draft: kept.get(draft) for draft in told_of_a_child} == told_of_a_child


def fields_of(draft: Draft) -> dict[str, str]:
    return without_derived(
        {name: value for name, value in draft.fields.items() if name not in _ALWAYS}
    )


def without_derived(fields: dict[str, str]) -> dict[str, str]:
    """Leave decisions about look-alikes out, which come and go with the number, and the caret."""
    return {
        name: value
        for name, value in fields.items()
        if name != "left_at" and not name.startswith("decision:")
    }


@pytest.mark.parametrize("seed", range(4))
def test_no_field_is_lost_or_reaches_another_child(
    school: Workplace, tasks: Tasks, show: Show, hand: Hand, seed: int
) -> None:
    chance = random.Random(seed)
    desk = Desk(school, tasks, show, hand)
    acts = (desk.type, desk.choose, desk.park, desk.tell, desk.lock)
    done: list[str] = []
    for _ in range(28):
        (act,) = chance.choices(acts, (10, 4, 5, 1, 1))
        done.append(act.__name__)
        act(chance)
        desk.hold()
    assert len(desk.believed) >= 2, done
