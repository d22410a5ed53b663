"""告知书 at the desk: read on the screen at large type or read out, and what is asked apart.

How it was told is one digit, and the page goes back to the form. What is no duty of the school is
asked beside it: never ticked beforehand, and no is as good an answer as yes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.documents.notice import NoticeView
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.policy.package import Policy
from desktop_app.services.consents import (
    ASKED_APART,
    READ,
    READ_ALOUD,
    notice_digest,
    short_digest,
)
from desktop_app.ui.page import Page
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import column, row
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State
from desktop_app.ui.widgets.choice import CheckInput
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.scroll import FocusScroll

PrintNotice = Callable[[NoticeView], None]
"""Prints the notice, on the worker thread."""


class StoreConsents(Protocol):
    """What takes how the notice was told and what was agreed to."""

    def __call__(self, told: str, agreed: frozenset[str]) -> None:
        """Take both; nothing is told where ``told`` is empty."""


class NoticePage(Page):
    """The notice of the policy in force, for the case on the form."""

    nav_key = "notice"
    within = "register"

    def __init__(
        self,
        policy: Policy,
        school: str,
        read: Callable[[], frozenset[str]],
        store: StoreConsents,
        leave: Callable[[], object],
        tasks: Tasks,
        print_notice: PrintNotice,
        parent: QWidget | None = None,
    ) -> None:
        """Take what reads and stores the consents of the case, and what goes back to it."""
        super().__init__(parent)
        self._read, self._store, self._leave = read, store, leave
        self._tasks, self._print_notice = tasks, print_notice
        notice = policy.notice
        self.view = NoticeView(
            school=school,
            title=notice.title,
            paragraphs=notice.paragraphs,
            declaration=notice.declaration,
            version=notice.version,
            digest=short_digest(notice_digest(notice)),
            basis=notice.basis,
        )
        self._kept: frozenset[str] = frozenset()
        self.ticks: dict[str, CheckInput] = {}
        self._build()

    def _build(self) -> None:
        sheet = Panel(self.view.title, self, head=46, title_role="page")
        words = self.tr("{version} 版 · 摘要 {digest}")
        self.version = words.format(version=self.view.version, digest=self.view.digest)
        sheet.add_to_head(Text(self.version, "caption", sheet))
        content = Plain(sheet)
        lines = column(content, 10, (10, 6, 10, 8))
        for paragraph in self.view.paragraphs:
            lines.addWidget(Text(paragraph, "page", content, wrap=True))
        lines.addWidget(Text(self.view.declaration, "page", content, wrap=True))
        lines.addStretch(1)
        self.paper = FocusScroll(content, sheet, least=120, role="sheetscroll")
        sheet.body.addWidget(self.paper, 1)
        apart = Plain(sheet)
        asked = column(apart, 2, (10, 4, 10, 4))
        ask = self.tr("报名不需要，另外问，不同意照样登记：")
        asked.addWidget(Text(ask, "label", apart))
        line = row(None, 14)
        asked.addLayout(line)
        for place, scope in enumerate(ASKED_APART, 3):
            label = CODE_LISTS["consent_scope"].label_of(scope)
            tick = CheckInput(f"{place} {label}", apart, name=scope)
            self.ticks[scope] = tick
            line.addWidget(tick)
        line.addStretch(1)
        sheet.body.addWidget(apart)
        self.lines.addWidget(sheet, 1)
        self.lines.addWidget(self.banner_place)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("告知书")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        read, aloud = self.tr("自己看过，回到登记"), self.tr("念给听过，回到登记")
        apart = [
            KeyAction(str(place), self.tr("另外同意"), partial(self._turn, scope), shown=False)
            for place, scope in enumerate(ASKED_APART, 3)
        ]
        return [
            KeyAction("Esc", self.tr("返回"), self._leave),
            *apart,
            KeyAction("F9", self.tr("打印告知书"), self.print_notice, self.tr("打印")),
            KeyAction("2", aloud, partial(self.tell, READ_ALOUD), self.tr("念过")),
            KeyAction("1", read, partial(self.tell, READ), self.tr("看过"), primary=True),
        ]

    def hint(self) -> str:
        """Say how one moves."""
        return self.tr("↑↓ PgUp PgDn 上下看 · 3 4 另外同意")

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.title,
            self.tr("请监护人自己看，或念给监护人听；怎么告知的按 1 或 2，版本和摘要印在回执上。"),
            self.view.basis,
            self.tr("报名依法办理，不靠同意；家长群、照片不是报名需要的，同意了也随时可以撤回。"),
        )

    def on_enter(self) -> None:
        """Show what was agreed to, the notice from its beginning."""
        self._kept = self._read()
        for scope, tick in self.ticks.items():
            tick.set_value("1" if scope in self._kept else "")
        self.paper.verticalScrollBar().setValue(0)
        self.paper.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_leave(self) -> None:
        """Keep what was ticked, and leave nothing of a family on the page."""
        ticked = self._ticked()
        if ticked != self._kept:
            self._store("", ticked)
        for tick in self.ticks.values():
            tick.set_value("")
        self._kept = frozenset()
        self.show_banner(None)

    def _ticked(self) -> frozenset[str]:
        ticked = {scope for scope, tick in self.ticks.items() if not tick.is_blank()}
        return frozenset(ticked | (self._kept - set(self.ticks)))

    # --- keys -------------------------------------------------------------------------------

    def _turn(self, scope: str) -> None:
        """Tick or untick what is asked apart."""
        tick = self.ticks[scope]
        tick.set_value("1" if tick.is_blank() else "")

    def tell(self, told: str) -> None:
        """Note how the notice was told, and go back to the form."""
        self._kept = self._ticked()
        self._store(told, self._kept)
        self._leave()

    def print_notice(self) -> None:
        """Print the notice for the guardian (F9)."""
        words = self.tr("告知书已送打印")
        self.run_alone(
            self._tasks,
            lambda _progress: self._print_notice(self.view),
            lambda _done: self.show_banner(BannerView(State.DONE, words)),
            self.show_unprinted,
        )
