"""What the window knows before anybody has logged in: the folder, its seat, who can open it.

Nothing heavy is imported here: the login page is painted before database, workbooks and images
are loaded (a test holds it).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop_app.domain.errors import RuleError
from desktop_app.durable.anew import AFTER
from desktop_app.security import roster
from desktop_app.services.seat import read_seat
from desktop_app.ui.views import LoginView, PersonView

PRODUCT_FOLDER = "sunshine-enrollment"
DATA = "--data"
PRACTICE = "practice"
"""The word that starts practice beside a folder."""


@dataclass(frozen=True, slots=True)
class Start:
    """How the window was asked to start: on which folder, and after which process has ended."""

    folder: Path
    after: int = 0

    @property
    def words(self) -> list[str]:
        """Give the words that start the window on this folder again."""
        return ["open", DATA, str(self.folder)]


def read_start(words: Sequence[str]) -> Start:
    """Read ``[--data DIR] [--after PID]``.

    Raises:
        RuleError: ``window.usage``.
    """
    given = dict(zip(words[::2], words[1::2], strict=False))
    after = given.get(AFTER, "0")
    if len(words) % 2 or not set(given) <= {DATA, AFTER} or not after.isdecimal():
        raise RuleError("window.usage")
    folder = Path(given[DATA]) if DATA in given else default_folder()
    return Start(folder.absolute(), int(after))


def default_folder() -> Path:
    """Name the data folder where none was named: among this account's own program data."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
    else:
        base = Path(os.environ.get("XDG_DATA_HOME", home / ".local" / "share"))
    return base / PRODUCT_FOLDER / "data"


def is_new(folder: Path) -> bool:
    """Tell whether no workstation was set up in a folder yet."""
    return not roster.is_present(folder)


def seat_word(kind: str) -> str:
    """Name a kind of seat."""
    words = {
        "desk": QCoreApplication.translate("Start", "登记台"),
        "school": QCoreApplication.translate("Start", "校级"),
        "district": QCoreApplication.translate("Start", "区级"),
    }
    return words[kind]


def login_view(folder: Path) -> LoginView:
    """Say who can log in at a folder.

    Raises:
        UntrustedError: vault or seat is damaged.
        WorkplaceError: the disk refused.
    """
    seat = read_seat(folder)
    return LoginView(
        place=seat.name,
        season=f"{seat_word(seat.kind)} · {seat.code}",
        persons=tuple(PersonView(name, name, "") for name in roster.names(folder)),
    )
