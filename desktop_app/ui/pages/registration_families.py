"""The next child of the same family: guardian, home and category stay, the child is another."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject

from desktop_app.services.form import (
    CASE_FIELDS,
    GUARDIAN_FIELDS,
    HOME_FIELDS,
    MATERIAL_PREFIX,
)
from desktop_app.ui.pages.registration_asking import Asker
from desktop_app.ui.pages.registration_case import Case
from desktop_app.ui.pages.registration_parts import RegistrationParts
from desktop_app.ui.views import State

SHARED = (*HOME_FIELDS, *CASE_FIELDS, *GUARDIAN_FIELDS, "ethnic_code", "agent_relation")
"""What brothers and sisters have in common; least of all that a notice was read and signed."""


class NextChild(QObject):
    """Begins a brother's or sister's case on the form (Shift+F4)."""

    def __init__(self, page: RegistrationParts, asker: Asker) -> None:
        """Begin cases on the form of a page; they begin with the marks of all new cases."""
        super().__init__(page)
        self._page, self._asker = page, asker

    def begin(self) -> None:
        """Begin the next child of the family registered last."""
        page = self._page
        last, before = page.after.last, page.repeater.before
        if not page.keeper.is_empty or page.live.case.amends:
            page.tell(self.tr("先存这一件（F10），再按 Shift+F4 登同一家的下一个"))
            return
        if last is None or last.changed >= 0 or not before:
            page.tell(self.tr("还没有上一件，先登记这一家的第一个孩子"))
            return
        fields = {name: before[name] for name in SHARED if before.get(name)}
        carried = dict(fields)
        fields |= self._papers(before)
        fields["family"] = before.get("family") or last.record
        case = Case.of_form(fields)
        case.marks |= self._asker.begin()
        page.keeper.forget()
        page.live.carried = carried
        page.live.take_up(case, fields)
        page.show_banner(None)
        page.form.go_to("id_number")
        page.keys_changed.emit()
        words = self.tr("{name} 的同一家").format(name=last.name)
        after = self.tr("监护人、住址、类别都带过来了，填孩子的就行")
        page.said.emit(State.UNFINISHED, words, after)

    def _papers(self, before: Mapping[str, str]) -> dict[str, str]:
        """Give what was noted of the family's papers; a child's own are looked at anew."""
        materials = self._page.desks.policy.materials
        return {
            name: state
            for name, state in before.items()
            if name.startswith(MATERIAL_PREFIX)
            and (code := name.removeprefix(MATERIAL_PREFIX)) in materials
            and not materials[code].is_childs_own
        }
