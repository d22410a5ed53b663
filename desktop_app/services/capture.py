"""Where new pages come from 取新页: the folder a camera scanner 高拍仪 saves into.

Only what came after the case was opened is offered, so that no page of the family before gets into
this one's papers. Nothing is read here but names, sizes, times and the last bytes; pages are
decoded in the child alone.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop_app.domain.errors import RuleError, WorkplaceError
from desktop_app.durable.files import disk_errors
from desktop_app.services.progress import Progress
from desktop_app.services.workplace import Workplace
from desktop_app.storage.settings import Settings

FOLDER = "scan_folder"
"""The setting that names the folder; it stays on this computer."""

_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".gif", ".webp", ".pdf"})
"""What scanning programs save; what is no PNG or JPEG is refused with its sentence, not unseen."""
_ENDS = {".jpg": b"\xff\xd9", ".jpeg": b"\xff\xd9", ".png": b"IEND"}
_TAIL = 4096
_MOST = 20_000
_LOOKS = 24
_PAUSE = 0.25  # seconds

Mark = tuple[int, int]
"""What a file is known by beside its name: time of its last change, and size."""


@dataclass(slots=True)
class _Seen:
    """What lay in the folder when the case was opened; None where the folder was not there."""

    record: str = ""
    files: dict[str, Mark | None] | None = None
    """None of a file says that it was still being written then."""


class CaptureDesk:
    """Offer the pages that a scanning program saved since the case was opened."""

    def __init__(self, workplace: Workplace, pause: Callable[[float], None] = time.sleep) -> None:
        """Work at an open workplace; ``pause`` waits between two looks at a growing file."""
        self._settings = Settings(workplace.database)
        self._pause = pause
        self._seen = _Seen()

    def folder(self) -> Path | None:
        """Give the folder that is watched, or None where none was set."""
        named = self._settings.get(FOLDER)
        return Path(named) if named else None

    def watch(self, folder: Path) -> None:
        """Watch a folder from now on; what lies in it already is nobody's new page.

        Raises:
            WorkplaceError: it cannot be looked into.
        """
        with disk_errors():
            whole = folder.resolve(strict=True)
            files = _look(whole)
        self._settings.set(FOLDER, str(whole))
        self._seen.files = _known(whole, files)

    def is_folder(self, place: Path) -> bool:
        """Say whether a place is a folder.

        Raises:
            WorkplaceError: the disk refused.
        """
        with disk_errors():
            return place.is_dir()

    def begin(self, record: str) -> None:
        """Note what lies in the folder as a case is opened; the same case again changes nothing."""
        if record == self._seen.record:
            return
        self._seen = _Seen(record)
        folder = self.folder()
        if folder is not None:
            try:
                self._seen.files = _known(folder, _look(folder))
            except OSError:
                self._seen.files = None

    def waiting(self, progress: Progress | None = None) -> tuple[Path, ...]:
        """Give the whole new pages in the order they came; one being written is waited for.

        Raises:
            RuleError: no folder is set, nothing new is there, or a page is not finished in time.
            WorkplaceError: the folder is not there now.
        """
        folder = self.folder()
        if folder is None:
            raise RuleError("scan.no_folder")
        for left in range(_LOOKS, 0, -1):
            if progress is not None:
                progress.step(_LOOKS - left, _LOOKS)
            found = self._new(folder)
            if not found:
                raise RuleError("scan.nothing_new")
            whole = all(_is_whole(folder / name, mark) for name, mark in found)
            if found == self._after(folder) and whole:
                return tuple(folder / name for name, _ in found)
        raise RuleError("scan.unfinished")

    def newest(self, progress: Progress | None = None) -> Path:
        """Give the newest page; raises as ``waiting`` does."""
        return self.waiting(progress)[-1]

    def taken(self, page: Path) -> None:
        """Offer a page no more."""
        if self._seen.files is not None:
            try:
                self._seen.files[page.name] = _mark(page.lstat())
            except OSError:
                self._seen.files.pop(page.name, None)

    def _after(self, folder: Path) -> list[tuple[str, Mark]]:
        """Look again after a moment: a file that does not grow any more is whole."""
        self._pause(_PAUSE)
        return self._new(folder)

    def _new(self, folder: Path) -> list[tuple[str, Mark]]:
        """Give what is new by name and mark, the oldest first.

        Raises:
            RuleError: the folder has just come back, and nobody knows what is new in it.
            WorkplaceError: it is not there.
        """
        try:
            files = _look(folder)
        except OSError as error:
            self._seen.files = None
            raise WorkplaceError("scan.folder_gone") from error
        if self._seen.files is None:
            self._seen.files = _known(folder, files)
            raise RuleError("scan.folder_back")
        known = self._seen.files
        for name, mark in files.items():
            # What was being written when the case was opened is of the case before.
            if name in known and known[name] is None and _is_whole(folder / name, mark):
                known[name] = mark
        fresh = [
            (name, mark)
            for name, mark in files.items()
            if name not in known or known[name] not in {None, mark}
        ]
        return sorted(fresh, key=lambda one: (one[1][0], one[0]))


def _look(folder: Path) -> dict[str, Mark]:
    """List the pictures of a folder; links, folders and what is no picture's name are left out."""
    found: dict[str, Mark] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if Path(name).suffix.lower() not in _PICTURES or name.startswith((".", "~")):
                continue
            try:
                known = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if stat.S_ISREG(known.st_mode) and len(found) < _MOST:
                found[name] = _mark(known)
    return found


def _known(folder: Path, files: dict[str, Mark]) -> dict[str, Mark | None]:
    return {name: mark if _is_whole(folder / name, mark) else None for name, mark in files.items()}


def _mark(known: os.stat_result) -> Mark:
    return (known.st_mtime_ns, known.st_size)


def _is_whole(path: Path, mark: Mark) -> bool:
    """Say whether a file has its end, as far as its type says where that is."""
    end = _ENDS.get(path.suffix.lower())
    size = mark[1]
    if end is None or not size:
        return bool(size)
    try:
        with path.open("rb") as file:
            file.seek(max(0, size - _TAIL))
            return end in file.read(_TAIL)
    except OSError:
        return False
