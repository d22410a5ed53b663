"""What 材料审核 asks before it is done, and the last decision, which one key takes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop_app.services.assigning import AssigningDesk
from desktop_app.services.examination import Examination
from desktop_app.services.passing import Overtaken
from desktop_app.services.undoing import Kept, UndoDesk, Undone
from desktop_app.ui.page import Page
from desktop_app.ui.views import BannerView, KeyAction, State

_MOST_NAMED = 4

T = TypeVar("T")


class Run(Protocol):
    """Does a use case on the worker thread, one at a time."""

    def __call__(self, use_case: Callable[[], T], on_success: Callable[[T], None], /) -> None:
        """Begin it."""


class Asker(QObject):
    """One question at a time: Ctrl+Enter says yes, Esc leaves everything as it is."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._yes: Callable[[], object] | None = None
        self._words = ("", "")

    @property
    def asking(self) -> bool:
        """Tell whether an answer is waited for."""
        return self._yes is not None

    def ask(self, view: BannerView, words: tuple[str, str], yes: Callable[[], object]) -> None:
        """Ask; ``words`` are what saying yes does, in full and for large type."""
        self._words, self._yes = words, yes
        self._page.show_banner(view)
        self._page.keys_changed.emit()

    def forget(self) -> None:
        """Leave everything as it is."""
        if self._yes is not None:
            self._yes = None
            self._page.show_banner(None)
            self._page.keys_changed.emit()

    def say_yes(self) -> None:
        """Do what was asked about."""
        yes, self._yes = self._yes, None
        if yes is not None:
            self._page.show_banner(None)
            yes()
            self._page.keys_changed.emit()

    def keys(self) -> list[KeyAction]:
        """List the answers; Enter of either block of keys counts."""
        full, short = self._words
        return [
            KeyAction("Esc", self.tr("不改，返回"), self.forget, self.tr("返回")),
            KeyAction("Ctrl+Enter", full, self.say_yes, short, warns=True),
            KeyAction("Ctrl+Return", full, self.say_yes, short, shown=False),
        ]


class Holding(QObject):
    """Takes a case on, or puts it back; somebody else's after a question (G)."""

    turned = Signal()

    def __init__(self, page: Page, desk: AssigningDesk, asker: Asker, run: Run) -> None:
        super().__init__(page)
        self._page, self._desk, self._asker, self._run = page, desk, asker, run

    def turn(self, case: Examination | None) -> None:
        """Have the case of now in one's own hands, or no more."""
        if case is None or self._page.busy:
            return
        record = case.record
        if not case.holder_name:
            take = self._desk.put_back if case.holder else self._desk.take
            self._do(partial(take, record))
            return
        what = self.tr("{case} 是 {name} 在办，接过来？")
        view = BannerView(
            State.NEEDS,
            what.format(case=case.name, name=case.holder_name),
            self.tr("先和本人说一声。Ctrl+Enter 接过来，Esc 不接。"),
        )
        take_over = partial(self._desk.take, record, case.holder)
        words = (self.tr("接过来办"), self.tr("接过"))
        self._asker.ask(view, words, partial(self._do, take_over))

    def _do(self, use_case: Callable[[], object]) -> None:
        self._run(use_case, lambda _done: self.turned.emit())


class LastDecision(QObject):
    """Keeps what was decided last, and takes it back after a question."""

    undone = Signal()

    def __init__(self, page: Page, desk: UndoDesk, asker: Asker, run: Run) -> None:
        super().__init__(page)
        self._page, self._desk, self._asker, self._run = page, desk, asker, run
        self._records: tuple[str, ...] = ()
        self._name = ""
        self._sent_back = False
        self.passed = self.returned = 0
        """How many were passed and sent back here, what was taken back left out."""

    def keep(self, records: Sequence[str], name: str = "", *, sent_back: bool = False) -> None:
        """Remember what was decided: one case by its name, or many."""
        self._records, self._name, self._sent_back = tuple(records), name, sent_back
        self._count(len(self._records))

    def _count(self, more: int) -> None:
        if self._sent_back:
            self.returned += more
        else:
            self.passed += more

    def say_sent_back(self, record: str, name: str, why: str) -> None:
        """Say who was sent back and why, and which key takes it back."""
        self.keep([record], name, sent_back=True)
        what = self.tr("{name} 已退回：{why}").format(name=name, why=why)
        self._page.show_banner(BannerView(State.DONE, what, self.tr("退错了按 Ctrl+Z 撤销。")))

    def key(self) -> KeyAction:
        """Give the key that takes it back; it stands in no bar, as the hand knows it."""
        words = (self.tr("撤销刚才的决定"), self.tr("撤销"))
        why = self.tr("进这一页以后还没有通过或退回，没有可撤销的")
        may = bool(self._records)
        return KeyAction("Ctrl+Z", words[0], self.ask, words[1], enabled=may, why=why, shown=False)

    def ask(self) -> None:
        """Ask by name, or by number (Ctrl+Z)."""
        if not self._records or self._page.busy:
            return
        what = self.tr("撤销刚才对 {name} 的决定？").format(name=self._name)
        if len(self._records) > 1:
            what = self.tr("撤销刚才成批通过的 {count} 件？").format(count=len(self._records))
        now = self.tr("回到决定以前的样子，两次都留痕。Ctrl+Enter 撤销，Esc 不撤。")
        words = (self.tr("撤销刚才的决定"), self.tr("撤销"))
        self._asker.ask(BannerView(State.NEEDS, what, now), words, self._undo)

    def _undo(self) -> None:
        records, desk = self._records, self._desk
        self._run(lambda: desk.undo(records), self._is_undone)

    def _is_undone(self, done: Undone) -> None:
        self._records = ()
        self._count(-len(done.records))
        self.undone.emit()
        self._page.show_banner(self._said(done))

    def _said(self, done: Undone) -> BannerView:
        """Say what is as it was before, and what is not and why."""
        name = done.names[0] if len(done.names) == 1 else ""
        what = self.tr("{name}：决定已撤销").format(name=name)
        if not name:
            what = self.tr("已撤销 {count} 件").format(count=len(done.records))
        if not done.kept:
            return BannerView(State.DONE, what, self.tr("和决定以前一样。"))
        left = "；".join(map(self._left, done.kept[:_MOST_NAMED]))
        more = len(done.kept) - _MOST_NAMED
        if more > 0:
            left += self.tr("；另有 {count} 件").format(count=more)
        if not done.records:
            what = self.tr("没有撤销")
        return BannerView(State.NEEDS, what, left + self.tr("。这些没有动。"))

    def _left(self, kept: Kept) -> str:
        words = {
            "gone": self.tr("有一件登记已撤走"),
            "nothing": self.tr("{name} 已经撤销过"),
            "others": self.tr("{name} 后来别人又审过"),
            "changed": self.tr("{name} 后来有人改过"),
            "decided": self.tr("{name} 区里已经通过"),
        }
        return words[kept.why].format(name=kept.name)

    def passed_many(self, passed: Sequence[str], overtaken: Sequence[Overtaken]) -> None:
        """Say how many were passed at once, and whom somebody changed meanwhile."""
        self.keep(passed)
        what = self.tr("已通过 {count} 件，每件都已签名").format(count=len(passed))
        now = self.tr("按 Ctrl+Z 可以全部撤销。")
        if overtaken:
            named = "、".join(one.name or self.tr("（已撤走）") for one in overtaken[:_MOST_NAMED])
            words = self.tr("{names} 等 {count} 件在您看的时候有人改过，没有通过，请单独看。")
            now = words.format(names=named, count=len(overtaken)) + now
        state = State.NEEDS if overtaken else State.DONE
        self._page.show_banner(BannerView(state, what, now))
