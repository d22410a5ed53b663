"""The registration page 登记 as it stands: its parts, and what it says of itself."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.services.consents import SELF_REPORT, read_scopes, write_scopes
from desktop_app.services.form import CONSENTED
from desktop_app.services.private_notes import is_sealed
from desktop_app.ui.page import Page
from desktop_app.ui.pages.registration_after import AfterSave
from desktop_app.ui.pages.registration_amending import Amender
from desktop_app.ui.pages.registration_case import RegistrationDesks
from desktop_app.ui.pages.registration_doubts import Doubter
from desktop_app.ui.pages.registration_head import FormHead, help_on
from desktop_app.ui.pages.registration_keeping import Keeper
from desktop_app.ui.pages.registration_live import LiveForm
from desktop_app.ui.pages.registration_repeating import Repeater
from desktop_app.ui.pages.registration_saving import Saver
from desktop_app.ui.pages.registration_view import RegistrationView
from desktop_app.ui.printing.printer import ReceiptPrinter
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import set_units
from desktop_app.ui.views import HelpView, KeyAction, State

_MOST_BANNER = 170
"""What the district asks has 200 characters at most, and is read whole at 200 %, too."""


class RegistrationParts(Page):
    """The page's parts in their places; what is done with them is `RegistrationPage`'s.

    ``strip_changed`` carries the `StripView` of the last case, ``said`` what has just happened,
    ``page_asked`` the navigation key of another page (F3 the list, F7 the private page),
    ``registered`` the record that was saved, ``receipt_asked`` the one whose receipt is to be seen.
    """

    strip_changed = Signal(object)
    said = Signal(object, str, str)
    page_asked = Signal(str)
    registered = Signal(str)
    receipt_asked = Signal(str)

    nav_key = "register"
    strip = True

    def __init__(
        self,
        tasks: Tasks,
        desks: RegistrationDesks,
        printer: ReceiptPrinter,
        parent: QWidget | None = None,
    ) -> None:
        """Make every part, each with what it works with."""
        super().__init__(parent)
        self._tasks = tasks
        self._desks = desks
        private = KeyAction("F7", self.tr("私密申报"), self.open_private)
        notice = KeyAction("Shift+F7", self.tr("告知书"), self.open_notice)
        self.view = RegistrationView(desks, private, notice, self)
        self.form = self.view.form
        self.live = LiveForm(self.view, desks, tasks, self)
        self.keeper = Keeper(self.live, self.form, desks, tasks)
        self.keeper.closed = lambda: self.busy
        self.amender = Amender(self, self.view, self.live, self.keeper, desks, tasks)
        self.repeater = Repeater(self.form, self.tell, self)
        self.after = AfterSave(self, desks, printer, tasks)
        self.doubter = Doubter(self, self.form)
        self.saver = Saver(self, self.live, self.after, desks, tasks)
        self.head = FormHead(self.view, self.live, self.saver)
        self.lines.addWidget(self.view, 1)
        self.lines.addWidget(self.banner_place)
        set_units(self.banner_place, max_height=_MOST_BANNER)

    @property
    def desks(self) -> RegistrationDesks:
        """The use cases of the page."""
        return self._desks

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("登记")

    def hint(self) -> str:
        """Say how one moves."""
        if self.view.materials.hasFocus():
            return self.tr("数字：已见原件，再按容缺 · Enter 回表格")
        if self.view.questions.hasFocus():
            return self.tr("按数字回答 · 退格回上一问 · Enter 回表格")
        if self.view.likeness.hasFocus() or self.view.drafts.hasFocus():
            return self.tr("按数字选 · Enter 回表格")
        return self.tr("Enter 到下一个还需填的格 · Shift+Enter 返回")

    def help_view(self) -> HelpView | None:
        """Give the policy sentence for the field of now; none tells a bystander of the child."""
        policy = self._desks.policy
        found = help_on(policy, self.keeper.caret, self.live.found.value("category"))
        return found or HelpView(self.title, self.hint(), version=policy.title)

    def tell(self, words: str) -> None:
        """Say in the strip why a key did nothing: no key is ever silent."""
        self.said.emit(State.WAITING, words, "")

    def open_private(self) -> None:
        """Open the page of the private declaration; nothing of it is shown here."""
        self.page_asked.emit("private")

    def open_notice(self) -> None:
        """Open the information notice at large type, with what is asked beside it."""
        self.page_asked.emit("notice")

    @property
    def consented(self) -> frozenset[str]:
        """Tell what the guardian agreed to beside the notice."""
        return read_scopes(self.live.case.marks.get(CONSENTED, ""))

    def take_consents(self, told: str, agreed: frozenset[str]) -> None:
        """Take how the notice was told, and what was agreed to beside it; kept at once."""
        self.live.case.marks[CONSENTED] = write_scopes(agreed)
        if told:
            self.form.take("notice_read", told)
        self.keeper.now()

    @property
    def note(self) -> str:
        """Tell the private declaration of the case."""
        return self.live.case.note

    def take_note(self, note: str, *, agreed: bool) -> None:
        """Take the private declaration from its own page; kept at once, a lock may follow."""
        self.live.case.note = note
        others = self.consented - {SELF_REPORT}
        kept = SELF_REPORT in self.consented if is_sealed(note) else agreed and bool(note)
        told = {SELF_REPORT} if kept else set()
        self.live.case.marks[CONSENTED] = write_scopes(others | told)
        self.keeper.now()
