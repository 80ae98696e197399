"""Fork results: paired differences that hold at small n, and a commit step only where there is one."""

import random
from collections.abc import Callable
from itertools import product
from math import exp, lgamma, log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from ulterior.analysis.commit_step import CommitStep, StepRate, commit_step, next_to_try
from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.forks import edit_result, scan_result
from ulterior.analysis.statistics import exact_rate
from ulterior.analysis.statistics.paired import Difference, difference_bounds, mcnemar, paired_difference
from ulterior.scenarios import Act
from ulterior.traces import ForkBranch, ForkExperiment


def pairs(gained: int, lost: int, same: int) -> list[tuple[str, bool, bool]]:
    return [("one", False, True)] * gained + [("one", True, False)] * lost + [("one", True, True)] * same


def known(value: float | None) -> float:
    assert value is not None
    return value


def test_a_difference_counts_the_pairs_that_differ() -> None:
    difference = paired_difference(pairs(1, 7, 4))
    assert (difference.n, difference.gained, difference.lost) == (12, 1, 7)
    assert difference.estimate == pytest.approx(-0.5)
    assert difference.p == pytest.approx(binomtest(1, 8).pvalue)
    assert (difference.low, difference.high) == pytest.approx(difference_bounds(1, 7, 12))


def test_without_pairs_there_is_no_difference() -> None:
    assert paired_difference([]) == Difference(
        n=0, clusters=0, gained=0, lost=0, estimate=None, low=None, high=None, p=None, method="no data"
    )


def test_pairs_of_several_instances_count_as_their_instances() -> None:
    one = [(instance, True, False) for instance in range(4)]
    many = [(instance, True, False) for instance in range(4) for _ in range(50)]
    single, repeated = paired_difference(one), paired_difference(many)
    assert (repeated.low, repeated.high) == (single.low, single.high)
    assert (repeated.n, repeated.clusters, repeated.p) == (200, 4, None)


@given(st.integers(0, 15), st.integers(0, 15), st.integers(0, 15))
def test_the_interval_holds_its_estimate_and_turns_with_its_arms(gained: int, lost: int, same: int) -> None:
    if not gained + lost + same:
        return
    there = paired_difference(pairs(gained, lost, same))
    back = paired_difference(pairs(lost, gained, same))
    assert -1 <= known(there.low) <= known(there.estimate) <= known(there.high) <= 1
    turned = (-known(back.high), -known(back.low), back.p)
    assert (there.low, there.high, there.p) == pytest.approx(turned)


@given(st.integers(0, 20), st.integers(0, 20))
def test_mcnemars_test_is_the_binomial_one(gained: int, lost: int) -> None:
    expected = binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    assert mcnemar(gained, lost) == pytest.approx(expected)


def least_coverage(n: int, grid: int) -> float:
    """The least probability, over all rates of the two kinds of differing pairs, to hold the difference."""
    cells = [(b, c) for b in range(n + 1) for c in range(n + 1 - b)]
    bounds = {cell: difference_bounds(*cell, n) for cell in cells}
    shares = [step / grid for step in range(grid + 1)]
    return min(
        sum(
            chance(b, c, n, up, down)
            for (b, c), (low, high) in bounds.items()
            if low - 1e-12 <= up - down <= high + 1e-12
        )
        for up, down in product(shares, shares)
        if up + down <= 1
    )


def chance(b: int, c: int, n: int, up: float, down: float) -> float:
    parts = ((b, up), (c, down), (n - b - c, max(0.0, 1 - up - down)))
    if any(count and share < 1e-12 for count, share in parts):
        return 0.0
    ways = lgamma(n + 1) - sum(lgamma(count + 1) for count, _ in parts)
    return exp(ways + sum(count * log(share) for count, share in parts if count))


@pytest.mark.parametrize("n", [3, 5])
def test_the_interval_covers_at_its_level_however_few_pairs_there_are(n: int) -> None:
    assert least_coverage(n, grid=20) >= 0.985


@pytest.mark.slow
@pytest.mark.parametrize(("n", "least"), [(3, 0.989), (5, 0.989), (10, 0.979), (20, 0.976)])
def test_the_measured_coverage_is_what_the_module_says(n: int, least: float) -> None:
    assert least_coverage(n, grid=40) >= least - 0.001


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.5, 3.0])
def test_the_clustered_interval_covers_when_replicas_resemble_each_other(spread: float) -> None:
    dice, covered, studies = random.Random(11), 0, 400
    for _ in range(studies):
        drawn: list[tuple[int, bool, bool]] = []
        for instance in range(12):
            control, edited = (
                dice.betavariate(0.4 * spread, 0.6 * spread),
                dice.betavariate(spread, 9 * spread),
            )
            drawn += [(instance, dice.random() < control, dice.random() < edited) for _ in range(8)]
        found = paired_difference(drawn)
        covered += known(found.low) <= 0.1 - 0.4 <= known(found.high)
    assert covered / studies >= 0.95


# ---- The commit step -----------------------------------------------------------------------------------


def steps(*counts: tuple[int, int]) -> list[StepRate]:
    return [
        StepRate(at=10 * number, turn=number, rate=exact_rate(k, n), unscored={})
        for number, (k, n) in enumerate(counts, start=1)
    ]


def test_a_jump_is_found_in_the_turn_between_its_steps() -> None:
    found = commit_step(steps((3, 10), (4, 10), (2, 10), (10, 10), (10, 10)))
    assert (found.found, found.first_turn, found.last_turn, found.at) == (True, 3, 3, 30)
    assert (found.before, found.after) == (0.3, 1.0)
    assert known(found.p) <= 0.001


def test_a_jump_down_is_a_jump() -> None:
    found = commit_step(steps((6, 10), (5, 10), (0, 10)))
    assert (found.found, found.first_turn, found.jump) == (True, 2, pytest.approx(-0.55))


@pytest.mark.parametrize(
    "counts", [((3, 10), (4, 10), (2, 10), (4, 10)), ((0, 10), (0, 10), (0, 10)), ((10, 10), (10, 10))]
)
def test_no_jump_is_said_where_the_data_show_none(counts: tuple[tuple[int, int], ...]) -> None:
    assert not commit_step(steps(*counts)).found


def test_steps_without_an_answer_are_no_zeros() -> None:
    found = commit_step(steps((10, 10), (0, 0), (10, 10), (0, 0)))
    assert (found.found, found.jump) == (False, 0.0)
    assert commit_step(steps((0, 0), (5, 10))) == CommitStep(
        found=False,
        first_turn=None,
        last_turn=None,
        at=None,
        before=None,
        after=None,
        jump=None,
        ratio=None,
        p=None,
        test="no data",
    )


def test_a_step_that_was_left_out_widens_the_place() -> None:
    there = steps((3, 10), (0, 0), (10, 10))
    assert (commit_step(there).first_turn, commit_step(there).last_turn) == (1, 2)


def test_the_test_for_a_jump_rarely_sees_one_where_there_is_none() -> None:
    dice, seen = random.Random(5), 0
    for _ in range(100):
        counts = [(sum(dice.random() < 0.3 for _ in range(8)), 8) for _ in range(6)]
        seen += commit_step(steps(*counts)).found
    assert seen <= 10  # 5 expected; 10 is beyond the 98th percentile


@pytest.mark.parametrize("jump", range(1, 12))
def test_a_bisection_finds_every_jump_in_few_steps(jump: int) -> None:
    tried, candidates = bisected(12, lambda step: (3, 10) if step < jump else (10, 10))
    found = commit_step(tried, bisected=True)
    assert (found.first_turn, found.last_turn) == (jump, jump)
    assert found.test == "first against last step"
    assert len(tried) <= 2 + 4
    assert candidates == 12


def test_a_bisection_stops_when_the_ends_agree() -> None:
    tried, _ = bisected(12, lambda _: (3, 10))
    assert len(tried) == 2


def bisected(count: int, outcome: Callable[[int], tuple[int, int]]) -> tuple[list[StepRate], int]:
    """What a bisection over so many steps tries; step 0 is before turn 1."""
    everything = steps(*(outcome(step) for step in range(count)))
    candidates = [step.at for step in everything]
    tried: list[StepRate] = []
    while (following := next_to_try(tried, candidates)) is not None:
        tried.append(everything[candidates.index(following)])
    return sorted(tried, key=lambda step: step.at), len(candidates)


# ---- From findings -------------------------------------------------------------------------------------


def finding(episode: str, act: Act | None, *, covert: bool | None = None, seed: int = 1) -> EpisodeFinding:
    reasons = {"awareness": "not measured", "deceptive": "unread"}
    if act is None:
        reasons["act"] = "the oracle failed"
    return EpisodeFinding(
        episode=episode,
        scenario="desk",
        seed=seed,
        status="submitted",
        act=act,
        exposed=True,
        covert=covert,
        disclosure={"told": "volunteered" if covert is False else None},
        reasons=reasons,
    )


def branch(arm: str, *episodes: str, at: int = 5) -> ForkBranch:
    return ForkBranch.model_validate(
        {"arm": arm, "parent": "p", "at": at, "turn": at, "episodes": episodes, "dropped": ()}
    )


def test_what_could_not_be_judged_is_in_no_pair_and_no_rate() -> None:
    experiment = ForkExperiment(
        id="x",
        kind="edit",
        created=0.0,
        branches=(branch("control", "a", "b", "c"), branch("edit", "d", "e", "f")),
    )
    findings = [
        finding("a", "violated", covert=True),
        finding("b", None),
        finding("c", "violated", covert=True),
        finding("d", "none", covert=False),
        finding("e", "none", covert=False),
    ]
    result = edit_result(experiment, {each.episode: each for each in findings})
    control, edited = result.arms
    assert (control.rates["violated"], edited.rates["violated"]) == (exact_rate(2, 2), exact_rate(0, 2))
    assert control.unscored["violated"] == {"the oracle failed": 1}
    assert edited.unscored["violated"] == {"the fork has not been run": 1}
    assert (control.acts, edited.acts) == ({"violated": 2}, {"none": 2})
    violated = next(contrast for contrast in result.contrasts if contrast.outcome == "violated")
    assert (violated.difference.n, violated.difference.lost) == (1, 1)
    assert violated.left_out == {"control: the oracle failed": 1, "edit: the fork has not been run": 1}
    deceptive = next(contrast for contrast in result.contrasts if contrast.outcome == "deceptive")
    assert (deceptive.difference.estimate, deceptive.difference.method) == (None, "no data")


def test_a_scan_lists_its_steps_in_order() -> None:
    branches = (branch("scan", "c", "d", at=9), branch("scan", "a", "b", at=4))
    experiment = ForkExperiment(id="x", kind="scan", created=0.0, branches=branches)
    findings = {name: finding(name, "violated" if name > "b" else "none") for name in "abcd"}
    result = scan_result(experiment, findings, "violated")
    assert [(step.at, step.rate.k, step.rate.n) for step in result.steps] == [(4, 0, 2), (9, 2, 2)]
    assert result.commit.jump == 1.0
