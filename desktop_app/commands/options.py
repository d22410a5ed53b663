"""The words of the command line: which commands there are and what each understands.

Argparse's own errors quote what was typed; here a command line that cannot be read is an error
like any other, with a sentence and a number, and quotes nothing.
"""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from desktop_app.commands.amending import add_to as add_amending
from desktop_app.commands.appealing import add_to as add_appealing
from desktop_app.commands.bundles import add_to as add_bundles
from desktop_app.commands.coding import add_to as add_coding
from desktop_app.commands.correcting import add_to as add_correcting
from desktop_app.commands.demo import add_to as add_demo
from desktop_app.commands.erasing import add_to as add_erasing
from desktop_app.commands.graduates import add_to as add_graduates
from desktop_app.commands.groups import Groups
from desktop_app.commands.guardians import add_to as add_guardians
from desktop_app.commands.joining import add_to as add_joining
from desktop_app.commands.listing import add_to as add_listing
from desktop_app.commands.people import add_to as add_people
from desktop_app.commands.policies import add_to as add_policies
from desktop_app.commands.proving import add_to as add_proving
from desktop_app.commands.queueing import add_to as add_queueing
from desktop_app.commands.registering import add_to as add_registering
from desktop_app.commands.relaying import add_to as add_relaying
from desktop_app.commands.retaining import add_to as add_retaining
from desktop_app.commands.safekeeping import add_to as add_safekeeping
from desktop_app.commands.scanning import add_to as add_scanning
from desktop_app.commands.setting_up import add_to as add_setting_up
from desktop_app.domain.errors import RuleError

WINDOW = "open"
_PRACTICE_HELP = "practice [--data DIR]：练习，编的人 / practise on made-up people"
_WINDOW_HELP = "打开窗口，不写命令也是它 / open the window, as without any command"

_GROUPS = (
    add_setting_up,
    add_people,
    add_joining,
    add_registering,
    add_queueing,
    add_listing,
    add_graduates,
    add_guardians,
    add_amending,
    add_correcting,
    add_appealing,
    add_coding,
    add_bundles,
    add_relaying,
    add_policies,
    add_scanning,
    add_erasing,
    add_retaining,
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
        """Refuse a command line, naming the options concerned and nothing that was typed.

        Raises:
            RuleError: ``command.usage``, or ``command.unknown``.
        """
        _, _, command = self.prog.partition(" ")
        if command:
            raise RuleError("command.usage", command=command, option=self._concerned(message))
        raise RuleError("command.unknown", position=1, near="--help")

    def _concerned(self, message: str) -> str:
        """Find which of our own options argparse speaks of; its message also quotes."""
        subject = message.partition(":")[0]
        if subject.startswith("the following"):
            subject = message  # they are missing, so nobody typed them
        said = re.split(r"[\s,/:]+", subject)
        return " ".join(name for name in self.names() if name in said) or "--help"

    def names(self) -> list[str]:
        """Name what this command understands: options by their words, places by their names."""
        return [
            name
            for action in self._actions
            for name in action.option_strings or (str(action.metavar or action.dest),)
        ]

    def named(self, words: Sequence[str]) -> Parser:
        """Give the parser of the command that the words name, as far as they do."""
        for action in self._actions:
            for word in words if isinstance(action.choices, dict) else ():
                inner = action.choices.get(word) if isinstance(action.choices, dict) else None
                if isinstance(inner, Parser):
                    return inner.named(words[words.index(word) + 1 :])
        return self


def read_options(words: Sequence[str]) -> argparse.Namespace:
    """Read a command line; ``run`` of the result does the command.

    Raises:
        RuleError: it cannot be read.
        SystemExit: help was asked for and printed.
    """
    parser = build_parser()
    if words[:1] == [WINDOW]:  # its help was asked for: the window reads its own words
        parser = window_parser()
        words = words[1:]
    try:
        options, unread = parser.parse_known_args(words)
    except RuleError as error:
        if error.code != "command.unknown":
            raise
        word = next((word for word in words if not word.startswith("-")), "")
        raise _unread(parser, words, word) from error
    if unread:
        raise _unread(parser, words, unread[0])
    return options


def _unread(parser: Parser, words: Sequence[str], word: str) -> RuleError:
    """Say which word is not understood, by its place, and what of ours comes nearest."""
    position = words.index(word) + 1 if word in words else 1
    command = parser.named(words)
    known = [name for name in command.names() if name.startswith("-")]
    near = difflib.get_close_matches(word.partition("=")[0], known, n=1)
    return RuleError("command.unknown", position=position, near=near[0] if near else "--help")


def window_parser() -> Parser:
    """Build the parser whose help tells how the window is opened; it has no command."""
    parser = Parser(prog=f"main.py {WINDOW}", description=_WINDOW_HELP)
    parser.add_argument("--data", type=Path, help="资料夹，不写用这个账户自己的 / data folder")
    return parser


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
    parser = Parser(
        prog="main.py",
        description="阳光招生离线工作站 / Sunshine Enrollment",
        epilog=f"{WINDOW} [--data DIR]：{_WINDOW_HELP}；{_PRACTICE_HELP}",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    groups = Groups(commands, everywhere, seated)
    for add_group in _GROUPS:
        add_group(groups)
    return parser
