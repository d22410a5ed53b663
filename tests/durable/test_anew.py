"""The program that takes another's place waits for its end, and inherits nothing of its unpacking."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.durable.anew import (
    AFTER,
    anew_command,
    anew_environment,
    is_running,
    start_anew,
    wait_for_end,
)

NOBODY = 2**22 + 1
"""Beyond the highest process id of any Linux."""


@pytest.fixture
def sleeper() -> subprocess.Popen[bytes]:
    """Start a process that ends when its input does."""
    return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)


def end(process: subprocess.Popen[bytes]) -> None:
    process.communicate(b"\n")


def test_a_process_is_waited_for_until_it_has_ended(sleeper: subprocess.Popen[bytes]) -> None:
    assert is_running(sleeper.pid)
    assert not wait_for_end(sleeper.pid, 0)
    end(sleeper)
    assert not is_running(sleeper.pid)
    assert wait_for_end(sleeper.pid, 0)


def test_a_process_that_ended_and_was_not_collected_runs_no_more() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    try:
        assert wait_for_end(child.pid, 30)
        assert child.returncode is None  # nobody has asked for it yet
    finally:
        child.wait()


def test_waiting_ends_when_its_time_is_over(
    sleeper: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = iter(range(100))
    monkeypatch.setattr(time, "monotonic", lambda: next(now))
    monkeypatch.setattr(time, "sleep", lambda _: None)
    assert not wait_for_end(sleeper.pid, 5)
    assert next(now) <= 8
    end(sleeper)


def test_nobody_runs_under_a_number_nobody_has() -> None:
    assert not is_running(NOBODY)
    assert wait_for_end(NOBODY, 0)
    assert is_running(os.getpid())


def test_somebody_else_s_process_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    assert is_running(1)


def test_the_source_tree_is_started_by_this_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["main.py", "window"])
    monkeypatch.delattr(sys, "frozen", raising=False)
    command = anew_command(["--data", "x"])
    assert command == [sys.executable, str(Path("main.py").resolve()), "--data", "x"]


def test_the_packed_program_is_started_by_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert anew_command(["--data", "x"]) == [sys.executable, "--data", "x"]


def test_the_new_program_is_told_whom_to_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    class Process:
        pid = 4711

        def __init__(self, command: list[str], **_: object) -> None:
            started.append(command)

    monkeypatch.setattr(subprocess, "Popen", Process)
    assert start_anew(["--data", "a folder"]) == 4711
    assert started[0][-4:] == ["--data", "a folder", AFTER, str(os.getpid())]


@pytest.mark.parametrize("frozen", [False, True])
def test_what_the_packer_set_is_undone_and_the_rest_is_handed_on(
    monkeypatch: pytest.MonkeyPatch, frozen: bool
) -> None:
    monkeypatch.setattr(sys, "frozen", frozen, raising=False)
    found = anew_environment(
        {
            "HOME": "/home/x",
            "_PYI_ARCHIVE_FILE": "a",
            "_PYI_PARENT_PROCESS_LEVEL": "1",
            "_MEIPASS2": "/tmp/_MEI1",
            "LD_LIBRARY_PATH": "/tmp/_MEI1",
            "LD_LIBRARY_PATH_ORIG": "/opt/lib",
        }
    )
    assert found["HOME"] == "/home/x"
    assert found["LD_LIBRARY_PATH"] == "/opt/lib"
    assert not [name for name in found if name.startswith("_")]
    assert ("PYINSTALLER_RESET_ENVIRONMENT" in found) == frozen


def test_without_an_earlier_path_the_packed_one_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "LD_LIBRARY_PATH" not in anew_environment({"LD_LIBRARY_PATH": "/tmp/_MEI1"})
    monkeypatch.setattr(sys, "frozen", False, raising=False)
    assert anew_environment({"LD_LIBRARY_PATH": "/opt"}) == {"LD_LIBRARY_PATH": "/opt"}


@given(st.dictionaries(st.text("ABC_", min_size=1, max_size=6), st.text("xyz/", max_size=4)))
def test_an_ordinary_environment_is_handed_on_whole(environment: dict[str, str]) -> None:
    assert anew_environment(environment) == environment


def test_time_moves_only_forward_while_waiting() -> None:
    begun = time.monotonic()
    assert wait_for_end(NOBODY, 60)
    assert time.monotonic() - begun < 30
