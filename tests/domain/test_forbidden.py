"""Needless papers are known by code and by wording; ordinary papers are never mistaken for them."""

from __future__ import annotations

import pytest

from desktop_app.domain.forbidden import FORBIDDEN, Asked, forbidden_in, forbidden_in_notice

WORDINGS = {
    "FB01": [
        "学前教育经历证明",
        "幼儿园毕业证",
        "幼儿园名称",
        "学前班结业证",
        "had_preschool",
        "fb01",
    ],
    "FB02": ["超过正常入学年龄证明", "超龄证明", "大龄入学情况说明", "推迟入学证明"],
    "FB03": ["计划生育证明", "准生证", "独生子女证", "生育服务证", "计生办证明"],
    "FB04": ["户籍地无人监护证明", "原籍地监护人出具的证明", "无监护条件证明"],
    "FB05": ["父亲职务", "家长职务", "职称", "member_position"],
    "FB06": ["家庭收入", "收入证明", "银行流水", "工资流水", "parent_income"],
    "FB07": ["预防接种证", "疫苗接种本", "接种查验证明"],
    "FB08": ["奥数竞赛成绩", "钢琴考级证书", "培训结业证", "获奖证书", "学生特长", "竞赛证书"],
    "FB09": ["面试成绩", "学生简历", "入学测试", "综合素质测评", "期末成绩单", "笔 试"],
    "FB10": ["捐资助学款收据", "共建费", "择校费", "借读费", "赞助费"],
    "FB11": [
        "社保连续缴纳满一年",
        "居住证满2年",
        "一年以上社保",
        "劳动合同满6个月",
        "务工12个月以上证明",
    ],
}
ORDINARY = [
    "户口簿（首页、户主页、父母页、儿童页）",
    "监护人身份证",
    "不动产权证或查询证明",
    "购房合同（网签备案）和契税票",
    "租房合同，覆盖2024年9月1日",
    "居住证",
    "居住证签注有效期至2024年12月",
    "劳动（务）合同",
    "营业执照",
    "社保参保凭证",
    "父母无房证明（30日内打印）",
    "出生医学证明",
    "残疾人证（类别、等级）",
    "低保边缘或低收入家庭",
    "军人子女教育优待证明",
    "烈士证明书",
    "小学毕业证明",
    "监护证明（判决、协议、公证、指定）",
    "延缓入学批准",
    "集体户首页",
    "是否双胞胎",
    "毕业小学",
]


@pytest.mark.parametrize(
    ("code", "wording"), [(code, one) for code, all_ in WORDINGS.items() for one in all_]
)
def test_needless_papers_are_known_by_wording(code: str, wording: str) -> None:
    found = forbidden_in(wording, Asked.REGISTRATION)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("wording", ORDINARY)
def test_ordinary_papers_pass(wording: str) -> None:
    assert forbidden_in(wording, Asked.REGISTRATION) is None


def test_the_list_is_whole_and_every_item_has_its_basis() -> None:
    assert [item.code for item in FORBIDDEN] == [f"FB{n:02d}" for n in range(1, 12)]
    for item in FORBIDDEN:
        assert item.basis
        found = forbidden_in(item.code, Asked.REGISTRATION)
        assert found is item


def test_vaccination_may_be_looked_at_after_the_term_has_begun() -> None:
    assert forbidden_in("预防接种证", Asked.AFTER_START) is None
    assert forbidden_in("预防接种证", Asked.ROLL) is not None


def test_a_roll_column_is_no_paper() -> None:
    assert forbidden_in("是否受过学前教育", Asked.ROLL) is None
    assert forbidden_in("是否受过学前教育", Asked.REGISTRATION) is not None
    assert forbidden_in("是否独生子女", Asked.ROLL) is None


@pytest.mark.parametrize(
    ("notice", "code"),
    [
        ("报名不需要接种证、学前教育证明。", None),
        ("严禁收取共建费；请带户口簿。", None),
        ("请带户口簿、幼儿园毕业证。", "FB01"),
        ("不收取任何费用。\n家长须填写单位和职务。", "FB05"),
        ("免试入学，但请准备面试。", "FB09"),
    ],
)
def test_notices_may_decline_needless_papers_but_not_ask_for_them(
    notice: str, code: str | None
) -> None:
    found = forbidden_in_notice(notice, Asked.REGISTRATION)
    assert (found.code if found else None) == code
