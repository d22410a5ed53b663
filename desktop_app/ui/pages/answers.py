"""答复, at the district: every child that came, opened, asked about or passed, by single keys.

A child the school has not passed, or whose papers are missing, is asked about once before it is
passed. Esc leaves any question before something is written; the last answer is taken back by one
key.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from desktop_app.domain.district_answers import QUERIED
from desktop_app.domain.errors import ProductError
from desktop_app.policy.package import Policy
from desktop_app.services.answers import (
    DISTRICT_PASSED,
    AnswerCase,
    AnswerDesk,
    Given,
)
from desktop_app.services.case_file import CaseDesk, Unmasked
from desktop_app.services.sent_back import OTHER
from desktop_app.ui.look import Shape, look
from desktop_app.ui.models.latest import Latest
from desktop_app.ui.page import Page
from desktop_app.ui.pages.answers_asking import IN_PANEL, AskingPanel, Mode
from desktop_app.ui.pages.answers_keys import (
    Calls,
    Standing,
    anyway_keys,
    back_keys,
    leave_key,
    look_keys,
    reason_keys,
)
from desktop_app.ui.pages.answers_list import AnswerList
from desktop_app.ui.pages.answers_parts import (
    AnswerPanel,
    AnswerRowView,
    key_of,
    unready_words,
)
from desktop_app.ui.panes import show_panes, stand_beside
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import column, row
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State
from desktop_app.ui.widgets.labels import Plain

T = TypeVar("T")
_PAUSE = 120  # milliseconds before the child of another row is read


class AnswersPage(Page):
    """答复, at the district."""

    nav_key = "answers"

    def __init__(
        self,
        desk: AnswerDesk,
        policy: Policy,
        cases: Callable[[str], CaseDesk],
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, the policy whose reasons are offered, and what opens a school's cases."""
        super().__init__(parent)
        self._desk, self._cases, self._tasks = desk, cases, tasks
        self._case: AnswerCase | None = None
        self._beside = False
        self.mode = Mode.NOTHING
        """What is asked."""
        self._asked: AnswerCase | None = None
        """Whom the question is about; a list that comes anew meanwhile changes nothing of it."""
        self._given: Given | None = None
        self._latest: Latest[AnswerCase] = Latest(tasks, self._case_gone, self)
        self._moving = QTimer(self, singleShot=True, interval=_PAUSE)
        self._moving.timeout.connect(self._ask_case)
        self._build(policy)
        self._calls = self._make_calls()
        self.arrange()

    def _build(self, policy: Policy) -> None:
        """Put the list and the child in their places."""
        halves = row(None, 9)
        self.panel = AnswerList(self._desk, self._tasks, self.show_error, self)
        self.chips, self.table = self.panel.chips, self.panel.table
        halves.addWidget(self.panel, 1)
        self.side = Plain(self)
        lines = column(self.side, 9)
        self.detail = AnswerPanel(self.side)
        lines.addWidget(self.detail, 1)
        self.asking = AskingPanel(policy, self.side)
        lines.addWidget(self.asking)
        halves.addWidget(self.side)
        self.lines.addLayout(halves, 1)
        self.lines.addWidget(self.banner_place)
        self.panel.shown.connect(self._moved)
        self.table.moved.connect(lambda _key: self._moved())
        self.table.opened.connect(lambda _key: self.open_here())
        self.asking.said.connect(partial(self._ask_school, OTHER))

    def arrange(self) -> None:
        """Stand side by side; at large type the list, or after Enter the child."""
        wide = look().shape is Shape.WIDE
        beside = self._beside or self.mode in IN_PANEL
        parts: tuple[tuple[QWidget, bool], ...] = (
            (self.panel, wide or not beside),
            (self.side, wide or beside),
            (self.detail, wide or self.mode not in IN_PANEL),
            *self.asking.parts(self.mode),
        )
        show_panes(parts)
        stand_beside(self.side, 420, beside=wide)
        narrow = look().shape is Shape.NARROW
        self.panel.set_head_visible(visible=not narrow)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("答复")

    def key_actions(self) -> list[KeyAction]:
        """List the keys for what is being done."""
        if self.mode is Mode.NOTHING:
            given = self._given is not None
            standing = Standing(self._here(), self._beside, bool(self.panel.school), given)
            return look_keys(standing, self._calls)
        keys = [leave_key(self.leave)]
        if self.mode is Mode.REASON:
            keys += reason_keys(self.asking.digits(), self._choose)
        elif self.mode is Mode.UNREADY:
            keys += anyway_keys(partial(self._give, DISTRICT_PASSED))
        elif self.mode is Mode.BACK:
            keys += back_keys(self._take_back)
        return keys

    def _make_calls(self) -> Calls:
        return {
            "J": partial(self.panel.step, 1),
            "K": partial(self.panel.step, -1),
            "Alt+←": partial(self.chips.step, -1),
            "Alt+→": partial(self.chips.step, 1),
            "Esc": self._back,
            "Enter": self.open_here,
            "Ctrl+Z": self.take_back,
            "F8": self.unmask,
            "R": self.ask,
            "A": self.approve,
        }

    def hint(self) -> str:
        """Say how one moves."""
        words = {Mode.NOTHING: self.tr("↑↓ 选孩子"), Mode.REASON: self.tr("按数字选原因")}
        return words.get(self.mode, "")

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("答复"),
            self.tr("区里看每一个孩子：复核通过，或要求学校说明。没有“不录取”这一项。"),
            explanation=self.tr("答复随下一个回包带给学校；学校改了，这里列在“已改，等区里”。"),
        )

    def on_enter(self) -> None:
        """Take the focus and fresh lines."""
        self.refresh()
        self._take_focus()

    def on_leave(self) -> None:
        """Leave a question unanswered, and cover what was shown."""
        if self.mode is not Mode.NOTHING:
            self.leave()
        if self._case is not None:
            self.detail.show_case(self._case)

    def _take_focus(self) -> None:
        self.focus_on(self.table)

    # --- the list ---------------------------------------------------------------------------

    def show_school(self, school: str) -> None:
        """Show one school's children, all that came."""
        self._beside = False
        self.panel.show_school(school, "all")

    def refresh(self) -> None:
        """Fetch lines and counts anew; who was the one of now stays so."""
        self.panel.refresh()

    def _here(self) -> bool:
        return bool(self.table.current_key)

    # --- the child of now -------------------------------------------------------------------

    def _moved(self) -> None:
        if self._case is None or key_of(self._case.place) != self.table.current_key:
            self._case = None
        self._moving.start()
        self.keys_changed.emit()

    def _ask_case(self) -> None:
        """Read the child of now."""
        found = self.panel.model.row_at(self.table.currentIndex().row())
        if isinstance(found, AnswerRowView) and found.line is not None:
            place = found.line.place
            self._latest.ask(lambda: self._desk.open(place), self._take_case)
            return
        self._latest.forget()
        self._case = None
        self.detail.clear()

    def _take_case(self, case: AnswerCase) -> None:
        """Show the child, unless the person has gone on meanwhile."""
        if key_of(case.place) == self.table.current_key:
            self._case = case
            self.detail.show_case(case)

    def _case_gone(self, error: ProductError) -> None:
        self.detail.clear()
        self.show_error(error)

    def open_here(self) -> None:
        """Show the child in place of the list (large type)."""
        if look().shape is not Shape.WIDE and self._here():
            self._beside = True
            self._arranged()

    def _back(self) -> None:
        """Go back to the list, or from one school to all of them (Esc)."""
        if self._beside:
            self._beside = False
        else:
            self.panel.show_school("", "unanswered")
        self._arranged()

    def _arranged(self) -> None:
        self.arrange()
        self.keys_changed.emit()
        self._take_focus()

    def unmask(self) -> None:
        """Show the numbers of the child; that is logged with the person's signature (F8)."""
        case = self._case
        if case is not None:
            desk = self._cases(case.place.school)
            self._run(partial(desk.unmask, case.place.record), partial(self._unmasked, case))

    def _unmasked(self, case: AnswerCase, unmasked: Unmasked) -> None:
        if key_of(case.place) == self.table.current_key:
            self.detail.show_case(case, unmasked)

    # --- answering --------------------------------------------------------------------------

    def approve(self) -> None:
        """Pass the child that is shown (A); one that is not ready is asked about once."""
        case = self._case
        if case is None or self.busy:
            self._say_unseen()
            return
        if case.ready:
            self._give(DISTRICT_PASSED)
            return
        what = self.tr("{name}：{why}").format(name=case.file.name, why=unready_words(case))
        now = self.tr("一般先等学校办完。确实要先通过的，按 Ctrl+Enter；Esc 不改。")
        self._ask_first(Mode.UNREADY)
        self.show_banner(BannerView(State.NEEDS, what, now))

    def ask(self) -> None:
        """Ask the school to explain (R): a reason is chosen by its digit."""
        case = self._case
        if case is None or self.busy:
            self._say_unseen()
            return
        self.show_banner(None)
        self.asking.ask_reason(case.school)
        self._ask_first(Mode.REASON)

    def _say_unseen(self) -> None:
        """Say that a key pressed before the child was on the screen has answered nothing."""
        if self._here() and not self.busy:
            what = self.tr("这个孩子还没显示出来，刚才那一下没有算数")
            self.show_banner(BannerView(State.WAITING, what, self.tr("看清楚了再按一次。")))

    def _ask_first(self, mode: Mode) -> None:
        self.mode = mode
        self._asked = self._asked or self._case
        self.arrange()
        self.keys_changed.emit()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, reason: str) -> None:
        if reason != OTHER:
            self._ask_school(reason)
            return
        self._ask_first(Mode.WORDS)
        self.asking.ask_words()

    def _ask_school(self, reason: str, words: str = "") -> None:
        self._give(QUERIED, reason, words)

    def leave(self) -> None:
        """Change nothing (Esc)."""
        self.mode, self._asked = Mode.NOTHING, None
        self.show_banner(None)
        self._arranged()

    def _give(self, status: str, reason: str = "", words: str = "") -> None:
        """Sign the answer, and go on to the next child."""
        case = self._asked or self._case
        if case is None or self.busy:
            return
        self.leave()
        place = case.place
        self._run(lambda: self._desk.give(place, status, reason, words), self._answered)

    def _answered(self, given: Given) -> None:
        self._given = given
        words = self.tr("{name}：区复核通过") if given.status == DISTRICT_PASSED else ""
        words = words or self.tr("{name}：已要求学校说明")
        now = self.tr("下一个回包带给学校。Ctrl+Z 撤回。")
        self.show_banner(BannerView(State.DONE, words.format(name=given.name), now))
        self._case = None
        self.refresh()

    def take_back(self) -> None:
        """Ask, by name, whether the last answer is to be taken back (Ctrl+Z)."""
        given = self._given
        if given is None or self.busy:
            return
        passed = given.status == DISTRICT_PASSED
        answer = self.tr("区复核通过") if passed else self.tr("要求说明")
        words = self.tr("撤回{name}的“{answer}”？").format(name=given.name, answer=answer)
        self._ask_first(Mode.BACK)
        now = self.tr("撤回按 Ctrl+Enter；Esc 不改。")
        self.show_banner(BannerView(State.NEEDS, words, now))

    def _take_back(self) -> None:
        given = self._given
        if given is not None and not self.busy:
            self.leave()
            self._given = None
            self._run(partial(self._desk.take_back, given), partial(self._taken_back, given))

    def _taken_back(self, given: Given, _nothing: None) -> None:
        words = self.tr("{name}：答复已撤回").format(name=given.name)
        self.show_banner(BannerView(State.DONE, words, self.tr("和答复以前一样。")))
        self._case = None
        self.panel.show_child(key_of(given.place))

    def _run(self, use_case: Callable[[], T], on_success: Callable[[T], None]) -> None:
        """Do one thing at a time."""
        self.run_alone(self._tasks, lambda _: use_case(), on_success)
