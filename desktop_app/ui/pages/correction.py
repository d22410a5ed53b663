"""更正: what a passed case is changed from and to, why, by which paper, and two signatures.

The form of 登记 hands the case over with F10; nothing is written before the second person has typed
their own password here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.domain.codes_desk import CORRECTION_REASON
from desktop_app.domain.errors import ProductError
from desktop_app.policy.package import Policy
from desktop_app.security.memory import wipe
from desktop_app.services.amendment import Amended
from desktop_app.services.changes import Changed
from desktop_app.services.correcting import (
    LONGEST_NOTE,
    LONGEST_NUMBER,
    Correction,
    CorrectionDesk,
    Proof,
)
from desktop_app.services.progress import Progress
from desktop_app.services.wording import paper_label
from desktop_app.ui.look import Shape, look
from desktop_app.ui.models.latest import Latest
from desktop_app.ui.page import Page
from desktop_app.ui.pages.registration_choices import typed_as
from desktop_app.ui.panes import show_panes, stand_beside
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.units import column, row
from desktop_app.ui.views import Column, HelpView, KeyAction, Option, Row
from desktop_app.ui.widgets.dateinput import DateInput
from desktop_app.ui.widgets.form import Form
from desktop_app.ui.widgets.inputs import PasswordInput, TextInput
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Panel, Sheet
from desktop_app.ui.widgets.pick import PickInput
from desktop_app.ui.widgets.scroll import FocusScroll
from desktop_app.ui.widgets.table import WholeTable

_CELL = 80
_SIDE = 712
"""The form in full: its cell, label, control and the words of a check."""
_FIELDS = {
    "correct.reason": "reason",
    "correct.material": "material",
    "correct.evidence": "number",
    "correct.dated": "dated",
    "review.note_long": "note",
    "correct.same_person": "second",
    "correct.not_allowed": "second",
    "vault.no_person": "second",
    "vault.wrong_password": "password",
    "vault.wait": "password",
}


@dataclass(frozen=True, slots=True)
class Opening:
    """What the page shows first: what would change, and who may sign beside the person."""

    changes: tuple[Changed, ...]
    seconds: tuple[str, ...]


def options(pairs: Iterable[tuple[str, str]]) -> tuple[Option, ...]:
    """Make entries of codes and labels, typed by pinyin."""
    return tuple(Option(code, label, typed_as(label)) for code, label in pairs)


class CorrectionPage(Page):
    """更正, from the form of 登记."""

    nav_key = "correction"
    within = "register"

    corrected = Signal(object)
    """The `Amended` that was signed by both."""

    def __init__(
        self,
        desk: CorrectionDesk,
        policy: Policy,
        tasks: Tasks,
        leave: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        """Take the desk, the policy with its papers, the worker thread, and the way back."""
        super().__init__(parent)
        self._desk, self._policy, self._tasks, self._leave = desk, policy, tasks, leave
        self._wanted: Correction | None = None
        self._seeing = False
        self._latest: Latest[Opening] = Latest(tasks, self.show_error, self)
        self._build()
        self.arrange()

    def _build(self) -> None:
        halves = row(None, 9)
        self.panel = Panel("", self, head=46, margins=(0, 0, 0, 0), title_role="page")
        columns = (
            Column(self.tr("更正的格"), 110, strong=True),
            Column(self.tr("原来"), 0),
            Column(self.tr("改成"), 0),
        )
        self.table = WholeTable(columns, self._tasks.run, self.panel, row=40)
        self.panel.body.addWidget(self.table, 1)
        halves.addWidget(self.panel, 1)
        self.side = FocusScroll(self._sheet(), self, least=150)
        halves.addWidget(self.side, 1)
        self.lines.addLayout(halves, 1)
        self.lines.addWidget(self.banner_place)

    def _sheet(self) -> Sheet:
        """Build the form: why, by which paper, and who signs beside."""
        sheet = Sheet(self)
        lines = column(sheet, 0, (1, 1, 1, 1))
        self.form = Form(sheet)
        reasons = [(one.value, one.label) for one in CORRECTION_REASON.entries]
        papers = [(code, paper_label(self._policy, code)) for code in self._policy.materials]
        why = self.form.group(self.tr("凭什么改"), cell=_CELL)
        why.field(self.tr("更正理由"), PickInput(options(reasons), name="reason"), width=220)
        why.field(self.tr("证明材料"), PickInput(options(papers), name="material"), width=260)
        number = TextInput(name="number", longest=LONGEST_NUMBER)
        why.field(self.tr("材料编号"), number, width=220)
        why.field(self.tr("材料日期"), DateInput(name="dated"), width=160)
        note = TextInput(name="note", longest=LONGEST_NOTE)
        why.field(self.tr("说明"), note, width=260, wanted=False)
        who = self.form.group(self.tr("第二个人"), cell=_CELL)
        self._second = PickInput((), name="second")
        who.field(self.tr("姓名"), self._second, width=220)
        self.password = PasswordInput(name="password")
        who.field(self.tr("密码"), self.password, width=220)
        lines.addWidget(self.form)
        words = self.tr("第二个人在这里输自己的密码，只签这一次名，不打开别的。")
        told = Text(words, "secondary", sheet, wrap=True)
        told.setContentsMargins(20, 10, 20, 12)
        lines.addWidget(told)
        lines.addStretch(1)
        return sheet

    def arrange(self) -> None:
        """Stand side by side; at large type one of them, and F2 shows the other."""
        wide = look().shape is Shape.WIDE
        parts = ((self.panel, wide or self._seeing), (self.side, wide or not self._seeing))
        show_panes(parts)
        stand_beside(self.side, _SIDE, beside=wide)

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("更正")

    def key_actions(self) -> list[KeyAction]:
        """List the keys."""
        words = self.tr("两人签名并更正")
        other = (self.tr("看改了什么"), self.tr("改动"))
        if self._seeing:
            other = (self.tr("填理由和证明"), self.tr("理由"))
        swap = [KeyAction("F2", other[0], self.swap, other[1])]
        return [
            KeyAction("Esc", self.tr("不更正，返回"), self.leave, self.tr("返回")),
            *(swap if look().shape is not Shape.WIDE else []),
            KeyAction("F10", words, self.sign, self.tr("更正"), primary=True),
        ]

    def hint(self) -> str:
        """Say how one moves."""
        return self.tr("Enter 到下一格")

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.title,
            self.tr("审核通过后改的，要有证明材料和第二个人签名；原来的、改成的、理由都留着。"),
            explanation=self.tr("仍是已通过，不用再审；新回执标“更正”，区里看得到改了什么。"),
        )

    def begin(self, wanted: Correction) -> None:
        """Take a case as it stands on the form."""
        self._wanted = wanted

    def on_enter(self) -> None:
        """Show what would change, and take the caret to the reason."""
        wanted = self._wanted
        if wanted is None:
            return
        self._latest.ask(
            lambda: Opening(self._desk.changes(wanted), self._desk.seconds()), self._show
        )
        self.form.go_first()

    def on_leave(self) -> None:
        """Keep neither password nor what a child was called behind another page."""
        self._latest.forget()
        self.form.clear()
        self._seeing = False
        self.arrange()
        self.table.show_rows(())
        self.panel.set_title("")
        self.show_banner(None)
        self._wanted = None

    def _show(self, opening: Opening) -> None:
        rows = (
            Row(str(place), (one.label, one.before or "—", one.after or "—"))
            for place, one in enumerate(opening.changes)
        )
        self.table.show_rows(rows)
        words = self.tr("更正 {count} 处").format(count=len(opening.changes))
        self.panel.set_title(words)
        self._second.set_options(options([(name, name) for name in opening.seconds]))

    def swap(self) -> None:
        """Show what would change in place of the form, or the form again (large type)."""
        self._seeing = not self._seeing
        self.arrange()
        if self._seeing:
            self.table.setFocus()
        else:
            self.form.go_first()
        self.keys_changed.emit()

    # --- what is done -----------------------------------------------------------------------

    def leave(self) -> None:
        """Go back to the form; nothing was written, and what stands on it stays."""
        self._leave()

    def is_right(self) -> bool:
        """Tell whether it may be signed; everything that is missing is marked at once."""
        values = self.form.values()
        wanted = ("reason", "material", "number", "dated", "second", "password")
        return self.form.refuse({name: self.tr("还没填") for name in wanted if not values[name]})

    def sign(self) -> None:
        """Sign as both persons and write it (F10)."""
        wanted = self._wanted
        if wanted is None or self.busy or not self.is_right():
            return
        values = self.form.values()
        proof = Proof(
            reason=values["reason"],
            material=values["material"],
            number=values["number"],
            dated=values["dated"],
            note=values["note"],
        )
        name, password = values["second"], self.password.take()

        def work(_progress: Progress) -> Amended:
            try:
                self._desk.check(proof)
                second = self._desk.second(name, password)
            finally:
                wipe(password)
            return self._desk.correct(wanted, proof, second)

        self.run_alone(self._tasks, work, self._done, self._refused)

    def _done(self, made: Amended) -> None:
        self._leave()
        self.corrected.emit(made)

    def _refused(self, error: ProductError) -> None:
        """Say why, with the caret where it is mended; the password is typed anew."""
        self.show_error(error)
        self.form.go_to(_FIELDS.get(error.code, "password"))
