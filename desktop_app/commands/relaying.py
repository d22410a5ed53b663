"""``relay``: what is kept here to be carried on for other schools, and dropping it."""

from __future__ import annotations

import argparse

from desktop_app.commands.answer import Answer, Line
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work
from desktop_app.sync.relay import drop, listed

_ALL = "all"


def add_to(groups: Groups) -> None:
    """Add the command."""
    relay = groups.seat("relay", relay_bundles, "捎带的外校包 / bundles kept for other schools")
    relay.add_argument("--drop", default="", help="不再捎带：学校代码或 all / a school's, or all")


def relay_bundles(options: argparse.Namespace) -> Answer:
    """List what is kept for other schools, after dropping what was asked for."""
    with at_work(options) as workplace:
        dropped = 0
        if options.drop:
            dropped = drop(workplace, "" if options.drop == _ALL else options.drop)
        lines: list[Line] = [
            {"bundle": one.path.name, "school": one.scope, "number": one.number, "size": one.size}
            for one in listed(workplace)
        ]
    return Answer({"carried_on": lines, "dropped": dropped})
