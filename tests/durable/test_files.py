"""A file holds its old content or its new content after any fault, never a mixture."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import ProductError, UntrustedError, WorkplaceError
from desktop_app.durable import files
from tests.durable.failing import FailingSystem

OLD, NEW = b"old" * 1000, b"new" * 5000
CALLS = ("open", "write", "fsync", "close")
ERRORS = (errno.EIO, errno.ENOSPC, errno.EMFILE, errno.EACCES)

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX rights and links")


def leftovers(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir() if entry.name.startswith(".~")]


def test_new_content_replaces_the_old(tmp_path: Path) -> None:
    path = tmp_path / "slots.a"
    files.write_atomically(path, OLD)
    files.write_atomically(path, bytearray(NEW))
    assert path.read_bytes() == NEW
    assert leftovers(tmp_path) == []


@posix_only
def test_a_written_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    files.write_atomically(tmp_path / "private", b"x")
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o600
    files.make_private_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700


@posix_only
@pytest.mark.parametrize("number", ERRORS, ids=errno.errorcode.get)
def test_any_failing_call_leaves_old_or_new_and_a_typed_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = tmp_path / "file"
    unhurt = FailingSystem(CALLS, 0, number, writes_at_most=4096)
    monkeypatch.setattr(files, "os", unhurt)
    files.write_atomically(path, NEW)
    assert unhurt.calls > len(NEW) // 4096, "short writes were not continued"
    for nth in range(1, unhurt.calls + 1):
        path.write_bytes(OLD)
        monkeypatch.setattr(files, "os", FailingSystem(CALLS, nth, number, writes_at_most=4096))
        with pytest.raises(WorkplaceError) as raised:
            files.write_atomically(path, NEW)
        assert raised.value.details["cause"] == errno.errorcode[number]
        assert path.read_bytes() in {OLD, NEW}
        assert leftovers(tmp_path) == []


def test_a_failing_rename_leaves_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(OLD)

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "held by a scanner")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(WorkplaceError) as raised:
        files.write_atomically(path, NEW)
    assert raised.value.code == "disk.refused"
    assert path.read_bytes() == OLD
    assert leftovers(tmp_path) == []


def test_a_scanner_that_lets_go_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, refusals = tmp_path / "file", [1, 2, 3]
    real: Callable[[Path, Path], Path] = Path.replace

    def refuse_thrice(self: Path, target: Path) -> Path:
        if refusals:
            refusals.pop()
            raise PermissionError(errno.EACCES, "held by a scanner")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", refuse_thrice)
    monkeypatch.setattr(files, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(files, "time", SimpleNamespace(sleep=lambda _: None))
    files.write_atomically(path, NEW)
    assert path.read_bytes() == NEW


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk.full"),
        (errno.EROFS, "disk.read_only"),
        (errno.EPERM, "disk.refused"),
        (errno.ENOENT, "disk.missing"),
        (errno.ENODEV, "disk.gone"),
        (errno.EIO, "disk.failed"),
    ],
)
def test_every_error_of_the_system_has_a_code_and_no_path(number: int, code: str) -> None:
    error = files.disk_error(OSError(number, "text", "/home/a-child-s-name"))
    assert error.code == code
    assert "child" not in str(error)


def test_a_stream_takes_its_name_only_when_all_went_well(tmp_path: Path) -> None:
    path = tmp_path / "bundle.enb"

    def stop_halfway() -> None:
        with files.open_atomically(path) as file:
            file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        stop_halfway()
    assert not path.exists()
    assert leftovers(tmp_path) == []
    with files.open_atomically(path) as file:
        file.write(b"whole")
        file.seek(0)
        file.write(b"W")
    assert path.read_bytes() == b"Whole"


@given(size=st.integers(0, 40), limit=st.integers(0, 40))
def test_a_reader_takes_no_more_than_its_limit(tmp_path: Path, size: int, limit: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * size)
    if size <= limit:
        assert files.read_limited(path, limit) == b"x" * size
    else:
        with pytest.raises(UntrustedError) as raised:
            files.read_limited(path, limit)
        assert (raised.value.code, raised.value.details["limit"]) == ("file.too_large", limit)


@posix_only
def test_links_pipes_and_folders_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("link", "pipe", "folder"):
        with pytest.raises(ProductError) as raised:
            files.read_limited(tmp_path / name, 10)
        assert raised.value.code in {"file.not_regular", "disk.failed"}, name


def test_a_missing_file_is_told_as_missing(tmp_path: Path) -> None:
    with pytest.raises(WorkplaceError) as raised:
        files.read_limited(tmp_path / "none", 10)
    assert raised.value.code == "disk.missing"


def test_leftovers_of_a_crash_are_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in (".~0123456789abcdef", "kept", ".~short", ".~0123456789abcdef.txt"):
        (tmp_path / name).write_bytes(b"x")
    assert files.remove_leftovers(tmp_path) == 1
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [
        ".~0123456789abcdef.txt",
        ".~short",
        "kept",
    ]


def test_removing_is_final_and_repeatable(tmp_path: Path) -> None:
    (tmp_path / "gone").write_bytes(b"x")
    files.remove_durably(tmp_path / "gone")
    files.remove_durably(tmp_path / "gone")
    assert not (tmp_path / "gone").exists()
