"""人员: who works at this computer; whoever leads lets people in, ends them, renews the code.

One thing at a time: the list, or a form, a question, a code in its place beside it (over it at
large type). Who may do what is the service's; whoever may not is told in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial

from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.domain.acts import ROLE_LABELS, Role
from desktop_app.domain.errors import ProductError, RuleError
from desktop_app.messages.catalogue import sentence
from desktop_app.security.memory import wipe
from desktop_app.services.people import PeopleDesk, PersonLine
from desktop_app.services.progress import Progress
from desktop_app.ui.look import Shape, look
from desktop_app.ui.page import Page
from desktop_app.ui.pages.people_parts import (
    AddPerson,
    EndPerson,
    RenewCode,
    Telling,
    field_of,
    person_columns,
    person_row,
)
from desktop_app.ui.panes import show_panes, stand_beside
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import language
from desktop_app.ui.units import row
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.recovery import RecoverySheet
from desktop_app.ui.widgets.scroll import FocusScroll
from desktop_app.ui.widgets.table import WholeTable


class Mode(Enum):
    """What is being done."""

    LIST = 0
    ADD = 1
    END = 2
    CODE = 3
    RENEW = 4


@dataclass(frozen=True, slots=True)
class Crew:
    """What the page shows: who is here, and which roles the acting person may grant."""

    lines: tuple[PersonLine, ...]
    grantable: frozenset[Role]
    acting: str


class PeoplePage(Page):
    """人员, at every seat."""

    nav_key = "people"

    def __init__(self, desk: PeopleDesk, tasks: Tasks, parent: QWidget | None = None) -> None:
        """Take the desk and the door to the worker thread."""
        super().__init__(parent)
        self._desk, self._tasks = desk, tasks
        self._crew = Crew((), frozenset(), "")
        self._show_statistics: Callable[[], object] | None = None
        self.mode = Mode.LIST
        self._build()
        self.arrange()

    def _build(self) -> None:
        """Put the list and what is done beside it in their places."""
        halves = row(None, 9)
        self.panel = Panel(self.tr("这台电脑的人员"), self, margins=(0, 0, 0, 0))
        self.table = WholeTable(person_columns(), self._tasks.run, self.panel, row=38)
        self.model = self.table.rows
        self.table.moved.connect(lambda _key: self.keys_changed.emit())
        self.panel.body.addWidget(self.table)
        halves.addWidget(self.panel, 1)
        self.side = QStackedWidget(self)
        self.telling, self.adding = Telling(self.side), AddPerson(self.side)
        self.ending, self.recovery = EndPerson(self.side), RecoverySheet()
        renewing = RenewCode(self.side)
        for part in (self.telling, self.adding, self.ending, self.recovery, renewing):
            self.side.addWidget(FocusScroll(part, self.side, least=150))
        halves.addWidget(self.side, 1)
        self.lines.addLayout(halves, 1)
        self.lines.addWidget(self.banner_place)

    def arrange(self) -> None:
        """Stand side by side; a form and a code, and all of it at large type, stand alone."""
        wide = look().shape is Shape.WIDE and self.mode in {Mode.LIST, Mode.END, Mode.RENEW}
        listing = self.mode is Mode.LIST
        parts = ((self.panel, wide or listing), (self.side, wide or not listing))
        show_panes(parts)
        stand_beside(self.side, 500, beside=wide)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("人员")

    def key_actions(self) -> list[KeyAction]:
        """List the keys for what is being done."""
        if self.mode is Mode.CODE:
            words, short = self.tr("已抄好封存"), self.tr("抄好了")
            return [KeyAction("F10", words, self._code_kept, short=short, primary=True)]
        leave = KeyAction(
            "Esc", self.tr("不改，返回"), partial(self._go, Mode.LIST), self.tr("返回")
        )
        if self.mode is Mode.ADD:
            words, short = self.tr("加进来并授权"), self.tr("加进来")
            return [leave, KeyAction("F10", words, self.add, short=short, primary=True)]
        if self.mode in {Mode.END, Mode.RENEW}:
            words, short, call = self.tr("停用这个人"), self.tr("停用"), self.end
            if self.mode is Mode.RENEW:
                words, short, call = self.tr("换恢复码"), self.tr("换"), self.renew_code
            return [leave, KeyAction("F10", words, call, short=short, primary=True, warns=True)]
        return self._list_keys()

    def _list_keys(self) -> list[KeyAction]:
        """List the keys of the list; whoever may let nobody in hears why."""
        why = "" if self._crew.grantable else self._not_allowed()
        may = not why
        code, short = self.tr("换恢复码"), self.tr("恢复码")
        begin, add = partial(self._go, Mode.ADD), self.tr("加一个人")
        renew = partial(self._go, Mode.RENEW)
        stop = self._why_not_end() if may else why
        return [
            *self._statistics_keys(),
            KeyAction("T", self.tr("停用…"), self._ask_end, enabled=not stop, warns=True, why=stop),
            KeyAction("F7", code, renew, short=short, enabled=may, why=why),
            KeyAction("F4", add, begin, short=self.tr("加人"), enabled=may, why=why, primary=True),
        ]

    def offer_statistics(self, show: Callable[[], object]) -> None:
        """Offer the way to one's own figures of entry."""
        self._show_statistics = show
        self.keys_changed.emit()

    def _statistics_keys(self) -> list[KeyAction]:
        if self._show_statistics is None:
            return []
        return [KeyAction("F2", self.tr("我的统计"), self._show_statistics, self.tr("统计"))]

    def _not_allowed(self) -> str:
        said = sentence(RuleError("people.not_allowed"), language())
        return f"{said.what}{said.now}"

    def _why_not_end(self) -> str:
        """Say why the person of now cannot be ended, or nothing where they can."""
        line = self._line()
        if line is None:
            return self.tr("先在名单里选一个人（↑↓）")
        if line.key == self._crew.acting:
            said = sentence(RuleError("people.self"), language())
            return f"{said.what}{said.now}"
        if line.ended or not line.opens_this_computer:
            return self.tr("{name} 已经不能打开这台电脑").format(name=line.name)
        return ""

    def hint(self) -> str:
        """Say how one moves."""
        if self.mode is Mode.ADD:
            return self.tr("Enter 到下一格 · 空格勾选角色")
        return self.tr("↑↓ 选人") if self.mode is Mode.LIST else ""

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("人员"),
            self.tr("每个人用自己的姓名和密码，签的名才算数；不要合用一个人的密码。"),
            explanation=self.tr("停用后密码马上作废，以前签的名仍然有效。"),
        )

    def on_enter(self) -> None:
        """Take the focus and fresh lines."""
        if self.mode is Mode.LIST:
            self.refresh()
        self._take_focus()

    def on_leave(self) -> None:
        """Keep no password behind another page."""
        if self.mode in {Mode.ADD, Mode.END, Mode.RENEW}:
            self._go(Mode.LIST)

    # --- values -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch who is here."""
        self._tasks.run(self._read, self._show, owner=self)

    def _read(self, _progress: Progress) -> Crew:
        return Crew(self._desk.lines(), self._desk.grantable(), self._desk.acting)

    def _show(self, crew: Crew) -> None:
        """Show who is here, unless it is shown already."""
        self._crew = crew
        self.telling.show_rights(
            self.tr("按 F4 加人，选一个人按 T 停用。") if crew.grantable else self._not_allowed()
        )
        self.table.show_rows(person_row(one, acting=crew.acting) for one in crew.lines)
        self.keys_changed.emit()

    def _line(self) -> PersonLine | None:
        here = self.table.current_key
        return next((one for one in self._crew.lines if one.key == here), None)

    # --- what is done -----------------------------------------------------------------------

    def _go(self, mode: Mode) -> None:
        """Begin something, or leave it without a change."""
        if self.busy:
            return
        self.mode = mode
        self.show_banner(None)
        self.adding.begin(self._crew.grantable)
        self.side.setCurrentIndex(mode.value)
        self.arrange()
        self.keys_changed.emit()
        self._take_focus()

    def _take_focus(self) -> None:
        if self.mode is Mode.ADD:
            self.adding.form.go_first()
        elif self.mode is Mode.CODE:
            self.recovery.form.go_first()
        else:
            self.focus_on(self.table)

    def _work(self, use_case: Callable[[], object], on_success: Callable[..., None]) -> None:
        self.run_alone(
            self._tasks, lambda _: use_case(), on_success, self._refused, on_end=self.refresh
        )

    def _refused(self, error: ProductError) -> None:
        """Say why it was refused, where the caret then stands."""
        self.show_error(error)
        field = field_of(error)
        if self.mode is Mode.ADD and field:
            self.adding.form.go_to(field)

    def add(self) -> None:
        """Let a person in (F10)."""
        if self.busy or self.mode is not Mode.ADD or not self.adding.is_right():
            return
        name, roles, password = self.adding.take()

        def work() -> None:
            try:
                self._desk.add(name, password, roles)
            finally:
                wipe(password)

        self._work(work, lambda _: self._added(name, roles))

    def _added(self, name: str, roles: frozenset[Role]) -> None:
        self._go(Mode.LIST)
        labels = "、".join(ROLE_LABELS[role] for role in sorted(roles))
        words = self.tr("{name} 加进来了：{roles}").format(name=name, roles=labels)
        now = self.tr("请本人现在按 F12 锁屏，自己登录一次。恢复码不变，还是信封里那一个。")
        self.show_banner(BannerView(State.DONE, words, now))

    def _ask_end(self) -> None:
        """Ask before a person is ended, by name; leaving is the way that changes nothing."""
        line = self._line()
        if line is not None and not self._why_not_end():
            self.ending.ask(line)
            self._go(Mode.END)

    def end(self) -> None:
        """End a person (F10)."""
        line = self._line()
        if self.busy or self.mode is not Mode.END or line is None:
            return
        self._work(lambda: self._desk.end(line.name), lambda _: self._ended(line.name))

    def _ended(self, name: str) -> None:
        self._go(Mode.LIST)
        words = self.tr("{name} 已停用，密码作废").format(name=name)
        now = self.tr("以前签的名仍然有效。旧备份用他的密码还打得开，请收好。")
        self.show_banner(BannerView(State.DONE, words, now))

    def renew_code(self) -> None:
        """Make a new recovery code (F7, F10); shown once, the old one opens nothing more."""
        if not self.busy and self.mode is Mode.RENEW:
            self._work(self._desk.code_to_copy, self._show_code)

    def _show_code(self, code: str) -> None:
        self._go(Mode.CODE)
        self.recovery.show_code(code)

    def _code_kept(self) -> None:
        """Go back to the list once the code was typed back."""
        if self.recovery.confirmed():
            self.recovery.forget()
            self._tasks.run(lambda _: self._desk.confirm_copy(), lambda _: None, owner=self)
            self._go(Mode.LIST)
            words = self.tr("恢复码换好了，旧的当场作废")
            now = self.tr("请把旧信封撕掉，新信封封口签名，交负责人保管。")
            self.show_banner(BannerView(State.DONE, words, now))
