"""The window of practice 练习: a process of its own on a made-up school, erased at its end."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop_app.domain.errors import ProductError
from desktop_app.messages.catalogue import sentence
from desktop_app.ui.app import Workstation, make_application
from desktop_app.ui.loading import FirstPaint
from desktop_app.ui.pages.lock import LockPage, PracticeCover, PreparingPage
from desktop_app.ui.start import Start, read_start
from desktop_app.ui.text import language

if TYPE_CHECKING:
    from desktop_app.services.practice import Furnish, Practice
    from desktop_app.services.progress import Progress
    from desktop_app.ui.compose import Parts, Printer
    from desktop_app.ui.pages.registration_guide import Guide


class PracticeStation(Workstation):
    """One sitting of practice; whichever way it ends, its folder is erased.

    F12 and leaving the seat go back to the login page of the folder it was started from.
    """

    def __init__(self, start: Start, furnish: Furnish, *, printer: Printer | None = None) -> None:
        """Take the folder to go back to, and what registers the made-up families."""
        self.practice: Practice | None = None
        self.guide: Guide | None = None
        super().__init__(start, first_look=False, printer=printer)
        self._furnish = furnish
        self.window.setWindowTitle(self.tr("练习 · 阳光招生离线工作站"))

    def _make_cover(self) -> LockPage:
        return PracticeCover()

    def begin(self) -> None:
        """Say that practice is made, and make it once that has been painted."""
        page = PreparingPage()
        self.window.add_page(page)
        self.window.open_page(page.nav_key)
        FirstPaint(self.window, self._load)
        self.window.show_on_screen()

    def _get_ready(self) -> None:
        """Make the school; nobody logs in here."""
        self.tasks.run(self._prepare, self._prepared, self._not_prepared)

    def _prepare(self, _progress: Progress) -> Parts:
        """Make the school; called on the worker thread."""
        from desktop_app.services.policies import shipped_policy
        from desktop_app.services.practice import begin_practice
        from desktop_app.ui.compose import prepare

        made = begin_practice(self.start.folder, shipped_policy(), self._furnish)
        self.practice = made
        return prepare(made.workplace)

    def _prepared(self, parts: Parts) -> None:
        """Show the pages and lead through a first case, unless the window was closed meanwhile."""
        from desktop_app.ui.pages.registration import RegistrationPage
        from desktop_app.ui.pages.registration_guide import Guide

        if self._leaving:
            self.workplace = parts.workplace
            return
        self.enter(parts)
        register, made = self.window.page_of(RegistrationPage.nav_key), self.practice
        if made is not None and isinstance(register, RegistrationPage):
            self.guide = Guide(register, parts.workplace.policy, made.lesson)

    def _not_prepared(self, error: ProductError) -> None:
        """Say why there is no practice; F12 has nothing to erase, closing the window ends it."""
        self.show_error(error)

    def _hand_over(self) -> None:
        """Erase everything of practice before the login page comes back."""
        made, self.practice = self.practice, None
        if made is None:
            super()._hand_over()
            return
        done = super()._hand_over
        self.tasks.run(lambda _progress: made.end(), lambda _nothing: None, on_finish=done)


def run(words: Sequence[str], furnish: Furnish) -> int:
    """Open practice and give the exit status."""
    try:
        start = read_start(words)
        application = make_application()
    except ProductError as error:
        sys.stderr.write(sentence(error, language()).line + "\n")
        return 1
    station = PracticeStation(start, furnish)
    station.bugs.install()
    station.begin()
    status = application.exec()
    station.tasks.close()
    return int(status)
