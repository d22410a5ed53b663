"""The side panel of 今日名单: one case, masked, what it lacks, and its story."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop_app.services.case_file import CaseFile, Due, Event, Unmasked
from desktop_app.services.lists import ListLine
from desktop_app.services.sent_back import RETURNED
from desktop_app.ui.models.listing import STATES, long_day, next_step, short_receipt, state_word
from desktop_app.ui.units import row, set_units
from desktop_app.ui.views import State
from desktop_app.ui.widgets.formats import PHONE, RESIDENT_ID
from desktop_app.ui.widgets.labels import Hairline, Plain, Text
from desktop_app.ui.widgets.panel import Fact
from desktop_app.ui.widgets.pill import StateLine, StatusPill
from desktop_app.ui.widgets.reading import ReadingPanel

MOST_EVENTS = 8
_READ_WHOLE = frozenset(
    {"changed", "corrected", "registered", "told", "agreed", "withdrawn", "returned", "decided"}
)
"""What says before and after, or what was agreed to: half of it would be worth nothing."""


def _tr(words: str) -> str:
    return QCoreApplication.translate("Detail", words)


def event_words(event: Event) -> str:
    """Say an event as people do."""
    sentences = {
        "registered": _tr("{person} 登记"),
        "changed": _tr("{person} 改了{subject}：{detail}"),
        "paper": _tr("{person} {subject}：{detail}"),
        "scanned": _tr("{person} 存了{subject}扫描件"),
        "compared": _tr("{person} 查重：{detail}"),
        "merged": _tr("{person} 把两件并成一件"),
        "separated": _tr("{person} 把两件分开"),
        "passed": _tr("{person} 审核通过"),
        "returned": _tr("{person} 退回：{detail}"),
        "transferred": _tr("{person} 转介其他学校"),
        "corrected": _tr("{person} 更正：{subject}（{detail}）"),
        "taken": _tr("{person} 接手办理"),
        "put_back": _tr("{person} 放回，不办了"),
        "appeal": _tr("{person} 记诉求 {subject}：{detail}"),
        "told": _tr("{person} 告知：告知书 {subject}"),
        "agreed": _tr("{person} 记下家长同意：{subject}"),
        "withdrawn": _tr("{person} 记下家长撤回同意：{subject}"),
        "undone": _tr("{person} 撤销了审核决定"),
        "decided": _tr("{person} {detail}"),
        "recalled": _tr("{person} 撤回答复"),
        "printed": _tr("{person} 打印回执第 {subject} 份"),
        "unmasked": _tr("{person} 看了证件号"),
        "viewed": _tr("{person} 看了扫描件"),
        "exported": _tr("{person} 导出"),
        "removed": _tr("{person} 撤销了登记"),
    }
    if event.subject:
        sentences["passed"] = _tr("{person} 成批通过")
        sentences["registered"] = _tr("{person} 登记，{subject}")
    if event.act == "printed" and not event.subject:
        sentences["printed"] = _tr("{person} 打印了一份（不是回执）")
    words = sentences.get(event.act, _tr("{person} 改了资料"))
    said = words.format(person=event.person, subject=event.subject, detail=event.detail).strip()
    twin = short_receipt(event.twin)
    return _tr("{said}（并来的 {twin}）").format(said=said, twin=twin) if event.twin else said


def event_time(at: int, now: datetime | None = None) -> str:
    """Say when something happened: 10:05 today, 8/24 before."""
    here = now or datetime.now().astimezone()
    then = datetime.fromtimestamp(at / 1000, tz=here.tzinfo)
    return f"{then:%H:%M}" if then.date() == here.date() else f"{then.month}/{then.day}"


class DetailPanel(ReadingPanel):
    """One case beside the list; empty while none is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._age = Text("", "secondary", self)
        self.add_to_head(self._age)
        self._case: CaseFile | None = None

    @property
    def record(self) -> str:
        """Tell the record that is shown, or nothing."""
        return self._case.record if self._case is not None else ""

    def clear(self) -> None:
        """Show nobody."""
        self._case = None
        self._begin("", "")
        self._lines.addStretch(1)

    def show_draft(self, line: ListLine) -> None:
        """Show a draft: it has no numbers here and no story."""
        self._case = None
        self._begin(line.name or _tr("（未填姓名）"), "")
        self._lines.addWidget(StatusPill(State.UNFINISHED, state_word("draft"), self._content))
        for caption, value in (
            (_tr("类别"), line.category),
            (_tr("户籍地"), line.village),
            (_tr("进度"), next_step(line)),
        ):
            self._lines.addWidget(Fact(caption, value or "—", self._content))
        self._note(_tr("按 Enter 接着填，内容都在"))
        self._lines.addStretch(1)

    def show_case(self, case: CaseFile, unmasked: Unmasked | None = None) -> None:
        """Show a case; numbers whole where somebody asked for them and was logged."""
        self._case = case
        self._begin(case.name, _age_words(case.age))
        head = row(None, 8)
        state = case_state(case)
        head.addWidget(StatusPill(STATES[state], state_word(state), self._content))
        head.addWidget(
            Text(_tr("回执 {number}").format(number=case.receipt), "caption", self._content)
        )
        head.addStretch(1)
        holder = Plain(self._content)
        holder.setLayout(head)
        self._lines.addWidget(holder)
        if case.merged_into:
            into = short_receipt(case.merged_receipt)
            words = _tr("已并入 {receipt}；到核对页按 F2 可以分开")
            self._note(words.format(receipt=into))
        if case.question:
            self._add_question(case)
        for caption, value in _facts(case, unmasked):
            self._lines.addWidget(Fact(caption, value or "—", self._content))
        self._lines.addWidget(Hairline(self._content))
        self._add_due(case.due)
        self._lines.addWidget(Hairline(self._content))
        self._add_events(case.events)
        self._lines.addStretch(1)
        self._note(
            _tr("已显示，已留痕；换一行就遮上")
            if unmasked is not None
            else _tr("证件号默认遮挡，按 F8 显示并留痕")
        )

    # --- parts ------------------------------------------------------------------------------

    def _begin(self, title: str, age: str) -> None:
        self.begin(title)
        self._age.setText(age)

    def _note(self, words: str) -> None:
        self._lines.addWidget(Text(words, "caption", self._content, wrap=True))

    def _add_question(self, case: CaseFile) -> None:
        """Say in full what the district asks, and what the school does about it."""
        asked = Text(case.question, "strong", self._content, wrap=True)
        asked.set_state("waiting" if case.answered else "refused")
        self._lines.addWidget(asked)
        if case.answered:
            self._note(_tr("已改，等区里：到“交换”装包交区级，区里看了再答复"))

    def _add_due(self, due: tuple[Due, ...]) -> None:
        """List what is still to come."""
        if not due:
            whole = StateLine(self._content, bold=True)
            whole.say(State.DONE, _tr("材料齐了"))
            self._lines.addWidget(whole)
            return
        title = Text(_tr("还缺 {count} 项").format(count=len(due)), "strong", self._content)
        title.set_state("needs")
        self._lines.addWidget(title)
        for one in due:
            holder = Plain(self._content)
            line = row(holder, 8)
            shape = StateLine(holder)
            shape.say(State.NEEDS, one.label)
            line.addWidget(shape, 1)
            until = Text(_tr("{day}前").format(day=long_day(one.on)), "check", holder)
            until.set_state("needs")
            line.addWidget(until)
            self._lines.addWidget(holder)
        self._note(_tr("补齐后按 F6 勾上即可，不用重新登记"))

    def _add_events(self, events: tuple[Event, ...]) -> None:
        """Tell the story, the latest last; older ones are counted."""
        self._lines.addWidget(Text(_tr("经过"), "strong", self._content))
        older = len(events) - MOST_EVENTS
        if older > 0:
            self._note(_tr("更早还有 {count} 条").format(count=older))
        for event in events[-MOST_EVENTS:]:
            holder = Plain(self._content)
            line = row(holder, 8)
            when = Text(event_time(event.at), "caption", holder)
            set_units(when, width=44)
            line.addWidget(when)
            whole = event.act in _READ_WHOLE
            said = Text(event_words(event), "secondary", holder, wrap=whole, elide=not whole)
            line.addWidget(said, 1)
            self._lines.addWidget(holder)


def case_state(case: CaseFile) -> str:
    """Give the one state by which a case is shown, the gravest first."""
    if case.merged_into:
        return "merged"
    if case.in_conflict:
        return "conflict"
    if case.review == RETURNED and not case.amended:
        return "returned"
    if case.asked and not case.answered:
        return "asked"
    if case.answered and case.review == "passed":
        return "answered"
    if case.due:
        return "missing"
    return "passed" if case.review == "passed" else "to_review"


def _facts(case: CaseFile, unmasked: Unmasked | None) -> list[tuple[str, str]]:
    number = RESIDENT_ID.shown(unmasked.id_number) if unmasked else case.masked_number
    phone = PHONE.shown(unmasked.phone) if unmasked else case.masked_phone
    facts = [
        (_tr("证件号"), number),
        (_tr("住址"), unmasked.address if unmasked else case.village),
        (_tr("类别"), f"{case.category} {case.category_label}".strip()),
        (_tr("监护人"), f"{case.guardian} {case.relation}".strip()),
        (_tr("电话"), phone),
    ]
    facts += [(caption, said) for caption, said in _special_facts(case) if said]
    if unmasked is not None and unmasked.guardian_number:
        facts.append((_tr("监护人证"), RESIDENT_ID.shown(unmasked.guardian_number)))
    return facts


def _special_facts(case: CaseFile) -> list[tuple[str, str]]:
    """Give what is special about a case; empty where nothing is."""
    agent = _tr("{relation}，要委托书").format(relation=case.agent) if case.agent else ""
    named = (f"{one.name} {short_receipt(one.receipt)}" for one in case.siblings)
    return [
        (_tr("来源"), case.entry),
        (_tr("代办"), agent),
        (_tr("同一家"), "、".join(named)),
        (_tr("复录"), case.second_keying),
        (_tr("纸表日期"), case.paper_date),
    ]


def _age_words(age: tuple[int, int] | None) -> str:
    if age is None:
        return ""
    return _tr("{years} 岁 {months} 个月").format(years=age[0], months=age[1])
