"""Amending a registered case at the registration page 改登记: open it, leave it, ask first.

What stands on the form meanwhile is kept as a draft and comes back afterwards. Esc loses nothing:
where something was changed it asks, and what is not wanted is given up by a key of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop_app.services.amendment import Stored
from desktop_app.services.form import MATERIAL_PREFIX
from desktop_app.services.wording import paper_label
from desktop_app.ui.look import Shape, look
from desktop_app.ui.page import Page
from desktop_app.ui.pages.registration_case import (
    PRIVATE_NOTE,
    Case,
    RegistrationDesks,
    Start,
    load_start,
)
from desktop_app.ui.pages.registration_form import RegistrationForm
from desktop_app.ui.pages.registration_keeping import Keeper
from desktop_app.ui.pages.registration_live import LiveForm
from desktop_app.ui.pages.registration_view import RegistrationView
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import BannerView, KeyAction, State

_MOST_NAMED = 5
_FIRST = "id_number"


@dataclass(frozen=True, slots=True)
class Opening:
    """A registered case as it was read, with the drafts of the person."""

    stored: Stored
    start: Start


class Amender(QObject):
    """Knows the registered case that is on the form, and where the person came from."""

    read = Signal(object)
    """The `Start` that was read with the case."""
    resumed = Signal(str)
    """The draft in which the case is being amended already."""
    begun = Signal()
    """The case is on the form."""
    ended = Signal()
    """The form is to be emptied."""
    left = Signal(str)
    """The page to go back to."""
    former = Signal(str)
    """The draft of what stood on the form before."""

    def __init__(
        self,
        page: Page,
        view: RegistrationView,
        live: LiveForm,
        keeper: Keeper,
        desks: RegistrationDesks,
        tasks: Tasks,
    ) -> None:
        super().__init__(page)
        self._page, self._view, self._live, self._keeper = page, view, live, keeper
        self._desks, self._tasks = desks, tasks
        self._origin = ""
        self._said: BannerView | None = None
        self.asking = False
        self._former = ""

    # --- opening ----------------------------------------------------------------------------

    def open(self, record: str, origin: str) -> None:
        """Read a case on the worker thread; what was on the form is remembered."""
        if not self._live.case.amends and not self._keeper.is_empty:
            self._former = self._live.case.draft
        self._origin = origin

        def read(_progress: object) -> Opening:
            return Opening(self._desks.amendments.open(record), load_start(self._desks))

        self._tasks.run(read, self._show, self._page.show_error, owner=self)

    def _show(self, opening: Opening) -> None:
        """Show the case as somebody left it in a draft, or as it is stored."""
        self.read.emit(opening.start)
        draft = self._keeper.amending(opening.stored.record)
        if draft:
            self.resumed.emit(draft)
            return
        case = Case.of_stored(opening.stored)
        self._keeper.forget()
        self._live.carried = {}
        self._live.take_up(case, case.opened.form if case.opened is not None else {})
        self._view.show_saved("")
        self._view.leave()
        self.begun.emit()

    def place(self, form: RegistrationForm) -> str:
        """Name the field for the caret: the one the case was sent back for."""
        opened = self._live.case.opened
        pinned = form.place_of(opened.pin) if opened is not None else ""
        return pinned if pinned and form.may_enter(pinned) else _FIRST

    def goes_to_asked(self) -> bool:
        """Go to the field the case was sent back for, as long as nobody has changed it."""
        form = self._view.form
        name = self.place(form)
        open_still = self._live.case.opened is not None and name not in self._live.changed()
        if not open_still or name in {_FIRST, form.current()}:
            return False
        form.go_to(name)
        return True

    @property
    def wants_papers(self) -> bool:
        """Tell whether the case was sent back for a paper."""
        opened = self._live.case.opened
        return opened is not None and opened.pin.startswith(MATERIAL_PREFIX)

    # --- what is said -----------------------------------------------------------------------

    def banner(self) -> BannerView | None:
        """Say whose case is open and what was asked for; nothing while a child is registered.

        At the largest type all the room is for what was asked: the keys stand in the bar.
        """
        self._said = self._banner()
        return self._said

    def says(self, view: BannerView | None) -> bool:
        """Tell whether a message is the one that says whose case is open."""
        return view is not None and view == self._said

    def _banner(self) -> BannerView | None:
        opened = self._live.case.opened
        if opened is None:
            return None
        short = look().shape is Shape.NARROW and bool(opened.asked or opened.question)
        what = self.tr("正在改 {name} 的登记，回执 {receipt}")
        now = "" if short else self.tr("只存改过的格。F10 保存，Esc 不改返回。")
        if opened.passed:
            what = self.tr("正在更正 {name}（已通过），回执 {receipt}")
            now = self.tr("改好按 F10：填理由和证明材料，再请第二个人在这里签名。Esc 不改返回。")
        if opened.asked:
            now = "" if short else self.tr("改好按 F10，自动回到待审核。")
            now = self.tr("退回原因：{why}。").format(why=opened.asked) + now
        if opened.question:
            now = f"{opened.question}。{now}"
        asks = opened.asked or opened.question or opened.passed
        state = State.NEEDS if asks else State.WAITING
        return BannerView(state, what.format(name=opened.name, receipt=opened.receipt), now)

    def _question(self, labels: tuple[str, ...]) -> BannerView:
        """Ask what is to become of what was changed."""
        named = "、".join(labels[:_MOST_NAMED])
        what = self.tr("改了 {count} 处还没存：{fields}").format(count=len(labels), fields=named)
        now = self.tr("Esc 接着改，F10 保存，F8 先放一放；不要这些改动，按 N。")
        return BannerView(State.NEEDS, what, now, "", (self._give_up_key(),))

    def _label_of(self, name: str) -> str:
        """Name what was changed."""
        if name.startswith(MATERIAL_PREFIX):
            return paper_label(self._desks.policy, name.removeprefix(MATERIAL_PREFIX))
        if self._view.form.has_row(name):
            return self._view.form.label_of(name)
        return self.tr("私密申报") if name == PRIVATE_NOTE else name

    def _give_up_key(self) -> KeyAction:
        return KeyAction("N", self.tr("不要改动"), self.give_up, warns=True)

    def keys(self) -> list[KeyAction]:
        """List the keys that leave the case."""
        if self._live.case.opened is None:
            return []
        if self.asking:
            on = KeyAction("Esc", self.tr("接着改"), self.go_on)
            return [on, self._give_up_key()]
        words = (self.tr("不改，返回"), self.tr("返回"))
        return [KeyAction("Esc", words[0], self.leave, words[1])]

    # --- leaving ----------------------------------------------------------------------------

    def leave(self) -> None:
        """Leave without a change; where something was changed, ask."""
        current = self._view.form.current()
        if current:
            self._view.form.control(current).commit()
        changed = self._live.changed()
        if not changed:
            self._end()
            return
        self.asking = True
        # Away from the fields, so that a single letter is an answer.
        self._page.setFocus()
        self._page.show_banner(self._question(tuple(map(self._label_of, changed))))
        self._page.keys_changed.emit()

    def go_on(self) -> None:
        """Go on amending."""
        if self.asking:
            self.asking = False
            if self._page.hasFocus():
                form = self._view.form
                form.go_to(form.first_open(self._keeper.caret))
            self._page.show_banner(None)
            self._page.keys_changed.emit()

    def give_up(self) -> None:
        """Give up what was changed; what is stored stays as it is."""
        if self.asking:
            self._end()

    def _end(self) -> None:
        self._keeper.drop()
        self.finish(0)

    def finish(self, changed: int) -> None:
        """Empty the form; where nothing was changed, go back to where the person came from."""
        self.asking = False
        self.ended.emit()
        self._keeper.load_list()
        if not changed and self._origin:
            self.left.emit(self._origin)
        self.bring_back()

    def bring_back(self) -> None:
        """Bring back what stood on the form before, once somebody is there to see it."""
        if self._former and self._page.isVisible() and not self._live.case.amends:
            former, self._former = self._former, ""
            self.former.emit(former)
