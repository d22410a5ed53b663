"""First use of a computer: what was found, which seat and school, who, and the recovery code.

Two steps. The first is a form; F10 hands a `FirstRunDraft` over. The second shows the recovery code
once, and two of its groups must be typed back from the paper before F10 goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop_app.ui.code_steps import CodeStepsPage
from desktop_app.ui.units import column, row, set_units
from desktop_app.ui.views import (
    FindingView,
    HelpView,
    KeyAction,
    Option,
    State,
)
from desktop_app.ui.widgets.choice import SegmentedChoice
from desktop_app.ui.widgets.form import Form
from desktop_app.ui.widgets.formats import SCHOOL_CODE
from desktop_app.ui.widgets.inputs import NumberInput, TextInput
from desktop_app.ui.widgets.labels import Plain, Text
from desktop_app.ui.widgets.panel import Sheet
from desktop_app.ui.widgets.pill import StatusPill
from desktop_app.ui.widgets.shapes import Mark

_CELL = 104


@dataclass(frozen=True, slots=True)
class FirstRunDraft:
    """What a new workstation is made from; the receiver wipes the password."""

    seat: str
    code: str
    name: str
    password: bytearray


Check = Callable[[str, str, str, str], Mapping[str, str]]
"""Takes seat, code, name and password; names what is wrong, field by field, in short words."""


class FirstRunPage(CodeStepsPage):
    """The check list of the first use 第一次使用."""

    nav_key = "first_run"
    margins = (0, 0, 0, 0)

    def __init__(
        self,
        findings: tuple[FindingView, ...],
        check: Check,
        on_create: Callable[[FirstRunDraft], object],
        on_done: Callable[[], object],
        parent: QWidget | None = None,
        *,
        on_practice: Callable[[], object] | None = None,
    ) -> None:
        """Take what was found, what checks a draft, makes the vault, and goes on to the login."""
        super().__init__(on_done, parent)
        self._on_practice = on_practice
        self._check = check
        self._on_create = on_create
        self.lines.addWidget(self._make_head(findings))
        body = Plain(self)
        inner = column(body, 9, (24, 12, 24, 10))
        inner.addWidget(self._make_steps(self._make_form(findings)), 1)
        inner.addWidget(self.banner_place)
        self.lines.addWidget(body, 1)

    # --- layout -----------------------------------------------------------------------------

    def _make_head(self, findings: tuple[FindingView, ...]) -> Plain:
        """Make the masthead of the page: what this is, and how many checks passed."""
        head = Plain(self, "masthead")
        set_units(head, height=64)
        line = row(head, 14, (24, 0, 24, 0))
        line.addWidget(Mark(38, head))
        words = column(None, 2)
        words.addStretch(1)
        words.addWidget(
            Text(self.tr("第一次使用：检查这台电脑"), "title", head, tone="bar", elide=True)
        )
        hint = self.tr("有黄色的也能先登记。可以随时关机，下次从这里接着做")
        self.said = Text(hint, "check", head, tone="barsub", elide=True)
        words.addWidget(self.said)
        words.addStretch(1)
        line.addLayout(words, 1)
        passed = sum(one.state is State.DONE for one in findings)
        line.addWidget(Text(f"{passed} / {len(findings)}", "counter", head, tone="bar"))
        line.addWidget(Text(self.tr("项通过"), "check", head, tone="barsub"))
        return head

    def _make_form(self, findings: tuple[FindingView, ...]) -> Sheet:
        """Make the sheet of the first step."""
        sheet = Sheet()
        lines = column(sheet, 0, (1, 1, 1, 1))
        self.form = Form(sheet)
        lines.addWidget(self.form, 1)
        if findings:
            computer = self.form.group(self.tr("电脑"), cell=_CELL, stretch=len(findings))
            for one in findings:
                computer.add_widget(_finding_line(one))
        self._add_place()
        self._add_person()
        return sheet

    def _add_place(self) -> None:
        """Ask for seat and school."""
        place = self.form.group(self.tr("给谁用"), cell=_CELL, stretch=3)
        seats = (
            Option("school", self.tr("学校"), ("xx",)),
            Option("desk", self.tr("登记台"), ("djt",)),
            Option("district", self.tr("区里"), ("ql",)),
        )
        line = place.row(self.tr("这台电脑"))
        self.form.put(line, SegmentedChoice(seats, name="seat"), width=330, narrow=326)
        line.say(None, self.tr("按 1、2、3 选；说明在下面"), self.tr("按数字选"))
        place.add_widget(self._make_whose())
        place.field(self.tr("学校代码"), NumberInput(SCHOOL_CODE, name="code"), width=220).say(
            None, self.tr("10 位学校标识码；区里填 6 位区划码"), self.tr("10 位；区里 6 位")
        )

    def _make_whose(self) -> QWidget:
        """Say in plain words who chooses what."""
        box = QWidget()
        lines = column(box, 2, (16, 4, 16, 6))
        for words in (
            self.tr("1 学校：每校先设的第一台，校长、教务用；学校只有一台电脑也选它"),
            self.tr("2 登记台：同一所学校再加的电脑，登记的孩子并到学校那台"),
            self.tr("3 区里：区教体局招生办的电脑，接收各校的包"),
        ):
            lines.addWidget(Text(words, "secondary", box, wrap=True))
        return box

    def _add_person(self) -> None:
        """Ask for the first person and the password, twice."""
        who = self.form.group(self.tr("第一个人"), cell=_CELL, stretch=3)
        who.field(self.tr("姓名"), TextInput(name="name"), width=220)
        self.ask_password(who, self.tr("密码"))

    # --- what the window asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("第一次使用")

    def asking_keys(self) -> list[KeyAction]:
        """List the keys of the form."""
        label, short = self.tr("建立资料库"), self.tr("建立")
        keys = [KeyAction("F10", label, self.submit, short=short, primary=True)]
        if self._on_practice is not None:
            words = self.tr("练习（编的人）")
            keys.insert(0, KeyAction("F7", words, self._on_practice, self.tr("练习")))
        return keys

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("第一次使用"),
            self.tr("每所学校第一台选“学校”，再加的选“登记台”；区招生办选“区里”。"),
            explanation=self.tr("资料库建好后这一项不能改。恢复码只显示一次。"),
        )

    # --- steps ------------------------------------------------------------------------------

    def problems(self) -> dict[str, str]:
        """Name everything that is wrong, and what the vault would refuse."""
        values = self.form.values()
        checked = self._check(values["seat"], values["code"], values["name"], values["password"])
        return {**checked, **super().problems()}

    def show_recovery(self, code: str) -> None:
        """Show the recovery code; from now on the computer is not to be switched off."""
        words = self.tr("恢复码只显示这一次：先别关机、别关窗口，抄好、输回两组再走")
        self.said.setText(words)
        super().show_recovery(code)

    def hand_over(self) -> None:
        """Have the vault made."""
        seat, code, name = (self.form.value(one) for one in ("seat", "code", "name"))
        self._on_create(FirstRunDraft(seat, code, name, self.take_password()))


def _finding_line(view: FindingView) -> QWidget:
    """Make the line of one finding about the computer."""
    line = QWidget()
    set_units(line, min_height=40)
    parts = row(line, 12, (16, 4, 16, 4))
    pill = StatusPill(view.state, view.word, line)
    parts.addWidget(pill)
    title = Text(view.title, "strong", line)
    set_units(title, min_width=84)
    parts.addWidget(title)
    parts.addWidget(Text(view.text, "secondary", line, wrap=True), 1)
    return line
