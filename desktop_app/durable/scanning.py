"""A virus scanner of this computer, run over a copy of what came on a stick before it is opened.

The command is this computer's own; nothing that lies on a stick is ever run. It gets the path of
the copy as its last argument, no shell, no input, no terminal, and nothing of this program's
environment. Its exit status decides: 0 passes, 1 refuses, anything else says that it could not
look, and then nothing is opened either.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from desktop_app.domain.errors import RuleError, UntrustedError, WorkplaceError
from desktop_app.durable.inspection import inspect_folder

PATIENCE = 120  # seconds
OURS = "ENROLLMENT_"
_PASSES, _REFUSES = 0, 1


def check_scanner(command: Sequence[str]) -> None:
    """See that a command can be run and is this computer's own.

    Raises:
        RuleError: ``scanner.unusable``: no whole path of a program; or it lies on something that
            is carried about (``scanner.on_stick``).
        WorkplaceError: its folder cannot be looked at.
    """
    program = Path(command[0]) if command else Path()
    if not (program.is_absolute() and program.is_file() and os.access(program, os.X_OK)):
        raise RuleError("scanner.unusable")
    found = inspect_folder(program.resolve().parent).findings
    if any(one.code == "folder.removable" for one in found):
        raise RuleError("scanner.on_stick")


def scan(command: Sequence[str], path: Path, patience: float = PATIENCE) -> None:
    """Have a file looked at.

    Raises:
        UntrustedError: ``scanner.found``: the scanner refuses it.
        WorkplaceError: ``scanner.failed`` with its exit status, -1 where it could not be run or
            did not come to an end.
    """
    try:
        done = subprocess.run(
            [*command, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=path.parent,
            env={name: one for name, one in os.environ.items() if not name.startswith(OURS)},
            timeout=patience,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise WorkplaceError("scanner.failed", status=-1) from error
    if done.returncode == _REFUSES:
        raise UntrustedError("scanner.found")
    if done.returncode != _PASSES:
        raise WorkplaceError("scanner.failed", status=done.returncode)
