"""What runs in the child: limits first, then one job over standard input, an answer, the end.

Started by ``launch`` as ``python -m desktop_app.documents.child NAME`` or, packaged, as the
program's own executable with ``--child NAME``. No Qt, no database, no keys are imported here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

MEMORY_BYTES = 1024 * 1024 * 1024
PROCESSOR_SECONDS = 30


def main(name: str) -> int:
    """Run one job and give the exit status; the job itself answers on standard output."""
    job = _JOBS.get(name)
    if job is None:
        return 2
    limit_resources()
    _binary_pipes()
    job()
    return 0


def _read_workbook() -> None:
    from desktop_app.documents.reader_child import MAX_INPUT_BYTES, answer

    answer(read_input(MAX_INPUT_BYTES), write_output)


def _prepare_scan() -> None:
    from desktop_app.documents.image_child import MAX_INPUT_BYTES, answer

    answer(read_input(MAX_INPUT_BYTES), write_output)


def _prepare_scans() -> None:
    from desktop_app.documents.image_child import load_decoders
    from desktop_app.documents.ready_child import serve

    load_decoders()
    serve(_prepare_scan)


_JOBS: Mapping[str, Callable[[], None]] = {
    "read-workbook": _read_workbook,
    "prepare-scan": _prepare_scan,
    "prepare-scan-stack": _prepare_scans,
}


def limit_resources() -> None:
    """Cap memory, processor time and file size, and forbid core dumps.

    Windows has no such limits for a process on itself; there the parent's wall clock remains.
    """
    if sys.platform == "win32":
        return
    import resource

    for kind, wanted in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
    ):
        hard = resource.getrlimit(kind)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (value, value))


def _binary_pipes() -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(0, os.O_BINARY)
        msvcrt.setmode(1, os.O_BINARY)


def read_input(limit: int) -> bytes:
    """Read standard input up to one byte more than ``limit``, so that too much is noticed."""
    collected = bytearray()
    while len(collected) <= limit:
        chunk = os.read(0, min(1 << 20, limit + 1 - len(collected)))
        if not chunk:
            break
        collected += chunk
    return bytes(collected)


def write_output(data: bytes) -> None:
    """Write all of ``data`` to standard output."""
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
