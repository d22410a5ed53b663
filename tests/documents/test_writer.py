"""What is written comes back as it was, is text whatever it looks like, and is the same twice."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from desktop_app.documents.columns import Column, match_columns
from desktop_app.documents.guard import inspect_workbook
from desktop_app.documents.reader import read_workbook
from desktop_app.documents.rows import parse_rows
from desktop_app.documents.template import (
    CHOICES_SHEET,
    FORM_SHEET,
    NOTES_SHEET,
    FormColumn,
    template_bytes,
    write_template,
)
from desktop_app.documents.writer import (
    SheetContent,
    column_letters,
    export_note,
    workbook_bytes,
    write_workbook,
)

ROWS = (("罗雨桐", "419999201803140012"), ("", "013800001612"), ("=1+1", "+8613800001612"))


def sheet(*rows: tuple[str, ...], name: str = "报名") -> SheetContent:
    return SheetContent(name, ("姓名", "号码"), rows)


def read_back(data: bytes) -> list[list[object]]:
    parsed = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    return [list(row) for row in parsed.to_python(skip_empty_area=False)]


def test_what_is_written_is_read_back_as_text() -> None:
    assert read_back(workbook_bytes([sheet(*ROWS)])) == [["姓名", "号码"], *map(list, ROWS)]


def test_our_own_files_pass_our_own_guard_and_reader(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    note = export_note(who="刘素琴", when="2024-08-24 14:26", why="核对", rows=3, masked=True)
    write_workbook(path, [sheet(*ROWS), note])
    read = read_workbook(path)
    assert read.others == ("导出说明",)
    assert [tuple(cell.text for cell in row.cells) for row in read.rows] == [
        row if row[0] else ("", row[1]) for row in ROWS
    ]
    assert {cell.kind for row in read.rows for cell in row.cells} == {"text", "empty"}


def test_excel_s_other_reader_agrees_and_finds_no_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes([sheet(*ROWS)])))
    cells = [cell for row in book["报名"].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert book["报名"]["A4"].value == "=1+1"
    assert book["报名"].freeze_panes == "A2"


def test_the_same_content_gives_the_same_bytes() -> None:
    assert workbook_bytes([sheet(*ROWS)]) == workbook_bytes([sheet(*ROWS)])
    with zipfile.ZipFile(io.BytesIO(workbook_bytes([sheet(*ROWS)]))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@given(st.text(max_size=60))
def test_any_text_comes_back_but_for_what_is_no_character(text: str) -> None:
    expected = re.sub("[\ud800-\udfff\ufffe\uffff]", "\ufffd", text)
    data = workbook_bytes([sheet(("x", text))])
    inspect_workbook(data)
    assert read_back(data)[1][1] == expected


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b", "a\x0bb", "_x000B_", "_x005F_x000B_", " both ", "two\nlines", "tab\tbed", "a\r\nb",
        "<b>&amp;]]>", "𠅤𬭳", '=HYPERLINK("x")', "-1+1", "@SUM(A1)",
    ],
)  # fmt: skip
def test_awkward_texts_come_back_exactly(text: str) -> None:
    assert read_back(workbook_bytes([sheet(("x", text))]))[1][1] == text


def test_rows_may_come_one_by_one_and_be_many() -> None:
    rows = ((f"儿童{number}", f"{number:018d}") for number in range(5_001))
    back = read_back(workbook_bytes([SheetContent("报名", ("姓名", "号码"), rows)]))
    assert len(back) == 5_002
    assert back[-1] == ["儿童5000", "000000000000005000"]


def test_the_footer_is_printed_as_written() -> None:
    data = workbook_bytes([SheetContent("报名", ("姓名",), (), footer="刘素琴 & 王 <2024>")])
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert "刘素琴 && 王 <2024>" in zipfile.ZipFile(io.BytesIO(data)).read(
        "xl/worksheets/sheet1.xml"
    ).decode().replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    assert book["报名"].oddFooter.left.text is not None


@pytest.mark.parametrize(
    "sheets",
    [
        [],
        [sheet(name="")],
        [sheet(name="a/b")],
        [sheet(name="长" * 32)],
        [sheet(name="甲"), sheet(name="甲")],
        [sheet(("x" * 32_768,))],
    ],
)
def test_what_excel_cannot_hold_is_a_bug_of_the_caller(sheets: list[SheetContent]) -> None:
    with pytest.raises(ValueError, match=r"Excel|sheet"):
        workbook_bytes(sheets)


def test_the_export_note_says_who_when_and_why() -> None:
    note = export_note(who="甲", when="今天", why="核对", rows=7, masked=False)
    rows = {line[0]: line[1] for line in note.rows}
    assert rows["导出人"] == "甲"
    assert rows["用途"] == "核对"
    assert rows["行数"] == "7"
    assert rows["证件号和电话"].startswith("未遮盖")


def test_columns_are_named_as_excel_names_them() -> None:
    assert [column_letters(n) for n in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]


# --- the blank form ------------------------------------------------------------------------------

FORM = (
    FormColumn(Column("full_name", "姓名", required=True)),
    FormColumn(Column("id_number", "证件号", kind="identity", required=True), "照证件填写。"),
    FormColumn(
        Column("ethnic_code", "民族", kind="code"), "", tuple(f"民族{n}" for n in range(58))
    ),
    FormColumn(Column("phone", "联系电话", kind="digits")),
)


def test_the_blank_form_holds_every_number_column_as_text() -> None:
    form = openpyxl.load_workbook(io.BytesIO(template_bytes(FORM)))[FORM_SHEET]
    assert [cell.value for cell in form[1]] == ["姓名*", "证件号*", "民族", "联系电话"]
    assert {form.column_dimensions[letter].number_format for letter in "ABCD"} == {"@"}


def test_code_columns_offer_their_choices_from_a_hidden_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_bytes(FORM)))
    (rule,) = [
        one for one in book[FORM_SHEET].data_validations.dataValidation if one.type == "list"
    ]
    assert rule.formula1 == f"'{CHOICES_SHEET}'!$C$1:$C$58"
    assert str(rule.sqref) == "C2:C2001"
    assert book[CHOICES_SHEET].sheet_state == "hidden"
    assert book[CHOICES_SHEET]["C58"].value == "民族57"


def test_the_second_sheet_says_how_to_fill_it_in() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_bytes(FORM)))
    assert book.sheetnames[:2] == [FORM_SHEET, NOTES_SHEET]
    texts = [cell.value for row in book[NOTES_SHEET].iter_rows() for cell in row if cell.value]
    assert "填表说明" in texts
    assert "必填" in texts
    assert "照证件填写。" in texts
    assert any("民族57" in text for text in texts)


def test_the_form_filled_in_by_hand_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_template(path, FORM)
    book = openpyxl.load_workbook(path)
    book[FORM_SHEET].append(["罗雨桐", "419999201803140012", "民族0", "13800001612"])
    book.save(path)
    read = read_workbook(path)
    columns = [one.column for one in FORM]
    match = match_columns(read, columns)
    assert not match.unknown
    (row,) = parse_rows(read, columns, match)
    assert row.values == {
        "full_name": "罗雨桐",
        "id_number": "419999201803140012",
        "ethnic_code": "民族0",
        "phone": "13800001612",
    }
    assert read.others == (NOTES_SHEET,)


def test_a_choice_that_looks_like_a_formula_stays_text() -> None:
    risky = FormColumn(Column("x", "=列", kind="code"), "", ("=1+1", "-"))
    book = openpyxl.load_workbook(io.BytesIO(template_bytes((risky,))))
    assert book[CHOICES_SHEET]["A1"].data_type == "s"
    assert book[FORM_SHEET]["A1"].data_type == "s"
