"""``backup`` and ``restore``: verified copies, and the way back from one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from desktop_app.commands.answer import Answer, Json
from desktop_app.commands.asking import (
    RECOVERY_OUT,
    give_code,
    read_code,
    read_password,
    refuse_existing,
    refuse_file,
)
from desktop_app.commands.groups import Groups
from desktop_app.commands.opening import at_work, say_succession
from desktop_app.domain.errors import ProductError, RuleError
from desktop_app.messages.catalogue import sentence
from desktop_app.security.memory import wipe
from desktop_app.services.backup import back_up
from desktop_app.services.policies import shipped_policy
from desktop_app.services.restoring import Restored, restore_by_code, restore_by_password
from desktop_app.services.workplace import closing


def add_to(groups: Groups) -> None:
    """Add the commands."""
    backup = groups.seat("backup", make_backup, "备份 / make a verified backup")
    backup.add_argument("--to", dest="target", type=Path, required=True, help="目标夹 / folder")
    restore = groups.seat("restore", restore_backup, "恢复到空夹 / restore into an empty folder")
    restore.add_argument("--from", dest="source", type=Path, required=True, help="备份 / backup")
    restore.add_argument(
        "--by", choices=("code", "password"), default="code", help="凭恢复码或密码 / by what"
    )
    restore.add_argument("--code-file", type=Path, help="恢复码文件 / file with the recovery code")
    restore.add_argument(
        "--recovery-out", type=Path, help="新恢复码写到 / new recovery code goes to"
    )


def make_backup(options: argparse.Namespace) -> Answer:
    """Make a backup, open it, and compare it with what it was made of."""
    refuse_file(options.target, "--to")
    with at_work(options) as workplace:
        made = back_up(workplace, options.target)
    return Answer(
        {
            "backup": str(made.path),
            "number": made.label.number,
            "digest": made.label.digest,
            "scans": made.label.scans,
            "kept": made.kept,
            "rotten_scans": made.rotten_scans,
            "verified": True,
        },
        holds=not made.rotten_scans,
    )


def restore_backup(options: argparse.Namespace) -> Answer:
    """Restore into ``--data``; the computer becomes a successor, the old feed is not continued."""
    if not options.user:
        raise RuleError("command.user")
    refuse_existing(options.recovery_out, RECOVERY_OUT)
    restored = _restored(options)
    with closing(restored.workplace) as workplace:
        say_succession(options, workplace)
        values: dict[str, Json] = {
            "data": str(options.data),
            "digest": restored.digest,
            "successor": workplace.succeeded is not None,
            "feed": workplace.own_feed().facts.feed,
        }
        if restored.recovery_code is not None:
            values |= _code_given(restored.recovery_code, options)
    return Answer(values)


def _code_given(code: str, options: argparse.Namespace) -> dict[str, str]:
    """Write the new code, or show it where the disk refuses: the old one opens nothing any more."""
    try:
        return give_code(code, options.recovery_out)
    except ProductError as error:
        print(sentence(error, options.lang).line, file=sys.stderr)
        return give_code(code, None)


def _restored(options: argparse.Namespace) -> Restored:
    by_code = options.by == "code"
    code = read_code(options.code_file, "recovery", options.lang) if by_code else ""
    asked = "new_password" if by_code else "password"
    password = read_password(options.password_file, asked, options.lang, twice=by_code)
    policy = shipped_policy()
    try:
        if by_code:
            return restore_by_code(
                options.source, options.data, code, options.user, password, policy
            )
        return restore_by_password(options.source, options.data, options.user, password, policy)
    finally:
        wipe(password)
