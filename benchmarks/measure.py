"""Run a case: limit, ours, ours, limit, with a control between, and give what came out.

A case prepares its inputs once, in a process of its own, as files in a folder; its two sides open
those. A side asserts its own result after every run, so that a fast wrong answer fails. Which side
opens first changes from round to round.
"""

from __future__ import annotations

import gc
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from benchmarks.paired import (
    LEAST_ROUNDS,
    Clock,
    Estimate,
    Round,
    Timing,
    Verdict,
    estimate,
    judge,
    ratios,
)


class Side(Protocol):
    """One of the two sides of a case; ``run`` alone is timed, and runs several times."""

    def open(self, prepared: Path, own: Path) -> None:
        """Open what was prepared, working in a folder of its own."""

    def run(self) -> None:
        """Do the work."""

    def check(self) -> None:
        """Assert that the work of the last run was done and is right."""

    def close(self) -> None:
        """Let everything go."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Something counted, which noise cannot touch."""

    name: str
    value: float
    bound: str
    holds: bool


FULL_SETTING = "BENCHMARKS_FULL"


def is_full() -> bool:
    """Say whether the cases are to be as large as their targets say, whatever that takes."""
    return bool(os.environ.get(FULL_SETTING))


def _no_gates(_prepared: Path) -> tuple[Gate, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One target of the table: our time over the limit's, judged by one clock."""

    number: int
    title: str
    target: float
    prepare: Callable[[Path], None]
    limit: Callable[[], Side]
    ours: Callable[[], Side]
    judged_by: Clock = "wall"
    weight: int = 1
    """Parts of the time it gets: whole windows and processes are more restless than a loop is."""
    slow_fsync: bool = False
    """Whether every fsync is to take twelve milliseconds, as on the disks of the field."""
    gates: Callable[[Path], tuple[Gate, ...]] = _no_gates


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case came to."""

    number: int
    title: str
    target: float
    judged_by: Clock
    wall: Estimate
    cpu: Estimate
    control: Estimate
    rounds: int
    limit_seconds: float
    verdict: Verdict
    gates: tuple[Gate, ...] = ()
    peak_bytes: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_pass(self) -> bool:
        """Whether the target is met; undecided and void are not."""
        return self.verdict is Verdict.PASS and all(gate.holds for gate in self.gates)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process cost from its start to its end."""

    timing: Timing
    peak_bytes: int


_WEIGH = """
import os, resource, subprocess, sys, time
begun = time.perf_counter()
status = subprocess.call(sys.argv[2:])
wall = time.perf_counter() - begun
used = resource.getrusage(resource.RUSAGE_CHILDREN)
answer = f"{wall} {used.ru_utime + used.ru_stime} {used.ru_maxrss}"
os.write(int(sys.argv[1]), answer.encode())
sys.exit(status)
"""


def process_cost(argv: Sequence[str], env: Mapping[str, str] | None = None) -> Cost:
    """Run a process to its end and give its time and its largest size.

    A small process stands between: Linux lets a child's largest size begin with its parent's.

    Raises:
        subprocess.CalledProcessError: it failed, so its cost says nothing.
    """
    reader, writer = os.pipe()
    try:
        weigher = [sys.executable, "-I", "-S", "-c", _WEIGH, str(writer)]
        subprocess.run([*weigher, *argv], env=env, check=True, pass_fds=(writer,))
        wall, cpu, kibibytes = os.read(reader, 200).decode().split()
    finally:
        os.close(reader)
        os.close(writer)
    return Cost(Timing(float(wall), float(cpu)), int(kibibytes) * 1024)


def answer_of(module: str, *arguments: str) -> str:
    """Run a module in a process of its own and give what it prints.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    argv = [sys.executable, "-m", module, *arguments]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


@contextmanager
def opened(
    make: Sequence[Callable[[], Side]], prepared: Path, rotation: int
) -> Iterator[list[Side]]:
    """Open sides, in an order that rotates, each in an empty folder; close them at the end."""
    sides = [one() for one in make]
    order = [(at + rotation) % len(sides) for at in range(len(sides))]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        held: list[Side] = []
        try:
            for at in order:
                own = Path(folder) / str(at)
                own.mkdir()
                sides[at].open(prepared, own)
                held.append(sides[at])
            yield sides
        finally:
            for side in reversed(held):
                side.close()


def timed(side: Side) -> Timing:
    """Run a side once and assert its result outside the clock."""
    gc.collect()
    cpu, begun = _cpu_seconds(), time.perf_counter()
    side.run()
    wall, used = time.perf_counter() - begun, _cpu_seconds() - cpu
    side.check()
    return Timing(wall, used)


def _cpu_seconds() -> float:
    """Give the processor time of this process and of the children it has waited for."""
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def run_round(
    limit: Callable[[], Side], ours: Callable[[], Side], prepared: Path, rotation: int
) -> Round:
    """Run limit, ours, ours, limit, after one run of each that is not counted."""
    with opened((limit, ours), prepared, rotation) as (first, second):
        for side in (first, second):
            side.run()
            side.check()
        before, one, two, after = (timed(side) for side in (first, second, second, first))
    return Round((before, after), (one, two))


def run_case(case: Case, prepared: Path, seconds: float, most_rounds: int) -> Outcome:
    """Run rounds until the time is used or there are enough, a control after every round.

    The number of rounds never depends on what they show.
    """
    until = time.monotonic() + seconds
    rounds: list[Round] = []
    controls: list[Round] = []
    while len(rounds) < LEAST_ROUNDS or (len(rounds) < most_rounds and time.monotonic() < until):
        rounds.append(run_round(case.limit, case.ours, prepared, len(rounds)))
        controls.append(run_round(case.limit, case.limit, prepared, len(controls)))
    estimates: dict[Clock, Estimate] = {
        clock: estimate(ratios(rounds, clock)) for clock in ("wall", "cpu")
    }
    control = estimate(ratios(controls, case.judged_by))
    return Outcome(
        number=case.number,
        title=case.title,
        target=case.target,
        judged_by=case.judged_by,
        wall=estimates["wall"],
        cpu=estimates["cpu"],
        control=control,
        rounds=len(rounds),
        limit_seconds=min(getattr(run, case.judged_by) for one in rounds for run in one.limit),
        verdict=judge(estimates[case.judged_by], control, case.target),
        gates=case.gates(prepared),
    )


def run_side_once(make: Callable[[], Side], prepared: Path) -> None:
    """Run one side alone, as a child does whose largest size is taken."""
    with opened((make,), prepared, 0) as (side,):
        side.run()
        side.check()


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder for prepared inputs, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="bench-inputs-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
