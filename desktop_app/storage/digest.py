"""The state digest of what is held, for one school or for everything."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.domain.declare import RecordType
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.feeds.digest import StateDigest
from desktop_app.storage import oplog
from desktop_app.storage.database import Connection
from desktop_app.storage.rows import row_of, select

DISTRICT_PREFIX = "district:"


def state_digest(
    connection: Connection,
    scope: str | None = None,
    record_types: Mapping[str, RecordType] = RECORD_TYPES,
) -> str:
    """Digest every feed and projected row of a school and the district's common scope, or of all.

    Holders of equal sets of operations get equal digests, whatever else they hold of others.
    """
    digest = StateDigest()
    feeds = [
        row for row in oplog.load_feeds(connection).values() if _counts(row.facts.scope, scope)
    ]
    digest.heads((row.facts.feed, row.sequence, row.hash) for row in feeds if row.sequence)
    scopes = sorted({row.facts.scope for row in feeds if row.sequence}, key=str.encode)
    for kind in sorted(record_types, key=str.encode):
        for one in scopes:
            _digest_rows(digest, connection, record_types[kind], one)
    return digest.hexdigest()


def _counts(found: str, scope: str | None) -> bool:
    return scope is None or found == scope or found.startswith(DISTRICT_PREFIX)


def _digest_rows(
    digest: StateDigest, connection: Connection, record_type: RecordType, scope: str
) -> None:
    found = connection.exec_driver_sql(f"{select(record_type)} ORDER BY record", (scope,))
    for columns in found:
        row = row_of(record_type, tuple(columns))
        digest.row(row.kind, row.scope, row.record, row.values, row.state)
