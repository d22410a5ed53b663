"""``retention``: what is due to be erased by rule, and erasing it after two persons signed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from desktop_app.commands.answer import Answer, Json, Line
from desktop_app.commands.finding import need_school
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work
from desktop_app.commands.seconding import add_second, second_of
from desktop_app.domain.errors import RuleError
from desktop_app.messages.catalogue import sentence
from desktop_app.services.retention import RULES, RetentionDesk, RuleLine
from desktop_app.services.workplace import Workplace
from desktop_app.storage.oplog import load_feeds


def add_to(groups: Groups) -> None:
    """Add the command."""
    command = groups.seat("retention", retain, "到期清理：列出、清理 / what is due to be erased")
    command.add_argument("--erase", choices=RULES, help="清理这一项 / erase what this rule covers")
    command.add_argument("--season", type=int, default=0, help="招生年度 / of this season")
    add_second(command)
    command.add_argument("--school", default="", help="学校标识码（区级用）/ school code")


def retain(options: argparse.Namespace) -> Answer:
    """List the rules with what they cover, or erase what one of them covers of a season."""
    with at_work(options) as workplace:
        if options.school:
            need_school(workplace, options.school)
        if not options.erase:
            return _listed(workplace, options)
        desk = RetentionDesk(workplace, options.school)
        second = second_of(workplace, options) if options.second else None
        season = options.season or workplace.policy.season_year
        erased = desk.erase(options.erase, season, second)
    return Answer({"erased_operations": erased.operations, "erased_pages": erased.pages})


def _listed(workplace: Workplace, options: argparse.Namespace) -> Answer:
    """List what the rules cover; at the district of every school, unless one is named.

    Why nothing can be due is said with the list, not only when something is to be erased.
    """
    every = workplace.seat.kind == "district" and not options.school
    schools = schools_listed(workplace) if every else [options.school]
    found = {school: RetentionDesk(workplace, school).standing() for school in schools}
    rules: list[Json] = [
        _line(line, school if every else "")
        for school, standing in found.items()
        for line in standing.lines
    ]
    season = workplace.policy.season_year
    year = next((one.stray_year for one in found.values() if one.stray_year), None)
    why = _why(year, season, rules)
    told = sentence(why, options.lang).line if why is not None else None
    return Answer({"season": season, "clock_year": year, "reason": told, "rules": rules})


def _why(year: int | None, season: int, rules: Sequence[Json]) -> RuleError | None:
    """Say why nothing can be due, where that is so."""
    if year:
        return RuleError("retention.clock", year=year, season=season)
    return None if rules else RuleError("retention.nothing_held")


def _line(line: RuleLine, school: str) -> Line:
    """Say what a rule covers of a season; of which school, where there may be several."""
    told: Line = {
        "rule": line.rule,
        "season": line.season,
        "keep_until": line.after,
        "children": line.children,
        "records": line.records,
        "is_due": line.is_due,
    }
    return {"school": school, **told} if school else told


def schools_listed(workplace: Workplace) -> list[str]:
    """Name the schools of which records are held, those with a list of graduates alone too."""
    with workplace.database.read() as connection:
        scopes = {row.facts.scope for row in load_feeds(connection).values()}
    return sorted(scopes - {workplace.seat.scope})
