"""The exchange page 交换: hand over by stick, take in, and four different words for how far it is.

Declared, carried, received, decided: a record is never called sent because a file was written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import ProductError
from desktop_app.durable.sticks import plugged_in
from desktop_app.messages.catalogue import sentence
from desktop_app.services.progress import Step
from desktop_app.sync.desk import Board, ExchangeDesk
from desktop_app.sync.handed import HandedOver
from desktop_app.sync.inbox import TakenIn
from desktop_app.sync.outbox import READING_BACK, Exported
from desktop_app.ui.exchanging import ExchangingPage, Find
from desktop_app.ui.look import Shape, look
from desktop_app.ui.pages.exchange_cards import StandingCards
from desktop_app.ui.pages.exchange_stick import WorkPanel
from desktop_app.ui.pages.exchange_words import (
    asked_rows,
    bundle_columns,
    bundle_row,
    taken_banner,
    taken_word,
)
from desktop_app.ui.panes import show_panes
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import language, size
from desktop_app.ui.units import row, set_units
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.table import WholeTable

PrintList = Callable[[Sequence[HandedOver]], None]
"""Prints the hand-over list of bundles; called on the worker thread."""

_TAKING_IN = "bundle.taking_in"


class ExchangePage(ExchangingPage):
    """交换, at a school."""

    nav_key = "exchange"
    join_wanted = Signal()

    def __init__(
        self,
        desk: ExchangeDesk,
        tasks: Tasks,
        *,
        labels: Mapping[str, str] | None = None,
        print_list: PrintList | None = None,
        find: Find = plugged_in,
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, what prints a hand-over list, and what finds sticks."""
        super().__init__(tasks, find, parent)
        self._desk = desk
        self._labels = labels or {}
        self._print_list = print_list
        self._handed: tuple[HandedOver, ...] = ()
        self._joined = True
        self._receiving = False
        self._listing = False
        self._came: tuple[TakenIn, ...] = ()
        self._build()

    # --- layout -----------------------------------------------------------------------------

    def _build(self) -> None:
        """Put cards, place, panels and table in their places."""
        self.cards = StandingCards(self)
        self.lines.addWidget(self.cards)
        self.lines.addWidget(self.place)
        halves = row(None, 9)
        self.out = WorkPanel(
            self.tr("交区级"),
            (self.tr("签名装包"), self.tr("写到 U 盘并落盘"), self.tr("回读核对")),
            self.tr("F10 装包。回读核对一致后，这里会说可以拔出"),
            self.stop,
            self,
        )
        self.taken = WorkPanel(
            self.tr("收回包、收别台的包"),
            (self.tr("拷到收件箱"), self.tr("验签名"), self.tr("合并")),
            self.tr("F6 收包。区级的回包和本校别台的包都在这里收"),
            self.stop,
            self,
        )
        halves.addWidget(self.out, 1)
        halves.addWidget(self.taken, 1)
        self.lines.addLayout(halves)
        self._list = Panel(self.tr("包的来往"), self, margins=(0, 0, 0, 0))
        note = Text(self.tr("“写成文件”不等于“已送达”"), "caption", self._list)
        self._list.add_to_head(note)
        self.table = WholeTable(bundle_columns(), self._tasks.run, self._list, row=34)
        self.table.say_nothing(self.tr("还没有包来往。F10 装包交区级，F6 收区级的回包和别台的包。"))
        self.model = self.table.rows
        self._list.body.addWidget(self.table)
        self.lines.addWidget(self._list, 1)
        self.lines.addWidget(self.banner_place)
        self.arrange()

    def arrange(self) -> None:
        """Show everything; at large type the work or, after F2, the list of bundles."""
        shape = look().shape
        wide, narrow = shape is Shape.WIDE, shape is Shape.NARROW
        work = wide or not self._listing
        parts: list[tuple[QWidget, bool]] = [
            (self.place, work),
            (self.out, wide or (work and not self._receiving)),
            (self.taken, wide or (work and self._receiving)),
            (self.out.steps, wide),
            (self.taken.steps, wide),
            (self.cards, not narrow or self._listing),
            (self._list, wide or self._listing),
        ]
        show_panes(parts)
        for panel in (self.out, self.taken):
            panel.set_head_visible(visible=not narrow)
        set_units(self.table, min_height=102 if narrow else 136)

    def other_side(self) -> None:
        """Show the list of bundles in place of the work, or the work again (F2)."""
        self._listing = not self._listing
        self.arrange()
        self.keys_changed.emit()
        (self.table if self._listing else self.place.path).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_place(self) -> None:
        """Show the work in place of the list, with the place of the stick."""
        if self._listing:
            self.other_side()

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("交换")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        keys = []
        if look().shape is not Shape.WIDE:
            side = (self.tr("回到 U 盘"), self.tr("U 盘"))
            if not self._listing:
                side = (self.tr("包的来往"), self.tr("来往"))
            keys.append(KeyAction("F2", side[0], self.other_side, short=side[1]))
        keys += [
            KeyAction("F5", self.tr("重新看 U 盘"), self.look_for_sticks, short=self.tr("重看")),
            KeyAction("F6", self.tr("收回包"), self.take_in, short=self.tr("收包")),
        ]
        if self._print_list is not None:
            words, short = self.tr("打移交清单"), self.tr("清单")
            none = self.tr("这台电脑还没有装过包，没有清单可打；先按 F10 装包")
            ready = bool(self._handed)
            keys.append(
                KeyAction("F7", words, self.print_list, short=short, enabled=ready, why=none)
            )
        if not self._joined:
            words, short = self.tr("接入区局"), self.tr("接入")
            keys.append(KeyAction("F4", words, self.join_wanted.emit, short=short))
        keys += [
            *self.shared_keys(),
            KeyAction(
                "F10",
                self.tr("装包交区级"),
                self.hand_over,
                short=self.tr("装包"),
                primary=True,
                icon="usb",
            ),
        ]
        return keys

    def help_view(self) -> HelpView:
        """Explain the four words."""
        return HelpView(
            self.tr("四个词"),
            self.tr(
                "本校已登记：本机有的，合并后的总数。已拷进 U 盘：写进 U 盘并回读核对过。"
                "区级已收：区级签了回执。区级已答复：区级给了结果。"
            ),
            explanation=self.tr("U 盘丢了不要紧：没有回执的，下一包会自动再带上。"),
        )

    def on_enter(self) -> None:
        """Take the focus to the list."""
        super().on_enter()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- values -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch counts and bundles."""
        self._tasks.run(lambda _: self._desk.board(), self._show, owner=self)

    def _show(self, board: Board) -> None:
        """Show counts and bundles."""
        self.cards.show_board(board)
        self._show_bundles(board)
        self._handed = board.handed
        self._joined = board.joined
        if self._came:  # what the district asks is counted once its answer is in
            self.taken.end(taken_word(self._came), taken_banner(self._came, self._asks(board)))
            self._came = ()
        if not board.joined and self.banner_place.view is None:
            self.show_banner(self._not_joined())
        self.keys_changed.emit()

    def _asks(self, board: Board) -> int:
        """Count what the district asks, where an answer has just come."""
        return board.questions if any(one.answer for one in self._came) else 0

    def _not_joined(self) -> BannerView:
        """Say that the district cannot take in what is packed here yet, and the way there."""
        return BannerView(
            State.WAITING,
            self.tr("这台电脑还没有接入区局，登记不受影响"),
            self.tr("区里要等接入后才收本机的包。拿到接入票后按 F4。"),
        )

    def _show_bundles(self, board: Board) -> None:
        """List what the district asked for and the bundles, unless they are listed already."""
        made = [bundle_row(one, self._labels) for one in board.bundles]
        self.table.show_rows((*asked_rows(board.asked), *made))

    # --- handing over -----------------------------------------------------------------------

    def hand_over(self) -> None:
        """Pack a bundle for the district (F10); pressed twice it is packed once."""
        place = None if self.packed_just_now else self.where()
        if place is None:
            return
        self._prepare(receiving=False)
        self.taken.rest()
        self.out.begin(self.tr("装包中"))
        use_case = partial(self._desk.hand_over, place)
        self.work(use_case, self._handed_over, self._hand_over_failed, self._hand_over_step)

    def _hand_over_step(self, step: Step) -> None:
        self.out.count(step, 2 if step.note_code == READING_BACK else 0)

    def _handed_over(self, made: Exported) -> None:
        """Say, after the stick was read back, that it may be pulled."""
        self.packed()
        words = self.tr(
            "第 {number} 包：{registered} 名儿童，{operations} 条记录，{size}，回读一致"
        )
        said = words.format(
            number=made.number,
            registered=made.registered,
            operations=made.operations,
            size=size(sum(one.size for one in (made, *made.volumes))),
        )
        state = State.DONE
        if made.scans_left:
            state = State.NEEDS
            more = self.tr("；还有 {count} 页图像没带上，下次装包接着带")
            said += more.format(count=made.scans_left)
        self.out.end(self.tr("完成"), BannerView(state, self.tr("可以拔出 U 盘"), said))
        self.out.note(2, self.tr("一致"))

    def _hand_over_failed(self, error: ProductError) -> None:
        self.out.rest()
        if error.code == "bundle.no_recipient":
            # The key belongs to the banner too: nobody is left before a shut door.
            said = sentence(error, language())
            go = KeyAction("F4", self.tr("接入区局"), self.join_wanted.emit)
            view = BannerView(State.NEEDS, said.what, f"{said.safe}{said.now}", said.number, (go,))
            self.show_banner(view)
            return
        self.show_error(error)

    # --- taking in --------------------------------------------------------------------------

    def take_in(self) -> None:
        """Take in whatever bundles lie on the stick or in the folder (F6)."""
        place = self.where()
        if place is None:
            return
        self._prepare(receiving=True)
        self.out.rest()
        self.taken.begin(self.tr("收包中"))
        use_case = partial(self._desk.take_in, place)
        self.work(use_case, self._took_in, self._take_in_failed, self._take_in_step)

    def _take_in_step(self, step: Step) -> None:
        self.taken.count(step, 2 if step.note_code == _TAKING_IN else 1)

    def _took_in(self, taken: Sequence[TakenIn]) -> None:
        """Say what came of the bundles."""
        self._came = tuple(taken)
        self.taken.end(taken_word(taken), taken_banner(taken))

    def _take_in_failed(self, error: ProductError) -> None:
        self.taken.rest()
        self.show_error(error)

    # --- work -------------------------------------------------------------------------------

    def _prepare(self, *, receiving: bool) -> None:
        """Show the panel of the work that begins."""
        self.show_banner(None)
        self._came = ()
        self._receiving, self._listing = receiving, False
        self.arrange()

    def over(self) -> None:
        """Let a panel rest whose work was stopped."""
        for panel in (self.out, self.taken):
            if panel.working:
                panel.rest()

    # --- paper ------------------------------------------------------------------------------

    def print_list(self) -> None:
        """Print the list that goes with the stick (F7)."""
        if not self._handed or self._print_list is None or self.busy:
            return
        handed, print_list = self._handed, self._print_list
        self.run_alone(
            self._tasks,
            lambda _: print_list(handed),
            lambda _: self._printed(),
            self.show_unprinted,
        )

    def _printed(self) -> None:
        """Say that the list is on its way."""
        words = self.tr("移交清单已送打印机，请两人签字")
        self.show_banner(BannerView(State.DONE, words, self.tr("一份留校，一份随 U 盘交区级")))
