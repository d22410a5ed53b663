"""导出名单: a list as a workbook on a stick, masked unless the principal says otherwise.

Whoever takes it out says what for; that is written on every sheet and into each child's history.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import ProductError
from desktop_app.durable.sticks import plugged_in
from desktop_app.services.exporting import REASON_MOST, ExportDesk, Exported
from desktop_app.services.lists import ALL
from desktop_app.ui.exchanging import ExchangingPage, Find
from desktop_app.ui.look import Shape, look
from desktop_app.ui.models.listing import state_word
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import column, row
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State
from desktop_app.ui.widgets.inputs import TextInput
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.pill import StateLine
from desktop_app.ui.widgets.scroll import FocusScroll


class ExportPage(ExchangingPage):
    """导出名单, at a school."""

    nav_key = "list_export"
    within = "today"

    def __init__(
        self,
        desk: ExportDesk,
        tasks: Tasks,
        leave: Callable[[], object],
        *,
        find: Find = plugged_in,
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, the worker's door, what goes back, and what finds sticks."""
        super().__init__(tasks, find, parent)
        self._desk, self._leave = desk, leave
        self.which = ALL
        self.whole = False
        self._allowed = False
        self._count_of_now = 0
        self._build()
        self.arrange()

    def _build(self) -> None:
        """Put the stick, what is taken out, and what for in their places."""
        self.lines.addWidget(self.place)
        self.panel = Panel(self.tr("导出名单到 U 盘"), self)
        self.who = Text("", "strong", self.panel, wrap=True)
        self.panel.body.addWidget(self.who)
        self.numbers = StateLine(self.panel, bold=True)
        self.panel.body.addWidget(self.numbers)
        line = row(None, 10)
        self._label = Text(self.tr("用途"), "label", self.panel)
        line.addWidget(self._label)
        self.reason = TextInput(self.panel, name="reason", longest=REASON_MOST)
        self.reason.setPlaceholderText(self.tr("做什么用、给谁，例如：交中心校核对"))
        self.reason.setAccessibleName(self._label.text())
        line.addWidget(self.reason, 1)
        self.panel.body.addLayout(line)
        words = self.tr(
            "表里写着谁、何时、为什么导出，每个孩子的经过里也记一笔。号码是文本，Excel 弄不坏。"
        )
        self._note = Text(words, "secondary", self.panel, wrap=True)
        self.panel.body.addWidget(self._note)
        self.panel.body.addStretch(1)
        holder = column(None, 0)
        holder.addWidget(FocusScroll(self.panel, self, least=120), 1)
        self.lines.addLayout(holder, 1)
        self.lines.addWidget(self.progress)
        self.lines.addWidget(self.banner_place)

    def arrange(self) -> None:
        """Leave the note out at the largest type."""
        narrow = look().shape is Shape.NARROW
        self._note.setVisible(not narrow)
        self.panel.set_head_visible(visible=not narrow)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("导出名单")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        if self.busy:
            return [KeyAction("Esc", self.tr("停下（不丢）"), self.stop, short=self.tr("停下"))]
        words = self.tr("号码遮盖") if self.whole else self.tr("号码不遮盖")
        short = self.tr("遮盖") if self.whole else self.tr("不遮盖")
        why = self.tr("完整的号码只有校长能导出")
        shared = [one for one in self.shared_keys() if one.key != "Esc"]
        return [
            KeyAction("Esc", self.tr("返回"), self._leave),
            *shared,
            KeyAction("F8", words, self.turn, short, enabled=self._allowed, warns=True, why=why),
            KeyAction("F10", self.tr("导出"), self.export, primary=True, warns=self.whole),
        ]

    def hint(self) -> str:
        """Say how one moves."""
        return self.tr("写上用途，按 F10")

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("导出名单"),
            self.tr("平时导出的名单遮住姓名、号码和电话；完整的只有校长能导出，要写用途。"),
            explanation=self.tr("用完请删掉 U 盘上的表，不要发微信。"),
        )

    def on_enter(self) -> None:
        """Begin masked, with the caret where the purpose is written."""
        self.whole = False
        super().on_enter()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()

    def on_leave(self) -> None:
        """Forget the purpose: another list is for something else."""
        super().on_leave()
        self.reason.clear()
        self.show_banner(None)

    # --- values -----------------------------------------------------------------------------

    def choose(self, which: str) -> None:
        """Take which list is meant, from the page it was asked for."""
        self.which = which

    def refresh(self) -> None:
        """Fetch how many there are, and whether this person may see them whole."""
        which = self.which
        self._tasks.run(
            lambda _: (self._desk.count(which), self._desk.may_whole()), self._show, owner=self
        )

    def _show(self, found: tuple[int, bool]) -> None:
        self._count_of_now, self._allowed = found
        self._tell()
        self.keys_changed.emit()

    def _tell(self) -> None:
        words = self.tr("名单：{which}（{count} 人）")
        self.who.setText(words.format(which=state_word(self.which), count=self._count_of_now))
        if self.whole:
            self.numbers.say(
                State.NEEDS, self.tr("姓名、号码、电话、住址都完整：按规定保管，用完删除")
            )
        else:
            self.numbers.say(State.DONE, self.tr("姓名、号码、电话遮盖，住址只到村"))

    def place_entered(self) -> None:
        """Go from the place to the purpose."""
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what is done -----------------------------------------------------------------------

    def turn(self) -> None:
        """Take numbers out whole, or masked again (F8)."""
        if self._allowed and not self.busy:
            self.whole = not self.whole
            self._tell()
            self.keys_changed.emit()

    def export(self) -> None:
        """Write the list to the place (F10); pressed twice in haste it writes one."""
        place = self.where()
        if place is None or self.packed_just_now:
            return
        there, which, why, whole = place.expanduser(), self.which, self.reason.value(), self.whole
        self.work(
            lambda progress: self._desk.export(which, there, why, whole=whole, progress=progress),
            self._exported,
            self._refused,
            self._count,
        )

    def _exported(self, done: Exported) -> None:
        self.packed()
        words = self.tr("导出了 {count} 人：{name}，可以拔出")
        now = (
            self.tr("这份表是完整的号码：按规定保管，用完删除。")
            if done.whole
            else self.tr("号码是遮盖的；每个孩子的经过里记了一笔。")
        )
        told = words.format(count=done.rows, name=done.name)
        self.show_banner(BannerView(State.DONE, told, now))

    def _refused(self, error: ProductError) -> None:
        self.show_error(error)
        if error.code == "export.reason":
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
