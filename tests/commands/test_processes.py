"""What the program imports, and how it behaves as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.site import OFFICER, PASSWORDS

SECONDS = 120


def python(*words: str, repository: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run Python in the program's folder."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=repository,
        env={**os.environ, **environment},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
        check=False,
    )


def modules(repository: Path, code: str) -> set[str]:
    """Run code and give the top modules that were imported by it."""
    text = f"import sys\n{code}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = python("-c", text, repository=repository)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.decode().split("\n")[-2].split())


def test_no_command_imports_qt(repository: Path) -> None:
    loaded = modules(repository, "import desktop_app.bootstrap, desktop_app.commands")
    assert {"sqlalchemy", "sqlcipher3"} <= loaded
    assert not loaded & {"PySide6", "shiboken6", "sqlite3"}


def test_running_a_command_imports_no_qt(repository: Path, tmp_path: Path) -> None:
    code = (
        "from desktop_app.bootstrap import run\n"
        f"assert run(['digest', '--data', {str(tmp_path / 'none')!r}, '--user', 'x',"
        f" '--password-file', {str(tmp_path)!r}]) == 1"
    )
    assert not modules(repository, code) & {"PySide6", "shiboken6"}


def test_the_child_for_untrusted_files_imports_nothing_heavy(repository: Path) -> None:
    code = "from desktop_app.bootstrap import run\nassert run(['--child', 'no-such-job']) == 2"
    heavy = {"sqlalchemy", "sqlcipher3", "cryptography", "pyrage", "PySide6", "msgspec", "openpyxl"}
    assert not modules(repository, code) & heavy


def test_the_child_answers_through_its_pipes(repository: Path) -> None:
    done = python("main.py", "--child", "read-workbook", repository=repository)
    assert done.returncode == 0
    assert json.loads(done.stdout.splitlines()[0])["refused"] == "workbook.empty"


@pytest.mark.parametrize(
    ("words", "status"), [(["--help"], 0), (["digest", "--help"], 0), (["no-such"], 1)]
)
def test_main_gives_the_exit_status(repository: Path, words: list[str], status: int) -> None:
    done = python("main.py", *words, repository=repository)
    assert done.returncode == status
    assert b"Traceback" not in done.stderr
    assert bool(done.stdout) is (status == 0)


def test_a_district_is_set_up_at_full_cost_by_a_program_of_its_own(
    repository: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(PASSWORDS[OFFICER], encoding="utf-8")
    words = ["--data", str(tmp_path / "d"), "--user", OFFICER, "--json"]
    seat = ["--seat", "district", "--code", "410411"]
    made = python(
        "main.py",
        "init",
        *words,
        *seat,
        repository=repository,
        ENROLLMENT_PASSWORD_FILE=str(secret),
    )
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    assert (tmp_path / "d.root" / "root.key").is_file()
    assert told["root"] == str(tmp_path / "d.root")
    digest = python(
        "main.py",
        "digest",
        *words,
        repository=repository,
        ENROLLMENT_PASSWORD_FILE=str(secret),
        PYTHONIOENCODING="ascii",
    )
    assert json.loads(digest.stdout)["feed"] == told["feed"]


def test_chinese_is_printed_whatever_the_console_was_set_to(
    repository: Path, tmp_path: Path
) -> None:
    words = ["digest", "--data", str(tmp_path / "none")]
    done = python("main.py", *words, repository=repository, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 1
    assert "资料夹" in done.stderr.decode()
