"""Handing over: pack what others may lack, write it to a stick, read it back, note it as carried.

The export is an act: its operation, signed by the person, is written first and is part of the
bundle. A bundle holds, per feed, everything since the lowest place all recipients are known to
hold, so a lost stick heals itself with the next one. Nothing counts as carried before the stick
has given back every byte.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError, UntrustedError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.durable.files import disk_errors
from desktop_app.durable.stick import (
    Hashing,
    Written,
    remove_parts,
    require_space,
    scratch,
    write_verified,
)
from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.security import sshsig
from desktop_app.security.certificate import line_of
from desktop_app.services.people import PeopleDesk
from desktop_app.services.progress import Progress
from desktop_app.services.trust_store import held_district
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.storage.database import Connection
from desktop_app.storage.exchange import Carried, write_places
from desktop_app.storage.oplog import FeedRow
from desktop_app.storage.rows import read_rows
from desktop_app.sync import bundle, hello
from desktop_app.sync.bundle import SUFFIX, piece_of, whole_size, write_bundle
from desktop_app.sync.handed import remember
from desktop_app.sync.manifest import (
    FORMAT,
    SUBMISSION,
    SUITE,
    Carrier,
    DistrictPieces,
    Manifest,
    Piece,
)
from desktop_app.sync.packing import Errand, Packed, pack
from desktop_app.sync.reach import feeds_between

WORK = "work"
READING_BACK = "bundle.reading_back"

_LONGEST_RECIPIENTS, _LONGEST_REACHES = 2000, 8000
_SHORT_RECIPIENT = slice(4, 16)


@dataclass(frozen=True, slots=True)
class Exported:
    """A bundle that lies on the stick and was read back; it is carried, not yet received."""

    name: str
    path: Path
    number: int
    operations: int
    registered: int
    digest: str
    size: int
    feeds: int
    scans: int
    scans_left: int
    free: int


def export(workplace: Workplace, target: Path, progress: Progress) -> Exported:
    """Pack this school's bundle into a folder, mostly a stick's.

    Raises:
        RuleError: ``bundle.no_recipient``, ``bundle.not_granted``.
        WorkplaceError: no room, or the stick failed; then nothing counts as carried.
        CancelledError: the person stopped it; then nothing counts as carried.
    """
    scope = workplace.seat.scope
    here = {person.recipient for person in workplace.session.people()}
    district = () if workplace.district is None else workplace.district.recipients
    with workplace.database.read() as connection:
        recipients = {*district, *recipients_in(connection, scope)}
    hello.meet(workplace, target)
    greeted = hello.siblings(workplace, scope)
    recipients = recipients.union(*(one.recipients for one in greeted))
    if recipients <= here:
        raise RuleError("bundle.no_recipient")
    sealed_to = sorted(recipients | {workplace.session.seal.recipient})
    errand = Errand(SUBMISSION, scope, sealed_to, hello.reaches_of(greeted))
    made = hand_over(workplace, errand, target, progress)
    hello.leave(workplace, target, scope)
    return made


def recipients_in(connection: Connection, scope: str) -> set[str]:
    """Give the age recipients of the persons granted in a school and not ended."""
    rows = read_rows(connection, RECORD_TYPES["person"], scope, {})
    return {row.text("seal_key") for row in rows if row.values.get("ended") is not True} - {""}


def hand_over(workplace: Workplace, errand: Errand, target: Path, progress: Progress) -> Exported:
    """Write the act, pack, write to the stick, read back, and only then note it as carried.

    Raises:
        RuleError: ``bundle.not_granted``: nobody would count what this person signs.
        WorkplaceError: no room, or the stick failed.
        CancelledError: the person stopped it.
    """
    if not PeopleDesk(workplace).roles():
        raise RuleError("bundle.not_granted")
    with disk_errors():
        remove_parts(target, SUFFIX)
    number = _write_act(workplace, errand)
    workplace.computer.sync()
    with scratch(workplace.folder / WORK) as sealed:
        packed = pack(workplace, errand, sealed, progress)
        writing = _Writing(workplace, errand, number, sealed, target, progress)
        written, packed = writing.write(packed)
    carried = Carried(
        number=number,
        purpose=errand.purpose,
        name=written.path.name,
        digest=written.digest,
        heads={part.row.facts.feed: part.row.signed_sequence for part in packed.parts},
        operations=packed.facts.operations,
        registered=packed.registered,
        carried_at=wall_milliseconds(),
    )
    with workplace.database.write() as connection:
        exchange.note_carried(connection, carried)
    made = Exported(
        name=written.path.name,
        path=written.path,
        number=number,
        operations=packed.facts.operations,
        registered=packed.registered,
        digest=written.digest,
        size=written.size,
        feeds=packed.facts.feeds,
        scans=len(packed.scans),
        scans_left=packed.scans_left,
        free=written.free,
    )
    remember(workplace, [made])
    return made


def _write_act(workplace: Workplace, errand: Errand) -> int:
    """Write the export's operation, which is part of the bundle."""
    with workplace.journal.begin(workplace.actor(), errand.scope) as work:
        number = exchange.last_bundle_number(work.connection, errand.purpose) + 1
        between = feeds_between(work.feeds.values(), errand.scope)
        reaches = write_places({row.facts.feed: row.sequence for row in between})
        shown = " ".join(recipient[_SHORT_RECIPIENT] for recipient in errand.recipients)
        values: dict[str, Value] = {
            "number": number,
            "purpose": errand.purpose,
            "recipients": _cut(shown, _LONGEST_RECIPIENTS),
            "reaches": _cut(reaches, _LONGEST_REACHES),
        }
        work.create("bundle_export", values, signed=True)
    return number


def _cut(words: str, longest: int) -> str:
    """Leave off words that do not fit; what is left out counts as not held."""
    return words if len(words) <= longest else words[:longest].rpartition(" ")[0]


class _Pages:
    """Opens sealed pages, each checked against its digest, and knows which one it is at."""

    def __init__(self, workplace: Workplace) -> None:
        self._scans = workplace.scans
        self.opening = ""

    def open(self, digest: str) -> BinaryIO:
        """Open a page.

        Raises:
            UntrustedError: ``scan.altered``.
        """
        self.opening = digest
        return BytesIO(self._scans.read(digest))


@dataclass(frozen=True, slots=True)
class _Writing:
    """What is written, for whom and where to."""

    workplace: Workplace
    errand: Errand
    number: int
    sealed: BinaryIO
    target: Path
    progress: Progress

    def write(self, packed: Packed) -> tuple[Written, Packed]:
        """Write to the stick; a scan that has rotted here is left out, and the rest still goes."""
        while True:
            pages = _Pages(self.workplace)
            try:
                return self._once(packed, pages), packed
            except UntrustedError as error:
                if error.code != "scan.altered":
                    raise
                kept = [scan for scan in packed.scans if scan.digest != pages.opening]
                packed = replace(packed, scans=kept, scans_left=packed.scans_left + 1)

    def _once(self, packed: Packed, pages: _Pages) -> Written:
        own = self.workplace.own_feed(self.errand.scope)
        signed = held_district(self.workplace.database)
        document = None if signed is None else (signed.data, signed.signature.encode())
        manifest = _manifest(self.errand, self.number, own, packed, document)
        line = line_of(own.identity)

        def sign(data: bytes) -> bytes:
            key = self.workplace.computer.key
            return sshsig.sign(key, bundle.NAMESPACE, data, certificate=line).encode()

        def write(file: Hashing) -> None:
            self.sealed.seek(0)
            write_bundle(file, manifest, sign, self.sealed, document, pages.open)

        total = packed.facts.operations
        size = whole_size(manifest, bundle.LARGEST_SIGNATURE)
        require_space(self.target, size)
        return write_verified(
            self.target / f"{self.errand.scope}-{own.facts.feed[:8]}-{self.number}{SUFFIX}",
            write,
            lambda done: self.progress.step(total * done // size, total, READING_BACK),
        )


def _manifest(
    errand: Errand,
    number: int,
    own: FeedRow,
    packed: Packed,
    document: tuple[bytes, bytes] | None,
) -> Manifest:
    """Say of the bundle what is known of it now."""
    return Manifest(
        format=FORMAT,
        minimum_reader=FORMAT,
        suite=SUITE,
        purpose=errand.purpose,
        number=number,
        scope=errand.scope,
        carrier=Carrier(
            feed=own.facts.feed,
            scope=own.facts.scope,
            public=own.public.hex(),
            identity=(own.identity or b"").decode(),
        ),
        recipients=list(errand.recipients),
        payload=packed.facts,
        district=None if document is None else DistrictPieces(*map(piece_of, document)),
        scans=[Piece(scan.digest, scan.size) for scan in packed.scans],
    )
