"""A hardened process leaves no core dump and no file for others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HARDEN_AND_TELL = """
import ctypes, os, resource, pathlib
from desktop_app.durable.process import harden_process
print(harden_process() == harden_process())
print(resource.getrlimit(resource.RLIMIT_CORE))
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
os.close(os.open("made", os.O_CREAT | os.O_WRONLY, 0o666))
print(oct(os.stat("made").st_mode & 0o777))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
def test_hardening_holds_as_the_kernel_sees_it(tmp_path: Path, repository: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", HARDEN_AND_TELL],
        cwd=tmp_path,
        env={"PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split("\n")[:4] == ["True", "(0, 0)", "0", "0o600"]
