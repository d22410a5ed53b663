"""名册有误: opens a field the list of primary graduates has filled, with a reason (Shift+F5).

What the roll says of a child is not typed over. Where the family's papers say something else, one
field is opened by two digits; which and why goes to the district with the case.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from desktop_app.domain.codes_desk import LIST_FAULT
from desktop_app.domain.list_faults import FAULTS, ROLL_FIELDS, read_faults, write_faults
from desktop_app.ui.pages.registration_asking import Asker
from desktop_app.ui.pages.registration_parts import RegistrationParts
from desktop_app.ui.pages.registration_questions import Choice
from desktop_app.ui.views import State


class FaultAsker(QObject):
    """Asks which field of the list is wrong and why, and opens it."""

    def __init__(self, page: RegistrationParts, asker: Asker) -> None:
        """Ask beside the form of a page."""
        super().__init__(page)
        self._page, self._asker = page, asker

    def ask(self) -> None:
        """Ask which field is not as the family's papers say."""
        page = self._page
        if page.view.questions.hasFocus():
            self._asker.back_to_form()
            return
        form = page.form
        fields = [one for one in ROLL_FIELDS if one in page.live.locked and form.shows(one)]
        if not fields:
            page.tell(self.tr("这件没有从名册带出、锁住的格"))
            return
        choices = [
            Choice(f"{form.label_of(one)}　{form.value(one)}", partial(self._ask_why, one))
            for one in fields
        ]
        foot = self.tr("只打开选的这一格；改了什么、为什么，区里会看到")
        self._asker.show(self.tr("名册有误"), self.tr("哪一格和证件不一样？"), choices, foot)

    def _ask_why(self, field: str) -> None:
        choices = [
            Choice(one.label, partial(self._open, field, one.value)) for one in LIST_FAULT.entries
        ]
        label = self._page.form.label_of(field)
        question = self.tr("{field}为什么不一样？").format(field=label)
        self._asker.show(self.tr("名册有误"), question, choices, self.tr("选了就能改这一格"))

    def _open(self, field: str, reason: str) -> None:
        """Open the field, with the caret in it."""
        page = self._page
        marks = page.live.case.marks
        marks[FAULTS] = write_faults(read_faults(marks.get(FAULTS, "")) | {field: reason})
        self._asker.back_to_form()
        page.live.refresh()
        page.form.go_to(field)
        page.keeper.soon()
        words = self.tr("{field}打开了，照证件改").format(field=page.form.label_of(field))
        page.said.emit(State.NEEDS, words, LIST_FAULT.label_of(reason))
