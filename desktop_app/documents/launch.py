"""Start the program's own executable anew for untrusted files, and read its answer line by line.

``exec``, never a fork that goes on: a fork would carry the keys of this process into the parser.
Pipes only, a bare environment, standard error thrown away (it could quote a file's content), a
wall clock kept here; memory and processor limits are set by the child itself (``child``).
"""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from desktop_app.domain.errors import UntrustedError
from desktop_app.durable.files import disk_errors

WALL_SECONDS = 30.0
MAX_LINE_BYTES = 4 * 1024 * 1024

_PROJECT = Path(__file__).resolve().parents[2]
_KEPT_ENVIRONMENT = ("SYSTEMROOT", "WINDIR")
"""Windows refuses to start Python without these; nothing else is handed on."""


class ChildError(Exception):
    """The child gave no answer; ``reason`` is not_started, crashed, too_slow or too_much."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def child_command(name: str) -> list[str]:
    """Build the command line that starts this program as the child ``name``."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--child", name]
    # -E and -s: no settings of this user's Python reach the child.
    return [sys.executable, "-E", "-s", "-m", "desktop_app.documents.child", name]


class Running(Protocol):
    """A process that answers for one file."""

    def wait(self) -> int:
        """Wait for its end and give its exit status, negative where a signal ended it."""

    def kill(self) -> None:
        """End it; nothing happens where it has ended."""


@dataclass(slots=True)
class Child:
    """A running child: its answer, read with caps."""

    process: Running
    output: IO[bytes]
    late: threading.Event = field(default_factory=threading.Event)

    def line(self) -> bytes:
        """Read one line of the answer, without its end.

        Raises:
            ChildError: the answer ends here, or the line is longer than any honest one.
        """
        line = self.output.readline(MAX_LINE_BYTES + 1)
        if len(line) > MAX_LINE_BYTES:
            raise ChildError("too_much")
        if not line.endswith(b"\n"):
            raise self.failure()
        return line[:-1]

    def exactly(self, size: int) -> bytes:
        """Read ``size`` bytes of the answer.

        Raises:
            ChildError: it ends before.
        """
        data = self.output.read(size)
        if len(data) != size:
            raise self.failure()
        return data

    def finish(self) -> None:
        """Demand that nothing follows and that the child ended well.

        Raises:
            ChildError: it did not.
        """
        if self.output.read(1):
            raise ChildError("too_much")
        if self.process.wait() != 0:
            raise self.failure()

    def failure(self) -> ChildError:
        """Name why the answer ended: the wall clock, the processor limit, or a crash."""
        status = self.process.wait()
        processor_limit = -getattr(signal, "SIGXCPU", 0)
        return ChildError(
            "too_slow"
            if self.late.is_set() or (processor_limit and status == processor_limit)
            else "crashed"
        )


@contextmanager
def start_child(
    name: str, source: Path | bytes, *, seconds: float = WALL_SECONDS
) -> Iterator[Child]:
    """Run the child on a file or on bytes; it is gone when the block ends, however it ends.

    Raises:
        WorkplaceError: the file cannot be opened.
        UntrustedError: it is no plain file.
        ChildError: the child could not be started.
    """
    handle = open_plain(source) if isinstance(source, Path) else subprocess.PIPE
    try:
        process = spawn(name, handle, subprocess.PIPE)
    except OSError as error:
        raise ChildError("not_started") from error
    finally:
        if isinstance(source, Path):
            os.close(handle)
    assert process.stdout is not None  # noqa: S101 -- for mypy; it was asked for above
    feeder = feed(process.stdin, source) if isinstance(source, bytes) else None
    with answering(process, process.stdout, feeder, seconds) as child:
        yield child


@contextmanager
def answering(
    process: Running, output: IO[bytes], feeder: threading.Thread | None, seconds: float
) -> Iterator[Child]:
    """Hold a process to its time; it is gone, and its answer closed, when the block ends."""
    child = Child(process, output)
    clock = threading.Timer(seconds, _stop_late, (child,))
    clock.daemon = True
    clock.start()
    try:
        yield child
    finally:
        clock.cancel()
        process.kill()
        if feeder is not None:
            feeder.join()
        output.close()
        process.wait()


def open_plain(path: Path) -> int:
    """Open a regular file for reading; a pipe or device in its place must not hang the program."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with disk_errors():
        handle = os.open(path, flags)
        if stat.S_ISREG(os.fstat(handle).st_mode):
            return handle
        os.close(handle)
    raise UntrustedError("file.not_regular")


def spawn(name: str, handle: int, output: int) -> subprocess.Popen[bytes]:
    """Start the program as the child ``name``, in a process group of its own.

    Raises:
        OSError: it could not be started.
    """
    return subprocess.Popen(
        child_command(name),
        stdin=handle,
        stdout=output,
        stderr=subprocess.DEVNULL,
        close_fds=True,
        cwd=None if getattr(sys, "frozen", False) else _PROJECT,
        env={key: os.environ[key] for key in _KEPT_ENVIRONMENT if key in os.environ},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        process_group=0 if os.name == "posix" else None,
    )


def _stop_late(child: Child) -> None:
    child.late.set()
    child.process.kill()


def feed(sink: IO[bytes] | socket.socket | None, data: bytes) -> threading.Thread:
    """Write the bytes beside the reading of the answer, or both sides would wait."""

    def write() -> None:
        assert sink is not None  # noqa: S101 -- for mypy
        try:
            with sink:
                (sink.sendall if isinstance(sink, socket.socket) else sink.write)(data)
        except OSError:
            # The child refused early and is gone; its answer says why.
            return

    thread = threading.Thread(target=write, name="child-input", daemon=True)
    thread.start()
    return thread
