"""The list of primary graduates at a junior school 毕业生名单: find, fill the form, who is missing.

The district wrote it; the school only reads it. What the list knows fills the form and can be
corrected there, by what the family shows; the list itself stays as it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop_app.domain.codes import CODE_LISTS
from desktop_app.domain.declare import Value
from desktop_app.domain.masks import mask_number, mask_phone
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.access_log import note_access
from desktop_app.services.graduate_rows import LeaverReader
from desktop_app.services.graduates import GRADUATE
from desktop_app.services.people import PeopleDesk
from desktop_app.services.workplace import Workplace
from desktop_app.storage.database import Connection
from desktop_app.storage.graduates import arrived
from desktop_app.storage.journal import Work
from desktop_app.storage.rows import Row, read_row, read_rows

_DIRECT = {
    "id_type": "id_type",
    "id_number": "id_number",
    "national_student_no": "national_student_no",
    "full_name": "full_name",
    "sex": "sex",
    "birth_date": "birth_date",
    "school": "primary_school",
    "guardian_name": "guardian_name",
    "phone": "guardian_phone",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One child of the list: what finds them, and whether they have come."""

    record: str
    name: str
    birth: str
    school: str
    class_name: str
    id_tail: str
    roll_tail: str
    masked_number: str
    masked_phone: str
    guardian: str
    intention: str
    come: bool


@dataclass(frozen=True, slots=True)
class Book:
    """The whole list as the form works with it: read once, so that no key waits for it."""

    entries: tuple[Entry, ...] = ()
    fills: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By entry, what it fills into the form."""

    def by_number(self, number: str) -> str:
        """Give the entry that has an ID number, empty where there is none."""
        found = (name for name, fill in self.fills.items() if fill.get("id_number") == number)
        return next(found, "")


class ArrivalDesk:
    """The use cases around the list at a school."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open workplace."""
        self._workplace = workplace
        self._policy = workplace.policy
        self._reader = LeaverReader(workplace.policy)

    def entries(self) -> tuple[Entry, ...]:
        """Give everybody on the list, by the school and class they leave."""
        return self.book().entries

    def off_list(self) -> int:
        """Count the registered children who are not on the list."""
        scope = self._workplace.seat.scope
        with self._workplace.database.read() as connection:
            listed = {row.record for row in self._rows(connection)}
            said = arrived(connection, scope).values()
        return sum(one not in listed for one in said) if listed else 0

    def _rows(self, connection: Connection) -> list[Row]:
        season = {"season": self._policy.season_year}
        scope = self._workplace.seat.scope
        return read_rows(connection, RECORD_TYPES[GRADUATE], scope, dict(season))

    def fill(self, record: str) -> dict[str, str]:
        """Give what the list knows of a child, as the form takes it; empty where it is gone."""
        scope = self._workplace.seat.scope
        with self._workplace.database.read() as connection:
            row = read_row(connection, RECORD_TYPES[GRADUATE], scope, record)
        return {} if row is None else self._fill(row)

    def book(self) -> Book:
        """Give the whole list, and what each entry fills into the form."""
        scope = self._workplace.seat.scope
        with self._workplace.database.read() as connection:
            rows = self._rows(connection)
            come = set(arrived(connection, scope).values())
        rows.sort(key=_place)
        entries = tuple(_entry(row, come=row.record in come) for row in rows)
        return Book(entries, {row.record: self._fill(row) for row in rows})

    def _fill(self, row: Row) -> dict[str, str]:
        form = {target: row.text(name) for name, target in _DIRECT.items()}
        form |= self._home("hukou", row.text("hukou_address"))
        if row.text("current_address") == row.text("hukou_address"):
            form |= {"same_address": "1"} if row.text("current_address") else {}
        else:
            form |= self._home("current", row.text("current_address"))
        return {name: text for name, text in form.items() if text} | {GRADUATE: row.record}

    def _home(self, kind: str, address: str) -> dict[str, str]:
        """Part an address into the village of the district and what follows it."""
        village, _ = self._reader.home(address)
        if not village:
            return {f"{kind}_address": address}
        rest = address.partition(self._policy.villages[village].label)[2].strip()
        return {f"{kind}_village": village, f"{kind}_address": rest}

    def unmask(self, record: str) -> str:
        """Give the telephone of a child's family, and log with a signature that somebody looked.

        Raises:
            RuleError: ``people.not_granted``: nobody would count who looked.
            StaleError: the entry is not there, or no longer.
        """
        PeopleDesk(self._workplace).must_count()
        with self._workplace.journal.begin(self._workplace.actor()) as work:
            phone = work.row(GRADUATE, record).text("phone")
            note_access(work, record, "unmask")
        return phone


def recognised(work: Work, values: Mapping[str, Value]) -> str | None:
    """Give the entry of the list that has a child's very number; a person may have said another."""
    said = values.get(GRADUATE)
    if said or values.get("stage") != "J1":
        return str(said) if said else None
    for name in ("id_number", "national_student_no"):
        found = work.rows(GRADUATE, **{name: values[name]}) if values.get(name) else []
        if len(found) == 1:
            return found[0].record
    return None


def listed_as(said: str) -> str:
    """Say why a child is not on the list, empty for one who is."""
    codes = CODE_LISTS["off_list"]
    return codes.label_of(said) if said in codes else ""


def _place(row: Row) -> tuple[str, str, str]:
    return row.text("school"), row.text("class_name"), row.record


def _entry(row: Row, *, come: bool) -> Entry:
    number, roll = row.text("id_number"), row.text("national_student_no")
    intention = row.text("intention")
    return Entry(
        record=row.record,
        name=row.text("full_name"),
        birth=row.text("birth_date"),
        school=row.text("school"),
        class_name=row.text("class_name"),
        id_tail=number[-6:],
        roll_tail=roll[-6:],
        masked_number=mask_number(number),
        masked_phone=mask_phone(row.text("phone")),
        guardian=row.text("guardian_name"),
        intention=CODE_LISTS["intention"].label_of(intention) if intention else "",
        come=come,
    )
