"""What is written out is text, whatever it begins with: no formula, no lost digit, one per cell."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.documents.columns import Column
from desktop_app.documents.guard import inspect_workbook
from desktop_app.documents.template import FormColumn, template_bytes
from desktop_app.documents.writer import SheetContent, workbook_bytes
from desktop_app.domain.identity import make_check_digit

SHEET = "xl/worksheets/sheet1.xml"
STARTS = ("=", "+", "-", "@", "\t=", " =", "'=", "＝", "==", "=@")
PLAIN = st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=12)
DANGEROUS = st.tuples(st.sampled_from(STARTS), PLAIN).map("".join)
NUMBERS = st.tuples(st.integers(0, 9999), st.integers(0, 999)).map(
    lambda one: f"41999920{one[0]:04d}01{one[1]:03d}"
)


def sheet_xml(data: bytes, name: str = SHEET) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


@given(st.lists(st.lists(DANGEROUS, min_size=1, max_size=3), min_size=1, max_size=5))
@settings(max_examples=40)
def test_no_text_is_ever_a_formula(rows: list[list[str]]) -> None:
    data = workbook_bytes([SheetContent("名单", ("甲", "乙", "丙"), rows)])
    xml = sheet_xml(data)
    assert "<f" not in xml
    assert set(re.findall(r' t="(\w+)"', xml)) == {"inlineStr"}
    assert dict(inspect_workbook(data).facts.odd) == {}
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    written = {(y, x): text for y, row in enumerate(rows, 2) for x, text in enumerate(row, 1)}
    assert {at: sheet.cell(*at).data_type for at in written} == dict.fromkeys(written, "s")
    assert {at: sheet.cell(*at).value for at in written} == written


@given(st.lists(NUMBERS, min_size=1, max_size=6))
@settings(max_examples=40)
def test_a_number_of_a_document_is_text_to_its_last_digit(bodies: list[str]) -> None:
    numbers = [body + make_check_digit(body) for body in bodies]
    data = workbook_bytes([SheetContent("名单", ("证件号",), [(one,) for one in numbers])])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    cells = [sheet.cell(row, 1) for row in range(2, len(numbers) + 2)]
    assert [cell.value for cell in cells] == numbers
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}


@given(st.lists(st.tuples(DANGEROUS, PLAIN), min_size=1, max_size=4), st.integers(0, 3))
@settings(max_examples=40)
def test_a_row_is_written_alike_whether_its_neighbours_are_plain(
    rows: list[tuple[str, str]], at: int
) -> None:
    # Plain rows are written by one formatting, others cell by cell: the outcome must not differ.
    plain = [("罗雨桐", "1")] * 4
    mixed = [*plain[:at], *rows, *plain[at:]]
    together = sheet_xml(workbook_bytes([SheetContent("s", ("a", "b"), mixed)]))
    spoiled = [*mixed, ("<&", "")]
    slowly = sheet_xml(workbook_bytes([SheetContent("s", ("a", "b"), spoiled)]))

    def bare(xml: str) -> list[str]:
        return re.findall(r"<row .*?</row>", xml.replace(' xml:space="preserve"', ""), re.DOTALL)

    assert bare(together) == bare(slowly)[:-1]


@pytest.mark.parametrize("mark", ["=1+1", "&P", "&&", "<b>", "@SUM(A1)"])
def test_a_name_or_footer_that_means_something_to_excel_stays_words(mark: str) -> None:
    name = re.sub(r"[\[\]:*?/\\]", "", mark)
    data = workbook_bytes([SheetContent(name, (mark,), [(mark,)], footer=mark)])
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    assert (sheet.title, sheet["A1"].value, sheet["A2"].value) == (name, mark, mark)
    assert sheet["A1"].data_type == sheet["A2"].data_type == "s"
    footer = mark.replace("&", "&&").replace("&", "&amp;").replace("<", "&lt;")
    assert f"<oddFooter>&amp;L{footer.replace('>', '&gt;')}</oddFooter>" in sheet_xml(data)


@given(st.lists(DANGEROUS.filter(lambda one: "\t" not in one), min_size=1, max_size=5))
@settings(max_examples=10)
def test_a_choice_of_the_blank_form_is_never_a_formula(choices: list[str]) -> None:
    column = FormColumn(Column("category", "报名类别", (), "code"), "", tuple(choices))
    book = openpyxl.load_workbook(io.BytesIO(template_bytes([column])))
    offered = [cell for row in book["选项"].iter_rows() for cell in row]
    assert [cell.value for cell in offered] == choices
    assert {cell.data_type for cell in offered} == {"s"}
