"""The registration page 登记 as it stands: its parts, and what it says of itself."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

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
        self.view = RegistrationView(desks, private, self)
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
    def title(self) -> str:
        """Name the page."""
        return self.tr("登记")

    def hint(self) -> str:
        """Say how one moves."""
        if self.view.materials.hasFocus():
            return self.tr("数字：已见原件，再按容缺 · Enter 回表格")
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

    @property
    def note(self) -> str:
        """Tell the private declaration of the case."""
        return self.live.case.note

    def take_note(self, note: str) -> None:
        """Take the private declaration from its own page; kept at once, a lock may follow."""
        self.live.case.note = note
        self.keeper.now()
