"""The workbook a village would send: titles above, blank rows between, dates in every fashion."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.commands.families_broken import BrokenRow
from desktop_app.commands.families_cells import Cell, workbook_of
from desktop_app.commands.families_values import UNDER_AGE, Family
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.durable.files import write_atomically
from desktop_app.policy.package import Policy

HEADERS = {
    "": "序号",
    "full_name": "姓名",
    "sex": "性别",
    "birth_date": "出生日期",
    "ethnic_code": "民族",
    "id_type": "证件类型",
    "id_number": "身份证号",
    "birth_certificate": "出生医学证明号",
    "hukou_village": "户籍村",
    "hukou_address": "组和门牌",
    "current_village": "现住村",
    "current_address": "现住址",
    "category": "报名类别",
    "boarding_code": "就读方式",
    "guardian_name": "家长姓名",
    "guardian_relation": "与儿童关系",
    "guardian_id_number": "家长身份证号",
    "guardian_phone": "联系电话",
    "multiple_birth": "双胞胎",
    "materials": "已带材料",
    "notice_read": "告知书已签",
    "note": "备注",
}
"""The village's own words for the fields; number and note are columns nobody asked for."""

_CODED = {
    "sex": "sex",
    "ethnic_code": "ethnic",
    "id_type": "id_type",
    "boarding_code": "boarding",
    "guardian_relation": "guardian_relation",
}
_SHEET = "新生摸底"
_BLANK_SHARE = 0.05
_FIRST_ROW = 4


@dataclass(frozen=True, slots=True)
class Expected:
    """A row that must stand on the repair list: which, which field, why."""

    row: int
    field: str
    code: str


@dataclass(frozen=True, slots=True)
class VillageSheet:
    """What was written, so that what becomes of it can be proved."""

    expected: tuple[Expected, ...]
    registered: tuple[Family, ...]
    """The families that must be taken in, in the order of their rows."""
    blank: int


def write_village_workbook(
    path: Path,
    families: Sequence[Family],
    broken: Iterable[BrokenRow],
    policy: Policy,
    *,
    known: Iterable[str] = (),
) -> VillageSheet:
    """Write the families of a village as its clerk would, and say what must come of each row.

    Args:
        path: the .xlsx file.
        families: in the order of their rows.
        broken: rows written otherwise than they should be; those of other families are left out.
        policy: whose names of villages, categories and papers are written.
        known: identity numbers registered already at the desk that will take the workbook in.

    Raises:
        WorkplaceError: the disk refused.
    """
    chance = random.Random(len(families))  # noqa: S311 - made-up people, no secret
    planted = {row.family: row for row in broken}
    seen = _Seen(set(known))
    rows = _title(families, policy)
    expected: list[Expected] = []
    registered: list[Family] = []
    number, blank = _FIRST_ROW, 0
    for count, family in enumerate(families, start=1):
        if count > 1 and chance.random() < _BLANK_SHARE:
            number, blank = number + 1, blank + 1
        row = planted.get(family)
        rows[number] = _row(count, family, row, policy, chance)
        reason = _reason(family, row, seen)
        if reason is None:
            seen.add(family)
            registered.append(family)
        else:
            expected.append(Expected(number, *reason))
        number += 1
    write_atomically(path, workbook_of(rows, _SHEET))
    return VillageSheet(tuple(expected), tuple(registered), blank)


@dataclass(slots=True)
class _Seen:
    """Who was taken in so far: by number, and by what makes two children look alike (D3)."""

    numbers: set[str]
    children: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def add(self, family: Family) -> None:
        self.numbers.add(family.id_number)
        self.children.setdefault(_child(family), []).append(family.id_number)

    def holds_alike(self, family: Family) -> bool:
        """Say whether the child is here already, one of the two without a number."""
        held = self.children.get(_child(family), [])
        return bool(held) and not (family.id_number and all(held))


def _child(family: Family) -> tuple[str, ...]:
    return (family.full_name, family.sex, family.birth_date, family.guardian_name)


def _reason(family: Family, row: BrokenRow | None, seen: _Seen) -> tuple[str, str] | None:
    """Say in which field and why a row must be refused; none where it must be taken in."""
    if row is not None and row.code is not None:
        return row.field, row.code
    if UNDER_AGE in family.traits:
        return "birth_date", "age.under"
    if family.id_number and family.id_number in seen.numbers:
        return "id_number", "form.duplicate"
    if seen.holds_alike(family):
        return "full_name", "form.alike"
    return None


def _title(families: Sequence[Family], policy: Policy) -> dict[int, tuple[Cell, ...]]:
    villages = Counter(family.hukou_village for family in families)
    most = villages.most_common(1)[0][0] if villages else ""
    name = policy.villages[most].label if most in policy.villages else policy.district_label
    season = f"{policy.season_year}年秋季"
    return {
        1: (Cell(f"{name}{season}新生摸底登记表"),),
        2: (Cell("填表人："), Cell(""), Cell("填表日期："), Cell(f"{policy.season_year}年8月20日")),
        3: tuple(Cell(header) for header in HEADERS.values()),
    }


def _row(
    count: int, family: Family, broken: BrokenRow | None, policy: Policy, chance: random.Random
) -> tuple[Cell, ...]:
    cells = {name: _cell(name, family, policy, chance) for name in HEADERS}
    cells[""] = Cell(str(count), "number")
    if broken is not None:
        cells[broken.field] = broken.cell
    return tuple(cells.values())


def _cell(name: str, family: Family, policy: Policy, chance: random.Random) -> Cell:
    """Write one field as a clerk does: labels, not codes; nothing where it is said already."""
    text = getattr(family, name, "") if name not in {"multiple_birth", "materials"} else ""
    if name in _CODED and text:
        label = CODE_LISTS[_CODED[name]].label_of(text)
        return Cell(label.removesuffix("族") if chance.random() < 0.3 and len(label) > 2 else label)
    match name:
        case "birth_date":
            return _date(text, chance)
        case "hukou_village" | "current_village":
            is_said = name == "current_village" and text == family.hukou_village
            village = policy.villages.get(text)
            return Cell("" if is_said else village.label if village else text)
        case "current_address":
            same = (family.current_village, text) == (family.hukou_village, family.hukou_address)
            return Cell("" if same else text)
        case "category":
            label = policy.categories[text].label
            return Cell(chance.choice((text, label, f"{text} {label}")))
        case "materials":
            return Cell("、".join(_paper(code, policy) for code in family.materials))
        case "multiple_birth":
            return Cell("是" if family.multiple_birth else "")
        case "notice_read":
            return Cell("是")
    return Cell(text)


def _paper(code: str, policy: Policy) -> str:
    """Name a paper by its code and the first words of its label."""
    label = policy.materials[code].label
    return f"{code} {label.partition('（')[0].partition('、')[0]}"


def _date(text: str, chance: random.Random) -> Cell:
    year, month, day = text.split("-")
    written = (
        Cell(text),
        Cell(text.replace("-", "")),
        Cell(f"{year}/{int(month)}/{int(day)}"),
        Cell(f"{year}年{int(month)}月{int(day)}日"),
        Cell(f"{year}.{int(month)}.{int(day)}"),
        Cell(text.replace("-", ""), "number"),
        Cell(text, "date"),
    )
    return chance.choice(written)
