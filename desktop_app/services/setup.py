"""Set up a data folder, and open one: the parts in the order that is safe.

Opening goes folder, lock, seat, vault, database, this computer. Where the database is behind its
anchor, or the anchor is missing or was copied, this computer becomes a *successor* with a new key
and a new feed: the old feed is never continued (design §5, This computer).
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from desktop_app.domain.acts import Role
from desktop_app.domain.errors import RuleError, UntrustedError, WorkplaceError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.durable.files import make_private_folder
from desktop_app.durable.folder import Ballast, FolderLock
from desktop_app.feeds.authority import FeedFacts
from desktop_app.feeds.identity import feed_id
from desktop_app.policy.package import Policy
from desktop_app.security.computer import Standing, ThisComputer
from desktop_app.security.district import District
from desktop_app.security.passwords import Password
from desktop_app.security.session import Session
from desktop_app.security.vault import Vault
from desktop_app.services.numbering import grant_own_block
from desktop_app.services.people import grant
from desktop_app.services.policies import settle_policy
from desktop_app.services.rotation import finish_rotation
from desktop_app.services.seat import Seat, check_seat, hold_seat, pin_seat, read_seat, write_seat
from desktop_app.services.trust_store import load_district
from desktop_app.services.workplace import (
    DATABASE_NAME,
    Workplace,
    computer_folder,
    make_journal,
)
from desktop_app.storage import oplog
from desktop_app.storage.database import Database
from desktop_app.storage.numbers import close_blocks
from desktop_app.storage.rows import read_row
from desktop_app.storage.scans import ScanStore
from desktop_app.storage.settings import Settings

SCANS_NAME = "scans"
FIRST_ROLES = (Role.PRINCIPAL, Role.REGISTRAR, Role.REVIEWER, Role.LEDGER_OFFICER)
_SUCCEEDED = {
    "computer.copied": Standing.COPIED,
    "computer.damaged": Standing.MISSING,
    "computer.missing": Standing.MISSING,
}
"""What makes this computer a successor: its own folder is another's, or not there."""


@dataclass(frozen=True, slots=True)
class NewFolder:
    """What a set-up is asked for."""

    folder: Path
    kind: str
    code: str
    name: str
    person: str


def create_workplace(new: NewFolder, password: Password, policy: Policy) -> tuple[Workplace, str]:
    """Set up a data folder; give the open workplace and the recovery code, shown once.

    Raises:
        RuleError: the seat or password will not do, or there is data already.
        WorkplaceError: the folder cannot be used.
    """
    check_seat(new.kind, new.code)
    make_private_folder(new.folder)
    if Vault.exists(new.folder) or (new.folder / DATABASE_NAME).exists():
        raise RuleError("workplace.exists")
    with contextlib.ExitStack() as undone:
        lock = FolderLock(new.folder)
        undone.callback(lock.release)
        seat = Seat(new.kind, new.code, new.name)
        session, code = Vault.create(new.folder, new.person, password)
        undone.callback(session.close)
        computer = ThisComputer.create(computer_folder(new.folder), session)
        write_seat(new.folder, seat)
        workplace = _assemble(new.folder, seat, session, computer, policy, lock)
        undone.callback(workplace.database.close)
        pin_seat(workplace.database, seat)
        _begin_feed(workplace)
        _introduce_first_person(workplace)
        undone.pop_all()
    return workplace, code


def open_workplace(folder: Path, person: str, password: Password, policy: Policy) -> Workplace:
    """Open a data folder as a person.

    Raises:
        RuleError: wrong password, or locked out for a while.
        UntrustedError: vault or database is damaged or newer than this program.
        WorkplaceError: no folder, no vault, or somebody else has it open.
    """
    if not folder.is_dir():
        raise WorkplaceError("workplace.missing")
    seat = read_seat(folder)
    lock = FolderLock(folder)
    try:
        session = Vault.open(folder).unlock(person, password)
        return open_with_session(folder, seat, session, policy, lock)
    except BaseException:
        lock.release()
        raise


def open_with_session(
    folder: Path, seat: Seat, session: Session, policy: Policy, lock: FolderLock
) -> Workplace:
    """Open a data folder whose vault is already open, and settle what this computer is.

    Where that fails the session is closed: nobody is left to wipe its keys.
    """
    try:
        return _open(folder, seat, session, policy, lock)
    except BaseException:
        session.close()
        raise


def _open(
    folder: Path, seat: Seat, session: Session, policy: Policy, lock: FolderLock
) -> Workplace:
    if not (folder / DATABASE_NAME).exists():
        raise WorkplaceError("workplace.missing")
    place = computer_folder(folder)
    found, computer = _find_computer(place, session)
    workplace = _assemble(folder, seat, session, computer, policy, lock)
    try:
        _settle(workplace, found)
        finish_rotation(session, workplace.database, workplace.computer)
        workplace.hold_generation()
        # A disk too full to set the reserve aside is told of by the check of the folder.
        with contextlib.suppress(WorkplaceError):
            Ballast(folder).hold()
    except BaseException:
        workplace.database.close()
        raise
    return workplace


def _find_computer(place: Path, session: Session) -> tuple[Standing, ThisComputer]:
    """Open this computer's own folder; where it is missing or copied, make a successor's."""
    try:
        return Standing.SAME, ThisComputer.open(place, session)
    except (UntrustedError, WorkplaceError) as error:
        found = _SUCCEEDED.get(error.code)
        if found is None:
            raise
    return found, ThisComputer.create(place, session, successor=True)


def _assemble(
    folder: Path,
    seat: Seat,
    session: Session,
    computer: ThisComputer,
    policy: Policy,
    lock: FolderLock,
) -> Workplace:
    holder: list[Workplace] = []
    database = _open_database(folder / DATABASE_NAME, session)
    try:
        hold_seat(database, seat)
        district = load_district(database)
        journal = make_journal(database, district, lambda: holder[0] if holder else None)
        workplace = Workplace(
            folder=folder,
            seat=seat,
            session=session,
            computer=computer,
            database=database,
            journal=journal,
            policy=policy,
            scans=ScanStore(folder / SCANS_NAME),
            settings=Settings(database),
            lock=lock,
            shipped=policy,
            district=district,
        )
        settle_policy(workplace)
    except BaseException:
        database.close()
        raise
    holder.append(workplace)
    return workplace


def _open_database(path: Path, session: Session) -> Database:
    """Open the database; a power cut in mid-rotation leaves it under either of the two keys."""
    try:
        return Database(path, session.database_key, reserve=Ballast(path.parent))
    except UntrustedError:
        if not session.rotation_pending:
            raise
    return Database(path, session.next_database_key_kept(), reserve=Ballast(path.parent))


def _begin_feed(workplace: Workplace) -> None:
    """Begin this computer's feed and give up any other, in one transaction.

    Until a ticket proves the feed, the first person leads in it.
    """
    public = workplace.computer.key.public
    scope = workplace.seat.scope
    lead = workplace.session.sign
    facts = FeedFacts(
        feed=feed_id(public, scope),
        scope=scope,
        district=workplace.seat.kind == "district",
        lead=lead.key_id,
        lead_public=lead.public,
    )
    with workplace.journal.begin() as work:
        oplog.disown(work.connection)
        work.add_feed(facts, public, None, own=True)
        if workplace.seat.kind != "district":
            mark = grant_own_block(workplace, work.connection, facts.feed)
            close_blocks(work.connection, mark)


def _introduce_first_person(workplace: Workplace) -> None:
    """Write the grant of whoever set the folder up, signed by themselves as the feed's lead."""
    district = workplace.seat.kind == "district"
    roles = (Role.OFFICER,) if district else FIRST_ROLES
    keys = next(one for one in workplace.session.people() if one.person_id == workplace.person)
    grant(workplace, workplace.actor(), keys, roles)


def _settle(workplace: Workplace, found: Standing) -> None:
    """Compare own feeds with the anchor, and begin a successor's feed where they part.

    The successor's key is made before its feed. A power cut between the two leaves own feeds of
    another key, or none: then the feed is begun now, since a feed commits to its key.
    """
    if found is Standing.SAME:
        found = _compare(workplace)
        if found is not Standing.SAME:
            workplace.computer = ThisComputer.create(
                computer_folder(workplace.folder), workplace.session, successor=True
            )
    with workplace.database.read() as connection:
        owners = {row.public for row in oplog.load_feeds(connection).values() if row.own}
    if owners != {workplace.computer.key.public}:
        if owners:
            workplace.succeeded = Standing.MISSING if found is Standing.SAME else found
        _begin_feed(workplace)
    _introduce_later(workplace)


def begin_anew(workplace: Workplace) -> None:
    """Write under a new key and a new feed from now on: the old one counts no further.

    Raises:
        WorkplaceError: the disk refused; what was half begun is finished at the next opening.
    """
    folder = computer_folder(workplace.folder)
    workplace.computer = ThisComputer.create(folder, workplace.session, successor=True)
    _begin_feed(workplace)


def _introduce_later(workplace: Workplace) -> None:
    """Have a successor's first person introduced when they first write, unless they are known.

    Not before: a restored folder that nobody has written in has the digest it was saved with.
    """
    own = workplace.own_feed()
    if own.sequence or own.facts.lead != workplace.person:
        return
    with workplace.database.read() as connection:
        known = read_row(connection, RECORD_TYPES["person"], workplace.seat.scope, workplace.person)
    if known is None:
        workplace.introduce = lambda: _introduce_first_person(workplace)


def _compare(workplace: Workplace) -> Standing:
    """Say whether the database is behind its anchor, or beside it."""
    anchor = workplace.computer.anchor()
    if workplace.computer.anchor_lost:
        return Standing.MISSING
    with workplace.database.read() as connection:
        feeds = oplog.load_feeds(connection)
        for feed, (sequence, head) in anchor.items():
            row = feeds.get(feed)
            if row is None or row.sequence < sequence:
                return Standing.RESTORED
            held = oplog.hash_at(connection, row.number, sequence)
            if held is None or held.hex() != head:
                return Standing.FORKED
    return Standing.SAME


def renew_district(workplace: Workplace) -> District | None:
    """Load the district document again after a newer one came, and judge again with it."""
    workplace.district = load_district(workplace.database)
    with workplace.journal.begin() as work:
        for scope in sorted({row.facts.scope for row in work.feeds.values()}):
            work.judge_again(scope)
    return workplace.district
