"""How much a process grows by while it does something (Linux)."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Self

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_FORGET_LARGEST = "5"


def resident(name: str) -> int:
    """Give this process's size now (``VmRSS``) or at its largest (``VmHWM``), in bytes."""
    for line in _STATUS.read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(name)


class Weighed:
    """Takes the size at the beginning and the largest until the end.

    The largest before is forgotten: stretching a password takes 64 MiB for a moment, behind which
    any growth could hide.
    """

    def __init__(self) -> None:
        """Nothing has been weighed."""
        self.before = self.largest = 0

    def __enter__(self) -> Self:
        gc.collect()
        _RESET.write_text(_FORGET_LARGEST, encoding="ascii")
        self.before = resident("VmRSS")
        return self

    def __exit__(self, *_: object) -> None:
        self.largest = resident("VmHWM")

    @property
    def growth(self) -> int:
        """Give by how many bytes it grew."""
        return self.largest - self.before
