"""``scanner``: which command of this computer looks at bundles before they are opened."""

from __future__ import annotations

import argparse

from desktop_app.commands.answer import Answer
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work
from desktop_app.services.scanner import name_scanner, scanner_of


def add_to(groups: Groups) -> None:
    """Add the command."""
    scanner = groups.seat("scanner", show_scanner, "收包前查毒的命令 / scanner of this computer")
    which = scanner.add_mutually_exclusive_group()
    which.add_argument("--command", help="程序的完整路径 / whole path of the program")
    which.add_argument("--off", action="store_true", help="不查 / none")
    scanner.add_argument(
        "--argument", action="append", default=[], help="参数，可多个 / argument, repeatable"
    )


def show_scanner(options: argparse.Namespace) -> Answer:
    """Say which scanner is named, after naming another or none."""
    with at_work(options) as workplace:
        if options.command:
            name_scanner(workplace, [options.command, *options.argument])
        elif options.off:
            name_scanner(workplace, [])
        command = scanner_of(workplace)
    return Answer({"scanned_first": bool(command), "scanner": " ".join(command) or None})
