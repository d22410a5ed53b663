"""The panels beside the registration form: catchment 划片结果 and papers 材料清单."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from desktop_app.domain.materials import AnyOf
from desktop_app.policy.entries import shown_basis
from desktop_app.policy.package import Policy
from desktop_app.services.form import Assessment
from desktop_app.services.wording import paper_words
from desktop_app.ui.look import Shape, look
from desktop_app.ui.pages.registration_digits import DigitPanel
from desktop_app.ui.units import column, row
from desktop_app.ui.views import State
from desktop_app.ui.widgets.labels import Hairline, Plain, Text
from desktop_app.ui.widgets.panel import Panel, clear_layout
from desktop_app.ui.widgets.pill import StateLine, StatusPill

ACCEPTED, PENDING = "accepted", "pending_original"
_NEXT = {"": ACCEPTED, ACCEPTED: PENDING, PENDING: ""}


class CatchmentPanel(Panel):
    """Which school the address belongs to, and by which published line."""

    def __init__(self, policy: Policy, school: str, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("划片结果"), parent, key="F2")
        self._policy = policy
        self._school = school
        self._line = StateLine(self, bold=True)
        self._basis = Text("", "caption", self, wrap=True)
        self.body.addWidget(self._line)
        self.body.addWidget(self._basis)
        self.summary: tuple[State | None, str] = (None, "")

    @property
    def words(self) -> str:
        """Tell what is shown."""
        return f"{self._line.words} {self._basis.text()}".strip()

    def show_result(self, found: Assessment) -> None:
        """Show the rules that name the address."""
        schools = list(dict.fromkeys(rule.school for rule in found.catchment))
        basis = self._basis_of(found)
        if not found.value("hukou_village"):
            self._say(None, self.tr("填了户籍地就知道"), "", self.tr("还没填户籍地"))
        elif not schools:
            words = self.tr("由区教体局安排学校")
            after = self._policy.wording["next_school"].text
            self._say(State.WAITING, words, after, self.tr("区里安排"))
        elif len(schools) > 1:
            names = "、".join(self._policy.schools[one].label for one in schools)
            words = self.tr("看组号：{schools}").format(schools=names)
            self._say(State.NEEDS, words, basis, self.tr("要填组号"))
        elif schools[0] == self._school:
            label = self._policy.schools[schools[0]].label
            words = self.tr("{place} → {school}（本校）").format(
                place=self._place(found), school=label
            )
            self._say(State.DONE, words, basis, self.tr("本校"))
        else:
            label = self._policy.schools[schools[0]].label
            words = self.tr("{place} → {school}").format(place=self._place(found), school=label)
            after = self.tr("照样登记，不用家长跑；区里转给那所学校。")
            self._say(State.WAITING, words, f"{after}{basis}", label)

    def _basis_of(self, found: Assessment) -> str:
        """Say by which address the school is found, and by which published line."""
        if not found.catchment:
            return ""
        category = self._policy.categories.get(found.value("category"))
        by_home = category is not None and category.zone_by == "current_address"
        how = self.tr("按现住址：{basis}") if by_home else self.tr("按户籍：{basis}")
        return how.format(basis=shown_basis(found.catchment[0].basis))

    def _place(self, found: Assessment) -> str:
        rule = found.catchment[0]
        village = self._policy.villages.get(rule.village)
        return village.label if village is not None else rule.village

    def _say(self, state: State | None, words: str, basis: str, short: str) -> None:
        self._line.say(state, words)
        self._basis.setText(basis)
        self._basis.setVisible(bool(basis))
        self.summary = (state, short)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper of the list: its code, name, state, and whether another one would do."""

    code: str
    label: str
    detail: str
    state: str
    instead: bool
    settled_otherwise: bool
    optional: bool = False


class MaterialsPanel(DigitPanel):
    """The papers a category asks for; a digit notes one: seen 已见原件, late 容缺, not yet."""

    marked = Signal(str, str)

    def __init__(self, policy: Policy, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("材料清单"), "F6", parent)
        self._policy = policy
        self._papers: tuple[PaperLine, ...] = ()
        self._states: Mapping[str, str] = {}
        self._drawn: object = None
        self._list = Plain(self)
        self._lines = column(self._list, 5)
        self.body.addWidget(self._list)
        self._foot = Text("", "caption", self, wrap=True)
        self.body.addWidget(self._foot)
        self.summary: tuple[State | None, str] = (None, "")
        self._reviewed = {
            "waived": (State.DONE, self.tr("免提交")),
            "correction_required": (State.NEEDS, self.tr("要补正")),
            "rejected": (State.REFUSED, self.tr("不认可")),
        }
        self.digit.connect(self._take)

    @property
    def papers(self) -> tuple[PaperLine, ...]:
        """Tell the papers shown, in the order of their digits."""
        return self._papers

    def show_list(self, found: Assessment, states: Mapping[str, str]) -> None:
        """Show the list of a category with what has been noted."""
        self._states = states
        checklist = found.checklist
        papers: list[PaperLine] = []
        for line in checklist.lines() if checklist else ():
            codes = list(dict.fromkeys(line.requirement.codes()))
            many = isinstance(line.requirement, AnyOf)
            papers += [
                self._paper(code, instead=many and place > 0, settled=line.is_settled)
                for place, code in enumerate(codes)
            ]
        told = {one.code for one in papers}
        for code in checklist.optional if checklist else ():
            if code not in told:
                paper = self._paper(code, instead=False, settled=False)
                papers.append(replace(paper, optional=True))
        drawn = (found.value("category"), tuple(papers), look().shape)
        if drawn == self._drawn:
            return
        self._drawn, self._papers = drawn, tuple(papers)
        self._draw(found)

    def _paper(self, code: str, *, instead: bool, settled: bool) -> PaperLine:
        name, detail = paper_words(self._policy, code)
        state = self._states.get(code, "")
        other = settled and state != ACCEPTED
        return PaperLine(code, name, detail, state, instead, other)

    def _draw(self, found: Assessment) -> None:
        """Draw the lines anew."""
        clear_layout(self._lines)
        self.forget_caps()
        self.set_title(self.tr("材料清单  {category}").format(category=found.value("category")))
        for number, paper in enumerate(self._papers, 1):
            if number > 1:
                self._lines.addWidget(Hairline(self._list))
            self._lines.addWidget(self._line(number, paper))
        checklist = found.checklist
        if checklist is None:
            self._foot.setText(self.tr("选了报名类别，这里列出要看的材料"))
            self.clear_pill()
            self.summary = (None, self.tr("先选类别"))
            return
        how = "" if look().shape is Shape.WIDE else self.tr("按一下已见原件，再按一下容缺。")
        self._foot.setText(how + self._policy.wording["not_asked"].text)
        done = sum(line.is_settled for line in checklist.lines())
        words = f"{done} / {len(checklist.lines())}"
        state = State.DONE if checklist.is_complete else State.NEEDS
        ending = self.tr("齐了") if checklist.is_complete else self.tr("待补")
        self.set_pill(state, f"{words} {ending}")
        self.summary = (state, words)

    def _line(self, number: int, paper: PaperLine) -> QWidget:
        """Draw the line of one paper."""
        line = _PaperWidget(self._list)
        line.clicked.connect(lambda: self._take(number))
        parts = row(line, 10, (0, 2, 0, 2))
        parts.addWidget(self.cap(number, line))
        words = column(None, 1)
        name = self.tr("或 {paper}").format(paper=paper.label) if paper.instead else paper.label
        words.addWidget(Text(name, "strong", line, elide=True))
        detail = self._detail(paper)
        if detail:
            words.addWidget(Text(detail, "caption", line, elide=True))
        parts.addLayout(words, 1)
        if paper.state == ACCEPTED:
            parts.addWidget(StatusPill(State.DONE, self.tr("已见原件"), line))
        elif paper.state == PENDING:
            parts.addWidget(StatusPill(State.NEEDS, self.tr("容缺"), line))
        elif paper.state in self._reviewed:
            parts.addWidget(StatusPill(*self._reviewed[paper.state], line))
        elif paper.optional:
            parts.addWidget(StatusPill(State.WAITING, self.tr("有就带"), line))
        elif not paper.settled_otherwise:
            parts.addWidget(StatusPill(State.UNFINISHED, self.tr("还没看"), line))
        return line

    def _detail(self, paper: PaperLine) -> str:
        if paper.settled_otherwise:
            return self.tr("已有其一，不用带")
        if paper.state == PENDING:
            return self.tr("没带，后补，不影响登记")
        return paper.detail

    def _take(self, number: int) -> None:
        """Note the next state of a paper."""
        if number <= len(self._papers):
            paper = self._papers[number - 1]
            self.marked.emit(paper.code, _NEXT.get(paper.state, ""))


class _PaperWidget(QWidget):
    """A line that hears a click."""

    clicked = Signal()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Tell that it was clicked."""
        self.clicked.emit()
