"""Judge a folder on Windows by the drive it lies on; empty everywhere else."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    import os
    from pathlib import Path

    from desktop_app.durable.findings import FolderFinding

    _REMOVABLE, _REMOTE, _OPTICAL, _MEMORY = 2, 4, 5, 6
    _READ_ONLY_VOLUME = 0x00080000

    def inspect_drive(place: Path) -> tuple[str, list[FolderFinding]]:
        """Give the file system's name and the findings (GetDriveTypeW, GetVolumeInformationW)."""
        root = place.anchor
        kernel = ctypes.windll.kernel32
        drive = int(kernel.GetDriveTypeW(root))
        name = ctypes.create_unicode_buffer(64)
        flags = ctypes.c_ulong(0)
        kernel.GetVolumeInformationW(
            root, None, 0, None, None, ctypes.byref(flags), name, len(name)
        )
        findings = []
        if drive == _OPTICAL or flags.value & _READ_ONLY_VOLUME:
            findings.append(FolderFinding("folder.read_only", blocks=True))
        if drive == _REMOTE:
            findings.append(FolderFinding("folder.network", blocks=True))
        if drive == _MEMORY:
            findings.append(FolderFinding("folder.forgets"))
        if drive == _REMOVABLE:
            findings.append(FolderFinding("folder.removable"))
        if place.drive.casefold() == os.environ.get("SYSTEMDRIVE", "C:").casefold():
            # School PCs often carry a restore card 还原卡 that resets exactly this drive.
            findings.append(FolderFinding("folder.restore_card"))
        return name.value, findings
