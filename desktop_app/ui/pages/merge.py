"""午间汇总: one stick goes round the laptops of a school; F10 is always the step that comes next.

The board shows every laptop with what is not merged; the steps follow from it and from what was
done here today, so that the list goes on after a restart and nobody ticks anything off.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.durable.sticks import plugged_in
from desktop_app.sync.inbox import TakenIn
from desktop_app.sync.outbox import Exported
from desktop_app.sync.round import DONE, HAND, TAKE, RoundDesk, RoundStanding
from desktop_app.ui.exchanging import ExchangingPage, Find
from desktop_app.ui.look import Shape, look
from desktop_app.ui.pages.exchange_words import taken_banner
from desktop_app.ui.pages.merge_parts import (
    laptop_columns,
    laptop_row,
    names_of,
    step_words,
)
from desktop_app.ui.panes import show_panes, stand_beside
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import row, set_units
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.progress import Steps
from desktop_app.ui.widgets.table import WholeTable

_NOT_FOR_US = "bundle.wrong_recipient"
"""Who packed before this computer had left its hello could not seal to it: that heals itself."""


class MergePage(ExchangingPage):
    """午间汇总, at a school."""

    nav_key = "merge"

    def __init__(
        self,
        desk: RoundDesk,
        tasks: Tasks,
        *,
        find: Find = plugged_in,
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, the door to the worker thread, and what finds sticks."""
        super().__init__(tasks, find, parent)
        self._desk = desk
        self._listing = False
        self.standing: RoundStanding | None = None
        self._build()
        self.arrange()

    def _build(self) -> None:
        """Put place, steps and board in their places."""
        self.lines.addWidget(self.place)
        halves = row(None, 9)
        self.guide = Panel(self.tr("一步一步来"), self)
        names = (self.tr("收进来"), self.tr("交出去"), self.tr("拿到下一台"), self.tr("各台一致"))
        self.steps = Steps(names, self.guide)
        self.guide.body.addWidget(self.steps)
        self.guide.body.addWidget(self.progress)
        words = self.tr("第一圈收、交，第二圈再收一遍，各台就一样了。中途关机也可以接着来。")
        self._note = Text(words, "secondary", self.guide, wrap=True)
        self.guide.body.addWidget(self._note)
        self.guide.body.addStretch(1)
        halves.addWidget(self.guide, 1)
        self.board = Panel(self.tr("各台电脑"), self, margins=(0, 0, 0, 0))
        self.totals = Text("", "caption", self.board)
        self.board.add_to_head(self.totals)
        self.table = WholeTable(laptop_columns(), self._tasks.run, self.board, row=36)
        self.model = self.table.rows
        self.board.body.addWidget(self.table)
        halves.addWidget(self.board, 1)
        self.lines.addLayout(halves, 1)
        self.lines.addWidget(self.banner_place)

    def arrange(self) -> None:
        """Stand side by side; at large type the steps, or after F2 the board."""
        wide, narrow = look().shape is Shape.WIDE, look().shape is Shape.NARROW
        parts: tuple[tuple[QWidget, bool], ...] = (
            (self.guide, wide or not self._listing),
            (self.board, wide or self._listing),
            (self.place, not (narrow and self._listing)),
            (self._note, not narrow),
        )
        show_panes(parts)
        stand_beside(self.guide, 400, least=360, beside=wide)
        set_units(self.table, min_height=70 if narrow else 142)
        for panel in (self.guide, self.board):
            panel.set_head_visible(visible=not narrow)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("午间汇总")

    def key_actions(self) -> list[KeyAction]:
        """List the keys; F10 does what comes next."""
        keys = []
        if look().shape is not Shape.WIDE:
            words = self.tr("看步骤") if self._listing else self.tr("各台电脑")
            keys.append(KeyAction("F2", words, self.other_side))
        more, short = self.tr("重新看 U 盘"), self.tr("重看")
        keys += [
            KeyAction("F5", more, self.look_for_sticks, short=short),
            *self.shared_keys(),
        ]
        if self._next == HAND:
            again = KeyAction("F6", self.tr("再收一次"), self.take_in)
            hand = KeyAction("F10", self.tr("交出去"), self.hand_over, primary=True, icon="usb")
            return [*keys, again, hand]
        take = KeyAction("F10", self.tr("收进来"), self.take_in, primary=True, icon="usb")
        return [*keys, take]

    @property
    def _next(self) -> str:
        return TAKE if self.standing is None else self.standing.next

    def help_view(self) -> HelpView:
        """Explain the round."""
        return HelpView(
            self.tr("午间汇总"),
            self.tr("一个 U 盘在各台电脑转两圈：每台先收后交。第二圈收完，各台的名单就一样了。"),
            explanation=self.tr("U 盘丢了不要紧：没有到别台的，下一次会自动再带上。"),
        )

    def on_enter(self) -> None:
        """Take the focus to the board."""
        super().on_enter()
        self.focus_on(self.table)

    def other_side(self) -> None:
        """Show the board in place of the steps, or the steps again (F2)."""
        self._listing = not self._listing
        self.arrange()
        self.keys_changed.emit()
        (self.table if self._listing else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_place(self) -> None:
        """Show the steps in place of the board, with the place of the stick."""
        if self._listing:
            self.other_side()

    # --- values -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch how far the round is."""
        self._tasks.run(lambda _: self._desk.standing(), self._show, owner=self)

    def _show(self, standing: RoundStanding) -> None:
        """Show the steps and the board."""
        self.standing = standing
        board = standing.board
        for place, (state, note) in enumerate(step_words(standing)):
            self.steps.set_step(place, state, note)
        words = self.tr("{count} 台 · 本机共 {registered} 件")
        self.totals.setText(words.format(count=len(board.lines), registered=board.registered))
        if board.all_equal:
            self.board.set_pill(State.DONE, self.tr("各台一致"))
        else:
            self.board.clear_pill()
        self.table.show_rows(laptop_row(one) for one in board.lines)
        self.keys_changed.emit()

    # --- work -------------------------------------------------------------------------------

    def take_in(self) -> None:
        """Take in what lies on the stick (F10, F6)."""
        place = self.where()
        if place is not None:
            self.work_on_stick(partial(self._desk.take_in, place), self._took_in)

    def hand_over(self) -> None:
        """Leave on the stick what the others lack (F10)."""
        place = self.where()
        if place is not None:
            self.work_on_stick(partial(self._desk.hand_over, place), self._handed_over)

    def _took_in(self, taken: Sequence[TakenIn]) -> None:
        """Say what came, and fetch what comes next."""
        bad = [one for one in taken if one.reason not in {"", _NOT_FOR_US}]
        if bad:
            self.show_banner(taken_banner(bad))
            return
        fresh = sum(one.fresh for one in taken)
        came = self.tr("收进来 {count} 条。").format(count=fresh) if fresh else ""
        if any(one.reason for one in taken):
            came += self.tr("有的包装的时候还不认识本机，打不开；U 盘再走一圈就能收。")
        self._tasks.run(lambda _: self._desk.standing(), partial(self._say_next, came), owner=self)

    def _say_next(self, came: str, standing: RoundStanding) -> None:
        """Say, once the board is counted anew, which step comes next."""
        self._show(standing)
        if standing.next == HAND:
            words = self.tr("U 盘先别拔，接着按 F10 交出去")
            self.show_banner(BannerView(State.NEEDS, words, came))
        elif standing.next == DONE:
            now = self.tr("每台都有全部 {count} 件").format(count=standing.board.registered)
            self.show_banner(BannerView(State.DONE, self.tr("各台一致，可以拔出 U 盘"), now))
        else:
            self._say_carry(came, standing)

    def _handed_over(self, made: Exported) -> None:
        """Say, after the stick was read back, where it goes now."""
        words = self.tr("交出去 {count} 条，回读一致。").format(count=made.operations)
        self._tasks.run(
            lambda _: self._desk.standing(), partial(self._say_carry, words), owner=self
        )

    def _say_carry(self, done: str, standing: RoundStanding) -> None:
        self._show(standing)
        names = names_of(standing.board.unequal)
        where = self.tr("下一台：{names}").format(names=names) if names else self.tr("拿到别台去收")
        self.show_banner(BannerView(State.DONE, self.tr("可以拔出 U 盘"), f"{done}{where}"))
