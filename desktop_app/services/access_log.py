"""The trace of a look 留痕: who sees, prints or takes out what is masked signs that they did."""

from __future__ import annotations

from desktop_app.domain.declare import Value
from desktop_app.services.people import PeopleDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.journal import Work


def note_access(work: Work, record: str, what: str, **more: Value) -> None:
    """Write within a transaction, signed, that a child's record was looked at.

    Args:
        work: the transaction.
        record: the child's record.
        what: a code of 查看方式, such as ``print``.
        more: further fields of the entry, such as the number of the copy.
    """
    values: dict[str, Value] = {"applicant": record, "what": what}
    work.create("access", values | more, signed=True)


def log_access(workplace: Workplace, record: str, what: str) -> None:
    """Write that a registered child's record is looked at now, in a transaction of its own.

    Raises:
        RuleError: ``people.not_granted``: nobody would count who looked.
        StaleError: the registration was taken back meanwhile.
    """
    PeopleDesk(workplace).must_count()
    with workplace.journal.begin(workplace.actor()) as work:
        work.row("applicant", record)
        note_access(work, record, what)
