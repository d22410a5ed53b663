"""Families from a workbook: good rows go in, each bad row is listed with its own reason.

Every row goes through the same assessment as a form typed by hand. Nothing is guessed and nothing
is dropped: what cannot go in stands on the repair list with its row number and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.documents.columns import Column, match_columns
from desktop_app.documents.reader import read_workbook
from desktop_app.documents.rows import ParsedRow, parse_rows
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.errors import Detail, ProductError, RuleError
from desktop_app.services.form import MATERIAL_PREFIX, YES
from desktop_app.services.progress import Progress
from desktop_app.services.registration import Decision, RegistrationDesk
from desktop_app.services.workplace import Workplace

COLUMNS = (
    Column("full_name", "儿童姓名", ("姓名", "学生姓名", "孩子姓名"), required=True),
    Column("id_type", "证件类型", ("身份证件类型",), "code"),
    Column(
        "id_number",
        "证件号",
        ("身份证号", "身份证号码", "证件号码", "公民身份号码"),
        "identity",
    ),
    Column("birth_certificate", "出生医学证明号", ("出生证号", "出生证明编号"), "identity"),
    Column("sex", "性别", (), "code"),
    Column("birth_date", "出生日期", ("出生年月日", "生日"), "date"),
    Column("ethnic_code", "民族", (), "code"),
    Column("hukou_village", "户籍村（居）", ("户籍村", "村名", "户籍所在村"), required=True),
    Column("hukou_address", "户籍地址", ("组和门牌", "门牌", "组号门牌")),
    Column("current_village", "现住村（居）", ("现住村",)),
    Column("current_address", "现住址", ("现居住地址",)),
    Column("category", "报名类别", ("类别",), "code", True),
    Column("boarding_code", "就读方式", (), "code"),
    Column("guardian_name", "监护人姓名", ("家长姓名", "监护人"), required=True),
    Column("guardian_relation", "与儿童关系", ("关系", "与监护人关系"), "code", True),
    Column("guardian_id_number", "监护人证件号", ("监护人身份证号", "家长身份证号"), "identity"),
    Column("guardian_phone", "联系电话", ("电话", "手机", "手机号"), "digits"),
    Column("multiple_birth", "双胞胎", ("多胞胎", "双/多胞胎")),
    Column("materials", "已带材料", ("材料", "已交材料")),
    Column("notice_read", "告知书已签", ("已签告知书",)),
)
"""What a village's workbook may say; none of it goes beyond the 学籍信息采集表."""

_NEEDED_COLUMN = "id_number"
"""The column must be there; a child without a number (证件类型 Z) leaves its cell empty."""

_CODED = {
    "id_type": "id_type",
    "sex": "sex",
    "ethnic_code": "ethnic",
    "boarding_code": "boarding",
    "guardian_relation": "guardian_relation",
}
_DUPLICATES = frozenset({"form.duplicate", "form.alike"})
_GUARDED_ALIKE = frozenset({"phone", "guardian_number"})
_AFFIRMED = frozenset({"是", "有", "√", "✓", "1", "已签", "y", "yes"})


@dataclass(frozen=True, slots=True)
class Repair:
    """One row that could not go in: which, which column, why."""

    row: int
    column: str
    code: str
    details: Mapping[str, Detail] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of a workbook."""

    registered: tuple[str, ...]
    repairs: tuple[Repair, ...]
    duplicates: int
    skipped_blank: int
    unknown_columns: tuple[str, ...]

    @property
    def rejected_rows(self) -> int:
        """Count the rows on the repair list."""
        return len({repair.row for repair in self.repairs})


class WorkbookDesk:
    """Registers the families of a workbook."""

    def __init__(self, workplace: Workplace, stage: str = "P1") -> None:
        """Work at an open workplace for a stage."""
        self._policy = workplace.policy
        self._desk = RegistrationDesk(workplace, stage)

    def take_in(self, path: Path, progress: Progress | None = None) -> Intake:
        """Read a workbook in a child process behind the guard, and register its good rows.

        Raises:
            UntrustedError: the file is not a workbook that can be read safely.
            RuleError: a required column is missing, or two have changed places.
        """
        sheet = read_workbook(path)
        match = match_columns(sheet, COLUMNS)
        if match.problems:
            first = match.problems[0]
            raise RuleError(first.code, column=first.column, **first.details)
        if _NEEDED_COLUMN not in match.positions:
            raise RuleError("column.missing", column=header_of(_NEEDED_COLUMN))
        rows = parse_rows(sheet, COLUMNS, match)
        registered: list[str] = []
        repairs: list[Repair] = []
        duplicates = 0
        for done, row in enumerate(rows):
            if progress is not None:
                progress.step(done, len(rows), "intake")
            found = self._take_row(row)
            if isinstance(found, str):
                registered.append(found)
            else:
                repairs.extend(found)
                duplicates += any(one.code in _DUPLICATES for one in found)
        if progress is not None:
            progress.step(len(rows), len(rows), "intake")
        return Intake(
            tuple(registered), tuple(repairs), duplicates, sheet.skipped_blank, match.unknown
        )

    def _take_row(self, row: ParsedRow) -> str | tuple[Repair, ...]:
        """Register a row and give its record, or say everything that is wrong with it."""
        if row.problems:
            return tuple(
                Repair(row.number, one.column, one.code, one.details) for one in row.problems
            )
        form, wrong = self._form(row)
        assessment = self._desk.assess(form)
        wrong += [
            Repair(row.number, header_of(one.field), one.code, one.details)
            for one in assessment.problems
            if one.blocks and not any(known.column == header_of(one.field) for known in wrong)
        ]
        wrong += [
            Repair(row.number, header_of(name), "form.required")
            for name in assessment.needed
            if not any(known.column == header_of(name) for known in wrong)
        ]
        if wrong:
            return tuple(wrong)
        if self._is_held(form):
            return (Repair(row.number, header_of("full_name"), "form.alike"),)
        try:
            return self._desk.register(form, self._decisions(form)).record
        except ProductError as error:
            return (Repair(row.number, header_of("id_number"), error.code, error.details),)

    def _is_held(self, form: Mapping[str, str]) -> bool:
        """Say whether the same child is here without a number, as when a workbook comes twice.

        At the desk rule D3 stops nobody, since a person looks at both; a workbook has nobody who
        looks, so a child of the same name, sex, birth date and guardian waits for one.
        """
        guardian = form.get("guardian_name", "")
        return any(
            hint.finding.rule == "D3"
            and (hint.guardian_name == guardian or _GUARDED_ALIKE & {*hint.finding.why})
            for hint in self._desk.duplicates(form)
        )

    def _decisions(self, form: Mapping[str, str]) -> Sequence[Decision]:
        """Decide nothing: a workbook cannot say whose number it is."""
        del form
        return ()

    def _form(self, row: ParsedRow) -> tuple[dict[str, str], list[Repair]]:
        form = dict(row.values)
        wrong = []
        for name, listed in _CODED.items():
            text = form.get(name, "")
            code = CODE_LISTS[listed].parse(text) if text else ""
            if code is None:
                wrong.append(Repair(row.number, header_of(name), "form.not_in_list"))
            form[name] = code or ""
        form["category"] = self._category(form.get("category", ""))
        if not form["category"]:
            wrong.append(Repair(row.number, header_of("category"), "form.not_in_list"))
        for name in ("hukou_village", "current_village"):
            form[name] = self._village(form.get(name, ""))
        for name in ("multiple_birth", "notice_read"):
            form[name] = YES if form.get(name, "").strip().lower() in _AFFIRMED else ""
        if not form["current_village"] and not form.get("current_address"):
            form["same_address"] = YES
        for code in self._materials(form.pop("materials", ""), form["category"]):
            form[f"{MATERIAL_PREFIX}{code}"] = "accepted"
        return form, wrong

    def _category(self, text: str) -> str:
        """Read a category by code or by label; nothing is guessed."""
        bare = text.strip().upper()
        for code, category in self._policy.categories.items():
            if bare == code or text.strip() == category.label or bare.split(" ")[0] == code:
                return code
        return ""

    def _village(self, text: str) -> str:
        """Read a village by code or name; a place elsewhere is kept as it is written."""
        for code, village in self._policy.villages.items():
            if text in (code, village.label):
                return code
        return text

    def _materials(self, text: str, category: str) -> tuple[str, ...]:
        """Read the papers a family brought, by code or name; others are left out."""
        known = self._policy.categories.get(category)
        if known is None:
            return ()
        checklist = known.checklist()
        asked = dict.fromkeys([*checklist.required.codes(), *checklist.optional])
        words = [word for part in text.split("、") for word in part.replace("，", " ").split()]
        return tuple(
            code for code in asked if self._named(code, self._policy.materials[code].label, words)
        )

    @staticmethod
    def _named(code: str, label: str, words: Iterable[str]) -> bool:
        """Say whether a paper is named by its code, or its name without what stands in brackets."""
        name = label.partition("（")[0]
        return any(word in (code, name, name.removeprefix("居民")) for word in words)


def header_of(name: str) -> str:
    """Give the workbook's header of a form field."""
    for column in COLUMNS:
        if column.field == name:
            return column.header
    return name
