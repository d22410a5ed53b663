"""A workbook is read in a child; whatever happens to the child, this process gets an answer."""

from __future__ import annotations

import math
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.documents import launch
from desktop_app.documents.launch import child_command
from desktop_app.documents.reader import EMPTY, Cell, Sheet, read_workbook
from desktop_app.documents.reader_child import number_text
from desktop_app.domain.errors import UntrustedError, WorkplaceError
from tests.documents.hostile_workbooks import GOOD, HOSTILE
from tests.documents.mutants import mutants
from tests.documents.workbooks import parts, rows_xml, sheet_xml, with_sheet, workbook, zipped

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "200"))
EXCEL_DAY_2018_03_14 = 43173


ReadThrough = Callable[..., Sheet]


def read(folder: Path, data: bytes) -> Sheet:
    path = folder / "taken.xlsx"
    path.write_bytes(data)
    return read_workbook(path)


def refusal(folder: Path, data: bytes) -> str:
    with pytest.raises(UntrustedError) as caught:
        read(folder, data)
    return caught.value.code


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ReadThrough:
    """Put a child in place that runs the given Python, and read through it."""

    def read_through(code: str, seconds: float = 20.0) -> Sheet:
        monkeypatch.setattr(launch, "child_command", lambda _name: [sys.executable, "-c", code])
        path = tmp_path / "taken.xlsx"
        path.write_bytes(GOOD)
        return read_workbook(path, seconds=seconds)

    return read_through


def test_every_kind_of_cell_comes_back_as_the_sheet_shows_it(tmp_path: Path) -> None:
    sheet = read(
        tmp_path,
        workbook(
            [
                ("姓名", "种类"),
                ("文字", " 罗雨桐 "),
                ("整数", 13800001612),
                ("小数", 1.5),
                ("坏号码", 4.1999920180314e17),
                ("是", True),
                ("日期", ('s="2"', f"<v>{EXCEL_DAY_2018_03_14}</v>")),
                ("日期和时间", ('s="3"', f"<v>{EXCEL_DAY_2018_03_14}.5</v>")),
                ("一天里的时间", ('s="3"', "<v>0.5</v>")),
                ("公式有值", ('t="str"', "<f>A1</f><v>甲</v>")),
                ("公式没有值", ('t="str"', "<f>A1</f><v></v>")),
                ("错误", ('t="e"', "<v>#N/A</v>")),
                ("空",),
            ]
        ),
    )
    assert sheet.headers == ("姓名", "种类")
    assert [row.cell(1) for row in sheet.rows] == [
        Cell("text", " 罗雨桐 "),
        Cell("number", "13800001612"),
        Cell("number", "1.5"),
        Cell("number", "4.1999920180314e+17"),
        Cell("bool", "TRUE"),
        Cell("date", "2018-03-14"),
        Cell("date", "2018-03-14T12:00:00"),
        Cell("text", "12:00:00"),
        Cell("text", "甲"),
        Cell("error", "formula"),
        Cell("error", "error"),
        EMPTY,
    ]


def test_blank_rows_between_are_left_out_and_row_numbers_stay_those_of_excel(
    tmp_path: Path,
) -> None:
    sheet = read(
        tmp_path, with_sheet(sheet_xml(rows_xml([("甲",), (), ("乙",), (" ",), (), ("丙",)], 3)))
    )
    assert sheet.header_number == 3
    assert [row.number for row in sheet.rows] == [5, 8]
    assert sheet.skipped_blank == 3


def test_a_sheet_that_starts_further_right_keeps_its_columns(tmp_path: Path) -> None:
    sheet = read(tmp_path, workbook([(None, None, "姓名"), (None, None, "罗雨桐")]))
    assert sheet.headers == ("", "", "姓名")
    assert sheet.rows[0].cell(0) == EMPTY
    assert sheet.rows[0].cell(2).text == "罗雨桐"


def test_a_row_of_nothing_but_broken_formulas_is_not_taken_for_blank(tmp_path: Path) -> None:
    rows = [("姓名",), (('t="str"', "<f>A9</f>"),), ("乙",), (), (None, ('t="e"', "<v>#REF!</v>"))]
    sheet = read(tmp_path, workbook(rows))
    assert [(row.number, row.cells[-1].text) for row in sheet.rows] == [
        (2, "formula"),
        (3, "乙"),
        (5, "error"),
    ]


def test_characters_outside_the_first_plane_and_line_breaks_survive(tmp_path: Path) -> None:
    rare = "𠅤𬭳·买买提\n第二行"
    assert read(tmp_path, workbook([("姓名",), (rare,)])).rows[0].cell(0).text == rare


def test_progress_is_reported_in_rows_and_may_stop_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "taken.xlsx"
    path.write_bytes(workbook([(f"行{n}",) for n in range(1_200)]))
    seen: list[int] = []
    read_workbook(path, on_rows=seen.append)
    assert seen == [500, 1000]

    def stop(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_workbook(path, on_rows=stop)


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_every_hostile_workbook_is_refused_by_the_child_and_this_process_lives(
    name: str, tmp_path: Path
) -> None:
    code, make = HOSTILE[name]
    assert refusal(tmp_path, make()) == code


def test_too_many_rows_are_named_with_the_row_and_the_limit(tmp_path: Path) -> None:
    with pytest.raises(UntrustedError) as caught:
        read(tmp_path, HOSTILE["value_in_the_last_row"][1]())
    assert dict(caught.value.details) == {"limit": 120_000, "row": 1_048_576}


def test_mutants_that_pass_the_guard_do_not_hurt_this_process(tmp_path: Path) -> None:
    allowed = {code for code, _ in HOSTILE.values()} | {"workbook.too_slow"}
    for mutant in mutants(GOOD, ROUNDS // 4, random.Random(20240824)):
        path = tmp_path / "taken.xlsx"
        path.write_bytes(mutant)
        try:
            sheet = read_workbook(path)
        except UntrustedError as error:
            code = error.code
            assert code in allowed
        else:
            assert isinstance(sheet, Sheet)


def test_without_the_guard_the_parser_does_die(tmp_path: Path) -> None:
    """The negative control: a small file ends a process that has no guard."""
    path = tmp_path / "far.xlsx"
    path.write_bytes(
        with_sheet(
            sheet_xml(
                '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
            )
        )
    )
    code = (
        "import sys; from desktop_app.documents.child import limit_resources; limit_resources();"
        "from python_calamine import CalamineWorkbook;"
        "CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()"
    )
    ended = subprocess.run([sys.executable, "-c", code, path], capture_output=True, check=False)
    assert ended.returncode < 0


# --- a child that misbehaves ---------------------------------------------------------------------

_HEAD = 'import sys,time,os;w=sys.stdout.buffer.write;w(b\'{"sheet":"s","others":[]}\\n\');'
_ROW = 'w(b\'[1,[["text","a"]]]\\n\');'


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import sys; sys.exit(3)", "workbook.unreadable"),
        ("import os; os.abort()", "workbook.unreadable"),
        ("raise MemoryError", "workbook.unreadable"),
        (_HEAD + "os.abort()", "workbook.unreadable"),
        (_HEAD + _ROW + "sys.exit(1)", "workbook.unreadable"),
        (_HEAD + _ROW + 'w(b\'{"rows":1,"blank":0}\\n\');sys.stdout.flush();os.abort()', "workbook.unreadable"),
        (_HEAD + _ROW + 'w(b\'{"rows":1,"blank":0}\\nmore\')', "workbook.unreadable"),
        (_HEAD + _ROW + 'w(b\'{"rows":2,"blank":0}\\n\')', "workbook.unreadable"),
        (_HEAD + _ROW + 'w(b\'{"rows":1,"blank":-1}\\n\')', "workbook.unreadable"),
        (_HEAD + 'w(b\'{"rows":0,"blank":0}\\n\')', "workbook.unreadable"),
        (_HEAD + _ROW + _ROW + 'w(b\'{"rows":2,"blank":0}\\n\')', "workbook.unreadable"),
        (_HEAD + 'w(b\'[1,[["blob","a"]]]\\n\')', "workbook.unreadable"),
        (_HEAD + 'w(b\'[1,[["text",1]]]\\n\')', "workbook.unreadable"),
        (_HEAD + 'w(b\'[1,[["text","a"]],1]\\n\')', "workbook.unreadable"),
        (_HEAD + 'w(b\'[0,[["text","a"]]]\\n\')', "workbook.unreadable"),
        (_HEAD + 'w(b"[1,["+b",".join([b\'["text","a"]\']*257)+b"]]\\n")', "workbook.unreadable"),
        (_HEAD + 'w(b\'[1,[["text","\'+b"a"*32768+b\'"]]]\\n\')', "workbook.unreadable"),
        ("import sys;sys.stdout.write('x'*(5<<20))", "workbook.unreadable"),
        ("print('{\"refused\":\"vault.wrong_password\",\"details\":{}}')", "workbook.unreadable"),
        ("print('{\"refused\":\"workbook.bomb\",\"details\":{\"name\":[1]}}')", "workbook.unreadable"),
        ("print('{\"refused\":\"workbook.bomb\",\"details\":{\"row\":\"罗雨桐\"}}')", "workbook.bomb"),
        ("print('{\"refused\":\"workbook.bomb\",\"extra\":1}')", "workbook.unreadable"),
        ("print('\\xff')", "workbook.unreadable"),
        ("print('{\"refused\":\"workbook.bomb\"')", "workbook.unreadable"),
    ],
)  # fmt: skip
def test_a_child_that_breaks_its_promise_is_not_believed(
    code: str, expected: str, answering: ReadThrough
) -> None:
    with pytest.raises(UntrustedError) as caught:
        answering(code)
    assert caught.value.code == expected
    assert not caught.value.details


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(60)",
        _HEAD + "sys.stdout.flush(); time.sleep(60)",
        _HEAD
        + '[w(b\'[%d,[["text","a"]]]\\n\' % n) for n in range(1, 9)]; sys.stdout.flush(); time.sleep(60)',
    ],
)
def test_a_child_that_never_ends_is_ended(code: str, answering: ReadThrough) -> None:
    with pytest.raises(UntrustedError) as caught:
        answering(code, seconds=0.5)
    assert caught.value.code == "workbook.too_slow"


def test_a_child_over_its_memory_limit_ends_alone(answering: ReadThrough) -> None:
    code = (
        "from desktop_app.documents.child import limit_resources; limit_resources();"
        "import sys; x = bytearray(2 << 30); sys.stdout.write('survived')"
    )
    with pytest.raises(UntrustedError) as caught:
        answering(code)
    assert caught.value.code == "workbook.unreadable"


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process on itself are POSIX")
def test_the_child_limits_itself_before_it_reads() -> None:
    code = (
        "import resource as r; from desktop_app.documents.child import limit_resources;"
        "limit_resources(); print([r.getrlimit(k) for k in (r.RLIMIT_AS, r.RLIMIT_CPU,"
        "r.RLIMIT_FSIZE, r.RLIMIT_CORE)])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    gigabyte = 1 << 30
    assert told.stdout.strip() == str([(gigabyte, gigabyte), (30, 30), (0, 0), (0, 0)])


def test_the_child_gets_no_environment_and_no_open_files(
    tmp_path: Path, answering: ReadThrough
) -> None:
    secret = os.open(tmp_path / "secret", os.O_CREAT | os.O_RDWR)
    os.set_inheritable(secret, True)
    os.environ["ENROLLMENT_SECRET"] = "419999"
    code = (
        "import os;e='ENROLLMENT_SECRET' in os.environ or 'HOME' in os.environ;"
        f"o=os.path.exists('/proc/self/fd/{secret}');"
        "print('{\"refused\":\"workbook.%s\",\"details\":{}}' % ('bomb' if e or o else 'empty'))"
    )
    try:
        with pytest.raises(UntrustedError) as caught:
            answering(code)
    finally:
        os.close(secret)
        del os.environ["ENROLLMENT_SECRET"]
    assert caught.value.code == "workbook.empty"


def test_the_child_loads_neither_window_nor_database_nor_keys() -> None:
    code = (
        "import sys, desktop_app.documents.child as c, desktop_app.documents.reader_child,"
        "desktop_app.documents.image_child; print(sorted({m.split('.')[0] for m in sys.modules}"
        "& {'PySide6', 'sqlalchemy', 'sqlcipher3', 'cryptography', 'pyrage', 'openpyxl'}))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert told.stdout.strip() == "[]"


def test_no_child_is_left_behind(tmp_path: Path) -> None:
    started: list[subprocess.Popen[bytes]] = []
    with launch.start_child("read-workbook", GOOD) as child:
        assert isinstance(child.process, subprocess.Popen)
        started.append(child.process)
    assert started[0].returncode is not None


def test_the_command_line_names_the_job_and_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert child_command("read-workbook")[-2:] == ["desktop_app.documents.child", "read-workbook"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_command("read-workbook") == [sys.executable, "--child", "read-workbook"]


def test_an_unknown_job_does_nothing() -> None:
    ended = subprocess.run(child_command("format-disk"), capture_output=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, b"")


def test_a_program_that_cannot_start_again_says_unreadable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(launch, "child_command", lambda _name: [str(tmp_path / "gone")])
    assert refusal(tmp_path, GOOD) == "workbook.unreadable"


def test_a_missing_file_is_the_workplace_s_matter(tmp_path: Path) -> None:
    with pytest.raises(WorkplaceError) as caught:
        read_workbook(tmp_path / "gone.xlsx")
    assert caught.value.code == "disk.missing"


def test_a_folder_or_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    for path in (tmp_path, tmp_path / "pipe.xlsx"):
        with pytest.raises(UntrustedError) as caught:
            read_workbook(path)
        assert caught.value.code == "file.not_regular"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (-3.0, "-3"),
        (999_999_999_999_999.0, "999999999999999"),
        (1e15, "1000000000000000.0"),
        (4.1999920180314e17, "4.1999920180314e+17"),
        (0.1, "0.1"),
        (math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_a_number_is_written_exactly_or_visibly_not(value: float, text: str) -> None:
    assert number_text(value) == text


def test_a_sheet_of_another_place_in_the_archive_is_read(tmp_path: Path) -> None:
    members = parts([("姓名",), ("罗雨桐",)])
    members["xl/worksheets/Data.xml"] = members.pop("xl/worksheets/sheet1.xml")
    relations = "xl/_rels/workbook.xml.rels"
    members[relations] = members[relations].replace(b"worksheets/sheet1", b"/xl/worksheets/data")
    assert read(tmp_path, zipped(members)).rows[0].cell(0).text == "罗雨桐"
