"""Lines of the lists as rows of a table: words, states, and where a search hit."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop_app.domain.dates import parse_iso
from desktop_app.services.lists import ALL, ListLine
from desktop_app.ui.text import day_or_moment
from desktop_app.ui.views import Column, HitCell, PillCell, Row, State

STATES: dict[str, State] = {
    "passed": State.DONE,
    "missing": State.NEEDS,
    "to_review": State.WAITING,
    "returned": State.REFUSED,
    "asked": State.REFUSED,
    "answered": State.WAITING,
    "unreviewed": State.UNFINISHED,
    "unanswered": State.WAITING,
    "queried": State.REFUSED,
    "decided": State.DONE,
    "corrected": State.DONE,
    "corrected_since": State.NEEDS,
    "draft": State.UNFINISHED,
    "conflict": State.CONFLICT,
    "merged": State.UNFINISHED,
    "appeal_open": State.WAITING,
    "appeal_passed_on": State.WAITING,
    "appeal_answered": State.DONE,
}
_STATE_WORDS = {
    ALL: "全部",
    "passed": "已办",
    "missing": "待补",
    "to_review": "待审核",
    "returned": "退回",
    "asked": "区问",
    "answered": "已改，等区里",
    "unreviewed": "学校没审",
    "unanswered": "待答复",
    "queried": "要求说明",
    "decided": "已答复",
    "corrected": "更正过",
    "corrected_since": "更正了，没看",
    "draft": "草稿",
    "conflict": "两种说法",
    "merged": "已合并",
    "appeal_open": "在办",
    "appeal_passed_on": "转区里",
    "appeal_answered": "已答复",
}
_WHERE_WORDS = {
    "name": "姓名",
    "pinyin": "拼音",
    "id_number": "证件尾",
    "birth_certificate": "出生证尾",
    "receipt": "回执尾",
    "code": "查询码",
    "national_student_no": "学籍号尾",
    "guardian": "监护人",
    "guardian_pinyin": "监护人拼音",
    "guardian_id_number": "监护人证件尾",
    "phone": "电话尾",
}
NOTHING = "—"
WHERE_COLUMN = 2
LAPTOP_COLUMN = 7


@dataclass(frozen=True, slots=True)
class LineRow(Row):
    """A row that remembers the line it was made of."""

    line: ListLine | None = None


def _tr(words: str) -> str:
    return QCoreApplication.translate("Listing", words)


def state_word(state: str) -> str:
    """Name a state of a case or a list."""
    return _tr(_STATE_WORDS[state])


def where_word(where: str) -> str:
    """Say where a word of a search was found."""
    return _tr(_WHERE_WORDS[where])


def columns() -> tuple[Column, ...]:
    """Give the columns of 今日名单; at large type four of them stay."""
    return (
        Column(_tr("回执号"), 84, secondary=True, compact=False),
        Column(_tr("姓名"), 112, strong=True),
        Column(_tr("户籍地"), 156),
        Column(_tr("类别"), 52, compact=False),
        Column(_tr("状态"), 132),
        Column(_tr("缺什么 / 下一步"), 0, secondary=True),
        Column(_tr("时间"), 100, secondary=True, compact=False),
        Column(_tr("台"), 56, secondary=True, compact=False),
    )


def where_title(*, searching: bool) -> str:
    """Title the third column."""
    return _tr("命中在哪") if searching else _tr("户籍地")


def short_day(iso: str) -> str:
    """Say a day as 8/28; anything that is none stays as it is."""
    day = parse_iso(iso)
    return f"{day.month}/{day.day}" if day is not None else iso


def long_day(iso: str) -> str:
    """Say a day as 8月28日; anything that is none stays as it is."""
    day = parse_iso(iso)
    if day is None:
        return iso
    return _tr("{month}月{day}日").format(month=day.month, day=day.day)


def short_receipt(receipt: str) -> str:
    """Give the end of a receipt number, which tells today's cases apart: 0067-08."""
    return "-".join(receipt.split("-")[-2:]) or NOTHING


def row_of(line: ListLine, *, searching: bool) -> LineRow:
    """Make the row of a line."""
    return LineRow(
        line.record,
        (
            short_receipt(line.receipt),
            _name_cell(line),
            _where_cell(line) if searching else line.village or NOTHING,
            line.category or NOTHING,
            PillCell(STATES[line.state], state_word(line.state)),
            next_step(line),
            day_or_moment(line.at),
            line.desk or NOTHING,
        ),
        line=line,
    )


def next_step(line: ListLine) -> str:
    """Say what is missing, or what comes next."""
    if line.state == "draft" and line.amends:
        return _tr("登记改到一半，还没存")
    if line.state == "draft":
        return (
            _tr("还需填 {count} 格").format(count=line.needed) if line.needed else _tr("可以保存")
        )
    if line.state == "merged":
        return _tr("已并入 {receipt}").format(receipt=short_receipt(line.into))
    if line.state == "conflict":
        return _tr("有两种说法，到核对页看")
    if line.state == "returned":
        return line.reason or NOTHING
    if line.state in {"asked", "answered"}:
        return "：".join(filter(None, (line.answer, line.asked)))
    if line.missing:
        more = len(line.missing) - 1
        words = line.missing[0].partition("或")[0]
        if more:
            words = _tr("{paper}等 {count} 项").format(paper=words, count=more + 1)
        return f"{words} {short_day(line.due)}".strip()
    return line.answer or NOTHING


def _name_cell(line: ListLine) -> HitCell | str:
    """Mark a name by the characters that were typed, or whole where its pinyin was."""
    name = line.name or _tr("（未填姓名）")
    family = _tr("　同家") if line.has_family else ""
    spans: list[tuple[int, int]] = []
    for hit in line.hits:
        if hit.where == "pinyin":
            return HitCell(name + family, ((0, len(name)),))
        place = name.find(hit.word) if hit.where == "name" else -1
        if place >= 0:
            spans.append((place, len(hit.word)))
    return HitCell(name + family, _apart(spans)) if spans else name + family


def _where_cell(line: ListLine) -> HitCell:
    """Say where each word was found, the words bold."""
    text, spans = "", []
    for hit in line.hits:
        text += (" · " if text else "") + where_word(hit.where) + " "
        spans.append((len(text), len(hit.word)))
        text += hit.word
    return HitCell(text or NOTHING, tuple(spans))


def _apart(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Leave out what would be marked twice."""
    kept: list[tuple[int, int]] = []
    for start, length in sorted(spans):
        if not kept or start >= sum(kept[-1]):
            kept.append((start, length))
    return tuple(kept)
