"""给家长看: what a guardian may ask at the desk: a print of all that is held, consent withdrawn.

Nothing of the child stands on the screen here; the sheet goes from the database to the printer, and
that it was printed is logged with the name of whoever did it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.documents.own_information import OwnInformation
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.services.consents import ConsentDesk, Standing
from desktop_app.services.own_information import OwnInformationDesk
from desktop_app.services.progress import Progress
from desktop_app.ui.page import Page
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import column, row, set_units
from desktop_app.ui.views import BannerView, HelpView, KeyAction, State
from desktop_app.ui.widgets.labels import Hairline, Plain, Text
from desktop_app.ui.widgets.panel import Panel
from desktop_app.ui.widgets.pill import StateLine
from desktop_app.ui.widgets.scroll import FocusScroll

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class GuardianPrint:
    """What prints the sheet, on the worker thread; ``require`` refuses where nothing prints."""

    require: Callable[[], None]
    print_sheet: Callable[[OwnInformation], None]


class GuardianPage(Page):
    """The consents of one registered case, and the print of its information."""

    nav_key = "guardian"
    within = "today"

    def __init__(
        self,
        desk: OwnInformationDesk,
        consents: ConsentDesk,
        tasks: Tasks,
        printing: GuardianPrint,
        leave: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        """Take the use cases, the door to the worker thread, what prints and what goes back."""
        super().__init__(parent)
        self._desk, self._consents, self._tasks = desk, consents, tasks
        self._printing, self._leave = printing, leave
        self._record = ""
        self._standing = Standing()
        self.scopes = CODE_LISTS["consent_scope"].entries
        self._build()
        self._show(Standing())

    def _build(self) -> None:
        self._sheet = Panel(self.tr("给家长看"), self, head=46, title_role="page")
        content = Plain(self._sheet)
        lines = column(content, 9, (10, 6, 10, 8))
        what = self.tr("打印：这个孩子的全部登记信息，自己的号码不遮，请家长核对签收。")
        lines.addWidget(Text(what, "strong", content, wrap=True))
        more = self.tr("不印审核员的记录，不印别家的信息。打印留痕：谁、什么时候。")
        lines.addWidget(Text(more, "secondary", content, wrap=True))
        lines.addWidget(Hairline(content))
        self._told = Text("", "body", content, wrap=True)
        lines.addWidget(self._told)
        self._lines: dict[str, StateLine] = {}
        for place, scope in enumerate(self.scopes, 1):
            holder = Plain(content)
            line = row(holder, 8)
            line.addWidget(Text(f"{place}", "strong", holder))
            label = Text(scope.label, "body", holder)
            set_units(label, min_width=132)
            line.addWidget(label)
            state = StateLine(holder)
            self._lines[scope.value] = state
            line.addWidget(state, 1)
            lines.addWidget(holder)
        note = self.tr("不同意、撤回，都不影响报名和入学。给过又撤回的，两次都记着。")
        lines.addWidget(Text(note, "caption", content, wrap=True))
        lines.addStretch(1)
        self._sheet.body.addWidget(FocusScroll(content, self._sheet, least=120, role="sheetscroll"))
        self.lines.addWidget(self._sheet, 1)
        self.lines.addWidget(self.banner_place)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("给家长看")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        turns = [
            KeyAction(
                str(place),
                self.tr("同意或撤回"),
                partial(self.turn, scope.value),
                enabled=bool(self._record),
                shown=place == 1,
            )
            for place, scope in enumerate(self.scopes, 1)
        ]
        words = (self.tr("打印孩子的信息"), self.tr("打印"))
        return [
            KeyAction("Esc", self.tr("返回"), self._leave),
            *turns,
            KeyAction(
                "F9",
                words[0],
                self.print_it,
                words[1],
                enabled=bool(self._record),
                primary=True,
                icon="printer",
            ),
        ]

    def hint(self) -> str:
        """Say how one moves."""
        return self.tr("数字：同意，再按撤回")

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.title,
            self.tr("家长可以查阅、复制、更正孩子的信息，可以撤回另外给的同意。"),
            self.tr("《中华人民共和国个人信息保护法》"),
            self.tr("要更正的，回到今日名单按 F2 改登记，改了什么、谁改的都留着。"),
        )

    def open(self, record: str, name: str) -> None:
        """Take up a case."""
        self._record = record
        self._sheet.set_title(self.tr("给家长看：{name}").format(name=name))
        self._run(lambda _: self._consents.standing(record), self._show)

    def on_enter(self) -> None:
        """Hear the digits."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_leave(self) -> None:
        """Leave nothing of a family on the page."""
        self._record = ""
        self._show(Standing())
        self._sheet.set_title(self.title)
        self.show_banner(None)

    # --- keys -------------------------------------------------------------------------------

    def _show(self, standing: Standing) -> None:
        self._standing = standing
        self._told.setText(standing.words or self.tr("没有记下告知书的版本（早先登记的）"))
        for scope, line in self._lines.items():
            agreed = scope in standing.agreed
            state = State.DONE if agreed else State.UNFINISHED
            line.say(state, self.tr("同意") if agreed else self.tr("没有同意"))
        self.keys_changed.emit()

    def turn(self, scope: str) -> None:
        """Note that the guardian agrees to something, or withdraws it."""
        record, agreed = self._record, scope not in self._standing.agreed
        self._run(lambda _: self._consents.set(record, scope, agreed=agreed), self._show)

    def print_it(self) -> None:
        """Print the sheet (F9); it is logged before the paper moves."""
        record = self._record

        def printed(_progress: Progress) -> None:
            self._printing.require()
            self._desk.log_print(record)
            self._printing.print_sheet(self._desk.view(record))

        self._run(printed, lambda _done: self._say_printed())

    def _say_printed(self) -> None:
        words = self.tr("孩子的信息已送打印")
        self.show_banner(BannerView(State.DONE, words, self.tr("请家长当面核对、签收。")))

    def _run(self, use_case: Callable[[Progress], T], on_success: Callable[[T], None]) -> None:
        """Do one thing, for a child that is on the page."""
        if self._record:
            self.run_alone(self._tasks, use_case, on_success, self.show_unprinted)
