"""The child's side of a stack of files: a process that reads none of them and forks for each.

What comes on its socket is a file to read and a pipe to answer on. The process forked for them has
the limits of this one, sees nothing of the files before it, and ends with its answer; its exit
status goes back on the socket. When the other end is closed, this one ends.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

_STATUS_BYTES = 4
_HANDLES = 2
_FAILED = 1


def serve(job: Callable[[], None]) -> None:
    """Fork a process for each file handed over on standard input, until nobody is there."""
    with socket.socket(fileno=0) as control:
        while True:
            _, handles, _, _ = socket.recv_fds(control, 1, _HANDLES)
            if len(handles) != _HANDLES:
                return
            forked = os.fork()
            if not forked:
                _answer(control, handles, job)
            for handle in handles:
                os.close(handle)
            status = os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1])
            try:
                control.sendall(status.to_bytes(_STATUS_BYTES, "big", signed=True))
            except OSError:
                return


def _answer(control: socket.socket, handles: list[int], job: Callable[[], None]) -> None:
    """Do the job as if started for it alone; never come back."""
    status = _FAILED
    try:
        control.detach()
        for place, handle in enumerate(handles):
            os.dup2(handle, place)
            os.close(handle)
        job()
        status = 0
    finally:
        os._exit(status)
