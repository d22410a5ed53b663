"""On a full disk a registration is whole or not there, the reserve is given up, and it is said.

The disks are real: file systems in memory of so many kibibytes, in a mount namespace of their own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

SIZES = 1000 if os.environ.get("ENROLLMENT_FAULTS") == "full" else 30
ALONE = ("unshare", "--mount", "--map-root-user")
REPOSITORY = Path(__file__).resolve().parent.parent.parent


def may_mount() -> bool:
    """Say whether this account may have a mount namespace of its own."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    mount = [*ALONE, "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(mount, capture_output=True, check=False).returncode == 0


needs_mounts = pytest.mark.skipif(
    not may_mount(), reason="small disks are mounted in a namespace of their own"
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """Fill disks of many sizes, once for the tests of this module."""
    place = tmp_path_factory.mktemp("disk")
    command = [*ALONE, sys.executable, "-m", "tests.faults.full_disk", str(place), str(SIZES)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@needs_mounts
def test_nothing_confirmed_is_lost_and_nothing_is_half_saved(
    told: list[dict[str, object]],
) -> None:
    assert [one for one in told if "wrong" in one] == []
    assert len(told) == SIZES


@needs_mounts
def test_the_reserve_is_given_up_first_and_lets_the_desk_finish(
    told: list[dict[str, object]],
) -> None:
    filled = [one for one in told if "first" in one]
    assert len(filled) > 0.8 * SIZES
    # A disk may also be filled by a checkpoint, whose failure is told the same way.
    assert {one["first"] for one in filled} == {"database.disk_full_reserve"}
    assert all(one["released"] for one in filled)
    assert {one["second"] for one in filled} == {"database.disk_full"}
    assert all(int(str(one["finished"])) >= 1 for one in filled)


@needs_mounts
def test_drafts_removals_checkpoints_and_copies_say_so_too(told: list[dict[str, object]]) -> None:
    codes = Counter(code for one in told for code in one.get("tries", ()))  # type: ignore[attr-defined]
    assert set(codes) <= {"", "database.disk_full"}
    assert codes["database.disk_full"] > SIZES


@needs_mounts
def test_a_disk_too_small_to_begin_on_is_named(told: list[dict[str, object]]) -> None:
    begun = [one["begun"] for one in told if "begun" in one]
    assert set(begun) <= {"", "database.disk_full"}
    assert "database.disk_full" in begun


@needs_mounts
def test_opening_on_a_full_disk_works_or_says_that_it_is_full(
    told: list[dict[str, object]],
) -> None:
    assert {one["opened"] for one in told if "opened" in one} <= {"", "database.disk_full"}
