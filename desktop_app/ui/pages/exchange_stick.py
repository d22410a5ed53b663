"""The stick of an exchange: which one or which folder, how far the work is, when it may be pulled.

“可以拔出” stands here only as a green banner, and only after the stick gave back what was written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.durable.sticks import Stick
from desktop_app.services.progress import Step
from desktop_app.ui.look import Shape, look
from desktop_app.ui.text import size
from desktop_app.ui.units import row, set_units
from desktop_app.ui.views import BannerView, State
from desktop_app.ui.widgets.banner import BannerPlace
from desktop_app.ui.widgets.inputs import TextInput
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Panel, Sheet
from desktop_app.ui.widgets.pill import StateLine
from desktop_app.ui.widgets.progress import ProgressLine, Steps


class PlaceLine(Sheet):
    """Where bundles are written to and taken from: a stick that is plugged in, or a folder."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sticks: tuple[Stick, ...] = ()
        self._typed = False
        self._there: bool | None = None
        line = row(self, 10, (14, 6, 14, 6))
        self._label = Text(self.tr("U 盘位置"), "label", self)
        line.addWidget(self._label)
        self.path = TextInput(self, name="place", longest=400)
        self.path.setPlaceholderText(self.tr("插上 U 盘自动出现，也可以输入文件夹"))
        self.path.setAccessibleName(self._label.text())
        self.path.changed.connect(self._path_typed)
        line.addWidget(self.path, 3)
        self._room = StateLine(self)
        line.addWidget(self._room, 2)
        self._tell_room()
        self.fit()

    @property
    def place(self) -> Path | None:
        """Tell the folder that was chosen, or None."""
        typed = self.path.value()
        return Path(typed) if typed else None

    @property
    def words(self) -> str:
        """Tell what is said of the place."""
        return self._room.words

    def set_sticks(self, sticks: Sequence[Stick]) -> None:
        """Take the sticks that are plugged in; the first is chosen unless something was typed."""
        self._sticks = tuple(sticks)
        if not self._typed and self._chosen() is None:
            self.path.set_value(str(sticks[0].path) if sticks else "")
        self._tell_room()

    def next_stick(self, step: int) -> None:
        """Choose another stick."""
        if not self._sticks:
            return
        here = self._chosen()
        at = -1 if here is None else self._sticks.index(here)
        self._typed = False
        self.path.set_value(str(self._sticks[(at + step) % len(self._sticks)].path))
        self._tell_room()

    def _chosen(self) -> Stick | None:
        """Find the stick whose place stands in the field."""
        return next((one for one in self._sticks if str(one.path) == self.path.value()), None)

    @property
    def typed(self) -> str:
        """Give the folder that was typed, empty where a stick was chosen."""
        return self.path.value() if self._typed else ""

    def recall(self, typed: str) -> None:
        """Show a folder that was typed on another page, or forget it where it was emptied there."""
        if typed != self.typed:
            self._typed, self._there = bool(typed), None
            self.path.set_value(typed)
            self._tell_room()

    def judge(self, typed: str, *, there: bool) -> None:
        """Take whether the folder that was typed is there."""
        if typed == self.typed:
            self._there = there
            self._tell_room()

    def _path_typed(self) -> None:
        """Keep a typed place whatever is plugged in, until it is emptied."""
        self._typed, self._there = bool(self.path.value()), None
        self._tell_room()

    def _tell_room(self) -> None:
        """Say which stick it is and how much room it has."""
        here = self._chosen()
        if here is not None:
            words = self.tr("{name} 剩 {free}").format(name=here.name, free=size(here.free))
            if len(self._sticks) > 1:
                words += self.tr("；共 {count} 个，Alt+→ 换").format(count=len(self._sticks))
            self._room.say(State.DONE, words)
        elif self._typed:
            self._tell_folder()
        else:
            self._room.say(State.UNFINISHED, self.tr("没看到 U 盘"))

    def _tell_folder(self) -> None:
        """Say whether a typed folder is there, once that is known."""
        if self._there is None:
            self._room.say(State.UNFINISHED, self.tr("在看有没有这个文件夹"))
        elif self._there:
            self._room.say(State.WAITING, self.tr("用这个文件夹"))
        else:
            self._room.say(State.NEEDS, self.tr("没有这个文件夹，请核对"))

    def go_to(self) -> None:
        """Take the caret to the field, ready for another place."""
        self.path.setFocus(Qt.FocusReason.OtherFocusReason)
        self.path.selectAll()

    def ask(self) -> None:
        """Ask for a place: the caret goes to the field."""
        self._room.say(State.NEEDS, self.tr("先插上 U 盘，或输入文件夹"))
        self.path.setFocus(Qt.FocusReason.OtherFocusReason)

    def fit(self) -> None:
        """Leave the room to the field at the largest type."""
        self._label.setVisible(look().shape is not Shape.NARROW)


class WorkPanel(Panel):
    """One direction of the exchange: its steps, its counted bar, and what came of it."""

    def __init__(
        self,
        title: str,
        steps: Sequence[str],
        idle: str,
        on_stop: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self._count = len(steps)
        self.working = False
        self._idle = Text(idle, "secondary", self)
        self.progress = ProgressLine(on_stop, self)
        self.progress.hide()
        self.body.addWidget(self.progress)
        self.steps = Steps(steps, self)
        self.body.addWidget(self.steps)
        self.notice = BannerPlace(self)
        self.body.addWidget(self._idle)
        self.body.addWidget(self.notice)
        self.body.addStretch(1)
        set_units(self, min_width=300)

    def begin(self, word: str) -> None:
        """Show that work has begun: the stick is not to be pulled."""
        self.working = True
        self.set_pill(State.WAITING, word)
        self._reach(0)
        now = self.tr("拔了也不丢，重插后再做一次")
        self._say(BannerView(State.NEEDS, self.tr("先不要拔出"), now))

    def count(self, step: Step, place: int) -> None:
        """Show how far it is; ``place`` is the step that is being done."""
        if step.total:
            self.progress.count(step.done, step.total)
            self.progress.show()
        self._reach(place)

    def _reach(self, place: int) -> None:
        """Show the steps before a place as done."""
        for index in range(self._count):
            state = State.DONE if index < place else State.UNFINISHED
            self.steps.set_step(index, State.WAITING if index == place else state)

    def end(self, word: str, banner: BannerView) -> None:
        """Show what came of it."""
        self.working = False
        self.set_pill(banner.state, word)
        self.progress.hide()
        self._reach(self._count if banner.state is State.DONE else -1)
        self._say(banner)

    def rest(self) -> None:
        """Show that nothing is being done."""
        self.working = False
        self.clear_pill()
        self.progress.hide()
        self._reach(-1)
        self._say(None)

    def _say(self, banner: BannerView | None) -> None:
        """Show a banner, or how to begin."""
        self.notice.show_banner(banner)
        self._idle.setVisible(banner is None)

    def note(self, index: int, words: str) -> None:
        """Say a count beside a step that is done."""
        self.steps.set_step(index, State.DONE, words)
