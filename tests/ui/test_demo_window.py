"""The demo's window part: a process of its own registers by key presses and takes pictures."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.services.policies import shipped_policy
from desktop_app.services.setup import open_workplace
from desktop_app.services.workplace import closing
from desktop_app.storage import queries
from desktop_app.ui import demo_window
from tests.ui.school import PASSWORD, REGISTRAR, SCHOOL, make_school


def play(repository: Path, password: str, *words: str) -> tuple[int, dict[str, object]]:
    done = subprocess.run(
        [sys.executable, str(repository / "main.py"), "demo-window", *words],
        input=f"{password}\n".encode(),
        capture_output=True,
        cwd=words[-1],
        timeout=240,
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


def test_families_are_registered_by_key_presses_and_every_page_is_pictured(
    tmp_path: Path, repository: Path
) -> None:
    school = make_school(tmp_path / "place" / "data")
    out = tmp_path / "out"
    out.mkdir()
    words = ["--data", str(school), "--user", REGISTRAR, "--families", "2", "--out", str(out)]
    status, said = play(repository, PASSWORD, *words)
    assert status == 0
    assert said["registered"] == 2
    names = said["screenshots"]
    assert isinstance(names, list)
    wanted = {"login", "registration", "registration_150", "today", "exchange", "day", "lock"}
    assert wanted <= {Path(name).stem for name in names}
    assert all((out / name).stat().st_size > 5_000 for name in names)
    assert (out / "receipt.pdf").read_bytes().startswith(b"%PDF")
    workplace = open_workplace(school, REGISTRAR, PASSWORD, shipped_policy())
    with closing(workplace), workplace.database.read() as connection:
        lines = queries.applicant_page(connection, SCHOOL, "all", None, 10).lines
    assert {line.full_name for line in lines} == {"罗雨桐", "孟一诺"}
    assert {line.created_by for line in lines} == {workplace.person}


def test_a_wrong_password_is_a_reason_not_a_hang(tmp_path: Path, repository: Path) -> None:
    school = make_school(tmp_path / "place" / "data")
    words = ["--data", str(school), "--user", REGISTRAR, "--out", str(tmp_path)]
    status, said = play(repository, "not-it-at-all", *words)
    assert (status, said) == (1, {"reason": "vault.wrong_password"})


@pytest.mark.parametrize(
    "words", [[], ["--data"], ["--data", "a", "--user", "b", "--out", "c", "--families", "x"]]
)
def test_words_it_does_not_know_are_refused(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"secret\n")))
    assert demo_window.run(words) == 1
    assert json.loads(capsys.readouterr().out) == {"reason": "window.usage"}


def test_a_computer_without_qt_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"secret\n")))
    monkeypatch.setitem(sys.modules, "desktop_app.ui.demo_player", None)
    words = ["--data", str(tmp_path), "--user", REGISTRAR, "--out", str(tmp_path)]
    assert demo_window.run(words) == 3
    assert json.loads(capsys.readouterr().out)["reason"] == "no_qt"
