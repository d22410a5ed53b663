"""What may never be asked: the deny list FB01 to FB11 (domain reference §1.5).

Recognised by code and by wording, since a district that asks for a needless paper writes its name,
not our code. A policy package that asks for one is refused on load.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from dataclasses import dataclass


class Asked(enum.Enum):
    """Where and when something is asked."""

    REGISTRATION = "registration"
    """As a field or paper of 报名, or a category's condition."""
    ROLL = "roll"
    """As a column of the roll form 学籍 after admission."""
    AFTER_START = "after_start"
    """As a check after the term has started."""


_MIGRANT_PROOF = "社保|社会保险|居住|务工|就业|劳动合同|营业执照|暂住|租住|租房|缴费|缴纳|参保"
_PERIOD = "(?<![0-9])[0-9一二两三四五六半]{1,3}个?(?:周年|年|月)"
_AT_ENTRY = frozenset({Asked.REGISTRATION})
_BEFORE_START = frozenset({Asked.REGISTRATION, Asked.ROLL})
_EVER = frozenset(Asked)
_DISTRICT = "平湛教体〔2024〕71号 二（四）"  # noqa: RUF001
_CONDUCT = "平湛教体〔2024〕71号 二（二）；教基厅函〔2024〕11号 二（二）"  # noqa: RUF001
_MINISTRY = "教育部2022年普通中小学招生入学工作通知"


@dataclass(frozen=True, slots=True)
class Forbidden:
    """One item of the deny list: what it is, how it is written, and whose rule forbids it."""

    code: str
    label: str
    basis: str
    pattern: re.Pattern[str]
    fields: frozenset[str]
    where: frozenset[Asked]


def _item(
    number: int, label: str, basis: str, pattern: str, fields: str, where: frozenset[Asked]
) -> Forbidden:
    """Write one row of the list; the fields are names that a declaration might use."""
    wording = re.compile(pattern)
    return Forbidden(f"FB{number:02d}", label, basis, wording, frozenset(fields.split()), where)


FORBIDDEN: tuple[Forbidden, ...] = (
    _item(
        1,
        "学前教育经历证明、幼儿园毕业证",
        f"{_DISTRICT}；{_MINISTRY}",
        "学前(?:教育|班|经历|证明)|幼儿园|托儿所|(?:幼儿|学前).{0,4}(?:毕业|结业|学籍)|入园证明",
        "preschool had_preschool preschool_name kindergarten kindergarten_certificate",
        _AT_ENTRY,
    ),
    _item(
        2,
        "超过正常入学年龄证明",
        f"{_DISTRICT}；{_MINISTRY}",
        "超龄|(?:超过|超出).{0,6}(?:入学)?年龄|(?:大龄|推迟入学|晚入学|未按时入学).{0,6}(?:证明|说明)",
        "over_age_proof late_entry_proof",
        _EVER,
    ),
    _item(
        3,
        "计划生育证明、准生证、独生子女证",
        _MINISTRY,
        "计划生育|计生|准生证|生育(?:证|服务证|登记)|独生子女.{0,4}(?:证|证明)|社会抚养费",
        "birth_permit family_planning only_child_certificate",
        _EVER,
    ),
    _item(
        4,
        "户籍地无人监护证明",
        _MINISTRY,
        "无人监护|无监护(?:条件|能力|人)|(?:户籍|原籍)地.{0,8}监护.{0,6}证明",
        "no_guardian_proof",
        _EVER,
    ),
    _item(
        5,
        "家长职务",
        _MINISTRY,
        "职务|职级|职位|职称|行政级别",
        "member_position guardian_position parent_position job_title",
        _EVER,
    ),
    _item(
        6,
        "家长收入",
        _MINISTRY,
        "(?<!低)收入|工资(?:单|流水|证明)|薪资|薪酬|银行流水|存款证明|资产证明|纳税(?:额|证明)",
        "member_income guardian_income parent_income family_income",
        _EVER,
    ),
    _item(
        7,
        "预防接种证（报名前置）",
        f"{_MINISTRY}；接种证查验在开学后30日内",
        "接种|疫苗|防疫证|预防针",
        "vaccination vaccination_certificate",
        _BEFORE_START,
    ),
    _item(
        8,
        "竞赛证书、学科竞赛成绩、考级证明、培训证书",
        _CONDUCT,
        "竞赛|奥数|奥赛|考级|(?:培训|获奖).{0,6}(?:证|成绩|结果)|获奖情况|等级(?:考试|证书)"
        "|三好学生|特长",
        "specialty awards contest_result grade_exam",
        _EVER,
    ),
    _item(
        9,
        "笔试、面试、测评结果或简历",
        _CONDUCT,
        "笔试|面试|面谈|测评|评测|简历|入学测试|入学考试|摸底考|智力测|(?:考试|学业|期末).{0,2}成绩"
        "|成绩单|素质报告",
        "test_score interview_result resume score",
        _EVER,
    ),
    _item(
        10,
        "捐资助学款、共建费",
        _CONDUCT,
        "捐资|捐款|捐赠|赞助费|共建费|择校费|建校费|借读费|(?:报名|登记|资料)费",
        "donation sponsor_fee",
        _EVER,
    ),
    _item(
        11,
        "随迁材料的时限要求",
        _MINISTRY,
        f"(?:{_MIGRANT_PROOF}).{{0,14}}?(?:满|连续|累计|不少于|不低于|至少|超过|达到|达){_PERIOD}"
        f"|(?:{_MIGRANT_PROOF}).{{0,14}}?{_PERIOD}(?:及)?以上"
        f"|(?:满|{_PERIOD}以上的?|{_PERIOD}的?)(?:{_MIGRANT_PROOF})",
        "minimum_months minimum_years social_security_months residence_years",
        _EVER,
    ),
)

_NEGATED = re.compile(
    "不需|无需|不用|不再|不得|不要|不准|不收|不看|不问|不作|不以|不把|不将|不查|不必|禁止|严禁|取消|拒绝|免于|免交|免提交"
    "|没有|不是|请勿|一律不"
)
_SENTENCE = re.compile(r"[^。！？；\n]+")


def forbidden_in(text_or_code: str, where: Asked) -> Forbidden | None:
    """Find the item of the deny list that a code, field name, label or wording stands for."""
    plain = "".join(unicodedata.normalize("NFKC", text_or_code).split())
    for item in FORBIDDEN:
        if where not in item.where:
            continue
        if plain.upper() == item.code or plain.casefold() in item.fields:
            return item
        if item.pattern.search(plain):
            return item
    return None


def forbidden_in_notice(text: str, where: Asked) -> Forbidden | None:
    """Find an item that a notice to families asks for; sentences that decline it are welcome."""
    for sentence in _SENTENCE.findall(text):
        found = forbidden_in(sentence, where)
        if found is not None and _NEGATED.search(sentence) is None:
            return found
    return None
