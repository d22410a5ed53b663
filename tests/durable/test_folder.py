"""One program holds a data folder, and the second is told who."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.domain.errors import WorkplaceError
from desktop_app.durable.folder import LOCK_NAME, Ballast, FolderLock

HOLD = """
import sys, pathlib
from desktop_app.durable.folder import FolderLock
lock = FolderLock(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_the_second_program_is_told_who_has_the_folder(tmp_path: Path, repository: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=repository,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(WorkplaceError) as raised:
            FolderLock(tmp_path)
        other.kill()  # however it ends, the folder is free again
    error = raised.value
    assert error.code == "folder.in_use"
    assert error.details["pid"] == other.pid
    assert int(error.details["since"]) > 1_600_000_000_000
    FolderLock(tmp_path).release()


def test_two_locks_of_one_process_exclude_each_other(tmp_path: Path) -> None:
    with FolderLock(tmp_path / "data") as held:
        with pytest.raises(WorkplaceError) as raised:
            FolderLock(tmp_path / "data")
        assert raised.value.details["pid"] == os.getpid()
        held.release()
        with FolderLock(tmp_path / "data"):
            pass


def test_a_damaged_note_still_gives_an_answer(tmp_path: Path) -> None:
    with FolderLock(tmp_path):
        (tmp_path / LOCK_NAME).write_bytes(b"\xff{not json")
        with pytest.raises(WorkplaceError) as raised:
            FolderLock(tmp_path)
    assert raised.value.details["host"] == "?"


def test_a_folder_that_cannot_be_made_is_a_workplace_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WorkplaceError):
        FolderLock(tmp_path / "file" / "data")


def test_no_handle_is_left_open_when_the_folder_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[int] = []
    real = os.close

    def close(handle: int) -> None:
        closed.append(handle)
        real(handle)

    with FolderLock(tmp_path):
        monkeypatch.setattr(os, "close", close)
        with pytest.raises(WorkplaceError):
            FolderLock(tmp_path)
        assert len(closed) == 1


def test_ballast_is_real_space_and_is_given_back(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path, size=1 << 20)
    assert not ballast.held
    ballast.hold()
    ballast.hold()
    assert ballast.held
    status = (tmp_path / "ballast").stat()
    assert status.st_size == 1 << 20
    if sys.platform != "win32":
        assert status.st_blocks * 512 >= 1 << 20, "a sparse file reserves nothing"
    ballast.release()
    ballast.release()
    assert not ballast.held
    assert not (tmp_path / "ballast").exists()
