"""One program per data folder, and a reserve of space for the day the disk is full."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from desktop_app.domain.errors import WorkplaceError
from desktop_app.durable.files import (
    PRIVATE_FILE,
    disk_errors,
    make_private_folder,
    remove_durably,
    write_atomically,
)

LOCK_NAME = "in-use"
BALLAST_NAME = "ballast"
BALLAST_BYTES = 8 * 1024 * 1024

_BINARY = getattr(os, "O_BINARY", 0)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NOTE_LIMIT = 4096
# Windows locks bytes, not files, and a locked byte cannot be read: lock one far behind the note.
_LOCKED_BYTE = 1 << 30


class FolderLock:
    """Holds a data folder for this program; a second program is told who has it.

    The operating system lets go of it when the process ends, however it ends, so it never has
    to be removed by hand. Two locks within one process exclude each other too.
    """

    def __init__(self, folder: Path) -> None:
        """Take the folder, making it if it is not there.

        Raises:
            WorkplaceError: ``folder.in_use`` with host, pid and since (UTC milliseconds), or
                what the disk said.
        """
        make_private_folder(folder)
        self._path = folder / LOCK_NAME
        with disk_errors():
            flags = os.O_RDWR | os.O_CREAT | _BINARY | _NOFOLLOW
            self._handle = os.open(self._path, flags, PRIVATE_FILE)
        try:
            with disk_errors():
                _lock(self._handle)
                self._leave_note()
        except BaseException:
            os.close(self._handle)
            self._handle = -1
            raise

    def release(self) -> None:
        """Let go of the folder; harmless when it was let go before."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            with contextlib.suppress(OSError):
                os.ftruncate(handle, 0)
            os.close(handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def _leave_note(self) -> None:
        """Write who holds the folder, for the message of the second program."""
        note = {"host": socket.gethostname(), "pid": os.getpid(), "since": time.time_ns() // 10**6}
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        os.write(self._handle, json.dumps(note).encode())


def _lock(handle: int) -> None:
    """Take the file's lock without waiting, or tell who holds it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError) as error:
        host, pid, since = _read_note(handle)
        raise WorkplaceError("folder.in_use", host=host, pid=pid, since=since) from error


def _read_note(handle: int) -> tuple[str, int, int]:
    """Read the holder's note; one that is not there yet, or damaged, still gives an answer."""
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        note = json.loads(os.read(handle, _NOTE_LIMIT))
        return str(note["host"]), int(note["pid"]), int(note["since"])
    except (OSError, ValueError, KeyError, TypeError):
        return "?", 0, 0


class Ballast:
    """A file that is only there to be given up when the disk is full.

    A full disk refuses even the checkpoint that would free space (assurance: findings), so the
    program keeps some megabytes to let go of, finishes what it was doing, and warns.
    """

    def __init__(self, folder: Path, size: int = BALLAST_BYTES) -> None:
        self._path = folder / BALLAST_NAME
        self._size = size

    @property
    def held(self) -> bool:
        """Whether the reserve is there in full."""
        try:
            return self._path.stat().st_size >= self._size
        except OSError:
            return False

    def hold(self) -> None:
        """Set the reserve aside; harmless when it is there already.

        Raises:
            WorkplaceError: there is no room for it.
        """
        if not self.held:
            # Random, because a compressing file system would keep no space for zeros.
            write_atomically(self._path, secrets.token_bytes(self._size))

    def release(self) -> None:
        """Give the space back; harmless when it was given back before."""
        remove_durably(self._path)
