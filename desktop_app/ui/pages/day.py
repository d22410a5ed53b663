"""The close of day 日结: what today came to, what is open and why, the principal's signature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.documents.day_sheet import OpenItem
from desktop_app.services.day import DayDesk, DaySummary
from desktop_app.services.day_sheet import Closed, DaySheetDesk
from desktop_app.services.progress import Progress
from desktop_app.sync.desk import ExchangeDesk
from desktop_app.sync.round import RoundDesk
from desktop_app.sync.siteboard import SiteBoard
from desktop_app.ui.look import Shape, look
from desktop_app.ui.page import Page
from desktop_app.ui.pages.day_explaining import ExplanationInput, OpenPanel
from desktop_app.ui.pages.merge_parts import names_of
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import moment
from desktop_app.ui.units import row
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State
from desktop_app.ui.widgets.bigcount import BigCount
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.pill import StateLine
from desktop_app.ui.widgets.scroll import FocusScroll

PrintSheet = Callable[[], None]
"""Prints the sheet of today; called on the worker thread."""


@dataclass(frozen=True, slots=True)
class DayDesks:
    """The use cases of the page; the last two follow a day's list to the other laptops and away."""

    day: DayDesk
    sheet: DaySheetDesk
    round: RoundDesk | None = None
    exchange: ExchangeDesk | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """What the page shows."""

    summary: DaySummary
    closed: Closed | None
    open_items: tuple[OpenItem, ...]
    site: SiteBoard | None = None
    handed_at: int = 0
    """When a bundle for the district was handed over last (UTC milliseconds), 0 where never."""


class DayPage(Page):
    """日结, at a school."""

    nav_key = "day"

    def __init__(
        self,
        desks: DayDesks,
        tasks: Tasks,
        *,
        may_sign: bool,
        print_sheet: PrintSheet | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Take the desks, whether the person at the desk is the principal, and what prints."""
        super().__init__(parent)
        self._desks = desks
        self._tasks = tasks
        self._may_sign = may_sign
        self._print_sheet = print_sheet
        self._today: Today | None = None
        self._build()

    # --- layout -----------------------------------------------------------------------------

    def _build(self) -> None:
        """Put counts, the list of checks and the explanation in their places."""
        cards = row(None, 9)
        idle = State.UNFINISHED
        self.registered = BigCount(idle, self.tr("今天登记"), self.tr("本机有的，含合并来的"), self)
        self.complete = BigCount(idle, self.tr("材料齐"), self.tr("其余按容缺办理"), self)
        self.unreviewed = BigCount(idle, self.tr("未审"), self.tr("今天登记、还没有审核"), self)
        self.drafts = BigCount(idle, self.tr("草稿"), self.tr("这台电脑上没填完的"), self)
        for card in (self.registered, self.complete, self.unreviewed, self.drafts):
            cards.addWidget(card, 1)
        self.lines.addLayout(cards)
        self.panel = Panel(self.tr("日结"))
        self._checks = [StateLine(self.panel, bold=True) for _ in range(5)]
        for line in self._checks:
            self.panel.body.addWidget(line)
        self._why = Text(self.tr("没办完的，说明原因"), "label", self.panel)
        self.panel.body.addWidget(self._why)
        self.explanation = ExplanationInput(self.panel)
        self.explanation.setAccessibleName(self._why.text())
        self.panel.body.addWidget(self.explanation)
        words = self.tr("签名后，今天的末号和摘要印在日结单上；以后谁改了记录，都会和纸上对不上。")
        self._note = Text(words, "secondary", self.panel, wrap=True)
        self.panel.body.addWidget(self._note)
        self.panel.body.addStretch(1)
        halves = row(None, 9)
        halves.addWidget(FocusScroll(self.panel, self, least=96), 1)
        self.left = OpenPanel(self._tasks, self)
        self.table, self.model = self.left.table, self.left.table.rows
        self.left.moved.connect(self._ask_why)
        self.explanation.list_key.connect(self.left.take_key)
        halves.addWidget(self.left, 1)
        self.lines.addLayout(halves, 1)
        self.lines.addWidget(self.banner_place)

    def arrange(self) -> None:
        """Leave the list out at large type, and the note at the largest."""
        self._note.setVisible(look().shape is not Shape.NARROW)
        self.left.setVisible(look().shape is Shape.WIDE)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("日结")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        keys = [KeyAction("F5", self.tr("重新数"), self.refresh)]
        if self._today is not None and self._today.closed is None and self.left.current:
            one, short = self.tr("说明这一件"), self.tr("说明")
            keys.append(KeyAction("Enter", one, self.explain_one, short=short))
        if self._print_sheet is not None:
            words, short = self.tr("打印日结单"), self.tr("打印")
            keys.append(KeyAction("F9", words, self.print_sheet, short=short))
        sign = (self.tr("签名日结"), self.tr("日结"))
        why = self._why_not()
        ready = self._today is not None and not why
        keys.append(
            KeyAction(
                "F10",
                sign[0],
                self.close_day,
                short=sign[1],
                primary=True,
                enabled=ready,
                why=why,
            )
        )
        return keys

    def _why_not(self) -> str:
        """Say why there is nothing to sign, or nothing where there is."""
        closed = None if self._today is None else self._today.closed
        if closed is not None:
            words = self.tr("今天已经日结：{person} {when} 签的名，没有再签一次")
            return words.format(person=closed.person, when=moment(closed.at))
        return "" if self._may_sign else self.tr("日结要校长签名，请校长登录来签")

    def help_view(self) -> HelpView:
        """Explain the close of day."""
        return HelpView(
            self.tr("日结"),
            self.tr("每天收工时由校长签名：今天登记了多少、还有什么没办完、为什么。"),
            explanation=self.tr("日结不拦明天：没办完的可以接着办，改动都留痕。"),
        )

    def on_enter(self) -> None:
        """Count, and put the caret into the explanation."""
        self.refresh()
        self.explanation.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- values -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Count today anew."""
        self._tasks.run(self._read, self._show, owner=self)

    def _read(self, _progress: Progress) -> Today:
        desks, sheet = self._desks, self._desks.sheet
        last = None if desks.exchange is None else desks.exchange.board().last_out
        return Today(
            desks.day.summary(),
            sheet.closed(),
            sheet.open_items(),
            None if desks.round is None else desks.round.standing().board,
            0 if last is None else last.at,
        )

    def _show(self, today: Today) -> None:
        """Show the counts and what is still to be done."""
        self._today = today
        found, unit = today.summary, self.tr("件")
        some = State.DONE if found.registered else State.UNFINISHED
        self.registered.say(found.registered, unit, "", some)
        late = found.registered - found.complete
        note = self.tr("容缺 {count}").format(count=late) if late else ""
        self.complete.say(found.complete, unit, note, State.NEEDS if late else some)
        waiting = State.WAITING if found.unreviewed else State.DONE
        self.unreviewed.say(found.unreviewed, unit, "", waiting)
        unfinished = State.UNFINISHED if found.drafts else State.DONE
        self.drafts.say(found.drafts, unit, "", unfinished)
        self._show_checks(today)
        self.left.show_items(today.open_items)
        self.keys_changed.emit()

    def _ask_why(self) -> None:
        """Ask for the explanation of the item of now."""
        named = "" if self._today is None or self._today.closed is not None else self.left.named()
        words = self.tr("为什么没办完：{item}").format(item=named)
        self._why.setText(words if named else self.tr("没办完的，说明原因"))
        self.keys_changed.emit()

    def explain_one(self) -> None:
        """Explain the item of now with what stands in the line, and go to the next (Enter)."""
        if self.busy or self._today is None or self._today.closed is not None:
            return
        self.left.explain(self.explanation.value())
        self.explanation.set_value("")
        self.explanation.set_state("")

    def _show_checks(self, today: Today) -> None:
        """Say what the day waits for, step by step; each follows from what is held."""
        found = today.summary
        lines = (
            self._merged(today.site),
            (
                State.NEEDS if found.unreviewed else State.DONE,
                self.tr("{count} 件还没审").format(count=found.unreviewed)
                if found.unreviewed
                else self.tr("都审过了"),
            ),
            (
                State.NEEDS if found.drafts else State.DONE,
                self.tr("{count} 份草稿没填完").format(count=found.drafts)
                if found.drafts
                else self.tr("没有留下的草稿"),
            ),
            self._signed(today.closed),
            self._handed(today),
        )
        for line, (state, words) in zip(self._checks, lines, strict=True):
            line.say(state, words)
        self.explanation.setReadOnly(today.closed is not None)
        if today.closed is not None:
            self.panel.set_pill(State.DONE, self.tr("已日结"))
        else:
            self.panel.clear_pill()

    def _merged(self, site: SiteBoard | None) -> tuple[State, str]:
        """Say whether all laptops hold the same list."""
        if site is None or not site.others:
            return State.DONE, self.tr("本校只有这一台电脑，不用汇总")
        left = site.unequal
        if not left:
            return State.DONE, self.tr("{count} 台电脑各台一致").format(count=len(site.others) + 1)
        words = self.tr("{done} / {all} 台一致，还差 {names}：先到“午间汇总”转一圈")
        names = names_of(left)
        done, every = len(site.others) - len(left), len(site.others)
        return State.NEEDS, words.format(done=done, all=every, names=names)

    def _handed(self, today: Today) -> tuple[State, str]:
        """Say whether the signed day was handed over."""
        if today.closed is None:
            return State.UNFINISHED, self.tr("签名以后装包交区级")
        if today.handed_at < today.closed.at:
            return State.WAITING, self.tr("到“交换”页装包交区级")
        words = self.tr("{when} 已装包，随 U 盘交区级").format(when=moment(today.handed_at))
        return State.DONE, words

    def _signed(self, closed: Closed | None) -> tuple[State, str]:
        """Say whether the day was signed, or who is to sign."""
        if closed is not None:
            words = self.tr("{person} {when} 已签名").format(
                person=closed.person, when=moment(closed.at)
            )
            return State.DONE, words
        if self._may_sign:
            return State.WAITING, self.tr("等您签名（F10）")
        return State.WAITING, self.tr("等校长登录来签名")

    # --- signing and printing ---------------------------------------------------------------

    def close_day(self) -> None:
        """Sign the day (F10); what is open must be explained."""
        if self.busy or self._today is None or self._why_not():
            return
        why = self.explanation.value()
        if self._today.summary.open_items and self.left.silent and not why:
            self.explanation.set_state("refused")
            words = self.tr("还有 {count} 件没说明（必填）：一件一件按 Enter，或写一句合用")
            self._why.setText(words.format(count=self.left.silent))
            self.explanation.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        own = dict(self.left.own)
        self.explanation.set_state("")
        self.run_alone(
            self._tasks,
            lambda _: self._desks.day.close(why, items=own),
            self._closed,
            on_end=self.refresh,
        )

    def _closed(self, summary: DaySummary) -> None:
        """Say that the day is closed."""
        words = self.tr("{day} 已日结：登记 {registered} 件，材料齐 {complete} 件").format(
            day=summary.day.isoformat(), registered=summary.registered, complete=summary.complete
        )
        now = self.tr("请到“交换”页装包交区级，再回来打印日结单（F9）签字存档：包的摘要也在单上")
        if self._print_sheet is None:
            now = self.tr("记得装包交区级")
        self.show_banner(BannerView(State.DONE, words, now))

    def print_sheet(self) -> None:
        """Print the sheet of today (F9)."""
        if self.busy or self._print_sheet is None:
            return
        print_sheet = self._print_sheet
        self.explanation.set_state("")
        self.run_alone(
            self._tasks, lambda _: print_sheet(), lambda _: self._printed(), self.show_unprinted
        )

    def _printed(self) -> None:
        """Say that the sheet is on its way."""
        words = self.tr("日结单已送打印机")
        self.show_banner(BannerView(State.DONE, words, self.tr("请校长签字、盖章、存档")))
