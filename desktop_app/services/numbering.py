"""Receipt numbers of this computer: from its ticket's block, and then from one of its own.

A block is used up one day; no child is turned away for that. The computer goes on with a spare
block under a mark of its own feed, as it does before it has joined, so that whoever succeeds it and
every other laptop still give other numbers; a new ticket closes the spare block again.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.domain.errors import RuleError
from desktop_app.domain.receipt_number import format_receipt
from desktop_app.services.calendar import local_month_day
from desktop_app.services.workplace import Workplace
from desktop_app.storage import numbers
from desktop_app.storage.database import Connection

OWN_BLOCK = 9999
_LETTERS = 3
_LOW = 10
"""A block is low where no more than one number in so many is left."""


@dataclass(frozen=True, slots=True)
class BlockStanding:
    """How many numbers there are still; ``spare`` where the ticket's are used up."""

    left: int
    total: int
    spare: bool

    @property
    def is_low(self) -> bool:
        """Say whether it is time to ask the district for a new block."""
        return self.spare or self.left * _LOW <= self.total


def next_receipt(workplace: Workplace, connection: Connection) -> str:
    """Take the next number and write it as a receipt number; there always is one."""
    try:
        mark, number = numbers.next_number(connection)
    except RuleError as error:
        if error.code != "number.exhausted":
            raise
        grant_own_block(workplace, connection, workplace.own_feed().facts.feed)
        mark, number = numbers.next_number(connection)
    school_mark, _, desk_mark = mark.partition("-")
    return format_receipt(school_mark, desk_mark or "0", local_month_day(), number)


def grant_own_block(workplace: Workplace, connection: Connection, feed: str) -> str:
    """Open a block that nobody gives from yet, named by the feed; give its mark.

    A successor never goes on in a block it finds: the computer it succeeds, or its twin, may have
    given the same numbers out on paper. The first sign is a letter: tickets count their marks.
    """
    used, school = numbers.used_marks(connection), _school_mark(workplace)
    mark = next(
        found for found in (f"{school}-{one}" for one in _own_marks(feed)) if found not in used
    )
    numbers.grant_block(connection, mark, 1, OWN_BLOCK)
    return mark


def block_standing(workplace: Workplace) -> BlockStanding:
    """Say how far this computer's numbers reach."""
    own = workplace.own_feed()
    with workplace.database.read() as connection:
        left, total = numbers.block_counts(connection)
        marks = numbers.open_marks(connection)
    desk_marks = {mark.partition("-")[2] for mark in marks}
    exhausted = not marks or not desk_marks.isdisjoint(_own_marks(own.facts.feed))
    return BlockStanding(left, total, spare=exhausted and bool(own.identity))


def _own_marks(feed: str) -> list[str]:
    """Give the marks a feed may give numbers under: three of its signs, the first a letter."""
    name = feed.upper()
    starts = (at for at in range(len(name) - _LETTERS + 1) if name[at].isalpha())
    return [name[at : at + _LETTERS] for at in starts]


def _school_mark(workplace: Workplace) -> str:
    school = workplace.policy.schools.get(workplace.seat.code)
    return school.mark if school is not None else workplace.seat.code[-4:]
