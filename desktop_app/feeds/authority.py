"""Who may do what: a pure function of the set of operations held, like everything else.

``Authority`` is built from the trust operations of one scope (grants, ends, limits) and what sync
proved about each feed; ``judge`` then says whether an operation counts. What does not count is
stored, forwarded and listed all the same, and judged again when the trust operations change.
"""

from __future__ import annotations

import base64
import binascii
import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from desktop_app.domain.acts import (
    SCHOOL_ROLES,
    Role,
    read_roles,
    roles_for,
)
from desktop_app.domain.declare import Owner, RecordType
from desktop_app.feeds.fold import REMOVE
from desktop_app.feeds.identity import key_id
from desktop_app.feeds.operation import Header, Operation, Payload, signed_bytes

TRUST_KINDS = frozenset({"person", "feed_limit"})

Verify = Callable[[bytes, bytes, bytes], bool]
"""Check an Ed25519 signature: public key, message, signature."""


class Verdict(enum.Enum):
    """Why an operation counts, or does not."""

    ELIGIBLE = "eligible"
    LATER_FORMAT = "later_format"
    UNKNOWN_KIND = "unknown_kind"
    NEWER_SCHEMA = "newer_schema"
    UNKNOWN_FIELD = "unknown_field"
    BAD_VALUE = "bad_value"
    NOT_OWNER = "not_owner"
    NOT_SIGNED = "not_signed"
    NOT_ALLOWED = "not_allowed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """What sync has proved about a feed: its scope, whether the district writes it, its lead key.

    ``lead`` is the key id of the ticket, or of the person an officer compared by telephone, that
    may grant the first principal in this feed.
    """

    feed: str
    scope: str
    district: bool
    lead: str | None = None
    lead_public: bytes | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """The roles of a person's key; ``until`` limits an ended person's signatures per feed."""

    public: bytes
    roles: frozenset[Role]
    until: Mapping[str, int] | None = None

    def covers(self, feed: str, sequence: int) -> bool:
        """Say whether a signature made at this place of a feed counts."""
        return self.until is None or sequence <= self.until.get(feed, 0)


@dataclass(frozen=True, slots=True)
class Authority:
    """The grants and limits in force in one scope."""

    verify: Verify
    persons: Mapping[str, Grant] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)

    def signers(self, header: Header) -> frozenset[Role]:
        """Give the roles of the persons whose signatures on this header hold."""
        roles: frozenset[Role] = frozenset()
        for signature in header.signatures:
            grant = self.persons.get(signature.key)
            if grant is None or not grant.covers(header.feed, header.sequence):
                continue
            if signature_holds(self.verify, grant.public, header):
                roles |= grant.roles
        return roles


def signature_holds(verify: Verify, public: bytes, header: Header) -> bool:
    """Say whether a header carries a good signature of this key."""
    name = key_id(public)
    for signature in header.signatures:
        if signature.key == name:
            try:
                raw = base64.b64decode(signature.signature, validate=True)
            except binascii.Error:
                return False
            return verify(public, signed_bytes(header), raw)
    return False


@dataclass(frozen=True, slots=True)
class TrustOperation:
    """A trust operation with what is known of its feed."""

    facts: FeedFacts
    header: Header
    payload: Payload


def build(
    verify: Verify, officers: Iterable[bytes], operations: Iterable[TrustOperation]
) -> Authority:
    """Work out grants, ends and limits from the trust operations of a scope and the district.

    ``officers`` are the public keys the signed ``district.json`` names; they need no grant.
    """
    ordered = sorted(operations, key=lambda op: (op.header.feed, op.header.sequence))
    persons = {key_id(public): Grant(public, frozenset({Role.OFFICER})) for public in officers}
    grants = [op for op in ordered if op.header.kind == "person"]
    growing = True
    while growing:
        growing = False
        for op in grants:
            growing |= _apply_grant(verify, persons, op)
    for op in grants:
        _apply_end(verify, persons, op)
    return Authority(verify, persons, _limits(verify, persons, ordered))


def _apply_grant(verify: Verify, persons: dict[str, Grant], op: TrustOperation) -> bool:
    """Add what one grant grants; say whether anything was new."""
    asked = _granted(op.payload)
    if asked is None or asked[0] != op.header.record:
        return False
    name, public, roles = asked
    allowed = roles & _grantable(verify, persons, op)
    had = persons.get(name)
    if not allowed or (had is not None and allowed <= had.roles):
        return False
    persons[name] = Grant(public, allowed | (had.roles if had else frozenset()))
    return True


def _granted(payload: Payload) -> tuple[str, bytes, frozenset[Role]] | None:
    """Read whose key is granted which roles; None for an operation that grants nothing."""
    key, roles = payload.values.get("sign_key"), payload.values.get("roles")
    if not isinstance(key, str) or not isinstance(roles, str):
        return None
    try:
        public = bytes.fromhex(key)
    except ValueError:
        return None
    return key_id(public), public, read_roles(roles)


def _grantable(
    verify: Verify, persons: Mapping[str, Grant], op: TrustOperation
) -> frozenset[Role]:
    """Give the roles the signers of an operation may grant in its feed."""
    facts, header = op.facts, op.header
    if facts.lead_public is not None and signature_holds(verify, facts.lead_public, header):
        return SCHOOL_ROLES
    roles = Authority(verify, persons).signers(header)
    if Role.OFFICER in roles and facts.district:
        return frozenset(Role)
    if Role.PRINCIPAL in roles and not facts.district:
        return SCHOOL_ROLES
    return frozenset()


def _apply_end(verify: Verify, persons: dict[str, Grant], op: TrustOperation) -> None:
    """Limit an ended person's signatures; of several limits the lower wins."""
    if op.payload.values.get("ended") is not True or not _grantable(verify, persons, op):
        return
    grant = persons.get(op.header.record)
    if grant is None:
        return
    until = read_places(str(op.payload.values.get("acts_until") or ""))
    if grant.until is not None:
        until = {feed: min(n, grant.until[feed]) for feed, n in until.items() if feed in grant.until}
    persons[op.header.record] = Grant(grant.public, grant.roles, until)


def _limits(
    verify: Verify, persons: Mapping[str, Grant], operations: Iterable[TrustOperation]
) -> dict[str, int]:
    """Give the last valid sequence of every revoked feed; of two limits the lower wins."""
    limits: dict[str, int] = {}
    authority = Authority(verify, persons)
    for op in operations:
        if op.header.kind != "feed_limit" or not op.facts.district:
            continue
        if Role.OFFICER not in authority.signers(op.header):
            continue
        feed, sequence = op.payload.values.get("feed"), op.payload.values.get("sequence")
        if isinstance(feed, str) and isinstance(sequence, int):
            limits[feed] = min(sequence, limits.get(feed, sequence))
    return limits


def read_places(text: str) -> dict[str, int]:
    """Read ``feed:sequence`` places written with spaces between."""
    places = {}
    for word in text.split():
        feed, _, sequence = word.partition(":")
        if sequence.isascii() and sequence.isdigit():
            places[feed] = int(sequence)
    return places


def judge(
    operation: Operation,
    payload: Payload | None,
    facts: FeedFacts,
    authority: Authority,
    record_types: Mapping[str, RecordType],
) -> Verdict:
    """Say whether an operation counts in its scope, and if not, why."""
    header = operation.header
    if header is None:
        return Verdict.LATER_FORMAT
    if operation.sequence > authority.limits.get(operation.feed, operation.sequence):
        return Verdict.REVOKED
    record_type = record_types.get(header.kind)
    if record_type is None:
        return Verdict.UNKNOWN_KIND
    if header.schema > record_type.schema:
        return Verdict.NEWER_SCHEMA
    verdict = _judge_fields(header, payload, facts, record_type)
    if verdict is not Verdict.ELIGIBLE:
        return verdict
    if header.kind == "person":
        return _judge_grant(op_of(facts, header, payload), authority)
    needed = roles_for(header.kind, () if header.act == REMOVE else header.sets)
    if needed is None:
        return Verdict.ELIGIBLE
    if not header.signatures:
        return Verdict.NOT_SIGNED
    return Verdict.ELIGIBLE if authority.signers(header) & needed else Verdict.NOT_ALLOWED


def op_of(facts: FeedFacts, header: Header, payload: Payload | None) -> TrustOperation:
    """Put a trust operation together; an erased payload grants nothing."""
    return TrustOperation(facts, header, payload or Payload("", {}))


def _judge_grant(op: TrustOperation, authority: Authority) -> Verdict:
    if _grantable(authority.verify, authority.persons, op):
        return Verdict.ELIGIBLE
    return Verdict.NOT_ALLOWED if op.header.signatures else Verdict.NOT_SIGNED


def _judge_fields(
    header: Header, payload: Payload | None, facts: FeedFacts, record_type: RecordType
) -> Verdict:
    """Check that every field is known, of the right type, and this feed's to write."""
    values = {} if payload is None else payload.values
    for name in header.sets:
        declared = record_type.fields.get(name)
        if declared is None:
            return Verdict.UNKNOWN_FIELD
        if not declared.accepts(values.get(name)):
            return Verdict.BAD_VALUE
        owner = declared.item.owner
        if (owner is Owner.DISTRICT) is not facts.district and header.act != REMOVE:
            if owner is Owner.EITHER or (facts.district and header.kind == "person"):
                continue
            return Verdict.NOT_OWNER
    return Verdict.ELIGIBLE
