"""The parts of 答复: cases as rows, and one child in full beside the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop_app.services.answers import (
    CORRECTED_SINCE,
    AnswerCase,
    AnswerDesk,
    AnswerLine,
    AnswerSlice,
    Place,
    Twin,
)
from desktop_app.services.case_file import Event, Unmasked
from desktop_app.services.changes import Changed, Corrected
from desktop_app.ui.models.keyset import Chunk
from desktop_app.ui.models.listing import NOTHING, STATES, short_receipt, state_word
from desktop_app.ui.pages.today_detail import event_time, event_words
from desktop_app.ui.text import moment
from desktop_app.ui.units import row, set_units
from desktop_app.ui.views import Column, PillCell, Row
from desktop_app.ui.widgets.formats import PHONE, RESIDENT_ID
from desktop_app.ui.widgets.labels import Hairline, Plain, Text
from desktop_app.ui.widgets.panel import Fact
from desktop_app.ui.widgets.pill import StatusPill
from desktop_app.ui.widgets.reading import ReadingPanel

_MOST_EVENTS = 6


@dataclass(frozen=True, slots=True)
class AnswerRowView(Row):
    """A row that remembers the line it was made of."""

    line: AnswerLine | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A list from its beginning, with the counts of all lists."""

    chunks: tuple[Chunk, ...]
    counts: dict[str, int]
    unseen: int = 0
    """How many were corrected since they were answered."""


def _tr(words: str) -> str:
    return QCoreApplication.translate("Answers", words)


def answer_columns() -> tuple[Column, ...]:
    """Name the columns of the list."""
    return (
        Column(_tr("学校"), 140, secondary=True, compact=False),
        Column(_tr("姓名"), 96, strong=True),
        Column(_tr("回执号"), 84, secondary=True, compact=False),
        Column(_tr("状态"), 140),
        Column(_tr("区里说的"), 0, secondary=True),
        Column(_tr("登记"), 134, secondary=True, compact=False),
    )


def key_of(place: Place) -> str:
    """Give the key of a child's row."""
    return f"{place.school} {place.record}"


def answer_row(line: AnswerLine) -> AnswerRowView:
    """Say one case as a row."""
    return AnswerRowView(
        key_of(line.place),
        (
            line.school,
            line.name or NOTHING,
            short_receipt(line.receipt),
            PillCell(STATES[line.state], state_word(line.state)),
            line.told or NOTHING,
            moment(line.at),
        ),
        line=line,
    )


def walk(desk: AnswerDesk, which: str, school: str, pages: int, until: str = "") -> Listed:
    """Read the first pages of a list, or those up to a child, with all counts."""
    found: Sequence[AnswerSlice] = [desk.page(which, school)]
    while len(found) < pages and found[-1].after is not None:
        if until and any(key_of(one.place) == until for one in found[-1].lines):
            break
        found = [*found, desk.page(which, school, found[-1].after)]
    return Listed(tuple(map(chunk, found)), desk.counts(school), desk.unseen(school))


def chunk(page: AnswerSlice) -> Chunk:
    """Make rows; the key of the next page is one time and one text, as the model wants it."""
    after = None if page.after is None else (page.after[1], f"{page.after[0]} {page.after[2]}")
    return Chunk(tuple(map(answer_row, page.lines)), after)


def unready_words(case: AnswerCase) -> str:
    """Say why a child is not ready to be passed."""
    words = (
        [] if case.state != "unreviewed" and case.file.review == "passed" else [_not_passed(case)]
    )
    if case.file.due:
        words.append(_tr("材料还缺 {count} 项").format(count=len(case.file.due)))
    if case.void:
        words.append(_tr("跨校查重已定：学位留在别校"))
    words += map(_twin_words, case.twins)
    return "，".join(words)


def _twin_words(twin: Twin) -> str:
    words = _tr("和{school}的一件可能是同一个孩子，跨校查重还没判断")
    if twin.placed:
        words = _tr("{school}已通过的一件可能是同一个孩子，跨校查重还没判断")
    return words.format(school=twin.school)


def _not_passed(case: AnswerCase) -> str:
    return (
        _tr("学校退回了，还没有审过") if case.file.review == "returned" else _tr("学校还没有审过")
    )


class AnswerPanel(ReadingPanel):
    """One child: what stands, what is asked, what changed since, papers, and the story."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._school = Text("", "secondary", self, elide=True)
        self.add_to_head(self._school)

    def clear(self) -> None:
        """Show nobody."""
        self.begin("")
        self._school.setText("")
        self._lines.addStretch(1)

    def show_case(self, case: AnswerCase, unmasked: Unmasked | None = None) -> None:
        """Show a child; numbers whole where somebody asked for them and was logged."""
        self.begin(case.file.name)
        self._school.setText(case.school)
        self._add_state(case)
        if case.changes:
            self._add_changes(_tr("问了以后学校改的"), case.changes)
        for one in case.corrected:
            self._add_corrected(one)
        for caption, value in _facts(case, unmasked):
            self._lines.addWidget(Fact(caption, value or NOTHING, self._content, width=84))
        self._lines.addWidget(Hairline(self._content))
        for caption, value in case.papers:
            self._add_pair(caption, value)
        if not case.papers:
            self._note(_tr("没有记材料"))
        self._lines.addWidget(Hairline(self._content))
        self._add_events(case.file.events)
        self._lines.addStretch(1)
        shown = _tr("已显示，已留痕；换一行就遮上")
        self._note(shown if unmasked is not None else _tr("证件号默认遮挡，按 F8 显示并留痕"))

    # --- parts ------------------------------------------------------------------------------

    def _note(self, words: str) -> None:
        self._lines.addWidget(Text(words, "caption", self._content, wrap=True))

    def _strong(self, words: str, state: str = "") -> None:
        made = Text(words, "strong", self._content, wrap=True)
        made.set_state(state)
        self._lines.addWidget(made)

    def _add_state(self, case: AnswerCase) -> None:
        """Say how the child stands: at the district, and at the school."""
        holder = Plain(self._content)
        head = row(holder, 8)
        head.addWidget(StatusPill(STATES[case.state], state_word(case.state), holder))
        receipt = _tr("回执 {number}").format(number=case.file.receipt or NOTHING)
        head.addWidget(Text(receipt, "caption", holder))
        head.addStretch(1)
        self._lines.addWidget(holder)
        if case.answer:
            self._strong(case.answer, "refused" if case.state == "queried" else "")
        school = case.review or _tr("还没有审")
        self._note(_tr("校审：{school}").format(school=school))
        if case.state == CORRECTED_SINCE:
            self._strong(_tr("答复以后学校更正了：看过按 A 再签一次，要问按 R"), "needs")
        if not case.ready:
            self._strong(unready_words(case), "needs")

    def _add_corrected(self, one: Corrected) -> None:
        """Say what the school corrected after it had passed the case, why, and who signed."""
        title = _tr("更正 {when}：{reason}").format(when=moment(one.at), reason=one.reason)
        self._add_changes(title, one.changes)
        proof = _tr("证明：{paper} {evidence}").format(paper=one.paper, evidence=one.evidence)
        persons = _tr("{names} 签名").format(names="、".join(filter(None, one.persons)))
        self._note("；".join(filter(None, (proof, one.note, persons))))

    def _add_changes(self, title: str, changes: tuple[Changed, ...]) -> None:
        """Say what the school changed, before and after."""
        self._strong(title, "waiting")
        for one in changes:
            words = _tr("{label}：{before} → {after}").format(
                label=one.label, before=one.before or NOTHING, after=one.after or NOTHING
            )
            self._lines.addWidget(Text(words, "body", self._content, wrap=True))

    def _add_pair(self, caption: str, value: str) -> None:
        holder = Plain(self._content)
        line = row(holder, 8)
        line.addWidget(Text(caption, "body", holder, elide=True), 1)
        line.addWidget(Text(value, "secondary", holder))
        self._lines.addWidget(holder)

    def _add_events(self, events: tuple[Event, ...]) -> None:
        """Tell the story, the latest last."""
        for event in events[-_MOST_EVENTS:]:
            holder = Plain(self._content)
            line = row(holder, 8)
            when = Text(event_time(event.at), "caption", holder)
            set_units(when, width=44)
            line.addWidget(when)
            line.addWidget(Text(event_words(event), "secondary", holder, wrap=True), 1)
            self._lines.addWidget(holder)


def _facts(case: AnswerCase, unmasked: Unmasked | None) -> list[tuple[str, str]]:
    """Give the fields, and the category; numbers whole where they were asked for."""
    whole = {}
    if unmasked is not None:
        whole = {
            "证件号": RESIDENT_ID.shown(unmasked.id_number),
            "监护人证件": RESIDENT_ID.shown(unmasked.guardian_number),
            "电话": PHONE.shown(unmasked.phone),
        }
    kind = f"{case.file.category} {case.file.category_label}".strip()
    facts = [(caption, whole.get(caption) or value) for caption, value in case.facts]
    return [*facts, (_tr("类别"), kind)]
