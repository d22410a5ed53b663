"""The kinds of record of a busy desk: queue, consent, correction, complaint (design §3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from desktop_app.domain.declare import Item, Mask, Merge, Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueTicket:
    """A number in the queue 排号, by village and day; it names nobody before the child is entered.

    ``standing`` is where it has come to.
    """

    day: Annotated[str, Item("日期", required=True, max_length=10, indexed=True)]
    number: Annotated[int, Item("号", required=True)]
    standing: Annotated[str, Item("状态", codes="queue_state", required=True, max_length=12)]
    mark: Annotated[str | None, Item("号头", max_length=8)] = None
    """The mark of the laptop that gave the number, as on its receipts: no two ever collide."""
    village: Annotated[str | None, Item("村（居）", max_length=20)] = None
    category: Annotated[str | None, Item("报名类别", max_length=4)] = None
    desk: Annotated[str | None, Item("办理台", max_length=20)] = None
    applicant: Annotated[str | None, Item("报名学生", max_length=36, indexed=True)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a guardian was told 告知, and what they agreed to 同意 beyond the school's duty.

    ``notice_version`` and ``notice_digest`` name the text; ``agreed`` has the codes agreed to, one
    record each way, so that what is withdrawn 撤回 is seen to have been given.
    """

    applicant: Annotated[str, Item("报名学生", required=True, max_length=36, indexed=True)]
    notice_version: Annotated[str, Item("告知书版本", required=True, max_length=64)]
    notice_digest: Annotated[str, Item("告知书摘要", required=True, max_length=64)]
    told: Annotated[str, Item("告知方式", codes="consent_told", required=True, max_length=12)]
    signer_relation: Annotated[
        str | None, Item("签字人关系", codes="guardian_relation", max_length=2)
    ] = None
    agreed: Annotated[str | None, Item("同意的事项", max_length=120)] = None
    withdrawn: Annotated[str | None, Item("已撤回的事项", max_length=120)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction after approval 通过后更正, signed by a reviewer and a second person.

    ``fields`` are the names corrected, with spaces; before and after stand in the history of the
    record itself. ``material`` is the paper that proves it.
    """

    applicant: Annotated[str, Item("报名学生", required=True, max_length=36, indexed=True)]
    fields: Annotated[str, Item("更正的栏目", required=True, max_length=1000)]
    reason: Annotated[str, Item("理由", codes="correction_reason", required=True, max_length=20)]
    material: Annotated[str, Item("证明材料", required=True, max_length=12)]
    evidence: Annotated[str | None, Item("材料编号日期", max_length=80, mask=Mask.HIDDEN)] = None
    note: Annotated[str | None, Item("说明", max_length=200, mask=Mask.HIDDEN)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """A complaint or request 诉求 about a case, and what was answered.

    ``answer`` is the school's word, to the family or with what it passed on; ``district_answer``
    is the district's. Each counts by the signature of somebody who may give it.
    """

    applicant: Annotated[
        str, Item("报名学生", required=True, max_length=36, indexed=True, owner=Owner.EITHER)
    ]
    matter: Annotated[
        str, Item("诉求", codes="appeal_matter", required=True, max_length=20, owner=Owner.EITHER)
    ]
    standing: Annotated[
        str,
        Item(
            "办理状态",
            Merge.IDENTITY,
            "appeal_state",
            required=True,
            max_length=12,
            owner=Owner.EITHER,
            indexed=True,
        ),
    ]
    words: Annotated[
        str | None, Item("内容", max_length=400, mask=Mask.HIDDEN, owner=Owner.EITHER)
    ] = None
    answer: Annotated[str | None, Item("答复", max_length=400, mask=Mask.HIDDEN)] = None
    due_on: Annotated[str | None, Item("答复期限", max_length=10, owner=Owner.EITHER)] = None
    district_answer: Annotated[
        str | None, Item("区里答复", max_length=400, mask=Mask.HIDDEN, owner=Owner.DISTRICT)
    ] = None
