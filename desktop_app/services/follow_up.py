"""The follow-up list 补正清单: who still owes a paper, until when, whom to call.

A line is a child with everything missing at once. Telephones are masked; showing one whole is
logged, and so is a notice that is printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from desktop_app.documents.repair_notice import MissingPaper, NoticeView
from desktop_app.domain.dates import parse_iso
from desktop_app.domain.errors import StaleError
from desktop_app.domain.masks import mask_phone
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.policy.package import Policy
from desktop_app.services.access_log import log_access
from desktop_app.services.calendar import local_day, local_time, stray_year
from desktop_app.services.case_file import CaseDesk
from desktop_app.services.form import NO_NUMBER
from desktop_app.services.wording import paper_label, reason_label, village_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.database import Connection
from desktop_app.storage.lists import ALL, ApplicantLine
from desktop_app.storage.rows import Row, read_row, read_rows

_MISSING = "missing"
_PAGE = 500
_LAST = "9999-12-31"
"""Sorts what has no day after what has one."""


@dataclass(frozen=True, slots=True)
class OwedPaper:
    """One paper still to come, its state, why, and until when (ISO date)."""

    material: str
    label: str
    state: str
    reason: str
    due: str


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """A child with everything still to come; ``due`` is the earliest day."""

    record: str
    name: str
    receipt: str
    village: str
    papers: tuple[OwedPaper, ...]
    due: str
    overdue: bool
    masked_phone: str
    no_number: bool = False
    """Whether the child was registered without a number, which is to come."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The list, overdue first and then by village; ``stray_year`` tells of a clock far away."""

    lines: tuple[FollowUpLine, ...]
    stray_year: int = 0

    @property
    def overdue(self) -> int:
        """Count the children whose day has passed."""
        return sum(line.overdue for line in self.lines)

    @property
    def villages(self) -> tuple[str, ...]:
        """Name the villages that have a line, in order."""
        return tuple(sorted({line.village for line in self.lines}))


class FollowUpDesk:
    """The use cases of the page 补正清单."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace
        self._policy = workplace.policy

    def list(self) -> FollowUp:
        """Give everybody who still owes a paper.

        Where the clock stands in another year than the season nobody is called overdue.
        """
        stray = stray_year(self._policy.season_year)
        today = "" if stray else local_day().isoformat()
        with self._workplace.database.read() as connection:
            lines = [self._line(connection, one, today) for one in self._missing(connection)]
        lines.sort(key=lambda line: (not line.overdue, line.village, line.due or _LAST, line.name))
        return FollowUp(tuple(lines), stray)

    def phone(self, record: str) -> str:
        """Give the telephone of a family, and log that the acting person looked.

        Raises:
            StaleError: the registration was taken back meanwhile.
        """
        return CaseDesk(self._workplace).unmask(record).phone

    def notice(self, record: str) -> NoticeView:
        """Give what stands on the notice of a case: all that is missing, at once.

        Raises:
            StaleError: the registration was taken back, or nothing is missing any more.
        """
        scope = self._workplace.seat.scope
        today = "" if stray_year(self._policy.season_year) else local_day().isoformat()
        with self._workplace.database.read() as connection:
            applicant = queries.applicant_file(connection, scope, record).applicant
            papers = self._owed(
                connection, record, tuple(applicant.text("missing_materials").split())
            )
            clerk = read_row(connection, RECORD_TYPES["person"], scope, self._workplace.person)
        if not papers:
            raise StaleError("notice.nothing_missing")
        return self._view(applicant, papers, today, clerk.text("full_name") if clerk else "")

    def log_print(self, record: str) -> None:
        """Note with the person's signature that a notice is printed now.

        Raises:
            RuleError: ``people.not_granted``: nobody would count who printed.
            StaleError: the registration was taken back meanwhile.
        """
        log_access(self._workplace, record, "print")

    # --- lines ------------------------------------------------------------------------------

    def _missing(self, connection: Connection) -> Iterator[ApplicantLine]:
        """Walk everybody who misses a paper or has no number yet, page by page."""
        after = None
        while True:
            scope = self._workplace.seat.scope
            page = queries.applicant_page(connection, scope, ALL, after, _PAGE)
            yield from (
                line for line in page.lines if line.missing_materials or line.id_type == NO_NUMBER
            )
            if page.after is None:
                return
            after = page.after

    def _line(self, connection: Connection, line: ApplicantLine, today: str) -> FollowUpLine:
        papers = self._owed(connection, line.record, tuple(line.missing_materials.split()))
        due = min((paper.due for paper in papers), default="")
        kind, scope = RECORD_TYPES["guardian"], self._workplace.seat.scope
        guardians = read_rows(connection, kind, scope, {"applicant": line.record})
        phones = [one.text("phone") for one in guardians if one.text("phone")]
        return FollowUpLine(
            record=line.record,
            name=line.full_name,
            receipt=line.receipt_number,
            village=village_label(self._policy, line.hukou_village),
            papers=papers,
            due=due,
            overdue=bool(today) and bool(due) and due < today,
            masked_phone=mask_phone(phones[0]) if phones else "",
            no_number=line.id_type == NO_NUMBER,
        )

    def _owed(
        self, connection: Connection, record: str, missing: tuple[str, ...]
    ) -> tuple[OwedPaper, ...]:
        """Give each missing paper as it is noted, with the policy's day where none was set."""
        kind, scope = RECORD_TYPES["material_check"], self._workplace.seat.scope
        rows = read_rows(connection, kind, scope, {"applicant": record})
        noted = {row.text("material"): row for row in rows}
        latest = self._policy.paper_deadline(local_day().isoformat())
        return tuple(
            _owed_paper(self._policy, code, noted.get(code), latest)
            for code in dict.fromkeys(missing)
        )

    def _view(
        self, applicant: Row, papers: tuple[OwedPaper, ...], today: str, clerk: str
    ) -> NoticeView:
        policy, words = self._policy, self._policy.wording
        return NoticeView(
            school=self._workplace.seat.name,
            number=applicant.text("receipt_number"),
            name=applicant.text("full_name"),
            village=village_label(policy, applicant.text("hukou_village")),
            papers=tuple(
                MissingPaper(
                    paper.label,
                    paper.reason,
                    _remedy(policy, paper),
                    _day(paper.due),
                    overdue=bool(today) and paper.due < today,
                )
                for paper in papers
            ),
            deadline=f"{_day(max(paper.due for paper in papers))}{policy.correction.repair_time}",
            missing_is_fine=words["missing_is_fine"].text,
            told_at_once=words["told_at_once"].text,
            no_fee=words["no_fee"].text,
            hotline=f"{words['hotline'].text} {policy.hotline}。",
            clerk=clerk,
            printed_at=f"{local_time():%Y-%m-%d %H:%M}",
            practice=self._workplace.practice,
        )


def _owed_paper(policy: Policy, code: str, row: Row | None, latest: str) -> OwedPaper:
    return OwedPaper(
        material=code,
        label=paper_label(policy, code),
        state=row.text("result") if row is not None else _MISSING,
        reason=_why(policy, row) if row is not None else "",
        due=(row.text("due_on") if row is not None else "") or latest,
    )


def _why(policy: Policy, row: Row) -> str:
    """Say why a paper did not do; words stand for the reason 其他."""
    return row.text("reason_note") or reason_label(policy, row.text("reason"))


def _remedy(policy: Policy, paper: OwedPaper) -> str:
    """Say what mends a paper that did not do."""
    known = {one.label: one.remedy for one in policy.reasons.values()}
    return known.get(paper.reason, "")


def _day(iso: str) -> str:
    day = parse_iso(iso)
    return f"{day.month} 月 {day.day} 日" if day is not None else iso
