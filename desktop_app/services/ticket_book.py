"""The ticket book 接入票存根: which marks and numbers the district has given to which school.

A mark stands in every receipt number of a laptop, so that one given twice to a school would let two
laptops print one number. The book is local to the district's folder and its backups; where a backup
is older than a ticket, what joined laptops have proved of their tickets stands for the missing
stub.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

import msgspec

from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.security.admission import read_admission
from desktop_app.security.ticket import HIGHEST_NUMBER, Grant, verify_ticket_chain
from desktop_app.services.workplace import Workplace
from desktop_app.storage.oplog import FeedRow, load_feeds

BLOCK = 9999
"""How many numbers a laptop gets unless somebody says otherwise."""

_HIGHEST_MARK = 999
_SETTING = "tickets."


class Stub(msgspec.Struct, frozen=True):
    """What one ticket gave: the laptop's mark and its numbers, both ends included."""

    mark: str
    first: int
    last: int


class TicketBook:
    """Remembers tickets by school, and names what comes next."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open district workplace."""
        self._workplace = workplace

    def given(self, school: str) -> tuple[Stub, ...]:
        """Give what tickets of a school were issued, as written down or as laptops have proved."""
        return tuple(dict.fromkeys((*self._written(school), *self._proved(school))))

    def joined(self, school: str) -> tuple[str, ...]:
        """Give the marks with which laptops of a school are proved to have joined."""
        return tuple(dict.fromkeys(one.mark for one in self._proved(school)))

    def allot(
        self,
        school: str,
        mark: str | None = None,
        first: int | None = None,
        last: int | None = None,
    ) -> Stub:
        """Name mark and numbers of the next ticket: as asked for, or the next that are free.

        Raises:
            RuleError: ``office.mark_given``: the school has a ticket of that mark.
        """
        given = self.given(school)
        marks = {one.mark for one in given}
        free = next((str(n) for n in range(1, _HIGHEST_MARK + 1) if str(n) not in marks), "")
        if mark is not None and mark in marks:
            raise RuleError("office.mark_given", mark=mark, free=free)
        begin = first if first is not None else _next_first(given)
        end = last if last is not None else min(begin + BLOCK - 1, HIGHEST_NUMBER)
        return Stub(free if mark is None else mark, begin, end)

    @contextlib.contextmanager
    def giving(self, school: str, stub: Stub) -> Iterator[None]:
        """Write a stub before its ticket leaves, and strike it out where the ticket was not made.

        A power cut in between costs a mark, and never gives one twice.
        """
        before = self._written(school)
        self._write(school, (*before, stub))
        try:
            yield
        except BaseException:
            self._write(school, before)
            raise

    def _written(self, school: str) -> tuple[Stub, ...]:
        text = self._workplace.settings.get(_SETTING + school, "[]")
        return msgspec.json.decode(text, type=tuple[Stub, ...])

    def _write(self, school: str, stubs: tuple[Stub, ...]) -> None:
        self._workplace.settings.set(_SETTING + school, msgspec.json.encode(stubs).decode())

    def _proved(self, school: str) -> Iterator[Stub]:
        with self._workplace.database.read() as connection:
            rows = load_feeds(connection).values()
        for row in rows:
            if row.facts.scope == school and row.identity:
                yield from self._tickets_of(row, row.identity)

    def marks(self, row: FeedRow) -> tuple[str, ...]:
        """Give the marks a laptop was given, by what it has proved."""
        return tuple(one.mark for one in self._tickets_of(row, row.identity or b""))

    def _tickets_of(self, row: FeedRow, identity: bytes) -> Iterator[Stub]:
        district = self._workplace.district
        authorities = () if district is None else district.authorities
        for line in identity.decode().splitlines():
            with contextlib.suppress(UntrustedError):  # an authority of before
                grant = grant_of(line, authorities, row)
                yield Stub(grant.mark, grant.first, grant.last)


def grant_of(line: str, authorities: Iterable[bytes], row: FeedRow) -> Grant:
    """Give what a line of a feed's identity granted its laptop, by ticket or by telephone.

    Raises:
        UntrustedError: the line does not hold.
    """
    if line.startswith("{"):
        use = verify_ticket_chain(line, authorities, replica=row.public, scope=row.facts.scope)
        return use.grant
    _, grant = read_admission(line, authorities, replica=row.public, scope=row.facts.scope)
    return grant


def _next_first(given: tuple[Stub, ...]) -> int:
    """Give the first number after all blocks; marks keep receipts apart where they run out."""
    begin = 1 + max((one.last for one in given), default=0)
    return begin if begin + BLOCK - 1 <= HIGHEST_NUMBER else 1
