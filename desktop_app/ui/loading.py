"""What goes on behind the first page: loading, looking at the folder, and closing at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

from desktop_app.durable.anew import wait_for_end
from desktop_app.services.progress import Progress
from desktop_app.ui.start import Start
from desktop_app.ui.unlocking import OLD_PROCESS
from desktop_app.ui.window import Window

if TYPE_CHECKING:
    from desktop_app.durable.findings import FolderFinding
    from desktop_app.services.workplace import Workplace


class FirstPaint(QObject):
    """Calls once, after a window has been painted for the first time."""

    def __init__(self, window: Window, call: Callable[[], object]) -> None:
        super().__init__(window)
        self._call = call
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the first paint; never keep an event."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._call)
        return False


def load_everything(_progress: Progress) -> None:
    """Import what the pages need, so that nothing has to be waited for after the login."""
    import desktop_app.ui.compose
    from desktop_app.services.policies import shipped_policy
    from desktop_app.ui.pages.registration_choices import choices_of

    assert desktop_app.ui.compose is not None  # noqa: S101 -- imported for its effect
    # Built for its readings, which stay: the dictionary of pinyin is the slowest part to load, and
    # whoever has entered the password should not wait for it.
    choices_of(shipped_policy(), "", "")


def sweep_leftovers(start: Start, _progress: Progress) -> None:
    """Erase what a crash left of practice; nobody could open it."""
    from desktop_app.services.practice import sweep_practice

    sweep_practice(start.folder)


def look_at_folder(start: Start, _progress: Progress) -> Sequence[FolderFinding]:
    """Look at the folder and see that no other program has it, once the old process has ended."""
    from desktop_app.durable.folder import FolderLock
    from desktop_app.durable.inspection import inspect_folder

    if start.after:
        wait_for_end(start.after, OLD_PROCESS)
    FolderLock(start.folder).release()
    return inspect_folder(start.folder).findings


def close_workplace(workplace: Workplace, _progress: Progress) -> None:
    """Close the workplace and wipe the keys that can be wiped."""
    try:
        workplace.close()
    finally:
        workplace.session.close()
