"""What sync reads of the journal to pack a bundle, and notes of what went out and came in.

Ranges of feeds are given as stored bytes: no object is built. ``carried`` and ``received`` are
local tables that never leave this computer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from desktop_app.feeds.grants import read_places
from desktop_app.storage.database import Connection
from desktop_app.storage.oplog import chunks, spread

_FRAME = len(b'{"header":,"payload":}\n')
_NULL = len(b"null")
_PART = 500
"""Rows fetched at once: one by one, the fetching takes as long as the rest of packing a line."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A range of a feed: its operations, and the bytes of its lines."""

    operations: int
    size: int


def measure(connection: Connection, number: int, after: int, to: int) -> Measure:
    """Measure the lines ``lines_of`` will give: a tar names sizes before contents."""
    counted, size = connection.exec_driver_sql(
        "SELECT count(*), coalesce(sum(length(header) + coalesce(length(payload), ?) + ?), 0)"
        " FROM operation WHERE feed = ? AND sequence > ? AND sequence <= ?",
        (_NULL, _FRAME, number, after, to),
    ).one()
    return Measure(int(counted), int(size))


def count_applicants(connection: Connection, ranges: Iterable[tuple[int, int, int]]) -> int:
    """Count the applicants that ranges of feeds (number, after, to) are about, each once.

    A child that one laptop registered and another one reviewed stands in two feeds; a record that
    was merged into another one is that one's child, and one that was taken back is nobody's.
    """
    found: set[str] = set()
    for place in ranges:
        rows = connection.exec_driver_sql(
            "SELECT DISTINCT coalesce(applicant.twin, operation.record) FROM operation"
            " CROSS JOIN projected_applicant AS applicant ON applicant.scope = operation.scope"
            " AND applicant.record = operation.record"
            " WHERE operation.feed = ? AND operation.sequence > ? AND operation.sequence <= ?"
            " AND +operation.kind = 'applicant'",
            place,
        )
        found.update(rows.scalars())
    return len(found)


def lines_of(connection: Connection, number: int, after: int, to: int) -> Iterator[bytes]:
    """Give a range of a feed as the lines of ``ops.jsonl``, from the bytes as they were stored."""
    rows = connection.exec_driver_sql(
        "SELECT header, payload FROM operation WHERE feed = ? AND sequence > ? AND sequence <= ?"
        " ORDER BY sequence",
        (number, after, to),
    )
    for part in rows.partitions(_PART):
        for header, payload in part:
            written = b"null" if payload is None else payload
            yield b'{"header":%b,"payload":%b}\n' % (header, written)


def count_behind(connection: Connection, number: int, after: int, to: int) -> int:
    """Count the operations of a range of a feed, hand-overs aside.

    Handing over is an operation too, which nobody holds yet when it has just been made.
    """
    return int(
        connection.exec_driver_sql(
            "SELECT count(*) FROM operation WHERE feed = ? AND sequence > ? AND sequence <= ?"
            " AND +kind <> 'bundle_export'",
            (number, after, to),
        ).scalar_one()
    )


def forks(connection: Connection) -> dict[str, tuple[int, ...]]:
    """Give, by feed, the first sequence of every quarantined branch that stands apart from it."""
    rows = connection.exec_driver_sql(
        "SELECT feed, min(sequence) FROM quarantine GROUP BY feed ORDER BY feed"
    )
    return {str(feed): (int(sequence),) for feed, sequence in rows}


@dataclass(frozen=True, slots=True)
class ScanPlace:
    """A scan a record names: its ciphertext, and the operation that took it in."""

    digest: str
    size: int
    feed: str
    sequence: int


def scans_of(connection: Connection, scope: str) -> list[ScanPlace]:
    """Give the scans a scope's records name, in the order they were taken in each feed."""
    rows = connection.exec_driver_sql(
        "SELECT digest, size, created_in, heads FROM projected_scan WHERE scope = ?", (scope,)
    )
    found = [
        ScanPlace(str(digest), int(size), str(feed), int(str(heads).split(":")[1]))
        for digest, size, feed, heads in rows
        if digest and size
    ]
    return sorted(found, key=lambda scan: (scan.feed, scan.sequence))


@dataclass(frozen=True, slots=True)
class NamedScan:
    """A page as a person finds it: the receipt, the paper, the page, and who took it in."""

    digest: str
    feed: str
    receipt: str
    material: str
    page: int


_NAMED = (
    "SELECT scan.digest, scan.created_in, coalesce(applicant.receipt_number, ''), scan.material,"
    " scan.page FROM projected_scan AS scan CROSS JOIN projected_applicant AS applicant"
    " ON applicant.scope = scan.scope AND applicant.record = scan.applicant"
    " WHERE scan.digest IN (??) AND scan.scope = ?"
)


def named_scans(connection: Connection, scope: str, digests: Sequence[str]) -> list[NamedScan]:
    """Name the pages behind some digests, by receipt, paper and page."""
    found: list[NamedScan] = []
    for chunk in chunks(digests):
        rows = connection.exec_driver_sql(spread(_NAMED, chunk), (*chunk, scope))
        found += [NamedScan(*row) for row in rows]
    return sorted(found, key=lambda one: (one.receipt, one.material, one.page))


@dataclass(frozen=True, slots=True)
class Carried:
    """A bundle that was written and read back: it counts as carried, not as received."""

    number: int
    purpose: str
    name: str
    digest: str
    heads: Mapping[str, int]
    operations: int
    registered: int
    carried_at: int


def note_carried(connection: Connection, carried: Carried) -> None:
    """Note a bundle as carried."""
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO carried (number, purpose, name, digest, heads, operations,"
        " registered, carried_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            carried.number,
            carried.purpose,
            carried.name,
            carried.digest,
            write_places(carried.heads),
            carried.operations,
            carried.registered,
            carried.carried_at,
        ),
    )


def carried_bundles(connection: Connection) -> list[Carried]:
    """Give what was carried, the latest first."""
    rows = connection.exec_driver_sql(
        "SELECT number, purpose, name, digest, heads, operations, registered, carried_at"
        " FROM carried ORDER BY carried_at DESC, number DESC"
    )
    return [
        Carried(number, purpose, name, digest, read_places(heads), operations, registered, at)
        for number, purpose, name, digest, heads, operations, registered, at in rows
    ]


def write_places(places: Mapping[str, int]) -> str:
    """Write ``feed:sequence`` places with spaces between, in the order of the names."""
    return " ".join(f"{feed}:{sequence}" for feed, sequence in sorted(places.items()))


@dataclass(frozen=True, slots=True)
class Received:
    """A bundle that came in; ``gaps`` are the sequences missing before it, by feed.

    ``reason`` is the code of a refusal.
    """

    digest: str
    name: str
    sender: str
    operations: int
    fresh: int
    outcome: str
    received_at: int
    gaps: Mapping[str, tuple[int, int]]
    reason: str = ""


def note_received(connection: Connection, received: Received) -> None:
    """Note what came of a bundle; one that comes again adds what was fresh in it."""
    gaps = [f"{feed}:{first}-{last}" for feed, (first, last) in sorted(received.gaps.items())]
    connection.exec_driver_sql(
        "INSERT INTO received (digest, name, sender, operations, fresh, outcome, received_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE SET"
        " outcome = excluded.outcome, fresh = fresh + excluded.fresh, sender = excluded.sender,"
        " operations = excluded.operations",
        (
            received.digest,
            received.name,
            received.sender,
            received.operations,
            received.fresh,
            " ".join(filter(None, [received.outcome, received.reason, *gaps])),
            received.received_at,
        ),
    )


def received_bundles(connection: Connection) -> list[Received]:
    """Give what came in, the latest first."""
    rows = connection.exec_driver_sql(
        "SELECT digest, name, sender, operations, fresh, outcome, received_at FROM received"
        " ORDER BY received_at DESC, digest"
    )
    return [_received(tuple(row)) for row in rows]


def _received(row: tuple[str, str, str, int, int, str, int]) -> Received:
    outcome, *words = row[5].split(" ")
    gaps, reason = {}, ""
    for word in words:
        if ":" not in word:
            reason = word
            continue
        feed, _, missing = word.partition(":")
        first, _, last = missing.partition("-")
        gaps[feed] = (int(first), int(last))
    return Received(*row[:5], outcome, row[6], gaps, reason)


def last_bundle_number(connection: Connection, purpose: str) -> int:
    """Give the highest number this computer has given a bundle, packed to the end or not."""
    return int(
        connection.exec_driver_sql(
            "SELECT max(coalesce((SELECT max(number) FROM carried WHERE purpose = ?), 0),"
            " coalesce((SELECT max(number) FROM projected_bundle_export WHERE purpose = ?"
            " AND created_in IN (SELECT feed FROM feed WHERE own = 1)), 0))",
            (purpose, purpose),
        ).scalar_one()
    )


def count_stages_sql(feeds: int) -> str:
    """Give the statement of ``count_stages`` for so many feeds; a feed 0 there never is.

    Only what lies behind a feed's place is looked at, by feed and sequence: ``+`` keeps the planner
    from walking every operation of the school instead.
    """
    places = ", ".join(["(0, 0, 0)", *["(?, ?, ?)"] * feeds])
    behind = (
        "SELECT o.record FROM reach CROSS JOIN operation AS o ON o.feed = reach.feed"
        " AND o.sequence > reach.{} WHERE +o.scope = ? AND +o.kind = 'applicant'"
    )
    return (
        f"WITH reach (feed, carried, received) AS (VALUES {places}),"  # noqa: S608
        f" uncarried AS ({behind.format('carried')}), unreceived AS ({behind.format('received')})"
        " SELECT count(*), coalesce(sum(open AND behind AND record IN uncarried), 0),"
        " coalesce(sum(open AND behind), 0), coalesce(sum(open), 0) FROM"
        " (SELECT record, district_status IS NULL AS open, record IN unreceived AS behind"
        " FROM projected_applicant WHERE scope = ? AND twin IS NULL)"
    )


def count_stages(
    connection: Connection, scope: str, reach: Sequence[tuple[int, int, int]]
) -> tuple[int, int, int, int]:
    """Count a school's applicants: all, and those carried, received and decided at least.

    Carried, or received, is who has no operation beyond the place that was, in any of the feeds.

    Args:
        connection: the open database.
        scope: the school.
        reach: for each feed of the school its number, and the places carried and received.
    """
    places = [place for one in reach for place in one]
    row = connection.exec_driver_sql(
        count_stages_sql(len(reach)), (*places, scope, scope, scope)
    ).one()
    every, uncarried, unreceived, undecided = map(int, row)
    return every, every - uncarried, every - unreceived, every - undecided


def shared_leads(connection: Connection) -> list[tuple[str, tuple[str, ...]]]:
    """Give the tickets with which more than one laptop joined, each with the feeds.

    A lost laptop for which its successor's ticket speaks did not join with it.
    """
    joined = (
        "FROM feed WHERE lead IS NOT NULL AND identity IS NOT NULL"
        " AND instr(CAST(identity AS TEXT), 'enrollment-ticket-succession') = 0"
    )
    rows = connection.exec_driver_sql(
        f"SELECT lead, feed {joined} AND lead IN"
        f" (SELECT lead {joined} GROUP BY lead HAVING count(*) > 1) ORDER BY lead, feed"
    )
    found: dict[str, list[str]] = {}
    for lead, feed in rows:
        found.setdefault(str(lead), []).append(str(feed))
    return [(lead, tuple(feeds)) for lead, feeds in found.items()]
