"""A row of a workbook as a form: codes, villages, categories and papers read from their words.

Nothing is guessed: what no list knows stays as it was written, for whoever mends the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from desktop_app.documents.columns import Column
from desktop_app.documents.rows import ParsedRow
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.errors import Detail
from desktop_app.policy.package import Policy
from desktop_app.services.form import MATERIAL_PREFIX, YES

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

CODED = {
    "id_type": "id_type",
    "sex": "sex",
    "ethnic_code": "ethnic",
    "boarding_code": "boarding",
    "guardian_relation": "guardian_relation",
}
"""The fields whose words are those of a code list."""
_AFFIRMED = frozenset({"是", "有", "√", "✓", "1", "已签", "y", "yes"})


@dataclass(frozen=True, slots=True)
class Repair:
    """One row that could not go in: which, which column, why, and what the cell shows."""

    row: int
    column: str
    code: str
    details: Mapping[str, Detail] = field(default_factory=dict)
    found: str = ""


class RowReader:
    """Reads rows by the words of a policy package."""

    def __init__(self, policy: Policy) -> None:
        """Read by a package."""
        self._policy = policy

    def form(self, row: ParsedRow) -> tuple[dict[str, str], list[Repair]]:
        """Give the form of a row, and what no list knows; cells that were refused are in it too."""
        form = {**row.values, **row.read}
        unlisted = {}
        for name, listed in CODED.items():
            text = form.get(name, "")
            code = CODE_LISTS[listed].parse(text) if text else ""
            if code is None:
                unlisted[name] = text
            form[name] = code or ""
        category = form.get("category", "")
        form["category"] = self._category(category)
        if not form["category"]:
            unlisted["category"] = category
        wrong = [
            Repair(row.number, header_of(name), "form.not_in_list", found=text)
            for name, text in unlisted.items()
        ]
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
        """Read a category by code, label or what people call it; nothing is guessed."""
        bare = text.strip().upper()
        for code, category in self._policy.categories.items():
            named = text.strip() in (category.label, *category.aliases)
            if bare == code or named or bare.split(" ")[0] == code:
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
