"""Second keying 复录: a paper form is keyed again by another person, who does not see the first.

Five values are compared as they would be stored. Where both agree the case is matched; where they
differ somebody looks at the paper once more and keeps either, and the case is settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.domain.dates import parse_date
from desktop_app.domain.errors import RuleError
from desktop_app.domain.identity import tidy_number
from desktop_app.domain.names import by_code_point, tidy_name
from desktop_app.domain.paper_dates import PAPER_DATE
from desktop_app.domain.phone import tidy_phone
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.amendment import AmendmentDesk
from desktop_app.services.form import NO_NUMBER, PAPER
from desktop_app.services.wording import village_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage import merged
from desktop_app.storage.rows import Row, read_rows

KEYED = ("full_name", "id_number", "birth_date", "guardian_id_number", "guardian_phone")
"""What is keyed a second time."""
FIRST, SECOND = "first", "second"
_MARK, _WAITING = PAPER, "waiting"
_MATCHED, _SETTLED = "matched", "settled"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits to be keyed again: what is on its paper and names nobody."""

    record: str
    receipt: str
    village: str
    at: int
    by: str
    is_own: bool
    """Whether the acting person keyed it first, and so cannot key it again."""
    has_number: bool = True
    paper_date: str = ""
    """The day on the paper (ISO), by which the paper is found again; empty where it has none."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that was keyed in two ways."""

    field: str
    first: str
    second: str


class SecondKeyingDesk:
    """The use cases of keying a paper form again."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace
        self._amendments = AmendmentDesk(workplace)

    def waiting(self) -> tuple[Waiting, ...]:
        """List the cases that wait, the oldest first, those of others before one's own."""
        scope = self._workplace.seat.scope
        with self._workplace.database.read() as connection:
            rows = read_rows(connection, RECORD_TYPES["applicant"], scope, {_MARK: _WAITING})
            gone = merged.noted(connection, scope)[0] if rows else {}
        lines = (self._line(row) for row in rows if row.record not in gone)
        return tuple(sorted(lines, key=lambda one: (one.is_own, one.at, one.record)))

    def _line(self, row: Row) -> Waiting:
        return Waiting(
            record=row.record,
            receipt=row.text("receipt_number"),
            village=village_label(self._workplace.policy, row.text("hukou_village")),
            at=row.created_at,
            by=row.created_by,
            is_own=row.created_by == self._workplace.person,
            has_number=row.text("id_type") != NO_NUMBER,
            paper_date=row.text(PAPER_DATE),
        )

    def compare(self, record: str, typed: Mapping[str, str]) -> tuple[Difference, ...]:
        """Say what was keyed in two ways; nothing is written.

        Raises:
            RuleError: ``keying.own`` where the acting person keyed it first, ``keying.over`` where
                it waits no more, ``keying.empty`` where nothing was keyed.
            StaleError: the registration was taken back meanwhile.
        """
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            row = work.row("applicant", record)
            guardians = work.rows("guardian", applicant=record)
        self._must_wait_for_me(row)
        again = tidy_keyed(typed)
        if not again["full_name"]:
            raise RuleError("keying.empty")
        guardian = guardians[0] if guardians else None
        first = {name: row.text(name) for name in KEYED[:3]}
        first["guardian_id_number"] = guardian.text("id_number") if guardian else ""
        first["guardian_phone"] = guardian.text("phone") if guardian else ""
        return tuple(
            Difference(name, first[name], again[name])
            for name in KEYED
            if first[name] != again[name]
        )

    def _must_wait_for_me(self, row: Row) -> None:
        if row.text(_MARK) != _WAITING:
            raise RuleError("keying.over")
        if row.created_by == self._workplace.person:
            raise RuleError("keying.own")

    def settle(
        self, record: str, typed: Mapping[str, str], keep: Mapping[str, str] | None = None
    ) -> str:
        """Note that both agree, or what is kept where they do not; give ``matched`` or ``settled``.

        Raises:
            RuleError: as ``compare``; ``keying.undecided`` where a difference has no decision;
                ``form.incomplete`` where what is kept cannot be right; ``amend.passed`` where a
                value of a passed case would change.
            StaleError: the registration was taken back, or a value was changed meanwhile.
        """
        found = self.compare(record, typed)
        kept = dict(keep or {})
        if any(kept.get(one.field) not in {FIRST, SECOND} for one in found):
            raise RuleError("keying.undecided", count=len(found))
        standing = _SETTLED if found else _MATCHED
        changed = {one.field: one.second for one in found if kept[one.field] == SECOND}
        if not changed:
            with self._workplace.journal.begin(self._workplace.actor()) as work:
                self._must_wait_for_me(work.row("applicant", record))
                work.edit("applicant", record, {_MARK: standing})
            return standing
        stored = self._amendments.open(record)
        form = {**stored.form, **changed, _MARK: standing}
        self._amendments.amend(record, form, stored.form, stored.decisions)
        return standing


def tidy_keyed(typed: Mapping[str, str]) -> dict[str, str]:
    """Write what was keyed as it would be stored, so that spelling alone is no difference."""
    told = {name: typed.get(name, "").strip() for name in KEYED}
    born = parse_date(told["birth_date"])
    return {
        "full_name": tidy_name(by_code_point(told["full_name"])),
        "id_number": tidy_number(told["id_number"]),
        "birth_date": born.isoformat() if born else told["birth_date"],
        "guardian_id_number": tidy_number(told["guardian_id_number"]),
        "guardian_phone": tidy_phone(told["guardian_phone"]),
    }
