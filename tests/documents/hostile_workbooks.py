"""Workbooks made to deceive, crash or exhaust a reader, each with the code it must meet."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Callable

from tests.documents.workbooks import (
    CONTENT_TYPES,
    NAMESPACE,
    SHEET,
    STRINGS,
    STYLES,
    WORKBOOK,
    parts,
    rows_xml,
    sheet_xml,
    with_sheet,
    workbook,
    zipped,
)

GOOD = workbook([("姓名", "证件号"), ("罗雨桐", "419999201803140012")])
_MEGABYTE = 1024 * 1024


def _replaced(name: str, old: bytes, new: bytes) -> bytes:
    members = parts()
    assert old in members[name]
    members[name] = members[name].replace(old, new)
    return zipped(members)


def _added(**members: bytes) -> bytes:
    return zipped({**parts(), **{name.replace("__", "/"): data for name, data in members.items()}})


def _patched(signature: bytes, offset: int, value: bytes) -> bytes:
    """Overwrite bytes in every header of a kind."""
    data = bytearray(GOOD)
    at = data.find(signature)
    while at >= 0:
        data[at + offset : at + offset + len(value)] = value
        at = data.find(signature, at + 1)
    return bytes(data)


def _overlapping() -> bytes:
    """Let a second directory entry point at the first member's bytes."""
    data = bytearray(GOOD)
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 1)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def _twice() -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore")
        for name, data in [*parts().items(), (SHEET, b"<worksheet/>")]:
            archive.writestr(name, data)
    return out.getvalue()


def _symlink() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts().items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o120777 << 16) if name == SHEET else 0
            archive.writestr(info, data)
    return out.getvalue()


def _shorter_declared() -> bytes:
    """Declare the sheet smaller than it inflates."""
    data = bytearray(GOOD)
    at = data.rfind(b"PK\x01\x02")
    (size,) = struct.unpack_from("<I", data, at + 24)
    struct.pack_into("<I", data, at + 24, size // 2)
    return bytes(data)


def _flipped() -> bytes:
    data = bytearray(zipped(parts(), zipfile.ZIP_STORED))
    at = data.find(b"<sheetData>")
    data[at + 1] ^= 1
    return bytes(data)


def _laughs() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE w [<!ENTITY l0 "ha">{entities}]>' + sheet_xml(rows_xml([("&l9;",)]))


def _two_cells(first: str, second: str) -> str:
    return sheet_xml(
        f'<row r="{first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{first}"><v>1</v></c></row>'
        f'<row r="{second.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{second}"><v>1</v></c></row>'
    )


def _styles(count: int) -> bytes:
    return f'<styleSheet xmlns="{NAMESPACE}"><cellXfs>{"<xf/>" * count}</cellXfs></styleSheet>'.encode()


def _many_sheets(count: int) -> bytes:
    sheets = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, count + 1))
    return _replaced(
        WORKBOOK,
        b'<sheet name="\xe6\x8a\xa5\xe5\x90\x8d" sheetId="1" r:id="rId1"/>',
        sheets.encode(),
    )


ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'

HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    # not a workbook
    "web_page_named_xlsx": ("workbook.wrong_type", lambda: b"<html><table></table></html>"),
    "word_document": (
        "workbook.wrong_type",
        lambda: _replaced(CONTENT_TYPES, b"spreadsheetml.sheet", b"wordprocessingml.document"),
    ),
    "open_document": (
        "workbook.wrong_type",
        lambda: zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
    ),
    "zip_password": ("workbook.encrypted", lambda: _patched(b"PK\x01\x02", 8, b"\x01\x00")),
    "macro_type": (
        "workbook.has_macros",
        lambda: _replaced(
            CONTENT_TYPES,
            b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
    ),
    "macro_part": (
        "workbook.has_macros",
        lambda: _added(xl__vbaProject=b"", **{"xl__vbaProject.bin": b"x"}),
    ),
    # the shell
    "zip_bomb": ("workbook.bomb", lambda: with_sheet(b" " * (40 * _MEGABYTE))),
    "zip_bomb_in_a_picture": ("workbook.bomb", lambda: _added(xl__media__a=bytes(80 * _MEGABYTE))),
    "overlapping_members": ("workbook.bomb", _overlapping),
    "too_many_members": ("workbook.bomb", lambda: _added(**{f"m__{n}": b"" for n in range(2100)})),
    "path_out_of_the_archive": ("workbook.damaged", lambda: _added(**{"..__..__evil": b"x"})),
    "absolute_path": ("workbook.damaged", lambda: _added(__etc__passwd=b"x")),
    "member_twice": ("workbook.damaged", _twice),
    "member_twice_but_for_case": (
        "workbook.damaged",
        lambda: _added(XL__WORKBOOK=b"", **{"XL__WORKBOOK.XML": b"x"}),
    ),
    "symbolic_link": ("workbook.damaged", _symlink),
    "other_compression": ("workbook.damaged", lambda: zipped(parts(), zipfile.ZIP_BZIP2)),
    "cut_off": ("workbook.damaged", lambda: GOOD[: len(GOOD) // 2]),
    "bytes_behind_the_end": ("workbook.damaged", lambda: GOOD + b"MZ and more"),
    "flipped_bit": ("workbook.damaged", _flipped),
    "declared_too_small": ("workbook.damaged", _shorter_declared),
    "no_sheet_part": (
        "workbook.damaged",
        lambda: zipped({k: v for k, v in parts().items() if k != SHEET}),
    ),
    "no_workbook_part": (
        "workbook.damaged",
        lambda: zipped({k: v for k, v in parts().items() if k != WORKBOOK}),
    ),
    # the XML
    "entities_that_multiply": ("workbook.has_doctype", lambda: with_sheet(_laughs())),
    "entity_from_a_file": (
        "workbook.has_doctype",
        lambda: with_sheet(
            '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + sheet_xml(ONE)
        ),
    ),
    "doctype_in_the_strings": (
        "workbook.has_doctype",
        lambda: _added(**{STRINGS.replace("/", "__"): b"<!DOCTYPE sst><sst/>"}),
    ),
    "other_encoding": ("workbook.damaged", lambda: with_sheet(sheet_xml(ONE).encode("utf-16"))),
    "tags_that_do_not_close": ("workbook.damaged", lambda: with_sheet(sheet_xml(ONE)[:-20])),
    "value_in_the_last_row": (
        "workbook.too_many_rows",
        lambda: with_sheet(_two_cells("A1", "A1048576")),
    ),
    "value_in_the_last_column": ("workbook.too_wide", lambda: with_sheet(_two_cells("A1", "XFD2"))),
    "two_far_corners": ("workbook.bomb", lambda: with_sheet(_two_cells("IV1", "A119999"))),
    "row_beyond_the_sheet": ("workbook.damaged", lambda: with_sheet(_two_cells("A1", "A1048577"))),
    "row_zero": ("workbook.damaged", lambda: with_sheet(_two_cells("A0", "A1"))),
    "rows_out_of_order": ("workbook.damaged", lambda: with_sheet(_two_cells("A3", "A2"))),
    "cells_out_of_order": (
        "workbook.damaged",
        lambda: with_sheet(
            sheet_xml('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>')
        ),
    ),
    "cell_of_another_row": (
        "workbook.damaged",
        lambda: with_sheet(sheet_xml('<row r="1"><c r="A1048576"><v>1</v></c></row>')),
    ),
    "column_of_eight_letters": (
        "workbook.damaged",
        lambda: with_sheet(sheet_xml('<row r="1"><c r="AAAAAAAA1"><v>1</v></c></row>')),
    ),
    "cell_outside_a_row": (
        "workbook.damaged",
        lambda: with_sheet(sheet_xml('<c r="A1"><v>1</v></c>')),
    ),
    "dimension_nonsense": (
        "workbook.damaged",
        lambda: with_sheet(sheet_xml(ONE, before='<dimension ref="A1:ZZZZ99999999"/>')),
    ),
    "merges_without_end": (
        "workbook.bomb",
        lambda: with_sheet(
            sheet_xml(ONE, "<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 20_001 + "</mergeCells>")
        ),
    ),
    "declared_four_billion_strings": (
        "workbook.bomb",
        lambda: _added(**{STRINGS.replace("/", "__"): b'<sst uniqueCount="4294967295"/>'}),
    ),
    "negative_count": (
        "workbook.bomb",
        lambda: _added(**{STRINGS.replace("/", "__"): b'<sst count="-1"/>'}),
    ),
    "styles_without_end": ("workbook.bomb", lambda: zipped({**parts(), STYLES: _styles(131_073)})),
    "sheets_without_end": ("workbook.bomb", lambda: _many_sheets(65)),
    "sheets_of_one_name": (
        "workbook.damaged",
        lambda: _replaced(
            WORKBOOK, b"</sheets>", '<sheet name="报名" sheetId="2" r:id="rId1"/></sheets>'.encode()
        ),
    ),
    "sheet_outside_its_folder": (
        "workbook.damaged",
        lambda: _replaced(
            "xl/_rels/workbook.xml.rels", b"worksheets/sheet1.xml", b"../[Content_Types].xml"
        ),
    ),
    # what only the parser finds
    "string_that_is_not_there": (
        "workbook.unreadable",
        lambda: with_sheet(sheet_xml('<row r="1"><c r="A1" t="s"><v>999</v></c></row>')),
    ),
    "number_that_is_none": (
        "workbook.unreadable",
        lambda: with_sheet(sheet_xml('<row r="1"><c r="A1" t="n"><v>abc</v></c></row>')),
    ),
    # honest but empty
    "no_cells": ("workbook.empty", lambda: with_sheet(sheet_xml(""))),
    "blanks_only": ("workbook.empty", lambda: workbook([("  ", "　")])),
    "everything_hidden": (
        "workbook.empty",
        lambda: _replaced(WORKBOOK, b'sheetId="1"', b'sheetId="1" state="hidden"'),
    ),
}
FOUND_BY_THE_PARSER = {"string_that_is_not_there", "number_that_is_none", "blanks_only"}
