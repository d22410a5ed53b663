"""Review 审核: a second person looks, passes or sends back; the district answers.

The reviewer is never the registrar of the same record (notice D1 task 4, maker and checker), nor
whoever has changed what is being passed; the act carries the reviewer's own signature, so no desk
can pass its own work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop_app.domain.acts import REVIEWERS, Role
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.declare import Stage, Value
from desktop_app.domain.district_answers import PLACED
from desktop_app.domain.errors import RuleError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.cross_school import CrossSchoolDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.sent_back import AMENDED, RETURNED, answering, check_note, has_answered
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.answering import unseen_corrections
from desktop_app.storage.database import Connection
from desktop_app.storage.journal import Work
from desktop_app.storage.rows import Row, read_row

PASSED = "passed"
BULK = "pass_many"
UNDO = "undo"
DECISIONS = frozenset({"review", BULK})
"""The words of the acts by which a reviewer decides, one case or many at once."""
STATUS = ("review", "review_reason", "review_field", "review_note", AMENDED)
"""The fields every decision sets."""
CORRECT = "correct"
ASSIGN = "assign"
_WRITTEN = frozenset({"create", "edit", CORRECT})
"""Acts by which a value comes from a person; choosing between two versions is a reviewer's work."""
_JUDGED = frozenset({"number_disputed"})
_CONTENT_KINDS = ("applicant", "guardian")
_CONTENT = frozenset(
    (kind, name)
    for kind in _CONTENT_KINDS
    for name, field in RECORD_TYPES[kind].fields.items()
    if field.item.stage is not Stage.DERIVED and name not in _JUDGED
)
"""What the family told: the fields of the collection form. Papers are the reviewer's to note."""


def has_changed(connection: Connection, scope: str, record: str, person: str) -> bool:
    """Say whether a person wrote, or ever changed, anything the family told of a child."""
    return any(
        entry.person == person
        and not entry.verdict
        and entry.act in _WRITTEN
        and any((entry.kind, change.field) in _CONTENT for change in entry.changes)
        for entry in queries.history(connection, scope, record, _CONTENT_KINDS)
    )


def passing_values(row: Row) -> dict[str, Value]:
    """Give what is written when a case is passed.

    Passed anew after the district asked: that is the school's answer too.
    """
    return {**dict.fromkeys(STATUS), "review": PASSED, **answering(row)}


class ReviewDesk:
    """The use cases of the review page."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def approve(self, records: Iterable[str]) -> int:
        """Pass applications whose materials are complete; all of them or none.

        Raises:
            RuleError: papers are missing, an identity conflict is open, or the reviewer registered
                one of them or changed what the family told.
        """
        self._must_review()
        count = 0
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            for record in records:
                row = work.row("applicant", record)
                self._check(row)
                self._check_changes(work, row)
                if row.text("missing_materials"):
                    raise RuleError("review.incomplete", receipt=row.text("receipt_number"))
                if row.in_conflict or row.values.get("number_disputed"):
                    raise RuleError("review.conflict", receipt=row.text("receipt_number"))
                work.edit("applicant", record, passing_values(row), act="review", signed=True)
                count += 1
        return count

    def send_back(self, record: str, reason: str, field: str = "", note: str = "") -> None:
        """Send an application back to the desk with a coded reason, pinned to a field.

        ``note`` says in words what the coded reason does not; 其他 needs it.

        Raises:
            RuleError: the policy knows no such reason, 其他 without words, words that are too long,
                or the reviewer registered it.
        """
        self._must_review()
        known = self._workplace.policy.reasons.get(reason)
        if known is None or known.scope == "material":
            raise RuleError("review.reason", reason=reason[:20])
        said = check_note(reason, note)
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            self._check(work.row("applicant", record))
            values: dict[str, Value] = {
                **dict.fromkeys(STATUS),
                "review": RETURNED,
                "review_reason": reason,
                "review_field": field or None,
                "review_note": said,
            }
            work.edit("applicant", record, values, act="review", signed=True)

    def _must_review(self) -> None:
        """Stop somebody whose signature would not count, before they believe it did."""
        if not PeopleDesk(self._workplace).roles() & REVIEWERS:
            raise RuleError("review.not_reviewer")

    def _check(self, row: Row) -> None:
        if row.created_by == self._workplace.person:
            raise RuleError("review.own_work", receipt=row.text("receipt_number"))

    def _check_changes(self, work: Work, row: Row) -> None:
        if has_changed(work.connection, work.scope, row.record, self._workplace.person):
            raise RuleError("review.own_change", receipt=row.text("receipt_number"))


def is_ready(row: Row) -> bool:
    """Say whether the school has passed a case and no paper is missing."""
    return row.text("review") == PASSED and not row.text("missing_materials")


def is_placed(row: Row | None) -> bool:
    """Say whether the district has given an answer that leads to a place."""
    return row is not None and row.text("district_status") in PLACED


def _stands(row: Row, values: Mapping[str, Value]) -> bool:
    """Say whether an answer stands already, and the school has not answered it since."""
    same = all((row.values.get(name) or None) == one for name, one in values.items())
    return same and not has_answered(row)


class DistrictDesk:
    """What the district answers to records of its schools."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open district workplace."""
        self._workplace = workplace

    def unready(self, school: str, records: Iterable[str]) -> int:
        """Count those the school itself has not passed, or that still lack papers."""
        with self._workplace.database.read() as connection:
            rows = [
                read_row(connection, RECORD_TYPES["applicant"], school, record)
                for record in records
            ]
        return sum(row is not None and not is_ready(row) for row in rows)

    def undecided(self, school: str, records: Iterable[str]) -> tuple[int, int]:
        """Count those who may be a child of another school, with nobody having decided yet.

        The second number counts those of them who were passed at the other school.
        """
        wanted = {(school, record) for record in records}
        found = CrossSchoolDesk(self._workplace).crossings() if wanted else ()
        pairs = [one for one in found if one.is_open]
        met = {
            place: {other for one in pairs if place in one.pair for other in one.pair}
            for place in wanted
        }
        with self._workplace.database.read() as connection:
            placed = {
                place
                for place in set().union(*met.values())
                if is_placed(read_row(connection, RECORD_TYPES["applicant"], *place))
            }
        return (
            sum(bool(others) for others in met.values()),
            sum(bool(others & placed - {place}) for place, others in met.items()),
        )

    def decide(
        self, school: str, records: Iterable[str], status: str, reason: str = "", note: str = ""
    ) -> int:
        """Answer records of a school; the answer travels in the district's feed for that school.

        ``note`` says in words what the coded reason does not; 其他 needs it. Where this very answer
        stands and the school has changed nothing since, nothing is signed again; the count says so.

        Raises:
            RuleError: not an answer, or one that needs a reason has none.
        """
        said = check_note(reason, note)
        if Role.OFFICER not in PeopleDesk(self._workplace).roles():
            raise RuleError("decision.not_officer")
        if status not in CODE_LISTS["district_status"]:
            raise RuleError("decision.unknown", status=status[:20])
        if status not in {"received", "district_passed", "admitted"} and not reason:
            raise RuleError("decision.reason", status=status)
        self._workplace.ensure_feed(school)
        count = 0
        values: dict[str, Value] = {
            "district_status": status,
            "district_reason": reason or None,
            "district_note": said,
        }
        with self._workplace.journal.begin(self._workplace.actor(), school) as work:
            anew = unseen_corrections(work.connection, school)
            for record in records:
                known = _stands(work.row("applicant", record), values)
                if known and (school, record) not in anew:
                    continue
                work.edit("applicant", record, values, act="decide", signed=True)
                count += 1
        return count
