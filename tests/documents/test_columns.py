"""Headers are matched or refused; cells are read or carry their own reason; nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.documents.columns import Column, fold_header, match_columns
from desktop_app.documents.reader import Cell, CellKind, Row, Sheet, read_workbook
from desktop_app.documents.rows import parse_rows
from desktop_app.domain.errors import RuleError
from tests.documents.workbooks import workbook

NAME = Column("full_name", "姓名", ("儿童姓名", "学生姓名"), required=True)
NUMBER = Column("id_number", "证件号", ("身份证号",), kind="identity", required=True)
BIRTH = Column("birth_date", "出生日期", kind="date")
PHONE = Column("phone", "联系电话", ("电话",), kind="digits")
NATION = Column("ethnic_code", "民族", kind="code")
COLUMNS = (NAME, NUMBER, BIRTH, PHONE, NATION)
GOOD_ID = "419999201803140012"
OTHER_ID = "419999201803140047"


def sheet(*rows: tuple[object, ...], first: int = 1) -> Sheet:
    """Build a sheet of text cells; a ``Cell`` stands for itself."""
    made = [
        Row(number, tuple(one if isinstance(one, Cell) else Cell("text", str(one)) for one in row))
        for number, row in enumerate(rows, start=first)
    ]
    headers = tuple(cell.text for cell in made[0].cells)
    return Sheet("报名", headers, first, tuple(made[1:]), 0, ())


def problems(given_sheet: Sheet) -> list[tuple[str, str]]:
    return [(one.column, one.code) for one in match_columns(given_sheet, COLUMNS).problems]


# --- headers -------------------------------------------------------------------------------------


def test_columns_are_found_by_header_or_alias_in_any_order() -> None:
    match = match_columns(sheet(("电话", "学生姓名", "身份证号", "备注")), COLUMNS)
    assert dict(match.positions) == {"phone": 0, "full_name": 1, "id_number": 2}
    assert match.unknown == ("备注",)
    assert not match.problems


@pytest.mark.parametrize(
    "written", ["姓名*", "* 姓 名", "姓名（必填）", "姓名:", "姓　名", "★姓名", "姓名[必填]"]
)
def test_marks_and_blanks_in_a_header_do_not_matter(written: str) -> None:
    assert fold_header(written) == "姓名"


def test_a_title_above_the_header_row_is_passed_over() -> None:
    titled = sheet(
        ("湛河湾小学新生登记表",),
        ("填表人", "刘素琴"),
        ("姓名", "证件号"),
        ("罗雨桐", GOOD_ID),
        first=2,
    )
    match = match_columns(titled, COLUMNS)
    assert match.header_number == 4
    assert [row.number for row in parse_rows(titled, COLUMNS, match)] == [5]


def test_a_header_row_below_the_tenth_is_not_searched_for() -> None:
    deep = sheet(*[("标题",)] * 10, ("姓名", "证件号"), ("罗雨桐", GOOD_ID))
    assert problems(deep) == [("姓名", "column.missing"), ("证件号", "column.missing")]


def test_every_missing_required_column_is_named_at_once() -> None:
    assert problems(sheet(("民族",), ("汉",))) == [
        ("姓名", "column.missing"),
        ("证件号", "column.missing"),
    ]


def test_a_column_that_stands_twice_is_refused_and_not_chosen() -> None:
    assert problems(sheet(("姓名", "证件号", "学生姓名"), ("甲乙", GOOD_ID, "丙丁"))) == [
        ("姓名", "column.twice")
    ]


def test_names_under_the_number_and_numbers_under_the_name_are_refused_with_both_headers() -> None:
    swapped = sheet(("证件号", "姓名"), ("罗雨桐", GOOD_ID), ("李梓涵", OTHER_ID))
    (problem,) = match_columns(swapped, COLUMNS).problems
    assert (problem.column, problem.code) == ("证件号", "column.swapped")
    assert problem.details == {"other": "姓名"}


def test_phone_and_number_that_changed_places_are_refused() -> None:
    swapped = sheet(("姓名", "证件号", "联系电话"), ("罗雨桐", "13800001612", GOOD_ID))
    assert problems(swapped) == [("证件号", "column.swapped")]


def test_birth_dates_and_phones_that_changed_places_are_refused() -> None:
    row = ("罗雨桐", GOOD_ID, "13800001612", "2018-03-14")
    assert problems(sheet(("姓名", "证件号", "出生日期", "联系电话"), row)) == [
        ("出生日期", "column.swapped")
    ]


def test_numbers_that_excel_turned_into_numbers_are_still_seen_to_be_swapped() -> None:
    swapped = sheet(("证件号", "姓名"), ("罗雨桐", Cell("number", "4.19999201803140e+17")))
    assert problems(swapped) == [("证件号", "column.swapped")]


def test_passports_and_a_few_slips_do_not_look_swapped() -> None:
    mixed = sheet(
        ("姓名", "证件号"), ("罗雨桐", "E12345678"), ("JOHN SMITH", "P9876543"), ("李梓涵", GOOD_ID)
    )
    assert not problems(mixed)


def test_a_refused_sheet_gives_no_rows() -> None:
    with pytest.raises(RuleError) as caught:
        parse_rows(sheet(("民族",), ("汉",)), COLUMNS)
    assert (caught.value.code, dict(caught.value.details)) == ("workbook.columns", {"count": 2})


# --- cells ---------------------------------------------------------------------------------------


def read_one(column: Column, kind: CellKind, text: str) -> str:
    """Read one cell under one column: its value, or the code of its problem."""
    (row,) = parse_rows(sheet((column.header,), (Cell(kind, text),)), (column,))
    if row.problems:
        (problem,) = row.problems
        assert not row.values
        assert problem.column == column.header
        return problem.code
    return row.values.get(column.field, "")


OPTIONAL_NUMBER = Column("id_number", "证件号", kind="identity")
OPTIONAL_NAME = Column("full_name", "姓名")


@pytest.mark.parametrize(
    ("column", "kind", "text", "expected"),
    [
        # text: trimmed and otherwise left alone
        (OPTIONAL_NAME, "text", "　罗雨桐\u200b \n", "罗雨桐"),
        (OPTIONAL_NAME, "text", "３号楼", "３号楼"),
        (OPTIONAL_NAME, "text", "=1+1", "=1+1"),
        (OPTIONAL_NAME, "number", "12", "12"),
        (OPTIONAL_NAME, "number", "1.5", "cell.not_text"),
        (OPTIONAL_NAME, "date", "2018-03-14", "cell.not_text"),
        (OPTIONAL_NAME, "bool", "TRUE", "cell.not_text"),
        (OPTIONAL_NAME, "error", "error", "cell.error_value"),
        (OPTIONAL_NAME, "error", "unknown", "cell.error_value"),
        (OPTIONAL_NAME, "error", "formula", "cell.formula_empty"),
        (OPTIONAL_NAME, "error", "too_long", "cell.too_long"),
        (OPTIONAL_NAME, "empty", "", ""),
        (NATION, "text", " 汉 ", "汉"),
        (NATION, "number", "1", "1"),
        # phones
        (PHONE, "text", "１３８ ００００ １６１２", "13800001612"),
        (PHONE, "text", "0375-4999999", "0375-4999999"),
        (PHONE, "number", "13800001612", "13800001612"),
        (PHONE, "number", "138000016123", "cell.excel_number"),
        (PHONE, "number", "1.38e+10", "cell.excel_number"),
        (PHONE, "number", "-1", "cell.excel_number"),
        (PHONE, "date", "2018-03-14", "cell.not_text"),
        # numbers of documents
        (OPTIONAL_NUMBER, "text", f" {GOOD_ID} ", GOOD_ID),
        (OPTIONAL_NUMBER, "text", "４１９９９９２０１８０３１４００１２", GOOD_ID),
        (OPTIONAL_NUMBER, "text", "419999 20180314 0012", GOOD_ID),
        (OPTIONAL_NUMBER, "text", "E12345678", "E12345678"),
        (OPTIONAL_NUMBER, "number", "4.19999201803140e+17", "cell.excel_number"),
        (OPTIONAL_NUMBER, "number", "123456789", "cell.excel_number"),
        (OPTIONAL_NUMBER, "text", "4.1E+17", "cell.excel_damaged"),
        (OPTIONAL_NUMBER, "text", "4.19999E+17", "cell.excel_damaged"),
        (OPTIONAL_NUMBER, "text", "419999201803140000", "cell.excel_damaged"),
        (OPTIONAL_NUMBER, "error", "formula", "cell.formula_empty"),
        # dates
        (BIRTH, "date", "2018-03-14", "2018-03-14"),
        (BIRTH, "date", "2018-03-14T12:00:00", "2018-03-14"),
        (BIRTH, "number", "20180314", "2018-03-14"),
        (BIRTH, "number", "43173", "cell.date_is_number"),
        (BIRTH, "number", "20180230", "cell.date_unreal"),
        (BIRTH, "text", "20180314", "2018-03-14"),
        (BIRTH, "text", "２０１８０３１４", "2018-03-14"),
        (BIRTH, "text", "2018-03-14", "2018-03-14"),
        (BIRTH, "text", "2018-03-14 00:00:00", "2018-03-14"),
        (BIRTH, "text", "2018/3/14", "2018-03-14"),
        (BIRTH, "text", "2018.3.14", "2018-03-14"),
        (BIRTH, "text", "2018年3月14日", "2018-03-14"),
        (BIRTH, "text", "18-03-14", "cell.date_two_digit_year"),
        (BIRTH, "text", "18年3月14日", "cell.date_two_digit_year"),
        (BIRTH, "text", "180314", "cell.date_two_digit_year"),
        (BIRTH, "text", "20180230", "cell.date_unreal"),
        (BIRTH, "text", "2018-02-30", "cell.date_unreal"),
        (BIRTH, "text", "2018-13-01", "cell.date_unreal"),
        (BIRTH, "text", "14/3/2018", "cell.date_unclear"),
        (BIRTH, "text", "三月十四", "cell.date_unclear"),
        (BIRTH, "text", "  ", ""),
        (BIRTH, "bool", "TRUE", "cell.not_text"),
    ],
)
def test_a_cell_is_read_or_refused_with_its_reason(
    column: Column, kind: CellKind, text: str, expected: str
) -> None:
    assert read_one(column, kind, text) == expected


def test_a_required_cell_left_empty_is_named() -> None:
    (row,) = parse_rows(sheet(("姓名", "证件号"), ("罗雨桐", "  ")), COLUMNS)
    assert dict(row.values) == {"full_name": "罗雨桐"}
    assert [(one.column, one.code) for one in row.problems] == [("证件号", "cell.missing")]


@given(st.text(max_size=30), st.sampled_from(["text", "number", "date", "bool", "error", "empty"]))
def test_no_cell_whatever_it_holds_breaks_the_reading(text: str, kind: CellKind) -> None:
    row = tuple(Cell(kind, text) for _ in COLUMNS)
    headers = tuple(column.header for column in COLUMNS)
    parsed = match_columns(sheet(headers, row), COLUMNS)
    if not parsed.problems:
        (one,) = parse_rows(sheet(headers, row), COLUMNS, parsed)
        assert len(one.values) + len(one.problems) <= len(COLUMNS)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_a_text_is_never_changed_but_at_its_ends(text: str) -> None:
    assert read_one(OPTIONAL_NAME, "text", text) in text


def test_good_rows_go_in_and_each_bad_row_is_listed_with_its_own_reason(tmp_path: Path) -> None:
    """The sentence of the requirement, in one workbook."""
    path = tmp_path / "village.xlsx"
    path.write_bytes(
        workbook(
            [
                ("湛河湾村 2024 年秋季新生登记",),
                ("姓名*", "证件号*", "出生日期", "联系电话", "民族", "备注"),
                ("罗雨桐", GOOD_ID, "20180314", 13800001612, "汉", "双胞胎"),
                (),
                ("李梓涵", OTHER_ID, ('s="2"', "<v>43173</v>"), "１３８００００１６１３", "回族"),
                ("王一", 419999201803140012, "2018-03-14"),
                ("王二", "419999201803140000", "2018-03-14"),
                ("王三", "4.1E+17", "2018-03-14"),
                (),
                ("王四", GOOD_ID, "18-3-14"),
                (('t="str"', "<f>A3</f>"), GOOD_ID, "20180230"),
                (None, OTHER_ID),
                ("陈晨", ('t="str"', f"<f>B3</f><v>{GOOD_ID}</v>"), "2018年3月14日"),
            ]
        )
    )
    rows = parse_rows(read_workbook(path), COLUMNS)
    assert {row.number: row.values["full_name"] for row in rows if not row.problems} == {
        3: "罗雨桐",
        5: "李梓涵",
        13: "陈晨",
    }
    assert rows[1].values == {
        "full_name": "李梓涵",
        "id_number": OTHER_ID,
        "birth_date": "2018-03-14",
        "phone": "13800001613",
        "ethnic_code": "回族",
    }
    assert {
        row.number: [(one.column, one.code) for one in row.problems] for row in rows if row.problems
    } == {
        6: [("证件号", "cell.excel_number")],
        7: [("证件号", "cell.excel_damaged")],
        8: [("证件号", "cell.excel_damaged")],
        10: [("出生日期", "cell.date_two_digit_year")],
        11: [("姓名", "cell.formula_empty"), ("出生日期", "cell.date_unreal")],
        12: [("姓名", "cell.missing")],
    }
