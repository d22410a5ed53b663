"""Judge one operation: does it count in its scope, and with what weight?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.domain.acts import Role, persons_for, roles_for
from desktop_app.domain.declare import RecordType
from desktop_app.feeds.authority import Authority, FeedFacts, TrustOperation
from desktop_app.feeds.erasing import ERASURE
from desktop_app.feeds.fold import REMOVE
from desktop_app.feeds.grants import granted, may_end
from desktop_app.feeds.operation import Header, Operation, Payload
from desktop_app.feeds.shape import Verdict, judge_shape

DISTRICT_RANK, PERSON_RANK, DESK_RANK = 0, 1, 2
"""Authority for showing one of several values: the district, a person's signature, a desk."""


_NO_PAYLOAD = Payload("", {})
_SETTLED = frozenset({Verdict.ELIGIBLE, Verdict.ERASED})


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether an operation counts, and the rank of its authority (lower is higher)."""

    verdict: Verdict
    rank: int

    @property
    def eligible(self) -> bool:
        """Say whether the fold may use the operation."""
        return self.verdict is Verdict.ELIGIBLE

    @property
    def attention(self) -> str:
        """Name the verdict somebody may have to look at; empty where there is none."""
        return "" if self.verdict in _SETTLED else self.verdict.value


def judge(
    operation: Operation,
    payload: Payload | None,
    facts: FeedFacts,
    authority: Authority,
    record_types: Mapping[str, RecordType],
) -> Judgement:
    """Say whether an operation counts in its scope, and if not, why."""
    header = operation.header
    rank = DISTRICT_RANK if facts.district else DESK_RANK
    if operation.payload_bytes is None or authority.erases(operation, facts):
        return Judgement(Verdict.ERASED, rank)
    if header is None:
        return Judgement(Verdict.LATER_FORMAT, rank)
    signers = authority.signers(header)
    if not facts.district and header.person in signers:
        rank = PERSON_RANK
    if not authority.reaches(header):
        return Judgement(Verdict.REVOKED, rank)
    verdict = judge_shape(header, payload, facts, record_types)
    if verdict is Verdict.ELIGIBLE:
        verdict = _judge_who(
            TrustOperation(facts, header, payload or _NO_PAYLOAD), authority, signers
        )
    return Judgement(verdict, rank)


def _judge_who(
    op: TrustOperation, authority: Authority, signers: Mapping[str, frozenset[Role]]
) -> Verdict:
    """Check who signed what has the right shape."""
    if op.header.kind == "person":
        return _judge_person(op, authority)
    if op.header.kind == ERASURE:
        return _judge_erasure(op, authority)
    return _judge_signatures(op.header, signers)


def _judge_signatures(header: Header, signers: Mapping[str, frozenset[Role]]) -> Verdict:
    """Check that an act of authority carries its writer's signature and one of the roles asked."""
    needed = roles_for(header.kind, () if header.act == REMOVE else header.sets)
    if needed is None:
        return Verdict.ELIGIBLE
    if not header.signatures:
        return Verdict.NOT_SIGNED
    roles = frozenset[Role]().union(*signers.values())
    persons = 1 if header.act == REMOVE else persons_for(header.kind)
    enough = len(signers) >= persons
    allowed = header.person in signers and enough and bool(roles & needed)
    return Verdict.ELIGIBLE if allowed else Verdict.NOT_ALLOWED


def _judge_erasure(op: TrustOperation, authority: Authority) -> Verdict:
    """Check who signed an erasure; what it erased stays so even where this changes later."""
    if not op.header.signatures:
        return Verdict.NOT_SIGNED
    return Verdict.ELIGIBLE if authority.may_erase(op.facts, op.header) else Verdict.NOT_ALLOWED


def _judge_person(op: TrustOperation, authority: Authority) -> Verdict:
    """Check a grant, an end or a change of a person's entry."""
    if not op.header.signatures:
        return Verdict.NOT_SIGNED
    grantable = authority.grantable(op.facts, op.header)
    values = op.payload.values
    if "sign_key" in values or "roles" in values:
        asked = granted(op.payload)
        if asked is None or asked[0] != op.header.record:
            return Verdict.BAD_VALUE
        if not grantable or not asked[2] <= grantable:
            return Verdict.NOT_ALLOWED
    if values.get("ended") is True:
        target = authority.persons.get(op.header.record)
        ends = may_end(authority, op, frozenset() if target is None else target.roles)
        return Verdict.ELIGIBLE if ends else Verdict.NOT_ALLOWED
    return Verdict.ELIGIBLE if grantable else Verdict.NOT_ALLOWED
