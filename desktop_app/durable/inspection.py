"""What to know about a folder before children's data goes into it.

Findings, not refusals: each has a code with a sentence of its own, and says whether work on this
folder is impossible (``blocks``) or only unwise.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from desktop_app.durable.files import disk_errors
from desktop_app.durable.findings import FolderFinding
from desktop_app.durable.mounts import Mount, is_removable, mount_of, parse_mounts

NEARLY_FULL = 200 * 1000 * 1000  # bytes
FULL_SHARE = 0.95
AMPLE = 20 * 1000 * 1000 * 1000  # bytes
"""What a season with its scans and copies never needs: with so much left a disk is not nearly full,
however large it is."""

_FORGETS = frozenset({"tmpfs", "ramfs", "overlay", "aufs", "squashfs", "unionfs", "rootfs"})
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "afs", "davfs"})
_NO_RIGHTS = frozenset({"vfat", "msdos", "exfat", "fuse.exfat"})
_CASE_FOLDING = _NO_RIGHTS | {"ntfs", "ntfs3", "fuseblk", "hfs", "hfsplus", "FAT32", "FAT", "NTFS"}


@dataclass(frozen=True, slots=True)
class FolderReport:
    """Space in bytes, file system type, and the findings, worst first."""

    free: int
    total: int
    file_system: str
    findings: tuple[FolderFinding, ...]

    @property
    def usable(self) -> bool:
        """Whether nothing found makes work impossible."""
        return not any(finding.blocks for finding in self.findings)


def inspect_folder(
    path: Path, *, proc_root: Path = Path("/proc"), sys_root: Path = Path("/sys")
) -> FolderReport:
    """Look at a folder, or at the nearest one above it that exists, without writing anything.

    Raises:
        WorkplaceError: it cannot be looked at.
    """
    with disk_errors():
        place = _nearest_existing(path.absolute())
        usage = shutil.disk_usage(place)
        if sys.platform == "win32":
            from desktop_app.durable.drives import inspect_drive

            kind, findings = inspect_drive(place)
        else:
            kind, findings = _inspect_mounts(place, proc_root, sys_root)
    if not os.access(place, os.W_OK) and not _has(findings, "folder.read_only"):
        findings.append(FolderFinding("folder.read_only", blocks=True))
    if _is_nearly_full(usage.free, usage.total):
        free = usage.free // 1_000_000
        findings.append(FolderFinding("folder.nearly_full", details=(("megabytes", free),)))
    if kind in _NO_RIGHTS or kind.startswith("FAT") or kind == "exFAT":
        findings.append(FolderFinding("folder.no_rights"))
    if kind in _CASE_FOLDING:
        findings.append(FolderFinding("folder.case_folding"))
    ordered = tuple(sorted(findings, key=lambda finding: not finding.blocks))
    return FolderReport(usage.free, usage.total, kind, ordered)


def _is_nearly_full(free: int, total: int) -> bool:
    """Say whether a disk is to be cleared soon: hardly anything is left, or a twentieth of it."""
    return free < NEARLY_FULL or (free < AMPLE and free <= total * (1 - FULL_SHARE))


def _inspect_mounts(
    place: Path, proc_root: Path, sys_root: Path
) -> tuple[str, list[FolderFinding]]:
    """Judge a folder on Linux by the mount it lies on."""
    try:
        text = (proc_root / "self" / "mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    mount = mount_of(str(place.resolve()), parse_mounts(text))
    if mount is None:
        return "", []
    return mount.kind, _judge_mount(mount, removable=is_removable(mount.device, sys_root))


def _judge_mount(mount: Mount, *, removable: bool) -> list[FolderFinding]:
    """Name what a mount's type and options mean for a data folder."""
    findings = []
    if mount.read_only:
        findings.append(FolderFinding("folder.read_only", blocks=True))
    if mount.kind in _NETWORK:
        # SQLite's write-ahead log needs memory shared between programs: no network disk has it.
        findings.append(FolderFinding("folder.network", blocks=True))
    if mount.kind in _FORGETS:
        findings.append(FolderFinding("folder.forgets"))
    if removable:
        findings.append(FolderFinding("folder.removable"))
    return findings


def _nearest_existing(path: Path) -> Path:
    """Climb to the first folder that is there."""
    while not path.is_dir() and path != path.parent:
        path = path.parent
    return path


def _has(findings: list[FolderFinding], code: str) -> bool:
    return any(finding.code == code for finding in findings)
