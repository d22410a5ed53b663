"""``register`` meets hostile, damaged and odd workbooks: one line, nothing written, no row lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from desktop_app.documents.writer import SheetContent, write_workbook
from desktop_app.domain.identity import check_identity
from tests.commands.site import PRINCIPAL, SCHOOL, Site, done, run
from tests.documents.hostile_workbooks import HOSTILE
from tests.documents.workbooks import workbook

HEADERS = (
    "姓名", "性别", "出生日期", "民族", "证件类型", "身份证号", "户籍村", "报名类别",
    "家长姓名", "与儿童关系", "联系电话", "告知书已签",
)  # fmt: skip
COLUMN = {header: place for place, header in enumerate(HEADERS)}


def identity(number: int) -> str:
    """Make a number of region 419999 for a girl born on 2018-03-14."""
    body = f"41999920180314{number:02d}2"
    for last in "0123456789X":
        if not [one for one in check_identity("1", body + last).problems if one.blocks]:
            return body + last
    raise AssertionError(body)


def row(number: int, **changed: object) -> list[object]:
    """Give the row of a plain child; ``changed`` by header."""
    values: list[object] = [
        f"罗雨{chr(0x4E00 + number)}", "女", "2018-03-14", "汉族", "居民身份证", identity(number),
        "湛河湾村", "A1", "罗志远", "父亲", f"1390000{number:04d}", "是",
    ]  # fmt: skip
    for header, value in changed.items():
        values[COLUMN[header]] = value
    return values


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Set up a school on its own."""
    site = Site(tmp_path_factory.mktemp("hostile"))
    done("init", *site.as_person(PRINCIPAL), "--seat", "school", "--code", SCHOOL)
    return site


def take_in(site: Site, path: Path, rows: Sequence[Sequence[object]]) -> dict[str, Any]:
    path.write_bytes(workbook([HEADERS, *rows]))
    return done("register", *site.as_person(PRINCIPAL), "--from", path)


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_workbook_is_one_line_and_nothing_is_written(
    school: Site, tmp_path: Path, name: str
) -> None:
    code, make = HOSTILE[name]
    book, out = tmp_path / "罗雨桐家.xlsx", tmp_path / "repairs.json"
    book.write_bytes(make())
    me = school.as_person(PRINCIPAL)
    before = done("digest", *me)
    ran = run("register", *me, "--from", book, "--repairs-out", out)
    assert (ran.status, ran.code) == (1, code)
    assert ran.line.count("\n") == 1
    assert "罗雨桐" not in ran.line
    assert done("digest", *me) == before
    assert [one.name for one in tmp_path.iterdir()] == [book.name]


@pytest.mark.parametrize("kind", ["folder", "device", "link to nothing", "missing"])
def test_what_is_no_file_is_refused_without_waiting(
    school: Site, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "x.xlsx"
    if kind == "folder":
        path.mkdir()
    elif kind == "device":
        path = Path("/dev/null")
    elif kind == "link to nothing":
        path.symlink_to(tmp_path / "nowhere")
    ran = run("register", *school.as_person(PRINCIPAL), "--from", path)
    assert ran.code in {"file.not_regular", "disk.missing"}


def test_a_missing_column_is_named_and_nothing_is_taken(school: Site, tmp_path: Path) -> None:
    book = tmp_path / "x.xlsx"
    rows = [row(1)[1:]]
    book.write_bytes(workbook([HEADERS[1:], *rows]))
    ran = run("register", *school.as_person(PRINCIPAL), "--from", book)
    assert ran.code == "column.missing"
    assert "罗志远" not in ran.line


def test_columns_that_changed_places_are_refused_whole(school: Site, tmp_path: Path) -> None:
    book = tmp_path / "x.xlsx"
    swapped = [row(n, 姓名=identity(n), 身份证号=f"罗雨{chr(0x4E10 + n)}") for n in range(1, 6)]
    book.write_bytes(workbook([HEADERS, *swapped]))
    me = school.as_person(PRINCIPAL)
    before = done("digest", *me)
    ran = run("register", *me, "--from", book)
    assert ran.code == "column.swapped"
    assert "4199" not in ran.line
    assert done("digest", *me) == before


ODD: list[tuple[str, dict[str, object]]] = [
    ("wide digits", {"身份证号": "".join(chr(ord(c) + 0xFEE0) for c in identity(11))}),
    ("small x", {"身份证号": identity(12).lower()}),
    ("blanks in the number", {"身份证号": f" {identity(13)[:6]} {identity(13)[6:14]} "}),
    ("date with slashes", {"出生日期": "2018/3/14"}),
    ("date of eight digits", {"出生日期": "20180314"}),
    ("date in words", {"出生日期": "2018年3月14日"}),
    ("date in wide digits", {"出生日期": "２０１８－０３－１４"}),
    ("date as a number of eight digits", {"出生日期": 20180314}),
    ("date with midnight", {"出生日期": "2018-03-14 00:00:00"}),
    ("phone as a number", {"联系电话": 13900000021}),
    ("phone with gaps", {"联系电话": "139 0000 0022"}),
    ("blanks about the name", {"姓名": "\u3000罗雨廾\u3000"}),
    ("unseen marks about the name", {"姓名": "\ufeff \u200b罗雨弄\u200b \ufeff"}),
    ("rare character", {"姓名": "𠮷川雨"}),
]


def test_odd_but_clear_rows_go_in_every_one(school: Site, tmp_path: Path) -> None:
    rows: list[list[object]] = []
    for number, (name, changed) in enumerate(ODD, start=11):
        given = dict(changed)
        if name == "blanks in the number":
            whole = identity(number)
            given = {"身份证号": f" {whole[:6]} {whole[6:14]} {whole[14:]}\n"}
        elif name == "wide digits":
            given = {"身份证号": "".join(chr(ord(c) + 0xFEE0) for c in identity(number))}
        elif name == "small x":
            given = {"身份证号": identity(number).lower()}
        rows.append(row(number, **given))
    told = take_in(school, tmp_path / "odd.xlsx", rows)
    assert told["repairs"] == []
    assert told["registered"] == len(ODD)
    for name in ("罗雨廾", "罗雨弄", "𠮷川雨"):
        found = done("find", *school.as_person(PRINCIPAL), name)["applicants"]
        assert [one["full_name"] for one in found] == [name]
        assert found[0]["birth_date"] == "2018-03-14"


BAD: list[tuple[dict[str, object], str, str]] = [
    ({"身份证号": 419999201803140000}, "证件号", "cell.excel_number"),
    ({"身份证号": "4.19999E+17"}, "证件号", "cell.excel_damaged"),
    ({"身份证号": "419999201803140000"}, "证件号", "cell.excel_damaged"),
    ({"身份证号": identity(40)[:17]}, "证件号", ""),
    ({"身份证号": identity(41)[:-1] + ("1" if identity(41)[-1] != "1" else "2")}, "证件号", ""),
    ({"出生日期": "18-3-14"}, "出生日期", "cell.date_two_digit_year"),
    ({"出生日期": "2018-02-30"}, "出生日期", "cell.date_unreal"),
    ({"出生日期": 43173}, "出生日期", "cell.date_is_number"),
    ({"出生日期": "三月十四"}, "出生日期", "cell.date_unclear"),
    ({"姓名": None}, "姓名", "cell.missing"),
    ({"姓名": True}, "姓名", "cell.not_text"),
    ({"报名类别": "没有这一类"}, "", ""),
    ({"联系电话": 1.39e20}, "联系电话", "cell.excel_number"),
    ({"身份证号": identity(10)}, "证件号", "form.duplicate"),
]


def test_each_bad_row_is_listed_with_its_reason_and_none_goes_in(
    school: Site, tmp_path: Path
) -> None:
    me = school.as_person(PRINCIPAL)
    take_in(school, tmp_path / "first.xlsx", [row(10)])  # the number is known from here on
    rows = [row(40 + number, **changed) for number, (changed, _, _) in enumerate(BAD)]
    told = take_in(school, tmp_path / "bad.xlsx", rows)
    assert told["registered"] == 0
    assert told["rejected_rows"] == len(BAD)
    reasons = {(one["row"], one["code"]) for one in told["repairs"]}
    for number, (_, _, code) in enumerate(BAD, start=2):
        mine = {reason for at, reason in reasons if at == number}
        assert mine, number
        assert not code or code in mine, (number, mine)
    assert "罗雨" not in str(told["repairs"])
    assert "4199" not in str(told["repairs"])
    assert "139" not in str(told["repairs"])
    assert run("verify", *me).told["holds"] is True


def test_good_rows_go_in_between_bad_and_blank_ones(school: Site, tmp_path: Path) -> None:
    rows: list[list[object]] = [row(70), [None] * 12, row(71, 姓名=None), [""] * 12, row(72)]
    told = take_in(school, tmp_path / "mixed.xlsx", rows)
    assert told["registered"] == 2
    assert [one["row"] for one in told["repairs"]] == [4]
    assert told["skipped_blank"] == 2


def test_the_same_workbook_twice_registers_nobody_twice(school: Site, tmp_path: Path) -> None:
    rows = [row(80), row(81)]
    assert take_in(school, tmp_path / "once.xlsx", rows)["registered"] == 2
    again = take_in(school, tmp_path / "once.xlsx", rows)
    assert (again["registered"], again["duplicates_found"]) == (0, 2)
    assert {one["code"] for one in again["repairs"]} == {"form.duplicate"}


def test_a_cell_that_begins_as_a_formula_stays_words_on_the_repair_list(
    school: Site, tmp_path: Path
) -> None:
    rows = [[str(one) for one in row(85, 姓名='=HYPERLINK("http://x")', 报名类别="没有")]]
    book, out = tmp_path / "f.xlsx", tmp_path / "r.xlsx"
    write_workbook(book, [SheetContent("s", HEADERS, rows)])
    me = school.as_person(PRINCIPAL)
    told = done("register", *me, "--from", book, "--repairs-out", out)
    assert told["registered"] == 0
    assert b"<f>" not in out.read_bytes()
    assert "HYPERLINK" not in str(told)
