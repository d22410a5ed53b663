"""A child kept ready for a stack of files: it reads none of them and forks a process for each.

Starting the program anew costs more than decoding a page. A child that read one page after the
other would be as quick, but a hostile page could then reach those after it. So the process that is
kept has read nothing, and each file has a process of its own, as before (ADR 0016). Where a process
cannot be forked, each is started.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from desktop_app.documents.launch import (
    WALL_SECONDS,
    Child,
    ChildError,
    answering,
    feed,
    open_plain,
    spawn,
    start_child,
)

MOST_FILES = 500
"""So many files, and a child is started anew: its processor time is limited too."""
FORKS = sys.platform != "win32"
_STATUS_BYTES = 4
STACK = "-stack"
"""Ends the name of a job that is done for a stack."""


class _Server:
    """The process that forks."""

    def __init__(self, name: str) -> None:
        """Start it.

        Raises:
            OSError: it could not be started.
        """
        self.control, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = spawn(name, theirs.fileno(), subprocess.DEVNULL)
            except OSError:
                self.control.close()
                raise
        self.left = MOST_FILES
        self._lock = threading.Lock()

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def hand_over(self, source: int, answer: int) -> None:
        """Have a process forked that reads one handle and answers on the other.

        Raises:
            OSError: the server is gone.
        """
        self.left -= 1
        socket.send_fds(self.control, [b"."], [source, answer])

    def status(self) -> int:
        """Wait for the end of the process forked last and give its status."""
        told = b""
        with suppress(ConnectionError):
            told = self.control.recv(_STATUS_BYTES, socket.MSG_WAITALL)
        if len(told) != _STATUS_BYTES:
            return -signal.SIGKILL
        return int.from_bytes(told, "big", signed=True)

    def stop(self) -> None:
        """End it and whatever it forked."""
        with self._lock:
            if self._process.returncode is None:
                # Nobody has waited for it yet, so that its number is still its own.
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()

    def close(self) -> None:
        self.stop()
        self.control.close()


class _Forked:
    """A process forked for one file."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self.status: int | None = None

    def wait(self) -> int:
        """Wait for its end and give its exit status."""
        if self.status is None:
            self.status = self._server.status()
        return self.status

    def kill(self) -> None:
        """End it, and the process that forked it: another one is started for the next file."""
        if self.status is None:
            self._server.stop()


class ReadyChild:
    """Answers for one file after the other; used by one thread at a time."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._server: _Server | None = None

    @contextmanager
    def start(
        self, name: str, source: Path | bytes, *, seconds: float = WALL_SECONDS
    ) -> Iterator[Child]:
        """Run the child on a file or on bytes, as ``start_child`` does.

        Raises:
            WorkplaceError: the file cannot be opened.
            UntrustedError: it is no plain file.
            ChildError: the child could not be started.
        """
        if not FORKS:
            with start_child(name, source, seconds=seconds) as child:
                yield child
            return
        server = self._ready(name)
        forked, answer, feeder = _fork(server, source)
        good = False
        try:
            with answering(forked, answer, feeder, seconds) as child:
                yield child
                good = forked.status == 0
        finally:
            # Whatever was refused or went wrong takes the child along, for good measure.
            if not good or not server.left:
                self.close()

    def _ready(self, name: str) -> _Server:
        if self._server is not None and not self._server.runs:
            self.close()
        if self._server is None:
            try:
                self._server = _Server(name + STACK)
            except OSError as error:
                raise ChildError("not_started") from error
        return self._server

    def close(self) -> None:
        """End the child that was kept; the next file starts another."""
        server, self._server = self._server, None
        if server is not None:
            server.close()


def _fork(
    server: _Server, source: Path | bytes
) -> tuple[_Forked, IO[bytes], threading.Thread | None]:
    """Have a process forked for a source; give it, its answer, and who feeds it.

    Raises:
        WorkplaceError: the file cannot be opened.
        UntrustedError: it is no plain file.
        ChildError: the server is gone.
    """
    feeder = None
    if isinstance(source, Path):
        reads = open_plain(source)
    else:
        fed, theirs = socket.socketpair()
        reads = theirs.detach()
        feeder = feed(fed, source)
    answer, answers = os.pipe()
    try:
        server.hand_over(reads, answers)
    except OSError as error:
        os.close(answer)
        raise ChildError("not_started") from error
    finally:
        os.close(reads)
        os.close(answers)
    return _Forked(server), os.fdopen(answer, "rb"), feeder
