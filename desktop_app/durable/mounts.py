"""Read which file system and which device a folder lies on, from what Linux publishes.

Pure reading of ``/proc/self/mountinfo`` and ``/sys/dev/block``; the roots are parameters, so
tests show it disks this computer does not have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_ESCAPE = re.compile(rb"\\([0-7]{3})")
_MINIMUM_FIELDS = 9
_SLAVE_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of mountinfo, as far as it is of use."""

    point: str
    device: str
    """major:minor"""
    kind: str
    """File system type, such as ext4 or vfat."""
    read_only: bool


def parse_mounts(text: str) -> tuple[Mount, ...]:
    """Read the text of ``/proc/self/mountinfo``; lines it does not understand are left out."""
    mounts = []
    for line in text.splitlines():
        left, dash, right = line.partition(" - ")
        fields, tail = left.split(" "), right.split(" ")
        if not dash or len(fields) + len(tail) < _MINIMUM_FIELDS or len(fields) < 6:
            continue
        options = fields[5].split(",") + (tail[2].split(",") if len(tail) > 2 else [])
        mounts.append(Mount(_unescape(fields[4]), fields[2], tail[0], read_only="ro" in options))
    return tuple(mounts)


def mount_of(folder: str, mounts: tuple[Mount, ...]) -> Mount | None:
    """Find the mount an absolute path lies on; of two on one point, the later covers the other."""
    found: Mount | None = None
    path = PurePosixPath(folder)
    for mount in mounts:
        inside = path.is_relative_to(mount.point)
        if inside and (found is None or len(mount.point) >= len(found.point)):
            found = mount
    return found


def is_removable(device: str, sys_root: Path) -> bool:
    """Tell whether a block device can be pulled out: marked so, a memory card, or on USB.

    An encrypted or joined device is as removable as what it is made of.
    """
    return _is_removable(sys_root / "dev" / "block" / device, _SLAVE_DEPTH)


def _is_removable(link: Path, depth: int) -> bool:
    """Follow one entry of ``/sys/dev/block``; ``depth`` ends a circle of devices."""
    if not link.exists() or depth == 0:
        return False
    place = link.resolve()
    if any(part.startswith("usb") for part in place.parts):
        return True
    for disk in (place, place.parent):  # a partition's folder lies in its disk's
        # Soldered memory (type MMC) and memory cards (type SD) sit on the same bus.
        if _reads(disk / "removable", "1") or _reads(disk / "device" / "type", "SD"):
            return True
    slaves = place / "slaves"
    return slaves.is_dir() and any(_is_removable(each, depth - 1) for each in slaves.iterdir())


def _reads(file: Path, value: str) -> bool:
    try:
        return file.read_text(encoding="ascii").strip() == value
    except (OSError, ValueError):
        return False


def _unescape(text: str) -> str:
    r"""Undo mountinfo's ``\040`` for spaces and the like; all else stands there as UTF-8."""
    data = text.encode("utf-8", "replace")
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 8) & 0xFF]), data).decode(
        "utf-8", "replace"
    )
