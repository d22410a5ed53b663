"""The one place where the parts are put together: a hidden child, a command, or the window.

What runs is decided by the first word alone, before anything heavy is imported: a child that reads
an untrusted file must hold no database and no keys, and a command must not wait for Qt.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec

from desktop_app.durable.process import harden_process

CHILD = "--child"
OPEN = "open"
DEMO_WINDOW = "demo-window"
PRACTICE = "practice"
NOT_HERE = 3
"""Exit status of a window part that this computer or this package does not have."""

_WINDOWS = {OPEN: "desktop_app.ui.app", DEMO_WINDOW: "desktop_app.ui.demo_window"}
"""The modules that open a window; each has ``run(words) -> int``."""


def run(words: Sequence[str] | None = None) -> int:
    """Run what the command line asks for, and give the exit status."""
    given = list(sys.argv[1:] if words is None else words)
    if given[:1] == [CHILD]:
        from desktop_app.documents.child import main as child

        return child(given[1] if len(given) == 2 else "")
    harden_process()
    first = given[0] if given else OPEN
    asked = first == OPEN and not {"-h", "--help"}.isdisjoint(given[1:])
    if first in _WINDOWS and not asked:
        return open_window(first, given[1:])
    if first == PRACTICE:
        return open_practice(given[1:])
    from desktop_app.commands import main as command

    return command(given)


def open_practice(words: Sequence[str]) -> int:
    """Open practice: the window on a made-up school, whose families the commands make.

    Where there is no Qt, one line says so and nothing else happens.
    """
    if find_spec("PySide6") is None:
        from desktop_app.messages.catalogue import sentence

        sys.stderr.write(sentence("command.no_window").line + "\n")
        return NOT_HERE
    from desktop_app.commands.practice import furnish_practice
    from desktop_app.ui.practice import run as practise

    return practise(words, furnish_practice)


def open_window(name: str, words: Sequence[str]) -> int:
    """Open the workstation or the window part of the demo; Qt is imported here, and only here.

    Where there is no Qt, or no such part, one line says so and nothing else happens.
    """
    module = _WINDOWS[name]
    if find_spec("PySide6") is None or find_spec(module) is None:
        from desktop_app.messages.catalogue import sentence

        sys.stderr.write(sentence("command.no_window").line + "\n")
        return NOT_HERE
    opened: Callable[[Sequence[str]], int] = import_module(module).run
    return opened(words)
