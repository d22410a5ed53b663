"""Write .xlsx workbooks in bulk: every cell is text, the same content gives the same bytes.

A number of a document, a phone or a date written as text survives Excel; a text that begins with
``=`` stays text. Templates with drop-downs are the matter of ``template``.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from xml.sax.saxutils import quoteattr

from desktop_app.durable.files import write_atomically

EXCEL_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
SHEET_NAME_CHARACTERS = 31

_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ROWS_AT_ONCE = 500
_DEFLATE_LEVEL = 4
_DEFAULT_WIDTH = 14.0
_TEXT_STYLE, _HEAD_STYLE = 1, 2

_SPECIAL = re.compile(r"[&<>\s\x00-\x1f\ufffe\uffff\ud800-\udfff]|_x")
"""Whatever might need escaping; most rows hold nothing of it and are written as they are."""
_SUSPECT = ("&", "<", ">", " ", "_x")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
_NO_CHARACTER = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_BAD_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class SheetContent:
    """One sheet: a head row, rows of texts, column widths in characters, a printed footer."""

    name: str
    headers: tuple[str, ...]
    rows: Iterable[Sequence[str]]
    widths: tuple[float, ...] = ()
    footer: str = ""


def export_note(*, who: str, when: str, why: str, rows: int, masked: bool) -> SheetContent:
    """Build the sheet that says who took data out, when and why (ux 29)."""
    shown = "已遮盖" if masked else "未遮盖，按规定保管，用完删除"
    return SheetContent(
        "导出说明",
        ("项目", "内容"),
        (
            ("导出人", who),
            ("导出时间", when),
            ("用途", why),
            ("行数", str(rows)),
            ("证件号和电话", shown),
        ),
        (16.0, 48.0),
    )


def write_workbook(path: Path, sheets: Sequence[SheetContent]) -> None:
    """Write a workbook so that a fault leaves the old file or the new one.

    Raises:
        WorkplaceError: the disk refused.
        ValueError: a sheet cannot be held by Excel; see ``workbook_bytes``.
    """
    write_atomically(path, workbook_bytes(sheets))


def workbook_bytes(sheets: Sequence[SheetContent]) -> bytes:
    """Build a workbook.

    Raises:
        ValueError: no sheet, a bad or repeated sheet name, or a cell or row count over Excel's
            limits. Callers choose names and contents, so this is a bug of theirs.
    """
    names = [sheet.name for sheet in sheets]
    if not names or len({name.casefold() for name in names}) != len(names):
        raise ValueError("sheets need names of their own")
    for name in names:
        if not 0 < len(name) <= SHEET_NAME_CHARACTERS or _BAD_IN_NAME.search(name):
            raise ValueError("Excel refuses this sheet name")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_DEFLATE_LEVEL) as archive:
        for name, text in _frame(names).items():
            archive.writestr(_member(name), text)
        for number, sheet in enumerate(sheets, start=1):
            with archive.open(_member(f"xl/worksheets/sheet{number}.xml"), "w") as part:
                for piece in _sheet_pieces(sheet):
                    part.write(piece.encode())
    return out.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    """Describe a member without the moment and machine it was made on."""
    member = zipfile.ZipInfo(name, _EPOCH)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system = 0
    # A member described like this takes no level from its archive.
    member._compresslevel = _DEFLATE_LEVEL  # type: ignore[attr-defined]  # noqa: SLF001
    return member


def _frame(names: Sequence[str]) -> dict[str, str]:
    """Give every part except the sheets themselves."""
    numbers = range(1, len(names) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, start=1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_NAMESPACE}" xmlns:r="{_OFFICE}">'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f'<Relationship Id="rId{len(names) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>",
        "xl/styles.xml": _STYLES,
    }
    return {name: _DECLARATION + text for name, text in parts.items()}


_STYLES = (
    f'<styleSheet xmlns="{_NAMESPACE}"><fonts count="2"><font><sz val="11"/></font>'
    '<font><b/><sz val="11"/></font></fonts><fills count="2"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf xfId="0"/><xf numFmtId="49" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
"""Style 1 is text format 49, so that a number typed over a cell stays text; 2 is its bold."""


def _sheet_pieces(sheet: SheetContent) -> Iterator[str]:
    """Write one sheet piece by piece, so that rows may come from a running query."""
    columns = max(len(sheet.headers), 1)
    widths = [*sheet.widths, *[_DEFAULT_WIDTH] * (columns - len(sheet.widths))]
    yield (
        f'{_DECLARATION}<worksheet xmlns="{_NAMESPACE}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        "</sheetView></sheetViews><cols>"
        + "".join(
            f'<col min="{n}" max="{n}" width="{width:g}" style="{_TEXT_STYLE}" customWidth="1"/>'
            for n, width in enumerate(widths, start=1)
        )
        + "</cols><sheetData>"
    )
    letters = [column_letters(n) for n in range(1, columns + 1)]
    yield _row(1, sheet.headers, letters, _HEAD_STYLE)
    plain = _plain_row(letters)
    rows = enumerate(sheet.rows, start=2)
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        if some[-1][0] > EXCEL_ROWS:
            raise ValueError("more rows than a sheet can hold")
        yield _rows(some, letters, plain)
    footer = _escape(sheet.footer.replace("&", "&&"))
    yield (
        "</sheetData>"
        + (f"<headerFooter><oddFooter>&amp;L{footer}</oddFooter></headerFooter>" if footer else "")
        + "</worksheet>"
    )


def _plain_row(letters: Sequence[str]) -> list[str]:
    """Give the row nothing in which is empty or needs escaping, cut where its number stands."""
    cells = (
        f'<c r="{letter}\0" s="{_TEXT_STYLE}" t="inlineStr"><is><t>%s</t></is></c>'
        for letter in letters
    )
    return f'<row r="\0">{"".join(cells)}</row>'.split("\0")


def _is_plain(text: str) -> bool:
    """Tell whether nothing in a text may need escaping; quicker than looking for it."""
    return text.isprintable() and not any(sign in text for sign in _SUSPECT)


def _rows(some: Sequence[tuple[int, Sequence[str]]], letters: list[str], plain: list[str]) -> str:
    """Write rows; where all of them are as most are, each is one formatting."""
    texts = [text for _, row in some for text in row]
    wide = len(letters)
    if (
        _is_plain("".join(texts))
        and all(len(row) == wide and all(row) for _, row in some)
        and max(map(len, texts)) <= CELL_CHARACTERS
    ):
        return "".join([str(number).join(plain) % tuple(row) for number, row in some])
    return "".join([_row(number, row, letters, _TEXT_STYLE) for number, row in some])


def _row(number: int, cells: Sequence[str], letters: list[str], style: int) -> str:
    if len(cells) > len(letters):
        letters.extend(column_letters(n) for n in range(len(letters) + 1, len(cells) + 1))
    middle = f'{number}" s="{style}" t="inlineStr"><is><t'
    if len(together := "".join(cells)) > CELL_CHARACTERS:
        _check_lengths(cells)
    if _SPECIAL.search(together) is None:
        start = middle + ">"
        written = [
            f'<c r="{letter}{start}{text}</t></is></c>'
            for letter, text in zip(letters, cells, strict=False)
            if text
        ]
    else:
        written = [
            f'<c r="{letter}{middle} xml:space="preserve">{_escape(text)}</t></is></c>'
            for letter, text in zip(letters, cells, strict=False)
            if text
        ]
    return f'<row r="{number}">{"".join(written)}</row>'


def _check_lengths(cells: Sequence[str]) -> None:
    if any(len(text) > CELL_CHARACTERS for text in cells):
        raise ValueError("a cell holds more than Excel can")


def _escape(text: str) -> str:
    """Escape for XML; a control character is written as Excel does, ``_x000B_``."""
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    text = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    text = _NO_CHARACTER.sub("\ufffd", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def column_letters(number: int) -> str:
    """Name a column counted from 1: A, Z, AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
