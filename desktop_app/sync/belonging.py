"""Which persons came with which laptop, so that who was on a revoked one is served no more.

A person has one set of keys per laptop. Where they were granted in a laptop's own feed, or by the
district when it let that laptop in, they came with it; whom the district granted otherwise came
with none. It is a function of the operations held alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from desktop_app.domain.records import RECORD_TYPES
from desktop_app.feeds.grants import granted
from desktop_app.feeds.operation import Payload
from desktop_app.storage.database import Connection
from desktop_app.storage.oplog import FeedRow, load_feeds, operations_of_kinds
from desktop_app.storage.rows import read_rows
from desktop_app.sync.reach import limited_feeds

_DISTRICT = ""


def laptops_of_people(
    connection: Connection, feeds: Mapping[str, FeedRow], scope: str
) -> dict[str, frozenset[str]]:
    """Give the feeds of the laptops each person of a school came with, by key id.

    An empty name among them stands for the district itself.
    """
    let_in: dict[str, set[str]] = defaultdict(set)
    for row in read_rows(connection, RECORD_TYPES["admission"], scope, {}):
        let_in[row.text("person")].add(row.text("feed"))
    by_number = {row.number: row for row in feeds.values()}
    found: dict[str, set[str]] = defaultdict(set)
    for number, op in operations_of_kinds(connection, [scope], ["person"]):
        offer = granted(op.payload() or Payload("", {}))
        if offer is None or offer[0] != op.record:
            continue
        feed = by_number[number]
        if feed.facts.district:
            found[op.record] |= let_in.get(op.record) or {_DISTRICT}
        else:
            found[op.record].add(feed.facts.feed)
    return {person: frozenset(names) for person, names in found.items()}


def people_of_revoked(connection: Connection, scope: str) -> frozenset[str]:
    """Give the persons of a school who came with revoked laptops and with no other."""
    feeds = load_feeds(connection)
    revoked = limited_feeds(connection, feeds).keys()
    if not revoked:
        return frozenset()
    came = laptops_of_people(connection, feeds, scope)
    return frozenset(person for person, names in came.items() if names <= revoked)
