"""The dictionary of readings is loaded without its phrases, which say nothing of one character."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SWITCH = "PYPINYIN_NO_PHRASES"
_ASK = """
import hashlib, random, sys
from desktop_app.storage.pinyin import readings
if sys.argv[1] == "with":
    import pypinyin  # before readings() asks for it without
signs = random.Random(41).sample(range(0x4E00, 0x9FA6), 4000)
found = [readings(chr(sign)) for sign in signs] + [readings(sign) for sign in "单仇曾区查解"]
from pypinyin.constants import PHRASES_DICT
print(len(PHRASES_DICT) > 0, sum(map(bool, found)), hashlib.sha256(repr(found).encode()).hexdigest())
"""


def test_the_phrases_are_left_out_and_every_reading_is_the_same(repository: Path) -> None:
    first, second = (
        subprocess.run(
            [sys.executable, "-c", _ASK, how],
            check=True,
            capture_output=True,
            text=True,
            cwd=repository,
            env={name: one for name, one in os.environ.items() if name != SWITCH},
        ).stdout.split()
        for how in ("with", "without")
    )
    assert (first[0], second[0]) == ("True", "False")
    assert first[1:] == second[1:]
    assert int(first[1]) > 4000
