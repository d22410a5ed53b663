"""Taking in: copy from the stick, prove, merge in one transaction, and say what came of it.

A bundle that is refused changes nothing. One that waits, for operations missing before it or for
somebody's identity, is kept in the inbox and tried again whenever another bundle came. Taking in
writes no operation of its own, and taking the same in again changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from desktop_app.domain.errors import CancelledError, ProductError, UntrustedError, WorkplaceError
from desktop_app.durable.files import disk_errors, remove_durably, remove_leftovers
from desktop_app.durable.stick import Written, copy_in
from desktop_app.durable.wallclock import wall_milliseconds
from desktop_app.services.progress import Progress
from desktop_app.services.scanner import look_at
from desktop_app.services.setup import renew_district
from desktop_app.services.trust_store import store_district
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.storage.exchange import Received
from desktop_app.storage.oplog import load_feeds
from desktop_app.storage.settings import write_setting
from desktop_app.storage.work import Work
from desktop_app.sync import hello, relay
from desktop_app.sync.admission import take_admission
from desktop_app.sync.branching import lacking, settle
from desktop_app.sync.bundle import SUFFIX, Extract
from desktop_app.sync.lateness import late_details, said_of
from desktop_app.sync.manifest import ANSWER
from desktop_app.sync.merging import Merge, Merged, StrippedError
from desktop_app.sync.programs import note_versions
from desktop_app.sync.reach import limited_feeds, off_the_limit
from desktop_app.sync.trust import Examined, Grounds, Verified, examine, replay, verify

INBOX = "inbox"
LARGEST_FILE = 8 * 1024**3
CHECKING, TAKING_IN = "bundle.checking", "bundle.taking_in"
TAKEN_IN, PENDING, WAITING = "taken_in", "pending", "waiting"
REFUSED, FAILED = "refused", "failed"
KEPT = frozenset({PENDING, WAITING})
MERGED_SETTING = "merged."
"""Setting by feed: when this computer last took in something of it (UTC milliseconds)."""
_NOTHING = Merged({}, {}, (), ())


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of one file.

    ``outcome`` is ``taken_in``, ``pending`` (operations are missing before it), ``waiting`` (for
    somebody's identity), ``relayed`` (another school's, kept to be carried on), ``refused`` or
    ``failed``; ``reason`` is then the code that says why. ``gaps`` name the missing sequences by
    feed, ``missing_scans`` the digests of pages that have not come yet; ``answer`` says that it is
    the district's. ``decided`` are forked
    feeds of which the branch stands now that an officer named, ``lacking`` those of which it has
    not come. ``late`` says of the ``revoked`` ones whose they are and about how many children they
    wrote after their end.
    """

    name: str
    outcome: str
    error: ProductError | None = None
    sender: str = ""
    scope: str = ""
    operations: int = 0
    fresh: int = 0
    feeds: tuple[str, ...] = ()
    gaps: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    forks: tuple[str, ...] = ()
    decided: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    revoked: tuple[str, ...] = ()
    missing_scans: tuple[str, ...] = ()
    answer: bool = False
    late: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """Give the code of what went wrong, empty where nothing did."""
        return "" if self.error is None else self.error.code

    @property
    def finding(self) -> str:
        """Give the code of what is to be said of laptops in it, the gravest first."""
        found = (
            (self.lacking, "taken.lacking"),
            (self.decided, "taken.decided"),
            (self.revoked, "taken.revoked"),
            (self.forks, "taken.forked"),
        )
        return next((code for feeds, code in found if feeds), "")

    @property
    def told(self) -> ProductError | None:
        """Give what is to be said of laptops in it with its details, None where nothing is."""
        return said_of(self.finding, self.late) if self.finding else None


def take_in(workplace: Workplace, paths: Iterable[Path], progress: Progress) -> list[TakenIn]:
    """Take bundles in: files, or every bundle in a folder; then try again what was kept.

    One bad file stops none of the others.

    Raises:
        CancelledError: the person stopped it; what was taken in before stays.
    """
    inbox = workplace.folder / INBOX
    if inbox.is_dir():
        remove_leftovers(inbox)
    named = list(paths)
    results = [_take_file(workplace, path, progress) for path in _files(named)]
    results += _try_kept(workplace, progress, before=results)
    take_admission(workplace)
    for folder in filter(Path.is_dir, named):
        greet(workplace, folder)
    return results


def greet(workplace: Workplace, folder: Path) -> None:
    """Read the hellos on a stick, and leave a school laptop's own beside them.

    Raises:
        WorkplaceError: the disk refused.
    """
    hello.meet(workplace, folder)
    if workplace.seat.kind != "district":
        hello.leave(workplace, folder, workplace.seat.scope)


def _files(paths: Iterable[Path]) -> Sequence[Path]:
    """Name the files meant: of a folder, its bundles in the order of their names, suffix apart.

    Some sticks write names in capitals. Whatever else lies there is not looked at.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            with disk_errors():
                here = [one for one in path.iterdir() if one.name.lower().endswith(SUFFIX)]
            found += sorted(here, key=lambda one: one.name.lower().removesuffix(SUFFIX))
        else:
            found.append(path)
    return found


def _take_file(workplace: Workplace, path: Path, progress: Progress) -> TakenIn:
    try:
        progress.step(0, 0, CHECKING)
        copied = copy_in(path, workplace.folder / INBOX, SUFFIX, LARGEST_FILE)
    except UntrustedError as error:
        return TakenIn(path.name, REFUSED, error=error)
    except WorkplaceError as error:
        return TakenIn(path.name, FAILED, error=error)
    try:
        unsound = _scanned(workplace, copied, path.name)
        return unsound or _take_copy(workplace, copied, path.name, progress)
    except CancelledError:
        remove_durably(copied.path)
        raise


def _scanned(workplace: Workplace, copied: Written, name: str) -> TakenIn | None:
    """Have this computer's scanner look at a copy before anything of it is read."""
    try:
        look_at(workplace, copied.path)
    except UntrustedError as error:
        taken = TakenIn(name, REFUSED, error=error)
        _note(workplace, copied.digest, taken)
    except WorkplaceError as error:
        taken = TakenIn(name, FAILED, error=error)
    else:
        return None
    remove_durably(copied.path)
    return taken


def _take_copy(workplace: Workplace, copied: Written, name: str, progress: Progress) -> TakenIn:
    """Prove and merge a copy; it stays in the inbox only while it waits for something."""
    try:
        taken = _prove_and_merge(workplace, copied, name, progress)
    except UntrustedError as error:
        taken = _carried_on(workplace, copied.path, name, error)
        _note(workplace, copied.digest, taken)
    except WorkplaceError as error:
        taken = TakenIn(name, FAILED, error=error)
    if taken.outcome not in KEPT:
        remove_durably(copied.path)
    return taken


def _carried_on(workplace: Workplace, copied: Path, name: str, error: UntrustedError) -> TakenIn:
    """Keep another school's bundle to be carried on, where it can be; else it is refused."""
    refused = TakenIn(name, REFUSED, error=error)
    if error.code != "bundle.other_school":
        return refused
    try:
        kept = relay.keep(workplace, copied, name)
    except UntrustedError:
        return refused
    except WorkplaceError as full:
        return TakenIn(name, FAILED, error=full)
    if kept is None:
        return refused
    return TakenIn(name, relay.RELAYED, sender=kept.carrier, scope=kept.scope)


def _try_kept(workplace: Workplace, progress: Progress, before: Sequence[TakenIn]) -> list[TakenIn]:
    """Try what was kept again, as long as something new came of it."""
    results: list[TakenIn] = []
    inbox = workplace.folder / INBOX
    growing = not before or any(one.outcome == TAKEN_IN or one.fresh for one in before)
    while growing and inbox.is_dir():
        growing = False
        names = _kept_names(workplace)
        for path in sorted(inbox.glob(f"*{SUFFIX}")):
            copied = Written(path, path.stem, 0, 0)
            taken = _take_copy(workplace, copied, names.get(path.stem, path.name), progress)
            if taken.outcome not in KEPT or taken.fresh:
                results.append(taken)
                growing = True
    return results


def _kept_names(workplace: Workplace) -> dict[str, str]:
    with workplace.database.read() as connection:
        return {one.digest: one.name for one in exchange.received_bundles(connection)}


def grounds_of(workplace: Workplace) -> Grounds:
    """Say what this workplace trusts to begin with."""
    with workplace.database.read() as connection:
        feeds = load_feeds(connection)
    return Grounds(
        scope=None if workplace.seat.kind == "district" else workplace.seat.scope,
        district=workplace.district,
        proven={
            name: row.facts
            for name, row in feeds.items()
            if row.own or row.facts.district or row.identity is not None
        },
    )


def _prove_and_merge(
    workplace: Workplace, copied: Written, name: str, progress: Progress
) -> TakenIn:
    grounds = grounds_of(workplace)
    with disk_errors(), copied.path.open("rb") as file:
        examined = examine(file, grounds, lambda _: progress.step(0, 0, CHECKING))
        if examined.carrier is None:
            taken = _outcome(examined, name, _NOTHING)
            _note(workplace, copied.digest, taken)
            return taken
        taken = _merge(workplace, file, examined, grounds, copied.digest, name, progress)
        missing = _store_scans(workplace, file, examined)
    if examined.newer is not None:
        newer = examined.newer
        store_district(workplace.database, newer.data, newer.signature.encode())
        renew_district(workplace)
    late = late_details(workplace, taken.revoked) if taken.revoked else {}
    return replace(taken, missing_scans=missing, late=late)


def _merge(
    workplace: Workplace,
    file: BinaryIO,
    examined: Examined,
    grounds: Grounds,
    digest: str,
    name: str,
    progress: Progress,
) -> TakenIn:
    """Verify all of it, then merge it in one transaction."""
    total = examined.manifest.payload.operations
    keys = [workplace.session.seal]
    with workplace.database.read() as connection:
        held = {feed: row.sequence for feed, row in load_feeds(connection).items()}

    def checking(done: int) -> None:
        progress.step(done, total, CHECKING)

    def taking_in(done: int) -> None:
        progress.step(done, total, TAKING_IN)

    verified = verify(file, examined, keys, grounds, held, checking)

    def merge_but(wait: Collection[str]) -> TakenIn:
        with workplace.journal.begin() as work:
            merge = Merge(work, verified, held, wait)
            if not merge.brings_nothing:
                replay(file, verified, keys, merge.take, taking_in)
            return _merged(work, merge.finish(), verified, digest, name)

    wait: frozenset[str] = frozenset()
    while True:
        try:
            return merge_but(wait)
        except StrippedError as error:
            wait |= error.feeds


def _merged(work: Work, merged: Merged, verified: Verified, digest: str, name: str) -> TakenIn:
    """Settle forks that were decided, and note within the transaction what came of a bundle."""
    decided = settle(work)
    without = lacking(work.connection, work.feeds).keys()
    fresh = {feed: count for feed, count in merged.fresh.items() if feed not in without}
    merged = replace(merged, fresh=fresh)
    taken = _outcome(verified.examined, name, merged, verified)
    parted = off_the_limit(work.connection, work.feeds) & verified.spans.keys()
    taken = replace(
        taken,
        forks=tuple(sorted({*taken.forks, *parted} - decided - without)),
        revoked=_revoked(work, verified, merged),
        decided=tuple(sorted(decided - without)),
        lacking=tuple(sorted(without & (verified.spans.keys() | decided))),
    )
    exchange.note_received(work.connection, _received(digest, taken))
    _note_merged(work, merged)
    note_versions(work.connection, verified.examined.manifest)
    return taken


def _note_merged(work: Work, merged: Merged) -> None:
    """Note for the board of the laptops when something of each feed came last."""
    now = str(wall_milliseconds())
    for feed in merged.fresh:
        write_setting(work.connection, MERGED_SETTING + feed, now)


def _revoked(work: Work, verified: Verified, merged: Merged) -> tuple[str, ...]:
    """Name the feeds of a bundle that reach beyond the district's limit for them.

    Laptops of a school carry such a feed on for ever: it is named where its own laptop packed the
    bundle, and where something of it is new here.
    """
    limits = limited_feeds(work.connection, work.feeds)
    named = {verified.examined.manifest.carrier.feed, *merged.fresh}
    reached = {feed: span.head.to for feed, span in verified.spans.items() if feed in named}
    return tuple(sorted(feed for feed, limit in limits.items() if reached.get(feed, 0) > limit))


def _outcome(
    examined: Examined, name: str, merged: Merged, verified: Verified | None = None
) -> TakenIn:
    """Say what came of a bundle that was proved, or whose carrier waits."""
    waiting = verified is None or bool(merged.waiting)
    outcome = WAITING if waiting else PENDING if merged.gaps else TAKEN_IN
    return TakenIn(
        name=name,
        outcome=outcome,
        sender=examined.manifest.carrier.feed,
        scope=examined.manifest.scope,
        operations=examined.manifest.payload.operations,
        fresh=sum(merged.fresh.values()),
        feeds=() if verified is None else tuple(verified.spans),
        gaps=merged.gaps,
        forks=merged.forks,
        waiting=merged.waiting,
        answer=examined.manifest.purpose == ANSWER,
    )


def _received(digest: str, taken: TakenIn) -> Received:
    return Received(
        digest=digest,
        name=taken.name,
        sender=taken.sender,
        operations=taken.operations,
        fresh=taken.fresh,
        outcome=taken.outcome,
        received_at=wall_milliseconds(),
        gaps=taken.gaps,
        reason=taken.reason,
    )


def _note(workplace: Workplace, digest: str, taken: TakenIn) -> None:
    with workplace.database.write() as connection:
        exchange.note_received(connection, _received(digest, taken))


def _store_scans(workplace: Workplace, file: BinaryIO, examined: Examined) -> tuple[str, ...]:
    """Store the pages that records name, and name those that have not come yet."""
    with workplace.database.read() as connection:
        places = exchange.scans_of(connection, examined.manifest.scope)
    wanted = sorted({scan.digest for scan in places})
    for digest in workplace.scans.missing(wanted):
        section = examined.outer.scans.get(digest)
        if section is not None:
            workplace.scans.store(Extract(file, section).read())
    return tuple(workplace.scans.missing(wanted))
