"""The district's answers 答复: what waits for one, one case with what changed since, and answering.

A case is read as its school wrote it; numbers come masked. What is written is written by
``review.DistrictDesk``; a slip is taken back as long as it is the last answer given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.district_answers import QUERIED, VOID
from desktop_app.domain.errors import RuleError
from desktop_app.domain.list_faults import FAULTS
from desktop_app.domain.masks import mask_number, mask_phone
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.policy.package import Policy
from desktop_app.services.calendar import local_day
from desktop_app.services.case_file import CaseDesk, CaseFile
from desktop_app.services.changes import CORRECTION, Changed, Corrected, changes_of, corrections
from desktop_app.services.consents import CONSENT
from desktop_app.services.cross_school import CrossSchoolDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.review import (
    DECISIONS,
    PASSED,
    UNDO,
    DistrictDesk,
    is_placed,
    is_ready,
)
from desktop_app.services.sent_back import RETURNED
from desktop_app.services.wording import (
    code_label,
    faults_label,
    paper_label,
    reason_label,
    village_label,
)
from desktop_app.services.workplace import Workplace
from desktop_app.storage import answering, queries
from desktop_app.storage.answering import AnswerKey, AnswerRow, Made
from desktop_app.storage.queries import ApplicantFile, HistoryEntry
from desktop_app.storage.rows import Row, read_row

DISTRICT_PASSED = "district_passed"
CORRECTED_SINCE = "corrected_since"


@dataclass(frozen=True, slots=True)
class Place:
    """Which child: the school and the record."""

    school: str
    record: str


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One line of a list.

    ``state`` is unreviewed, missing, unanswered, queried, answered (by the school, to the
    question), decided, or corrected_since, where a correction came after the answer. ``told`` says
    of the question or the answer, or of the last correction.
    """

    place: Place
    school: str
    name: str
    receipt: str
    category: str
    state: str
    told: str
    at: int


@dataclass(frozen=True, slots=True)
class AnswerSlice:
    """A page of a list; ``after`` begins the next one, None where there is none."""

    lines: tuple[AnswerLine, ...]
    after: AnswerKey | None


@dataclass(frozen=True, slots=True)
class Twin:
    """A registration at another school that may be the same child; ``placed``: passed there."""

    school: str
    placed: bool


@dataclass(frozen=True, slots=True)
class AnswerCase:
    """One child as the district sees it before it answers."""

    place: Place
    school: str
    file: CaseFile
    state: str
    facts: tuple[tuple[str, str], ...]
    papers: tuple[tuple[str, str], ...]
    review: str
    answer: str
    """The district's answer that stands, with its reason and words."""
    changes: tuple[Changed, ...]
    ready: bool
    """Whether the school has passed it, nothing is missing, and no other school may have it."""
    corrected: tuple[Corrected, ...] = ()
    """What the school corrected after it had passed the case 更正."""
    twins: tuple[Twin, ...] = ()
    """Who may be the same child at another school, with nobody having decided yet."""
    void: bool = False
    """Whether it was decided that the child keeps its place at another school."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given, and what stood before it: so that it can be taken back."""

    place: Place
    name: str
    status: str
    before: tuple[Value, Value, Value]


class AnswerDesk:
    """The use cases of the page 答复."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open district workplace."""
        self._workplace = workplace
        self._policy = workplace.policy

    # --- lists ------------------------------------------------------------------------------

    def counts(self, school: str = "") -> dict[str, int]:
        """Count every list by its name, of one school or of all."""
        with self._workplace.database.read() as connection:
            return answering.answer_counts(connection, school)

    def answered_by_school(self) -> dict[str, int]:
        """Count, by school, what was amended after a question and waits for the district."""
        with self._workplace.database.read() as connection:
            return answering.answered_by_school(connection)

    def page(
        self, which: str, school: str = "", after: AnswerKey | None = None, limit: int = 50
    ) -> AnswerSlice:
        """Give a page of a list, a school after the other, the oldest case first.

        Raises:
            KeyError: there is no such list.
        """
        with self._workplace.database.read() as connection:
            found = answering.answer_page(connection, which, school, after, limit)
            unseen = answering.unseen_corrections(connection, school)
        return AnswerSlice(tuple(self._line(one, unseen) for one in found.rows), found.after)

    def unseen(self, school: str = "") -> int:
        """Count the children who were passed and corrected since, and not answered anew."""
        with self._workplace.database.read() as connection:
            return len(answering.unseen_corrections(connection, school))

    def _line(self, found: AnswerRow, unseen: Collection[tuple[str, str]]) -> AnswerLine:
        line = found.line
        state = _state(
            line.review, line.district_status, line.missing_materials, bool(line.answered)
        )
        return AnswerLine(
            place=Place(found.school, line.record),
            school=self.school_name(found.school),
            name=line.full_name,
            receipt=line.receipt_number,
            category=line.category,
            state=CORRECTED_SINCE if (found.school, line.record) in unseen else state,
            told=self._corrected(found.made)
            if found.made is not None
            else self._told(line.district_status, line.district_reason),
            at=line.created_at,
        )

    def _corrected(self, made: Made) -> str:
        """Say when a passed case was corrected last, why, and by which paper."""
        day, paper = local_day(made.at), paper_label(self._policy, made.material)
        reason = code_label("correction_reason", made.reason)
        return f"{day.month}月{day.day}日更正：{reason}，{paper}"

    def school_name(self, code: str) -> str:
        """Name a school."""
        known = self._policy.schools.get(code)
        return known.label if known is not None else code

    def _told(self, status: str, reason: str, note: str = "") -> str:
        words = (code_label("district_status", status), reason_label(self._policy, reason), note)
        return "：".join(filter(None, words))

    # --- one case ---------------------------------------------------------------------------

    def open(self, place: Place) -> AnswerCase:
        """Give one child as it is held now.

        Raises:
            StaleError: the school took the registration back.
        """
        file = CaseDesk(self._workplace, place.school).open(place.record)
        with self._workplace.database.read() as connection:
            held = queries.applicant_file(connection, place.school, place.record)
            history = queries.history(connection, place.school, place.record)
            filed = tuple(corrections(connection, place.school, self._policy, history))
            unseen = answering.unseen_corrections(connection, place.school)
        row = held.applicant
        status, review = row.text("district_status"), row.text("review")
        missing = row.text("missing_materials")
        state = _state(review, status, missing, file.answered)
        twins = tuple(self._twins(place))
        return AnswerCase(
            place=place,
            school=self.school_name(place.school),
            file=file,
            state=CORRECTED_SINCE if (place.school, place.record) in unseen else state,
            facts=tuple(_facts(held, self._policy)),
            papers=tuple(self._papers(held)),
            review=self._review(row),
            answer=self._told(status, row.text("district_reason"), row.text("district_note")),
            changes=tuple(self._changes(history)) if status == QUERIED else (),
            ready=is_ready(row) and not twins and status != VOID,
            corrected=filed,
            twins=twins,
            void=status == VOID,
        )

    def _twins(self, place: Place) -> Iterator[Twin]:
        """Give who may be the same child at another school, as long as nobody has decided."""
        here = (place.school, place.record)
        for pair in CrossSchoolDesk(self._workplace).undecided(here):
            scope, record = next(one for one in pair.pair if one != here)
            with self._workplace.database.read() as connection:
                row = read_row(connection, RECORD_TYPES["applicant"], scope, record)
            yield Twin(self.school_name(scope), is_placed(row))

    def _papers(self, held: ApplicantFile) -> Iterator[tuple[str, str]]:
        """Give every paper noted or missing, with what became of it."""
        noted = {one.text("material"): one.text("result") for one in held.checks}
        for code in held.applicant.text("missing_materials").split():
            noted.setdefault(code, "missing")
        for code, result in noted.items():
            yield paper_label(self._policy, code), code_label("material_result", result)

    def _review(self, row: Row) -> str:
        """Say what the school decided, and why where it sent the case back."""
        review = row.text("review")
        words = [code_label("review", review)]
        if review == RETURNED:
            words += [
                reason_label(self._policy, row.text("review_reason")),
                row.text("review_note"),
            ]
        return "：".join(filter(None, words))

    def _changes(self, history: Sequence[HistoryEntry]) -> Iterator[Changed]:
        """Give what was changed after the last question, in the order it was."""
        asked = max((at for at, one in enumerate(history) if one.act == "decide"), default=-1)
        for entry in history[asked + 1 :]:
            untold = entry.kind in {CORRECTION, CONSENT, "appeal"} or entry.act in {
                "decide",
                *DECISIONS,
                UNDO,
            }
            if entry.verdict or untold:
                continue
            yield from changes_of(self._policy, (entry,))

    # --- answering --------------------------------------------------------------------------

    def give(self, place: Place, status: str, reason: str = "", note: str = "") -> Given:
        """Answer one child, and give what stood before.

        Raises:
            RuleError: ``decision.same_answer``: this answer stands, and nothing came since.
            ProductError: as ``DistrictDesk.decide``.
        """
        with self._workplace.database.read() as connection:
            row = queries.applicant_file(connection, place.school, place.record).applicant
        before = tuple(row.values.get(name) for name in _ANSWER)
        desk = DistrictDesk(self._workplace)
        if not desk.decide(place.school, [place.record], status, reason, note):
            raise RuleError("decision.same_answer")
        return Given(place, row.text("full_name"), status, (before[0], before[1], before[2]))

    def take_back(self, given: Given) -> None:
        """Take an answer back: what stood before it stands again.

        Raises:
            RuleError: not an officer, or another answer stands meanwhile.
        """
        if Role.OFFICER not in PeopleDesk(self._workplace).roles():
            raise RuleError("decision.not_officer")
        school, record = given.place.school, given.place.record
        with self._workplace.journal.begin(self._workplace.actor(), school) as work:
            if work.row("applicant", record).text("district_status") != given.status:
                raise RuleError("decision.overtaken")
            values = dict(zip(_ANSWER, given.before, strict=True))
            work.edit("applicant", record, values, act="decide", signed=True)


_ANSWER = ("district_status", "district_reason", "district_note")


def _state(review: str, status: str, missing: str, answered: bool) -> str:  # noqa: FBT001
    if status == QUERIED:
        return "answered" if answered and review == PASSED else "queried"
    if status:
        return "decided"
    if review != PASSED:
        return "unreviewed"
    return "missing" if missing else "unanswered"


def _facts(held: ApplicantFile, policy: Policy) -> Iterable[tuple[str, str]]:
    """Give the fields of a child, numbers masked."""
    child = held.applicant
    born = f"{child.text('birth_date')} {code_label('sex', child.text('sex'))}".strip()
    yield "证件号", mask_number(child.text("id_number"))
    yield "出生", born
    if child.text(FAULTS):
        yield "名册有误", faults_label(child.text(FAULTS))
    for kind, label in (("hukou", "户籍地址"), ("current", "现住址")):
        village = village_label(policy, child.text(f"{kind}_village"))
        yield label, f"{village} {child.text(f'{kind}_address')}".strip()
    for parent in held.guardians:
        relation = code_label("guardian_relation", parent.text("relation"))
        yield "监护人", f"{parent.text('full_name')} {relation}".strip()
        yield "监护人证件", mask_number(parent.text("id_number"))
        yield "电话", mask_phone(parent.text("phone"))
