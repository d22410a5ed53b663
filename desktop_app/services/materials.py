"""The materials desk 材料: what of a category's papers was seen, is late, or must be mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.domain.codes_care import GUARDIAN_RELATION
from desktop_app.domain.dates import parse_date
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError
from desktop_app.domain.materials import Checklist
from desktop_app.policy.package import Policy
from desktop_app.services.calendar import local_day, stray_year
from desktop_app.services.registration import check_values, missing_codes
from desktop_app.services.sent_back import check_note, note_amended
from desktop_app.services.wording import paper_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage.journal import Work
from desktop_app.storage.rows import Row

_BROUGHT = frozenset({"accepted", "waived", "pending_original"})
"""What settles a paper: a case sent back for it is ready to be looked at again."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is noted of one paper; no image is asked for an original seen."""

    material: str
    state: str
    number: str = ""
    dated: str = ""
    valid_to: str = ""
    owner: str = ""
    """Whose paper it is, as a relation is written; empty where it is the child's own."""
    reason: str = ""
    note: str = ""
    """What the reason 其他 means, in words."""


@dataclass(frozen=True, slots=True)
class CheckedList:
    """A checklist with the rows behind it, by material."""

    checklist: Checklist
    rows: dict[str, Row]


class MaterialsDesk:
    """The use cases of the materials page."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace

    def open(self, record: str) -> CheckedList:
        """Give an applicant's checklist as it stands."""
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            return self._open(work, record)

    def _open(self, work: Work, record: str) -> CheckedList:
        row = work.row("applicant", record)
        checklist = self._workplace.policy.checklist(
            row.text("category"), row.text("entry"), row.text("agent_relation")
        )
        if checklist is None:
            raise RuleError("materials.no_category")
        asked = {*checklist.required.codes(), *checklist.optional}
        rows = {}
        for row in work.rows("material_check", applicant=record):
            material = row.text("material")
            rows[material] = row
            if material in asked:
                checklist = noted(checklist, row)
        return CheckedList(checklist, rows)

    def mark(self, record: str, mark: Mark) -> Checklist:
        """Note what became of one paper, and what is missing now.

        Raises:
            RuleError: the category does not ask for it, a date is none, an owner is no relation, a
                correction or refusal has no reason, or 其他 no words.
        """
        if mark.owner and GUARDIAN_RELATION.parse(mark.owner) is None:
            raise RuleError("materials.owner")
        for field, text in (("dated", mark.dated), ("valid_to", mark.valid_to)):
            if text and parse_date(text) is None:
                raise RuleError("materials.date", field=field)
        if mark.state in {"correction_required", "rejected"} and not mark.reason:
            raise RuleError("materials.reason", material=mark.material)
        check_note(mark.reason, mark.note)
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            before = self._open(work, record)
            checklist = self._apply(before.checklist, mark)
            values = self._values(record, mark, checklist)
            row = before.rows.get(mark.material)
            if row is None:
                work.create("material_check", values)
            else:
                work.edit("material_check", row.record, values)
            missing = " ".join(missing_codes(checklist))
            work.edit(
                "applicant",
                record,
                {
                    "missing_materials": missing,
                    "policy_version": self._workplace.policy.version,
                },
            )
            if mark.state in _BROUGHT:
                note_amended(work, record)
        return checklist

    def _apply(self, checklist: Checklist, mark: Mark) -> Checklist:
        due = self.deadline()
        steps = {
            "accepted": lambda: checklist.accept(mark.material),
            "waived": lambda: checklist.waive(mark.material, mark.reason),
            "pending_original": lambda: checklist.defer(mark.material, due),
            "correction_required": lambda: checklist.ask_correction(
                mark.material, mark.reason, due
            ),
            "rejected": lambda: checklist.reject(mark.material, mark.reason),
        }
        if mark.state not in steps:
            raise RuleError("materials.state", state=mark.state[:20])
        return steps[mark.state]()

    def _values(self, record: str, mark: Mark, checklist: Checklist) -> dict[str, Value]:
        due = checklist.checks[mark.material].due or ""
        dated, valid_to = parse_date(mark.dated), parse_date(mark.valid_to)
        return check_values(
            mark.material,
            record,
            mark.state,
            due=due,
            policy_version=self._workplace.policy.version,
        ) | {
            "number": mark.number or None,
            "dated": dated.isoformat() if dated else None,
            "valid_to": valid_to.isoformat() if valid_to else None,
            "owner": GUARDIAN_RELATION.parse(mark.owner) if mark.owner else None,
            "reason": mark.reason or None,
            "reason_note": check_note(mark.reason, mark.note),
        }

    def deadline(self) -> str:
        """Give the day until which late papers may come, never before three working days."""
        return self._workplace.policy.paper_deadline(local_day().isoformat())


def sure_day(policy: Policy) -> str:
    """Give a day (ISO) that has surely come: today, or the season's first where the clock errs.

    Nobody's papers are looked at before their season is open, whatever this computer believes.
    """
    if stray_year(policy.season_year):
        opening = [window.opens[:10] for window in policy.windows]
        return min(opening, default=policy.season_days[0].isoformat())
    return local_day().isoformat()


def expired_papers(policy: Policy, checks: Iterable[Row]) -> tuple[str, ...]:
    """Name the papers whose original was seen but was good only until a day that has passed."""
    today = sure_day(policy)
    late = [
        row.text("material")
        for row in checks
        if row.text("result") == "accepted" and is_expired(row.text("valid_to"), today)
    ]
    return tuple(dict.fromkeys(paper_label(policy, code) for code in sorted(late)))


def is_expired(valid_to: str, today: str) -> bool:
    """Say whether a paper good to a day (ISO) is past it; one without a day never is."""
    return bool(valid_to) and bool(today) and valid_to < today


def noted(checklist: Checklist, row: Row) -> Checklist:
    """Give a checklist with what a row notes of a paper it asks for."""
    material, state = row.text("material"), row.text("result")
    reason, due = row.text("reason"), row.text("due_on")
    if state == "accepted":
        return checklist.accept(material)
    if state == "waived":
        return checklist.waive(material, reason)
    if state == "pending_original":
        return checklist.defer(material, due)
    if state == "correction_required":
        return checklist.ask_correction(material, reason, due)
    return checklist.reject(material, reason) if state == "rejected" else checklist
