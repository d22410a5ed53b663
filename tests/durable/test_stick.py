"""What goes to a stick counts only after it was read back; what comes from one is copied first."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.domain.errors import CancelledError, UntrustedError, WorkplaceError
from desktop_app.durable import stick
from desktop_app.durable.stick import Hashing, copy_in, remove_parts, scratch, write_verified
from tests.durable.failing import FailingSystem

DATA = b"sealed content " * 5000
DIGEST = hashlib.sha256(DATA).hexdigest()


def content(file: Hashing) -> None:
    """Write in pieces."""
    for start in range(0, len(DATA), 7000):
        file.write(DATA[start : start + 7000])


def test_what_was_written_is_told_with_its_digest(tmp_path: Path) -> None:
    told: list[int] = []
    written = write_verified(tmp_path / "a.enb", content, told.append)
    assert written.path.read_bytes() == DATA
    assert (written.digest, written.size, told[-1]) == (DIGEST, len(DATA), len(DATA))
    assert written.free > 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.enb"]


def test_an_old_part_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "a.enb.part").write_bytes(b"from a crash")
    write_verified(tmp_path / "a.enb", content)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.enb"]


def test_parts_are_cleaned_and_nothing_else(tmp_path: Path) -> None:
    for name in ("a.enb.part", "b.enb", "c.doc.part"):
        (tmp_path / name).write_bytes(b"x")
    assert remove_parts(tmp_path, ".enb") == 1
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["b.enb", "c.doc.part"]


def test_a_stick_that_gives_back_something_else_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(handle: int) -> None:
        # What a bad stick does once the cache no longer covers for it.
        os.pwrite(os.open(tmp_path / "a.enb.part", os.O_WRONLY), b"?", 12_345)

    monkeypatch.setattr(stick, "_drop_cache", forgetful)
    with pytest.raises(WorkplaceError, match=r"stick\.read_back"):
        write_verified(tmp_path / "a.enb", content)
    assert list(tmp_path.iterdir()) == []


CALLS = ("open", "fsync", "posix_fadvise", "close")


@pytest.mark.skipif(sys.platform == "win32", reason="counts POSIX calls")
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EROFS])
@pytest.mark.parametrize("action", ["write", "copy", "scratch"])
def test_a_fault_at_any_call_leaves_nothing_that_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, action: str
) -> None:
    source = tmp_path / "source"
    source.write_bytes(DATA)
    target = tmp_path / "target"
    target.mkdir(mode=0o700)
    acts: dict[str, Callable[[], object]] = {
        "write": lambda: write_verified(target / "a.enb", content),
        "copy": lambda: copy_in(source, target, ".enb", 10**6),
        "scratch": lambda: scratch(target).__enter__(),
    }
    for fail_at in range(1, 10):
        system = FailingSystem(CALLS, fail_at, number)
        with monkeypatch.context() as patch:
            patch.setattr(stick, "os", system)
            code = code_of(acts[action])
        if code is None:
            assert 1 <= system.calls < fail_at
            return
        assert code in {"disk.failed", "disk.full", "disk.read_only"}
        assert list(target.iterdir()) == []
    pytest.fail("there was always another call to fail")


def code_of(act: Callable[[], object]) -> str | None:
    """Do something and give the code of what went wrong."""
    try:
        act()
    except WorkplaceError as error:
        return error.code
    return None


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    def stop(_: int) -> None:
        raise CancelledError

    (tmp_path / "source").write_bytes(DATA)
    with pytest.raises(CancelledError):
        write_verified(tmp_path / "a.enb", content, stop)
    with pytest.raises(CancelledError):
        copy_in(tmp_path / "source", tmp_path / "inbox", ".enb", 10**6, stop)
    assert list((tmp_path / "inbox").iterdir()) == []
    assert not (tmp_path / "a.enb").exists()


def test_a_copy_is_named_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "somebody's name.enb").write_bytes(DATA)
    told: list[int] = []
    copied = copy_in(
        tmp_path / "somebody's name.enb", tmp_path / "inbox", ".enb", 10**6, told.append
    )
    assert copied.path.name == f"{DIGEST}.enb"
    assert copied.path.read_bytes() == DATA
    assert told == [len(DATA)]


def test_what_is_no_file_or_too_large_is_not_copied(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(DATA)
    with pytest.raises(UntrustedError, match=r"file\.too_large"):
        copy_in(tmp_path / "large", tmp_path / "inbox", ".enb", 100)
    with pytest.raises((UntrustedError, WorkplaceError)):
        copy_in(tmp_path, tmp_path / "inbox", ".enb", 100)
    with pytest.raises(WorkplaceError, match=r"disk\.missing"):
        copy_in(tmp_path / "none", tmp_path / "inbox", ".enb", 100)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes with names")
def test_a_pipe_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UntrustedError, match=r"file\.not_regular"):
        copy_in(tmp_path / "pipe", tmp_path / "inbox", ".enb", 100)


def test_a_full_stick_is_said_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(WorkplaceError) as refusal:
        stick.require_space(tmp_path, 10**18)
    assert refusal.value.code == "stick.no_space"
    assert refusal.value.details["wanted"] == 10**12 + 1
    stick.require_space(tmp_path, 10)


@pytest.mark.skipif(sys.platform == "win32", reason="open files can be removed elsewhere only")
@pytest.mark.skipif(sys.platform == "win32", reason="there the system takes the name away")
def test_a_scratch_file_whose_name_stays_leaves_neither_handle_nor_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, really, refused = tmp_path / "work", Path.unlink, [OSError(errno.EBUSY, "busy")]
    folder.mkdir()
    handles = Path("/proc/self/fd")
    before = len(list(handles.glob("*")))

    def unlink(self: Path, *, missing_ok: bool = False) -> None:
        if refused:
            raise refused.pop()
        really(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    with pytest.raises(WorkplaceError):
        scratch(folder).__enter__()
    assert list(folder.iterdir()) == []
    assert len(list(handles.glob("*"))) <= before


def test_a_scratch_file_has_no_name(tmp_path: Path) -> None:
    with scratch(tmp_path / "work") as file:
        file.write(DATA)
        file.seek(0)
        assert file.read() == DATA
        assert list((tmp_path / "work").iterdir()) == []


def test_a_system_without_such_calls_is_served_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "posix_fadvise", raising=False)
    written = write_verified(tmp_path / "a.enb", content)
    assert written.digest == DIGEST
    # Windows: a name, and a flag by which the system itself removes the file when it is closed.
    monkeypatch.setattr(stick, "_TEMPORARY", os.O_APPEND)
    with scratch(tmp_path / "work") as file:
        assert len(list((tmp_path / "work").iterdir())) == 1
        file.write(DATA)
