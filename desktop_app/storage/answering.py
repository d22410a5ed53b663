"""What the district has to answer 答复: lists over all its schools, or over one of them.

Pages are read in the order of the index, a school after the other, the oldest case first; the key
of a page names school, time and record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from desktop_app.domain.district_answers import PLACED, QUERIED
from desktop_app.storage.database import Connection
from desktop_app.storage.lists import ALL, LINE, ApplicantLine
from desktop_app.storage.tables import LISTS, UNMERGED

OPEN, QUERY, ANSWERED, DECIDED = "unanswered", "queried", "answered", "decided"
CORRECTED = "corrected"
ANSWER_FILTERS = (OPEN, QUERY, ANSWERED, DECIDED, CORRECTED, ALL)
"""The lists: not answered yet, asked about, amended since, answered, corrected after the school's
approval, all that came."""

AnswerKey = tuple[str, int, str]
"""Where a page ends: school, time of making (UTC milliseconds) and record."""

_FIRST: AnswerKey = ("", -1, "")
_ASKED = f"district_status = '{QUERIED}'"
PLACING = ", ".join(f"'{status}'" for status in sorted(PLACED))
_HELD: Mapping[str, tuple[str, str]] = {
    OPEN: ("list_unanswered", LISTS["unanswered"]),
    QUERY: ("list_asked", f"{LISTS['asked']} AND {_ASKED}"),
    ANSWERED: ("list_answered", LISTS["answered"]),
    DECIDED: ("list_decided", f"{LISTS['decided']} AND NOT {_ASKED}"),
    ALL: ("created", "created_at IS NOT NULL"),
}
_FROM = {
    which: f"FROM projected_applicant INDEXED BY projected_applicant_{index} WHERE {held}"
    f" AND {UNMERGED} AND"
    for which, (index, held) in _HELD.items()
}
_PAGE = {
    which: f"SELECT {LINE}, scope {begin} {{place}}"
    " (scope, created_at, record) > (?, ?, ?) ORDER BY scope, created_at, record LIMIT ? + 0"
    for which, begin in _FROM.items()
}
_COUNT = {which: f"SELECT count(*) {begin} scope {{place}} ?" for which, begin in _FROM.items()}
_CORRECTED = (
    "FROM (SELECT scope AS school, created_at AS at, record AS made, applicant AS child, reason,"  # noqa: S608 - our own names
    " material FROM projected_correction AS one INDEXED BY projected_correction_made"
    " WHERE NOT EXISTS (SELECT 1 FROM projected_correction AS later"
    " INDEXED BY projected_correction_applicant"
    " WHERE later.applicant = one.applicant AND later.scope = one.scope"
    " AND (later.created_at, later.record) > (one.created_at, one.record)))"
    " CROSS JOIN projected_applicant ON scope = school AND record = child"
    f" WHERE {UNMERGED} AND"
)
"""Each child once, with the last correction of it that counts."""
_PAGE[CORRECTED] = (
    f"SELECT {LINE}, at, made, coalesce(reason, ''), coalesce(material, ''), school {_CORRECTED}"
    " {place} (school, at, made) > (?, ?, ?) ORDER BY school, at, made LIMIT ? + 0"
)
_COUNT[CORRECTED] = f"SELECT count(*) {_CORRECTED} school {{place}} ?"
_BY_SCHOOL = f"SELECT scope, count(*) {_FROM[ANSWERED]} scope > '' GROUP BY scope"
_UNSEEN = (
    "SELECT one.scope, one.applicant FROM projected_correction AS one"  # noqa: S608 - our own names
    " INDEXED BY projected_correction_made"
    " CROSS JOIN projected_applicant ON projected_applicant.scope = one.scope"
    " AND projected_applicant.record = one.applicant"
    " CROSS JOIN operation AS made INDEXED BY operation_record ON made.scope = one.scope"
    " AND made.kind = 'correction' AND made.record = one.record"
    f" WHERE one.scope {{place}} ? AND district_status IN ({PLACING}) AND {UNMERGED}"
    " AND NOT EXISTS (SELECT 1 FROM operation AS said INDEXED BY operation_signed"
    " CROSS JOIN feed ON feed.number = said.feed WHERE said.scope = one.scope"
    " AND said.kind = 'applicant' AND said.record = one.applicant AND said.signed = 1"
    " AND feed.district = 1 AND said.id > made.id"
    " AND json_extract(CAST(said.header AS TEXT), '$.stamp[0]') >= one.created_at)"
)
"""Corrections the district has not answered since: what it signed later came later here, too."""


class Made(msgspec.Struct, frozen=True):
    """The last correction of a case: when, its record, and the codes of reason and paper."""

    at: int
    record: str
    reason: str
    material: str


class AnswerRow(msgspec.Struct, frozen=True):
    """One case of one school; ``made`` is there in the list of what was corrected."""

    school: str
    line: ApplicantLine
    made: Made | None = None

    @property
    def key(self) -> AnswerKey:
        """Give the key by which the page after this row begins."""
        if self.made is not None:
            return (self.school, self.made.at, self.made.record)
        return (self.school, self.line.created_at, self.line.record)


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """A page of a list; ``after`` begins the next one, None where there is none."""

    rows: tuple[AnswerRow, ...]
    after: AnswerKey | None


def answer_page(
    connection: Connection, which: str, school: str, after: AnswerKey | None, limit: int
) -> AnswerPage:
    """Give a page of a list, of one school or, where none is named, of all.

    Raises:
        KeyError: there is no such list (see ``ANSWER_FILTERS``).
    """
    of_made = which == CORRECTED
    column = "school" if of_made else "scope"
    place = f"{column} = ? AND" if school else ""
    bound = (*((school,) if school else ()), *(after or _FIRST), limit + 1)
    found = connection.exec_driver_sql(_PAGE[which].format(place=place), bound).all()
    rows = tuple(_row(one, of_made=of_made) for one in found[:limit])
    return AnswerPage(rows, rows[-1].key if len(found) > limit else None)


def _row(columns: Sequence[Any], *, of_made: bool) -> AnswerRow:
    """Make a row of a statement's columns; those of a correction stand before the school."""
    *line, school = columns
    if not of_made:
        return AnswerRow(school, ApplicantLine(*line))
    return AnswerRow(school, ApplicantLine(*line[:-4]), Made(*line[-4:]))


def answer_counts(connection: Connection, school: str) -> dict[str, int]:
    """Count every list, of one school or of all."""
    place = "=" if school else ">"
    return {
        which: int(
            connection.exec_driver_sql(statement.format(place=place), (school,)).scalar_one()
        )
        for which, statement in _COUNT.items()
    }


def unseen_corrections(connection: Connection, school: str = "") -> frozenset[tuple[str, str]]:
    """Name, by school and record, the placed children corrected after the district's answer."""
    statement = _UNSEEN.format(place="=" if school else ">")
    found = connection.exec_driver_sql(statement, (school,))
    return frozenset((str(scope), str(record)) for scope, record in found)


def answered_by_school(connection: Connection) -> dict[str, int]:
    """Count, by school, the cases that were amended and wait for the district again."""
    return {str(row[0]): int(row[1]) for row in connection.exec_driver_sql(_BY_SCHOOL)}
