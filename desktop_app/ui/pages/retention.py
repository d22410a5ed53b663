"""到期清理: what is due to be erased by rule; erased after a question, by two persons."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import partial

from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.domain.errors import ProductError, RuleError, StaleError
from desktop_app.messages.catalogue import sentence
from desktop_app.security.memory import wipe
from desktop_app.services.erasure import Erased
from desktop_app.services.progress import Progress
from desktop_app.services.retention import RetentionDesk, RetentionOffice, RuleLine, Standing
from desktop_app.ui.look import Shape, look
from desktop_app.ui.page import Page
from desktop_app.ui.pages.retention_parts import (
    EraseForm,
    Telling,
    rule_columns,
    rule_row,
    rule_word,
)
from desktop_app.ui.panes import show_panes, stand_beside
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import language
from desktop_app.ui.units import row
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.scroll import FocusScroll
from desktop_app.ui.widgets.table import WholeTable


class Mode(Enum):
    """What is being done."""

    LIST = 0
    ASK = 1


class RetentionPage(Page):
    """到期清理 of a school, or at the district of every school."""

    nav_key = "retention"

    def __init__(
        self,
        desk: RetentionDesk | RetentionOffice,
        tasks: Tasks,
        *,
        may_erase: bool,
        schools: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, the door to the worker thread, whether the person may erase, and names.

        ``schools`` names schools by code, at the district alone.
        """
        super().__init__(parent)
        self._desk, self._tasks, self._may = desk, tasks, may_erase
        self._schools = schools or {}
        there = not desk.needs_second
        self._found = Standing((), 0, 0)
        self._asked: RuleLine | None = None
        self.mode = Mode.LIST
        halves = row(None, 9)
        self.panel = Panel(self.tr("到期清理"), self, margins=(0, 0, 0, 0))
        self.table = WholeTable(rule_columns(at_district=there), tasks.run, self.panel, row=38)
        self.table.moved.connect(lambda _key: self.keys_changed.emit())
        self.panel.body.addWidget(self.table)
        halves.addWidget(self.panel, 1)
        self.side = QStackedWidget(self)
        self.telling = Telling(self.side, at_district=there)
        self.asking = EraseForm(self.side, at_district=there)
        for part in (self.telling, self.asking):
            self.side.addWidget(FocusScroll(part, self.side, least=150))
        halves.addWidget(self.side, 1)
        self.lines.addLayout(halves, 1)
        self.lines.addWidget(self.banner_place)
        self._say()
        self.arrange()

    def arrange(self) -> None:
        """Stand side by side; the question, and at large type the list too, stand alone."""
        listing = self.mode is Mode.LIST
        wide = look().shape is Shape.WIDE and listing
        parts = ((self.panel, wide or listing), (self.side, wide or not listing))
        show_panes(parts)
        width = 480 if self._desk.needs_second else 270  # names of schools are long
        stand_beside(self.side, width, beside=wide)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page for people."""
        return self.tr("到期清理")

    def key_actions(self) -> list[KeyAction]:
        """List the keys; whoever may not erase hears why."""
        if self.mode is Mode.ASK:
            leave, words = self.tr("不清理，返回"), self.tr("两人签名，清理")
            if not self._desk.needs_second:
                words = self.tr("签名，清理")
            return [
                KeyAction("Esc", leave, partial(self._go, Mode.LIST), self.tr("返回")),
                KeyAction("F10", words, self.erase, self.tr("清理"), primary=True, warns=True),
            ]
        why = self._why_not()
        words = self.tr("清理这一项…")
        return [
            KeyAction(
                "F10", words, self._ask, self.tr("清理"), enabled=not why, primary=True, why=why
            )
        ]

    def _why_not(self) -> str:
        """Say why the rule of now cannot be carried out, or nothing where it can."""
        line = self.line
        if not self._may:
            said = sentence(RuleError("erasure.not_allowed"), language())
            return f"{said.what}{said.now}"
        if self._found.stray_year:
            return self._clock_words()
        if line is None:
            return self.tr("没有可清理的")
        return "" if line.is_due else self.tr("这一项还没到期，保存到 {day}").format(day=line.after)

    def _clock_words(self) -> str:
        said = sentence(
            RuleError("retention.clock", year=self._found.stray_year, season=self._found.season),
            language(),
        )
        return f"{said.what}{said.now}"

    def hint(self) -> str:
        """Say how one moves."""
        if self.mode is Mode.LIST:
            return self.tr("↑↓ 选一项")
        return self.tr("Enter 到下一格") if self._desk.needs_second else ""

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("到期清理"),
            self.tr("保存期限到了的才清理，要签名；没到期的清不掉，清理后谁也读不出来。"),
            explanation=self.tr("学校要两个人签名，区里由招生办签名。清理随下次交换告诉对方。"),
        )

    def on_enter(self) -> None:
        """Take the focus and fresh lines."""
        self._take_focus()
        self.refresh()

    def on_leave(self) -> None:
        """Keep no password behind another page."""
        self._go(Mode.LIST)

    # --- the list ---------------------------------------------------------------------------

    @property
    def line(self) -> RuleLine | None:
        """Give the rule of now."""
        here = self.table.current_key
        return next((one for one in self._found.lines if one.key == here), None)

    def refresh(self) -> None:
        """Fetch what the rules say."""
        if self.isVisible():
            self._tasks.run(lambda _progress: self._desk.standing(), self.show_rules, owner=self)

    def show_rules(self, found: Standing) -> None:
        """Show what the rules say."""
        self._found = found
        believed = not found.stray_year
        self.table.show_rows(rule_row(one, self._schools, believed=believed) for one in found.lines)
        self._say()
        if self.mode is Mode.ASK and not self.busy and self._asked not in found.lines:
            self._look_again(StaleError("retention.changed"))
        self.keys_changed.emit()

    def _say(self) -> None:
        """Say how many rules are due, or why that cannot be told."""
        due = sum(one.is_due for one in self._found.lines)
        words = self.tr("到期 {count} 项").format(count=due) if due else self.tr("现在没有到期的")
        self.telling.say(self._clock_words() if self._found.stray_year else words)

    # --- what is done -----------------------------------------------------------------------

    def _go(self, mode: Mode) -> None:
        """Begin the question, or leave it without a change."""
        if self.busy:
            return
        self.mode, self._asked = mode, None
        self.asking.form.clear()
        self.side.setCurrentIndex(mode.value)
        self.arrange()
        self.keys_changed.emit()
        if self.isVisible():
            self._take_focus()

    def _take_focus(self) -> None:
        if self.mode is Mode.ASK and self._desk.needs_second:
            self.asking.form.go_first()
        else:
            self.focus_on(self.table)

    def _ask(self) -> None:
        """Ask before anything is erased; leaving is the way that changes nothing."""
        line = self.line
        if line is not None and not self._why_not():
            self.show_banner(None)
            self._go(Mode.ASK)
            self._asked = line
            self.asking.ask(line, self._schools.get(line.school, line.school))
            self._take_focus()

    def erase(self) -> None:
        """Erase with both signatures, at the district with the officer's (F10).

        It is what was asked about, wherever the list has gone since.
        """
        line = self._asked
        if self.busy or self.mode is not Mode.ASK or line is None or not self.asking.is_right():
            return
        name, password = self.asking.take()

        desk = self._desk

        def work(progress: Progress) -> Erased:
            try:
                second = desk.second(name, password) if isinstance(desk, RetentionDesk) else None
            finally:
                wipe(password)
            return desk.carry_out(line, second, progress)

        self.run_alone(self._tasks, work, partial(self._erased, line), self._refused)

    def _refused(self, error: ProductError) -> None:
        """Say why nothing was erased; what is no longer what was asked is asked anew."""
        if isinstance(error, StaleError):
            self._look_again(error)
            self.refresh()
        else:
            self.show_error(error)

    def _look_again(self, why: StaleError) -> None:
        self._go(Mode.LIST)
        self.show_error(why)

    def _erased(self, line: RuleLine, erased: Erased) -> None:
        self._go(Mode.LIST)
        words = self.tr("{what}清理好了：{count} 条，图像 {pages} 页").format(
            what=rule_word(line.rule), count=erased.operations, pages=erased.pages
        )
        others = self.tr("下次交换时，别的电脑和区里也会忘掉。")
        if not self._desk.needs_second:
            others = self.tr("下次出回包时，学校那边也会忘掉。")
        now = others + self.tr("旧备份里还有，到期请一并销毁。")
        self.show_banner(BannerView(State.DONE, words, now))
        self.refresh()
