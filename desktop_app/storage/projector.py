"""Folds operations into the projected tables, in the transaction that stored them.

A record nobody has written before, made by one eligible operation, is inserted as it is: that is
what its fold gives (a test holds the two together). Every other record is folded again from all
its operations, read by index.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import Connection

from desktop_app.domain.declare import RecordType, Value
from desktop_app.feeds import authority as trust
from desktop_app.feeds.authority import Authority, FeedFacts, Verdict
from desktop_app.feeds.fold import CREATE, Held, Projection, fold
from desktop_app.feeds.operation import Operation, Payload
from desktop_app.storage import oplog, search
from desktop_app.storage.schema import (
    CONFLICT,
    DISPUTED_REMOVAL,
    ENVELOPE,
    OTHERS,
    table_of,
)

log = logging.getLogger(__name__)

Key = tuple[str, str, str]
"""Scope, kind and record: what is folded together."""

_CHUNK = 400


class Projector:
    """Keeps the projected tables what the feeds say."""

    def __init__(
        self,
        record_types: Mapping[str, RecordType],
        verify: trust.Verify,
        officers: Callable[[], Iterable[bytes]],
    ) -> None:
        """Fold with these declarations.

        Args:
            record_types: the declared kinds.
            verify: checks an Ed25519 signature.
            officers: gives the officers' public keys that the signed ``district.json`` names.
        """
        self._types = record_types
        self._verify = verify
        self._officers = officers
        self._authorities: dict[str, Authority] = {}
        self._upserts = {kind: _upsert(known) for kind, known in record_types.items()}

    def forget(self) -> None:
        """Forget what was worked out of the trust operations: after a rollback, or new officers."""
        self._authorities.clear()

    def apply(
        self,
        connection: Connection,
        feeds: Mapping[int, FeedFacts],
        placed: Sequence[tuple[int, Operation]],
        prior: set[Key],
    ) -> set[str]:
        """Fold operations just stored.

        Args:
            connection: the transaction that stored them.
            feeds: what is known of every feed, by number.
            placed: the operations with their feed's number.
            prior: those of their records that had operations before.

        Returns:
            The kinds whose rows changed.
        """
        groups: dict[Key, list[tuple[int, Operation]]] = defaultdict(list)
        for number, op in placed:
            groups[feeds[number].scope, op.kind, op.record].append((number, op))
        again = self._judge_trust_again(connection, feeds, groups)
        rows: dict[str, list[tuple[Value, ...]]] = defaultdict(list)
        refold = set(again)
        for key, members in groups.items():
            if key in refold:
                continue
            row = None if key in prior else self._created_row(connection, feeds, members)
            if row is None:
                refold.add(key)
            else:
                rows[key[1]].append(row)
        for kind, batch in rows.items():
            connection.exec_driver_sql(self._upserts[kind], batch)
        for key in sorted(refold):
            self.refold(connection, feeds, key)
        touched = set(groups) | refold
        search.index(connection, touched)
        return {kind for _, kind, _ in touched}

    def _judge_trust_again(
        self,
        connection: Connection,
        feeds: Mapping[int, FeedFacts],
        groups: Mapping[Key, list[tuple[int, Operation]]],
    ) -> set[Key]:
        """After new trust operations, give the records whose verdicts may have changed."""
        scopes = {scope for scope, kind, _ in groups if kind in trust.TRUST_KINDS}
        if not scopes:
            return set()
        if any(facts.district and facts.scope in scopes for facts in feeds.values()):
            scopes |= {facts.scope for facts in feeds.values()}
        again: set[Key] = set()
        for scope in scopes:
            before = self._authorities.pop(scope, None)
            after = self.authority(connection, feeds, scope)
            if before is None or before != after:
                again |= {(scope, *pair) for pair in oplog.signed_records(connection, scope)}
                again |= self._limited(connection, feeds, scope, after)
        return again

    def _limited(
        self,
        connection: Connection,
        feeds: Mapping[int, FeedFacts],
        scope: str,
        authority: Authority,
    ) -> set[Key]:
        """Give the records that revoked feeds touched beyond their limits."""
        found: set[Key] = set()
        for number, facts in feeds.items():
            if facts.scope == scope and facts.feed in authority.limits:
                rows = connection.exec_driver_sql(
                    "SELECT DISTINCT kind, record FROM operation WHERE feed = ? AND sequence > ?",
                    (number, authority.limits[facts.feed]),
                )
                found |= {(scope, row[0], row[1]) for row in rows}
        return found

    def authority(
        self, connection: Connection, feeds: Mapping[int, FeedFacts], scope: str
    ) -> Authority:
        """Give the grants and limits in force in a scope, worked out once per change."""
        known = self._authorities.get(scope)
        if known is None:
            scopes = {scope} | {facts.scope for facts in feeds.values() if facts.district}
            operations = [
                trust.TrustOperation(feeds[number], op.header, op.payload() or Payload("", {}))
                for number, op in oplog.operations_of_kinds(
                    connection, sorted(scopes), sorted(trust.TRUST_KINDS)
                )
                if op.header is not None
            ]
            known = trust.build(self._verify, self._officers(), operations)
            self._authorities[scope] = known
        return known

    def _created_row(
        self,
        connection: Connection,
        feeds: Mapping[int, FeedFacts],
        members: Sequence[tuple[int, Operation]],
    ) -> tuple[Value, ...] | None:
        """Give the row of a record made by one eligible creation, or None where it must be folded."""
        if len(members) != 1:
            return None
        number, op = members[0]
        record_type, header = self._types.get(op.kind), op.header
        if record_type is None or header is None or header.act != CREATE:
            return None
        payload = op.payload()
        facts = feeds[number]
        judged = trust.judge(
            op, payload, facts, self.authority(connection, feeds, facts.scope), self._types
        )
        if judged is not Verdict.ELIGIBLE or payload is None or any(header.sets.values()):
            return None
        at = header.stamp[0]
        envelope = (
            facts.scope,
            op.record,
            op.reference,
            header.person,
            header.feed,
            at,
            at,
            0,
        )
        return envelope + tuple(payload.values.get(name) for name in record_type.fields)

    def refold(self, connection: Connection, feeds: Mapping[int, FeedFacts], key: Key) -> None:
        """Fold one record again from all its operations and store what comes out."""
        scope, kind, record = key
        authority = self.authority(connection, feeds, scope)
        operations = []
        for number, op in oplog.operations_of(connection, scope, kind, record):
            operations.append(self._held(connection, feeds, number, op, authority))
        record_type = self._types.get(kind)
        if record_type is None:
            return
        projection = fold(record_type, operations)
        _clear(connection, key)
        if projection is not None:
            self._store(connection, record_type, key, projection)

    def _held(
        self,
        connection: Connection,
        feeds: Mapping[int, FeedFacts],
        number: int,
        op: Operation,
        authority: Authority,
    ) -> Held:
        """Judge an operation and note it where it does not count."""
        payload = op.payload()
        facts = feeds[number]
        verdict = trust.judge(op, payload, facts, authority, self._types)
        connection.exec_driver_sql(
            "DELETE FROM projected_attention WHERE feed = ? AND sequence = ?",
            (number, op.sequence),
        )
        if verdict is not Verdict.ELIGIBLE:
            connection.exec_driver_sql(
                "INSERT INTO projected_attention (feed, sequence, verdict) VALUES (?, ?, ?)",
                (number, op.sequence, verdict.value),
            )
        header = op.header
        return Held(
            reference=op.reference,
            feed=op.feed,
            sequence=op.sequence,
            person=header.person if header else "",
            act=header.act if header else "",
            stamp=header.stamp if header else (0, 0),
            sets=header.sets if header else {},
            values=payload.values if payload else {},
            authority=_rank(op, facts),
            eligible=verdict is Verdict.ELIGIBLE,
        )

    def _store(
        self, connection: Connection, record_type: RecordType, key: Key, projection: Projection
    ) -> None:
        scope, kind, record = key
        state = (
            (CONFLICT if projection.conflicts else 0)
            | (OTHERS if projection.others else 0)
            | (DISPUTED_REMOVAL if projection.removal_disputed else 0)
        )
        envelope = (
            scope,
            record,
            write_heads(projection),
            projection.created_by,
            projection.created_in,
            projection.created_at,
            projection.changed_at,
            state,
        )
        values = tuple(projection.values.get(name) for name in record_type.fields)
        connection.exec_driver_sql(self._upserts[kind], envelope + values)
        for conflict, fields in ((1, projection.conflicts), (0, projection.others)):
            for name, heads in fields.items():
                for one in heads:
                    connection.exec_driver_sql(
                        "INSERT INTO projected_head VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        (
                            *key,
                            name,
                            one.reference,
                            one.values.get(name),
                            one.person,
                            one.feed,
                            one.stamp[0],
                            conflict,
                        ),
                    )


def _rank(op: Operation, facts: FeedFacts) -> int:
    """Rank authority: the district, then a person's own signature, then the desk."""
    if facts.district:
        return 0
    return 1 if op.header is not None and op.header.signatures else 2


def _clear(connection: Connection, key: Key) -> None:
    scope, kind, record = key
    connection.exec_driver_sql(
        "DELETE FROM projected_head WHERE scope = ? AND kind = ? AND record = ?", key
    )
    search.drop(connection, key)
    connection.exec_driver_sql(
        f"DELETE FROM {table_of(kind)} WHERE scope = ? AND record = ?", (scope, record)
    )


def _upsert(record_type: RecordType) -> str:
    columns = (*ENVELOPE, *record_type.fields)
    marks = ", ".join("?" for _ in columns)
    return (
        f"INSERT INTO {table_of(record_type.kind)} ({', '.join(columns)}) VALUES ({marks})"
    )


def write_heads(projection: Projection) -> str:
    """Write heads compactly: the creating operation, then only the fields it is not the head of."""
    lines = [projection.created]
    lines += [
        f"{name}={','.join(references)}"
        for name, references in sorted(projection.heads.items())
        if references != (projection.created,)
    ]
    return "\n".join(lines)


def read_heads(text: str, fields: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Read the heads of some fields from what ``write_heads`` wrote."""
    created, *exceptions = text.split("\n")
    heads = {}
    for line in exceptions:
        name, _, references = line.partition("=")
        heads[name] = tuple(references.split(","))
    return {name: heads.get(name, (created,)) for name in fields}


def chunks(items: Sequence[str]) -> Iterable[Sequence[str]]:
    """Cut a long list so that each part fits one statement's parameters."""
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


def prior_records(connection: Connection, keys: Iterable[Key]) -> set[Key]:
    """Give those of the records that already have operations."""
    by_kind: dict[tuple[str, str], list[str]] = defaultdict(list)
    for scope, kind, record in keys:
        by_kind[scope, kind].append(record)
    found: set[Key] = set()
    for (scope, kind), records in by_kind.items():
        for chunk in chunks(records):
            marks = ", ".join("?" for _ in chunk)
            rows = connection.exec_driver_sql(
                "SELECT DISTINCT record FROM operation"
                f" WHERE scope = ? AND kind = ? AND record IN ({marks})",
                (scope, kind, *chunk),
            )
            found |= {(scope, kind, row[0]) for row in rows}
    return found
