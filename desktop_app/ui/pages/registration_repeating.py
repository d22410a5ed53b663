"""What a case takes over from the one before: four fields by themselves, another one by F4."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop_app.ui.pages.registration_form import PERSISTENT, RegistrationForm

OWN_FIELDS = frozenset(
    {
        "graduate",
        "full_name",
        "id_number",
        "birth_certificate",
        "sex",
        "birth_date",
        "notice_read",
    }
)
"""What is one child's own, and never taken over from the child before: least of all that a
guardian has read the notice and signed."""


class Repeater(QObject):
    """Remembers the form that was saved last."""

    def __init__(
        self, form: RegistrationForm, tell: Callable[[str], None], parent: QObject
    ) -> None:
        """Take the form, and what says why a key did nothing."""
        super().__init__(parent)
        self._form, self._tell = form, tell
        self.before: dict[str, str] = {}

    def carried(self) -> dict[str, str]:
        """Give what stays from one case to the next."""
        return {name: value for name, value in self.before.items() if name in PERSISTENT}

    def repeat(self) -> None:
        """Repeat the last value of the field of now (F4), but never what is a child's own."""
        name = self._form.current()
        value = self.before.get(name, "")
        if not self.before:
            self._tell(self.tr("还没有上一件，没有可沿用的"))
        elif name in OWN_FIELDS:
            self._tell(self.tr("这一格各家孩子不同，要照证件填"))
        elif value:
            self._form.take(name, value)
            self._form.advance()
        else:
            self._tell(self.tr("上一件的这一格也是空的"))
