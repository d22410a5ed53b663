"""The retention clock 保存期限: what is due to be erased by rule, and erasing it with a question.

Nothing is erased by itself (个人信息保护法 art. 19, 47). The end of a season comes from the policy
package's calendar, and the clock is believed only where it stands in the package's year: what an
older season left is offered once the package of the year has come.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.services.calendar import local_day, stray_year
from desktop_app.services.erasure import Erased, ErasureDesk
from desktop_app.services.progress import Progress
from desktop_app.services.second_person import second_person
from desktop_app.services.workplace import Workplace
from desktop_app.storage import retention
from desktop_app.storage.database import Connection
from desktop_app.storage.journal import Actor
from desktop_app.storage.oplog import load_feeds
from desktop_app.storage.retention import Held

IMAGES, ROWS, UNSUCCESSFUL, LISTS = "images", "material_rows", "unsuccessful", "match_list_source"
RULES = (IMAGES, UNSUCCESSFUL, ROWS, LISTS)
_NO_PLACE = frozenset({"duplicate_void", "elsewhere", "reallocated"})
"""Answers after which a child is not this school's; one deferred 延缓入学 comes again."""

_FEBRUARY = 2

Key = tuple[str, str]
Item = tuple[str, Key, str]
"""A child, a record by kind and id, and the digest of its sealed page, if it has one."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule for one season: kept how many days, erasable from which day (ISO) on, how much."""

    rule: str
    season: int
    days: int
    after: str
    children: int
    records: int
    is_due: bool
    school: str = ""
    """Whose records they are, by the school's code; said at the district alone."""
    mark: str = ""
    """Which records these are: another mark, other records, be they as many."""

    @property
    def key(self) -> str:
        """Name the line."""
        return ".".join(filter(None, (self.rule, str(self.season), self.school)))


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules say now; a clock in another year than the policy package's offers nothing."""

    lines: tuple[RuleLine, ...]
    season: int
    stray_year: int


@dataclass(slots=True)
class _Found:
    """What one rule covers of one season."""

    keys: list[Key]
    children: set[str]
    pages: set[str]


class RetentionDesk:
    """List what is due by rule, and erase it for persons who may."""

    needs_second = True
    """Whether somebody signs beside the acting person."""

    def __init__(self, workplace: Workplace, school: str = "") -> None:
        """Work at an open workplace; the district names the school whose records are meant."""
        self._workplace = workplace
        self._policy = workplace.policy
        self._erasure = ErasureDesk(workplace)
        self._scope = school or workplace.seat.scope
        self._school = school

    def standing(self) -> Standing:
        """Give every rule with what it covers, season by season."""
        stray = stray_year(self._policy.season_year)
        today = "" if stray else local_day().isoformat()
        lines = []
        for rule in self._rules():
            for season, found in sorted(self._found(rule).items()):
                after = self._after(rule, season)
                children, records = len(found.children), len(found.keys)
                due = bool(today) and today > after
                days, mark = self._days(rule), _mark(found)
                line = RuleLine(rule, season, days, after, children, records, due, mark=mark)
                lines.append(line)
        return Standing(tuple(lines), self._policy.season_year, stray)

    def second(self, name: str, password: bytearray) -> Actor:
        """Let a second person sign here, who opens nothing by it.

        Raises:
            RuleError: wrong password, or locked out for a while.
        """
        return second_person(self._workplace, name, password)

    def erase(
        self,
        rule: str,
        season: int,
        second: Actor | None = None,
        progress: Progress | None = None,
        shown: RuleLine | None = None,
    ) -> Erased:
        """Erase what a rule covers of a season, if it is due.

        Args:
            rule: one of ``RULES``.
            season: the year.
            second: who signs beside the acting person; a school needs one.
            progress: told child by child, and stops between two.
            shown: the line that was asked about; nothing but what it stood for is erased.

        Raises:
            RuleError: not due, the clock cannot be believed, or these persons may not.
            StaleError: nothing is left of it, or it is not what was shown.
            WorkplaceError: the disk refused.
        """
        if rule not in self._rules():
            raise RuleError("retention.rule")
        year = stray_year(self._policy.season_year)
        if year:
            raise RuleError("retention.clock", year=year, season=self._policy.season_year)
        if local_day().isoformat() <= self._after(rule, season):
            raise RuleError("retention.not_due", day=self._after(rule, season))
        found = self._found(rule).get(season)
        if found is None:
            raise StaleError("retention.nothing")
        if shown is not None and _mark(found) != shown.mark:
            raise StaleError("retention.changed")
        if rule == UNSUCCESSFUL:
            return self._erase_children(sorted(found.children), second, progress)
        return self._erasure.expire(found.keys, sorted(found.pages), second, self._school)

    def carry_out(self, line: RuleLine, second: Actor | None, progress: Progress) -> Erased:
        """Erase what a line of ``standing`` covers; as ``erase``."""
        return self.erase(line.rule, line.season, second, progress, line)

    def _erase_children(
        self, children: list[str], second: Actor | None, progress: Progress | None
    ) -> Erased:
        """Erase whole children, one after the other; what was erased stays so when stopped.

        A child that is gone already keeps nobody from erasing the next.
        """
        operations = pages = 0
        for place, child in enumerate(children):
            if progress is not None:
                progress.step(place, len(children))
            with contextlib.suppress(StaleError):
                erased = self._erasure.erase(child, "expired", second, self._school)
                operations, pages = operations + erased.operations, pages + erased.pages
        return Erased(operations, pages)

    # --- rules ------------------------------------------------------------------------------

    def _rules(self) -> tuple[str, ...]:
        """Name the rules of the seat: a school cannot erase what the district wrote."""
        at_district = self._workplace.seat.kind == "district"
        return RULES if at_district else tuple(one for one in RULES if one != LISTS)

    def _days(self, rule: str) -> int:
        kept = self._policy.retention
        return {
            IMAGES: kept.images,
            ROWS: kept.material_rows,
            UNSUCCESSFUL: kept.unsuccessful,
            LISTS: kept.match_list_source,
        }[rule]

    def _after(self, rule: str, season: int) -> str:
        """Give the last day (ISO) on which what a rule covers of a season is kept.

        A season of which no calendar knows never ends.
        """
        last = self._policy.season_days[1]
        leap = last.month == _FEBRUARY
        year = last.year + season - self._policy.season_year
        try:
            end = dt.date(year, last.month, min(last.day, 28) if leap else last.day)
            return (end + dt.timedelta(days=self._days(rule))).isoformat()
        except (ValueError, OverflowError):
            return dt.date.max.isoformat()

    def _found(self, rule: str) -> dict[int, _Found]:
        """Collect what a rule covers, by season."""
        found: dict[int, _Found] = {}
        with self._workplace.database.read() as connection:
            for season, child, key, page in self._covered(connection, rule):
                one = found.setdefault(season, _Found([], set(), set()))
                one.keys.append(key)
                if child:
                    one.children.add(child)
                if page:
                    one.pages.add(page)
        return found

    def _covered(self, connection: Connection, rule: str) -> Iterator[tuple[int, str, Key, str]]:
        """Give season, child, record and sealed page of everything a rule covers.

        A school is offered what it can erase; what the district wrote is on the district's clock.
        """
        scope, there = self._scope, self._workplace.seat.kind == "district"
        held = partial(retention.records, connection, scope, district=there)
        children = {one.record: one for one in held("applicant")}
        if rule == LISTS:
            children = {one.record: one for one in held("graduate")}
            items: Iterable[Item] = ((child, ("graduate", child), "") for child in children)
        elif rule == UNSUCCESSFUL:
            answers = retention.standing(connection, scope)
            items = ((one, ("applicant", one), "") for one in _without_place(children, answers))
        elif rule == ROWS:
            rows = held("material_check")
            items = ((one.text("applicant"), ("material_check", one.record), "") for one in rows)
        else:
            items = _pages(held)
        for child, key, page in items:
            yield self._season(children.get(child)), child, key, page

    def _season(self, one: Held | None) -> int:
        season = one.values.get("season") if one is not None else None
        return season if isinstance(season, int) else self._policy.season_year


class RetentionOffice:
    """The clock at the district: every school whose records are held here, each by itself."""

    needs_second = False

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace of a district."""
        self._workplace = workplace

    def schools(self) -> list[str]:
        """Name the schools of which records are held, those with a list of graduates alone too."""
        with self._workplace.database.read() as connection:
            scopes = {row.facts.scope for row in load_feeds(connection).values()}
        return sorted(scopes - {self._workplace.seat.scope})

    def standing(self) -> Standing:
        """Give every rule of every school with what it covers, season by season."""
        found = {school: self._desk(school).standing() for school in self.schools()}
        lines = (replace(line, school=one) for one, own in found.items() for line in own.lines)
        season = self._workplace.policy.season_year
        return Standing(tuple(lines), season, stray_year(season))

    def carry_out(self, line: RuleLine, second: Actor | None, progress: Progress) -> Erased:
        """Erase what a line of ``standing`` covers at its school; as ``RetentionDesk.erase``."""
        return self._desk(line.school).carry_out(line, second, progress)

    def _desk(self, school: str) -> RetentionDesk:
        return RetentionDesk(self._workplace, school)


def _without_place(children: Iterable[str], answers: Mapping[str, str]) -> Iterator[str]:
    """Give the children who got no place here, and those who were taken back."""
    for child in children:
        if child not in answers or answers[child] in _NO_PLACE:
            yield child


def _mark(found: _Found) -> str:
    """Give the fingerprint of the records that a rule covers."""
    text = "\n".join(f"{kind} {record}" for kind, record in sorted(found.keys))
    return hashlib.sha256(text.encode()).hexdigest()


def _pages(held: Callable[[str], Iterable[Held]]) -> Iterator[Item]:
    """Give child, record and digest of every sealed page and of its key, also of those retaken."""
    pages = {one.record: one for one in held("scan")}
    for one in held("scan_key"):
        page = pages.get(one.text("scan"))
        child = page.text("applicant") if page is not None else ""
        digest = page.text("digest") if page is not None else ""
        yield child, ("scan_key", one.record), digest
        if page is not None:
            yield child, ("scan", page.record), digest
