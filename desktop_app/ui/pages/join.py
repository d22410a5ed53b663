"""接入区局: a school's computer joins with the file of a ticket and what stands on its paper.

The file is found on the stick by itself. Until this was done, registering works as always; only the
district takes nothing in that is packed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import ProductError
from desktop_app.durable.sticks import plugged_in
from desktop_app.sync.joining import JoiningDesk, JoinStanding
from desktop_app.ui.exchanging import Find
from desktop_app.ui.look import Shape, look
from desktop_app.ui.panes import show_panes
from desktop_app.ui.stick_form import CELL, FILE, StickFormPage
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import column
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State
from desktop_app.ui.widgets.formats import FINGERPRINT, TICKET_CODE
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.scroll import FocusScroll


class JoinPage(StickFormPage):
    """接入区局, at a school."""

    nav_key = "join"
    exchange_wanted = Signal()
    request_wanted = Signal()
    joined = Signal()

    def __init__(
        self,
        desk: JoiningDesk,
        tasks: Tasks,
        *,
        find: Find = plugged_in,
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, the door to the worker thread, and what finds sticks."""
        super().__init__(tasks, find, parent)
        self._desk = desk
        self._standing: JoinStanding | None = None
        self._anew = False
        self._build()
        self.arrange()

    def _build(self) -> None:
        """Put the stick, the form, and what it means in their places."""
        self.lines.addWidget(self.place)
        self.offer_file(self.tr("接入票"))
        paper = self.form.group(self.tr("纸上"), cell=CELL)
        self.ask_typed(paper, "code", self.tr("票码"), TICKET_CODE)
        self.ask_typed(paper, "fingerprint", self.tr("区级指纹"), FINGERPRINT)
        self.truth = Text("", "body", self.panel, wrap=True)
        self.truth.setContentsMargins(14, 10, 14, 0)
        self.truth.hide()
        self.panel.body.addWidget(self.truth)
        self.panel.body.addWidget(self.form)
        self.notes = [
            Text(words, "secondary", self.panel, wrap=True)
            for words in (
                self.tr("接入后，区里认得这台电脑：装的包收得进，回包也封给这里的人。"),
                self.tr("没接入也照常登记、审核、打回执，资料一件不丢；只是区里还不收。"),
                self.tr("票和纸由区招生办分开给。一张票只给一台电脑用，用过不能给第二台。"),
            )
        ]
        holder = column(None, 6, (14, 10, 14, 10))
        for note in self.notes:
            holder.addWidget(note)
        self.panel.body.addLayout(holder)
        self.panel.body.addStretch(1)
        self.lines.addWidget(FocusScroll(self.panel, self, least=120), 1)
        self.lines.addWidget(self.banner_place)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("接入区局")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        keys = [
            KeyAction("F5", self.tr("重新看 U 盘"), self.look_for_sticks, short=self.tr("重看"))
        ]
        if self._joined:
            words, short = self.tr("去交换装包"), self.tr("交换")
            first = not self._anew
            go = KeyAction("F4", words, self.exchange_wanted.emit, short=short, primary=first)
            again, none = self.tr("再用一张接入票"), self.tr("不用了，返回")
            words = none if self._anew else again
            short = self.tr("返回") if self._anew else self.tr("再用票")
            keys += [KeyAction("F2", words, self.other_side, short=short), go]
        else:
            words, short = self.tr("没有票，打电话核对"), self.tr("没有票")
            keys.append(KeyAction("F6", words, self.request_wanted.emit, short=short))
        words, short = self.tr("接入区局"), self.tr("接入")
        join = [KeyAction("F10", words, self.join, short=short, primary=True)]
        return [*keys, *self.shared_keys(), *(join if self._asking else [])]

    @property
    def _joined(self) -> bool:
        return self._standing is not None and self._standing.joined

    @property
    def _asking(self) -> bool:
        """Tell whether the form stands: before joining, or for a ticket with further numbers."""
        return self._anew or not self._joined

    def other_side(self) -> None:
        """Ask for one more ticket, or show again how this computer stands (F2)."""
        self._anew = not self._anew
        self.arrange()
        self.keys_changed.emit()
        self._take_focus()

    def arrange(self) -> None:
        """Show what is true once this computer has joined, and the form while it is wanted."""
        super().arrange()
        show_panes(((self.form, self._asking), (self.truth, not self._asking)))
        for note in self.notes:
            note.setVisible(self._asking and look().shape is not Shape.NARROW)
        asked = self.tr("用区里发的接入票，把这台电脑接入区局")
        self.panel.set_title(asked if self._asking else self.tr("这台电脑和区里"))

    def hint(self) -> str:
        """Say how one moves, while there is a form."""
        return super().hint() if self._asking else ""

    def _take_focus(self) -> None:
        if self._asking:
            self.form.go_first()
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("接入区局"),
            self.tr("票在 U 盘上，票码和区级指纹在纸上，两样齐了才能接入，捡到一样没有用。"),
            explanation=self.tr("票码 3 组、每组 5 位，输错会说是第几组。指纹 4 组、每组 4 位。"),
        )

    def on_enter(self) -> None:
        """Start at the first field that is still needed."""
        super().on_enter()
        self._take_focus()

    # --- values -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch how this computer stands to the district."""
        self._tasks.run(lambda _: self._desk.standing(), self._show, owner=self)

    def _show(self, standing: JoinStanding) -> None:
        """Say how this computer stands to the district."""
        asked = self._asking
        self._standing = standing
        if standing.joined:
            self.panel.set_pill(State.DONE, self.tr("已接入"))
            words = self.tr(
                "区里：{district}。回执号用台号 {mark}。区里认得这台电脑，回包也封给这里的人。"
            )
            self.truth.setText(words.format(district=standing.district, mark=standing.mark))
            if self.banner_place.view is None:
                self.show_banner(self._joined_banner(standing))
        elif standing.district:
            self.panel.set_pill(State.WAITING, self.tr("等核对身份"))
            if self.banner_place.view is None:
                self.show_banner(self._waiting_banner(standing))
        else:
            self.panel.set_pill(State.WAITING, self.tr("还没接入"))
        if asked != self._asking:
            self.arrange()
        self.keys_changed.emit()

    def _waiting_banner(self, standing: JoinStanding) -> BannerView:
        """Say that the district is known here, and has still to know this computer."""
        words = self.tr("认得区里了：{district}；区里还没有核对这台电脑")
        now = self.tr("装的包会在区里等着。按 F6 看这台电脑的指纹，打电话念给区里，再收一次回包。")
        return BannerView(State.WAITING, words.format(district=standing.district), now)

    def _joined_banner(self, standing: JoinStanding) -> BannerView:
        words = self.tr("这台电脑已接入：{district}").format(district=standing.district)
        now = self.tr("回执号用台号 {mark}。按 F4 去交换，装包交区级。").format(mark=standing.mark)
        return BannerView(State.DONE, words, now)

    def files_in(self, place: Path) -> Sequence[Path]:
        """Name the tickets for this school (on the worker thread)."""
        return self._desk.tickets(place)

    def found_words(self, count: int) -> str:
        """Say how many tickets were found, or that there is none."""
        return (
            self.tr("找到 {count} 张").format(count=count) if count else self.tr("这里没有接入票")
        )

    @property
    def missing_words(self) -> str:
        """Ask for the stick with the ticket."""
        return self.tr("先插上有票的 U 盘")

    # --- joining ----------------------------------------------------------------------------

    def join(self) -> None:
        """Join with the ticket that is chosen (F10)."""
        if self.busy or not self.is_right():
            return
        values = self.form.values()
        self.work(
            lambda _: self._desk.join(Path(values[FILE]), values["code"], values["fingerprint"]),
            self._done,
            self._refused,
        )

    def _done(self, standing: JoinStanding) -> None:
        """Say that this computer has joined, and what that means."""
        self._standing, self._anew = standing, False
        self.forget_typed()
        words = self.tr("接入成功：{district} 从现在起认得这台电脑")
        now = self.tr("回执号改用台号 {mark}。已登记的都在，下一步按 F4 去交换，装包交区级。")
        self.show_banner(
            BannerView(
                State.DONE,
                words.format(district=standing.district),
                now.format(mark=standing.mark),
            )
        )
        self.joined.emit()
        self.arrange()
        self._take_focus()

    def _refused(self, error: ProductError) -> None:
        """Say why not; the field the refusal is about takes the caret."""
        self.show_error(error)
        if error.code.startswith("paper.") or error.code == "ticket.wrong_code":
            self.form.go_to("code")
        elif error.code.startswith("district."):
            self.form.go_to("fingerprint")
