"""Rows of a text table: .csv as Excel or WPS saves it, or a block copied from a sheet.

Runs in the child. The encoding is UTF-8 or GB18030, told apart by the bytes alone; what is neither
is refused. A cell is the text it shows: nothing is turned into a number or a date here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from desktop_app.documents.container import damaged
from desktop_app.documents.sheet_scan import MAX_COLUMNS, MAX_ROWS
from desktop_app.domain.errors import UntrustedError

MAX_CELL_CHARACTERS = 32_767
"""Excel's own limit of one cell."""

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
"""How programs keep Excel from making a number of a text: ``="419999…"``."""
_QUOTED = re.compile(r'"[^"]*"')
_HEAD_CHARACTERS = 65_536
"""Where the first line is looked for: no heading is longer."""
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!"})

Coded = tuple[str, str]


def text_rows(data: bytes) -> Iterator[tuple[int, list[Coded]]]:
    """Give the number and the coded cells of every row, blank ones as no cells.

    Raises:
        UntrustedError: it is no text, no table, or beyond the caps of a sheet.
    """
    text = _decoded(data)
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MAX_ROWS:
                raise UntrustedError("workbook.too_many_rows", limit=MAX_ROWS, row=number)
            yield number, _coded(cells)
    except csv.Error as error:
        # A quotation mark without its other would make one cell of all the rows below.
        raise damaged("quote") from error


def _decoded(data: bytes) -> str:
    text = _text_of(data)
    if text is None or _NO_TEXT.search(text):
        raise UntrustedError("workbook.wrong_type")
    # A mark of the byte order that is left, as GB18030 has one, would unquote the first heading.
    text = text.lstrip("\ufeff")
    if text.lstrip().startswith("<"):
        raise UntrustedError("workbook.wrong_type")
    if not text.strip():
        raise UntrustedError("workbook.empty")
    return text


def _text_of(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _read(data[len(mark) :], encoding)
    whole = _read(data, "utf-8")
    return _read(data, "gb18030") if whole is None else whole


def _read(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _delimiter(text: str) -> str:
    """Choose what parts the cells: a tab where there is one in the first line, else a comma.

    What stands in quotation marks is content, line breaks within a heading too.
    """
    head = _QUOTED.sub("", text[:_HEAD_CHARACTERS])
    first = next((line for line in head.splitlines() if line.strip(" \r\n")), "")
    if "\t" in first:
        return "\t"
    return ";" if ";" in first and "," not in first else ","


def _coded(cells: list[str]) -> list[Coded]:
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        raise UntrustedError("workbook.too_wide", limit=MAX_COLUMNS)
    return [_code(text) for text in cells]


def _code(text: str) -> Coded:
    kept = _KEPT_AS_TEXT.fullmatch(text.strip())
    if kept:
        text = kept[1]
    elif text.startswith("=") and len(text) > 1:
        return ("error", "formula")
    elif text.strip().upper() in _ERRORS:
        return ("error", "error")
    return ("text", text) if text else ("empty", "")
