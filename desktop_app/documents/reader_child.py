"""The child's side of reading a workbook: guard, parser, strict JSON lines out.

First line: the sheet; then one line per row that holds anything, ``[number, [[kind, text], …]]``;
last line: how many rows were sent and how many blank ones lay between. A refusal is one line.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from python_calamine import CalamineError, CalamineWorkbook

from desktop_app.documents.compound import MAGIC
from desktop_app.documents.container import MAX_FILE_BYTES
from desktop_app.documents.guard import Inspected, inspect_workbook
from desktop_app.documents.old_guard import inspect_old
from desktop_app.documents.sheet_scan import Odd
from desktop_app.documents.text_rows import MAX_CELL_CHARACTERS, text_rows
from desktop_app.domain.errors import UntrustedError

MAX_INPUT_BYTES = MAX_FILE_BYTES
EXACT_INTEGER_BELOW = 10**15
"""Excel keeps 15 digits; what is longer has lost its tail."""

_FLUSH_BYTES = 256 * 1024
_ZIP = b"PK"
_EMPTY = ("empty", "")
_FALLBACK = ("error", "unknown")

Coded = tuple[str, str]
Write = Callable[[bytes], None]


def answer(data: bytes, write: Write) -> None:
    """Read the workbook and write the answer; what it is, its first bytes say, not its name."""
    try:
        _refuse_large(data)
        if data.startswith(MAGIC):
            _send(data, inspect_old(data), write)
        elif data.startswith(_ZIP):
            _send(data, inspect_workbook(data), write)
        else:
            _send_text(data, write)
    except UntrustedError as error:
        refusal = {"refused": error.code, "details": dict(error.details)}
        write(msgspec.json.encode(refusal) + b"\n")
    except CalamineError:
        write(b'{"refused":"workbook.unreadable","details":{}}\n')


def _refuse_large(data: bytes) -> None:
    if len(data) > MAX_FILE_BYTES:
        raise UntrustedError("workbook.too_large", megabytes=MAX_FILE_BYTES // 1024 // 1024)


def _send(data: bytes, inspected: Inspected, write: Write) -> None:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(inspected.sheet)
    encode = msgspec.json.Encoder().encode
    pending = bytearray(encode({"sheet": inspected.sheet, "others": inspected.others}) + b"\n")
    first_column = sheet.start[1] if sheet.start else 0
    odd_rows = _by_row(inspected.facts.odd)
    number = sent = blank = unsent_blank = 0
    for number, values in enumerate(sheet.iter_rows(), start=1):
        cells = _cells(values, first_column, odd_rows.pop(number, None))
        if not cells:
            unsent_blank += 1
            continue
        blank += unsent_blank if sent else 0
        unsent_blank = 0
        sent += 1
        pending += encode((number, cells)) + b"\n"
        if len(pending) > _FLUSH_BYTES:
            write(bytes(pending))
            pending.clear()
    for later in sorted(odd_rows):
        # Rows below the parser's last value that hold nothing but errors or empty formulas.
        sent += 1
        pending += encode((later, _cells([], 0, odd_rows[later]))) + b"\n"
    if not sent:
        raise UntrustedError("workbook.empty")
    write(bytes(pending) + encode({"rows": sent, "blank": blank}) + b"\n")


def _send_text(data: bytes, write: Write) -> None:
    """Send the rows of a text: all of it is read before the first is sent."""
    encode = msgspec.json.Encoder().encode
    lines = bytearray(encode({"sheet": "", "others": ()}) + b"\n")
    sent = blank = unsent_blank = 0
    for number, cells in text_rows(data):
        if not cells:
            unsent_blank += 1
            continue
        blank += unsent_blank if sent else 0
        unsent_blank = 0
        sent += 1
        lines += encode((number, cells)) + b"\n"
    write(bytes(lines) + encode({"rows": sent, "blank": blank}) + b"\n")


def _by_row(odd: Mapping[tuple[int, int], Odd]) -> dict[int, dict[int, Odd]]:
    rows: dict[int, dict[int, Odd]] = {}
    for (row, column), kind in odd.items():
        rows.setdefault(row, {})[column] = kind
    return rows


def _cells(values: list[Any], first_column: int, odd: Mapping[int, Odd] | None) -> list[Coded]:
    """Code one row from column A on, without trailing empty cells; blank gives nothing."""
    cells = [_EMPTY] * first_column + [_code(value) for value in values]
    for column, kind in sorted((odd or {}).items()):
        cells += [_EMPTY] * (column - len(cells))
        if cells[column - 1] == _EMPTY:
            cells[column - 1] = ("error", kind)
    while cells and _is_blank(cells[-1]):
        cells.pop()
    return cells


def _is_blank(cell: Coded) -> bool:
    return cell is _EMPTY or (cell[0] == "text" and not cell[1].strip())


def _code(value: Any) -> Coded:
    if isinstance(value, str):
        if len(value) > MAX_CELL_CHARACTERS:
            return ("error", "too_long")
        return ("text", value) if value else _EMPTY
    if isinstance(value, bool):
        return ("bool", "TRUE" if value else "FALSE")
    if isinstance(value, (int, float)):
        return ("number", number_text(value))
    return _code_time(value)


def _code_time(value: object) -> Coded:
    if isinstance(value, dt.datetime):
        return ("date", value.isoformat() if value.time() != dt.time() else _day(value))
    if isinstance(value, dt.date):
        return ("date", _day(value))
    return ("text", value.isoformat()) if isinstance(value, dt.time) else _FALLBACK


def _day(value: dt.date) -> str:
    return f"{value.year:04d}-{value.month:02d}-{value.day:02d}"


def number_text(value: float) -> str:
    """Write a number as the sheet means it: exact integers plainly, all else as Python does."""
    if math.isfinite(value) and abs(value) < EXACT_INTEGER_BELOW and value == int(value):
        return str(int(value))
    return repr(float(value))
