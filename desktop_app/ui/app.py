"""The running window: first use or login, then the pages, then the lock, which ends the process.

Everything heavy is imported by the worker thread after the login page has been painted. What a
seat shows once somebody is in is put together in ``compose``.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop_app.domain.errors import ProductError, WorkplaceError
from desktop_app.durable.anew import tell_ready
from desktop_app.messages.catalogue import sentence
from desktop_app.ui.bugs import BugHandler
from desktop_app.ui.loading import (
    FirstPaint,
    close_workplace,
    load_everything,
    look_at_folder,
    sweep_leftovers,
)
from desktop_app.ui.look import Look
from desktop_app.ui.page import Page
from desktop_app.ui.pages.lock import LockPage
from desktop_app.ui.pages.login import LoginPage
from desktop_app.ui.start import PRACTICE, Start, is_new, login_view, read_start
from desktop_app.ui.taking_over import Successor
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import language, speak, speaks_english
from desktop_app.ui.theme import apply_look
from desktop_app.ui.views import LoginView
from desktop_app.ui.window import Window

if TYPE_CHECKING:
    from desktop_app.durable.findings import FolderFinding
    from desktop_app.services.workplace import Workplace
    from desktop_app.ui.compose import Parts, Printer
    from desktop_app.ui.shell import Shell

PATIENCE = 20.0  # seconds: work under way may finish within these
LONGEST = 30.0  # seconds: the process has ended after these, whatever happens
_POLL = 40  # milliseconds
BROKEN = 2


class Workstation(QObject):
    """One process of the window: from its first paint to its end."""

    def __init__(
        self, start: Start, *, first_look: bool = True, printer: Printer | None = None
    ) -> None:
        """Take how to start, and what prints if it is not the system's printer.

        ``first_look`` looks at the folder while the login page stands.
        """
        super().__init__()
        self.start = start
        self.status = 0
        self.workplace: Workplace | None = None
        self.shell: Shell | None = None
        self.painted = False
        self.ended = False
        self._first_look = first_look
        self._printer = printer
        self._leaving = False
        self._anew = False
        self._successor: Successor | None = None
        self._waited = 0.0
        self.bugs = BugHandler(self._end_broken)
        self.tasks = Tasks(self.show_error, self.bugs)
        self.window = Window(on_lock=self.lock, on_close=self._may_close)
        self._next: list[str] | None = None
        self.lock_page = self._make_cover()
        self.window.add_page(self.lock_page)
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL)
        self._timer.timeout.connect(self._finish_work)

    def _make_cover(self) -> LockPage:
        """Make the page that covers the screen at the end."""
        return LockPage()

    # --- start ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Show the first page, and load the rest once it has been painted."""
        page: Page = self._first_use() if is_new(self.start.folder) else self._login()
        self.window.add_page(page)
        self.window.open_page(page.nav_key)
        FirstPaint(self.window, self._load)
        self.window.show_on_screen()

    def _login(self) -> LoginPage:
        """Make the login page; a damaged vault is said on it."""
        try:
            view, error = login_view(self.start.folder), None
        except ProductError as found:
            view, error = LoginView(), found
        page = LoginPage(
            view,
            self._log_in,
            on_recovery=self._open_recovery,
            on_language=self._other_language if speaks_english() else None,
            on_power=self.window.close,
            on_practice=self.practise,
        )
        if error is not None:
            page.show_error(error)
        return page

    def _first_use(self) -> Page:
        """Make the page of the first use."""
        from desktop_app.ui.first_use import first_use_page

        return first_use_page(
            self.start.folder, self.tasks, self._code_copied, on_practice=self.practise
        )

    def _load(self) -> None:
        """Import what the pages need, now that the first one is painted."""
        self.painted = True
        if self.start.after:
            tell_ready()
        if not self._leaving:
            self.tasks.run(load_everything, _nothing)
            self._get_ready()

    def _get_ready(self) -> None:
        """Look at the folder, while a person types the password."""
        self.tasks.run(partial(sweep_leftovers, self.start), _nothing, _ignore)
        if self._first_look and not is_new(self.start.folder):
            look = partial(look_at_folder, self.start)
            self.tasks.run(look, self._tell_findings, self.show_error)

    def _tell_findings(self, findings: Sequence[FolderFinding]) -> None:
        """Say on the login page what should be known of the folder, the worst first."""
        page = self.window.page
        if findings and page is not None and not page.busy:
            from desktop_app.ui.notices import finding_banner

            page.show_banner(finding_banner(findings[0]))

    # --- login ------------------------------------------------------------------------------

    def _log_in(self, person: str, password: bytearray) -> None:
        """Unlock in the worker: one Argon2id."""
        from desktop_app.ui.unlocking import unlock

        self.tasks.run(partial(unlock, self.start, person, password), self.enter, self._refused)

    def _refused(self, error: ProductError) -> None:
        """Say on the login page why the door stays shut."""
        page = self.window.page
        if isinstance(page, LoginPage):
            page.refused(error)

    def enter(self, parts: Parts) -> None:
        """Show the pages of the seat to whoever has come in."""
        from desktop_app.ui.compose import compose

        before = self.window.page
        self.workplace = parts.workplace
        self.shell = compose(parts, self.tasks, self.window, self._printer)
        if before is not None and before is not self.lock_page:
            self.window.remove_page(before.nav_key)
        self.window.watch_idle(parts.workplace.policy.lock_minutes * 60)

    def _code_copied(self) -> None:
        """Remember that the recovery code stands on paper, and show the login page."""
        from desktop_app.services.code_copied import confirm_copy

        confirm = partial(confirm_copy, self.start.folder)
        self._login_anew()
        self.tasks.run(lambda _: confirm(), _nothing)

    def _login_anew(self) -> None:
        """Show the login page in place of the one of now."""
        self._replace(self._login())

    def _open_recovery(self) -> None:
        """Show the page that opens the folder with the code from the envelope."""
        from desktop_app.ui.pages.recovery import RecoveryPage
        from desktop_app.ui.unlocking import recover

        def use(code: str, name: str, password: bytearray) -> None:
            work = partial(recover, self.start, code, name, password)
            self.tasks.run(work, page.show_recovered, page.refused)

        page = RecoveryPage(use, self._login_anew, on_done=self._code_copied)
        self._replace(page)

    def _replace(self, page: Page) -> None:
        """Show a page in place of the one of now, which is forgotten with all that was typed."""
        before = self.window.page
        self.window.open_page(self.lock_page.nav_key)
        if before is not None and before is not self.lock_page:
            self.window.remove_page(before.nav_key)
        self.window.add_page(page)
        self.window.open_page(page.nav_key)

    def _other_language(self) -> None:
        """Switch between Chinese and English, and show the login page in it."""
        if speak("zh" if language() == "en" else "en"):
            self._login_anew()

    # --- errors -----------------------------------------------------------------------------

    def show_error(self, error: ProductError) -> None:
        """Show a known error on the page of now."""
        if self.window.page is not None:
            self.window.page.show_error(error)

    def _end_broken(self) -> None:
        """End after a bug: what was saved is safe, the rest was never begun."""
        self.status = BROKEN
        self._leave(anew=False)

    # --- the end ----------------------------------------------------------------------------

    def lock(self) -> None:
        """Blank the screen at once; then end this process and start a new one at the login."""
        self._leave(anew=True)

    def leave(self) -> None:
        """End in the safe order, and start nothing."""
        self._leave(anew=False)

    def practise(self) -> None:
        """Go to practice: another process on a folder of its own, from which one comes back."""
        self._next = [PRACTICE, *self.start.words[1:]]
        self._leave(anew=True)

    def _may_close(self) -> bool:
        """Let the window close when nothing is open; otherwise end in the safe order first."""
        if self._leaving or (self.workplace is None and not self.tasks.busy):
            return True
        self._leave(anew=False)
        return False

    def _leave(self, *, anew: bool) -> None:
        """Cover the screen, keep what was typed, and wait for the work under way."""
        if self._leaving:
            return
        self._leaving, self._anew = True, anew
        clipboard = QGuiApplication.clipboard()
        if clipboard.ownsClipboard():
            clipboard.clear()
        self.window.open_page(self.lock_page.nav_key)
        self.window.repaint()
        watchdog = threading.Timer(LONGEST, self._end_at_once)
        watchdog.daemon = True
        watchdog.start()
        self._watchdog = watchdog
        self._start_successor()
        self._timer.start()

    def _start_successor(self) -> None:
        """Start the new process at once, where one is wanted: it is painted while this one ends."""
        if self._anew and self._successor is None:
            with contextlib.suppress(OSError):  # tried again at the end
                self._successor = Successor(self._next or self.start.words)

    def _finish_work(self) -> None:
        """Wait for the work under way, stop it where it takes too long, then close."""
        self._waited += _POLL / 1000
        if self.tasks.busy:
            self.lock_page.finishing(1)
            if self._waited > PATIENCE:
                self.tasks.cancel_all()
            return
        self._timer.stop()
        self.lock_page.finishing(0)
        workplace, self.workplace = self.workplace, None
        if workplace is None:
            self._hand_over()
            return
        close = partial(close_workplace, workplace)
        self.tasks.run(close, _nothing, _ignore, on_finish=self._hand_over)

    def _hand_over(self) -> None:
        """Cover the screen until the window of the new process stands, if there is to be one."""
        self._start_successor()
        successor = self._successor
        if successor is None:
            self._end()
            return
        self.tasks.run(lambda _progress: successor.wait(), _nothing, _ignore, on_finish=self._end)

    def _end(self) -> None:
        """End the thread and leave the event loop."""
        self.tasks.close()
        self._watchdog.cancel()
        self.window.close()
        self.ended = True
        QApplication.exit(self.status)

    def _end_at_once(self) -> None:
        """End although something hangs; the journal holds whatever was committed."""
        self._start_successor()
        os._exit(BROKEN)


def _nothing(_result: object) -> None:
    """Say nothing."""


def _ignore(_error: ProductError) -> None:
    """Say nothing: the screen is covered, and the next login finds out for itself."""


def make_application() -> QApplication:
    """Make the application in its first look; the platform without a screen is never guessed.

    Raises:
        WorkplaceError: ``window.no_screen``: Qt would end the whole process.
    """
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in screens):
        raise WorkplaceError("window.no_screen")
    application = QApplication(sys.argv[:1])
    apply_look(application, Look())
    return application


def run(words: Sequence[str]) -> int:
    """Open the window and give the exit status."""
    try:
        start = read_start(words)
        application = make_application()
    except ProductError as error:
        sys.stderr.write(sentence(error, language()).line + "\n")
        return 1
    workstation = Workstation(start)
    workstation.bugs.install()
    workstation.begin()
    status = application.exec()
    workstation.tasks.close()
    return int(status)
