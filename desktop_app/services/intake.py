"""Families from a workbook: good rows go in, each bad row is listed with its own reason.

Every row goes through the same assessment as a form typed by hand. Nothing is guessed and nothing
is dropped: what cannot go in stands on the repair list with its row number and why, in the database
until somebody has mended it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import msgspec

from desktop_app.documents.columns import ColumnMatch, match_columns
from desktop_app.documents.reader import Sheet, read_workbook
from desktop_app.documents.rows import ParsedRow, parse_rows
from desktop_app.domain.duplicates import Candidate, Finding, find_duplicates
from desktop_app.domain.errors import CancelledError, RuleError
from desktop_app.services.form import Assessment
from desktop_app.services.intake_rows import COLUMNS, Repair, RowReader, header_of
from desktop_app.services.progress import Progress
from desktop_app.services.registration import (
    RegistrationDesk,
    candidate_of,
    candidate_of_file,
)
from desktop_app.services.workplace import Workplace
from desktop_app.storage import repairs as kept
from desktop_app.storage.database import Connection
from desktop_app.storage.journal import Work
from desktop_app.storage.sameness import same_children

__all__ = ["COLUMNS", "Intake", "Judged", "Preview", "Repair", "WorkbookDesk", "header_of"]

_NEEDED_COLUMN = "id_number"
"""The column must be there; a child without a number (证件类型 Z) leaves its cell empty."""
_BATCH = 100
"""So many rows are one transaction: a power cut costs no more of them than these."""
_DUPLICATES = frozenset({"form.duplicate", "form.alike"})
_GUARDED_ALIKE = frozenset({"phone", "guardian_number"})
_ROWS = uuid.UUID("0f3f8b1e-52c0-4c7a-9b8e-6b1f2f0d7a55")


@dataclass(frozen=True, slots=True)
class Judged:
    """One row and what becomes of it: it goes in, it is mended first, or it is here already."""

    row: int
    form: Mapping[str, str]
    repairs: tuple[Repair, ...] = ()
    held: bool = False
    name: str = ""
    """Names the row by its contents, whatever workbook brings it."""
    assessment: Assessment | None = field(default=None, compare=False, repr=False)
    """What is known of a good row; not kept longer than it takes to register it."""

    @property
    def is_good(self) -> bool:
        """Say whether it goes in."""
        return not self.repairs


@dataclass(frozen=True, slots=True)
class Preview:
    """What a workbook would do, before anything is written."""

    source: str
    lines: tuple[Judged, ...]
    matched: tuple[str, ...]
    missing: tuple[str, ...]
    """Declared columns the sheet does not have."""
    unknown: tuple[str, ...]
    skipped_blank: int
    others: tuple[str, ...]

    @property
    def counts(self) -> tuple[int, int, int]:
        """Count the rows that go in, that are mended first, that are here already."""
        held = sum(line.held for line in self.lines)
        good = sum(line.is_good for line in self.lines)
        return good, len(self.lines) - good - held, held


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of a workbook."""

    registered: tuple[str, ...]
    repairs: tuple[Repair, ...]
    duplicates: int
    skipped_blank: int
    unknown_columns: tuple[str, ...]

    @property
    def rejected_rows(self) -> int:
        """Count the rows on the repair list."""
        return len({repair.row for repair in self.repairs})


@dataclass(frozen=True, slots=True)
class _Read:
    """A sheet whose columns fit."""

    source: str
    sheet: Sheet
    match: ColumnMatch
    rows: tuple[ParsedRow, ...]


class _Earlier:
    """The good rows before this one that the database does not show yet."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[tuple[Candidate, str]]] = {}

    def add(self, one: Candidate, guardian: str) -> None:
        """Remember a row."""
        for key in one.id_numbers | one.birth_certificates | one.name_keys:
            self._by_key.setdefault(key, []).append((one, guardian))

    def findings(self, one: Candidate) -> Iterator[tuple[Finding, str]]:
        """Give what joins a row with an earlier one, and that one's guardian."""
        for key in one.id_numbers | one.birth_certificates | one.name_keys:
            for other, guardian in self._by_key.get(key, ()):
                for finding in find_duplicates(one, (other,)):
                    yield finding, guardian


class WorkbookDesk:
    """Registers the families of a workbook."""

    def __init__(self, workplace: Workplace, stage: str = "P1") -> None:
        """Work at an open workplace for a stage."""
        self._workplace = workplace
        self._reader = RowReader(workplace.policy)
        self._desk = RegistrationDesk(workplace, stage)

    def take_in(self, path: Path, progress: Progress | None = None) -> Intake:
        """Read a workbook in a child process behind the guard, and register its good rows.

        Raises:
            UntrustedError: the file is not a workbook that can be read safely.
            RuleError: a required column is missing, or two have changed places.
            CancelledError: it was stopped; what had gone in by then stays.
        """
        read = self._read(path, path.name, progress)
        lines = map(self._judge, read.rows)
        return self._enter(lines, len(read.rows), read.source, progress, read)

    def look(self, source: Path | bytes, name: str, progress: Progress | None = None) -> Preview:
        """Read a workbook, or a block that was copied, and say what would become of each row.

        Nothing is written.

        Raises:
            UntrustedError: it cannot be read safely.
            RuleError: a required column is missing, or two have changed places.
            CancelledError: it was stopped.
        """
        read = self._read(source, name, progress)
        earlier, lines = _Earlier(), []
        with self._workplace.database.read() as connection:
            for done, row in enumerate(read.rows):
                _tell(progress, done, len(read.rows), "judging")
                line = self._judge(row)
                lines.append(self._compared(connection, line, earlier))
        found = read.match.positions
        return Preview(
            source=name,
            lines=tuple(lines),
            matched=tuple(one.header for one in COLUMNS if one.field in found),
            missing=tuple(one.header for one in COLUMNS if one.field not in found),
            unknown=read.match.unknown,
            skipped_blank=read.sheet.skipped_blank,
            others=read.sheet.others,
        )

    def enter(self, preview: Preview, progress: Progress | None = None) -> Intake:
        """Register the good rows of what was shown; each is compared with everybody once more.

        Raises:
            CancelledError: it was stopped; what had gone in by then stays.
        """
        return self._enter(preview.lines, len(preview.lines), preview.source, progress)

    # --- reading ------------------------------------------------------------------------------

    def _read(self, source: Path | bytes, name: str, progress: Progress | None) -> _Read:
        sheet = read_workbook(source, on_rows=lambda rows: _tell(progress, rows, 0, "reading"))
        match = match_columns(sheet, COLUMNS)
        if match.problems:
            first = match.problems[0]
            alike = dict.fromkeys(one.column for one in match.problems if one.code == first.code)
            named = first.column if first.details else "、".join(alike)
            raise RuleError(first.code, column=named, **first.details)
        if _NEEDED_COLUMN not in match.positions:
            raise RuleError("column.missing", column=header_of(_NEEDED_COLUMN))
        return _Read(name, sheet, match, parse_rows(sheet, COLUMNS, match))

    def _judge(self, row: ParsedRow) -> Judged:
        """Say everything that is wrong with a row by itself."""
        form, wrong = self._reader.form(row)
        if row.problems:
            # What a cell lacks comes first: what follows from it would only be repeated.
            read = {header_of(name): text for name, text in row.read.items()}
            faults = tuple(
                Repair(row.number, one.column, one.code, one.details, read.get(one.column, ""))
                for one in row.problems
            )
            return Judged(row.number, form, faults, name=_name_of(row))
        assessment = self._desk.assess(form)
        known = {one.column for one in wrong}
        faults = (*wrong, *_faults(row.number, form, assessment, known))
        if faults:
            return Judged(row.number, form, faults, name=_name_of(row))
        return Judged(row.number, form, assessment=assessment)

    # --- comparing ----------------------------------------------------------------------------

    def _compared(self, connection: Connection, line: Judged, earlier: _Earlier) -> Judged:
        """Say whether a good row's child is here already, in the database or further up."""
        if line.assessment is None:
            return line
        compared = self._against(connection, line, line.assessment, earlier)
        return replace(compared, assessment=None)

    def _against(
        self, connection: Connection, line: Judged, assessment: Assessment, earlier: _Earlier
    ) -> Judged:
        """Compare a row with everybody.

        At the desk rule D3 stops nobody, since a person looks at both; a workbook has nobody who
        looks, so a child of the same name, sex, birth date and guardian waits for one. Of whom the
        number is here under the same name, the row is here already, as when it comes twice.
        """
        guardian = assessment.value("guardian_name")
        subject = candidate_of(assessment, self._workplace.seat.scope, f"row {line.row}")
        found = [*_standing(connection, subject), *earlier.findings(subject)]
        for finding, other in found:
            if finding.stops:
                details = {"rule": finding.rule}
                repair = Repair(line.row, header_of("id_number"), "form.duplicate", details)
                return _met(line, repair, held="name" in finding.why)
            if finding.rule == "D3" and (other == guardian or _GUARDED_ALIKE & {*finding.why}):
                return _met(line, Repair(line.row, header_of("full_name"), "form.alike"), held=True)
        earlier.add(subject, guardian)
        return line

    # --- writing ------------------------------------------------------------------------------

    def _enter(
        self,
        lines: Iterable[Judged],
        total: int,
        source: str,
        progress: Progress | None,
        read: _Read | None = None,
    ) -> Intake:
        """Register the good rows and keep the bad ones, some rows a transaction."""
        registered: list[str] = []
        wrong: list[Judged] = []
        stopped: CancelledError | None = None
        numbered = enumerate(lines)
        while stopped is None and (some := list(islice(numbered, _BATCH))):
            with self._workplace.journal.begin(self._workplace.actor()) as work:
                earlier, bad = _Earlier(), []
                for done, line in some:
                    try:
                        _tell(progress, done, total, "intake")
                    except CancelledError as error:
                        stopped = error
                        break
                    record = self._take(work, line, earlier)
                    if isinstance(record, str):
                        registered.append(record)
                    else:
                        bad.append(record)
                rows = [_kept(source, one) for one in bad if not one.held]
                kept.keep(work.connection, rows, self._workplace.person)
            wrong += bad
        if stopped is not None:
            raise stopped
        _tell(progress, total, total, "intake")
        repairs = tuple(one for line in wrong for one in line.repairs)
        return Intake(
            tuple(registered),
            repairs,
            sum(any(one.code in _DUPLICATES for one in line.repairs) for line in wrong),
            read.sheet.skipped_blank if read is not None else 0,
            read.match.unknown if read is not None else (),
        )

    def _take(self, work: Work, line: Judged, earlier: _Earlier) -> str | Judged:
        """Register a row and give its record, or say everything that is wrong with it."""
        if not line.is_good:
            return line
        assessment = line.assessment or self._desk.assess(line.form)
        compared = self._against(work.connection, line, assessment, earlier)
        return self._desk.enter(work, assessment).record if compared.is_good else compared


def _faults(
    row: int, form: Mapping[str, str], assessment: Assessment, known: set[str]
) -> Iterator[Repair]:
    """Give what the form's own rules say of a row, one reason a column."""
    for one in assessment.problems:
        column = header_of(one.field)
        if one.blocks and column not in known:
            yield Repair(row, column, one.code, one.details, form.get(one.field, ""))
            known.add(column)
    for name in assessment.needed:
        if header_of(name) not in known:
            yield Repair(row, header_of(name), "form.required")


def _standing(connection: Connection, subject: Candidate) -> Iterator[tuple[Finding, str]]:
    """Give what joins a row with a registration that stands, and that one's guardian."""
    for file in same_children(connection, subject.school, subject):
        guardian = file.guardians[0].text("full_name") if file.guardians else ""
        for finding in find_duplicates(subject, (candidate_of_file(file),)):
            yield finding, guardian


def _tell(progress: Progress | None, done: int, total: int, note: str) -> None:
    if progress is not None:
        progress.step(done, total, note)


def _met(line: Judged, repair: Repair, *, held: bool) -> Judged:
    """Give a good row whose child was met elsewhere."""
    # Only a row by itself knows what its cells said; a child met elsewhere is named by its form.
    return Judged(line.row, line.form, (repair,), held, _named(sorted(line.form.items())))


def _name_of(row: ParsedRow) -> str:
    return _named(sorted({**row.values, **row.read}.items()))


def _named(values: Sequence[tuple[str, str]]) -> str:
    return uuid.uuid5(_ROWS, msgspec.json.encode(values).decode()).hex


def _kept(source: str, line: Judged) -> kept.Kept:
    faults = [
        kept.Fault(one.column, one.code, dict(one.details), one.found) for one in line.repairs
    ]
    return kept.Kept(line.name, source, line.row, line.form, faults)
