"""Pages of two steps: a form that asks for a new password, then a recovery code to be copied.

First use and recovery walk the same way: the code is shown once, and two of its groups must be
typed back from the paper before F10 goes on.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.ui.page import Page
from desktop_app.ui.views import KeyAction, State
from desktop_app.ui.widgets.form import FieldGroup, Form
from desktop_app.ui.widgets.inputs import PasswordInput
from desktop_app.ui.widgets.panel import Sheet
from desktop_app.ui.widgets.recovery import RecoverySheet
from desktop_app.ui.widgets.scroll import FocusScroll


class CodeStepsPage(Page):
    """A form with the fields ``password`` and ``again``, and the recovery code 恢复码 after it."""

    bare = True
    form: Form

    def __init__(self, on_done: Callable[[], object], parent: QWidget | None = None) -> None:
        """Take what goes on once the code was typed back."""
        super().__init__(parent)
        self._on_done = on_done
        self._showing = False

    def _make_steps(self, asking: Sheet) -> QStackedWidget:
        """Put the sheet of the first step and the sheet of the code behind one another."""
        self._steps = QStackedWidget(self)
        self._steps.addWidget(FocusScroll(asking, self._steps, least=190))
        self.recovery = RecoverySheet()
        self._steps.addWidget(FocusScroll(self.recovery, self._steps, least=190))
        return self._steps

    def ask_password(self, group: FieldGroup, label: str) -> None:
        """Ask for the new password, twice; another one has to be typed twice anew."""
        password = PasswordInput(name="password")
        group.field(label, password, width=300)
        group.field(self.tr("再输一遍"), PasswordInput(name="again"), width=300)
        self.form.line("password").say(
            None, self.tr("至少 8 位，只有本人知道"), self.tr("至少 8 位")
        )
        password.changed.connect(self._forget_again)

    def _forget_again(self, _typed: str) -> None:
        if self.form.value("again"):
            self.form.set_values({"again": ""})
            self.form.mark("again", None)

    # --- what a page of this kind says for itself -----------------------------------------------

    def asking_keys(self) -> list[KeyAction]:
        """List the keys of the first step."""
        return []

    def problems(self) -> dict[str, str]:
        """Name everything that is wrong with the form, all at once."""
        values = self.form.values()
        found = {name: self.tr("还没填") for name, value in values.items() if not value}
        if values["again"] != values["password"]:
            found.setdefault("again", self.tr("两遍不一样"))
        return found

    def hand_over(self) -> None:
        """Hand the values of the form over; whoever takes the password wipes it."""

    # --- what the window asks ---------------------------------------------------------------------

    def key_actions(self) -> list[KeyAction]:
        """List the keys of the step."""
        if not self._showing:
            return self.asking_keys()
        label, short = self.tr("已抄好封存，去登录"), self.tr("抄好了")
        return [KeyAction("F10", label, self.submit, short=short, primary=True)]

    def hint(self) -> str:
        """Say how one moves."""
        return self.tr("Enter 到下一个还需填的格 · Shift+Enter 返回")

    def on_enter(self) -> None:
        """Start at the first field of the step."""
        (self.recovery.form if self._showing else self.form).go_first()

    # --- steps ------------------------------------------------------------------------------------

    def submit(self) -> None:
        """Hand the form over, or go on once the code was typed back."""
        if self.busy:
            return
        if self._showing:
            if self.recovery.confirmed():
                self.recovery.forget()
                self._on_done()
            return
        problems = self.problems()
        wrong = [name for name in self.form.names() if name in problems]
        for name in wrong:
            self.form.mark(name, State.REFUSED, problems[name])
        if wrong:
            self.form.go_to(wrong[0])
            return
        self.set_busy(busy=True)
        self.show_banner(None)
        self.hand_over()

    def take_password(self) -> bytearray:
        """Take the new password and empty both of its fields."""
        password = self.form.control("password")
        if not isinstance(password, PasswordInput):
            raise TypeError(password)
        self.form.set_values({"again": ""})
        return password.take()

    def show_recovery(self, code: str) -> None:
        """Show the new recovery code; called once, when the vault has been made or opened."""
        self.set_busy(busy=False)
        self.form.clear()
        self._showing = True
        self._steps.setCurrentIndex(1)
        self.recovery.show_code(code)
        self.keys_changed.emit()
