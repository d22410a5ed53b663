"""The exchange desk 交换: what the exchange page shows and does, for a school and for the district.

Everything here is a value made of notes and records; what was written to a stick is never called
received, and what was received is never called decided (``standing``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.documents.hand_over import BundleLine, HandOverView
from desktop_app.domain.errors import RuleError
from desktop_app.durable.files import disk_errors
from desktop_app.security.paper import fingerprint
from desktop_app.services.calendar import local_time
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange, queries
from desktop_app.storage.exchange import Carried, Received
from desktop_app.storage.oplog import FeedRow, load_feeds
from desktop_app.sync.answers import answer
from desktop_app.sync.asked import Asked, asked_for
from desktop_app.sync.handed import HandedOver, recall, remember
from desktop_app.sync.inbox import TAKEN_IN, TakenIn, take_in
from desktop_app.sync.intake import IntakeDetail, intake_details
from desktop_app.sync.joining import has_joined
from desktop_app.sync.manifest import ANSWER
from desktop_app.sync.naming import read_name
from desktop_app.sync.outbox import Exported, export
from desktop_app.sync.relay import RELAYED
from desktop_app.sync.standing import Counts, count_records, feed_standings

CARRIED, RECEIVED, AGAIN, BEHIND = "carried", "received", "again", "behind"


@dataclass(frozen=True, slots=True)
class BundleNote:
    """One bundle that went out or came in.

    ``partner`` is ``district``, ``siblings``, a school's code, or empty where nobody can be named.
    ``state`` of what went out is ``carried``; ``received`` once the district has acknowledged all
    of it; ``again`` where an answer came since that does not, and nothing was handed over after
    it; ``behind`` where a later bundle has taken it along. Of what came in it is the outcome.
    """

    number: int
    at: int
    outgoing: bool
    partner: str
    operations: int
    fresh: int
    state: str
    gaps: int
    name: str


@dataclass(frozen=True, slots=True)
class Board:
    """How far a school's records have come, and its bundles, the latest first."""

    counts: Counts
    bundles: tuple[BundleNote, ...]
    missing: str
    forks: str
    joined: bool
    handed: tuple[HandedOver, ...] = ()
    """What was handed over last from this computer, for its list."""
    asked: tuple[Asked, ...] = ()
    """What the district asked for by name."""

    @property
    def last_out(self) -> BundleNote | None:
        """Give the bundle that was handed over last."""
        return next((one for one in self.bundles if one.outgoing), None)

    @property
    def last_answer(self) -> BundleNote | None:
        """Give the district's answer that came last."""
        return next(
            (one for one in self.bundles if not one.outgoing and one.partner == "district"), None
        )


@dataclass(frozen=True, slots=True)
class IntakeLine:
    """What the district holds of one school; ``state`` is none, whole, gaps, waiting or forked."""

    school: str
    registered: int
    decided: int
    last_number: int
    last_at: int
    refused: int
    state: str


class ExchangeDesk:
    """The use cases of the exchange page."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    @property
    def is_district(self) -> bool:
        """Tell whether this is the district's seat."""
        return self._workplace.seat.kind == "district"

    # --- what is shown ------------------------------------------------------------------------

    def board(self) -> Board:
        """Say how far a school's records have come."""
        workplace = self._workplace
        counts = count_records(workplace)
        feeds = feed_standings(workplace)
        received = {one.feed: one.received for one in feeds}
        return Board(
            counts=counts,
            bundles=self._bundles(received),
            missing=" ".join(one.missing for one in feeds if one.missing),
            forks=" ".join(one.forks for one in feeds if one.forks),
            joined=workplace.district is not None and has_joined(workplace),
            handed=recall(workplace),
            asked=asked_for(workplace),
        )

    def _bundles(self, received: Mapping[str, int]) -> tuple[BundleNote, ...]:
        with self._workplace.database.read() as connection:
            feeds = load_feeds(connection)
            out = exchange.carried_bundles(connection)
            come = exchange.received_bundles(connection)
        answered_at = max((one.received_at for one in come if _is_answer(one, feeds)), default=0)
        sent_at = max((one.carried_at for one in out if one.purpose != ANSWER), default=0)
        notes = [_went_out(one, received, answered_at, sent_at) for one in out]
        own = {one.name for one in out}  # still on the stick when others' are taken in
        notes += [
            _came_in(one, feeds)
            for one in come
            if one.outcome != TAKEN_IN or one.fresh or one.name not in own
        ]
        return tuple(sorted(notes, key=lambda one: (-one.at, -one.number)))

    def intake(self) -> tuple[IntakeLine, ...]:
        """Say of every school what the district holds; schools that need a look come first."""
        with self._workplace.database.read() as connection:
            feeds = load_feeds(connection)
            come = exchange.received_bundles(connection)
            overview = queries.feeds_overview(connection)
            forked = {
                feeds[name].facts.scope for name in exchange.forks(connection) if name in feeds
            }
        registered: Counter[str] = Counter()
        decided: Counter[str] = Counter()
        for line in overview:
            registered[line.scope] += line.registered
            decided[line.scope] += line.decided
        by_school: dict[str, list[Received]] = {code: [] for code in self._schools()}
        for one in come:
            by_school.setdefault(_school_of(one, feeds), []).append(one)
        lines = [
            _intake_line(code, bundles, registered[code], decided[code], forked=code in forked)
            for code, bundles in by_school.items()
            if code
        ]
        return tuple(sorted(lines, key=lambda one: (_ORDER.index(one.state), one.school)))

    def details(self, school: str) -> tuple[IntakeDetail, ...]:
        """Say of one school what came, is missing, refused or waits, the gravest first."""
        return intake_details(self._workplace, school)

    def _schools(self) -> Sequence[str]:
        district = self._workplace.district
        return () if district is None else [one.code for one in district.schools]

    # --- what is done -------------------------------------------------------------------------

    def hand_over(self, target: Path, progress: Progress) -> Exported:
        """Pack this school's bundle into a folder.

        Raises:
            ProductError: as ``outbox.export``.
        """
        with disk_errors():
            target.stat()
        return export(self._workplace, target, progress)

    def take_in(self, source: Path, progress: Progress) -> list[TakenIn]:
        """Take in a bundle, or every bundle of a folder.

        Raises:
            RuleError: ``bundle.none_here``.
            CancelledError: the person stopped it; what was taken in before stays.
        """
        with disk_errors():
            source.stat()
        taken = take_in(self._workplace, [source], progress)
        if not taken:
            raise RuleError("bundle.none_here")
        return taken

    def answer_all(self, target: Path, progress: Progress) -> list[Exported]:
        """Pack the district's answer for every school it holds anything of.

        Raises:
            RuleError: ``bundle.nobody_to_answer``.
            ProductError: as ``answers.answer``.
        """
        with self._workplace.database.read() as connection:
            feeds = load_feeds(connection).values()
        schools = sorted({row.facts.scope for row in feeds if not row.facts.district})
        if not schools:
            raise RuleError("bundle.nobody_to_answer")
        made = []
        for place, school in enumerate(schools):
            progress.step(place, len(schools), ANSWER)
            made.append(answer(self._workplace, school, target, progress))
        remember(self._workplace, made)
        return made

    def paper(self, made: Sequence[HandedOver]) -> HandOverView:
        """Give the list that goes with a stick 移交清单."""
        workplace = self._workplace
        district = workplace.policy.district_label
        schools = workplace.policy.schools
        return HandOverView(
            sender=workplace.seat.name,
            receiver=district
            if not self.is_district
            else "、".join(sorted({_label(one.name, schools) for one in made})),
            made_at=f"{local_time():%Y-%m-%d %H:%M}",
            bundles=tuple(
                BundleLine(
                    file=one.name,
                    number=one.number,
                    size=one.size,
                    operations=one.operations,
                    applicants=one.registered,
                    scans=one.scans,
                    digest=one.digest,
                )
                for one in made
            ),
            signer=workplace.session.person_name,
            fingerprint=fingerprint(workplace.computer.key.public),
        )


_ORDER = ("forked", "gaps", "waiting", "whole", "none")


def _label(name: str, schools: Mapping[str, object]) -> str:
    code, _ = read_name(name)
    school = schools.get(code)
    return str(getattr(school, "label", code))


def _is_answer(one: Received, feeds: Mapping[str, FeedRow]) -> bool:
    sender = feeds.get(one.sender)
    return one.outcome == TAKEN_IN and sender is not None and sender.facts.district


def _went_out(
    one: Carried, received: Mapping[str, int], answered_at: int, sent_at: int
) -> BundleNote:
    answered = one.purpose == ANSWER
    whole = all(received.get(feed, to) >= to for feed, to in one.heads.items())
    return BundleNote(
        number=one.number,
        at=one.carried_at,
        outgoing=True,
        partner=read_name(one.name)[0] if answered else "district",
        operations=one.operations,
        fresh=one.registered,
        state=CARRIED if answered else RECEIVED if whole else _missed(one, answered_at, sent_at),
        gaps=0,
        name=one.name,
    )


def _missed(one: Carried, answered_at: int, sent_at: int) -> str:
    """Say of a bundle nobody has acknowledged whether it has to be carried again."""
    if one.carried_at >= answered_at:
        return CARRIED
    return BEHIND if sent_at >= answered_at else AGAIN


def _came_in(one: Received, feeds: Mapping[str, FeedRow]) -> BundleNote:
    sender = feeds.get(one.sender)
    partner = "" if sender is None else "district" if sender.facts.district else "siblings"
    if one.outcome == RELAYED:
        partner = read_name(one.name)[0]
    return BundleNote(
        number=read_name(one.name)[1],
        at=one.received_at,
        outgoing=False,
        partner=partner,
        operations=one.operations,
        fresh=one.fresh,
        state=one.outcome,
        gaps=len(one.gaps),
        name=one.name,
    )


def _school_of(one: Received, feeds: Mapping[str, FeedRow]) -> str:
    sender = feeds.get(one.sender)
    return read_name(one.name)[0] if sender is None else sender.facts.scope


def _intake_line(
    school: str, bundles: Sequence[Received], registered: int, decided: int, *, forked: bool
) -> IntakeLine:
    outcomes = {one.outcome for one in bundles}
    last = max(bundles, key=lambda one: one.received_at, default=None)
    state = "whole" if registered or "taken_in" in outcomes else "none"
    for outcome, found in (("waiting", "waiting"), ("pending", "gaps")):
        state = found if outcome in outcomes else state
    return IntakeLine(
        school=school,
        registered=registered,
        decided=decided,
        last_number=0 if last is None else read_name(last.name)[1],
        last_at=0 if last is None else last.received_at,
        refused=sum(one.outcome == "refused" for one in bundles),
        state="forked" if forked else state,
    )
