"""A person at the real window, in a process of their own: types, locks, comes back, is another.

Started as the program is (``open --data DIR [--after PID]``). Each process writes one line of JSON
to the file that ``LOCK_STORY`` names; the lines tell what was on the screen.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import Qt  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from desktop_app.durable.anew import is_running  # noqa: E402
from desktop_app.security import kdf  # noqa: E402
from desktop_app.ui.app import Workstation, make_application  # noqa: E402
from desktop_app.ui.pages.registration import RegistrationPage  # noqa: E402
from desktop_app.ui.start import read_start  # noqa: E402
from tests.ui.school import CHEAP, PASSWORD  # noqa: E402

PATIENCE = 30.0


def wait(application: QApplication, ready: Callable[[], bool], what: str) -> None:
    """Let the window work until something holds."""
    until = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > until:
            tell({"stuck": what})
            os._exit(9)
        application.processEvents()
        time.sleep(0.002)


def tell(line: dict[str, object]) -> None:
    """Write a line of the story."""
    with Path(os.environ["LOCK_STORY"]).open("a", encoding="utf-8") as story:
        story.write(json.dumps(line, ensure_ascii=False) + "\n")


def focused() -> QWidget:
    """Give the widget that has the focus."""
    widget = QApplication.focusWidget()
    if widget is None:
        tell({"stuck": "focus"})
        os._exit(9)
    return widget


def log_in(application: QApplication, station: Workstation, steps: int) -> RegistrationPage:
    """Choose the person so many places down and log in."""
    wait(application, lambda: station.painted and not station.tasks.busy, "login")
    for _ in range(steps):
        QTest.keyClick(focused(), Qt.Key.Key_Down)
    QTest.keyClicks(focused(), PASSWORD)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    wait(application, lambda: station.workplace is not None, "pages")
    wait(application, lambda: not station.tasks.busy, "rest")
    page = station.window.page
    if not isinstance(page, RegistrationPage):
        tell({"stuck": "register"})
        os._exit(9)
    return page


def main() -> int:
    """Play the part of this process: the first types, the second comes back, the third is another."""
    kdf.STANDARD = CHEAP
    story = Path(os.environ["LOCK_STORY"])
    part = len(story.read_text(encoding="utf-8").splitlines()) if story.exists() else 0
    start = read_start(sys.argv[2:])
    application = make_application()
    station = Workstation(start, first_look=False)
    station.window.resize(1366, 768)
    station.begin()
    station.window.activateWindow()
    page = log_in(application, station, 1 if part == 2 else 0)
    if part == 0:
        QTest.keyClicks(focused(), "41999920180314264")
        page.form.go_to("guardian_phone")
        QTest.keyClicks(focused(), "139")
    values = {name: value for name, value in page.form.values().items() if value}
    old = bool(start.after) and is_running(start.after)
    tell({"part": part, "caret": page.form.current(), "values": values, "old_runs": old})
    if part == 2:
        station.window.close()
    else:
        QTest.keyClick(focused(), Qt.Key.Key_F12)
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main())
