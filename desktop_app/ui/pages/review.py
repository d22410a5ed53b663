"""材料审核: the queue, a case held against its papers, and the answer of a second person.

Every key works while the table of the case has the focus. What is shown is what is answered: while
another case is on its way, A and R do nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import ProductError
from desktop_app.policy.package import Policy
from desktop_app.services.examination import Examination
from desktop_app.services.passing import PassedMany
from desktop_app.services.sent_back import OTHER
from desktop_app.ui.look import Shape, look
from desktop_app.ui.models.examined import doubts_of
from desktop_app.ui.models.latest import Latest
from desktop_app.ui.page import Page
from desktop_app.ui.pages.review_asking import Asker, Holding, LastDecision
from desktop_app.ui.pages.review_case import REASONED, CasePanel, Mode
from desktop_app.ui.pages.review_desks import ReviewDesks
from desktop_app.ui.pages.review_keys import (
    Calls,
    Standing,
    attach_keys,
    digit_keys,
    leave_key,
    look_keys,
    paper_keys,
    review_help,
)
from desktop_app.ui.pages.review_papers import PaperWork
from desktop_app.ui.pages.review_queue import QueueList
from desktop_app.ui.pages.review_scan import ScanPane
from desktop_app.ui.pages.review_sealed import SealedPages
from desktop_app.ui.panes import show_panes, stand_beside
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import row, set_units
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State

T = TypeVar("T")
PAUSE = 60  # milliseconds


class ReviewPage(Page):
    """Queue, case and sealed page, side by side; at large type one of them."""

    nav_key = "review"
    prints_help = False

    amend_wanted = Signal(str)
    """The registration that is shown is to be amended, by its record."""
    many_wanted = Signal()
    """Many are to be passed at once."""

    def __init__(
        self, desks: ReviewDesks, policy: Policy, tasks: Tasks, parent: QWidget | None = None
    ) -> None:
        """Take the use cases, the policy with its reasons, and the door to the worker thread."""
        super().__init__(parent)
        self._desks, self._policy, self._tasks = desks, policy, tasks
        self._guest = ""
        self._answered = ""
        self._seeing = False
        self._stale = True
        self._cases: Latest[Examination] = Latest(tasks, self._case_gone, self)
        self._build()
        self._moving = QTimer(self, singleShot=True, interval=PAUSE)
        self._moving.timeout.connect(self._ask_case)
        self.queue.moved.connect(lambda _record: self._moving.start())
        self.queue.shown.connect(self._ask_case)
        self.case.moved.connect(self._follow)
        self.case.accepted.connect(self._papers.accept)
        self.case.notes.noted.connect(self._papers.mark)
        self.case.attach.chosen.connect(self._papers.attach)
        self._papers.asked.connect(self._go)
        self._papers.noted.connect(self._noted)
        self._papers.attached.connect(self._go_back)
        self._papers.watching.connect(self._say_watching)
        self.case.explain.said.connect(lambda words: self._choose(OTHER, words))
        self._calls = self._make_calls()
        self.arrange()

    def _build(self) -> None:
        halves = row(None, 9)
        self.queue = QueueList(self._desks.lists, self._tasks, self.show_error, self)
        self.case = CasePanel(self._policy, self)
        self.pane = ScanPane(self)
        self._sealed = SealedPages(self.pane, self._desks.examination, self._tasks)
        self._papers = PaperWork(self.case, self._sealed, self._desks, self._run)
        self._asker = Asker(self)
        self._last = LastDecision(self, self._desks.undoing, self._asker, self._run)
        self._last.undone.connect(self._stands_again)
        self._holding = Holding(self, self._desks.assigning, self._asker, self._run)
        self._holding.turned.connect(self._go_back)
        halves.addWidget(self.queue)
        halves.addWidget(self.case, 1)
        halves.addWidget(self.pane)
        self.lines.addLayout(halves, 1)
        self.lines.addWidget(self.banner_place)

    def _make_calls(self) -> Calls:
        return {
            "J": partial(self._step, 1),
            "K": partial(self._step, -1),
            "D": self.case.next_trouble,
            "E": self._show_whole,
            "G": lambda: self._holding.turn(self.case.case),
            "Alt+←": self.queue.swap,
            "Alt+→": self.queue.swap,
            "F2": lambda: self.amend_wanted.emit(self.case.record),
            "F6": self._swap,
            **self._papers.calls(),
            "B": partial(self._go, Mode.CORRECT),
            "N": partial(self._go, Mode.REJECT),
            "R": partial(self._go, Mode.RETURN),
            "A": self.approve,
            "Shift+A": self.many_wanted.emit,
            **self._sealed.calls(self._turn_page),
        }

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page for people."""
        return self.tr("材料审核")

    def key_actions(self) -> list[KeyAction]:
        """List the keys for what is being done."""
        if self._asker.asking:
            return self._asker.keys()
        if self.case.mode is Mode.LOOK:
            return [*look_keys(self._standing(), self._calls), self._last.key()]
        keys = [leave_key(partial(self._go, Mode.LOOK))]
        if self.case.mode in REASONED:
            keys += digit_keys(self.case.offered(), self._choose)
        if self.case.mode is Mode.ATTACH:
            keys += attach_keys(self._calls)
        return keys

    def _standing(self) -> Standing:
        case = self.case.case
        wanted = self._guest or self.queue.current
        return Standing(
            case=case,
            paper=self.case.paper,
            waiting=self.queue.count,
            pages=self.pane.count,
            seeing=self._seeing,
            settled=case is None or case.record in {self._answered, ""} or case.record != wanted,
        )

    def hint(self) -> str:
        """Say where one is in the queue, and what was done since the page was opened."""
        words = self.tr("已审 {passed} · 退回 {returned}")
        said = words.format(passed=self._last.passed, returned=self._last.returned)
        if look().shape is Shape.WIDE:
            return said
        return self.tr("待审 {count} · ").format(count=self.queue.count) + said

    def help_view(self) -> HelpView:
        """Explain the page."""
        return review_help()

    def on_enter(self) -> None:
        """Take the focus into the case, and fresh cases where something changed."""
        self._take_focus()
        if self._stale or self._guest:
            self.refresh()

    def on_leave(self) -> None:
        """Leave no page of a child, and no question, behind the other pages."""
        self._asker.forget()
        self._sealed.forget()
        self._stale = True

    def arrange(self) -> None:
        """Stand side by side, or one pane alone."""
        shape = look().shape
        wide = shape is Shape.WIDE
        self._seeing = self._seeing and not wide
        parts = (
            (self.queue, wide),
            (self.case, not self._seeing),
            (self.pane, wide or self._seeing),
        )
        show_panes(parts)
        set_units(self.queue, min_width=212, max_width=212)
        stand_beside(self.pane, 430, beside=wide)
        self._follow()

    def show_banner(self, view: BannerView | None) -> None:
        """Show a message; the row of now stays in sight above it."""
        if view is None:
            super().show_banner(view)
        self.case.crowded = view is not None
        self._follow()
        if view is not None:
            self.case.settle()
            super().show_banner(view)
        QTimer.singleShot(0, self, self.case.keep_in_sight)

    # --- cases ------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch queue and case anew, at once, on entering, or when an entry is done."""
        self._stale = not self.isVisible() or self.case.mode is not Mode.LOOK
        if not self._stale:
            self.queue.refresh()

    def show_record(self, record: str) -> None:
        """Show a case from elsewhere, whether or not it waits for review."""
        self._guest = record
        self.queue.look_away(away=True)
        if self.isVisible():
            self._ask_case()

    def _step(self, by: int) -> None:
        """Go to another case of the queue; from a case from elsewhere back to the queue."""
        if self._guest:
            self._guest = ""
            self.queue.look_away(away=False)
            self._ask_case()
            return
        self.queue.step(by)
        self.keys_changed.emit()

    def _ask_case(self) -> None:
        """Ask for the case that is wanted."""
        self._moving.stop()
        record = self._guest or self.queue.current
        if self.case.mode is not Mode.LOOK:
            self._stale = True
            return
        if record:
            self._cases.ask(lambda: self._desks.open(record), self._take_case)
            return
        self._cases.forget()
        self.case.show_case(None)
        self.pane.set_pages(())
        self._follow()
        self._take_focus()

    def _take_focus(self) -> None:
        """Take the focus to where letters work: the table, or the page while that is hidden."""
        self.focus_on(self.case.table)

    def _take_case(self, case: Examination) -> None:
        """Show a case, and its first page where there is room for it."""
        if case.record != (self._guest or self.queue.current) or self.case.mode is not Mode.LOOK:
            return
        shown = self.case.case
        same = shown is not None and shown.record == case.record
        if not same:
            self._answered = ""
        self.case.show_case(case)
        if self._sealed.take(case, same=same):
            self._ask_page()
        self._follow()
        if self.hasFocus():
            self._take_focus()

    def _case_gone(self, error: ProductError) -> None:
        """Say why the case cannot be shown, and go on with the queue."""
        self._guest = ""
        self.case.show_case(None)
        self.pane.set_pages(())
        self.show_error(error)

    def _follow(self) -> None:
        """Follow the row of now: what stands under the table, and which keys work."""
        standing = self._standing()
        may = standing.case is not None and standing.case.may_review
        self.case.arrange(paper_keys(standing, self._calls), may_return=may)
        self.keys_changed.emit()

    def _show_whole(self) -> None:
        """Show all of an amended case, or what was changed alone again (E)."""
        self.case.show_whole()
        self._follow()

    # --- the sealed page --------------------------------------------------------------------

    def _ask_page(self) -> None:
        """Ask for the page of now where it can be seen; the first look at a case is logged."""
        case = self.case.case
        if case is not None and (self._seeing or look().shape is Shape.WIDE):
            self._sealed.ask(case.record)

    def _turn_page(self, by: int) -> None:
        if self.pane.step(by):
            self._ask_page()

    def _swap(self) -> None:
        """Show the sealed page in place of the case, or the case again (large type)."""
        self._seeing = not self._seeing
        self.arrange()
        self._ask_page()
        self._take_focus()

    # --- what is done -----------------------------------------------------------------------

    def _go(self, mode: Mode) -> None:
        """Begin something, or leave it without a change."""
        if self.case.case is None or self.busy:
            return
        if self._seeing:
            self._swap()
        self.show_banner(None)
        self.case.go(mode)
        self._follow()
        if mode is Mode.NOTE:
            self.case.notes.begin()
        elif mode is Mode.ATTACH:
            self.case.attach.begin()
        else:
            self._take_focus()
        if mode is Mode.LOOK and self._stale:
            self.refresh()

    def _run(self, use_case: Callable[[], T], on_success: Callable[[T], None]) -> None:
        """Do one thing at a time."""
        self.run_alone(self._tasks, lambda _: use_case(), on_success)

    def approve(self) -> None:
        """Pass the case that is shown with the person's signature, and go to the next one."""
        standing = self._standing()
        case = standing.case
        if case is None or standing.settled or self.busy:
            return
        if not (doubts := doubts_of(case)) or case.missing:
            self._pass(case.record, case.name)
            return
        what = self.tr("{name}：{doubts}。还是通过？").format(
            name=case.name, doubts="、".join(doubts)
        )
        now = self.tr("原件对过、没有问题，按 Ctrl+Enter 通过；Esc 再看看。")
        words = (self.tr("看过了，通过"), self.tr("通过"))
        yes = partial(self._pass, case.record, case.name)
        self._asker.ask(BannerView(State.NEEDS, what, now), words, yes)

    def _pass(self, record: str, name: str) -> None:
        self._run(
            lambda: self._desks.review.approve([record]), partial(self._passed_on, record, name)
        )

    def _passed_on(self, record: str, name: str, _count: int) -> None:
        self._last.keep([record], name)
        self._on(record)

    def take_many(self, passed: PassedMany) -> None:
        """Say what was passed at once; one key takes all of it back."""
        self._last.passed_many(passed.records, passed.overtaken)
        self.refresh()

    def _stands_again(self) -> None:
        """Show a case that was answered as one to be answered."""
        self._answered = ""
        self._go_back()

    def _on(self, record: str) -> None:
        """Go on to the next case after an answer."""
        self._answered, self._guest = record, ""
        self.queue.refresh()
        self._follow()

    def _choose(self, reason: str, words: str = "") -> None:
        """Do with a reason what was begun; 其他 is put into words first."""
        case, found = self.case.case, self.case.row
        if case is None or found is None or self.busy:
            return
        if reason == OTHER and not words:
            self._explain()
            return
        if self.case.begun is not Mode.RETURN:
            self._papers.judge(reason, words)
            return
        record = case.record
        known = self._policy.reasons[reason]
        pin = found.pin or known.field or ""
        self.case.go(Mode.LOOK)
        self._run(
            lambda: self._desks.review.send_back(record, reason, pin, words),
            partial(self._sent_back, record, case.name, words or known.label),
        )
        self._follow()
        self._take_focus()

    def _explain(self) -> None:
        """Ask for the words of 其他."""
        self.case.go(Mode.EXPLAIN)
        self._follow()
        self.case.explain.begin()

    def _sent_back(self, record: str, name: str, why: str, _nothing: None) -> None:
        self._last.say_sent_back(record, name, why)
        self._on(record)

    def _noted(self) -> None:
        """Leave the entry, and show the case as it is now."""
        self._go_back()
        self.case.next_trouble()

    def _say_watching(self) -> None:
        """Say that the folder of the scanner is known now."""
        self._go_back()
        words = self.tr("记住了：这台电脑的新页从这个文件夹取")
        now = self.tr("每一家打开后拍，按 P 就取新页；打开以前拍的不取。")
        self.show_banner(BannerView(State.DONE, words, now))

    def _go_back(self) -> None:
        self.case.go(Mode.LOOK)
        self._follow()
        self._take_focus()
        self.queue.refresh()
