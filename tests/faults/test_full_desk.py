"""At a desk whose disk becomes full every registration, page and draft is whole or not there.

Families are registered and their pages kept, drafts saved and a village's table entered on real
small disks, until it is refused; then the folder is opened again, room is made, and work goes on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from desktop_app.messages.catalogue import BUG, sentence
from tests.faults.full_desk import VILLAGE
from tests.faults.test_full_disk import ALONE, REPOSITORY, needs_mounts

SIZES = 40 if os.environ.get("ENROLLMENT_FAULTS") == "full" else 2
FULL = {"disk.full", "database.disk_full", "database.disk_full_reserve"}


@needs_mounts
def test_nothing_is_half_saved_at_the_desk_and_work_goes_on_once_there_is_room(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    place = tmp_path_factory.mktemp("desk")
    command = [*ALONE, sys.executable, "-m", "tests.faults.full_desk", str(place), str(SIZES)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one for one in told if "wrong" in one] == []
    assert len(told) == SIZES
    for one in told:
        assert {one["first"], one["second"]} <= FULL
        assert {one["table"], one["opened"]} <= {"", *FULL}
        assert (one["later"], one["all"]) == ("", VILLAGE), "the rest of the table, nobody twice"
    assert sum(one["families"] for one in told) > 100
    assert sum(one["pages"] for one in told) > 10
    for code in FULL:
        assert sentence(code).number != sentence(BUG).number
