"""An export killed at any write, fsync or rename carries nothing that is not on the stick.

The kill is a real one, in place of the call, SQLCipher's calls included. What it has left is opened
anew: every bundle noted as carried lies on the stick, whole; the folder verifies; the next export
leaves no half file anywhere, and the district takes in all of it, pages too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.faults.test_failing_calls import FULL, MEMORY, needs_compiler, shim

__all__ = ["shim"]

EVERY = 1 if FULL else 9
"""Each point once in the long run, every ninth in the short."""


@needs_compiler
def test_a_kill_at_any_point_of_an_export_is_repaired_by_the_next(
    shim: Path, repository: Path
) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.killed_exports", folder, str(EVERY)],
            env=os.environ | {"LD_PRELOAD": str(shim), "TMPDIR": folder},
            cwd=repository,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    first, *kills = map(json.loads, done.stdout.splitlines())
    assert [one for one in (first, *kills) if one["wrong"]] == []
    # The control: each was killed indeed until there was no further point, and the points are more
    # than those of the stick, since the database's own are among them.
    assert [one["killed"] for one in kills] == [True] * (len(kills) - 1) + [False]
    assert len(kills) * EVERY > first["points"] - 9 > 40
