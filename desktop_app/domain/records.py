"""The kinds of record, declared once.

Field names and meanings follow the roll's collection form 学籍信息采集表 (domain reference §1); a
field the form does not have cannot be declared (``forbidden`` refuses it in the tests). Owners and
merge rules are those of design §2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated

from desktop_app.domain.declare import Item, Mask, Merge, Owner, RecordType, Stage, declare
from desktop_app.domain.records_desk import Appeal, Consent, Correction, QueueTicket
from desktop_app.domain.records_district import (
    Acknowledgement,
    Admission,
    CrossDuplicate,
    FeedLimit,
    Graduate,
    PolicyPackage,
    PolicyRefusal,
)

_IDENTITY = Merge.IDENTITY
_R = Stage.REGISTRATION
_C = Stage.CATEGORY


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """A child who applies for a place 报名学生."""

    season: Annotated[int, Item("招生年度", required=True)]
    stage: Annotated[str, Item("学段", required=True, max_length=2)]
    full_name: Annotated[
        str, Item("姓名", _IDENTITY, stage=_R, required=True, max_length=50, mask=Mask.NAME)
    ]
    sex: Annotated[str, Item("性别", _IDENTITY, "sex", _R, required=True, max_length=1)]
    birth_date: Annotated[str, Item("出生日期", _IDENTITY, stage=_R, required=True, max_length=10)]
    ethnic_code: Annotated[str, Item("民族", codes="ethnic", stage=_R, max_length=2)]
    nationality: Annotated[str | None, Item("国籍/地区", _IDENTITY, stage=_R, max_length=3)] = None
    id_type: Annotated[
        str, Item("证件类型", _IDENTITY, "id_type", _R, required=True, max_length=1)
    ] = "1"
    id_number: Annotated[
        str | None,
        Item("证件号", _IDENTITY, stage=_R, max_length=20, mask=Mask.NUMBER, indexed=True),
    ] = None
    birth_certificate: Annotated[
        str | None,
        Item("出生医学证明号", _IDENTITY, stage=_C, max_length=20, mask=Mask.NUMBER, indexed=True),
    ] = None
    identity_reason: Annotated[str | None, Item("证件说明", stage=_R, max_length=120)] = None
    number_disputed: Annotated[bool | None, Item("号码有争议", stage=_R)] = None
    hukou_village: Annotated[str | None, Item("户籍村（居）", stage=_R, max_length=20)] = None
    hukou_address: Annotated[
        str | None, Item("户籍地址", stage=_R, max_length=120, mask=Mask.ADDRESS)
    ] = None
    hukou_region_code: Annotated[str | None, Item("户籍区划", stage=_R, max_length=12)] = None
    hukou_nature: Annotated[
        str | None, Item("户口性质", codes="hukou_nature", stage=_R, max_length=1)
    ] = None
    current_village: Annotated[str | None, Item("现住村（居）", stage=_R, max_length=20)] = None
    current_address: Annotated[
        str | None, Item("现住址", stage=_R, max_length=120, mask=Mask.ADDRESS)
    ] = None
    category: Annotated[str | None, Item("报名类别", stage=_R, max_length=4, indexed=True)] = None
    boarding_code: Annotated[
        str | None, Item("就读方式", codes="boarding", stage=_R, max_length=1)
    ] = None
    multiple_birth: Annotated[bool | None, Item("双/多胞胎", stage=_R)] = None
    sibling_enrolled: Annotated[bool | None, Item("兄姐在本校", stage=_R)] = None
    primary_school: Annotated[str | None, Item("毕业小学", stage=_R, max_length=60)] = None
    national_student_no: Annotated[
        str | None, Item("全国学籍号", _IDENTITY, stage=_R, max_length=19, mask=Mask.NUMBER)
    ] = None
    notice_version: Annotated[str | None, Item("告知书版本", stage=_R, max_length=64)] = None
    private_note: Annotated[
        str | None, Item("私密申报", stage=_C, max_length=8000, mask=Mask.HIDDEN)
    ] = None
    family: Annotated[str | None, Item("同一家庭", max_length=36, indexed=True)] = None
    """The record of the family's first child; brothers and sisters name the same."""
    entry: Annotated[str | None, Item("来源", codes="entry", max_length=12)] = None
    agent_relation: Annotated[
        str | None, Item("代办人关系", codes="guardian_relation", max_length=2)
    ] = None
    """Who came in the guardian's place 代办; their letter of authority is a paper."""
    second_keying: Annotated[
        str | None, Item("复录", codes="second_keying", max_length=12, indexed=True)
    ] = None
    paper_date: Annotated[str | None, Item("纸质表日期", max_length=10)] = None
    """The day on the paper form a case was keyed from, as the family wrote it."""
    assigned_to: Annotated[str | None, Item("经办人", max_length=20)] = None
    """The key id of the person who has taken the case on."""
    graduate: Annotated[str | None, Item("毕业生名单", stage=_R, max_length=36)] = None
    """The child's entry in the district's list of primary graduates, or why there is none
    (``off_list``)."""
    list_fault: Annotated[str | None, Item("名册有误", max_length=200)] = None
    """What of that entry is wrong, field by field (``list_faults``)."""
    receipt_number: Annotated[str | None, Item("回执号", max_length=30, indexed=True)] = None
    registered_at: Annotated[int | None, Item("登记时间")] = None
    missing_materials: Annotated[str | None, Item("缺的材料", max_length=200)] = None
    policy_version: Annotated[str | None, Item("政策包版本", max_length=64)] = None
    review: Annotated[str | None, Item("校审结果", codes="review", max_length=12)] = None
    review_reason: Annotated[str | None, Item("校审理由", max_length=60)] = None
    review_field: Annotated[str | None, Item("校审所指", max_length=40)] = None
    review_note: Annotated[str | None, Item("校审说明", max_length=200, mask=Mask.HIDDEN)] = None
    amended: Annotated[bool | None, Item("退回后已改")] = None
    answers: Annotated[str | None, Item("所答的区级要求", max_length=60)] = None
    """Which question of the district the school has answered: the operation that asked it."""
    district_status: Annotated[
        str | None,
        Item("区级答复", _IDENTITY, "district_status", max_length=20, owner=Owner.DISTRICT),
    ] = None
    district_reason: Annotated[
        str | None, Item("区级说明", max_length=120, owner=Owner.DISTRICT)
    ] = None
    district_note: Annotated[
        str | None, Item("区级写明", max_length=200, mask=Mask.HIDDEN, owner=Owner.DISTRICT)
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """A guardian 监护人 of an applicant."""

    applicant: Annotated[str, Item("报名学生", required=True, max_length=36, indexed=True)]
    full_name: Annotated[
        str, Item("监护人姓名", _IDENTITY, stage=_R, required=True, max_length=50, mask=Mask.NAME)
    ]
    relation: Annotated[
        str, Item("关系", _IDENTITY, "guardian_relation", _R, required=True, max_length=2)
    ]
    id_type: Annotated[str | None, Item("监护人证件类型", _IDENTITY, "id_type", _R)] = None
    id_number: Annotated[
        str | None,
        Item("监护人证件号", _IDENTITY, stage=_R, max_length=20, mask=Mask.NUMBER, indexed=True),
    ] = None
    phone: Annotated[
        str | None, Item("联系电话", stage=_R, max_length=20, mask=Mask.PHONE, indexed=True)
    ] = None
    basis: Annotated[str | None, Item("监护依据", codes="guardianship_basis", stage=_C)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialCheck:
    """One material of an applicant as it was checked 材料核验."""

    applicant: Annotated[str, Item("报名学生", required=True, max_length=36, indexed=True)]
    material: Annotated[str, Item("材料", required=True, max_length=12)]
    result: Annotated[str, Item("核验结果", codes="material_result", required=True, max_length=30)]
    original_seen: Annotated[bool | None, Item("已见原件")] = None
    number: Annotated[str | None, Item("材料编号", max_length=40, mask=Mask.NUMBER)] = None
    dated: Annotated[str | None, Item("材料日期", max_length=10)] = None
    valid_to: Annotated[str | None, Item("有效期至", max_length=10)] = None
    due_on: Annotated[str | None, Item("补交期限", max_length=10)] = None
    owner: Annotated[str | None, Item("材料所有人", codes="guardian_relation", max_length=2)] = None
    """Whose paper it is; none where it is the child's own."""
    reason: Annotated[str | None, Item("原因", max_length=40)] = None
    reason_note: Annotated[str | None, Item("原因说明", max_length=200, mask=Mask.HIDDEN)] = None
    policy_version: Annotated[str | None, Item("政策包版本", max_length=64)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A sealed page 扫描件; the operation holds the digest and size of the ciphertext."""

    applicant: Annotated[str, Item("报名学生", required=True, max_length=36, indexed=True)]
    material: Annotated[str, Item("材料", required=True, max_length=12)]
    page: Annotated[int, Item("页", required=True)]
    digest: Annotated[str, Item("密文摘要", required=True, max_length=64, indexed=True)]
    size: Annotated[int, Item("密文字节", required=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanKey:
    """The key of one scan, in an operation of its own so that erasing it forgets the scan."""

    scan: Annotated[str, Item("扫描件", required=True, max_length=36, indexed=True)]
    identity: Annotated[str, Item("密钥", required=True, max_length=4000, mask=Mask.HIDDEN)]
    sealed: Annotated[bool, Item("封给角色", required=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateDecision:
    """What a person decided about two look-alike applicants 查重决定.

    ``stays`` names the one of both that stays where they were merged; ``seen`` is the digest of
    what the other one was then, so that what was changed later without knowing is told.
    """

    rule: Annotated[str, Item("规则", required=True, max_length=4)]
    applicant: Annotated[str, Item("本件", required=True, max_length=36, indexed=True)]
    other: Annotated[str, Item("另一件", required=True, max_length=36)]
    decision: Annotated[str, Item("决定", codes="duplicate_decision", required=True)]
    reason: Annotated[str | None, Item("理由", max_length=120)] = None
    stays: Annotated[str | None, Item("并入", _IDENTITY, max_length=36)] = None
    seen: Annotated[str | None, Item("并入时所见", max_length=64)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person's keys and roles 人员, as granted by the school lead or the district."""

    full_name: Annotated[str, Item("姓名", required=True, max_length=50)]
    roles: Annotated[str, Item("角色", required=True, max_length=80)]
    sign_key: Annotated[str, Item("签名公钥", required=True, max_length=64)]
    seal_key: Annotated[str, Item("收件公钥", required=True, max_length=80)]
    ended: Annotated[bool | None, Item("已停用")] = None
    acts_until: Annotated[str | None, Item("签名有效至", max_length=4000)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleExport:
    """The act of handing over a bundle 装包."""

    number: Annotated[int, Item("包号", required=True, owner=Owner.EITHER)]
    purpose: Annotated[str, Item("用途", required=True, max_length=12, owner=Owner.EITHER)]
    recipients: Annotated[str, Item("收件人", required=True, max_length=2000, owner=Owner.EITHER)]
    reaches: Annotated[str, Item("装包前各流末号", max_length=8000, owner=Owner.EITHER)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayClose:
    """The end of one day at the desk 日结."""

    day: Annotated[str, Item("日期", required=True, max_length=10)]
    registered: Annotated[int, Item("登记", required=True)]
    complete: Annotated[int, Item("材料齐", required=True)]
    unreviewed: Annotated[int, Item("未审", required=True)]
    drafts: Annotated[int, Item("草稿", required=True)]
    explanation: Annotated[str | None, Item("说明", max_length=2000)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who looked at, printed or unmasked what 查阅留痕; entries are only ever added."""

    applicant: Annotated[
        str,
        Item("报名学生", required=True, max_length=36, indexed=True, owner=Owner.EITHER),
    ]
    what: Annotated[
        str, Item("动作", codes="access", required=True, max_length=16, owner=Owner.EITHER)
    ]
    copy: Annotated[int | None, Item("第几份")] = None
    reason: Annotated[
        str | None, Item("用途", max_length=60, mask=Mask.HIDDEN, owner=Owner.EITHER)
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Operations whose payloads every holder drops and never takes in again 删除.

    ``operations`` has one reference a line. The headers stay, so that chains hold (design §2).
    """

    operations: Annotated[
        str, Item("所删的操作", required=True, max_length=240000, owner=Owner.EITHER)
    ]
    reason: Annotated[
        str,
        Item("理由", codes="erasure_reason", required=True, max_length=20, owner=Owner.EITHER),
    ]


_DECLARED = (
    ("applicant", "报名学生", Applicant),
    ("guardian", "监护人", Guardian),
    ("material_check", "材料核验", MaterialCheck),
    ("scan", "扫描件", Scan),
    ("scan_key", "扫描件密钥", ScanKey),
    ("duplicate_decision", "查重决定", DuplicateDecision),
    ("cross_duplicate", "跨校查重", CrossDuplicate),
    ("person", "人员", Person),
    ("feed_limit", "撤销", FeedLimit),
    ("admission", "准入", Admission),
    ("bundle_export", "装包", BundleExport),
    ("day_close", "日结", DayClose),
    ("acknowledgement", "区级回执", Acknowledgement),
    ("access", "查阅留痕", Access),
    ("erasure", "删除", Erasure),
    ("queue_ticket", "排号", QueueTicket),
    ("consent", "告知与同意", Consent),
    ("correction", "通过后更正", Correction),
    ("appeal", "诉求", Appeal),
    ("graduate", "小学毕业生", Graduate),
    ("policy_package", "政策包", PolicyPackage),
    ("policy_refusal", "政策包拒用", PolicyRefusal),
)

RECORD_TYPES: Mapping[str, RecordType] = MappingProxyType(
    {kind: declare(kind, label, 1, cls) for kind, label, cls in _DECLARED}
)
"""Every declared kind by name."""
