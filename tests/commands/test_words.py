"""What is asked for, how answers are shown, and how a repair list is written."""

from __future__ import annotations

import getpass
import io
import json
import sys
from pathlib import Path

import pytest

from desktop_app.commands.answer import Answer, coded, word
from desktop_app.commands.asking import give_code, read_code, read_password
from desktop_app.commands.demo_window import window_said
from desktop_app.commands.opening import show_progress
from desktop_app.commands.repairs import check_name, repair_lines, write_repairs
from desktop_app.documents.reader import read_workbook
from desktop_app.domain.errors import RuleError
from desktop_app.services.intake import Repair
from desktop_app.services.policies import shipped_policy
from desktop_app.sync.inbox import FAILED, PENDING, REFUSED, TAKEN_IN, WAITING
from desktop_app.sync.relay import RELAYED

REPAIRS = (
    Repair(12, "证件号", "form.duplicate", {"rule": "D1"}),
    Repair(30, "儿童姓名", "cell.missing"),
)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Sit somebody at a terminal who types these answers, in order."""
    answers: list[str] = []

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: answers.pop(0))
    return answers


def test_a_new_password_is_typed_twice(terminal: list[str]) -> None:
    terminal += ["river-stone-94", "river-stone-94"]
    assert read_password(None, "new_password", "zh", twice=True) == b"river-stone-94"
    terminal += ["river-stone-94", "river-stone-95"]
    with pytest.raises(RuleError) as refused:
        read_password(None, "new_password", "en", twice=True)
    assert refused.value.code == "command.password_differs"


def test_a_code_is_typed_where_no_file_holds_it(terminal: list[str], tmp_path: Path) -> None:
    terminal.append("ABCDE-FGHJK")
    assert read_code(None, "recovery", "zh") == "ABCDE-FGHJK"
    (tmp_path / "code").write_text(" ABCDE \n", encoding="utf-8")
    assert read_code(tmp_path / "code", "recovery", "zh") == "ABCDE"


def test_nobody_is_asked_for_a_code_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(RuleError) as refused:
        read_code(None, "recovery", "zh")
    assert refused.value.code == "command.no_code"


def test_only_the_first_line_of_a_file_is_the_password(tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(b"river stone 94 \r\nsecond line\n")
    assert read_password(tmp_path / "p", "password", "zh") == b"river stone 94 "


def test_a_code_is_shown_once_or_written_to_a_private_file(tmp_path: Path) -> None:
    assert give_code("ABC", None) == {"recovery_code": "ABC"}
    told = give_code("ABC", tmp_path / "code")
    assert told == {"recovery_out": str(tmp_path / "code")}
    assert (tmp_path / "code").read_text(encoding="utf-8") == "ABC\n"


def test_an_answer_is_lines_for_a_person_and_one_object_for_a_program() -> None:
    answer = Answer(
        {
            "registered": 3,
            "holds": True,
            "reason": None,
            "warnings": [],
            "schools": ["2141041101"],
            "repairs": [{"row": 4, "column": "性别", "code": ""}],
        }
    )
    assert answer.as_text("zh").split("\n") == [
        "登记：3",
        "全部核验通过：是",
        "学校：",
        "  2141041101",
        "待改清单：",
        "  行：4  列：性别",
    ]
    assert answer.as_text("en").startswith("Registered: 3\nEverything holds: yes")
    assert json.loads(answer.as_json())["registered"] == 3
    assert Answer(answer.values, shown=("holds",)).as_text("zh") == "全部核验通过：是"


def test_no_code_is_shown_to_a_person_and_every_column_has_its_name() -> None:
    line = {"bundle": "a.enb", "outcome": "waiting", "reason": ""}
    answer = Answer({"bundles": [line], "seat": "school", "roles": ["registrar"]})
    assert answer.as_text("zh").split("\n") == [
        "包：",
        "  包：a.enb  结果：等核对身份，先存着",
        "席位：校级",
        "角色：",
        "  登记员",
    ]
    assert "Outcome: kept, waits for identity" in answer.as_text("en")
    assert '"outcome": "waiting"' in answer.as_json()


def test_the_window_part_is_said_in_words() -> None:
    assert window_said({"ran": True, "registered": 3}, "zh") == "按键登记 3"
    assert window_said({"ran": False, "reason": "not_started"}, "en") == "could not be started"
    assert "D573" in window_said({"ran": False, "reason": "workplace.missing"}, "zh")


def test_a_value_without_words_is_a_bug() -> None:
    with pytest.raises(KeyError):
        word("no_such_value", "zh")


@pytest.mark.parametrize("name", ["list.json", "list.xlsx"])
def test_the_repair_list_says_row_column_and_sentence(tmp_path: Path, name: str) -> None:
    lines = repair_lines(REPAIRS, "zh")
    write_repairs(tmp_path / name, lines, "zh")
    if name.endswith("json"):
        assert json.loads((tmp_path / name).read_text(encoding="utf-8")) == lines
    else:
        sheet = read_workbook(tmp_path / name)
        assert sheet.headers == ("行", "列", "代码", "原因")
        assert [row.cell(0).text for row in sheet.rows] == ["12", "30"]
    assert "D1" in str(lines[0]["reason"])


def test_another_kind_of_list_is_refused_before_anything_happens() -> None:
    check_name(None)
    check_name(Path("a.XLSX"))
    with pytest.raises(RuleError) as refused:
        check_name(Path("a.txt"))
    assert refused.value.code == "command.repairs_out"


def test_progress_counts_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    progress = show_progress()
    progress.step(1, 2)
    progress.step(2, 2)
    assert stream.getvalue() == "1/2\r2/2\n"
    quiet = io.StringIO()
    monkeypatch.setattr(sys, "stderr", quiet)
    show_progress().step(1, 2)
    assert quiet.getvalue() == ""


def test_what_became_of_bundles_and_what_was_changed_is_said_in_words() -> None:
    for field in shipped_policy().field_help:
        assert coded("changed", field, "zh") != field
    for outcome in (TAKEN_IN, PENDING, WAITING, REFUSED, FAILED, RELAYED):
        assert coded("outcome", outcome, "zh") != outcome
    told = Answer({"bundles": [{"bundle": "a.enb", "outcome": RELAYED}], "changed": ["sex"]})
    assert "relayed" not in told.as_text("zh")
    assert "改了：\n  性别" in told.as_text("zh")
    assert '"outcome": "relayed"' in told.as_json(), "a program reads the code"
