"""The sticks that are plugged in now: where each is mounted, its name, and its room."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from desktop_app.durable.mounts import is_removable, parse_mounts


@dataclass(frozen=True, slots=True)
class Stick:
    """A removable drive: its folder, the name people know it by, and its room in bytes."""

    path: Path
    name: str
    free: int
    total: int


def plugged_in(
    *, proc_root: Path = Path("/proc"), sys_root: Path = Path("/sys")
) -> tuple[Stick, ...]:
    """List the sticks, in the order of their places; one that is just being pulled is left out."""
    places = _drives() if sys.platform == "win32" else _mounted(proc_root, sys_root)
    found = []
    for place in places:
        try:
            usage = shutil.disk_usage(place)
        except OSError:
            continue
        found.append(Stick(place, place.name or place.drive, usage.free, usage.total))
    return tuple(found)


def _mounted(proc_root: Path, sys_root: Path) -> list[Path]:
    """Name the places where removable disks are mounted (Linux)."""
    try:
        text = (proc_root / "self" / "mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    mounts = (one for one in parse_mounts(text) if is_removable(one.device, sys_root))
    return [Path(point) for point in sorted({one.point for one in mounts})]


def _drives() -> list[Path]:
    """Name the letters of removable drives (Windows)."""
    if sys.platform == "win32":
        import ctypes

        removable = 2
        kernel = ctypes.windll.kernel32
        letters = int(kernel.GetLogicalDrives())
        roots = [f"{chr(ord('A') + place)}:\\" for place in range(26) if letters >> place & 1]
        return [Path(root) for root in roots if int(kernel.GetDriveTypeW(root)) == removable]
    return []
