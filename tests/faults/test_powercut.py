"""No power cut loses an acknowledged commit or leaves anything half done."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.domain.errors import ProductError
from desktop_app.storage import oplog
from tests.faults.powercut import Acknowledged, Event, State, Sync, Unlink, Write, record, states
from tests.storage.kit import Laptop

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
FULL = os.environ.get("ENROLLMENT_FAULTS") == "full"
STATES = int(os.environ.get("FAULT_STATES", "20000" if FULL else "500"))
CONTROLS = 80

needs_strace = pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace records the system calls"
)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder in memory: only the record's fsyncs count, not this machine's."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        yield Path(name)


def outcome(folder: Path, state: State) -> str:
    """Put a state on the disk, open it as the program does, and say what is found."""
    place = folder / "after"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for name, content in state.files.items():
        (place / name).write_bytes(content)
    try:
        laptop = Laptop(place, fresh=False)
    except ProductError:
        return "corrupt"
    try:
        return judge(laptop, state.acknowledged)
    except ProductError:
        return "corrupt"
    finally:
        laptop.close()


def judge(laptop: Laptop, acknowledged: Acknowledged | None) -> str:
    if not laptop.verify().sound:
        return "corrupt"
    if acknowledged is None:
        return "kept"
    row = laptop.feeds().get(laptop.feed)
    if row is None or row.sequence < acknowledged.sequence:
        return "lost"
    with laptop.database.read() as connection:
        found = oplog.hash_at(connection, row.number, acknowledged.sequence)
    return "kept" if found is not None and found.hex() == acknowledged.head else "lost"


def outcomes(
    folder: Path, synchronous: str, count: int, commits: int, *, around: bool = True
) -> Counter[str]:
    events = record(folder, commits, synchronous)
    seen = Counter(type(one).__name__ for one in events)
    assert seen["Acknowledged"] == commits
    assert seen["Write"] > 20 * commits
    cuts = states(events, count, commits, around=around)
    return Counter(outcome(folder, state) for state in cuts)


@needs_strace
def test_no_cut_loses_an_acknowledged_commit(folder: Path) -> None:
    assert outcomes(folder, "FULL", STATES, 30) == {"kept": STATES}


@needs_strace
def test_the_simulator_sees_what_less_care_would_lose(folder: Path) -> None:
    """A simulator that cannot fail proves nothing: NORMAL loses commits, OFF whole files."""
    normal = outcomes(folder, "NORMAL", CONTROLS, 31, around=False)
    assert normal["lost"] >= 0.2 * CONTROLS
    assert normal["corrupt"] == 0
    shutil.rmtree(folder / "data")
    off = outcomes(folder, "OFF", CONTROLS, 32, around=False)
    assert off["corrupt"] >= 0.1 * CONTROLS


def test_a_state_is_made_of_what_may_lie_on_the_disk() -> None:
    old, new = b"o" * 1024, b"n" * 1024
    events: list[Event] = [Write("f", 0, old), Sync("f"), Write("f", 0, new), Write("f", 2048, new)]
    found = [state.files["f"] for state in states(events, 300, seed=1) if state.files]
    pieces = {content[start : start + 512] for content in found for start in range(0, 2048, 512)}
    assert {b"o" * 512, b"n" * 512, bytes(512)} <= pieces
    assert any(piece not in {b"o" * 512, b"n" * 512, bytes(512), b""} for piece in pieces)
    assert {1024, 3072} <= {len(content) for content in found}


def test_what_was_made_durable_stays_and_what_was_removed_may_come_back() -> None:
    events: list[Event] = [Write("f", 0, b"x" * 512), Sync("f"), Acknowledged(1, "a"), Unlink("f")]
    found = list(states(events, 200, seed=1))
    after = [state for state in found if state.acknowledged is not None]
    assert after
    assert {tuple(state.files.items()) for state in after} == {(), (("f", b"x" * 512),)}
