"""A program killed at any moment loses nothing it has confirmed."""

from __future__ import annotations

import multiprocessing
import os
import random
import select
import tempfile
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from desktop_app.storage import oplog
from tests.faults.registering import register_some
from tests.storage.kit import Laptop

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
FULL = os.environ.get("ENROLLMENT_FAULTS") == "full"
KILLS = 1000 if FULL else 100
LOOK_EVERY = 10

needs_fork_server = pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(),
    reason="children are made by a fork server",
)


def run(folder: str, say: int) -> None:
    """Register until killed."""
    register_some(Path(folder), 10_000, "FULL", say)


def killed_after(folder: Path, chance: random.Random) -> list[tuple[int, str]]:
    """Start a registering program, kill it at some moment, and give all it had confirmed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.registering", "pypinyin"])
    hear, say = os.pipe()
    os.set_inheritable(say, True)
    child: ForkServerProcess = context.Process(target=_child, args=(str(folder), _Pipe(say)))
    child.start()
    os.close(say)
    said = b""
    try:
        for _ in range(chance.randrange(6)):
            said += os.read(hear, 65536)
        # A moment in the middle of a commit, a checkpoint or the start.
        select.select([hear], [], [], chance.random() * 0.01)
    finally:
        child.kill()
        child.join()
        while piece := os.read(hear, 65536):
            said += piece
        os.close(hear)
    whole = said[: said.rfind(b"\n") + 1].splitlines()
    pairs = [line.split() for line in whole]
    return [(int(sequence), head.decode()) for sequence, head in pairs]


class _Pipe:
    """Hands a descriptor over to a child of the fork server."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def __reduce__(self) -> tuple[object, tuple[object]]:
        from multiprocessing.reduction import DupFd

        return _opened, (DupFd(self.descriptor),)


def _opened(duplicate: object) -> int:
    return int(duplicate.detach())  # type: ignore[attr-defined]


def _child(folder: str, say: int) -> None:
    run(folder, say)


@needs_fork_server
def test_every_confirmed_commit_is_there_after_a_kill() -> None:
    chance = random.Random(1)
    confirmed: list[tuple[int, str]] = []
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        folder = Path(name)
        for kill in range(1, KILLS + 1):
            confirmed += killed_after(folder, chance)
            if kill % LOOK_EVERY == 0:
                look(folder, confirmed)
    assert len(confirmed) > KILLS


def look(folder: Path, confirmed: list[tuple[int, str]]) -> None:
    """Open what the kills have left: everything confirmed is there, and all of it holds."""
    laptop = Laptop(folder, fresh=False)
    number = laptop.feeds()[laptop.feed].number
    with laptop.database.read() as connection:
        for sequence, head in confirmed:
            found = oplog.hash_at(connection, number, sequence)
            assert found is not None
            assert found.hex() == head
    assert laptop.verify().flaws == ()
    laptop.close()
