"""Start this program anew, and wait in the new one until the old one has ended.

Locking ends the process, since what was typed stays in its memory; a new one takes its place.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

AFTER = "--after"
"""The option that names the process to wait for."""

_STEP = 0.02  # seconds between two looks at the old process
_KEPT = "_ORIG"
_OUT = 1  # the file descriptor of standard output


def anew_command(words: Sequence[str]) -> list[str]:
    """Build the command line that starts this program with some words."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *words]
    return [sys.executable, str(Path(sys.argv[0]).resolve()), *words]


def anew_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Undo what PyInstaller's boot code set, so that the new process unpacks and links afresh."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith("_PYI_") and name != "_MEIPASS2"
    }
    if getattr(sys, "frozen", False):
        kept.pop("LD_LIBRARY_PATH", None)
        kept["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    for name in [name for name in kept if name.endswith(f"LIBRARY_PATH{_KEPT}")]:
        kept[name.removesuffix(_KEPT)] = kept.pop(name)
    return kept


def start_anew(words: Sequence[str], told: int | None = None) -> int:
    """Start the program with these words and ``--after`` this process; give its process id.

    ``told`` is the end of a pipe, where the new process says that its window stands.

    Raises:
        OSError: the system would not start it.
    """
    command = anew_command([*words, AFTER, str(os.getpid())])
    import subprocess

    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=told,
        env=anew_environment(os.environ),
        close_fds=True,
    )
    return process.pid


def tell_ready() -> None:
    """Tell the process before this one that the window stands; it has gone soon afterwards."""
    with contextlib.suppress(OSError):
        os.write(_OUT, b"\n")
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _OUT)
        os.close(nowhere)


def wait_for_end(pid: int, seconds: float) -> bool:
    """Wait until a process has ended, and tell whether it has."""
    until = time.monotonic() + seconds
    while is_running(pid):
        if time.monotonic() >= until:
            return False
        time.sleep(_STEP)
    return True


def is_running(pid: int) -> bool:
    """Tell whether a process runs; one that ended and was not yet collected does not."""
    if sys.platform == "win32":
        return _runs_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return sys.platform != "linux"
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def _runs_on_windows(pid: int) -> bool:
    """Ask Windows for the process and whether it has been signalled."""
    if sys.platform == "win32":
        import ctypes

        synchronize, timeout = 0x00100000, 0x102
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(synchronize, 0, pid)
        if handle:
            try:
                return int(kernel.WaitForSingleObject(handle, 0)) == timeout
            finally:
                kernel.CloseHandle(handle)
    return False
