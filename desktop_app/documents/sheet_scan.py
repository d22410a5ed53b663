"""Stream the XML parts of a workbook through expat: caps, and the cells a parser shows as empty.

Only well-formed UTF-8 XML without a document type passes, so what is counted here is what the
workbook parser will see. Nothing is kept of the text of cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from xml.parsers import expat

from desktop_app.documents.container import bomb, damaged
from desktop_app.documents.plain_rows import Place, blocks, is_plain, places
from desktop_app.domain.errors import UntrustedError

MAX_ROWS = 120_000
"""Last row that may hold a value; the named row cap (at least 100,000 families)."""
MAX_COLUMNS = 256
MAX_CELLS = 6_000_000
"""Cell elements of a sheet, empty ones included."""
MAX_AREA = 8_000_000
"""Rows × columns spanned by values: the parser lays this rectangle out in memory."""
MAX_MERGES = 20_000
MAX_DECLARED = 4_000_000
"""Largest ``count`` a part may declare: parsers reserve memory by it before they look."""
MAX_ODD_CELLS = 1_000_000

_SHEET_ROWS = 1_048_576
_SHEET_COLUMNS = 16_384
_DIGITS = "0123456789"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_VALUES = frozenset({"v", "is", "t"})

Odd = Literal["error", "formula"]
OnStart = Callable[[str, Mapping[str, str]], None]


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """The rectangle that holds values, and the odd cells by (row, column), both from 1."""

    last_row: int
    last_column: int
    odd: Mapping[tuple[int, int], Odd]


def local_name(name: str) -> str:
    """Drop the namespace prefix: some programs write ``x:row`` for ``row``."""
    return name.rpartition(":")[2]


def walk(chunks: Iterable[bytes], on_start: OnStart) -> None:
    """Parse one part and call ``on_start(local name, attributes)`` for each element.

    Raises:
        UntrustedError: not well-formed, a document type, or a declared count above the cap.
    """

    def start(name: str, attributes: dict[str, str]) -> None:
        check_declared(attributes)
        on_start(local_name(name), attributes)

    parser = _parser()
    parser.StartElementHandler = start
    _feed(parser, chunks)


def check_declared(attributes: Mapping[str, str]) -> None:
    """Refuse a ``count`` or ``uniqueCount`` that would make a parser reserve too much."""
    for name in ("count", "uniqueCount"):
        declared = attributes.get(name)
        if declared is not None and not _is_number_up_to(declared, MAX_DECLARED):
            raise bomb("declared_count")


def _is_number_up_to(text: str, limit: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= limit


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.buffer_text = True
    return parser


def _refuse_doctype(*_details: object) -> None:
    raise UntrustedError("workbook.has_doctype")


def _feed(parser: expat.XMLParserType, chunks: Iterable[bytes]) -> None:
    first = True
    try:
        for chunk in chunks:
            if first and chunk.startswith(_WIDE_MARKS):
                # expat would believe the mark; the workbook parser reads UTF-8 whatever it says.
                raise damaged("encoding")
            first = False
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged("xml") from error


def scan_sheet(chunks: Iterable[bytes]) -> SheetFacts:
    """Count one worksheet and note its odd cells.

    Raises:
        UntrustedError: over a cap, rows or cells out of order, or not well-formed.
    """
    parser = _parser()
    # A flat list of names and values costs half of a dict per tag, and there are millions.
    parser.ordered_attributes = True
    scan = _SheetScan(parser)

    def watched() -> Iterator[bytes]:
        """Switch the callback off for blocks that are counted in bulk; expat still reads them."""
        for block in blocks(chunks):
            plain = not scan.formula and is_plain(block)
            parser.StartElementHandler = None if plain else scan.start
            yield block
            if plain:
                scan.take(places(block))

    _feed(parser, watched())
    return scan.facts()


@dataclass(slots=True)
class _SheetScan:
    """The state while one worksheet streams by; a cell is over when the next element starts."""

    parser: expat.XMLParserType
    row: int = 0
    row_text: str = ""
    column: int = 0
    cells: int = 0
    merges: int = 0
    in_cell: bool = False
    formula: bool = False
    text: list[str] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0
    odd: dict[tuple[int, int], Odd] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)

    def start(self, name: str, attributes: list[str]) -> None:
        """Take one start tag; cells and their values are nearly all of them, so they come first."""
        if name == "c":
            if self.formula:
                self._finish_formula()
            self.in_cell = True
            self._cell(_as_dict(attributes))
        elif name in _VALUES:
            if self.formula:
                self._listen()
            if self.in_cell and (self.row != self.last_row or self.column > self.last_column):
                self._mark()
        else:
            self._rarer(name, attributes)

    def take(self, found: Iterable[Place]) -> None:
        """Take the rows and cells of a block that expat has found well-formed."""
        for row, letters, number, empty in found:
            if row:
                self._row(row)
                continue
            column = self.columns.get(letters) or self._learn(letters)
            if column <= self.column or number != self.row_text:
                raise damaged("cell_order")
            self.column = column
            self.cells += 1
            if not empty and (self.row != self.last_row or column > self.last_column):
                self._mark()
        self.in_cell = False

    def _learn(self, letters: str) -> int:
        column = self.columns[letters] = _column_number(letters)
        return column

    def _rarer(self, name: str, attributes: list[str]) -> None:
        if name == "row":
            at_front = attributes and attributes[0] == "r"
            self._row(attributes[1] if at_front else _as_dict(attributes).get("r"))
        elif name == "f":
            self.formula = self.in_cell
        elif ":" in name:
            self.start(local_name(name), attributes)
        else:
            self._other(name, _as_dict(attributes))

    def _cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        column = self.column + 1 if reference is None else self._place(reference)
        if column <= self.column or column > _SHEET_COLUMNS or not self.row:
            raise damaged("cell_order")
        self.column = column
        self.cells += 1
        if attributes.get("t") == "e":
            self._note("error")

    def _place(self, reference: str) -> int:
        """Read the column of a reference such as ``AB12``; its row must be the current one."""
        letters = reference.rstrip(_DIGITS)
        if reference[len(letters) :] != self.row_text:
            raise damaged("cell_reference")
        return self.columns.get(letters) or self._learn(letters)

    def _listen(self) -> None:
        """Take text in from here on: a formula's cached value, or its absence."""
        self.text = []
        self.parser.CharacterDataHandler = self.text.append

    def _mark(self) -> None:
        """Widen the rectangle that holds values by the current cell."""
        self.last_row = self.row
        self.last_column = max(self.last_column, self.column)
        if self.last_column > MAX_COLUMNS:
            raise UntrustedError("workbook.too_wide", limit=MAX_COLUMNS)
        if self.row > MAX_ROWS:
            raise UntrustedError("workbook.too_many_rows", limit=MAX_ROWS, row=self.row)
        if self.row * self.last_column > MAX_AREA:
            raise bomb("area")

    def _row(self, number: str | None) -> None:
        self._leave_cell()
        if self.cells > MAX_CELLS:
            raise bomb("cells")
        if number is None:
            row = self.row + 1
        elif _is_number_up_to(number, _SHEET_ROWS):
            row = int(number)
        else:
            raise damaged("row_number")
        if row <= self.row or row > _SHEET_ROWS:
            raise damaged("row_order")
        self.row = row
        self.row_text = str(row)
        self.column = 0

    def _other(self, name: str, attributes: Mapping[str, str]) -> None:
        self._leave_cell()
        check_declared(attributes)
        if name == "mergeCell":
            self.merges += 1
            if self.merges > MAX_MERGES:
                raise bomb("merges")
        if name in {"mergeCell", "dimension"}:
            _check_range(attributes.get("ref", ""))

    def _leave_cell(self) -> None:
        if self.formula:
            self._finish_formula()
        self.in_cell = False

    def _finish_formula(self) -> None:
        self.parser.CharacterDataHandler = None
        self.formula = False
        if not "".join(self.text).strip():
            self._note("formula")
        self.text = []

    def _note(self, kind: Odd) -> None:
        self._mark()
        self.odd.setdefault((self.row, self.column), kind)
        if len(self.odd) > MAX_ODD_CELLS:
            raise bomb("cells")

    def facts(self) -> SheetFacts:
        """Close the scan."""
        self._leave_cell()
        return SheetFacts(self.last_row, self.last_column, self.odd)


def _as_dict(attributes: list[str]) -> dict[str, str]:
    return dict(zip(attributes[::2], attributes[1::2], strict=True))


def _column_number(letters: str) -> int:
    if not (1 <= len(letters) <= 3 and letters.isascii() and letters.isupper()):
        raise damaged("cell_reference")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    if number > _SHEET_COLUMNS:
        raise damaged("cell_reference")
    return number


def _check_range(reference: str) -> None:
    """Refuse a range such as ``A1:XFD9`` that no sheet can hold."""
    for corner in reference.replace("$", "").split(":", 1):
        letters = corner.rstrip(_DIGITS)
        if not _is_number_up_to(corner[len(letters) :], _SHEET_ROWS):
            raise damaged("range")
        _column_number(letters)
