"""When a password is forgotten: the printed recovery code, and a new password for one person.

The code opens the vault once; a new code is made and must be written down before one goes on.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import ProductError
from desktop_app.ui.code_steps import CodeStepsPage
from desktop_app.ui.units import column
from desktop_app.ui.views import HelpView, KeyAction
from desktop_app.ui.waiting import Recovered, waiting_banner
from desktop_app.ui.widgets.form import Form
from desktop_app.ui.widgets.formats import RECOVERY_CODE
from desktop_app.ui.widgets.inputs import NumberInput, TextInput
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Sheet
from desktop_app.ui.widgets.recovery import CELL


class RecoveryPage(CodeStepsPage):
    """Opening with the recovery code 用恢复码."""

    nav_key = "recovery"
    margins = (24, 16, 24, 10)

    def __init__(
        self,
        on_recover: Callable[[str, str, bytearray], object],
        on_back: Callable[[], object],
        *,
        on_done: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Take what opens the vault (by code, name, new password), goes back, and goes on.

        The receiver wipes the password. ``on_done`` comes once the new code was written down; it
        goes back to the login unless told otherwise.
        """
        super().__init__(on_done or on_back, parent)
        self._on_recover = on_recover
        self._on_back = on_back
        self.lines.addWidget(self._make_steps(self._make_form()), 1)
        self.lines.addWidget(self.banner_place)

    def _make_form(self) -> Sheet:
        """Make the sheet of the first step."""
        sheet = Sheet()
        lines = column(sheet, 14, (24, 20, 24, 20))
        lines.addWidget(Text(self.tr("用信封里的恢复码打开"), "page", sheet))
        words = self.tr("请两个人在场。打开后会换一个新恢复码，旧的当场作废；原来的资料都在。")
        lines.addWidget(Text(words, "body", sheet, wrap=True))
        self.form = Form(sheet)
        paper = self.form.group(self.tr("信封"), cell=CELL)
        code = NumberInput(RECOVERY_CODE, name="code")
        code.setProperty("r", "input")  # all groups in sight at once, for comparing with paper
        paper.field(self.tr("恢复码"), code).widen()
        who = self.form.group(self.tr("谁来用"), cell=CELL)
        who.field(self.tr("姓名"), TextInput(name="name"), width=220)
        self.ask_password(who, self.tr("新密码"))
        lines.addWidget(self.form)
        lines.addStretch(1)
        return sheet

    @property
    def title(self) -> str:
        """Name the page."""
        return self.tr("用恢复码")

    def asking_keys(self) -> list[KeyAction]:
        """List the keys of the form."""
        label, short = self.tr("打开并换密码"), self.tr("打开")
        return [
            KeyAction("Esc", self.tr("回登录"), self._on_back),
            KeyAction("F10", label, self.submit, short=short, primary=True),
        ]

    def help_view(self) -> HelpView:
        """Explain the page."""
        return HelpView(
            self.tr("恢复码"),
            self.tr("恢复码在建库那天抄在纸上，封在信封里，由负责人保管。"),
            explanation=self.tr("7 组、每组 5 位；O 和 0、I 和 1 不用分。输错一位会说是第几组。"),
        )

    def problems(self) -> dict[str, str]:
        """Name everything that is wrong, and how much of the code is missing."""
        found = super().problems()
        short = RECOVERY_CODE.length - len(self.form.value("code"))
        if short:
            found.setdefault("code", self.tr("还差 {count} 位").format(count=short))
        return found

    def hand_over(self) -> None:
        """Have the vault opened; the code stays for a correction."""
        code, name = self.form.value("code"), self.form.value("name")
        self._on_recover(code, name, self.take_password())

    def show_recovered(self, recovered: Recovered) -> None:
        """Show the new code, and what the new keys may not do before somebody grants them."""
        self.show_recovery(recovered.code)
        if not recovered.granted:
            self.show_banner(waiting_banner(district=recovered.district))

    def refused(self, error: ProductError) -> None:
        """Say why the vault stays shut; a mistyped code is corrected where it stands."""
        self.set_busy(busy=False)
        self.show_error(error)
        self.form.go_to("code" if error.code.startswith("paper.") else self.form.needed()[0])
