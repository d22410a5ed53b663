"""The district's answer: what it holds of every laptop's feed, and what it has decided.

An acknowledgement is an operation on the district's feed for that school, signed by the officer:
up to which sequence and hash it holds a feed, which ranges and pages are missing, where the feed
forks. Decisions are ordinary operations on the same feed, written where they are taken. The answer
carries that feed and the district's common one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import CancelledError, ProductError, RuleError, StaleError
from desktop_app.feeds.operation import GENESIS
from desktop_app.services.district_office import is_unpublished
from desktop_app.services.people import PeopleDesk
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange
from desktop_app.storage.oplog import FeedRow
from desktop_app.storage.work import Work
from desktop_app.sync import hello
from desktop_app.sync.branching import lacking
from desktop_app.sync.inbox import PENDING
from desktop_app.sync.manifest import ANSWER
from desktop_app.sync.outbox import Exported, hand_over, recipients_in
from desktop_app.sync.packing import Errand
from desktop_app.sync.reach import LONGEST_SCANS

_LONGEST_LIST = 2000
NOBODY = "bundle.nobody_there"


@dataclass(frozen=True, slots=True)
class Left:
    """A school that was given no answer, and why."""

    school: str
    error: ProductError

    @property
    def expected(self) -> bool:
        """Say whether nobody there could open an answer; anything else went wrong."""
        return self.error.code == NOBODY


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers that lie on the stick, and the schools that were left out."""

    made: tuple[Exported, ...]
    left: tuple[Left, ...] = ()


def answer_each(
    workplace: Workplace, schools: Sequence[str], target: Path, progress: Progress
) -> Answered:
    """Answer schools one after the other; what stops one of them stops no other.

    Raises:
        ProductError: not one of them was answered: why, as ``answer``.
        CancelledError: the person stopped it; what was written before stays.
    """
    made, left = list[Exported](), list[Left]()
    for place, school in enumerate(schools):
        progress.step(place, len(schools), ANSWER)
        try:
            made.append(answer(workplace, school, target, progress))
        except CancelledError:
            raise
        except ProductError as error:
            left.append(Left(school, error))
    if left and not made:
        raise min(left, key=lambda one: one.expected).error
    return Answered(tuple(made), tuple(left))


def answer(workplace: Workplace, school: str, target: Path, progress: Progress) -> Exported:
    """Acknowledge what is held of a school's feeds, and pack the district's answer to it.

    Raises:
        RuleError: ``bundle.not_district``, ``bundle.unknown_school``; ``bundle.unpublished``:
            no school would accept what this computer packs; ``decision.not_officer``:
            nobody would count what this person acknowledges; or ``bundle.nobody_there``:
            nobody of that school could open it: none has come yet, or all laptops are ended.
        WorkplaceError: no room, or the stick failed; then nothing counts as carried.
        CancelledError: the person stopped it.
    """
    district = workplace.district
    if workplace.seat.kind != "district" or district is None:
        raise RuleError("bundle.not_district")
    if district.school(school) is None:
        raise RuleError("bundle.unknown_school")
    if is_unpublished(workplace):
        raise RuleError("bundle.unpublished")
    if Role.OFFICER not in PeopleDesk(workplace).roles():
        raise RuleError("decision.not_officer")
    with workplace.database.read() as connection:
        recipients = recipients_in(connection, school)
    hello.meet(workplace, target)
    greeted = hello.siblings(workplace, school)
    recipients = recipients.union(*(one.recipients for one in greeted))
    if not recipients:
        raise RuleError(NOBODY, school=_named(workplace, school))
    workplace.ensure_feed(school)
    acknowledge(workplace, school)
    sealed_to = sorted({*recipients, *district.recipients, workplace.session.seal.recipient})
    errand = Errand(ANSWER, school, sealed_to, hello.reaches_of(greeted))
    return hand_over(workplace, errand, target, progress)


def _named(workplace: Workplace, school: str) -> str:
    known = workplace.policy.schools.get(school)
    return school if known is None else known.label


def acknowledge(workplace: Workplace, school: str) -> int:
    """Write what is held of each feed of a school, where that has changed; count the writes."""
    written = 0
    with workplace.journal.begin(workplace.actor(), school) as work:
        gaps = _gaps(work)
        forks = exchange.forks(work.connection)
        missing = _missing_scans(workplace, work, school)
        for feed, row in sorted(work.feeds.items()):
            if row.facts.scope == school and not row.facts.district:
                said = _said(row, gaps.get(feed, ""), missing.get(feed, ""), forks.get(feed, ()))
                written += _write(work, feed, said)
    return written


def _said(row: FeedRow, gaps: str, scans: str, forks: tuple[int, ...]) -> dict[str, Value]:
    """Say what is held of one feed."""
    return {
        "feed": row.facts.feed,
        "sequence": row.sequence,
        "hash": (row.hash or GENESIS).hex(),
        "missing": _cut(gaps, _LONGEST_LIST),
        "scans": _cut(scans, LONGEST_SCANS),
        "forks": _cut(" ".join(map(str, forks)), _LONGEST_LIST),
    }


def _cut(words: str, longest: int) -> str | None:
    """Leave off words that do not fit; the next answer names those still missing then."""
    kept = words if len(words) <= longest else words[:longest].rpartition(" ")[0]
    return kept or None


def _write(work: Work, feed: str, said: dict[str, Value]) -> int:
    """Write an acknowledgement unless it has been said before."""
    try:
        before = work.row("acknowledgement", feed)
    except StaleError:
        work.create("acknowledgement", said, record=feed, signed=True)
        return 1
    changed = {name: value for name, value in said.items() if before.values.get(name) != value}
    if changed:
        work.edit("acknowledgement", feed, changed, signed=True)
    return int(bool(changed))


def _gaps(work: Work) -> dict[str, str]:
    """Give the sequences missing before bundles that are kept, or of branches named, by feed."""
    found: dict[str, set[str]] = {}
    for one in exchange.received_bundles(work.connection):
        if one.outcome != PENDING:
            continue
        for feed, (_, last) in one.gaps.items():
            row = work.feeds.get(feed)
            held = 0 if row is None else row.sequence
            if last > held:
                found.setdefault(feed, set()).add(f"{held + 1}-{last}")
    for feed, last in lacking(work.connection, work.feeds).items():
        found.setdefault(feed, set()).add(f"{work.feeds[feed].sequence + 1}-{last}")
    return {feed: " ".join(sorted(missing)) for feed, missing in found.items()}


def _missing_scans(workplace: Workplace, work: Work, school: str) -> dict[str, str]:
    """Give the pages that records name and that have not come, by the feed that took them."""
    found: dict[str, list[str]] = {}
    for scan in exchange.scans_of(work.connection, school):
        if not workplace.scans.holds(scan.digest):
            found.setdefault(scan.feed, []).append(scan.digest)
    return {feed: " ".join(digests) for feed, digests in found.items()}
