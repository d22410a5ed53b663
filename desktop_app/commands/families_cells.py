"""Cells as Excel itself writes them: numbers, dates, formulas and errors beside texts.

The product's own writers give text alone, so that nothing is damaged; what villages send is not so
kind. The same rows give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

from desktop_app.documents.writer import column_letters

_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DAY_NAUGHT = dt.date(1899, 12, 30)
_MADE = (2024, 8, 20, 9, 0, 0)
_DATE_STYLE = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; ``text`` is what it shows, ``formula`` what Excel worked it out from."""

    text: str
    kind: Literal["text", "number", "date", "formula", "error"] = "text"
    formula: str = ""

    def xml(self, place: str) -> str:
        """Write the cell for a place such as ``C7``."""
        shown = escape(self.text)
        match self.kind:
            case "text":
                return (
                    f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'
                )
            case "number":
                return f'<c r="{place}"><v>{shown}</v></c>'
            case "date":
                days = (dt.date.fromisoformat(self.text) - _DAY_NAUGHT).days
                return f'<c r="{place}" s="{_DATE_STYLE}"><v>{days}</v></c>'
            case "formula":
                return f'<c r="{place}" t="str"><f>{escape(self.formula)}</f><v>{shown}</v></c>'
            case "error":
                return f'<c r="{place}" t="e"><v>{shown}</v></c>'


def workbook_of(rows: Mapping[int, tuple[Cell, ...]], sheet: str) -> bytes:
    """Build a workbook of one sheet; rows by number, those left out stay blank."""
    written = []
    for number, cells in sorted(rows.items()):
        placed = (
            cell.xml(f"{column_letters(at)}{number}")
            for at, cell in enumerate(cells, start=1)
            if cell.text or cell.formula
        )
        written.append(f'<row r="{number}">{"".join(placed)}</row>')
    body = (
        f'<worksheet xmlns="{_SPREADSHEET}"><sheetData>{"".join(written)}</sheetData></worksheet>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (_frame(sheet) | {"xl/worksheets/sheet1.xml": body}).items():
            member = zipfile.ZipInfo(name, _MADE)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')
    return out.getvalue()


def _frame(sheet: str) -> dict[str, str]:
    """Give every part except the sheet itself."""
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
            '<Override PartName="/xl/worksheets/sheet1.xml" '
            f'ContentType="{_TYPE}.worksheet+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
            f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": (
            f'<styleSheet xmlns="{_SPREADSHEET}"><fonts count="1"><font><sz val="11"/></font>'
            '</fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
            '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
            '<cellXfs count="2"><xf xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/>'
            '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
            "</cellStyles></styleSheet>"
        ),
    }
