"""The twelve-millisecond fsync: build the shim, load it into a child, read its counter."""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("slow_fsync.c")


def shim_environment(folder: Path) -> dict[str, str]:
    """Build the shim into a folder and give what a child's environment needs to load it.

    Raises:
        subprocess.CalledProcessError: the compiler refused the source.
        FileNotFoundError: there is no C compiler.
    """
    library = folder / "slow_fsync.so"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(SOURCE)], check=True)
    return {"LD_PRELOAD": str(library)}


def fsync_calls() -> int:
    """Count the fsyncs of this process so far.

    Raises:
        AttributeError: the shim is not loaded.
    """
    return int(ctypes.CDLL(None).slow_fsync_calls())
