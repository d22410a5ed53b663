"""Old workbooks (.xls) built record by record, and what is made to deceive their reader."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence

_SECTOR = 512
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
Cell = object


def record(kind: int, body: bytes = b"") -> bytes:
    """Write one record."""
    return struct.pack("<HH", kind, len(body)) + body


def begin(kind: int, version: int = 0x0600) -> bytes:
    """Write the beginning of the globals (5) or of a sheet (16)."""
    return record(0x0809, struct.pack("<HHHHII", version, kind, 0x0DBB, 0x07CC, 0, 6))


def cell(row: int, column: int, value: Cell) -> bytes:
    """Write one cell: text, number, bool, None for none, ("error",), ("formula",), or a date."""
    place = struct.pack("<HHH", row, column, 0)
    if value is None:
        return b""
    if isinstance(value, bool):
        return record(0x0205, place + struct.pack("<BB", value, 0))
    if isinstance(value, (int, float)):
        return record(0x0203, place + struct.pack("<d", value))
    if value == ("error",):
        return record(0x0205, place + struct.pack("<BB", 0x2A, 1))
    if value == ("formula",):
        empty = b"\x03" + bytes(5) + b"\xff\xff"
        return record(0x0006, place + empty + bytes(6) + struct.pack("<H", 0))
    text = str(value)
    return record(0x0204, place + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))


def sheet_stream(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Write one sheet."""
    wide = max((len(row) for row in rows), default=0)
    cells = b"".join(cell(y, x, value) for y, row in enumerate(rows) for x, value in enumerate(row))
    size = record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, wide, 0))
    return begin(16) + size + cells + record(0x000A)


def book_stream(sheets: Mapping[str, bytes], *, hidden: str = "", more: bytes = b"") -> bytes:
    """Write the stream of a workbook."""
    styles = b"".join(record(0x00E0, bytes(20)) for _ in range(1))
    head = begin(5) + record(0x0042, struct.pack("<H", 1200)) + more + styles
    names = {name: name.encode("utf-16-le") for name in sheets}
    at = len(head) + sum(4 + 8 + len(raw) for raw in names.values()) + 4
    listed = b""
    for name, stream in sheets.items():
        entry = struct.pack("<IBBBB", at, name == hidden, 0, len(name), 1) + names[name]
        listed += record(0x0085, entry)
        at += len(stream)
    return head + listed + record(0x000A) + b"".join(sheets.values())


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Put streams into a compound file, each in sectors of its own."""
    body, table, entries, at = b"", [], [], 0
    for name, data in streams.items():
        padded = data + bytes(max(0, 4096 - len(data)))
        padded += bytes(-len(padded) % _SECTOR)
        count = len(padded) // _SECTOR
        entries.append(_entry(name, 2, at, max(4096, len(data))))
        table += [*range(at + 1, at + count), _END]
        body += padded
        at += count
    directory = _entry("Root Entry", 5, _END, 0) + b"".join(entries)
    directory += bytes(-len(directory) % _SECTOR)
    first = at
    table += [*range(at + 1, at + len(directory) // _SECTOR), _END]
    at += len(directory) // _SECTOR
    tables = -(-(len(table) + 1) // 127)
    table += [_TABLE] * tables
    table += [_FREE] * (-len(table) % 128)
    raw = struct.pack(f"<{len(table)}I", *table)
    places = [*range(at, at + tables), *[_FREE] * (109 - tables)]
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, tables, first, 0, 4096, _END, 0, _END, 0, places[0],
    )  # fmt: skip
    return head + struct.pack("<108I", *places[1:]) + body + directory + raw


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    links = struct.pack("<III", _FREE, _FREE, 1 if kind == 5 else _FREE)
    head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1) + links
    return head.ljust(116, b"\0") + struct.pack("<IQ", start, size)


def old_workbook(rows: Sequence[Sequence[Cell]], **others: Sequence[Sequence[Cell]]) -> bytes:
    """Build an .xls with these rows on its first sheet."""
    sheets = {"报名": sheet_stream(rows)} | {n: sheet_stream(o) for n, o in others.items()}
    return compound({"Workbook": book_stream(sheets)})


ROWS = (("姓名", "证件号"), ("罗雨桐", "419999201803140012"))
OLD = old_workbook(ROWS)


def _put(data: bytes, at: int, value: bytes) -> bytes:
    return data[:at] + value + data[at + len(value) :]


def _book(more: bytes = b"", sheet: bytes | None = None, **streams: bytes) -> bytes:
    sheets = {"报名": sheet_stream(ROWS) if sheet is None else sheet}
    return compound({"Workbook": book_stream(sheets, more=more), **streams})


def _far(row: int, column: int) -> bytes:
    return _book(sheet=begin(16) + cell(0, 0, "a") + cell(row, column, "b") + record(0x000A))


def _loop() -> bytes:
    """Let the chain of the stream lead back to its beginning."""
    at = OLD.rindex(struct.pack("<III", 1, 2, 3))
    return _put(OLD, at + 4, struct.pack("<I", 0))


HOSTILE_OLD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "header_alone": ("workbook.damaged", lambda: OLD[:512]),
    "cut_off": ("workbook.damaged", lambda: OLD[:2000]),
    "other_byte_order": ("workbook.damaged", lambda: _put(OLD, 28, b"\xff\xfe")),
    "sectors_of_one_byte": ("workbook.damaged", lambda: _put(OLD, 30, b"\0\0")),
    "table_beyond_the_file": ("workbook.damaged", lambda: _put(OLD, 44, b"\xff\xff\xff\x7f")),
    "directory_beyond_the_file": ("workbook.damaged", lambda: _put(OLD, 48, b"\0\xff\0\0")),
    "chain_in_a_circle": ("workbook.damaged", _loop),
    "no_stream": ("workbook.wrong_type", lambda: compound({"WordDocument": bytes(5000)})),
    "password_of_old": ("workbook.encrypted", lambda: _book(record(0x002F, bytes(54)))),
    "password_of_new": ("workbook.encrypted", lambda: _book(EncryptedPackage=bytes(9))),
    "macros": ("workbook.has_macros", lambda: _book(_VBA_PROJECT_CUR=bytes(9))),
    "macro_sheet": (
        "workbook.has_macros",
        lambda: _book(record(0x0085, struct.pack("<IBBBB", 0, 0, 1, 1, 0) + b"m")),
    ),
    "before_97": (
        "workbook.old_format",
        lambda: compound({"Book": begin(5, 0x0500) + record(0x000A)}),
    ),
    "record_longer_than_the_file": (
        "workbook.damaged",
        lambda: _book(sheet=begin(16) + struct.pack("<HH", 0x0204, 8000)),
    ),
    "record_of_65_kilobytes": (
        "workbook.damaged",
        lambda: _book(sheet=begin(16) + record(0x0204, bytes(60_000))),
    ),
    "sheet_without_end": ("workbook.damaged", lambda: _book(sheet=begin(16) + cell(0, 0, "a"))),
    "sheet_that_is_none": ("workbook.damaged", lambda: _book(sheet=cell(0, 0, "a"))),
    "cell_cut_short": ("workbook.damaged", lambda: _book(sheet=begin(16) + record(0x0204, b"\0"))),
    "two_far_corners": ("workbook.bomb", lambda: _far(65_535, 200)),
    "a_column_too_far": ("workbook.too_wide", lambda: _far(1, 256)),
    "nothing_in_it": ("workbook.empty", lambda: old_workbook(())),
}

HOSTILE_TEXT: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a_picture": ("workbook.wrong_type", lambda: b"\x89PNG\r\n\x1a\n" + bytes(40)),
    "a_web_page_named_xls": ("workbook.wrong_type", lambda: b"<html><table><tr><td>1</td>"),
    "a_program": ("workbook.wrong_type", lambda: b"MZ\x90\x00\x03" + bytes(99)),
    "nothing": ("workbook.empty", lambda: b""),
    "blanks": ("workbook.empty", lambda: b" \r\n\t\r\n"),
    "a_mark_alone": ("workbook.empty", lambda: b"\xef\xbb\xbf"),
    "quotation_without_end": ("workbook.damaged", '姓名,号\n"罗雨桐,1\n王,2\n'.encode),
    "too_many_rows": ("workbook.too_many_rows", lambda: b"a\n" * 120_001),
    "too_many_columns": ("workbook.too_wide", lambda: b"a," * 300 + b"a\n"),
    "a_cell_of_a_megabyte": ("workbook.damaged", lambda: b"a,b\n" + b"x" * 1_000_000),
}
