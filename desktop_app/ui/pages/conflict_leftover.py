"""What an ended laptop wrote too late, at the page 核对: looked at, and taken into the form again.

Nothing of it is entered by itself. F10 puts it into the registration form as a draft of the person
who pressed it; whoever saves that form registers the child.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Self

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.attention import HeldLine
from desktop_app.services.leftover import LeftChild, LeftContent, LeftoverDesk
from desktop_app.services.registration import RegistrationDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.drafts import Draft
from desktop_app.ui.models.latest import Latest
from desktop_app.ui.models.listing import short_receipt
from desktop_app.ui.page import Page
from desktop_app.ui.pages.conflict_parts import Choice, place_words
from desktop_app.ui.pages.registration_stored import Opened, with_same_address
from desktop_app.ui.tasks import Tasks
from desktop_app.ui.text import moment
from desktop_app.ui.views import KeyAction


def _tr(words: str) -> str:
    return QCoreApplication.translate("Leftover", words)


@dataclass(frozen=True, slots=True)
class TakingUp:
    """What is looked at, and where it is taken up again."""

    leftover: LeftoverDesk
    amendments: AmendmentDesk
    desk: RegistrationDesk
    person: str

    @classmethod
    def of(cls, workplace: Workplace) -> Self:
        """Make the desks of an open workplace."""
        desks = (LeftoverDesk(workplace), AmendmentDesk(workplace), RegistrationDesk(workplace))
        return cls(*desks, workplace.person)

    def take_up(self, key: str) -> str:
        """Put a child into the person's drafts, unless it lies there already; give the draft.

        Raises:
            RuleError: the child stands in the list already, or ``amend.passed``.
            StaleError: it counts now, or was erased.
        """
        found = self.leftover.again(key)
        if found.draft not in {one.id for one in self.desk.drafts()}:
            fields = with_same_address(found.form)
            if found.amends:
                fields |= Opened.of(self.amendments.open(found.amends)).draft_fields()
            self.desk.save_draft(Draft(found.draft, self.person, fields, ""))
        return found.draft


class LeftBehind(QObject):
    """Knows which child of an ended laptop is looked at, and what its keys do."""

    draft_made = Signal(str)
    """The draft that is to be opened in the form."""
    shown = Signal(object)
    """The `LeftContent` that was read."""

    def __init__(self, page: Page, desks: TakingUp, tasks: Tasks) -> None:
        super().__init__(page)
        self._page, self._desks, self._tasks = page, desks, tasks
        self.content: LeftContent | None = None
        self._details: Latest[LeftContent] = Latest(tasks, page.show_error, self)

    def look(self, child: LeftChild | None) -> None:
        """Read what it would have been, where there is a child."""
        self.content = None
        self._details.forget()
        if child is not None:
            self._details.ask(partial(self._desks.leftover.open, child.key), self._show)

    def _show(self, content: LeftContent) -> None:
        self.content = content
        self.shown.emit(content)

    def words(self, line: HeldLine) -> str:
        """Explain a line of the list."""
        return left_words(line, is_school=self._desks.leftover.is_school)

    def keys(self) -> list[KeyAction]:
        """List the keys for the child of now: the district only looks."""
        content = self.content
        if content is None or not self._desks.leftover.is_school:
            return []
        words = self.tr("打开登记表改上") if content.amends else self.tr("拿进登记表")
        why = _settled_words(content.child)
        return [
            KeyAction("F8", self.tr("显示号码"), self.unmask, self.tr("显示")),
            KeyAction(
                "F10",
                words,
                self.register,
                short=self.tr("登记"),
                primary=True,
                enabled=not why,
                why=why,
            ),
        ]

    def unmask(self) -> None:
        """Show it whole; a signed entry says who looked (F8)."""
        if self.content is not None:
            key, desk = self.content.child.key, self._desks.leftover
            self._page.run_alone(self._tasks, lambda _: desk.unmask(key), self._show)

    def register(self) -> None:
        """Take it into the registration form (F10)."""
        if self.content is not None and not _settled_words(self.content.child):
            key, take_up = self.content.child.key, self._desks.take_up
            self._page.run_alone(self._tasks, lambda _: take_up(key), self.draft_made.emit)


def _settled_words(child: LeftChild) -> str:
    """Say why there is nothing to register; nothing where there is."""
    if child.anew:
        return _tr("已经在名单里了，不用再登记")
    return _tr("那台电脑上自己撤销了，不用登记") if child.removed and not child.counts else ""


def left_words(line: HeldLine, *, is_school: bool) -> str:
    """Explain what an ended laptop wrote: whose it is, why it does not count, what to do."""
    child = line.child
    where = place_words(line)
    if child is None:
        words = _tr("那台电脑自己的手续，停用以后写的不算数；里面没有要登记的孩子，不用补办。")
        return f"{where}\n{words}"
    receipt = short_receipt(child.receipt) if child.receipt else ""
    told = (
        _tr("回执 {receipt}").format(receipt=receipt) if receipt else "",
        where,
        line.person,
        moment(line.at) if line.at else "",
    )
    lines = (" · ".join(filter(None, told)), *_why_and_now(child, is_school=is_school))
    return "\n".join((*lines, _tr("没有丢：原样保存，照常转交。")))


def _why_and_now(child: LeftChild, *, is_school: bool) -> tuple[str, str]:
    why = _tr("电脑停用后才送来的不算数，这件不在名单里。")
    if child.counts:
        why = _tr("这件登记算数；电脑停用后才送来的改动没算。")
    if child.anew:
        found = (
            _tr("名单里已经是这样，不用再办。") if child.counts else _tr("已重新登记，回执 {0}。")
        )
        return why, found.format(short_receipt(child.anew))
    if settled := _settled_words(child):
        return why, settled
    if not is_school:
        return why, _tr("请打电话告诉学校：“核对”页按 F2 看没算数的，选这一件按 F10。")
    if child.counts:
        return why, _tr("按 F10 打开登记表，改动已填好；看过再存，就算您改的。")
    return why, _tr("按 F10 拿进登记表，不用重填；看过再存，就算您登记的。")


def left_card(content: LeftContent) -> Choice:
    """Make the card of what a registration would have been."""
    captions = {
        "number": _tr("证件号"),
        "birth": _tr("出生"),
        "household": _tr("户籍"),
        "home": _tr("现住"),
        "category": _tr("类别"),
        "guardian": _tr("监护人"),
        "guardian_number": _tr("监护人证"),
        "phone": _tr("电话"),
        "papers": _tr("材料"),
        "scans": _tr("扫描页"),
    }
    facts = [(captions[name], value) for name, value in content.facts]
    if content.changed:
        facts.append((_tr("没算的"), "、".join(content.changed)))
    title = _tr("停用后改成的样子") if content.amends else _tr("那台电脑上登记的")
    return Choice(content.child.key, title, content.child.name, tuple(facts))
