"""Run by a test in a process of its own: amends a registered child, tells, and waits.

The process is then killed; the amendment must be there, and no second child.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop_app.security import kdf
from desktop_app.services.registration import RegistrationDesk
from desktop_app.ui.look import Look
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.theme import apply_look
from tests.ui.registering import CHEAP, ENTER, Hand, Room, filled, make_school


def main(folder: Path) -> None:
    kdf.STANDARD = CHEAP
    application = QApplication([])
    apply_look(application, Look())
    bugs: list[BaseException] = []
    room = Room(make_school(folder), Tasks(lambda _error: None, bugs.append))
    record = RegistrationDesk(room.workplace).register(filled()).record
    room.window.show()
    room.window.activateWindow()
    room.open()
    room.page.amend(record)
    room.settle()
    hand = Hand()
    room.form.go_to("full_name")
    hand.press(Qt.Key.Key_A, control=True)
    hand.commit("罗雨彤", "luoyutong")
    hand.press(ENTER)
    room.settle()
    sys.stdout.write("kept\n" if room.page.view.saved_words and not bugs else "not kept\n")
    sys.stdout.flush()
    time.sleep(60)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
