"""The file of one case 一件: what a person sees of a registration beside a list, and its story.

Numbers come masked; ``unmask`` gives them whole and logs with a signature that somebody looked. No
word of the file tells which group a child belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from desktop_app.domain.age import age_on
from desktop_app.domain.dates import parse_iso
from desktop_app.domain.declare import Value
from desktop_app.domain.district_answers import ASKED
from desktop_app.domain.masks import mask_number, mask_phone
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.access_log import note_access
from desktop_app.services.calendar import local_day
from desktop_app.services.changes import Corrected, changed, corrections, told_as_corrections
from desktop_app.services.consents import Step, steps_told
from desktop_app.services.families import Member, members
from desktop_app.services.materials import MaterialsDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.review import ASSIGN, BULK, DECISIONS, UNDO
from desktop_app.services.sent_back import AMENDED, ANSWERS, has_answered, waits_again
from desktop_app.services.wording import (
    category_label,
    code_label,
    desk_of,
    paper_label,
    question_of,
    reason_label,
    village_label,
)
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.database import Connection
from desktop_app.storage.matters import children
from desktop_app.storage.queries import ApplicantFile, HistoryEntry
from desktop_app.storage.rows import Row, read_row, read_rows

_UNTOLD = frozenset(
    {
        "private_note",
        "missing_materials",
        "policy_version",
        "registered_at",
        "family",
        AMENDED,
        ANSWERS,
    }
)
"""Fields whose change is no event for people, or must not be told beside a public desk."""

_TOGETHER = 1000
"""Milliseconds within which a registration is one act."""


@dataclass(frozen=True, slots=True)
class Due:
    """A paper that is still to come, and until when (ISO date, empty where none is set)."""

    label: str
    on: str
    state: str


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a case.

    ``act`` is registered, changed, paper, scanned, compared, merged, separated, passed, returned,
    transferred, undone, corrected, taken, put_back, appeal, told, agreed, withdrawn, decided,
    printed, unmasked, viewed, exported or removed;
    ``subject`` says of what, ``detail`` how; "many" is the subject of what was passed with others
    at once, and of a registration how the guardian was told and what they agreed to. ``twin`` is
    the receipt number where it happened to a record merged into this one.
    """

    at: int
    person: str
    act: str
    subject: str = ""
    detail: str = ""
    twin: str = ""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A registration as the side panel shows it."""

    record: str
    name: str
    age: tuple[int, int] | None
    receipt: str
    masked_number: str
    village: str
    category: str
    category_label: str
    guardian: str
    relation: str
    masked_phone: str
    due: tuple[Due, ...]
    review: str
    amended: bool
    """Whether a case that was sent back has been amended since, and waits for review again."""
    in_conflict: bool
    by: str
    desk: str
    at: int
    is_own: bool
    events: tuple[Event, ...]
    merged_into: str = ""
    """The record it was merged into, empty where it stands in the lists."""
    merged_receipt: str = ""
    asked: bool = False
    """Whether the district wants an explanation, or has no place here."""
    answered: bool = False
    """Whether the school has answered what the district asks, and it is the district's turn."""
    question: str = ""
    """What the district says with its answer: the reason and its words, in full."""
    entry: str = ""
    """How the child comes, in words; empty for a new child."""
    agent: str = ""
    """Who came in the guardian's place, in words."""
    second_keying: str = ""
    paper_date: str = ""
    """The day on the paper form it was keyed from (ISO)."""
    siblings: tuple[Member, ...] = ()
    """The brothers and sisters registered here."""


@dataclass(frozen=True, slots=True)
class Unmasked:
    """The numbers and the address of a case, shown because somebody asked and was logged."""

    id_number: str
    address: str
    guardian_number: str
    phone: str


class CaseDesk:
    """Open one case, and show what is masked."""

    def __init__(self, workplace: Workplace, scope: str = "") -> None:
        """Work at an open workplace; the district names the school whose case it opens."""
        self._workplace = workplace
        self._scope = scope or workplace.seat.scope
        self._policy = workplace.policy
        self._materials = MaterialsDesk(workplace)

    def open(self, record: str) -> CaseFile:
        """Give a case as it is held now.

        Raises:
            StaleError: the registration was taken back meanwhile.
        """
        scope = self._scope
        with self._workplace.database.read() as connection:
            file = queries.applicant_file(connection, scope, record)
            events = tuple(self._events(connection, record))
            by = self._person(connection, file.applicant.created_by)
            twin = children(connection, [(scope, record)])[scope, record].twin
            into = children(connection, [(scope, twin)]).get((scope, twin))
            siblings = members(connection, scope, record, file.applicant.text("family"))
        made = replace(self._made(file, self._due(file), events, by), siblings=siblings)
        if into is None:
            return made
        return replace(made, merged_into=twin, merged_receipt=into.receipt)

    def _made(
        self, file: ApplicantFile, due: tuple[Due, ...], events: tuple[Event, ...], by: str
    ) -> CaseFile:
        applicant = file.applicant
        guardian = file.guardians[0] if file.guardians else None
        born = parse_iso(applicant.text("birth_date"))
        receipt, category = applicant.text("receipt_number"), applicant.text("category")
        return CaseFile(
            record=file.record,
            name=applicant.text("full_name"),
            age=age_on(born, local_day()) if born is not None else None,
            receipt=receipt,
            masked_number=mask_number(applicant.text("id_number")),
            village=village_label(self._policy, applicant.text("hukou_village")),
            category=category,
            category_label=category_label(self._policy, category),
            guardian=guardian.text("full_name") if guardian else "",
            relation=_relation(guardian),
            masked_phone=mask_phone(guardian.text("phone")) if guardian else "",
            due=due,
            review=applicant.text("review"),
            amended=waits_again(applicant.values),
            asked=applicant.text("district_status") in ASKED,
            answered=has_answered(applicant),
            question=question_of(self._policy, applicant),
            entry=code_label("entry", applicant.text("entry")),
            agent=code_label("guardian_relation", applicant.text("agent_relation")),
            second_keying=code_label("second_keying", applicant.text("second_keying")),
            paper_date=applicant.text("paper_date"),
            in_conflict=applicant.in_conflict or bool(applicant.values.get("number_disputed")),
            by=by,
            desk=desk_of(receipt),
            at=applicant.created_at,
            is_own=applicant.created_by == self._workplace.person,
            events=events,
        )

    def _due(self, file: ApplicantFile) -> tuple[Due, ...]:
        """Give the papers still to come, each with its day."""
        noted = {row.text("material"): row for row in file.checks}
        found = []
        for code in file.applicant.text("missing_materials").split():
            row = noted.get(code)
            found.append(
                Due(
                    label=paper_label(self._policy, code),
                    on=(row.text("due_on") if row else "") or self._materials.deadline(),
                    state=row.text("result") if row else "missing",
                )
            )
        return tuple(found)

    def unmask(self, record: str) -> Unmasked:
        """Give the numbers of a case, and log that the acting person looked.

        Raises:
            RuleError: ``people.not_granted``: nobody would count who looked.
            StaleError: the registration was taken back meanwhile.
        """
        PeopleDesk(self._workplace).must_count()
        if self._scope != self._workplace.seat.scope:
            self._workplace.ensure_feed(self._scope)
        with self._workplace.journal.begin(self._workplace.actor(), self._scope) as work:
            applicant = work.row("applicant", record)
            guardians = work.rows("guardian", applicant=record)
            note_access(work, record, "unmask")
        guardian = guardians[0] if guardians else None
        village = village_label(self._policy, applicant.text("hukou_village"))
        return Unmasked(
            id_number=applicant.text("id_number"),
            address=f"{village} {applicant.text('hukou_address')}".strip(),
            guardian_number=guardian.text("id_number") if guardian else "",
            phone=guardian.text("phone") if guardian else "",
        )

    # --- the story --------------------------------------------------------------------------

    def _person(self, connection: Connection, person: str) -> str:
        for scope in dict.fromkeys((self._scope, self._workplace.seat.scope)):
            row = read_row(connection, RECORD_TYPES["person"], scope, person)
            if row is not None:
                return row.text("full_name")
        return ""

    def _events(self, connection: Connection, record: str) -> Iterator[Event]:
        """Give what happened to a case, oldest first."""
        scope = self._scope
        entries = queries.history(connection, scope, record)
        others = {one.record for one in entries if one.kind == "applicant"} - {record}
        known = children(connection, [(scope, one) for one in others])
        receipts = {one: child.receipt for (_, one), child in known.items()}
        found = [
            _of_correction(one) for one in corrections(connection, scope, self._policy, entries)
        ]
        corrected = told_as_corrections(entries)
        at_first, later = _parted(entries)
        for step in later:
            by, twin = self._person(connection, step.entry.person), receipts.get(step.applicant, "")
            found.append(Event(step.entry.at, by, step.act, step.words, twin=twin))
        for entry in entries:
            if (entry.feed, entry.sequence) in corrected:
                continue
            for event in self._told(connection, entry):
                told = (
                    at_first.get(entry.record, "") if event.act == "registered" else event.subject
                )
                found.append(replace(event, subject=told, twin=receipts.get(entry.record, "")))
        looked = read_rows(connection, RECORD_TYPES["access"], scope, {"applicant": record})
        found += [
            Event(
                row.created_at,
                self._person(connection, row.created_by),
                _ACCESS.get(row.text("what"), "viewed"),
                row.text("copy"),
            )
            for row in looked
        ]
        found.sort(key=lambda event: event.at)
        begun = next((event.at for event in found if event.act == "registered"), 0)
        for event in found:
            # What was noted while registering is part of the registration.
            if event.act not in {"paper", "compared"} or event.at - begun > _TOGETHER:
                yield event

    def _told(self, connection: Connection, entry: HistoryEntry) -> Iterator[Event]:
        """Turn one operation into what people call it; what does not count is left out."""
        if entry.verdict:
            return
        after = {change.field: change.after for change in entry.changes}
        name = self._person(connection, entry.person)
        told = self._applicant_event(entry, after) if entry.kind == "applicant" else None
        if entry.kind != "applicant":
            told = self._part_event(entry, after)
        if told is not None:
            act, subject, detail = told
            yield Event(entry.at, name, act, subject, detail)

    def _applicant_event(
        self, entry: HistoryEntry, after: dict[str, Value]
    ) -> tuple[str, str, str] | None:
        if entry.act == "create":
            return ("registered", "", "")
        if entry.act == "remove":
            return ("removed", "", "")
        if entry.act == UNDO:
            return ("undone", "", "")
        if entry.act == ASSIGN:
            return ("taken" if after.get("assigned_to") else "put_back", "", "")
        if entry.act in DECISIONS:
            reason = reason_label(self._policy, str(after.get("review_reason") or ""))
            note = str(after.get("review_note") or "")
            return (
                str(after.get("review") or "changed"),
                "many" if entry.act == BULK else "",
                "：".join(filter(None, (reason, note))),
            )
        if entry.act == "decide":
            status = str(after.get("district_status") or "")
            if not status:
                return ("recalled", "", "")
            label = code_label("district_status", status)
            why = reason_label(self._policy, str(after.get("district_reason") or ""))
            note = str(after.get("district_note") or "")
            return ("decided", "", "：".join(filter(None, (label, why, note))))
        declared = RECORD_TYPES["applicant"].fields
        told = [declared[name].item.label for name in after if name not in _UNTOLD]
        return ("changed", "、".join(told), self._before_after(entry)) if told else None

    def _before_after(self, entry: HistoryEntry) -> str:
        """Say what stood there and what stands there now, numbers masked."""
        told = [one for one in entry.changes if one.field not in {*_UNTOLD, "assigned_to"}]
        said = [changed(self._policy, entry.kind, one) for one in told]
        return "；".join(f"{one.before or '空'} → {one.after or '空'}" for one in said)

    def _part_event(
        self, entry: HistoryEntry, after: dict[str, Value]
    ) -> tuple[str, str, str] | None:
        """Tell of what belongs to an applicant; what was made with them is part of that."""
        if entry.kind == "material_check" and "result" in after:
            label = paper_label(self._policy, str(after.get("material") or ""))
            result = code_label("material_result", str(after["result"] or ""))
            note = str(after.get("reason_note") or "")
            return ("paper", label, "：".join(filter(None, (result, note))))
        if entry.kind == "appeal" and "standing" in after:
            matter = code_label("appeal_matter", str(after.get("matter") or ""))
            said = code_label("appeal_state", str(after["standing"] or ""))
            return ("appeal", matter, said)
        if entry.kind == "scan" and entry.act == "create":
            return ("scanned", paper_label(self._policy, str(after.get("material") or "")), "")
        if entry.kind == "duplicate_decision" and "stays" in after:
            return ("merged" if after["stays"] else "separated", "", "")
        if entry.kind == "duplicate_decision" and entry.act == "create":
            decision = code_label("duplicate_decision", str(after.get("decision") or ""))
            return ("compared", "", decision)
        if entry.kind == "guardian" and entry.act != "create" and after:
            declared = RECORD_TYPES["guardian"].fields
            told = [declared[name].item.label for name in after if name in declared]
            return ("changed", "、".join(told), self._before_after(entry))
        return None


def _parted(history: Sequence[HistoryEntry]) -> tuple[dict[str, str], list[Step]]:
    """Part what was told and agreed to while registering, in words, from what came later."""
    begun = {one.record: one for one in history if one.kind == "applicant" and one.act == "create"}
    words: dict[str, list[str]] = {}
    opened: dict[str, HistoryEntry] = {}
    later = []
    for step in steps_told(history):
        at = begun.get(step.applicant)
        first = opened.setdefault(step.applicant, step.entry)
        if at is None or step.entry is not first or first.at - at.at > _TOGETHER:
            later.append(step)
            continue
        said = f"告知书 {step.words}" if step.act == "told" else f"同意{step.words}"
        words.setdefault(step.applicant, []).append(said)
    return {applicant: "，".join(said) for applicant, said in words.items()}, later


def _of_correction(one: Corrected) -> Event:
    """Tell of a correction: what stood there and what stands there now, why, and by which paper."""
    said = "；".join(
        f"{each.label} {each.before or '空'} → {each.after or '空'}" for each in one.changes
    )
    why = "，".join(filter(None, (one.reason, one.note, f"{one.paper} {one.evidence}".strip())))
    return Event(one.at, "、".join(filter(None, one.persons)), "corrected", said, why)


_ACCESS = {"view": "viewed", "unmask": "unmasked", "print": "printed", "export": "exported"}


def _relation(guardian: Row | None) -> str:
    return code_label("guardian_relation", guardian.text("relation")) if guardian else ""
