"""Read the cells of matched rows: good rows come out, bad ones carry each their own reason.

Trimming is all that happens to text; full-width digits are tidied where only digits belong. What
Excel has damaged is named as such. Whether a number or name is *right* is for the domain to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from desktop_app.documents.columns import (
    CellProblem,
    Column,
    ColumnKind,
    ColumnMatch,
    match_columns,
    rows_below,
)
from desktop_app.documents.reader import Cell, Row, Sheet
from desktop_app.domain.dates import parse_date
from desktop_app.domain.errors import RuleError
from desktop_app.domain.identity import looks_excel_damaged

MOST_DIGITS_OF_A_NUMBER = 11
"""A number cell may hold a mobile number; anything longer may have lost its tail in Excel."""

_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"
_MIDNIGHT = re.compile(r"[ T]0?0:00(?::00)?$")
_SHORT_YEAR = re.compile(r"[0-9]{2}(?:[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?|[0-9]{4})")
_LONG_YEAR = re.compile(r"[0-9]{4}(?:[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?|[0-9]{4})")


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """One row of the sheet: the values that could be read, and what is wrong with the others."""

    number: int
    values: Mapping[str, str]
    problems: tuple[CellProblem, ...]
    read: Mapping[str, str] = field(default_factory=dict)
    """The cells that could not be taken, as the sheet shows them: for whoever mends the row."""


class _CellError(Exception):
    """The cell cannot be taken as it is; carries the code of the reason."""


def parse_rows(
    sheet: Sheet, columns: Sequence[Column], match: ColumnMatch | None = None
) -> tuple[ParsedRow, ...]:
    """Read every row below the header row.

    Args:
        sheet: as read.
        columns: the declared columns.
        match: the result of ``match_columns`` for the same sheet, if the caller has it.

    Raises:
        RuleError: the columns themselves were refused.
    """
    found = match if match is not None else match_columns(sheet, columns)
    if found.problems:
        raise RuleError("workbook.columns", count=len(found.problems))
    placed = [(column, found.positions.get(column.field)) for column in columns]
    return tuple(_parse_row(row, placed) for row in rows_below(sheet, found.header_number))


def _parse_row(row: Row, placed: Sequence[tuple[Column, int | None]]) -> ParsedRow:
    values: dict[str, str] = {}
    problems: list[CellProblem] = []
    read: dict[str, str] = {}
    for column, position in placed:
        if position is None:
            continue
        try:
            text = parse_cell(row.cell(position), column.kind)
        except _CellError as error:
            problems.append(CellProblem(column.header, str(error)))
            cell = row.cell(position)
            read[column.field] = "" if cell.kind == "error" else _trim(cell.text)
            continue
        if text:
            values[column.field] = text
        elif column.required:
            problems.append(CellProblem(column.header, "cell.missing"))
    return ParsedRow(row.number, values, tuple(problems), read)


def parse_cell(cell: Cell, kind: ColumnKind) -> str:
    """Read one cell as its column's kind; an empty one gives an empty text.

    Raises:
        _CellError: it cannot be read without guessing; the code says why.
    """
    if cell.kind == "empty":
        return ""
    if cell.kind == "error":
        raise _CellError(_ERROR_CODES.get(cell.text, "cell.error_value"))
    if cell.kind == "bool":
        raise _CellError("cell.not_text")
    return _READERS[kind](cell)


_ERROR_CODES = {"formula": "cell.formula_empty", "too_long": "cell.too_long"}


def _trim(text: str) -> str:
    """Take blanks and marks of no width off both ends, in whatever order they came along."""
    start, end = 0, len(text)
    while start < end and _is_unseen(text[start]):
        start += 1
    while start < end and _is_unseen(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_unseen(sign: str) -> bool:
    return sign.isspace() or sign in _INVISIBLE


def _narrow(text: str) -> str:
    """Tidy a text of digits: full width to half width, no blanks."""
    return "".join(unicodedata.normalize("NFKC", _trim(text)).split())


def _read_text(cell: Cell) -> str:
    if cell.kind == "date" or (cell.kind == "number" and not cell.text.lstrip("-").isdigit()):
        raise _CellError("cell.not_text")
    return _trim(cell.text)


def _read_digits(cell: Cell) -> str:
    if cell.kind == "date":
        raise _CellError("cell.not_text")
    if cell.kind == "number":
        if not cell.text.isdigit() or len(cell.text) > MOST_DIGITS_OF_A_NUMBER:
            raise _CellError("cell.excel_number")
        return cell.text
    return _undamaged(_narrow(cell.text))


def _read_identity(cell: Cell) -> str:
    if cell.kind == "number":
        raise _CellError("cell.excel_number")
    return _read_digits(cell)


def _undamaged(text: str) -> str:
    if looks_excel_damaged(text):
        raise _CellError("cell.excel_damaged")
    return text


def _read_date(cell: Cell) -> str:
    if cell.kind == "number" and not (cell.text.isdigit() and len(cell.text) == 8):
        # 43173 may be a day counted by Excel or a slip; the sheet does not say which.
        raise _CellError("cell.date_is_number")
    if cell.kind == "date":
        return cell.text.partition("T")[0]
    text = _MIDNIGHT.sub("", unicodedata.normalize("NFKC", _trim(cell.text)))
    if not text:
        return ""
    day = parse_date(text)
    if day is not None:
        return day.isoformat()
    plain = _narrow(text)
    if _LONG_YEAR.fullmatch(plain):
        raise _CellError("cell.date_unreal")
    if _SHORT_YEAR.fullmatch(plain):
        raise _CellError("cell.date_two_digit_year")
    raise _CellError("cell.date_unclear")


_READERS: Mapping[ColumnKind, Callable[[Cell], str]] = {
    "text": _read_text,
    "code": _read_text,
    "digits": _read_digits,
    "identity": _read_identity,
    "date": _read_date,
}
