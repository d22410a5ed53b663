"""The form of the registration page: groups, rows and fields, and how they depend on each other.

It checks nothing; it opens and closes fields with the kind of document and with the address, and
walks from field to field.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from desktop_app.domain.list_faults import ROLL_FIELDS
from desktop_app.domain.names import by_code_point
from desktop_app.domain.paper_dates import PAPER_DATE
from desktop_app.services.form import DEFAULT_ID_TYPE, FORM_FIELDS, NO_NUMBER, YES
from desktop_app.ui.pages.registration_checks import Check
from desktop_app.ui.pages.registration_choices import Choices
from desktop_app.ui.pages.registration_stored import RESIDENT_TYPES, hidden_fields
from desktop_app.ui.views import KeyAction, Option
from desktop_app.ui.widgets.choice import CheckInput, Derived, SegmentedChoice
from desktop_app.ui.widgets.dateinput import DateInput
from desktop_app.ui.widgets.field import FieldRow
from desktop_app.ui.widgets.form import FieldGroup, Form
from desktop_app.ui.widgets.formats import DOCUMENT, PHONE, RESIDENT_ID, NumberFormat
from desktop_app.ui.widgets.inputs import NumberInput, TextInput
from desktop_app.ui.widgets.keys import KeyButton
from desktop_app.ui.widgets.pick import PickInput

ROLL_NUMBER = NumberFormat(19, letters=True)
LISTED = "graduate"
PERSISTENT = ("hukou_village", "category", "boarding_code", "ethnic_code")
"""What stays from one case to the next (ux, Conventions 6)."""
_OPTIONAL = frozenset(
    {
        "birth_certificate",
        "hukou_address",
        "hukou_nature",
        "same_address",
        "current_village",
        "current_address",
        "boarding_code",
        "guardian_id_number",
        "guardian_phone",
        "primary_school",
        "national_student_no",
        PAPER_DATE,
    }
)
"""Fields Enter stops at once and then lets be; the rest is asked for until it is filled."""
_KINDS = {"id_type": "id_number", "guardian_id_type": "guardian_id_number"}
_DOORS = {"hukou_village": "hukou_address", "current_village": "current_address"}
_SHORTHAND = re.compile(r"(\d{1,2})[-/. ](\d{1,4})")
_DOOR = "{group}组{door}号"


class RegistrationForm(Form):
    """Groups 儿童, 户籍住址, 类别, 监护人, 申报."""

    def __init__(
        self,
        choices: Choices,
        stage: str,
        private: KeyAction,
        notice: KeyAction,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._choices = choices
        self._stage = stage
        self.lists_graduates = False
        self.passed: set[str] = set()
        self._add_child()
        self._add_home()
        self._add_case()
        self._add_guardian()
        self._add_marks(private, notice)
        for name in ("id_type", "guardian_id_type", "same_address", "current_village"):
            self._box(name).changed.connect(self.follow)  # type: ignore[attr-defined]
        for kind, number in (_KINDS | _DOORS).items():
            picked = self._box(kind)
            if isinstance(picked, PickInput):
                picked.passes_numbers = kind in _KINDS
                picked.passes_doors = kind not in _KINDS
                picked.number_typed.connect(partial(self._number_begun, kind, number))
                if kind not in _KINDS:
                    picked.nothing = self.tr("没有这个村。外地打 wd，门牌写右边一格")
        self.committed.connect(self._spell_out)
        self.start({})

    # --- layout -----------------------------------------------------------------------------

    def _number(self, group: FieldGroup, label: str, kind: str, number: str) -> FieldRow:
        """Add a row with the kind of a document and its number."""
        line = group.row(label)
        self.put(
            line, PickInput(self._choices.id_types, name=kind), width=112, narrow=94, wanted=False
        )
        self.put(line, NumberInput(RESIDENT_ID, name=number))
        return line

    def _add_child(self) -> None:
        group = self.group(self.tr("儿童"), stretch=3)
        if self._stage == "J1":
            self._add_list(group)
        line = self._number(group, self.tr("证件号"), "id_type", "id_number")
        certificate = NumberInput(DOCUMENT, name="birth_certificate")
        certificate.setPlaceholderText(self.tr("出生证编号，没有可空着"))
        self.put(line, certificate)
        self._derived_row = group.row(self.tr("自动带出"))
        self.put(self._derived_row, Derived(name="derived_sex"), width=56, narrow=40)
        self.put(self._derived_row, Derived(name="derived_birth"), width=124, narrow=114)
        self.put(self._derived_row, Derived(name="derived_age"))
        self._open_row = group.row(self.tr("性别生日"))
        self.put(self._open_row, SegmentedChoice(self._choices.sexes, name="sex"))
        birth = DateInput(name="birth_date")
        birth.setPlaceholderText(self.tr("如 2018.5.3"))
        self.put(self._open_row, birth)
        line = group.row(self.tr("姓名"))
        self.put(line, TextInput(name="full_name"), width=180, narrow=150)
        line.add_word(self.tr("民族"))
        self.put(line, PickInput(self._choices.ethnic, name="ethnic_code"))

    def _add_list(self, group: FieldGroup) -> None:
        """Begin with the list of primary graduates; without one the row is not there."""
        listed = PickInput(self._choices.graduates, name=LISTED)
        listed.setPlaceholderText(self.tr("拼音、姓名，证件或学籍号尾号；不在名单打 bz"))
        self._list_row = group.field(self.tr("名单"), listed)
        self.offer_graduates(self._choices.graduates)

    def offer_graduates(self, options: Sequence[Option]) -> None:
        """Offer the children of the list; a list that is not here asks for nothing."""
        if LISTED in self.names():
            control = self.control(LISTED)
            if isinstance(control, PickInput):
                control.set_options(options)
            self._list_row.setVisible(bool(options))
            self.lists_graduates = bool(options)

    @property
    def first(self) -> str:
        """Name the field every case begins with."""
        return LISTED if self.lists_graduates else "id_number"

    def _add_home(self) -> None:
        group = self.group(self.tr("户籍住址"), stretch=3)
        line = group.row(self.tr("户籍地"))
        self.put(
            line, PickInput(self._choices.villages, name="hukou_village"), width=196, narrow=150
        )
        address = TextInput(name="hukou_address", longest=120)
        address.setPlaceholderText(self.tr("如 3-27 即 3组27号"))
        self.put(line, address)
        line = group.row(self.tr("户口性质"))
        self.put(line, SegmentedChoice(self._choices.natures, name="hukou_nature"))
        line = group.row(self.tr("现住址"))
        same = CheckInput(self.tr("与户籍地相同"), name="same_address", short=self.tr("相同"))
        self.put(line, same)
        self.put(
            line, PickInput(self._choices.villages, name="current_village"), width=116, narrow=100
        )
        self.put(line, TextInput(name="current_address", longest=120))

    def _add_case(self) -> None:
        group = self.group(self.tr("类别"), stretch=2)
        category = PickInput(self._choices.categories, name="category")
        category.setPlaceholderText(self.tr("定不准，按 Shift+F2 问一问"))
        group.field(self.tr("报名类别"), category)
        group.field(
            self.tr("就读方式"), SegmentedChoice(self._choices.boarding, name="boarding_code")
        )
        if self._stage == "J1":
            group.field(self.tr("毕业小学"), TextInput(name="primary_school", longest=60))
            group.field(self.tr("学籍号"), NumberInput(ROLL_NUMBER, name="national_student_no"))

    def _add_guardian(self) -> None:
        group = self.group(self.tr("监护人"), stretch=3)
        line = group.row(self.tr("姓名"))
        self.put(line, TextInput(name="guardian_name"), width=180, narrow=150)
        line.add_word(self.tr("关系"))
        self.put(line, PickInput(self._choices.relations, name="guardian_relation"))
        self._number(group, self.tr("证件号"), "guardian_id_type", "guardian_id_number")
        line = group.field(self.tr("电话"), NumberInput(PHONE, name="guardian_phone"), width=200)
        line.add_note(self.tr("共 11 位"))

    def _add_marks(self, private: KeyAction, notice: KeyAction) -> None:
        group = self.group(self.tr("申报"), stretch=2)
        line = group.row(self.tr("标记"))
        twin = CheckInput(self.tr("双/多胞胎"), name="multiple_birth", short=self.tr("多胞胎"))
        self.put(line, twin, wanted=False)
        elder = CheckInput(self.tr("兄姐在本校"), name="sibling_enrolled", short=self.tr("兄姐"))
        self.put(line, elder, wanted=False)
        line.add(KeyButton(private, self))
        paper = DateInput(name=PAPER_DATE)
        paper.setPlaceholderText(self.tr("纸表上写的，如 2024.8.20"))
        self._paper_row = group.field(self.tr("纸表日期"), paper)
        self._paper_row.hide()
        line = group.row(self.tr("告知书"))
        self.put(line, SegmentedChoice(self._choices.told, name="notice_read"))
        line.add(KeyButton(notice, self))

    # --- values -----------------------------------------------------------------------------

    def start(self, values: Mapping[str, str]) -> None:
        """Show another case; what the form does not know is left out."""
        self.clear()
        self.passed.clear()
        for name in self.names():
            self.want(name, wanted=name not in {"id_type", "guardian_id_type", *_TICKS})
        shown = {"id_type": DEFAULT_ID_TYPE, "guardian_id_type": DEFAULT_ID_TYPE, **values}
        # Before the values: a rule for eighteen digits would drop the letters of a passport.
        self._open_for(shown["id_type"], shown["guardian_id_type"])
        self.set_values(shown)
        self.follow()

    def typed(self) -> dict[str, str]:
        """Give what has been entered and is open now, as the registration desk takes it."""
        values = self.contents()
        hidden = hidden_fields(values)
        return {name: value for name, value in values.items() if value and name not in hidden}

    def contents(self) -> dict[str, str]:
        """Give what stands in every field, those that are closed now included."""
        return {name: value for name, value in self.values().items() if name in FORM_FIELDS}

    def lock(self, names: Collection[str]) -> None:
        """Make fields read-only, as what the list filled, and all others open again."""
        locked = {*names, "id_type"} if "id_number" in names else {*names}
        for name in (*ROLL_FIELDS, "id_type"):
            if name in self._controls:
                box = self._box(name)
                if isinstance(box, QLineEdit):
                    box.setReadOnly(name in locked)
                else:
                    box.setEnabled(name not in locked)

    def shows(self, name: str) -> bool:
        """Tell whether a field is on the form now, open or locked."""
        return name in self._controls and self._box(name).isVisibleTo(self)

    def ask_paper_date(self, *, asked: bool) -> None:
        """Ask for the day on the paper where a paper form is keyed."""
        self._paper_row.setVisible(asked)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing of a child has been entered: what is carried over does not count."""
        return not set(self.typed()) - {"id_type", "guardian_id_type", "hukou_nature", *PERSISTENT}

    def has_row(self, name: str) -> bool:
        """Tell whether the form has a row with a field."""
        return name in self._rows

    def show_check(self, lead: str, fields: Sequence[str], check: Check) -> None:
        """Show the check of a row; it colours the field it is about."""
        for name in fields:
            if name != check.field and name in self._controls:
                self.mark(name, None)
        if check.field in self._controls:
            self.mark(check.field, check.state, check.words, check.short)
        else:
            self._rows[lead].say(check.state, check.words, check.short)

    def may_enter(self, name: str) -> bool:
        """Tell whether the caret may stand in a field now."""
        return name in self._controls and self._reachable(name)

    def place_of(self, pin: str) -> str:
        """Name the field of the form where a pin of the review points, or nothing."""
        resident = self.value("id_type") in RESIDENT_TYPES
        if pin in {"sex", "birth_date"} and resident:
            return "id_number"
        return pin if pin in self._controls else ""

    def first_open(self, wanted: str) -> str:
        """Name a field for the caret: the one wanted, or the first that is open."""
        return next(name for name in (wanted, *self.names()[1:]) if self.may_enter(name))

    def resume(self, caret: str, required: Collection[str]) -> str:
        """Name the first field of a draft that is open, for a caret that nobody left on purpose.

        What may stay blank was passed over before the caret, and is not asked for again.
        """
        before = self.names().index(caret) if caret in self.names() else 0
        for name in self.names()[:before]:
            if name in _OPTIONAL and self.control(name).is_blank():
                self._pass(name)
        open_now = {*required, *self.needed()}
        enterable = (name for name in self.names() if self.may_enter(name))
        return next((name for name in enterable if name in open_now), caret)

    def _pass(self, name: str) -> None:
        """Note that a field which may stay blank was asked for."""
        self.passed.add(name)
        self.want(name, wanted=False)
        self.follow()

    def label_of(self, name: str) -> str:
        """Name a field for people."""
        words = {
            "ethnic_code": self.tr("民族"),
            "full_name": self.tr("孩子姓名"),
            "id_number": self.tr("孩子证件号"),
            "birth_date": self.tr("出生日期"),
            "sex": self.tr("性别"),
            "guardian_name": self.tr("监护人姓名"),
            "guardian_relation": self.tr("关系"),
            "guardian_id_number": self.tr("监护人证件号"),
        }
        return words.get(name) or self._rows[name].label

    def take(self, name: str, value: str) -> None:
        """Put a value into a field as if a hand had typed it."""
        self.set_values({name: value})
        self.follow()
        self.changed.emit(name, value)
        self.committed.emit(name, value)

    # --- how fields depend on each other ----------------------------------------------------

    def follow(self) -> None:
        """Open and close what depends on the document and on the address."""
        kind = self.value("id_type") or DEFAULT_ID_TYPE
        self._open_for(kind, self.value("guardian_id_type") or DEFAULT_ID_TYPE)
        same = self.value("same_address") == YES
        elsewhere = not same and (
            "same_address" in self.passed or bool(self.value("current_village"))
        )
        for name in ("current_village", "current_address"):
            self._box(name).setVisible(elsewhere)
        self.want("same_address", wanted=not elsewhere and not same)

    def _open_for(self, kind: str, guardian_kind: str) -> None:
        """Open the fields a kind of document needs."""
        resident = kind in RESIDENT_TYPES
        self._derived_row.setVisible(resident)
        self._open_row.setVisible(not resident)
        self._box("id_number").setVisible(kind != NO_NUMBER)
        self._box("birth_certificate").setVisible(kind == NO_NUMBER)
        for name, of_kind in (("id_number", kind), ("guardian_id_number", guardian_kind)):
            rule = RESIDENT_ID if of_kind in RESIDENT_TYPES else DOCUMENT
            control = self._box(name)
            if isinstance(control, NumberInput) and control.rule is not rule:
                control.set_rule(rule)

    def _spell_out(self, name: str, value: str) -> None:
        """Write out the short hand of a door: 3-27 is 3组27号; no kind of document is a card."""
        if name in {"id_type", "guardian_id_type"} and not value:
            self.take(name, DEFAULT_ID_TYPE)
        if name in {"full_name", "guardian_name"} and by_code_point(value) != value:
            self.take(name, by_code_point(value))
        found = _SHORTHAND.fullmatch(value)
        if name in {"hukou_address", "current_address"} and found:
            self.set_values({name: _DOOR.format(group=found[1], door=found[2])})
            self.changed.emit(name, self.value(name))

    def _number_begun(self, kind: str, number: str, digits: str) -> None:
        """Take a number or a door that was begun in the field before it to where it belongs."""
        self.follow()
        self.changed.emit(kind, self.value(kind))
        if self.may_enter(number):
            self.set_values({number: digits})
            self.go_to(number)
            box = self._box(number)
            if isinstance(box, QLineEdit):
                box.end(False)
            self.changed.emit(number, self.value(number))

    def _box(self, name: str) -> QWidget:
        control = self.control(name)
        if not isinstance(control, QWidget):
            raise TypeError(name)
        return control

    # --- walking ----------------------------------------------------------------------------

    def advance(self) -> None:
        """Go to the next field still needed; a blank one that may stay blank is asked for once."""
        here = self.current()
        if here in _OPTIONAL and self.control(here).is_blank():
            self._pass(here)
        super().advance()


_TICKS = ("multiple_birth", "sibling_enrolled")
