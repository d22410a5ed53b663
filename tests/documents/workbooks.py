"""Workbooks built part by part, so that every kind of damage can be made on purpose."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

SHEET = "xl/worksheets/sheet1.xml"
CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"

# cellXfs: 0 general, 1 text, 2 date, 3 date and time
_STYLES = f"""<styleSheet xmlns="{NAMESPACE}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/>
<xf numFmtId="49"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>"""


def sheet_xml(rows: str, after: str = "", before: str = "") -> str:
    """Wrap rows into a worksheet."""
    head = f'<worksheet xmlns="{NAMESPACE}">{before}<sheetData>'
    return f"{head}{rows}</sheetData>{after}</worksheet>"


def column_letters(column: int) -> str:
    """Name a column counted from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell(place: str, value: object) -> str:
    """Write one cell: str as text, int and float as numbers, bool, or raw XML after ``(style, inner)``."""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    if isinstance(value, tuple):
        attributes, inner = value
        return f'<c r="{place}" {attributes}>{inner}</c>'
    text = str(value).replace("&", "&amp;").replace("<", "&lt;")
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def rows_xml(rows: Sequence[Sequence[object]], first: int = 1) -> str:
    """Write rows; ``None`` leaves a cell out, an empty row stays empty."""
    return "".join(
        f'<row r="{number}">'
        + "".join(
            cell(f"{column_letters(column)}{number}", value)
            for column, value in enumerate(row, start=1)
            if value is not None
        )
        + "</row>"
        for number, row in enumerate(rows, start=first)
    )


def parts(
    rows: Sequence[Sequence[object]] = (("姓名", "证件号"), ("罗雨桐", "x")),
) -> dict[str, bytes]:
    """Give the parts of a small honest workbook."""
    texts = {
        CONTENT_TYPES: f'<Types xmlns="{_TYPES}"><Override PartName="/{WORKBOOK}" ContentType="{_MAIN}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="{WORKBOOK}"/></Relationships>',
        WORKBOOK: f'<workbook xmlns="{NAMESPACE}" xmlns:r="{_OFFICE}"><sheets><sheet name="报名" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        STYLES: _STYLES,
        SHEET: sheet_xml(rows_xml(rows)),
    }
    return {name: text.encode() for name, text in texts.items()}


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Zip the parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def workbook(rows: Sequence[Sequence[object]], **replaced: bytes) -> bytes:
    """Build a workbook with one sheet of these rows."""
    return zipped({**parts(rows), **replaced})


def with_sheet(xml: str | bytes) -> bytes:
    """Build a workbook around the raw XML of its sheet."""
    return zipped({**parts(), SHEET: xml.encode() if isinstance(xml, str) else xml})
