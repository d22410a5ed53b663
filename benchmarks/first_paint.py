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
from collections.abc import Sequence

from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QLineEdit

PAINTED, NO_PAINT, TOO_HEAVY = 0, 2, 3
HEAVY = ("sqlalchemy", "sqlcipher3", "openpyxl", "python_calamine", "PIL", "pypinyin")
"""What a start must not wait for (limits: eager imports took 3.65 times a bare window)."""
_LONGEST = 30_000


class _Watched(QtWidgets.QApplication):
    """The application, watching for the first paint of a password field."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(list(words))
        self._watch = _Watch(self)
        self.installEventFilter(self._watch)
        QTimer.singleShot(_LONGEST, self, lambda: _end(NO_PAINT))


class _Watch(QObject):
    """Ends the process after the paint that was waited for."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let every event pass; after the paint the process ends."""
        if (
            event.type() is QEvent.Type.Paint
            and isinstance(watched, QLineEdit)
            and watched.echoMode() is not QLineEdit.EchoMode.Normal
        ):
            # Looked at now: once it has painted, the product may import what it likes.
            heavy = [name for name in HEAVY if name in sys.modules]
            QTimer.singleShot(0, self, lambda: _painted(heavy))
        return False


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
    QtWidgets.QApplication = _Watched  # type: ignore[assignment,misc]
    if list(words) == ["bare"]:
        bare()
    else:
        from desktop_app.bootstrap import run

        run(words)
    return NO_PAINT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
