"""``retention``: what is due to be erased by rule, and erasing it after two persons signed."""

from __future__ import annotations

import argparse

from desktop_app.commands.answer import Answer, Json
from desktop_app.commands.finding import need_school
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work
from desktop_app.commands.seconding import add_second, second_of
from desktop_app.services.retention import RULES, RetentionDesk


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
        desk = RetentionDesk(workplace, options.school)
        if not options.erase:
            found = desk.standing()
            rules: list[Json] = [
                {
                    "rule": line.rule,
                    "season": line.season,
                    "keep_until": line.after,
                    "children": line.children,
                    "records": line.records,
                    "is_due": line.is_due,
                }
                for line in found.lines
            ]
            year = found.stray_year or None
            return Answer({"season": found.season, "clock_year": year, "rules": rules})
        second = second_of(workplace, options) if options.second else None
        season = options.season or workplace.policy.season_year
        erased = desk.erase(options.erase, season, second)
    return Answer({"erased_operations": erased.operations, "erased_pages": erased.pages})
