"""Codes of a case: how a child enters, what became of a paper, why a child is away from school."""

from __future__ import annotations

from desktop_app.domain.codelist import Code, CodeList

STAGE = CodeList(
    "stage",
    "学段",
    (
        Code("P1", "小学一年级", ("小学", "一年级", "primary")),
        Code("J1", "初中一年级", ("初中", "七年级", "junior")),
    ),
)

ENROL_MODE = CodeList(
    "enrol_mode",
    "入学方式",
    (Code("11", "就近入学", ("就近",)), Code("12", "其他", ("其他(义务教育)",))),
)

STUDENT_SOURCE = CodeList(
    "student_source",
    "学生来源",
    (Code("1", "正常入学"), Code("2", "借读"), Code("9", "其他")),
)
"""1 and 9 are official; 2 is met in some lists only."""

MATERIAL_RESULT = CodeList(
    "material_result",
    "材料状态",
    (
        Code("accepted", "已见原件", ("通过", "已收")),
        Code("waived", "已由数据核验，免提交", ("免提交",)),
        Code("pending_original", "容缺", ("容缺待补",)),
        Code("correction_required", "待补正", ("补正",)),
        Code("rejected", "不认可", ("退回",)),
        Code("missing", "未带", ("缺",)),
    ),
)

REVIEW = CodeList(
    "review",
    "校审结果",
    (
        Code("passed", "校审通过", ("通过",)),
        Code("returned", "退回改正", ("退回",)),
        Code("transferred", "转介其他学校", ("转介",)),
    ),
)
"""There is no refusal: a child outside the zone is passed on to a named school."""

DISTRICT_STATUS = CodeList(
    "district_status",
    "区级答复",
    (
        Code("received", "区已收"),
        Code("queried", "区要求说明", ("要求说明",)),
        Code("district_passed", "区复核通过", ("复核通过",)),
        Code("provisional", "拟录取"),
        Code("published", "公示中", ("公示",)),
        Code("admitted", "已录取"),
        Code("reallocated", "调剂"),
        Code("deferred", "延缓入学"),
        Code("elsewhere", "外地就读"),
        Code("duplicate_void", "重复件作废", ("重复作废",)),
    ),
)
"""No value means refused without a place (应入尽入, task 5 of both notices)."""

DUPLICATE_DECISION = CodeList(
    "duplicate_decision",
    "查重决定",
    (
        Code("different", "不同的孩子"),
        Code("same", "同一个孩子"),
        Code("siblings", "双胞胎或多胞胎", ("双胞胎", "多胞胎")),
        Code("disputed", "号码有争议"),
        Code("open", "待判断"),
    ),
)

CROSS_REASON = CodeList(
    "cross_reason",
    "跨校查重理由",
    (
        Code("family", "家长选定"),
        Code("earlier", "先登记的学校保留", ("先登记",)),
        Code("zone", "按片区"),
        Code("papers", "核过证件", ("证件",)),
        Code("slip", "号码登记有误", ("号码有误",)),
    ),
)
"""Why an officer decided so; a code, since free words might name the other child."""

ACCESS = CodeList(
    "access",
    "查阅动作",
    (
        Code("view", "打开"),
        Code("unmask", "显示全文"),
        Code("print", "打印"),
        Code("export", "导出"),
    ),
)

ERASURE_REASON = CodeList(
    "erasure_reason",
    "删除理由",
    (
        Code("withdrawn", "家长撤回报名", ("撤回",)),
        Code("request", "监护人要求删除", ("家长要求",)),
        Code("expired", "保存期满", ("期满",)),
        Code("mistaken", "误登记", ("登记错误",)),
    ),
)
"""Why a record is deleted (个人信息保护法 art. 47); a code, since words might tell what went."""

DROPOUT_REASON = CodeList(
    "dropout_reason",
    "辍学原因",
    (
        Code("R1", "学习困难厌学", ("厌学",)),
        Code("R2", "外出务工", ("打工",)),
        Code("R3", "随父母外出失联", ("失联",)),
        Code("R4", "早婚早恋", ("早婚",)),
        Code("R5", "在宗教场所、私塾或机构“在家上学”", ("在家上学", "私塾")),
        Code("R6", "身体残疾或疾病", ("残疾", "疾病")),
        Code("R7", "家庭变故"),
        Code("R8", "经济困难"),
        Code("R9", "涉案、服刑或专门学校", ("涉案",)),
        Code("R10", "户籍学籍问题", ("户籍问题", "学籍问题")),
        Code("R99", "其他"),
    ),
)

ROLL_OUTCOME = CodeList(
    "roll_outcome",
    "问题学籍处理",
    (
        Code("proof", "佐证"),
        Code("change", "变更"),
        Code("delete", "删除"),
        Code("create", "补建"),
        Code("transfer", "转接"),
    ),
)

IDENTITY_STATUS = CodeList(
    "identity_status",
    "证件情况",
    (
        Code("id_ok", "有居民身份证号"),
        Code("id_pending_hukou", "待落户"),
        Code("foreign", "外籍"),
        Code("hmt", "港澳台"),
    ),
)

SCHOOL_KIND = CodeList(
    "school_kind",
    "学校类型",
    (
        Code("21", "普通小学", ("小学",)),
        Code("31", "普通初中", ("初中",)),
        Code("34", "普通高中或完全中学", ("普通高中", "完全中学")),
        Code("37", "专门学校", ("工读学校", "工读")),
        Code("51", "特殊教育学校", ("特教学校",)),
    ),
)
"""The first two digits of a school code 学校标识码."""

URBAN_RURAL = CodeList(
    "urban_rural",
    "城乡分类",
    (
        Code("111", "主城区"),
        Code("112", "城乡结合区"),
        Code("121", "镇中心区"),
        Code("122", "镇乡结合区"),
        Code("123", "特殊区域"),
        Code("210", "乡中心区"),
        Code("220", "村庄"),
    ),
)
"""A school at 111 to 123 counts as 城区 or 镇区, at 210 and 220 as 乡村."""

LISTS = (
    STAGE,
    ENROL_MODE,
    STUDENT_SOURCE,
    MATERIAL_RESULT,
    REVIEW,
    DISTRICT_STATUS,
    DUPLICATE_DECISION,
    CROSS_REASON,
    ACCESS,
    ERASURE_REASON,
    DROPOUT_REASON,
    ROLL_OUTCOME,
    IDENTITY_STATUS,
    SCHOOL_KIND,
    URBAN_RURAL,
)
