"""Run a window until it is first painted, and end the process there and then.

    python -m benchmarks.first_paint bare
    python -m benchmarks.first_paint open --data DIR

Bare is the limit: a window with one password field. Anything else is handed to the product as its
command line; painted means that its password field is. Exit status 0: painted; 2: no paint came in
time; 3: painted, but something heavy had been imported by then, named on the output.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence

from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QLineEdit

PAINTED, NO_PAINT, TOO_HEAVY = 0, 2, 3
HEAVY = ("sqlalchemy", "sqlcipher3", "openpyxl", "python_calamine", "PIL", "pypinyin")
"""What a start must not wait for (limits: eager imports took 3.65 times a bare window)."""
_LONGEST = 30.0
"""Seconds."""


class _Watch(QObject):
    """Waits for the paint of a password field; an object of the application, ended with it."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let every event pass; after the paint the process ends."""
        if event.type() is QEvent.Type.Paint:
            # Looked at now: once it has painted, the product may import what it likes.
            heavy = [name for name in HEAVY if name in sys.modules]
            QTimer.singleShot(0, self, lambda: _painted(heavy))
        return False


_watches: list[_Watch] = []
_set_echo_mode = QLineEdit.setEchoMode


def _watched(field: QLineEdit, mode: QLineEdit.EchoMode) -> None:
    """Set a field's echo mode, and watch it from then on if it hides what is typed.

    A filter on the whole application would have Qt make a Python object of everything that ever
    gets an event, which costs more than the window does.
    """
    _set_echo_mode(field, mode)
    if mode is not QLineEdit.EchoMode.Normal:
        watch = _Watch(field)
        field.installEventFilter(watch)
        _watches.append(watch)


def _painted(heavy: list[str]) -> None:
    print(" ".join(heavy), flush=True)
    _end(TOO_HEAVY if heavy else PAINTED)


def _end(status: int) -> None:
    """End without any tearing down, which neither side is to be measured by."""
    os._exit(status)


def bare() -> int:
    """Show a window with one password field."""
    application = QtWidgets.QApplication(["bare"])
    window = QtWidgets.QWidget()
    field = QLineEdit(window)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    QtWidgets.QVBoxLayout(window).addWidget(field)
    window.resize(1366, 768)
    window.show()
    return application.exec()


def main(words: Sequence[str]) -> int:
    """Run what the words ask for; a return without a paint is none."""
    QLineEdit.setEchoMode = _watched  # type: ignore[method-assign]
    no_paint = threading.Timer(_LONGEST, _end, [NO_PAINT])
    no_paint.daemon = True
    no_paint.start()
    if list(words) == ["bare"]:
        bare()
    else:
        from desktop_app.bootstrap import run

        run(words)
    return NO_PAINT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
