"""Files that travel: written to a stick and read back before they count, copied from one first.

A stick acknowledges what it has not stored, and people pull it out. So a file is written under
``.part``, synced, dropped from the cache, read back and compared, renamed, and its folder synced;
only when all of that returned may anybody be told that it is safe to remove.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from desktop_app.domain.errors import UntrustedError, WorkplaceError
from desktop_app.durable.files import (
    PRIVATE_FILE,
    disk_errors,
    fsync_directory,
    make_private_folder,
)

PART = ".part"
SHARED_FILE = 0o644
"""A bundle is sealed; whoever gets the stick must be able to copy it."""

_BINARY = getattr(os, "O_BINARY", 0)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
_TEMPORARY = getattr(os, "O_TEMPORARY", 0)  # Windows: gone when closed, however it is closed
_PIECE = 1024 * 1024
_RESERVE = 64 * 1024

Told = Callable[[int], None]
"""Is told how many bytes are done, and may raise to stop."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was read back: its digest, its size, and what is still free beside it."""

    path: Path
    digest: str
    size: int
    free: int


def _nobody(_: int) -> None:
    """Tell nobody."""


class Hashing:
    """Takes bytes on their way into a file and keeps their hash and number."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Write and take note."""
        self._hash.update(data)
        self.size += len(data)
        return self._file.write(data)

    @property
    def digest(self) -> str:
        """Give the SHA-256 of everything written."""
        return self._hash.hexdigest()


def room_on(folder: Path) -> int:
    """Give the bytes that may still be written to a stick.

    Raises:
        WorkplaceError: the disk refused.
    """
    with disk_errors():
        return shutil.disk_usage(folder).free - _RESERVE


def require_space(folder: Path, size: int) -> None:
    """Refuse before writing what will not fit.

    Raises:
        WorkplaceError: ``stick.no_space`` with the megabytes wanted and free; or the disk refused.
    """
    room = room_on(folder)
    if room < size:
        free = (room + _RESERVE) // 10**6
        raise WorkplaceError("stick.no_space", wanted=size // 10**6 + 1, free=free)


def write_verified(path: Path, write: Callable[[Hashing], None], told: Told = _nobody) -> Written:
    """Write a file that takes its name only when it has been read back and found the same.

    Args:
        path: the final name; what stood there is replaced.
        write: writes the content into what it is given.
        told: is told how much has been read back.

    Raises:
        WorkplaceError: the disk refused, or gave back something else (``stick.read_back``); then
            nothing stands under the final name that did not stand there before.
    """
    part = path.with_name(path.name + PART)
    with disk_errors():
        part.unlink(missing_ok=True)
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY | _NOFOLLOW
            with os.fdopen(os.open(part, flags, SHARED_FILE), "wb") as file:
                hashing = Hashing(file)
                write(hashing)
                file.flush()
                os.fsync(file.fileno())
                _drop_cache(file.fileno())
            _require_same(part, hashing.digest, told)
            part.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        fsync_directory(path.parent)
        free = shutil.disk_usage(path.parent).free
    return Written(path, hashing.digest, hashing.size, free)


def remove_parts(folder: Path, suffix: str) -> int:
    """Remove what interrupted writers of files with this suffix left in a folder; count them.

    Raises:
        WorkplaceError: the disk refused.
    """
    with disk_errors():
        parts = [entry for entry in folder.iterdir() if entry.name.endswith(suffix + PART)]
        for part in parts:
            part.unlink(missing_ok=True)
    return len(parts)


def copy_in(source: Path, folder: Path, suffix: str, limit: int, told: Told = _nobody) -> Written:
    """Copy a file from a stick into a private folder, under the name its content has.

    Raises:
        UntrustedError: it is no regular file, or larger than ``limit``.
        WorkplaceError: reading or writing failed; then no copy is left.
    """
    make_private_folder(folder)
    with disk_errors():
        reading = _open_regular(source)
    with disk_errors(), reading:
        size = os.fstat(reading.fileno()).st_size
        if size > limit:
            raise UntrustedError("file.too_large", limit=limit)
        require_space(folder, size)
        temporary = folder / f".~{secrets.token_hex(8)}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY | _NOFOLLOW
        try:
            with os.fdopen(os.open(temporary, flags, PRIVATE_FILE), "wb") as file:
                hashing = Hashing(file)
                while data := reading.read(_PIECE):
                    hashing.write(data)
                    told(hashing.size)
                file.flush()
                os.fsync(file.fileno())
            path = folder / f"{hashing.digest}{suffix}"
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        fsync_directory(folder)
        return Written(path, hashing.digest, hashing.size, shutil.disk_usage(folder).free)


@contextlib.contextmanager
def scratch(folder: Path) -> Generator[BinaryIO]:
    """Open a nameless file in a private folder: it is gone when closed, even by a crash.

    Raises:
        WorkplaceError: the disk refused.
    """
    make_private_folder(folder)
    path = folder / f".~{secrets.token_hex(8)}"
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY | _NOFOLLOW | _TEMPORARY
    with disk_errors():
        handle = os.open(path, flags, PRIVATE_FILE)
        try:
            if not _TEMPORARY:
                path.unlink()
        except BaseException:
            os.close(handle)
            with contextlib.suppress(OSError):
                path.unlink()
            raise
    with disk_errors(), os.fdopen(handle, "w+b") as file:
        yield file


def _open_regular(path: Path) -> BinaryIO:
    """Open a file for reading, following no link and waiting for no pipe."""
    file = os.fdopen(os.open(path, os.O_RDONLY | _BINARY | _NONBLOCK), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise UntrustedError("file.not_regular")
    return file


def _require_same(path: Path, digest: str, told: Told) -> None:
    """Hash a file as the device gives it, and refuse anything but what was written."""
    found, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while data := file.read(_PIECE):
            found.update(data)
            done += len(data)
            told(done)
        _drop_cache(file.fileno())
    if found.hexdigest() != digest:
        raise WorkplaceError("stick.read_back")


def _drop_cache(handle: int) -> None:
    """Have the next read come from the device; where that cannot be asked for, it may not."""
    advise = getattr(os, "posix_fadvise", None)
    if advise is not None:
        advise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
