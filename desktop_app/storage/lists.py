"""Lists of applicants: pages by key, counts, what waits for review, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import Any

import msgspec
from sqlalchemy import TextualSelect, column, text

from desktop_app.storage.database import Connection
from desktop_app.storage.tables import ANSWERED, CONFLICT, LISTS, UNMERGED

ALL = "all"
FILTERS = (ALL, *LISTS)
"""The names of the lists."""

PageKey = tuple[int, str]
"""Where a page ends: time of making (UTC milliseconds) and record."""

_NEWEST: PageKey = (2**62, "")
_OLDEST: PageKey = (-1, "")


class ApplicantLine(msgspec.Struct, frozen=True):
    """One applicant as lists show them; numbers are not masked yet.

    A struct: a page makes fifty, and a frozen dataclass of twenty fields takes ten times as long.
    """

    record: str
    full_name: str
    sex: str
    birth_date: str
    id_type: str
    id_number: str
    category: str
    hukou_village: str
    receipt_number: str
    family: str
    missing_materials: str
    review: str
    review_reason: str
    review_note: str
    review_field: str
    amended: int
    district_status: str
    district_reason: str
    answered: int
    """1 where the school has answered what the district asks."""
    assigned_to: str
    """The person who has taken it on, empty where nobody has."""
    state: int
    twin: str
    """The record it was merged into, empty where it was not; lists hold none that were."""
    created_by: str
    created_in: str
    created_at: int
    changed_at: int

    @property
    def key(self) -> PageKey:
        """Give the key by which the page after this line begins."""
        return (self.created_at, self.record)

    @property
    def in_conflict(self) -> bool:
        """Say whether a person must choose between two values."""
        return bool(self.state & CONFLICT)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; ``after`` begins the next one, None where there is none."""

    lines: tuple[ApplicantLine, ...]
    after: PageKey | None


AT_MOST = "LIMIT ? + 0"
"""Ends a statement of bounded length. A bare ``LIMIT ?`` is peeked at by the planner, and every
binding then has SQLite prepare the statement anew, which costs twice what it takes to run."""

LINE = ", ".join(
    f"coalesce(projected_applicant.{one.name}, '')"
    if one.type is str
    else f"coalesce(projected_applicant.{one.name}, 0)"
    if one.name == "amended"
    else f"{ANSWERED} AS answered"
    if one.name == "answered"
    else one.name
    for one in msgspec.structs.fields(ApplicantLine)
)
"""The columns of a line, texts never null."""

_LIST = {
    which: (
        f"SELECT {LINE} FROM projected_applicant INDEXED BY {index} WHERE scope = :scope"  # noqa: S608
        f" AND {condition} AND {UNMERGED} AND (created_at, record)"
    )
    for which, index, condition in [
        (ALL, "projected_applicant_created", "created_at IS NOT NULL"),
        *((name, f"projected_applicant_list_{name}", held) for name, held in LISTS.items()),
    ]
}


def _statement(sql: str) -> TextualSelect:
    """Build a list's statement once: what SQLAlchemy knows of its columns is then kept."""
    return text(sql).columns(*map(column, ApplicantLine.__struct_fields__))


_PAGE = {
    which: _statement(
        f"{begin} < (:at, :record) ORDER BY created_at DESC, record DESC LIMIT :most + 0"
    )
    for which, begin in _LIST.items()
}
_OF_VILLAGE = {
    which: _statement(
        f"{begin} < (:at, :record) AND hukou_village = :village"
        " ORDER BY created_at DESC, record DESC LIMIT :most + 0"
    )
    for which, begin in _LIST.items()
}
"""A village has some dozen children of a list that a school walks in milliseconds."""
_QUEUE = _statement(
    f"{_LIST['to_review']} > (:at, :record) ORDER BY created_at, record LIMIT :most + 0"
)
_OWN = (
    " FROM projected_applicant INDEXED BY projected_applicant_assigned"
    f" WHERE scope = :scope AND assigned_to = :person AND {LISTS['to_review']} AND {UNMERGED}"
)
_MINE = _statement(
    f"SELECT {LINE}{_OWN} AND (created_at, record) > (:at, :record)"
    " ORDER BY created_at, record LIMIT :most + 0"
)
_COUNT_MINE = f"SELECT count(*){_OWN}"
_COUNT = {
    ALL: (
        "SELECT count(*) FROM projected_applicant"  # noqa: S608 - our own names
        f" INDEXED BY projected_applicant_created WHERE scope = ? AND {UNMERGED}"
    )
} | {
    which: (
        "SELECT count(*) FROM projected_applicant"  # noqa: S608 - names and conditions of LISTS
        f" INDEXED BY projected_applicant_list_{which} WHERE scope = ? AND {condition}"
        f" AND {UNMERGED}"
    )
    for which, condition in LISTS.items()
}
_DAY = (
    "SELECT count(*), coalesce(sum(coalesce(missing_materials, '') = ''), 0),"  # noqa: S608
    f" coalesce(sum({LISTS['to_review']}), 0) FROM projected_applicant"
    f" WHERE scope = ? AND created_at >= ? AND created_at < ? AND {UNMERGED}"
)


def applicant_page(
    connection: Connection, scope: str, which: str, after: PageKey | None, limit: int
) -> Page:
    """Give a page of a list, newest first.

    Raises:
        KeyError: there is no such list (see ``FILTERS``).
    """
    return _page(connection, _PAGE[which], scope, after or _NEWEST, limit)


def village_page(
    connection: Connection,
    scope: str,
    which: str,
    village: str,
    after: PageKey | None,
    limit: int,
) -> Page:
    """Give a page of those of a list whose household is registered in a village, newest first.

    Raises:
        KeyError: there is no such list (see ``FILTERS``).
    """
    statement = _OF_VILLAGE[which].bindparams(village=village)
    return _page(connection, statement, scope, after or _NEWEST, limit)


def review_queue(connection: Connection, scope: str, after: PageKey | None, limit: int) -> Page:
    """Give a page of what waits for review, oldest first."""
    return _page(connection, _QUEUE, scope, after or _OLDEST, limit)


def own_queue(
    connection: Connection, scope: str, person: str, after: PageKey | None, limit: int
) -> Page:
    """Give a page of what waits for review and a person has taken on, oldest first."""
    return _page(connection, _MINE, scope, after or _OLDEST, limit, person=person)


def own_count(connection: Connection, scope: str, person: str) -> int:
    """Count what waits for review and a person has taken on."""
    found = connection.exec_driver_sql(_COUNT_MINE, {"scope": scope, "person": person})
    return int(found.scalar_one())


def keying_count(connection: Connection, scope: str) -> int:
    """Count the paper forms that wait for their second keying."""
    found = connection.exec_driver_sql(
        "SELECT count(*) FROM projected_applicant"  # noqa: S608 - our own condition
        f" WHERE scope = ? AND second_keying = 'waiting' AND {UNMERGED}",
        (scope,),
    )
    return int(found.scalar_one())


def _page(
    connection: Connection,
    statement: TextualSelect,
    scope: str,
    after: PageKey,
    limit: int,
    **more: str,
) -> Page:
    at, record = after
    bound = {"scope": scope, "at": at, "record": record, "most": limit + 1, **more}
    rows = connection.execute(statement, bound).all()
    lines = lines_of(rows[:limit])
    return Page(lines, lines[-1].key if len(rows) > limit else None)


def lines_of(rows: Iterable[Sequence[Any]]) -> tuple[ApplicantLine, ...]:
    """Make lines of rows selected by ``LINE``."""
    return tuple(starmap(ApplicantLine, rows))


def counts(connection: Connection, scope: str) -> dict[str, int]:
    """Count every list."""
    return {
        which: int(connection.exec_driver_sql(statement, (scope,)).scalar_one())
        for which, statement in _COUNT.items()
    }


def day_counts(connection: Connection, scope: str, begin: int, end: int) -> tuple[int, int, int]:
    """Count what was registered in a span of UTC milliseconds: all, complete, not yet reviewed."""
    registered, complete, unreviewed = connection.exec_driver_sql(_DAY, (scope, begin, end)).one()
    return int(registered), int(complete), int(unreviewed)


DueKey = tuple[str, str]
"""Where a page of the follow-up list ends: due date and record of the material check."""


@dataclass(frozen=True, slots=True)
class DueLine:
    """A paper that is to be brought 容缺待补: whose, which, until when, whom to call."""

    check: str
    due_on: str
    material: str
    result: str
    reason: str
    applicant: str
    full_name: str
    receipt_number: str
    phone: str

    @property
    def key(self) -> DueKey:
        """Give the key by which the page after this line begins."""
        return (self.due_on, self.check)


_DUE = (
    "SELECT papers.record, papers.due_on, coalesce(papers.material, ''),"
    " coalesce(papers.result, ''), coalesce(papers.reason, ''), applicant.record,"
    " coalesce(applicant.full_name, ''), coalesce(applicant.receipt_number, ''),"
    " coalesce((SELECT phone FROM projected_guardian WHERE projected_guardian.applicant ="
    " applicant.record AND projected_guardian.scope = applicant.scope AND phone IS NOT NULL"
    " LIMIT 1), '')"
    " FROM projected_material_check AS papers INDEXED BY projected_material_check_due"
    " CROSS JOIN projected_applicant AS applicant"
    " ON applicant.scope = papers.scope AND applicant.record = papers.applicant"
    " WHERE papers.scope = ? AND papers.due_on IS NOT NULL AND papers.due_on <= ?"
    " AND (papers.due_on, papers.record) > (?, ?)"
    " AND papers.result IN ('pending_original', 'correction_required', 'missing')"
    " AND applicant.twin IS NULL"
    " ORDER BY papers.due_on, papers.record LIMIT ? + 0"
)


def follow_up(
    connection: Connection, scope: str, until: str, after: DueKey | None, limit: int
) -> tuple[DueLine, ...]:
    """Give papers due by a day (ISO), the earliest first."""
    rows = connection.exec_driver_sql(_DUE, (scope, until, *(after or ("", "")), limit))
    return tuple(DueLine(*row) for row in rows)
