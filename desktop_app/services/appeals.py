"""Complaints and requests 诉求 about a case: written down, due on a working day, answered.

A school answers, or passes on to the district, which answers what came to it; who may do what is in
``domain.appeals``. A complaint goes with its child when the child is erased, and stays to be
answered where a registration was only taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desktop_app.domain import appeals as rules
from desktop_app.domain.acts import Role
from desktop_app.domain.appeals import ANSWERED, LONGEST, OPEN, PASSED_ON, WORKING_DAYS
from desktop_app.domain.codes_desk import APPEAL_MATTER
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.calendar import local_day
from desktop_app.services.people import PeopleDesk
from desktop_app.services.wording import code_label, village_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.appeals import appeal_counts, appeals, appeals_of
from desktop_app.storage.database import Connection
from desktop_app.storage.matters import children
from desktop_app.storage.oplog import schools_held
from desktop_app.storage.rows import Row, read_row

__all__ = ["LONGEST", "WORKING_DAYS", "AppealDesk", "AppealLine", "Book", "Known", "Step"]

ALL = "all"
_KIND = "appeal"
_MOST_FOUND = 30
_DUTY = "W6"
"""监督、举报和申诉受理机制, among the duties of the policy package."""


@dataclass(frozen=True, slots=True)
class AppealLine:
    """One complaint: whose, about what, until when, and what was answered."""

    record: str
    applicant: str
    name: str
    receipt: str
    matter: str
    words: str
    standing: str
    answer: str
    due: str
    """ISO date."""
    late: bool
    school: str = ""
    """The code of the school whose child it is."""
    code: str = ""
    """The code of the matter."""
    district_answer: str = ""
    left: int = 0
    """Working days until it is due, none on the day itself."""
    gone: bool = False
    """Whether the registration was taken back; the complaint is still to be answered."""
    at: int = 0
    """When it was written down (UTC milliseconds)."""


@dataclass(frozen=True, slots=True)
class Book:
    """The complaints of a list, the soonest due first, and how many stand in every list."""

    lines: tuple[AppealLine, ...]
    counts: dict[str, int]

    @property
    def late(self) -> int:
        """Count those of the list whose day has passed."""
        return sum(line.late for line in self.lines)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a complaint: when, by whom, and where it stood then."""

    at: int
    person: str
    standing: str


@dataclass(frozen=True, slots=True)
class Known:
    """A child found to write a complaint about."""

    school: str
    record: str
    name: str
    receipt: str
    village: str


class AppealDesk:
    """The use cases of complaints."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace
        self._policy = workplace.policy
        self.at_district = workplace.seat.kind == "district"

    @property
    def lists(self) -> tuple[str, ...]:
        """Name the lists, what waits here first."""
        first, second = (PASSED_ON, OPEN) if self.at_district else (OPEN, PASSED_ON)
        return (first, second, ANSWERED, ALL)

    # --- writing ----------------------------------------------------------------------------

    def record(self, applicant: str, matter: str, words: str, school: str = "") -> str:
        """Write a complaint down as it was said, with the day it is to be answered by.

        At the district, which names the school, it waits for the district itself.

        Raises:
            RuleError: ``appeal.matter``, ``appeal.words``, ``appeal.confidential``, or at the
                district somebody who is no officer.
            StaleError: the registration was taken back.
        """
        if matter not in APPEAL_MATTER:
            raise RuleError("appeal.matter")
        said = _held(words)
        self._refuse(rules.why_not_write(matter, district=self.at_district))
        if self.at_district:
            self._must_answer()
        due = self._policy.working_days_after(local_day().isoformat(), WORKING_DAYS)[-1]
        values: dict[str, Value] = {
            "applicant": applicant,
            "matter": matter,
            "standing": PASSED_ON if self.at_district else OPEN,
            "words": said,
            "due_on": due,
        }
        scope = self._ensured(school)
        with self._workplace.journal.begin(self._workplace.actor(), scope) as work:
            work.row("applicant", applicant)
            return work.create(_KIND, values)

    def answer(self, record: str, words: str, *, passed_on: bool = False, school: str = "") -> None:
        """Answer a complaint, or pass it on to the district with what was said.

        Raises:
            RuleError: ``appeal.words``, ``appeal.settled`` where it does not wait here any more,
                ``appeal.about_school``, or somebody whose answer would not count.
            StaleError: it was forgotten with its child.
        """
        said, district = _held(words), self.at_district
        self._must_answer()
        scope = self._ensured(school)
        with self._workplace.journal.begin(self._workplace.actor(), scope) as work:
            row = work.row(_KIND, record)
            matter, standing = row.text("matter"), row.text("standing")
            if passed_on:
                self._refuse(rules.why_not_pass_on(standing, district=district))
            else:
                self._refuse(rules.why_not_answer(matter, standing, district=district))
            values: dict[str, Value] = {
                # Named again: what is said here is found with its child when the rest is erased.
                "applicant": row.text("applicant"),
                "standing": PASSED_ON if passed_on else ANSWERED,
                "district_answer" if district else "answer": said,
            }
            work.edit(_KIND, record, values, signed=True)

    def _must_answer(self) -> None:
        """Stop somebody whose answer nobody would count, before they believe it did."""
        roles = PeopleDesk(self._workplace).roles()
        if self.at_district and Role.OFFICER not in roles:
            raise RuleError("decision.not_officer")
        if not roles:
            raise RuleError("appeal.not_granted")

    def _refuse(self, code: str) -> None:
        if code:
            raise RuleError(code)

    def _ensured(self, school: str) -> str:
        """Give the scope to be written in, with a feed for it."""
        scope = school or self._workplace.seat.scope
        if scope != self._workplace.seat.scope:
            self._workplace.ensure_feed(scope)
        return scope

    # --- reading ----------------------------------------------------------------------------

    def lines(self, applicant: str = "", school: str = "") -> tuple[AppealLine, ...]:
        """List the open ones, the soonest due first; of a child, all there ever were."""
        scope = school or self._workplace.seat.scope
        with self._workplace.database.read() as connection:
            if applicant:
                rows: Sequence[Row] = appeals_of(connection, scope, applicant)
            else:
                rows = [one for one in appeals(connection, scope) if one.text("standing") == OPEN]
            return self._lines(connection, rows)

    def book(self, which: str) -> Book:
        """Give a list of ``lists``: of this school, or at the district of all schools."""
        scope = "" if self.at_district else self._workplace.seat.scope
        with self._workplace.database.read() as connection:
            rows = appeals(connection, scope)
            wanted = [one for one in rows if which in {ALL, one.text("standing")}]
            return Book(self._lines(connection, wanted), self._counts(connection))

    def waiting(self) -> int:
        """Count what waits for this seat."""
        with self._workplace.database.read() as connection:
            return self._counts(connection)[self.lists[0]]

    def _counts(self, connection: Connection) -> dict[str, int]:
        scope = "" if self.at_district else self._workplace.seat.scope
        found = appeal_counts(connection, scope)
        return {ALL: sum(found.values())} | {one: found.get(one, 0) for one in self.lists[:-1]}

    def steps(self, line: AppealLine) -> tuple[Step, ...]:
        """Tell the story of a complaint: who did what with it, oldest first."""
        with self._workplace.database.read() as connection:
            history = queries.history(connection, line.school, line.applicant, (_KIND,))
            return tuple(
                Step(entry.at, self._person(connection, line.school, entry.person), str(one.after))
                for entry in history
                if entry.record == line.record and not entry.verdict
                for one in entry.changes
                if one.field == "standing"
            )

    def find(self, text: str) -> tuple[Known, ...]:
        """Find a child by name, pinyin, tails of numbers or receipt; at the district anywhere."""
        with self._workplace.database.read() as connection:
            own = [self._workplace.seat.scope]
            schools = schools_held(connection) if self.at_district else own
            found = [
                Known(
                    school,
                    line.twin or line.record,
                    line.full_name,
                    line.receipt_number,
                    village_label(self._policy, line.hukou_village),
                )
                for school in schools
                for line in queries.search(connection, school, text, _MOST_FOUND).both
            ]
        return tuple({(one.school, one.record): one for one in reversed(found)}.values())[::-1]

    def duty(self) -> tuple[str, str, str]:
        """Give the duty that complaints are taken for: its words, its source, the package."""
        duties = self._policy.self_check.duties
        text, basis = next(((one.text, one.basis) for one in duties if one.code == _DUTY), ("", ""))
        return text, basis, self._policy.version

    def school_name(self, code: str) -> str:
        """Name a school."""
        known = self._policy.schools.get(code)
        return known.label if known is not None else code

    def _lines(self, connection: Connection, rows: Iterable[Row]) -> tuple[AppealLine, ...]:
        held = list(rows)
        known = children(connection, {(row.scope, row.text("applicant")) for row in held})
        today = local_day().isoformat()
        within = self._policy.working_days_after(today, WORKING_DAYS)
        lines = []
        for row in held:
            place = (row.scope, row.text("applicant"))
            child = known.get(place)
            named = (child.name, child.receipt) if child else _as_registered(connection, *place)
            due, standing = row.text("due_on"), row.text("standing")
            lines.append(
                AppealLine(
                    record=row.record,
                    applicant=place[1],
                    name=named[0],
                    receipt=named[1],
                    matter=code_label("appeal_matter", row.text("matter")),
                    words=row.text("words"),
                    standing=standing,
                    answer=row.text("answer"),
                    due=due,
                    late=standing != ANSWERED and bool(due) and due < today,
                    school=row.scope,
                    code=row.text("matter"),
                    district_answer=row.text("district_answer"),
                    left=sum(day <= due for day in within),
                    gone=child is None,
                    at=row.created_at,
                )
            )
        return tuple(sorted(lines, key=lambda line: (line.due, line.at, line.record)))

    def _person(self, connection: Connection, school: str, person: str) -> str:
        """Name a person of the school or of this seat; anybody else is the district's."""
        for scope in dict.fromkeys((school, self._workplace.seat.scope)):
            row = read_row(connection, RECORD_TYPES["person"], scope, person)
            if row is not None:
                return row.text("full_name")
        return ""


def _as_registered(connection: Connection, scope: str, record: str) -> tuple[str, str]:
    """Give name and receipt number a child had before the registration was taken back."""
    known: dict[str, str] = {}
    for entry in queries.history(connection, scope, record, ("applicant",)):
        if not entry.verdict:
            known |= {one.field: str(one.after) for one in entry.changes if one.after}
    return known.get("full_name", ""), known.get("receipt_number", "")


def _held(words: str) -> str:
    """Give words as they are kept.

    Raises:
        RuleError: ``appeal.words``: none, or too many.
    """
    said = " ".join(words.split())
    if not said or len(said) > LONGEST:
        raise RuleError("appeal.words", most=LONGEST)
    return said
