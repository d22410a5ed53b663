"""The exchange desk 交换: what the exchange page shows and does, for a school and for the district.

Everything here is a value made of notes and records; what was written to a stick is never called
received, and what was received is never called decided (``standing``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.documents.hand_over import BundleLine, HandOverView
from desktop_app.domain.errors import RuleError
from desktop_app.durable.files import disk_errors
from desktop_app.security.paper import fingerprint
from desktop_app.services.calendar import local_time
from desktop_app.services.cross_school import CrossSchoolDesk
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage import exchange, queries
from desktop_app.storage.answering import answered_by_school
from desktop_app.storage.exchange import Received
from desktop_app.storage.oplog import load_feeds, schools_held
from desktop_app.sync.answers import Answered, answer_each
from desktop_app.sync.asked import Asked, asked_for
from desktop_app.sync.bundle_notes import BundleNote, bundle_notes
from desktop_app.sync.handed import HandedOver, recall, remember
from desktop_app.sync.inbox import REFUSED, TakenIn, take_in
from desktop_app.sync.intake import (
    UNNAMED,
    IntakeDetail,
    intake_details,
    school_of,
    schools_of,
)
from desktop_app.sync.joining import has_joined
from desktop_app.sync.naming import read_name
from desktop_app.sync.outbox import Exported, export
from desktop_app.sync.standing import Counts, count_records, feed_standings


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
    questions: int = 0
    """How many registrations the district has a question about."""

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
    """What the district holds of one school; ``state`` is none, whole, gaps, waiting or forked.

    ``bundles`` counts what came of it and was not refused: every laptop numbers its own. The
    state ``unnamed`` is of no school: files that were refused and nobody knows whose they are.
    """

    school: str
    registered: int
    decided: int
    bundles: int
    last_at: int
    refused: int
    state: str
    amended: int = 0
    """What the district asked about and the school has amended since: it waits for an answer."""


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
            bundles=bundle_notes(workplace, received),
            missing=" ".join(one.missing for one in feeds if one.missing),
            forks=" ".join(one.forks for one in feeds if one.forks),
            joined=workplace.district is not None and has_joined(workplace),
            handed=recall(workplace),
            asked=asked_for(workplace),
            questions=self._questions(),
        )

    def _questions(self) -> int:
        """Count what the district asks the school about."""
        with self._workplace.database.read() as connection:
            return queries.counts(connection, self._workplace.seat.scope)["asked"]

    def intake(self) -> tuple[IntakeLine, ...]:
        """Say of every school what the district holds; schools that need a look come first.

        Files that were refused and are of no school stand below those that came, as ``UNNAMED``.
        """
        with self._workplace.database.read() as connection:
            feeds = load_feeds(connection)
            come = exchange.received_bundles(connection)
            overview = queries.feeds_overview(connection)
            amended = answered_by_school(connection)
            forked = {
                feeds[name].facts.scope for name in exchange.forks(connection) if name in feeds
            }
        registered: Counter[str] = Counter()
        decided: Counter[str] = Counter()
        for line in overview:
            registered[line.scope] += line.registered
            decided[line.scope] += line.decided
        schools = schools_of(self._workplace)
        by_school: dict[str, list[Received]] = {code: [] for code in schools}
        for one in come:
            by_school.setdefault(school_of(one, feeds, schools), []).append(one)
        lines = [
            replace(
                _intake_line(code, bundles, registered[code], decided[code], forked=code in forked),
                amended=amended.get(code, 0),
            )
            for code, bundles in by_school.items()
            if code
        ]
        return tuple(sorted(lines, key=lambda one: (_ORDER.index(one.state), one.school)))

    def details(self, school: str) -> tuple[IntakeDetail, ...]:
        """Say of one school what came, is missing, refused or waits, the gravest first."""
        return intake_details(self._workplace, school)

    # --- what is done -------------------------------------------------------------------------

    def take_in_and_compare(self, source: Path, progress: Progress) -> tuple[list[TakenIn], int]:
        """Take in at the district, and count the pairs of children at two schools that are new.

        Raises:
            ProductError: as ``take_in``.
        """
        desk = CrossSchoolDesk(self._workplace)
        before = desk.waiting()
        taken = self.take_in(source, progress)
        return taken, len(desk.waiting() - before)

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

    def answer_all(self, target: Path, progress: Progress) -> Answered:
        """Pack the district's answer for every school it holds anything of.

        Raises:
            RuleError: ``bundle.nobody_to_answer``.
            ProductError: as ``answers.answer_each``.
        """
        with self._workplace.database.read() as connection:
            schools = schools_held(connection)
        if not schools:
            raise RuleError("bundle.nobody_to_answer")
        answered = answer_each(self._workplace, schools, target, progress)
        remember(self._workplace, answered.made)
        return answered

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


_ORDER = ("forked", "gaps", "waiting", "whole", "unnamed", "none")


def _label(name: str, schools: Mapping[str, object]) -> str:
    code, _ = read_name(name)
    school = schools.get(code)
    return str(getattr(school, "label", code))


def _intake_line(
    school: str, bundles: Sequence[Received], registered: int, decided: int, *, forked: bool
) -> IntakeLine:
    outcomes = {one.outcome for one in bundles}
    last = max(bundles, key=lambda one: one.received_at, default=None)
    state = "whole" if registered or "taken_in" in outcomes else "none"
    for outcome, found in (("waiting", "waiting"), ("pending", "gaps")):
        state = found if outcome in outcomes else state
    state = "unnamed" if school == UNNAMED else state
    refused = sum(one.outcome == REFUSED for one in bundles)
    return IntakeLine(
        school=school,
        registered=registered,
        decided=decided,
        bundles=len(bundles) - refused,
        last_at=0 if last is None else last.received_at,
        refused=refused,
        state="forked" if forked else state,
    )
