"""The queue desk 分诊 and 叫号: give a number, call the next, take it into the form.

Tickets are records, so that several laptops see each other's once a stick went round. A number
carries the mark under which its laptop gives receipt numbers, and marks never collide.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.documents.queue_slip import SlipPaper, SlipView
from desktop_app.domain import queueing
from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.domain.materials import AllOf, AnyOf, Paper, Requirement
from desktop_app.domain.queueing import Ticket
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.calendar import local_day, local_time
from desktop_app.services.numbering import grant_own_block
from desktop_app.services.people import PeopleDesk
from desktop_app.services.wording import category_label, paper_label, village_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage import numbers
from desktop_app.storage.journal import Work
from desktop_app.storage.rows import Row, read_row, read_rows

_KIND = "queue_ticket"
_LINK = "queue.draft."


@dataclass(frozen=True, slots=True)
class QueueView:
    """The queue of today as this computer knows it."""

    tickets: tuple[Ticket, ...]
    may: bool
    """Whether the acting person is a registrar: triage is theirs."""

    def count(self, *standings: str) -> int:
        """Count tickets by where they stand."""
        return sum(one.standing in standings for one in self.tickets)


class QueueDesk:
    """The use cases of the queue of one day: today's."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def view(self) -> QueueView:
        """Give today's tickets, in the order of the list."""
        scope, equal = self._workplace.seat.scope, {"day": local_day().isoformat()}
        with self._workplace.database.read() as connection:
            rows = read_rows(connection, RECORD_TYPES[_KIND], scope, dict[str, Value](equal))
        return QueueView(queueing.in_order(map(_ticket, rows)), self._may())

    def give(self, village: str, category: str) -> Ticket:
        """Give the next number for a village and a category.

        Raises:
            RuleError: ``queue.not_allowed``, or ``queue.unknown`` where the policy has no such
                village or category.
        """
        self._require()
        policy = self._workplace.policy
        if (village and village not in policy.villages) or (
            category and category not in policy.categories
        ):
            raise RuleError("queue.unknown")
        day = local_day().isoformat()
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            mark = self._mark(work)
            given = map(_ticket, work.rows(_KIND, day=day))
            values: dict[str, Value] = {
                "day": day,
                "number": queueing.next_number(given, mark),
                "standing": queueing.WAITING,
                "mark": mark,
                "village": village or None,
                "category": category or None,
            }
            record = work.create(_KIND, values)
            return _ticket(work.row(_KIND, record))

    def call_next(self, village: str = "") -> Ticket:
        """Call whoever has waited longest, of a village where one is named.

        Raises:
            RuleError: ``queue.not_allowed``, or ``queue.nobody`` where nobody waits.
        """
        self._require()
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            rows = work.rows(_KIND, day=local_day().isoformat())
            found = queueing.next_of(map(_ticket, rows), village)
            if found is None:
                raise RuleError("queue.nobody")
            return self._move(work, found.record, queueing.CALLED)

    def move(self, record: str, standing: str) -> Ticket:
        """Say where a ticket has come to.

        Raises:
            RuleError: ``queue.not_allowed``, or ``queue.moved``: it stands elsewhere by now.
            StaleError: it is gone.
        """
        self._require()
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            return self._move(work, record, standing)

    def _move(self, work: Work, record: str, standing: str, applicant: str = "") -> Ticket:
        ticket = _ticket(work.row(_KIND, record))
        if not queueing.may_move(ticket.standing, standing):
            raise RuleError("queue.moved", number=ticket.spoken)
        values: dict[str, Value] = {"standing": standing}
        if standing == queueing.CALLED:
            values |= {"desk": self._mark(work), "applicant": None}
        if applicant:
            values["applicant"] = applicant
        work.edit(_KIND, record, values, act="queue")
        return _ticket(work.row(_KIND, record))

    # --- the form ---------------------------------------------------------------------------

    def link(self, draft: str, record: str) -> None:
        """Remember on this computer which ticket a draft was begun with."""
        self._workplace.settings.set(f"{_LINK}{draft}", record)

    def linked(self, draft: str) -> Ticket | None:
        """Give the ticket a draft was begun with, or nothing."""
        record = self._workplace.settings.get(f"{_LINK}{draft}")
        if not record:
            return None
        scope = self._workplace.seat.scope
        with self._workplace.database.read() as connection:
            row = read_row(connection, RECORD_TYPES[_KIND], scope, record)
        return _ticket(row) if row is not None else None

    def entered(self, draft: str, applicant: str) -> Ticket | None:
        """Note that the case of a draft is registered; None where it came without a number.

        The registration stands whatever became of the ticket meanwhile.
        """
        settings = self._workplace.settings
        record = settings.get(f"{_LINK}{draft}")
        if not record:
            return None
        settings.set(f"{_LINK}{draft}", "")
        try:
            with self._workplace.journal.begin(self._workplace.actor()) as work:
                return self._move(work, record, queueing.ENTERED, applicant)
        except (RuleError, StaleError):
            return None

    def taken_back(self, record: str, draft: str) -> None:
        """Have a ticket whose registration was taken back stand as called, for its new draft."""
        self.link(draft, record)
        try:
            with self._workplace.journal.begin(self._workplace.actor()) as work:
                self._move(work, record, queueing.CALLED)
        except (RuleError, StaleError):
            return

    # --- the slip ---------------------------------------------------------------------------

    def slip(self, ticket: Ticket) -> SlipView:
        """Give what stands on the slip of a number: where, which, and what to have ready."""
        policy = self._workplace.policy
        return SlipView(
            school=self._workplace.seat.name,
            number=ticket.spoken,
            village=village_label(policy, ticket.village),
            category=category_label(policy, ticket.category),
            papers=self.papers(ticket.category),
            given_at=f"{local_time(ticket.given_at):%Y-%m-%d %H:%M}",
            source=policy.title,
            practice=self._workplace.practice,
        )

    def papers(self, category: str) -> tuple[SlipPaper, ...]:
        """Give the papers of a category as the slip names them."""
        policy = self._workplace.policy
        found = policy.categories.get(category)
        if found is None:
            return ()
        required = [SlipPaper(self._named(part)) for part in found.required.parts]
        others = [SlipPaper(paper_label(policy, one), wanted=False) for one in found.optional]
        return (*required, *others)

    def _named(self, requirement: Requirement) -> str:
        """Name what a requirement asks for: any one of several, or all of them."""
        match requirement:
            case Paper(code):
                return paper_label(self._workplace.policy, code)
            case AnyOf(options):
                return " 或 ".join(map(self._named, options))
            case AllOf(parts):
                return "和".join(map(self._named, parts))

    # --- who and where ----------------------------------------------------------------------

    def _may(self) -> bool:
        return Role.REGISTRAR in PeopleDesk(self._workplace).roles()

    def _require(self) -> None:
        if not self._may():
            raise RuleError("queue.not_allowed")

    def _mark(self, work: Work) -> str:
        """Give the mark under which this computer gives receipt numbers; there always is one."""
        marks = numbers.open_marks(work.connection)
        if not marks:
            feed = self._workplace.own_feed().facts.feed
            marks = (grant_own_block(self._workplace, work.connection, feed),)
        return marks[0].partition("-")[2]


def _ticket(row: Row) -> Ticket:
    number = row.values.get("number")
    return Ticket(
        record=row.record,
        mark=row.text("mark"),
        number=number if isinstance(number, int) else 0,
        standing=row.text("standing"),
        village=row.text("village"),
        category=row.text("category"),
        desk=row.text("desk"),
        applicant=row.text("applicant"),
        given_at=row.created_at,
    )
