"""Run by a test in a process of its own: types a number into the form, tells, and waits.

The process is then killed; what it had committed must be there.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop_app.security import kdf
from desktop_app.ui.look import Look
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.theme import apply_look
from tests.ui.registering import CHEAP, CHILD, ENTER, Hand, Room, make_school


def main(folder: Path) -> None:
    kdf.STANDARD = CHEAP
    application = QApplication([])
    apply_look(application, Look())
    bugs: list[BaseException] = []
    room = Room(make_school(folder), Tasks(lambda _error: None, bugs.append))
    room.window.show()
    room.window.activateWindow()
    room.open()
    hand = Hand()
    hand.type(CHILD)
    hand.press(ENTER)
    hand.commit("罗雨桐", "luoyutong")
    hand.press(ENTER)
    room.settle()
    hand.type("h")  # the field being typed is all that may be lost
    sys.stdout.write("kept\n" if room.page.view.saved_words and not bugs else "not kept\n")
    sys.stdout.flush()
    time.sleep(60)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
