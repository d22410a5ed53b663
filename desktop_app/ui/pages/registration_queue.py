"""From a ticket of the queue to a registered case: the form begins with village and category.

It watches the form from outside: which draft stands there, what was registered, what came back.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject

from desktop_app.domain.queueing import Ticket
from desktop_app.services.queueing import QueueDesk
from desktop_app.ui.pages.registration import RegistrationPage
from desktop_app.ui.pages.registration_case import Case
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import State

FIRST = "id_number"


class QueueLink(QObject):
    """Keeps which draft belongs to which ticket; the desk keeps it over a restart."""

    def __init__(self, page: RegistrationPage, desk: QueueDesk, tasks: Tasks) -> None:
        """Follow a registration page."""
        super().__init__(page)
        self._page, self._desk, self._tasks = page, desk, tasks
        self._now = self._before = page.live.case.draft
        self._last = ""
        """The ticket of the case registered last, while it may be taken back."""
        page.live.refreshed.connect(self._follow)
        page.registered.connect(self._registered)
        page.after.taken_back.connect(self._taken_back)

    def begin(self, ticket: str, village: str, category: str) -> None:
        """Begin a case with a ticket; what stands on the form is put aside as a draft."""
        page = self._page
        if not page.keeper.is_empty or page.live.case.amends:
            page.park()
        given = {"hukou_village": village, "category": category}
        told = {name: one for name, one in given.items() if one}
        kept = page.repeater.carried()
        carried = kept | told
        page.keeper.forget()
        page.live.carried = {name: one for name, one in kept.items() if name not in told}
        page.live.take_up(Case(), carried)
        page.show_banner(None)
        page.view.leave()
        page.form.go_to(FIRST)
        page.keys_changed.emit()
        draft = page.live.case.draft
        self._tasks.run(
            lambda _progress: self._desk.link(draft, ticket),
            lambda _done: self._look_up(draft),
            owner=self,
        )

    def _look_up(self, draft: str) -> None:
        """Show in the head which number is being served with a draft."""

        def show(ticket: Ticket | None) -> None:
            if ticket is not None:
                self._page.head.tickets[draft] = ticket.spoken
                self._page.head.show()

        self._tasks.run(lambda _progress: self._desk.linked(draft), show, owner=self)

    def _follow(self) -> None:
        """Remember the draft before the one of now: it is the one that was registered."""
        case = self._page.live.case
        if case.draft != self._now:
            self._before, self._now = self._now, case.draft
            if case.resumed:
                self._look_up(case.draft)

    def _registered(self, record: str) -> None:
        draft = self._before
        self._tasks.run(
            lambda _progress: self._desk.entered(draft, record), self._entered, owner=self
        )

    def _entered(self, ticket: Ticket | None) -> None:
        """Say which number is in; a case that came without one says nothing."""
        self._last = "" if ticket is None else ticket.record
        if ticket is not None:
            words = self.tr("{number} 号已登记").format(number=ticket.spoken)
            self._page.said.emit(State.DONE, words, self.tr("叫下一号在“排号”按 F10"))

    def _taken_back(self, _fields: Mapping[str, str]) -> None:
        """Have the ticket of a case that was taken back wait at this desk again."""
        ticket, self._last = self._last, ""
        draft = self._page.live.case.draft
        if ticket:
            self._tasks.run(
                lambda _progress: self._desk.taken_back(ticket, draft),
                lambda _done: self._look_up(draft),
                owner=self,
            )
