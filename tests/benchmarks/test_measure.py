"""The frame runs what it says, in the order it says, and believes no unchecked result."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as program
from benchmarks.measure import (
    Case,
    Gate,
    Outcome,
    Side,
    process_cost,
    run_case,
    run_round,
    run_side_once,
)
from benchmarks.paired import Estimate, Verdict

GOOD = Estimate(1.0, 0.9, 1.1)


class Fake:
    """A side that only notes what is done to it."""

    def __init__(self, name: str, log: list[str], *, is_right: bool = True) -> None:
        self._name = name
        self._log = log
        self._is_right = is_right

    def open(self, prepared: Path, own: Path) -> None:
        assert not list(own.iterdir())
        assert prepared.is_dir()
        self._log.append(f"open {self._name}")

    def run(self) -> None:
        self._log.append(f"run {self._name}")
        sum(range(20000))

    def check(self) -> None:
        self._log.append(f"check {self._name}")
        assert self._is_right, "a fast wrong answer"

    def close(self) -> None:
        self._log.append(f"close {self._name}")


def made(log: list[str], gates: tuple[Gate, ...] = ()) -> Case:
    """Make a case of two equal sides that note what is done to them."""
    return Case(
        number=99,
        title="nothing",
        target=1e9,
        prepare=lambda _: None,
        limit=lambda: Fake("limit", log),
        ours=lambda: Fake("ours", log),
        gates=lambda _: gates,
    )


@pytest.fixture(autouse=True)
def little_to_collect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the garbage of all other tests alone, which rounds would walk through many times."""
    monkeypatch.setattr(gc, "collect", lambda: 0)


def test_a_round_runs_limit_ours_ours_limit_and_checks_each(tmp_path: Path) -> None:
    log: list[str] = []
    run_round(lambda: Fake("limit", log), lambda: Fake("ours", log), tmp_path, 0)
    assert [entry for entry in log if entry.startswith("run")][2:] == [
        "run limit",
        "run ours",
        "run ours",
        "run limit",
    ]
    runs = [at for at, entry in enumerate(log) if entry.startswith("run")]
    assert all(log[at + 1] == log[at].replace("run", "check") for at in runs)
    assert log[-2:] == ["close ours", "close limit"]


@pytest.mark.parametrize(("rotation", "first"), [(0, "limit"), (1, "ours"), (2, "limit")])
def test_who_opens_first_rotates(tmp_path: Path, rotation: int, first: str) -> None:
    log: list[str] = []
    run_round(lambda: Fake("limit", log), lambda: Fake("ours", log), tmp_path, rotation)
    assert log[0] == f"open {first}"


def test_a_wrong_result_fails_the_case(tmp_path: Path) -> None:
    log: list[str] = []

    def wrong() -> Side:
        return Fake("ours", log, is_right=False)

    with pytest.raises(AssertionError, match="a fast wrong answer"):
        run_round(lambda: Fake("limit", log), wrong, tmp_path, 0)
    assert log[-2:] == ["close ours", "close limit"]
    with pytest.raises(AssertionError, match="a fast wrong answer"):
        run_side_once(wrong, tmp_path)


def test_a_case_runs_a_control_beside_every_round(tmp_path: Path) -> None:
    log: list[str] = []
    outcome = run_case(made(log), tmp_path, seconds=0, most_rounds=50)
    assert outcome.rounds == 5
    assert log.count("open ours") == 5
    assert log.count("open limit") == 5 + 2 * 5
    assert outcome.control.median > 0


def test_there_are_never_more_rounds_than_asked_for(tmp_path: Path) -> None:
    assert run_case(made([]), tmp_path, seconds=600, most_rounds=7).rounds == 7


@pytest.mark.parametrize("verdict", list(Verdict))
def test_only_a_pass_with_every_gate_held_is_a_pass(verdict: Verdict) -> None:
    def outcome(*gates: Gate) -> Outcome:
        return Outcome(1, "x", 1, "wall", GOOD, GOOD, GOOD, 5, 1.0, verdict, gates)

    held, broken = (Gate("fsyncs", 1, "exactly 1", holds) for holds in (True, False))
    assert outcome(held).is_pass is (verdict is Verdict.PASS)
    assert not outcome(held, broken).is_pass


def test_a_process_is_weighed_by_its_own_largest_size() -> None:
    small, large = (
        process_cost([sys.executable, "-c", f"x = b'x' * ({size} << 20)"]) for size in (1, 120)
    )
    assert 90 << 20 < large.peak_bytes - small.peak_bytes < 150 << 20
    assert small.timing.wall > 0
    assert small.timing.cpu > 0


def test_a_process_that_fails_has_no_cost() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        process_cost([sys.executable, "-c", "raise SystemExit(3)"])


@pytest.fixture
def answer() -> dict[str, Any]:
    interval = {"median": 1.234, "low": 1.1, "high": 1.3}
    return {
        "number": 7,
        "title": "login",
        "target": 1.5,
        "judged_by": "wall",
        "wall": interval,
        "cpu": interval,
        "control": {"median": 1.01, "low": 1.0, "high": 1.02},
        "rounds": 20,
        "limit_seconds": 0.25,
        "verdict": "pass",
        "is_pass": True,
        "gates": [{"name": "KDF", "value": 1, "bound": "exactly 1", "holds": True}],
        "peak_bytes": {"limit": 10 << 20, "ours": 12 << 20},
    }


def test_a_row_names_ratio_interval_control_and_verdict(answer: dict[str, Any]) -> None:
    assert program.row(answer) == (
        "| 7 | login | **1.23** [1.10, 1.30] | 1.23 [1.10, 1.30] | ≤ 1.5 | 1.010 | 250.0 ms"
        " | 10/12 | 20 | pass; KDF 1 (exactly 1) |"
    )


@pytest.mark.parametrize(("is_pass", "status"), [(True, 0), (False, 1)])
def test_the_command_writes_data_and_fails_unless_all_pass(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: dict[str, Any],
    is_pass: bool,
    status: int,
) -> None:
    answer["is_pass"] = is_pass
    monkeypatch.setattr(program, "cases", lambda: {7: made([])})
    monkeypatch.setattr(program, "measure_in_children", lambda *_a, **_k: answer)
    target = tmp_path / "bench.json"
    assert program.main(["--json", str(target)]) == status
    assert json.loads(target.read_text(encoding="utf-8")) == [answer]


def test_a_broken_case_is_told_and_the_others_still_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: dict[str, Any]
) -> None:
    answers = iter([None, answer])

    def measure(*_a: object, **_k: object) -> dict[str, Any]:
        found = next(answers)
        if found is None:
            raise subprocess.CalledProcessError(1, ["x"])
        return found

    monkeypatch.setattr(program, "cases", lambda: {6: made([]), 7: made([])})
    monkeypatch.setattr(program, "measure_in_children", measure)
    assert program.main([]) == 1
    told = capsys.readouterr().out.splitlines()
    assert [line.count("|") for line in told] == [11] * 4
    assert told[2].endswith("| BROKEN |")
    assert told[3].startswith("| 7 | login |")


def test_cases_that_prepare_the_same_are_prepared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared: list[list[str]] = []
    monkeypatch.setattr(
        "benchmarks.__main__.subprocess.run", lambda argv, **_: prepared.append(argv)
    )
    one, same = made([]), made([])
    other = replace(made([]), prepare=lambda _folder: None)
    same = replace(same, prepare=one.prepare)
    with ExitStack() as stack:
        folders = program.Folders(stack)
        found = [folders.of(case, []) for case in (one, same, other)]
        assert all(folder.is_dir() for folder in found)
    assert found[0] == found[1] != found[2]
    assert len(prepared) == 2
    assert not any(folder.exists() for folder in found)


def test_time_one_case_takes_too_long_is_taken_from_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr("benchmarks.__main__.time.monotonic", lambda: now)
    given = program.shared_out(
        [replace(made([]), weight=weight) for weight in (1, 3, 1)], full=False
    )
    whole = program.SHORT_SECONDS
    assert next(given)[1] == pytest.approx(100 + whole / 5)
    now += whole / 5 + 10
    assert next(given)[1] == pytest.approx(now + (whole * 4 / 5 - 10) * 3 / 4)
    now += whole
    assert next(given)[1] == now
