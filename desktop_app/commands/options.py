"""The words of the command line: which commands there are and what each understands.

Argparse's own errors quote what was typed; here a command line that cannot be read is an error
like any other, with a sentence and a number, and quotes nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from desktop_app.commands.bundles import add_to as add_bundles
from desktop_app.commands.demo import add_to as add_demo
from desktop_app.commands.groups import Groups
from desktop_app.commands.joining import add_to as add_joining
from desktop_app.commands.people import add_to as add_people
from desktop_app.commands.proving import add_to as add_proving
from desktop_app.commands.registering import add_to as add_registering
from desktop_app.commands.safekeeping import add_to as add_safekeeping
from desktop_app.commands.setting_up import add_to as add_setting_up
from desktop_app.domain.errors import RuleError

_GROUPS = (
    add_setting_up,
    add_people,
    add_joining,
    add_registering,
    add_bundles,
    add_proving,
    add_safekeeping,
    add_demo,
)


class Parser(argparse.ArgumentParser):
    """A parser that raises instead of printing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("allow_abbrev", False)
        super().__init__(*args, **kwargs)

    def error(self, message: str) -> NoReturn:
        """Refuse a command line; argparse's message is left out, it quotes what was typed.

        Raises:
            RuleError: ``command.usage``, or ``command.unknown``.
        """
        _, _, command = self.prog.partition(" ")
        if command:
            raise RuleError("command.usage", command=command)
        del message
        raise RuleError("command.unknown")


def read_options(words: Sequence[str]) -> argparse.Namespace:
    """Read a command line; ``run`` of the result does the command.

    Raises:
        RuleError: it cannot be read.
        SystemExit: help was asked for and printed.
    """
    return build_parser().parse_args(words)


def build_parser() -> Parser:
    """Build the parser of all commands."""
    everywhere = Parser(add_help=False)
    everywhere.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 / language")
    everywhere.add_argument("--json", action="store_true", help="一个 JSON / one JSON object")
    everywhere.add_argument("--debug", action="store_true", help="出错位置 / places of a bug")
    seated = Parser(add_help=False)
    seated.add_argument("--data", type=Path, required=True, help="资料夹 / data folder")
    seated.add_argument("--user", default="", help="本人姓名 / who acts")
    seated.add_argument("--password-file", type=Path, help="密码文件 / file with the password")
    parser = Parser(prog="main.py", description="阳光招生离线工作站 / Sunshine Enrollment")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    groups = Groups(commands, everywhere, seated)
    for add_group in _GROUPS:
        add_group(groups)
    return parser
