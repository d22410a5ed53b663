"""政策包, at the district: what was published, what a new package changes, taking one back.

One thing at a time, as in 电脑: the list with the package of now beside it, or in its place what a
package would change, what is wrong with it, or the question before one is taken back. Nothing is
published that was not shown first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import partial

from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import ProductError
from desktop_app.durable.sticks import plugged_in
from desktop_app.policy.package import Policy
from desktop_app.services.policy_desk import Examined, PackageLine, PolicyDesk, Unfit
from desktop_app.ui.exchanging import Find
from desktop_app.ui.listing import ListingPage
from desktop_app.ui.look import Shape, look
from desktop_app.ui.pages.policies_lists import ChangesSheet, FaultsSheet
from desktop_app.ui.pages.policies_parts import (
    PackageDetail,
    TurnPackage,
    key_of,
    package_columns,
    package_row,
)
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State


class Mode(Enum):
    """What is being done: the list, one package read, one turned, one published, one refused."""

    LIST = 0
    READ = 1
    TURN = 2
    ASK = 3
    FAULTS = 4


_SIDES = {Mode.LIST: 0, Mode.READ: 0, Mode.TURN: 1, Mode.ASK: 2, Mode.FAULTS: 3}
_ALONE = frozenset({Mode.ASK, Mode.FAULTS})


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the page shows: the packages, the one this opening works by, the one in force."""

    lines: tuple[PackageLine, ...]
    in_use: Policy
    in_force: Policy


class PolicyPage(ListingPage):
    """政策包, at the district."""

    nav_key = "policies"

    def __init__(
        self,
        desk: PolicyDesk,
        tasks: Tasks,
        *,
        find: Find = plugged_in,
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, the door to the worker thread, and what finds sticks."""
        super().__init__(tasks, find, package_columns(), parent)
        self._desk = desk
        self._shelf: Shelf | None = None
        self._examined: Examined | None = None
        self._shown = ""
        self.mode = Mode.LIST
        self._build()
        self.arrange()

    def _build(self) -> None:
        """Name the list, and make what is done beside it."""
        self.panel.set_title(self.tr("发布过的政策包"))
        self.table.moved.connect(self._moved)
        self.table.opened.connect(lambda _key: self._go(Mode.READ))
        self.detail, self.turning = PackageDetail(self.side), TurnPackage(self.side)
        self.changes = ChangesSheet(self._tasks.run, self.side)
        self.faults = FaultsSheet(self._tasks.run, self.side)
        self.add_sides(self.detail, self.turning)
        for sheet in (self.changes, self.faults):
            self.side.addWidget(sheet)

    def arrange(self) -> None:
        """Stand side by side; long lists, and all of it at large type, stand alone."""
        listing = self.mode is Mode.LIST
        self.stand(doing=not listing, alone=self.mode in _ALONE, place=listing)
        for sheet in (self.changes, self.faults):
            sheet.set_narrow(narrow=look().shape is Shape.NARROW)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("政策包")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        back = partial(self._go, Mode.LIST)
        if self.mode is Mode.READ:
            return [KeyAction("Esc", self.tr("返回"), back)]
        if self.mode is Mode.FAULTS:
            again, short = self.tr("改好了，再检查"), self.tr("再查")
            return [
                KeyAction("Esc", self.tr("返回"), back),
                KeyAction("F5", again, self.examine, short=short, primary=True),
            ]
        if self.mode is Mode.ASK:
            leave, publish = self.tr("不发布，返回"), self.tr("发布给各校")
            return [
                KeyAction("Esc", leave, back, self.tr("返回")),
                KeyAction("F10", publish, self.publish, short=self.tr("发布"), primary=True),
            ]
        if self.mode is Mode.TURN:
            words, short = self.tr("撤回这一个"), self.tr("撤回")
            if self.turning.again:
                words, short = self.tr("重新启用这一个"), self.tr("启用")
            return [
                KeyAction("Esc", self.tr("不改，返回"), back, self.tr("返回")),
                KeyAction("F10", words, self.turn, short=short, primary=True, warns=True),
            ]
        return self._list_keys()

    def _list_keys(self) -> list[KeyAction]:
        line = self._line()
        turns = line is not None and bool(line.record)
        again = line is not None and line.withdrawn
        words = self.tr("重新启用…") if again else self.tr("撤回…")
        why = self.tr("随程序带来的不用撤回；先在名单里选一个发布过的（↑↓）")
        save, out = self.tr("存一份出来改"), self.tr("发布一个新的")
        return [
            *self.turning_keys(words, self.ask_turn, enabled=turns, why=why, warns=not again),
            KeyAction("F5", self.tr("重新看 U 盘"), self.look_for_sticks, short=self.tr("重看")),
            *self.shared_keys(),
            KeyAction("F7", save, self.save, short=self.tr("存一份")),
            KeyAction("F10", out, self.examine, short=self.tr("发布"), primary=True),
        ]

    def hint(self) -> str:
        """Say how one moves."""
        if self.mode is Mode.LIST:
            return self.tr("↑↓ 选政策包 · Enter 看这一个")
        return self.tr("↑↓ 往下看") if self.mode in _ALONE else ""

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("政策包"),
            self.tr("划片、材料、日期、文书用语都在政策包里；不许要的材料，谁签名也发不出去。"),
            explanation=self.tr("发布和撤回随回包到各校，每台电脑自己再查一遍，重新登录后使用。"),
        )

    def on_leave(self) -> None:
        """Leave no question open behind another page."""
        super().on_leave()
        self._go(Mode.LIST)

    # --- values -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch the packages."""
        self._tasks.run(lambda _: self._read(), self._show, owner=self)

    def _read(self) -> Shelf:
        return Shelf(self._desk.lines(), self._desk.in_use, self._desk.after_turning(""))

    def _show(self, shelf: Shelf) -> None:
        """Show the packages, unless they are shown already."""
        self._shelf = shelf
        self.table.show_rows(package_row(one) for one in shelf.lines)
        if self._shown:
            self.table.go_to_row(self.model.place(self._shown))
            self._shown = ""
        self._moved()

    def _moved(self, _key: str = "") -> None:
        line, shelf = self._line(), self._shelf
        if line is not None and shelf is not None:
            self.detail.show_line(line, shelf.in_use)
        self.keys_changed.emit()

    def _line(self) -> PackageLine | None:
        lines = () if self._shelf is None else self._shelf.lines
        here = self.table.current_key
        return next((one for one in lines if key_of(one) == here), None)

    def _highest(self) -> int:
        return max((one.number for one in self._shelf.lines), default=0) if self._shelf else 0

    # --- what is done -----------------------------------------------------------------------

    def _go(self, mode: Mode) -> None:
        """Begin something, or leave it without a change."""
        if self.busy or (mode is Mode.READ and self._line() is None):
            return
        self.mode = mode
        if mode is not Mode.ASK:
            self._examined = None
        if mode is not Mode.LIST:
            self.show_banner(None)
        self.side.setCurrentIndex(_SIDES[mode])
        self.arrange()
        self.keys_changed.emit()
        self.take_focus()

    def take_focus(self) -> None:
        """Take the focus to the list that stands on the page."""
        tables = {Mode.ASK: self.changes.table, Mode.FAULTS: self.faults.table}
        wanted: QWidget = tables.get(self.mode, self.table)
        self.focus_on(wanted)

    def _refused(self, error: ProductError) -> None:
        """Say over the list why it was refused."""
        self._go(Mode.LIST)
        self.show_error(error)

    def show_place(self) -> None:
        """Show the place of the stick, where something stands in its stead."""
        if self.mode is not Mode.LIST:
            self._go(Mode.LIST)

    def examine(self) -> None:
        """Examine the package on the stick, and show what it changes (F10)."""
        place = self.where()
        if place is not None:
            there = place.expanduser()
            self.work(lambda _: self._desk.look(there), self._examined_now, self._refused)

    def _examined_now(self, found: Examined | Unfit) -> None:
        """Show what a package changes, or all that is wrong with it."""
        if isinstance(found, Unfit):
            self.faults.show_faults(found)
            self._go(Mode.FAULTS)
            return
        if self._shelf is not None:
            self.changes.ask(found, self._shelf.in_force)
        self._go(Mode.ASK)
        self._examined = found
        self.packed()

    def publish(self) -> None:
        """Publish what was shown (F10); a key pressed twice in haste publishes nothing."""
        examined = self._examined
        if self.busy or self.mode is not Mode.ASK or examined is None or self.packed_just_now:
            return
        self.work(
            lambda _: self._desk.publish(examined),
            partial(self._published, examined.policy.number),
            self._refused,
        )

    def _published(self, number: str, record: str) -> None:
        self._shown = record
        self._go(Mode.LIST)
        words = self.tr("第 {number} 号政策包发布了").format(number=number)
        self._say_done(words, self.tr("随下一次回包发给各校；各台重新登录后使用。"))

    def _say_done(self, what: str, now: str) -> None:
        here = self.tr("这台电脑也一样：按 F12 锁屏再登录。")
        self.show_banner(BannerView(State.DONE, what, now + here))

    def ask_turn(self) -> None:
        """Ask before a package is taken back or brought back (T)."""
        line = self._line()
        if self.busy or self.mode is not Mode.LIST or line is None or not line.record:
            return
        self.work(lambda _: self._desk.after_turning(line.record), partial(self._ask_turn, line))

    def _ask_turn(self, line: PackageLine, after: Policy) -> None:
        self.turning.ask(line, after)
        self._go(Mode.TURN)

    def turn(self) -> None:
        """Take the package back, or bring it back (F10)."""
        line, again = self.turning.line, self.turning.again
        if self.busy or self.mode is not Mode.TURN or line is None:
            return
        self.work(
            lambda _: self._desk.withdraw(line.record, again=again),
            lambda _: self._turned(line.number, again=again),
            self._refused,
        )

    def _turned(self, number: int, *, again: bool) -> None:
        after = self.turning.after
        self._go(Mode.LIST)
        words = (
            self.tr("第 {number} 号政策包重新启用了")
            if again
            else self.tr("第 {number} 号政策包撤回了")
        )
        now = self.tr("生效的是第 {after} 号。随下一次回包告诉各校；各台重新登录后使用。")
        self._say_done(words.format(number=number), now.format(after=after))

    def save(self) -> None:
        """Write the files of the package in force to the place, to be edited (F7)."""
        place = self.where()
        if place is not None:
            there = place.expanduser()
            saved = partial(self._saved, self._highest())
            self.work(lambda _: self._desk.save(there).name, saved)

    def _saved(self, highest: int, name: str) -> None:
        words = self.tr("生效的政策包存好了，在文件夹 {name} 里").format(name=name)
        now = self.tr(
            '改里面的文件，policy.toml 里写 number = "{next}" 或更大（引号要留着），再按 F10 发布。'
        )
        self.show_banner(BannerView(State.DONE, words, now.format(next=highest + 1)))
