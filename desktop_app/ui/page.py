"""What every page of the workstation is to the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import ProductError, WorkplaceError
from desktop_app.messages.catalogue import sentence
from desktop_app.services.progress import Progress
from desktop_app.ui.tasks import OnError, OnProgress, Task, Tasks
from desktop_app.ui.text import language
from desktop_app.ui.units import column
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State
from desktop_app.ui.widgets.banner import BannerPlace

T = TypeVar("T")


class Page(QWidget):
    """A page: it lays itself out, names its keys, and is told when it is entered and left.

    The window owns masthead, navigation, strip and key bar, and asks the page again for its keys
    whenever ``keys_changed`` is emitted. A ``bare`` page has neither masthead nor navigation. The
    layout of a page is a column, with the place for its banner last. A page ``within`` another is
    marked in the navigation as that one.
    """

    keys_changed = Signal()
    help_changed = Signal()

    nav_key = ""
    within = ""
    bare = False
    strip = False
    prints_help = True
    """Whether F1 stands in the key bar; where that is full it works all the same."""
    margins = (12, 10, 12, 10)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("r", "ground")
        self._busy = False
        self._alone: object = None
        self.lines = column(self, 9, self.margins)
        self.banner_place = BannerPlace(self)

    # --- what a page may override -----------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page for people."""
        return ""

    def key_actions(self) -> list[KeyAction]:
        """List the keys that work on the page now, in the order of the key bar."""
        return []

    def hint(self) -> str:
        """Say in a few words how one moves on the page."""
        return ""

    def help_view(self) -> HelpView | None:
        """Give the policy sentence for the field of now, or None when F1 says nothing here."""
        return None

    def on_enter(self) -> None:
        """Take the focus and fresh values; the page is shown now."""

    def on_leave(self) -> None:
        """Keep what was typed; another page is shown now."""

    def arrange(self) -> None:
        """Choose the layout for the shape of the look (wide, compact, narrow)."""

    # --- what a page may use ----------------------------------------------------------------

    def fit(self) -> None:
        """Arrange anew after a change of scale."""
        self.arrange()

    @property
    def busy(self) -> bool:
        """Tell whether the page waits for work; only Esc is heard then."""
        return self._busy

    def set_busy(self, *, busy: bool) -> None:
        """Close the keys while work is under way, so that a second press does nothing."""
        if busy != self._busy:
            self._busy = busy
            self.keys_changed.emit()

    def run_alone(
        self,
        tasks: Tasks,
        use_case: Callable[[Progress], T],
        on_success: Callable[[T], None],
        on_error: OnError | None = None,
        *,
        on_step: OnProgress | None = None,
        on_end: Callable[[], None] | None = None,
        meanwhile: BannerView | None = None,
        answer_first: bool = False,
    ) -> Task[T] | None:
        """Do one thing with the keys closed meanwhile; a second press does nothing.

        What the page said before goes; it may say something ``meanwhile``. The keys are open again
        when the answer comes, so that the answer may begin the next thing; with ``answer_first``
        after it, where what was typed meanwhile is for what the answer shows. A refusal is the
        banner of the page unless ``on_error`` takes it; ``on_end`` comes last, however it ended.
        """
        if self._busy:
            return None
        self.set_busy(busy=True)
        self.show_banner(meanwhile)
        mine = self._alone = object()

        def opened() -> None:
            if self._alone is mine:
                self._alone = None
                self.set_busy(busy=False)

        def told(answer: T) -> None:
            if not answer_first:
                opened()
            on_success(answer)

        def refused(error: ProductError) -> None:
            if not answer_first:
                opened()
            (on_error or self.show_error)(error)

        def over() -> None:
            opened()
            if on_end is not None:
                on_end()

        return tasks.run(use_case, told, refused, on_step, on_finish=over, owner=self)

    def focus_on(self, part: QWidget) -> None:
        """Take the focus to a part of the page; to the page itself while that is not in sight."""
        (part if part.isVisibleTo(self) else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_banner(self, view: BannerView | None) -> None:
        """Show a message on the page, or take it away."""
        self.banner_place.show_banner(view)

    def show_unprinted(self, error: ProductError) -> None:
        """Say that a sheet which is no receipt was not printed; nothing else is amiss."""
        told = WorkplaceError("print.sheet") if error.code.startswith("print.") else error
        self.show_error(told)

    def show_error(self, error: ProductError) -> None:
        """Show one of the known errors as the banner of the page."""
        said = sentence(error, language())
        self.show_banner(
            BannerView(State.REFUSED, said.what, f"{said.safe}{said.now}", said.number)
        )
