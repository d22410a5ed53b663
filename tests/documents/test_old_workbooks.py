"""Tables of other kinds: .xls and .et, .csv in two encodings, a block from the clipboard."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from desktop_app.documents.columns import Column
from desktop_app.documents.old_guard import inspect_old
from desktop_app.documents.reader import Cell, read_workbook
from desktop_app.documents.rows import parse_rows
from desktop_app.documents.text_rows import text_rows
from desktop_app.domain.errors import UntrustedError
from tests.documents.mutants import mutate
from tests.documents.old_workbooks import HOSTILE_OLD, HOSTILE_TEXT, OLD, ROWS, old_workbook

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "200"))
COMMAS = "姓名,证件号\n罗雨桐,419999201803140012\n"
COLUMNS = (
    Column("full_name", "姓名", required=True),
    Column("id_number", "证件号", (), "identity"),
    Column("birth_date", "生日", (), "date"),
)
REFUSED_BY_THE_READER = ("before_97", "macros", "chain_in_a_circle", "two_far_corners")


def test_an_old_workbook_is_read_with_its_blank_rows_and_odd_cells() -> None:
    rows = [
        (),
        (None, "姓名", "电话", "号"),
        (None, "罗雨桐", 13800001612, ("error",), True),
        (),
        (None, "王", 4.19999201803140e17, ("formula",)),
    ]
    sheet = read_workbook(old_workbook(rows, 说明=[("a",)]))
    assert (sheet.name, sheet.others, sheet.skipped_blank) == ("报名", ("说明",), 1)
    assert (sheet.header_number, sheet.headers) == (2, ("", "姓名", "电话", "号"))
    first, second = sheet.rows
    assert (first.number, second.number) == (3, 5)
    assert first.cells[2:] == (
        Cell("number", "13800001612"),
        Cell("error", "error"),
        Cell("bool", "TRUE"),
    )
    assert [cell.text for cell in second.cells[2:]] == ["4.1999920180314e+17", "formula"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_table_is_read_in_the_encoding_it_has(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "village.csv"
    path.write_bytes(COMMAS.encode(encoding))
    sheet = read_workbook(path)
    assert sheet.headers == ("姓名", "证件号")
    assert sheet.rows[0].cells == (Cell("text", "罗雨桐"), Cell("text", "419999201803140012"))


def test_a_block_from_excel_keeps_line_breaks_and_names_what_excel_broke() -> None:
    block = (
        "姓名\t证件号\t生日\r\n"
        '"罗\n雨桐"\t４１９９９９２０１８０３１４００１２\t2018/3/14\r\n'
        "王子涵\t4.1E+17\t18-3-14\r\n"
        "\r\n"
        '李一\t"=""419999201803140012"""\t=TODAY()\r\n'
        "\t419999201803140000\t#N/A\r\n"
    )
    rows = parse_rows(read_workbook(block.encode()), COLUMNS)
    assert [row.number for row in rows] == [2, 3, 5, 6]
    assert rows[0].values == {
        "full_name": "罗\n雨桐",
        "id_number": "419999201803140012",
        "birth_date": "2018-03-14",
    }
    assert [one.code for one in rows[1].problems] == [
        "cell.excel_damaged",
        "cell.date_two_digit_year",
    ]
    assert rows[1].read == {"id_number": "4.1E+17", "birth_date": "18-3-14"}
    assert rows[2].values["id_number"] == "419999201803140012"
    assert [one.code for one in rows[2].problems] == ["cell.formula_empty"]
    assert [one.code for one in rows[3].problems] == [
        "cell.missing",
        "cell.excel_damaged",
        "cell.error_value",
    ]


@pytest.mark.parametrize("name", sorted(HOSTILE_OLD))
def test_a_hostile_old_workbook_is_refused_by_name(name: str) -> None:
    code, make = HOSTILE_OLD[name]
    with pytest.raises(UntrustedError) as caught:
        inspect_old(make())
    assert caught.value.code == code


@pytest.mark.parametrize("name", sorted(HOSTILE_TEXT))
def test_a_hostile_text_is_refused_by_name(name: str) -> None:
    code, make = HOSTILE_TEXT[name]
    with pytest.raises(UntrustedError) as caught:
        list(text_rows(make()))
    assert caught.value.code == code


@pytest.mark.parametrize("name", REFUSED_BY_THE_READER)
def test_the_reader_refuses_an_old_one_by_its_first_bytes(name: str) -> None:
    code, make = HOSTILE_OLD[name]
    with pytest.raises(UntrustedError) as caught:
        read_workbook(make())
    assert caught.value.code == code


def test_mutants_of_other_kinds_meet_a_verdict_and_nothing_else() -> None:
    known = {code for kind in (HOSTILE_OLD, HOSTILE_TEXT) for code, _ in kind.values()}
    chance, passed = random.Random(20240825), 0
    for good, look in ((OLD, inspect_old), (COMMAS.encode(), lambda data: list(text_rows(data)))):
        for number in range(5 * ROUNDS):
            try:
                look((mutate if number % 3 == 0 else in_place)(good, chance))
            except UntrustedError as error:
                code = error.code
                assert code in known
            else:
                passed += 1
    assert ROUNDS < passed < 9 * ROUNDS


def in_place(data: bytes, chance: random.Random) -> bytes:
    """Damage a file without moving anything: a compound file's shell is nothing but places."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def test_mutants_that_pass_do_not_hurt_this_process() -> None:
    chance = random.Random(20240826)
    answers = set()
    for number in range(ROUNDS // 8):
        damage = mutate if number % 3 == 0 else in_place
        try:
            answers.add(read_workbook(damage(OLD, chance)).headers)
        except UntrustedError as error:
            answers.add((error.code,))
    assert ROWS[0] in answers
