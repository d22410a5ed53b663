"""Handing over: pack what others may lack, write it to a stick, read it back, note it as carried.

The export is an act: its operation, signed by the person, is written first and is part of the
bundle. A bundle holds, per feed, everything since the lowest place all recipients are known to
hold, so a lost stick heals itself with the next one. Nothing counts as carried before the stick
has given back every byte.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.domain.declare import Value
from desktop_app.domain.errors import CancelledError, RuleError, WorkplaceError
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.durable.files import disk_errors
from desktop_app.durable.stick import remove_parts, scratch
from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.services.people import PeopleDesk
from desktop_app.services.policies import current_choice, note_refusals
from desktop_app.services.practice import refuse_practice
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.storage.database import Connection
from desktop_app.storage.exchange import Carried, ScanPlace, write_places
from desktop_app.storage.rows import read_rows
from desktop_app.sync import hello, relay
from desktop_app.sync.belonging import people_of_revoked
from desktop_app.sync.bundle import SUFFIX
from desktop_app.sync.handed import remember
from desktop_app.sync.manifest import SUBMISSION
from desktop_app.sync.packing import Errand, Packed, pack, pack_heads
from desktop_app.sync.pages import in_order, note_last
from desktop_app.sync.reach import feeds_between
from desktop_app.sync.writing import READING_BACK, Volume, Writer

__all__ = ["READING_BACK", "WORK", "Exported", "export", "hand_over", "recipients_in"]

WORK = "work"

_LONGEST_RECIPIENTS, _LONGEST_REACHES = 2000, 8000
_SHORT_RECIPIENT = slice(4, 16)


@dataclass(frozen=True, slots=True)
class Exported(Volume):
    """A bundle that lies on the stick and was read back; it is carried, not yet received.

    It is its first volume, which has all operations; ``volumes`` are the further ones, of pages.
    ``scans_left`` pages did not go along; ``trouble`` is the code of what stopped them.
    ``relayed`` bundles of other schools lie beside it.
    """

    scans_left: int
    volumes: tuple[Volume, ...] = ()
    trouble: str = ""
    relayed: int = 0


def export(workplace: Workplace, target: Path, progress: Progress) -> Exported:
    """Pack this school's bundle into a folder, mostly a stick's.

    Raises:
        RuleError: ``bundle.no_recipient``, ``bundle.not_granted``, ``practice.stays``.
        WorkplaceError: no room, or the stick failed; then nothing counts as carried.
        CancelledError: the person stopped it; then nothing counts as carried.
    """
    refuse_practice(workplace)
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
    return replace(made, relayed=_relayed(workplace, target, progress))


def _relayed(workplace: Workplace, target: Path, progress: Progress) -> int:
    """Put others' bundles on the stick too; who stops here has handed over all the same."""
    with contextlib.suppress(CancelledError):
        return relay.put_on(workplace, target, progress)
    return 0


def recipients_in(connection: Connection, scope: str) -> set[str]:
    """Give the age recipients of the persons granted in a school and not ended.

    Who came with a revoked laptop is left out, unless they were granted elsewhere too.
    """
    gone = people_of_revoked(connection, scope)
    rows = read_rows(connection, RECORD_TYPES["person"], scope, {})
    serving = (row for row in rows if row.values.get("ended") is not True)
    return {row.text("seal_key") for row in serving if row.record not in gone} - {""}


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
    note_refusals(workplace, current_choice(workplace).refused)
    number = _write_act(workplace, errand)
    workplace.computer.sync()
    writer = Writer(workplace, errand, number, target, progress)
    with scratch(workplace.folder / WORK) as sealed:
        packed = pack(workplace, errand, sealed, progress)
        pages = in_order(workplace, packed.pages, target, workplace.own_feed(errand.scope))
        share, left = writer.share(packed, pages)
        first, taken = writer.write(packed, sealed, share)
    with workplace.database.write() as connection:
        exchange.note_carried(connection, _carried(errand, packed, first))
        note_last(connection, packed.pages, taken)
    volumes, trouble = _write_further(writer, packed, left)
    remember(workplace, [first, *volumes])
    return _exported(first, volumes, trouble, len(pages))


def _carried(errand: Errand, packed: Packed, first: Volume) -> Carried:
    """Note the operations as carried; pages count when the district says it has them."""
    return Carried(
        number=first.number,
        purpose=errand.purpose,
        name=first.name,
        digest=first.digest,
        heads={part.row.facts.feed: part.row.signed_sequence for part in packed.parts},
        operations=first.operations,
        registered=first.registered,
        carried_at=wall_milliseconds(),
    )


def _write_further(
    writer: Writer, packed: Packed, left: Sequence[ScanPlace]
) -> tuple[list[Volume], str]:
    """Write the pages that did not fit beside the operations, as long as the stick takes them.

    A stick that fails now holds the operations all the same; the next hand-over brings the rest.
    """
    workplace, volumes = writer.workplace, list[Volume]()
    while left:
        try:
            with scratch(workplace.folder / WORK) as sealed:
                heads = pack_heads(workplace, writer.errand, packed, sealed, writer.progress)
                share, left = writer.share(heads, left)
                if not share:
                    return volumes, "stick.no_space"
                volume, taken = writer.write(heads, sealed, share, len(volumes) + 2)
            volumes.append(volume)
            with workplace.database.write() as connection:
                note_last(connection, packed.pages, taken)
        except (WorkplaceError, CancelledError) as error:
            return volumes, error.code
    return volumes, ""


def _exported(first: Volume, volumes: Sequence[Volume], trouble: str, pages: int) -> Exported:
    """Say what lies on the stick now."""
    last = volumes[-1] if volumes else first
    return Exported(
        name=first.name,
        path=first.path,
        number=first.number,
        operations=first.operations,
        registered=first.registered,
        digest=first.digest,
        size=first.size,
        feeds=first.feeds,
        scans=first.scans,
        scans_left=pages - first.scans - sum(volume.scans for volume in volumes),
        free=last.free,
        volumes=tuple(volumes),
        trouble=trouble,
    )


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
