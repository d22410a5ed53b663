"""排号: a number by village at triage, and at the desk the next one called and taken into the form.

One thing at a time: the list, or the form of a new number. Roles are courtesy here; the service
refuses whoever is no registrar, in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.documents.queue_slip import SlipView
from desktop_app.domain import queueing
from desktop_app.domain.errors import ProductError
from desktop_app.domain.queueing import Ticket
from desktop_app.policy.package import Policy
from desktop_app.services.queueing import QueueDesk, QueueView
from desktop_app.ui.look import Shape, look
from desktop_app.ui.page import Page
from desktop_app.ui.pages.queue_parts import (
    GivingForm,
    WaitingPanel,
    queue_columns,
    queue_row,
    village_words,
)
from desktop_app.ui.panes import show_panes
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import row, set_units
from desktop_app.ui.views import BannerView, HelpView, KeyAction, Option, State
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.scroll import FocusScroll
from desktop_app.ui.widgets.table import WholeTable

T = TypeVar("T")
PrintSlip = Callable[[SlipView], None]
"""Prints a slip, on the worker thread."""


@dataclass(frozen=True, slots=True)
class QueueChoices:
    """What may be chosen at triage."""

    villages: Sequence[Option] = ()
    categories: Sequence[Option] = ()


class QueuePage(Page):
    """排号, at a school."""

    nav_key = "queue"

    taken = Signal(str, str, str)
    """A ticket goes into the form: its record, village and category."""

    def __init__(
        self,
        desk: QueueDesk,
        policy: Policy,
        choices: QueueChoices,
        tasks: Tasks,
        print_slip: PrintSlip,
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, what may be chosen, the door to the worker thread and what prints."""
        super().__init__(parent)
        self._desk, self._policy, self._tasks = desk, policy, tasks
        self._print_slip = print_slip
        self._view = QueueView((), may=True)
        self._village: str | None = None
        self.giving = False
        self._build(choices)
        self.arrange()

    def _build(self, choices: QueueChoices) -> None:
        halves = row(None, 9)
        self.panel = Panel(self.tr("今天的号"), self, margins=(0, 0, 0, 0))
        self.counts = Text("", "strong", self.panel, elide=True)
        self.panel.add_to_head(self.counts)
        self.table = WholeTable(queue_columns(), self._tasks.run, self.panel, row=38)
        self.table.say_nothing(self.tr("今天还没有发号。按 F4 发第一个。"))
        self.table.moved.connect(lambda _key: self.keys_changed.emit())
        self.table.opened.connect(lambda _key: self.take())
        self.panel.body.addWidget(self.table)
        halves.addWidget(self.panel, 1)
        self.form = GivingForm(choices.villages, choices.categories, self)
        self.form.category.changed.connect(self._category_changed)
        self.form.village.let_go.connect(self._village_let_go)
        self.form.form.filled.connect(lambda: self.form.form.go_to("category"))
        self.triage = FocusScroll(self.form, self, least=120)
        halves.addWidget(self.triage, 1)
        self.waiting = WaitingPanel(self)
        self.side = FocusScroll(self.waiting, self, least=80)
        set_units(self.side, width=330)
        halves.addWidget(self.side)
        self.lines.addLayout(halves, 1)
        self.lines.addWidget(self.banner_place)

    def arrange(self) -> None:
        """Show the list or the form; who waits stands beside it while there is room."""
        wide = look().shape is Shape.WIDE
        parts = ((self.panel, not self.giving), (self.triage, self.giving), (self.side, wide))
        show_panes(parts)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("排号")

    def key_actions(self) -> list[KeyAction]:
        """List the keys for what is being done."""
        if self.giving:
            give = (self.tr("发号并打印号条"), self.tr("发号"))
            leave = KeyAction("Esc", self.tr("不发，返回"), self._leave, self.tr("返回"))
            return [leave, KeyAction("F10", give[0], self.give, give[1], primary=True)]
        ticket, none = self._ticket(), self.tr("先在名单里选一个号（↑↓）")
        any_one, why = ticket is not None, none
        back, on = partial(self._step, -1), partial(self._step, 1)
        reprint, call = (
            (self.tr("重打号条"), self.tr("重打")),
            (self.tr("叫下一号"), self.tr("叫号")),
        )
        take = (self.tr("取到登记表"), self.tr("登记"))
        return [
            KeyAction("F4", self.tr("发一个号"), self._begin, self.tr("发号")),
            KeyAction("Enter", take[0], self.take, take[1], enabled=any_one, why=why),
            self._move_key("W", self.tr("没来"), queueing.LEFT, ticket),
            self._move_key("H", self.tr("回到等候"), queueing.WAITING, ticket),
            self._move_key("D", self.tr("办完"), queueing.DONE, ticket),
            KeyAction("F9", reprint[0], self.reprint, reprint[1], enabled=any_one, why=why),
            KeyAction("Alt+←", self.tr("换村"), back, shown=False),
            KeyAction("Alt+→", self.tr("换村"), on, shown=False),
            KeyAction("F10", call[0], self.call, call[1], primary=True),
        ]

    def _move_key(self, key: str, label: str, to: str, ticket: Ticket | None) -> KeyAction:
        may = ticket is not None and queueing.may_move(ticket.standing, to)
        why = self.tr("这个号现在不能标“{what}”").format(what=label)
        shown = look().shape is Shape.WIDE
        return KeyAction(key, label, partial(self.move_to, to), enabled=may, why=why, shown=shown)

    def hint(self) -> str:
        """Say how one moves."""
        if self.giving:
            return self.tr("Enter 到下一格 · 外地的村空着")
        return self.tr("↑↓ 选号 · Alt ← → 换村")

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("排号"),
            self.tr("分诊：按 F4，问村和类别，发号条。办理台：F10 叫下一号，人来了按 Enter 登记。"),
            explanation=self.tr("号不记姓名。几台电脑各有号头，不会重号；汇总后互相看得见。"),
        )

    def on_enter(self) -> None:
        """Take the focus and fresh tickets: another day has other ones."""
        self.refresh()
        self._take_focus()

    # --- values -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch today's tickets."""
        self._tasks.run(lambda _progress: self._desk.view(), self._show, owner=self)

    def _show(self, view: QueueView) -> None:
        """Show the tickets of the village chosen, and the counts of all."""
        self._view = view
        counts = queueing.waiting_by_village(view.tickets)
        known = {one.village for one in view.tickets}
        if self._village is not None and self._village not in known:
            self._village = None
        self.waiting.show_counts(counts, self._village, self._policy)
        words = self.tr("等候 {waiting} · 已叫 {called} · 已登记 {entered} · 办完 {done}")
        self.counts.setText(
            words.format(
                waiting=view.count(queueing.WAITING),
                called=view.count(queueing.CALLED),
                entered=view.count(queueing.ENTERED),
                done=view.count(queueing.DONE),
            )
        )
        self.table.show_rows(queue_row(one, self._policy) for one in self._shown())
        self.keys_changed.emit()

    def _shown(self) -> list[Ticket]:
        chosen = self._village
        return [one for one in self._view.tickets if chosen is None or one.village == chosen]

    def _ticket(self) -> Ticket | None:
        here = self.table.current_key
        return next((one for one in self._view.tickets if one.record == here), None)

    def _step(self, by: int) -> None:
        """Show the queue of another village, or of all."""
        waiting = queueing.waiting_by_village(self._view.tickets)
        villages: list[str | None] = [None, *waiting]
        here = villages.index(self._village) if self._village in villages else 0
        self._village = villages[(here + by) % len(villages)]
        self._show(self._view)

    # --- what is done -----------------------------------------------------------------------

    def _begin(self) -> None:
        """Begin a new number; the village stays, as a queue comes by villages."""
        self.giving = True
        self.show_banner(None)
        self.arrange()
        self.form.form.set_values({"category": ""})
        self.form.show_papers(())
        self.keys_changed.emit()
        self._take_focus()

    def _leave(self) -> None:
        self.giving = False
        self.arrange()
        self.keys_changed.emit()
        self._take_focus()

    def _take_focus(self) -> None:
        if self.giving:
            self.form.form.go_to("village")
        else:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _category_changed(self, category: str) -> None:
        """Show the papers that will stand on the slip; plain data, no disk."""
        self.form.show_papers(self._desk.papers(category))

    def _village_let_go(self, typed: str) -> None:
        """Say what became of a word that is no village: left so, the slip would name none."""
        held = self.form.village.chosen
        words = self.tr("没有选定“{typed}”，村（居）没有改").format(typed=typed)
        if held is None:
            words = self.tr("没有选定“{typed}”，村（居）空着").format(typed=typed)
        now = self.tr("按 Shift+Enter 回去再选；外地的打 wd，没说就空着。")
        self.show_banner(BannerView(State.NEEDS, words, now))

    def _run(self, use_case: Callable[[], T], on_success: Callable[[T], None]) -> None:
        """Do one thing at a time, and fetch the tickets anew."""
        self.run_alone(self._tasks, lambda _: use_case(), on_success, on_end=self.refresh)

    def give(self) -> None:
        """Give a number and print its slip (F10); a printer that refuses loses no number."""
        unsettled = self.form.village.unsettled
        if unsettled:  # never dropped in silence: the slip would say that nobody told the village
            words = self.tr("没有发号：村（居）“{typed}”没有选定").format(typed=unsettled)
            now = self.tr("改一下，从表里选好再按 F10；外地的打 wd，没说就把村清空。")
            self.show_banner(BannerView(State.NEEDS, words, now))
            return
        current = self.form.form.current()
        if current:
            self.form.form.control(current).commit()
        village, category = self.form.village.value(), self.form.category.value()
        if village not in self._policy.villages:
            village = ""  # elsewhere
        self._run(lambda: self._give(village, category), self._given)

    def _give(self, village: str, category: str) -> tuple[Ticket, ProductError | None]:
        ticket = self._desk.give(village, category)
        return ticket, self._print(ticket)

    def _print(self, ticket: Ticket) -> ProductError | None:
        try:
            self._print_slip(self._desk.slip(ticket))
        except ProductError as trouble:
            return trouble
        return None

    def _given(self, made: tuple[Ticket, ProductError | None]) -> None:
        ticket, trouble = made
        self._leave()
        words = self.tr("{number} 号，{village}").format(
            number=ticket.spoken, village=village_words(self._policy, ticket.village)
        )
        now = self.tr("号条已送打印。下一家按 F4。")
        if trouble is not None:
            now = self.tr("号条没有打印出来，请把号念给家长；修好打印机按 F9 重打。")
        self.show_banner(BannerView(State.NEEDS if trouble else State.DONE, words, now))

    def call(self) -> None:
        """Call the next of the village shown, or of all (F10)."""
        village = self._village or ""
        self._run(lambda: self._desk.call_next(village), self._called)

    def _called(self, ticket: Ticket) -> None:
        words = self.tr("请 {number} 号，{village}").format(
            number=ticket.spoken, village=village_words(self._policy, ticket.village)
        )
        self.show_banner(
            BannerView(State.NEEDS, words, self.tr("人来了按 Enter 开始登记；没来按 W。"))
        )
        self._show(self._with(ticket))
        self.table.go_to_row(self.table.rows.place(ticket.record))

    def _with(self, ticket: Ticket) -> QueueView:
        others = [one for one in self._view.tickets if one.record != ticket.record]
        return QueueView(queueing.in_order([*others, ticket]), self._view.may)

    def move_to(self, to: str) -> None:
        """Say where the ticket of now has come to (W, H, D)."""
        ticket = self._ticket()
        if ticket is not None:
            self._run(lambda: self._desk.move(ticket.record, to), lambda _moved: None)

    def take(self) -> None:
        """Take the ticket of now into the form (Enter)."""
        ticket = self._ticket()
        if ticket is None or self.busy:
            return
        if not queueing.may_move(ticket.standing, queueing.ENTERED) or ticket.applicant:
            words = self.tr("{number} 号已经登记过了").format(number=ticket.spoken)
            self.show_banner(BannerView(State.WAITING, words, self.tr("F10 叫下一号。")))
            return
        if ticket.standing == queueing.CALLED:
            self._take(ticket)
        else:  # who is taken in was called, whether anybody pressed the key or not
            self._run(lambda: self._desk.move(ticket.record, queueing.CALLED), self._take)

    def _take(self, ticket: Ticket) -> None:
        self.show_banner(None)
        self.taken.emit(ticket.record, ticket.village, ticket.category)

    def reprint(self) -> None:
        """Print the slip of the ticket of now again (F9); it names nobody."""
        ticket = self._ticket()
        if ticket is not None:
            self._run(lambda: self._print(ticket), self._reprinted)

    def _reprinted(self, trouble: ProductError | None) -> None:
        if trouble is not None:
            self.show_unprinted(trouble)
        else:
            self.show_banner(BannerView(State.DONE, self.tr("号条已送打印")))
