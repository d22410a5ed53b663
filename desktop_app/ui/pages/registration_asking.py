"""What is asked at the registration form by key: the category, and what is special about a case.

Which category a family belongs to 定类别 is found by the questions of the policy package; how a
child comes 来源 and who came in the guardian's place 代办 are two digits. The answers go into the
case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject

from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.paper_dates import PAPER_DATE
from desktop_app.policy.entries import Answer, Question
from desktop_app.services.form import PAPER
from desktop_app.services.wording import desk_category
from desktop_app.ui.pages.registration_head import WAITING
from desktop_app.ui.pages.registration_parts import RegistrationParts
from desktop_app.ui.pages.registration_questions import Choice
from desktop_app.ui.views import State

AGENTS = ("61", "62", "63", "64", "71", "75", "97", "99")
"""Who comes in a guardian's place, the most frequent first."""


class Asker(QObject):
    """Asks at the registration page, and writes the answers into the case."""

    def __init__(self, page: RegistrationParts, back_to_form: Callable[[], None]) -> None:
        """Ask beside the form of a page."""
        super().__init__(page)
        self._page, self._panel = page, page.view.questions
        self.back_to_form = back_to_form
        self._policy = page.desks.policy
        self._way: list[Question] = []
        self.paper_forms = False
        """Whether paper forms are keyed: every case waits for a second person's keying."""
        self.paper_date = ""
        """The day on the paper keyed last: those of one pile mostly have one day."""
        self._panel.left.connect(back_to_form)
        self._panel.back.connect(self._ask_before)

    def show(self, title: str, question: str, choices: Sequence[Choice], foot: str) -> None:
        """Ask one question beside the form."""
        self._panel.ask(title, question, choices, foot)
        if not self._panel.hasFocus():
            self._page.view.enter(self._panel)
            self._page.keys_changed.emit()

    # --- the category -----------------------------------------------------------------------

    def find_category(self) -> None:
        """Ask which category the family belongs to (Shift+F2)."""
        if self._panel.hasFocus():
            self.back_to_form()
        elif not self._policy.questions:
            self._page.tell(self.tr("这个政策包没有写怎么问，类别请直接选"))
        else:
            self._way = [self._policy.questions[0]]
            self._ask()

    def _ask(self) -> None:
        question = self._way[-1]
        choices = [Choice(one.label, partial(self._answered, one)) for one in question.answers]
        foot = self.tr("依据：{basis}　退格回上一问").format(basis=question.basis)
        title = self.tr("定类别　第 {number} 问").format(number=len(self._way))
        self.show(title, question.text, choices, foot)

    def _ask_before(self) -> None:
        """Ask the question before again."""
        if len(self._way) > 1:
            self._way.pop()
            self._ask()

    def _answered(self, answer: Answer) -> None:
        """Ask on, or take the category and say what follows of it."""
        if answer.next:
            self._way += [one for one in self._policy.questions if one.code == answer.next]
            self._ask()
            return
        page, found = self._page, self._policy.categories[answer.category]
        self._way = []
        page.form.take("category", found.code)
        self.back_to_form()
        if page.form.current() == "category":
            page.form.advance()
        label = desk_category(found)
        how = (
            self.tr("按现住址划片") if found.zone_by == "current_address" else self.tr("按户籍划片")
        )
        papers = self.tr("材料 {count} 项，见 F6").format(count=len(found.required.parts))
        page.said.emit(State.DONE, f"{found.code} {label}", f"{how} · {papers}")

    # --- how the child comes, who comes instead -----------------------------------------------

    def ask_marks(self) -> None:
        """Ask how the child comes and who came with it (Shift+F6)."""
        if self._panel.hasFocus():
            self.back_to_form()
            return
        self._way = []
        marks, entries = self._page.live.case.marks, CODE_LISTS["entry"].entries
        now = marks.get("entry", "new")
        agent = marks.get("agent_relation", "")
        choices = [
            Choice(one.label, partial(self._mark, "entry", one.value), one.value == now)
            for one in entries
        ]
        choices += [
            Choice(self.tr("监护人自己来"), partial(self._mark, "agent_relation", ""), not agent),
            Choice(self.tr("别人代办…"), self._ask_agent, bool(agent)),
        ]
        if not self._page.live.case.amends:
            words = self.tr("纸表补录：接着都录纸表，由另一人复录")
            choices.append(Choice(words, self._toggle_paper, self.paper_forms))
        foot = self.tr("转入、复学、延缓后入学不问年龄；代办要委托书，没带可以后补")
        self.show(self.tr("来源和代办"), self.tr("这件有没有特别的？"), choices, foot)

    def _ask_agent(self) -> None:
        relations = CODE_LISTS["guardian_relation"]
        now = self._page.live.case.marks.get("agent_relation", "")
        choices = [
            Choice(
                relations.label_of(one),
                partial(self._mark, "agent_relation", one),
                one == now,
            )
            for one in AGENTS
        ]
        foot = self.tr("监护人一栏仍写监护人本人，不写代办的人")
        self.show(self.tr("代办"), self.tr("来的人是孩子的什么人？"), choices, foot)

    def _toggle_paper(self) -> None:
        """Begin or end the keying of paper forms; the case on the form is the first or last."""
        self.paper_forms = not self.paper_forms
        words = self.tr("开始补录纸表，存了都等另一人复录；纸表日期填在告知书上面")
        if not self.paper_forms:
            words = self.tr("不再补录纸表")
            self.paper_date = ""
            self._page.live.case.marks.pop(PAPER_DATE, None)
        self._mark(PAPER, WAITING if self.paper_forms else "")
        self._page.tell(words)

    def _mark(self, name: str, value: str) -> None:
        page = self._page
        page.live.case.marks[name] = "" if value == "new" else value
        self.back_to_form()
        page.live.refresh()
        page.keeper.soon()

    def begin(self) -> dict[str, str]:
        """Give the marks every new case begins with."""
        marks = {PAPER: WAITING, PAPER_DATE: self.paper_date} if self.paper_forms else {}
        return {name: value for name, value in marks.items() if value}

    def note_paper_date(self, day: str) -> None:
        """Take the day on the paper into the case, and for those that follow."""
        self._page.live.case.marks[PAPER_DATE] = day
        self.paper_date = day if self.paper_forms else ""
