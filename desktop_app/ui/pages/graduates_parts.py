"""The parts of the page 毕业生名单: columns and rows of its lists, and the form that assigns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.errors import RuleError
from desktop_app.domain.masks import mask_phone
from desktop_app.messages.catalogue import sentence
from desktop_app.policy.entries import shown_basis
from desktop_app.services.graduate_rows import Leaver
from desktop_app.services.graduates import REPAIRS, LeaverPreview, SchoolCount
from desktop_app.storage.rows import Row as Entry
from desktop_app.ui.pages.registration_choices import typed_as
from desktop_app.ui.text import language
from desktop_app.ui.units import column
from desktop_app.ui.views import BarCell, Column, Option, PillCell, Row, State
from desktop_app.ui.widgets.form import Form
from desktop_app.ui.widgets.labels import Text
from desktop_app.ui.widgets.panel import Sheet
from desktop_app.ui.widgets.pick import PickInput

SHEETS = frozenset({".xlsx", ".xls", ".et", ".csv"})
_ORDER = ("wrong", "alike", "unassigned", "held", "good")
"""What a person has to look at comes first."""


def _tr(words: str) -> str:
    return QCoreApplication.translate("Graduates", words)


def sheets_in(place: Path) -> tuple[Path, ...]:
    """Name the workbooks in a folder, those WPS and Excel lock files are left out."""
    found = (one for one in place.iterdir() if one.suffix.lower() in SHEETS)
    named = (one for one in found if one.name != REPAIRS)  # our own list of what to mend
    return tuple(sorted(one for one in named if not one.name.startswith((".", "~$"))))


# --- lists ------------------------------------------------------------------------------------


def school_columns() -> tuple[Column, ...]:
    """Name the columns of the schools."""
    return (
        Column(_tr("初中"), 0, strong=True),
        Column(_tr("应到"), 84),
        Column(_tr("已到"), 190),
        Column(_tr("未到"), 84),
        Column(_tr("不在名单"), 100, compact=False),
        Column(_tr("名册有误"), 100, compact=False),
    )


def school_row(one: SchoolCount) -> Row:
    """Say one school as a row."""
    return Row(
        one.school,
        (
            one.label,
            str(one.listed),
            BarCell(one.come, one.listed) if one.listed else "—",
            str(one.absent),
            str(one.unlisted),
            str(one.faulted),
        ),
    )


def child_columns() -> tuple[Column, ...]:
    """Name the columns of the children of a school."""
    return (
        Column(_tr("姓名"), 150, strong=True),
        Column(_tr("到没到"), 110),
        Column(_tr("毕业学校"), 0),
        Column(_tr("班级"), 96, secondary=True, compact=False),
        Column(_tr("去向意向"), 110, secondary=True, compact=False),
        Column(_tr("电话"), 140, secondary=True, compact=False),
        Column(_tr("学校说有误的"), 190, compact=False),
    )


def child_rows(
    entries: Sequence[Entry], come: Collection[str], faults: Mapping[str, str]
) -> Iterator[Row]:
    """Say the children as rows: whose entry is said to be wrong, then those who have not come."""
    for entry in sorted(entries, key=lambda one: (one.record not in faults, one.record in come)):
        here = entry.record in come
        pill = PillCell(State.DONE if here else State.WAITING, _tr("已到") if here else _tr("未到"))
        if entry.record in faults:
            pill = PillCell(State.NEEDS, _tr("名册有误"))
        intention = entry.text("intention")
        yield Row(
            entry.record,
            (
                entry.text("full_name"),
                pill,
                entry.text("school") or "—",
                entry.text("class_name") or "—",
                CODE_LISTS["intention"].label_of(intention) if intention else "—",
                mask_phone(entry.text("phone")) or "—",
                faults.get(entry.record, "—"),
            ),
        )


def file_columns() -> tuple[Column, ...]:
    """Name the columns of the files."""
    return (Column(_tr("表格"), 0, strong=True),)


def preview_columns() -> tuple[Column, ...]:
    """Name the columns of a workbook that is looked at."""
    return (
        Column(_tr("行"), 60),
        Column(_tr("姓名"), 140, strong=True),
        Column(_tr("怎么办"), 120),
        Column(_tr("到哪所初中，或为什么"), 0),
    )


def _states() -> dict[str, PillCell]:
    """Say what becomes of a row."""
    return {
        "wrong": PillCell(State.REFUSED, _tr("要改表格")),
        "unassigned": PillCell(State.NEEDS, _tr("要定学校")),
        "alike": PillCell(State.CONFLICT, _tr("像同一人")),
        "held": PillCell(State.UNFINISHED, _tr("已在名单")),
        "good": PillCell(State.DONE, _tr("进名单")),
    }


def preview_rows(preview: LeaverPreview, schools: Mapping[str, str]) -> Iterator[Row]:
    """Say what becomes of every row; what needs a person comes first."""
    words = _states()
    for line in sorted(preview.lines, key=lambda one: (_ORDER.index(one.state), one.row)):
        cells = (str(line.row), line.name, words[line.state], _why(line, schools))
        yield Row(str(line.row), cells)


def left_lines(preview: LeaverPreview, schools: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Give the repair list, headers first: row, state and why; nothing of a child."""
    headers = (_tr("行"), _tr("状态"), _tr("原因"))
    words = _states()
    rows = sorted(preview.lines, key=lambda one: one.row)
    said = ((str(one.row), words[one.state].word, _why(one, schools)) for one in rows)
    return [headers, *said]


def _why(line: Leaver, schools: Mapping[str, str]) -> str:
    """Say where a child goes and by which rule, or what keeps the row out."""
    if line.repairs:
        said = []
        for one in line.repairs:
            what = sentence(RuleError(one.code, **one.details), language()).what.rstrip("。.")
            said.append(f"{one.column}：{what}")
        return "；".join(dict.fromkeys(said))
    if line.held:
        return line.held
    if line.alike:
        words = _tr("和{where}的孩子像是一个人，一处身份证号、一处学籍号；不是就按 F2 定学校")
        return words.format(where=line.alike)
    if line.school:
        label = schools.get(line.school, line.school)
        return f"{label}　{shown_basis(line.basis) or _tr('人工指定')}"
    intention = str(line.values.get("intention") or "")
    if intention:
        said_as = CODE_LISTS["intention"].label_of(intention)
        return _tr("去向{intention}，按 F2 定学校").format(intention=said_as)
    return _tr("没有规则，按 F2 定学校")


# --- assigning --------------------------------------------------------------------------------


class AssignForm(Sheet):
    """One question: which junior school."""

    def __init__(self, schools: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 0, (1, 1, 1, 1))
        inner = column(None, 8, (16, 12, 16, 12))
        self.who = Text("", "strong", self, wrap=True)
        inner.addWidget(self.who)
        lines.addLayout(inner)
        self.form = Form(self)
        group = self.form.group(_tr("定学校"), cell=84)
        options = [Option(code, label, typed_as(label)) for code, label in schools.items()]
        self.school = PickInput(options, name="school")
        group.field(_tr("初中"), self.school, width=330, narrow=280)
        lines.addWidget(self.form)
        lines.addStretch(1)

    def ask(self, who: str) -> None:
        """Ask about a child."""
        self.who.setText(who)
        self.form.set_values({"school": ""})
