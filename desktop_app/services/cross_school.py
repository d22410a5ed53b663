"""Children registered at two schools 跨校查重: side by side at the district, and decided (D2).

A decision is written for either school apart, in the district's feed for that school: that its
child is the one that stays, or is registered elsewhere too, with a coded reason. The other child
and the other school are never named to a school, whatever is decided. Nothing is decided by a
score: it puts the list in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from desktop_app.domain.acts import Role
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError, StaleError
from desktop_app.domain.masks import mask_number, mask_phone
from desktop_app.domain.resemblance import Resemblance, is_worth_a_look, resemblance
from desktop_app.services.calendar import local_time
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
from desktop_app.storage.work import Work, new_record_id

SAME, DIFFERENT, OPEN = "same", "different", "open"
_DECISIONS = frozenset({SAME, DIFFERENT, OPEN})
_VOID = "duplicate_void"
_PUBLIC = frozenset({"published", "admitted"})
_WORDS = "跨校重复：{reason}"


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of both children, masked where lists mask it; ``same`` is judged on the whole."""

    label: str
    left: str
    right: str
    same: bool


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two registrations that may be one child, and what was decided.

    ``decision`` is empty until there is one that both halves agree on; ``keeps`` is then the place
    that stays. ``disputed`` says that two officers decided otherwise at the same time.
    """

    pair: Pair
    names: tuple[str, str]
    schools: tuple[str, str]
    found: Resemblance
    fields: tuple[Compared, ...]
    earlier: int
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


class CrossSchoolDesk:
    """The use cases of the page 跨校查重."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open district workplace."""
        self._workplace = workplace

    def crossings(self) -> tuple[Crossing, ...]:
        """Give every two registrations worth a look: open ones first, the most alike on top."""
        with self._workplace.database.read() as connection:
            return self._read(connection)

    def _read(self, connection: Connection) -> tuple[Crossing, ...]:
        decided = _decided(crossing_matters(connection))
        # What was decided stays in the list when its numbers were mended: it may have to be undone.
        pairs = crossing_pairs(connection) | decided.keys()
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
            fields=tuple(_compare(left, right)),
            earlier=int(right.applicant.created_at < left.applicant.created_at),
        )
        return crossing if decided is None else decided.onto(crossing)

    # --- deciding ---------------------------------------------------------------------------

    def decide(
        self, pair: Pair, decision: str, keeps: Place | None = None, reason: str = ""
    ) -> None:
        """Decide about two registrations; the one that stays is written first.

        Raises:
            RuleError: not an officer, no such decision, no reason, the child is admitted already
                where it would be void, or the one that is to stay is void by another decision.
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


def _files(connection: Connection, pairs: Iterable[Pair]) -> dict[Place, ApplicantFile]:
    places = {place for pair in pairs for place in pair}
    return {(one.scope, one.record): one for one in applicant_files(connection, places)}


def _is_moot(pair: Pair, files: Mapping[Place, ApplicantFile]) -> bool:
    """Say whether one of two registrations is void already, so that nothing is left to decide."""
    return any(files[place].applicant.text("district_status") == _VOID for place in pair)


def _plain(text: str) -> str:
    return text


def _coded(name: str) -> Callable[[str], str]:
    return lambda value: code_label(name, value) if value else ""


_CHILD: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("full_name", "姓名", _plain),
    ("id_number", "证件号", mask_number),
    ("sex", "性别", _coded("sex")),
    ("birth_date", "出生日期", _plain),
    ("birth_certificate", "出生证号", mask_number),
)
_PARENT: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("full_name", "监护人", _plain),
    ("id_number", "监护人证件", mask_number),
    ("phone", "联系电话", mask_phone),
)
_CASE: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("hukou_address", "户籍地址", _plain),
    ("current_address", "现住址", _plain),
    ("receipt_number", "回执号", _plain),
    ("review", "校审", _coded("review")),
    ("district_status", "区级答复", _coded("district_status")),
)


def _compare(left: ApplicantFile, right: ApplicantFile) -> list[Compared]:
    """Put what an officer compares side by side."""
    children = (left.applicant, right.applicant)
    parents = tuple(one.guardians[0] if one.guardians else None for one in (left, right))
    rows = []
    for fields, pair in ((_CHILD, children), (_PARENT, parents), (_CASE, children)):
        for name, label, show in fields:
            one, other = ("" if row is None else row.text(name) for row in pair)
            rows.append(Compared(label, show(one), show(other), bool(one) and one == other))
    times = [f"{local_time(row.created_at):%Y-%m-%d %H:%M}" for row in children]
    rows.append(Compared("登记时间", times[0], times[1], same=False))
    return rows
