"""The head of the registration form: whose case it is, its number, what is needed; and its help."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QObject

from desktop_app.documents.receipt import public_wording
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.policy.package import Policy
from desktop_app.services.form import PAPER
from desktop_app.ui.pages.registration_live import LiveForm
from desktop_app.ui.pages.registration_saving import Saver
from desktop_app.ui.pages.registration_view import RegistrationView
from desktop_app.ui.views import HelpView

WAITING = "waiting"
"""How a case keyed from a paper form is marked until another person has keyed it again."""


class FormHead(QObject):
    """Keeps the head in step with the form; ``number`` is that of the case among today's."""

    def __init__(self, view: RegistrationView, live: LiveForm, saver: Saver) -> None:
        super().__init__(view)
        self._view, self._live, self._saver = view, live, saver
        self.number = 0
        self.tickets: dict[str, str] = {}
        """The numbers of the queue that are being served, by the draft begun with them."""

    def show(self) -> None:
        """Show whose form it is, which number, and what is still needed."""
        case, found = self._live.case, self._live.found
        name = found.value("full_name") or self.tr("还没写姓名")
        resumed = self.tr("接着填：{name}").format(name=name)
        title = resumed if case.resumed else self.tr("新登记")
        spoken = self.tickets.get(case.draft)
        served = (self.tr("{number} 号").format(number=spoken),) if spoken else ()
        title = " · ".join((title, *served, *mark_words(case.marks)))
        number = self.number
        if case.opened is not None:
            title, number = self.tr("改登记：{name}").format(name=case.opened.name), 0
        needed = self._saver.obstacles()
        taken = [one for one in self._saver.taken_fields() if one not in needed]
        self._view.show_head(title, number, len(needed), len(taken))


def _tr(words: str) -> str:
    return QCoreApplication.translate("FormHead", words)


def mark_words(marks: Mapping[str, str]) -> tuple[str, ...]:
    """Say in short what is special about a case."""
    words = []
    if marks.get("entry"):
        words.append(CODE_LISTS["entry"].label_of(marks["entry"]))
    if marks.get("agent_relation"):
        relation = CODE_LISTS["guardian_relation"].label_of(marks["agent_relation"])
        words.append(_tr("{relation}代办").format(relation=relation))
    if marks.get("family"):
        words.append(_tr("同一家"))
    if marks.get(PAPER) == WAITING:
        words.append(_tr("纸表"))
    return tuple(words)


def help_on(policy: Policy, field: str, category: str) -> HelpView | None:
    """Give the policy sentence for a field; none tells a bystander of the child."""
    entry = policy.field_help.get(field)
    if entry is None:
        return None
    known = policy.categories.get(category)
    basis = known.basis if field == "category" and known is not None else ""
    more = public_wording(basis, "")
    return HelpView(entry.label, entry.sentence, entry.basis, more, policy.title)
