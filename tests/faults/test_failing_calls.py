"""Whichever call of the system fails, the person is told, and nothing is half done.

The n-th open, read, write, fsync, rename, unlink or truncate fails with what a broken stick, a full
disk, a virus scanner or too many open files would say; the calls of SQLCipher's C code included.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from desktop_app.durable.files import disk_error
from desktop_app.messages.catalogue import shipped
from tests.faults import failing_calls
from tests.faults.failing_calls import ERRORS, KINDS, WORKS

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
FULL = os.environ.get("ENROLLMENT_FAULTS") == "full"
CASES = 420 if FULL else 30
HERE = Path(__file__).parent

needs_compiler = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("gcc") is None,
    reason="the calls of C code are reached by a library loaded before libc",
)


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("shim") / "failing.so"
    command = ["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(made)]
    subprocess.run([*command, str(HERE / "failing.c"), "-ldl"], check=True)
    return made


def run(folder: Path, shim: Path, work: str) -> tuple[dict[str, int], list[dict[str, object]]]:
    """Disturb a work in a child program; give how many calls it makes, and what came of each."""
    command = [sys.executable, "-m", "tests.faults.failing_calls", str(folder), work]
    done = subprocess.run(
        [*command, str(CASES), str(random.Random(work).randrange(2**31))],
        env=os.environ | {"LD_PRELOAD": str(shim), "TMPDIR": str(folder)},
        cwd=HERE.parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    counts, *cases = map(json.loads, done.stdout.splitlines())
    return counts, cases


@needs_compiler
@pytest.mark.parametrize("work", WORKS)
def test_a_call_that_fails_is_told_and_leaves_nothing_half_done(shim: Path, work: str) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        counts, cases = run(Path(name), shim, work)
    assert [case for case in cases if "wrong" in case] == []
    assert len(cases) == CASES
    assert {case["kind"] for case in cases} == {kind for kind, count in counts.items() if count}
    # SQLCipher's own calls are reached, not only Python's.
    assert counts["write"] > 10
    assert counts["sync"] >= 1
    # The control: calls did fail, and most of what fails cannot be passed over in silence.
    assert sum(1 for case in cases if case["failed"]) >= 0.6 * CASES
    codes = Counter(str(case["code"]) for case in cases)
    assert codes.total() - codes[""] >= 0.3 * CASES
    assert set(codes) - {""} <= set(shipped())


def test_every_error_injected_has_words_for_it() -> None:
    numbers = {number for some in ERRORS.values() for number in some}
    assert set(ERRORS) == set(KINDS)
    for number in numbers:
        assert disk_error(OSError(number, "")).code in shipped()
    assert failing_calls.NOTHING.nth == 0
