"""The authority in force in each scope, worked out once per change of the trust operations."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import Connection

from desktop_app.domain.declare import RecordType
from desktop_app.feeds.authority import (
    TRUST_KINDS,
    Authority,
    FeedFacts,
    TrustOperation,
    Verify,
)
from desktop_app.feeds.grants import build
from desktop_app.feeds.identity import is_common
from desktop_app.feeds.operation import Operation, Payload
from desktop_app.storage import oplog
from desktop_app.storage.oplog import Key

Facts = Mapping[int, FeedFacts]
"""What is known of every feed, by number."""


class Authorities:
    """Keeps the authority of each scope; every transaction that fails makes it forget."""

    def __init__(
        self,
        record_types: Mapping[str, RecordType],
        verify: Verify,
        officers: Callable[[], Iterable[bytes]],
    ) -> None:
        """Work with these declarations.

        Args:
            record_types: the declared kinds.
            verify: checks the Ed25519 signature of an act.
            officers: gives the officers' public keys that the signed ``district.json`` names.
        """
        self._types = record_types
        self._verify = verify
        self._officers = officers
        self._known: dict[str, Authority] = {}

    def afresh(self) -> Authorities:
        """Give one that knows nothing yet, for checking this one's work."""
        return Authorities(self._types, self._verify, self._officers)

    def forget(self) -> None:
        """Forget everything worked out."""
        self._known.clear()

    def officers_mark(self) -> str:
        """Give the fingerprint of the officers' keys, which the fold depends on too."""
        return hashlib.sha256(b"".join(sorted(self._officers()))).hexdigest()

    def of(self, connection: Connection, feeds: Facts, scope: str) -> Authority:
        """Give the authority in a scope, from its own trust operations and the common ones."""
        known = self._known.get(scope)
        if known is None:
            scopes = {scope} | {facts.scope for facts in feeds.values() if is_common(facts.scope)}
            operations = [
                TrustOperation(feeds[number], op.header, op.payload() or Payload("", {}))
                for number, op in oplog.operations_of_kinds(
                    connection, sorted(scopes), sorted(TRUST_KINDS)
                )
                if op.header is not None
            ]
            known = build(self._verify, self._officers(), operations, self._types)
            self._known[scope] = known
        return known

    def touched_by(self, feeds: Facts, placed: Iterable[tuple[int, Operation]]) -> set[str]:
        """Give the scopes whose authority new operations may change."""
        scopes = {feeds[number].scope for number, op in placed if op.kind in TRUST_KINDS}
        return {one for scope in scopes for one in self.depending_on(feeds, scope)}

    def depending_on(self, feeds: Facts, scope: str) -> set[str]:
        """Give the scopes whose authority a scope's trust operations have a part in."""
        if is_common(scope):
            return {scope} | {facts.scope for facts in feeds.values()}
        return {scope}

    def snapshot(
        self, connection: Connection, feeds: Facts, scopes: Iterable[str]
    ) -> dict[str, Authority]:
        """Give the authority of some scopes as it is before something changes."""
        return {scope: self.of(connection, feeds, scope) for scope in scopes}

    def changed_since(
        self, connection: Connection, feeds: Facts, before: Mapping[str, Authority]
    ) -> set[Key]:
        """Work the authority of these scopes out anew; give the records to fold again."""
        again: set[Key] = set()
        for scope, old in before.items():
            self._known.pop(scope, None)
            new = self.of(connection, feeds, scope)
            if new != old:
                again |= self.signed(connection, scope)
                again |= _limited(connection, feeds, scope, old, new)
        return again

    def signed(self, connection: Connection, scope: str) -> set[Key]:
        """Give the records of a scope that carry a signature."""
        return {(scope, *pair) for pair in oplog.signed_records(connection, scope)}


def _limited(
    connection: Connection, feeds: Facts, scope: str, old: Authority, new: Authority
) -> set[Key]:
    """Give the records touched behind the limits of feeds whose limit has changed."""
    found: set[Key] = set()
    for number, facts in feeds.items():
        places = {old.limits.get(facts.feed), new.limits.get(facts.feed)}
        known = [place for place in places if place is not None]
        if facts.scope == scope and len(places) > 1:
            touched = oplog.records_after(connection, number, min(known))
            found |= {(scope, *pair) for pair in touched}
    return found
