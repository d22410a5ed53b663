"""What the two pages of the exchange share: a place for bundles, one piece of work at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop_app.durable.sticks import Stick
from desktop_app.services.progress import Progress, Step
from desktop_app.sync.manifest import ANSWER
from desktop_app.ui.page import Page
from desktop_app.ui.pages.exchange_stick import PlaceLine
from desktop_app.ui.tasks import OnError, OnProgress, Task, Tasks
from desktop_app.ui.views import BannerView, KeyAction, State
from desktop_app.ui.widgets.progress import ProgressLine

T = TypeVar("T")
Find = Callable[[], Sequence[Stick]]
_WATCH = 3000  # milliseconds between two looks for sticks
TWICE = 1000  # milliseconds after packing in which the same key was pressed twice by mistake


_TYPED = "typed place"
"""Property of the window: the folder that was typed on one of its pages, until it is closed."""


def _is_folder(typed: str) -> bool:
    """Tell whether there is such a folder; what cannot be looked at is none."""
    try:
        return Path(typed).expanduser().is_dir()
    except (OSError, RuntimeError, ValueError):
        return False


class ExchangingPage(Page):
    """A page with a stick: watched while the page is shown, never while work is under way."""

    def __init__(self, tasks: Tasks, find: Find, parent: QWidget | None = None) -> None:
        """Take the door to the worker thread, and what finds sticks."""
        super().__init__(parent)
        self._tasks = tasks
        self._find = find
        self._task: Task[object] | None = None
        self._packed = QElapsedTimer()
        self.place = PlaceLine(self)
        self.place.path.changed.connect(self._place_typed)
        self.progress = ProgressLine(self.stop, self)
        self.progress.hide()
        self._watch = QTimer(self)
        self._watch.setInterval(_WATCH)
        self._watch.timeout.connect(self.look_for_sticks)

    # --- what a page of the exchange fills in -----------------------------------------------

    def refresh(self) -> None:
        """Fetch fresh values."""

    def read_place(self) -> None:
        """Read what lies at the place: it was typed or chosen, or sticks were looked for."""

    def show_place(self) -> None:
        """Bring the place of the stick into sight, where something stands in its stead."""

    def over(self) -> None:
        """Tidy up after work that ended, however it did."""

    # --- keys -------------------------------------------------------------------------------

    def shared_keys(self) -> list[KeyAction]:
        """List the keys that choose another stick or a folder, and stop the work."""
        more, stop = self.tr("换一个 U 盘"), self.tr("停下（不丢）")
        going = self.busy
        return [
            KeyAction("F3", self.tr("U 盘位置"), self.go_to_place, short=self.tr("位置")),
            KeyAction("Alt+→", more, partial(self._next_stick, 1), shown=False),
            KeyAction("Alt+←", more, partial(self._next_stick, -1), shown=False),
            KeyAction("Esc", stop, self.stop, short=self.tr("停下"), enabled=going, shown=going),
        ]

    def on_enter(self) -> None:
        """Look at the sticks and fetch fresh values; a folder typed on another page is kept."""
        typed = self.window().property(_TYPED)
        if isinstance(typed, str):
            self.place.recall(typed)
            self._judge_place()
        self.look_for_sticks()
        self.refresh()
        self._watch.start()

    def on_leave(self) -> None:
        """Look for sticks no more."""
        self._watch.stop()

    def look_for_sticks(self) -> None:
        """See which sticks are plugged in."""
        if not self.busy:
            self._tasks.run(lambda _: self._find(), self._take_sticks, owner=self)

    def _take_sticks(self, sticks: Sequence[Stick]) -> None:
        self.place.set_sticks(sticks)
        self.read_place()

    def _next_stick(self, step: int) -> None:
        self.place.next_stick(step)
        self.read_place()

    def list_place(
        self, read: Callable[[Path], Sequence[T]], take: Callable[[Sequence[T]], None]
    ) -> None:
        """Read (on the worker thread) what lies at the place of now; nothing without one."""
        place = self.place.place
        if place is None:
            take(())
        elif not self.busy:
            there = place.expanduser()
            self._tasks.run(lambda _: read(there), take, owner=self)

    def go_to_place(self) -> None:
        """Take the caret to the place of the stick (F3)."""
        if not self.busy:
            self.show_place()
            self.place.go_to()

    def _place_typed(self, _typed: str) -> None:
        """Keep what was typed for the other pages, and see whether it is there."""
        self.window().setProperty(_TYPED, self.place.typed)
        self._judge_place()
        self.read_place()

    def _judge_place(self) -> None:
        """See, on the worker thread, whether the folder that was typed is there."""
        typed = self.place.typed
        if typed:
            self._tasks.run(
                lambda _: _is_folder(typed),
                lambda there: self.place.judge(typed, there=there),
                owner=self,
            )

    def place_entered(self) -> None:
        """Go on from the place that was typed (Enter there)."""
        self.focusNextChild()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter in the place from opening what the list stands on."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.place.path.hasFocus():
            self.place_entered()
            return
        super().keyPressEvent(event)

    # --- work -------------------------------------------------------------------------------

    def where(self) -> Path | None:
        """Give the place to work on; ask for one where there is none."""
        if self.busy:
            return None
        if self.place.place is None:
            self.show_place()
            self.place.ask()
        return self.place.place

    def packed(self) -> None:
        """Remember that a bundle was packed just now."""
        self._packed.start()

    @property
    def packed_just_now(self) -> bool:
        """Tell whether a key that packs was pressed twice: one bundle is meant."""
        return self._packed.isValid() and not self._packed.hasExpired(TWICE)

    def work(
        self,
        use_case: Callable[[Progress], object],
        on_success: Callable[..., None],
        on_error: OnError | None = None,
        on_step: OnProgress | None = None,
        *,
        meanwhile: BannerView | None = None,
    ) -> None:
        """Do long work; one at a time, with Esc to stop it."""
        self._task = self.run_alone(
            self._tasks,
            use_case,
            on_success,
            on_error,
            on_step=on_step,
            on_end=self._finished,
            meanwhile=meanwhile,
        )

    def stop(self) -> None:
        """Stop the work under way; nothing is lost (Esc)."""
        if self._task is not None:
            self._task.cancel()
            self.show_banner(None)

    def work_on_stick(
        self, use_case: Callable[[Progress], object], on_success: Callable[..., None]
    ) -> None:
        """Do long work that is counted in records; the stick is not to be pulled meanwhile."""
        now = self.tr("拔了也不丢，重插后再做一次")
        stays = BannerView(State.NEEDS, self.tr("先不要拔出"), now)
        self.work(use_case, on_success, on_step=self._count, meanwhile=stays)

    def _count(self, step: Step) -> None:
        if step.total:
            unit = self.tr("所") if step.note_code == ANSWER else ""
            self.progress.count(step.done, step.total, unit)
            self.progress.show()

    def _finished(self) -> None:
        """Tidy up and fetch fresh values, however the work ended."""
        self._task = None
        self.progress.hide()
        self._judge_place()  # a folder that was not there may have been made meanwhile
        self.over()
        self.refresh()
