"""``list``, ``blank-form`` and ``register --from`` with every kind of table, as commands."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from desktop_app.documents.reader import read_workbook
from desktop_app.documents.writer import SheetContent, workbook_bytes
from desktop_app.services.blank_form import MOST_FILES, tables_in
from desktop_app.services.intake import COLUMNS
from tests.commands.site import PRINCIPAL, REGISTRAR, SCHOOL, Site, done, run
from tests.commands.test_register_hostile import HEADERS, row
from tests.documents.old_workbooks import old_workbook

WHY = "学籍核对"


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Set up a school on its own, with a registrar and two children."""
    site = Site(tmp_path_factory.mktemp("listing"))
    me = site.as_person(PRINCIPAL)
    done("init", *me, "--seat", "school", "--code", SCHOOL)
    new = ["--name", REGISTRAR, "--roles", "registrar"]
    done("person", "add", *me, *new, "--new-password-file", site.password(REGISTRAR))
    book = site.root / "first.csv"
    book.write_bytes(table([row(1), row(2)]))
    assert done("register", *me, "--from", book)["registered"] == 2
    return site


def table(rows: Sequence[Sequence[object]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADERS, *rows])
    return out.getvalue().encode()


def cells(path: Path) -> list[list[str]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [[str(one.value or "") for one in line] for line in sheet.iter_rows()]


def digest(site: Site) -> object:
    return done("digest", *site.as_person(PRINCIPAL))


# --- list ----------------------------------------------------------------------------------------


def test_a_list_is_masked_unless_the_principal_asks_for_it_whole(
    school: Site, tmp_path: Path
) -> None:
    me = school.as_person(PRINCIPAL)
    before = digest(school)
    masked = done("list", *me, "--to", tmp_path, "--reason", WHY)
    whole = done("list", *me, "--to", tmp_path, "--reason", WHY, "--whole")
    assert masked["rows_out"] == whole["rows_out"] >= 2
    assert (masked["masked"], whole["masked"]) == (True, False)
    assert masked["file"] != whole["file"]
    hidden, open_ = cells(tmp_path / masked["file"]), cells(tmp_path / whole["file"])
    assert {line[3] for line in open_[1:3]} == {str(row(1)[5]), str(row(2)[5])}
    assert all(set(line[3][6:14]) == {"*"} for line in hidden[1:3])
    assert digest(school) != before, "that it was taken out is part of what is held"


def test_a_registrar_takes_a_masked_list_out_and_no_whole_one(school: Site, tmp_path: Path) -> None:
    me = school.as_person(REGISTRAR)
    refused = run("list", *me, "--to", tmp_path, "--reason", WHY, "--whole")
    assert (refused.status, refused.code) == (1, "export.principal")
    assert list(tmp_path.iterdir()) == []
    told = done("list", *me, "--to", tmp_path, "--reason", WHY)
    assert [one.name for one in tmp_path.iterdir()] == [told["file"]]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--reason", "  "], "export.reason"),
        (["--reason", WHY, "--which", "returned"], "export.nobody"),
        (["--reason", WHY, "--which", "conflict", "--whole"], "export.nobody"),
    ],
)
def test_a_refused_list_is_one_line_and_leaves_no_trace(
    school: Site, tmp_path: Path, words: list[str], code: str
) -> None:
    before = digest(school)
    ran = run("list", *school.as_person(PRINCIPAL), "--to", tmp_path, *words)
    assert (ran.status, ran.code, ran.line.count("\n")) == (1, code, 1)
    assert (digest(school), list(tmp_path.iterdir())) == (before, [])


@pytest.mark.parametrize("command", ["list", "blank-form"])
def test_a_folder_that_is_none_is_said_so(school: Site, tmp_path: Path, command: str) -> None:
    words = ["--reason", WHY] if command == "list" else []
    gone = tmp_path / "gone"
    ran = run(command, *school.as_person(PRINCIPAL), "--to", gone, *words)
    assert ran.status == 1
    assert ran.code.startswith(("disk.", "file.", "folder."))
    assert not gone.exists()


def test_the_list_taken_out_is_not_taken_in_again(school: Site, tmp_path: Path) -> None:
    me = school.as_person(PRINCIPAL)
    told = done("list", *me, "--to", tmp_path, "--reason", WHY)
    ran = run("register", *me, "--from", tmp_path / told["file"])
    rejected = ran.status == 1 or (ran.told["registered"], ran.told["rejected_rows"] > 0) == (
        0,
        True,
    )
    assert rejected, "stars are nobody's number"
    assert done("list", *me, "--to", tmp_path, "--reason", WHY)["rows_out"] == told["rows_out"]


# --- blank-form ----------------------------------------------------------------------------------


def test_the_blank_form_holds_every_column_and_is_never_written_over(
    school: Site, tmp_path: Path
) -> None:
    me = school.as_person(REGISTRAR)
    before = digest(school)
    names = [str(done("blank-form", *me, "--to", tmp_path)["file"]) for _ in range(3)]
    assert names == ["空白登记表.xlsx", "空白登记表-2.xlsx", "空白登记表-3.xlsx"]
    first, *others = (cells(tmp_path / name)[0] for name in names)
    assert [head.rstrip("*") for head in first] == [one.header for one in COLUMNS]
    assert {head.rstrip("*") for head in first if head.endswith("*")} == {
        one.header for one in COLUMNS if one.required
    }
    assert others == [first, first]
    assert digest(school) == before


def test_an_unfilled_form_registers_nobody(school: Site, tmp_path: Path) -> None:
    me = school.as_person(REGISTRAR)
    told = done("blank-form", *me, "--to", tmp_path)
    assert read_workbook(tmp_path / told["file"]).rows == ()
    taken = done("register", *me, "--from", tmp_path / told["file"])
    assert (taken["registered"], taken["repairs"]) == (0, [])


def test_tables_on_a_stick_are_the_latest_first_and_nothing_else(tmp_path: Path) -> None:
    wanted = ["a.xlsx", "b.XLS", "c.et", "d.Csv"]
    for name in [*wanted, "e.txt", "f.xlsm", ".g.xlsx", "~$a.xlsx", "h.docx"]:
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "folder.xlsx").mkdir()
    found = tables_in(tmp_path)
    assert sorted(one.path.name for one in found) == wanted
    assert [one.changed_at for one in found] == sorted(
        (one.changed_at for one in found), reverse=True
    )
    assert {one.size for one in found} == {len(name.encode()) for name in wanted}
    for number in range(MOST_FILES + 5):
        (tmp_path / f"{number}.csv").touch()
    assert len(tables_in(tmp_path)) == MOST_FILES


# --- register --from -----------------------------------------------------------------------------


def kinds(number: int) -> dict[str, bytes]:
    """Give a family of its own in each kind of table, under the name such files have."""
    rows = [row(number + at) for at in range(8)]
    text = [[str(one) for one in each] for each in rows]
    return {
        "村.xlsx": workbook_bytes([SheetContent("登记", HEADERS, [text[0]])]),
        "村.xls": old_workbook([HEADERS, text[1]]),
        "村.et": old_workbook([HEADERS, text[2]]),
        "村.csv": table([text[3]]),
        "村-excel.csv": b"\xef\xbb\xbf" + table([text[4]]),
        "村-wps.csv": table([text[5]]).decode().encode("gb18030"),
        "村.txt": table([text[6]], "\t").decode().encode("utf-16"),
        "改了名的.xlsx": table([text[7]], ";"),
    }


KINDS = sorted(kinds(10))


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_table_registers_its_family_once(
    school: Site, tmp_path: Path, name: str
) -> None:
    me = school.as_person(PRINCIPAL)
    book = tmp_path / name
    book.write_bytes(kinds(10)[name])
    told = done("register", *me, "--from", book)
    assert (told["registered"], told["repairs"], told["unknown_columns"]) == (1, [], [])
    again = done("register", *me, "--from", book)
    assert (again["registered"], again["duplicates_found"]) == (0, 1)
    assert book.read_bytes() == kinds(10)[name], "the table itself is never written"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "workbook.empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "workbook.wrong_type"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "workbook.wrong_type"),
        ('姓名,号\n"罗雨桐,1\n'.encode(), "workbook.damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook.damaged"),
        ("姓名,备注\n罗雨桐,x\n".encode(), "column.missing"),
    ],
)
@pytest.mark.parametrize("suffix", [".xls", ".csv"])
def test_what_is_no_table_is_refused_by_its_bytes_whatever_its_name(
    school: Site, tmp_path: Path, data: bytes, code: str, suffix: str
) -> None:
    book, before = tmp_path / f"罗雨桐家{suffix}", digest(school)
    book.write_bytes(data)
    ran = run("register", *school.as_person(PRINCIPAL), "--from", book)
    assert (ran.status, ran.code, ran.line.count("\n")) == (1, code, 1)
    assert "罗雨桐" not in ran.line
    assert digest(school) == before


def test_a_block_with_headings_broken_by_hand_goes_in(school: Site, tmp_path: Path) -> None:
    broken = [f"{head[:2]}\n{head[2:]}" if len(head) > 2 else f"\n{head}" for head in HEADERS]
    out = io.StringIO()
    csv.writer(out, delimiter="\t").writerows([broken, row(40)])
    book = tmp_path / "block.txt"
    book.write_bytes(out.getvalue().encode())
    told = done("register", *school.as_person(PRINCIPAL), "--from", book)
    assert (told["registered"], told["repairs"]) == (1, [])


def test_the_repair_list_is_the_same_for_every_kind(school: Site, tmp_path: Path) -> None:
    me = school.as_person(PRINCIPAL)
    bad = [str(one) for one in row(50, 报名类别="Q7")]
    told = []
    for name, data in (
        ("a.xls", old_workbook([HEADERS, bad])),
        ("b.csv", table([bad])),
        ("c.xlsx", workbook_bytes([SheetContent("登记", HEADERS, [bad])])),
    ):
        (tmp_path / name).write_bytes(data)
        told.append(done("register", *me, "--from", tmp_path / name)["repairs"])
    assert told[0] == told[1] == told[2]
    assert [(one["row"], one["column"], one["code"]) for one in told[0]] == [
        (2, "报名类别", "form.not_in_list")
    ]
    assert "Q7" not in str(told[0]), "a cell is never repeated"
