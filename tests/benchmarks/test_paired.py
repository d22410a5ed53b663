"""What made-up timings must come to."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.paired import Estimate, Round, Timing, Verdict, estimate, judge, ratios

EVEN = Estimate(1.0, 0.99, 1.01)


def made_up(ratio: float, noise: float, count: int = 20, seed: int = 3) -> list[Round]:
    """Make rounds on a machine that becomes slower evenly while each round runs."""
    chance = random.Random(seed)
    rounds = []
    for _ in range(count):
        load = chance.uniform(1, 4)
        runs = [load * (1 + step / 3) * chance.uniform(1 - noise, 1 + noise) for step in range(4)]
        limit = (Timing(runs[0], runs[0]), Timing(runs[3], runs[3]))
        ours = (
            Timing(runs[1] * ratio, runs[1] * ratio * 2),
            Timing(runs[2] * ratio, runs[2] * ratio * 2),
        )
        rounds.append(Round(limit, ours))
    return rounds


def test_an_even_slowing_down_cancels_out() -> None:
    assert ratios(made_up(1.5, 0), "wall") == pytest.approx([1.5] * 20)


def test_wall_and_processor_time_are_told_apart() -> None:
    rounds = made_up(1.2, 0)
    assert estimate(ratios(rounds, "wall")).median == pytest.approx(1.2)
    assert estimate(ratios(rounds, "cpu")).median == pytest.approx(2.4)


def test_one_wild_round_does_not_move_the_median() -> None:
    rounds = made_up(1.2, 0.02)
    wild = Round(rounds[0].limit, (Timing(900, 900), Timing(900, 900)))
    assert estimate(ratios([*rounds, wild], "wall")).median == pytest.approx(1.2, abs=0.05)


def test_the_interval_holds_the_true_ratio_nearly_always() -> None:
    held = 0
    for seed in range(100):
        found = estimate(ratios(made_up(1.3, 0.1, seed=seed), "wall"))
        held += found.low <= 1.3 <= found.high
    assert held >= 88


@given(st.lists(st.floats(0.1, 10), min_size=5, max_size=40))
def test_the_interval_holds_the_median_and_lies_within_the_values(values: list[float]) -> None:
    found = estimate(values)
    assert min(values) <= found.low <= found.median <= found.high <= max(values)
    assert estimate(values) == found


@pytest.mark.parametrize(
    ("ratio", "target", "verdict"),
    [
        (Estimate(1.0, 0.9, 1.1), 1.2, Verdict.PASS),
        (Estimate(1.0, 0.9, 1.2), 1.2, Verdict.PASS),
        (Estimate(1.1, 0.9, 1.21), 1.2, Verdict.UNDECIDED),
        (Estimate(1.3, 1.19, 1.4), 1.2, Verdict.UNDECIDED),
        (Estimate(1.3, 1.21, 1.4), 1.2, Verdict.FAIL),
    ],
)
def test_a_target_is_met_only_by_the_whole_interval(
    ratio: Estimate, target: float, verdict: Verdict
) -> None:
    assert judge(ratio, EVEN, target) is verdict


@pytest.mark.parametrize("control", [0.5, 0.94, 1.06, 2.0])
def test_a_restless_machine_voids_the_run_whatever_it_shows(control: float) -> None:
    restless = Estimate(control, control - 0.1, control + 0.1)
    assert judge(Estimate(0.1, 0.1, 0.1), restless, 2) is Verdict.VOID


@pytest.mark.parametrize("control", [0.95, 1.05])
def test_a_control_at_the_bound_is_good(control: float) -> None:
    assert judge(Estimate(1, 1, 1), Estimate(control, 0.9, 1.1), 2) is Verdict.PASS


def test_too_few_rounds_give_no_estimate() -> None:
    with pytest.raises(ValueError, match="rounds"):
        estimate([1.0] * 4)


def test_a_limit_without_time_gives_no_ratio() -> None:
    nothing = Timing(0, 0)
    with pytest.raises(ValueError, match="no time"):
        Round((nothing, nothing), (nothing, nothing)).ratio("cpu")
