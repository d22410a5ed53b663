"""Where passwords and codes come from: a prompt or a private file, never the command line.

The command line of a process can be read by everybody on the computer.
"""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from desktop_app.commands.answer import word
from desktop_app.domain.errors import CancelledError, RuleError, WorkplaceError
from desktop_app.durable.files import read_limited, write_atomically
from desktop_app.messages.catalogue import Language

PASSWORD_FILE = "ENROLLMENT_PASSWORD_FILE"  # noqa: S105 -- the name of a variable
RECOVERY_OUT = "--recovery-out"
_LIMIT = 4096
_MARK = b"\xef\xbb\xbf"
"""What Notepad writes before the first letter of a file in UTF-8; nobody typed it."""


def read_password(
    file: Path | None, what: str, lang: Language, *, twice: bool = False, inherit: bool = True
) -> bytearray:
    """Take a password from a file, the file the environment names, or the person.

    Args:
        file: the file named on the command line.
        what: the name of the prompt's words.
        lang: the prompt's language.
        twice: ask a second time, for a password that is being set.
        inherit: whether the file of the environment stands for it too.

    Raises:
        RuleError: nobody can be asked, or two different passwords were typed.
        WorkplaceError: the file cannot be read.
        CancelledError: whoever was asked ended the input.
    """
    named = os.environ.get(PASSWORD_FILE, "") if inherit else ""
    source = file or (Path(named) if named else None)
    if source is not None:
        return bytearray(_content(source).partition(b"\n")[0].rstrip(b"\r"))
    if not sys.stdin.isatty():
        raise RuleError("command.no_password")
    typed = _ask(what, lang)
    if twice and _ask("again", lang) != typed:
        raise RuleError("command.password_differs")
    return bytearray(typed.encode())


def read_code(file: Path | None, what: str, lang: Language) -> str:
    """Take a code that was printed on paper from a file, or from the person.

    Raises:
        RuleError: nobody can be asked.
        WorkplaceError: the file cannot be read.
        CancelledError: whoever was asked ended the input.
    """
    if file is not None:
        return _content(file).decode("utf-8", "replace").strip()
    if not sys.stdin.isatty():
        raise RuleError("command.no_code")
    return _ask(what, lang)


def refuse_existing(file: Path | None, option: str) -> None:
    """Refuse before anything is made that a code could then not be written down for.

    Args:
        file: where the code is to be written, if anywhere.
        option: the option that named it. The path itself is never repeated.

    Raises:
        RuleError: the file is there already.
        WorkplaceError: there is no folder for it.
    """
    if file is not None and file.exists():
        raise RuleError("command.file_exists", option=option)
    need_folder_of(file, option)


def refuse_file(folder: Path, option: str) -> None:
    """Refuse a file where a folder to write to is wanted.

    Raises:
        RuleError: ``command.not_folder``.
    """
    if folder.exists() and not folder.is_dir():
        raise RuleError("command.not_folder", option=option)


def need_folder_of(file: Path | None, option: str) -> None:
    """Refuse before anything is done that could then not be written into its file.

    Raises:
        WorkplaceError: there is no folder for it, or it is a folder itself.
    """
    if file is None:
        return
    folder = file.absolute().parent
    if file.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise WorkplaceError("command.no_place", option=option)


def give_code(code: str, file: Path | None) -> dict[str, str]:
    """Write a code to the file asked for, or give it as a value to be shown this once.

    Raises:
        RuleError: the file is there already.
        WorkplaceError: the disk refused.
    """
    if file is None:
        return {"recovery_code": code}
    refuse_existing(file, RECOVERY_OUT)
    write_atomically(file, code.encode() + b"\n")
    return {"recovery_out": str(file)}


def _content(file: Path) -> bytes:
    return read_limited(file, _LIMIT).removeprefix(_MARK)


def _ask(what: str, lang: Language) -> str:
    try:
        return getpass.getpass(f"{word(what, lang)}: ")
    except EOFError as ended:  # Ctrl+D at the prompt
        raise CancelledError from ended
