"""Read a workbook through the child; what comes back is validated strictly, nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from desktop_app.documents.launch import WALL_SECONDS, Child, ChildError, start_child
from desktop_app.documents.sheet_scan import MAX_COLUMNS, MAX_ROWS
from desktop_app.domain.errors import Detail, UntrustedError

CellKind = Literal["text", "number", "date", "bool", "error", "empty"]
REPORT_EVERY_ROWS = 500

_Text = Annotated[str, msgspec.Meta(max_length=32_767)]
_Row = Annotated[int, msgspec.Meta(ge=1, le=MAX_ROWS)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_ROWS)]
_Name = Annotated[str, msgspec.Meta(max_length=255)]

REFUSALS = frozenset(
    {
        "workbook.bomb",
        "workbook.damaged",
        "workbook.empty",
        "workbook.encrypted",
        "workbook.has_doctype",
        "workbook.has_macros",
        "workbook.old_format",
        "workbook.too_large",
        "workbook.too_many_rows",
        "workbook.too_wide",
        "workbook.unreadable",
        "workbook.wrong_type",
    }
)
"""The only refusals a child may name; any other answer counts as a crash."""


class Cell(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One cell as the sheet shows it; ``error`` texts are error, formula, too_long or unknown."""

    kind: CellKind
    text: _Text


class Row(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One row that holds something; ``number`` is the row number Excel shows."""

    number: _Row
    cells: Annotated[tuple[Cell, ...], msgspec.Meta(max_length=MAX_COLUMNS)]

    def cell(self, column: int) -> Cell:
        """Give the cell of a column counted from 0; beyond the row's end it is empty."""
        return self.cells[column] if column < len(self.cells) else EMPTY


EMPTY = Cell("empty", "")


class Sheet(msgspec.Struct, frozen=True):
    """The sheet read: its first row that holds anything, the rows below, blank rows left out."""

    name: str
    headers: tuple[str, ...]
    header_number: int
    rows: tuple[Row, ...]
    skipped_blank: int
    others: tuple[str, ...]
    """Visible sheets that were not read; a page says so."""


class _Head(msgspec.Struct, forbid_unknown_fields=True):
    sheet: _Name | None = None
    others: Annotated[tuple[_Name, ...], msgspec.Meta(max_length=64)] = ()
    refused: str | None = None
    details: dict[str, Detail] = {}


class _Tail(msgspec.Struct, forbid_unknown_fields=True):
    rows: _Count
    blank: _Count


_decode_head = msgspec.json.Decoder(_Head).decode
_decode_row = msgspec.json.Decoder(Row).decode
_decode_tail = msgspec.json.Decoder(_Tail).decode


def read_workbook(
    source: Path | bytes,
    *,
    on_rows: Callable[[int], None] | None = None,
    seconds: float = WALL_SECONDS,
) -> Sheet:
    """Read the first visible sheet that holds anything.

    Args:
        source: the file (.xlsx, .xls, .et, .csv), opened read-only and never written; or the
            bytes of a block that was copied from a sheet.
        on_rows: called with the rows read so far; what it raises stops the reading.
        seconds: wall clock for the whole file.

    Raises:
        UntrustedError: the file was refused, crashed its reader or took too long.
        WorkplaceError: the file is not there or cannot be opened.
    """
    try:
        with start_child("read-workbook", source, seconds=seconds) as child:
            return _receive(child, on_rows)
    except ChildError as error:
        slow = error.reason == "too_slow"
        raise UntrustedError("workbook.too_slow" if slow else "workbook.unreadable") from error
    except msgspec.MsgspecError as error:
        raise UntrustedError("workbook.unreadable") from error


def _receive(child: Child, on_rows: Callable[[int], None] | None) -> Sheet:
    head = _decode_head(child.line())
    if head.refused is not None:
        child.finish()
        raise _refusal(head)
    rows, end = _receive_rows(child, on_rows)
    tail = _decode_tail(end)
    child.finish()
    if tail.rows != len(rows) or not rows or head.sheet is None:
        raise ChildError("crashed")
    headers = tuple(cell.text.strip() for cell in rows[0].cells)
    return Sheet(head.sheet, headers, rows[0].number, tuple(rows[1:]), tail.blank, head.others)


def _receive_rows(child: Child, on_rows: Callable[[int], None] | None) -> tuple[list[Row], bytes]:
    """Read rows in rising order, and the line that follows them."""
    rows: list[Row] = []
    while (line := child.line()).startswith(b"["):
        row = _decode_row(line)
        if (rows and row.number <= rows[-1].number) or len(rows) >= MAX_ROWS:
            raise ChildError("too_much")
        rows.append(row)
        if on_rows is not None and len(rows) % REPORT_EVERY_ROWS == 0:
            on_rows(len(rows))
    return rows, line


def _refusal(head: _Head) -> UntrustedError:
    if head.refused not in REFUSALS:
        return UntrustedError("workbook.unreadable")
    known = {key: head.details[key] for key in ("limit", "megabytes", "row") if key in head.details}
    numbers = {key: value for key, value in known.items() if isinstance(value, int)}
    return UntrustedError(head.refused, **numbers)
