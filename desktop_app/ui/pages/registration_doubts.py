"""The one question before a look-alike is registered 疑似重复: is it another child?

Findings that stop nothing are asked about once, when the case is to be saved. Twins are real: the
key that saves says yes. Nothing is asked of a case that is registered already.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from desktop_app.services.registration import Decision, DuplicateHint
from desktop_app.ui.page import Page
from desktop_app.ui.pages.registration_form import RegistrationForm
from desktop_app.ui.pages.registration_likeness import DIFFERENT, SIBLINGS, TWINS, likeness_words
from desktop_app.ui.views import BannerView, KeyAction, State


class Doubter(QObject):
    """Asks about look-alikes nobody has decided about, and takes the answer."""

    def __init__(self, page: Page, form: RegistrationForm) -> None:
        super().__init__(page)
        self._page, self._form = page, form
        self._hints: tuple[DuplicateHint, ...] = ()
        self._caret = ""

    @property
    def asking(self) -> bool:
        """Tell whether the question stands."""
        return bool(self._hints)

    def ask(self, hints: Sequence[DuplicateHint], caret: str) -> None:
        """Ask, away from the fields: what is typed blindly answers nothing."""
        self._hints, self._caret = tuple(hints), caret
        first = self._hints[0]
        what = self.tr("和登记过的 {name} 很像：{why}。是另一个孩子吗？").format(
            name=first.name, why=likeness_words(first.finding.rule)
        )
        if first.finding.rule == TWINS:
            what = self.tr("和登记过的 {name} 同一个家长、同一天生日。是双（多）胞胎吗？").format(
                name=first.name
            )
        others = len({one.finding.other for one in hints}) - 1
        more = self.tr("像的还有 {count} 个。").format(count=others) if others else ""
        now = self.tr("双胞胎是常有的：是另一个孩子，再按 F10 就存。想对一对按 F5，回去改按 Esc。")
        if first.finding.rule == TWINS:
            now = self.tr("是的再按 F10：都记双胞胎、同一家。想对一对按 F5，回去改按 Esc。")
        self._page.setFocus()
        self._page.show_banner(BannerView(State.CONFLICT, what, more + now))
        self._page.keys_changed.emit()

    def forget(self) -> None:
        """Let the question go; it is asked again when the case is to be saved."""
        if self._hints:
            self._hints = ()
            self._page.show_banner(None)
            self._page.keys_changed.emit()

    def back(self) -> None:
        """Go back to the form."""
        self.forget()
        self._form.go_to(self._form.first_open(self._caret))

    def answer(self) -> tuple[Decision, ...]:
        """Say yes: they are other children, and somebody was asked."""
        hints, said = self._hints, self.tr("登记台问过，是另一个孩子")
        self.forget()
        return tuple(
            Decision(
                one.finding.rule,
                one.finding.other,
                SIBLINGS if one.finding.rule == TWINS else DIFFERENT,
                "" if one.finding.rule == TWINS else said,
            )
            for one in hints
        )

    def keys(self) -> list[KeyAction]:
        """List the keys of the question, the saving one aside."""
        return [KeyAction("Esc", self.tr("回去改"), self.back)] if self.asking else []
