"""Laptops with real databases and keys, that exchange operations as bundles would."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.durable.folder import Ballast
from desktop_app.feeds.authority import FeedFacts
from desktop_app.feeds.identity import feed_id
from desktop_app.feeds.operation import Operation, from_parts
from desktop_app.storage import oplog
from desktop_app.storage.database import Database
from desktop_app.storage.digest import state_digest
from desktop_app.storage.journal import Actor, Committed, Journal
from desktop_app.storage.oplog import FeedRow
from desktop_app.storage.rows import Row, read_row
from desktop_app.storage.verify import Report, verify
from tests.feeds.kit import DISTRICT, SCHOOL, Somebody, holds

PRINCIPAL = Somebody("principal")
REVIEWER = Somebody("reviewer")
OFFICER = Somebody("officer")
CLERK = Somebody("clerk")

CHILD: dict[str, Value] = {
    "season": 2024,
    "stage": "P1",
    "full_name": "单梓涵",
    "sex": "2",
    "birth_date": "2018-03-14",
    "id_type": "1",
    "id_number": "419999201803142640",
    "ethnic_code": "01",
    "category": "A1",
    "receipt_number": "ZHW-2-0824-0001-08",
    "missing_materials": "",
}
PARENT: dict[str, Value] = {
    "full_name": "单志远",
    "relation": "51",
    "id_number": "419999198801011234",
    "phone": "13800001234",
}


def some_key() -> bytearray:
    return bytearray(b"\x11" * 48)


class Laptop:
    """One computer: its database, its journal and its feeds."""

    def __init__(
        self,
        folder: Path,
        seed: str = "desk",
        scope: str = SCHOOL,
        *,
        district: bool = False,
        lead: Somebody | None = PRINCIPAL,
        officers: Iterable[bytes] = (OFFICER.public,),
        synchronous: str = "FULL",
        fresh: bool = True,
        reserve: Ballast | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "data.db"
        self.replica = Somebody(seed)
        self.scope = scope
        self.district = district
        self.officers = tuple(officers)
        self.commits: list[Committed] = []
        self.database = Database(self.path, some_key, synchronous, reserve)
        self.journal = self.open_journal()
        if fresh:
            self.begin_feed(scope, lead)

    def open_journal(self) -> Journal:
        return Journal(
            self.database, RECORD_TYPES, holds, lambda: self.officers, self.commits.append
        )

    def begin_feed(self, scope: str, lead: Somebody | None) -> None:
        public = self.replica.public
        known = (None, None) if lead is None else (lead.id, lead.public)
        facts = FeedFacts(feed_id(public, scope), scope, self.district, *known)
        with self.journal.begin() as work:
            work.add_feed(facts, public, None, own=True)

    @property
    def feed(self) -> str:
        return feed_id(self.replica.public, self.scope)

    def actor(self, whom: Somebody = CLERK) -> Actor:
        return Actor(whom.id, whom.sign)

    def create(
        self, kind: str, by: Somebody = CLERK, *, signed: bool = False, **values: Value
    ) -> str:
        with self.journal.begin(self.actor(by), self.scope) as work:
            return work.create(kind, values, signed=signed)

    def edit(
        self, kind: str, record: str, by: Somebody = CLERK, *, signed: bool = False, **values: Value
    ) -> None:
        with self.journal.begin(self.actor(by), self.scope) as work:
            work.edit(kind, record, values, signed=signed)

    def remove(self, kind: str, record: str) -> None:
        with self.journal.begin(self.actor(), self.scope) as work:
            work.remove(kind, record)

    def register(self, **changed: Value) -> str:
        """Register a child with one guardian; gives the applicant."""
        with self.journal.begin(self.actor(), self.scope) as work:
            applicant = work.create("applicant", CHILD | changed)
            work.create("guardian", PARENT | {"applicant": applicant})
        return applicant

    def grant(self, whom: Somebody, *roles: Role, by: Somebody = PRINCIPAL) -> None:
        with self.journal.begin(self.actor(by), self.scope) as work:
            work.create("person", whom.introduced_as(*roles), record=whom.id, signed=True)

    def row(self, kind: str, record: str, scope: str | None = None) -> Row | None:
        with self.database.read() as connection:
            return read_row(connection, RECORD_TYPES[kind], scope or self.scope, record)

    def shown(self, record: str, name: str = "full_name") -> Value:
        row = self.row("applicant", record)
        return "gone" if row is None else row.values[name]

    def feeds(self) -> dict[str, FeedRow]:
        with self.database.read() as connection:
            return oplog.load_feeds(connection)

    def operations(self, feed: str | None = None, after: int = 0) -> list[Operation]:
        """Give the operations of a feed, read again from their bytes."""
        with self.database.read() as connection:
            number = oplog.load_feeds(connection)[feed or self.feed].number
            return [
                from_parts(header, b"null" if payload is None else payload)
                for _, header, payload in oplog.feed_bytes(connection, number, after)
            ]

    def give(self, other: Laptop, *, most: int = 10_000) -> None:
        """Hand everything held to another laptop, feed by feed, in pieces of some size."""
        for feed, row in self.feeds().items():
            other.learn(row)
            held = other.feeds()[feed].sequence
            fresh = self.operations(feed, held)
            for start in range(0, len(fresh), most):
                other.take(feed, fresh[start : start + most])

    def learn(self, row: FeedRow) -> None:
        """Get to know a feed, as it was proved elsewhere."""
        if row.facts.feed not in self.feeds():
            with self.journal.begin() as work:
                work.add_feed(row.facts, row.public, None)

    def take(self, feed: str, operations: Sequence[Operation]) -> None:
        with self.journal.begin() as work:
            work.take_in(feed, operations)

    def digest(self, scope: str | None = None) -> str:
        with self.database.read() as connection:
            return state_digest(connection, scope)

    def verify(self) -> Report:
        return verify(self.journal, lambda _: True)

    def attention(self) -> list[str]:
        with self.database.read() as connection:
            return list(
                connection.exec_driver_sql("SELECT verdict FROM projected_attention").scalars()
            )

    def close(self) -> None:
        self.database.close()


def school_and_district(folder: Path) -> tuple[Laptop, Laptop]:
    """Make a desk with a principal and a reviewer, and a district with its common feed."""
    desk = Laptop(folder / "desk")
    desk.grant(PRINCIPAL, Role.PRINCIPAL, Role.REGISTRAR)
    desk.grant(REVIEWER, Role.REVIEWER)
    district = Laptop(folder / "district", "district", DISTRICT, district=True, lead=None)
    return desk, district
