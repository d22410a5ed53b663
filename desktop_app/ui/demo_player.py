"""Plays a person at the window: types families as a registrar does, and takes pictures.

Everything goes through the keyboard and the input method, as at the desk; nothing is set from
behind. The children are made up; their numbers are of a region that does not exist.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QPagedPaintDevice, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.documents.receipt import ReceiptView
from desktop_app.domain.errors import WorkplaceError
from desktop_app.domain.identity import make_check_digit
from desktop_app.durable.files import make_private_folder, write_atomically
from desktop_app.ui.app import Workstation, make_application
from desktop_app.ui.first_use import first_use_page
from desktop_app.ui.look import Look
from desktop_app.ui.pages.login import LoginPage
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.request import RequestPage
from desktop_app.ui.printing.sheet import pdf, save_receipt_pdf
from desktop_app.ui.start import Start
from desktop_app.ui.window import DESIGN_SIZE

Key = Qt.Key
ENTER = Key.Key_Return
PATIENCE = 60.0  # seconds
_STEP = 0.002


@dataclass(frozen=True, slots=True)
class Typed:
    """A family as it is keyed: the words, and the pinyin a hand types for names."""

    birth: str
    child: str
    child_pinyin: str
    house: str
    guardian: str
    guardian_pinyin: str
    guardian_birth: str
    phone: str


FAMILIES = (
    Typed(
        "20180314", "罗雨桐", "luoyutong", "3-27", "罗志远", "luozhiyuan", "19890522", "13800001612"
    ),
    Typed(
        "20180520",
        "孟一诺",
        "mengyinuo",
        "5-8",
        "孟庆川",
        "mengqingchuan",
        "19910307",
        "13800001745",
    ),
    Typed(
        "20171109", "高梓涵", "gaozihan", "1-14", "高建设", "gaojianshe", "19870815", "13800001823"
    ),
)


def number(birth: str) -> str:
    """Give a valid number in the region 419999, which does not exist; its serial is 999."""
    body = f"419999{birth}999"
    return body + make_check_digit(body)


class PaperFolder:
    """A printer whose paper is a folder: the demo's sheets are files that anybody may look at."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def require(self) -> None:
        """Be there always."""

    def print_receipt(self, view: ReceiptView) -> None:
        """Print a receipt; the last one stays."""
        save_receipt_pdf(view, self._folder / "receipt.pdf")

    def print_page(self, draw: Callable[[QPagedPaintDevice, QPainter], None], title: str) -> None:
        """Print one page under its title."""
        write_atomically(self._folder / f"{title}.pdf", pdf(draw, title))


class Player:
    """A hand on the keyboard of one window, and an eye that keeps pictures."""

    def __init__(self, application: QApplication, station: Workstation, out: Path) -> None:
        self._application = application
        self._station = station
        self._out = out
        self.keys = 0
        self.pictures: list[str] = []

    # --- hand ---------------------------------------------------------------------------------

    def wait(self, ready: Callable[[], bool]) -> None:
        """Let the window work until something holds.

        Raises:
            WorkplaceError: ``window.stuck``: it does not, after a minute.
        """
        until = time.monotonic() + PATIENCE
        while not ready():
            if time.monotonic() > until:
                raise WorkplaceError("window.stuck")
            self._application.processEvents()
            time.sleep(_STEP)

    def settle(self) -> None:
        """Wait until nothing is being done, timers of a keystroke included."""
        calm = time.monotonic() + 0.25
        self.wait(lambda: not self._station.tasks.busy and time.monotonic() > calm)

    def press(self, *keys: Qt.Key) -> None:
        """Press keys where the focus is."""
        for key in keys:
            self.keys += 1
            QTest.keyClick(self._focused(), key)

    def type(self, words: str, *, end: bool = True) -> None:
        """Type plain words, and Enter."""
        self.keys += len(words)
        QTest.keyClicks(self._focused(), words)
        if end:
            self.press(ENTER)

    def compose(self, words: str, pinyin: str) -> None:
        """Write Chinese through the input method: its letters, one key to choose, and Enter."""
        self.keys += len(pinyin) + 1
        event = QInputMethodEvent()
        event.setCommitString(words)
        QApplication.sendEvent(self._focused(), event)
        self.press(ENTER)

    def _focused(self) -> QWidget:
        """Give the widget that has the focus."""
        widget = QApplication.focusWidget()
        if widget is None:
            raise WorkplaceError("window.stuck")
        return widget

    # --- eye ----------------------------------------------------------------------------------

    def picture(self, name: str, look: Look | None = None) -> None:
        """Keep a picture of the window, perhaps in another look."""
        window = self._station.window
        if look is not None:
            window.wear(look)
        window.resize(DESIGN_SIZE)
        self.settle()
        window.resize(DESIGN_SIZE)
        self._application.processEvents()
        place = self._out / f"{name}.png"
        if not window.grab().save(str(place)):
            raise WorkplaceError("disk.failed", cause="png")
        self.pictures.append(place.name)
        if look is not None:
            window.wear(Look())
            window.resize(DESIGN_SIZE)
            self.settle()


def play(data: Path, user: str, password: bytearray, out: Path, families: int) -> dict[str, object]:
    """Log in, register some families, take pictures of every page, and say what was done.

    Raises:
        ProductError: the person cannot log in, or the window is stuck.
    """
    began = time.monotonic()
    bugs: list[str] = []
    sys.excepthook = lambda kind, _bug, _trace: bugs.append(kind.__name__)
    make_private_folder(out)
    application = make_application()
    station = Workstation(Start(data.absolute()), first_look=False, printer=PaperFolder(out))
    player = Player(application, station, out)
    window = station.window
    window.resize(DESIGN_SIZE)
    station.begin()
    window.showNormal()
    window.activateWindow()
    player.wait(lambda: station.painted)
    _log_in(player, station, user, password)
    registered = _register(player, station, FAMILIES[:families])
    _look_around(player, station)
    station.leave()
    player.wait(lambda: station.ended)
    _first_use(player, station, out)
    if bugs:
        raise WorkplaceError("window.stuck")
    return {
        "registered": registered,
        "keys": player.keys,
        "screenshots": player.pictures,
        "seconds": round(time.monotonic() - began, 1),
    }


def _log_in(player: Player, station: Workstation, user: str, password: bytearray) -> None:
    """Choose the person, take a picture, type the password."""
    page = station.window.page
    if not isinstance(page, LoginPage):
        raise WorkplaceError("vault.missing")
    for _ in range(20):
        if page.person is None or page.person.name == user:
            break
        player.press(Key.Key_Down)
    player.picture("login")
    player.type(password.decode(), end=False)
    player.press(ENTER)
    player.wait(lambda: station.workplace is not None or page.refusal is not None)
    if page.refusal is not None:
        raise page.refusal
    player.wait(lambda: not station.window.promised)
    player.settle()


def _register(player: Player, station: Workstation, families: Sequence[Typed]) -> int:
    """Key families at the registration page, where this seat has one; give how many were saved."""
    page = station.window.page_of("register")
    if not isinstance(page, RegistrationPage):
        return 0
    saved: list[str] = []
    page.registered.connect(saved.append)
    for place, family in enumerate(families):
        player.settle()
        _key_case(player, family, first=not place)
        if not place:
            player.wait(lambda: not station.window.strip.speaking)
            player.settle()
            player.picture("registration")
            player.press(Key.Key_Escape)  # at large type the papers would lie over the form
            player.picture("registration_150", Look("light", 150))
            player.picture("registration_200", Look("light", 200))
            player.picture("registration_dark", Look("dark", 100))
        player.press(Key.Key_F10)
        player.settle()
    return len(saved)


def _key_case(player: Player, family: Typed, *, first: bool) -> None:
    """Key one case; four fields stay from the case before."""
    player.type(number(family.birth))
    player.compose(family.child, family.child_pinyin)
    if first:
        player.type("hz")
        player.type("zhw")
    player.type(family.house)
    player.press(Key.Key_1, ENTER, Key.Key_Space, ENTER)
    if first:
        player.type("a1")
        player.press(Key.Key_1, ENTER)
    player.compose(family.guardian, family.guardian_pinyin)
    player.type("fq")
    player.type(number(family.guardian_birth))
    player.type(family.phone)
    player.press(Key.Key_Space, Key.Key_F6, Key.Key_1, Key.Key_2)


def _look_around(player: Player, station: Workstation) -> None:
    """Take a picture of every other page, and of the lock."""
    shell, window = station.shell, station.window
    keys = [] if shell is None else [*shell.pages]
    inner = [key for key in (RequestPage.nav_key,) if window.page_of(key) is not None]
    for key in (*keys, *inner):
        if key != "register":
            window.open_page(key)
            player.settle()
            player.picture(key)
    window.open_page(station.lock_page.nav_key)
    player.picture("lock")


def _first_use(player: Player, station: Workstation, out: Path) -> None:
    """Take a picture of the first use, on a folder that is not there; nothing is made."""
    page = first_use_page(out / "none", station.tasks, station.leave)
    window = station.window
    window.add_page(page)
    window.open_page(page.nav_key)
    window.show()
    player.picture("first_run")
    window.hide()
