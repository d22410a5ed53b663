"""Drafts of the registration page: every committed field is kept, with the caret.

A draft is one row of the encrypted database; it is written on the worker thread, in the order in
which fields were committed, and never while a case is being saved for good. What is said to be
kept has been written; what could not be written is tried again with the next field.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.domain.errors import ProductError
from desktop_app.services.amendment import AMENDS
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
    refused = Signal(object)
    """The `ProductError` for which a draft could not be written."""
    listed = Signal()

    def __init__(
        self, live: LiveForm, form: RegistrationForm, desks: RegistrationDesks, tasks: Tasks
    ) -> None:
        super().__init__(live)
        self._live = live
        self._form = form
        self._desks = desks
        self._tasks = tasks
        self._sent: Draft | None = None
        self._kept: Draft | None = None
        self._on_disk = ""
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

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to keep: neither a field of a child nor a declaration.

        Of a registered case only what was changed is worth a draft.
        """
        if self._live.case.opened is not None:
            return not self._live.changed()
        return self._form.is_empty and not self._live.case.note

    def now(self, *, leaving: bool = False) -> None:
        """Keep the case now, unless nothing of a child is in it or nothing has changed.

        ``leaving`` notes that somebody left the form at this very caret and will look for it there.
        """
        self._timer.stop()
        case = self._live.case
        if self.closed() or (self.is_empty and not self._was_sent()):
            return
        left = self.caret if leaving else ""
        draft = case.draft_of(self._live.fields(), self._desks.person, self.caret, left)
        if draft == self._sent:
            return
        self._sent = draft
        if self.is_empty:
            self._run(lambda: drop_quietly(self._desks, draft.id), draft, self._is_dropped)
        else:
            self._run(lambda: self._desks.desk.save_draft(draft), draft, self._is_kept)

    def _run(self, write: Callable[[], None], draft: Draft, tell: Callable[[Draft], None]) -> None:
        """Write on the worker thread; nothing counts as kept before that has succeeded."""
        self._tasks.run(
            lambda _progress: write(),
            lambda _nothing: tell(draft),
            self._is_refused,
            on_finish=partial(self._is_over, draft),
            owner=self,
        )

    def _was_sent(self) -> bool:
        """Tell whether a draft of the case on the screen may lie in the database."""
        sent = self._sent.id if self._sent is not None else self._on_disk
        return sent == self._live.case.draft

    def forget(self) -> None:
        """Forget what was kept last: another case begins."""
        self._timer.stop()
        self._sent = self._kept = None
        self._on_disk = ""

    def _is_kept(self, draft: Draft) -> None:
        """Tell when it was kept, once it is written."""
        if draft.id == self._live.case.draft:
            self._kept, self._on_disk = draft, draft.id
            self.kept.emit(f"{datetime.now().astimezone():%H:%M:%S}")

    def _is_dropped(self, draft: Draft) -> None:
        if draft.id == self._live.case.draft:
            self._kept, self._on_disk = draft, ""
            self.kept.emit("")

    def _is_refused(self, error: ProductError) -> None:
        """Say that it was not written; what was said before of a kept draft no longer holds."""
        self.kept.emit("")
        self.refused.emit(error)

    def _is_over(self, draft: Draft) -> None:
        """Write the same again with the next field when it was not written, however that ended."""
        if self._sent == draft and self._kept != draft:
            self._sent = None

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
            DraftLine(
                one.id,
                (one.fields.get("full_name") or nameless)
                + (self.tr("（改登记）") if AMENDS in one.fields else ""),
                moment(one.changed_at),
            )
            for one in self.others()
        )

    def drop(self) -> None:
        """Forget the case on the screen, and its draft."""
        draft = self._live.case.draft
        self.forget()
        self._drafts = tuple(one for one in self._drafts if one.id != draft)
        self._tasks.run(
            lambda _progress: drop_quietly(self._desks, draft),
            lambda _nothing: None,
            self._is_refused,
            owner=self,
        )

    def amending(self, record: str) -> str:
        """Name the draft in which a registered case is being amended, or nothing."""
        found = (one.id for one in self._drafts if one.fields.get(AMENDS) == record)
        return next(found, "")

    def take_up(self, draft_id: str) -> Draft:
        """Show a draft, and give it."""
        draft = next(one for one in self._drafts if one.id == draft_id)
        self.forget()
        self._on_disk = draft.id
        # It is the case on the screen now; left in the list it would come back once it is saved.
        self._drafts = tuple(one for one in self._drafts if one.id != draft_id)
        self._live.take_up(Case.of_draft(draft), draft.fields)
        return draft
