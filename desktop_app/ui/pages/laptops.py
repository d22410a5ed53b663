"""电脑, at the district: who waits is let in after a telephone call, who is lost is ended.

One thing at a time, as in 人员: the list with what is known of the laptop of now beside it, or a
form, or a question in its place (over it at large type).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import ProductError
from desktop_app.durable.sticks import plugged_in
from desktop_app.sync.admitting import Admitted
from desktop_app.sync.inbox import TakenIn
from desktop_app.sync.laptops import REVOKED, STRANGER, LaptopDesk, LaptopLine
from desktop_app.sync.revoking import Revoked
from desktop_app.ui.exchanging import Find
from desktop_app.ui.listing import ListingPage
from desktop_app.ui.pages.laptops_parts import (
    AdmitLaptop,
    EndLaptop,
    LaptopDetail,
    field_of,
    has_two_branches,
    laptop_columns,
    laptop_row,
    name_of,
)
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State


class Mode(Enum):
    """What is being done: the list, one laptop read, one let in, one ended."""

    LIST = 0
    READ = 1
    ADMIT = 2
    END = 3


_SIDES = {Mode.LIST: 0, Mode.READ: 0, Mode.ADMIT: 1, Mode.END: 2}


class LaptopPage(ListingPage):
    """电脑, at the district."""

    nav_key = "laptops"

    def __init__(
        self,
        desk: LaptopDesk,
        tasks: Tasks,
        *,
        find: Find = plugged_in,
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, the door to the worker thread, and what finds sticks."""
        super().__init__(tasks, find, laptop_columns(), parent)
        self._desk = desk
        self._lines: dict[str, LaptopLine] = {}
        self._met: Path | None = None
        self.mode = Mode.LIST
        self._build()
        self.arrange()

    def _build(self) -> None:
        """Name the list, and make what is done beside it."""
        self.panel.set_title(self.tr("各校的电脑"))
        self.table.say_nothing(self.tr("还没有电脑来过。收学校的包，或插上有接入申请的 U 盘。"))
        self.table.moved.connect(self._moved)
        self.table.opened.connect(lambda _key: self._go(Mode.READ))
        self.detail, self.admitting = LaptopDetail(self.side), AdmitLaptop(self.side)
        self.ending = EndLaptop(self.side)
        self.add_sides(self.detail, self.admitting, self.ending)

    def arrange(self) -> None:
        """Stand side by side; the form, and all of it at large type, stands alone."""
        listing = self.mode is Mode.LIST
        self.stand(doing=not listing, alone=self.mode in {Mode.ADMIT, Mode.END}, place=listing)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("电脑")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        back = partial(self._go, Mode.LIST)
        leave = KeyAction("Esc", self.tr("不改，返回"), back, self.tr("返回"))
        if self.mode is Mode.READ:
            return [KeyAction("Esc", self.tr("返回"), back)]
        if self.mode is Mode.ADMIT:
            words, short = self.tr("让它接入"), self.tr("接入")
            return [leave, KeyAction("F10", words, self.admit, short=short, primary=True)]
        if self.mode is Mode.END:
            words, short = self.tr("停用这台电脑"), self.tr("停用")
            return [
                leave,
                KeyAction("F10", words, self.end, short=short, primary=True, warns=True),
            ]
        return self._list_keys()

    def _list_keys(self) -> list[KeyAction]:
        line = self._line()
        waits = line is not None and line.state == STRANGER
        ends = line is not None and line.state not in {STRANGER, REVOKED}
        chosen = self.tr("先在名单里选一台在用的电脑（↑↓）")
        known = self.tr("先在名单里选一台等核对身份的电脑（↑↓）")
        return [
            *self.turning_keys(self.tr("停用…"), self._ask_end, enabled=ends, why=chosen),
            KeyAction("F5", self.tr("重新看 U 盘"), self.look_again, short=self.tr("重看")),
            *self.shared_keys(),
            KeyAction(
                "F10",
                self.tr("核对身份"),
                partial(self._go, Mode.ADMIT),
                short=self.tr("核对"),
                primary=True,
                enabled=waits,
                why=known,
            ),
        ]

    def hint(self) -> str:
        """Say how one moves."""
        words = self.tr("↑↓ 选电脑 · Enter 看这一台")
        return words if self.mode is Mode.LIST else ""

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("电脑"),
            self.tr("没有票的电脑先登记，区里打电话核对指纹后再收它的包；什么都不会丢。"),
            explanation=self.tr("指纹由学校念、区里输入；区里的指纹由区里念、学校输入。"),
        )

    def on_leave(self) -> None:
        """Leave nothing half typed behind another page."""
        super().on_leave()
        self._go(Mode.LIST)

    # --- values -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch the laptops."""
        self._tasks.run(lambda _: self._desk.lines(), self._show, owner=self)

    def _show(self, lines: Sequence[LaptopLine]) -> None:
        """Show the laptops, unless they are shown already."""
        self._lines = {one.feed: one for one in lines}
        self.table.show_rows(laptop_row(one) for one in lines)
        self._moved()

    def _moved(self, _key: str = "") -> None:
        self.detail.show_line(self._line())
        self.keys_changed.emit()

    def _line(self) -> LaptopLine | None:
        return self._lines.get(self.table.current_key)

    def look_again(self) -> None:
        """Read the stick once more (F5)."""
        self._met = None
        self.look_for_sticks()

    def read_place(self) -> None:
        """Read the requests on a stick, once for each that comes."""
        place = self.place.place
        if place == self._met or self.busy:
            return
        self._met = place
        if place is not None:
            there = place.expanduser()
            self._tasks.run(
                lambda _: self._desk.meet(there) if there.is_dir() else None,
                lambda _: self.refresh(),
                owner=self,
            )

    # --- what is done -----------------------------------------------------------------------

    def _go(self, mode: Mode) -> None:
        """Begin something, or leave it without a change."""
        if self.busy or (mode is not Mode.LIST and self._line() is None):
            return
        self.mode = mode
        if mode is not Mode.LIST:
            self.show_banner(None)
        line = self._line()
        if line is not None:
            self.admitting.begin(line)
        self.side.setCurrentIndex(_SIDES[mode])
        self.arrange()
        self.keys_changed.emit()
        self.take_focus()

    def take_focus(self) -> None:
        """Take the focus to the form, or to the list."""
        if self.mode is Mode.ADMIT:
            self.admitting.form.go_first()
        elif self.mode is Mode.END:
            self.ending.form.go_first()
        else:
            super().take_focus()

    def _refused(self, error: ProductError) -> None:
        """Say why it was refused, where the caret then stands."""
        self.show_error(error)
        if self.mode is Mode.ADMIT:
            self.admitting.form.go_to(field_of(error))

    def admit(self) -> None:
        """Let the laptop of now in (F10)."""
        line = self._line()
        if self.busy or self.mode is not Mode.ADMIT or line is None:
            return
        if not self.admitting.is_right():
            return
        values = self.admitting.form.values()
        feed, typed, name = line.feed, values["fingerprint"], values["name"].strip()
        self.work(
            lambda progress: self._desk.admit(feed, typed, name, progress=progress),
            self._admitted,
            self._refused,
        )

    def _admitted(self, done: tuple[Admitted, list[TakenIn]]) -> None:
        admitted, taken = done
        self._go(Mode.LIST)
        words = self.tr("接入了：{mark} 号台").format(mark=admitted.stub.mark)
        came = self.tr("等着的 {count} 个包收进来了。").format(count=len(taken)) if taken else ""
        now = self.tr("去“接收”页按 F10 出回包；学校收回包时输入区级指纹：{fingerprint}")
        told = came + now.format(fingerprint=self._desk.fingerprint())
        self.show_banner(BannerView(State.DONE, words, told))

    def _ask_end(self) -> None:
        """Ask before a laptop is ended; leaving is the way that changes nothing (T)."""
        line = self._line()
        if line is not None and line.state not in {STRANGER, REVOKED}:
            self.ending.ask(line)
            self._go(Mode.END)

    def end(self) -> None:
        """End the laptop of now (F10)."""
        line = self._line()
        if self.busy or self.mode is not Mode.END or line is None:
            return
        if not self.ending.is_right():
            return
        reason, other = self.ending.reason, self.ending.other
        self.work(
            lambda _: self._desk.revoke(line.feed, reason=reason, other=other),
            partial(self._ended, line),
            self._refused,
        )

    def _ended(self, line: LaptopLine, done: Revoked) -> None:
        self._go(Mode.LIST)
        words = self.tr("{name} 已停用").format(name=name_of(line))
        counted = self.tr("已收到的都算数。")
        if has_two_branches(line):
            kept = self.tr("选的那一支算数，到第 {sequence} 条；另一支留着不算数。")
            counted = kept.format(sequence=done.sequence)
        now = self.tr("去“接收”页按 F10 出回包，学校就知道了。")
        self.show_banner(BannerView(State.DONE, words, counted + now))
