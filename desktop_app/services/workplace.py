"""An open data folder: who sits here, with which keys, on which database and policy.

``Workplace`` is the composition the desks work on. It decides nothing of the field; it opens the
parts in the order that is safe (folder, lock, vault, database, this computer) and closes them.
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.documents.ready import ReadyChild
from desktop_app.domain.errors import UntrustedError, WorkplaceError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.durable.folder import FolderLock
from desktop_app.feeds.authority import FeedFacts
from desktop_app.feeds.head import statement
from desktop_app.feeds.identity import feed_id
from desktop_app.feeds.operation import Signature
from desktop_app.policy.package import Policy
from desktop_app.security import sshsig
from desktop_app.security.certificate import line_of
from desktop_app.security.computer import Standing, ThisComputer
from desktop_app.security.district import District
from desktop_app.security.keys import SigningKey, sign_act, verify_act
from desktop_app.security.session import Session
from desktop_app.services.seat import Seat
from desktop_app.storage import oplog
from desktop_app.storage.database import Database
from desktop_app.storage.journal import Actor, Committed, Journal
from desktop_app.storage.oplog import FeedRow
from desktop_app.storage.scans import ScanStore
from desktop_app.storage.settings import Settings

DATABASE_NAME = "data.db"
PRACTICE_MARK = "practice"
"""The file that marks a folder of made-up people: nothing of it leaves, and prints say so."""
PRACTICE_PLACE = ".practice"
"""How the name of the folder ends that practice is made in, beside the data folder."""
GENERATION = "vault_generation"
"""The setting that holds the number of the newest slot file."""


def act_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether an act's signature holds; handed to the fold, which knows no cryptography."""
    try:
        verify_act(public, message, signature)
    except UntrustedError:
        return False
    return True


def signer_of(key: SigningKey) -> Callable[[bytes], Signature]:
    """Give what signs acts with a person's or a ticket's key."""

    def sign(message: bytes) -> Signature:
        return Signature(key.key_id, base64.b64encode(sign_act(key, message)).decode())

    return sign


@dataclass(slots=True)
class Workplace:
    """The open parts of one data folder; ``close`` ends them in the safe order."""

    folder: Path
    seat: Seat
    session: Session
    computer: ThisComputer
    database: Database
    journal: Journal
    policy: Policy
    scans: ScanStore
    settings: Settings
    lock: FolderLock
    shipped: Policy
    """What the program brings; ``policy`` is what is in force here (``policies``)."""
    district: District | None = None
    succeeded: Standing | None = None
    pages: ReadyChild = field(default_factory=ReadyChild)
    """Who decodes scans; nothing runs before the first one."""
    older_vault: bool = False
    """Whether the slot file is older than the newest this database was ever opened with."""
    listeners: list[Callable[[frozenset[str]], None]] = field(default_factory=list)
    introduce: Callable[[], None] | None = None
    """What a successor's first person still has to do before they write."""

    @property
    def person(self) -> str:
        """Give the acting person's key id."""
        return self.session.sign.key_id

    @property
    def practice(self) -> bool:
        """Say whether the people of this folder are made up 练习.

        The mark lies in clear, so it counts in practice's own place alone: anybody could put it
        into a real folder.
        """
        in_place = self.folder.parent.parent.name.endswith(PRACTICE_PLACE)
        return in_place and (self.folder / PRACTICE_MARK).exists()

    def actor(self) -> Actor:
        """Give the acting person as the journal needs them, introduced where they were not yet."""
        introduce, self.introduce = self.introduce, None
        if introduce is not None:
            introduce()
        return Actor(self.person, signer_of(self.session.sign))

    def own_feed(self, scope: str | None = None) -> FeedRow:
        """Give this computer's feed for a scope, its own seat's where none is given.

        Raises:
            WorkplaceError: this computer has no such feed.
        """
        wanted = scope or self.seat.scope
        with self.database.read() as connection:
            feeds = oplog.load_feeds(connection)
        for row in feeds.values():
            if row.own and row.facts.scope == wanted:
                return row
        raise WorkplaceError("workplace.no_feed", scope=wanted)

    def ensure_feed(self, scope: str) -> FeedRow:
        """Give this computer's feed for a scope, begun now if it was not yet."""
        with contextlib.suppress(WorkplaceError):
            return self.own_feed(scope)
        public = self.computer.key.public
        facts = FeedFacts(feed_id(public, scope), scope, self.seat.kind == "district")
        with self.journal.begin() as work:
            work.add_feed(facts, public, None, own=True)
        return self.own_feed(scope)

    def officers(self) -> tuple[bytes, ...]:
        """Give the officers' keys that the signed ``district.json`` names."""
        return officers_of(self.district)

    def committed(self, commit: Committed) -> None:
        """Move the anchor and tell whoever listens what changed."""
        for feed, (sequence, head) in commit.heads.items():
            # The commit stands whatever becomes of the anchor, and the screens must hear of it.
            with contextlib.suppress(WorkplaceError):
                self.computer.advance(feed, sequence, head.hex())
        for listener in self.listeners:
            listener(commit.kinds)

    def hold_generation(self) -> None:
        """Remember the newest slot file seen here, and whether the one in use is older.

        What is held is never lowered, so it is told at every opening until somebody acts. A full
        disk, or a new key half given to the file, keeps nobody out and hides no other trouble: the
        next opening or closing holds it.
        """
        with contextlib.suppress(WorkplaceError, UntrustedError):
            held, here = int(self.settings.get(GENERATION, "0")), self.session.generation
            self.older_vault = here < held
            if here > held:
                self.settings.set(GENERATION, str(here))

    def close(self) -> None:
        """Sync the anchor, note the slot file, close the database, release the folder."""
        self.pages.close()
        try:
            self.computer.sync()
            self.hold_generation()
        finally:
            self.database.close()
            self.lock.release()


@contextlib.contextmanager
def closing(workplace: Workplace) -> Iterator[Workplace]:
    """Close a workplace at the end of a block."""
    try:
        yield workplace
    finally:
        workplace.close()


def computer_folder(folder: Path) -> Path:
    """Give the place of ``this-computer`` beside a data folder, never inside it."""
    return folder.parent / f"{folder.name}.this-computer"


def officers_of(district: District | None) -> tuple[bytes, ...]:
    """Give the officers' keys that a signed ``district.json`` names."""
    return () if district is None else tuple(one.public for one in district.officers)


def make_journal(
    database: Database,
    district: District | None,
    workplace: Callable[[], Workplace | None],
) -> Journal:
    """Open the journal; officers and listeners are asked of the workplace once it stands."""

    def officers() -> tuple[bytes, ...]:
        open_one = workplace()
        return officers_of(district) if open_one is None else open_one.officers()

    def committed(commit: Committed) -> None:
        open_one = workplace()
        if open_one is not None:
            open_one.committed(commit)

    def sign_head(row: FeedRow) -> bytes:
        open_one = workplace()
        if open_one is None:
            raise WorkplaceError("workplace.no_feed", scope=row.facts.scope)
        said = statement(row.facts.feed, row.facts.scope, row.sequence, row.hash)
        line = line_of(row.identity)
        return sshsig.sign(open_one.computer.key, sshsig.FEED, said, certificate=line).encode()

    return Journal(database, RECORD_TYPES, act_holds, officers, committed, sign_head)
