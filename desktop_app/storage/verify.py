"""Verify everything held: pages, chains, signatures, payloads, the projection, sealed pages.

Nothing is trusted that can be worked out again: every operation is read from its bytes, every feed
hashed from its beginning, every record folded again by the pure rules (not by the projector's short
cuts), and compared with what the tables show. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from desktop_app.domain.errors import UntrustedError, WorkplaceError
from desktop_app.feeds.identity import feed_id
from desktop_app.feeds.operation import GENESIS, Operation, from_parts
from desktop_app.storage import oplog
from desktop_app.storage.database import Connection
from desktop_app.storage.digest import state_digest
from desktop_app.storage.journal import Journal
from desktop_app.storage.oplog import FeedRow
from desktop_app.storage.refolding import Refolding
from desktop_app.storage.scans import ScanStore

HeadHolds = Callable[[FeedRow], bool]
"""Say whether the author's signature over a feed's last signed head holds."""

_MOST_LISTED = 200
_STEP = 1000


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is not as it must be; ``place`` names a feed, sequence or record, no person.

    ``code`` is one of pages, pages_structure, feed_name, operation_bytes, operation_place,
    operation_columns, payload_erased, feed_head, head_signature, record_shown, record_missing,
    record_extra, heads_listed, attention_listed, gone_listed, twins_listed, record_unreadable,
    search_rows, scan_altered.
    """

    code: str
    place: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was verified; it is sound where there is no flaw.

    ``missing_scans`` are sealed pages that records name and that have not come here: no flaw, they
    may be on their way.
    """

    feeds: int
    operations: int
    records: int
    scans: int
    missing_scans: int
    digest: str
    flaws: tuple[Flaw, ...]
    more_flaws: int = 0

    @property
    def sound(self) -> bool:
        """Say whether everything held."""
        return not self.flaws


@dataclass(slots=True)
class Findings:
    """Flaws as they are found; a torn database may have more than anybody wants to read."""

    flaws: list[Flaw] = field(default_factory=list)
    more: int = 0

    def unless(self, condition: bool, code: str, place: str) -> None:  # noqa: FBT001
        """Note a flaw where something does not hold."""
        if condition:
            return
        if len(self.flaws) < _MOST_LISTED:
            self.flaws.append(Flaw(code, place))
        else:
            self.more += 1


def verify(
    journal: Journal,
    head_holds: HeadHolds,
    scans: ScanStore | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Verify a database and the sealed pages beside it.

    Args:
        journal: the open journal.
        head_holds: checks an author's signature over a signed head.
        scans: the sealed pages; None leaves them out.
        progress: told every thousand operations or records how many there were; may raise to stop.

    Returns:
        What was found; where pages are damaged nothing else, since nothing else could be read.
    """
    damaged = journal.database.damaged_pages()
    if damaged:
        return Report(0, 0, 0, 0, 0, "", (Flaw("pages", str(damaged)),))
    findings = Findings()
    step = progress or (lambda _: None)
    with journal.database.read() as connection:
        answer = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one())
        findings.unless(answer == "ok", "pages_structure", "database")
        feeds = oplog.load_feeds(connection)
        for row in feeds.values():
            _verify_feed(connection, row, head_holds, findings, step)
        refolding = Refolding(connection, journal.record_types, journal.projector.authorities)
        records = refolding.compare(findings.unless, step)
        named = _scans_named(connection)
        missing = _verify_scans(scans, named, findings)
        digest = state_digest(connection, record_types=journal.record_types)
    return Report(
        feeds=len(feeds),
        operations=sum(row.sequence for row in feeds.values()),
        records=records,
        scans=len(named),
        missing_scans=missing,
        digest=digest,
        flaws=tuple(findings.flaws),
        more_flaws=findings.more,
    )


def _verify_feed(
    connection: Connection,
    row: FeedRow,
    head_holds: HeadHolds,
    findings: Findings,
    step: Callable[[int], None],
) -> None:
    """Hash a feed from its beginning and compare its end, name and signed head."""
    feed = row.facts.feed
    findings.unless(feed_id(row.public, row.facts.scope) == feed, "feed_name", feed)
    sequence, head, signed = 0, GENESIS, row.signed_hash is None
    for place, op in _read_again(connection, row, findings):
        sequence += 1
        follows = op is not None and (op.feed, op.sequence, op.previous) == (feed, sequence, head)
        findings.unless(follows and place == sequence, "operation_place", f"{feed}:{place}")
        head = GENESIS if op is None else op.hash
        if sequence == row.signed_sequence:
            signed = head == row.signed_hash
        if sequence % _STEP == 0:
            step(_STEP)
    findings.unless((sequence, head) == (row.sequence, row.hash), "feed_head", feed)
    if row.signed_sequence:
        findings.unless(signed and head_holds(row), "head_signature", feed)


_OPERATIONS = (
    "SELECT sequence, header, payload, hash, scope, kind, record, signed FROM operation"
    " WHERE feed = ? ORDER BY sequence"
)


def _read_again(
    connection: Connection, row: FeedRow, findings: Findings
) -> Iterator[tuple[int, Operation | None]]:
    """Read a feed's operations from their bytes, and compare the columns beside them."""
    for place, header, payload, *columns in connection.exec_driver_sql(_OPERATIONS, (row.number,)):
        where = f"{row.facts.feed}:{place}"
        try:
            op = from_parts(header, b"null" if payload is None else payload)
        except UntrustedError:
            findings.unless(False, "operation_bytes", where)
            yield place, None
            continue
        signed = int(op.header is not None and bool(op.header.signatures))
        right = [op.hash, row.facts.scope, op.kind, op.record, signed]
        findings.unless(columns == right, "operation_columns", where)
        yield place, op


def _scans_named(connection: Connection) -> list[str]:
    rows = connection.exec_driver_sql("SELECT digest FROM projected_scan ORDER BY scope, digest")
    return list(dict.fromkeys(str(row[0]) for row in rows if row[0]))


def _verify_scans(scans: ScanStore | None, named: Iterable[str], findings: Findings) -> int:
    """Read every sealed page that a record names; count those that are not here."""
    missing = 0
    for digest in named:
        if scans is None:
            break
        try:
            scans.read(digest)
        except WorkplaceError:
            missing += 1
        except UntrustedError:
            findings.unless(False, "scan_altered", digest[:12])
    return missing
