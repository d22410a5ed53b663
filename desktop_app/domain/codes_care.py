"""Codes of families and of children who need care: guardians, disability, hardship, migration.

Source: domain reference §2.6 to §2.15. Recognition of orphans, unattended and poor children is the
departments' (民政, 残联 …); a school only records their result.
"""

from __future__ import annotations

from desktop_app.domain.codelist import Code, CodeList

DISABILITY_TYPE = CodeList(
    "disability_type",
    "残疾类型",
    (
        Code("0", "无残疾", ("无",)),
        Code("1", "视力残疾", ("视力",)),
        Code("2", "听力残疾", ("听力",)),
        Code("3", "言语残疾", ("言语",)),
        Code("4", "肢体残疾", ("肢体",)),
        Code("5", "智力残疾", ("智力",)),
        Code("6", "精神残疾", ("精神",)),
        Code("7", "多重残疾", ("多重",)),
        Code("9", "其他残疾", ("其他",)),
    ),
)
"""GB/T 26341-2010 kinds; digits 1 to 7 are those of the disability card 残疾人证."""

DISABILITY_GRADE = CodeList(
    "disability_grade",
    "残疾等级",
    (
        Code("1", "一级", ("1级",)),
        Code("2", "二级", ("2级",)),
        Code("3", "三级", ("3级",)),
        Code("4", "四级", ("4级",)),
    ),
)
"""1 is the most severe."""

INCLUSIVE = CodeList(
    "inclusive",
    "随班就读",
    (
        Code("0", "非随班就读", ("否", "无")),
        Code("1", "视力残疾随班就读", ("视力随班",)),
        Code("2", "听力残疾随班就读", ("听力随班",)),
        Code("5", "智力残疾随班就读", ("智力随班",)),
        Code("9", "其他残疾随班就读", ("其他随班",)),
    ),
)

PLACEMENT = CodeList(
    "placement",
    "安置方式",
    (
        Code("1", "随班就读"),
        Code("2", "普校特教班", ("特教班",)),
        Code("3", "特教学校", ("特殊教育学校",)),
        Code("4", "送教上门", ("送教",)),
        Code("5", "延缓入学", ("缓学",)),
        Code("6", "康复机构或其他", ("康复机构", "其他", "康复机构/其他")),
        Code("9", "待评估"),
    ),
)

_INCLUSIVE_FITS = {"1": {"1"}, "2": {"2"}, "5": {"5"}, "9": {"3", "4", "6", "7", "9"}}
_SEPARATE_PLACEMENTS = {"3", "4"}


def inclusive_fits(inclusive: str, disability: str, placement: str | None = None) -> bool:
    """Say whether 随班就读 and 残疾类型 agree (domain reference §2.6).

    A disabled child outside inclusive education is right in a special school or taught at home.
    """
    if inclusive == "0":
        return disability == "0" or placement in _SEPARATE_PLACEMENTS
    return disability in _INCLUSIVE_FITS.get(inclusive, set())


LEFT_BEHIND = CodeList(
    "left_behind",
    "留守儿童",
    (
        Code("0", "非留守儿童", ("非留守", "否")),
        Code("1", "单亲留守儿童", ("单亲留守",)),
        Code("2", "双亲留守儿童", ("双亲留守",)),
    ),
)
"""By the roll's definition: one or both parents away for three months or more."""

RURAL_LEFT_BEHIND = CodeList(
    "rural_left_behind",
    "农村留守儿童(民政口径)",
    (
        Code("0", "否", ("非农村留守儿童",)),
        Code("1", "双方外出"),
        Code("2", "一方外出，另一方无监护能力", ("一方外出另一方无能力",)),
    ),
)
"""By the civil affairs definition of 2016; it lives beside ``LEFT_BEHIND``, not in its place."""

MIGRANT_ORIGIN = CodeList(
    "migrant_origin",
    "随迁来源",
    (
        Code("0", "非随迁", ("否", "非随迁子女")),
        Code("1", "外省", ("外省迁入",)),
        Code("2", "本省外市", ("本省外县(外市)", "本省外县")),
        Code("3", "本市外县", ("本市外县区",)),
    ),
)

GUARDIAN_RELATION = CodeList(
    "guardian_relation",
    "与儿童关系",
    (
        Code("51", "父亲", ("父", "爸爸", "爸", "父子", "父女")),
        Code("52", "母亲", ("母", "妈妈", "妈", "母子", "母女")),
        Code("53", "公公"),
        Code("54", "婆婆"),
        Code("55", "岳父"),
        Code("56", "岳母"),
        Code("57", "继父或养父", ("继父", "养父", "继父/养父")),
        Code("58", "继母或养母", ("继母", "养母", "继母/养母")),
        Code("59", "其他父母关系"),
        Code("61", "祖父", ("爷爷",)),
        Code("62", "祖母", ("奶奶",)),
        Code("63", "外祖父", ("外公", "姥爷")),
        Code("64", "外祖母", ("外婆", "姥姥")),
        Code("71", "兄", ("哥哥",)),
        Code("73", "弟", ("弟弟",)),
        Code("75", "姐", ("姐姐",)),
        Code("77", "妹", ("妹妹",)),
        Code("97", "其他亲属", ("其他", "伯父", "叔叔", "姑姑", "舅舅", "姨妈")),
        Code("98", "委托监护人"),
        Code("99", "非亲属或机构", ("非亲属", "机构", "福利机构", "非亲属/机构")),
    ),
)
"""GB/T 4761-2008 two-digit codes of the kin met at a desk."""

_ROLL_RELATIONS = {
    **dict.fromkeys(("51", "57"), "父亲"),
    **dict.fromkeys(("52", "58"), "母亲"),
    **dict.fromkeys(("61", "62", "63", "64"), "祖父母或外祖父母"),
    **dict.fromkeys(("71", "73", "75", "77"), "兄弟姐妹"),
}


def roll_relation(code: str) -> str:
    """Give the label the roll form knows for a relation; the rest are 其他 with an explanation."""
    return _ROLL_RELATIONS.get(code, "其他")


GUARDIANSHIP_BASIS = CodeList(
    "guardianship_basis",
    "监护依据",
    (
        Code("1", "法定监护", ("法定",)),
        Code("2", "遗嘱监护", ("遗嘱",)),
        Code("3", "指定监护", ("指定",)),
        Code("4", "委托照护", ("委托", "委托监护")),
    ),
)

PARENT_STATE = CodeList(
    "parent_state",
    "父母状况",
    (
        Code("ok", "正常履责", ("正常",)),
        Code("dead", "死亡", ("去世",)),
        Code("missing", "宣告失踪或查找不到", ("宣告失踪", "失踪", "查找不到")),
        Code("severe_disability", "重残"),
        Code("severe_illness", "重病"),
        Code("imprisoned", "服刑在押", ("服刑",)),
        Code("detox", "强制隔离戒毒", ("强戒",)),
        Code("restricted", "被执行其他限制人身自由的措施", ("限制人身自由",)),
        Code("lost_contact", "失联", ("失去联系",)),
        Code("revoked", "被撤销监护资格", ("撤销监护资格",)),
        Code("deported", "被遣送（驱逐）出境", ("被遣送出境", "驱逐出境")),
    ),
)

_GONE = {"dead", "missing"}
_PRESENT = {"ok"}


def is_orphan(father: str, mother: str) -> bool:
    """Say whether both parents are dead or missing, that is 孤儿 (domain reference §2.14)."""
    return father in _GONE and mother in _GONE


def is_unattended(father: str, mother: str) -> bool:
    """Say whether the two states make a child de facto unattended 事实无人抚养.

    Both parents cannot care, and at least one of them is neither dead nor missing.
    """
    if _PRESENT & {father, mother} or is_orphan(father, mother):
        return False
    return father in PARENT_STATE and mother in PARENT_STATE


HARDSHIP = CodeList(
    "hardship",
    "家庭经济困难类型",
    (
        Code("H01", "脱贫家庭", ("原建档立卡", "建档立卡", "脱贫户")),
        Code("H02", "脱贫不稳定家庭", ("脱贫不稳定",)),
        Code("H03", "边缘易致贫家庭", ("边缘易致贫",)),
        Code("H04", "突发严重困难家庭", ("突发严重困难",)),
        Code("H05", "最低生活保障家庭", ("低保", "最低生活保障")),
        Code("H06", "特困救助供养", ("特困",)),
        Code("H07", "孤儿"),
        Code("H08", "事实无人抚养儿童", ("事实无人抚养",)),
        Code("H09", "烈士子女"),
        Code("H10", "残疾学生"),
        Code("H11", "残疾人子女"),
        Code("H12", "困难职工家庭", ("困难职工",)),
        Code("H13", "低保边缘或支出型困难家庭", ("低保边缘", "支出型困难")),
        Code("H14", "受灾或突发事件家庭", ("灾害", "突发事件")),
        Code("H99", "其他认定", ("其他",)),
    ),
)
"""H02 to H04 are the monitored households 监测对象."""

LISTS = (
    DISABILITY_TYPE,
    DISABILITY_GRADE,
    INCLUSIVE,
    PLACEMENT,
    LEFT_BEHIND,
    RURAL_LEFT_BEHIND,
    MIGRANT_ORIGIN,
    GUARDIAN_RELATION,
    GUARDIANSHIP_BASIS,
    PARENT_STATE,
    HARDSHIP,
)
