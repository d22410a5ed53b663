"""The blank registration workbook 空白登记表 that villages fill in.

Number columns are text, so that Excel leaves them alone; code columns have drop-downs; a second
sheet says how to fill it in. The headers are the ones ``columns`` reads back.
"""

from __future__ import annotations

import io
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from desktop_app.documents.columns import Column
from desktop_app.documents.writer import column_letters
from desktop_app.durable.files import write_atomically
from desktop_app.durable.places import resource_path

FORM_SHEET = "登记表"
NOTES_SHEET = "填表说明"
CHOICES_SHEET = "选项"
REQUIRED_MARK = "*"
FORM_ROWS = 2_000
"""Rows that carry drop-downs; a village has at most some hundred children."""

_HEAD_FILL = PatternFill("solid", fgColor="DFE6ED")
_NEED_FILL = PatternFill("solid", fgColor="FFF1CF")
_LINE = Border(*[Side("thin", color="76838F")] * 4)
_BOLD = Font(bold=True)
_TEXT = "@"
_NARROW, _WIDE = 12.0, 24.0
_WIDE_KINDS = frozenset({"identity"})


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column of the blank form: what is read back, how to fill it in, what to choose from."""

    column: Column
    hint: str = ""
    choices: tuple[str, ...] = ()


def template_bytes(columns: Sequence[FormColumn]) -> bytes:
    """Build the blank form."""
    book = Workbook()
    form = book.active
    if not isinstance(form, Worksheet):
        raise TypeError("a new workbook has a sheet")
    form.title = FORM_SHEET
    choices = book.create_sheet(CHOICES_SHEET)
    choices.sheet_state = "hidden"
    for number, one in enumerate(columns, start=1):
        _head(form, number, one)
        form.column_dimensions[column_letters(number)].number_format = _TEXT
        _help(form, choices, number, one)
    form.freeze_panes = "A2"
    form.row_dimensions[1].height = 30
    _notes(book.create_sheet(NOTES_SHEET, 1), columns)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_template(path: Path, columns: Sequence[FormColumn]) -> None:
    """Write the blank form so that a fault leaves the old file or the new one.

    Raises:
        WorkplaceError: the disk refused.
    """
    write_atomically(path, template_bytes(columns))


def _head(form: Worksheet, number: int, one: FormColumn) -> None:
    mark = REQUIRED_MARK if one.column.required else ""
    head = form.cell(1, number)
    _put(form, 1, number, one.column.header + mark)
    head.font = _BOLD
    head.fill = _NEED_FILL if one.column.required else _HEAD_FILL
    head.border = _LINE
    head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    wide = one.column.kind in _WIDE_KINDS or "址" in one.column.header
    form.column_dimensions[column_letters(number)].width = _WIDE if wide else _NARROW


def _help(form: Worksheet, choices: Worksheet, number: int, one: FormColumn) -> None:
    """Show the hint when a cell is entered, and offer the choices."""
    if not (one.choices or one.hint):
        return
    letter = column_letters(number)
    for row, choice in enumerate(one.choices, start=1):
        _put(choices, row, number, choice)
    listed = f"'{CHOICES_SHEET}'!${letter}$1:${letter}${len(one.choices)}"
    rule = DataValidation(
        type="list" if one.choices else None,
        formula1=listed if one.choices else None,
        allow_blank=True,
        showErrorMessage=bool(one.choices),
        errorTitle="请从列表里选",
        error="这里只能填列表里的内容。",
        showInputMessage=bool(one.hint),
        promptTitle=one.column.header[:32],
        prompt=one.hint[:255],
    )
    rule.add(f"{letter}2:{letter}{FORM_ROWS + 1}")
    form.add_data_validation(rule)


def _notes(sheet: Worksheet, columns: Sequence[FormColumn]) -> None:
    """Write the sheet 填表说明: general sentences, then one line per column."""
    with resource_path("excel", "registration_form.toml").open("rb") as file:
        texts = tomllib.load(file)
    lines: list[tuple[str, ...]] = [(texts["title"],), *((line,) for line in texts["lines"]), ()]
    lines.append(("列", "是否必填", "怎么填", "可选内容"))
    first = len(lines)
    lines += [
        (
            one.column.header,
            "必填" if one.column.required else "可不填",
            one.hint or texts["kinds"][one.column.kind],
            "、".join(one.choices),
        )
        for one in columns
    ]
    for row, line in enumerate(lines, start=1):
        for number, text in enumerate(line, start=1):
            _put(sheet, row, number, text)
            if row >= first:
                sheet.cell(row, number).alignment = Alignment(vertical="top", wrap_text=True)
    sheet["A1"].font = Font(bold=True, size=14)
    for number, width in enumerate((18.0, 10.0, 44.0, 60.0), start=1):
        sheet.cell(first, number).font = _BOLD
        sheet.column_dimensions[column_letters(number)].width = width


def _put(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Put a text as a text: openpyxl makes a formula of whatever begins with ``=``."""
    cell = sheet.cell(row, column, text)
    cell.data_type = "s"
    cell.number_format = _TEXT
