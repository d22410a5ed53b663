"""A hand at the real window, in processes of its own, until it is killed or locks the screen.

Started as the program is (``open --data DIR [--after PID]``), so a lock starts it anew. Every line
of ``DESK_STORY`` is a fact: who came, which family was begun, which fields the window had said to
be kept, which record was saved. A killed process has written no fact that did not hold.
"""

from __future__ import annotations

import faulthandler
import json
import os
import random
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import Qt  # noqa: E402
from PySide6.QtGui import QInputMethodEvent  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from desktop_app.documents.receipt import ReceiptView  # noqa: E402
from desktop_app.durable.anew import is_running  # noqa: E402
from desktop_app.security import kdf  # noqa: E402
from desktop_app.services.form import FORM_FIELDS  # noqa: E402
from desktop_app.ui.app import Workstation, make_application  # noqa: E402
from desktop_app.ui.pages.registration import RegistrationPage  # noqa: E402
from desktop_app.ui.start import read_start  # noqa: E402
from tests.story.desk_families import family, keyed  # noqa: E402
from tests.story.patience import Patience  # noqa: E402
from tests.ui.school import CHEAP, PASSWORD  # noqa: E402

F = Qt.Key
HUNG = 1800.0
"""After so long at one family the process says where it stands, and ends."""
PEOPLE = 3
Fact = dict[str, object]
KILLED = 0.45
"""How many of the processes are killed; the others lock, and somebody else may come back."""


class Story:
    """The facts, one line each; a line is written by one call, so a kill tears none."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._facts = defaultdict[str, list[Fact]](list)
        for line in path.read_text(encoding="utf-8").splitlines():
            fact = json.loads(line)
            self._facts[fact["what"]].append(fact)

    def tell(self, **fact: object) -> None:
        self._facts[str(fact["what"])].append(fact)
        os.write(self._file, json.dumps(fact, ensure_ascii=False).encode() + b"\n")

    def of(self, what: str) -> list[Fact]:
        return self._facts[what]

    def stuck(self, where: str, said: str = "") -> None:
        """Say what was waited for and where every thread stands, and end."""
        self.tell(what="stuck", where=where, said=said)
        faulthandler.dump_traceback(all_threads=True)
        os._exit(9)


class Printer:
    """Takes every receipt: how they are printed is tested elsewhere."""

    def require(self) -> None:
        return None

    def print_receipt(self, view: ReceiptView) -> None:
        assert view.number


class Typist:
    """Types family after family, and notes what the window says is kept."""

    def __init__(self, application: QApplication, station: Workstation, story: Story) -> None:
        self.application, self.station, self.story = application, station, story
        part = len(story.of("sat"))
        story.tell(what="sat")
        self.chance = random.Random(f"{os.environ['DESK_SEED']} {part}")
        self.goal = int(os.environ["DESK_GOAL"])
        self.restless = float(os.environ["DESK_RESTLESS"])
        self.order = -1
        self.person = ""
        self.orders = {family(order)["id_number"]: order for order in self._begun()}

    def until(self, ready: Callable[[], bool], where: str) -> None:
        """Let the window work until something holds."""
        patience = Patience()
        while not ready():
            if self.station.ended:
                where = f"{where}, where the program ended"
            if self.station.ended or patience.over:
                page = self.station.window.page
                banner = page.banner_place.view if page is not None else None
                self.story.stuck(f"{where}: {self._state()}", banner.what if banner else "")
            self.application.processEvents()
            time.sleep(0.0005)

    def _state(self) -> str:
        """Say which page stands there, what is under way, and whether the process before runs."""
        station = self.station
        page, before = station.window.page, station.start.after
        return (
            f"{page.nav_key if page is not None else None}, painted {station.painted},"
            f" under way {len(station.tasks._open)}, busy {page is not None and page.busy},"
            f" active {station.window.isActiveWindow()}, focus {QApplication.focusWidget()!r},"
            f" the one before runs {bool(before) and is_running(before)}"
        )

    def rest(self) -> None:
        """Let the window come to rest: its timers go off between two works of the thread."""
        for _ in range(3):
            self.until(lambda: not self.station.tasks.busy, "rest")
            self.application.processEvents()

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.focused(), key)

    def focused(self) -> QWidget:
        self.until(lambda: QApplication.focusWidget() is not None, "focus")
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    # --- coming and going -------------------------------------------------------------------

    def come(self) -> None:
        """Log in as somebody, perhaps with a kill already on its way."""
        faulthandler.dump_traceback_later(HUNG, exit=True)
        station = self.station
        self.until(lambda: station.painted and not station.tasks.busy, "login")
        if self.chance.random() < KILLED:
            delay = self.chance.uniform(0.05, float(os.environ["DESK_LIFE"]))
            threading.Thread(target=_kill, args=(delay,), daemon=True).start()
        for _ in range(self.chance.randrange(PEOPLE)):
            self.key(F.Key_Down)
        QTest.keyClicks(self.focused(), PASSWORD)
        self.key(F.Key_Return)
        self.until(lambda: station.workplace is not None, "pages")
        assert station.workplace is not None
        page = station.window.page
        assert isinstance(page, RegistrationPage)
        self.page: RegistrationPage = page
        self.person = station.workplace.person
        self.story.tell(what="came", person=self.person, pid=os.getpid())
        page.keeper.kept.connect(self._kept)
        page.saver.saved.connect(self._saved)
        self.rest()
        self._resume()

    def _resume(self) -> None:
        """Find out whose form stands there, and whether all that was said to be kept does."""
        typed = self.page.form.typed()
        if not typed.get("id_number"):
            return
        self.order = self._order_of(typed)
        if self.order < 0:
            self.story.stuck("resume", "a number nobody typed")
        said = self.story.of("kept")
        kept = [fact for fact in said if fact["order"] == self.order and fact["person"]]
        owner = {fact["person"] for fact in kept} | {self.person}
        fields = kept[-1]["fields"] if kept else {}
        assert isinstance(fields, dict)
        lost = [name for name, value in fields.items() if typed.get(name) != value]
        if lost or owner != {self.person}:
            self.story.stuck("resume", f"{lost} {len(owner)}")

    def _begun(self) -> list[int]:
        return [int(str(fact["order"])) for fact in self.story.of("begun")]

    # --- facts ------------------------------------------------------------------------------

    def _kept(self, at: str) -> None:
        """Note what the window says is kept: it stands in the draft that was written."""
        draft = self.page.keeper._kept
        if not at or draft is None:
            return
        fields = {name: text for name, text in draft.fields.items() if name in FORM_FIELDS}
        order = self._order_of(fields)
        if order >= 0:
            self.story.tell(what="kept", order=order, person=self.person, fields=fields)

    def _order_of(self, fields: dict[str, str]) -> int:
        return self.orders.get(fields.get("id_number", ""), -1)

    def _saved(self, record: str, form: dict[str, str]) -> None:
        order = self._order_of(form)
        self.story.tell(what="saved", order=order, person=self.person, record=record)

    # --- typing -----------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin the next family: nothing of it was ever typed before."""
        faulthandler.dump_traceback_later(HUNG, exit=True)
        self.order = max(self.orders.values(), default=-1) + 1
        self.orders[family(self.order)["id_number"]] = self.order
        self.story.tell(what="begun", order=self.order, person=self.person)

    def fill(self) -> None:
        """Go from field to field by Enter, now waiting for the window and now not."""
        values, passed = family(self.order), dict[str, int]()
        keys = keyed(values)
        while self.page.saver.obstacles() or self.page.form.needed():
            name = self.page.form.current()
            passed[name] = passed.get(name, 0) + 1
            if passed[name] > 3:
                self.story.stuck(f"field {name} of {self.order}")
            if not self.page.form.value(name):
                self._type(values, keys, name)
            self.key(F.Key_Return)
            if self.chance.random() < 0.6:
                self.rest()
            self._perhaps_leave()

    def _type(self, values: dict[str, str], keys: dict[str, str], name: str) -> None:
        if name in keys:
            QTest.keyClicks(self.focused(), keys[name])
        elif name in values:
            event = QInputMethodEvent("", [])
            event.setCommitString(values[name])
            QApplication.sendEvent(self.focused(), event)

    def _perhaps_leave(self) -> None:
        """Lock in the middle of a family; what was typed is kept, and somebody comes back."""
        if self.chance.random() < self.restless / 5:
            self.leave()

    def leave(self) -> None:
        self.key(F.Key_F12)
        raise SystemExit(self.application.exec())

    def save(self) -> None:
        """Save; where a look-alike is asked about, it is another child."""
        before, ahead = len(self.story.of("saved")), self.chance.random() < 0.3
        saved = self.order
        self.key(F.Key_F10)
        if ahead:  # the hand is ahead of the window: the next number is typed during the save
            self.begin()
            QTest.keyClicks(self.focused(), family(self.order)["id_number"])
        self.rest()
        if self.page.doubter.asking:
            self.key(F.Key_F10)
            self.rest()
        self.until(lambda: len(self.story.of("saved")) > before, f"save of {saved}")
        self.rest()
        if not ahead:
            self.order = -1

    def work(self) -> None:
        """Type until the goal is reached."""
        while len(self.story.of("saved")) < self.goal:
            if self.order < 0:
                self.begin()
            self.fill()
            self.save()
            if self.chance.random() < self.restless:
                self.leave()
        self.story.tell(what="done")
        self.station.window.close()


def _kill(delay: float) -> None:
    """End this process as a power cut would, whatever it is at."""
    time.sleep(delay)
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> int:
    """Sit down at the window."""
    kdf.STANDARD = CHEAP
    story = Story(Path(os.environ["DESK_STORY"]))
    application = make_application()
    station = Workstation(read_start(sys.argv[2:]), first_look=False, printer=Printer())  # type: ignore[arg-type]
    station.window.resize(1366, 768)
    station.begin()
    station.window.activateWindow()
    typist = Typist(application, station, story)
    typist.come()
    typist.work()
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main())
