"""Match the headers of a sheet to declared columns; refuse what would have to be guessed.

Titles above the header row are allowed, unknown columns are kept and named, and columns whose
contents have changed places are found before a single row is taken in.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from desktop_app.documents.reader import Cell, Row, Sheet
from desktop_app.domain.dates import parse_date
from desktop_app.domain.errors import Detail

ColumnKind = Literal["text", "date", "code", "digits", "identity"]
"""``digits`` are phones and the like; ``identity`` are numbers a sheet must hold as text."""

HEADER_WITHIN_ROWS = 10
_SAMPLE_ROWS = 200
_MAJORITY = 0.6
_MARKS = re.compile(
    r"[\s*★:：\ufeff\u200b-\u200d\u2060]|[(（\[【](?:必填|选填|可不填|必须填写)[)）\]】]"
)
_ID = re.compile(r"[0-9]{17}[0-9X]")
_PHONE = re.compile(r"1[0-9]{10}")
_NAME = re.compile(r"[\u3400-\u9fff·]{2,12}")
_EXPECTED: Mapping[ColumnKind, str] = {"identity": "id", "digits": "phone", "date": "date"}


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column: its field, the header it carries, other headers it is known by."""

    field: str
    header: str
    aliases: tuple[str, ...] = ()
    kind: ColumnKind = "text"
    required: bool = False


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One thing wrong with a column or a cell; ``column`` is our own header, never content."""

    column: str
    code: str
    details: Mapping[str, Detail] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """Where each field stands, or why the sheet is refused."""

    header_number: int
    positions: Mapping[str, int]
    unknown: tuple[str, ...]
    """Headers nobody declared, as written in the sheet: shown on the screen, not taken in."""
    problems: tuple[CellProblem, ...]


def match_columns(sheet: Sheet, columns: Sequence[Column]) -> ColumnMatch:
    """Find the header row within the first ten rows and match it; every problem is listed."""
    known = {fold_header(name): one for one in columns for name in (one.header, *one.aliases)}
    number, headers = _header_row(sheet, known)
    positions: dict[str, int] = {}
    problems: list[CellProblem] = []
    unknown: list[str] = []
    for position, header in enumerate(headers):
        column = known.get(fold_header(header))
        if column is None:
            if header:
                unknown.append(header)
        elif column.field in positions:
            problems.append(CellProblem(column.header, "column.twice"))
        else:
            positions[column.field] = position
    problems.extend(
        CellProblem(column.header, "column.missing")
        for column in columns
        if column.required and column.field not in positions
    )
    if not problems:
        problems.extend(_swapped(rows_below(sheet, number), columns, positions))
    return ColumnMatch(number, MappingProxyType(positions), tuple(unknown), tuple(problems))


def rows_below(sheet: Sheet, header_number: int) -> tuple[Row, ...]:
    """Give the rows under the header row."""
    return tuple(row for row in sheet.rows if row.number > header_number)


def fold_header(header: str) -> str:
    """Fold a header for comparison: width, case, blanks and the marks of required columns."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", header)).casefold()


def _header_row(sheet: Sheet, known: Mapping[str, Column]) -> tuple[int, tuple[str, ...]]:
    """Choose the row that names most declared columns; the uppermost of equals."""
    candidates = [(sheet.header_number, sheet.headers)]
    candidates += [
        (row.number, tuple(cell.text.strip() for cell in row.cells))
        for row in sheet.rows[: HEADER_WITHIN_ROWS - 1]
    ]

    def named(candidate: tuple[int, tuple[str, ...]]) -> int:
        return len({fold_header(header) for header in candidate[1]} & known.keys())

    return max(candidates, key=named)


def _swapped(
    rows: Sequence[Row], columns: Sequence[Column], positions: Mapping[str, int]
) -> list[CellProblem]:
    """Find columns that hold each other's kind: names under 证件号, numbers under 姓名."""
    shapes = {
        column.field: _usual_shape([row.cell(positions[column.field]) for row in rows])
        for column in columns
        if column.field in positions
    }
    found: list[CellProblem] = []
    paired: set[str] = set()
    for column in columns:
        expected = _EXPECTED.get(column.kind)
        shape = shapes.get(column.field)
        if expected is None or shape in {None, expected} or column.field in paired:
            continue
        for other in columns:
            if other.kind != column.kind and shapes.get(other.field) == expected:
                found.append(CellProblem(column.header, "column.swapped", {"other": other.header}))
                paired |= {column.field, other.field}
                break
    return found


def _usual_shape(cells: Sequence[Cell]) -> str | None:
    """Name the shape most cells of a column have; None where there is no clear one."""
    shapes = [shape for cell in cells[:_SAMPLE_ROWS] if (shape := _shape(cell)) is not None]
    if not shapes:
        return None
    shape, count = Counter(shapes).most_common(1)[0]
    return shape if shape != "other" and count >= _MAJORITY * len(shapes) else None


def _shape(cell: Cell) -> str | None:
    if cell.kind == "date":
        return "date"
    text = "".join(unicodedata.normalize("NFKC", cell.text).split()).upper()
    if cell.kind in {"empty", "error"} or not text:
        return None
    if _ID.fullmatch(text) or (cell.kind == "number" and "E+17" in text):
        return "id"
    if _PHONE.fullmatch(text):
        return "phone"
    if parse_date(text) is not None:
        return "date"
    return "name" if _NAME.fullmatch(text) else "other"
