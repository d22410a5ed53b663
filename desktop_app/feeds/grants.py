"""Grants, ends and limits: what the trust operations of a scope and the district add up to.

Whoever is ended or whose laptop is revoked can no longer grant, end or limit, and that may undo
what they granted, ended or limited. The outcome is the alternating fixed point of that rule: it
depends on the set of operations alone, not on their order, and where two persons each end the other
before the other's act, both are ended (docs/format.md, Authority).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from desktop_app.domain.acts import Role, read_roles
from desktop_app.domain.declare import RecordType
from desktop_app.feeds.authority import (
    NOTHING_ERASED,
    Authority,
    Grant,
    TrustOperation,
    Verify,
)
from desktop_app.feeds.erasing import ERASURE, Erasures, read_references
from desktop_app.feeds.identity import key_id
from desktop_app.feeds.operation import Payload
from desktop_app.feeds.shape import Verdict, judge_shape

_KEY_LENGTH = 32
_LONGEST_SEQUENCE = 16


@dataclass(frozen=True, slots=True)
class _Restrictions:
    """Whose signatures end where, and which feeds are revoked from where."""

    ends: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)


def build(
    verify: Verify,
    officers: Iterable[bytes],
    operations: Iterable[TrustOperation],
    record_types: Mapping[str, RecordType],
) -> Authority:
    """Work out the authority in a scope.

    Args:
        verify: checks an Ed25519 signature.
        officers: the public keys the signed ``district.json`` names; they need no grant.
        operations: the trust operations of the scope and of the district's common feeds.
        record_types: the declared kinds; what does not fit them counts for nothing.
    """
    return _Builder(verify, officers, operations, record_types).build()


class _Builder:
    """One working out; every signature is checked once."""

    def __init__(
        self,
        verify: Verify,
        officers: Iterable[bytes],
        operations: Iterable[TrustOperation],
        record_types: Mapping[str, RecordType],
    ) -> None:
        self._really = verify
        self._checked: dict[tuple[bytes, bytes, bytes], bool] = {}
        self._officers = {
            key_id(public): Grant(public, frozenset({Role.OFFICER})) for public in officers
        }
        self._operations = [
            op
            for op in operations
            if judge_shape(op.header, op.payload, op.facts, record_types) is Verdict.ELIGIBLE
        ]
        self._most = self._grants(_Restrictions())

    def build(self) -> Authority:
        """Alternate between what may be restricted and what surely is, until nothing changes."""
        restricted = self._restrictions(self._most)
        while True:
            surely = self._restrictions(self._grants(restricted))
            again = self._restrictions(self._grants(surely))
            if again == restricted:
                found = self._grants(restricted)
                return replace(found, verify=self._really, erasures=self._erasures())
            restricted = again

    def _verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        asked = (public, message, signature)
        if asked not in self._checked:
            self._checked[asked] = self._really(*asked)
        return self._checked[asked]

    def _grants(self, restrictions: _Restrictions) -> Authority:
        """Give the persons in force under restrictions: grants may rest on other grants."""
        persons = dict(self._officers)
        named = frozenset(self._officers)
        authority = Authority(self._verify, persons, restrictions.ends, restrictions.limits, named)
        offers = [(op, granted(op.payload)) for op in self._operations]
        growing = True
        while growing:
            growing = False
            for op, offer in offers:
                if offer is None or not authority.reaches(op.header):
                    continue
                name, public, roles = offer
                if name != op.header.record:
                    continue
                had = persons[name].roles if name in persons else frozenset[Role]()
                if not roles <= had and roles <= authority.grantable(op.facts, op.header):
                    persons[name] = Grant(public, had | roles)
                    growing = True
        return authority

    def _restrictions(self, authority: Authority) -> _Restrictions:
        """Give the ends and limits that these persons have set; of several the lower wins."""
        ends: dict[str, Mapping[str, int]] = {}
        limits: dict[str, int] = {}
        for op in self._operations:
            if not authority.reaches(op.header):
                continue
            values = op.payload.values
            if op.header.kind == "feed_limit":
                feed, sequence = values.get("feed"), values.get("sequence")
                officer = Role.OFFICER in authority.grantable(op.facts, op.header)
                if officer and isinstance(feed, str) and isinstance(sequence, int):
                    limits[feed] = min(sequence, limits.get(feed, sequence))
            elif values.get("ended") is True and may_end(authority, op, self._roles(op)):
                until = read_places(str(values.get("acts_until") or ""))
                name = op.header.record
                ends[name] = _lower(ends[name], until) if name in ends else until
        return _Restrictions(ends, limits)

    def _erasures(self) -> dict[str, Erasures]:
        """Give what is erased in each scope: no end and no limit brings a payload back."""
        found: dict[str, Erasures] = {}
        for op in self._operations:
            if op.header.kind != ERASURE or not self._most.may_erase(op.facts, op.header):
                continue
            named = read_references(str(op.payload.values.get("operations") or ""))
            had = found.get(op.facts.scope, NOTHING_ERASED)
            found[op.facts.scope] = (
                replace(had, district=had.district | named)
                if op.facts.district
                else replace(had, school=had.school | named)
            )
        return found

    def _roles(self, op: TrustOperation) -> frozenset[Role]:
        """Give the most roles the person an operation is about was ever granted."""
        grant = self._most.persons.get(op.header.record)
        return frozenset() if grant is None else grant.roles


def _lower(one: Mapping[str, int], other: Mapping[str, int]) -> Mapping[str, int]:
    """Give the lower of two ends; a feed not named counts from its beginning."""
    return {feed: min(place, other[feed]) for feed, place in one.items() if feed in other}


def granted(payload: Payload) -> tuple[str, bytes, frozenset[Role]] | None:
    """Read whose key is granted which roles; None for an operation that grants nothing."""
    key, roles = payload.values.get("sign_key"), payload.values.get("roles")
    if not isinstance(key, str) or not isinstance(roles, str):
        return None
    try:
        public = bytes.fromhex(key)
    except ValueError:
        return None
    if len(public) != _KEY_LENGTH or public.hex() != key:
        return None
    return key_id(public), public, read_roles(roles)


def may_end(authority: Authority, op: TrustOperation, roles: frozenset[Role]) -> bool:
    """Say whether an operation may end a person: themself, or one its signers could grant."""
    if op.header.record in authority.signers(op.header):
        return True
    if op.header.record in authority.named:
        return False
    grantable = authority.grantable(op.facts, op.header)
    return bool(grantable) and roles <= grantable


def read_places(text: str) -> dict[str, int]:
    """Read ``feed:sequence`` places written with spaces between; the lower of two counts."""
    places: dict[str, int] = {}
    for word in text.split():
        feed, _, sequence = word.partition(":")
        if sequence.isascii() and sequence.isdigit() and len(sequence) <= _LONGEST_SEQUENCE:
            places[feed] = min(int(sequence), places.get(feed, int(sequence)))
    return places
