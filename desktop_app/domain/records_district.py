"""The kinds of record that the district writes, declared once (``records`` holds the school's)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from desktop_app.domain.declare import Item, Mask, Merge, Owner

_IDENTITY = Merge.IDENTITY


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossDuplicate:
    """What the district decided about a child registered at two schools 跨校查重.

    Written once for either school, in the district's feed for it; ``matter`` joins the two and says
    nothing of the other child, who is never named to a school.
    """

    applicant: Annotated[
        str, Item("报名学生", required=True, max_length=36, indexed=True, owner=Owner.DISTRICT)
    ]
    matter: Annotated[
        str, Item("案号", required=True, max_length=36, indexed=True, owner=Owner.DISTRICT)
    ]
    decision: Annotated[
        str,
        Item(
            "决定",
            _IDENTITY,
            "duplicate_decision",
            required=True,
            max_length=12,
            owner=Owner.DISTRICT,
        ),
    ]
    keeps: Annotated[bool | None, Item("本校保留", _IDENTITY, owner=Owner.DISTRICT)] = None
    reason: Annotated[
        str | None, Item("理由", codes="cross_reason", max_length=20, owner=Owner.DISTRICT)
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLimit:
    """A revoked laptop's feed: valid up to a sequence and hash 撤销."""

    feed: Annotated[str, Item("数据流", required=True, max_length=20, owner=Owner.DISTRICT)]
    sequence: Annotated[int, Item("有效至序号", required=True, owner=Owner.DISTRICT)]
    hash: Annotated[str, Item("序号处摘要", required=True, max_length=64, owner=Owner.DISTRICT)]
    reason: Annotated[str | None, Item("理由", max_length=120, owner=Owner.DISTRICT)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """A laptop let in without a ticket 准入, after a comparison of fingerprints by telephone.

    ``certificate`` is the line that certifies it, ``person`` the key id of whoever leads on it.
    """

    feed: Annotated[str, Item("数据流", required=True, max_length=20, owner=Owner.DISTRICT)]
    certificate: Annotated[
        str, Item("电脑证书", required=True, max_length=4000, owner=Owner.DISTRICT)
    ]
    person: Annotated[str, Item("带头人", required=True, max_length=20, owner=Owner.DISTRICT)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """What the district holds of one feed 区级回执."""

    feed: Annotated[str, Item("数据流", required=True, max_length=20, owner=Owner.DISTRICT)]
    sequence: Annotated[int, Item("已收至序号", required=True, owner=Owner.DISTRICT)]
    hash: Annotated[str, Item("序号处摘要", required=True, max_length=64, owner=Owner.DISTRICT)]
    missing: Annotated[str | None, Item("缺段", max_length=2000, owner=Owner.DISTRICT)] = None
    scans: Annotated[str | None, Item("缺扫描件", max_length=100000, owner=Owner.DISTRICT)] = None
    forks: Annotated[str | None, Item("分叉", max_length=2000, owner=Owner.DISTRICT)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPackage:
    """A policy package 政策包 the district has published for all its schools (ADR 0014).

    ``number`` is the package's own; of those not withdrawn the highest is in force. ``package``
    holds its files, packed (``policy.parcel``); ``digest`` is that of its manifest.
    """

    number: Annotated[int, Item("政策包号", required=True, owner=Owner.DISTRICT)]
    title: Annotated[str, Item("名称", required=True, max_length=60, owner=Owner.DISTRICT)]
    digest: Annotated[str, Item("摘要", required=True, max_length=64, owner=Owner.DISTRICT)]
    package: Annotated[str, Item("内容", required=True, max_length=200000, owner=Owner.DISTRICT)]
    withdrawn: Annotated[bool | None, Item("已撤回", owner=Owner.DISTRICT)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRefusal:
    """A policy package that was not taken into use, and the rule it broke 政策包拒用.

    ``digest`` names the package, whether it was ever published or not; ``place`` is a place in its
    files.
    """

    digest: Annotated[str, Item("摘要", required=True, max_length=64, owner=Owner.EITHER)]
    rule: Annotated[str, Item("规则", required=True, max_length=60, owner=Owner.EITHER)]
    faults: Annotated[int, Item("几处", required=True, owner=Owner.EITHER)]
    number: Annotated[int | None, Item("政策包号", owner=Owner.EITHER)] = None
    place: Annotated[str | None, Item("位置", max_length=120, owner=Owner.EITHER)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Graduate:
    """A child on the district's list of primary graduates 小学毕业生, for the school they go to.

    The columns are those of the 小升初 source list (domain reference §4); a junior school's form is
    filled from it. It is written in the district's feed for that school.
    """

    season: Annotated[int, Item("招生年度", required=True, owner=Owner.DISTRICT)]
    full_name: Annotated[
        str, Item("姓名", required=True, max_length=50, mask=Mask.NAME, owner=Owner.DISTRICT)
    ]
    sex: Annotated[str, Item("性别", codes="sex", max_length=1, owner=Owner.DISTRICT)]
    birth_date: Annotated[str, Item("出生日期", max_length=10, owner=Owner.DISTRICT)]
    id_type: Annotated[
        str | None, Item("证件类型", codes="id_type", max_length=1, owner=Owner.DISTRICT)
    ] = None
    id_number: Annotated[
        str | None,
        Item("证件号", max_length=20, mask=Mask.NUMBER, owner=Owner.DISTRICT, indexed=True),
    ] = None
    national_student_no: Annotated[
        str | None,
        Item("全国学籍号", max_length=19, mask=Mask.NUMBER, owner=Owner.DISTRICT, indexed=True),
    ] = None
    school: Annotated[str | None, Item("毕业学校", max_length=60, owner=Owner.DISTRICT)] = None
    school_code: Annotated[
        str | None, Item("毕业学校标识码", max_length=10, owner=Owner.DISTRICT)
    ] = None
    class_name: Annotated[str | None, Item("毕业班级", max_length=20, owner=Owner.DISTRICT)] = None
    hukou_address: Annotated[
        str | None, Item("户籍地", max_length=120, mask=Mask.ADDRESS, owner=Owner.DISTRICT)
    ] = None
    current_address: Annotated[
        str | None, Item("现住址", max_length=120, mask=Mask.ADDRESS, owner=Owner.DISTRICT)
    ] = None
    guardian_name: Annotated[
        str | None, Item("监护人", max_length=50, mask=Mask.NAME, owner=Owner.DISTRICT)
    ] = None
    phone: Annotated[
        str | None, Item("电话", max_length=20, mask=Mask.PHONE, owner=Owner.DISTRICT)
    ] = None
    intention: Annotated[
        str | None, Item("去向意向", codes="intention", max_length=12, owner=Owner.DISTRICT)
    ] = None
