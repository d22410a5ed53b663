"""What stands beside each row of the registration form: a shape and at most twelve characters.

A pure function of the form and its assessment. Soft while somebody types, strict once a save was
tried; the check digit that would fit is never told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.errors import Problem, RuleError
from desktop_app.domain.guardianship import other_name
from desktop_app.messages.catalogue import sentence
from desktop_app.policy.package import Policy
from desktop_app.services.consents import READ_ALOUD
from desktop_app.services.form import KEEP_THEIR_ROLL, NO_NUMBER, YES, Assessment
from desktop_app.ui.text import language
from desktop_app.ui.views import State

RESIDENT_LENGTH = 18
_RESIDENT_TYPES = frozenset({"1", "H"})
"""Documents whose number ends in a check digit."""
ROWS: Mapping[str, tuple[str, ...]] = {
    "graduate": ("graduate",),
    "id_number": ("id_type", "id_number", "birth_certificate"),
    "derived_sex": (),
    "sex": ("sex", "birth_date"),
    "full_name": ("full_name", "ethnic_code"),
    "hukou_village": ("hukou_village", "hukou_address"),
    "hukou_nature": ("hukou_nature",),
    "same_address": ("same_address", "current_village", "current_address"),
    "category": ("category",),
    "boarding_code": ("boarding_code",),
    "primary_school": ("primary_school",),
    "national_student_no": ("national_student_no",),
    "guardian_name": ("guardian_name", "guardian_relation"),
    "guardian_id_number": ("guardian_id_type", "guardian_id_number"),
    "guardian_phone": ("guardian_phone",),
    "multiple_birth": ("multiple_birth", "sibling_enrolled"),
    "paper_date": ("paper_date",),
    "notice_read": ("notice_read",),
}
"""Every row by the field that stands for it, with the fields a hand can fill."""


@dataclass(frozen=True, slots=True)
class Check:
    """The check of a row, and the field it colours."""

    state: State | None = None
    words: str = ""
    short: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """What the checks depend on beside the form: where the caret is, what has been tried."""

    current: str = ""
    passed: Collection[str] = ()
    strict: bool = False
    taken: bool | None = None
    """Whether the number is held by somebody else; None while that is being looked up."""
    carried: Collection[str] = field(default_factory=frozenset)
    listed: Collection[str] = ()
    """The fields that the list of primary graduates filled."""
    locked: Collection[str] = ()
    """Those of them that are read-only: what the roll says of a child."""
    faults: Collection[str] = ()
    """Those that were opened, since the list is said to be wrong."""
    school: str = ""
    stage: str = "P1"
    has_list: bool = True
    """Whether a list of primary graduates is here to be held against."""
    known_as: tuple[str, ...] = ()
    """The names the guardian's number is registered under so far."""
    asked: tuple[str, str] = ("", "")
    """The field a case was sent back for, and why; empty once it was changed."""


def _tr(words: str) -> str:
    return QCoreApplication.translate("RegistrationChecks", words)


def check_rows(
    form: Mapping[str, str], found: Assessment, policy: Policy, now: Moment
) -> dict[str, Check]:
    """Give the check of every row."""
    checks: dict[str, Check] = {}
    for row, fields in ROWS.items():
        checks[row] = (
            _refused(fields, form, found, now)
            or _sent_back(fields, now)
            or _trouble(fields, form, found, now)
            or _good(row, form, found, policy, now)
        )
    return checks


# --- what is wrong -----------------------------------------------------------------------------


def _sent_back(fields: tuple[str, ...], now: Moment) -> Check | None:
    """Say at its field why a case was sent back, until the field is changed."""
    name, why = now.asked
    if not name or name not in fields:
        return None
    words = _tr("退回：{why}").format(why=why)
    return Check(State.NEEDS, words if len(words) <= _MOST_SIGNS else _tr("退回要改的格"), "", name)


def _refused(
    fields: tuple[str, ...], form: Mapping[str, str], found: Assessment, now: Moment
) -> Check | None:
    """Give what is wrong with a row beyond doubt, or nothing."""
    check = _trouble(fields, form, found, now)
    return check if check is not None and check.state is State.REFUSED else None


def _trouble(
    fields: tuple[str, ...], form: Mapping[str, str], found: Assessment, now: Moment
) -> Check | None:
    """Give the gravest thing to say about the fields of a row."""
    worst: Check | None = None
    for name in fields:
        check = _field_trouble(name, form, found, now)
        if check is not None and (worst is None or check.state is State.REFUSED):
            worst = check
    return worst


def _field_trouble(
    name: str, form: Mapping[str, str], found: Assessment, now: Moment
) -> Check | None:
    """Give what to say about one field, or nothing."""
    value = form.get(name, "")
    problem = found.problem_of(name)
    if not value:
        if name in found.needed and now.strict:
            return Check(State.NEEDS, _tr("还没填"), "", name)
        if problem is None or not (now.strict or name in now.passed or name in _TOLD_BLANK):
            return None
        return Check(_soft(problem), _words(problem), "", "")
    missing = _missing(name, value, found)
    if missing:
        words = _tr("还差 {count} 位").format(count=missing)
        if not now.strict or name != "id_number":
            return Check(State.NEEDS, words, "", "" if now.current == name else name)
        return Check(State.REFUSED, words, "", name)
    if problem is None:
        return _known_otherwise(value, now) if name == "guardian_name" else None
    loud = problem.blocks and (now.strict or problem.code in _AT_ONCE)
    state = State.REFUSED if loud else _soft(problem)
    colours = loud or now.current != name
    return Check(state, _words(problem), "", name if colours else "")


def _known_otherwise(name: str, now: Moment) -> Check | None:
    """Warn of a guardian whose number is registered under another name; it stops nothing."""
    known = other_name(name, now.known_as)
    if not known:
        return None
    words = _tr("此证登记过：{name}").format(name=known)
    short = _tr("此证另有姓名")
    return Check(State.NEEDS, words if len(words) <= _MOST_SIGNS else short, short, "")


_MOST_SIGNS = 12
_AT_ONCE = frozenset(
    {
        "identity.checksum",
        "identity.date",
        "identity.excel_damaged",
        "age.under",
        "birth.short_year",
        "form.paper_season",
    }
)
"""What is red at once: a whole number that cannot be right, a child who is too young."""
_TOLD_BLANK = frozenset({"birth_certificate"})


def _soft(problem: Problem) -> State | None:
    """Give the soft state of a problem; what merely notes something is no warning."""
    return State.WAITING if problem.code in _NOTES else State.NEEDS


_NOTES = frozenset({"form.phone", "form.village_elsewhere", "identity.no_number"})


def _missing(name: str, value: str, found: Assessment) -> int:
    """Count the digits still to come of a resident number that is being typed."""
    kinds = {"id_number": "id_type", "guardian_id_number": "guardian_id_type"}
    if name not in kinds or found.value(kinds[name]) not in _RESIDENT_TYPES:
        return 0
    return max(0, RESIDENT_LENGTH - len(value))


def _words(problem: Problem) -> str:
    """Say a problem in at most twelve characters."""
    short = {
        "identity.checksum": _tr("校验不对，请对证件"),
        "identity.date": _tr("号码里没有这一天"),
        "birth.not_a_date": _tr("没有这一天，请再看"),
        "birth.short_year": _tr("年份写四位，如2018"),
        "identity.no_number": _tr("先登记，后补号码"),
        "identity.region": _tr("地区码少见，可先存"),
        "form.guardian_number": _tr("没填 · 可先存"),
        "form.guardian_number_for_roll": _tr("建学籍要用，请补"),
        "guardian.sex_differs": _tr("关系与证件性别不符"),
        "name.test_word": _tr("像试填的名字，再核对"),
        "form.test_value": _tr("像试填的，再核对"),
        "guardian.is_child": _tr("与孩子证件号相同"),
        "category.hukou_elsewhere": _tr("户籍在外地，核对类别"),
        "category.hukou_here": _tr("户籍在本区，核对类别"),
        "form.phone": _tr("没有电话也能登记"),
        "form.village_elsewhere": _tr("外地户籍，照实记"),
        "form.paper_day": _tr("没有这一天，请再看"),
        "form.paper_season": _tr("不在这一季，看纸表"),
        "form.paper_future": _tr("比电脑日期晚，请核对"),
        "form.roll_number": _tr("不像学籍号，可先存"),
        "phone.short": _tr("还差 {missing} 位 · 可先存"),
    }.get(problem.code)
    if short is None:
        said = sentence(RuleError(problem.code, **problem.details), language())
        return said.what.rstrip("。.")
    return short.format(**problem.details)


# --- what is right -----------------------------------------------------------------------------


def _good(
    row: str, form: Mapping[str, str], found: Assessment, policy: Policy, now: Moment
) -> Check:
    """Give what to say about a row nothing is wrong with."""
    kept = _kept(row, form, found, policy, now)
    if kept is not None:
        return kept
    if row == "id_number":
        return _number_check(form, now)
    if row in {"derived_sex", "sex"}:
        return _age_check(found, now)
    if row == "hukou_village":
        return _place_check(found, policy, now)
    if row == "category" and found.checklist is not None:
        return _category_check(found, len(found.checklist.required.parts))
    if row == "guardian_name" and found.value("agent_relation"):
        return _agent_check(found.value("agent_relation"))
    if row == "multiple_birth":
        return Check(None, _tr("自愿填写，不在此屏显示"), _tr("自愿，不显示"))
    if row == "guardian_id_number" and form.get(row):
        resident = found.value("guardian_id_type") in _RESIDENT_TYPES
        return Check(State.DONE, _tr("校验位正确") if resident else _tr("请对证件"))
    return _filled_check(row, form, now)


def _kept(
    row: str, form: Mapping[str, str], found: Assessment, policy: Policy, now: Moment
) -> Check | None:
    """Say of a row that has more to say than one word, that it is of the case before."""
    if row == "full_name" and "ethnic_code" in now.carried and form.get("ethnic_code"):
        return _kept_nation(is_named=bool(form.get(row)))
    if row not in now.carried or not form.get(row):
        return None
    if row == "hukou_village":
        return _carried_place(_place_check(found, policy, now), found)
    if row == "category" and found.checklist is not None and not found.value("entry"):
        return Check(None, _tr("沿用上一件 · 见 F6"), _tr("沿用上一件"))
    return None


def _kept_nation(*, is_named: bool) -> Check:
    words = _tr("民族沿用上一件")
    if not is_named:
        return Check(None, words, words)
    return Check(State.DONE, _tr("已填；民族沿用上一件"), words)


def _category_check(found: Assessment, count: int) -> Check:
    """Say how many papers are asked for, and how the child comes where that is no new one."""
    words = _tr("需材料 {count} 项，见 F6")
    if found.value("entry"):
        words = CODE_LISTS["entry"].label_of(found.value("entry")) + _tr("，材料 {count} 项")
    short = _tr("材料 {count} 项").format(count=count)
    return Check(State.DONE, words.format(count=count), short)


def _agent_check(relation: str) -> Check:
    """Say who came in the guardian's place, and that a letter is asked for."""
    who = CODE_LISTS["guardian_relation"].label_of(relation)
    words, short = _tr("{who}代办，要委托书"), _tr("{who}代办")
    return Check(State.WAITING, words.format(who=who), short.format(who=who))


def _number_check(form: Mapping[str, str], now: Moment) -> Check:
    if form.get("id_type") == NO_NUMBER:
        return Check(State.WAITING, _tr("先登记，后补号码"))
    if not form.get("id_number"):
        return Check()
    if now.taken:
        return Check(State.REFUSED, _tr("已有人登记，按 F5"), "", "id_number")
    if form.get("id_type") not in _RESIDENT_TYPES:
        return Check(State.DONE, _tr("本机无重号") if now.taken is False else _tr("请对证件"))
    words = _tr("校验位正确") if now.taken is None else _tr("校验位正确 · 本机无重号")
    return Check(State.DONE, words, _tr("校验位正确"))


def _carried_place(place: Check, found: Assessment) -> Check:
    """Say that the village is that of the case before; doubt it where the number does."""
    if found.number_elsewhere:
        words, short = _tr("沿用的村，证件是外地"), _tr("沿用，核对户籍")
        return Check(State.NEEDS, words, short, "hukou_village")
    words = _tr("沿用上一件 · {where}").format(where=place.short or place.words)
    fits = bool(place.words) and len(words) <= _MOST_SIGNS
    return Check(None, words if fits else _tr("沿用上一件（F4）"), _tr("沿用上一件"))


def _age_check(found: Assessment, now: Moment) -> Check:
    age = found.age
    if age is None or age.state == "unknown":
        return Check()
    if found.value("entry") in KEEP_THEIR_ROLL:
        return Check(State.DONE, _tr("按学籍，不看入学年龄"), _tr("按学籍"))
    if age.state == "under":
        return Check(State.REFUSED, _tr("8月31日未满6周岁"), _tr("未满6周岁"))
    if age.state == "graduates":
        if not now.has_list:
            return Check(State.WAITING, _tr("本机没有毕业生名册"), _tr("没有名册"))
        return Check(State.DONE, _tr("初中按毕业生名册"))
    return Check(State.DONE, _tr("足龄，可入小学一年级"), _tr("足龄可入学"))


def _place_check(found: Assessment, policy: Policy, now: Moment) -> Check:
    schools = list(dict.fromkeys(rule.school for rule in found.catchment))
    if not schools:
        return Check()
    if schools == [now.school]:
        return Check(State.DONE, _tr("在本校片区内"), _tr("本校片区"))
    if len(schools) > 1:
        return Check(State.WAITING, _tr("填组号才能定片区"), _tr("要填组号"))
    return Check(State.WAITING, policy.schools[schools[0]].label, "")


def _filled_check(row: str, form: Mapping[str, str], now: Moment) -> Check:
    """Say of the plain rows that they are filled, or carried over from the case before."""
    fields = ROWS[row]
    if row == "same_address":
        if form.get(row) == YES:
            return Check(State.DONE, _tr("与户籍地一致"))
        return Check(State.DONE, _tr("另有住处")) if form.get("current_village") else Check()
    if row in now.carried and form.get(row):
        return Check(None, _tr("沿用上一件（F4）"), _tr("沿用上一件"))
    if not fields or any(not form.get(name) for name in fields):
        return Check()
    listed = _listed_check(row, form, now)
    if listed is not None:
        return listed
    if row in {"primary_school", "national_student_no"}:
        return _by_word(form, now)
    if row == "notice_read":
        aloud = form.get(row) == READ_ALOUD
        words = _tr("已念给来人听，回执上签") if aloud else _tr("自己看过，回执上签")
        return Check(State.DONE, words, _tr("已念给来人听") if aloud else _tr("自己看过"))
    if row == "guardian_phone":
        return Check(State.DONE, _tr("号码完整"))
    if row in {"full_name", "guardian_name"}:
        return Check(State.DONE, _tr("已填，对一下户口簿"), _tr("已填，对户口簿"))
    return Check(State.DONE, _tr("已填"))


def _by_word(form: Mapping[str, str], now: Moment) -> Check:
    """Say of a primary school or a roll number that no list speaks for it."""
    if not now.has_list:
        return Check(State.WAITING, _tr("照说的记，没有名册"), _tr("没有名册可对"))
    if form.get("graduate") in CODE_LISTS["off_list"]:
        return Check(State.WAITING, _tr("照说的记，不在名单"), _tr("不在名单"))
    return Check(State.WAITING, _tr("照说的记，名单没对上"), _tr("没对上名单"))


def _listed_check(row: str, form: Mapping[str, str], now: Moment) -> Check | None:
    """Say of a row what the list of primary graduates has to do with it, or nothing."""
    if row == "graduate" and form.get(row) in CODE_LISTS["off_list"]:
        return Check(State.WAITING, _tr("不在名单，照常登记"), _tr("不在名单"))
    if any(name in now.faults for name in ROWS[row]):
        return Check(State.NEEDS, _tr("名册有误，区里会看到"), _tr("名册有误"))
    if row in now.locked:
        return Check(State.DONE, _tr("名册带出，已锁住"), _tr("名册带出"))
    if row in now.listed:
        return Check(State.DONE, _tr("名单带出，请对证件"), _tr("名单带出"))
    return None
