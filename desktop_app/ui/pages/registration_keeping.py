"""Drafts of the registration page: every committed field is kept, with the caret.

A draft is one row of the encrypted database; it is written on the worker thread, in the order in
which fields were committed, and never while a case is being saved for good.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.storage.drafts import Draft
from desktop_app.ui.pages.registration_case import Case, RegistrationDesks, drop_quietly
from desktop_app.ui.pages.registration_digits import DraftLine
from desktop_app.ui.pages.registration_form import RegistrationForm
from desktop_app.ui.pages.registration_live import LiveForm
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import moment


class Keeper(QObject):
    """Keeps the case on the screen, and lists the person's other drafts."""

    kept = Signal(str)
    listed = Signal()

    def __init__(
        self, live: LiveForm, form: RegistrationForm, desks: RegistrationDesks, tasks: Tasks
    ) -> None:
        super().__init__(live)
        self._live = live
        self._form = form
        self._desks = desks
        self._tasks = tasks
        self._last: Draft | None = None
        self._drafts: tuple[Draft, ...] = ()
        self.caret = ""
        self.closed: Callable[[], bool] = bool
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.now)

    def soon(self) -> None:
        """Keep the case when the key press that asked for it is over."""
        self._timer.start()

    def now(self) -> None:
        """Keep the case now, unless nothing of a child is in it or nothing has changed."""
        self._timer.stop()
        if self.closed() or (self._form.is_empty and not self._was_kept()):
            return
        person = self._desks.person
        draft = self._live.case.draft_of(self._form.typed(), person, self.caret)
        if draft == self._last:
            return
        self._last = draft
        if self._form.is_empty:
            self._tasks.run(
                lambda _p: drop_quietly(self._desks, draft.id), self._dropped, owner=self
            )
            return
        self._tasks.run(lambda _p: self._desks.desk.save_draft(draft), self._tell, owner=self)

    def _was_kept(self) -> bool:
        return self._last is not None and self._last.id == self._live.case.draft

    def forget(self) -> None:
        """Forget what was kept last: another case begins."""
        self._timer.stop()
        self._last = None

    def _tell(self, _nothing: None) -> None:
        """Tell when it was kept."""
        if self._was_kept():
            self.kept.emit(f"{datetime.now().astimezone():%H:%M:%S}")

    def _dropped(self, _nothing: None) -> None:
        self.kept.emit("")

    # --- the others -------------------------------------------------------------------------

    def take_list(self, drafts: tuple[Draft, ...]) -> None:
        """Take the list of drafts as it was read."""
        self._drafts = drafts
        self.listed.emit()

    def load_list(self) -> None:
        """Read the list of drafts anew."""
        self._tasks.run(lambda _p: self._desks.desk.drafts(), self.take_list, owner=self)

    def others(self) -> tuple[Draft, ...]:
        """List the drafts that are not on the screen, the latest first."""
        return tuple(one for one in self._drafts if one.id != self._live.case.draft)

    def lines(self) -> tuple[DraftLine, ...]:
        """List them by name and minute."""
        nameless = self.tr("还没写姓名")
        return tuple(
            DraftLine(one.id, one.fields.get("full_name") or nameless, moment(one.changed_at))
            for one in self.others()
        )

    def take_up(self, draft_id: str) -> str:
        """Show a draft; gives the name of the field its caret was in."""
        draft = next(one for one in self._drafts if one.id == draft_id)
        self.forget()
        # It is the case on the screen now; left in the list it would come back once it is saved.
        self._drafts = tuple(one for one in self._drafts if one.id != draft_id)
        self._live.take_up(Case.of_draft(draft), draft.fields)
        return draft.caret
