"""不用票接入: a school's computer leaves a request, its fingerprint is read out, an answer comes.

Both fingerprints are compared by telephone: the district types this computer's, this computer the
district's. Registering goes on all the while.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import ProductError
from desktop_app.durable.sticks import plugged_in
from desktop_app.sync.accepting import Accepted, RequestDesk
from desktop_app.ui.exchanging import Find
from desktop_app.ui.look import Shape, look
from desktop_app.ui.stick_form import CELL, FILE, StickFormPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import column
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State
from desktop_app.ui.widgets.formats import FINGERPRINT
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.scroll import FocusScroll


class RequestPage(StickFormPage):
    """不用票接入, at a school."""

    nav_key = "request"
    within = "join"
    joined = Signal()

    def __init__(
        self,
        desk: RequestDesk,
        tasks: Tasks,
        leave: Callable[[], object],
        *,
        find: Find = plugged_in,
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, the worker's door, what goes back, and what finds sticks."""
        super().__init__(tasks, find, parent)
        self._desk = desk
        self._leave = leave
        self._joined = False
        self._build()
        self.arrange()

    def _build(self) -> None:
        """Put the stick, the fingerprint to read out, and the answer in their places."""
        self.lines.addWidget(self.place)
        self.panel.set_title(self.tr("没有票：打电话核对指纹，把这台电脑接入区局"))
        top = column(None, 6, (14, 10, 14, 4))
        first = self.tr("一、按 F7 把申请存到 U 盘，交给区里；再打电话，把这台电脑的指纹念给区里：")
        top.addWidget(asked := Text(first, "body", self.panel, wrap=True))
        self.own = Text("", "big", self.panel, wrap=True)
        self.own.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        top.addWidget(self.own)
        then = self.tr("二、区里核对好，出了回包：插上 U 盘，请区里念区级指纹，输入后按 F10。")
        top.addWidget(answered := Text(then, "body", self.panel, wrap=True))
        self.panel.body.addLayout(top)
        self.offer_file(self.tr("回包"))
        phone = self.form.group(self.tr("电话里"), cell=CELL)
        self.ask_typed(phone, "fingerprint", self.tr("区级指纹"), FINGERPRINT)
        self.panel.body.addWidget(self.form)
        words = self.tr("核对以前照常登记、审核、打回执；装的包在区里等着，一条不丢。")
        note = Text(words, "secondary", self.panel, wrap=True)
        self.notes = [asked, answered, note]
        holder = column(None, 6, (14, 6, 14, 10))
        holder.addWidget(note)
        self.panel.body.addLayout(holder)
        self.panel.body.addStretch(1)
        self.lines.addWidget(FocusScroll(self.panel, self, least=120), 1)
        self.lines.addWidget(self.banner_place)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("不用票接入")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        shared = [one for one in self.shared_keys() if one.key != "Esc" or self.busy]
        back = [] if self.busy else [KeyAction("Esc", self.tr("返回"), self._leave)]
        if self._joined:
            return back
        words, short = self.tr("把申请存到 U 盘"), self.tr("存申请")
        accept = self.tr("收回包并接入")
        return [
            *back,
            KeyAction("F5", self.tr("重新看 U 盘"), self.look_for_sticks, short=self.tr("重看")),
            KeyAction("F7", words, self.leave_request, short=short),
            *shared,
            KeyAction("F10", accept, self.accept, short=self.tr("接入"), primary=True),
        ]

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("不用票接入"),
            self.tr("两边各念一个指纹、各输一个指纹，都对得上才接入；路上换掉文件的人骗不过去。"),
            explanation=self.tr("指纹 4 组、每组 4 位。区级指纹也印在区里发的纸上。"),
        )

    def on_enter(self) -> None:
        """Show the fingerprint, and start at the first field that is still needed."""
        super().on_enter()
        self.own.setText("  ".join(self._desk.fingerprint.split("-")))
        if self._joined:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.form.go_first()

    def arrange(self) -> None:
        """Show nothing to fill in once this computer has joined."""
        super().arrange()
        narrow = look().shape is Shape.NARROW
        self.form.setVisible(not self._joined)
        self.own.setVisible(not self._joined)
        for note in self.notes:
            note.setVisible(not self._joined and not narrow)

    # --- values -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch whether this computer has joined."""
        self._tasks.run(lambda _: self._desk.joined(), self._show, owner=self)

    def _show(self, joined: object) -> None:
        changed, self._joined = bool(joined) != self._joined, bool(joined)
        if changed:
            self.arrange()
            if self.isVisible():
                self.setFocus(Qt.FocusReason.OtherFocusReason)
        if joined:
            self.panel.set_pill(State.DONE, self.tr("已接入"))
            self.panel.set_title(self.tr("这台电脑已接入，不用再核对"))
        else:
            self.panel.set_pill(State.WAITING, self.tr("等核对身份"))
        self.keys_changed.emit()

    def files_in(self, place: Path) -> Sequence[Path]:
        """Name the answers for this school (on the worker thread)."""
        return self._desk.answers(place)

    def found_words(self, count: int) -> str:
        """Say how many answers were found, or that there is none."""
        words = self.tr("找到 {count} 个") if count else self.tr("这里没有回包")
        return words.format(count=count)

    @property
    def missing_words(self) -> str:
        """Ask for the stick with the answer."""
        return self.tr("先插上有回包的 U 盘")

    # --- what is done -----------------------------------------------------------------------

    def leave_request(self) -> None:
        """Leave this computer's request on the stick (F7)."""
        place = self.where()
        if place is None:
            return
        there = place.expanduser()
        self.work(lambda _: self._desk.leave(there), self._left)

    def _left(self, path: Path) -> None:
        words = self.tr("申请存好了：{name}，可以拔出").format(name=path.name)
        now = self.tr(
            "交给区里，再打电话念这台电脑的指纹：{fingerprint}。申请里没有姓名和孩子的资料。"
        )
        told = now.format(fingerprint=self._desk.fingerprint)
        self.show_banner(BannerView(State.DONE, words, told))

    def accept(self) -> None:
        """Accept the answer that is chosen (F10)."""
        if self.busy or not self.is_right():
            return
        values = self.form.values()
        path, typed = Path(values[FILE]), values["fingerprint"]
        self.work(
            lambda progress: self._desk.accept(path, typed, progress), self._done, self._refused
        )

    def _done(self, accepted: Accepted) -> None:
        """Say that this computer has joined, or that the district has still to compare."""
        self.forget_typed()
        if not accepted.joined:
            words = self.tr("认得区里了：{district}；区里还没有核对这台电脑")
            now = self.tr(
                "装的包会在区里等着。请打电话念这台电脑的指纹 {fingerprint}，再收一次回包。"
            )
            now = now.format(fingerprint=self._desk.fingerprint)
            state = State.WAITING
        else:
            words = self.tr("接入成功：{district} 从现在起认得这台电脑")
            now = self.tr("已登记的都在，回执号改用区里给的台号。下一步去“交换”页装包交区级。")
            state = State.DONE
            self.joined.emit()
        self.show_banner(BannerView(state, words.format(district=accepted.district), now))

    def _refused(self, error: ProductError) -> None:
        """Say why not; the field the refusal is about takes the caret."""
        self.show_error(error)
        about = error.code.startswith(("paper.", "district."))
        self.form.go_to("fingerprint" if about else FILE)
