"""A row of the workbook of primary graduates 小升初名单: its values, and where the child goes.

The columns are those of the source list (domain reference §4). Nothing is guessed: what a cell does
not say plainly stands on the list of bad rows, and what no rule assigns waits for a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop_app.documents.columns import Column
from desktop_app.documents.rows import ParsedRow
from desktop_app.domain.address import read_address
from desktop_app.domain.catchment import CatchmentRule
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import Problem
from desktop_app.domain.feeder import feeder_rules, one_school
from desktop_app.domain.identity import check_identity, tidy_number
from desktop_app.domain.names import check_name, name_key, tidy_name
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.policy.package import Policy
from desktop_app.services.intake_rows import Repair

COLUMNS = (
    Column("full_name", "姓名", ("学生姓名", "毕业生姓名"), required=True),
    Column("sex", "性别", (), "code"),
    Column("birth_date", "出生日期", ("出生年月日", "生日"), "date"),
    Column("id_type", "证件类型", ("身份证件类型",), "code"),
    Column("id_number", "证件号", ("身份证号", "身份证号码", "证件号码"), "identity"),
    Column("national_student_no", "学籍号", ("全国学籍号", "学籍号码"), "identity"),
    Column("school", "毕业学校", ("毕业小学", "小学", "毕业学校名称")),
    Column("school_code", "毕业学校标识码", ("学校标识码", "毕业学校代码"), "digits"),
    Column("class_name", "毕业班级", ("班级",)),
    Column("hukou_address", "户籍地", ("户籍地址", "户籍所在地")),
    Column("current_address", "现住址", ("家庭住址", "现居住地址")),
    Column("guardian_name", "监护人", ("监护人姓名", "家长姓名")),
    Column("phone", "电话", ("联系电话", "监护人电话", "手机")),
    Column("intention", "去向意向", ("去向", "意向"), "code"),
)
_HEADERS = {column.field: column.header for column in COLUMNS}
_CODED = {"sex": "sex", "id_type": "id_type", "intention": "intention"}
_RESIDENT = "1"
_NAMED = ("full_name", "guardian_name")
_STOPS = frozenset({"identity.sex_differs", "identity.birth_differs"})
"""At the desk these warn; a workbook has nobody who looks, and one of both cells is wrong."""
_TO_JUNIOR = frozenset({"", "assigned", "deferred"})
"""Whoever goes to a private school, away, or to special education is assigned by a person."""


@dataclass(frozen=True, slots=True)
class Leaver:
    """One row: the child as the record will say, where they go, and what is wrong with it.

    ``school`` is the junior school, empty where no rule names one; ``basis`` is the line that says
    so. ``held`` names the school where the child is listed already.
    """

    row: int
    values: Mapping[str, Value]
    school: str = ""
    basis: str = ""
    repairs: tuple[Repair, ...] = ()
    held: str = ""
    alike: str = ""
    """Where a child is listed, or which row it is, that may be the same one; a person says."""
    is_apart: bool = False
    """Whether a person has said that it is another child."""
    rules: tuple[CatchmentRule, ...] = field(default=())

    @property
    def name(self) -> str:
        """Give the child's name."""
        return str(self.values.get("full_name") or "")

    @property
    def state(self) -> str:
        """Say what becomes of the row: wrong, held, alike, unassigned or good."""
        if self.repairs:
            return "wrong"
        if self.held:
            return "held"
        if self.alike:
            return "alike"
        return "good" if self.school else "unassigned"

    def keys(self) -> frozenset[str]:
        """Give what makes two rows the same child: a number, else name, birth and school."""
        return keys_of(self.values)


def keys_of(values: Mapping[str, Value]) -> frozenset[str]:
    """Give what makes two entries of the list the same child."""
    numbers = {
        f"{name} {values[name]}"
        for name in ("id_number", "national_student_no")
        if values.get(name)
    }
    if numbers:
        return frozenset(numbers)
    told = (name_key(str(values.get("full_name") or "")), values.get("birth_date"))
    return frozenset({" ".join(map(str, (*told, values.get("school") or "")))})


class LeaverReader:
    """Reads rows by the words and the catchment table of a policy package."""

    def __init__(self, policy: Policy) -> None:
        """Read by a package."""
        self._policy = policy
        by_label = {one.label: code for code, one in policy.schools.items()}
        self._school_codes = {**by_label, **{code: code for code in policy.schools}}
        self._villages = sorted(policy.villages.values(), key=lambda one: -len(one.label))

    def read(self, row: ParsedRow) -> Leaver:
        """Say what a row holds, what is wrong with it, and where the child goes."""
        values: dict[str, Value] = {name: text for name, text in row.values.items() if text}
        values["season"] = self._policy.season_year
        wrong = [Repair(row.number, one.column, one.code, one.details, "") for one in row.problems]
        wrong += self._codes(row.number, values)
        self._tidy(values)
        wrong += self._faults(row.number, values, {one.column for one in wrong})
        if wrong:
            return Leaver(row.number, values, repairs=tuple(wrong))
        rules = self.rules(values)
        school = one_school(rules) if str(values.get("intention") or "") in _TO_JUNIOR else ""
        return Leaver(row.number, values, school, rules[0].basis if school else "", rules=rules)

    def rules(self, values: Mapping[str, Value]) -> tuple[CatchmentRule, ...]:
        """Find the rules that say where a child goes."""
        primary = str(values.get("school_code") or "")
        primary = primary or self._school_codes.get(str(values.get("school") or ""), "")
        homes = [
            self.home(str(values.get(name) or "")) for name in ("hukou_address", "current_address")
        ]
        return feeder_rules(self._policy.catchment, primary, homes)

    def home(self, address: str) -> tuple[str, int | None]:
        """Give village and group of an address; nothing where it names none, or several."""
        named = [one for one in self._villages if one.label in address]
        # 湛河湾村 within 新湛河湾村 is one village: the longer name is the one that is meant.
        apart = [
            one
            for one in named
            if not any(one is not other and one.label in other.label for other in named)
        ]
        if len(apart) != 1:
            return "", None
        return apart[0].code, read_address(address.partition(apart[0].label)[2]).group

    def _codes(self, row: int, values: dict[str, Value]) -> list[Repair]:
        """Turn words of code lists into codes; what no list knows is a fault."""
        wrong = []
        for name, listed in _CODED.items():
            text = str(values.pop(name, ""))
            code = CODE_LISTS[listed].parse(text) if text else ""
            if code:
                values[name] = code
            elif code is None:
                wrong.append(Repair(row, _HEADERS[name], "form.not_in_list", found=text))
        return wrong

    def _tidy(self, values: dict[str, Value]) -> None:
        """Write numbers and names as they are stored; the number fills sex and birth date."""
        for name in ("id_number", "national_student_no"):
            if values.get(name):
                values[name] = tidy_number(str(values[name]))
        for name in _NAMED:
            if values.get(name):
                values[name] = tidy_name(str(values[name]))
        if values.get("id_number"):
            values.setdefault("id_type", _RESIDENT)
            checked = check_identity(str(values["id_type"]), str(values["id_number"]))
            for name, said in (("sex", checked.sex), ("birth_date", checked.birth)):
                if said:
                    values.setdefault(name, said)
        code = str(values.get("school_code") or "")
        known = self._policy.schools.get(code)
        if known is not None:
            values.setdefault("school", known.label)

    def _faults(self, row: int, values: Mapping[str, Value], told: set[str]) -> list[Repair]:
        """Say what the rules say of a row; a column told of already is left alone."""
        wrong = [
            Repair(row, _HEADERS[one.field], one.code, one.details)
            for one in _problems(values)
            if (one.blocks or one.code in _STOPS) and _HEADERS.get(one.field) not in told
        ]
        named = told | {one.column for one in wrong}
        if not values.get("birth_date") and not {"证件号", "出生日期"} & named:
            wrong.append(Repair(row, "出生日期", "form.required"))
        return wrong + _too_long(row, values)


def _problems(values: Mapping[str, Value]) -> list[Problem]:
    """Give what is to be said of name and number."""
    found = list(check_name(str(values["full_name"])).problems) if "full_name" in values else []
    if values.get("id_number"):
        checked = check_identity(
            str(values["id_type"]),
            str(values["id_number"]),
            sex=str(values.get("sex") or "") or None,
            birth=str(values.get("birth_date") or "") or None,
        )
        found += checked.problems
    return found


def _too_long(row: int, values: Mapping[str, Value]) -> list[Repair]:
    """Name texts longer than their field."""
    fields = RECORD_TYPES["graduate"].fields
    return [
        Repair(row, _HEADERS[name], "form.too_long", {"limit": fields[name].item.max_length})
        for name, value in values.items()
        if isinstance(value, str) and len(value) > fields[name].item.max_length
    ]
