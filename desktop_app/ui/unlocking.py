"""Opening a data folder for the window, on the worker thread."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from desktop_app.durable.anew import wait_for_end
from desktop_app.security.memory import wipe
from desktop_app.services.progress import Progress
from desktop_app.ui.start import Start

if TYPE_CHECKING:
    from desktop_app.ui.compose import Parts
    from desktop_app.ui.waiting import Recovered

OLD_PROCESS = 30.0
"""How long the process before this one may take to end, in seconds."""


def unlock(start: Start, person: str, password: bytearray, _progress: Progress) -> Parts:
    """Open the folder as a person, once the process before this one has let go of it.

    What the pages show first is read here too, so that nothing is waited for afterwards.

    Raises:
        ProductError: as ``open_workplace``.
    """
    from desktop_app.services.policies import shipped_policy
    from desktop_app.services.setup import open_workplace
    from desktop_app.ui.compose import prepare

    try:
        if start.after:
            wait_for_end(start.after, OLD_PROCESS)
        workplace = open_workplace(start.folder, person, password, shipped_policy())
    finally:
        wipe(password)
    try:
        return prepare(workplace)
    except BaseException:
        workplace.close()
        workplace.session.close()
        raise


def recover(
    start: Start, code: str, name: str, password: bytearray, _progress: Progress
) -> Recovered:
    """Give a person new keys with the printed code, and give the code that replaces it.

    Raises:
        ProductError: as ``Vault.recover`` and ``open_workplace``.
    """
    from desktop_app.durable.folder import FolderLock
    from desktop_app.security.vault import Vault
    from desktop_app.services.code_copied import await_copy
    from desktop_app.services.people import PeopleDesk
    from desktop_app.services.policies import shipped_policy
    from desktop_app.services.seat import read_seat
    from desktop_app.services.setup import open_with_session
    from desktop_app.services.workplace import closing
    from desktop_app.ui.waiting import Recovered

    with FolderLock(start.folder) as lock:
        try:
            session = Vault.open(start.folder).recover(code, name, password)
        finally:
            wipe(password)
        seat = read_seat(start.folder)
        opened = open_with_session(start.folder, seat, session, shipped_policy(), lock)
        with contextlib.closing(session), closing(opened) as workplace:
            granted = bool(PeopleDesk(workplace).roles())
            await_copy(start.folder)
            return Recovered(session.new_recovery_code(), granted, seat.kind == "district")
