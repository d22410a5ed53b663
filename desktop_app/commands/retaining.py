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
from desktop_app.services.retention import RULES, RetentionDesk, RetentionOffice, RuleLine
from desktop_app.services.workplace import Workplace


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
    whole = RetentionOffice(workplace) if every else RetentionDesk(workplace, options.school)
    standing = whole.standing()
    rules: list[Json] = [_line(line) for line in standing.lines]
    season, year = standing.season, standing.stray_year or None
    why = _why(year, season, rules)
    told = sentence(why, options.lang).line if why is not None else None
    return Answer({"season": season, "clock_year": year, "reason": told, "rules": rules})


def _why(year: int | None, season: int, rules: Sequence[Json]) -> RuleError | None:
    """Say why nothing can be due, where that is so."""
    if year:
        return RuleError("retention.clock", year=year, season=season)
    return None if rules else RuleError("retention.nothing_held")


def _line(line: RuleLine) -> Line:
    """Say what a rule covers of a season; of which school, where there may be several."""
    told: Line = {
        "rule": line.rule,
        "season": line.season,
        "keep_until": line.after,
        "children": line.children,
        "records": line.records,
        "is_due": line.is_due,
    }
    return {"school": line.school, **told} if line.school else told
