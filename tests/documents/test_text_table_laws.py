"""Laws of text tables: what a program saved comes back cell by cell, in whatever encoding."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.documents import text_rows as module
from desktop_app.documents.columns import Column, match_columns
from desktop_app.documents.reader import Cell, read_workbook
from desktop_app.documents.text_rows import MAX_CELL_CHARACTERS, text_rows
from desktop_app.domain.errors import UntrustedError

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")
HEADERS = ("儿童姓名", "证件号")
SIGNS = st.sampled_from([*"罗雨桐𠮷·аЯ09X", ",", ";", "\t", '"', "'", "\n", "\r\n", " ", "%", "@"])
TEXTS = st.lists(SIGNS, max_size=8).map("".join)
ROWS = st.lists(st.lists(TEXTS, min_size=1, max_size=4), max_size=6)


def saved(rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\r\n") -> str:
    """Write rows as Excel saves or copies them: quoted where a cell holds what would part it."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def quoted(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    """Write rows as programs do that quote every cell."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


def texts_of(data: bytes) -> list[list[str]]:
    return [[text for _, text in cells] for _, cells in text_rows(data)]


def code_of(data: bytes) -> tuple[str, dict[str, object]]:
    with pytest.raises(UntrustedError) as caught:
        list(text_rows(data))
    return caught.value.code, dict(caught.value.details)


def without_end(row: Sequence[str]) -> list[str]:
    """Leave the blank cells at the end of a row out."""
    kept = list(row)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


@given(ROWS, st.sampled_from(ENCODINGS), st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]))
def test_what_a_program_saved_comes_back_cell_by_cell(
    rows: list[list[str]], encoding: str, delimiter: str, end: str
) -> None:
    data = saved([HEADERS, *rows], delimiter, end).encode(encoding)
    assert texts_of(data) == [list(HEADERS), *map(without_end, rows)]


@given(ROWS, st.sampled_from(",;\t"))
def test_the_encoding_changes_nothing(rows: list[list[str]], delimiter: str) -> None:
    text = saved([HEADERS, *rows], delimiter)
    answers = [list(text_rows(text.encode(encoding))) for encoding in ENCODINGS]
    assert answers.count(answers[0]) == len(ENCODINGS)


HEADS = st.lists(TEXTS.filter(str.strip), min_size=2, max_size=4)


@given(HEADS, st.sampled_from(",;\t"))
def test_what_stands_within_a_heading_does_not_choose_what_parts_the_cells(
    heads: list[str], delimiter: str
) -> None:
    # Villages break long headings by hand, which quotes the cell and ends the line within it.
    first = [f"\n{heads[0]}", *heads[1:]]
    assert texts_of(quoted([first, ["a", "b"]], delimiter).encode())[0] == first


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "heads",
    [
        ("儿童\n姓名", "证件号"),
        ("儿童姓名\t", "证件号"),
        ("儿童姓名;", "证件号,码"),
        ("儿童,姓名\n（必填）", "证件号"),
        ('"儿童"姓名', "证件号"),
    ],
)
def test_a_heading_with_a_sign_that_parts_cells_is_one_heading(
    heads: tuple[str, str], delimiter: str
) -> None:
    data = quoted([heads, ("罗雨桐", "1")], delimiter).encode()
    assert texts_of(data) == [list(heads), ["罗雨桐", "1"]]


def test_a_copied_block_with_broken_headings_is_matched_through_the_child() -> None:
    block = saved([("儿童\n姓名", "证件\n号", "备注"), ("罗雨桐", "1", "")], "\t").encode()
    sheet = read_workbook(block)
    columns = (Column("full_name", "儿童姓名", (), "text", True), Column("id_number", "证件号"))
    assert dict(match_columns(sheet, columns).positions) == {"full_name": 0, "id_number": 1}
    assert sheet.rows[0].cells == (Cell("text", "罗雨桐"), Cell("text", "1"))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_mark_before_a_quoted_heading_is_no_part_of_it(encoding: str) -> None:
    data = '\ufeff"儿童姓名","证件号"\r\n罗雨桐,1\r\n'.encode(encoding)
    assert texts_of(data)[0] == list(HEADERS)


# --- what a cell means ---------------------------------------------------------------------------


@given(st.text("0123456789X", min_size=1, max_size=20))
def test_a_number_stays_the_text_it_is(digits: str) -> None:
    for written in (digits, f'="{digits}"'):
        ((_, (coded, *_)),) = text_rows(saved([(written, "x")]).encode())
        assert coded == ("text", digits)


@pytest.mark.parametrize(
    ("text", "coded"),
    [
        ("=TODAY()", ("error", "formula")),
        ("=1+1", ("error", "formula")),
        ('="a"&"b"', ("error", "formula")),
        ("=", ("text", "=")),
        ("+8613800001234", ("text", "+8613800001234")),
        ("-1", ("text", "-1")),
        ("@x", ("text", "@x")),
        ("#N/A", ("error", "error")),
        (" #ref! ", ("error", "error")),
        ("#名字", ("text", "#名字")),
        ("0013", ("text", "0013")),
        ("TRUE", ("text", "TRUE")),
        ("2018/3/14", ("text", "2018/3/14")),
        ("", ("empty", "")),
        (" ", ("text", " ")),
    ],
)
def test_a_cell_is_the_text_it_shows_or_an_error_by_name(text: str, coded: tuple[str, str]) -> None:
    assert list(text_rows(saved([(text, "x")]).encode())) == [(1, [coded, ("text", "x")])]


# --- caps ----------------------------------------------------------------------------------------


def test_a_cell_holds_what_excel_s_holds_and_no_more() -> None:
    most = "罗" * MAX_CELL_CHARACTERS
    assert texts_of(f"a\n{most}".encode())[1] == [most]
    assert code_of(f"a\n{most}罗".encode())[0] == "workbook.damaged"


def test_the_caps_name_their_limit_and_bite_at_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ROWS", 3)
    monkeypatch.setattr(module, "MAX_COLUMNS", 2)
    assert len(texts_of(b"a,b\n" * 3)) == 3
    assert code_of(b"a,b\n" * 4) == ("workbook.too_many_rows", {"limit": 3, "row": 4})
    assert texts_of(b"a,b,,, \n") == [["a", "b"]], "blank cells at the end are no columns"
    assert code_of(b"a,b,c\n") == ("workbook.too_wide", {"limit": 2})


@given(st.binary(max_size=200))
@settings(max_examples=300)
def test_any_bytes_are_rows_or_a_refusal(data: bytes) -> None:
    try:
        rows, refused = list(text_rows(data)), "workbook.none"
    except UntrustedError as error:
        rows, refused = [], error.code
    assert refused.startswith("workbook.")
    assert [number for number, _ in rows] == list(range(1, len(rows) + 1))
    assert all(not cells or cells[-1][1].strip() for _, cells in rows)


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x0b", "\x1b", "\x7f"])
def test_what_no_table_holds_is_no_table(sign: str) -> None:
    assert code_of(f"姓名,号\n罗{sign},1\n".encode())[0] == "workbook.wrong_type"


def test_utf_16_cut_in_half_is_refused() -> None:
    assert code_of("姓名".encode("utf-16") + b"x")[0] == "workbook.wrong_type"
