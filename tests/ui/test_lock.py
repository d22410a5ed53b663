"""Locking with real processes: the old one ends, the new one waits, and the same person goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.durable.anew import anew_command, anew_environment, is_running, wait_for_end
from desktop_app.security import kdf
from tests.ui.school import CHEAP, make_school


def test_the_same_person_continues_at_the_same_caret_and_another_sees_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kdf, "STANDARD", CHEAP)
    school = make_school(tmp_path / "place" / "data")
    story = tmp_path / "story"
    driver = Path(__file__).with_name("lock_driver.py")
    done = subprocess.run(
        [sys.executable, str(driver), "open", "--data", str(school)],
        env={**os.environ, "LOCK_STORY": str(story), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,  # ends when the last of the three processes has ended
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0
    lines = [json.loads(line) for line in story.read_text(encoding="utf-8").splitlines()]
    first, second, third = lines
    assert [line["part"] for line in lines] == [0, 1, 2]
    assert first["caret"] == "guardian_phone"
    assert first["values"]["guardian_phone"] == "139"
    assert second["values"]["id_number"] == "41999920180314264"
    assert second["values"]["guardian_phone"] == "139"
    assert second["caret"] == "guardian_phone"
    assert not second["old_runs"]
    assert "id_number" not in third["values"]
    assert "guardian_phone" not in third["values"]
    assert not third["old_runs"]


def test_a_process_is_waited_for_until_it_has_ended() -> None:
    sleeper = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert is_running(sleeper.pid)
    assert not wait_for_end(sleeper.pid, 0)
    sleeper.kill()
    assert wait_for_end(sleeper.pid, 20)  # not collected yet, and ended all the same
    sleeper.communicate()
    assert not is_running(sleeper.pid)


def test_a_process_of_somebody_else_counts_as_running(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(_pid: int, _signal: int) -> None:
        raise PermissionError

    monkeypatch.setattr("os.kill", forbidden)
    assert is_running(1)


def test_what_pyinstaller_set_does_not_reach_the_new_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inherited = {
        "_PYI_ARCHIVE_FILE": "/a",
        "_MEIPASS2": "/b",
        "LD_LIBRARY_PATH": "/unpacked",
        "LD_LIBRARY_PATH_ORIG": "/mine",
        "LANG": "zh_CN",
    }
    assert anew_environment(inherited) == {"LANG": "zh_CN", "LD_LIBRARY_PATH": "/mine"}
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    del inherited["LD_LIBRARY_PATH_ORIG"]
    assert anew_environment(inherited) == {"LANG": "zh_CN", "PYINSTALLER_RESET_ENVIRONMENT": "1"}
    assert anew_command(["open"]) == [sys.executable, "open"]
