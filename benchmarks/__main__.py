"""Print one row per target: our time over the limit's.

    python -m benchmarks                 short, all of it within three minutes
    python -m benchmarks --full          up to half an hour
    python -m benchmarks --case 2        one target
    python -m benchmarks --json FILE     the same as data

Every case runs in a process of its own, so that none warms another one's caches. The exit status is
1 unless every row is a pass; undecided and void are none.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.measure import Case, process_cost, run_case, run_side_once, scratch
from benchmarks.shim import shim_environment

MODULES = {
    1: "benchmarks.commit",
    2: "benchmarks.commit",
    5: "benchmarks.list_page",
    7: "benchmarks.opening",
    10: "benchmarks.bundle",
    11: "benchmarks.bundle",
    16: "benchmarks.start",
}
"""Where each target is declared; a child imports its own alone, so that it weighs what it is."""

BROKEN = "BROKEN"
"""A case that could not be run to its end, a wrong result included."""
SHORT_SECONDS, FULL_SECONDS = 150.0, 1500.0
"""For all cases together, preparing included; every case has its least rounds at any rate."""
_SHORT_ROUNDS, _FULL_ROUNDS = 20, 200


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
    chosen = {
        number: case
        for number, case in cases().items()
        if given.case in (None, []) or number in given.case
    }
    seconds = (FULL_SECONDS if given.full else SHORT_SECONDS) / max(1, len(chosen))
    print("| # | case | wall | cpu | target | A/A | limit | peak MiB | rounds | verdict |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    answers = []
    for case in chosen.values():
        try:
            answer = measure_in_children(case, seconds, full=given.full)
            print(row(answer), flush=True)
        except subprocess.CalledProcessError:
            # Its own words stand on the error output; the other cases are measured all the same.
            answer = {"number": case.number, "verdict": BROKEN, "is_pass": False}
            print(f"| {case.number} | {case.title} {'|  ' * 7}| {BROKEN} |", flush=True)
        answers.append(answer)
    if given.json:
        given.json.write_text(json.dumps(answers, indent=1, ensure_ascii=False), encoding="utf-8")
    return 0 if answers and all(answer["is_pass"] for answer in answers) else 1


def measure_in_children(case: Case, seconds: float, *, full: bool) -> dict[str, Any]:
    """Prepare, measure and weigh a case, each in a process of its own."""
    with scratch() as prepared, tempfile.TemporaryDirectory(prefix="bench-answer-") as folder:
        answer = Path(folder) / "answer.json"
        environment = {**os.environ}
        if case.slow_fsync:
            environment |= shim_environment(prepared)
        options = ["--prepared", str(prepared), "--case", str(case.number)]
        if full:
            options.append("--full")
        spent = process_cost([*_SELF, "--child", "prepare", *options]).timing.wall
        timing = ["--seconds", str(seconds - spent), "--answer", str(answer)]
        subprocess.run(
            [*_SELF, "--child", "measure", *options, *timing], env=environment, check=True
        )
        found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
        for side in ("limit", "ours"):
            cost = process_cost([*_SELF, "--child", side, *options], environment)
            found["peak_bytes"][side] = cost.peak_bytes
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
