"""What happens when the program itself is wrong: one line in the log, one dialog, a safe exit.

The log names the kind of exception and the places in the code, never its message: a message may
hold a name or a number somebody typed.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from traceback import walk_tb
from types import TracebackType

from PySide6.QtCore import Qt

from desktop_app.messages.catalogue import BUG, sentence
from desktop_app.ui.text import language

_log = logging.getLogger("desktop_app.bug")


def places(trace: TracebackType | None) -> str:
    """Name the places a bug passed through, as ``module:line`` from the outside in."""
    names = (f"{frame.f_globals.get('__name__', '?')}:{line}" for frame, line in walk_tb(trace))
    return " > ".join(names)


class BugHandler:
    """Handles the first bug; everything after it is only logged, since the exit is under way."""

    def __init__(self, leave: Callable[[], None], ask: Callable[[str], None] | None = None) -> None:
        """Take what ends the program safely, and what shows the dialog (the own one by default)."""
        self._leave = leave
        self._ask = ask or _dialog
        self._seen = False

    def __call__(self, bug: BaseException) -> None:
        """Log a bug, tell the person, leave."""
        kind, where = type(bug).__name__, places(bug.__traceback__)
        _log.error("bug %s at %s", kind, where)
        if self._seen:
            return
        self._seen = True
        self._ask(f"{kind} {where.rpartition(' > ')[2]}")
        self._leave()

    def install(self) -> None:
        """Take every exception nobody handled, on any thread."""
        sys.excepthook = lambda _kind, bug, _trace: self(bug)
        threading.excepthook = lambda details: self(details.exc_value or RuntimeError())


def _dialog(where: str) -> None:
    """Show the one dialog of the program that is not asked for."""
    from PySide6.QtWidgets import QMessageBox  # not before it is wanted: it has many enumerations

    said = sentence(BUG, language())
    box = QMessageBox()
    box.setIcon(QMessageBox.Icon.Critical)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(said.what)
    box.setInformativeText(f"{said.safe}{said.now}\n\n{said.number} {where}")
    box.addButton(QMessageBox.StandardButton.Close)
    box.exec()
