"""发接入票: the district gives a laptop of a school its ticket, the file here, the code on paper.

The code is shown once and large, to be written down; it is never written to a disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from desktop_app.durable.sticks import plugged_in
from desktop_app.services.ticket_desk import GivenTicket, SchoolTickets, TicketDesk
from desktop_app.ui.exchanging import Find
from desktop_app.ui.listing import ListingPage
from desktop_app.ui.look import Shape, look
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import column
from desktop_app.ui.views import BannerView, Column, HelpView, KeyAction, Row, State
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Fact, Sheet


def _columns() -> tuple[Column, ...]:
    return (
        Column(_tr("学校"), 0, strong=True),
        Column(_tr("已接入"), 110),
        Column(_tr("票没用"), 100),
        Column(_tr("下一个"), 80),
    )


def _tr(words: str) -> str:
    return QCoreApplication.translate("TicketPage", words)


class TicketPage(ListingPage):
    """发接入票, at the district."""

    nav_key = "tickets"

    def __init__(
        self,
        desk: TicketDesk,
        tasks: Tasks,
        *,
        find: Find = plugged_in,
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, the door to the worker thread, and what finds sticks."""
        super().__init__(tasks, find, _columns(), parent)
        self._desk = desk
        self._schools: dict[str, SchoolTickets] = {}
        self.given: GivenTicket | None = None
        self.panel.set_title(self.tr("给哪所学校"))
        self.paper = TicketPaper(self.side)
        self.telling = _Telling(self.side)
        self.add_sides(self.telling, self.paper)
        self.arrange()

    def arrange(self) -> None:
        """Stand side by side; at large type the list, or the paper while there is one."""
        paper = self.given is not None
        self.stand(doing=paper, place=not (paper and look().shape is Shape.NARROW))

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("发接入票")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        if self.given is not None:
            words, short = self.tr("已抄在纸上"), self.tr("抄好了")
            return [KeyAction("F10", words, self.written_down, short=short, primary=True)]
        give, none = self.tr("发一张接入票"), self.tr("先在名单里选一所学校（↑↓）")
        ready = bool(self.table.current_key)
        return [
            KeyAction("F5", self.tr("重新看 U 盘"), self.look_for_sticks, short=self.tr("重看")),
            *self.shared_keys(),
            KeyAction(
                "F10",
                give,
                self.give,
                short=self.tr("发票"),
                primary=True,
                enabled=ready,
                why=none,
            ),
        ]

    def hint(self) -> str:
        """Say how one moves."""
        return "" if self.given is not None else self.tr("↑↓ 选学校")

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("接入票"),
            self.tr("一张票给一所学校的一台电脑。台号和号段从存根来，不会发第二次。"),
            explanation=self.tr("文件在盘上，票码在纸上，分两路走：捡到一样的人接不进来。"),
        )

    # --- values -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Fetch the schools with the marks they have."""
        self._tasks.run(lambda _: self._desk.schools(), self._show, owner=self)

    def _show(self, schools: Sequence[SchoolTickets]) -> None:
        """Show the schools, unless they are shown already."""
        self._schools = {one.school: one for one in schools}
        self.table.show_rows(map(_row, schools))
        self.telling.warning.setVisible(any(one.is_example for one in schools))
        self.keys_changed.emit()

    # --- giving -----------------------------------------------------------------------------

    def give(self) -> None:
        """Make the next ticket of the school of now (F10)."""
        school, place = self.table.current_key, self.where()
        if place is None or not school or self.given is not None:
            return
        make = partial(self._desk.give_next, school, place.expanduser())
        self.work(lambda _: make(), self._made)

    def _made(self, given: GivenTicket) -> None:
        """Show what goes on the paper, once."""
        self.given = given
        known = self._schools.get(given.school)
        self.paper.show_ticket(given, known.label if known is not None else given.school)
        self.side.setCurrentIndex(1)
        self.arrange()
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # what is typed now goes nowhere

    def written_down(self) -> None:
        """Take the code off the screen for good (F10)."""
        given, self.given = self.given, None
        if given is None:
            return
        self.paper.forget()
        self.side.setCurrentIndex(0)
        self.arrange()
        words = self.tr("{name} 在盘上，可以拔出").format(name=given.path.name)
        now = self.tr("盘和纸分两路交给学校。票码不再显示；纸丢了就再发一张。")
        self.show_banner(BannerView(State.DONE, words, now))
        self.keys_changed.emit()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)


def _row(one: SchoolTickets) -> Row:
    """Say which marks of a school's tickets a laptop has joined with, and which nobody has."""
    unused = [mark for mark in one.marks if mark not in one.joined]
    cells = (one.label, _marks(one.joined) or "—", _marks(unused) or "—", one.following)
    return Row(one.school, cells)


def _marks(marks: Sequence[str]) -> str:
    """List marks in their order: 2 before 10."""
    return "、".join(sorted(marks, key=lambda one: (len(one), one)))


class _Telling(Sheet):
    """What a ticket is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 12, (20, 16, 20, 16))
        lines.addWidget(Text(self.tr("一台电脑一张票"), "title", self))
        words = self.tr("学校、村和划片还是示例：正式发票前，先到“政策包”换成本区的。")
        self.warning = Text(words, "strong", self, wrap=True)
        self.warning.setVisible(False)
        lines.addWidget(self.warning)
        for words in (
            self.tr("选学校，插上 U 盘，按 F10：票存到盘上，票码显示一次，抄在纸上。"),
            self.tr("台号印在回执号里，每台电脑不同，由存根接着排，不用自己编。"),
            self.tr("盘和纸分两路给学校。电脑坏了、恢复了备份，就再发一张新的。"),
        ):
            lines.addWidget(Text(words, "body", self, wrap=True))
        lines.addStretch(1)


class TicketPaper(Sheet):
    """What is written on the paper that goes another way than the stick."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 10, (20, 14, 20, 14))
        lines.addWidget(Text(self.tr("抄在纸上，不要写在盘上"), "page", self))
        self.school = Fact(self.tr("学校"), "", self)
        self.number = Fact(self.tr("学校代码"), "", self)
        self.mark = Fact(self.tr("台号"), "", self)
        lines.addWidget(Text(self.tr("票码"), "label", self))
        self.code = Text("", "big", self, wrap=True)
        lines.addWidget(self.code)
        lines.addWidget(Text(self.tr("区级指纹"), "label", self))
        self.fingerprint = Text("", "big", self, wrap=True)
        lines.addWidget(self.fingerprint)
        lines.addWidget(self.school)
        lines.addWidget(self.number)
        lines.addWidget(self.mark)
        words = self.tr("只显示这一次，程序不存票码。纸和盘分两路给学校。")
        lines.addWidget(Text(words, "body", self, wrap=True))
        lines.addStretch(1)
        for secret in (self.code, self.fingerprint):
            secret.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)

    def show_ticket(self, given: GivenTicket, label: str) -> None:
        """Show a ticket's paper."""
        numbers = self.tr("{mark}（号段 {first}–{last}）")
        stub = given.stub
        self.school.set_value(label)
        self.number.set_value(given.school)
        self.mark.set_value(numbers.format(mark=stub.mark, first=stub.first, last=stub.last))
        self.code.setText("  ".join(given.code.split("-")))
        self.fingerprint.setText("  ".join(given.fingerprint.split("-")))

    def forget(self) -> None:
        """Take the code off the screen."""
        self.code.setText("")
        self.fingerprint.setText("")
