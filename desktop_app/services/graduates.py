"""The district's list of primary graduates 小升初名单: taken in, assigned, and who has come.

A workbook is read in the child process and shown before anything is written. The good rows go into
the district's feed of the junior school that the catchment table names, and travel there with its
answer; the bad ones are listed. The same child twice, in one workbook or in two, is nobody twice;
who may be one child, listed by one number each time, waits for a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.documents.columns import match_columns
from desktop_app.documents.reader import read_workbook
from desktop_app.documents.rows import parse_rows
from desktop_app.documents.writer import SheetContent, write_workbook
from desktop_app.domain.acts import Role
from desktop_app.domain.declare import Value
from desktop_app.domain.errors import RuleError
from desktop_app.domain.feeder import JUNIOR
from desktop_app.domain.listed_twice import Listed as OneEntry
from desktop_app.domain.records import RECORD_TYPES
from desktop_app.services.graduate_rows import COLUMNS, Leaver, LeaverReader, keys_of
from desktop_app.services.intake_rows import Repair
from desktop_app.services.people import PeopleDesk
from desktop_app.services.progress import Progress
from desktop_app.services.wording import faults_label
from desktop_app.services.workplace import Workplace
from desktop_app.storage.database import Connection
from desktop_app.storage.graduates import arrived, faulted
from desktop_app.storage.rows import Row, read_rows

GRADUATE = "graduate"
_BATCH = 100
"""So many children are one transaction: a power cut costs no more of them than these."""
_ASSIGNABLE = frozenset({"unassigned", "good", "alike"})
REPAIRS = "毕业生名单-待改.xlsx"
_LEFT_OUT = frozenset({"unassigned", "wrong", "alike"})
_NUMBERS = frozenset({"id_number", "national_student_no"})
_LEFT = frozenset({"school", "school_code"})
"""The columns that say which primary school was left; a list of first-graders has neither."""


@dataclass(frozen=True, slots=True)
class LeaverPreview:
    """What a workbook would do, before anything is written."""

    source: str
    lines: tuple[Leaver, ...]
    unknown: tuple[str, ...]
    skipped_blank: int

    @property
    def counts(self) -> Mapping[str, int]:
        """Count the rows by state: good, unassigned, wrong, held, alike."""
        return Counter(line.state for line in self.lines)

    def outcome(self) -> Listed:
        """Say what writing it would come to."""
        return _outcome(self.lines)

    def left(self) -> LeaverPreview:
        """Give what writing it leaves: rows without a school, to be mended, or to be looked at."""
        lines = tuple(one for one in self.lines if one.state in _LEFT_OUT)
        return replace(self, lines=lines)

    def assigned(self, row: int, school: str) -> LeaverPreview:
        """Give the preview with one child assigned by hand: a child of its own, whoever is alike.

        Raises:
            RuleError: ``graduate.no_row``: no such row, or one that is not to be written.
        """
        if not any(line.row == row and line.state in _ASSIGNABLE for line in self.lines):
            raise RuleError("graduate.no_row", row=row)
        lines = tuple(
            replace(line, school=school, basis="", alike="", is_apart=True)
            if line.row == row
            else line
            for line in self.lines
        )
        return replace(self, lines=lines)


@dataclass(frozen=True, slots=True)
class Listed:
    """What became of a workbook: how many went to which school, and what did not go in."""

    entered: Mapping[str, int]
    unassigned: int
    held: int
    repairs: tuple[Repair, ...]
    alike: int = 0
    """Rows that may be a child listed already, by another number: a person says."""

    @property
    def rejected_rows(self) -> int:
        """Count the rows that are to be mended."""
        return len({one.row for one in self.repairs})


@dataclass(frozen=True, slots=True)
class SchoolCount:
    """One junior school: how many are on its list 应到, and how many of them have come 已到."""

    school: str
    label: str
    listed: int
    come: int
    unlisted: int
    """Children registered there who are not on the list."""
    faulted: int = 0
    """Entries of which the school says that something is wrong 名册有误."""

    @property
    def absent(self) -> int:
        """Count those who have not come yet 未到."""
        return self.listed - self.come


class GraduateDesk:
    """The use cases of the page 毕业生名单, at the district."""

    def __init__(self, workplace: Workplace) -> None:
        """Work at an open district workplace."""
        self._workplace = workplace
        self._policy = workplace.policy
        self._reader = LeaverReader(workplace.policy)

    def junior_schools(self) -> dict[str, str]:
        """Name the junior schools by code, those with a rule in the catchment table first."""
        named = {rule.school for rule in self._policy.catchment if rule.stage == JUNIOR}
        junior = [one for one in self._policy.schools.values() if one.stage == JUNIOR]
        return {
            one.code: one.label for one in sorted(junior, key=lambda one: one.code not in named)
        }

    # --- taking in --------------------------------------------------------------------------

    def look(self, path: Path, progress: Progress | None = None) -> LeaverPreview:
        """Read a workbook in the child process, and say what would become of each row.

        Nothing is written.

        Raises:
            RuleError: ``graduate.not_officer``; ``graduate.no_primary``: nobody is said to have
                left a primary school; or a required column is missing.
            UntrustedError: the file cannot be read safely.
            CancelledError: it was stopped.
        """
        self._must_be_officer()
        sheet = read_workbook(path, on_rows=lambda rows: _tell(progress, rows, 0, "reading"))
        match = match_columns(sheet, COLUMNS)
        if match.problems:
            first = match.problems[0]
            raise RuleError(first.code, column=first.column, **first.details)
        if not _NUMBERS & match.positions.keys():
            raise RuleError("column.missing", column="证件号")
        if not _LEFT & match.positions.keys():
            raise RuleError("graduate.no_primary", column="毕业学校")
        lines = [self._reader.read(row) for row in parse_rows(sheet, COLUMNS, match)]
        with self._workplace.database.read() as connection:
            known = self._known(connection)
        return LeaverPreview(
            path.name, tuple(_compared(lines, known)), match.unknown, sheet.skipped_blank
        )

    def enter(self, preview: LeaverPreview, progress: Progress | None = None) -> Listed:
        """Write the children who have a school, each in the district's feed for it.

        Each is compared with everybody once more; what has no school stays out and is counted.

        Raises:
            RuleError: ``graduate.not_officer``; ``graduate.no_school``: no such junior school.
            CancelledError: it was stopped; what had gone in by then stays.
        """
        self._must_be_officer()
        with self._workplace.database.read() as connection:
            lines = tuple(_compared(preview.lines, self._known(connection)))
        by_school: dict[str, list[Leaver]] = {}
        for line in lines:
            if line.state == "good":
                by_school.setdefault(line.school, []).append(line)
        if by_school.keys() - self.junior_schools().keys():
            raise RuleError("graduate.no_school")
        self._write(by_school, progress)
        return _outcome(lines)

    def save_left(self, folder: Path, lines: Sequence[tuple[str, ...]]) -> Path:
        """Write which rows do not go in, and why, headers first; the list before is replaced.

        Raises:
            WorkplaceError: the disk refused.
        """
        headers, *rows = lines
        path = folder / REPAIRS
        write_workbook(path, [SheetContent("待改清单", headers, rows)])
        return path

    def _write(self, by_school: Mapping[str, Sequence[Leaver]], progress: Progress | None) -> None:
        """Write the children of every school into the district's feed for it."""
        total, done = sum(map(len, by_school.values())), 0
        for school, leavers in by_school.items():
            self._workplace.ensure_feed(school)
            for start in range(0, len(leavers), _BATCH):
                _tell(progress, done, total, "listing")
                some = leavers[start : start + _BATCH]
                with self._workplace.journal.begin(self._workplace.actor(), school) as work:
                    for line in some:
                        work.create(GRADUATE, line.values)
                done += len(some)
        _tell(progress, total, total, "listing")

    def _must_be_officer(self) -> None:
        if Role.OFFICER not in PeopleDesk(self._workplace).roles():
            raise RuleError("graduate.not_officer")

    def _known(self, connection: Connection) -> _Known:
        """Give who is listed this season already, by what they are known by, with the school."""
        known = _Known()
        for school, label in self.junior_schools().items():
            for row in self._rows(connection, school):
                known.add(row.values, label)
        return known

    def _rows(self, connection: Connection, school: str) -> list[Row]:
        season = {"season": self._policy.season_year}
        return read_rows(connection, RECORD_TYPES[GRADUATE], school, dict(season))

    # --- the list ---------------------------------------------------------------------------

    def counts(self) -> tuple[SchoolCount, ...]:
        """Count, for every junior school, who is listed and who has come."""
        with self._workplace.database.read() as connection:
            found = []
            for school, label in self.junior_schools().items():
                rows = {row.record for row in self._rows(connection, school)}
                come = arrived(connection, school)
                off = sum(said not in rows for said in come.values())
                wrong = len(rows & set(faulted(connection, school)))
                here = len(rows & set(come.values()))
                found.append(SchoolCount(school, label, len(rows), here, off, wrong))
        return tuple(found)

    def children(self, school: str) -> tuple[Row, ...]:
        """Give the children listed for a school, by name of the school they leave."""
        with self._workplace.database.read() as connection:
            rows = self._rows(connection, school)
        return tuple(sorted(rows, key=lambda row: (row.text("school"), row.text("class_name"))))

    def come(self, school: str) -> frozenset[str]:
        """Name the entries whose children are registered."""
        with self._workplace.database.read() as connection:
            return frozenset(arrived(connection, school).values())

    def faults(self, school: str) -> dict[str, str]:
        """Say of which entries the school says that something is wrong, and what."""
        with self._workplace.database.read() as connection:
            found = faulted(connection, school)
        return {record: faults_label(fault) for record, fault in found.items()}

    def move(self, record: str, school: str, to: str) -> None:
        """Assign a listed child to another junior school by hand.

        Raises:
            RuleError: ``graduate.not_officer``; ``graduate.no_school``; ``graduate.came``: the
                child is registered where it is listed.
            StaleError: the entry is not there, or no longer.
        """
        self._must_be_officer()
        if to not in self.junior_schools() or to == school:
            raise RuleError("graduate.no_school")
        if record in self.come(school):
            raise RuleError("graduate.came")
        self._workplace.ensure_feed(to)
        with self._workplace.journal.begin(self._workplace.actor(), school) as work:
            values = work.row(GRADUATE, record).values
        # The new entry first: a power cut between both leaves the child listed twice, never lost.
        with self._workplace.journal.begin(self._workplace.actor(), to) as work:
            work.create(GRADUATE, values)
        with self._workplace.journal.begin(self._workplace.actor(), school) as work:
            work.remove(GRADUATE, record)


def _outcome(lines: Sequence[Leaver]) -> Listed:
    """Count what becomes of rows."""
    counts = Counter(line.state for line in lines)
    return Listed(
        entered=Counter(line.school for line in lines if line.state == "good"),
        unassigned=counts["unassigned"],
        held=counts["held"],
        repairs=tuple(one for line in lines for one in line.repairs),
        alike=counts["alike"],
    )


class _Known:
    """Entries of the list by what they are known by, each with where it stands."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._exact: dict[str, str] = {}
        self._likes: dict[str, list[tuple[OneEntry, str]]] = {}

    def add(self, values: Mapping[str, Value], where: str) -> None:
        """Take an entry."""
        self._exact |= dict.fromkeys(keys_of(values), where)
        entry = OneEntry.of(values)
        for key in entry.traits():
            self._likes.setdefault(key, []).append((entry, where))

    def same(self, values: Mapping[str, Value]) -> str:
        """Say where the same child stands, by a number or, without one, by all that is told."""
        return next((self._exact[key] for key in keys_of(values) if key in self._exact), "")

    def alike(self, values: Mapping[str, Value]) -> str:
        """Say where a child stands that may be the same, listed by another number."""
        entry = OneEntry.of(values)
        found = (
            where
            for key in entry.traits()
            for other, where in self._likes.get(key, ())
            if entry.may_be(other)
        )
        return next(found, "")


def _compared(lines: Iterable[Leaver], known: _Known) -> Iterator[Leaver]:
    """Say of every row whether its child is listed already or may be, here or further up."""
    above = _Known()
    for line in lines:
        if line.repairs:
            yield line
            continue
        held = known.same(line.values) or above.same(line.values)
        alike = "" if held or line.is_apart else known.alike(line.values)
        alike = alike or ("" if held or line.is_apart else above.alike(line.values))
        above.add(line.values, f"第 {line.row} 行")
        yield replace(line, held=held, alike=alike)


def _tell(progress: Progress | None, done: int, total: int, note: str) -> None:
    if progress is not None:
        progress.step(done, total, note)
