"""补正清单: who still owes a paper, overdue first; called, printed, opened by keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.documents.repair_notice import NoticeView
from desktop_app.services.follow_up import FollowUp, FollowUpDesk, FollowUpLine
from desktop_app.services.progress import Progress
from desktop_app.ui.models.listing import NOTHING, long_day, short_receipt
from desktop_app.ui.page import Page
from desktop_app.ui.panes import show_panes
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import (
    BannerView,
    Column,
    HelpView,
    KeyAction,
    PillCell,
    Row,
    State,
    nothing,
)
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import EmptyState, Panel
from desktop_app.ui.widgets.table import WholeTable

T = TypeVar("T")
PrintNotice = Callable[[NoticeView], None]
"""Prints a notice, on the worker thread; raises WorkplaceError where there is no printer."""


class FollowUpPage(Page):
    """补正清单 of a school."""

    nav_key = "follow_up"

    opened = Signal(str)
    """The papers of a registration are to be noted, by its record."""

    def __init__(
        self,
        desk: FollowUpDesk,
        tasks: Tasks,
        print_notice: PrintNotice,
        require: Callable[[], None] = nothing,
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, the door to the worker thread, and what prints, if there is a printer."""
        super().__init__(parent)
        self._require = require
        self._desk, self._tasks, self._print = desk, tasks, print_notice
        self._found = FollowUp(())
        self._village = ""
        self._shown = ("", "")
        self.panel = Panel(self.tr("补正清单"), self, margins=(0, 0, 0, 0))
        self.counted = Text("", "secondary", self.panel, elide=True)
        self.panel.add_to_head(self.counted, left=True)
        self.table = WholeTable(self._columns(), tasks.run, self.panel, row=38)
        self.table.moved.connect(lambda _key: self._moved())
        self.table.opened.connect(lambda _key: self._open())
        self._empty = EmptyState(
            "checklist",
            self.tr("没有要补的材料"),
            self.tr("容缺登记的、要补正的，都会到这里来。"),
            None,
            self.panel,
        )
        self.panel.body.addWidget(self.table, 1)
        self.panel.body.addWidget(self._empty, 1)
        self.lines.addWidget(self.panel, 1)
        self.lines.addWidget(self.banner_place)
        self._say()

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(self.tr("姓名"), 96, strong=True),
            Column(self.tr("户籍地"), 130, compact=False),
            Column(self.tr("期限"), 104),
            Column(self.tr("状态"), 112),
            Column(self.tr("还缺什么"), 0),
            Column(self.tr("电话"), 130),
            Column(self.tr("回执号"), 92, secondary=True, compact=False),
        )

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page for people."""
        return self.tr("补正清单")

    def key_actions(self) -> list[KeyAction]:
        """List the keys; those of a line are closed while there is none."""
        here = self.line is not None
        none = self.tr("清单里没有人")
        show, notice = self.tr("显示电话"), self.tr("打印补正通知")
        return [
            KeyAction("Enter", self.tr("打开"), self._open, enabled=here, why=none),
            KeyAction("F8", show, self.unmask, self.tr("显示"), enabled=here, why=none),
            KeyAction("Alt+←", self.tr("换村"), partial(self._step, -1), shown=False),
            KeyAction("Alt+→", self.tr("换村"), partial(self._step, 1), shown=False),
            KeyAction(
                "F9",
                notice,
                self.print_notice,
                self.tr("打印"),
                enabled=here,
                primary=True,
                icon="printer",
                why=none,
            ),
        ]

    def hint(self) -> str:
        """Say how one moves."""
        return self.tr("↑↓ 选人 · Alt ← → 换村")

    def help_view(self) -> HelpView:
        """Explain the list."""
        return HelpView(
            self.tr("补正清单"),
            self.tr("缺材料不影响孩子登记；缺的一次说清，到期限提醒家长。"),
            explanation=self.tr("过了期限的排在最前面。看电话和打印通知都会留痕。"),
        )

    def on_enter(self) -> None:
        """Take the focus and fresh lines."""
        self._take_focus()
        self.refresh()

    def on_leave(self) -> None:
        """Cover what was shown."""
        self._shown = ("", "")
        self._fill()

    # --- the list ---------------------------------------------------------------------------

    @property
    def line(self) -> FollowUpLine | None:
        """Give the line of now."""
        here = self.table.current_key
        return next((one for one in self._lines() if one.record == here), None)

    def refresh(self) -> None:
        """Fetch the list anew where it is seen."""
        if self.isVisible():
            self._tasks.run(lambda _progress: self._desk.list(), self.show_list, owner=self)

    def show_list(self, found: FollowUp) -> None:
        """Show a list; the village chosen stays chosen while it has a line."""
        self._found = found
        if self._village not in found.villages:
            self._village = ""
        self._fill()
        self._take_focus()

    def _lines(self) -> list[FollowUpLine]:
        return [one for one in self._found.lines if self._village in {"", one.village}]

    def _fill(self) -> None:
        self.table.show_rows(map(self._row, self._lines()))
        self._say()
        self.keys_changed.emit()

    def _say(self) -> None:
        """Say how many there are, of which village, and whether the clock can be trusted."""
        lines = self._lines()
        show_panes(((self.table, bool(lines)), (self._empty, not lines)))
        words = self.tr("{village}：{count} 人，过期限 {late} 人").format(
            village=self._village or self.tr("全部村"),
            count=len(lines),
            late=sum(one.overdue for one in lines),
        )
        if self._found.stray_year:
            words = self.tr("{village}：{count} 人；电脑的年份是 {year}，不对，期限先不算").format(
                village=self._village or self.tr("全部村"),
                count=len(lines),
                year=self._found.stray_year,
            )
        self.counted.setText(words)

    def _row(self, line: FollowUpLine) -> Row:
        labels = list(dict.fromkeys(paper.label for paper in line.papers))
        if line.no_number:
            labels.append(self.tr("证件号（有了再补）"))
        words = self.tr("、").join(labels)
        if len(labels) > 1:
            words = self.tr("{count} 项：{papers}").format(count=len(labels), papers=words)
        record, phone = self._shown
        return Row(
            line.record,
            (
                line.name,
                line.village or NOTHING,
                long_day(line.due) if line.due else NOTHING,
                self._pill(line),
                words,
                (phone if record == line.record else line.masked_phone) or NOTHING,
                short_receipt(line.receipt),
            ),
        )

    def _pill(self, line: FollowUpLine) -> PillCell:
        """Show the gravest of its papers."""
        if line.overdue:
            return PillCell(State.REFUSED, self.tr("过期限"))
        if not line.papers:
            return PillCell(State.NEEDS, self.tr("待补号"))
        mending = any(one.state == "correction_required" for one in line.papers)
        return PillCell(State.NEEDS, self.tr("待补正") if mending else self.tr("待补"))

    def _moved(self) -> None:
        """Another row: a telephone that was shown is covered."""
        if self._shown[0] and self._shown[0] != self.table.current_key:
            self._shown = ("", "")
            self._fill()
        self.keys_changed.emit()

    def _take_focus(self) -> None:
        self.focus_on(self.table)

    def _step(self, by: int) -> None:
        """Show another village alone, or all of them."""
        places = ["", *self._found.villages]
        self._village = places[(places.index(self._village) + by) % len(places)]
        self._fill()
        self._take_focus()

    # --- what is done -----------------------------------------------------------------------

    def _open(self) -> None:
        line = self.line
        if line is not None:
            self.opened.emit(line.record)

    def _run(self, use_case: Callable[[Progress], T], on_success: Callable[[T], None]) -> None:
        """Do one thing at a time."""
        self.run_alone(self._tasks, use_case, on_success, self.show_unprinted)

    def unmask(self) -> None:
        """Show the telephone of the line of now (F8); that is logged."""
        line = self.line
        if line is not None:
            record = line.record
            self._run(lambda _progress: self._desk.phone(record), partial(self._show_phone, record))

    def _show_phone(self, record: str, phone: str) -> None:
        if record == self.table.current_key:
            self._shown = (record, phone)
            self._fill()

    def print_notice(self) -> None:
        """Print what is missing of the line of now, all at once (F9); logged before it prints."""
        line = self.line
        if line is not None:
            self._run(partial(self._printed, line.record), partial(self._say_printed, line.name))

    def _printed(self, record: str, _progress: Progress) -> None:
        """Log and print (on the worker thread)."""
        self._require()
        notice = self._desk.notice(record)
        self._desk.log_print(record)
        self._print(notice)

    def _say_printed(self, name: str, _nothing: None) -> None:
        words = self.tr("{name}的补正通知已送打印").format(name=name)
        self.show_banner(BannerView(State.DONE, words, self.tr("请家长签收，一份留学校。")))
