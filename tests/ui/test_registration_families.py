"""Sixty different families keyed into the real page: what is saved is what was typed, child by child."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.commands.families import Family, make_families
from desktop_app.commands.families_values import SAME_CHILD, UNDER_AGE
from desktop_app.domain.identity import check_identity
from desktop_app.domain.names import tidy_name
from desktop_app.services.form import NO_NUMBER, YES
from desktop_app.services.policies import shipped_policy
from desktop_app.storage.journal import Work
from desktop_app.ui.pages.registration_choices import ELSEWHERE, MODIFIER
from tests.ui.registering import ENTER, Hand, Room, focused
from tests.ui.registration_room import cheap_passwords, hand, room, school

F = Qt.Key
__all__ = ["cheap_passwords", "hand", "room", "school"]
SHIFT = Qt.KeyboardModifier.ShiftModifier
RESIDENT = {"1", "H"}
_PAPER = "material."


def typed_form(family: Family) -> dict[str, str]:
    """The family as the form of the window asks for it: a place elsewhere stands in the address."""
    form = {"id_type": "1", "guardian_id_type": "1", **family.form()}
    form.pop("identity_reason", None)
    if form["id_type"] in RESIDENT:
        del form["sex"], form["birth_date"]
    if form["id_type"] != NO_NUMBER:
        form.pop("birth_certificate", None)
    villages = shipped_policy().villages
    for village, address in (
        ("hukou_village", "hukou_address"),
        ("current_village", "current_address"),
    ):
        place = form.get(village, "")
        if place and place not in villages:
            form[village] = ELSEWHERE
            form[address] = f"{place}{form.get(address, '')}"
    if shipped_policy().categories[form["category"]].kind == MODIFIER:
        form["category"] = "A1"  # twins and siblings are ticks at the desk, no category
    home = (form.get("hukou_village"), form.get("hukou_address"))
    if home == (form.get("current_village"), form.get("current_address")):
        form["same_address"] = YES
        form.pop("current_village", None)
        form.pop("current_address", None)
    return form


class Typist:
    """Keys a whole family, field by field, wherever Enter leads; goes back for what it passed."""

    def __init__(self, room: Room, hand: Hand) -> None:
        self.room, self.hand, self.form = room, hand, room.form

    def key(self, wanted: Mapping[str, str]) -> None:
        """Fill the form wherever Enter leads, then walk back over all of it and mend the rest."""
        self.back_to("id_type")
        seen: set[str] = set()
        while (here := self.form.current()) not in seen:
            seen.add(here)
            self.put(here, wanted.get(here, ""))
            self.hand.press(ENTER)
        self.form.go_to("notice_read")
        while self.left(wanted):
            here = self.form.current()
            self.put(here, wanted.get(here, ""))
            QTest.keyClick(focused(), ENTER, SHIFT)
            assert self.form.current() != here, self.left(wanted)

    def left(self, wanted: Mapping[str, str]) -> list[str]:
        """What is still to be filled or emptied, in the order of the form."""
        return [
            name
            for name in self.form.names()
            if self.form.may_enter(name) and self.form.value(name) != wanted.get(name, "")
        ]

    def back_to(self, name: str) -> None:
        """Walk to a field with Shift+Enter, round from the last one where it lies behind."""
        names = list(self.form.names())
        if names.index(self.form.current()) < names.index(name):
            self.form.go_to("notice_read")
        for _ in names:
            if self.form.current() == name:
                return
            QTest.keyClick(focused(), ENTER, SHIFT)
        pytest.fail(f"Shift+Enter never came to {name}")

    def put(self, name: str, value: str) -> None:
        """Give a field its value with the keys its kind wants."""
        if self.form.value(name) == value:
            return
        control = focused()
        if name in {"same_address", "multiple_birth", "sibling_enrolled", "notice_read"}:
            self.hand.press(F.Key_Space)
        elif name in {"sex", "hukou_nature", "boarding_code"}:
            self.hand.type(value)
        elif name in {"full_name", "guardian_name", "hukou_address", "current_address"}:
            self.hand.press(F.Key_A, control=True)
            self.hand.press(F.Key_Delete)
            self.hand.commit(value, "pin")
        elif control.property("r") == "pick":
            self.hand.type("wd" if value == ELSEWHERE else value.lower())
        elif len(self.form.value("guardian_name")) % 2:
            self.hand.press(F.Key_A, control=True)
            self.hand.type(plain(value))
        else:
            self.hand.press(F.Key_A, control=True)
            self.hand.commit(plain(value), "")  # as a card reader or a paste brings it

    def papers(self, wanted: Mapping[str, str]) -> None:
        """Note the papers seen by their digits."""
        panel = self.room.page.view.materials
        self.hand.press(F.Key_F6)
        assert panel.hasFocus()
        for place, paper in enumerate(panel.papers, 1):
            if wanted.get(f"{_PAPER}{paper.code}") == "accepted":
                assert place <= 9
                self.hand.type(str(place))
        self.hand.press(ENTER)

    def decide(self) -> None:
        """Answer every look-alike: another child, or a number in dispute, with a reason."""
        panel = self.room.page.view.likeness
        for _ in range(9):
            if not panel.open_children:
                return
            if not panel.hasFocus():
                self.hand.press(F.Key_F5)
            self.hand.press(F.Key_1)
            self.room.settle()
            if focused().objectName() == "reason":
                self.hand.commit("户口簿已看过", "hkb")
                self.hand.press(ENTER)
                self.room.settle()
        pytest.fail("look-alikes without end")


def plain(value: str) -> str:
    """A value as a hand types it: dates as digits."""
    return value.replace("-", "") if len(value) == 10 and value[4:5] == "-" else value


@pytest.fixture
def typist(room: Room, hand: Hand) -> Typist:
    return Typist(room, hand)


def expected_child(form: Mapping[str, str]) -> dict[str, object]:
    """The record a form must become, worked out without the program's own form code."""
    kind = form["id_type"]
    checked = check_identity(kind, form.get("id_number", ""))
    same = form.get("same_address") == YES
    return {
        "full_name": tidy_name(form["full_name"]),
        "id_type": kind,
        "id_number": form.get("id_number") or None,
        "birth_certificate": form.get("birth_certificate"),
        "sex": checked.sex if kind in RESIDENT else form["sex"],
        "birth_date": checked.birth if kind in RESIDENT else form["birth_date"],
        "ethnic_code": form["ethnic_code"],
        "hukou_village": form["hukou_village"],
        "hukou_address": form.get("hukou_address"),
        "hukou_nature": form.get("hukou_nature"),
        "current_village": form.get("hukou_village" if same else "current_village"),
        "current_address": form.get("hukou_address" if same else "current_address"),
        "category": form["category"],
        "boarding_code": form.get("boarding_code"),
        "multiple_birth": True if form.get("multiple_birth") else None,
        "sibling_enrolled": True if form.get("sibling_enrolled") else None,
    }


def expected_guardian(form: Mapping[str, str]) -> dict[str, object]:
    return {
        "full_name": tidy_name(form["guardian_name"]),
        "relation": form["guardian_relation"],
        "id_type": form["guardian_id_type"],
        "id_number": form.get("guardian_id_number"),
        "phone": form.get("guardian_phone"),
    }


def saved_as(work: Work, record: str, form: Mapping[str, str]) -> None:
    """Compare a record and everything that hangs on it with what was typed."""
    values = work.row("applicant", record).values
    wanted = expected_child(form)
    assert {name: values[name] for name in wanted} == wanted
    (guardian,) = work.rows("guardian", applicant=record)
    wanted = expected_guardian(form)
    assert {name: guardian.values[name] for name in wanted} == wanted
    accepted = {
        row.text("material")
        for row in work.rows("material_check", applicant=record)
        if row.text("result") == "accepted"
    }
    asked = shipped_policy().categories[form["category"]].checklist().required.codes()
    seen = {name.removeprefix(_PAPER) for name in form if name.startswith(_PAPER)}
    assert accepted >= seen & set(asked)
    assert accepted <= seen


def chosen(count: int, seed: int) -> tuple[Family, ...]:
    """Choose among sixty families: every category and every peculiarity first, then the rest."""
    families = make_families(60, seed, shipped_policy())
    seen: set[str] = set()
    rare: list[Family] = []
    for family in families:
        if not {family.category, family.id_type, *family.traits} <= seen:
            seen |= {family.category, family.id_type, *family.traits}
            rare.append(family)
    wanted = [*rare, *(one for one in families if one not in rare)][:count]
    return tuple(one for one in families if one in wanted)


class Day:
    """A morning at the desk: one family after the other, with all that comes between."""

    def __init__(self, typist: Typist, chance: random.Random) -> None:
        self.typist, self.chance = typist, chance
        self.room, self.hand = typist.room, typist.hand
        self.saved: dict[str, dict[str, str]] = {}
        self.parked: list[dict[str, str]] = []

    def serve(self, family: Family) -> None:
        form = typed_form(family)
        self.typist.key(form)
        self.typist.papers(form)
        self.interrupt()
        self.room.settle()
        self.typist.decide()
        self.hand.press(F.Key_F10)
        self.room.settle()
        last = self.room.page.saver.last
        if last is None or last.record in self.saved:
            self.put_aside(family, form)
        elif self.chance.random() < 0.25:
            self.undo(form)
        else:
            self.saved[last.record] = form

    def interrupt(self) -> None:
        """Sometimes another page, a lock's cover, or the draft drawer comes between."""
        before, caret = self.room.page.live.typed(), self.room.form.current()
        draw = self.chance.random()
        if draw < 0.2:
            self.hand.press(F.Key_F7, F.Key_Escape)
        elif draw < 0.4:
            self.hand.press(F.Key_F8)
            self.room.settle()
            self.hand.press(F.Key_F8, F.Key_1)
            self.room.settle()
        assert self.room.page.live.typed() == before
        assert self.room.form.current() == caret

    def put_aside(self, family: Family, form: dict[str, str]) -> None:
        """Only a child too young is not saved here; the form is put aside whole."""
        assert family.traits & {UNDER_AGE, SAME_CHILD}, self.room.page.banner_place.view
        assert self.room.page.banner_place.view is not None
        self.hand.press(F.Key_F8)
        self.room.settle()
        self.parked.append(form)

    def undo(self, form: dict[str, str]) -> None:
        """Take the case back, look whether all of it came back, and save it again."""
        before = {name: value for name, value in form.items() if not name.startswith(_PAPER)}
        self.hand.take_back()
        self.room.settle()
        back = self.room.form.typed()
        assert {name: plain(value) for name, value in back.items()} == {
            name: plain(tidy_name(value) if name.endswith("name") else value)
            for name, value in before.items()
        }
        self.typist.decide()
        self.hand.press(F.Key_F10)
        self.room.settle()
        last = self.room.page.saver.last
        assert last is not None
        self.saved[last.record] = form


@pytest.mark.parametrize("seed", [1, 7])
def test_what_is_saved_is_what_was_typed_for_every_kind_of_family(
    room: Room, typist: Typist, seed: int
) -> None:
    families = chosen(14, seed)
    day = Day(typist, random.Random(seed))
    for family in families:
        day.serve(family)
    assert len(day.saved) + len(day.parked) == len(families)
    assert len(day.saved) >= 11
    with room.workplace.journal.begin(room.workplace.actor()) as work:
        for record, form in day.saved.items():
            saved_as(work, record, form)
        assert {row.record for row in work.rows("applicant")} == set(day.saved)
    kept = [one.fields for one in room.desks.desk.drafts()]
    assert [fields["full_name"] for fields in reversed(kept)] == [
        form["full_name"] for form in day.parked
    ]
    for form, fields in zip(day.parked, reversed(kept), strict=True):
        assert form.items() <= fields.items()
