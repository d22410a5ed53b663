"""``--second``: the second person who signs beside the acting one."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_app.commands.asking import read_password
from desktop_app.security.memory import wipe
from desktop_app.services.second_person import second_person
from desktop_app.services.workplace import Workplace
from desktop_app.storage.journal import Actor


def add_second(command: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Add the options that name the second person and their password."""
    words = "第二个签名的人 / who signs as second"
    command.add_argument("--second", default="", required=required, help=words)
    command.add_argument(
        "--second-password-file", type=Path, help="第二人的口令文件 / their password"
    )


def second_of(workplace: Workplace, options: argparse.Namespace) -> Actor:
    """Let the second person sign; the first one's password file never stands for theirs.

    Raises:
        RuleError: wrong password, locked out for a while, or nobody can be asked.
    """
    file, lang = options.second_password_file, options.lang
    password = read_password(file, "second_password", lang, inherit=False)
    try:
        return second_person(workplace, options.second, password)
    finally:
        wipe(password)
