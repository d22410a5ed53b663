"""One unit of work: what a use case reads and writes between the beginning and the commit."""

from __future__ import annotations

import dataclasses
import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.acts import Role, roles_for
from desktop_app.domain.declare import Owner, RecordType, Value
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.feeds.authority import FeedFacts
from desktop_app.feeds.clock import Clock
from desktop_app.feeds.fold import CREATE, REMOVE
from desktop_app.feeds.operation import SALT_LENGTH, Change, Operation, Signer, write
from desktop_app.storage import oplog
from desktop_app.storage.authorities import Facts
from desktop_app.storage.heads import read_heads
from desktop_app.storage.oplog import FeedRow, Key
from desktop_app.storage.projector import Projector
from desktop_app.storage.rows import Row, read_row, read_rows


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes: the person's key id, and their signature for acts of authority."""

    person: str
    sign: Signer


def _may(needed: frozenset[Role] | None, roles: frozenset[Role]) -> bool:
    """Say whether one of some roles may write what needs a signature, or nothing does."""
    return needed is None or bool(needed & roles)


def new_record_id() -> str:
    """Give a UUIDv7: unique anywhere, and in the order of making."""
    number = (wall_milliseconds() << 80) | (7 << 76) | (secrets.randbits(12) << 64)
    number |= (2 << 62) | secrets.randbits(62)
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Work:
    """One unit of work on the journal; made by ``Journal.begin``."""

    def __init__(
        self,
        connection: Connection,
        projector: Projector,
        record_types: Mapping[str, RecordType],
        clock: Clock,
    ) -> None:
        """Work in an open write transaction."""
        self.connection = connection
        self.kinds: set[str] = set()
        self.heads: dict[str, tuple[int, bytes]] = {}
        self._projector = projector
        self._types = record_types
        self._clock = clock
        self._feeds = oplog.load_feeds(connection)
        self._actor: Actor | None = None
        self._own = ""
        self._made: list[Operation] = []
        self._fresh: set[Key] = set()
        self._stripped: list[Operation] = []

    def write_as(self, actor: Actor, scope: str | None) -> None:
        """Name who writes, and in which of this computer's feeds.

        Raises:
            LookupError: it is not clear which feed is meant (a bug).
        """
        own = [
            feed
            for feed, row in self._feeds.items()
            if row.own and scope in {None, row.facts.scope}
        ]
        if len(own) != 1:
            message = "which feed is to be written is not clear"
            raise LookupError(message)
        self._actor, self._own = actor, own[0]

    @property
    def scope(self) -> str:
        """Give the scope the work writes for."""
        return self._writing().facts.scope

    @property
    def feeds(self) -> Mapping[str, FeedRow]:
        """Give all feeds by name, as far as this work has stored operations in them."""
        return self._feeds

    def row(self, kind: str, record: str) -> Row:
        """Read one record, with what this work has already written.

        Raises:
            StaleError: it is not there, or no longer.
        """
        self.flush()
        found = read_row(self.connection, self._types[kind], self.scope, record)
        if found is None:
            raise StaleError("record.gone", kind=kind)
        return found

    def rows(self, kind: str, **equal: Value) -> list[Row]:
        """Read the records of a kind whose fields equal the values given."""
        self.flush()
        return read_rows(self.connection, self._types[kind], self.scope, equal)

    def create(
        self,
        kind: str,
        values: Mapping[str, Value],
        *,
        record: str | None = None,
        signed: bool = False,
        also: Sequence[Actor] = (),
    ) -> str:
        """Create a record and give its id; fields without a value are left out.

        ``also`` are further persons who sign beside the acting one.
        """
        name = record or new_record_id()
        if record is None:
            self._fresh.add((self.scope, kind, name))
        given = {field: value for field, value in values.items() if value is not None}
        change = Change(kind, name, CREATE, self._schema(kind), given, {})
        self._write(change, signed=signed, also=also)
        return name

    def edit(
        self,
        kind: str,
        record: str,
        values: Mapping[str, Value],
        *,
        act: str = "edit",
        signed: bool = False,
    ) -> None:
        """Change fields of a record, naming the heads they replace.

        Raises:
            StaleError: the record is not there, or no longer.
        """
        heads = read_heads(self.row(kind, record).heads, values)
        self._write(Change(kind, record, act, self._schema(kind), values, heads), signed=signed)

    def remove(self, kind: str, record: str, *, signed: bool = False) -> None:
        """Remove a record: a tombstone that names every head it saw.

        Raises:
            StaleError: the record is not there, or no longer.
        """
        fields = self._types[kind].fields
        heads = read_heads(self.row(kind, record).heads, fields)
        gone: dict[str, Value] = dict.fromkeys(fields)
        self._write(Change(kind, record, REMOVE, self._schema(kind), gone, heads), signed=signed)

    def keep(self, kind: str, record: str, roles: frozenset[Role] = frozenset()) -> None:
        """Keep a record whose removal is disputed: say again what shows, over the removal.

        Only fields that this feed may write, by these roles of the acting person, are said again;
        where others were removed too, the record stays marked until whoever may write them answers.

        Raises:
            StaleError: the record is not there, or no longer.
        """
        row = self.row(kind, record)
        district = self._writing().facts.district
        mine = {Owner.EITHER, Owner.DISTRICT if district else Owner.SCHOOL}
        values = {
            name: row.values[name]
            for name, declared in self._types[kind].fields.items()
            if row.values[name] is not None
            and declared.item.owner in mine
            and _may(roles_for(kind, (name,)), roles)
        }
        self.edit(kind, record, values, act="keep", signed=bool(roles))

    def bring_back(self, kind: str, record: str) -> None:
        """Say again what a removed record was; one that stands is left alone."""
        self.flush()
        key = (self.scope, kind, record)
        was = self._projector.removed(self.connection, self._facts(), key)
        if was is None:
            return
        values = {name: value for name, value in was.values.items() if value is not None}
        heads = {name: was.heads[name] for name in values}
        self._write(Change(kind, record, "keep", self._schema(kind), values, heads), signed=False)

    def _schema(self, kind: str) -> int:
        return self._types[kind].schema

    def _writing(self) -> FeedRow:
        if not self._own:
            message = "this work has no feed of its own to write"
            raise LookupError(message)
        return self._feeds[self._own]

    def _write(self, change: Change, *, signed: bool, also: Sequence[Actor] = ()) -> None:
        self._hold_values(change)
        own, actor = self._writing(), self._actor
        if actor is None:
            raise LookupError
        last = self._made[-1] if self._made else None
        operation = write(
            change,
            feed=own.facts.feed,
            sequence=(last.sequence if last else own.sequence) + 1,
            previous=last.hash if last else own.hash,
            person=actor.person,
            stamp=self._clock.tick(),
            salt=os.urandom(SALT_LENGTH),
            signers=[one.sign for one in (actor, *also)] if signed else (),
        )
        self._made.append(operation)

    def _hold_values(self, change: Change) -> None:
        """Refuse what the fold would pass over: it would look saved and show nowhere.

        Raises:
            RuleError: a value does not fit its field's declaration.
        """
        fields = self._types[change.kind].fields
        for name, value in change.values.items():
            if name in fields and not fields[name].accepts(value):
                raise RuleError("record.value", kind=change.kind, field=name)

    def flush(self) -> None:
        """Append and fold what was made since the last flush; the transaction stays open."""
        if not self._made:
            return
        made, self._made = self._made, []
        fresh, self._fresh = self._fresh, set()
        self._append(self._own, made, fresh)
        own = self._writing()
        self.heads[own.facts.feed] = (own.sequence, own.hash)

    def sign_heads(self, sign: Callable[[FeedRow], bytes]) -> None:
        """Sign how far the feeds written here reach now."""
        for feed in self.heads:
            row = self._feeds[feed]
            oplog.sign_head(self.connection, feed, row.sequence, row.hash, sign(row))

    def take_in(self, feed: str, operations: Sequence[Operation]) -> None:
        """Append checked operations of another feed that follow its head, and fold them.

        Raises:
            UntrustedError: they do not follow each other and the feed's head.
        """
        if not operations:
            return
        self.flush()
        self._append(feed, operations, set())
        self._stripped += [one for one in operations if one.payload_bytes is None]
        for operation in operations:
            if operation.header is not None:
                self._clock.observe(operation.header.stamp)

    def cut_off(self, feed: str, after: int) -> None:
        """Set what another feed holds behind a sequence apart: it does not stand any more."""
        self.flush()
        row = oplog.load_feeds(self.connection)[feed]  # with what was signed in this work
        self.kinds |= self._projector.cut_off(self.connection, self._facts(), row, after)
        self._feeds = oplog.load_feeds(self.connection)

    def stripped(self) -> dict[str, int]:
        """Give where operations were taken in without a payload that nothing held here erases.

        Asked at the end, since the erasure may come after them: by feed, the first such sequence.
        """
        found: dict[str, int] = {}
        for one in self._stripped:
            if not self.erased(one):
                found[one.feed] = min(one.sequence, found.get(one.feed, one.sequence))
        return found

    def erased(self, operation: Operation) -> bool:
        """Say whether an operation of a feed that is known is erased."""
        facts = self._feeds[operation.feed].facts
        found = self._projector.erased(self.connection, self._facts(), facts, (operation,))
        return bool(found)

    def _append(self, feed: str, operations: Sequence[Operation], fresh: set[Key]) -> None:
        row = self._feeds[feed]
        self.kinds |= self._projector.append(self.connection, self._facts(), row, operations, fresh)
        last = operations[-1]
        self._feeds[feed] = dataclasses.replace(row, sequence=last.sequence, hash=last.hash)

    def _facts(self) -> Facts:
        return {row.number: row.facts for row in self._feeds.values()}

    def add_feed(
        self, facts: FeedFacts, public: bytes, identity: bytes | None, *, own: bool = False
    ) -> None:
        """Add a feed that holds nothing yet."""
        oplog.add_feed(self.connection, facts, public, identity, own=own)
        self._feeds = oplog.load_feeds(self.connection)

    def prove_feed(self, facts: FeedFacts, identity: bytes) -> None:
        """Note what proves a feed and who leads in it, and judge again what depends on it.

        Everything signed there is: whose word counts in the feed may change though everybody's
        roles stay what they were.
        """
        self.flush()
        oplog.prove_feed(self.connection, facts, identity)
        self._feeds = oplog.load_feeds(self.connection)
        self._judge_again(self._scopes(facts.scope))

    def judge_again(self, scope: str) -> None:
        """Judge a scope again if what proves it has changed: officers, or a feed's lead."""
        self._judge_again(self._scopes(scope))

    def judge_everything_again(self) -> None:
        """Judge every scope again."""
        self._judge_again({row.facts.scope for row in self._feeds.values()})

    def _judge_again(self, scopes: Iterable[str]) -> None:
        self.flush()
        feeds = self._facts()
        self.kinds |= self._projector.judge_all_again(self.connection, feeds, scopes)

    def _scopes(self, scope: str) -> set[str]:
        """Give the scopes that depend on a scope's trust operations."""
        return self._projector.authorities.depending_on(self._facts(), scope)
