"""The guards of tests/conftest.py do fail what they exist to fail."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]


def run(pytester: pytest.Pytester, repository: Path, body: str) -> pytest.RunResult:
    """Run a test of its own under the guards, with nothing but the temporary folder around it."""
    pytester.makeconftest((repository / "tests" / "conftest.py").read_text(encoding="utf-8"))
    pytester.makeini(f"[pytest]\npythonpath = {repository}")
    pytester.makepyfile(f"import logging, os, pathlib\n{body}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(repository))  # the guards name what they spare
        return pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:cacheprovider")


STRAY_WRITES = """
import contextlib, pytest

CALLS = [
    lambda: pathlib.Path("/enrollment-stray").write_text("x"),
    lambda: os.open("/enrollment-stray", os.O_CREAT | os.O_WRONLY),
    lambda: os.mkdir("/enrollment-stray"),
    lambda: os.rename("/enrollment-stray-a", "/enrollment-stray-b"),
    lambda: pathlib.Path("/enrollment-stray").unlink(),
]

@pytest.mark.parametrize("call", CALLS)
def test_open(call):
    call()

@pytest.mark.parametrize("call", CALLS)
def test_caught(call):
    with contextlib.suppress(Exception):
        call()
"""


def test_every_stray_write_fails_even_where_it_is_caught(
    pytester: pytest.Pytester, repository: Path
) -> None:
    result = run(pytester, repository, STRAY_WRITES)
    result.assert_outcomes(failed=5, passed=5, errors=10)
    result.stdout.fnmatch_lines(["*wrote outside the temporary folder*"])
    assert not Path("/enrollment-stray").exists()


def test_an_unexpected_log_line_fails(pytester: pytest.Pytester, repository: Path) -> None:
    body = "def test_it():\n    logging.getLogger('a').warning('surprise')\n"
    result = run(pytester, repository, body)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*unexpected log lines*"])


def test_an_announced_line_that_never_comes_fails(
    pytester: pytest.Pytester, repository: Path
) -> None:
    body = "def test_it(allow_log):\n    allow_log('a', 'surprise')\n"
    run(pytester, repository, body).assert_outcomes(passed=1, errors=1)


def test_an_announced_line_passes(pytester: pytest.Pytester, repository: Path) -> None:
    body = """def test_it(allow_log):
    allow_log('guards', 'disk nearly full')
    logging.getLogger('guards').warning('disk nearly full on %s', 'stick')
"""
    run(pytester, repository, body).assert_outcomes(passed=1)


def test_ordinary_work_in_the_temporary_folder_passes(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "c").write_text("x", encoding="utf-8")
    (deep / "c").rename(deep / "d")
    descriptor = os.open(deep / "d", os.O_RDWR)
    os.close(descriptor)
    shutil.rmtree(tmp_path / "a")
    assert not deep.exists()


def test_nobody_reads_the_testers_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert Path.home().is_relative_to(tmp_path_factory.getbasetemp())
