"""应到未到, at a junior school: who of the district's list has not come yet, and where to ask.

Telephones stand masked; one is shown whole by a key, and that somebody looked is logged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.services.arrivals import ArrivalDesk, Entry
from desktop_app.ui.page import Page
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import BannerView, Column, HelpView, KeyAction, Row, State
from desktop_app.ui.widgets.formats import PHONE
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.table import WholeTable


@dataclass(frozen=True, slots=True)
class Roll:
    """The list as it stands: everybody on it, and how many are registered beside it."""

    entries: tuple[Entry, ...]
    off_list: int

    @property
    def absent(self) -> tuple[Entry, ...]:
        """Give those who have not come."""
        return tuple(one for one in self.entries if not one.come)


class ArrivalsPage(Page):
    """The children of the list who have not come."""

    nav_key = "arrivals"
    within = "today"

    def __init__(
        self,
        desk: ArrivalDesk,
        tasks: Tasks,
        leave: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        """Take the use cases, the door to the worker thread, and what goes back."""
        super().__init__(parent)
        self._desk, self._tasks, self._leave = desk, tasks, leave
        self._shown: dict[str, str] = {}
        """The telephone shown whole, by entry; it is covered when another row is chosen."""
        self._roll = Roll((), 0)
        self.panel = Panel(self.tr("应到未到"), self, margins=(0, 0, 0, 0))
        self.counts = Text("", "strong", self.panel, elide=True)
        self.panel.add_to_head(self.counts)
        columns = (
            Column(self.tr("姓名"), 170, strong=True),
            Column(self.tr("毕业学校"), 0),
            Column(self.tr("班级"), 96, secondary=True, compact=False),
            Column(self.tr("监护人"), 120, secondary=True, compact=False),
            Column(self.tr("电话"), 170),
            Column(self.tr("去向意向"), 110, secondary=True, compact=False),
        )
        self.table = WholeTable(columns, tasks.run, self.panel, row=36)
        self.table.say_nothing(self.tr("名单上的都到了，或名单还没有随回包到这里。"))
        self.table.moved.connect(self._moved)
        self.panel.body.addWidget(self.table)
        self.lines.addWidget(self.panel, 1)
        self.lines.addWidget(self.banner_place)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("应到未到")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        here = bool(self.table.current_key)
        words = (self.tr("显示电话"), self.tr("显示"))
        return [
            KeyAction("Esc", self.tr("返回"), self._leave),
            KeyAction("F8", words[0], self.unmask, words[1], enabled=here, primary=True),
        ]

    def hint(self) -> str:
        """Say how one moves."""
        return self.tr("↑↓ 选孩子")

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.title,
            self.tr(
                "区里毕业生名单上该到本校、还没登记的孩子。先打电话，再报镇和区里，不让一个孩子辍学。"
            ),
            explanation=self.tr("电话默认遮挡，按 F8 显示一个，留痕；换一行就遮上。"),
        )

    def on_enter(self) -> None:
        """Take the focus and fresh lines."""
        self.refresh()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_leave(self) -> None:
        """Cover what was shown."""
        self._shown.clear()
        self.show_roll(self._roll)

    # --- the list ---------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the list anew."""
        desk = self._desk
        self._tasks.run(lambda _: Roll(desk.entries(), desk.off_list()), self.show_roll, owner=self)

    def show_roll(self, roll: Roll) -> None:
        """Show who has not come."""
        self._roll = roll
        self.table.show_rows(map(self._row, roll.absent))
        listed, absent = len(roll.entries), len(roll.absent)
        words = self.tr("应到 {listed} · 已到 {come} · 未到 {absent} · 不在名单 {off}")
        self.counts.setText(
            words.format(listed=listed, come=listed - absent, absent=absent, off=roll.off_list)
        )
        self.keys_changed.emit()

    def _row(self, entry: Entry) -> Row:
        phone = self._shown.get(entry.record)
        return Row(
            entry.record,
            (
                entry.name,
                entry.school or "—",
                entry.class_name or "—",
                entry.guardian or "—",
                PHONE.shown(phone) if phone else entry.masked_phone or "—",
                entry.intention or "—",
            ),
        )

    def _moved(self, key: str) -> None:
        """Cover the telephone of another row."""
        if self._shown and key not in self._shown:
            self._shown.clear()
            self.show_roll(self._roll)
        self.keys_changed.emit()

    def unmask(self) -> None:
        """Show the telephone of the child of now; that is logged (F8)."""
        record = self.table.current_key
        if record:
            told = partial(self._unmasked, record)
            self.run_alone(self._tasks, lambda _: self._desk.unmask(record), told)

    def _unmasked(self, record: str, phone: str) -> None:
        if not phone:
            self.show_banner(BannerView(State.NEEDS, self.tr("名单上没有这家的电话")))
        elif record == self.table.current_key:
            self._shown = {record: phone}
            self.show_roll(self._roll)
