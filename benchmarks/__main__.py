"""Print one row per target: our time over the limit's.

    python -m benchmarks                 short: the least rounds of each, about twenty minutes
    python -m benchmarks --full          up to half an hour
    python -m benchmarks --case 2        one target
    python -m benchmarks --json FILE     the same as data

Every case runs in a process of its own, so that none warms another one's caches; cases that prepare
the same share what was prepared. The exit status is 1 unless every row is a pass; undecided and
void are none.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.measure import (
    FULL_SETTING,
    Case,
    process_cost,
    run_case,
    run_side_once,
    scratch,
)
from benchmarks.shim import shim_environment

MODULES = {
    1: "benchmarks.commit",
    2: "benchmarks.commit",
    3: "benchmarks.workbook",
    4: "benchmarks.encrypted",
    5: "benchmarks.list_page",
    6: "benchmarks.search",
    7: "benchmarks.opening",
    8: "benchmarks.workbook",
    9: "benchmarks.workbook",
    10: "benchmarks.bundle",
    11: "benchmarks.bundle",
    13: "benchmarks.pages_out",
    14: "benchmarks.merge",
    16: "benchmarks.start",
    17: "benchmarks.long_list",
    18: "benchmarks.long_list",
    19: "benchmarks.scan",
}
"""Where each target is declared; a child imports its own alone, so that it weighs what it is."""

BROKEN = "BROKEN"
"""A case that could not be run to its end, a wrong result included."""
SHORT_SECONDS, FULL_SECONDS = 150.0, 1500.0
"""For all cases together, preparing, counting and weighing included; every case has its least
rounds at any rate."""
_SHORT_ROUNDS, _FULL_ROUNDS = 40, 200


def case_of(number: int) -> Case:
    """Give a declared case.

    Raises:
        KeyError: the target has none.
    """
    declared: tuple[Case, ...] = importlib.import_module(MODULES[number]).CASES
    return {case.number: case for case in declared}[number]


def cases() -> dict[int, Case]:
    """Give every declared case by its number in the table of targets."""
    return {number: case_of(number) for number in MODULES}


def main(arguments: list[str]) -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--case", type=int, action="append", metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--prepared", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--answer", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.child:
        _child(given)
        return 0
    return _parent(given)


def _parent(given: argparse.Namespace) -> int:
    if given.full:
        os.environ[FULL_SETTING] = "1"
    chosen = {
        number: case
        for number, case in cases().items()
        if given.case in (None, []) or number in given.case
    }
    print("| # | case | wall | cpu | target | A/A | limit | peak MiB | rounds | verdict |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    answers = []
    with ExitStack() as stack:
        folders = Folders(stack)
        for case, until in shared_out(list(chosen.values()), full=given.full):
            try:
                answer = measure_in_children(case, folders, until, full=given.full)
                print(row(answer), flush=True)
            except subprocess.CalledProcessError:
                # Its own words stand on the error output; the others are measured all the same.
                answer = {"number": case.number, "verdict": BROKEN, "is_pass": False}
                print(f"| {case.number} | {case.title} {'|  ' * 7}| {BROKEN} |", flush=True)
            answers.append(answer)
    if given.json:
        given.json.write_text(json.dumps(answers, indent=1, ensure_ascii=False), encoding="utf-8")
    return 0 if answers and all(answer["is_pass"] for answer in answers) else 1


def shared_out(cases: list[Case], *, full: bool) -> Iterator[tuple[Case, float]]:
    """Give each case the moment it is to be done by: its part of the time that is still left.

    So what one case takes beyond its part, others go without, and the whole stays as long.
    """
    end = time.monotonic() + (FULL_SECONDS if full else SHORT_SECONDS)
    for at, case in enumerate(cases):
        now = time.monotonic()
        weights = sum(later.weight for later in cases[at:])
        yield case, now + max(0.0, end - now) * case.weight / weights


class Folders:
    """Prepared inputs, one folder for all cases that prepare the same."""

    def __init__(self, stack: ExitStack) -> None:
        """Keep folders until the stack is left."""
        self._stack = stack
        self._of: dict[Callable[[Path], None], Path] = {}

    def of(self, case: Case, options: list[str]) -> Path:
        """Give what a case prepares, prepared in a process of its own the first time.

        Raises:
            subprocess.CalledProcessError: it could not be prepared.
        """
        if case.prepare not in self._of:
            folder = self._stack.enter_context(scratch())
            command = [*_SELF, "--child", "prepare", "--prepared", str(folder), *options]
            subprocess.run(command, check=True)
            self._of[case.prepare] = folder
        return self._of[case.prepare]


def measure_in_children(
    case: Case, folders: Folders, until: float, *, full: bool
) -> dict[str, Any]:
    """Measure and weigh a case, each in a process of its own."""
    options = ["--case", str(case.number), *(["--full"] if full else [])]
    prepared = folders.of(case, options)
    options += ["--prepared", str(prepared)]
    environment = {**os.environ}
    if case.slow_fsync:
        environment |= shim_environment(prepared)
    with tempfile.TemporaryDirectory(prefix="bench-answer-") as folder:
        answer = Path(folder) / "answer.json"
        costs = {}
        for side in ("limit", "ours"):
            costs[side] = process_cost([*_SELF, "--child", side, *options], environment)
        left = str(until - time.monotonic())
        timing = ["--seconds", left, "--answer", str(answer)]
        subprocess.run(
            [*_SELF, "--child", "measure", *options, *timing], env=environment, check=True
        )
        found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
        found["peak_bytes"] |= {side: cost.peak_bytes for side, cost in costs.items()}
    return found


_SELF = (sys.executable, "-m", "benchmarks")


def _child(given: argparse.Namespace) -> None:
    case = case_of(given.case[0])
    if given.child == "prepare":
        case.prepare(given.prepared)
    elif given.child == "measure":
        most = _FULL_ROUNDS if given.full else _SHORT_ROUNDS
        outcome = run_case(case, given.prepared, given.seconds, most)
        answer = asdict(outcome) | {"verdict": outcome.verdict.value, "is_pass": outcome.is_pass}
        given.answer.write_text(json.dumps(answer), encoding="utf-8")
    else:
        run_side_once(case.limit if given.child == "limit" else case.ours, given.prepared)


def row(answer: dict[str, Any]) -> str:
    """Write one row of the table."""

    def interval(name: str) -> str:
        one = answer[name]
        mark = "**" if answer["judged_by"] == name else ""
        return f"{mark}{one['median']:.2f}{mark} [{one['low']:.2f}, {one['high']:.2f}]"

    peak = "/".join(f"{answer['peak_bytes'][side] / 2**20:.0f}" for side in ("limit", "ours"))
    gates = "".join(
        f"; {gate['name']} {gate['value']:g} ({gate['bound']}){'' if gate['holds'] else ' FAIL'}"
        for gate in answer["gates"]
    )
    return (
        f"| {answer['number']} | {answer['title']} | {interval('wall')} | {interval('cpu')}"
        f" | ≤ {answer['target']:g} | {answer['control']['median']:.3f}"
        f" | {answer['limit_seconds'] * 1000:.1f} ms | {peak} | {answer['rounds']}"
        f" | {answer['verdict']}{gates} |"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
