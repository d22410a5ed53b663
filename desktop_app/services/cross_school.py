"""Children registered at two schools 跨校查重: side by side at the district, and decided (D2).

A decision is written for either school apart, in the district's feed for that school: that its
child is the one that stays, or is registered elsewhere too, with a coded reason. The other child
and the other school are never named to a school, whatever is decided. Nothing is decided by a
score: it puts the list in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from desktop_app.domain.acts import Role
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.crossing import DIFFERENT, OPEN, SAME, came_first, reasons_for
from desktop_app.domain.declare import Value
from desktop_app.domain.duplicates import Candidate, same_fields
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.domain.resemblance import Resemblance, is_worth_a_look, resemblance
from desktop_app.services.crossing_fields import Compared, came_at, compare
from desktop_app.services.people import PeopleDesk
from desktop_app.services.registration import candidate_of_file
from desktop_app.services.wording import code_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage.applicant_file import ApplicantFile, applicant_files
from desktop_app.storage.crossing import (
    Half,
    Pair,
    Place,
    crossing_matters,
    crossing_pairs,
)
from desktop_app.storage.database import Connection
from desktop_app.storage.likeness import duplicate_candidates
from desktop_app.storage.work import Work, new_record_id

__all__ = ["DIFFERENT", "OPEN", "SAME", "Compared", "CrossSchoolDesk", "Crossing"]

_DECISIONS = frozenset({SAME, DIFFERENT, OPEN})
_VOID = "duplicate_void"
_PUBLIC = frozenset({"published", "admitted"})
_WORDS = "跨校重复：{reason}"


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two registrations that may be one child, and what was decided.

    ``decision`` is empty until there is one that both halves agree on; ``keeps`` is then the place
    that stays. ``disputed`` says that two officers decided otherwise at the same time. ``earlier``
    is the side that registered first, None where the times that were written down do not tell.
    """

    pair: Pair
    names: tuple[str, str]
    schools: tuple[str, str]
    found: Resemblance
    fields: tuple[Compared, ...]
    earlier: int | None
    decision: str = ""
    keeps: Place | None = None
    reason: str = ""
    decided_at: int = 0
    disputed: bool = False
    matter: str = ""

    @property
    def key(self) -> str:
        """Give a name for the pair."""
        return " ".join(part for place in self.pair for part in place)

    @property
    def is_open(self) -> bool:
        """Say whether somebody still has to decide."""
        return self.decision in {"", OPEN}

    def reasons(self, decision: str, keeps: Place | None = None) -> list[str]:
        """Give the reasons that can be true of a decision about this pair."""
        side = None if keeps is None else self.pair.index(keeps)
        return reasons_for(decision, side, self.earlier)


class CrossSchoolDesk:
    """The use cases of the page 跨校查重."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open district workplace."""
        self._workplace = workplace

    def crossings(self) -> tuple[Crossing, ...]:
        """Give every two registrations worth a look: open ones first, the most alike on top."""
        with self._workplace.database.read() as connection:
            return self._read(connection)

    def waiting(self) -> frozenset[str]:
        """Name the pairs that somebody still has to decide about."""
        return frozenset(one.key for one in self.crossings() if one.is_open)

    def undecided(self, place: Place) -> tuple[Crossing, ...]:
        """Give the pairs one child stands in and nobody has decided about, read by index."""
        with self._workplace.database.read() as connection:
            held = _files(connection, [(place, place)]).get(place)
            pairs = set() if held is None else _pairs_of(connection, held)
            return tuple(one for one in self._read(connection, pairs) if one.is_open)

    def _read(self, connection: Connection, some: set[Pair] | None = None) -> tuple[Crossing, ...]:
        """Judge all pairs, or some."""
        decided = _decided(crossing_matters(connection))
        # What was decided stays in the list when its numbers were mended: it may have to be undone.
        pairs = crossing_pairs(connection) | decided.keys() if some is None else some
        files = _files(connection, pairs)
        found = [
            self._crossing(pair, files, decided.get(pair))
            for pair in pairs
            if all(place in files for place in pair)
        ]
        shown = [
            one
            for one in found
            if one.decision or (is_worth_a_look(one.found) and not _is_moot(one.pair, files))
        ]
        return tuple(sorted(shown, key=lambda one: (not one.is_open, -one.found.score, one.key)))

    def _crossing(
        self, pair: Pair, files: Mapping[Place, ApplicantFile], decided: _Decided | None
    ) -> Crossing:
        left, right = (files[place] for place in pair)
        known = self._workplace.policy.schools
        labels = [known[scope].label if scope in known else scope for scope, _ in pair]
        crossing = Crossing(
            pair=pair,
            names=(left.applicant.text("full_name"), right.applicant.text("full_name")),
            schools=(labels[0], labels[1]),
            found=resemblance(candidate_of_file(left), candidate_of_file(right)),
            fields=tuple(compare(self._workplace.policy, left, right)),
            earlier=came_first(came_at(left), came_at(right)),
        )
        return crossing if decided is None else decided.onto(crossing)

    # --- deciding ---------------------------------------------------------------------------

    def decide(
        self, pair: Pair, decision: str, keeps: Place | None = None, reason: str = ""
    ) -> None:
        """Decide about two registrations; the one that stays is written first.

        Raises:
            RuleError: not an officer, no such decision, no reason or one that cannot be true, the
                child is admitted already where it would be void, or the one that is to stay is
                void by another decision.
            StaleError: one of the registrations is gone, or is no pair any longer.
        """
        self._check(decision, reason)
        if (decision == SAME) != (keeps in pair):
            raise RuleError("crossing.keeps")
        with self._workplace.database.read() as connection:
            now = next((one for one in self._read(connection) if one.pair == pair), None)
            files = _files(connection, [pair])
        if now is None:
            raise StaleError("crossing.gone")
        _hold_reason(now, decision, keeps, reason)
        order = sorted(pair, key=lambda place: place != keeps)
        if decision == SAME:
            _hold_places(files[order[0]], files[order[1]], now)
        matter = now.matter or new_record_id()
        for place in order:
            stays = None if decision != SAME else place == keeps
            self._write(place, matter, {"decision": decision, "keeps": stays, "reason": reason})

    def _check(self, decision: str, reason: str) -> None:
        if Role.OFFICER not in PeopleDesk(self._workplace).roles():
            raise RuleError("decision.not_officer")
        if decision not in _DECISIONS:
            raise RuleError("decision.unknown", status=decision[:20])
        if decision != OPEN and reason not in CODE_LISTS["cross_reason"]:
            raise RuleError("crossing.reason")

    def _write(self, place: Place, matter: str, said: Mapping[str, Value]) -> None:
        """Write one school's half, and what follows for its child."""
        scope, record = place
        self._workplace.ensure_feed(scope)
        with self._workplace.journal.begin(self._workplace.actor(), scope) as work:
            work.row("applicant", record)
            values = {name: value if value != "" else None for name, value in said.items()}
            halves = work.rows("cross_duplicate", applicant=record)
            held = next((one for one in halves if one.text("matter") == matter), None)
            if held is None:
                made = {"applicant": record, "matter": matter, **values}
                work.create("cross_duplicate", made, signed=True)
            else:
                work.edit("cross_duplicate", held.record, values, signed=True)
            _settle(work, record)


def _settle(work: Work, record: str) -> None:
    """Make a child void where a decision says it stays elsewhere, and not void where none does."""
    halves = work.rows("cross_duplicate", applicant=record)
    voids = [one for one in halves if one.text("decision") == SAME and one.values["keeps"] is False]
    status = work.row("applicant", record).text("district_status")
    values: dict[str, Value] | None = None
    if voids:
        reason = _WORDS.format(reason=code_label("cross_reason", voids[-1].text("reason")))
        values = {"district_status": _VOID, "district_reason": reason, "district_note": None}
    elif status == _VOID:
        values = dict.fromkeys(("district_status", "district_reason", "district_note"))
    if values is not None:
        work.edit("applicant", record, values, act="decide", signed=True)


def _hold_reason(now: Crossing, decision: str, keeps: Place | None, reason: str) -> None:
    """See that nothing is signed that cannot be so.

    Raises:
        RuleError: ``crossing.not_so``, ``crossing.reason``.
    """
    if decision != OPEN and reason not in now.reasons(decision, keeps):
        raise RuleError("crossing.not_so" if decision == SAME else "crossing.reason")


def _hold_places(stays: ApplicantFile, goes: ApplicantFile, now: Crossing) -> None:
    """See that a child keeps one place.

    Raises:
        RuleError: ``crossing.admitted``, ``crossing.stays_void``.
    """
    if goes.applicant.text("district_status") in _PUBLIC:
        raise RuleError("crossing.admitted")
    turned = now.decision == SAME and now.keeps != (stays.scope, stays.record)
    if stays.applicant.text("district_status") == _VOID and not turned:
        raise RuleError("crossing.stays_void")


@dataclass(frozen=True, slots=True)
class _Decided:
    """Both halves of a decision."""

    matter: str
    halves: tuple[Half, Half]

    def onto(self, crossing: Crossing) -> Crossing:
        """Give a crossing with what was decided, where both halves say the same."""
        one, other = self.halves
        keepers = [half.place for half in self.halves if half.keeps]
        disputed = one.disputed or other.disputed
        whole = one.decision == other.decision and (one.decision != SAME or len(keepers) == 1)
        return replace(
            crossing,
            decision=one.decision if whole and not disputed else "",
            keeps=keepers[0] if whole and keepers and not disputed else None,
            reason=one.reason,
            decided_at=max(one.at, other.at),
            disputed=disputed,
            matter=self.matter,
        )


def _decided(matters: Mapping[str, Sequence[Half]]) -> dict[Pair, _Decided]:
    """Give decisions by the pair they are about; the latest where there are several."""
    found: dict[Pair, _Decided] = {}
    for matter, halves in matters.items():
        if len(halves) == 2:
            one, other = sorted(halves, key=lambda half: half.place)
            found[one.place, other.place] = _Decided(matter, (one, other))
    return found


def _pairs_of(connection: Connection, child: ApplicantFile) -> set[Pair]:
    """Give the pairs of the list in which one child stands."""
    own, mine = candidate_of_file(child), (child.scope, child.record)
    found = {
        (other.scope, other.record)
        for other in duplicate_candidates(connection, None, own)
        if other.scope != child.scope and _share(own, candidate_of_file(other))
    }
    ordered = (sorted((mine, other)) for other in found)
    return {(one, other) for one, other in ordered}


def _share(one: Candidate, other: Candidate) -> bool:
    """Say whether two share what ``crossing_pairs`` groups by."""
    same = set(same_fields(one, other))
    born = "birth_date" in same and same & {"name", "guardian_number", "phone"}
    return bool(born or same & {"id_number", "birth_certificate"})


def _files(connection: Connection, pairs: Iterable[Pair]) -> dict[Place, ApplicantFile]:
    places = {place for pair in pairs for place in pair}
    return {(one.scope, one.record): one for one in applicant_files(connection, places)}


def _is_moot(pair: Pair, files: Mapping[Place, ApplicantFile]) -> bool:
    """Say whether one of two registrations is void already, so that nothing is left to decide."""
    return any(files[place].applicant.text("district_status") == _VOID for place in pair)
