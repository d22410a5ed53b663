"""What happens at every change of the registration form: assess, derive, check, look for doubles.

Assessing is pure and takes under a millisecond, so it is done on the spot. Look-alikes are looked
up on the worker thread, one question at a time; an answer for a form that has changed is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.list_faults import FAULTS, locked_fields, read_faults
from desktop_app.domain.paper_dates import PAPER_DATE
from desktop_app.services.form import PAPER, Assessment, Form
from desktop_app.services.registration import DISPUTED, Decision, DuplicateHint
from desktop_app.ui.look import Shape, look
from desktop_app.ui.pages.registration_case import Case, RegistrationDesks
from desktop_app.ui.pages.registration_checks import ROWS, Moment, check_rows
from desktop_app.ui.pages.registration_form import LISTED
from desktop_app.ui.pages.registration_view import RegistrationView
from desktop_app.ui.tasks import Tasks

_GONE_BY = (
    "id_number",
    "full_name",
    "birth_date",
    "guardian_id_number",
    "guardian_phone",
    "birth_certificate",
)
"""What look-alikes are found by; nothing is asked before a number or a birth date is whole."""


class LiveForm(QObject):
    """Keeps checks, panels and head in step with what is typed."""

    refreshed = Signal()
    judged = Signal()
    """Look-alikes came, or were decided about."""

    def __init__(
        self, view: RegistrationView, desks: RegistrationDesks, tasks: Tasks, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._form = view.form
        self._desks = desks
        self._tasks = tasks
        self._asked: object = None
        self._waiting = False
        self.case = Case()
        self.strict = False
        self.carried: dict[str, str] = {}
        self.listed: set[str] = set()
        """The fields that the list of primary graduates filled and no hand has changed."""
        self.fill_of: Callable[[str], Mapping[str, str]] = lambda _entry: {}
        """Gives what the list fills into the form for one of its entries."""
        self.locked: frozenset[str] = frozenset()
        """The fields that stand as the list has them, and are read-only."""
        self.faults: Mapping[str, str] = {}
        """The fields of the list that are said to be wrong, each with its reason."""
        self.hints: tuple[DuplicateHint, ...] = ()
        self.found: Assessment = desks.desk.assess({})
        self._known: tuple[str, tuple[str, ...]] = ("", ())

    @property
    def waiting(self) -> bool:
        """Tell whether an answer about look-alikes is awaited."""
        return self._waiting

    def typed(self) -> Form:
        """Give the whole form as the desk takes it."""
        return self.case.form(self.fields())

    def fields(self) -> dict[str, str]:
        """Give the fields of the form alone; of a registered case with what no control shows."""
        opened = self.case.opened
        return self._form.typed() if opened is None else opened.fields(self._form.contents())

    def changed(self) -> tuple[str, ...]:
        """Name what was changed of a registered case."""
        return self.case.changed(self.fields())

    def unsaid(self) -> tuple[str, ...]:
        """Name what only a person can say: whether a child is on the list of graduates."""
        asks = self._form.lists_graduates and self.case.opened is None
        return (LISTED,) if asks and not self._form.value(LISTED) else ()

    def take_up(self, case: Case, fields: Mapping[str, str]) -> None:
        """Show another case."""
        self.case, self.strict, self.hints = case, False, ()
        self.listed = set()
        self._asked, self._known = None, ("", ())
        if case.opened is not None:
            self._form.start(case.opened.form)
            case.opened = case.opened.seen_as(self._form.contents())
            fields = case.opened.start_with(fields)
        self._form.start({**fields, PAPER_DATE: case.marks.get(PAPER_DATE, "")})
        self.refresh()

    def refresh(self) -> None:
        """Assess the form and show everything that follows."""
        self._form.ask_paper_date(asked=bool(self.case.marks.get(PAPER)))
        self._lock()
        self.found = found = self._desks.desk.assess(self.typed())
        self._show_derived(found)
        self._view.catchment.show_result(found)
        self._view.materials.show_list(found, self.case.materials)
        self._show_hints()
        self.refreshed.emit()
        self._look_up(found)
        self._look_guardian_up(found)

    def _lock(self) -> None:
        """Lock what stands as the list of primary graduates has it; every draft and case alike."""
        entry = self._form.value(LISTED) if self._form.lists_graduates else ""
        self.faults = read_faults(self.case.marks.get(FAULTS, ""))
        fill = self.fill_of(entry) if entry else {}
        self.locked = locked_fields(fill, self._form.contents(), self.faults)
        self._form.lock(self.locked)

    def _show_derived(self, found: Assessment) -> None:
        """Fill what the number says: sex, birth date, age on 31 August; shown, not typed."""
        sex = found.derived.get("sex", "")
        self._form.derive("derived_sex", CODE_LISTS["sex"].label_of(sex) if sex else "")
        self._form.derive("derived_birth", found.derived.get("birth_date", ""))
        age = found.age
        words = ""
        if age is not None and age.state != "unknown":
            words = self.tr("8月31日 满 {years} 岁 {months} 个月")
            if look().shape is Shape.NARROW:
                words = self.tr("满{years}岁{months}个月")
            words = words.format(years=age.years, months=age.months)
        self._form.derive("derived_age", words)

    def show_checks(self) -> None:
        """Show the check of every row."""
        form = self.typed()
        stops = any(one.finding.stops for one in self.hints)
        now = Moment(
            current=self._form.current(),
            passed=self._form.passed,
            strict=self.strict,
            taken=None if self._waiting else stops and bool(self._view.likeness.open_children),
            carried=self.carried,
            listed=self.listed,
            locked=self.locked,
            faults=self.faults,
            school=self._desks.school,
            has_list=self._form.lists_graduates,
            known_as=self._known_names(),
            asked=self._asked_for(),
        )
        for lead, check in check_rows(form, self.found, self._desks.policy, now).items():
            if self._form.has_row(lead):
                self._form.show_check(lead, ROWS[lead], check)

    def _asked_for(self) -> tuple[str, str]:
        """Give the field a case was sent back for, and why, while nobody has changed it."""
        opened = self.case.opened
        if opened is None or not opened.asked:
            return ("", "")
        place = self._form.place_of(opened.pin)
        return ("", "") if place in self.changed() else (place, opened.asked)

    # --- the guardian -----------------------------------------------------------------------

    def _known_names(self) -> tuple[str, ...]:
        """Give the names the guardian's number is known under, once that was answered."""
        number, names = self._known
        return names if number == self.found.value("guardian_id_number") else ()

    def _look_guardian_up(self, found: Assessment) -> None:
        """Ask under which names the number of the guardian stands, when it is whole and right."""
        number = found.value("guardian_id_number")
        problem = found.problem_of("guardian_id_number")
        if number == self._known[0] or (problem is not None and problem.blocks):
            return
        self._known = (number, ())
        self._tasks.run(
            lambda _progress: self._desks.guardians.names_of(number),
            partial(self._guardian_found, number),
            owner=self,
        )

    def _guardian_found(self, number: str, names: tuple[str, ...]) -> None:
        """Take the names, unless another number stands there by now."""
        if number == self._known[0]:
            self._known = (number, names)
            self.show_checks()

    # --- look-alikes ------------------------------------------------------------------------

    def _show_hints(self) -> None:
        self._view.likeness.show_hints(self.hints, self.found, self.case.decisions)
        self._view.show_summaries()
        self.show_checks()

    def _look_up(self, found: Assessment) -> None:
        """Ask for look-alikes when what they go by has changed and may be whole."""
        whole = bool(found.value("birth_date") or found.value("birth_certificate"))
        number = found.value("id_number") if whole or found.value("id_type") != "1" else ""
        key = (number, *(found.value(name) for name in _GONE_BY[1:])) if whole or number else ()
        if self._waiting or key == self._asked:
            return
        self._asked = key
        if not key:
            self.take_hints(())
            return
        self._waiting = True
        form, record = self.typed(), self.case.amends
        self._tasks.run(
            lambda _progress: self._desks.desk.duplicates(form, record),
            partial(self._answered, self.case.draft),
            on_finish=self._look_again,
            owner=self,
        )

    def _answered(self, draft: str, hints: tuple[DuplicateHint, ...]) -> None:
        """Take an answer, unless it is about another case by now."""
        self._waiting = False
        if draft == self.case.draft and self._asked is not None:
            self.take_hints(hints)

    def _look_again(self) -> None:
        """Ask again when the form changed while the answer was awaited."""
        self._waiting = False
        self.refresh()

    def take_hints(self, hints: tuple[DuplicateHint, ...]) -> None:
        """Show look-alikes; decisions about others are forgotten."""
        self.hints = hints
        known = {(one.finding.rule, one.finding.other) for one in hints}
        self.case.decisions = {
            key: made for key, made in self.case.decisions.items() if key in known
        }
        self._show_hints()
        self.judged.emit()

    def look_anew(self) -> None:
        """Assess and look up again although nothing was typed: the data has changed."""
        self._asked, self._known = None, ("", ())
        self.refresh()

    def taken(self) -> tuple[DuplicateHint, ...]:
        """Give the look-alikes that hold the number and that nobody has disputed yet."""
        made = self.case.decisions
        return tuple(
            one
            for one in self.hints
            if one.finding.stops
            and getattr(made.get((one.finding.rule, one.finding.other)), "decision", "") != DISPUTED
        )

    def decide(self, made: tuple[Decision, ...]) -> None:
        """Take what was decided about a look-alike."""
        for one in made:
            self.case.decisions[one.rule, one.other] = one
        self._show_hints()
        self.judged.emit()
