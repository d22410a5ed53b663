"""Codes of the desk: how a child came, what a guardian was told, queues, complaints."""

from __future__ import annotations

from desktop_app.domain.codelist import Code, CodeList

ENTRY = CodeList(
    "entry",
    "来源",
    (
        Code("new", "新入学"),
        Code("transfer", "转入"),
        Code("reinstated", "复学"),
        Code("deferred", "延缓后入学", ("缓学后入学",)),
    ),
)
"""How a child comes to this desk (domain reference §4); whoever is not new keeps their roll."""

CONSENT_TOLD = CodeList(
    "consent_told",
    "告知方式",
    (Code("read", "自己看过"), Code("read_aloud", "念给听过", ("念过",))),
)

CONSENT_SCOPE = CodeList(
    "consent_scope",
    "同意的事项",
    (
        Code("phone_group", "进家长群", ("家长群",)),
        Code("photo", "照片用于通知", ("照片",)),
        Code("self_report", "自愿申报特殊情况", ("自愿申报",)),
    ),
)
"""What is not the school's duty, and so needs a guardian's consent (个人信息保护法 art. 13, 31)."""

QUEUE_STATE = CodeList(
    "queue_state",
    "排号状态",
    (
        Code("waiting", "等候"),
        Code("called", "已叫号", ("叫号",)),
        Code("entered", "已登记"),
        Code("done", "办完"),
        Code("left", "没来"),
    ),
)

SECOND_KEYING = CodeList(
    "second_keying",
    "复录",
    (Code("waiting", "待复录"), Code("matched", "两遍一致", ("一致",)), Code("settled", "已核对")),
)
"""A paper form keyed by a second person: equal, or settled where both differed."""

CORRECTION_REASON = CodeList(
    "correction_reason",
    "更正理由",
    (
        Code("evidence", "证件证明原来有误", ("有误",)),
        Code("slip", "录入差错", ("录错",)),
        Code("changed", "情况后来变了", ("变更",)),
        Code("authority", "区里或部门要求", ("区里要求",)),
    ),
)

APPEAL_MATTER = CodeList(
    "appeal_matter",
    "诉求",
    (
        Code("placement", "对学校安排有意见", ("安排",)),
        Code("materials", "对材料要求有意见", ("材料",)),
        Code("information", "要求查看或更正信息", ("信息",)),
        Code("conduct", "对办理过程有意见", ("办理",)),
        Code("other", "其他"),
    ),
)

APPEAL_STATE = CodeList(
    "appeal_state",
    "办理状态",
    (Code("open", "在办"), Code("answered", "已答复"), Code("passed_on", "转区里", ("转办",))),
)

INTENTION = CodeList(
    "intention",
    "去向意向",
    (
        Code("assigned", "对口学校", ("对口",)),
        Code("private", "民办学校", ("民办",)),
        Code("elsewhere", "外县就读", ("外县",)),
        Code("away", "外省就读", ("外省",)),
        Code("special", "特教学校", ("特教",)),
        Code("deferred", "延缓入学", ("缓学",)),
    ),
)
"""Where a primary graduate means to go (domain reference §4, 小升初 source list)."""

OFF_LIST = CodeList(
    "off_list",
    "不在名单的原因",
    (
        Code("returning", "返乡，小学在外地读", ("返乡",)),
        Code("elsewhere", "外区毕业，住本片区", ("外区",)),
        Code("left_out", "名单漏了", ("漏了",)),
        Code("repeating", "往年毕业", ("往年",)),
    ),
)
"""Why a child at a junior school's desk is not on the district's list of primary graduates."""

LIST_FAULT = CodeList(
    "list_fault",
    "名册有误",
    (
        Code("misspelt", "名册写错了", ("写错",)),
        Code("changed", "后来改过，有证件", ("改过",)),
        Code("mixed", "名册串了别的孩子", ("串了",)),
    ),
)
"""Why a field the list of primary graduates filled is not what the family's papers say."""

LISTS = (
    ENTRY,
    CONSENT_TOLD,
    CONSENT_SCOPE,
    QUEUE_STATE,
    SECOND_KEYING,
    CORRECTION_REASON,
    APPEAL_MATTER,
    APPEAL_STATE,
    INTENTION,
    OFF_LIST,
    LIST_FAULT,
)
