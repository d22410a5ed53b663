"""Laws of reading cells: what is clear is read however it was written, what is not is never guessed."""

from __future__ import annotations

import datetime as dt
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.documents.columns import Column, ColumnKind, match_columns
from desktop_app.documents.reader import Cell, CellKind, Row, Sheet, read_workbook
from desktop_app.documents.rows import parse_cell, parse_rows
from desktop_app.documents.writer import SheetContent, workbook_bytes, write_workbook

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))
UNSEEN = st.text("\u3000 \t\n\ufeff\u200b\u200c\u200d\u2060\xa0", max_size=5)
WIDE = {ord(sign): ord(sign) + 0xFEE0 for sign in string.printable if "!" <= sign <= "~"}
FORMS = (
    "{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0:%Y.%m.%d}", "{0:%Y%m%d}", "{0:%Y}年{0:%m}月{0:%d}日",
    "{0.year}-{0.month}-{0.day}", "{0.year}/{0.month}/{0.day}", "{0.year}.{0.month}.{0.day}",
    "{0.year}年{0.month}月{0.day}日", "{0.year}年{0.month}月{0.day}",
    "{0:%Y-%m-%d} 00:00:00", "{0:%Y/%m/%d} 0:00", "{0:%Y-%m-%d}T00:00:00",
)  # fmt: skip
SHORT = (
    "{0:%y-%m-%d}", "{0:%y/%m/%d}", "{0:%y.%m.%d}", "{0:%y}年{0.month}月{0.day}日", "{0:%y%m%d}",
)  # fmt: skip


def read(text: str, kind: ColumnKind, cell: CellKind = "text") -> str:
    """Read a cell, or give the code of its refusal."""
    column = Column("f", "列", (), kind)
    sheet = Sheet("s", ("列",), 1, (Row(2, (Cell(cell, text),)),), 0, ())
    (row,) = parse_rows(sheet, (column,))
    return row.problems[0].code if row.problems else row.values.get("f", "")


@given(DAYS, st.sampled_from(FORMS), st.booleans(), UNSEEN, UNSEEN)
def test_a_day_is_read_in_every_form_width_and_wrapping(
    day: dt.date, form: str, wide: bool, before: str, after: str
) -> None:
    written = form.format(day)
    if wide:
        written = written.translate(WIDE)
    assert read(f"{before}{written}{after}", "date") == day.isoformat()


@given(DAYS, st.sampled_from(SHORT), st.booleans())
def test_a_year_of_two_digits_is_never_guessed(day: dt.date, form: str, wide: bool) -> None:
    written = form.format(day)
    shown = written.translate(WIDE) if wide else written
    assert read(shown, "date") == "cell.date_two_digit_year"


@given(st.integers(1900, 2099), st.integers(0, 99), st.integers(0, 99), st.sampled_from("-/."))
def test_a_day_that_does_not_exist_is_never_moved(
    year: int, month: int, day: int, sign: str
) -> None:
    try:
        expected = dt.date(year, month, day).isoformat()
    except ValueError:
        expected = "cell.date_unreal"
    assert read(f"{year}{sign}{month:02d}{sign}{day:02d}", "date") == expected


@given(st.integers(0, 10**9).filter(lambda number: len(str(number)) != 8))
def test_a_number_is_no_day(number: int) -> None:
    assert read(str(number), "date", "number") == "cell.date_is_number"


@given(DAYS, st.times())
def test_a_cell_of_a_day_is_that_day_whatever_its_hour(day: dt.date, time: dt.time) -> None:
    assert read(dt.datetime.combine(day, time).isoformat(), "date", "date") == day.isoformat()
    for kind in ("text", "digits", "identity", "code"):
        assert read(day.isoformat(), kind, "date") == "cell.not_text"


@given(st.text("0123456789", min_size=1, max_size=17), st.booleans(), UNSEEN, UNSEEN)
def test_digits_are_narrowed_and_nothing_else_is_done(
    digits: str, wide: bool, before: str, after: str
) -> None:
    written = digits.translate(WIDE) if wide else digits
    for kind in ("digits", "identity"):
        found = read(f"{before}{written}{after}", kind)
        assert found in {digits, "cell.excel_damaged"}
        if len(digits) < 15:
            assert found == digits


@given(st.integers(0, 10**20))
def test_a_number_cell_is_a_phone_while_excel_can_hold_it_and_never_an_identity(
    number: int,
) -> None:
    text = str(number)
    assert read(text, "digits", "number") == (text if len(text) <= 11 else "cell.excel_number")
    assert read(text, "identity", "number") == "cell.excel_number"


@given(st.floats(allow_nan=False).filter(lambda number: not repr(number).isdigit()))
def test_a_fraction_or_a_power_is_no_number_of_anybody(number: float) -> None:
    for kind in ("digits", "identity"):
        assert read(repr(number), kind, "number") == "cell.excel_number"
    assert read(repr(number), "text", "number") == "cell.not_text"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), UNSEEN, UNSEEN)
def test_a_text_keeps_all_but_what_nobody_sees_at_its_ends(
    text: str, before: str, after: str
) -> None:
    found = read(f"{before}{text}{after}", "text")
    assert found == read(text, "text")
    assert found == "" or not (set(found[0] + found[-1]) & set(" \t\n\u3000\ufeff\u200b\u2060"))
    assert found in text


@pytest.mark.parametrize("kind", ["text", "code", "digits", "identity", "date"])
@pytest.mark.parametrize(
    ("held", "code"),
    [
        ("error", "cell.error_value"),
        ("formula", "cell.formula_empty"),
        ("too_long", "cell.too_long"),
        ("#REF!", "cell.error_value"),
    ],
)
def test_an_error_is_named_in_every_kind_of_column(kind: ColumnKind, held: str, code: str) -> None:
    assert read(held, kind, "error") == code
    assert read("TRUE", kind, "bool") == "cell.not_text"
    assert parse_cell(Cell("empty", ""), kind) == ""


def test_a_cell_full_of_blanks_is_read_in_no_time() -> None:
    blanks = " \u200b" * 16_000
    assert read(blanks, "text") == ""
    assert read(f"罗{blanks}雨", "text") == f"罗{blanks}雨"
    assert read(blanks, "date") == ""


# --- headers ----------------------------------------------------------------------------------

COLUMNS = (
    Column("full_name", "儿童姓名", ("姓名",), required=True),
    Column("id_number", "证件号", ("身份证号",), "identity"),
    Column("birth_date", "出生日期", (), "date"),
    Column("guardian_phone", "联系电话", ("电话",), "digits"),
)
NOISE = st.sampled_from(
    ["", "*", "★", "：", ":", "（必填）", "(选填)", "\u200b", "\ufeff", " ", "\n"]
)
MARKED = st.tuples(NOISE, NOISE, st.booleans())


@given(st.permutations(range(4)), st.lists(MARKED, min_size=4, max_size=4), st.integers(0, 5))
def test_headers_are_found_in_any_order_under_any_noise(
    order: list[int], marks: list[tuple[str, str, bool]], titles: int
) -> None:
    written = [
        f"{before}{(COLUMNS[at].aliases or (COLUMNS[at].header,))[0] if alias else COLUMNS[at].header}{after}"
        for at, (before, after, alias) in zip(order, marks, strict=True)
    ]
    rows = [Row(number, (Cell("text", f"标题 {number}"),)) for number in range(1, titles + 1)]
    rows.append(Row(titles + 1, tuple(Cell("text", header) for header in written)))
    first = rows[0]
    sheet = Sheet("s", tuple(c.text.strip() for c in first.cells), 1, tuple(rows[1:]), 0, ())
    match = match_columns(sheet, COLUMNS)
    assert match.problems == ()
    assert match.header_number == titles + 1
    assert dict(match.positions.items()) == {
        COLUMNS[at].field: place for place, at in enumerate(order)
    }


SAMPLES: dict[str, str] = {
    "id_number": "41999920180314001{0}",
    "birth_date": "2018-03-1{0}",
    "guardian_phone": "1390000001{0}",
}


@pytest.mark.parametrize("one", sorted(SAMPLES))
@pytest.mark.parametrize("other", [*sorted(SAMPLES), "full_name"])
def test_any_two_columns_that_changed_places_stop_the_sheet(one: str, other: str) -> None:
    if one == other:
        return
    texts = {**SAMPLES, "full_name": "罗雨{0}"}
    texts[one], texts[other] = texts[other], texts[one]
    signs = "一二三四五六"
    rows = tuple(
        Row(
            number + 2,
            tuple(
                Cell(
                    "text",
                    texts[c.field].format(signs[number] if "罗" in texts[c.field] else number),
                )
                for c in COLUMNS
            ),
        )
        for number in range(6)
    )
    sheet = Sheet("s", tuple(c.header for c in COLUMNS), 1, rows, 0, ())
    match = match_columns(sheet, COLUMNS)
    assert {problem.code for problem in match.problems} == {"column.swapped"}


# --- out and in again ---------------------------------------------------------------------------

AWKWARD = [
    "=1+1", "+1", "-1", "@x", '=HYPERLINK("http://x","y")', "_x0041_", "_x005F_x0041_", "_x",
    "\x00", "\x0b", "a\rb", "a\r\nb", "\ttab", "\x7f\x85", "\u2028", "<&>\"'", "]]>", "<!--",
    " ends ", "\n", "𠮷", "👨\u200d👩\u200d👧", "e\u0301", "\ufffd", "罗" * 32_767, "0" * 18,
    "419999201803140012", "2018-03-14", "TRUE", "#REF!", "1e5", "00123", "٣",
]  # fmt: skip


def test_awkward_texts_come_back_through_the_child_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = [(str(number), text) for number, text in enumerate(AWKWARD)]
    write_workbook(path, [SheetContent("清单", ("号", "内容"), rows)])
    sheet = read_workbook(path)
    assert [row.cell(0).text for row in sheet.rows] == [str(at) for at in range(len(AWKWARD))]
    for row, text in zip(sheet.rows, AWKWARD, strict=True):
        found = row.cell(1)
        assert found.kind in {"text", "empty"}
        assert found.text == text or not text.strip()


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
            str.strip
        ),
        min_size=1,
        max_size=40,
    )
)
@settings(max_examples=8)
def test_any_texts_come_back_through_the_child(tmp_path: Path, texts: list[str]) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(path, [SheetContent("清单", ("号", "内容"), [("x", text) for text in texts])])
    sheet = read_workbook(path)
    kept = [text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd") for text in texts]
    assert [row.cell(1).text for row in sheet.rows] == kept
    assert {row.cell(1).kind for row in sheet.rows} == {"text"}


@pytest.mark.parametrize("over", [32_768, 40_000])
def test_a_text_excel_cannot_hold_is_refused_and_not_cut(over: int) -> None:
    with pytest.raises(ValueError, match="more than Excel"):
        workbook_bytes([SheetContent("s", ("a",), [("x" * over,)])])
    assert workbook_bytes([SheetContent("s", ("a", "b"), [("x" * 32_767, "y" * 32_767)])])
