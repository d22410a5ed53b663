"""Who may do what: a pure function of the set of operations held, like everything else.

An ``Authority`` holds the grants and limits in force in one scope; ``grants.build`` makes it from
the trust operations and ``judging.judge`` asks it whether an operation counts. What does not count
is stored, forwarded and listed all the same, and judged again when the trust operations change.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from desktop_app.domain.acts import SCHOOL_ROLES, Role
from desktop_app.feeds.erasing import ERASURE, Erasures, may_erase
from desktop_app.feeds.identity import key_id
from desktop_app.feeds.operation import Header, Operation, Payload, signed_bytes

TRUST_KINDS = frozenset({"person", "feed_limit", ERASURE})
"""The kinds of which authority is made; they are ended or lowered, never removed."""

GRANTED_BY_PRINCIPAL = SCHOOL_ROLES - {Role.PRINCIPAL}
"""What a principal grants; principals come from the ticket's key or the district (design §5)."""

NOTHING_ERASED = Erasures()

Verify = Callable[[bytes, bytes, bytes], bool]
"""Check an Ed25519 signature of an act: public key, message, signature."""


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
class TrustOperation:
    """A trust operation with what is known of its feed."""

    facts: FeedFacts
    header: Header
    payload: Payload


@dataclass(frozen=True, slots=True)
class Grant:
    """A person's key and roles."""

    public: bytes
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Authority:
    """The grants, ends and limits in force in one scope.

    ``ends`` gives, for each ended person, the last sequence of each feed at which their signature
    counts; a feed not named there has none. ``limits`` gives the last valid sequence of every
    revoked feed. ``named`` are the officers the signed ``district.json`` names: its next number
    takes them back, no operation of somebody else does. ``erasures`` gives what is erased,
    by scope.
    """

    verify: Verify
    persons: Mapping[str, Grant] = field(default_factory=dict)
    ends: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    erasures: Mapping[str, Erasures] = field(default_factory=dict)

    def erased_in(self, scope: str) -> Erasures:
        """Give what is erased of a scope."""
        return self.erasures.get(scope, NOTHING_ERASED)

    def erases(self, operation: Operation, facts: FeedFacts) -> bool:
        """Say whether an operation of a feed is erased."""
        known = self.erasures.get(facts.scope)
        return known is not None and known.cover(operation, district=facts.district)

    def may_erase(self, facts: FeedFacts, header: Header) -> bool:
        """Say whether those who signed an erasure may erase in its feed."""
        signers = self.signers(header)
        return header.person in signers and may_erase(signers.values(), district=facts.district)

    def reaches(self, header: Header) -> bool:
        """Say whether an operation lies before its feed was revoked."""
        return header.sequence <= self.limits.get(header.feed, header.sequence)

    def signers(self, header: Header) -> dict[str, frozenset[Role]]:
        """Give the persons whose signatures on this header hold, with their roles."""
        found = {}
        for signature in header.signatures:
            grant = self.persons.get(signature.key)
            if grant is not None and self._holds(grant.public, header):
                found[signature.key] = grant.roles
        return found

    def grantable(self, facts: FeedFacts, header: Header) -> frozenset[Role]:
        """Give the roles that those who signed an operation may grant in its feed."""
        if facts.lead_public is not None and self._holds(facts.lead_public, header):
            return frozenset(Role) if facts.district else SCHOOL_ROLES
        signers = self.signers(header)
        if header.person not in signers:
            return frozenset()
        roles = frozenset[Role]().union(*signers.values())
        if facts.district:
            return frozenset(Role) if Role.OFFICER in roles else frozenset()
        return GRANTED_BY_PRINCIPAL if Role.PRINCIPAL in roles else frozenset()

    def _holds(self, public: bytes, header: Header) -> bool:
        """Say whether this key signed, before its person was ended."""
        ends = self.ends.get(key_id(public))
        covered = ends is None or header.sequence <= ends.get(header.feed, 0)
        return covered and signature_holds(self.verify, public, header)


def signature_holds(verify: Verify, public: bytes, header: Header) -> bool:
    """Say whether a header carries a good signature of this key."""
    name = key_id(public)
    for signature in header.signatures:
        if signature.key == name:
            try:
                raw = base64.b64decode(signature.signature, validate=True)
            except ValueError:
                return False
            return verify(public, signed_bytes(header), raw)
    return False
