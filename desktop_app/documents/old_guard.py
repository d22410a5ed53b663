"""Pure check of an old workbook (.xls of Excel 97 to 2003, .et of WPS) before it is parsed.

The shell is ``compound``'s matter; here the records of the stream are walked one by one: sheets,
caps on rows, columns and cells, and the cells a parser shows as empty (errors, formulas without a
value). Values are not read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from desktop_app.documents.compound import Compound
from desktop_app.documents.container import bomb, damaged
from desktop_app.documents.guard import MAX_SHEETS, Inspected
from desktop_app.documents.sheet_scan import (
    MAX_AREA,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ODD_CELLS,
    Odd,
    SheetFacts,
)
from desktop_app.domain.errors import UntrustedError

_BEGIN, _END, _LOCKED, _SHEET = 0x0809, 0x000A, 0x002F, 0x0085
_BIFF8 = 0x0600
_FORMULA, _ERROR, _MANY = 0x0006, 0x0205, 0x00BD
_VALUES = frozenset({0x0203, 0x00FD, 0x0204, 0x027E, 0x00D6})
"""NUMBER, LABELSST, LABEL, RK, RSTRING: one cell each."""
_LONGEST = 8224
"""No record is longer; what does not fit is continued in the next."""
_NO_NUMBER = b"\xff\xff"
_EMPTY_TEXT, _BROKEN = 3, 2
_PLACE = struct.Struct("<HH")

Record = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class _Named:
    """One sheet as the stream lists it."""

    name: str
    start: int
    visible: bool


@dataclass(slots=True)
class _Seen:
    """What has been counted of a sheet."""

    last_row: int = 0
    last_column: int = 0
    cells: int = 0
    odd: dict[tuple[int, int], Odd] = field(default_factory=dict)

    def cell(self, row: int, column: int, odd: Odd | None = None) -> None:
        """Count one cell, its place from 0.

        Raises:
            UntrustedError: a cap is passed.
        """
        self.cells += 1
        self.last_row = max(self.last_row, row + 1)
        self.last_column = max(self.last_column, column + 1)
        if column >= MAX_COLUMNS:
            raise UntrustedError("workbook.too_wide", limit=MAX_COLUMNS)
        if self.cells > MAX_CELLS or self.last_row * self.last_column > MAX_AREA:
            raise bomb("cells")
        if odd is not None:
            self.odd[row + 1, column + 1] = odd
            if len(self.odd) > MAX_ODD_CELLS:
                raise bomb("odd_cells")


def inspect_old(data: bytes) -> Inspected:
    """Check a whole old workbook and choose the first visible sheet that holds anything.

    Raises:
        UntrustedError: it is not a plain workbook within the caps; the code says why.
    """
    stream = Compound(data).workbook()
    visible = [one for one in _sheets(stream) if one.visible]
    for one in visible:
        facts = _facts(stream, one.start)
        if facts.last_row:
            others = tuple(other.name for other in visible if other is not one)
            return Inspected(one.name, facts, others)
    raise UntrustedError("workbook.empty")


def _records(stream: bytes, start: int) -> Iterator[Record]:
    """Give the records of one part, those of the charts within it left out."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        kind, length = _PLACE.unpack_from(stream, at)
        body = stream[at + 4 : at + 4 + length]
        if length > _LONGEST or len(body) != length:
            raise damaged("record")
        at += 4 + length
        if kind == _BEGIN:
            depth += 1
        if depth == 0:
            raise damaged("record_outside")
        if depth == 1:
            yield kind, body
        if kind == _END:
            depth -= 1
            if depth == 0:
                return
    raise damaged("record_end")


def _sheets(stream: bytes) -> list[_Named]:
    found: list[_Named] = []
    for kind, body in _records(stream, 0):
        if kind == _BEGIN and (len(body) < 2 or body[:2] != _BIFF8.to_bytes(2, "little")):
            raise UntrustedError("workbook.old_format")
        if kind == _LOCKED:
            raise UntrustedError("workbook.encrypted")
        if kind == _SHEET:
            named = _named(body)
            if named is not None:
                found.append(named)
        if len(found) > MAX_SHEETS:
            raise bomb("sheets")
    if len({one.name for one in found}) != len(found):
        raise damaged("sheet_twice")
    return found


def _named(body: bytes) -> _Named | None:
    """Read one entry; what is no worksheet (a chart, a macro sheet of old) gives nothing."""
    if len(body) < 8:
        raise damaged("sheet_entry")
    start, state, kind, count, wide = struct.unpack_from("<IBBBB", body)
    if kind == 1:
        raise UntrustedError("workbook.has_macros")
    raw = body[8 : 8 + (count * 2 if wide & 1 else count)]
    name = raw.decode("utf-16-le" if wide & 1 else "latin-1", "replace")
    return _Named(name, start, state & 3 == 0) if kind == 0 else None


def _facts(stream: bytes, start: int) -> SheetFacts:
    seen = _Seen()
    for kind, body in _records(stream, start):
        if kind in _VALUES:
            seen.cell(*_place(body, 6))
        elif kind == _FORMULA:
            seen.cell(*_place(body, 14), _odd_formula(body))
        elif kind == _ERROR:
            seen.cell(*_place(body, 8), "error" if body[7] else None)
        elif kind == _MANY:
            row, first = _place(body, 6)
            for column in range(first, first + (len(body) - 6) // 6):
                seen.cell(row, column)
    return SheetFacts(seen.last_row, seen.last_column, seen.odd)


def _place(body: bytes, least: int) -> tuple[int, int]:
    if len(body) < least:
        raise damaged("cell")
    row, column = _PLACE.unpack_from(body)
    return row, column


def _odd_formula(body: bytes) -> Odd | None:
    """Say whether a formula has no value, or an error for one."""
    if body[12:14] != _NO_NUMBER:
        return None
    if body[6] == _BROKEN:
        return "error"
    return "formula" if body[6] == _EMPTY_TEXT else None
