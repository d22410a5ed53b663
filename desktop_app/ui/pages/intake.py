"""The district's intake 接收: what came of every school, and the answers that go back.

Schools that need a look stand first; Enter opens what is missing, refused or waits at one of them,
each with its sentence and the next step. Nothing of a child stands here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.durable.sticks import plugged_in
from desktop_app.sync.answers import Answered
from desktop_app.sync.desk import ExchangeDesk, IntakeLine
from desktop_app.sync.inbox import TakenIn
from desktop_app.sync.intake import UNNAMED, IntakeDetail
from desktop_app.ui.exchanging import ExchangingPage, Find
from desktop_app.ui.look import Shape, look
from desktop_app.ui.pages.exchange_words import (
    intake_banner,
    is_own_answer,
    left_out_words,
)
from desktop_app.ui.pages.intake_detail import DetailPanel
from desktop_app.ui.panes import show_panes
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import moment
from desktop_app.ui.units import set_units
from desktop_app.ui.views import (
    BannerView,
    Column,
    HelpView,
    KeyAction,
    PillCell,
    Row,
    State,
)
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.table import WholeTable


class IntakePage(ExchangingPage):
    """接收, at the district."""

    nav_key = "intake"

    children_wanted = Signal(str)
    """The children of a school are to be seen, by its code."""

    def __init__(
        self,
        desk: ExchangeDesk,
        tasks: Tasks,
        labels: Mapping[str, str],
        *,
        find: Find = plugged_in,
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, the names of schools by code, and what finds sticks."""
        super().__init__(tasks, find, parent)
        self._desk = desk
        self._labels = labels
        self.school = ""
        self._came: frozenset[str] = frozenset()
        self._build()

    def _build(self) -> None:
        """Put place, progress and table in their places."""
        self.lines.addWidget(self.place)
        self.lines.addWidget(self.progress)
        panel = self._panel = Panel(self.tr("学校来包"), self, margins=(0, 0, 0, 0))
        self.totals = Text("", "caption", panel)
        panel.add_to_head(self.totals)
        columns = (
            Column(self.tr("学校"), 0, strong=True),
            Column(self.tr("来包"), 110, secondary=True, compact=False),
            Column(self.tr("已收"), 90),
            Column(self.tr("已答复"), 90, compact=False),
            Column(self.tr("状态"), 176),
            Column(self.tr("退回"), 80, compact=False),
            Column(self.tr("最近"), 140, secondary=True),
        )
        self.table = WholeTable(columns, self._tasks.run, panel, row=36)
        self.model = self.table.rows
        self.table.opened.connect(self.open_school)
        panel.body.addWidget(self.table)
        self.lines.addWidget(panel, 1)
        self.detail = DetailPanel(self._tasks, self)
        self.detail.table.opened.connect(lambda _key: self.show_children())
        self.lines.addWidget(self.detail, 1)
        self.lines.addWidget(self.banner_place)
        self.arrange()

    def arrange(self) -> None:
        """Let the list shrink at the largest type, so that a banner has room beside it."""
        narrow = look().shape is Shape.NARROW
        detailed = bool(self.school)
        show_panes(((self.detail, detailed), (self._panel, not detailed)))
        self.place.setVisible(not (narrow and detailed))
        self._panel.set_head_visible(visible=not narrow)
        set_units(self.table, min_height=70 if narrow else 142)
        self.detail.set_narrow(narrow=narrow)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("接收")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        answer, short = self.tr("签名并出回包"), self.tr("出回包")
        turn = KeyAction("Enter", self.tr("看缺什么"), self._open_here, enabled=not self.busy)
        if self.school and not self.busy:
            turn = KeyAction("Esc", self.tr("返回"), self.close_school)
        children = KeyAction("Enter", self.tr("看孩子"), self.show_children)
        shared = [one for one in self.shared_keys() if one.key != "Esc" or self.busy]
        return [
            turn,
            *([children] if self.school not in {"", UNNAMED} and not self.busy else []),
            KeyAction("F4", self.tr("收 U 盘"), self.take_in),
            *shared,
            KeyAction("F10", answer, self.answer, short=short, primary=True, icon="send"),
        ]

    def help_view(self) -> HelpView:
        """Explain the board."""
        return HelpView(
            self.tr("接收"),
            self.tr("收到的包先验签名再合并；缺的不猜、不补，在回包里写明要哪一段。"),
            explanation=self.tr("回包里有回执和答复。学校收了回包，才知道区里收到了什么。"),
        )

    def on_enter(self) -> None:
        """Take the focus to the list."""
        super().on_enter()
        self._take_focus()

    def show_place(self) -> None:
        """Show the list, with the place of the stick, where one school hides it."""
        if not self.place.isVisibleTo(self):
            self.close_school()

    def _take_focus(self) -> None:
        table = self.detail.table if self.school else self.table
        table.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- values -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch the board."""
        self._tasks.run(lambda _: self._desk.intake(), self._show, owner=self)

    def _show(self, lines: Sequence[IntakeLine]) -> None:
        """Show the schools."""
        rows = [self._row(line) for line in lines]
        received = sum(line.registered for line in lines)
        schools = [line.state for line in lines if line.state != "unnamed"]
        here = sum(state != "none" for state in schools)
        words = self.tr("{here} / {all} 所来过 · 已收 {count} 件")
        amended = sum(line.amended for line in lines)
        if amended:
            words += self.tr(" · {amended} 件已改，等答复")
        self.totals.setText(
            words.format(here=here, all=len(schools), count=received, amended=amended)
        )
        self.table.show_rows(rows)
        self._mark_who_came([line.school for line in lines])
        if self.school:
            self._fetch(self.school)

    def _mark_who_came(self, schools: Sequence[str]) -> None:
        """Stand on the first school of the list of which something has just come."""
        here = next((place for place, one in enumerate(schools) if one in self._came), None)
        self._came = frozenset()
        if here is not None:
            self.table.go_to_row(here)

    def _row(self, line: IntakeLine) -> Row:
        """Say one school as a row."""
        states = {
            "none": (State.UNFINISHED, self.tr("未到")),
            "whole": (State.DONE, self.tr("已收")),
            "gaps": (State.NEEDS, self.tr("缺前一包")),
            "waiting": (State.WAITING, self.tr("等核身份")),
            "forked": (State.CONFLICT, self.tr("分叉待查")),
            "unnamed": (State.REFUSED, self.tr("没有收")),
        }
        pill = states[line.state]
        if line.amended and line.state == "whole":
            words = self.tr("{count} 件已改，等答复")
            pill = (State.NEEDS, words.format(count=line.amended))
        bundles = self.tr("{count} 个").format(count=line.bundles)
        return Row(
            line.school,
            (
                self._label(line.school),
                bundles if line.bundles else "—",
                str(line.registered) if line.school != UNNAMED else "—",
                str(line.decided) if line.school != UNNAMED else "—",
                PillCell(*pill),
                str(line.refused) if line.last_at else "—",
                moment(line.last_at) if line.last_at else "—",
            ),
        )

    def _label(self, school: str) -> str:
        """Name a school, or what stands for files of none."""
        if school == UNNAMED:
            return self.tr("来历不明的文件")
        return self._labels.get(school, school)

    # --- one school -------------------------------------------------------------------------

    def _open_here(self) -> None:
        self.open_school(self.table.current_key)

    def open_school(self, school: str) -> None:
        """Show what came of one school and what did not (Enter)."""
        if school and not self.busy:
            self._fetch(school)

    def _fetch(self, school: str) -> None:
        self._tasks.run(
            lambda _: self._desk.details(school), partial(self._show_school, school), owner=self
        )

    def _show_school(self, school: str, details: Sequence[IntakeDetail]) -> None:
        self.detail.show_details(self._label(school), details)
        if school != self.school:
            self.school = school
            self.show_banner(None)
            self.arrange()
            self._take_focus()
            self.keys_changed.emit()

    def show_children(self) -> None:
        """Go to the children of the school that is open (Enter again)."""
        if self.school not in {"", UNNAMED} and not self.busy:
            self.children_wanted.emit(self.school)

    def close_school(self) -> None:
        """Go back to the board (Esc)."""
        self.school = ""
        self.arrange()
        self._take_focus()
        self.keys_changed.emit()

    # --- work -------------------------------------------------------------------------------

    def take_in(self) -> None:
        """Take in whatever bundles lie on the stick or in the folder (F4)."""
        place = self.where()
        if place is not None:
            self.work_on_stick(partial(self._desk.take_in_and_compare, place), self._took_in)

    def _took_in(self, came: tuple[Sequence[TakenIn], int]) -> None:
        """Say what came of the bundles, and which children are at two schools now."""
        taken, pairs = came
        schools = (one.scope for one in taken if one.scope and not is_own_answer(one))
        self._came = frozenset(schools)
        self.show_banner(intake_banner(taken, pairs))

    def answer(self) -> None:
        """Sign and pack the answers for every school held (F10); pressed twice, once."""
        place = None if self.packed_just_now else self.where()
        if place is not None:
            self.work_on_stick(partial(self._desk.answer_all, place), self._answered)

    def _answered(self, answered: Answered) -> None:
        """Say, after the stick was read back, that it may be pulled, and who was left out."""
        self.packed()
        words = self.tr("{count} 所学校的回包，回读一致。每个包只有那所学校打得开")
        left = left_out_words(answered.left, self._labels)
        now = "；".join(filter(None, (words.format(count=len(answered.made)), *left)))
        state = State.NEEDS if left else State.DONE
        self.show_banner(BannerView(state, self.tr("可以拔出 U 盘"), now))
