"""One case at the registration desk: what has been entered beside the form, and how it is kept.

Plain values and the use cases the page runs on the worker thread; no widget.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from desktop_app.domain.errors import ProductError
from desktop_app.policy.package import Policy
from desktop_app.services.amendment import Amended, AmendmentDesk, Stored
from desktop_app.services.arrivals import ArrivalDesk, Book
from desktop_app.services.day import DayDesk
from desktop_app.services.form import CASE_MARKS, CONSENTED, MATERIAL_PREFIX, YES
from desktop_app.services.guardians import GuardianDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.private_notes import PrivateNotes
from desktop_app.services.receipts import ReceiptDesk
from desktop_app.services.registration import (
    Decision,
    DuplicateHint,
    Registered,
    RegistrationDesk,
)
from desktop_app.services.workplace import Workplace
from desktop_app.storage.drafts import Draft
from desktop_app.storage.repairs import FROM_ROW
from desktop_app.ui.pages.registration_choices import Choices, choices_of, graduate_options
from desktop_app.ui.pages.registration_stored import Opened
from desktop_app.ui.printing.printer import ReceiptPrinter

_DECISION, _LEFT = "decision:", "left_at"
PRIVATE_NOTE = "private_note"
_BETWEEN = "\t"


@dataclass(frozen=True, slots=True)
class RegistrationDesks:
    """The use cases the registration page is handed, and the values it shows them with."""

    desk: RegistrationDesk
    amendments: AmendmentDesk
    receipts: ReceiptDesk
    notes: PrivateNotes
    people: PeopleDesk
    day: DayDesk
    guardians: GuardianDesk
    policy: Policy
    stage: str
    school: str
    person: str
    choices: Choices
    arrivals: ArrivalDesk
    book: Book
    """The list of primary graduates, empty but at a junior school that has one."""

    @classmethod
    def of(cls, workplace: Workplace, stage: str = "P1") -> Self:
        """Make the desks of an open workplace; best called on the worker thread."""
        policy, school = workplace.policy, workplace.seat.code
        arrivals = ArrivalDesk(workplace)
        book = arrivals.book() if stage == "J1" else Book()
        choices = choices_of(policy, stage, school)
        return cls(
            desk=RegistrationDesk(workplace, stage),
            amendments=AmendmentDesk(workplace),
            receipts=ReceiptDesk(workplace),
            notes=PrivateNotes(workplace),
            people=PeopleDesk(workplace),
            day=DayDesk(workplace),
            guardians=GuardianDesk(workplace),
            policy=policy,
            stage=stage,
            school=school,
            person=workplace.person,
            choices=replace(choices, graduates=graduate_options(book.entries)),
            arrivals=arrivals,
            book=book,
        )


@dataclass(slots=True)
class Case:
    """What belongs to the case on the screen beside the fields of the form."""

    draft: str = field(default_factory=lambda: uuid.uuid4().hex)
    materials: dict[str, str] = field(default_factory=dict)
    decisions: dict[tuple[str, str], Decision] = field(default_factory=dict)
    note: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    """What no field of the form shows: how the child comes, who came instead, whose family."""
    resumed: bool = False
    from_row: bool = False
    """Whether it is a row of a workbook being mended; the next family has nothing of it."""
    opened: Opened | None = None
    """The registered case that is amended; None while a child is registered."""

    def form(self, typed: Mapping[str, str]) -> dict[str, str]:
        """Give the form as the desk takes it."""
        marked = {f"{MATERIAL_PREFIX}{code}": state for code, state in self.materials.items()}
        told = {name: value for name, value in self.marks.items() if value}
        return {**typed, **marked, **told}

    def draft_of(self, typed: Mapping[str, str], person: str, caret: str, left: str = "") -> Draft:
        """Give the draft that brings all of the case back; ``left`` is where a hand left it."""
        fields = self.form(typed) | (self.opened.draft_fields() if self.opened else {})
        for (rule, other), made in self.decisions.items():
            fields[f"{_DECISION}{rule}:{other}"] = f"{made.decision}{_BETWEEN}{made.reason}"
        if self.note:
            fields[PRIVATE_NOTE] = self.note
        if left:
            fields[_LEFT] = left
        if self.from_row:
            fields[FROM_ROW] = YES
        return Draft(self.draft, person, fields, caret)

    @property
    def amends(self) -> str:
        """Name the record that is amended; nothing while a child is registered."""
        return self.opened.record if self.opened is not None else ""

    def changed(self, typed: Mapping[str, str]) -> tuple[str, ...]:
        """Name what was changed of a registered case."""
        if self.opened is None:
            return ()
        said = (PRIVATE_NOTE,) if self.note != self.opened.form.get(PRIVATE_NOTE, "") else ()
        return (*self.opened.changed(self.form(typed)), *said)

    @classmethod
    def of_stored(cls, stored: Stored) -> Self:
        """Open a registered case, with what was decided about it."""
        made = cls.of_form(stored.form)
        made.opened = Opened.of(stored)
        made.decisions = {(one.rule, one.other): one for one in stored.decisions}
        return made

    @classmethod
    def of_draft(cls, draft: Draft) -> Self:
        """Take a case up from its draft."""
        made = cls.of_form(draft.fields)
        made.draft, made.resumed = draft.id, True
        made.from_row = FROM_ROW in draft.fields
        return made

    @classmethod
    def of_form(cls, fields: Mapping[str, str]) -> Self:
        """Take a case up from a form that was taken back, or from the fields of a draft."""
        made = cls(note=fields.get(PRIVATE_NOTE, ""), opened=Opened.of_draft(fields))
        made.marks = {name: fields[name] for name in (*CASE_MARKS, CONSENTED) if fields.get(name)}
        for name, text in fields.items():
            if name.startswith(MATERIAL_PREFIX):
                made.materials[name.removeprefix(MATERIAL_PREFIX)] = text
            elif name.startswith(_DECISION):
                rule, _, other = name.removeprefix(_DECISION).partition(":")
                decision, _, reason = text.partition(_BETWEEN)
                made.decisions[rule, other] = Decision(rule, other, decision, reason)
        return made


def left_at(draft: Draft) -> str:
    """Name the field a draft was left at by hand; nothing when the computer went down instead."""
    return draft.fields.get(_LEFT, "")


@dataclass(frozen=True, slots=True)
class Start:
    """What the page asks for when it is first entered."""

    drafts: tuple[Draft, ...]
    people: Mapping[str, str]
    registered: int


def load_start(desks: RegistrationDesks) -> Start:
    """Read drafts, names of colleagues, and today's count."""
    people = {line.key: line.name for line in desks.people.lines()}
    return Start(desks.desk.drafts(), people, desks.day.summary().registered)


@dataclass(frozen=True, slots=True)
class LastCase:
    """The case saved last: the strip shows it, Ctrl+Z takes it back, F9 prints it again."""

    record: str
    name: str
    receipt: str
    complete: bool
    at: int
    copies: int = 0
    changed: int = -1
    """How many fields an amendment changed; below zero where the case was registered."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """What stood against registering a case: all its look-alikes, and those to be asked about."""

    hints: tuple[DuplicateHint, ...]
    open: tuple[DuplicateHint, ...]


def save_case(
    desks: RegistrationDesks, case: Case, form: Mapping[str, str]
) -> Registered | Doubted:
    """Register a case, seal its private declaration, and forget its draft, all of it or nothing.

    Nothing is registered while there are look-alikes that stop nothing and that nobody has decided
    about: whoever saves is asked first.

    Raises:
        RuleError: the form blocks, or a stopping rule is not decided.
        WorkplaceError: the disk refuses; nothing was written and the draft is kept.
    """
    hints = desks.desk.duplicates(form)
    undecided = tuple(
        one for one in hints if (one.finding.rule, one.finding.other) not in case.decisions
    )
    if undecided and not any(one.finding.stops for one in undecided):
        return Doubted(hints, undecided)
    return desks.desk.register(form, case.decisions.values(), note=case.note, draft=case.draft)


def amend_case(desks: RegistrationDesks, case: Case, form: Mapping[str, str]) -> Amended:
    """Write what was changed of a registered case, and forget the draft of the amendment.

    Raises:
        LookupError: no case was opened (a bug).
        RuleError: the form blocks, the case was passed, or a number that is taken is not disputed.
        StaleError: the case was changed elsewhere, or is gone; the draft is kept.
        WorkplaceError: the disk refuses; nothing was written and the draft is kept.
    """
    opened = case.opened
    if opened is None:
        raise LookupError(case.draft)
    decisions = case.decisions.values()
    amended = desks.amendments.amend(opened.record, form, opened.form, decisions)
    if case.note != opened.form.get(PRIVATE_NOTE, ""):
        desks.notes.attach(opened.record, case.note)
    desks.desk.drop_draft(case.draft)
    return amended


def end_correction(desks: RegistrationDesks, case: Case) -> None:
    """Keep what the family told privately meanwhile, and forget the draft of a correction.

    Raises:
        StaleError: the case is gone; the draft is kept.
        WorkplaceError: the disk refuses; the draft is kept.
    """
    opened = case.opened
    if opened is not None and case.note != opened.form.get(PRIVATE_NOTE, ""):
        desks.notes.attach(opened.record, case.note)
    desks.desk.drop_draft(case.draft)


@dataclass(frozen=True, slots=True)
class Printed:
    """What became of a receipt: the number of its copy, or why there is no paper."""

    record: str
    copies: int
    trouble: ProductError | None = None


def print_receipt(desks: RegistrationDesks, printer: ReceiptPrinter, record: str) -> Printed:
    """Print the receipt of a committed record; a copy is counted before the paper moves."""
    try:
        printer.require()
        copy = desks.receipts.log_print(record)
        printer.print_receipt(desks.receipts.view(record))
    except ProductError as trouble:
        return Printed(record, desks.receipts.printed(record), trouble)
    return Printed(record, copy)


def drop_quietly(desks: RegistrationDesks, draft: str) -> None:
    """Forget a draft whose form was emptied again: no trace of a child is left."""
    desks.desk.drop_draft(draft)
