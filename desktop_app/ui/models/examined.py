"""A case under examination as rows of a table: papers first, then what was registered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from desktop_app.domain.errors import RuleError
from desktop_app.messages.catalogue import sentence
from desktop_app.services.changes import Step
from desktop_app.services.examination import MATERIAL_PIN, Examination, PaperLine
from desktop_app.services.examined_fields import TROUBLES, FieldLine
from desktop_app.ui.models.listing import NOTHING, long_day
from desktop_app.ui.text import language, moment
from desktop_app.ui.views import Cell, Column, PillCell, Row, State
from desktop_app.ui.widgets.formats import PHONE, RESIDENT_ID

PAPERS_HEAD, FIELDS_HEAD, STEPS_HEAD, OPEN_HEAD = "papers", "fields", "steps", "open"


@dataclass(frozen=True, slots=True)
class ExaminedRow(Row):
    """A row that remembers the paper or the field it shows, and whether it needs a look.

    One that is ``under`` another belongs to the row above it.
    """

    pin: str = ""
    title: str = ""
    paper: PaperLine | None = None
    trouble: bool = False
    under: bool = False


def _tr(words: str) -> str:
    return QCoreApplication.translate("Examined", words)


def columns() -> tuple[Column, ...]:
    """Give the columns; all of them stay at large type."""
    return (
        Column(_tr("项目"), 104, secondary=True),
        Column(_tr("登记值"), 0),
        Column(_tr("证件 / 核对"), 110, secondary=True),
        Column(_tr("差异"), 106),
    )


def rows_of(case: Examination, *, whole: bool = True) -> tuple[ExaminedRow, ...]:
    """Make the rows of a case; of one that was amended what changed and what is open still.

    The ``whole`` of it where that is wanted.
    """
    rows: list[ExaminedRow] = []
    if case.steps:
        words = (
            _tr("{count} 处改动；按 E 只看改动") if whole else _tr("{count} 处改动；按 E 看全部")
        )
        words = words.format(count=len(case.steps))
        rows.append(_head(STEPS_HEAD, _tr("退回后改的"), words))
        rows += [_step_row(place, step) for place, step in enumerate(case.steps)]
        if not whole:
            return (*rows, *_open_rows(case))
    if case.papers:
        words = _tr("还缺 {count} 项").format(count=case.missing) if case.missing else _tr("齐了")
        rows.append(_head(PAPERS_HEAD, _tr("材料"), words))
        rows += [_paper_row(paper) for paper in case.papers]
    troubles = [field_title(line.key) for line in case.fields if line.verdict in TROUBLES]
    words = _tr("{count} 处要看：{fields}").format(
        count=len(troubles), fields="、".join(dict.fromkeys(troubles))
    )
    rows.append(_head(FIELDS_HEAD, _tr("登记内容"), words if troubles else _tr("无差异")))
    for place, line in enumerate(case.fields):
        rows += _field_rows(place, line)
    return tuple(rows)


def _open_rows(case: Examination) -> list[ExaminedRow]:
    """Make the rows of an amended case that are open still; nothing where nothing is."""
    rows = [one for one in map(_paper_row, case.papers) if one.trouble]
    count = len(rows)
    for place, line in enumerate(case.fields):
        if line.verdict in TROUBLES:
            rows += _field_rows(place, line)
            count += 1
    if not rows:
        return []
    return [_head(OPEN_HEAD, _tr("还没办完的"), _tr("{count} 处要看").format(count=count)), *rows]


def doubts_of(case: Examination) -> tuple[str, ...]:
    """Name what contradicts something in a case, and the papers that are good no more."""
    late = (_tr("{paper}已过期").format(paper=one.label) for one in case.expired)
    words = {"doubt": _tr("{field}不符"), "differs": _tr("{field}不同")}
    apart = (words[one.verdict].format(field=field_title(one.key)) for one in case.doubtful)
    return tuple(dict.fromkeys((*late, *apart)))


def _head(key: str, title: str, words: str) -> ExaminedRow:
    return ExaminedRow(key, (title, words, "", ""), strong=True)


def _step_row(place: int, step: Step) -> ExaminedRow:
    """Say one change: what stood there, what stands there now, who did it and when."""
    one = step.changed
    value = _tr("{before} → {after}").format(
        before=one.before or _tr("空"), after=one.after or _tr("空")
    )
    who = f"{step.person} {moment(step.at)}".strip()
    return ExaminedRow(
        f"{STEPS_HEAD}.{place}",
        (one.label, value, who, PillCell(State.NEEDS, _tr("改过"))),
        pin=step.pin,
        title=one.label,
        trouble=True,
    )


# --- papers ---------------------------------------------------------------------------------


def paper_pill(paper: PaperLine) -> PillCell | None:
    """Show the state of a paper; of those to choose from, only what is still needed."""
    states = {
        "accepted": (State.DONE, _tr("已见原件")),
        "waived": (State.DONE, _tr("免提交")),
        "pending_original": (State.NEEDS, _tr("容缺")),
        "correction_required": (State.NEEDS, _tr("待补正")),
        "rejected": (State.REFUSED, _tr("不认可")),
    }
    if paper.expired and paper.state == "accepted":
        return PillCell(State.NEEDS, _tr("已过期"))
    if paper.state in states:
        return PillCell(*states[paper.state])
    return None if paper.settled else PillCell(State.NEEDS, _tr("未带"))


def _paper_row(paper: PaperLine) -> ExaminedRow:
    pill = paper_pill(paper)
    return ExaminedRow(
        MATERIAL_PIN + paper.material,
        (paper.label, _paper_value(paper), _paper_proof(paper), pill or NOTHING),
        pin=MATERIAL_PIN + paper.material,
        title=paper.label,
        paper=paper,
        trouble=not paper.settled or paper.expired,
    )


def _paper_value(paper: PaperLine) -> str:
    """Say what was noted of a paper."""
    words = " · ".join(filter(None, (paper.number, paper.dated, paper.owner)))
    if words:
        return words
    if paper.state == "missing" and paper.optional:
        return _tr("不用了") if paper.settled else _tr("任选一种")
    return NOTHING


def _paper_proof(paper: PaperLine) -> str:
    """Say until when a paper is good or may come, or why it did not do."""
    if paper.valid_to and paper.state == "accepted":
        return _tr("至 {day}").format(day=paper.valid_to)
    if paper.reason and paper.state in {"correction_required", "rejected"}:
        return paper.note or paper.reason
    if paper.state in {"pending_original", "correction_required"} and paper.due:
        return _tr("{day}前").format(day=long_day(paper.due))
    return NOTHING


# --- fields ---------------------------------------------------------------------------------


def field_title(key: str) -> str:
    """Name a registered value."""
    return {
        "name": _tr("姓名"),
        "number": _tr("证件号"),
        "birth": _tr("出生"),
        "home": _tr("户籍地"),
        "current": _tr("现住址"),
        "zone": _tr("片区"),
        "age": _tr("年龄"),
        "guardian": _tr("监护人"),
        "guardian_number": _tr("监护人证件"),
        "phone": _tr("电话"),
        "likeness": _tr("疑似重复"),
    }[key]


def _field_row(place: int, line: FieldLine) -> ExaminedRow:
    pills: dict[str, Cell] = {
        "same": PillCell(State.DONE, _tr("一致")),
        "differs": PillCell(State.NEEDS, _tr("不同")),
        "doubt": PillCell(State.NEEDS, _tr("不符")),
        "unsure": PillCell(State.NEEDS, _tr("再核对")),
        "missing": PillCell(State.NEEDS, _tr("缺项")),
        "returned": PillCell(State.REFUSED, _tr("退回")),
    }
    if line.others:
        pills["differs"] = PillCell(State.CONFLICT, _tr("两种说法"))
    if line.proof == "unplaced":
        pills["missing"] = PillCell(State.WAITING, _tr("待安排"))
    title = field_title(line.key)
    return ExaminedRow(
        f"{FIELDS_HEAD}.{place}",
        (title, _value(line), _proof(line), pills.get(line.verdict, NOTHING)),
        pin=line.field,
        title=title,
        trouble=line.verdict in TROUBLES,
    )


def _field_rows(place: int, line: FieldLine) -> Iterator[ExaminedRow]:
    """Show a value, and under it what is wrong with it and what else was written."""
    yield _field_row(place, line)
    if line.proof == "problem" and line.verdict in {"doubt", "unsure"}:
        said = sentence(RuleError(line.against, **line.details), language()).what.rstrip("。.")
        key, title = f"{FIELDS_HEAD}.{place}.why", field_title(line.key)
        yield ExaminedRow(key, ("", said, "", ""), pin=line.field, title=title, under=True)
    for value in line.others:
        yield _other_row(place, line, value)


def _other_row(place: int, line: FieldLine, value: str) -> ExaminedRow:
    """Put what else was written under the value, as wide and written alike: digit under digit."""
    return ExaminedRow(
        f"{FIELDS_HEAD}.{place}.{value}",
        ("", _value(replace(line, value=value)), _tr("另有这种写法"), ""),
        pin=line.field,
        title=field_title(line.key),
        under=True,
    )


def _value(line: FieldLine) -> str:
    """Write a value as people read it."""
    if line.proof == "unplaced":
        return NOTHING
    if not line.value:
        return _tr("未填")
    if line.key in {"number", "guardian_number"}:
        return RESIDENT_ID.shown(line.value)
    if line.key == "phone":
        return PHONE.shown(line.value)
    if line.key == "age":
        years, _, months = line.value.partition(",")
        return _tr("满 {years} 岁 {months} 个月").format(years=years, months=months)
    return line.value


def _proof(line: FieldLine) -> str:
    """Say what a value was held against."""
    fixed = {
        "checksum": _tr("校验位正确"),
        "here": _tr("本校片区"),
        "elsewhere": _tr("不是本校片区"),
        "unplaced": _tr("由区里安排"),
        "problem": _tr("请对原件"),
    }
    if line.proof == "age":
        return _tr("不足龄") if line.against == "under" else _tr("足龄")
    if line.proof == "derived":
        return _tr("同证件号") if line.verdict == "same" else line.against
    return fixed.get(line.proof, line.against or NOTHING)
