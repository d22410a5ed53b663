"""People with real keys and feeds that chain, for tests of everything above them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from desktop_app.domain.acts import Role, write_roles
from desktop_app.domain.declare import Value
from desktop_app.feeds.authority import TRUST_KINDS, FeedFacts, TrustOperation
from desktop_app.feeds.fold import CREATE
from desktop_app.feeds.identity import feed_id, key_id
from desktop_app.feeds.operation import GENESIS, Change, Operation, Payload, Signature, write

SCHOOL, OTHER_SCHOOL, DISTRICT = "2141041101", "2141041102", "district:410411"
SALT = bytes(range(16))


@lru_cache(maxsize=10_000)
def holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Check an Ed25519 signature for real."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class Somebody:
    """A person, or a ticket, with a key made from a seed."""

    seed: str

    @property
    def private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(self.seed.encode()).digest())

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        return key_id(self.public)

    def sign(self, message: bytes) -> Signature:
        return Signature(self.id, base64.b64encode(self.private.sign(message)).decode())

    def introduced_as(self, *roles: Role) -> dict[str, Value]:
        """Give the values of a grant."""
        return {
            "full_name": "某人",
            "roles": write_roles(roles),
            "sign_key": self.public.hex(),
            "seal_key": "age1",
        }


@dataclass
class Feed:
    """A replica's feed, written in memory."""

    seed: str = "laptop"
    scope: str = SCHOOL
    district: bool = False
    lead: Somebody | None = None
    operations: list[Operation] = field(default_factory=list)
    moment: int = 1000

    @property
    def public(self) -> bytes:
        return Somebody(self.seed).public

    @property
    def name(self) -> str:
        return feed_id(self.public, self.scope)

    @property
    def facts(self) -> FeedFacts:
        lead = self.lead
        known = (None, None) if lead is None else (lead.id, lead.public)
        return FeedFacts(self.name, self.scope, self.district, *known)

    def write(
        self,
        kind: str,
        record: str,
        values: Mapping[str, Value],
        *,
        act: str = CREATE,
        replaces: Mapping[str, Sequence[str]] | None = None,
        person: str = "somebody",
        signers: Iterable[Somebody] = (),
        schema: int = 1,
        stamp: tuple[int, int] | None = None,
    ) -> Operation:
        """Freeze a change as the feed's next operation."""
        self.moment += 1
        last = self.operations[-1] if self.operations else None
        operation = write(
            Change(kind, record, act, schema, values, replaces or {}),
            feed=self.name,
            sequence=last.sequence + 1 if last else 1,
            previous=last.hash if last else GENESIS,
            person=person,
            stamp=stamp or (self.moment, 0),
            salt=SALT,
            signers=[one.sign for one in signers],
        )
        self.operations.append(operation)
        return operation

    def grant(self, whom: Somebody, *roles: Role, by: Somebody) -> Operation:
        """Write a grant signed by somebody."""
        values = whom.introduced_as(*roles)
        return self.write("person", whom.id, values, person=by.id, signers=[by])

    def end(self, whom: Somebody, until: str, *, by: Somebody) -> Operation:
        """Write the end of a person, their signatures counting up to some places."""
        values: dict[str, Value] = {"ended": True, "acts_until": until}
        return self.write("person", whom.id, values, act="end", person=by.id, signers=[by])

    def limit(self, feed: Feed, sequence: int, *, by: Somebody) -> Operation:
        """Revoke a feed behind a sequence."""
        values: dict[str, Value] = {"feed": feed.name, "sequence": sequence, "hash": "0" * 64}
        return self.write(
            "feed_limit", f"{feed.name}-{len(self.operations)}", values, person=by.id, signers=[by]
        )

    def trust(self) -> list[TrustOperation]:
        """Give the feed's trust operations."""
        return [
            TrustOperation(self.facts, op.header, op.payload() or Payload("", {}))
            for op in self.operations
            if op.header is not None and op.kind in TRUST_KINDS
        ]
