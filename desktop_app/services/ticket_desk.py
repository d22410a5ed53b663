"""Giving tickets 发接入票: what the district has given to each school, and the next one.

The file goes to a stick. Its code goes on paper and another way: with both, anybody could join.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop_app.domain.errors import RuleError
from desktop_app.durable.files import disk_errors, make_private_folder, write_atomically
from desktop_app.services.district_office import DistrictOffice, IssuedTicket
from desktop_app.services.ticket_book import Stub, TicketBook
from desktop_app.services.workplace import Workplace

SUFFIX = ".ticket"


@dataclass(frozen=True, slots=True)
class SchoolTickets:
    """A school with the marks of the tickets it was given, and the mark of the next one."""

    school: str
    label: str
    marks: tuple[str, ...]
    following: str
    joined: tuple[str, ...] = ()
    """Those of the marks with which a laptop has joined, as far as its bundles have come."""
    is_example: bool = False
    """Whether the policy package in use names it as a made-up school."""


@dataclass(frozen=True, slots=True)
class GivenTicket:
    """A ticket that was made: where its file lies, and what goes on the paper."""

    path: Path
    school: str
    stub: Stub
    code: str
    fingerprint: str
    serial: int


class TicketDesk:
    """Give tickets; marks and numbers come from the book, which gives none twice."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open district workplace.

        Raises:
            RuleError: it is a school's.
        """
        self._workplace = workplace
        self._office = DistrictOffice(workplace)
        self._book = TicketBook(workplace)

    def schools(self) -> tuple[SchoolTickets, ...]:
        """List the schools that the district's document names."""
        district, listed = self._workplace.district, self._workplace.policy.schools
        return tuple(
            SchoolTickets(
                one.code,
                one.name,
                tuple(stub.mark for stub in self._book.given(one.code)),
                self._book.allot(one.code).mark,
                self._book.joined(one.code),
                one.code in listed and listed[one.code].is_example,
            )
            for one in (district.schools if district is not None else ())
        )

    def give(
        self, school: str, wanted: Stub | None, write: Callable[[IssuedTicket], Path]
    ) -> GivenTicket:
        """Make a ticket, the next of its school unless another is wanted, and write its file.

        Raises:
            RuleError: no such school, a mark it has already, or no document yet.
            WorkplaceError: the disk refused; then the mark stays free.
        """
        fingerprint = self._office.fingerprint()
        stub = wanted or self._book.allot(school)
        made = self._office.issue(school, stub.mark, stub.first, stub.last)
        with self._book.giving(school, stub):
            path = write(made)
        return GivenTicket(path, school, stub, made.code, fingerprint, made.serial)

    def give_next(self, school: str, folder: Path) -> GivenTicket:
        """Make the next ticket of a school and put its file into a folder.

        Raises:
            RuleError: ``ticket.file_exists``, or as ``give``.
            WorkplaceError: the disk refused; then the mark stays free.
        """

        def write(made: IssuedTicket) -> Path:
            path = folder / ticket_name(school, made.mark)
            with disk_errors():
                if path.exists():
                    raise RuleError("ticket.file_exists", name=path.name)
            make_private_folder(folder)
            write_atomically(path, made.file)
            return path

        return self.give(school, None, write)


def ticket_name(school: str, mark: str) -> str:
    """Name a ticket's file: nobody's name, so that a lost stick tells nothing."""
    return f"{school}-{mark}{SUFFIX}"
