"""Receipts 回执: what stands on the paper of a registration, and how often it was printed.

Nothing here prints. ``view`` gives plain values, ``log_print`` writes the signed entry that a copy
was handed out; a paper is never printed of anything but a committed record.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

from desktop_app.documents.receipt import MaterialLine, ReceiptView, State
from desktop_app.domain.catchment import CatchmentRule
from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.dates import parse_iso
from desktop_app.domain.declare import Value
from desktop_app.domain.materials import Checklist, Line
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.access_log import note_access
from desktop_app.services.calendar import local_time
from desktop_app.services.consents import standing_at
from desktop_app.services.form import assess
from desktop_app.services.materials import MaterialsDesk
from desktop_app.services.people import PeopleDesk
from desktop_app.services.registration import form_of
from desktop_app.services.review import CORRECT
from desktop_app.services.wording import paper_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage import queries
from desktop_app.storage.database import Connection
from desktop_app.storage.queries import ApplicantFile
from desktop_app.storage.rows import read_row, read_rows

_WEEKDAYS = "一二三四五六日"
_KEPT = {"none": "", "number": "，只记编号", "copy": "，留复印件一份"}
"""What the school keeps of a paper once the family has gone (policy, material ``keep``)."""
_STATES: dict[str, State] = {
    "accepted": "seen",
    "waived": "checked",
    "correction_required": "repair",
    "rejected": "repair",
}
_IN_CONFLICT = {
    ("applicant", "full_name"): "name",
    ("applicant", "sex"): "sex",
    ("applicant", "birth_date"): "birth",
    ("applicant", "id_number"): "id_number",
    ("guardian", "full_name"): "guardian",
    ("guardian", "relation"): "guardian",
}
_LONGEST_LABEL = 40
_PRINTED = {
    "applicant": {"full_name", "sex", "birth_date", "id_number", "category", "hukou_village"},
    "guardian": {"full_name", "relation", "phone"},
}
"""What stands on the paper and makes another version of it when it is amended."""


class ReceiptDesk:
    """The use cases around the receipt of one registration."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace
        self._policy = workplace.policy
        self._materials = MaterialsDesk(workplace)

    def log_print(self, record: str) -> int:
        """Note with the person's signature that a copy is printed now, and give its number.

        Raises:
            RuleError: ``people.not_granted``: nobody would count who printed.
            StaleError: the registration was taken back meanwhile.
        """
        PeopleDesk(self._workplace).must_count()
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            work.row("applicant", record)
            before = work.rows("access", applicant=record, what="print")
            copy = 1 + max((_number(row.values.get("copy")) for row in before), default=0)
            note_access(work, record, "print", copy=copy)
        return copy

    def printed(self, record: str) -> int:
        """Count the copies printed so far."""
        with self._workplace.database.read() as connection:
            equal: dict[str, Value] = {"applicant": record, "what": "print"}
            scope = self._workplace.seat.scope
            rows = read_rows(connection, RECORD_TYPES["access"], scope, equal)
        return max((_number(row.values.get("copy")) for row in rows), default=0)

    def view(self, record: str) -> ReceiptView:
        """Give what stands on the receipt of a registration, as it is held now.

        Raises:
            StaleError: the registration was taken back meanwhile.
        """
        with self._workplace.database.read() as connection:
            file = queries.applicant_file(connection, self._workplace.seat.scope, record)
            clerk = self._person(connection, file.applicant.created_by)
            corrected = self._is_corrected(connection, record)
            told = standing_at(connection, self._workplace.seat.scope, record).words
        checklist = self._checklist(record, file)
        lines = () if checklist is None else tuple(self._line(line) for line in checklist.lines())
        made = self._made(file, checklist, lines, clerk)
        practice = self._workplace.practice
        return dataclasses.replace(made, corrected=corrected, practice=practice, notice=told)

    def _is_corrected(self, connection: Connection, record: str) -> bool:
        """Say whether what stands on the paper was amended 更正 after a copy was handed out."""
        scope, printed = self._workplace.seat.scope, {"applicant": record, "what": "print"}
        rows = read_rows(connection, RECORD_TYPES["access"], scope, dict[str, Value](printed))
        # A notice of what is missing is printed too, and is no copy.
        first = min((row.created_at for row in rows if row.values.get("copy")), default=None)
        return first is not None and any(
            entry.at > first
            and entry.act in {"edit", CORRECT}
            and not entry.verdict
            and _PRINTED.get(entry.kind, set()) & {change.field for change in entry.changes}
            for entry in queries.history(connection, scope, record)
        )

    def _made(
        self,
        file: ApplicantFile,
        checklist: Checklist | None,
        lines: tuple[MaterialLine, ...],
        clerk: str,
    ) -> ReceiptView:
        policy, applicant = self._policy, file.applicant
        guardian = file.guardians[0] if file.guardians else None
        category = policy.categories.get(applicant.text("category"))
        is_late = any(line.state in {"due", "repair"} for line in lines)
        village, placement = self._place(file)
        return ReceiptView(
            school=self._workplace.seat.name,
            season=f"{policy.season_year} 年秋季",
            stage=_label("stage", applicant.text("stage")),
            number=applicant.text("receipt_number"),
            name=applicant.text("full_name"),
            sex=_label("sex", applicant.text("sex")),
            birth=applicant.text("birth_date"),
            id_number=applicant.text("id_number"),
            guardian=guardian.text("full_name") if guardian else "",
            relation=_label("guardian_relation", guardian.text("relation")) if guardian else "",
            phone=guardian.text("phone") if guardian else "",
            category=f"{category.code} {category.label}" if category else "",
            village=village,
            placement=placement,
            materials=lines,
            next_steps=tuple(self._steps(is_late=is_late)),
            notices=self._notices(is_late=is_late),
            hotline=f"{policy.wording['hotline'].text} {policy.hotline}。",
            declaration=policy.notice.declaration,
            clerk=clerk,
            desk=_desk(applicant.text("receipt_number")),
            printed_at=_moment(local_time()),
            copy=max(1, self.printed(file.record)),
            deadline=self._deadline(checklist) if is_late else "",
            under_verification=_in_conflict(file),
        )

    def _person(self, connection: Connection, person: str) -> str:
        row = read_row(connection, RECORD_TYPES["person"], self._workplace.seat.scope, person)
        return "" if row is None else row.text("full_name")

    # --- papers -----------------------------------------------------------------------------

    def _checklist(self, record: str, file: ApplicantFile) -> Checklist | None:
        if file.applicant.text("category") not in self._policy.categories:
            return None
        return self._materials.open(record).checklist

    def _line(self, line: Line) -> MaterialLine:
        """Give a line of the checklist as the family reads it; of options, the one that counts."""
        noted = next((check for check in line.checks if check.state == line.state), None)
        state = _STATES.get(line.state, "due")
        if noted is not None and line.is_settled:
            kept = self._policy.materials[noted.material].keep
            original = f"当场退还{_KEPT[kept]}" if kept in _KEPT and state == "seen" else ""
            if kept == "none" and state == "seen":
                original = self._policy.wording["originals_returned"].text
            return MaterialLine(self._paper(noted.material), state, original)
        codes = [noted.material] if noted is not None else list(line.requirement.codes())
        label = "或".join(map(self._paper, codes))
        if len(label) > _LONGEST_LABEL:
            label = f"{self._paper(codes[0])}等 {len(codes)} 种任选一种"
        due = (noted.due if noted is not None else "") or self._materials.deadline()
        return MaterialLine(label, state, "", _day(due))

    def _paper(self, code: str) -> str:
        """Name a paper without the explanation in brackets at its end."""
        return paper_label(self._policy, code)

    def _deadline(self, checklist: Checklist | None) -> str:
        noted = checklist.deadline() if checklist is not None else None
        due = noted or self._materials.deadline()
        day = parse_iso(due)
        if day is None:
            return due
        week = _WEEKDAYS[day.weekday()]
        return f"{_day(due)}（周{week}）{self._policy.correction.repair_time}"

    # --- words ------------------------------------------------------------------------------

    def _steps(self, *, is_late: bool) -> Iterator[str]:
        """Give what the family does next, in order, with the days of the calendar."""
        if is_late:
            yield self._policy.wording["bring_back"].text
        published, check_in = self._policy.window("published"), self._policy.window("check_in")
        if published is not None:
            yield f"{_day(published.opens[:10])}起在校门口公示栏看分配结果。"
        if check_in is not None:
            late = self._policy.wording["missing_is_fine"].text if is_late else ""
            yield f"{_day(check_in.opens[:10])}凭录取通知书报到。{late}"

    def _notices(self, *, is_late: bool) -> tuple[str, ...]:
        wanted = ("told_at_once", "not_an_offer") if is_late else ("not_an_offer",)
        return tuple(self._policy.wording[code].text for code in wanted)

    def _place(self, file: ApplicantFile) -> tuple[str, str]:
        """Say where the household is, and whose catchment that is."""
        applicant = file.applicant
        form = form_of(applicant.values, file.guardians[0].values if file.guardians else {})
        rules = assess(form, self._policy, applicant.text("stage")).catchment
        code = applicant.text("hukou_village")
        village = self._policy.villages.get(code)
        return (village.label if village else code), self._school(rules)

    def _school(self, rules: tuple[CatchmentRule, ...]) -> str:
        schools = list(dict.fromkeys(rule.school for rule in rules))
        if not schools:
            return "由区教体局安排"
        known = self._policy.schools
        return " 或 ".join(
            "本校" if one == self._workplace.seat.code else known[one].label for one in schools
        )


def _in_conflict(file: ApplicantFile) -> frozenset[str]:
    """Name what is printed as under verification 核实中: open conflicts, disputed numbers."""
    found = {
        _IN_CONFLICT[one.kind, one.field]
        for one in file.heads
        if one.conflict and (one.kind, one.field) in _IN_CONFLICT
    }
    if file.applicant.values.get("number_disputed"):
        found.add("id_number")
    return frozenset(found)


def _label(code_list: str, value: str) -> str:
    return CODE_LISTS[code_list].label_of(value) if value in CODE_LISTS[code_list] else value


def _desk(receipt_number: str) -> str:
    parts = receipt_number.split("-")
    return f"{parts[1]} 号台" if len(parts) > 1 else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _day(iso: str) -> str:
    day = parse_iso(iso)
    return f"{day.month} 月 {day.day} 日" if day is not None else iso


def _moment(at: dt.datetime) -> str:
    return f"{at.year} 年 {at.month} 月 {at.day} 日 {at:%H:%M}"
