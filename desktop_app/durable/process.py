"""Keep the memory of this process out of core dumps and its files out of other accounts' reach.

Core dumps were found to hold rows of children (assurance: findings that decide), so the first
thing the program does is to forbid them.
"""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass

_PR_SET_DUMPABLE = 4
_PRIVATE_UMASK = 0o077


@dataclass(frozen=True, slots=True)
class Hardening:
    """What the operating system granted; where it knows no such thing, the value is False."""

    core_dumps_off: bool
    undumpable: bool
    private_umask: bool


def harden_process() -> Hardening:
    """Forbid core dumps and tracing by others, and create files for the owner alone.

    Safe to call twice. Windows writes no core dumps of its own accord: there it does nothing.
    """
    if sys.platform == "win32":
        return Hardening(core_dumps_off=False, undumpable=False, private_umask=False)
    os.umask(_PRIVATE_UMASK)
    return Hardening(
        core_dumps_off=_forbid_core_dumps(), undumpable=_make_undumpable(), private_umask=True
    )


def _forbid_core_dumps() -> bool:
    """Set the size of a core dump to nothing, for good."""
    if sys.platform == "win32":
        return False
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        return False
    return resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)


def _make_undumpable() -> bool:
    """Tell Linux that no process of the same account may read this one's memory."""
    if sys.platform != "linux":
        return False
    try:
        library = ctypes.CDLL(None, use_errno=True)
        return int(library.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)) == 0
    except (OSError, AttributeError):
        return False
