"""存的筛选: search, list and village of 今日名单 under a name; chosen, kept and removed by key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.policy.package import Policy
from desktop_app.services.filters import LONGEST_NAME, Filter, FilterDesk
from desktop_app.services.wording import village_label
from desktop_app.ui.models.listing import state_word
from desktop_app.ui.page import Page
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import Column, HelpView, KeyAction, Option, Row
from desktop_app.ui.widgets.form import Form
from desktop_app.ui.widgets.inputs import TextInput
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.pick import PickInput
from desktop_app.ui.widgets.table import WholeTable

_NUMBERED = 9
_ALL = "*"
"""The key of the row that filters nothing; no name is it, as a name has no star alone."""


class FilterPage(Page):
    """The filters of whoever is at the desk; nobody else's."""

    nav_key = "filters"
    within = "today"

    chosen = Signal(object, str)
    """The `Filter` to apply, and the words for its village."""

    def __init__(
        self,
        desk: FilterDesk,
        policy: Policy,
        villages: Sequence[Option],
        tasks: Tasks,
        leave: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, the villages there are, the worker thread, and the way back."""
        super().__init__(parent)
        self._desk, self._policy, self._tasks, self._leave = desk, policy, tasks, leave
        self._kept: Mapping[str, Filter] = {}
        self._now = Filter()
        self.keeping = False
        self.panel = Panel(
            self.tr("存的筛选（只有您自己看得到，不离开这台电脑）"), self, margins=(0, 0, 0, 0)
        )
        columns = (
            Column("", 50),
            Column(self.tr("名字"), 220, strong=True),
            Column(self.tr("名单"), 110),
            Column(self.tr("村（居）"), 0),
            Column(self.tr("查找"), 0, secondary=True, compact=False),
        )
        self.table = WholeTable(columns, tasks.run, self.panel, row=38)
        self.table.opened.connect(lambda _key: self.use())
        self.table.moved.connect(lambda _key: self.keys_changed.emit())
        self.panel.body.addWidget(self.table)
        self.form = Form(self)
        group = self.form.group(self.tr("存一个"), cell=104)
        self.name = TextInput(name="name", longest=LONGEST_NAME)
        self.village = PickInput(villages, name="village")
        group.field(self.tr("村（居）"), self.village, width=280, wanted=False)
        group.field(self.tr("名字"), self.name, width=280)
        self.lines.addWidget(self.panel, 1)
        self.lines.addWidget(self.form)
        self.lines.addWidget(self.banner_place)
        self.form.hide()

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("存的筛选")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        if self.keeping:
            leave = KeyAction("Esc", self.tr("不存，返回"), self._stop, self.tr("返回"))
            return [leave, KeyAction("F10", self.tr("存下"), self.keep, primary=True)]
        name = self.table.current_key
        none = self.tr("先选一个存过的（↑↓）")
        own = bool(name) and name != _ALL
        numbers = [
            KeyAction(
                str(place), self.tr("用这一个"), partial(self._use_number, place), shown=False
            )
            for place in range(1, _NUMBERED + 1)
        ]
        use = (self.tr("用这一个"), self.tr("用"))
        return [
            KeyAction("Esc", self.tr("返回"), self._leave),
            KeyAction("F4", self.tr("存现在的"), self.begin, self.tr("存")),
            KeyAction("D", self.tr("删掉"), self.drop, enabled=own, warns=True, why=none),
            *numbers,
            KeyAction(
                "Enter", use[0], self.use, use[1], primary=True, enabled=bool(name), why=none
            ),
        ]

    def hint(self) -> str:
        """Say how one chooses."""
        return self.tr("↑↓ 或数字选") if not self.keeping else self.tr("村（居）可以空着")

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("存的筛选"),
            self.tr("常看的名单存个名字，下次按数字就用。"),
            explanation=self.tr("只有您自己看得到，不装包，不离开这台电脑。"),
        )

    def on_enter(self) -> None:
        """Take the focus and fresh filters."""
        self._stop()
        self.refresh()

    def remember(self, now: Filter) -> None:
        """Take what 今日名单 shows now, to be kept."""
        self._now = now

    # --- what is done -----------------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch the filters."""
        self._tasks.run(lambda _progress: self._desk.kept(), self._show, owner=self)

    def _show(self, kept: Mapping[str, Filter]) -> None:
        self._kept = kept
        rows = [Row(_ALL, ("", self.tr("全部，不筛选"), state_word(Filter().which), "", ""))]
        rows += [self._row(place, name, one) for place, (name, one) in enumerate(kept.items(), 1)]
        self.table.show_rows(rows)
        self.keys_changed.emit()

    def _row(self, place: int, name: str, one: Filter) -> Row:
        number = str(place) if place <= _NUMBERED else ""
        return Row(name, (number, name, state_word(one.which), self._village_of(one), one.text))

    def _village_of(self, one: Filter) -> str:
        return village_label(self._policy, one.village) if one.village else ""

    def _use_number(self, place: int) -> None:
        names = list(self._kept)
        if place <= len(names):
            self._use(self._kept[names[place - 1]])

    def use(self) -> None:
        """Apply the filter of now (Enter)."""
        name = self.table.current_key
        if name and not self.keeping:
            self._use(self._kept.get(name, Filter()))

    def _use(self, wanted: Filter) -> None:
        village = self._village_of(wanted)
        self.chosen.emit(
            wanted, self.tr("只看 {village}").format(village=village) if village else ""
        )

    def begin(self) -> None:
        """Begin to keep what 今日名单 shows (F4)."""
        self.keeping = True
        self.show_banner(None)
        self.form.clear()
        self.form.set_values({"village": self._now.village})
        self.form.show()
        self.keys_changed.emit()
        self.form.go_to("village")

    def _stop(self) -> None:
        self.keeping = False
        self.form.hide()
        self.keys_changed.emit()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep(self) -> None:
        """Keep search, list and village under the name (F10)."""
        current = self.form.current()
        if self.busy or not self.keeping:
            return
        if current:
            self.form.control(current).commit()
        wanted, name = replace(self._now, village=self.village.value()), self.name.value()
        self._tasks.run(
            lambda _progress: self._desk.keep(name, wanted),
            self._kept_it,
            self.show_error,
            owner=self,
        )

    def _kept_it(self, _name: str) -> None:
        self.show_banner(None)
        self._stop()
        self.refresh()

    def drop(self) -> None:
        """Forget the filter of now (D); nobody in the list is touched."""
        name = self.table.current_key
        if name in self._kept:
            self._tasks.run(
                lambda _progress: self._desk.drop(name),
                lambda _done: self.refresh(),
                self.show_error,
                owner=self,
            )
